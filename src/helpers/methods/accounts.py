"""Accounts as they stand on a day: which are live, what they spend, who may be named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.methods.survey.columns import listed_in

__all__ = [
    "NEVER_ASKED",
    "Customers",
    "answered_by",
    "asked",
    "consenting",
    "customers",
    "facts",
    "live",
    "recent_margin",
    "recent_revenue",
    "short_of_a_year",
    "units",
    "with_revenue",
]

MONTHS = 12
NEVER_ASKED = ("ineligible", "quarantined", "excluded")  # dispositions of people not really asked


def live(accounts: pd.DataFrame, *, on: pd.Timestamp) -> pd.DataFrame:
    """The accounts that had started, and had not ended, on a day.

    Accounts without dates count as live.

    Examples
    --------
    >>> listed = pd.DataFrame({"account_id": ["a", "b"],
    ...                        "end_date": pd.to_datetime([None, "2025-12-31"])})
    >>> live(listed, on=pd.Timestamp("2026-06-30"))["account_id"].tolist()
    ['a']
    """
    kept = pd.Series(True, index=accounts.index)
    if "start_date" in accounts:
        kept &= ~(pd.to_datetime(accounts["start_date"]) > on)
    if "end_date" in accounts:
        kept &= ~(pd.to_datetime(accounts["end_date"]) <= on)
    return accounts[kept]


def recent_revenue(
    financials: pd.DataFrame, *, until: pd.Timestamp, months: int = MONTHS
) -> pd.Series:
    """Revenue of each account over the last full months up to a day, in the client's currency.

    Parameters
    ----------
    financials
        ``account_id``, ``period`` (first day of the month) and ``revenue``.
    until
        The last day that may count; the month it lies in counts when it is over.
    months
        How many months are summed.

    Examples
    --------
    >>> money = pd.DataFrame({"account_id": ["a", "a", "b"], "revenue": [5.0, 7.0, 3.0],
    ...                       "period": pd.to_datetime(["2026-05-01", "2024-01-01", "2026-06-01"])})
    >>> recent_revenue(money, until=pd.Timestamp("2026-06-30")).to_dict()
    {'a': 5.0, 'b': 3.0}
    """
    end = (until + pd.DateOffset(days=1)).to_period("M").to_timestamp()
    start = end - pd.DateOffset(months=months)
    period = pd.to_datetime(financials["period"])
    year = financials[(period >= start) & (period < end)]
    return year.groupby("account_id")["revenue"].sum().astype(float).rename("revenue")


def recent_margin(
    financials: pd.DataFrame | None, *, until: pd.Timestamp, months: int = MONTHS
) -> pd.Series | None:
    """Margin of each account in money over the same months; ``None`` where none is known.

    A month whose margin is not known takes the account's share of its other months.

    Examples
    --------
    >>> money = pd.DataFrame({"account_id": ["a", "a"], "revenue": [50.0, 70.0],
    ...                       "margin": [20.0, None],
    ...                       "period": pd.to_datetime(["2026-05-01", "2026-06-01"])})
    >>> recent_margin(money, until=pd.Timestamp("2026-06-30")).to_dict()
    {'a': 48.0}
    """
    if financials is None or "margin" not in financials:
        return None
    whole = recent_revenue(financials, until=until, months=months)
    known = financials[financials["margin"].notna() & financials["revenue"].notna()]
    revenue = recent_revenue(known, until=until, months=months)
    margin = recent_revenue(known.assign(revenue=known["margin"]), until=until, months=months)
    share = (margin / revenue.where(revenue > 0)).clip(upper=1)
    made = (whole * share.reindex(whole.index)).rename("margin")
    return made if made.notna().any() else None


def short_of_a_year(financials: pd.DataFrame | None, *, until: pd.Timestamp) -> list[str]:
    """Said where fewer than twelve of the last twelve months were sent; nothing where all were.

    Examples
    --------
    >>> money = pd.DataFrame({"period": pd.to_datetime(["2026-05-01", "2026-05-01"])})
    >>> short_of_a_year(money, until=pd.Timestamp("2026-06-30"))
    ['financials hold 1 of the last 12 months: money a year is that of the months sent']
    """
    if financials is None:
        return []
    end = (until + pd.DateOffset(days=1)).to_period("M").to_timestamp()
    period = pd.to_datetime(financials["period"])
    year = period[(period >= end - pd.DateOffset(months=MONTHS)) & (period < end)]
    months = year.dt.to_period("M").nunique()
    if months >= MONTHS:
        return []
    return [
        f"financials hold {months} of the last {MONTHS} months: money a year is that of the "
        "months sent"
    ]


def with_revenue(
    accounts: pd.DataFrame, financials: pd.DataFrame | None, *, until: pd.Timestamp
) -> pd.DataFrame:
    """The accounts with the ``revenue`` of their last 12 months, in the client's currency.

    It is summed from the months of ``financials``; where none were sent it is the
    ``revenue`` that the list itself holds, and without either the list stays as it is.
    What is below nought counts as nought.

    Examples
    --------
    >>> listed = pd.DataFrame({"account_id": ["a", "b"], "revenue": [900.0, -5.0]})
    >>> with_revenue(listed, None, until=pd.Timestamp("2026-06-30"))["revenue"].tolist()
    [900.0, 0.0]
    """
    if financials is not None:
        revenue = accounts["account_id"].map(recent_revenue(financials, until=until))
    elif "revenue" not in accounts:
        return accounts
    elif accounts["revenue"].isna().all():
        return accounts.drop(columns="revenue")
    else:
        revenue = accounts["revenue"]
    return accounts.assign(revenue=revenue.clip(lower=0))


@dataclass(frozen=True)
class Customers:
    """The accounts that are customers on a day, and those that no longer are."""

    revenue: pd.Series | None  # of twelve months, by account; None where it is not known
    ended: frozenset[object]

    def current(self, accounts: pd.Series) -> pd.Series:
        """The account of each answer; missing where it is no longer a customer."""
        return accounts.where(~accounts.isin(self.ended))


def customers(
    accounts: pd.DataFrame | None, financials: pd.DataFrame | None, *, on: pd.Timestamp
) -> Customers:
    """Who is a customer on a day, with the revenue of the twelve months before it.

    Without a list of accounts nobody is known to have left, and no revenue is known.

    Examples
    --------
    >>> listed = pd.DataFrame({"account_id": ["a", "b"], "revenue": [900.0, 50.0],
    ...                        "end_date": pd.to_datetime([None, "2025-12-31"])})
    >>> found = customers(listed, None, on=pd.Timestamp("2026-06-30"))
    >>> found.revenue.to_dict(), sorted(found.ended)
    ({'a': 900.0}, ['b'])
    """
    if accounts is None:
        return Customers(None, frozenset())
    listed = with_revenue(accounts, financials, until=on)
    now = live(listed, on=on)
    revenue = now.set_index("account_id")["revenue"] if "revenue" in now else None
    return Customers(revenue, frozenset(set(listed["account_id"]) - set(now["account_id"])))


def units(responses: pd.DataFrame, *, by: Sequence[str] = ("account_id",)) -> pd.Series | None:
    """What counts as one when it is asked how sure a figure is: the account of each answer.

    Colleagues answer alike, so answers of one account are one unit. An answer whose
    account is not known stands alone, as one more unit of its own. Sections about
    accounts take ``account_id`` itself, where such answers are missing.

    Parameters
    ----------
    responses
        One row an answer, with a row label of its own (response_id).
    by
        The columns that name the unit, the first that is known counting.

    Returns
    -------
    Series
        On the index of ``responses``; ``None`` where no answer has any of these names.

    Examples
    --------
    >>> answers = pd.DataFrame({"account_id": ["a", None, "a"]}, index=["r1", "r2", "r3"])
    >>> units(answers).tolist()
    ['a', 'r2, on its own', 'a']
    >>> units(answers, by=["contact_id"]) is None
    True
    """
    named = [responses[name] for name in by if name in responses]
    if all(ids.isna().all() for ids in named):
        return None
    found = named[0]
    for ids in named[1:]:
        found = found.fillna(ids)
    if found.notna().all():
        return found
    alone = pd.Series(responses.index.astype(str), index=responses.index) + ", on its own"
    return found.astype(object).fillna(alone)


def answered_by(responses: pd.DataFrame, role: str) -> pd.Series | None:
    """Accounts from which a person of this role answered; ``None`` where roles are not known."""
    if "role" not in responses or responses["role"].isna().all():
        return None
    return responses.loc[responses["role"] == role, "account_id"]


def facts(rows: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """Those of the columns that the rows have, each once and in the order asked for.

    >>> facts(pd.DataFrame({"region": ["EU"], "role": ["user"]}), ["role", "tier", "role"])
       role
    0  user
    """
    return rows[[name for name in dict.fromkeys(names) if name in rows]]


def asked(invitations: pd.DataFrame) -> pd.Series:
    """Accounts of the people to whom an invitation really went, once for each person.

    Examples
    --------
    >>> sent = pd.DataFrame({"account_id": ["a", "b"], "disposition": ["unknown", "excluded"]})
    >>> asked(sent).tolist()
    ['a']
    """
    kept_out = invitations["disposition"].isin(NEVER_ASKED)
    return invitations.loc[~kept_out, "account_id"]


def consenting(
    responses: pd.DataFrame, contacts: pd.DataFrame | None, *, consent: str
) -> pd.Series:
    """Which respondents agreed to be named with what they said.

    Anything shown of a named account is made from their answers alone: with few people
    in an account its score is theirs (ICC/ESOMAR code: no identifiable data without
    consent; with one respondent the account is the person).

    Parameters
    ----------
    responses
        ``contact_id`` of each respondent.
    contacts
        ``contact_id`` and ``consent_named``; ``None`` where no list was sent.
    consent
        ``required``, or ``not_required`` where the data are published.

    Returns
    -------
    Series
        True for those who agreed, on the index of ``responses``.

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": ["a", "b"], "consent_named": [True, False]})
    >>> consenting(people[["contact_id"]], people, consent="required").tolist()
    [True, False]
    """
    if consent == "not_required":
        return pd.Series(True, index=responses.index)
    if contacts is None or "consent_named" not in contacts or "contact_id" not in responses:
        return pd.Series(False, index=responses.index)
    agreed = contacts.loc[contacts["consent_named"].fillna(False).astype(bool), "contact_id"]
    return listed_in(responses["contact_id"], agreed)

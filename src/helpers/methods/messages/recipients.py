"""Who gets a message of his or her own, and why others do not: consent alone opens it."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from helpers.methods.accounts import live

__all__ = ["REASONS", "called_first", "cases", "customers", "interests", "recipients", "without"]

ROLES = ("decision_maker", "influencer", "user", "admin")
REASONS = ("nobody agreed", "nobody there", "nobody listed", "a call first", "nothing to tell")
FOUND = ["account_id", "contact_id", "role", "named"]


def customers(accounts: pd.DataFrame | None, *, on: pd.Timestamp) -> pd.DataFrame:
    """The accounts that are customers on a day; none where none are known.

    Examples
    --------
    >>> customers(None, on=pd.Timestamp("2026-06-30")).empty
    True
    """
    if accounts is None:
        return pd.DataFrame({"account_id": pd.Series(dtype="str")})
    return live(accounts, on=on).drop_duplicates("account_id").reset_index(drop=True)


def recipients(
    contacts: pd.DataFrame | None, accounts: pd.DataFrame, responses: pd.DataFrame,
    agreed: pd.Series, *, consent: str,
) -> pd.DataFrame:  # fmt: skip
    """One person of each account who agreed to be written to after the survey.

    Somebody who answered and may be named comes first, then by role. What is missing is no
    consent.

    Parameters
    ----------
    contacts
        ``contact_id``, ``account_id`` and, where known, ``role``, ``active``, ``opt_out``,
        ``consent_followup``; ``None`` where no list was sent.
    accounts
        Those that are customers on the day of the data.
    consent
        ``required``, or ``not_required`` where the data are published.
    responses, agreed
        ``contact_id`` of the people who answered this wave, where it is known, and whether each
        agreed to be named with it.

    Returns
    -------
    DataFrame
        account_id, contact_id, role, named (whether what this person said may be repeated).

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": ["c", "d", "e"], "account_id": ["a", "a", "b"],
    ...     "role": ["user", "admin", "user"], "consent_followup": [True, True, None]})
    >>> firms = pd.DataFrame({"account_id": ["a", "b"]})
    >>> answers = pd.DataFrame({"contact_id": ["d"]})
    >>> recipients(people, firms, answers, pd.Series([True]), consent="required").values.tolist()
    [['a', 'd', 'admin', True]]
    """
    if contacts is None:
        return pd.DataFrame(columns=FOUND).astype({"named": bool})
    there = _there(contacts, accounts)
    there = there[_agreed(there, consent)]
    answered = responses.reindex(columns=["contact_id"])["contact_id"][agreed].dropna()
    rank = there.reindex(columns=["role"])["role"].map({r: n for n, r in enumerate(ROLES)})
    there = there.assign(
        named=there["contact_id"].isin(list(answered)), rank=rank.fillna(len(ROLES))
    ).sort_values(
        ["account_id", "named", "rank", "contact_id"], ascending=[True, False, True, True]
    )
    first = there.drop_duplicates("account_id")
    return first.reindex(columns=FOUND).reset_index(drop=True)


def called_first(listed: pd.DataFrame | None) -> list[str]:
    """Accounts with a case past its promise: somebody calls there before anything is written.

    ``listed`` is the account list, with ``account_id`` and ``tickets_late``; ``None`` where that
    chapter did not run.

    Examples
    --------
    >>> called_first(pd.DataFrame({"account_id": ["a", "b"], "tickets_late": [0, 2]}))
    ['b']
    """
    if listed is None or "tickets_late" not in listed:
        return []
    return [str(one) for one in listed.loc[listed["tickets_late"].fillna(0) > 0, "account_id"]]


def without(
    contacts: pd.DataFrame | None, accounts: pd.DataFrame, agreed: Collection[str],
    told: Collection[str], first: Collection[str] = (),
) -> pd.Series:  # fmt: skip
    """How many accounts get no message, by reason (`REASONS`).

    Parameters
    ----------
    agreed, told
        Accounts where somebody agreed to be written to, and those that get a message.
    first
        Accounts that somebody calls before anything is written.

    Examples
    --------
    >>> firms = pd.DataFrame({"account_id": ["a", "b"]})
    >>> without(None, firms, [], []).to_dict()
    {'nobody agreed': 0, 'nobody there': 0, 'nobody listed': 2, 'a call first': 0, \
'nothing to tell': 0}
    """
    every = accounts["account_id"]
    rest = every[~every.isin(list(agreed))]
    people = accounts.iloc[:0] if contacts is None else contacts
    there = people if contacts is None else _there(contacts, accounts)
    listed = rest.isin(list(people["account_id"]))
    reached = rest.isin(list(there["account_id"]))
    silent = every.isin(list(agreed)) & ~every.isin(list(told))
    waits = silent & every.isin(list(first))
    counts = (
        reached.sum(), (listed & ~reached).sum(), (~listed).sum(), waits.sum(),
        (silent & ~waits).sum(),
    )  # fmt: skip
    return pd.Series(dict(zip(REASONS, map(int, counts), strict=True)), dtype=int)


def interests(
    leads: pd.DataFrame | None, written: pd.DataFrame, waiting: Collection[str], *, ticked: str
) -> dict[str, list[str]]:
    """What each person who is written to ticked an interest in, by contact: all that is offered.

    Parameters
    ----------
    leads
        ``contact_id``, ``account_id``, ``product``, ``source`` of people who agreed to offers, as
        the leads chapter hands them on; ``None`` where it did not run.
    waiting
        Accounts that are offered nothing now.
    ticked
        The source that is an interest of their own.

    Examples
    --------
    >>> found = pd.DataFrame({"contact_id": ["c", "d"], "account_id": ["a", "b"],
    ...                       "product": "Audit", "source": "ticked"})
    >>> to = pd.DataFrame({"contact_id": ["c", "d"], "account_id": ["a", "b"]})
    >>> interests(found, to, ["b"], ticked="ticked")
    {'c': ['Audit']}
    """
    if leads is None or leads.empty:
        return {}
    own = leads[leads["source"].eq(ticked) & leads["contact_id"].isin(list(written["contact_id"]))
                & ~leads["account_id"].isin(list(waiting))]  # fmt: skip
    return {str(who): list(dict.fromkeys(part["product"].astype(str)))
            for who, part in own.groupby("contact_id", sort=False)}  # fmt: skip


def cases(tickets: pd.DataFrame | None, written: pd.DataFrame) -> pd.DataFrame | None:
    """The cases that may be spoken of: those that came of no answer, or of this person's own.

    An alert that a colleague's answer raised would tell what the colleague said.

    Examples
    --------
    >>> sent = pd.DataFrame({"ticket_id": ["t", "u", "v"], "account_id": "a",
    ...     "contact_id": ["d", "c", "d"], "response_id": [None, "r", "s"]})
    >>> to = pd.DataFrame({"account_id": ["a"], "contact_id": ["c"], "named": [True]})
    >>> cases(sent, to)["ticket_id"].tolist()
    ['t', 'u']
    """
    if tickets is None:
        return None
    named = written.loc[written["named"].astype(bool), "contact_id"]
    known = tickets.reindex(columns=[*tickets.columns.union(["contact_id", "response_id"])])
    own = known["contact_id"].isin(list(named)) & known["contact_id"].notna()
    open_to = known["response_id"].isna() | own
    return tickets[open_to & tickets["account_id"].isin(list(written["account_id"]))]


def _there(contacts: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """People who are still there and did not opt out, of accounts that are customers."""
    known = contacts.dropna(subset=["account_id", "contact_id"])
    known = known[known["account_id"].isin(list(accounts["account_id"]))]
    if "active" in known:
        known = known[known["active"].astype("boolean").fillna(True).astype(bool)]
    return known[~_true(known["opt_out"])] if "opt_out" in known else known


def _agreed(people: pd.DataFrame, consent: str) -> pd.Series:
    if consent == "not_required":
        return pd.Series(True, index=people.index)
    if "consent_followup" not in people:
        return pd.Series(False, index=people.index)
    return _true(people["consent_followup"])


def _true(flags: pd.Series) -> pd.Series:
    return flags.astype("boolean").fillna(False).astype(bool)

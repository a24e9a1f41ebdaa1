"""The client's records of every account in each wave: what happened after the survey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.accounts import NEVER_ASKED, units
from helpers.methods.linkage import panel
from helpers.methods.nonresponse.followup import ANSWERED, asked_accounts, tickets_after
from helpers.methods.sampling import drawn_strata
from helpers.methods.survey import SurveyDesign

__all__ = [
    "Sides",
    "answering_rates",
    "asked_design",
    "excluded_people",
    "of_chances",
    "really_asked",
    "records_after",
    "sides",
]

AFTER = ("retained", "renewed", "growth_after", "tickets")
BEFORE = ("revenue_before",)


def really_asked(invitations: pd.DataFrame) -> pd.DataFrame:
    """Those to whom an invitation went and who could answer, with whether they did.

    Examples
    --------
    >>> sent = pd.DataFrame({"disposition": ["complete", "unknown", "excluded"]})
    >>> really_asked(sent)["answered"].tolist()
    [True, False]
    """
    asked = invitations[~invitations["disposition"].isin(NEVER_ASKED)]
    return asked.assign(answered=asked["disposition"].isin(ANSWERED))


def of_chances(invitations: pd.DataFrame) -> pd.Series:
    """One over each person's chance of being asked, so that rates speak of the whole list.

    Where no chance is known all count alike; a missing one counts as the mean.

    Examples
    --------
    >>> of_chances(pd.DataFrame({"inclusion_probability": [0.5, 1.0, None]})).tolist()
    [2.0, 1.0, 1.5]
    """
    chance = "inclusion_probability"
    if chance not in invitations or invitations[chance].isna().all():
        return pd.Series(1.0, index=invitations.index)
    weight = 1 / invitations[chance]
    return weight.fillna(weight.mean())


def asked_design(invitations: pd.DataFrame) -> SurveyDesign:
    """How those who were asked came to be drawn: their chances, strata and accounts.

    Examples
    --------
    >>> sent = pd.DataFrame({"account_id": ["a", "a", "b"], "inclusion_probability": [0.5, 0.5, 1]})
    >>> design = asked_design(sent)
    >>> design.weights.tolist(), design.clusters.tolist()
    ([2.0, 2.0, 1.0], ['a', 'a', 'b'])
    """
    return SurveyDesign(
        of_chances(invitations),
        strata=drawn_strata(invitations, invitations),
        clusters=units(invitations),
    )


def answering_rates(invitations: pd.DataFrame) -> dict[str, float]:
    """Shares that answered, each person counted by one over the chance of being asked.

    Parameters
    ----------
    invitations
        Of one wave: ``disposition``, and the chance where it is known (else all alike).

    Returns
    -------
    dict
        ``of those asked``, then the stricter ``of those drawn``, in which people kept out
        by account teams or by a rule are silent. The ineligible leave both.

    Examples
    --------
    >>> sent = pd.DataFrame({"disposition": ["complete", "unknown", "excluded", "ineligible"]})
    >>> answering_rates(sent)
    {'of those asked': 0.5, 'of those drawn': 0.3333333333333333}
    """
    known = invitations[invitations["disposition"] != "ineligible"]
    weight = of_chances(known)
    came = known["disposition"].isin(ANSWERED)
    asked = ~known["disposition"].isin(NEVER_ASKED)
    if not weight[asked].sum() > 0:
        raise NotEstimable("nobody was really asked in this wave, so there is no response rate")
    return {
        "of those asked": float(weight[came].sum() / weight[asked].sum()),
        "of those drawn": float(weight[came].sum() / weight.sum()),
    }


def records_after(
    invitations: pd.DataFrame,
    *,
    wave_dates: Mapping[str, pd.Timestamp],
    lag_months: int,
    as_of: pd.Timestamp,
    accounts: pd.DataFrame | None = None,
    financials: pd.DataFrame | None = None,
    contracts: pd.DataFrame | None = None,
    tickets: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What became of each account on the list of each wave, asked or not.

    Parameters
    ----------
    invitations
        ``wave``, ``account_id``, ``disposition``.
    wave_dates, lag_months, as_of, accounts, financials, contracts
        As for `linkage.panel`.
    tickets
        ``account_id`` and ``created_at``.

    Returns
    -------
    DataFrame
        wave, account_id, answered (missing where nobody was really asked), people_asked,
        and those of retained, renewed, growth_after, tickets and revenue_before that are known for
        any account.

    Examples
    --------
    >>> sent = pd.DataFrame({"wave": "W1", "account_id": ["a", "b"],
    ...                      "disposition": ["complete", "refusal"]})
    >>> listed = pd.DataFrame({"account_id": ["a", "b"],
    ...                        "end_date": pd.to_datetime([None, "2026-02-01"])})
    >>> records_after(sent, wave_dates={"W1": pd.Timestamp("2026-01-01")}, lag_months=3,
    ...               as_of=pd.Timestamp("2026-06-30"), accounts=listed).values.tolist()
    [['W1', 'a', True, 1, 1.0], ['W1', 'b', False, 1, 0.0]]
    """
    dated = {name for name, day in wave_dates.items() if pd.notna(day)}
    here = invitations[invitations["wave"].isin(dated) & invitations["account_id"].notna()]
    keys = here[["wave", "account_id"]].drop_duplicates()
    rows = panel(
        keys.assign(score=np.nan), wave_dates=wave_dates, lag_months=lag_months, as_of=as_of,
        accounts=accounts, financials=financials, contracts=contracts,
    )  # fmt: skip
    if tickets is not None:
        rows["tickets"] = tickets_after(
            rows, tickets, wave_dates=wave_dates, lag_months=lag_months, as_of=as_of
        )
    known = [n for n in (*AFTER, *BEFORE) if n in rows and rows[n].notna().any()]
    joined = _with_answers(rows[["wave", "account_id", *known]], here)
    return joined[["wave", "account_id", "answered", "people_asked", *known]]


def _with_answers(rows: pd.DataFrame, invitations: pd.DataFrame) -> pd.DataFrame:
    """Accounts of waves with how many people were really asked and whether any answered."""
    keys = ["wave", "account_id"]
    asked = really_asked(invitations).groupby(keys).size().rename("people_asked").reset_index()
    joined = rows.merge(asked_accounts(invitations), on=keys, how="left").merge(
        asked, on=keys, how="left"
    )
    return joined.assign(people_asked=joined["people_asked"].fillna(0).astype(int))


def excluded_people(invitations: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Everybody drawn, whether an account team took them off, and their account's records.

    People kept out by a rule (quarantine) or no longer there belong to neither side.

    Parameters
    ----------
    invitations
        ``wave``, ``account_id``, ``disposition``.
    records
        As `records_after` returns them.

    Examples
    --------
    >>> sent = pd.DataFrame({"wave": "W1", "account_id": ["a", "b", "b"],
    ...                      "disposition": ["complete", "excluded", "quarantined"]})
    >>> kept = pd.DataFrame({"wave": "W1", "account_id": ["a", "b"], "tickets": [0.0, 3.0]})
    >>> excluded_people(sent, kept)[["account_id", "excluded", "tickets"]].values.tolist()
    [['a', False, 0.0], ['b', True, 3.0]]
    """
    drawn = invitations[~invitations["disposition"].isin(("quarantined", "ineligible"))]
    flagged = drawn.assign(excluded=drawn["disposition"] == "excluded")
    return flagged.merge(
        records.drop(columns="answered", errors="ignore"), on=["wave", "account_id"]
    )


@dataclass(frozen=True)
class Sides:
    """Rows on two sides, ready for `contrast`: outcomes, the side, what the list knows."""

    outcomes: pd.DataFrame
    here: pd.Series
    facts: pd.DataFrame | None  # of each row's account; None where nothing is known
    accounts: pd.Series


def sides(rows: pd.DataFrame, by: str, listed: pd.DataFrame, columns: Sequence[str]) -> Sides:
    """Split records by who answered, or who was kept out, with the facts of the list beside.

    An account with more people asked is likelier to have an answer and more likely to do
    anything else, so accounts with and without an answer are compared at like numbers.

    Parameters
    ----------
    rows
        As `records_after` or `excluded_people` return them.
    by
        ``answered`` or ``excluded``; rows where it is missing are left out.
    listed, columns
        The list of accounts, and those of its columns to compare like with like.

    Examples
    --------
    >>> rows = pd.DataFrame({"wave": "W1", "account_id": ["a", "b"], "answered": [True, None],
    ...                      "tickets": [1.0, 2.0]})
    >>> listed = pd.DataFrame({"account_id": ["a"], "tier": ["Key"]})
    >>> found = sides(rows, "answered", listed, ["tier"])
    >>> found.outcomes["tickets"].tolist(), found.facts["tier"].tolist()
    ([1.0], ['Key'])
    """
    kept = rows[rows[by].notna()].reset_index(drop=True)
    wanted = AFTER if by == "answered" else (*AFTER, *BEFORE)
    known = [name for name in columns if name in listed]
    listed_facts = listed.drop_duplicates("account_id").set_index("account_id")[known]
    facts = listed_facts.reindex(kept["account_id"]).reset_index(drop=True)
    if by == "answered" and "people_asked" in kept:
        facts["people_asked"] = kept["people_asked"]
    return Sides(
        outcomes=kept[[name for name in wanted if name in kept]],
        here=kept[by].astype(bool),
        facts=facts if len(facts.columns) else None,
        accounts=kept["account_id"],
    )

"""What a plan stands on, however many are drawn: who may be asked, and what to expect of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.accounts import live, with_revenue
from helpers.methods.sample_design.contact_rules import (
    Eligibility,
    contact_rules,
    last_bounced,
    with_last_invitation,
)
from helpers.methods.sample_design.drawing import Options, shortlisted
from helpers.methods.sample_design.expectations import Expected, expected
from helpers.methods.sample_design.strata import EVERYONE, UNKNOWN, latest_revenue, stratum_names

__all__ = ["Ground", "planning_ground"]


@dataclass(frozen=True)
class Ground:
    """What a plan stands on, however many are drawn: who may be asked, and what to expect.

    ``frame`` has everyone on the list with stratum, role and, where known, revenue;
    ``people`` those who may be asked, with their chance to be among those asked at their
    account.
    """

    frame: pd.DataFrame
    people: pd.DataFrame
    rules: Eligibility
    hoped: Expected
    answers: pd.DataFrame | None


def planning_ground(
    contacts: pd.DataFrame,
    accounts: pd.DataFrame | None = None,
    *,
    on: pd.Timestamp,
    rng: np.random.Generator,
    response_rate: float | None = None,
    design_effect: float | None = None,
    strata: Sequence[str] = (),
    per_role: int | Mapping[str, int] | None = None,
    quarantine_days: int = 90,
    consent_followup: bool = False,
    kept_out: Mapping[str, str] | None = None,
    financials: pd.DataFrame | None = None,
    invitations: pd.DataFrame | None = None,
    answers: pd.DataFrame | None = None,
) -> Ground:
    """Who may be asked and what to expect of them; parameters as for `plan_sample`.

    Raises
    ------
    NotEstimable
        If nobody may be asked.

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": ["a", "b"], "account_id": ["x", "y"],
    ...                        "opt_out": [False, True]})
    >>> ground = planning_ground(people, on=pd.Timestamp("2026-11-02"),
    ...                          rng=np.random.default_rng(1))
    >>> ground.people["contact_id"].tolist()
    ['a']
    """
    if invitations is not None:
        contacts = with_last_invitation(contacts, invitations)
    rules = contact_rules(
        contacts,
        on=on,
        quarantine_days=quarantine_days,
        accounts=None if accounts is None else set(accounts["account_id"]),
        ended=_ended(accounts, on),
        bounced=() if invitations is None else last_bounced(invitations),
        roles=set(per_role) if isinstance(per_role, Mapping) else None,
        consent_followup=consent_followup,
        kept_out=kept_out,
    )
    if rules.eligible.empty:
        raise NotEstimable(_nobody(rules, on))
    hoped = expected(invitations, answers, response_rate, design_effect)
    revenue = _revenue(accounts, financials, on)
    frame = _frame(contacts, rules, accounts, revenue, strata)
    people = shortlisted(frame[frame["eligible"]], Options(per_role=per_role), rng=rng)
    return Ground(frame, people, rules, hoped, answers)


def _revenue(
    accounts: pd.DataFrame | None, financials: pd.DataFrame | None, on: pd.Timestamp
) -> pd.Series | None:
    """Revenue by account: of the last months sent, else as the list of accounts has it."""
    if financials is not None:
        return latest_revenue(financials, on)
    if accounts is None:
        return None
    listed = with_revenue(accounts, None, until=on).drop_duplicates("account_id")
    return listed.set_index("account_id").get("revenue")


def _nobody(rules: Eligibility, on: pd.Timestamp) -> str:
    if not rules.base:
        return "the contact list is empty"
    return (
        f"none of {rules.base:,} contacts may be asked on {on:%Y-%m-%d}; the most frequent "
        f"reason: {rules.counts.nlargest(1, 'contacts')['reason'].iloc[0]}; correct the list, "
        "shorten the quarantine, or plan for a later day"
    )


def _frame(
    contacts: pd.DataFrame,
    rules: Eligibility,
    accounts: pd.DataFrame | None,
    revenue: pd.Series | None,
    strata: Sequence[str],
) -> pd.DataFrame:
    """Everyone on the list, with role, stratum and the revenue of their account."""
    if accounts is None and strata:
        raise ValueError(f"strata by {strata[0]!r} need a list of accounts; send one")
    ids = contacts["account_id"]
    role = contacts.get("role", pd.Series(pd.NA, index=contacts.index, dtype=object))
    names = None if accounts is None else stratum_names(accounts, strata)
    stratum = pd.Series(EVERYONE, index=contacts.index) if names is None else ids.map(names)
    frame = pd.DataFrame(
        {
            "contact_id": contacts["contact_id"],
            "account_id": ids,
            "stratum": stratum.astype(object).where(stratum.notna(), UNKNOWN),
            "role": role.astype(object).where(role.notna(), UNKNOWN),
            "eligible": contacts.index.isin(rules.eligible.index),
        }
    )
    return frame if revenue is None else frame.assign(revenue=ids.map(revenue))


def _ended(accounts: pd.DataFrame | None, on: pd.Timestamp) -> frozenset[str]:
    if accounts is None:
        return frozenset()
    return frozenset(set(accounts["account_id"]) - set(live(accounts, on=on)["account_id"]))

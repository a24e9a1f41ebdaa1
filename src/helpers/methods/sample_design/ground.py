"""What a plan stands on, however many are drawn: who may be asked, and what to expect of them."""

from __future__ import annotations

from collections.abc import Mapping
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

__all__ = ["ContactLimits", "Ground", "Lists", "planning_ground"]


@dataclass(frozen=True)
class Lists:
    """The tables that a plan is made from.

    Parameters
    ----------
    contacts
        contact_id, account_id and what `contact_rules` reads.
    accounts
        account_id, the columns of strata, start_date and end_date; not given, all people
        are one stratum.
    financials
        account_id, period and revenue: the last 12 months that are there count. Without
        them the ``revenue`` of ``accounts`` does, where it has any.
    invitations
        Earlier invitations: contact_id, disposition, and wave and invited_at where known.
    answers
        Earlier answers, to expect the like: account_id and score.
    """

    contacts: pd.DataFrame
    accounts: pd.DataFrame | None = None
    financials: pd.DataFrame | None = None
    invitations: pd.DataFrame | None = None
    answers: pd.DataFrame | None = None


@dataclass(frozen=True)
class ContactLimits:
    """Who may not be asked; each as for `contact_rules`."""

    quarantine_days: int = 90
    consent_followup: bool = False
    kept_out: Mapping[str, str] | None = None


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
    lists: Lists,
    options: Options,
    limits: ContactLimits,
    *,
    on: pd.Timestamp,
    rng: np.random.Generator,
    response_rate: float | None = None,
    design_effect: float | None = None,
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
    >>> ground = planning_ground(Lists(people), Options(), ContactLimits(),
    ...                          on=pd.Timestamp("2026-11-02"), rng=np.random.default_rng(1))
    >>> ground.people["contact_id"].tolist()
    ['a']
    """
    contacts, sent = lists.contacts, lists.invitations
    if sent is not None:
        contacts = with_last_invitation(contacts, sent)
    rules = _rules(contacts, lists, options, limits, on)
    if rules.eligible.empty:
        raise NotEstimable(_nobody(rules, on))
    hoped = expected(sent, lists.answers, response_rate, design_effect)
    frame = _frame(contacts, rules, lists, options, on)
    people = shortlisted(frame[frame["eligible"]], options, rng=rng)
    return Ground(frame, people, rules, hoped, lists.answers)


def _rules(
    contacts: pd.DataFrame, lists: Lists, options: Options, limits: ContactLimits, on: pd.Timestamp
) -> Eligibility:
    accounts, sent, per_role = lists.accounts, lists.invitations, options.per_role
    return contact_rules(
        contacts,
        on=on,
        quarantine_days=limits.quarantine_days,
        accounts=None if accounts is None else set(accounts["account_id"]),
        ended=_ended(accounts, on),
        bounced=() if sent is None else last_bounced(sent),
        roles=set(per_role) if isinstance(per_role, Mapping) else None,
        consent_followup=limits.consent_followup,
        kept_out=limits.kept_out,
    )


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
    contacts: pd.DataFrame, rules: Eligibility, lists: Lists, options: Options, on: pd.Timestamp
) -> pd.DataFrame:
    """Everyone on the list, with role, stratum and the revenue of their account."""
    accounts, strata = lists.accounts, options.strata
    revenue = _revenue(accounts, lists.financials, on)
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

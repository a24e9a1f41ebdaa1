"""The steps of a plan, one after the other, for people to follow and to check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from helpers.methods.sample_design.plan import SamplePlan

__all__ = ["plan_steps"]

Step = tuple[str, float, str, str]

DRAWS = {
    "accounts": "whole accounts in random order until the stratum's number is met",
    "random": "people, each as likely as any other in the stratum",
    "systematic": "every k-th person down the list by revenue and account",
    "pps": "down the list by revenue, chances proportional to the account's revenue",
}
ALLOCATIONS = {
    "proportional": "in proportion to the people of each stratum",
    "neyman": "by people times how far earlier answers vary (Neyman)",
    "power": "by the root of the revenue, or people, of each stratum (Bankier)",
    "equal": "as many from each stratum",
}


def plan_steps(plan: SamplePlan) -> pd.DataFrame:
    """Every step from the list to the invitations.

    Returns
    -------
    DataFrame
        step, number, unit (people, accounts, strata, share or ratio), how.
    """
    parts = (_listed(plan), _sized(plan), _selected(plan), _expected(plan))
    rows = [row for part in parts for row in part]
    return pd.DataFrame(rows, columns=["step", "number", "unit", "how"])


def _listed(plan: SamplePlan) -> Iterator[Step]:
    rules = plan.eligibility
    yield "contacts on the list", rules.base, "people", "everyone who was sent to us"
    for row in rules.counts.to_dict("records"):
        first, all_of = int(row["contacts"]), int(row["with_any"])
        how = "" if first == all_of else f"{all_of:,} in all; an earlier rule took the others"
        yield f"excluded: {row['reason']}", -first, "people", how
    for name in rules.unchecked:
        yield f"not checked: {name}", 0, "people", f"the list has no column {name}"
    yield "eligible", len(rules.eligible), "people", "the population that the sample speaks for"


def _sized(plan: SamplePlan) -> Iterator[Step]:
    hoped = plan.expected
    yield "expected response rate", hoped.response_rate, "share", hoped.rate_from
    yield "expected design effect of answers alike", hoped.design_effect, "ratio", hoped.effect_from
    if plan.wanted is None:
        yield "invitations", plan.base, "people", "as given"
        return
    how = f"to find a share of 50% at {plan.confidence:.0%} confidence"
    yield "margin asked for", plan.wanted, "share", how
    if plan.size is None:
        yield "invitations", plan.base, "people", "everyone: the margin cannot be reached"
        return
    effect = plan.size.design_effect / hoped.design_effect
    yield "design effect of unequal weights", effect, "ratio", "multiplies the expected one"
    for row in plan.size.table.to_dict("records"):
        yield str(row["step"]), float(row["people"]), "people", str(row["how"])


def _selected(plan: SamplePlan) -> Iterator[Step]:
    short = int(plan.strata["shortlisted"].sum())
    yield (
        "can be asked",
        short,
        "people",
        "of the eligible, within the number asked per role at an account",
    )
    if plan.take_all is None:
        yield "taken for certain", 0, "accounts", "no account is taken for certain"
    else:
        how = f"the largest, {plan.take_all.revenue_share:.1%} of the revenue of accounts to ask"
        yield "taken for certain", plan.take_all.accounts, "accounts", how
        yield "taken for certain", plan.take_all.contacts, "people", "their contacts"
    method = ALLOCATIONS[plan.allocation.method]
    yield "strata of the others", len(plan.allocation.table), "strata", method
    yield "drawn from the others", plan.allocation.base, "people", DRAWS[plan.selection]
    yield "invited", plan.base, "people", "all inclusion probabilities sum to this"


def _expected(plan: SamplePlan) -> Iterator[Step]:
    how = "of the base weights alone (Kish), in expectation"
    yield "design effect of the weights", plan.design_effect, "ratio", how
    yield "answers to expect", plan.answers, "people", "invitations times response rate"
    how = f"of a share of 50% at {plan.confidence:.0%} confidence, with both design effects"
    yield "margin to expect", plan.margin, "share", how

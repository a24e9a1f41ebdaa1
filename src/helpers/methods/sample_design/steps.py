"""The steps of a plan, one after the other, for people to follow and to check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from helpers.methods.sample_design.drawing import Drawing
from helpers.methods.sample_design.ground import Ground
from helpers.methods.sample_design.selection import How
from helpers.methods.sample_design.sizes import SampleSize

__all__ = ["Reckoning", "plan_steps"]

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


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What a plan is to reach, what that takes, and what to expect of it."""

    wanted: float | None  # margin asked for, as a share
    needed: SampleSize | None  # where it can be reached
    confidence: float
    answers: float  # expected
    margin: float  # expected, of a share of 50 %


def plan_steps(
    ground: Ground, drawing: Drawing, selection: How, reckoning: Reckoning
) -> pd.DataFrame:
    """Every step from the list to the invitations.

    Returns
    -------
    DataFrame
        step, number, unit (people, accounts, strata, share or ratio), how.
    """
    parts = (
        _listed(ground),
        _sized(ground, drawing, reckoning),
        _selected(drawing, selection),
        _expected(drawing, reckoning),
    )
    rows = [row for part in parts for row in part]
    return pd.DataFrame(rows, columns=["step", "number", "unit", "how"])


def _listed(ground: Ground) -> Iterator[Step]:
    rules = ground.rules
    yield "contacts on the list", rules.base, "people", "everyone who was sent to us"
    for row in rules.counts.to_dict("records"):
        first, all_of = int(row["contacts"]), int(row["with_any"])
        how = "" if first == all_of else f"{all_of:,} in all; an earlier rule took the others"
        yield f"excluded: {row['reason']}", -first, "people", how
    for name in rules.unchecked:
        yield f"not checked: {name}", 0, "people", f"the list has no column {name}"
    yield "eligible", len(rules.eligible), "people", "the population that the sample speaks for"


def _sized(ground: Ground, drawing: Drawing, reckoning: Reckoning) -> Iterator[Step]:
    hoped, needed = ground.hoped, reckoning.needed
    yield "expected response rate", hoped.response_rate, "share", hoped.rate_from
    yield "expected design effect of answers alike", hoped.design_effect, "ratio", hoped.effect_from
    if reckoning.wanted is None:
        yield "invitations", drawing.base, "people", "as given"
        return
    how = f"to find a share of 50% at {reckoning.confidence:.0%} confidence"
    yield "margin asked for", reckoning.wanted, "share", how
    if needed is None:
        yield "invitations", drawing.base, "people", "everyone: the margin cannot be reached"
        return
    effect = needed.design_effect / hoped.design_effect
    yield "design effect of unequal weights", effect, "ratio", "multiplies the expected one"
    for row in needed.table.to_dict("records"):
        yield str(row["step"]), float(row["people"]), "people", str(row["how"])


def _selected(drawing: Drawing, selection: How) -> Iterator[Step]:
    short = int(drawing.people["shortlisted"].sum())
    yield (
        "can be asked",
        short,
        "people",
        "of the eligible, within the number asked per role at an account",
    )
    if drawing.certain is None:
        yield "taken for certain", 0, "accounts", "no account is taken for certain"
    else:
        how = f"the largest, {drawing.certain.revenue_share:.1%} of the revenue of accounts to ask"
        yield "taken for certain", drawing.certain.accounts, "accounts", how
        yield "taken for certain", drawing.certain.contacts, "people", "their contacts"
    method = ALLOCATIONS[drawing.allocation.method]
    yield "strata of the others", len(drawing.allocation.table), "strata", method
    yield "drawn from the others", drawing.allocation.base, "people", DRAWS[selection]
    yield "invited", drawing.base, "people", "all inclusion probabilities sum to this"


def _expected(drawing: Drawing, reckoning: Reckoning) -> Iterator[Step]:
    how = "of the base weights alone (Kish), in expectation"
    yield "design effect of the weights", drawing.design_effect, "ratio", how
    yield "answers to expect", reckoning.answers, "people", "invitations times response rate"
    how = f"of a share of 50% at {reckoning.confidence:.0%} confidence, with both design effects"
    yield "margin to expect", reckoning.margin, "share", how

"""The plan of a sample: who is invited, how likely that was, and every step that led there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.sample_design.allocation import Allocation, TakeAll
from helpers.methods.sample_design.contact_rules import Eligibility
from helpers.methods.sample_design.drawing import Drawing, Options, divide, draw, set_apart
from helpers.methods.sample_design.expectations import Expected
from helpers.methods.sample_design.ground import ContactLimits, Ground, Lists, planning_ground
from helpers.methods.sample_design.reach import size_for_plan
from helpers.methods.sample_design.selection import How
from helpers.methods.sample_design.sizes import SampleSize, margin_of
from helpers.methods.sample_design.steps import Reckoning, plan_steps
from helpers.methods.sample_design.strata import stratum_table

__all__ = ["SamplePlan", "Target", "plan_sample"]

COLUMNS = [
    "contact_id",
    "account_id",
    "stratum",
    "role",
    "inclusion_probability",
    "base_weight",
    "account_probability",
    "contact_probability",
]
NO_LIMITS = ContactLimits()
USUAL = Options()


@dataclass(frozen=True, slots=True)
class Target:
    """How many are to be invited: a size, or as many as a margin takes.

    Parameters
    ----------
    size, margin
        One of the two: how many are invited, or the margin to reach (3 points is 0.03)
        for a share of 50 %, unequal base weights counted in.
    confidence
        Of the margin.
    or_everyone
        Invite everyone who can be asked where the margin cannot be reached, instead of
        refusing; `SamplePlan.reached` then is false.

    Raises
    ------
    ValueError
        If not exactly one of size and margin is given, or the size is no number of people.
    """

    size: int | None = None
    margin: float | None = None
    confidence: float = 0.95
    or_everyone: bool = False

    def __post_init__(self) -> None:
        if (self.size is None) == (self.margin is None):
            raise ValueError("give either a size (invitations) or a margin (3 points is 0.03)")
        if self.size is not None and (self.size != int(self.size) or self.size < 1):
            raise ValueError(f"size counts invitations, at least 1, not {self.size}")


@dataclass(frozen=True)
class SamplePlan:
    """Who is invited, out of whom, and how likely that was.

    ``table`` has a row for each person invited: contact_id, account_id, stratum, role,
    inclusion_probability, base_weight (one over it), account_probability (that anyone of
    the account is invited) and contact_probability (this person, if so); the first of
    the probabilities is the product of the two others. ``frame`` has the same columns
    and ``selected`` for all eligible people. ``strata``: stratum, accounts, population
    (on the list), eligible, shortlisted (within the contacts asked per role), selected,
    rate (of the eligible). ``steps``, from the list to the invitations: step, number,
    unit, how.
    """

    table: pd.DataFrame
    frame: pd.DataFrame
    strata: pd.DataFrame
    steps: pd.DataFrame
    ground: Ground
    drawing: Drawing
    options: Options
    target: Target
    size: SampleSize | None  # where a margin was asked for
    answers: float  # expected
    margin: float  # expected, of a share of 50 %
    base: int  # people invited

    def __post_init__(self) -> None:
        chances = float(self.frame["inclusion_probability"].sum())
        if len(self.table) != self.base or abs(chances - self.base) > 1e-6 * max(self.base, 1):
            raise ValueError(f"chances sum to {chances}, and {len(self.table)} are invited")
        if int(self.strata["selected"].sum()) != self.base:
            raise ValueError(f"strata have {self.strata['selected'].sum()} of {self.base}")

    @property
    def eligibility(self) -> Eligibility:
        """Who may be asked, and who may not."""
        return self.ground.rules

    @property
    def expected(self) -> Expected:
        """The response rate and the design effect that it was planned with."""
        return self.ground.hoped

    @property
    def wanted(self) -> float | None:
        """The margin asked for, if one was, as a share."""
        return self.target.margin

    @property
    def confidence(self) -> float:
        """Confidence of the margins."""
        return self.target.confidence

    @property
    def allocation(self) -> Allocation:
        """How those who are not taken for certain divide among the strata."""
        return self.drawing.allocation

    @property
    def take_all(self) -> TakeAll | None:
        """The accounts taken for certain; ``None`` where none is."""
        return self.drawing.certain

    @property
    def selection(self) -> How:
        """How people were drawn."""
        return self.options.selection

    @property
    def design_effect(self) -> float:
        """Of the base weights alone, in expectation (Kish)."""
        return self.drawing.design_effect

    @property
    def everyone(self) -> bool:
        """Whether everyone who may be asked is invited."""
        return self.base == len(self.frame)

    @property
    def reached(self) -> bool:
        """Whether the margin asked for, if one was, is what may be expected."""
        return self.wanted is None or self.size is not None

    @property
    def excluded(self) -> pd.DataFrame:
        """Who may not be asked, and why: contact_id, account_id, reason, also."""
        return self.eligibility.excluded


def plan_sample(
    lists: Lists,
    target: Target,
    options: Options = USUAL,
    *,
    on: pd.Timestamp,
    rng: np.random.Generator,
    limits: ContactLimits = NO_LIMITS,
    response_rate: float | None = None,
    design_effect: float | None = None,
) -> SamplePlan:
    """Plan and draw a sample of the people on a contact list.

    The largest accounts by revenue are taken for certain: those that together make
    ``take_all_share`` of it, as far as they need no more than half of the invitations.
    The others are drawn in strata. Where ``per_role`` says so, no more than so many
    people of a role are asked at an account, chosen at random.

    Parameters
    ----------
    lists
        People and accounts, and what is known of them.
    target
        How many are to be invited.
    options
        How they are divided and drawn.
    on
        The day the invitations go out.
    rng
        Where chance comes from: the same seed gives the same sample.
    limits
        Who may not be asked.
    response_rate, design_effect
        Expected; not given, as they were in earlier invitations and answers, else 1.

    Raises
    ------
    ValueError
        For what cannot be planned, saying what to change.
    NotEstimable
        If the margin cannot be reached, or nobody may be asked.

    References
    ----------
    Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, 3 and 4.

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": [f"c{i}" for i in range(40)],
    ...                        "account_id": [f"a{i // 4}" for i in range(40)]})
    >>> plan = plan_sample(Lists(people), Target(size=10), on=pd.Timestamp("2026-11-02"),
    ...                    rng=np.random.default_rng(1))
    >>> plan.base, plan.table["inclusion_probability"].unique().tolist()
    (10, [0.25])
    """
    ground = planning_ground(
        lists, options, limits, on=on, rng=rng, response_rate=response_rate,
        design_effect=design_effect,
    )  # fmt: skip
    if options.selection == "pps" and "revenue" not in ground.people:
        raise ValueError(
            "pps needs revenue: send financials, or revenue in accounts, or draw whole accounts"
        )
    needed, total = _invitations(ground, target, options)
    drawing = draw(divide(ground.people, total, options, ground.answers), options, rng=rng)
    return _plan(ground, drawing, options, target, needed)


def _invitations(ground: Ground, target: Target, options: Options) -> tuple[SampleSize | None, int]:
    """The size that the margin takes, if one is to be reached, and how many are invited."""
    if target.margin is None:
        return None, int(target.size or 0)
    try:
        needed = size_for_plan(
            target.margin, ground.people, options, ground.hoped, ground.answers, target.confidence
        )
    except NotEstimable:
        if not target.or_everyone:
            raise
        return None, int(ground.people["shortlisted"].sum())
    return needed, needed.invitations


def _plan(
    ground: Ground, drawing: Drawing, options: Options, target: Target, needed: SampleSize | None
) -> SamplePlan:
    people, hoped = drawing.people, ground.hoped
    table = people.loc[people["selected"], COLUMNS].reset_index(drop=True)
    answered = len(table) * hoped.response_rate
    margin = margin_of(
        answered,
        confidence=target.confidence,
        design_effect=hoped.design_effect * drawing.design_effect,
        population=len(people),
    )
    reckoning = Reckoning(target.margin, needed, target.confidence, answered, margin)
    return SamplePlan(
        table,
        people[[*COLUMNS, "selected"]].reset_index(drop=True),
        stratum_table(set_apart(ground.frame, drawing.certain), people),
        plan_steps(ground, drawing, options.selection, reckoning),
        ground,
        drawing,
        options,
        target,
        needed,
        answered,
        margin,
        len(table),
    )

"""The plan of a sample: who is invited, how likely that was, and every step that led there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.sample_design.allocation import Allocation, Method, TakeAll
from helpers.methods.sample_design.contact_rules import Eligibility
from helpers.methods.sample_design.drawing import Drawing, Options, draw, set_apart
from helpers.methods.sample_design.expectations import Expected
from helpers.methods.sample_design.ground import Ground, planning_ground
from helpers.methods.sample_design.reach import size_for_plan
from helpers.methods.sample_design.selection import How
from helpers.methods.sample_design.sizes import SampleSize, margin_of
from helpers.methods.sample_design.steps import plan_steps
from helpers.methods.sample_design.strata import stratum_table

__all__ = ["SamplePlan", "plan_on", "plan_sample"]

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


@dataclass(frozen=True)
class SamplePlan:
    """Who is invited, out of whom, and how likely that was.

    ``table`` has a row for each person invited: contact_id, account_id, stratum, role,
    inclusion_probability, base_weight (one over it), account_probability (that anyone of
    the account is invited) and contact_probability (this person, if so); the first of
    the probabilities is the product of the two others. ``frame`` has the same columns
    and ``selected`` for all eligible people. ``strata``: stratum, accounts, population
    (on the list), eligible, shortlisted (within the contacts asked per role), selected,
    rate (of the eligible).
    """

    table: pd.DataFrame
    frame: pd.DataFrame
    strata: pd.DataFrame
    eligibility: Eligibility
    expected: Expected
    size: SampleSize | None  # where a margin was asked for
    wanted: float | None  # that margin, as a share
    allocation: Allocation  # of those not taken for certain
    take_all: TakeAll | None  # None where no account is taken for certain
    selection: How
    confidence: float
    design_effect: float  # of the base weights alone, in expectation (Kish)
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
    def reached(self) -> bool:
        """Whether the margin asked for, if one was, is what may be expected."""
        return self.wanted is None or self.size is not None

    @property
    def excluded(self) -> pd.DataFrame:
        """Who may not be asked, and why: contact_id, account_id, reason, also."""
        return self.eligibility.excluded

    @property
    def steps(self) -> pd.DataFrame:
        """Every step from the list to the invitations: step, number, unit, how."""
        return plan_steps(self)


def plan_sample(
    contacts: pd.DataFrame,
    accounts: pd.DataFrame | None = None,
    *,
    on: pd.Timestamp,
    rng: np.random.Generator,
    size: int | None = None,
    margin: float | None = None,
    confidence: float = 0.95,
    response_rate: float | None = None,
    design_effect: float | None = None,
    strata: Sequence[str] = (),
    take_all_share: float = 0.5,
    allocation: Method = "proportional",
    selection: How = "accounts",
    per_role: int | Mapping[str, int] | None = None,
    minimum: int = 2,
    power: float = 0.5,
    quarantine_days: int = 90,
    consent_followup: bool = False,
    kept_out: Mapping[str, str] | None = None,
    financials: pd.DataFrame | None = None,
    invitations: pd.DataFrame | None = None,
    answers: pd.DataFrame | None = None,
    or_everyone: bool = False,
) -> SamplePlan:
    """Plan and draw a sample of the people on a contact list.

    The largest accounts by revenue are taken for certain: those that together make
    ``take_all_share`` of it, as far as they need no more than half of the invitations.
    The others are drawn in strata. Where ``per_role`` says so, no more than so many
    people of a role are asked at an account, chosen at random.

    Parameters
    ----------
    contacts
        contact_id, account_id and what `contact_rules` reads.
    accounts
        account_id, the columns of ``strata``, start_date and end_date; not given, all
        people are one stratum.
    on
        The day the invitations go out.
    rng
        Where chance comes from: the same seed gives the same sample.
    size, margin
        One of the two: how many are invited, or the margin to reach (3 points is 0.03)
        for a share of 50 %, unequal base weights counted in.
    confidence
        Of the margin.
    response_rate, design_effect
        Expected; not given, as they were in ``invitations`` and ``answers``, else 1.
    strata
        Columns of ``accounts``; a stratum is a combination of their values.
    take_all_share
        Share of revenue, 0 to 1; 0 takes no account for certain.
    allocation
        ``proportional``, ``neyman`` (needs ``answers``), ``power`` (by revenue, or by
        people where no money was sent) or ``equal``.
    selection
        ``accounts`` draws whole accounts (`by_account`), ``random`` draws people
        (`simple_random`), ``systematic`` and ``pps`` go down the list by revenue.
    per_role
        People asked per role at an account: one number, a number by role (other roles are
        not asked), or ``None`` for all.
    minimum, power
        As for `allocate`.
    quarantine_days, consent_followup, kept_out
        As for `contact_rules`.
    financials
        account_id, period and revenue: the last 12 months up to ``on`` that are there.
        Without them the ``revenue`` of ``accounts`` counts, where it has any.
    invitations
        Earlier invitations: contact_id, disposition, and wave and invited_at where known.
    answers
        Earlier answers, to expect the like: account_id and score.
    or_everyone
        Invite everyone who can be asked where a margin cannot be reached, instead of
        refusing; `SamplePlan.reached` then is false.

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
    >>> plan = plan_sample(people, size=10, on=pd.Timestamp("2026-11-02"),
    ...                    rng=np.random.default_rng(1))
    >>> plan.base, plan.table["inclusion_probability"].unique().tolist()
    (10, [0.25])
    """
    _refuse(size, margin)
    ground = planning_ground(
        contacts, accounts, on=on, rng=rng, response_rate=response_rate,
        design_effect=design_effect, strata=strata, per_role=per_role,
        quarantine_days=quarantine_days, consent_followup=consent_followup, kept_out=kept_out,
        financials=financials, invitations=invitations, answers=answers,
    )  # fmt: skip
    options = Options(take_all_share, allocation, selection, per_role, minimum, power)
    return plan_on(
        ground, options, size=size, margin=margin, confidence=confidence, or_everyone=or_everyone,
        rng=rng,
    )  # fmt: skip


def plan_on(
    ground: Ground,
    options: Options,
    *,
    size: int | None = None,
    margin: float | None = None,
    confidence: float = 0.95,
    or_everyone: bool = False,
    rng: np.random.Generator,
) -> SamplePlan:
    """Plan and draw from those who may be asked; as `plan_sample`, whose second half it is.

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": list("abcd"), "account_id": list("wxyz")})
    >>> chance = np.random.default_rng(1)
    >>> ground = planning_ground(people, on=pd.Timestamp("2026-11-02"), rng=chance)
    >>> [plan_on(ground, Options(), size=n, rng=chance).base for n in (2, 3)]
    [2, 3]
    """
    _refuse(size, margin)
    if options.selection == "pps" and "revenue" not in ground.people:
        raise ValueError(
            "pps needs revenue: send financials, or revenue in accounts, or draw whole accounts"
        )
    needed, people = None, ground.people
    if margin is not None:
        try:
            needed = size_for_plan(
                margin, people, options, ground.hoped, ground.answers, confidence
            )
        except NotEstimable:
            if not or_everyone:
                raise
            size = int(people["shortlisted"].sum())
    total = needed.invitations if needed else int(size or 0)
    drawing = draw(people, total, options, ground.answers, rng=rng)
    return _plan(
        ground.frame, drawing, ground.rules, ground.hoped, options, needed, margin, confidence
    )


def _plan(
    frame: pd.DataFrame,
    drawing: Drawing,
    rules: Eligibility,
    hoped: Expected,
    options: Options,
    needed: SampleSize | None,
    wanted: float | None,
    confidence: float,
) -> SamplePlan:
    people = drawing.people
    table = people.loc[people["selected"], COLUMNS].reset_index(drop=True)
    answered = len(table) * hoped.response_rate
    reached = margin_of(
        answered,
        confidence=confidence,
        design_effect=hoped.design_effect * drawing.design_effect,
        population=len(people),
    )
    return SamplePlan(
        table,
        people[[*COLUMNS, "selected"]].reset_index(drop=True),
        stratum_table(set_apart(frame, drawing.certain), people),
        rules,
        hoped,
        needed,
        wanted,
        drawing.allocation,
        drawing.certain,
        options.selection,
        confidence,
        drawing.design_effect,
        answered,
        reached,
        len(table),
    )


def _refuse(size: int | None, margin: float | None) -> None:
    if (size is None) == (margin is None):
        raise ValueError("give either a size (invitations) or a margin (3 points is 0.03)")
    if size is not None and (size != int(size) or size < 1):
        raise ValueError(f"size counts invitations, at least 1, not {size}")

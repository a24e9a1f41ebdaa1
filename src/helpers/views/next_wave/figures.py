"""What the chapter on the next wave may quote: counts of a plan and what it lets one expect."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd

from helpers.methods.measure import Measure
from helpers.methods.sample_design import (
    PlanSettings,
    Prospects,
    SamplePlan,
    SinceWave,
    size_for_change,
)
from helpers.results import Figure
from helpers.views.rendering.naming import plain
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import quotable

__all__ = [
    "asked_now",
    "change",
    "gaps",
    "is_everyone",
    "kept_out",
    "margin_is_told",
    "plan",
    "scores",
    "sizes",
    "unit_of",
    "unreachable",
]

NOT_ASKED = ("quarantined", "excluded")  # dispositions of people to whom nothing was sent


def _named(*figures: Figure) -> dict[str, Figure]:
    return {f.name: f for f in figures}


def unit_of(measure: Measure | None) -> str:
    """How a margin of the leading score is written: as the score itself, shares in points."""
    return "points" if measure is None or measure.unit in ("points", "index") else "scale"


def margin_is_told(settings: PlanSettings, told: Mapping[str, object]) -> bool:
    """Whether somebody asked for the margin, in ``client.yml`` or by another than the usual.

    >>> margin_is_told(PlanSettings(), {}), margin_is_told(PlanSettings(), {"margin": 3.0})
    (False, True)
    """
    return "margin" in told or settings.margin != PlanSettings().margin


def is_everyone(found: SamplePlan) -> bool:
    """Whether everyone who may be asked is invited."""
    return found.base == len(found.frame)


def plan(
    found: SamplePlan, day: str, *, smallest: int = 0, margin_told: bool = True
) -> dict[str, Figure]:
    """Whom the plan invites, out of whom, and what it expects of them.

    Counts of the client's own list carry no base; a rate or a design effect of fewer than
    ``smallest`` is not quoted. ``margin_told`` is whether somebody asked for the margin, or
    it is the usual one.
    """
    counted = partial(Figure, unit="count")
    eligible = len(found.frame)
    everyone = is_everyone(found)
    figures = [
        *(quotable(everyone="yes") if everyone else ()),
        counted(
            "everyone_invited" if everyone else "invited", found.base, label="people to invite"
        ),
        counted("accounts_invited", found.table["account_id"].nunique(), label="accounts to ask"),
        counted("may_ask", eligible, label="people who may be asked"),
        counted("listed", found.eligibility.base, label="people on the list"),
        *_answers(found, smallest),
        *quotable(day=day),
        *_certain(found),
        *_expected(found, smallest),
    ]
    if eligible < found.eligibility.base:
        figures.append(
            counted("left_out", found.eligibility.base - eligible, label="people left out")
        )
    return _named(*figures, *_margin(found, margin_told=margin_told))


def _margin(found: SamplePlan, *, margin_told: bool) -> list[Figure]:
    """The margin that the plan is to reach, and whether it does."""
    if found.wanted is None:
        return []
    missed = "margin_missed" if margin_told else "usual_margin_missed"
    label = "margin asked for" if margin_told else "usual margin"
    name = "margin_reached" if found.reached else missed
    return [Figure(name, 100 * found.wanted, unit="points", label=label)]


def _answers(found: SamplePlan, smallest: int) -> list[Figure]:
    """The answers to expect; fewer than the smallest base, and no figure would be shown."""
    answers = round(found.answers)
    few = answers < smallest
    figures = [
        Figure("few_answers" if few else "answers", answers, unit="count",
               label="answers to expect"),
        _share_margin(found, smallest),
    ]  # fmt: skip
    return [*figures, Figure("smallest_base", smallest, unit="count")] if few else figures


def _share_margin(found: SamplePlan, smallest: int) -> Figure:
    answered, label = found.expected.answered, "margin of a share of one half"
    base = answered if answered >= max(smallest, 1) else None
    return Figure("share_margin", 100 * found.margin, unit="points", base=base, label=label)


def _certain(found: SamplePlan) -> list[Figure]:
    if found.take_all is None:
        return []
    counted = partial(Figure, unit="count")
    label = "share of the revenue of accounts to ask, at those asked for certain"
    return [
        counted("certain_accounts", found.take_all.accounts, label="accounts asked for certain"),
        counted("certain_people", found.take_all.contacts, label="people asked for certain"),
        Figure("certain_revenue", found.take_all.revenue_share, unit="share", label=label),
    ]


def _expected(found: SamplePlan, smallest: int) -> list[Figure]:
    hoped, figures = found.expected, []
    if hoped.asked >= max(smallest, 1):
        figures.append(
            Figure(
                "rate",
                hoped.response_rate,
                unit="share",
                base=hoped.asked,
                base_unit="people",
                label="response rate of this wave (AAPOR RR2)",
            )
        )
    elif hoped.response_rate < 1:
        label = "response rate as it was given"
        figures.append(Figure("rate_given", hoped.response_rate, unit="share", label=label))
    if hoped.answered >= max(smallest, 1):
        figures.append(
            Figure(
                "cluster_effect",
                hoped.design_effect,
                unit="ratio",
                base=hoped.answered,
                label="design effect of this wave, for colleagues who answer alike",
            )
        )
    return figures


def scores(
    found: Prospects, measure: Measure, answered: int, smallest: int = 0
) -> dict[str, Figure]:
    """The margin of the leading score, for everyone and where it is widest.

    Nothing where fewer than ``smallest`` answers tell how far the score varies.
    """
    if answered < smallest:
        return {}
    counted = partial(Figure, unit=unit_of(measure), base=answered)
    figures = [
        counted("main_margin", found.margin, label=f"margin of the {measure.phrase}"),
        counted(
            "report_margin",
            found.margin_beyond,
            label=f"margin of the {measure.phrase} as the next report will state it",
        ),
        *quotable(main_label=measure.phrase),
    ]  # fmt: skip
    known = found.table.dropna(subset=["margin"])
    if len(known):
        widest = max(records(known), key=lambda row: float(row["margin"]))
        label = "widest margin of a group"
        figures += [
            *quotable(widest_group=f"{plain(widest['by'])} {plain(widest['group'])}"),
            counted("widest_margin", float(widest["margin"]), label=label),
        ]
    return _named(*figures)


def change(
    found: SinceWave,
    planned: SamplePlan,
    measure: Measure,
    wave: str,
    wanted_share: float,
    smallest: int = 0,
) -> dict[str, Figure]:
    """The change that is likely to show, and the invitations that the wanted one would take.

    ``wanted_share`` is the change that is wanted, as a share of the scale; ``smallest`` as
    for `scores`.
    """
    if found.base < smallest:
        return {}
    unit, wanted = unit_of(measure), wanted_share * measure.length
    needed = size_for_change(
        wanted, standard_deviation=found.standard_deviation, power=found.power,
        confidence=planned.confidence, overlap=1.0, correlation=found.shared,
        design_effect=planned.expected.design_effect, response_rate=planned.expected.response_rate,
    )  # fmt: skip
    there = int(planned.strata["shortlisted"].sum())
    counted = partial(Figure, base=found.base)
    name = "change_size" if needed.invitations <= there else "change_beyond"
    return _named(
        counted("change_seen", found.smallest, unit=unit, label="smallest change likely to show"),
        counted("change_wanted", wanted, unit=unit, label="change to be seen"),
        counted(name, needed.invitations, unit="count", label="invitations a wave for that change"),
        counted("in_common", found.shared, unit="share", label="variance that two waves share"),
        Figure("power", found.power, unit="share", label="chance to see such a change"),
        *quotable(this_wave=wave),
    )


def sizes(curve: pd.DataFrame, asked_now: int, measure: Measure) -> dict[str, Figure]:
    """The margin that as many invitations as in this wave would give."""
    as_now = curve[(curve["size"] == asked_now) & (curve["why"] == "")]
    if as_now.empty:
        return {}
    margin = float(as_now["margin"].iloc[0])
    return _named(
        Figure("asked_now", asked_now, unit="count", label="invited in this wave"),
        Figure("margin_as_now", margin, unit=unit_of(measure),
               label="margin with as many invitations as in this wave"),
    )  # fmt: skip


def asked_now(asked: pd.DataFrame | None) -> int:
    """How many were sent an invitation in this wave."""
    return 0 if asked is None else int((~asked["disposition"].isin(NOT_ASKED)).sum())


def gaps(found: SamplePlan) -> list[str]:
    """What the plan could not check or had to take for granted."""
    unchecked = [
        f"the list has no column {name}, so nobody is left out for it"
        for name in found.eligibility.unchecked
    ]
    hoped = found.expected
    granted = [
        f"the {what} is {text}"
        for what, text in (("response rate", hoped.rate_from), ("design effect", hoped.effect_from))
        if text.startswith("not known")
    ]
    return [*unchecked, *granted]


def kept_out(asked: pd.DataFrame) -> dict[str, Figure]:
    """How many the account teams kept out in this wave."""
    out = int((asked["disposition"] == "excluded").sum())
    counted = partial(Figure, base=len(asked), base_unit="people")
    if not out:
        return _named(counted("none_kept_out", 0, unit="count", label="kept out by account teams"))
    return _named(
        counted("kept_out", out, unit="count", label="kept out by account teams"),
        counted(
            "kept_out_share", out / len(asked), unit="share1", label="kept out, of those drawn"
        ),
    )


def unreachable(found: SamplePlan, listed: pd.DataFrame) -> dict[str, Figure]:
    """Customers nobody of whom may be asked, and their share of revenue."""
    reached = listed["account_id"].isin(set(found.frame["account_id"]))
    figures = []
    if (~reached).any():
        counted = partial(Figure, base=len(listed), base_unit="accounts")
        label = "accounts at which nobody may be asked"
        figures.append(counted("silent_accounts", int((~reached).sum()), unit="count", label=label))
        if "revenue" in listed and listed["revenue"].sum() > 0:
            share = float(listed.loc[~reached, "revenue"].sum() / listed["revenue"].sum())
            figures.append(counted("silent_revenue", share, unit="share", label="their revenue"))
    return _named(*figures)

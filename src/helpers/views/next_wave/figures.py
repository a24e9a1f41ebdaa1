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
from helpers.views.rendering.declared import by_name, declare
from helpers.views.rendering.naming import plain
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import quotable

SCORES = ("main_margin", "report_margin", "main_label", "widest_group", "widest_margin")
CHANGE = ("change_seen", "change_wanted", "change_invitations", "in_common", "power", "this_wave")
DECLARED = declare(
    "accounts_invited", "may_ask", "listed", "day", "smallest_base", "share_margin",
    "certain_accounts", "certain_people", "certain_revenue", "cluster_effect",
    *SCORES, *(name for name in CHANGE if name != "change_invitations"),
    "asked_now", "margin_as_now", "kept_out_share", "unreached_accounts",
    invited=("everyone", "part"),
    left_out=("some", "none"),
    answers=("enough", "few"),
    margin_wanted=("reached", "missed", "usual missed"),
    rate=("observed", "assumed"),
    change_invitations=("within reach", "beyond"),
    kept_out=("some", "none"),
    unreached_revenue=("much", "little"),
)  # fmt: skip
NOT_ASKED = ("quarantined", "excluded")  # dispositions of people to whom nothing was sent
MUCH_REVENUE = 0.05  # of all: what the plan leaves out of it is then worth a doubt


def unit_of(measure: Measure | None) -> str:
    """How a margin of the leading score is written: as the score itself, shares in points."""
    return "points" if measure is None or measure.unit in ("points", "index") else "scale"


def margin_is_told(settings: PlanSettings, told: Mapping[str, object]) -> bool:
    """Whether somebody asked for the margin, in ``client.yml`` or by another than the usual.

    >>> margin_is_told(PlanSettings(), {}), margin_is_told(PlanSettings(), {"margin": 3.0})
    (False, True)
    """
    return "margin" in told or settings.margin != PlanSettings().margin


def plan(
    found: SamplePlan, day: str, *, smallest: int = 0, margin_told: bool = True
) -> dict[str, Figure]:
    """Whom the plan invites, out of whom, and what it expects of them.

    Counts of the client's own list carry no base; a rate or a design effect of fewer than
    ``smallest`` is not quoted. ``margin_told`` is whether somebody asked for the margin, or
    it is the usual one.
    """
    return by_name(
        *_people(found),
        *quotable(day=day),
        *_certain(found),
        *_margin(found, margin_told=margin_told),
        *_answers(found, smallest),
        *_expected(found, smallest),
    )


def _people(found: SamplePlan) -> list[Figure]:
    """The people on the list, those who may be asked, and those who are invited."""
    counted = partial(Figure, unit="count")
    eligible, listed = len(found.frame), found.eligibility.base
    invited, left_out = "everyone" if found.everyone else "part", listed - eligible
    return [
        counted("invited", found.base, label="people to invite", verdict=invited),
        counted("accounts_invited", found.table["account_id"].nunique(), label="accounts to ask"),
        counted("may_ask", eligible, label="people who may be asked"),
        counted("listed", listed, label="people on the list"),
        counted("left_out", left_out, label="people left out", verdict=_any(left_out)),
    ]


def _any(count: int) -> str:
    return "some" if count else "none"


def _margin(found: SamplePlan, *, margin_told: bool) -> list[Figure]:
    """The margin that the plan is to reach, and whether it does."""
    if found.wanted is None:
        return []
    missed = "missed" if margin_told else "usual missed"
    label = "margin asked for" if margin_told else "usual margin"
    verdict = "reached" if found.reached else missed
    wanted = 100 * found.wanted
    return [Figure("margin_wanted", wanted, unit="points", label=label, verdict=verdict)]


def _answers(found: SamplePlan, smallest: int) -> list[Figure]:
    """The answers to expect; of fewer than the smallest base no figure would be shown."""
    answers, label = round(found.answers), "answers to expect"
    verdict = "few" if answers < smallest else "enough"
    return [
        Figure("answers", answers, unit="count", label=label, verdict=verdict),
        Figure("smallest_base", smallest, unit="count", label="fewest answers of a figure"),
        _share_margin(found, smallest),
    ]


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
    hoped, enough, figures = found.expected, max(smallest, 1), []
    rate = partial(Figure, "rate", hoped.response_rate, unit="share")
    if hoped.asked >= enough:
        label = "response rate of this wave (AAPOR RR2)"
        figures.append(rate(base=hoped.asked, base_unit="people", label=label, verdict="observed"))
    elif hoped.response_rate < 1:
        figures.append(rate(label="response rate as it was given", verdict="assumed"))
    if hoped.answered >= enough:
        label = "design effect of this wave, for colleagues who answer alike"
        effect, base = hoped.design_effect, hoped.answered
        figures.append(Figure("cluster_effect", effect, unit="ratio", base=base, label=label))
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
    label = f"margin of the {measure.phrase}"
    reported = f"{label} as the next report will state it"
    figures = [
        counted("main_margin", found.margin, label=label),
        counted("report_margin", found.margin_beyond, label=reported),
        *quotable(main_label=measure.phrase),
    ]
    known = found.table.dropna(subset=["margin"])
    if len(known):
        widest = max(records(known), key=lambda row: float(row["margin"]))
        figures += [
            *quotable(widest_group=f"{plain(widest['by'])} {plain(widest['group'])}"),
            counted("widest_margin", float(widest["margin"]), label="widest margin of a group"),
        ]
    return by_name(*figures)


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
    counted = partial(Figure, base=found.base)
    return by_name(
        counted("change_seen", found.smallest, unit=unit, label="smallest change likely to show"),
        counted("change_wanted", wanted, unit=unit, label="change to be seen"),
        _invitations(found, planned, wanted),
        counted("in_common", found.shared, unit="share", label="variance that two waves share"),
        Figure("power", found.power, unit="share", label="chance to see such a change"),
        *quotable(this_wave=wave),
    )


def _invitations(found: SinceWave, planned: SamplePlan, wanted: float) -> Figure:
    """How many the wanted change would take, and whether the list has so many."""
    needed = size_for_change(
        wanted, standard_deviation=found.standard_deviation, power=found.power,
        confidence=planned.confidence, overlap=1.0, correlation=found.shared,
        design_effect=planned.expected.design_effect, response_rate=planned.expected.response_rate,
    ).invitations  # fmt: skip
    there = int(planned.strata["shortlisted"].sum())
    label = "invitations a wave for that change"
    verdict = "within reach" if needed <= there else "beyond"
    counted = partial(Figure, "change_invitations", needed, unit="count", base=found.base)
    return counted(label=label, verdict=verdict)


def sizes(curve: pd.DataFrame, asked_now: int, measure: Measure) -> dict[str, Figure]:
    """The margin that as many invitations as in this wave would give."""
    as_now = curve[(curve["size"] == asked_now) & (curve["why"] == "")]
    if as_now.empty:
        return {}
    margin = float(as_now["margin"].iloc[0])
    return by_name(
        Figure("asked_now", asked_now, unit="count", label="invitations sent in this wave"),
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
    label, of_drawn = "kept out by account teams", "kept out, of those drawn"
    return by_name(
        counted("kept_out", out, unit="count", label=label, verdict=_any(out)),
        counted("kept_out_share", out / max(len(asked), 1), unit="share1", label=of_drawn),
    )


def unreachable(found: SamplePlan, listed: pd.DataFrame) -> dict[str, Figure]:
    """Customers nobody of whom may be asked, and their share of revenue."""
    reached = listed["account_id"].isin(set(found.frame["account_id"]))
    if reached.all():
        return {}
    counted = partial(Figure, base=len(listed), base_unit="accounts")
    label, missed = "accounts at which nobody may be asked", int((~reached).sum())
    figures = [counted("unreached_accounts", missed, unit="count", label=label)]
    if "revenue" in listed and listed["revenue"].sum() > 0:
        share = float(listed.loc[~reached, "revenue"].sum() / listed["revenue"].sum())
        verdict = "much" if share >= MUCH_REVENUE else "little"
        missed_revenue = partial(counted, "unreached_revenue", share, unit="share")
        figures.append(missed_revenue(label="their revenue", verdict=verdict))
    return by_name(*figures)

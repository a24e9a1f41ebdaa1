"""What the chapter on the next wave may quote: counts of a plan and what it lets one expect."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd

from helpers.methods.design import (
    PlanSettings,
    Prospects,
    SamplePlan,
    SinceWave,
    leading_points,
    size_for_change,
    sizes_by_segment,
)
from helpers.methods.scorecard import Measure
from helpers.results import Figure
from helpers.views.numerals import count, decimal, formatter, percent
from helpers.views.records import records
from helpers.views.words.rules import quotable

__all__ = [
    "alternative_rows",
    "asked_now",
    "change",
    "command",
    "drawn_rows",
    "exclusion_rows",
    "gaps",
    "group_rows",
    "impossible",
    "kept_out",
    "list_rows",
    "other_plans",
    "plan",
    "scores",
    "size_rows",
    "sizes",
    "step_rows",
    "unit_of",
    "unreachable",
]

ALLOCATIONS = {
    "proportional": "In proportion to people",
    "neyman": "By how far answers vary (Neyman)",
    "power": "By the root of revenue (power)",
    "equal": "As many from each",
}
NOBODY_CERTAIN = "In proportion to people, no account for certain"
DRAWS = {
    "accounts": "whole accounts, in random order",
    "random": "people, at random",
    "systematic": "every so-many-th person down the list by revenue",
    "pps": "chances in proportion to the account's revenue",
}
STEPS = {"people": count, "accounts": count, "strata": count, "ratio": formatter("ratio")}
NOT_ASKED = ("quarantined", "excluded")  # dispositions of people to whom nothing was sent


def _named(*figures: Figure) -> dict[str, Figure]:
    return {f.name: f for f in figures}


def unit_of(measure: Measure | None) -> str:
    """How a margin of the leading score is written: as the score itself, shares in points."""
    return "points" if measure is None or measure.unit in ("points", "index") else "scale"


def plan(found: SamplePlan, day: str, *, smallest: int = 0) -> dict[str, Figure]:
    """Whom the plan invites, out of whom, and what it expects of them.

    Counts of the client's own list carry no base; a rate or a design effect of fewer than
    ``smallest`` is not quoted.
    """
    counted = partial(Figure, unit="count")
    eligible = len(found.frame)
    everyone = found.base == eligible
    figures = [
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
    if found.wanted is not None:
        label = "margin asked for"
        name = "margin_reached" if found.reached else "margin_missed"
        figures.append(Figure(name, 100 * found.wanted, unit="points", label=label))
    return _named(*figures)


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
            *quotable(widest_group=f"{_plain(widest['by'])} {_plain(widest['group'])}"),
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
        counted("kept_out_share", out / len(asked), unit="share1", label="kept out, of the list"),
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


def step_rows(found: SamplePlan) -> pd.DataFrame:
    """Every step of a plan, each number written in its unit."""
    steps = found.steps
    shown = [_step(row["step"], row["number"], row["unit"]) for row in records(steps)]
    return steps.assign(
        step=[text[:1].upper() + text[1:] for text in steps["step"]], shown=shown
    )[["step", "shown", "unit", "how"]]  # fmt: skip


def _step(step: str, number: float, unit: str) -> str:
    if unit == "share":
        points = step.startswith("margin")
        return f"{decimal(100 * number, 1)} points" if points else percent(number, 1)
    unrounded = unit == "people" and number != round(number)
    return decimal(number, 1) if unrounded else STEPS[unit](number)


def size_rows(found: SamplePlan) -> pd.DataFrame:
    """The steps from those who may be asked to the number of invitations."""
    first, last = _size_steps(found)
    return step_rows(found).iloc[first:last].reset_index(drop=True)


def list_rows(found: SamplePlan) -> pd.DataFrame:
    """The steps from the number of invitations to the list, and what to expect of it."""
    return step_rows(found).iloc[_size_steps(found)[1] :].reset_index(drop=True)


def _size_steps(found: SamplePlan) -> tuple[int, int]:
    names = found.steps["step"].tolist()
    return names.index("eligible"), names.index("can be asked")


def group_rows(
    found: Prospects, planned: SamplePlan, measure: Measure, wanted_share: float
) -> pd.DataFrame:
    """Each group with what it will have, and what a margin of its own would take.

    ``wanted_share`` is that margin, as a share of the score's scale.
    """
    names = [_group(row["by"], row["group"]) for row in records(found.table)]
    table = found.table.assign(label=names)
    needs = sizes_by_segment(
        table.set_index("label")["population"],
        margin=wanted_share * measure.length,
        standard_deviation=float(leading_points([measure]).std()),  # type: ignore[union-attr]
        confidence=planned.confidence,
        design_effect=planned.expected.design_effect,
        response_rate=table.set_index("label")["response_rate"].to_dict(),
    )
    asked = [
        count(row["invitations"]) if row["reached"] else "more than all" for row in records(needs)
    ]
    return table.assign(needed=asked, withheld=table["margin"].isna())


def _group(by: str, name: str) -> str:
    return f"{_plain(by).capitalize()}: {_plain(name)}"


def _plain(name: object) -> str:
    return str(name).replace("_", " ")


def other_plans(found: SamplePlan) -> list[dict[str, object]]:
    """The same number of invitations divided in other ways, and with no account for certain."""
    others: list[dict[str, object]] = [{"allocation": name} for name in ALLOCATIONS]
    if found.take_all is not None:
        others.append({"allocation": "proportional", "take_all_share": 0.0})
    return others


def alternative_rows(table: pd.DataFrame, chosen: str) -> pd.DataFrame:
    """The other plans, named, the chosen one marked."""
    free = table.get("take_all_share", pd.Series(float("nan"), table.index)).notna()
    names = table["allocation"].map(ALLOCATIONS).mask(free, NOBODY_CERTAIN)
    ours = (table["allocation"] == chosen) & ~free
    return table.assign(label=names.mask(ours, names + " (the plan)"))


def impossible(table: pd.DataFrame) -> list[str]:
    """Which of the other plans cannot be made, and why.

    >>> impossible(pd.DataFrame({"allocation": ["neyman"], "why": ["no answers"]}))
    ['by how far answers vary (Neyman): not possible, as no answers']
    """
    return [
        f"{name[:1].lower()}{name[1:]}: not possible, as {row['why']}"
        for name, row in zip(alternative_rows(table, "")["label"], records(table), strict=True)
        if row["why"]
    ]


def exclusion_rows(found: SamplePlan) -> pd.DataFrame:
    """Who is left out and why: people for whom the reason comes first, and all it applies to."""
    counts = found.eligibility.counts
    return counts.assign(
        reason=[text[:1].upper() + text[1:] for text in counts["reason"]],
        share=counts["contacts"] / max(found.eligibility.base, 1),
    )


def command(
    client: str, settings: PlanSettings, found: SamplePlan, strata: Sequence[str], on: str
) -> str:
    """The command that writes this very list."""
    wanted = f"--margin {settings.margin:g}"
    if settings.size or not found.reached:
        wanted = f"--size {found.base}"
    parts = [
        f"handbook sample {client}", wanted, f"--take-all {settings.take_all:g}",
        f"--per-role {settings.per_role}", f"--allocation {settings.allocation}",
        f"--selection {settings.selection}",
        f"--response-rate {settings.response_rate:g}" if settings.response_rate else "",
        f"--quarantine {settings.quarantine}",
        f'--strata "{",".join(strata)}"' if strata else "", f"--on {on}",
        f"--seed {settings.seed_on(pd.Timestamp(on))}",
    ]  # fmt: skip
    return " ".join(filter(None, parts))


def drawn_rows(
    found: SamplePlan, settings: PlanSettings, on: pd.Timestamp, told: str
) -> pd.DataFrame:
    """How the list was drawn: what someone needs to draw it again, and to check it."""
    chances = found.frame["inclusion_probability"]
    rows = [
        ("Day of the invitations", f"{on:%Y-%m-%d}"),
        ("Drawn", DRAWS[found.selection]),
        ("Strata", "; ".join(_stratum(row) for row in records(found.strata))),
        ("Seed", str(settings.seed_on(on))),
        ("Inclusion probabilities", f"{percent(chances.min(), 1)} to {percent(chances.max(), 1)}"),
        ("Their sum", f"{decimal(chances.sum(), 1)}, for {count(found.base)} invited"),
        ("Design effect of unequal weights", formatter("ratio")(found.design_effect)),
        ("Command that writes the list", told),
    ]
    return pd.DataFrame(rows, columns=["what", "value"])


def _stratum(row: dict[str, object]) -> str:
    return f"{row['stratum']} {count(float(str(row['selected'])))} of {count(float(str(row['eligible'])))}"  # noqa: E501

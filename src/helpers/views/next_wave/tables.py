"""The tables of the chapter on the next wave: the steps of a plan, its groups, other plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from helpers.methods.measure import Measure
from helpers.methods.sample_design import (
    PlanSettings,
    Prospects,
    SamplePlan,
    leading_points,
    sizes_by_segment,
)
from helpers.views.next_wave.figures import unit_of
from helpers.views.rendering.naming import of_group
from helpers.views.rendering.numerals import count, decimal, formatter, percent
from helpers.views.rendering.records import records
from helpers.views.rendering.sentences import Sentence, for_analysts, show_folded
from helpers.views.rendering.tables import Column, Table, show

STEP_COLUMNS: dict[str, Column] = {"step": "Step", "shown": ("Number", "written"), "how": "How"}

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


def to_the_number(found: SamplePlan, *, margin_told: bool) -> Table:
    """How the number of invitations comes about."""
    return show(
        size_rows(found, margin_told=margin_told),
        caption="From those who may be asked to the invitations",
        columns=STEP_COLUMNS,
        note="People, where nothing else is said. Rounded up once, at the end.",
    )


def to_the_list(found: SamplePlan) -> Sentence:
    """How the number becomes a list, folded."""
    return show_folded(
        "From the number to the list",
        list_rows(found),
        caption="From the number of invitations to the list",
        columns=STEP_COLUMNS,
        note="People, where nothing else is said.",
    )


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


def size_rows(found: SamplePlan, *, margin_told: bool = True) -> pd.DataFrame:
    """The steps from those who may be asked to the number of invitations."""
    first, last = _size_steps(found)
    rows = step_rows(found).iloc[first:last].reset_index(drop=True)
    names = {} if margin_told else {"Margin asked for": "Usual margin"}
    return rows.assign(step=rows["step"].replace(names))


def list_rows(found: SamplePlan) -> pd.DataFrame:
    """The steps from the number of invitations to the list, and what to expect of it."""
    return step_rows(found).iloc[_size_steps(found)[1] :].reset_index(drop=True)


def _size_steps(found: SamplePlan) -> tuple[int, int]:
    names = found.steps["step"].tolist()
    return names.index("eligible"), names.index("can be asked")


def groups(found: Prospects, planned: SamplePlan, measure: Measure, wanted_share: float) -> Table:
    """What each group will have and would need; ``wanted_share`` as for `group_rows`."""
    unit = unit_of(measure)
    return show(
        group_rows(found, planned, measure, wanted_share),
        caption=f"Margin of the {measure.phrase} by group",
        columns={
            "label": "Group",
            "population": ("May be asked", "count"),
            "invited": ("Invited", "count"),
            "answers": ("Answers to expect", "count"),
            "margin": ("Margin, ±", unit),
            "needed": (f"Invitations for ± {wanted_share * measure.length:g}", "written"),
        },
        note="A group's own response rate of this wave, where enough of it were asked. Invited: "
        "on average over draws.",
        withheld="too few",
    )


def group_rows(
    found: Prospects, planned: SamplePlan, measure: Measure, wanted_share: float
) -> pd.DataFrame:
    """Each group with what it will have, and what a margin of its own would take.

    ``wanted_share`` is that margin, as a share of the score's scale.
    """
    groups = zip(found.table["by"], found.table["group"], strict=True)
    table = found.table.assign(label=[of_group(*group) for group in groups])
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


def alternative_rows(table: pd.DataFrame, chosen: str) -> pd.DataFrame:
    """The other plans, named, the chosen one marked."""
    free = table.get("take_all_share", pd.Series(float("nan"), table.index)).notna()
    names = table["allocation"].map(ALLOCATIONS).mask(free, NOBODY_CERTAIN)
    ours = (table["allocation"] == chosen) & ~free
    return table.assign(label=names.mask(ours, names + " (the plan)"))


def divisions(
    found: pd.DataFrame, planned: SamplePlan, measure: Measure, respondents: str
) -> Table:
    """The other plans beside each other; ``respondents`` is what answers are counted in."""
    unit = unit_of(measure)
    base = f"Base: {planned.expected.answered:,} {respondents}."
    rows = alternative_rows(found, planned.allocation.method)
    return show(
        rows[rows["why"] == ""],
        caption=f"{planned.base:,} invitations, divided in other ways",
        columns={
            "label": "Division",
            "margin": ("Margin of all, ±", unit),
            "worst": ("Widest of a group, ±", unit),
        },
        note=" ".join([f"Margins of the {measure.phrase}, in points.", base, *impossible(found)]),
    )


def impossible(table: pd.DataFrame) -> list[str]:
    """Which of the other plans cannot be made, and why.

    >>> impossible(pd.DataFrame({"allocation": ["neyman"], "why": ["no answers"]}))
    ['By how far answers vary (Neyman): not possible, as no answers.']
    """
    return [
        f"{name}: not possible, as {row['why']}."
        for name, row in zip(alternative_rows(table, "")["label"], records(table), strict=True)
        if row["why"]
    ]


def exclusions(found: SamplePlan, day: str) -> Table:
    """Who is left out, and why."""
    return show(
        exclusion_rows(found),
        caption=f"People who may not be asked on {day}",
        columns={
            "reason": "Reason",
            "contacts": ("People", "count"),
            "share": ("Of the list", "share1"),
            "with_any": ("All it applies to", "count"),
        },
        note=f"Base: {found.eligibility.base:,} people on the list. Each counts once, under the "
        "first reason that applies.",
    )


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


def drawn(found: SamplePlan, settings: PlanSettings, on: pd.Timestamp, told: str) -> Sentence:
    """How the list was drawn, with the command that writes it, folded."""
    table = show_folded(
        "How the list was drawn",
        drawn_rows(found, settings, on, told),
        caption="The draw, to be repeated and checked",
        columns={"what": "What", "value": "Value"},
        note="Everyone's chance is known before the draw; the chances sum to the number invited.",
    )
    return for_analysts(table)


def drawn_rows(
    found: SamplePlan, settings: PlanSettings, on: pd.Timestamp, told: str
) -> pd.DataFrame:
    """How the list was drawn: what someone needs to draw it again, and to check it."""
    chances = found.frame["inclusion_probability"]
    rows = {
        "Day of the invitations": f"{on:%Y-%m-%d}",
        "Drawn": DRAWS[found.selection],
        "Strata": "; ".join(_stratum(row) for row in records(found.strata)),
        "Seed": str(settings.seed_on(on)),
        "Inclusion probabilities": f"{percent(chances.min(), 1)} to {percent(chances.max(), 1)}",
        "Their sum": f"{decimal(chances.sum(), 1)}, for {count(found.base)} invited",
        "Design effect of unequal weights": formatter("ratio")(found.design_effect),
        "Command that writes the list": told,
    }
    return pd.DataFrame(rows.items(), columns=["what", "value"])


def _stratum(row: dict[str, Any]) -> str:
    return f"{row['stratum']} {count(row['selected'])} of {count(row['eligible'])}"

"""What may be quoted of a wave's scores: each, under each weighting and each way of counting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pandas as pd

from helpers.methods.measure import Measure
from helpers.methods.scorecard import Scorecard
from helpers.methods.survey import Estimands, Precision, SurveyDesign
from helpers.methods.weighting import Comparison
from helpers.results import Figure, figure
from helpers.views.rendering.declared import by_name
from helpers.views.rendering.numerals import moved_unit
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import quotable

UNWEIGHTED, OWN = "unweighted", "the client's own weight"  # names of weightings
OURS = "weighted to the customer base"
SMALL_MOVE = 0.25  # of the margin: below it, weighting hardly moves a score
COUNTED = {
    "respondents": "Each person counts",
    "accounts": "Each account that answered has one vote",
    "revenue": "Each account that answered counts by its revenue",
}


def weightings(design: SurveyDesign, own: pd.Series | None) -> dict[str, SurveyDesign]:
    """The ways in which a wave is weighted, by name: unweighted, ours, the client's own.

    >>> list(weightings(SurveyDesign([1.0, 2.0]), None))
    ['unweighted', 'weighted to the customer base']
    """
    plain = design.without("weights")
    ours = {} if design.weights is None else {OURS: design}
    return {UNWEIGHTED: plain, **ours, **({} if own is None else {OWN: plain.weighted_by(own)})}


def scores(found: Scorecard) -> dict[str, Figure]:
    """Every score under the handbook's own weights, and the first unweighted beside it."""
    ways = found.table["weighting"].unique()
    ours = next((w for w in ways if w.startswith("weighted")), ways[0])
    figures = _each(found, ours)
    return by_name(*figures, *_leading(found, figures, ours))


def _each(found: Scorecard, ours: str) -> list[Figure]:
    """Every score under our weights; unweighted and under the client's own, so named."""
    rows = {(row["measure"], row["weighting"]): row for row in records(found.table)}
    figures = []
    for (name, way), estimate in found.estimates.items():
        unit, label = rows[name, way]["unit"], rows[name, way]["label"]
        if way == ours:
            figures.append(figure(name, estimate, unit=unit, grade="C", label=label))
        suffix = {UNWEIGHTED: "unweighted", OWN: "own_weight"}.get(way)
        if suffix:
            figures.append(
                figure(f"{name}_{suffix}", estimate, unit=unit, grade="C", label=f"{label}, {way}")
            )
    return figures


def _leading(found: Scorecard, figures: Sequence[Figure], ours: str) -> list[Figure]:
    """The score that leads the page, its scale and base, and what weighting did to it."""
    first = found.table.iloc[0]
    main = next(f for f in figures if f.name == first["measure"])
    counted = partial(Figure, base=main.base)
    effective = found.estimates[(first["measure"], ours)].effective_base
    leading = [
        replace(main, name="main"),
        *quotable(main_label=first["phrase"]),
        counted("main_from", float(first["from"]), unit="decimal0", label="lowest on the scale"),
        counted("main_to", float(first["to"]), unit="decimal0", label="highest on the scale"),
        counted(
            "effective_base", effective, unit="count", label="effective base of the leading score"
        ),
    ]
    if ours != UNWEIGHTED:
        plain = next(f for f in figures if f.name == f"{main.name}_unweighted")
        leading.append(replace(plain, name="main_unweighted", verdict=_moved(plain, main)))
    return leading


def _moved(plain: Figure, weighted: Figure) -> str:
    """Whether weighting moves a score by more than a part of its margin."""
    move = abs(float(plain.value or 0) - float(weighted.value or 0))
    return "moved" if move > SMALL_MOVE * (weighted.margin or 0) else "hardly moved"


def estimands(found: Estimands, measure: Measure) -> dict[str, Figure]:
    """The leading score counted by account and by revenue, and what the largest make of it."""
    figures = [
        figure(f"main_by_{name}", one, unit=measure.unit, grade="C",
               label=f"{measure.phrase}, {COUNTED[name].lower()}")
        for name, one in found.estimates.items() if name != "respondents"
    ]  # fmt: skip
    if found.without_top is not None:
        accounts = int(found.table["accounts"].iloc[-1])
        counted = partial(Figure, base=accounts, base_unit="accounts")
        label = "share of the revenue-weighted score that the largest accounts make"
        figures += [
            counted("top_accounts_share", found.top_share, unit="share", label=label),
            counted("top_accounts_number", found.top, unit="count"),
            figure("main_without_top", found.without_top, unit=measure.unit, grade="C",
                   label=f"{measure.phrase} by revenue without the largest accounts"),
        ]  # fmt: skip
    return by_name(*figures)


def all_alike(found: Scorecard) -> list[str]:
    """Scores that everybody gave alike, of which no interval can be had."""
    names = found.table.loc[found.table["low"] == found.table["high"], "label"].drop_duplicates()
    return [f"{name}: all answers are the same, so no interval can be had" for name in names]


def precision(found: Precision, measure: Measure) -> dict[str, Figure]:
    """The margin used beside the textbook's; nothing where every answer is the same."""
    if not found.table["margin"].iloc[0] > 0:
        return {}
    counted = partial(Figure, base=found.base)
    used = found.table.loc[found.table["used"], "margin"].iloc[0]
    return by_name(
        counted("margin_used", float(used), unit=measure.unit, label="margin of the leading score"),
        counted("margin_simple", float(found.table["margin"].iloc[0]), unit=measure.unit,
                label="margin that a textbook formula would give"),
        counted("understated", found.understated, unit="decimal1", verdict=found.verdict,
                label="margin used, in times the textbook's"),
    )  # fmt: skip


def comparison(found: Comparison, measure: Measure) -> dict[str, Figure]:
    """How far the client's own weight moves the score, and through which group most."""
    counted = partial(Figure, base=found.base)
    most = found.table.iloc[0]
    return by_name(
        counted("own_weight_moves", found.difference, unit=moved_unit(measure.unit),
                label="the client's own weight less ours"),
        *quotable(own_weight_group=str(most["group"])),
        counted("own_weight_group_moves", float(most["moves"]), unit=moved_unit(measure.unit),
                label="of it, through one group"),
        Figure("own_weight_mean", float(most["other_mean_weight"]), unit="ratio",
               base=int(most["respondents"]), label="mean weight there, the client's own"),
        Figure("own_weight_largest", float(most["other_largest"]), unit="ratio",
               base=int(most["respondents"]), label="largest weight there, the client's own"),
        Figure("own_weight_at_largest", int(most["at_largest"]), unit="count",
               base=int(most["respondents"]), label="people who carry it"),
        Figure("our_weight_mean", float(most["mean_weight"]), unit="ratio",
               base=int(most["respondents"]), label="mean weight there, ours"),
    )  # fmt: skip

"""What may be quoted of a wave's scores: each, under each weighting and each way of counting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pandas as pd

from helpers.methods.measure import Measure
from helpers.methods.scorecard import Scorecard
from helpers.methods.survey.estimands import Estimands
from helpers.methods.survey.precision import Precision
from helpers.methods.weighting import Comparison
from helpers.results import Figure, figure
from helpers.views.rendering.numerals import formatter, moved_unit, span
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import quotable

__all__ = [
    "all_alike",
    "comparison",
    "comparison_rows",
    "estimand_rows",
    "estimands",
    "first_measure",
    "precision",
    "precision_rows",
    "score_rows",
    "scores",
    "weighting_title",
]

SMALL_MOVE = 0.25  # of the margin: below it, weighting hardly moves a score
COUNTED = {
    "respondents": "Each person counts",
    "accounts": "Each account that answered has one vote",
    "revenue": "Each account that answered counts by its revenue",
}


def _named(*figures: Figure) -> dict[str, Figure]:
    return {f.name: f for f in figures}


def scores(found: Scorecard) -> dict[str, Figure]:
    """Every score under the handbook's own weights, and the first as answered beside it."""
    ways = found.table["weighting"].unique()
    ours = next((w for w in ways if w.startswith("weighted")), ways[0])
    figures = _each(found, ours)
    return _named(*figures, *_leading(found, figures, ours))


def _each(found: Scorecard, ours: str) -> list[Figure]:
    """Every score under our weights; as answered and under the client's own, so named."""
    rows = {(row["measure"], row["weighting"]): row for row in records(found.table)}
    figures = []
    for (name, way), estimate in found.estimates.items():
        unit, label = rows[name, way]["unit"], rows[name, way]["label"]
        if way == ours:
            figures.append(figure(name, estimate, unit=unit, grade="C", label=label))
        suffix = {"as answered": "unweighted", "the client's own weight": "own_weight"}.get(way)
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
    if ours != "as answered":
        plain = next(f for f in figures if f.name == f"{main.name}_unweighted")
        moved = abs(float(plain.value or 0) - float(main.value or 0))
        name = "main_unweighted" if moved > SMALL_MOVE * (main.margin or 0) else "main_unmoved"
        leading.append(replace(plain, name=name))
    return leading


def first_measure(found: Scorecard) -> pd.DataFrame:
    """The rows of the score that leads the page, one a weighting."""
    return found.table[found.table["measure"] == found.table["measure"].iloc[0]]


def score_rows(found: Scorecard) -> pd.DataFrame:
    """Every score written in its own unit."""
    table = found.table
    return table.assign(
        shown=[formatter(r["unit"])(r["value"]) for r in records(table)],
        range=[span(r["low"], r["high"], r["unit"]) for r in records(table)],
    )


def weighting_title(found: Scorecard) -> str:
    """The leading score under each weighting, in a line."""
    rows = first_measure(found)
    shown = [f"{formatter(row['unit'])(row['value'])} {row['weighting']}" for row in records(rows)]
    return f"{rows['label'].iloc[0]}: {'; '.join(shown)}"


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
    return _named(*figures)


def estimand_rows(found: Estimands, unit: str) -> pd.DataFrame:
    """Each way of counting as a reader would name it, written in the score's unit."""
    table = found.table
    return table.assign(
        way=table["estimand"].map(COUNTED),
        shown=[formatter(unit)(value) for value in table["value"]],
        range=[span(row["low"], row["high"], unit) for row in records(table)],
    )


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
    return _named(
        counted("margin_used", float(used), unit=measure.unit, label="margin of the leading score"),
        counted("margin_simple", float(found.table["margin"].iloc[0]), unit=measure.unit,
                label="margin that a textbook formula would give"),
        counted("understated", found.understated, unit="decimal1",
                label="margin used, in times the textbook's"),
    )  # fmt: skip


def precision_rows(found: Precision, unit: str) -> pd.DataFrame:
    """Each step with its interval, the one that pages quote marked."""
    table = found.table
    return table.assign(
        allows_for=table["allows_for"].str.replace("^that", "and that", regex=True),
        range=[span(row["low"], row["high"], unit) for row in records(table)],
        shown=["± " + formatter(unit)(margin) for margin in table["margin"]],
        quoted=["this one" if used else "" for used in table["used"]],
    )


def comparison(found: Comparison, measure: Measure) -> dict[str, Figure]:
    """How far the client's own weight moves the score, and through which group most."""
    counted = partial(Figure, base=found.base)
    most = found.table.iloc[0]
    return _named(
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


def comparison_rows(found: Comparison, unit: str) -> pd.DataFrame:
    """Where two weightings differ, the value of each group written in the score's unit."""
    table = found.table
    return table.assign(shown=[formatter(unit)(value) for value in table["value"]])

"""What was planted in a simulated client, beside what the handbook found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from scipy.stats import binom

from helpers.results import ChapterResult, Figure
from helpers.views.rendering.naming import plain
from helpers.views.rendering.records import records
from helpers.views.rendering.sentences import written

BY_ROW = {  # measure: the table and its key; value and interval in it; unit
    "effect": ("drivers", "driver", ("effect", "effect_low", "effect_high"), "decimal2"),
    "share": ("drivers", "driver", ("share", "low", "high"), "share"),
    "mean": ("drivers", "driver", ("mean", "mean_low", "mean_high"), "scale"),
    "slope": ("effects", "metric", ("slope", "low", "high"), "decimal3"),
    "knee": ("knees", "metric", ("knee", "knee_low", "knee_high"), "decimal0"),
    "gain": ("candidates", "action_id", ("gain", "low", "high"), "money:USD"),
    "gap": ("gaps", "driver", ("gap", "gap_low", "gap_high"), "scale"),
    "beyond": ("knees", "metric", ("above", "above_low", "above_high"), "decimal3"),
}


def planted(folder: Path) -> pd.DataFrame:
    """The truths of a simulated client: name, chapter, figure, truth, note."""
    record = json.loads((folder / "truths.json").read_text(encoding="utf-8"))
    return pd.DataFrame(record["truths"])


def compared(truths: pd.DataFrame, results: Mapping[str, ChapterResult]) -> pd.DataFrame:
    """Each truth that a chapter has a figure for, and whether its interval holds it.

    Where nothing was planted, as no driver in a world without effects, there is nothing to hold.

    Returns
    -------
    DataFrame
        chapter, meaning, truth, found, verdict; the truth written in the figure's unit.
    """
    rows = []
    for row in records(truths[truths["figure"].notna() & truths["truth"].notna()]):
        result = results.get(row["chapter"])
        figure = _figure(result, row["figure"]) if result else None
        if figure is None or figure.value is None:
            continue
        truth = _as_stated(row, result)
        rows.append(
            {
                "chapter": plain(row["chapter"]),
                "meaning": f"{row['figure'].replace('_', ' ')}: {row['note']}",
                "truth": _written(truth, figure),
                "found": written(figure),
                "verdict": _verdict(truth, figure),
            }
        )
    return pd.DataFrame(rows, columns=["chapter", "meaning", "truth", "found", "verdict"])


MISSING = 0.05  # of intervals at 95 %, as chapters make them, that do not hold the truth
PER_TEN = "_per_10"  # how a truth that is planted for ten points is named


def _as_stated(row: Mapping[str, Any], result: ChapterResult | None) -> object:
    """A truth for the points that the chapter states its effect for, the slope being one.

    >>> five = ChapterResult("linkage", {"per": Figure("per", 5.0)})
    >>> _as_stated({"name": "retained_per_10", "truth": 4.0}, five)
    2.0
    """
    per = None if result is None else result.figures.get("per")
    if not str(row["name"]).endswith(PER_TEN) or per is None or per.value is None:
        return row["truth"]
    return float(row["truth"]) * float(per.value) / 10


def _figure(result: ChapterResult, name: str) -> Figure | None:
    """A figure by name; what a chapter has by driver, or by measure, in a table.

    >>> table = pd.DataFrame({"driver": ["ease"], "effect": 1.2, "effect_low": 1.0,
    ...                       "effect_high": 1.4})
    >>> _figure(ChapterResult("drivers", {}, {"drivers": table}), "effect_ease").value
    1.2
    """
    measure, _, driver = name.partition("_")
    made, key, columns, unit = BY_ROW.get(measure, ("", "", (), ""))
    table = result.tables.get(made)
    if name in result.figures or table is None:
        return result.figures.get(name)
    found = table.loc[table[key] == driver, list(columns)].dropna()
    if found.empty:
        return None
    value, low, high = (float(number) for number in found.iloc[0])
    return Figure(name, value, low, high, unit=unit)


def _written(truth: object, figure: Figure) -> str:
    if figure.unit == "text":
        return str(truth)
    return written(Figure(figure.name, float(str(truth)), unit=figure.unit))


def _verdict(truth: object, figure: Figure) -> str:
    if figure.unit == "text":
        return "the same" if str(truth) == str(figure.value) else "another"
    if figure.low is None or figure.high is None:
        return "no interval"
    return "inside" if figure.low <= float(str(truth)) <= figure.high else "outside"


def counts(table: pd.DataFrame) -> dict[str, Figure]:
    """How many truths had an interval to fall into, how many did, and what chance would do.

    >>> found = counts(pd.DataFrame({"verdict": ["inside"] * 37 + ["outside"] * 3}))
    >>> found["expected"].value, round(found["by_chance"].value, 2)
    (2.0, 0.32)
    """
    judged = int(table["verdict"].isin(["inside", "outside"]).sum())
    inside = int((table["verdict"] == "inside").sum())
    counted = partial(Figure, unit="count", base=judged, base_unit="truths")
    as_many = float(binom.sf(judged - inside - 1, judged, MISSING))
    return {
        "judged": counted("judged", judged),
        "inside": counted("inside", inside),
        "outside": counted("outside", judged - inside),
        "expected": counted("expected", judged * MISSING, unit="decimal1"),
        "by_chance": counted("by_chance", as_many, unit="share"),
    }

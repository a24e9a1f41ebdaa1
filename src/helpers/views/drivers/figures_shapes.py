"""What the drivers chapter may quote of shapes, places, potential and segments."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from helpers.methods.drivers import Asymmetry, Curves, Positions, Potential, Segments, Stated
from helpers.results import Figure
from helpers.views.rendering.declared import by_name
from helpers.views.rendering.naming import Labels, plain
from helpers.views.rendering.naming import named as relabelled
from helpers.views.rendering.rules import listed, quotable

SIDES = ("floors", "delighters")
SLOPES = ("threshold", "below", "above")  # of a curve: columns with their intervals
MOST_UNLIKE = 2  # segments: the one with the smallest effect and the one with the largest


def _texts(**named: list[str]) -> dict[str, Figure]:
    """Lists of drivers as text; those that are empty are not there."""
    there = {name: listed(names) for name, names in named.items() if names}
    return {f.name: f for f in quotable(**there)}


def _where(table: pd.DataFrame, column: str, value: str, labels: Labels) -> list[str]:
    return relabelled(table.loc[table[column] == value, "driver"], labels)


def shapes(found: Asymmetry, labels: Labels, curves: Curves | None = None) -> dict[str, Figure]:
    """Which drivers are clearly floors, which delighters, and how many were judged.

    With ``curves``: also those that bend there without clearly being either.
    """
    sure = found.table[found.table["sure"]]
    classes = {f"{name}s": _where(sure, "class", name, labels) for name in ("floor", "delighter")}
    if curves is not None:
        known = set(sure["driver"])
        classes["bend_beside"] = [
            labels.get(name, name) for name in curves.bends if name not in known
        ]
    kinds = [kind for kind in SIDES if classes[kind]]
    verdict = "both" if len(kinds) == len(SIDES) else kinds[0] if kinds else "none"
    judged = Figure(
        "shapes_judged", len(found.table), unit="count", base=found.base, verdict=verdict
    )
    counts = [
        Figure(f"{kind}_count", len(classes[kind]), unit="count", base=found.base) for kind in SIDES
    ]
    return by_name(judged, *counts) | _texts(**classes)


def bends(found: Curves, labels: Labels, unit: str) -> dict[str, Figure]:
    """Which curves bend, and where; of one alone also the effect of a point on either side."""
    bent = found.table[found.table["threshold"].notna()]
    verdict = "none" if bent.empty else "several" if len(bent) > 1 else bent["shape"].iloc[0]
    figures = {
        "curves": Figure("curves", len(found.table), unit="count", base=found.base),
        "bends": Figure("bends", len(bent), unit="count", base=found.base, verdict=verdict,
                        p=found.p, label="drivers whose effect bends"),
    }  # fmt: skip
    if len(bent) != 1:
        for name, shape in (("levelling", "levels off"), ("taking", "takes off")):
            there = bent[bent["shape"] == shape]
            figures |= _texts(**{name: [
                f"{labels.get(row['driver'], row['driver'])} at {bend_where(row)}"
                for _, row in there.iterrows()
            ]})  # fmt: skip
        return figures
    return figures | _one_bend(bent.iloc[0], labels, unit)


def _one_bend(row: pd.Series, labels: Labels, unit: str) -> dict[str, Figure]:
    """Where the only curve that bends does, and the effect of a point on either side."""
    name = labels.get(row["driver"], row["driver"])
    bend = partial(Figure.from_row, row=row, grade="C")
    ends = {column: (column, f"{column}_low", f"{column}_high") for column in SLOPES}
    return _texts(bend_driver=[name], bend_where=[bend_where(row)]) | by_name(
        bend("bend_at", columns=ends["threshold"], unit="decimal1",
             label="rating at which the curve bends"),
        bend("bend_below", columns=ends["below"], unit=unit,
             label="effect of a point below the bend"),
        bend("bend_above", columns=ends["above"], unit=unit,
             label="effect of a point above the bend"),
    )  # fmt: skip


def _point(row: pd.Series, rating: float) -> str:
    """A point of the scale; at the end of what could be tried, it may lie beyond.

    >>> _point(pd.Series({"tried_low": 5.0, "tried_high": 9.0}), 5.0)
    '5 or lower'
    """
    beyond = {row["tried_low"]: " or lower", row["tried_high"]: " or higher"}
    return f"{rating:.4g}{beyond.get(rating, '')}"


def bend_where(row: pd.Series) -> str:
    """Where a curve bends, with its interval.

    >>> ends = {"threshold": 5.0, "threshold_low": 5.0, "threshold_high": 8.0}
    >>> bend_where(pd.Series(ends | {"tried_low": 5.0, "tried_high": 9.0}))
    '5 or lower (at most 8)'
    >>> bend_where(pd.Series(ends | {"threshold": 6.0, "tried_low": 3.0, "tried_high": 9.0}))
    '6 (5 to 8)'
    """
    at, low, high = (row[f"threshold{end}"] for end in ("", "_low", "_high"))
    where = _point(row, at)
    if at == low == row["tried_low"]:
        return where if high == at else f"{where} (at most {_point(row, high)})"
    if at == high == row["tried_high"]:
        return where if low == at else f"{where} (at least {_point(row, low)})"
    return f"{where} ({_point(row, low)} to {_point(row, high)})"


def said(found: Stated, labels: Labels) -> dict[str, Figure]:
    """Drivers by what customers say and what their loyalty depends on, where that is clear."""
    cells = {
        "agreed": "both", "hidden": "derived only", "entry": "stated only", "neither": "neither"
    }  # fmt: skip
    figures = _texts(**{k: _where(found.table, "cell", v, labels) for k, v in cells.items()})
    unsure = int((found.table["cell"] == "unclear").sum())
    verdict = "none placed" if unsure == len(found.table) else "some placed"
    unplaced = Figure("unplaced", unsure, unit="count", base=found.base, verdict=verdict)
    return figures | {"unplaced": unplaced}


def lifted(
    found: Potential, labels: Labels, unit: str, clear: Collection[str] | None = None
) -> dict[str, Figure]:
    """What lifting every low rating of a driver is linked to, where clearly above zero.

    The largest such potential of a driver that is ``clear``; where none is, the largest of
    the others, marked as not clear. Without ``clear`` every interval is taken as it is.
    """
    tried = Figure("lifts_tried", len(found.table), unit="count", base=found.base, verdict="none")
    above = found.table[found.table["low"] > 0]
    sure = above if clear is None else above[above["driver"].isin(clear)]
    if above.empty or (sure.empty and clear):
        return {"lifts_tried": tried}
    row = (above if sure.empty else sure).iloc[0]
    verdict = "not clear" if sure.empty else "clear"
    return _lift(row, replace(tried, verdict=verdict), labels, unit)


def whole(*points: float) -> str:
    """The unit of points of a scale: whole ones, but for those between no and yes.

    >>> whole(8.0, 4.0), whole(8.0, 0.8)
    ('decimal0', 'decimal1')
    """
    return "decimal0" if all(float(point).is_integer() for point in points) else "decimal1"


def _lift(row: pd.Series, tried: Figure, labels: Labels, unit: str) -> dict[str, Figure]:
    lift = partial(Figure.from_row, row=row, grade="C")
    return by_name(
        tried,
        *quotable(lift_driver=labels.get(row["driver"], row["driver"])),
        lift("lift", columns=("potential", "low", "high"), unit=unit,
             label="improvement potential"),
        lift("lift_target", columns=["target"], unit=whole(row["target"]), label="rating aimed at"),
        lift("lift_reach", columns=["reach"], unit="share", label="ratings below the target"),
        lift("lift_headroom", columns=["headroom"], unit="scale", label="points they lack"),
        lift("lift_first", columns=["first"], unit="share",
             label="how often this potential is the largest"),
    )  # fmt: skip


def placed(
    found: Positions, labels: Labels, clear: Collection[str] | None = None
) -> dict[str, Figure]:
    """Drivers whose place hangs on where the lines are drawn.

    Those clearly to improve are apart from those whose effect is not ``clear``: a large share
    and a low rating alone are no reason to begin there.
    """
    firm = found.summary[found.summary["quadrant"] != "depends"]
    low = firm[firm["quadrant"] == "improve"]["driver"]
    chosen = [d for d in low if clear is None or d in clear]
    figures = _texts(
        improve=relabelled(chosen, labels),
        improve_not_clear=relabelled([d for d in low if d not in chosen], labels),
    )
    verdict = "clear" if chosen else "not clear"
    verdict = "none" if low.empty else "in part" if 0 < len(chosen) < len(low) else verdict
    for name, number, told in (
        ("placed_firm", len(firm), verdict), ("placed_of", len(found.summary), "")
    ):  # fmt: skip
        figures[name] = Figure(name, number, unit="count", base=found.base, verdict=told)
    return figures


def segments(found: Segments, labels: Labels, unit: str, smallest: int = 0) -> dict[str, Figure]:
    """How many tests were made, how many find a difference, and the clearest one."""
    verdict = "none shown" if found.different.empty else "differ"
    counted = partial(Figure, unit="count", base=found.base)
    figures = [
        counted("segment_tests", len(found.tests)),
        counted(
            "segment_differences",
            len(found.different),
            verdict=verdict,
            p=found.p,
            label="drivers that matter more in a segment",
        ),
    ]
    seen = float(found.tests["seen"].fillna(np.inf).median())
    if np.isfinite(seen):
        label = "difference that a typical test finds four times in five"
        figures += [Figure("segment_seen", seen, unit=unit, base=found.base, label=label)]
    return by_name(*figures) | _clearest(found, labels, unit, smallest)


def _clearest(found: Segments, labels: Labels, unit: str, smallest: int) -> dict[str, Figure]:
    """The clearest difference, by the segments with the smallest and the largest effect."""
    if found.different.empty:
        return {}
    first = found.different.iloc[0]
    there = (found.table["by"] == first["by"]) & (found.table["driver"] == first["driver"])
    ends = found.table[there & (found.table["base"] >= smallest)].sort_values("effect")
    if len(ends) < MOST_UNLIKE:
        return {}
    least, most = ends.iloc[0], ends.iloc[-1]
    names = {"segment_driver": first["driver"], "segment_by": first["by"]}
    texts = {name: labels.get(value, plain(value)) for name, value in names.items()}
    effect = partial(Figure.from_row, columns=("effect", "low", "high"), unit=unit, grade="C",
                     label="effect of a point in the segment")  # fmt: skip
    return by_name(
        *quotable(**texts, segment_least=str(least["segment"]), segment_most=str(most["segment"])),
        effect("segment_least_effect", least),
        effect("segment_most_effect", most),
    )


def reasons(dropped: Mapping[str, str], labels: Labels) -> list[str]:
    """Why drivers or segments are left out, each under its label.

    >>> reasons({"ease": "the same answers as 'speed'"}, {"ease": "Ease of use", "speed": "Speed"})
    ['Ease of use: the same answers as “Speed”']
    """
    return [
        f"{labels.get(name, name)}: {why}"
        for name, why in zip(dropped, named(dropped.values(), labels), strict=True)
    ]


def named(lines: Iterable[str], labels: Labels) -> list[str]:
    """Lines of a method with the labels of what it quotes by variable.

    >>> named(["'ease' follows from 'speed'"], {"ease": "Ease of use"})
    ["“Ease of use” follows from 'speed'"]
    """
    return [
        re.sub(r"'([^']+)'", lambda m: f"“{labels[m[1]]}”" if m[1] in labels else m[0], line)
        for line in lines
    ]

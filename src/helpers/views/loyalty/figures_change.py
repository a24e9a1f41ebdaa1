"""What the loyalty chapter may quote of changes: scores, their parts, moves between segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from helpers.methods.loyalty import Change, Transitions, Trend
from helpers.methods.measure import Measure
from helpers.results import Figure
from helpers.views.loyalty import sentences_change as words
from helpers.views.rendering.attempts import Attempt
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import quotable

__all__ = [
    "also_changed", "answered", "changes", "in_points", "main_change", "moves", "split",
    "step_figure",
]  # fmt: skip


def in_points(measure: Measure) -> tuple[float, str]:
    """How a change of the score is written: shares in percentage points."""
    if measure.unit == "share":
        return 100.0, "points"
    return 1.0, "scale" if measure.unit == "scale" else "points"


def step_figure(name: str, step: pd.Series, measure: Measure, label: str = "") -> Figure:
    """A change of the trend as a figure, in the unit it is written in."""
    return _figure(name, step, measure, label, ("value", "low", "high"))


def answered(name: str, step: pd.Series, measure: Measure, label: str = "") -> Figure | None:
    """The same change as answered; ``None`` where it is not weighted."""
    if not step["weighted"]:
        return None
    ends = ("answered", "answered_low", "answered_high")
    return _figure(name, step, measure, f"{label}, as answered", ends)


def _figure(
    name: str, step: pd.Series, measure: Measure, label: str, ends: tuple[str, str, str]
) -> Figure:
    scale, unit = in_points(measure)
    value, low, high = (float(step[end]) * scale for end in ends)
    return Figure(name, value, low, high, unit, int(step["base"]), grade="C", label=label)


def main_change(found: Trend, lead: Measure, wave: str, before: str) -> dict[str, Figure]:
    """The change of the leading score, its interval wide enough for all changes on the page."""
    step = found.last(lead.name, wave)
    figures: dict[str, Figure] = {}
    if step is not None and step["before"] == before:
        label = f"change of the {lead.phrase}"
        figures |= _both("main_change", step, lead, label) | _named(*quotable(before_wave=before))
    whole = found.whole(lead.name)
    if whole is not None:
        label = f"change of the {lead.phrase} over all waves"
        texts = {"first_wave": str(whole["before"]), "last_wave": str(whole["wave"])}
        figures |= _both("whole_change", whole, lead, label) | _named(*quotable(**texts))
    return figures


def _both(name: str, step: pd.Series, measure: Measure, label: str) -> dict[str, Figure]:
    plain = answered(f"{name}_answered", step, measure, label)
    return _named(step_figure(name, step, measure, label), *([] if plain is None else [plain]))


def also_changed(
    found: Trend, chosen: Sequence[Measure], lead: Measure, wave: str, before: str, smallest: float
) -> dict[str, Figure]:
    """Every other score of the scorecard that surely rose or fell, by the rule of the answer."""
    figures: dict[str, Figure] = {}
    for measure in chosen:
        step = found.last(measure.name, wave)
        if measure.name == lead.name or step is None or step["before"] != before:
            continue
        name, label = f"{words.CHANGED}{measure.name}", f"change of the {measure.phrase}"
        moved, plain = step_figure(name, step, measure, label), answered(name, step, measure)
        matters = smallest * measure.length * in_points(measure)[0]
        if words.verdict(moved, matters, plain) in (words.ROSE, words.FELL):
            figures |= _named(moved, *quotable(**{f"{name}{words.LABEL}": measure.phrase}))
    return figures


def split(
    found: Change, measure: Measure, before: str, step: pd.Series | None = None
) -> dict[str, Figure]:
    """The change of a score since the wave before, and its parts.

    ``step`` is the same change in the trend: its interval, wide enough for all changes on the
    page, is then that of the whole.
    """
    name = f"{'loyalty' if measure.name == 'loyalty_index' else measure.name}_change"
    scale, unit = in_points(measure)
    counted = partial(Figure, unit=unit, grade="C")
    low, high = whole_interval(found, step)
    whole = counted(
        name, found.value * scale, low * scale, high * scale, base=found.base,
        label=f"change of the {measure.phrase}",
    )  # fmt: skip
    parts = [
        counted(
            f"{name}_{row['part']}", *_scaled(row, scale),
            base=int(row["base"]), label=row["label"].lower(), withheld=FEW * bool(row["withheld"]),
        )
        for row in records(found.table)
        if row["accounts"] > 0
    ]  # fmt: skip
    return _named(whole, *parts, *quotable(before_wave=before))


def whole_interval(found: Change, step: pd.Series | None) -> tuple[float, float]:
    """The interval of a whole change: that of the trend, where it holds the same change."""
    if step is not None and abs(float(step["value"]) - found.value) < SAME:
        return float(step["low"]), float(step["high"])
    return found.low, found.high


def _scaled(row: Mapping[str, Any], scale: float) -> list[float | None]:
    """A part with its interval; nothing where it is withheld."""
    ends = [row[end] for end in ("value", "low", "high")]
    return [None if row["withheld"] else float(end) * scale for end in ends]


FEW = "it rests on few answers, or would give such a part away"
SAME = 1e-6  # two ways to the same weighted change agree within it


def changes(
    found: Mapping[str, Attempt[Change]],
    chosen: Sequence[Measure],
    lead: Measure,
    before: str,
    moved: Trend | None,
    wave: str,
) -> dict[str, Figure]:
    """The changes of the leading score, of the index and of the net promoter score, in parts."""
    quoted = {"loyalty_index", "nps", lead.name}
    figures: dict[str, Figure] = {}
    for measure in chosen:
        if measure.name in quoted and measure.name in found:
            step = None if moved is None else moved.last(measure.name, wave)
            figures |= found[measure.name].figures(split, measure, before, step)
    return figures


def moves(found: Transitions) -> dict[str, Figure]:
    """How many changed segment, how many would have without any true change, and the excess."""
    counted = partial(Figure, unit="share", base=found.base, grade="C")
    labels = {
        "moved": "share that changed segment",
        "expected": "share that would have without any true change",
    }
    figures = [
        Figure("moved_seen", found.seen, unit="count", label="people heard in both waves"),
        Figure("moved_placed", found.base, unit="count", label="people placed in both waves"),
    ]
    for name, label in labels.items():
        row = found.measure(name)
        figure_name = "moved" if name == "moved" else "moved_by_chance"
        figures.append(counted(figure_name, row["value"], row["low"], row["high"], label=label))
    row = found.measure("excess")
    points = (float(row["value"]) * 100, float(row["low"]) * 100, float(row["high"]) * 100)
    excess = Figure("moved_excess", *points, "points", found.base, grade="C",
                    label="percentage points moved beyond chance")  # fmt: skip
    seen = words.as_written(excess)
    above, below = float(seen.low or 0) > 0, float(seen.high or 0) < 0
    sure = "moved_truly" if above else "moved_too_few" if below else "moved_no_more"
    return _named(*figures, excess, *quotable(**{sure: "yes"}))


def _named(*figures: Figure) -> dict[str, Figure]:
    return {f.name: f for f in figures}

"""The pictures of customer focus: the quadrant, and what records say beside what customers see."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.methods.focus import FocusIndex, Quadrant, Score
from helpers.views.alignment.tables_focus import PARTS, PLACES
from helpers.views.rendering.chart import Chart, corners, dashed, is_narrow, plot
from helpers.views.rendering.intervals import estimate, interval_dots
from helpers.views.rendering.palette import ACCENT, INK, SMALL
from helpers.views.rendering.rows import number_axis
from helpers.views.rendering.sentences import Sentence, notes

SIDES = {"recorded": ("on record", "base"), "perceived": ("as customers see it", "respondents")}


def place(found: Quadrant, *, title: str) -> Chart:
    """Draw asking on record against acting as customers see it, each with its interval."""
    asks, acts = found.asks, found.acts
    named = {"asking on record": asks, "acting as customers see it": acts}
    told = [f"{name} {estimate(s.value, s.low, s.high, 'index')}" for name, s in named.items()]
    return Chart(
        partial(_place, found=found),
        title,
        f"{title}: {'; '.join(told)}.",
        f"Cross: both intervals. Dashed: the cut, {found.cut:g} of 100 on both axes. Base: "
        f"{asks.base:,} {asks.base_unit}, {acts.base:,} {acts.base_unit}.",
        "focus_quadrant",
    )


def _place(figure: Figure, width: float, found: Quadrant) -> None:
    narrow = is_narrow(width)
    ax = plot(figure, width, (2.8, 3.0))
    ax.set(xlim=(0, 100), ylim=(0, 100))
    dashed(ax, x=found.cut, y=found.cut)
    _cross(ax, found.asks, found.acts)
    number_axis(ax, "decimal0", "Asking on record, 0 to 100", narrow=narrow)
    number_axis(ax, "decimal0", "Seen to act, 0 to 100", narrow=narrow, axis="y")
    texts = [PLACES[name] for name in ("acts unasked", "customer-focused", "neither",
                                       "lip service")]  # fmt: skip
    corners(ax, texts, (0.015, 0.02), fontsize=SMALL, color=INK, weight="bold", zorder=5)


def _cross(ax: Axes, asks: Score, acts: Score) -> None:
    line: dict[str, Any] = {"color": ACCENT, "linewidth": 1.8, "zorder": 3}
    ax.plot([asks.low, asks.high], [acts.value, acts.value], **line)
    ax.plot([asks.value, asks.value], [acts.low, acts.high], **line)
    ax.plot([asks.value], [acts.value], "o", color=ACCENT, markersize=7, zorder=4)


def parts(found: FocusIndex, *, title: str) -> Chart | Sentence:
    """Draw each part on record, and beneath it as customers see it."""
    rows = [
        {"name": f"{PARTS[str(row['part'])]}, {said}", "value": row[side],
         "low": row[f"{side}_low"], "high": row[f"{side}_high"], "base": row[base]}
        for _, row in found.table.iterrows()
        for side, (said, base) in SIDES.items()
        if not pd.isna(row[side])
    ]  # fmt: skip
    if not rows:
        return notes("Nothing is known of asking, acting and telling")
    return interval_dots(
        pd.DataFrame(rows), label="name", base="base", unit="index", title=title,
        axis="Score, 0 to 100", name="focus_parts",
        note="Lines are intervals; n: on record the smallest base of what the part is made of, "
        "as customers see it the people who answered.",
    )  # fmt: skip

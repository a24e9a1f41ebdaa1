"""The pictures of the cycle chapter: predictions against what came, and the cycle itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from helpers.results import Figure
from helpers.views.cycle.tables import FEWEST, STATIONS, station
from helpers.views.rendering.chart import Chart, clean, is_narrow, wrapped
from helpers.views.rendering.intervals import estimate, listed
from helpers.views.rendering.numerals import MISSING, formatter
from helpers.views.rendering.palette import ACCENT, CONTRAST, INK, LINE, MUTED, PALE, SMALL, TEXT
from helpers.views.rendering.records import records
from helpers.views.rendering.rows import Rows, guides, row_axes
from helpers.views.rendering.sentences import Sentence, notes

MOST = 16  # predictions drawn
REACH = 3.5  # half widths of a range at which the picture ends
MOST_LINES = 3  # of what a station counts
GRID = {True: (2, 3), False: (3, 2)}  # columns and rows of the cycle, on a phone and on a page


def held(rows: pd.DataFrame, *, title: str) -> Chart | Sentence:
    """Draw each prediction's range with what came, all ranges of one width.

    A line says so where nothing came yet.

    Parameters
    ----------
    rows
        label, unit, predicted, low, high, actual, actual_low, actual_high, state.
    """
    if rows.empty:
        return notes("No earlier prediction is both due and measured")
    shown = rows.head(MOST)
    told = [
        f"{row['label']} came {_written(row['actual'], row)}, predicted "
        f"{estimate(row['predicted'], row['low'], row['high'], row['unit'])}"
        for row in records(shown)
    ]
    off = (shown["actual"] - (shown["low"] + shown["high"]) / 2).abs()
    beyond = (off > REACH * (shown["high"] - shown["low"]) / 2).any()
    return Chart(
        partial(_held, rows=shown),
        title,
        f"{title}: {listed(told)}.",
        "Bars: predicted ranges, each drawn as wide as the others. Dots: what came, with its own "
        f"interval; orange is outside.{' Arrows: beyond the picture.' if beyond else ''}",
        "held",
    )


def _written(value: float, row: Mapping[str, object]) -> str:
    return formatter(str(row["unit"]))(value)


def _held(figure: Drawing, width: float, rows: pd.DataFrame) -> None:
    texts = [("came", [_written(row["actual"], row) for row in records(rows)])]
    (ax,) = row_axes(figure, Rows([clean(label) for label in rows["label"]], texts), width)
    guides(ax, len(rows))
    for place, row in enumerate(records(rows)):
        ax.plot([-1, 1], [place, place], color=PALE, linewidth=9, zorder=2)
        middle, half = (row["low"] + row["high"]) / 2, (row["high"] - row["low"]) / 2 or 1.0
        ends = [(row[n] - middle) / half for n in ("actual_low", "actual", "actual_high")]
        _came(ax, place, ends, inside=row["state"] == "inside")
    ax.set_xlim(-REACH, REACH)
    ax.set_xticks([-1, 0, 1], ["low", "middle", "high"])
    ax.set_xlabel("of the predicted range")


def _came(ax: Axes, place: int, ends: list[float], *, inside: bool) -> None:
    colour = ACCENT if inside else CONTRAST
    low, value, high = (float(np.clip(end, -REACH, REACH)) for end in ends)
    ax.plot([low, high], [place, place], color=colour, linewidth=1.8, zorder=3)
    beyond = abs(ends[1]) > REACH
    mark = ("<" if ends[1] < 0 else ">") if beyond else "o"
    ax.plot([value], [place], mark, color=colour, markersize=7, zorder=4, clip_on=False)


def ring(figures: Mapping[str, Figure], *, title: str) -> Chart | Sentence:
    """Draw the virtuous cycle, each station with the client's own number.

    A line says so where these data hold too few of them to be a cycle.
    """
    numbers = {step: station(figures, names) for step, _, names in STATIONS}
    told = [f"{step} {numbers[step]} {what}" for step, what, _ in STATIONS
            if numbers[step] != MISSING]  # fmt: skip
    if len(told) < FEWEST:
        return notes("Drawn as a cycle once invitations, actions and promises are sent")
    return Chart(
        partial(_ring, numbers=numbers),
        title,
        f"{title}: {listed(told)}.",
        "Each step leads to the next, and the last back to the first. A dash: these data do not "
        "hold it.",
        "ring",
    )


def _ring(figure: Drawing, width: float, numbers: Mapping[str, str]) -> None:
    narrow = is_narrow(width)
    columns, lines = GRID[narrow]
    figure.set_size_inches(width, 1.35 * lines + 0.1)
    ax = figure.add_subplot()
    ax.set(xlim=(0, columns), ylim=(0, lines))
    ax.axis("off")
    places = _clockwise(columns, lines)
    size = (0.74, 0.66)  # of a station, in parts of its field
    for place, (step, what, _) in zip(places, STATIONS, strict=True):
        inside = size[0] * width / columns * 0.88
        told = wrapped(figure, what, inside, lines=MOST_LINES, size=SMALL)
        _station(ax, place, size, (step, numbers[step], told))
    for one, other in zip(places, [*places[1:], places[0]], strict=True):
        _arrow(ax, one, other, size)


def _clockwise(columns: int, lines: int) -> list[tuple[float, float]]:
    """Middles of the fields round the edge, from the top left, the way a clock goes."""
    top = [(x + 0.5, lines - 0.5) for x in range(columns)]
    right = [(columns - 0.5, lines - 0.5 - y) for y in range(1, lines)]
    bottom = [(columns - 1.5 - x, 0.5) for x in range(columns - 1)]
    left = [(0.5, 0.5 + y) for y in range(1, lines - 1)]
    return [*top, *right, *bottom, *left]


def _station(
    ax: Axes, place: tuple[float, float], size: tuple[float, float], texts: tuple[str, str, str]
) -> None:
    x, y = place
    ax.add_patch(FancyBboxPatch(
        (x - size[0] / 2, y - size[1] / 2), *size, boxstyle="round,pad=0,rounding_size=0.08",
        facecolor="white", edgecolor=LINE, linewidth=1.2))  # fmt: skip
    step, number, what = texts
    style: dict[str, Any] = {"ha": "center", "va": "center"}
    ax.text(x, y + 0.21, step, fontsize=TEXT, color=MUTED, **style)
    ax.text(x, y + 0.04, number, fontsize=TEXT + 5, color=ACCENT, weight="bold", **style)
    ax.text(x, y - 0.18, what, fontsize=SMALL, color=INK, **style)


def _arrow(
    ax: Axes, one: tuple[float, float], other: tuple[float, float], size: tuple[float, float]
) -> None:
    step = (np.sign(other[0] - one[0]), np.sign(other[1] - one[1]))
    begin = (one[0] + step[0] * (size[0] / 2 + 0.02), one[1] + step[1] * (size[1] / 2 + 0.02))
    end = (other[0] - step[0] * (size[0] / 2 + 0.02), other[1] - step[1] * (size[1] / 2 + 0.02))
    ax.add_patch(FancyArrowPatch(begin, end, arrowstyle="-|>", mutation_scale=13, color=MUTED,
                                 linewidth=1.4, shrinkA=0, shrinkB=0))  # fmt: skip

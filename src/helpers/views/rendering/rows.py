"""Charts of labelled rows: one line of layout rules for bars, dots and intervals.

Wide, the label stands left of the row and its numbers right. Narrow, label and
numbers stand above the row, so the marks keep the whole width of a phone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter, MaxNLocator

from helpers.views.rendering.chart import clean, dashed, is_narrow, plain_axes, text_width, wrapped
from helpers.views.rendering.numerals import formatter
from helpers.views.rendering.palette import ACCENT, INK, LINE, MUTED, PALE, SMALL, TEXT

__all__ = [
    "Rows", "bar_with_interval", "dot_with_interval", "guides", "interval_rows", "number_axis",
    "row_axes", "zero_line",
]  # fmt: skip

LINE_HEIGHT = 0.165  # inches, of a 9-point line
LABEL_SHARE = 0.30  # of the width, at most, for labels left of the rows
GAP = 0.12  # inches between columns of text


@dataclass(frozen=True)
class Rows:
    """The text of a chart of rows: labels left, columns of written numbers right."""

    labels: Sequence[str]
    columns: Sequence[tuple[str, Sequence[str]]] = ()  # heading, one text a row

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Layout:
    """Where the text of the rows goes, in inches."""

    labels: list[str]
    pitch: float  # height of a row
    above: float  # room over the first row
    below: float = 0.5  # room under the last row for the axis


def row_axes(figure: Figure, rows: Rows, width: float, *, panels: int = 1) -> list[Axes]:
    """Lay out rows 0, 1, … from the top; marks are drawn at y = row number.

    Several panels stand beside each other and share the rows. Wide, ``rows.columns`` are
    divided among them in order; narrow, all numbers stand at the end of the label's line.
    """
    if not len(rows):
        raise ValueError("nothing to draw: the table has no rows")
    layout = (_above if is_narrow(width) else _beside)(figure, rows, width)
    figure.set_size_inches(width, layout.above + layout.pitch * len(rows) + layout.below)
    axes = np.atleast_1d(np.asarray(figure.subplots(1, panels, sharey=True), dtype=object))
    for ax in axes:
        plain_axes(ax)
    if is_narrow(width):
        _label_above_rows(figure, list(axes), rows, layout)
    else:
        _label_beside_rows(figure, list(axes), rows, layout)
    return list(axes)


def _beside(figure: Figure, rows: Rows, width: float) -> Layout:
    labels = [wrapped(figure, clean(x), width * LABEL_SHARE) for x in rows.labels]
    lines = max(label.count("\n") + 1 for label in labels)
    return Layout(labels, max(0.30, lines * LINE_HEIGHT + 0.07), 0.35 if rows.columns else 0.08)


def _label_beside_rows(figure: Figure, axes: list[Axes], rows: Rows, layout: Layout) -> None:
    axes[0].set_ylim(len(rows) - 0.5, -0.5)
    axes[0].set_yticks(range(len(rows)), layout.labels)
    last = len(axes) - 1
    for panel, ax in enumerate(axes):
        ax.tick_params(axis="y", labelsize=TEXT, labelcolor=INK)
        _text_columns(figure, ax, rows.columns[panel : None if panel == last else panel + 1])


def _text_columns(figure: Figure, ax: Axes, columns: Sequence[tuple[str, Sequence[str]]]) -> None:
    right = 0.0
    for heading, texts in columns:
        heading_width = text_width(figure, heading, SMALL)
        right += GAP + max([text_width(figure, t) for t in texts] + [heading_width])
        for row, text in enumerate(texts):
            _beside_axes(ax, text, row, right, 0, INK, TEXT, "center")
        _beside_axes(ax, heading, -0.5, right, 3, MUTED, SMALL, "bottom")


def _beside_axes(
    ax: Axes, text: str, row: float, inches: float, up: float, colour: str, size: float, va: str
) -> None:
    ax.annotate(
        text, (1, row), (inches * 72, up), xycoords=("axes fraction", "data"),
        textcoords="offset points", ha="right", va=va, color=colour, fontsize=size,
        annotation_clip=False,
    )  # fmt: skip


def _written_together(rows: Rows) -> list[str]:
    """Every number of a row on one line, each named where a bare number would not say."""
    if not rows.columns:
        return [""] * len(rows)
    return ["   ".join(parts) for parts in zip(*(t for _, t in rows.columns), strict=True)]


def _above(figure: Figure, rows: Rows, width: float) -> Layout:
    taken = max(text_width(figure, text, SMALL) for text in _written_together(rows))
    labels = [wrapped(figure, clean(x), width - 0.3 - taken - GAP) for x in rows.labels]
    lines = max(label.count("\n") + 1 for label in labels)
    return Layout(labels, lines * LINE_HEIGHT + 0.30, 0.05)


def _label_above_rows(figure: Figure, axes: list[Axes], rows: Rows, layout: Layout) -> None:
    over = (layout.pitch - 0.24) / layout.pitch  # room for the first label, in rows
    axes[0].set_ylim(len(rows) - 0.62, -0.3 - over)
    for ax in axes:
        ax.tick_params(axis="y", length=0, labelleft=False)
        ax.patch.set_visible(False)  # a label may run on over the next panel
    if len(axes) > 1:
        heading = ", ".join(heading for heading, _ in rows.columns)
        axes[-1].set_title(heading, loc="right", fontsize=SMALL, color=MUTED, pad=3)
    for row, (label, text) in enumerate(zip(layout.labels, _written_together(rows), strict=True)):
        _over_row(axes[0], row, label, 0, "left", TEXT)
        _over_row(axes[-1], row, text, 1, "right", SMALL)


def _over_row(ax: Axes, row: int, text: str, place: int, side: str, size: float) -> None:
    written = ax.annotate(
        text, (place, row), (0, 7), xycoords=("axes fraction", "data"), fontsize=size,
        textcoords="offset points", ha=side, va="bottom", color=INK, annotation_clip=False,
        zorder=6, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
    )  # fmt: skip
    written.set_in_layout(False)


def number_axis(
    ax: Axes, unit: str, label: str, *, narrow: bool, axis: str = "x", room: float = 0.72
) -> None:
    """Few round ticks, written in the unit, and a label that names it.

    ``room`` is the part of the figure that the label may take before it is wrapped.
    """
    target = ax.xaxis if axis == "x" else ax.yaxis
    most = 3 if narrow and room < 0.5 else 4 if narrow else 6 if axis == "y" else 5
    target.set_major_locator(MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10]))
    target.set_major_formatter(_InUnit(unit))
    figure = ax.get_figure(root=True)
    if not isinstance(figure, Figure):  # pragma: no cover - axes always stand on a figure
        return
    length = figure.get_size_inches()[0 if axis == "x" else 1] * room
    lines = [wrapped(figure, line, length, size=SMALL) for line in label.split("\n")]
    target.set_label_text("\n".join(lines))


class _InUnit(Formatter):
    """Writes ticks in a unit, with the decimals that the step between them needs."""

    def __init__(self, unit: str) -> None:
        self.unit = unit

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """All ticks of an axis together: how far they are apart is looked up once."""
        step = float(values[1] - values[0]) if len(values) > 1 else 1.0
        return [tick(value, self.unit, step) for value in values]

    def __call__(self, x: float, pos: int | None = None) -> str:
        """One tick alone."""
        return tick(x, self.unit, 1.0)


def tick(value: float, unit: str, step: float) -> str:
    """A tick without decimals that its distance to the next does not need; none beyond 100%.

    >>> tick(0.25, "share", 0.25), tick(1.5, "points", 0.5), tick(1.05, "share", 0.25)
    ('25%', '1.5', '')
    """
    if unit.startswith("share"):
        digits = 0 if abs(step * 100 - round(step * 100)) < 1e-6 else 1
        return "" if value > 1 + 1e-9 else f"{formatter(f'decimal{digits}')(value * 100)}%"
    if unit.startswith("money"):
        return re.sub(r"\.0(?=k|M|bn)", "", formatter(unit)(value))
    digits = next((d for d in (0, 1) if abs(step * 10**d - round(step * 10**d)) < 1e-6), 2)
    return formatter(f"decimal{digits}")(value)


def dot_with_interval(
    ax: Axes, row: float, value: float, low: float, high: float, *,
    colour: str = ACCENT, marker: str = "o", filled: bool = True, size: float = 6,
) -> None:  # fmt: skip
    """A dot on the line of its interval; no interval, no line; no value, no dot."""
    if not np.isfinite(value):
        return
    if np.isfinite(low) and np.isfinite(high):
        ax.plot([low, high], [row, row], color=colour, linewidth=1.8, zorder=3)
    ax.plot(
        [value], [row], marker, color=colour, markersize=size, zorder=4, clip_on=False,
        markerfacecolor=colour if filled else "white", markeredgewidth=1.3,
    )  # fmt: skip


def interval_rows(
    ax: Axes, table: pd.DataFrame, columns: Sequence[str] = ("value", "low", "high"),
    draw: Callable[..., None] | None = None, **style: Any,  # noqa: ANN401
) -> None:  # fmt: skip
    """Every row of a table: a dot with its interval, or what ``draw`` draws."""
    for row, ends in enumerate(table[list(columns)].to_numpy(dtype=float)):
        (draw or dot_with_interval)(ax, row, *ends, **style)


def bar_with_interval(
    ax: Axes, row: float, value: float, low: float, high: float, *, height: float = 0.5
) -> None:
    """A pale bar from zero, its end a dot on the dark line of the interval."""
    if not np.isfinite(value):
        return
    ax.barh(row, value, height=height, color=PALE, zorder=2)
    dot_with_interval(ax, row, value, low, high, size=5)


def reference_line(ax: Axes, at: float | None, label: str) -> str:
    """A dashed vertical line; returns its name for the axis label, where it hides nothing."""
    if at is None or not np.isfinite(at):
        return ""
    dashed(ax, x=at)
    return f"\ndashed line: {label}" if label else ""


def guides(ax: Axes, rows: int) -> None:
    """A faint line along each row, from its label to its numbers."""
    for row in range(rows):
        ax.axhline(row, color=LINE, linewidth=0.6, zorder=0.5)


def zero_line(ax: Axes) -> None:
    """The place of no effect."""
    ax.axvline(0, color=LINE, linewidth=1.4, zorder=1)

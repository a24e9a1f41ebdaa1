"""Charts of labelled rows: one line of layout rules for bars, dots and intervals.

Wide, the label stands left of the row and its numbers right. Narrow, label and
numbers stand above the row, so the marks keep the whole width of a phone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from helpers.views.charts.chart import (
    ACCENT,
    INK,
    LINE,
    MUTED,
    SMALL,
    TEXT,
    clean,
    is_narrow,
    plain_axes,
    text_width,
    wrapped,
)  # fmt: skip
from helpers.views.numerals import formatter

__all__ = ["Rows", "bar_with_interval", "dot_with_interval", "number_axis", "row_axes"]

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

    Several panels stand beside each other when wide and under each other when narrow;
    ``rows.columns`` are divided among them in order.
    """
    if not len(rows):
        raise ValueError("nothing to draw: the table has no rows")
    if is_narrow(width):
        return _stacked(figure, rows, width, panels)
    return _beside(figure, rows, width, panels)


def _beside(figure: Figure, rows: Rows, width: float, panels: int) -> list[Axes]:
    labels = [wrapped(figure, clean(x), width * LABEL_SHARE) for x in rows.labels]
    lines = max(label.count("\n") + 1 for label in labels)
    pitch = max(0.30, lines * LINE_HEIGHT + 0.07)
    above = 0.35 if rows.columns else 0.08
    height = above + pitch * len(rows) + 0.5
    figure.set_size_inches(width, height)
    axes = np.atleast_1d(np.asarray(figure.subplots(1, panels, sharey=True), dtype=object))
    axes[0].set_ylim(len(rows) - 0.5, -0.5)
    axes[0].set_yticks(range(len(rows)), labels)
    for panel, ax in enumerate(axes):
        plain_axes(ax)
        ax.tick_params(axis="y", labelsize=TEXT, labelcolor=INK)
        _text_columns(figure, ax, _share_of(rows.columns, panel, panels), pitch)
    return list(axes)


def _share_of(
    columns: Sequence[tuple[str, Sequence[str]]], panel: int, panels: int
) -> Sequence[tuple[str, Sequence[str]]]:
    """One column a panel; what is left goes to the last."""
    return columns[panel:] if panel == panels - 1 else columns[panel : panel + 1]


def _text_columns(
    figure: Figure, ax: Axes, columns: Sequence[tuple[str, Sequence[str]]], pitch: float
) -> None:
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


def _stacked(figure: Figure, rows: Rows, width: float, panels: int) -> list[Axes]:
    grouped = [_share_of(rows.columns, panel, panels) for panel in range(panels)]
    layouts = [_above(figure, rows, columns, width) for columns in grouped]
    heights = [x.above + x.pitch * len(rows) + x.below for x in layouts]
    figure.set_size_inches(width, sum(heights))
    axes = np.atleast_1d(
        np.asarray(figure.subplots(panels, 1, height_ratios=heights), dtype=object)
    )
    for ax, columns, layout in zip(axes, grouped, layouts, strict=True):
        plain_axes(ax)
        ax.set_yticks([])
        ax.set_ylim(len(rows) - 0.62, -0.38 - (layout.pitch - 0.27) / layout.pitch)
        _headings_above(ax, columns)
        for row, label in enumerate(layout.labels):
            _label_above(ax, row, label, "  ".join(texts[row] for _, texts in columns))
    return list(axes)


def _above(
    figure: Figure, rows: Rows, columns: Sequence[tuple[str, Sequence[str]]], width: float
) -> Layout:
    joined = ["  ".join(parts) for parts in zip(*(t for _, t in columns), strict=True)]
    taken = max([text_width(figure, text, SMALL) for text in joined], default=0.0)
    room = width - 0.3 - taken - GAP
    labels = [wrapped(figure, clean(x), room, size=TEXT) for x in rows.labels]
    lines = max(label.count("\n") + 1 for label in labels)
    return Layout(labels, lines * LINE_HEIGHT + 0.27, 0.2 if columns else 0.05)


def _label_above(ax: Axes, row: int, label: str, text: str) -> None:
    for place, words, ha, size, colour in (
        (0, label, "left", TEXT, INK),
        (1, text, "right", SMALL, INK),
    ):
        ax.annotate(
            words, (place, row), (0, 7), xycoords=("axes fraction", "data"),
            textcoords="offset points", ha=ha, va="bottom", fontsize=size, color=colour,
            annotation_clip=False,
        )  # fmt: skip


def _headings_above(ax: Axes, columns: Sequence[tuple[str, Sequence[str]]]) -> None:
    heading = " · ".join(heading for heading, _ in columns if heading)
    ax.annotate(
        heading, (1, 1), (0, 3), xycoords="axes fraction", textcoords="offset points",
        ha="right", va="bottom", fontsize=SMALL, color=MUTED, annotation_clip=False,
    )  # fmt: skip


def number_axis(ax: Axes, unit: str, label: str, *, narrow: bool, axis: str = "x") -> None:
    """Few round ticks, written in the unit, and a label that names it."""
    target = ax.xaxis if axis == "x" else ax.yaxis
    target.set_major_locator(MaxNLocator(nbins=4 if narrow else 5, steps=[1, 2, 2.5, 5, 10]))
    target.set_major_formatter(FuncFormatter(lambda value, _: tick(value, unit, ax, axis)))
    target.set_label_text(label)


def tick(value: float, unit: str, ax: Axes, axis: str) -> str:
    """A tick without decimals it does not need."""
    if unit in ("share", "share1") or unit.startswith("money"):
        step = _step(ax, axis)
        fine = unit.startswith("share") and step < 0.01 - 1e-9
        return formatter("decimal1" if fine else unit)(value * 100 if fine else value) + "%" * fine
    step = _step(ax, axis)
    digits = 0 if abs(step - round(step)) < 1e-9 else 1 if abs(step * 10 % 1) < 1e-6 else 2
    return formatter(f"decimal{digits}")(value)


def _step(ax: Axes, axis: str) -> float:
    ticks = (ax.xaxis if axis == "x" else ax.yaxis).get_majorticklocs()
    return float(ticks[1] - ticks[0]) if len(ticks) > 1 else 1.0


def dot_with_interval(
    ax: Axes, row: float, value: float, low: float, high: float, *,
    colour: str = ACCENT, marker: str = "o", filled: bool = True, size: float = 6,
) -> None:  # fmt: skip
    """A dot on the line of its interval; no interval, no line; no value, no dot."""
    if not np.isfinite(value):
        return
    if np.isfinite(low) and np.isfinite(high):
        ax.plot([low, high], [row, row], color=colour, linewidth=2.2, alpha=0.55, zorder=2)
    ax.plot(
        [value], [row], marker, color=colour, markersize=size, zorder=3, clip_on=False,
        markerfacecolor=colour if filled else "white", markeredgewidth=1.3,
    )  # fmt: skip


def bar_with_interval(
    ax: Axes, row: float, value: float, low: float, high: float, *,
    colour: str = ACCENT, height: float = 0.5,
) -> None:  # fmt: skip
    """A bar from zero, its interval a thin dark line with a light edge over the bar's end."""
    if not np.isfinite(value):
        return
    ax.barh(row, value, height=height, color=colour, zorder=2)
    if np.isfinite(low) and np.isfinite(high):
        ax.plot([low, high], [row, row], color="white", linewidth=3.4, zorder=3)
        ax.plot([low, high], [row, row], color=INK, linewidth=1.4, zorder=4)


def reference_line(ax: Axes, at: float | None, label: str) -> str:
    """A dashed vertical line; returns its name for the axis label, where it hides nothing."""
    if at is None or not np.isfinite(at):
        return ""
    ax.axvline(at, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    return f"\ndashed line: {label}" if label else ""


def zero_line(ax: Axes) -> None:
    """The place of no effect."""
    ax.axvline(0, color=LINE, linewidth=1.4, zorder=1)

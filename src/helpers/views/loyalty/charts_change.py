"""Charts of changes between waves: what a change is made of, and who moved."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from matplotlib.figure import Figure

from helpers.methods.loyalty.segments import SEGMENTS
from helpers.views.rendering.chart import Chart, is_narrow
from helpers.views.rendering.intervals import listed
from helpers.views.rendering.numerals import count, decimal, percent
from helpers.views.rendering.palette import ACCENT, CONTRAST, INK, MUTED, SMALL
from helpers.views.rendering.rows import (
    Rows,
    bar_with_interval,
    interval_rows,
    number_axis,
    row_axes,
    zero_line,
)

if TYPE_CHECKING:
    from helpers.methods.loyalty import Change, Transitions

DIVERGING = LinearSegmentedColormap.from_list("moves", [CONTRAST, "#ffffff", ACCENT])


def change_parts(
    change: Change,
    *,
    title: str,
    unit: str = "points",
    scale: float = 1.0,
    whole: tuple[float, float] | None = None,
) -> Chart:
    """Draw what a change between two waves is made of; the parts add up to the last row.

    Parameters
    ----------
    change
        As ``loyalty.change`` returns it.
    title
        The finding, in words that its interval allows.
    unit
        How the parts are written.
    scale
        What they are multiplied by first: 100 for a share in percentage points.
    whole
        The interval of the whole change, where it is quoted with another than its own.

    Examples
    --------
    >>> from helpers.methods import loyalty
    >>> found = loyalty.change([8, 6, 2], [9, 6, 10], accounts=(list("abc"), list("abd")))
    >>> change_parts(found, title="No reliable change").name
    'change_parts'
    """
    parts = change.table[(change.table["accounts"] > 0) & ~change.table["withheld"]]
    away = int(change.table["withheld"].sum())
    low, high = whole or (change.low, change.high)
    last = pd.DataFrame([{"label": "The whole change", "value": change.value, "low": low,
                          "high": high}])  # fmt: skip
    rows = pd.concat([parts[["label", "value", "low", "high"]], last], ignore_index=True)
    rows[["value", "low", "high"]] *= scale
    facts = [
        f"{name}: {_signed(value, unit)} ({_signed(low, unit)} to {_signed(high, unit)})"
        for name, value, low, high in rows.itertuples(index=False)
    ]
    return Chart(
        partial(_parts, rows=rows, unit=unit),
        title,
        f"{title}. {listed(facts)}.",
        f"Base: {count(change.base)} answers of both waves, from {count(change.accounts)} "
        f"accounts, {'weighted' if change.weighted else 'unweighted'}. Lines are intervals of "
        f"each part alone{'; the last allows for all changes on the page' if whole else ''}."
        + f" Parts of few answers are withheld, with what gives them away: {away}."
        * bool(away),
        "change_parts",
    )


def _parts(figure: Figure, width: float, rows: pd.DataFrame, unit: str) -> None:
    texts = [_signed(v, unit) for v in rows["value"]]
    (ax,) = row_axes(figure, Rows(list(rows["label"]), [("change", texts)]), width)
    zero_line(ax)
    interval_rows(ax, rows, draw=bar_with_interval)
    ax.axhline(len(rows) - 1.5, color=MUTED, linewidth=0.8)
    number_axis(ax, unit, "Points of the score", narrow=is_narrow(width))


def _signed(value: float, unit: str) -> str:
    return decimal(value, 2 if unit == "scale" else 1, signed=True)


def segment_moves(moves: Transitions) -> Chart:
    """Draw moves between segments as seen less what no true change would bring.

    Parameters
    ----------
    moves
        As ``loyalty.transitions`` returns it.
    """
    table = moves.table
    seen, excess = (
        table.pivot_table(index="before", columns="now", values=values).reindex(
            index=[*SEGMENTS], columns=[*SEGMENTS]
        )
        for values in ("observed", "excess")
    )
    sure = table[table["sure"].astype(bool)]
    bold = set(zip(sure["before"], sure["now"], strict=True))
    ends = moves.measure("excess")[["value", "low", "high"]] * 100
    found = (
        f"{percent(moves.measure('moved')['value'])} changed segment, "
        f"{percent(moves.measure('expected')['value'])} would have by chance"
    )
    return Chart(
        partial(_heatmap, excess=excess * 100, seen=seen, bold=bold),
        found,
        f"{found}: an excess of {_signed(ends['value'], 'points')} percentage points "
        f"({_signed(ends['low'], 'points')} to {_signed(ends['high'], 'points')}).",
        f"Base: {count(moves.base)} people placed in both waves, observed. In each field: the "
        "share seen, and below it the percentage points beyond what no true change would bring; "
        "bold where that is more than chance explains, all fields looked at together. Blue: more "
        "than no true "
        "change would bring; orange: fewer.",
        "segment_moves",
    )  # fmt: skip


def _heatmap(
    figure: Figure,
    width: float,
    excess: pd.DataFrame,
    seen: pd.DataFrame,
    bold: set[tuple[str, str]],
) -> None:
    narrow = is_narrow(width)
    figure.set_size_inches(width, 3.0 if narrow else 3.4)
    ax = figure.add_subplot()
    beyond, shares = excess.to_numpy(float), seen.to_numpy(float)
    most = max(float(np.abs(beyond).max()), 1e-9)
    ax.pcolormesh(beyond, cmap=DIVERGING, norm=TwoSlopeNorm(0, -most * 1.6, most * 1.6),
                  edgecolors="white", linewidth=1.5)  # fmt: skip
    ax.invert_yaxis()
    _segment_axes(ax, narrow=narrow)
    for i, before in enumerate(SEGMENTS):
        for j, now in enumerate(SEGMENTS):
            weight = "bold" if (before, now) in bold else "normal"
            text = f"{percent(shares[i, j])}\n{_signed(beyond[i, j], 'points')}"
            ax.text(j + 0.5, i + 0.5, text, ha="center", va="center", fontsize=SMALL, color=INK,
                    weight=weight, linespacing=1.2)  # fmt: skip


def _segment_axes(ax: Axes, *, narrow: bool) -> None:
    names = [name.replace(" ", "\n") for name in SEGMENTS] if narrow else list(SEGMENTS)
    places = np.arange(len(names)) + 0.5
    ax.set_xticks(places, names, fontsize=SMALL)
    ax.set_yticks(places, names, fontsize=SMALL)
    ax.tick_params(length=0)
    ax.xaxis.set_ticks_position("top")
    ax.xaxis.set_label_position("top")
    ax.set_xlabel("this wave")
    ax.set_ylabel("last wave")
    for side in ax.spines.values():
        side.set_visible(False)

"""The pictures of the board chapter: retention over the quarters, loyalty by revenue over waves."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from helpers.methods.board import Retention
from helpers.views.rendering.chart import Chart, dashed, is_narrow, key, plot
from helpers.views.rendering.intervals import facts, listed, trend
from helpers.views.rendering.numerals import count
from helpers.views.rendering.palette import ACCENT, CONTRAST, MUTED
from helpers.views.rendering.rows import number_axis

NAMES = {"net": "net revenue", "gross": "gross revenue", "logos": "accounts"}
LOOKS = {"net": (ACCENT, "-"), "gross": (CONTRAST, "-"), "logos": (MUTED, "--")}


def retention(found: Retention, *, title: str) -> Chart:
    """Draw net, gross and logo retention at the end of each quarter, with their intervals."""
    newest = found.table[found.table["at"] == found.table["at"].max()]
    told = facts(newest.assign(name=newest["measure"].map(NAMES)), "name", unit="share")
    return Chart(
        partial(_retention, table=found.table),
        title,
        f"{title}: {listed(told)}.",
        f"Kept after twelve months, at the end of each quarter. Bands: {found.confidence:.0%} "
        f"intervals. Base: {count(newest['base'].iloc[0])} accounts that were customers when "
        "the year before began.",
        "retention",
    )


def _retention(figure: Figure, width: float, table: pd.DataFrame) -> None:
    narrow = is_narrow(width)
    ax = plot(figure, width, (2.6, 2.9), grid="y")
    days = sorted(table["at"].unique())
    marks = []
    for measure, (colour, line) in LOOKS.items():
        rows = table[table["measure"] == measure]
        at = [days.index(day) for day in rows["at"]]
        low, high = (100 * rows[end] for end in ("low", "high"))
        ax.fill_between(at, low, high, color=colour, alpha=0.13, linewidth=0)
        look: dict[str, Any] = {"color": colour, "linewidth": 1.8, "markersize": 5}
        ax.plot(at, 100 * rows["value"], f"o{line}", **look)
        marks.append((NAMES[measure].capitalize(), f"o{line}", look))
    dashed(ax, y=100)
    step = 2 if narrow and len(days) > 3 else 1
    shown = range((len(days) - 1) % step, len(days), step)
    ax.set_xticks(list(shown), [f"{pd.Timestamp(days[place]):%b %Y}" for place in shown])
    ax.set_xlim(-0.3, len(days) - 0.7)
    number_axis(ax, "decimal0", "Kept after twelve months, %", narrow=narrow, axis="y")
    key(ax, marks, ncols=2 if narrow else 3)


def scores(found: pd.DataFrame, *, title: str, label: str, unit: str) -> Chart:
    """Draw the score over the waves, accounts counting by their revenue."""
    note = "Accounts count by their revenue of the year before. Lines are intervals; n: accounts."
    return trend(found, title=title, unit=unit, axis=f"{label}, by revenue", note=note)

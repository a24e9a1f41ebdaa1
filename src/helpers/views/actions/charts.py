"""The pictures of the actions chapter: what money buys, and what each action brings."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from helpers.methods.actions import Considered
from helpers.views.actions import figures
from helpers.views.actions.figures import unit
from helpers.views.rendering.chart import Chart, is_narrow, key, plot
from helpers.views.rendering.intervals import estimate, interval_dots, listed
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.numerals import formatter
from helpers.views.rendering.palette import ACCENT, CONTRAST, MUTED, PALE
from helpers.views.rendering.records import records
from helpers.views.rendering.rows import number_axis

MOST = 12  # candidates drawn


def frontier(found: Considered, currency: str, *, title: str) -> Chart | None:
    """Draw money against expected gain, the knee and the plan marked.

    Nothing where no budget would buy anything.
    """
    made = found.decision
    table = made.frontier.table.drop_duplicates("spend", keep="last")
    if table["actions"].max() == 0:
        return None
    money, each = formatter(f"money:{currency}"), unit(found, currency)
    told = [
        f"{money(row['spend'])} for {row['actions']} action{'s'[: row['actions'] != 1]}: "
        f"{estimate(row['net'], row['low'], row['high'], each)}"
        for row in records(table)
    ]
    of = "after costs" if found.evidence.in_money else "of loyalty, in points"
    return Chart(
        partial(_frontier, table=table, found=found, units=(f"money:{currency}", each),
                axis=f"Expected gain {of}"),
        title,
        f"Expected gain by cost of the best plan: {listed(told, 12)}.",
        f"Vertical lines: {made.confidence:.0%} intervals over {found.evidence.years:g} years. "
        "Each dot is the best plan for its money.",
        "frontier",
    )  # fmt: skip


def _frontier(
    figure: Figure, width: float, table: pd.DataFrame, found: Considered, units: tuple[str, str],
    axis: str,
) -> None:  # fmt: skip
    made, narrow = found.decision, is_narrow(width)
    ax = plot(figure, width, (2.8, 3.2), grid="y")
    ax.axhline(0, color=MUTED, linewidth=0.9)
    ax.vlines(table["spend"], table["low"], table["high"], color=PALE, linewidth=2, zorder=2)
    ax.plot(table["spend"], table["net"], "o-", color=ACCENT, markersize=4, zorder=3)
    marks = [("best plan for its money", "o", {"color": ACCENT, "markersize": 4})]
    if made.frontier.knee is not None:
        row = made.frontier.table.loc[made.frontier.knee]
        look: dict[str, Any] = {
            "color": CONTRAST,
            "markersize": 9,
            "markerfacecolor": "none",
            "linestyle": "none",
        }
        ax.plot([row["spend"]], [row["net"]], "o", zorder=4, **look)
        marks.append(("knee", "o", look))
    if made.plan.starts:
        look = {"color": CONTRAST, "markersize": 8, "linestyle": "none"}
        ax.plot([made.plan.spend], [made.plan.net.mean()], "D", zorder=5, **look)
        marks.append(("the plan", "D", look))
    key(ax, marks, ncols=len(marks))
    number_axis(ax, units[1], axis, narrow=narrow, axis="y", room=0.6)
    number_axis(ax, units[0], "Cost in the planned quarters", narrow=narrow)


def candidates(found: Considered, labels: Labels, currency: str, *, title: str) -> Chart:
    """Draw what each action brings by itself, costs deducted, most for its cost first."""
    table = figures.candidates(found, labels)
    rows = table.assign(
        mark=table["name"].where(~table["funded"], table["name"] + " *")
    ).head(MOST)  # fmt: skip
    left = f" The first {MOST} of {len(table)}." if len(table) > MOST else ""
    return interval_dots(
        rows, label="mark", value="net", low="net_low", high="net_high", base=None,
        unit=unit(found, currency), title=title, reference=0.0,
        reference_label="pays for itself" if found.evidence.in_money else "no gain",
        axis="Gain after costs" if found.evidence.in_money else "Gain in points of loyalty",
        note=f"* in the plan. Most for its cost first; lines: {found.decision.confidence:.0%} "
        f"intervals.{left}",
        name="candidates",
    )  # fmt: skip

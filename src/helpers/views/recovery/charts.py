"""The pictures of the recovery chapter: waits, causes, and what contact in time was worth."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from helpers.methods.recovery import Causes, Saved, Waiting
from helpers.views.recovery.tables import METHODS, STEPS, named
from helpers.views.rendering.chart import Chart, is_narrow, key, plot
from helpers.views.rendering.intervals import estimate, interval_dots, listed
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.numerals import formatter
from helpers.views.rendering.palette import ACCENT, CONTRAST, INK, MUTED
from helpers.views.rendering.records import records
from helpers.views.rendering.rows import number_axis

LOOKS = {"first contact": (ACCENT, "-"), "plan": (MUTED, "--"), "closed": (CONTRAST, "-"),
         "confirmed": (INK, ":")}  # fmt: skip
FURTHEST = 60.0  # days drawn: later ones would press the promises together


def waits(found: Waiting, *, title: str) -> Chart:
    """Draw the share of cases whose step was taken, by days, with what was promised."""
    days = formatter("decimal0")
    told = [
        f"{STEPS[row['clock']].lower()} {estimate(row['kept'], row['low'], row['high'], 'share')} "
        f"within {days(row['promise'])} days"
        for row in records(found.table[found.table["kept"].notna()])
    ]
    text = f"{title}: {listed(told)}." if told else f"{title}: no promise is declared."
    return Chart(
        partial(_waits, found=found),
        title,
        text,
        f"Share of cases, open ones kept as waiting; first {days(FURTHEST)} days. Dots: what was "
        "promised, and the share within it.",
        "waits",
    )


def _waits(figure: Figure, width: float, found: Waiting) -> None:
    narrow = is_narrow(width)
    ax = plot(figure, width, (2.8, 3.2), grid="y")
    marks = []
    for clock, rows in found.curves.groupby("clock", sort=False):
        colour, line = LOOKS[str(clock)]
        look: dict[str, Any] = {"color": colour, "linewidth": 1.8}
        near = rows[rows["day"] <= FURTHEST]
        if rows["day"].max() > FURTHEST:  # on to the edge, as high as it was
            near = pd.concat([near, near.tail(1).assign(day=FURTHEST)])
        ax.fill_between(near["day"], near["low"], near["high"], step="post", color=colour,
                        alpha=0.12, linewidth=0)  # fmt: skip
        ax.step(near["day"], near["share"], where="post", linestyle=line, **look)
        marks.append((STEPS[str(clock)], line, look))
    kept = found.table.dropna(subset=["kept"])
    colours = [LOOKS[clock][0] for clock in kept["clock"]]
    ax.scatter(kept["promise"], kept["kept"], color=colours, s=46, zorder=5, edgecolor="white")
    ax.set_ylim(0, 1)
    ax.set_xlim(0, min(FURTHEST, float(found.curves["day"].max()) or 1.0))
    key(ax, marks, ncols=2 if narrow else len(marks))
    number_axis(ax, "share", "Share of cases", narrow=narrow, axis="y", room=0.6)
    number_axis(ax, "decimal0", "Days since the case began", narrow=narrow)


def causes(found: Causes, labels: Labels, *, title: str) -> Chart:
    """Draw the share of cases that each cause brings, the commonest first."""
    rows = found.table.assign(name=[named(cause, labels) for cause in found.table["cause"]])
    return interval_dots(
        rows, label="name", value="share", low="low", high="high", base="cases", unit="share",
        title=title, axis="Share of cases", name="causes",
        note=f"Base: {found.base:,} cases with a cause; lines are intervals.",
    )  # fmt: skip


def designs(found: Saved, score: str, *, title: str) -> Chart:
    """Draw what contact in time was worth by each design that tells something."""
    rows = found.table[found.table["gain"].notna()]
    names = pd.Series([METHODS[design] for design in rows["design"]], index=rows.index)
    lead = rows["design"] == found.carries
    return interval_dots(
        rows.assign(name=names.mask(lead, names + " *")), label="name", value="gain",
        base="base", unit="points", title=title, reference=0.0, reference_label="doing nothing",
        axis=f"Points on {score} at the next wave", name="designs",
        note=f"* carries the sentence; lines: {found.confidence:.0%} intervals; n: people "
        "contacted in time, or near the line.",
    )  # fmt: skip

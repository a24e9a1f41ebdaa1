"""The pictures of the alignment chapter: pay against drivers, employees, and guesses."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import sqrt
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.methods.alignment import Coverage, Gaps, Paid, Staff
from helpers.views.alignment.figures import DIMENSIONS
from helpers.views.alignment.tables import VERDICTS
from helpers.views.rendering.chart import Chart, clean, is_narrow, key, plot
from helpers.views.rendering.intervals import estimate, interval_dots, listed, written
from helpers.views.rendering.naming import Labels, named, plain
from helpers.views.rendering.numerals import formatter
from helpers.views.rendering.palette import ACCENT, CONTRAST, INK, LINE, MUTED, SMALL
from helpers.views.rendering.records import records
from helpers.views.rendering.rows import Rows, dot_with_interval, guides, number_axis, row_axes

ELSEWHERE = "Not meant for customers"
LOOKS = {"helps": (ACCENT, True), "works against": (CONTRAST, True)}  # others: pale ring
LINE_HEIGHT = 0.14  # inches, of a share under another
UNTESTED = ("not tested", "not measured")
MARKS = (
    ("helps customers", "o", ACCENT, ACCENT), ("works against them", "o", CONTRAST, CONTRAST),
    ("no clear link", "o", MUTED, "white"), ("untested", "s", MUTED, "white"),
)  # fmt: skip


def matrix(found: Paid, owned: Coverage, labels: Labels, *, title: str) -> Chart:
    """Draw each function's pay on each driver: the strongest driver first."""
    order = [d for d in owned.table["driver"] if d in set(found.table["driver"])]
    silent = [d for d in owned.table["driver"] if d not in order and _matters(owned, d)]
    columns = [d for d in owned.table["driver"] if d in {*order, *silent}]
    told = [_told(r) for r in records(found.table)]
    return Chart(
        partial(_matrix, table=found.table, columns=columns, labels=labels),
        title,
        f"{title}: {listed(told, 12)}.",
        "Share of each function's variable pay, by the driver it is meant for; drivers from the "
        "strongest effect on loyalty to the weakest. An empty column: nobody is paid on it.",
        "matrix",
    )


def _told(row: Mapping[str, Any]) -> str:
    share, verdict = formatter("share")(row["share"]), VERDICTS[row["verdict"]]
    return f"{plain(row['metric'])} {share} of pay in {row['function']}, {verdict}"


def _matters(owned: Coverage, driver: str) -> bool:
    rows = owned.table.set_index("driver")
    return bool(rows.loc[driver, "matters"])


def _matrix(
    figure: Figure, width: float, table: pd.DataFrame, columns: list[str], labels: Labels
) -> None:
    narrow = is_narrow(width)
    functions = list(dict.fromkeys(table["function"]))
    names = [*named(columns, labels), ELSEWHERE]
    across = [columns.index(d) if d in columns else len(columns) for d in table["driver"]]
    down = [functions.index(f) for f in table["function"]]
    places = list(zip(across, down, strict=True))
    most = max(map(places.count, places), default=1)
    row = 0.46 + LINE_HEIGHT * (most - 1) if narrow else 0.42
    tall = row * len(functions) + (1.9 if narrow else 1.6)
    ax = plot(figure, width, (tall, tall), grid="both")
    for x, y in dict.fromkeys(places):
        _cell(ax, x, y, table[[(x, y) == at for at in places]], narrow=narrow)
    ax.set(xlim=(-0.6, len(names) - 0.4), ylim=(len(functions) - 0.5, -0.5))
    ax.set_xticks(range(len(names)), [clean(n) for n in names], rotation=90 if narrow else 30,
                  ha="center" if narrow else "right", color=INK, fontsize=SMALL)  # fmt: skip
    ax.set_yticks(range(len(functions)), [clean(f) for f in functions], color=INK)
    marks = [
        (name, form, {"color": edge, "markerfacecolor": fill, "markersize": 7, "linestyle": ""})
        for name, form, edge, fill in MARKS
    ]
    key(ax, marks, ncols=2 if narrow else len(marks))


def _cell(ax: Axes, x: int, y: int, rows: pd.DataFrame, *, narrow: bool) -> None:
    """The metrics of a function for one driver, beside each other; a ring's area is its share.

    On a phone, where shares have no room beside each other, they stand under each other in the
    order of the rings.
    """
    step, shares = (0.5 if narrow else 0.4), list(map(formatter("share"), rows["share"]))
    places = [x + step * (place - (len(rows) - 1) / 2) for place in range(len(rows))]
    full = 120 if narrow else 420  # square points, of a ring that is all of the pay
    up = 0.08 + (0.1 * (len(rows) - 1) if narrow else 0)
    for at, row in zip(places, records(rows), strict=True):
        colour, filled = LOOKS.get(str(row["verdict"]), (MUTED, False))
        form = "s" if str(row["verdict"]) in UNTESTED else "o"
        ax.scatter([at], [y - up], s=full * row["share"], marker=form, edgecolor=colour,
                   color=colour if filled else "white", linewidth=1.3, zorder=3)  # fmt: skip
    if narrow:
        under = (0, -(sqrt(full * rows["share"].max()) / 2 + 2))
        ax.annotate("\n".join(shares), (x, y - up), under, textcoords="offset points", ha="center",
                    va="top", fontsize=SMALL, color=INK, linespacing=1.0, zorder=4)  # fmt: skip
        return
    for at, text in zip(places, shares, strict=True):
        ax.text(at, y + 0.43, text, ha="center", va="bottom", fontsize=SMALL, color=INK, zorder=4)


def employees(found: Staff, *, title: str) -> Chart:
    """Draw what employees say of each side in this wave, the weakest first."""
    rows = found.now.assign(side=found.now["dimension"].map(DIMENSIONS))
    return interval_dots(
        rows, label="side", base="base", unit="scale", title=title, name="employees",
        axis="Mean rating by employees", note="Lines: intervals; n: employees.",
    )  # fmt: skip


def gaps(found: Gaps, labels: Labels, *, title: str) -> Chart:
    """Draw what staff guess beside what customers say, the largest gap first."""
    rows = found.table.assign(name=named(list(found.table["driver"]), labels))
    told = [
        f"{r['name']} {estimate(r['gap'], r['gap_low'], r['gap_high'], 'scale')}"
        for r in records(rows)
    ]
    return Chart(
        partial(_gaps, rows=rows),
        title,
        f"{title}. Gaps, staff less customers: {listed(told)}.",
        f"Lines: {found.confidence:.0%} intervals. Gap: staff guess less customers' rating; * is "
        "clear among all drivers.",
        "gaps",
    )


def _gaps(figure: Figure, width: float, rows: pd.DataFrame) -> None:
    star = (rows["verdict"] != "not clear").map({True: " *", False: ""})
    texts = [written(g, "scale") + s for g, s in zip(rows["gap"], star, strict=True)]
    (ax,) = row_axes(figure, Rows(list(rows["name"]), [("gap", texts)]), width)
    guides(ax, len(rows))
    for row, r in enumerate(records(rows)):
        ax.plot([r["mean"], r["guess"]], [row, row], color=LINE, linewidth=4, zorder=1)
        dot_with_interval(ax, row, r["mean"], r["mean_low"], r["mean_high"])
        dot_with_interval(ax, row, r["guess"], r["guess_low"], r["guess_high"], colour=CONTRAST,
                          marker="D", filled=False)  # fmt: skip
    guess = {"color": CONTRAST, "markerfacecolor": "white"}
    key(ax, [("customers say", "o", {"color": ACCENT}), ("staff guess", "D", guess)], ncols=2)
    number_axis(ax, "scale", "Rating", narrow=is_narrow(width))

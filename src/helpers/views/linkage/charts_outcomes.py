"""Charts of other outcomes, of lags, of choices, and of who is still there."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.methods.linkage import Lags, Outcomes, Specifications, Survival
from helpers.views.linkage.figures_outcomes import lag_tables, outcome_name
from helpers.views.rendering.chart import Chart, finite, is_narrow, plot
from helpers.views.rendering.intervals import listed
from helpers.views.rendering.numerals import count, decimal, percent
from helpers.views.rendering.palette import ACCENT, CONTRAST, HALO, INK, LINE, MUTED, PALE, SMALL
from helpers.views.rendering.rows import (
    Rows,
    dot_with_interval,
    guides,
    number_axis,
    row_axes,
    zero_line,
)

VERDICTS = {
    "better": "clear", "worse": "clear, the other way", "clear": "clear", "not clear": "not clear",
}  # fmt: skip
ENDS = ("effect", "low", "high")
LEAST = 1e-12  # of half an interval, so that one without width can be drawn
SHADES = (CONTRAST, MUTED, ACCENT)


def outcomes(found: Outcomes, *, title: str, score_label: str) -> Chart:
    """Draw what each outcome changes by, with interval, base and verdict.

    Per cent and percentage points share the axis; each row says which it is.
    """
    table = found.table[found.table["effect"].notna()].reset_index(drop=True)
    points = f"{found.per:g} points more of {score_label.lower()}"
    told = [f"{outcome_name(r['outcome'])} {_estimate(r)}, {VERDICTS[r['verdict']]}"
            for _, r in table.iterrows()]  # fmt: skip
    return Chart(
        partial(_outcome_rows, table=table),
        title,
        f"Change for {points}: {listed(told, most=len(told))}.",
        "n: account surveys. Each bar is as long as its own interval: how far it stands off the "
        "line is how sure the change is. Clear: corrected for how many outcomes are looked at, but "
        "for the one that the page asks about.",
        "outcomes",
    )  # fmt: skip


def _estimate(row: pd.Series) -> str:
    """A change with its interval, in per cent or in percentage points.

    >>> _estimate(pd.Series({"effect": 0.0142, "low": 0.005, "high": 0.023, "unit": "points"}))
    '+1.4 pts (+0.5 to +2.3)'
    >>> _estimate(pd.Series({"effect": -0.2, "low": -0.3, "high": -0.1, "unit": "per cent"}))
    '−20.0% (−30.0% to −10.0%)'
    """
    sign = "%" if row["unit"] == "per cent" else ""
    value, low, high = (f"{decimal(row[end] * 100, 1, signed=True)}{sign}" for end in ENDS)
    return f"{value}{'' if sign else ' pts'} ({low} to {high})"


def _outcome_rows(figure: Figure, width: float, table: pd.DataFrame) -> None:
    narrow = is_narrow(width)
    columns = [
        ("change (interval)", [_estimate(r) for _, r in table.iterrows()]),
        ("n", [count(base) for base in table["base"]]),
        ("", [VERDICTS[verdict] for verdict in table["verdict"]]),
    ]
    shown = columns[:1] if narrow else columns
    (ax,) = row_axes(figure, Rows([outcome_name(x) for x in table["outcome"]], shown), width)
    guides(ax, len(table))
    zero_line(ax)
    half = (table["high"] - table["low"]).to_numpy() / 2
    ends = table[list(ENDS)].to_numpy(float) / np.maximum(half, LEAST)[:, None]
    for row, (verdict, (value, low, high)) in enumerate(zip(table["verdict"], ends, strict=True)):
        sure = verdict != "not clear"
        dot_with_interval(ax, row, value, low, high, colour=ACCENT if sure else MUTED, filled=sure)
    farthest = max(2.5, float(np.abs(ends).max()))
    ax.set_xlim(-farthest * 1.06, farthest * 1.06)
    ax.set_xticks([0], ["no change"])
    ax.set_xlabel("less  ←    → more", fontsize=SMALL)


def over_lags(
    found: Lags, *, outcome_label: str, unit: str, per: float, confidence: float
) -> Chart:
    """Draw one link at several lags, with the band that holds all of them together."""
    lags = lag_tables(found, unit)["lags"]
    shown, share = lags[lags["effect"].notna()].reset_index(drop=True), unit == "share"
    written = partial(decimal, decimals=1 if share else 3)
    told = [
        f"{r['label']} {written(r['effect'])} "
        f"({written(r['band_low'])} to {written(r['band_high'])})"
        for _, r in shown.iterrows()
    ]
    what = f"Change in {outcome_label} for {per:g} points"
    return Chart(
        partial(_lags, table=shown, unit="decimal1" if share else "decimal3",
                label="percentage points" if share else outcome_label),
        f"{what}, by months allowed",
        f"{what}, by months after the survey: {listed(told)}.",
        f"Vertical lines: intervals of each lag alone. Shaded: the band that holds all lags "
        f"together in {percent(confidence)} of cases. n: account surveys.",
        "over_lags",
    )  # fmt: skip


def _lags(figure: Figure, width: float, table: pd.DataFrame, unit: str, label: str) -> None:
    ax = plot(figure, width, (2.4, 2.6), grid="y")
    places = np.arange(len(table))
    ax.axhline(0, color=LINE, linewidth=1.4, zorder=1)
    ax.fill_between(places, table["band_low"], table["band_high"], color=PALE, alpha=0.45,
                    linewidth=0, zorder=1)  # fmt: skip
    ax.plot(places, table["effect"], color=ACCENT, linewidth=1.0, zorder=2)
    for place, (_, r) in zip(places, table.iterrows(), strict=True):
        ax.plot([place, place], [r["low"], r["high"]], color=ACCENT, linewidth=1.8, zorder=3)
        ax.plot([place], [r["effect"]], "o", color=ACCENT, markersize=6, zorder=4)
    names = [
        f"{int(months)} months\nn {count(base)}"
        for months, base in zip(table["lag_months"], table["base"], strict=True)
    ]
    ax.set_xticks(places, names)
    ax.set_xlim(-0.4, len(table) - 0.6)
    ax.tick_params(axis="x", length=0)
    number_axis(ax, unit, label, narrow=is_narrow(width), axis="y", room=0.6)


def specifications(found: Specifications, *, unit: str, title: str) -> Chart:
    """Draw the effect under every choice, smallest first."""
    factor = 100 if unit == "share" else 1
    table = found.table.assign(
        **{name: found.table[name] * factor for name in ("effect", "low", "high")}
    )
    return Chart(
        partial(_choices, table=table, unit="decimal1" if factor == 100 else "decimal3",
                label="percentage points" if factor == 100 else "change"),
        title,
        f"{title}.",
        "Each dot is one choice of lag, columns held constant, model and waves. Dark: clear. "
        "Orange: the one told above.",
        "specifications",
    )  # fmt: skip


def _choices(figure: Figure, width: float, table: pd.DataFrame, unit: str, label: str) -> None:
    ax = plot(figure, width, (1.7, 1.7), grid="y")
    ax.axhline(0, color=LINE, linewidth=1.4, zorder=1)
    for place, (_, r) in enumerate(table.iterrows()):
        colour = CONTRAST if r["declared"] else ACCENT if r["clear"] else MUTED
        ax.plot([place, place], [r["low"], r["high"]], color=colour if r["declared"] else PALE,
                linewidth=1.6, zorder=2)  # fmt: skip
        ax.plot([place], [r["effect"]], "o", color=colour, markersize=5 if r["declared"] else 3.4,
                zorder=4 if r["declared"] else 3)  # fmt: skip
    ax.set_xticks([])
    ax.set_xlabel("choices, smallest effect first", fontsize=SMALL)
    number_axis(ax, unit, label, narrow=is_narrow(width), axis="y", room=0.6)


def survival(found: Survival, *, title: str, score_label: str) -> Chart:
    """Draw the share still there, month by month, of each third of the first scores."""
    after = found.at(12)
    told = [
        f"{r['group']} {percent(r['share'])} ({percent(r['low'])} to {percent(r['high'])})"
        for _, r in after.iterrows()
    ]
    return Chart(
        partial(_curves, table=found.table),
        title,
        f"Share of accounts still customers 12 months after their first score, by "
        f"{score_label.lower()}: {listed(told)}.",
        f"Base: {count(found.base)} accounts, {count(found.lost)} of them left. Shaded: intervals.",
        "survival",
    )


def _curves(figure: Figure, width: float, table: pd.DataFrame) -> None:
    ax = plot(figure, width, (2.5, 2.7), grid="y")
    last, low = float(table["month"].max()), float(finite(table["low"]).min())
    ends: list[tuple[float, str, str]] = []
    for colour, (name, rows) in zip(SHADES, table.groupby("group", sort=False), strict=False):
        whole = pd.concat([rows, rows.iloc[[-1]].assign(month=last)], ignore_index=True)
        ax.fill_between(whole["month"], whole["low"], whole["high"], step="post", color=colour,
                        alpha=0.13, linewidth=0)  # fmt: skip
        ax.step(whole["month"], whole["share"], where="post", color=colour, linewidth=1.8)
        ends.append((float(whole["share"].iloc[-1]), str(name), colour))
    _name_ends(ax, last, sorted(ends), apart=0.085 * (1 - low))
    ax.set_xlim(0, last)
    ax.set_xticks(range(0, int(last) + 1, 3 if last < 30 else 12))
    ax.set_ylim(low - 0.02, 1.005)
    ax.set_xlabel("months after the first score", fontsize=SMALL)
    number_axis(ax, "share", "still customers", narrow=is_narrow(width), axis="y", room=0.6)


def _name_ends(ax: Axes, last: float, ends: list[tuple[float, str, str]], *, apart: float) -> None:
    """The name of each curve at its end, none over another."""
    below = -np.inf
    for share, name, colour in ends:
        below = max(share, below + apart)
        ax.annotate(name, (last, below), (5, 0), textcoords="offset points", va="center",
                    fontsize=SMALL, color=INK if colour == MUTED else colour, path_effects=HALO,
                    annotation_clip=False)  # fmt: skip

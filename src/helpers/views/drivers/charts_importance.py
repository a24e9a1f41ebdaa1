"""Charts of what goes with loyalty: shares, effects, and importance against performance."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.views.rendering.chart import (  # fmt: skip
    ACCENT,
    MUTED,
    PALE,
    Chart,
    finite,
    is_narrow,
    named,
    plain_axes,
)
from helpers.views.rendering.intervals import estimate, listed, require
from helpers.views.rendering.labels import key_below, place_labels
from helpers.views.rendering.numerals import count, decimal, percent
from helpers.views.rendering.rows import (  # fmt: skip
    Rows,
    bar_with_interval,
    dot_with_interval,
    guides,
    number_axis,
    row_axes,
    zero_line,
)

if TYPE_CHECKING:
    from helpers.methods.drivers import Importance, Performance

__all__ = ["importance_and_effect", "importance_bars", "importance_performance"]


def importance_bars(
    importance: Importance,
    labels: Mapping[str, str] | None = None,
    *,
    outcome_label: str = "loyalty",
    title: str | None = None,
    alt: str | None = None,
) -> Chart:
    """Draw each driver's share of the explained variance, with its interval.

    Parameters
    ----------
    importance
        As ``drivers.relative_importance`` returns it.
    labels
        Driver to the words a reader sees.
    outcome_label
        What the drivers explain, in words.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> table = pd.DataFrame({"driver": ["ease", "price"], "share": [0.7, 0.3],
    ...                       "low": [0.6, 0.2], "high": [0.8, 0.4]})
    >>> found = SimpleNamespace(table=table, r_squared=0.41, base=300)
    >>> importance_bars(found, {"ease": "Ease of use"}).title
    'Ease of use has the largest share of explained loyalty'
    """
    table = _ordered(importance)

    def draw(figure: Figure, width: float) -> None:
        rows = Rows(
            [named(x, labels) for x in table["driver"]],
            [("share", [percent(x) for x in table["share"]])],
        )
        (ax,) = row_axes(figure, rows, width)
        _share_panel(ax, table, importance, narrow=is_narrow(width))

    return Chart(
        draw,
        title or _first(table, labels, outcome_label),
        alt or _shares_in_words(table, labels, importance, outcome_label),
        _share_note(importance, table),
        "importance_bars",
    )


def _ordered(importance: Importance) -> pd.DataFrame:
    require(importance.table, "driver", "share", "low", "high")
    return importance.table.sort_values("share", ascending=False, kind="stable")


def _share_panel(
    ax: Axes, table: pd.DataFrame, importance: Importance, *, narrow: bool, room: float = 0.72
) -> None:
    for row, (_, r) in enumerate(table.iterrows()):
        bar_with_interval(
            ax, row, float(r["share"]), float(r["low"]), float(r["high"]),
            height=0.34 if narrow else 0.5,
        )  # fmt: skip
    ax.set_xlim(0, max(finite(table["share"], table["high"])) * 1.04)
    equal = 1 / len(table)
    ax.axvline(equal, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)), zorder=5)
    label = f"Share of {_explained(importance)} {decimal(importance.r_squared, 2)})"
    number_axis(
        ax,
        "share",
        f"{label}\ndashed line: equal shares {percent(equal)}",
        narrow=narrow,
        room=room,
    )


def _explained(importance: Importance) -> str:
    """What is divided: the linear model's R² or, for outcomes in categories, McFadden's."""
    linear = getattr(importance, "model", "linear") == "linear"
    return "explained variance (R²" if linear else "what is explained (McFadden's R²"


def _first(table: pd.DataFrame, labels: Mapping[str, str] | None, outcome: str) -> str:
    """Name a first driver only where its interval clears the second's."""
    top = table.iloc[0]
    if len(table) == 1:
        return f"{named(top['driver'], labels)} and {outcome}"
    second = table.iloc[1]
    if np.isnan(top["low"]) or np.isnan(second["high"]):
        return f"Shares of explained {outcome}, by driver"
    if top["low"] > second["high"]:
        return f"{named(top['driver'], labels)} has the largest share of explained {outcome}"
    close = int((table["high"] >= top["low"]).sum())
    return f"No single driver stands first: {close} of {len(table)} could have the largest share"


def _shares_in_words(
    table: pd.DataFrame, labels: Mapping[str, str] | None, importance: Importance, outcome: str
) -> str:
    facts = [
        f"{named(r['driver'], labels)} {estimate(r['share'], r['low'], r['high'], 'share')}"
        for _, r in table.iterrows()
    ]
    return f"Shares of explained {outcome} by driver, largest first: {listed(facts)}."


def _share_note(importance: Importance, table: pd.DataFrame) -> str:
    note = f"Base: {_base(importance)}."
    if table["low"].isna().all():
        return note
    return f"{note} Lines: {_confidence(importance)} intervals."


def _base(result: object) -> str:
    clusters = getattr(result, "clusters", None)
    people = f"{count(getattr(result, 'base', np.nan))} respondents"
    together = clusters is not None and clusters < getattr(result, "base", 0)
    return f"{people} in {count(clusters or 0)} accounts" if together else people


def _confidence(result: object) -> str:
    return percent(getattr(result, "confidence", None) or 0.95)


def importance_and_effect(
    importance: Importance,
    labels: Mapping[str, str] | None = None,
    *,
    outcome_label: str = "loyalty",
    clear: Collection[str] | None = None,
    steps: Mapping[str, float] | None = None,
    title: str | None = None,
    alt: str | None = None,
) -> Chart:
    """Draw share and adjusted effect side by side: a large share is not a large effect.

    Parameters
    ----------
    importance
        As ``drivers.relative_importance`` returns it, with effects.
    outcome_label
        What the drivers explain, in words; effects are in its points.
    clear
        Drivers whose effect stands after correction for their number, as
        ``Priorities.clear`` has them: dots and title go by it. Without it, by intervals.
    steps
        A tenth of each driver's scale, where scales differ in length: effects are then
        drawn for that step. Without it, or where every step is a point, for a point.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> table = pd.DataFrame({"driver": ["ease", "price"], "share": [0.7, 0.3],
    ...     "low": [0.6, 0.2], "high": [0.8, 0.4], "effect": [2.1, 0.2],
    ...     "effect_low": [1.4, -0.4], "effect_high": [2.8, 0.8]})
    >>> found = SimpleNamespace(table=table, r_squared=0.41, base=300)
    >>> importance_and_effect(found).title
    '1 of 2 drivers has an effect whose interval clears zero'
    >>> importance_and_effect(found, clear=()).title
    'No effect stands after correction for looking at 2 drivers; before it, 1 interval clears zero'
    """
    table = _ordered(importance)
    effects = ["effect", "effect_low", "effect_high"]
    require(table, *effects)
    per = "point"
    if steps and set(steps.values()) != {1.0}:
        per = "tenth of the driver's scale"
        table[effects] = table[effects].mul(table["driver"].map(steps), axis=0)
    apart = (table["effect_low"] > 0) | (table["effect_high"] < 0)
    filled = apart if clear is None else table["driver"].isin(clear)

    def draw(figure: Figure, width: float) -> None:
        marked = table.assign(apart=apart, filled=filled)
        _two_panels(figure, width, marked, importance, labels, outcome_label, per)

    return Chart(
        draw,
        title or _found(int(apart.sum()), int(filled.sum()), len(table), by_interval=clear is None),
        alt or _effects_in_words(table, labels, importance, outcome_label, per),
        f"{_share_note(importance, table)} {_marks(len(table), by_interval=clear is None)}",
        "importance_and_effect",
    )


def _found(apart: int, clear: int, drivers: int, *, by_interval: bool) -> str:
    """How many effects are sure, by the rule that the page's words go by."""
    if by_interval:
        one = "has an effect whose interval clears", "have effects whose intervals clear"
        return f"{apart} of {drivers} drivers {one[apart != 1]} zero"
    if clear or not apart:
        has = "has an effect" if clear <= 1 else "have effects"
        return f"{clear or 'None'} of {drivers} drivers {has} surely above zero"
    clears = "interval clears" if apart == 1 else "intervals clear"
    return (
        f"No effect stands after correction for looking at {drivers} drivers; "
        f"before it, {apart} {clears} zero"
    )


def _marks(drivers: int, *, by_interval: bool) -> str:
    if by_interval:
        return "Hollow dots: the interval includes no effect."
    return (
        f"Effects with filled dots are surely above zero, corrected for looking at {drivers} "
        "drivers; grey: the interval includes no effect."
    )


def _two_panels(
    figure: Figure, width: float, table: pd.DataFrame, importance: Importance,
    labels: Mapping[str, str] | None, outcome: str, per: str,
) -> None:  # fmt: skip
    narrow = is_narrow(width)
    rows = Rows(
        [named(x, labels) for x in table["driver"]],
        [
            ("share", [percent(x) for x in table["share"]]),
            ("effect", [decimal(x, 2, signed=True) for x in table["effect"]]),
        ],
    )
    shares, effects = row_axes(figure, rows, width, panels=2)
    _share_panel(shares, table, importance, narrow=narrow, room=0.4 if narrow else 0.3)
    guides(effects, len(table))
    for row, (_, r) in enumerate(table.iterrows()):
        dot_with_interval(
            effects, row, float(r["effect"]), float(r["effect_low"]), float(r["effect_high"]),
            colour=ACCENT if r["apart"] else MUTED, filled=bool(r["filled"]),
        )  # fmt: skip
    zero_line(effects)
    of = " of the driver" if per == "point" else ""
    label = f"Adjusted change in {outcome} per {per}{of}"
    number_axis(effects, "points", label, narrow=narrow, room=0.4 if narrow else 0.3)


def _effects_in_words(
    table: pd.DataFrame, labels: Mapping[str, str] | None, importance: Importance, outcome: str,
    per: str,
) -> str:  # fmt: skip
    facts = [
        f"{named(r['driver'], labels)} "
        f"{estimate(r['effect'], r['effect_low'], r['effect_high'], 'decimal2')}"
        for _, r in table.iterrows()
    ]
    shares = _shares_in_words(table, labels, importance, outcome)
    return f"{shares} Adjusted change in {outcome} per {per}: {listed(facts)}."


def importance_performance(
    importance: Importance,
    performance: Performance,
    labels: Mapping[str, str] | None = None,
    *,
    outcome_label: str = "loyalty",
    scale: tuple[float, float] | None = None,
    title: str | None = None,
    alt: str | None = None,
) -> Chart:
    """Draw importance against performance, both with intervals, names beside the dots.

    No quadrants: lines drawn at the averages would make half of the drivers look weak.

    Parameters
    ----------
    importance, performance
        As ``drivers.relative_importance`` and ``drivers.performance`` return them.
    scale
        Ends of the rating scale, for the axis label.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> shares = pd.DataFrame({"driver": ["ease", "price"], "share": [0.7, 0.3],
    ...                        "low": [0.6, 0.2], "high": [0.8, 0.4]})
    >>> means = pd.DataFrame({"driver": ["ease", "price"], "mean": [6.1, 7.2],
    ...                       "low": [5.9, 7.0], "high": [6.3, 7.4]})
    >>> chart = importance_performance(SimpleNamespace(table=shares, base=300),
    ...                                SimpleNamespace(table=means))
    >>> chart.title
    'What matters against how well it is done'
    """
    table = _matched(importance, performance)
    names = [named(x, labels) for x in table["driver"]]
    facts = [
        f"{label} share {percent(share)}, mean {decimal(mean, 2)}"
        for label, share, mean in zip(names, table["share"], table["mean"], strict=True)
    ]

    def draw(figure: Figure, width: float) -> None:
        _scatter(figure, width, table, names, scale)

    return Chart(
        draw,
        title or "What matters against how well it is done",
        alt or f"Share of explained {outcome_label} and mean rating: {listed(facts)}.",
        f"Base: {_base(importance)}. Crossed lines: {_confidence(importance)} intervals. "
        "Further up matters more; further left is done less well.",
        "importance_performance",
    )


def _matched(importance: Importance, performance: Performance) -> pd.DataFrame:
    shares = _ordered(importance)[["driver", "share", "low", "high"]]
    require(performance.table, "driver", "mean", "low", "high")
    means = performance.table[["driver", "mean", "low", "high"]]
    both = shares.merge(means, on="driver", suffixes=("", "_mean"), how="inner")
    if both.empty:
        raise ValueError(
            "importance and performance have no driver in common: "
            "compute both from the same ratings"
        )
    return both


def _scatter(
    figure: Figure, width: float, table: pd.DataFrame, names: list[str],
    scale: tuple[float, float] | None,
) -> None:  # fmt: skip
    if not is_narrow(width):
        figure.set_size_inches(width, 4.6)
        if _plotted(figure, figure.add_subplot(), table, names, scale, narrow=False):
            return
        figure.clear()
    ax = key_below(figure, names, width)
    numbers = [str(i) for i in range(1, len(names) + 1)]
    _plotted(figure, ax, table, numbers, scale, narrow=is_narrow(width), force=True)


def _plotted(
    figure: Figure, ax: Axes, table: pd.DataFrame, names: list[str],
    scale: tuple[float, float] | None, *, narrow: bool, force: bool = False,
) -> bool:  # fmt: skip
    plain_axes(ax, grid="both")
    for _, r in table.iterrows():
        ax.plot([r["low_mean"], r["high_mean"]], [r["share"]] * 2, color=PALE, linewidth=1.3)
        ax.plot([r["mean"]] * 2, [r["low"], r["high"]], color=PALE, linewidth=1.3)
    ax.set_ylim(0, max(finite(table["share"], table["high"])) * 1.06)
    ax.margins(x=0.12)
    ends = "" if scale is None else f" ({scale[0]:g} to {scale[1]:g})"
    number_axis(ax, "scale", f"Mean rating{ends}", narrow=narrow)
    number_axis(ax, "share", "Share of explained variance", narrow=narrow, axis="y")
    points = table[["mean", "share"]].to_numpy(dtype=float)
    ax.plot(points[:, 0], points[:, 1], "o", color=ACCENT, markersize=6, zorder=4)
    return place_labels(figure, ax, points, names, force=force, faint=_along_crosses(table))


def _along_crosses(table: pd.DataFrame) -> np.ndarray:
    """Points along the interval lines, which names had better not cover."""
    steps = np.linspace(0, 1, 12)
    lines: list[np.ndarray] = []
    for _, r in table.iterrows():
        across = r["low_mean"] + steps * (r["high_mean"] - r["low_mean"])
        up = r["low"] + steps * (r["high"] - r["low"])
        lines.append(np.column_stack([across, np.full_like(steps, r["share"])]))
        lines.append(np.column_stack([np.full_like(steps, r["mean"]), up]))
    points = np.vstack(lines)
    return points[np.isfinite(points).all(axis=1)]

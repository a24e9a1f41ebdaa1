"""Charts of what loyalty depends on: each driver's share and effect."""

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
    Chart,
    finite,
    is_narrow,
    named,
)
from helpers.views.rendering.intervals import estimate, listed, require
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
    from helpers.methods.drivers import Importance


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
        f"{label}\ndashed line: equal shares {percent(equal, 1)}",
        narrow=narrow,
        room=room,
    )


def _explained(importance: Importance) -> str:
    """What is divided: the linear model's R² or, for outcomes in categories, McFadden's."""
    linear = getattr(importance, "model", "linear") == "linear"
    return "explained variance (R²" if linear else "what is explained (McFadden's R²"


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
    """How many effects are clear, by the rule that the page's words go by."""
    if by_interval:
        one = "has an effect whose interval clears", "have effects whose intervals clear"
        return f"{apart} of {drivers} drivers {one[apart != 1]} zero"
    if clear or not apart:
        has = "has an effect" if clear <= 1 else "have effects"
        return f"{clear or 'None'} of {drivers} drivers {has} clearly above zero"
    clears = "interval clears" if apart == 1 else "intervals clear"
    return (
        f"No effect stands after correction for looking at {drivers} drivers; "
        f"before it, {apart} {clears} zero"
    )


def _marks(drivers: int, *, by_interval: bool) -> str:
    if by_interval:
        return "Hollow dots: the interval includes no effect."
    return (
        f"Effects with filled dots are clearly above zero, corrected for looking at {drivers} "
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

"""Charts of what loyalty depends on: each driver's share and effect."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from helpers.views.rendering.chart import Chart, base_of, dashed, finite, is_narrow, named
from helpers.views.rendering.intervals import facts, listed, require
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.numerals import decimal, percent
from helpers.views.rendering.palette import ACCENT, MUTED
from helpers.views.rendering.rows import (
    Rows,
    bar_with_interval,
    dot_with_interval,
    guides,
    interval_rows,
    number_axis,
    row_axes,
    zero_line,
)

if TYPE_CHECKING:
    from helpers.methods.drivers import Importance

SHARE = ("share", "low", "high")
EFFECT = ("effect", "effect_low", "effect_high")
TENTH = "tenth of the driver's scale"


def importance_and_effect(
    importance: Importance,
    labels: Labels | None = None,
    *,
    outcome: str = "loyalty",
    clear: Collection[str] | None = None,
    steps: Mapping[str, float] | None = None,
    counted: str = "respondents",
) -> Chart:
    """Draw share and adjusted effect side by side: a large share is not a large effect.

    Parameters
    ----------
    importance
        As ``drivers.relative_importance`` returns it, with effects.
    outcome
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
    require(importance.table, "driver", *SHARE, *EFFECT)
    table = importance.table.sort_values("share", ascending=False, kind="stable")
    per = TENTH if steps and set(steps.values()) != {1.0} else "point"
    if steps and per == TENTH:
        table[[*EFFECT]] = table[[*EFFECT]].mul(table["driver"].map(steps), axis=0)
    apart = (table["effect_low"] > 0) | (table["effect_high"] < 0)
    filled = apart if clear is None else table["driver"].isin(clear)
    names = [named(x, labels) for x in table["driver"]]
    marked = table.assign(apart=apart, filled=filled, name=names)
    effects = f"Adjusted change in {outcome} per {per}"
    lines = "" if table["low"].isna().all() else f" Lines: {_confidence(importance)} intervals."
    return Chart(
        partial(_two_panels, table=marked, explained=_explained(importance),
                label=f"{effects}{' of the driver' * (per == 'point')}"),
        _found(int(apart.sum()), int(filled.sum()), len(table), by_interval=clear is None),
        f"Shares of explained {outcome} by driver, largest first: "
        f"{listed(facts(marked, 'name', SHARE, 'share'))}. "
        f"{effects}: {listed(facts(marked, 'name', EFFECT, 'decimal2'))}.",
        f"Base: {base_of(importance, counted)}.{lines} "
        f"{_marks(len(table), by_interval=clear is None)}",
        "importance_and_effect",
    )  # fmt: skip


def _confidence(importance: Importance) -> str:
    return percent(getattr(importance, "confidence", None) or 0.95)


def _explained(importance: Importance) -> str:
    """What is divided: the linear model's R² or, for outcomes in categories, McFadden's."""
    linear = getattr(importance, "model", "linear") == "linear"
    what = "explained variance (R²" if linear else "what is explained (McFadden's R²"
    return f"Share of {what} {decimal(importance.r_squared, 2)})"


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
    figure: Figure, width: float, table: pd.DataFrame, explained: str, label: str
) -> None:
    narrow = is_narrow(width)
    columns = [
        ("share", [percent(x) for x in table["share"]]),
        ("effect", [decimal(x, 2, signed=True) for x in table["effect"]]),
    ]
    shares, effects = row_axes(figure, Rows(list(table["name"]), columns), width, panels=2)
    interval_rows(shares, table, SHARE, bar_with_interval, height=0.34 if narrow else 0.5)
    shares.set_xlim(0, max(finite(table["share"], table["high"])) * 1.04)
    equal, room = 1 / len(table), 0.4 if narrow else 0.3
    dashed(shares, x=equal, zorder=5)
    under = f"{explained}\ndashed line: equal shares {percent(equal, 1)}"
    number_axis(shares, "share", under, narrow=narrow, room=room)
    guides(effects, len(table))
    for row, (*ends, apart, filled) in enumerate(table[[*EFFECT, "apart", "filled"]].to_numpy()):
        colour = ACCENT if apart else MUTED
        dot_with_interval(effects, row, *ends, colour=colour, filled=bool(filled))
    zero_line(effects)
    number_axis(effects, "points", label, narrow=narrow, room=room)

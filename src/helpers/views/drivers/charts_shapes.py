"""Charts of how the outcome goes along a driver's scale: penalty and reward, response curves."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from helpers.methods.survey.disclosure import suppress
from helpers.views.rendering.chart import (
    Chart,
    base_of,
    finite,
    is_narrow,
    named,
    plain_axes,
    wrapped,
)
from helpers.views.rendering.intervals import estimate, listed, require
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.numerals import decimal
from helpers.views.rendering.palette import ACCENT, CONTRAST, INK, LINE, MUTED, PALE, SMALL
from helpers.views.rendering.rows import Rows, guides, number_axis, row_axes, zero_line

if TYPE_CHECKING:
    from helpers.methods.drivers import Asymmetry, Curves

MOST_CURVES = 12
PER_ROW = {True: 2, False: 4}  # curves beside each other, narrow and wide
RUG = 0.16  # of a panel's height, for the bars of how many answered


def penalty_reward(
    asymmetry: Asymmetry,
    labels: Labels | None = None,
    *,
    outcome: str = "loyalty",
    counted: str = "respondents",
) -> Chart:
    """Draw what low ratings cost to the left and what high ratings bring to the right.

    Parameters
    ----------
    asymmetry
        As ``drivers.asymmetry`` returns it.
    labels
        Driver to the words a reader sees.
    outcome
        What the drivers explain, in words.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> table = pd.DataFrame({"driver": ["ease", "price"], "penalty": [-3.0, -0.2],
    ...     "penalty_low": [-4.0, -1.0], "penalty_high": [-2.0, 0.6], "reward": [0.2, 0.1],
    ...     "reward_low": [-0.5, -0.8], "reward_high": [0.9, 1.0],
    ...     "class": ["floor", "no clear effect"], "sure": [True, False]})
    >>> found = SimpleNamespace(table=table, base=300, clusters=None, confidence=0.95,
    ...                         coefficients="per_point")
    >>> penalty_reward(found).title
    'Clearly 1 floor and 0 delighters among 2 drivers'
    """
    table = asymmetry.table
    require(table, "driver", "penalty", "penalty_low", "penalty_high", "reward", "class", "sure")
    sure, looks = table[table["sure"]], looks_like(table)
    floors, delighters = ((sure["class"] == name).sum() for name in ("floor", "delighter"))
    facts = [
        f"{named(r['driver'], labels)} low {estimate(*_three(r, 'penalty'), 'decimal2')}, "
        f"high {estimate(*_three(r, 'reward'), 'decimal2')}, {look}"
        for (_, r), look in zip(table.iterrows(), looks, strict=True)
    ]
    unit = "per point" if asymmetry.coefficients == "per_point" else "against the middle"
    label = f"Difference in {outcome} {unit}: low ratings left, high ratings right"
    names = [named(x, labels) for x in table["driver"]]
    return Chart(
        partial(_penalties, table=table, rows=Rows(names, [("", looks)]), label=label),
        _title(floors, delighters, len(table)),
        f"Effect of a point among low and among high ratings: {listed(facts, 14)}.",
        f"Base: {base_of(asymmetry, counted)}. Lines: {asymmetry.confidence:.0%} intervals, low "
        "ratings over high ones, each against the middle ratings of the same driver, the other "
        "drivers held constant.",
        "penalty_reward",
    )


def _penalties(figure: Figure, width: float, table: pd.DataFrame, rows: Rows, label: str) -> None:
    (ax,) = row_axes(figure, rows, width)
    guides(ax, len(table))
    zero_line(ax)
    for row, (_, r) in enumerate(table.iterrows()):
        _sides(ax, row, r, height=0.3 if is_narrow(width) else 0.44)
    number_axis(ax, "points", label, narrow=is_narrow(width))


def looks_like(table: pd.DataFrame) -> list[str]:
    """What each driver looks like, and whether that is clear.

    >>> looks_like(pd.DataFrame({"class": ["floor", "floor"], "sure": [True, False]}))
    ['floor, sure', 'floor, not sure']
    """
    known = table["class"].isin(["floor", "delighter"])
    added = np.where(table["sure"], ", sure", np.where(known, ", not sure", ""))
    return [f"{name}{more}" for name, more in zip(table["class"], added, strict=True)]


def _title(floors: int, delighters: int, drivers: int) -> str:
    """How many drivers are clearly what, as a title.

    >>> _title(1, 2, 8)
    'Clearly 1 floor and 2 delighters among 8 drivers'
    """
    if not floors + delighters:
        return f"None of {drivers} drivers is clearly a floor or a delighter"
    one, other = ("" if number == 1 else "s" for number in (floors, delighters))
    return f"Clearly {floors} floor{one} and {delighters} delighter{other} among {drivers} drivers"


def _three(row: pd.Series, what: str) -> tuple[float, float, float]:
    return float(row[what]), float(row[f"{what}_low"]), float(row[f"{what}_high"])


def _sides(ax: Axes, row: int, r: pd.Series, *, height: float) -> None:
    for what, colour, up in (("penalty", CONTRAST, -0.11), ("reward", ACCENT, 0.11)):
        value, low, high = _three(r, what)
        if not np.isfinite(value):
            continue
        ax.barh(row, value, height=height, color=colour, alpha=0.35, zorder=2)
        ax.plot([low, high], [row + up] * 2, color=colour, linewidth=1.6, zorder=3)
        ax.plot([value], [row + up], "o", color=colour, markersize=4.5, zorder=4)


def response_curves(
    curves: Curves,
    labels: Labels | None = None,
    *,
    smallest: int = 0,
    outcome: str = "loyalty",
    counted: str = "respondents",
) -> Chart:
    """Draw how the outcome goes along each driver's scale, one small panel a driver.

    The line is the fitted curve with its band; dots are adjusted means; a pale upright
    band is the interval of a threshold; bars at the foot say how many gave each rating.

    Parameters
    ----------
    curves
        As ``drivers.response_curves`` returns it.
    smallest
        Ratings that fewer gave are withheld.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> table = pd.DataFrame({"driver": ["ease"], "shape": ["levels off"], "threshold": [6.0],
    ...     "threshold_low": [5.0], "threshold_high": [7.0], "below": [2.0], "above": [0.1]})
    >>> points = pd.DataFrame({"driver": "ease", "rating": [4.0, 6.0, 8.0], "curve": [-3, 1, 1.2],
    ...     "low": [-4, 0.5, 0.4], "high": [-2, 1.6, 2.0], "adjusted": [-2.9, 1.1, 1.0],
    ...     "base": [40, 60, 50]})
    >>> found = SimpleNamespace(table=table, points=points, base=150, clusters=None,
    ...                         confidence=0.95)
    >>> response_curves(found).title
    'A bend is supported for 1 of 1 drivers'
    """
    table = curves.table.head(MOST_CURVES)
    require(table, "driver", "shape", "threshold", "below", "above")
    shown = curve_points(curves, smallest) if smallest else curves.points
    bent = int(table["threshold"].notna().sum())
    facts = [f"{named(r['driver'], labels)} {_shape(r)}" for _, r in table.iterrows()]

    left_out = len(curves.table) - len(table)
    more = f" {left_out} further drivers are in the table." if left_out else ""
    return Chart(
        partial(_panels, table=table, points=shown, labels=labels, outcome=outcome),
        _bends(bent, len(curves.table)),
        f"How {outcome} changes along each driver: {listed(facts, MOST_CURVES)}.",
        f"Base: {base_of(curves, counted)}. Lines: fitted curves with {curves.confidence:.0%} "
        "bands, the other drivers held constant; dots: means at each rating; vertical bands: where "
        "a bend lies; dashed: no clear effect; bars at the foot: how many gave each rating. Each "
        "curve uses those who rated the driver, so a slope can differ a little from the effect "
        f"above.{more}",
        "response_curves",
    )


def curve_points(found: Curves, smallest: int) -> pd.DataFrame:
    """Points of the curves, with ratings that too few gave withheld."""
    return suppress(found.points, "base", smallest, ["adjusted", "base"], whole="driver")


def _bends(bent: int, drivers: int) -> str:
    """How many curves bend, as a title.

    >>> _bends(0, 8)
    'No bend is clear among 8 drivers'
    """
    if not bent:
        return f"No bend is clear among {drivers} drivers"
    return f"A bend is supported for {bent} of {drivers} drivers"


def _shape(row: pd.Series) -> str:
    if np.isnan(row["threshold"]):
        slope = "" if row["shape"] == "no clear effect" else f", {decimal(row['below'], 2)} a point"
        return f"{row['shape']}{slope}"
    return (
        f"{row['shape']} at {_at(row)}: {decimal(row['below'], 2)} a point "
        f"below, {decimal(row['above'], 2)} above"
    )


def _at(row: pd.Series) -> str:
    beyond = {row.get("tried_low"): " or lower", row.get("tried_high"): " or higher"}
    return f"{decimal(row['threshold'], 1)}{beyond.get(row['threshold'], '')}"


def _panels(
    figure: Figure, width: float, table: pd.DataFrame, points: pd.DataFrame,
    labels: Labels | None, outcome: str,
) -> None:  # fmt: skip
    narrow = is_narrow(width)
    across = min(PER_ROW[narrow], len(table))
    down = -(-len(table) // across)
    figure.set_size_inches(width, 0.45 + (1.75 if narrow else 1.85) * down)
    grid = np.atleast_1d(np.asarray(figure.subplots(down, across, sharey=True), dtype=object))
    known = points[points["adjusted"].notna()]
    values = finite(known["curve"], known["adjusted"], known["low"], known["high"])
    low, high = float(values.min()), float(values.max())
    foot = low - RUG * (high - low) / (1 - RUG)
    for ax, (_, row) in zip(grid.ravel(), table.iterrows(), strict=False):
        mine = points[points["driver"] == row["driver"]]
        _panel(ax, row, mine, (foot, low, high))
        ax.set_title(
            wrapped(figure, named(row["driver"], labels), width / across - 0.25, lines=2),
            fontsize=SMALL, color=INK, loc="left", pad=3,
        )  # fmt: skip
    for ax in grid.ravel()[len(table) :]:
        ax.set_visible(False)
    label = f"{outcome[:1].upper()}{outcome[1:]}, difference from the average customer"
    figure.supylabel(wrapped(figure, label, figure.get_size_inches()[1] * 0.8, size=SMALL),
                     fontsize=SMALL, color=MUTED)  # fmt: skip
    figure.supxlabel("Rating of the driver", fontsize=SMALL, color=MUTED)


def _span(row: pd.Series, x: np.ndarray) -> tuple[float, float]:
    """Where a bend lies: to the end of the scale where none could be tried beyond.

    >>> row = pd.Series({"threshold_low": 5.0, "threshold_high": 8.0, "tried_low": 5.0})
    >>> [float(end) for end in _span(row, np.arange(11.0))]
    [0.0, 8.12]
    """
    low, high = row["threshold_low"], row["threshold_high"]
    left = x.min() if low == row.get("tried_low") else low - 0.12
    right = x.max() if high == row.get("tried_high") else high + 0.12
    return left, right


def _panel(
    ax: Axes, row: pd.Series, points: pd.DataFrame, room: tuple[float, float, float]
) -> None:
    foot, low, high = room
    plain_axes(ax, grid="y")
    ax.set_ylim(foot, high)
    ax.axhline(0, color=LINE, linewidth=1.0, zorder=1)
    x = points["rating"].to_numpy(dtype=float)
    known = points[points["adjusted"].notna()]
    if np.isfinite(row["threshold"]):
        ax.axvspan(*_span(row, x), color=LINE, zorder=0)
        ax.axvline(row["threshold"], color=CONTRAST, linewidth=1.1, zorder=1)
    at = known["rating"]
    ax.fill_between(at, known["low"], known["high"], color=PALE, alpha=0.6, linewidth=0, zorder=2)
    certain = row["shape"] != "no clear effect"
    ax.plot(at, known["curve"], color=ACCENT if certain else MUTED, linewidth=1.6, zorder=3,
            linestyle="-" if certain else (0, (4, 2)))  # fmt: skip
    ax.plot(at, known["adjusted"], "o", color=INK, markersize=2.6, zorder=4)
    sizes = points["base"].fillna(0).to_numpy(dtype=float)
    step = float(np.min(np.diff(x))) if len(x) > 1 else 1.0
    tall = (low - foot) * 0.9 / max(float(sizes.max()), 1.0)
    ax.bar(x, sizes * tall, bottom=foot, width=0.7 * step, color=MUTED, alpha=0.55, zorder=2)
    number_axis(ax, "points", "", narrow=True, axis="y")
    ax.xaxis.set_major_locator(MaxNLocator(nbins=4, integer=True, steps=[1, 2, 5, 10]))
    ax.set_xlim(float(x.min()) - 0.6 * step, float(x.max()) + 0.6 * step)

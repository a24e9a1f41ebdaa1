"""Charts of the value map: accounts by value and loyalty, and the cells in money."""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.views.rendering.chart import Chart, corners, finite, is_narrow, key, named, plain_axes
from helpers.views.rendering.intervals import require, written
from helpers.views.rendering.labels import key_below, place_labels
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.numerals import count, money, percent
from helpers.views.rendering.palette import ACCENT, CONTRAST, INK, MUTED, PALE, SMALL
from helpers.views.rendering.records import records
from helpers.views.rendering.rows import Rows, number_axis, row_axes
from helpers.views.value_map.figures import rounding

if TYPE_CHECKING:
    from helpers.methods.value_map import ValueMap

ELSEWHERE = {"Invest": "^", "Negative payoff": "v"}  # cells that are no quarter of the map
FIRMNESS = {"firm": ACCENT, "leaning": PALE, "unclear": "white", "not tested": PALE}
REPAIR = "Protect & repair"
QUARTERS = ("Maintain efficiently", "Grow & leverage", "Re-price or release", REPAIR)
MOST_NUMBERED = 5  # accounts to protect, with their names under the map
LARGEST_DOT = 0.24  # inches across a radius: the largest account's bubble
SMALLEST_DOT = 0.035


def value_map(
    value_map: ValueMap,
    cells: pd.DataFrame | None = None,
    *,
    currency: str = "USD",
    names: Labels | None = None,
    title: str | None = None,
) -> Chart:
    """Draw every account by strategic value and loyalty, its bubble by revenue.

    Parameters
    ----------
    value_map
        As ``value_map.place`` returns it: its table has ``account_id``, ``value``,
        ``loyalty``, ``cell``, ``firmness`` and ``revenue``; its ``cells`` have ``cell``,
        ``accounts`` and ``revenue``.
    cells
        Its cells as they may be shown; those of the map if not given.
    currency
        ISO code of revenue.
    names
        Account to name, for the largest accounts to protect; none are named without it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> table = pd.DataFrame({"account_id": ["a", "b"], "value": [80.0, 20.0],
    ...     "loyalty": [30.0, 70.0], "cell": ["Protect & repair", "Maintain efficiently"],
    ...     "firmness": ["firm", "unclear"], "revenue": [2e6, 1e5]})
    >>> cells = pd.DataFrame({"cell": ["Protect & repair", "Maintain efficiently"],
    ...     "accounts": [1, 1], "revenue": [2e6, 1e5]})
    >>> found = SimpleNamespace(table=table, cells=cells, value_cut=50.0, loyalty_cut=50.0, base=2)
    >>> value_map(found).title
    '1 account worth $2.0M is valuable but not loyal'
    """
    require(value_map.table, "account_id", "value", "loyalty", "cell", "firmness")
    shown = value_map.cells if cells is None else cells
    firm = percent((value_map.table["firmness"] == "firm").mean())
    tested = bool((value_map.table["firmness"] != "not tested").any())
    untested = "How firmly accounts sit in their groups could not be tested."
    return Chart(
        partial(_bubbles, found=value_map, names=names, top=MOST_NUMBERED),
        title or _repair_in_words(shown, currency),
        f"Accounts by value and loyalty. {_cells_in_words(shown, currency)}",
        f"Base: {count(value_map.base)} accounts; bubble area is yearly revenue. "
        + (f"The group of {firm} of these accounts is firm." if tested else untested)
        + " Numbered: the largest to protect." * (names is not None),
        "value_map",
    )


def _repair_in_words(table: pd.DataFrame, currency: str) -> str:
    cells = table.set_index("cell")
    if REPAIR not in cells.index or not cells["accounts"].loc[REPAIR]:
        return "No account is valuable but not loyal"
    accounts, revenue = (float(cells[x].loc[REPAIR]) for x in ("accounts", "revenue"))
    worth = "" if pd.isna(revenue) else f" worth {money(revenue, currency)}"
    who, verb = ("account", "is") if accounts == 1 else ("accounts", "are")
    return f"{count(accounts)} {who}{worth} {verb} valuable but not loyal"


def _cells_in_words(cells: pd.DataFrame, currency: str) -> str:
    money_unit = f"money:{currency}"
    facts = [
        f"{row['cell']}: {count(row['accounts'])} accounts, {written(row['revenue'], money_unit)}"
        for row in records(cells)
    ]
    return "; ".join(facts) + "."


def _bubbles(figure: Figure, width: float, found: ValueMap, names: Labels | None, top: int) -> None:
    narrow = is_narrow(width)
    table = _largest_first(found.table)
    chosen = table.iloc[:0] if names is None else table[table["cell"] == REPAIR].head(top)
    ax = _axes(figure, width, [named(x, names) for x in chosen["account_id"]])
    plain_axes(ax, grid="both")
    ax.grid(visible=False)
    _dots(ax, table, 0.55 if narrow else 1.0)
    _limits(ax, table, found)
    number_axis(ax, "points", "Strategic value (0 to 100)", narrow=narrow)
    number_axis(ax, "points", "Loyalty (0 to 100)", narrow=narrow, axis="y")
    _corners(ax, found, narrow=narrow)
    _key(ax, found.table, narrow=narrow)
    if len(chosen):
        numbers = [str(i) for i in range(1, len(chosen) + 1)]
        dots = table[["value", "loyalty"]].to_numpy(dtype=float)
        marked = chosen[["value", "loyalty"]].to_numpy(dtype=float)
        place_labels(figure, ax, marked, numbers, force=True, faint=dots, weight="bold")


def _axes(figure: Figure, width: float, names: list[str]) -> Axes:
    height = 3.9 if is_narrow(width) else 5.0
    if names:
        return key_below(figure, names, width, plot=height)
    figure.set_size_inches(width, height)
    return figure.add_subplot()


def _dots(ax: Axes, table: pd.DataFrame, factor: float) -> None:
    radii = _radii(table["revenue"].to_numpy(dtype=float), factor)
    for (firmness, colour), (marker, which) in product(FIRMNESS.items(), _markers(table)):
        rows = (table["firmness"] == firmness).to_numpy() & which
        ax.scatter(
            table["value"][rows], table["loyalty"][rows], s=(2 * radii[rows] * 72) ** 2,
            facecolor=colour, edgecolor="white" if firmness == "firm" else INK, linewidth=0.6,
            alpha=0.85, zorder=2, marker=marker,
        )  # fmt: skip


def _largest_first(table: pd.DataFrame) -> pd.DataFrame:
    """Small bubbles are drawn over large ones; without revenue all are the same."""
    sized = table if "revenue" in table.columns else table.assign(revenue=0.0)
    known = sized.dropna(subset=["value", "loyalty"])
    return known.sort_values(["revenue", "account_id"], ascending=[False, True])


def _markers(table: pd.DataFrame) -> list[tuple[str, np.ndarray]]:
    """Which accounts get which mark: a round one, but for cells that have no quarter."""
    masks = [(mark, (table["cell"] == cell).to_numpy()) for cell, mark in ELSEWHERE.items()]
    rest = ~np.any([mask for _, mask in masks], axis=0)
    return [("o", rest), *masks]


def _radii(revenue: np.ndarray, factor: float) -> np.ndarray:
    size = np.sqrt(np.clip(np.nan_to_num(revenue), 0, None))
    if not len(size) or size.max() <= 0:
        return np.full(len(size), 2 * SMALLEST_DOT * factor)
    scaled = size / size.max() * LARGEST_DOT
    return np.maximum(scaled, SMALLEST_DOT) * factor


def _limits(ax: Axes, table: pd.DataFrame, found: ValueMap) -> None:
    """Room for the cells' names above and below all bubbles."""
    values = finite(table["value"], found.value_cut)
    loyalty = finite(table["loyalty"], found.loyalty_cut)
    across, up = np.ptp(values) or 1.0, np.ptp(loyalty) or 1.0
    ax.set_xlim(values.min() - 0.06 * across, values.max() + 0.06 * across)
    ax.set_ylim(loyalty.min() - 0.22 * up, loyalty.max() + 0.22 * up)
    ax.axvline(found.value_cut, color=MUTED, linewidth=0.9, zorder=1)
    ax.axhline(found.loyalty_cut, color=MUTED, linewidth=0.9, zorder=1)


def _corners(ax: Axes, found: ValueMap, *, narrow: bool) -> None:
    """The names and sizes of the four cells, in the corners that stand for them."""
    counts, between = found.table["cell"].value_counts(), "\n" if narrow else ": "
    texts = [f"{name}{between}{count(counts.get(name, 0))} accounts" for name in QUARTERS]
    corners(ax, texts, fontsize=SMALL, color=INK, weight="bold", zorder=5)


def _key(ax: Axes, table: pd.DataFrame, *, narrow: bool) -> None:
    """What fill and shape mean."""
    counts = table["cell"].value_counts()
    shown = [
        (name, "o", colour) for name, colour in FIRMNESS.items() if name in {*table["firmness"]}
    ]
    shown += [
        (f"{cell}: {count(counts[cell])}", mark, PALE)
        for cell, mark in ELSEWHERE.items()
        if counts.get(cell, 0)
    ]
    look = {"color": INK, "markersize": 6.5, "markeredgewidth": 0.6}
    marks = [(name, mark, look | {"markerfacecolor": fill}) for name, mark, fill in shown]
    key(ax, marks, above=True, ncols=3 if narrow else len(marks), columnspacing=1.2)


def cells_bars(
    found: ValueMap | pd.DataFrame, *, currency: str = "USD", title: str | None = None
) -> Chart:
    """Draw each cell's share of revenue beside its share of accounts.

    Parameters
    ----------
    found
        As ``value_map.place`` returns it, or its ``cells``: ``cell``, ``accounts``,
        ``revenue``, ``revenue_share``, ``firm_share``.

    Examples
    --------
    >>> cells = pd.DataFrame({"cell": ["Grow & leverage", "Protect & repair"],
    ...     "accounts": [30, 10], "revenue": [6e6, 4e6], "revenue_share": [0.6, 0.4],
    ...     "firm_share": [0.7, 0.5]})
    >>> cells_bars(cells).title
    'Groups of accounts by value and loyalty'
    """
    cells = found if isinstance(found, pd.DataFrame) else found.cells
    require(cells, "cell", "accounts", "revenue", "revenue_share")
    cells = cells[cells["accounts"] > 0].reset_index(drop=True)
    shares = cells["accounts"] / cells["accounts"].sum()
    return Chart(
        partial(_paired, cells=cells, shares=shares, currency=currency),
        title or "Groups of accounts by value and loyalty",
        f"Groups of accounts. {_cells_in_words(cells, currency)}",
        f"Base: {count(cells['accounts'].sum())} accounts. "
        f"Bars: share of revenue. Diamonds: share of accounts.{rounding(cells)}",
        "cells_bars",
    )


def _paired(
    figure: Figure, width: float, cells: pd.DataFrame, shares: pd.Series, currency: str
) -> None:
    narrow = is_narrow(width)
    accounts = [f"{count(x)}{' accounts' * narrow}" for x in cells["accounts"]]
    revenue = [written(x, f"money:{currency}") for x in cells["revenue"]]
    rows = Rows([str(x) for x in cells["cell"]], [("revenue", revenue), ("accounts", accounts)])
    (ax,) = row_axes(figure, rows, width)
    for row, (bar, diamond) in enumerate(zip(cells["revenue_share"], shares, strict=True)):
        if np.isfinite(bar):
            ax.barh(row, bar, height=0.34 if narrow else 0.5, color=ACCENT, zorder=2)
        ax.plot([diamond], [row], "D", color=CONTRAST, markersize=6.5, markeredgecolor="white",
                markeredgewidth=1.2, zorder=4)  # fmt: skip
    number_axis(ax, "share", "Share of revenue (bar) and of accounts (diamond)", narrow=narrow)

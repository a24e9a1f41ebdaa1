"""Charts of the value map: accounts by value and loyalty, and the cells in money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.views.charts.chart import (
    ACCENT,
    CONTRAST,
    INK,
    MUTED,
    PALE,
    SMALL,
    Chart,
    finite,
    is_narrow,
    named,
    plain_axes,
)  # fmt: skip
from helpers.views.charts.intervals import require, written
from helpers.views.charts.placing import place_labels
from helpers.views.charts.rows import Rows, number_axis, row_axes
from helpers.views.numerals import count, money, percent

if TYPE_CHECKING:
    from helpers.methods.value_map import ValueMap

__all__ = ["cells_bars", "value_map"]

FIRMNESS = {"firm": ACCENT, "leaning": PALE, "unclear": "white"}
REPAIR = "Protect & repair"
LARGEST_DOT = 0.24  # inches across a radius: the largest account's bubble
SMALLEST_DOT = 0.035


def value_map(
    value_map: ValueMap,
    *,
    currency: str = "USD",
    names: Mapping[str, str] | None = None,
    label_top: int = 5,
    title: str | None = None,
    alt: str | None = None,
) -> Chart:
    """Draw every account by strategic value and loyalty, its bubble by revenue.

    Parameters
    ----------
    value_map
        As ``value_map.place`` returns it: its table has ``account_id``, ``value``,
        ``loyalty``, ``cell``, ``firmness`` and ``revenue``; its ``cells`` have ``cell``,
        ``accounts`` and ``revenue``.
    currency
        ISO code of revenue.
    names
        Account to name, for the largest accounts to protect; none are named without it.
    label_top
        How many of these to name on the wide picture.

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
    require(value_map.table, "account_id", "value", "loyalty", "cell", "firmness", "revenue")

    def draw(figure: Figure, width: float) -> None:
        _bubbles(figure, width, value_map, names, label_top)

    firm = (value_map.table["firmness"] == "firm").mean()
    return Chart(
        draw,
        title or _repair_in_words(value_map, currency),
        alt or f"Accounts by value and loyalty. {_cells_in_words(value_map.cells, currency)}",
        f"Base: {count(value_map.base)} accounts; bubble area is yearly revenue. {percent(firm)} "
        "have a firm cell (dark); pale is leaning, white unclear.",
        "value_map",
    )


def _repair_in_words(found: ValueMap, currency: str) -> str:
    cells = found.cells.set_index("cell")
    if REPAIR not in cells.index or not cells.loc[REPAIR, "accounts"]:
        return "No account is valuable but not loyal"
    accounts, revenue = cells.loc[REPAIR, "accounts"], cells.loc[REPAIR, "revenue"]
    plural = "account" if accounts == 1 else "accounts"
    verb = "is" if accounts == 1 else "are"
    worth = "" if pd.isna(revenue) else f" worth {money(float(revenue), currency)}"
    return f"{count(accounts)} {plural}{worth} {verb} valuable but not loyal"


def _cells_in_words(cells: pd.DataFrame, currency: str) -> str:
    facts = [
        f"{r['cell']}: {count(r['accounts'])} accounts, "
        f"{_money_or_withheld(r['revenue'], currency)}"
        for _, r in cells.iterrows()
    ]
    return "; ".join(facts) + "."


def _money_or_withheld(amount: float, currency: str) -> str:
    return written(amount, f"money:{currency}")


def _bubbles(
    figure: Figure, width: float, found: ValueMap, names: Mapping[str, str] | None, top: int
) -> None:
    narrow = is_narrow(width)
    figure.set_size_inches(width, 3.9 if narrow else 5.0)
    ax = figure.add_subplot()
    plain_axes(ax, grid="both")
    ax.grid(visible=False)
    table = found.table.dropna(subset=["value", "loyalty"]).sort_values(
        ["revenue", "account_id"], ascending=[False, True]
    )
    radii = _radii(table["revenue"].to_numpy(dtype=float), 0.55 if narrow else 1.0)
    for firmness, colour in FIRMNESS.items():
        rows = (table["firmness"] == firmness).to_numpy()
        ax.scatter(
            table["value"][rows], table["loyalty"][rows], s=(2 * radii[rows] * 72) ** 2,
            facecolor=colour, edgecolor=INK if firmness != "firm" else "white", linewidth=0.6,
            alpha=0.85, zorder=2,
        )  # fmt: skip
    _limits(ax, table, found)
    number_axis(ax, "points", "Strategic value (0 to 100)", narrow=narrow)
    number_axis(ax, "points", "Loyalty (0 to 100)", narrow=narrow, axis="y")
    _corners(ax, found)
    if names is not None and not narrow:
        _name_largest(figure, ax, table, radii, names, top)


def _radii(revenue: np.ndarray, factor: float) -> np.ndarray:
    size = np.sqrt(np.clip(np.nan_to_num(revenue), 0, None))
    largest = size.max() if len(size) and size.max() > 0 else 1.0
    return np.maximum(size / largest * LARGEST_DOT, SMALLEST_DOT) * factor  # type: ignore[no-any-return]


def _limits(ax: Axes, table: pd.DataFrame, found: ValueMap) -> None:
    """Room for the cells' names above and below all bubbles."""
    values = finite(table["value"], found.value_cut)
    loyalty = finite(table["loyalty"], found.loyalty_cut)
    across, up = np.ptp(values) or 1.0, np.ptp(loyalty) or 1.0
    ax.set_xlim(values.min() - 0.06 * across, values.max() + 0.06 * across)
    ax.set_ylim(loyalty.min() - 0.2 * up, loyalty.max() + 0.2 * up)
    ax.axvline(found.value_cut, color=MUTED, linewidth=0.9, zorder=1)
    ax.axhline(found.loyalty_cut, color=MUTED, linewidth=0.9, zorder=1)


def _corners(ax: Axes, found: ValueMap) -> None:
    """The names and sizes of the four cells, in the corners that stand for them."""
    counts = found.table["cell"].value_counts()
    for name, x, y in (
        ("Maintain efficiently", 0.01, 0.99),
        ("Grow & leverage", 0.99, 0.99),
        ("Re-price or release", 0.01, 0.01),
        (REPAIR, 0.99, 0.01),
    ):
        ax.text(
            x, y, f"{name}: {count(counts.get(name, 0))}", transform=ax.transAxes,
            ha="left" if x < 0.5 else "right", va="top" if y > 0.5 else "bottom",
            fontsize=SMALL, weight="bold", color=INK, zorder=5,
        )  # fmt: skip


def _name_largest(
    figure: Figure, ax: Axes, table: pd.DataFrame, radii: np.ndarray,
    names: Mapping[str, str], top: int,
) -> None:  # fmt: skip
    chosen = np.flatnonzero((table["cell"] == REPAIR).to_numpy())[:top]
    if not len(chosen):
        return
    points = table[["value", "loyalty"]].to_numpy(dtype=float)
    place_labels(
        figure, ax, points[chosen], [named(table["account_id"].iloc[i], names) for i in chosen],
        radii=[float(radii[i]) for i in chosen], force=True, faint=points,
    )  # fmt: skip


def cells_bars(
    found: ValueMap | pd.DataFrame,
    *,
    currency: str = "USD",
    title: str | None = None,
    alt: str | None = None,
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
    'Grow & leverage holds the largest part of revenue, 60%'
    """
    cells = found if isinstance(found, pd.DataFrame) else found.cells
    require(cells, "cell", "accounts", "revenue", "revenue_share")
    shares = cells["accounts"] / cells["accounts"].sum()

    def draw(figure: Figure, width: float) -> None:
        _paired(figure, width, cells, shares, currency)

    return Chart(
        draw,
        title or _largest_cell(cells),
        alt or f"Cells of the value map. {_cells_in_words(cells, currency)}",
        f"Base: {count(cells['accounts'].sum())} accounts. "
        "Bars: share of revenue. Diamonds: share of accounts.",
        "cells_bars",
    )


def _largest_cell(cells: pd.DataFrame) -> str:
    known = cells.dropna(subset=["revenue_share"])
    if known.empty:
        return "Cells of the value map"
    first = known.loc[known["revenue_share"].idxmax()]
    share = percent(first["revenue_share"])
    return f"{first['cell']} holds the largest part of revenue, {share}"


def _paired(
    figure: Figure, width: float, cells: pd.DataFrame, shares: pd.Series, currency: str
) -> None:
    narrow = is_narrow(width)
    accounts = [f"{count(x)}{' accounts' * narrow}" for x in cells["accounts"]]
    revenue = [_money_or_withheld(x, currency) for x in cells["revenue"]]
    rows = Rows([str(x) for x in cells["cell"]], [("revenue", revenue), ("accounts", accounts)])
    (ax,) = row_axes(figure, rows, width)
    for row, (bar, diamond) in enumerate(zip(cells["revenue_share"], shares, strict=True)):
        if np.isfinite(bar):
            ax.barh(row, bar, height=0.34 if narrow else 0.5, color=ACCENT, zorder=2)
        ax.plot([diamond], [row], "D", color=CONTRAST, markersize=6.5, markeredgecolor="white",
                markeredgewidth=1.2, zorder=4)  # fmt: skip
    number_axis(ax, "share", "Share of revenue (bar) and of accounts (diamond)", narrow=narrow)

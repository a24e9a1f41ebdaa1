"""Money of cells told so coarsely that nothing is known of the few who may not be named.

Accounts that may be named stand in lists with their revenue, and the client knows its ledger.
What a cell brings less what its named accounts bring is what the others bring, and a sum of few
is found in a ledger: it says who answered, and how. So such a sum is rounded to a unit at which
it is the same whichever of the accounts that are not named are in the cell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.methods.survey import disclosure
from helpers.methods.value_map.cells import ValueMap
from helpers.methods.value_map.shown import PRIVATE, parts_of

__all__ = ["coarsened", "rounded_alike", "unplaced_revenue"]

Range = tuple[float, float]
STEPS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
LARGEST = 15  # powers of ten of the largest unit: more than the money of any client
SMALLEST_SHARE = 0.01


def coarsened(
    found: ValueMap, cells: pd.DataFrame, smallest: int, by_name: ValueMap | None = None
) -> pd.DataFrame:
    """The cells with their money rounded where few of their accounts are not in a list by name.

    Parameters
    ----------
    found
        The map of all accounts.
    cells
        What `shown_cells` or `joined_cells` gives of it.
    smallest
        The fewest accounts that a sum may tell of.
    by_name
        The map of the accounts that may be named, which stand in lists with their revenue;
        ``None`` where there is none.

    Returns
    -------
    DataFrame
        As ``cells``, with ``rounded_to``, the unit of ``revenue``; missing where it is exact.
        A row is withheld where no unit but its own size would do.

    Examples
    --------
    >>> from helpers.methods.value_map import place, shown_cells, three_ps
    >>> names = [f"a{n}" for n in range(40)]
    >>> money = pd.DataFrame({"account_id": names, "period": pd.Timestamp("2026-05-01"),
    ...                       "revenue": np.arange(101.0, 141.0)})
    >>> scores = pd.DataFrame({"account_id": names, "shrunk": 80.0})
    >>> worth = three_ps(None, money, as_of=pd.Timestamp("2026-06-30"))
    >>> every, named = (place(worth, scores.iloc[first:], loyalty_cut=70, replicates=0)
    ...                 for first in (0, 2))
    >>> cells = coarsened(every, shown_cells(every, 10), 10, named)
    >>> cells.loc[cells["accounts"] > 0, ["cell", "revenue", "rounded_to"]].values.tolist()
    [['Grow & leverage', 2610.0, nan], ['Maintain efficiently', 2100.0, 300.0]]
    """
    exact = cells.assign(rounded_to=np.nan)
    if by_name is None:
        return exact
    who = _Unnamed(found, by_name)
    rows = [who.row(parts_of(str(name))) for name in cells["cell"]]
    if not any(row.few(smallest) for row in rows):
        return exact
    every, result = who.row(tuple(found.cells["cell"])), exact.copy()
    for place, row in zip(cells.index, rows, strict=True):
        if not cells.loc[place, "withheld"]:
            for column, value in _told(row, every, cells.loc[place]).items():
                result.loc[place, column] = value
    gone = result["revenue"].isna() & (result["accounts"] > 0)  # what was withheld is among it
    return disclosure.withhold(result, gone.to_numpy(bool), PRIVATE)


def unplaced_revenue(found: ValueMap, smallest: int, by_name: ValueMap | None = None) -> float:
    """What the accounts that are not on the map bring; it tells what those on it bring.

    Rounded, or missing, where those on the map without a name are few.
    """
    exact = float(found.unplaced["revenue"].sum())
    if by_name is None:
        return exact
    who = _Unnamed(found, by_name)
    if not 0 < (~found.table["account_id"].isin(who.named)).sum() < smallest:
        return exact
    every = pd.concat([found.table, found.unplaced])
    others = every.loc[~every["account_id"].isin(who.named), "revenue"].fillna(0).to_numpy(float)
    listed = found.unplaced["account_id"].isin(who.named)
    fixed = float(found.unplaced.loc[listed, "revenue"].sum())
    low, high = _ends(others, int((~listed).sum()))
    return rounded_alike((fixed + low, fixed + high))[0]


def rounded_alike(ends: Range, smallest_unit: float = 1.0) -> tuple[float, float]:
    """The value to which a whole range is rounded, and the least unit of a ladder that does so.

    Both are missing where the range is rounded to nought only.

    >>> rounded_alike((6.9e6, 7.4e6)), rounded_alike((1.0, 9e6))
    ((7200000.0, 600000.0), (nan, nan))
    """
    for unit in (smallest_unit * step * 10.0**power for power in range(LARGEST) for step in STEPS):
        low, high = (np.floor(end / unit + 0.5) for end in ends)
        if low == high:
            return (float(low * unit), unit) if low else (np.nan, np.nan)
    return np.nan, np.nan


@dataclass(frozen=True)
class _Row:
    """What a cell, or several together, may hold as far as the lists by name tell."""

    revenue: Range
    contribution: Range
    unnamed: int  # accounts in it that may not be named
    moved: int  # accounts by which it and the same cell of the lists differ

    def few(self, smallest: int) -> bool:
        return 0 < self.unnamed < smallest or 0 < self.moved < smallest


class _Unnamed:
    """The accounts that no list by name has, or has in another cell."""

    def __init__(self, found: ValueMap, by_name: ValueMap) -> None:
        self.named = frozenset(by_name.table["account_id"])
        self.cell = found.table.set_index("account_id")["cell"]
        self.listed = by_name.table.set_index("account_id")["cell"]
        self.possible = found.possible.set_index("account_id")

    def row(self, cells: tuple[str, ...]) -> _Row:
        here = set(self.cell.index[self.cell.isin(cells)])
        listed = set(self.listed.index[self.listed.isin(cells)])
        known, moved = here & listed, here ^ listed
        could = self.possible[["loyal", "not_loyal"]].isin(cells).any(axis=1)
        others = set(self.possible.index[could]) - self.named | moved
        revenue, contribution = (
            self._range(name, known, listed, others, len(here) - len(known))
            for name in ("revenue", "contribution")
        )
        return _Row(revenue, contribution, len(here - self.named), len(moved))

    def _range(
        self, column: str, known: set[object], listed: set[object], others: set[object], more: int
    ) -> Range:
        """Least and most of the known accounts and so many others, and what the lists say."""
        money = self.possible[column]
        sure = float(money[money.index.isin(known)].sum())
        stated = float(money[money.index.isin(listed)].sum())
        low, high = _ends(money[money.index.isin(others)].fillna(0).to_numpy(float), more)
        return min(sure + low, stated), max(sure + high, stated)


def _ends(money: np.ndarray, number: int) -> Range:
    """The least and the most that so many of them bring."""
    ordered = np.sort(money)
    return float(ordered[:number].sum()), float(ordered[len(ordered) - number :].sum())


def _told(row: _Row, every: _Row, cell: pd.Series) -> dict[str, float]:
    """The money of a row that may be told; the ends of its range are moved outward."""
    least, most = every.revenue
    ends = (row.revenue[0] / most, row.revenue[1] / least) if least > 0 else (np.nan, np.nan)
    share, _ = rounded_alike(ends, SMALLEST_SHARE)
    if not row.moved:
        return {"revenue_share": share}
    revenue, unit = rounded_alike(row.revenue)
    contribution, _ = rounded_alike(row.contribution)
    return {
        "revenue": revenue,
        "revenue_share": share,
        "contribution": contribution if pd.notna(cell["contribution"]) else np.nan,
        "revenue_low": np.floor(cell["revenue_low"] / unit) * unit,
        "revenue_high": np.ceil(cell["revenue_high"] / unit) * unit,
        "revenue_expected": np.round(cell["revenue_expected"] / unit) * unit,
        "rounded_to": unit,
    }

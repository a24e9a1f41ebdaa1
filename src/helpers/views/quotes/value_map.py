"""What the value map may quote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.methods.value_map import ValueMap
from helpers.results import Figure
from helpers.views.words.value_map import SERVICE

__all__ = ["cells", "of_cell", "placement"]

PRIVATE = ["revenue", "revenue_share", "contribution", "firm_share", "accounts_low",
           "accounts_high", "accounts_expected", "revenue_low", "revenue_high",
           "revenue_expected"]  # fmt: skip
NAMES = {
    "Grow & leverage": "grow",
    "Protect & repair": "protect",
    "Invest": "invest",
    "Maintain efficiently": "maintain",
    "Re-price or release": "release",
    "Negative payoff": "negative",
}


def placement(found: ValueMap, currency: str, *, smallest: int = 0) -> dict[str, Figure]:
    """How many accounts each cell holds, what they bring, and how firmly they sit there."""
    shared = {"base": found.base, "base_unit": "accounts", "grade": "C"}
    figures = [Figure("placed", found.base, unit="count", **shared)]
    for row in found.cells.itertuples():
        name = NAMES[row.cell]
        if row.accounts == 0:
            continue
        few = int(row.accounts) < smallest  # then it is the group's own count that may not tell
        own = {**shared, "base": int(row.accounts) if few else found.base}
        figures.append(Figure(f"{name}_accounts", int(row.accounts), unit="count",
                              label=f"accounts in {row.cell}", **shared))  # fmt: skip
        figures += _likely(row, name, currency, own)
        here = found.table[found.table["cell"] == row.cell]
        if here["stability"].notna().any():
            firm = int((here["firmness"] == "firm").sum())
            figures.append(Figure(f"{name}_firm", firm, unit="count", base=len(here),
                                  base_unit="accounts", grade="C"))  # fmt: skip
        if currency and pd.notna(row.revenue):
            figures.append(Figure(f"{name}_revenue", float(row.revenue),
                                  unit=f"money:{currency}", label=f"yearly revenue in {row.cell}", **own))  # fmt: skip
    if found.table["stability"].notna().any():
        firm = (found.table["firmness"] == "firm").mean()
        figures.append(
            Figure("firm_share", float(firm), unit="share", label="firm placements", **shared)
        )
    silent = found.unplaced
    figures.append(Figure("unplaced", len(silent), unit="count", label="accounts not placed",
                          base=found.base + len(silent), base_unit="accounts"))  # fmt: skip
    if currency and len(silent):
        figures.append(Figure("unplaced_revenue", float(silent["revenue"].sum()),
                              unit=f"money:{currency}", label="their yearly revenue",
                              base=found.base + len(silent), base_unit="accounts"))  # fmt: skip
    return {f.name: f for f in figures}


def _likely(row: Any, name: str, currency: str, shared: dict[str, Any]) -> list[Figure]:  # noqa: ANN401
    """A cell's expected size once noise is allowed for, with its range."""
    figures = []
    units = {"accounts": "count", "revenue": f"money:{currency}"} if currency else {"accounts": "count"}
    for what, unit in units.items():
        low, high = getattr(row, f"{what}_low"), getattr(row, f"{what}_high")
        if pd.notna(low) and low < high:
            value = getattr(row, f"{what}_expected")
            figures.append(Figure(f"{name}_likely_{what}", float(value), float(low), float(high),
                                  unit=unit, label=f"likely {what} in {row.cell}", **shared))  # fmt: skip
    return figures


def cells(table: pd.DataFrame) -> pd.DataFrame:
    """The cells that hold accounts, with what each deserves; no range where nothing moved."""
    held = table[table["accounts"] > 0].copy()
    still = held["accounts_low"] == held["accounts_high"]
    held.loc[still, ["accounts_low", "accounts_high"]] = None
    return held.assign(service=held["cell"].map(SERVICE))


def of_cell(found: ValueMap, cell: str, names: Mapping[str, str], by: str) -> pd.DataFrame:
    """The accounts of one cell that may be named, largest first."""
    rows = found.table[found.table["cell"] == cell].sort_values(by, ascending=False)
    return rows.assign(account=rows["account_id"].map(names))

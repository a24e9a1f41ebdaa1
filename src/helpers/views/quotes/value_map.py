"""What the value map may quote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.methods.value_map import ValueMap
from helpers.results import Figure
from helpers.views.words.value_map import SERVICE

__all__ = ["cells", "of_cell", "placement"]

NAMES = {
    "Grow & leverage": "grow",
    "Protect & repair": "protect",
    "Invest": "invest",
    "Maintain efficiently": "maintain",
    "Re-price or release": "release",
    "Negative payoff": "negative",
}


def placement(found: ValueMap, currency: str) -> dict[str, Figure]:
    """How many accounts each cell holds, what they bring, and how firmly they sit there."""
    shared = {"base": found.base, "base_unit": "accounts", "grade": "C"}
    figures = [Figure("placed", found.base, unit="count", **shared)]
    for row in found.cells.itertuples():
        name = NAMES[row.cell]
        if row.accounts == 0:
            continue
        figures.append(Figure(f"{name}_accounts", int(row.accounts), *_ends(row, "accounts"),
                              unit="count", label=f"accounts in {row.cell}", **shared))  # fmt: skip
        here = found.table[found.table["cell"] == row.cell]
        if here["stability"].notna().any():
            firm = int((here["firmness"] == "firm").sum())
            figures.append(Figure(f"{name}_firm", firm, unit="count", base=len(here),
                                  base_unit="accounts", grade="C"))  # fmt: skip
        if currency and pd.notna(row.revenue):
            figures.append(Figure(f"{name}_revenue", float(row.revenue), *_ends(row, "revenue"),
                                  unit=f"money:{currency}", label=f"yearly revenue in {row.cell}", **shared))  # fmt: skip
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


def _ends(row: Any, name: str) -> tuple[float | None, float | None]:  # noqa: ANN401
    """The range of a cell's size over the redraws, where there were any."""
    low, high = getattr(row, f"{name}_low"), getattr(row, f"{name}_high")
    return (None, None) if pd.isna(low) or low == high else (float(low), float(high))


def cells(found: ValueMap) -> pd.DataFrame:
    """The cells that hold accounts, with what each deserves; no range where nothing moved."""
    held = found.cells[found.cells["accounts"] > 0].copy()
    still = held["accounts_low"] == held["accounts_high"]
    held.loc[still, ["accounts_low", "accounts_high"]] = None
    return held.assign(service=held["cell"].map(SERVICE))


def of_cell(found: ValueMap, cell: str, names: Mapping[str, str], by: str) -> pd.DataFrame:
    """The accounts of one cell that may be named, largest first."""
    rows = found.table[found.table["cell"] == cell].sort_values(by, ascending=False)
    return rows.assign(account=rows["account_id"].map(names))

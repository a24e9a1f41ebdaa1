"""What the value map may quote."""

from __future__ import annotations

from typing import Any

import pandas as pd

from helpers.methods.value_map import ValueMap
from helpers.results import Figure
from helpers.views.words.value_map import SERVICE

__all__ = ["cells", "placement"]

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
    """The cells that hold accounts, with what each deserves."""
    held = found.cells[found.cells["accounts"] > 0]
    return held.assign(service=held["cell"].map(SERVICE))

"""What the value map may quote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from helpers.methods.value_map import ValueMap
from helpers.results import Figure
from helpers.views.rendering.records import records
from helpers.views.value_map.sentences import SERVICE

__all__ = ["cells", "doubtful", "named", "of_cell", "placement"]

WITHHELD = "its group of accounts is small, or would give a small one away"
NAMES = {
    "Grow & leverage": "grow",
    "Protect & repair": "protect",
    "Invest": "invest",
    "Maintain efficiently": "maintain",
    "Re-price or release": "release",
    "Negative payoff": "negative",
}


def placement(
    found: ValueMap, cells: pd.DataFrame, currency: str, joined: pd.DataFrame | None = None
) -> dict[str, Figure]:
    """How many accounts each cell holds, what they bring, and how firmly they sit there.

    ``cells`` are those of the map as they may be shown; what is not is a figure withheld.
    ``joined`` are the same with the withheld ones joined, of which the revenue may be told.
    """
    counted = partial(Figure, base=found.base, base_unit="accounts", grade="C")
    figures = [counted("placed", found.base, unit="count")]
    for row, whole in zip(records(cells), records(found.cells), strict=True):
        if row["accounts"] > 0:
            made = _in_cell(found, whole, currency)
            figures += [_away(f) for f in made] if row["withheld"] else made
    if found.table["stability"].notna().any():
        share = float((found.table["firmness"] == "firm").mean())
        figures.append(counted("firm_share", share, unit="share", label="firm placements"))
    figures += _silent(found, currency) + _together(joined, found.base, currency)
    return {f.name: f for f in figures}


def _together(joined: pd.DataFrame | None, base: int, currency: str) -> list[Figure]:
    """What the cells that are withheld one by one bring together."""
    if joined is None or not currency:
        return []
    rows = joined[~joined["cell"].isin(NAMES) & joined["revenue"].notna()]
    return [
        Figure("together_revenue", float(row["revenue"]), unit=f"money:{currency}", base=base,
               base_unit="accounts", grade="C", label=f"yearly revenue in {row['cell']}")
        for row in records(rows)
    ]  # fmt: skip


def _away(made: Figure) -> Figure:
    """What a cell that is withheld holds; how many accounts it has may be told."""
    counts = made.unit == "count" and made.base_unit == "accounts" and made.low is None
    if counts and not made.name.endswith("_firm"):
        return made
    return replace(made, value=None, low=None, high=None, withheld=WITHHELD)


def _in_cell(found: ValueMap, row: Mapping[str, Any], currency: str) -> list[Figure]:
    """What one cell holds: accounts, how many of them firmly, and their revenue."""
    cell, name, accounts = str(row["cell"]), NAMES[row["cell"]], int(row["accounts"])
    counted = partial(Figure, base_unit="accounts", grade="C")
    label = f"accounts in {cell}"
    figures = [
        counted(f"{name}_accounts", accounts, unit="count", base=found.base, label=label),
        *_likely(row, name, currency, found.base),
    ]
    here = found.table[found.table["cell"] == cell]
    if here["stability"].notna().any():
        firm = int((here["firmness"] == "firm").sum())
        figures.append(counted(f"{name}_firm", firm, unit="count", base=len(here)))
    if currency and pd.notna(row["revenue"]):
        money, label = f"money:{currency}", f"yearly revenue in {cell}"
        revenue = float(row["revenue"])
        figures.append(
            counted(f"{name}_revenue", revenue, unit=money, base=found.base, label=label)
        )
    return figures


def _likely(row: Mapping[str, Any], name: str, currency: str, base: int) -> list[Figure]:
    """A cell's expected size once noise is allowed for, with its range."""
    units = {"accounts": "count"}
    if currency:
        units["revenue"] = f"money:{currency}"
    figures = []
    for what, unit in units.items():
        low, high = row[f"{what}_low"], row[f"{what}_high"]
        if pd.notna(low) and low < high:
            value, label = float(row[f"{what}_expected"]), f"likely {what} in {row['cell']}"
            counted = partial(Figure, unit=unit, base=base, base_unit="accounts", grade="C")
            figures.append(
                counted(f"{name}_likely_{what}", value, float(low), float(high), label=label)
            )
    return figures


def _silent(found: ValueMap, currency: str) -> list[Figure]:
    """Accounts that are not on the map, and what they bring."""
    silent = found.unplaced
    counted = partial(Figure, base=found.base + len(silent), base_unit="accounts")
    figures = [counted("unplaced", len(silent), unit="count", label="accounts not placed")]
    if currency and len(silent):
        money, revenue = f"money:{currency}", float(silent["revenue"].sum())
        label = "their yearly revenue"
        figures.append(counted("unplaced_revenue", revenue, unit=money, label=label))
    return figures


def cells(table: pd.DataFrame) -> pd.DataFrame:
    """The cells that hold accounts, with what each deserves; no range where nothing moved."""
    held = table[table["accounts"] > 0].copy()
    still = held["accounts_low"] == held["accounts_high"]
    held.loc[still, ["accounts_low", "accounts_high"]] = None
    return held.assign(service=[_service(cell) for cell in held["cell"]])


def _service(cell: str) -> str:
    """What a cell deserves; each part of a joined one by its name."""
    if cell in SERVICE:
        return SERVICE[cell]
    return "; ".join(f"{name}: {text}" for name, text in SERVICE.items() if f"{name} (" in cell)


def doubtful(found: ValueMap, singled_out: pd.DataFrame | None) -> dict[str, Figure]:
    """Accounts to grow that the loyalty chapter thinks likelier unhappy than not.

    The map places an account by the mean of its score; the chapter by attitude and behaviour
    each. ``singled_out`` is what that chapter handed on; ``None`` where it did not run.
    """
    growing = found.table[found.table["cell"] == "Grow & leverage"]
    if singled_out is None or growing.empty:
        return {}
    both = int(growing["account_id"].isin(singled_out["account_id"]).sum())
    label = "accounts to grow that are more likely than not Trapped or at High Risk"
    return {
        "grow_doubtful": Figure("grow_doubtful", both, unit="count", base=len(growing),
                                base_unit="accounts", grade="C", label=label)
    }  # fmt: skip


def named(
    found: ValueMap,
    names: Mapping[str, str],
    lowest: float,
    highest: float,
    singled_out: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The accounts by name, highest value first; intervals end where the scale does.

    ``segment`` holds the likely segment of those that the loyalty chapter singled out.
    """
    table = found.table.assign(account=found.table["account_id"].map(names), segment="")
    if singled_out is not None:
        called = singled_out.set_index("account_id")["segment"]
        table["segment"] = table["account_id"].map(called).fillna("")
    if "low" in table:
        table[["low", "high"]] = table[["low", "high"]].clip(lowest, highest)
    return table


def of_cell(table: pd.DataFrame, cell: str, by: str) -> pd.DataFrame:
    """The accounts of one group, largest first."""
    return table[table["cell"] == cell].sort_values(by, ascending=False)

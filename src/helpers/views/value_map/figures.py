"""What the value map may quote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from helpers.methods.value_map import CELLS, Coverage, Sensitivity, ValueMap
from helpers.results import Figure
from helpers.views.rendering.declared import by_name, declare
from helpers.views.rendering.records import records

NAMES = {
    "Grow & leverage": "grow",
    "Protect & repair": "protect",
    "Invest": "invest",
    "Maintain efficiently": "maintain",
    "Re-price or release": "release",
    "Negative payoff": "negative",
}
SOME = ("some", "none")
LOW = ("Protect & repair", "Re-price or release")  # groups of accounts that are not loyal
DECLARED = declare(
    "placed", "together_revenue", "unplaced_revenue", "largest_cell_share",
    "named", "loss_share", "weight_step", "weights_moved",
    *(f"{name}_{what}" for name in NAMES.values()
      for what in ("likely_accounts", "likely_revenue", "revenue")),
    largest_cell=("one", "several"), low_cell=("protect", "release", "alike"), named_protect=SOME,
    firm_share=("half or more", "fewer than half"), unplaced=SOME, grow_doubtful=SOME,
    small_losses=SOME, protected_losses=SOME, protect_unsponsored=SOME, over_cap=SOME,
    **{f"{name}_{what}": SOME for name in NAMES.values() for what in ("accounts", "firm")},
)  # fmt: skip
WITHHELD = "its group of accounts is small, or would give a small one away"
EMPTY = "no account is in this group"
UNTESTED = "nothing tells how far the scores are noise"
of_accounts = partial(Figure, base_unit="accounts", grade="C")
HALF = 0.5  # of the accounts firmly placed: below it the page doubts the map


def placement(
    found: ValueMap,
    cells: pd.DataFrame,
    currency: str,
    joined: pd.DataFrame | None = None,
    *,
    unplaced: float | None = None,
) -> dict[str, Figure]:
    """How many accounts each cell holds, what they bring, and how firmly they sit there.

    ``cells`` are those of the map as they may be shown; what is not is a figure withheld.
    ``joined`` are the same with the withheld ones joined, of which the revenue may be told, and
    ``unplaced`` is what may be told of the revenue of accounts that are not on the map: missing
    if nothing, and all of it if not given.
    """
    placed = of_accounts("placed", found.base, unit="count", base=found.base)
    figures = [placed, *_firm_share(found), *_losses(found)]
    figures += _unplaced(found, currency, unplaced)
    for row, whole in zip(records(cells), records(found.cells), strict=True):
        if row["withheld"]:
            figures += [_withheld(made) for made in _in_cell(found, whole, currency)]
        else:
            figures += _in_cell(found, row, currency)
    figures += _together(joined, found.base, currency) + _largest(joined, found.base)
    figures += _low(cells, currency)
    return by_name(*figures)


def rounding(cells: pd.DataFrame) -> str:
    """Why money is rounded more than elsewhere, where that of any cell is.

    >>> rounding(pd.DataFrame({"rounded_to": [None, 5e6]}))
    ' Money is rounded so far that no sum tells of the few accounts that may not be named.'
    """
    if "rounded_to" not in cells or cells["rounded_to"].isna().all():
        return ""
    return " Money is rounded so far that no sum tells of the few accounts that may not be named."


def reasons(found: ValueMap) -> dict[str, str]:
    """Why figures of a cell, or of firmness, are not there."""
    tested = found.table["stability"].notna().any()
    untested = {} if tested else dict.fromkeys(["firm_share", *_all("firm")], UNTESTED)
    empty = found.cells.loc[found.cells["accounts"] == 0, "cell"].map(NAMES)
    return untested | {
        f"{name}_{what}": EMPTY
        for name in empty
        for what in ("firm", "revenue", "likely_accounts", "likely_revenue")
    }


def _all(what: str) -> list[str]:
    return [f"{name}_{what}" for name in NAMES.values()]


def _some(number: int) -> str:
    return "some" if number else "none"


def _count(name: str, number: int, base: int, label: str = "") -> Figure:
    return of_accounts(
        name, number, unit="count", base=base, label=label, verdict=_some(number)
    )  # fmt: skip


def _firm_share(found: ValueMap) -> list[Figure]:
    """The share of all accounts that sit firmly in their cell."""
    if not found.table["stability"].notna().any():
        return []
    share = float((found.table["firmness"] == "firm").mean())
    fewer = round(share, 2) < HALF  # as it is read: no "50%" is fewer than half
    verdict = "fewer than half" if fewer else "half or more"
    firm = partial(of_accounts, "firm_share", share, unit="share", base=found.base)
    return [firm(label="firm placements", verdict=verdict)]


def _losses(found: ValueMap) -> list[Figure]:
    """The least loss that counts, and the accounts with a smaller one, or that are protected."""
    table = found.table
    losing = found.losses.losing(table, table["contribution"].to_numpy(float))
    small = int(((table["contribution"] < 0) & ~losing).sum())
    kept = int((losing & (table["cell"] == "Protect & repair")).sum())
    return [
        Figure("loss_share", found.losses.share, unit="share", label="least loss that counts"),
        _count("small_losses", small, found.base, "accounts with a smaller loss"),
        _count("protected_losses", kept, found.base, "accounts to protect that lose money"),
    ]


def _together(joined: pd.DataFrame | None, base: int, currency: str) -> list[Figure]:
    """What the cells that are withheld one by one bring together."""
    if joined is None or not currency:
        return []
    rows = joined[~joined["cell"].isin(NAMES) & joined["revenue"].notna()]
    return [_revenue("together_revenue", row, base, currency) for row in records(rows)]


def _revenue(name: str, row: Mapping[str, Any], base: int, currency: str) -> Figure:
    """What a cell brings in a year."""
    unit, label = f"money:{currency}", f"yearly revenue in {row['cell']}"
    return of_accounts(name, float(row["revenue"]), unit=unit, base=base, label=label)


def _largest(joined: pd.DataFrame | None, base: int) -> list[Figure]:
    """The cell with the largest share of revenue, where every cell's may be told."""
    held = pd.DataFrame() if joined is None else joined[joined["accounts"] > 0]
    if held.empty or held["revenue_share"].isna().any() or held["revenue_share"].max() <= 0:
        return []
    first = max(records(held), key=lambda row: row["revenue_share"])
    label, share = "share of revenue in the largest group", float(first["revenue_share"])
    return [
        Figure("largest_cell", str(first["cell"]), unit="text",
               verdict="one" if first["cell"] in CELLS else "several"),
        of_accounts("largest_cell_share", share, unit="share", base=base, label=label),
    ]  # fmt: skip


def _low(cells: pd.DataFrame, currency: str) -> list[Figure]:
    """Which of the two groups that are not loyal brings more, where both may be told."""
    money = cells[cells["cell"].isin(LOW) & (cells["accounts"] > 0)].set_index("cell")["revenue"]
    if not currency or len(money) < len(LOW) or money.isna().any():
        return []
    first, second = money.sort_values(ascending=False, kind="stable")
    verdict = "alike" if first == second else NAMES[str(money.idxmax())]
    return [Figure("low_cell", str(money.idxmax()), unit="text", verdict=verdict)]


def _withheld(made: Figure) -> Figure:
    """What a cell that is withheld holds; how many accounts it has may be told."""
    if made.name.endswith("_accounts") and made.low is None:
        return made
    return replace(made, value=None, low=None, high=None, withheld=WITHHELD, verdict="")


def _in_cell(found: ValueMap, row: Mapping[str, Any], currency: str) -> list[Figure]:
    """What one cell holds: accounts, how many of them firmly, and their revenue."""
    cell, name, accounts = str(row["cell"]), NAMES[row["cell"]], int(row["accounts"])
    figures = [_count(f"{name}_accounts", accounts, found.base, f"accounts in {cell}")]
    if not accounts:
        return figures
    figures += _likely(row, name, currency, found.base)
    here = found.table[found.table["cell"] == cell]
    if here["stability"].notna().any():
        firm = int((here["firmness"] == "firm").sum())
        figures.append(_count(f"{name}_firm", firm, len(here), f"accounts firmly in {cell}"))
    if currency and pd.notna(row["revenue"]):
        figures.append(_revenue(f"{name}_revenue", row, found.base, currency))
    return figures


def _likely(row: Mapping[str, Any], name: str, currency: str, base: int) -> list[Figure]:
    """A cell's expected size once noise is allowed for, with its range."""
    units = {"accounts": "count"} | ({"revenue": f"money:{currency}"} if currency else {})
    return [
        Figure.from_row(
            f"{name}_likely_{what}", row, (f"{what}_expected", f"{what}_low", f"{what}_high"),
            unit=unit, base=base, base_unit="accounts", grade="C",
            label=f"likely {what} in {row['cell']}",
        )
        for what, unit in units.items()
        if pd.notna(row[f"{what}_low"]) and row[f"{what}_low"] < row[f"{what}_high"]
    ]  # fmt: skip


def _unplaced(found: ValueMap, currency: str, told: float | None) -> list[Figure]:
    """Accounts that are not on the map, and what they bring."""
    rest = found.unplaced
    counted = partial(Figure, base=found.base + len(rest), base_unit="accounts")
    number = counted("unplaced", len(rest), unit="count", label="accounts not placed")
    figures = [replace(number, verdict=_some(len(rest)))]
    if currency and len(rest):
        revenue = float(rest["revenue"].sum()) if told is None else told
        unit, label = f"money:{currency}", "their yearly revenue"
        if pd.isna(revenue):
            figures.append(counted("unplaced_revenue", None, unit=unit, label=label,
                                   withheld=WITHHELD))  # fmt: skip
        else:
            figures.append(counted("unplaced_revenue", revenue, unit=unit, label=label))
    return figures


def named(found: ValueMap) -> list[Figure]:
    """How many accounts the map by name holds, and how many of them are to be protected."""
    protect = int((found.table["cell"] == "Protect & repair").sum())
    return [
        Figure("named", found.base, unit="count", base=found.base, base_unit="accounts",
               label="accounts that may be named"),
        _count("named_protect", protect, found.base, "accounts to protect that may be named"),
    ]  # fmt: skip


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
    return {"grow_doubtful": _count("grow_doubtful", both, len(growing), label)}


def served(made: Coverage) -> list[Figure]:
    """Accounts to protect without a sponsor, and accounts that cost more than their cap."""
    table = made.table.set_index("cell")
    figures = []
    accounts, alone = (table[name]["Protect & repair"] for name in ("accounts", "unsponsored"))
    if accounts and pd.notna(alone):
        label = "accounts to protect, that may be named, without a sponsor"
        figures.append(_count("protect_unsponsored", int(alone), int(accounts), label))
    if costed := int(table["costed"].sum()):
        label = "accounts over the cap on cost to serve"
        figures.append(_count("over_cap", len(made.over), costed, label))
    return figures


def weights(tried: Sensitivity) -> dict[str, Figure]:
    """How far the map hangs on its weights."""
    label = "largest share of accounts that change group with one weight moved"
    step = Figure("weight_step", tried.step, unit="decimal1", label="step of a weight")
    moved = of_accounts("weights_moved", tried.most, unit="share", base=tried.base, label=label)
    return by_name(step, moved)

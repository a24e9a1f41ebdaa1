"""How accounts are served against what their group deserves: sponsors, and cost to serve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.methods.value_map.cells import CELLS, ValueMap
from helpers.methods.value_map.worth import ThreePs

__all__ = ["SPONSORED", "Coverage", "coverage"]

SPONSORED = ("Grow & leverage", "Protect & repair")  # cells whose accounts deserve a sponsor


@dataclass(frozen=True)
class Coverage:
    """Each cell's service as it is, beside what it should be at most and at least."""

    table: pd.DataFrame
    # cell, accounts, unowned, unsponsored (accounts; missing where not told or not deserved),
    # costed (accounts of known cost and margin), cost_share (of margin), cap, over, withheld
    over: pd.DataFrame  # account_id, cell, cost, margin, cost_share, cap, excess; largest first
    base: int

    def __post_init__(self) -> None:
        if int(self.table["over"].sum()) != len(self.over):
            raise ValueError(f"cells hold {self.table['over'].sum()} of {len(self.over)} accounts")


def coverage(
    found: ValueMap,
    facts: pd.DataFrame,
    worth: ThreePs,
    *,
    caps: Mapping[str, float],
    smallest: int = 1,
) -> Coverage:
    """Set each cell's sponsors and cost to serve against what it deserves.

    Cost to serve is mostly allocated by a key, so an account is over its cap only where it
    would be with its costs lower by their likely error (``found.losses.cost_error``).

    Parameters
    ----------
    found
        The map of the accounts that may be named.
    facts
        ``account_id`` and, where they were sent, ``owner`` and ``sponsor``.
    worth
        What ``three_ps`` returned: margin and cost to serve of twelve months (money).
    caps
        By cell, the share of an account's margin that serving it may cost at most.
    smallest
        The fewest accounts of known cost of which a cell's share of cost is told.

    Raises
    ------
    ValueError
        If a cell has no cap, or one below 0.

    Examples
    --------
    >>> from helpers.methods.value_map import CELLS, place, three_ps
    >>> money = pd.DataFrame({"account_id": ["a", "b"], "period": pd.Timestamp("2026-05-01"),
    ...     "revenue": [10.0, 90.0], "margin": [4.0, 40.0], "cost_to_serve": [1.0, 32.0]})
    >>> worth = three_ps(None, money, as_of=pd.Timestamp("2026-06-30"))
    >>> scores = pd.DataFrame({"account_id": ["a", "b"], "shrunk": [80.0, 40.0]})
    >>> found = place(worth, scores, loyalty_cut=70, replicates=0)
    >>> facts = pd.DataFrame({"account_id": ["a", "b"], "sponsor": ["Ann", None]})
    >>> made = coverage(found, facts, worth, caps=dict.fromkeys(CELLS, 0.5))
    >>> made.table.loc[[1], ["cell", "accounts", "unsponsored", "cost_share", "over"]].values
    array([['Protect & repair', 1, 1.0, 0.8, 1.0]], dtype=object)
    >>> made.over[["account_id", "excess"]].values.tolist()
    [['b', 12.0]]
    """
    wrong = [cell for cell in CELLS if not caps.get(cell, -1.0) >= 0]
    if wrong:
        raise ValueError(f"{wrong[0]} needs a cap: a share of margin from 0 on, such as 0.5")
    each = _accounts(found, facts, worth).assign(cap=lambda rows: rows["cell"].map(caps))
    each = each.assign(excess=each["cost"] - each["cap"] * each["margin"])
    sure = each["cost"] * (1 - found.losses.cost_error) > each["cap"] * each["margin"].clip(lower=0)
    each = each.assign(over=sure & each["cost_share"].notna())
    rows = [_cell(cell, each[each["cell"] == cell], caps[cell], smallest) for cell in CELLS]
    columns = ["account_id", "cell", "cost", "margin", "cost_share", "cap", "excess"]
    over = each.loc[each["over"], columns].sort_values(
        ["excess", "account_id"], ascending=[False, True], ignore_index=True
    )
    return Coverage(pd.DataFrame(rows), over, len(each))


def _accounts(found: ValueMap, facts: pd.DataFrame, worth: ThreePs) -> pd.DataFrame:
    """The accounts of the map with what they cost and who cares for them."""
    known = facts.reindex(columns=["account_id", "owner", "sponsor"])
    money = worth.table[["account_id", "margin", "cost_to_serve"]]
    each = found.table[["account_id", "cell"]].merge(known, on="account_id", how="left")
    each = each.merge(money, on="account_id", how="left").rename(columns={"cost_to_serve": "cost"})
    margin = each["margin"].where(each["margin"] > 0)
    share = each["cost"] / margin
    nothing_left = each["cost"].gt(0) & each["margin"].le(0)
    each = each.assign(cost_share=share.mask(nothing_left, np.inf))
    for person in ("owner", "sponsor"):  # missing where the client told of nobody
        each[f"no_{person}"] = each[person].isna() if known[person].notna().any() else np.nan
    return each


def _cell(cell: str, here: pd.DataFrame, cap: float, smallest: int) -> dict[str, object]:
    costed = here[here["cost_share"].notna()]
    margin = costed["margin"].sum()
    alone = here[["no_owner", "no_sponsor"]].astype(float).sum(min_count=1)
    told = len(costed) >= smallest and margin > 0
    return {
        "cell": cell,
        "accounts": len(here),
        "unowned": alone["no_owner"],
        "unsponsored": alone["no_sponsor"] if cell in SPONSORED else np.nan,
        "costed": len(costed),
        "cost_share": costed["cost"].sum() / margin if told else np.nan,
        "cap": cap,
        "over": float(here["over"].sum()) if len(costed) else np.nan,
        "withheld": 0 < len(costed) < smallest,
    }

"""How much of the map hangs on the weights that were declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.value_map.cells import ValueMap
from helpers.methods.value_map.worth import ThreePs, reweighted

__all__ = ["Sensitivity", "weights_tried"]

STEP = 0.2  # by which a weight is moved: as far as the simulations of a cell's firmness go
PROTECT = "Protect & repair"
Placing = Callable[[ThreePs], ValueMap]


@dataclass(frozen=True)
class Sensitivity:
    """The map with one weight at a time moved, the others in proportion."""

    table: pd.DataFrame
    # part, declared, tried (weights), moved (accounts of another cell), moved_share, join, leave
    # (accounts that come among those to protect, or go)
    step: float
    base: int

    @property
    def most(self) -> float:
        """The largest share of accounts that change cell."""
        return float(self.table["moved_share"].max())


def weights_tried(
    worth: ThreePs, placing: Placing, found: ValueMap, *, step: float = STEP
) -> Sensitivity:
    """Move each weight by ``step`` down and up, and count the accounts that change cell.

    Parameters
    ----------
    worth
        What ``three_ps`` returned, with the weights that were declared.
    placing
        Places accounts by their value, all else as in ``found``; no replicates are needed.
    found
        The map by the declared weights.

    Raises
    ------
    NotEstimable
        Where one part alone was formed, so that no weight can be moved.

    Examples
    --------
    >>> from helpers.methods.value_map import place, three_ps
    >>> firms = pd.DataFrame({"account_id": list("abc"), "partnership_references": [9.0, 5.0, 1.0]})
    >>> money = pd.DataFrame({"account_id": list("abc"), "period": pd.Timestamp("2026-05-01"),
    ...                       "revenue": [10.0, 50.0, 90.0]})
    >>> worth = three_ps(firms, money, as_of=pd.Timestamp("2026-06-30"))
    >>> scores = pd.DataFrame({"account_id": list("abc"), "shrunk": [40.0, 40.0, 40.0]})
    >>> def placing(worth):
    ...     return place(worth, scores, loyalty_cut=70, replicates=0)
    >>> tried = weights_tried(worth, placing, placing(worth), step=0.3)
    >>> tried.table[["part", "tried", "moved"]].round(2).values.tolist()
    [['payoff', 0.41, 1], ['payoff', 1.0, 0], ['partnership', 0.0, 0], ['partnership', 0.59, 1]]
    """
    if len(worth.weights) < 2:
        raise NotEstimable("value is made of one part alone, so no weight can be moved")
    before = found.table.set_index("account_id")["cell"]
    rows = [
        _row(part, after, placing(reweighted(worth, _moved(worth.weights, part, after))), before)
        | {"declared": weight}
        for part, weight in worth.weights.items()
        for after in (max(0.0, weight - step), min(1.0, weight + step))
        if after != weight
    ]
    columns = ["part", "declared", "tried", "moved", "moved_share", "join", "leave"]
    return Sensitivity(pd.DataFrame(rows)[columns], step, found.base)


def _moved(weights: dict[str, float], part: str, after: float) -> dict[str, float]:
    """One weight as it is tried, the others in proportion to what they were."""
    rest = 1 - weights[part]
    others = {
        name: (1 - after) * (weight / rest if rest else 1 / (len(weights) - 1))
        for name, weight in weights.items() if name != part
    }  # fmt: skip
    return {name: after if name == part else others[name] for name in weights}


def _row(part: str, after: float, tried: ValueMap, before: pd.Series) -> dict[str, object]:
    now = tried.table.set_index("account_id")["cell"].reindex(before.index)
    moved = int((now != before).sum())
    return {
        "part": part,
        "tried": after,
        "moved": moved,
        "moved_share": moved / max(len(before), 1),
        "join": int(np.sum((now == PROTECT) & (before != PROTECT))),
        "leave": int(np.sum((now != PROTECT) & (before == PROTECT))),
    }

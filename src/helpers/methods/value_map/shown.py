"""What may be shown of the cells of a value map."""

from __future__ import annotations

import pandas as pd

from helpers.methods.survey import disclosure
from helpers.methods.value_map.cells import ValueMap

__all__ = ["shown_cells"]

PRIVATE = ["revenue", "revenue_share", "contribution", "firm_share", "accounts_low",
           "accounts_high", "accounts_expected", "revenue_low", "revenue_high",
           "revenue_expected"]  # fmt: skip


def shown_cells(found: ValueMap, smallest: int, beside: ValueMap | None = None) -> pd.DataFrame:
    """The cells of a map, money and all that hangs on it withheld where few accounts are told of.

    Parameters
    ----------
    found
        The map.
    smallest
        The fewest accounts, and the fewest by which sums that are shown may differ.
    beside
        Another map on the same page, of more accounts, whose cells are shown first.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.methods.value_map import place, three_ps
    >>> names = [f"a{n}" for n in range(40)]
    >>> money = pd.DataFrame({"account_id": names, "period": pd.Timestamp("2026-05-01"),
    ...                       "revenue": np.arange(1.0, 41.0)})
    >>> scores = pd.DataFrame({"account_id": names, "shrunk": [80.0] * 35 + [40.0] * 5})
    >>> found = place(three_ps(None, money, as_of=pd.Timestamp("2026-06-30")), scores,
    ...               loyalty_cut=70, replicates=0)
    >>> cells = shown_cells(found, 10)
    >>> cells.loc[cells["accounts"] > 0, ["accounts", "revenue", "withheld"]].values.tolist()
    [[15, nan, True], [5, nan, True], [20, 210.0, False]]
    """
    maps = [found] if beside is None else [beside, found]
    cells = pd.concat(
        {str(n): one.table.set_index("account_id")["cell"] for n, one in enumerate(maps)}, axis=1
    )
    safe = disclosure.protect(cells, smallest)
    hidden = found.cells["cell"].isin(safe.withheld(str(len(maps) - 1))).to_numpy(bool)
    return disclosure.withhold(found.cells, hidden, PRIVATE)

"""What may be shown of the cells of a value map."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from helpers.methods.survey import disclosure
from helpers.methods.value_map.cells import CELLS, ValueMap

__all__ = ["PRIVATE", "joined_cells", "parts_of", "shown_cells"]

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


def joined_cells(found: ValueMap, cells: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """The cells with those that are withheld joined into one, which may be shown.

    What they hold together is the whole less all other cells, so it tells nothing that is not
    known already. Their ranges are of each alone, so they are missing.

    Parameters
    ----------
    cells
        What `shown_cells` gives of the map without another beside it.
    smallest
        The fewest accounts; of fewer nothing is joined.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.methods.value_map import place, three_ps
    >>> names = [f"a{n}" for n in range(60)]
    >>> money = pd.DataFrame({"account_id": names, "period": pd.Timestamp("2026-05-01"),
    ...                       "revenue": np.arange(1.0, 61.0)})
    >>> scores = pd.DataFrame({"account_id": names, "shrunk": [80.0] * 55 + [40.0] * 5})
    >>> found = place(three_ps(None, money, as_of=pd.Timestamp("2026-06-30")), scores,
    ...               loyalty_cut=70, replicates=0)
    >>> cells = joined_cells(found, shown_cells(found, 10), 10)
    >>> cells.loc[cells["accounts"] > 0, ["cell", "accounts", "revenue"]].values.tolist()
    [['Grow & leverage (25) and Protect & repair (5)', 30, 1365.0], ['Maintain efficiently', 30, 465.0]]
    """  # noqa: E501 - one line, as it is printed
    away = cells["withheld"]  # a cell of no accounts never is
    parts = found.cells[away.to_numpy()].sort_values("accounts", ascending=False, kind="stable")
    accounts = int(parts["accounts"].sum())
    if len(parts) < 2 or accounts < smallest:
        return cells
    each = [f"{cell} ({n})" for cell, n in zip(parts["cell"], parts["accounts"], strict=True)]
    firm = (parts["firm_share"] * parts["accounts"]).sum(min_count=len(parts)) / accounts
    joined: dict[str, Any] = {
        "cell": f"{', '.join(each[:-1])} and {each[-1]}",
        "accounts": accounts,
        "revenue": parts["revenue"].sum(),
        "revenue_share": parts["revenue_share"].sum(min_count=1),
        "contribution": parts["contribution"].sum(min_count=len(parts)),
        "firm_share": firm,
        "withheld": False,
    }
    result = cells.copy()
    first = int(np.flatnonzero(away)[0])
    for column, value in joined.items():
        result.loc[cells.index[first], column] = value
    later = away.to_numpy() & (np.arange(len(cells)) != first)
    return result[~later].reset_index(drop=True)


def parts_of(name: str) -> tuple[str, ...]:
    """The cells that a row holds, as `joined_cells` names it.

    >>> parts_of("Invest (12) and Negative payoff (2)"), parts_of("Invest")
    (('Invest', 'Negative payoff'), ('Invest',))
    """
    return (name,) if name in CELLS else tuple(cell for cell in CELLS if f"{cell} (" in name)

"""A check that growth did not make the score: reverse causation has its own mark."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["CHANGE", "with_year_change"]

CHANGE = "score change"
YEAR = 365.25
NEAREST, FARTHEST = 91, 457  # days before a wave at which an earlier one is taken


def with_year_change(panel: pd.DataFrame, score: str) -> pd.DataFrame:
    """The rows whose account has an earlier score, as near to a year as can be, with the change.

    Loyalty that lasts, and its course before and after, tell as much of growth in the middle
    of that year at its beginning as at its end, so the change is linked to that growth only
    where growth raised the score. Measured from a wave nearer to that growth, loyalty that
    caused it makes the change seem smaller, never larger. Noise in the scores makes no link.

    Parameters
    ----------
    panel
        Rows of account and wave with ``t0`` and the score.
    score
        Column of the score.

    Returns
    -------
    pandas.DataFrame
        ``panel``'s rows with ``score change``, in the score's points; none where no wave lies
        3 to 15 months before another.

    Examples
    --------
    >>> rows = pd.DataFrame({"account_id": ["a", "a"], "score": [60.0, 70.0],
    ...                      "t0": pd.to_datetime(["2024-05-15", "2025-05-15"])})
    >>> with_year_change(rows, "score")[CHANGE].tolist()
    [10.0]
    """
    if not {"account_id", "t0", score} <= set(panel.columns):
        return panel.head(0).assign(**{CHANGE: np.nan})
    account = pd.factorize(panel["account_id"], use_na_sentinel=False)[0]
    then = pd.DataFrame({"account": account, "before": np.arange(len(panel))})
    pairs = then.rename(columns={"before": "row"}).merge(then, on="account")
    row, before = pairs["row"].to_numpy(), pairs["before"].to_numpy()
    days = (panel["t0"].take(row).array - panel["t0"].take(before).array).days
    pairs = pairs.assign(off=np.abs(days - YEAR))[(days >= NEAREST) & (days <= FARTHEST)]
    pairs = pairs.sort_values(["row", "off"]).drop_duplicates("row")
    found = panel.take(pairs["row"])
    change = found[score].array - panel[score].take(pairs["before"]).array
    return found.assign(**{CHANGE: change}).reset_index(drop=True)

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
    columns = ["account_id", "t0", score]
    if not set(columns) <= set(panel.columns):
        return panel.head(0).assign(**{CHANGE: np.nan})
    earlier = panel[columns].rename(columns={"t0": "then", score: "before"})
    pairs = panel.reset_index(drop=True).rename_axis("row").reset_index()
    pairs = pairs.merge(earlier, on="account_id")
    days = (pairs["t0"] - pairs["then"]).dt.days
    pairs = pairs.assign(off=(days - YEAR).abs())[days.between(NEAREST, FARTHEST)]
    pairs = pairs.sort_values(["row", "off"])
    pairs = pairs.drop_duplicates("row")
    return pairs.assign(**{CHANGE: pairs[score] - pairs["before"]}).drop(
        columns=["row", "then", "before", "off"]
    )

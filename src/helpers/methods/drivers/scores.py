"""Performance: how customers rate each driver, with an interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from helpers.methods.drivers.screening import aligned, numbers

__all__ = ["Performance", "performance"]

Array = NDArray[np.float64]

TOP_POINTS = 2  # answers counted in top_share: the two highest points of the scale


@dataclass(frozen=True, slots=True)
class Performance:
    """How each driver is rated, lowest mean first.

    ``table``: ``driver``, ``mean`` with ``low`` and ``high`` on the driver's own
    scale, ``base`` (respondents who answered), ``top_share`` (of answers on the two
    highest points; NaN without a scale), ``standard_deviation``. A driver that too
    few answered keeps its row with NaN, and ``dropped`` says why.
    """

    table: pd.DataFrame
    base: int  # respondents who rated at least one driver
    confidence: float
    dropped: Mapping[str, str]


def performance(
    ratings: pd.DataFrame,
    *,
    weights: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    confidence: float = 0.95,
    scale: Mapping[str, tuple[float, float]] | None = None,
) -> Performance:
    """Mean rating of each driver, each over those who answered it.

    The variance is Taylor-linearised with accounts as clusters, t with one degree
    of freedom less than there are accounts (or respondents).

    Parameters
    ----------
    ratings
        One column a driver, one row a respondent, missing answers as NaN.
    weights, clusters
        Design weight and account of each respondent.
    confidence
        Level of the intervals.
    scale
        Lowest and highest point of each driver's scale; needed for ``top_share``.

    Raises
    ------
    ValueError
        When the input cannot be read as numbers.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"ease": [7, 9, 10, 6], "speed": [4, None, 6, 5]})
    >>> performance(ratings).table[["driver", "mean", "base"]].to_dict("records")
    [{'driver': 'speed', 'mean': 5.0, 'base': 3}, {'driver': 'ease', 'mean': 8.0, 'base': 4}]
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a share: write 95 % as 0.95, not {confidence}")
    w = np.ones(len(ratings)) if weights is None else _weights(weights, ratings.index)
    labels = pd.RangeIndex(len(ratings)).to_series(index=ratings.index)
    if clusters is not None:
        labels = aligned(clusters, ratings.index, "clusters")
    codes = pd.factorize(labels, sort=True)[0]
    rows = []
    for name, column in ratings.items():
        values = numbers(column, f"driver {name!r}")
        top = (scale or {}).get(str(name), (None, None))[1]
        rows.append({"driver": str(name), **_rating(values, w, codes, confidence, top)})
    table = pd.DataFrame(rows).sort_values(["mean", "driver"], ignore_index=True)
    few = table.loc[table["low"].isna(), ["driver", "base"]]
    dropped = {d: f"rated by {b}: no interval can be given" for d, b in few.itertuples(index=False)}
    answered = ratings.notna().any(axis=1).to_numpy() & (w > 0)
    return Performance(table, int(answered.sum()), confidence, dropped)


def _weights(weights: ArrayLike, index: pd.Index) -> Array:
    values = numbers(aligned(weights, index, "weights"), "weights")
    bad = int((~(values >= 0)).sum())
    if bad:
        raise ValueError(f"weights: {bad} are missing or negative; give every respondent one")
    return values


def _rating(
    values: Array, weights: Array, codes: NDArray[np.intp], confidence: float, top: float | None
) -> dict[str, float | int]:
    used = np.isfinite(values) & (weights > 0)
    x, w = values[used], weights[used]
    nothing = {"mean": np.nan, "low": np.nan, "high": np.nan, "base": len(x)}
    if len(x) == 0:
        return {**nothing, "top_share": np.nan, "standard_deviation": np.nan}
    mean = float(np.average(x, weights=w))
    shares = np.nan if top is None else float(np.average(x > top - TOP_POINTS, weights=w))
    low, high = _interval(mean, w * (x - mean) / w.sum(), codes[used], confidence)
    spread = float(np.sqrt(np.average((x - mean) ** 2, weights=w) * len(x) / max(len(x) - 1, 1)))
    found = {"mean": mean, "low": low, "high": high, "base": len(x)}
    return {**found, "top_share": shares, "standard_deviation": spread}


def _interval(
    mean: float, influence: Array, codes: NDArray[np.intp], confidence: float
) -> tuple[float, float]:
    """Interval from the sums of influence within accounts."""
    sums = np.bincount(pd.factorize(codes)[0], weights=influence)
    units = len(sums)
    if units < 2:
        return np.nan, np.nan
    error = np.sqrt(units / (units - 1) * (sums**2).sum())
    margin = float(stats.t.ppf((1 + confidence) / 2, units - 1) * error)
    return mean - margin, mean + margin

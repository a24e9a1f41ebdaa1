"""What a p value is worth among others that were looked at with it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["holm"]


def holm(p: ArrayLike) -> NDArray[np.float64]:
    """P values corrected for how many there are, step by step; NaN stays, and counts for none.

    As ``statsmodels``' ``multipletests``, which empties the whole program's memory of what is
    no longer used at every call: a fifth of a second in a report.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, float("nan"), 0.03]).round(2).tolist()
    [0.03, 0.06, nan, 0.06]
    """
    values = np.asarray(p, dtype=float)
    known = np.flatnonzero(np.isfinite(values))
    order = known[np.argsort(values[known], kind="stable")]
    stepped = np.maximum.accumulate(values[order] * np.arange(order.size, 0, -1))
    corrected = np.full(values.shape, np.nan)
    corrected[order] = np.minimum(stepped, 1)
    return corrected

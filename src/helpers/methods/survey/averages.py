"""Averages that are exact where all answers are alike, on any processor."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["weighted_mean"]

Floats = NDArray[np.float64]


def weighted_mean(values: ArrayLike, weights: ArrayLike) -> Floats:
    """Mean of the rows of ``values``, each counting by its weight.

    A plain sum of products rounds as the processor adds it up: a mean of equal answers
    comes out a last bit off, and what asks "do they differ at all?" is misled. A mean lies
    between the lowest and the highest of what it is of, so it is kept there.

    Parameters
    ----------
    values
        Rows by columns, or rows alone.
    weights
        One a row, 0 or more, not all 0; a row of weight 0 does not count.

    Examples
    --------
    >>> float(weighted_mean(np.full(781, 100.0), np.linspace(0.3, 2.7, 781)))
    100.0
    >>> weighted_mean(np.array([[1.0, 4.0], [3.0, 4.0]]), np.array([3.0, 1.0])).tolist()
    [1.5, 4.0]
    """
    numbers, by = np.asarray(values, dtype=float), np.asarray(weights, dtype=float)
    counted = numbers[by > 0]
    found = by @ numbers / by.sum()
    return np.asarray(np.clip(found, counted.min(axis=0), counted.max(axis=0)))

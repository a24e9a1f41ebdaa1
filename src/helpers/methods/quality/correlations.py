"""Correlations of questions over the rows that answered both, by sums alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["pairwise_correlations"]

Array = NDArray[np.float64]

LEAST = 1e-13  # of the sum of squares: what is left of answers that are all the same


def pairwise_correlations(answers: Array, *, fewest: int = 2) -> Array:
    """Pearson's correlation of each two columns over the rows that hold both; missing where none.

    As ``DataFrame.corr``, from products of matrices: a pass over the rows, not one for each pair.

    Parameters
    ----------
    answers
        Rows by columns, missing ones as NaN.
    fewest
        Rows that hold both, below which a correlation is missing.

    Examples
    --------
    >>> pairwise_correlations(np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]])).round(6).tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    there = np.isfinite(answers)
    counts = np.maximum(there.sum(axis=0), 1)
    centred = np.where(there, answers, 0.0)
    centred = np.where(there, centred - centred.sum(axis=0) / counts, 0.0)
    held = there.astype(float)
    both = held.T @ held
    sums, squares = centred.T @ held, (centred**2).T @ held
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = squares - sums**2 / both
        spread[spread <= LEAST * squares] = np.nan
        found = (centred.T @ centred - sums * sums.T / both) / np.sqrt(spread * spread.T)
    found[both < fewest] = np.nan
    return np.clip(found, -1.0, 1.0)

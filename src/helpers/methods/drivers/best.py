"""Which of several effects may be the largest: multiple comparisons with the best.

The largest of several estimates is largest partly by luck, and its own interval does not
allow for its having been picked. Each is therefore compared with all others at once: it
may be the best unless some other is surely larger (Edwards & Hsu 1983; Hsu 1996, section
4.1). The set so found holds the true best with the confidence asked for, and a single one
is left only where it is surely larger than every other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from helpers.methods.drivers.simultaneous import as_normal, chances_of_largest

__all__ = ["may_be_best"]

Array = NDArray[np.float64]

EXACT = 1e-12  # of the largest variance: a difference that varies less counts as exact


def may_be_best(
    values: Array, covariance: Array, freedom: float, *, confidence: float = 0.95
) -> NDArray[np.bool_]:
    """Which values no other is surely above, all comparisons taken together.

    Each value's comparisons with the others share its error rate, by the largest of as many
    differences as vary together like these (max-t, Hothorn, Bretz & Westfall 2008): Dunnett's
    critical value, with a covariance of any form in place of one error variance for all.

    Parameters
    ----------
    values, covariance
        Estimates, ``(k,)``, and how they vary together, ``(k, k)``.
    freedom
        Degrees of freedom of the covariance.
    confidence
        Chance that the set holds the one whose true value is largest.

    Raises
    ------
    ValueError
        When a value or a variance is missing.

    Examples
    --------
    >>> import numpy as np
    >>> may_be_best(np.array([3.0, 2.8, 1.0]), 0.1 * np.eye(3), 200).tolist()
    [True, True, False]
    >>> may_be_best(np.array([3.0, 1.2, 1.0]), 0.1 * np.eye(3), 200).tolist()
    [True, False, False]
    """
    if not (np.isfinite(values).all() and np.isfinite(covariance).all()):
        raise ValueError("a value or its variance is missing: leave out what cannot be compared")
    return np.array([_not_behind(k, values, covariance, freedom, confidence)
                     for k in range(len(values))], dtype=np.bool_)  # fmt: skip


def _not_behind(
    k: int, values: Array, covariance: Array, freedom: float, confidence: float
) -> bool:
    """Whether no other value is surely above this one."""
    others = np.delete(np.arange(len(values)), k)
    if not others.size:
        return True
    contrasts = np.eye(len(values))[others] - np.eye(len(values))[k]
    spread = contrasts @ covariance @ contrasts.T
    least = EXACT * np.diagonal(covariance).max() + np.finfo(float).tiny
    error = np.sqrt(np.maximum(np.diagonal(spread), least))
    ahead = as_normal((contrasts @ values) / error, freedom)
    return bool(chances_of_largest(ahead, spread).min() >= 1 - confidence)

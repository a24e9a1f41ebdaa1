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

__all__ = ["may_be_best"]

Array = NDArray[np.float64]

DRAWS = 20_000  # know a critical value of a t distribution to about 1 %
EQUAL = 1e-12  # of the largest variance: a difference that varies less is taken as exact


def may_be_best(
    values: Array,
    covariance: Array,
    freedom: float,
    *,
    confidence: float = 0.95,
    rng: np.random.Generator | None = None,
) -> NDArray[np.bool_]:
    """Which values no other is surely above, all comparisons taken together.

    Parameters
    ----------
    values, covariance
        Estimates, ``(k,)``, and how they vary together, ``(k, k)``.
    freedom
        Degrees of freedom of the covariance.
    confidence
        Chance that the set holds the one whose true value is largest.
    rng
        Source of the draws behind the critical values (one-sided multivariate t, as of
        Dunnett 1955, for differences that are correlated); ``default_rng(0)`` if not given.

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
    if len(values) < 2:
        return np.ones(len(values), dtype=np.bool_)
    rng = np.random.default_rng(0) if rng is None else rng
    errors = rng.multivariate_normal(np.zeros(len(values)), covariance, DRAWS, method="eigh")
    errors /= np.sqrt(rng.chisquare(freedom, (DRAWS, 1)) / freedom)
    scale = np.diagonal(covariance)
    spread = np.sqrt(scale[:, None] + scale[None, :] - 2 * covariance)
    spread = np.maximum(spread, np.sqrt(EQUAL * scale.max()) + np.finfo(float).tiny)
    kept = []
    for k, value in enumerate(values):
        others = np.arange(len(values)) != k
        behind = ((values[others] - value) / spread[k, others]).max()
        by_chance = ((errors[:, others] - errors[:, [k]]) / spread[k, others]).max(axis=1)
        kept.append(bool(behind <= np.quantile(by_chance, confidence)))
    return np.array(kept)

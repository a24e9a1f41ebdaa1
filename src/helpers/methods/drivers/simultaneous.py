"""Several comparisons of estimates that vary together: the largest of them by chance.

Bonferroni's and Holm's corrections allow for the number of comparisons as if each were apart
from the others. Effects of drivers are not: they share answers, and differences from one
driver share that driver. The maximum test of Hothorn, Bretz & Westfall (2008) takes how they
vary together from their covariance, which here is that of accounts left out one at a time.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtr
from scipy.stats import qmc

from helpers.methods.survey.simultaneous import simultaneous

__all__ = ["adjusted_p", "as_normal", "chances_of_largest", "normal_points", "root"]

Array = NDArray[np.float64]

POWER = 15  # 2^15 points of the unit cube, the same in every run
SEED = 20260630
MOST_Z = 8.0  # beyond, a probability is 0 to fifteen digits
NO_VARIANCE = 1e-12  # of the largest: eigenvalues that rounding alone leaves


@lru_cache(maxsize=16)
def normal_points(dimensions: int) -> Array:
    """Standard normal points spread evenly (Sobol's, scrambled once and for all).

    >>> normal_points(3).shape
    (32768, 3)
    """
    cube = qmc.Sobol(dimensions, seed=SEED).random_base2(POWER)
    points: Array = ndtri(np.clip(cube, 1e-12, 1 - 1e-12))
    points.setflags(write=False)
    return points


def root(covariance: Array) -> Array:
    """The symmetric matrix whose square is the covariance, singular ones too.

    It is the one root that no processor has its own of: eigenvectors may be turned round, or
    turned among equal eigenvalues, and of a singular one the last bits alone would be left.

    >>> import numpy as np
    >>> root(np.array([[2.5, 1.5], [1.5, 2.5]])).round(6).tolist()
    [[1.5, 0.5], [0.5, 1.5]]
    >>> half = root(np.array([[1.0, 1], [1, 1]]))
    >>> bool(np.allclose(half @ half, 1))
    True
    """
    values, vectors = np.linalg.eigh(covariance)
    kept = np.where(values > NO_VARIANCE * values[-1:], values, 0.0)
    return np.asarray((vectors * np.sqrt(kept)) @ vectors.T)


def as_normal(t: Array, freedom: ArrayLike) -> Array:
    """The standard normal values that are as likely as these of Student's t."""
    found = np.copysign(-ndtri(stdtr(freedom, -np.abs(t))), t)
    return np.clip(found, -MOST_Z, MOST_Z)


def chances_of_largest(z: Array, covariance: Array) -> Array:
    """How often the largest of as many normal values, as these vary together, is as large.

    One-sided, by value: each is compared with the largest of all. Values without any variance
    of their own count as never as large.

    Examples
    --------
    Dunnett's one-sided critical value of three comparisons with one, 2.062 (Dunnett 1955), to
    the error of as many points:

    >>> import numpy as np
    >>> alike = 0.5 * np.eye(3) + 0.5
    >>> bool((np.abs(chances_of_largest(np.full(3, 2.062), alike) - 0.05) < 0.001).all())
    True
    """
    spread = np.sqrt(np.diagonal(covariance))
    by = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 0)
    drawn = root(covariance * np.outer(by, by)) @ normal_points(len(z)).T
    largest = drawn.max(axis=0)
    return np.asarray(1 - (largest < z[:, None]).sum(axis=1) / len(largest))


def adjusted_p(p: Array, covariance: Array) -> Array:
    """Two-sided p values of several estimates, corrected step by step for looking at all.

    The step-down maximum test of `survey.simultaneous`, for estimates of which some cannot be
    told.

    Parameters
    ----------
    p
        Of each estimate by itself; NaN where it cannot be told.
    covariance
        How the estimates vary together, ``(k, k)``.

    Examples
    --------
    Two that go exactly together are one test, two apart from each other are two:

    >>> import numpy as np
    >>> for together in (np.ones((2, 2)), np.eye(2)):
    ...     print(adjusted_p(np.array([0.05, 0.3]), together).round(2).tolist())
    [0.05, 0.3]
    [0.1, 0.3]
    """
    error = np.sqrt(np.diagonal(covariance))
    known = np.flatnonzero(np.isfinite(p) & np.isfinite(error) & (error > 0))
    found = np.full(len(p), np.nan)
    if known.size:
        together = covariance[np.ix_(known, known)] / np.outer(error[known], error[known])
        found[known] = simultaneous(p[known], together).adjusted
    return found

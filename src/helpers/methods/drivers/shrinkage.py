"""Effects of many drivers, drawn to zero as far as the answers do not hold them up.

The more drivers there are, and the more they move together, the wider least-squares effects
scatter around the true ones. The horseshoe (Carvalho, Polson & Scott 2010) draws small
effects strongly to zero and leaves large ones almost alone. Here it takes the effects with
their covariance, in which accounts count, and not single answers.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dpotrf, dtrtrs
from scipy.special import ndtri, stdtrit

from helpers.methods.drivers.slopes import Slopes
from helpers.methods.solving import inverse

__all__ = ["MANY", "horseshoe", "shrunken"]

Array = NDArray[np.float64]

MANY = 12  # drivers from which their effects are drawn to zero
DRAWS, FIRST = 2_500, 300  # of the posterior, and those before that are thrown away
SEED = 1


def shrunken(slopes: Slopes, spread: Array, confidence: float) -> Slopes:
    """Slopes under a horseshoe prior, with their posterior intervals.

    The p values stay those of least squares, so that a driver that does nothing is called
    clear no more often than before.

    Parameters
    ----------
    slopes
        Finite, with their covariance and degrees of freedom.
    spread
        Standard deviations of the drivers, and of the outcome last: what makes slopes alike.
    confidence
        Level of the intervals.
    """
    if slopes.covariance is None or slopes.freedom is None:
        return slopes
    unit = spread[:-1] / spread[-1]
    tails = stdtrit(slopes.freedom, (1 + confidence) / 2) / ndtri((1 + confidence) / 2)
    errors = unit * tails  # an error known from few accounts counts as larger
    draws = horseshoe(slopes.value * unit, slopes.covariance * np.outer(errors, errors)) / unit
    low, high = np.quantile(draws, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    value, covariance = draws.mean(axis=0), np.cov(draws.T)
    return replace(slopes, value=value, low=low, high=high, covariance=covariance)


def horseshoe(values: Array, covariance: Array, draws: int = DRAWS) -> Array:
    """Draws of true values from their posterior, ``(draws, values)``.

    Estimates scatter around the true values by a known covariance; each true value is normal
    around zero with a spread of its own, half-Cauchy around one that all share, which is
    half-Cauchy itself. The Gibbs sampler of Makalic & Schmidt (2016).

    Examples
    --------
    Eleven effects of about nothing, and one of ten errors:

    >>> values = np.append(np.linspace(-1, 1, 11), 10.0)
    >>> horseshoe(values, np.eye(12)).mean(axis=0)[[0, 11]].round(1).tolist()
    [-0.2, 9.8]
    """
    rng = np.random.default_rng(SEED)
    precision, number = inverse(covariance), len(values)
    pull = precision @ values
    own, own_help = np.ones(number), np.ones(number)  # variances, and what they are drawn by
    shared = float(values @ values / number + np.finfo(float).tiny)
    shared_help = 1.0
    kept = np.empty((FIRST + draws, number))
    for row in kept:
        row[:] = _normal(precision + np.diag(1 / (own * shared)), pull, rng)
        own = (1 / own_help + row**2 / (2 * shared)) / rng.standard_exponential(number)
        own_help = (1 + 1 / own) / rng.standard_exponential(number)
        scale = 1 / shared_help + float((row**2 / (2 * own)).sum())
        shared = float(scale / rng.standard_gamma((number + 1) / 2))
        shared_help = float((1 + 1 / shared) / rng.standard_exponential())
    return kept[FIRST:]


def _normal(precision: Array, pull: Array, rng: np.random.Generator) -> Array:
    """A normal draw by its precision, and by that times its mean.

    LAPACK is asked itself: for matrices so small, numpy takes three times as long.
    """
    root, fault = dpotrf(precision, lower=1)
    if fault:
        raise np.linalg.LinAlgError("the covariance of the effects is not positive definite")
    middle = dtrtrs(root, pull, lower=1)[0]
    drawn = dtrtrs(root, middle + rng.standard_normal(len(pull)), lower=1, trans=1)[0]
    return np.asarray(drawn)

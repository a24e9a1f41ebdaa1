"""Effects of many drivers, drawn to zero as far as that foretells other accounts better.

Ridge regression (Hoerl & Kennard 1970) trades a little bias for less error, the more so the
more drivers there are and the more they move together. Intervals allow for the bias: they
hold the truth as often as they say on average over the drivers, whatever the effects'
distribution (Armstrong, Kolesár & Plagborg-Møller 2022).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtrit

from helpers.methods.drivers.moments import Moments, pooled
from helpers.methods.drivers.players import Players
from helpers.methods.drivers.slopes import Slopes

__all__ = ["MANY", "critical_value", "penalty_of", "shrunken"]

Array = NDArray[np.float64]

MANY = 12  # drivers from which their effects are shrunken
FOLDS = 10  # of accounts, each foretold from the others
PENALTIES = np.concatenate([[0.0], np.geomspace(1e-3, 3.0, 40)])  # in units of a driver's variance
BEYOND = 5.0  # standard errors past an interval's end: further out a bias is surely missed
STEPS, BISECTIONS = 801, 40


def penalty_of(moments: Moments, players: Players) -> float:
    """The penalty with the smallest error in accounts that the effects were not taken from.

    Tenfold cross-validation by account (Stone 1974). Everything needed is in the sums by
    account: for each part of them the effects of the others, and what they leave unexplained.
    """
    sums = moments.sums
    groups, folds = pooled(np.arange(len(sums)), len(sums), FOLDS)
    part = np.zeros((folds, sums.shape[1]))
    np.add.at(part, groups, sums)
    held = np.zeros(len(players.drivers))
    held[players.order[players.always :]] = 1.0
    correlations, spread = moments.at(sums.sum(axis=0) - part)
    own, own_spread = moments.at(part)
    covariance = own * own_spread[:, :, None] * own_spread[:, None, :]
    errors = []
    for penalty in PENALTIES:
        slopes = _ridge(correlations, penalty * held) * spread[:, -1:] / spread[:, :-1]
        left = np.concatenate([-slopes, np.ones((folds, 1))], axis=1)
        errors.append(np.einsum("f,fa,fab,fb->", part[:, 0], left, covariance, left))
    return float(PENALTIES[int(np.argmin(errors))])


def shrunken(
    slopes: Slopes, moments: Moments, players: Players, penalty: float, confidence: float
) -> Slopes:
    """Slopes drawn to zero by a penalty, with intervals that allow for it.

    The p values stay those of the slopes without a penalty: a driver that does nothing is
    called clear no more often than before. The covariance counts the squared bias in.
    """
    if slopes.covariance is None or slopes.freedom is None or penalty == 0:
        return slopes
    correlations, spread = moments.correlations()
    drivers = correlations[0, :-1, :-1]
    shown = players.order[players.always :]
    held = np.zeros(len(drivers))
    held[shown] = penalty
    kept = np.linalg.solve(drivers + np.diag(held), drivers)[np.ix_(shown, shown)]
    unit = spread[0, shown] / spread[0, -1]  # of a slope a point in standard deviations
    standard = slopes.covariance * np.outer(unit, unit)
    found = kept @ (slopes.value * unit)
    sampling = kept @ standard @ kept.T
    lost = (kept - np.eye(len(kept))) @ (kept - np.eye(len(kept))).T
    bias = _variance_of_effects(slopes.value * unit, np.diagonal(standard)) * lost
    error = np.sqrt(np.diagonal(sampling))
    level = np.array([critical_value(b, confidence) for b in np.diagonal(bias) / error**2])
    tails = stdtrit(slopes.freedom, (1 + confidence) / 2) / ndtri((1 + confidence) / 2)
    half = level * tails * error / unit
    value = found / unit
    covariance = (sampling + bias) / np.outer(unit, unit)
    return replace(slopes, value=value, low=value - half, high=value + half, covariance=covariance)


def _ridge(correlations: Array, penalty: Array) -> Array:
    drivers = correlations[:, :-1, :-1] + np.diag(penalty)
    inverse = np.linalg.pinv(drivers, hermitian=True)
    return np.asarray((inverse @ correlations[:, :-1, -1:])[:, :, 0])


def _variance_of_effects(values: Array, variances: Array) -> float:
    """Mean square of the true effects: that of the estimates less their errors.

    No smaller than what chance leaves of it (Armstrong, Kolesár & Plagborg-Møller 2022,
    section 4).
    """
    least = 2 * float((variances**2).sum() / variances.sum()) / len(values)
    return max(float((values**2 - variances).mean()), least)


def critical_value(bias: float, confidence: float = 0.95) -> float:
    """How many standard errors an interval needs where the mean square of the bias is known.

    Whatever the distribution of biases, in standard errors, with that mean square, an
    interval so wide holds at least so often (Armstrong, Kolesár & Plagborg-Møller 2022).

    Examples
    --------
    >>> round(critical_value(0.0), 2), round(critical_value(1.0), 2)
    (1.96, 3.26)
    """
    low = float(ndtri((1 + confidence) / 2))
    high = low + 1 + float(np.sqrt(bias / (1 - confidence)))  # by Chebyshev's inequality
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if _missed(bias, middle) > 1 - confidence else (low, middle)
    return high


def _missed(bias: float, width: float) -> float:
    """The largest chance to miss, over distributions of biases with that mean square.

    The worst has all biases alike, or some at nothing and the others further out.
    """
    far = np.linspace(np.sqrt(bias), np.sqrt(bias) + width + BEYOND, STEPS)
    missed = ndtr(-width - far) + ndtr(far - width)
    none = 2 * ndtr(-width)
    share = np.divide(bias, far**2, out=np.ones_like(far), where=far > 0)
    return float((none + share * (missed - none)).max())

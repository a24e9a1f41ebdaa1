"""Intervals of ratios of two totals over clusters, for many ratios and many groups at once."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import t as student

from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.estimates import ROUNDING
from helpers.methods.survey.resolved import DOMINATES, TIMES, Codes

__all__ = ["ratio_limits"]


def ratio_limits(
    top: Floats,
    whole: Floats,
    clusters: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    confidence: float = 0.95,
) -> tuple[Floats, Floats]:
    """Both ends of the interval that `survey.ratio` gives each ratio in each group, from 0 to 1.

    Parameters
    ----------
    top, whole
        What each case adds to numerator and denominator: a row a case, a column a ratio.
    clusters
        The cluster of each case.
    groups
        The group of each case, numbered from 0; one group of all if not given.

    Returns
    -------
    tuple
        Low and high, a row a group and a column a ratio; missing where the denominator is 0
        or a group has fewer than two clusters.

    Examples
    --------
    >>> came = np.array([[1.0], [1.0], [0.0], [0.0], [1.0]])
    >>> low, high = ratio_limits(came, np.ones((5, 1)), list("aabbc"))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([[0.0]], [[1.0]])
    """
    alone = np.zeros(len(top), dtype=np.intp)
    group = alone if groups is None else np.asarray(groups).astype(np.intp)
    owner, names = pd.factorize(pd.Series(np.asarray(clusters)))
    if (owner < 0).any():
        raise ValueError(
            f"clusters is missing for {int((owner < 0).sum())} of {len(owner)} cases; give each "
            "an account (their own contact_id if nothing else is known)"
        )
    pairs, pair = np.unique(group * max(len(names), 1) + owner, return_inverse=True)
    of_group = pairs // max(len(names), 1)
    tops, wholes = _sums(top, pair, len(pairs)), _sums(whole, pair, len(pairs))
    held = np.bincount(pair, minlength=len(pairs)).astype(float)
    return _limits(tops, wholes, held, of_group, int(group.max(initial=-1)) + 1, confidence)


def _sums(values: Floats, codes: Codes, size: int) -> Floats:
    """Sums of each column by code."""
    return np.column_stack([np.bincount(codes, column, minlength=size) for column in values.T])


def _limits(
    tops: Floats, wholes: Floats, held: Floats, group: Codes, size: int, confidence: float
) -> tuple[Floats, Floats]:
    """The interval of each group, from the totals of its clusters."""
    units = np.bincount(group, minlength=size)
    share = held / np.bincount(group, held, minlength=size)[group]
    freedom, dominated = _freedom(share, units, group)
    with np.errstate(divide="ignore", invalid="ignore"):
        below = _sums(wholes, group, size)
        value = _sums(tops, group, size) / below
        influence = (tops - value[group] * wholes) / below[group]
        influence = np.where(dominated[group], influence.T / (1 - share), influence.T).T
        means = _sums(influence, group, size) / units[:, None]
        off = _sums((influence - means[group]) ** 2, group, size)
        variance = off * (units / (units - 1))[:, None]
        variance = np.where(variance > ROUNDING * np.maximum(1, value**2), variance, 0.0)
        reach = student.ppf((1 + confidence) / 2, freedom)[:, None] * np.sqrt(variance)
    told = (below != 0) & (units > 1)[:, None]
    low, high = np.maximum(value - reach, 0.0), np.minimum(value + reach, 1.0)
    return np.where(told, low, np.nan), np.where(told, high, np.nan)


def _freedom(share: Floats, units: Codes, group: Codes) -> tuple[Floats, np.ndarray]:
    """Degrees of freedom of each group, fewer where one of its clusters dominates."""
    largest = np.zeros(len(units))
    np.maximum.at(largest, group, share)
    dominated = (units > 1) & (largest > np.maximum(DOMINATES, TIMES / np.maximum(units, 1)))
    squares = np.bincount(group, share**2, minlength=len(units))
    with np.errstate(divide="ignore"):
        alike = np.maximum(1.0, 1 / squares - 1)
    return np.where(dominated, alike, np.maximum(units - 1.0, 1.0)), dominated

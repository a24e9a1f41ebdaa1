"""Intervals of ratios of two totals over clusters, for many ratios and many groups at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.estimates import ROUNDING
from helpers.methods.survey.jackknife import ALL_BUT, FEW, evenness, leaning, satterthwaite
from helpers.methods.survey.stages import Codes

__all__ = ["ratio_limits"]


def ratio_limits(
    top: Floats,
    whole: Floats,
    clusters: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    strata: ArrayLike | None = None,
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
    strata
        The stratum of each case, the same for a whole cluster; one of all if not given. A
        cluster without a case in a group still counts in its stratum.

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
    totals = _Totals(
        _sums(top, pair, len(pairs)), _sums(whole, pair, len(pairs)),
        _sums(whole**2, pair, len(pairs)), of_group, int(group.max(initial=-1)) + 1,
        _Strata.of(strata, owner, pairs % max(len(names), 1)),
    )  # fmt: skip
    return totals.limits(confidence)


def _sums(values: Floats, codes: Codes, size: int) -> Floats:
    """Sums of each column by code."""
    return np.column_stack([np.bincount(codes, column, minlength=size) for column in values.T])


@dataclass(frozen=True)
class _Strata:
    """The stratum of each pair of a group and a cluster, and the clusters of each stratum."""

    of_pair: Codes
    sizes: Floats

    @classmethod
    def of(cls, strata: ArrayLike | None, owner: Codes, cluster: Codes) -> _Strata | None:
        """From the stratum and the cluster of each case, and the cluster of each pair."""
        if strata is None:
            return None
        code = pd.factorize(np.asarray(strata))[0]
        of_cluster = np.zeros(int(owner.max(initial=-1)) + 1, dtype=np.intp)
        of_cluster[owner] = code
        if (of_cluster[owner] != code).any():
            raise ValueError("a cluster lies in more than one stratum; give each cluster one")
        sizes = np.bincount(of_cluster)
        if (sizes == 1).any():
            raise ValueError("a stratum holds a single cluster; merge it with a neighbour")
        return cls(of_cluster[cluster], sizes.astype(float))

    def off(self, rows: Codes, moved: Floats) -> tuple[Floats, float]:
        """Moves less the mean of their stratum, their squares adding up to the variance."""
        code, sizes = self.of_pair[rows], self.sizes
        here = np.bincount(code, minlength=len(sizes))
        mean = np.bincount(code, moved, len(sizes)) / sizes
        scale = np.sqrt(sizes / np.maximum(sizes - 1, 1))
        absent = (sizes - here) * mean**2 * scale**2
        return (moved - mean[code]) * scale[code], float(absent.sum())

    def freedom(self, rows: Codes) -> float:
        """Clusters of a group less strata."""
        return max(1.0, float(len(rows) - len(np.unique(self.of_pair[rows]))))


@dataclass(frozen=True)
class _Totals:
    """What each cluster of each group adds to numerators and denominators."""

    tops: Floats
    wholes: Floats
    squares: Floats  # of what the cases add to denominators
    group: Codes
    size: int  # groups
    strata: _Strata | None = None

    def limits(self, confidence: float) -> tuple[Floats, Floats]:
        """The interval of each group and ratio."""
        low = np.full((self.size, self.tops.shape[1]), np.nan)
        high = low.copy()
        order = np.argsort(self.group, kind="stable")
        ends = np.cumsum(np.bincount(self.group, minlength=self.size))
        for group, rows in enumerate(np.split(order, ends[:-1])):
            for column in range(self.tops.shape[1]):
                if len(rows) > 1 and self.wholes[rows, column].sum() != 0:
                    low[group, column], high[group, column] = self._one(rows, column, confidence)
        return low, high

    def _one(self, rows: Codes, column: int, confidence: float) -> tuple[float, float]:
        tops, wholes = self.tops[rows, column], self.wholes[rows, column]
        top, whole, units = tops.sum(), wholes.sum(), len(rows)
        value, held = top / whole, wholes / whole
        effective = satterthwaite([(held, self.squares[rows, column] / whole**2)])
        freedom = units - 1.0 if self.strata is None else self.strata.freedom(rows)
        effective = min(max(round(effective, 9), 1.0), freedom)
        moved = (tops - value * wholes) / whole
        few = effective < FEW
        if few:
            left = np.maximum(1 - held, ALL_BUT)
            moved = np.where(held < 1 - ALL_BUT, moved / left, 0.0) * (units - 1) / units
            freedom = effective
        if self.strata is None:
            off, absent = (moved - moved.mean()) * (units / (units - 1)) ** 0.5, 0.0
        else:
            off, absent = self.strata.off(rows, moved)
        variance = float(off @ off) + absent
        if variance <= ROUNDING * max(1.0, value**2):
            return value, value
        reach = float(stdtrit(freedom, (1 + confidence) / 2)) * variance**0.5
        lean = evenness([wholes]) * leaning(off, freedom) if few else 0.0
        return max(value - reach * np.exp(-lean), 0.0), min(value + reach * np.exp(lean), 1.0)

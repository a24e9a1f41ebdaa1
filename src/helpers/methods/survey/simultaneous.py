"""Several estimates at once: how far the furthest of them strays by chance alone.

Estimates from the same people stray together, so the furthest of them strays less than as many
independent ones would. Bonferroni's intervals and Holm's p values do not know that. Here the
estimates are drawn together, as their influences say that they go together, and the furthest is
set against the furthest by chance: the maximum of |t| (Hothorn, Bretz and Westfall 2008), each
with its own degrees of freedom, which the p values bring with them (Westfall and Young 1993).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm

from helpers.methods.multiplicity import holm
from helpers.methods.solving import SINGULAR
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.estimates import refuse_confidence

__all__ = ["Simultaneous", "correlations", "simultaneous"]

DRAWS, SEED = 40_000, 19_930  # the same for everybody, so that the same data give the same page
LEAST = 1e-300  # a p value of nothing, which no quantile can be asked for


@dataclass(frozen=True)
class Simultaneous:
    """What several estimates need to hold together.

    ``confidence`` is that of each interval alone which makes all of them hold together, and
    ``adjusted`` the p values corrected for one another, in the order they came in.
    """

    confidence: float
    adjusted: Floats


def simultaneous(p: ArrayLike, correlation: Floats, *, confidence: float = 0.95) -> Simultaneous:
    """Correct two-sided p values, and intervals, for how many estimates are looked at together.

    p values step down from the least, as Holm's do, and are never above his; intervals are never
    wider than Bonferroni's.

    Parameters
    ----------
    p
        Each by its own test.
    correlation
        Of the estimates, as `correlations` gives it.
    confidence
        That all intervals hold together.

    References
    ----------
    Westfall and Young (1993), Resampling-Based Multiple Testing, 2.6; Hothorn, Bretz and
    Westfall (2008), Biometrical Journal 50(3); Holm (1979), Scandinavian Journal of Statistics 6.

    Examples
    --------
    >>> same = simultaneous([0.01, 0.04], np.ones((2, 2)))
    >>> round(same.confidence, 2), same.adjusted.round(2).tolist()
    (0.95, [0.01, 0.04])
    >>> apart = simultaneous([0.01, 0.04], np.eye(2))
    >>> round(apart.confidence, 3), apart.adjusted.round(2).tolist()
    (0.975, [0.02, 0.04])
    """
    alone = np.asarray(p, dtype=float)
    refuse_confidence(confidence)
    if len(alone) < 2:
        return Simultaneous(confidence, alone)
    strays = _drawn(correlation)
    np.abs(strays, out=strays)
    furthest = float(np.quantile(strays.max(axis=0), confidence))
    least = 1 - (1 - confidence) / len(alone)
    each = min(1 - 2 * float(norm.sf(furthest)), least)
    return Simultaneous(max(each, confidence), _stepped_down(alone, strays))


def _drawn(correlation: Floats) -> Floats:
    """Normal numbers that go together so, a row an estimate; nothing below 0 is rounding."""
    values, vectors = np.linalg.eigh(correlation)
    held = np.where(values > SINGULAR * values[-1], values, 0.0)
    root = (vectors * np.sqrt(held)) @ vectors.T  # the same on any processor
    return np.asarray(root @ _plain(len(correlation)))


@lru_cache(maxsize=4)
def _plain(count: int) -> Floats:
    """The same independent normal numbers for every family of so many estimates."""
    drawn = np.ascontiguousarray(np.random.default_rng(SEED).standard_normal((DRAWS, count)).T)
    drawn.flags.writeable = False
    return drawn


def _stepped_down(alone: Floats, strays: Floats) -> Floats:
    """Each p value against the furthest of those not yet told from chance."""
    order = np.argsort(alone, kind="stable")
    left = np.maximum.accumulate(strays[order[::-1]])[::-1]
    seen = norm.isf(np.maximum(alone[order], LEAST) / 2)
    chance = np.maximum.accumulate((left >= seen[:, None]).mean(axis=1))
    found = np.empty(len(alone))
    found[order] = chance
    return np.asarray(np.clip(found, alone, np.maximum(holm(alone), alone)))


def correlations(influences: Floats, clusters: ArrayLike | None = None) -> Floats:
    """How estimates go together, from the influence of each respondent on each of them.

    Parameters
    ----------
    influences
        A row a respondent, a column an estimate.
    clusters
        Of each respondent; everybody is one alone if not given.

    Examples
    --------
    >>> moves = np.array([[1.0, 2.0, 0.0], [-1.0, -2.0, 0.0]])
    >>> correlations(moves).round(6).tolist()
    [[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    totals = np.asarray(influences, dtype=float)
    if clusters is not None:
        codes, names = _numbered(clusters)
        summed = np.zeros((names, totals.shape[1]))
        np.add.at(summed, codes, totals)
        totals = summed
    together = totals.T @ totals
    spread = np.sqrt(np.diagonal(together))
    moves = np.where(spread > 0, spread, 1.0)
    found = np.clip(together / moves[:, None] / moves[None, :], -1, 1)
    np.fill_diagonal(found, 1.0)
    return np.asarray(found)


def _numbered(clusters: ArrayLike) -> tuple[np.ndarray, int]:
    names, codes = np.unique(np.asarray(clusters).astype(str), return_inverse=True)
    return codes, len(names)

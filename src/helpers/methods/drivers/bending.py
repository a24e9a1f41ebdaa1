"""Whether and where a driver's line bends: two slopes, every threshold tried, one test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtr

from helpers.methods.drivers.redrawing import LeftOver, Summed, left_over, one_left_out
from helpers.methods.drivers.resampling import quantiles
from helpers.methods.drivers.screening import Answers

__all__ = ["DRAWS", "Bend", "Tried", "bend_of", "best_of", "largest_by_chance", "two_slopes"]

Array = NDArray[np.float64]

CENTRAL = 0.90  # of the redraws: what the spread of a bend's slopes is read from
DRAWS = 20_000  # that tell how large the largest of several t values is by chance
NOTHING = 1e-9  # of the outcome's spread per spread of the driver: a difference without noise


@dataclass(frozen=True, slots=True)
class Bend:
    """Two slopes that meet at a threshold, in the sample (first) and in each redraw."""

    threshold: Array  # (1 + replicates,), as the slopes
    below: Array
    above: Array
    ratings: Array  # of those who rated the driver, in the last wave
    weights: Array
    freedom: float = np.inf  # degrees of freedom of the slopes

    def at(self, ratings: Array) -> Array:
        """Points of the outcome at ratings, ``(1 + replicates, ratings)``."""
        knot = self.threshold[:, None]
        up_to, beyond = np.minimum(ratings, knot), np.maximum(ratings - knot, 0.0)
        return np.asarray(self.below[:, None] * up_to + self.above[:, None] * beyond)

    def mean(self, ratings: Array) -> Array:
        """The weighted mean of the curve over ratings of those who rated, by redraw."""
        levels, place = np.unique(ratings, return_inverse=True)
        shares = np.bincount(place, self.weights) / self.weights.sum()
        return np.asarray(self.at(levels) @ shares)

    def lift(self, target: float) -> Array:
        """What lifting every rating below the target up to it goes with along the curve.

        Examples
        --------
        Ratings 4 and 8, a point worth 2 up to a rating of 6 and nothing beyond: the first
        gains 4 on its way to 8, the second nothing.

        >>> import numpy as np
        >>> bend = Bend(np.array([6.0]), np.array([2.0]), np.array([0.0]),
        ...             np.array([4.0, 8.0]), np.ones(2))
        >>> bend.lift(8).tolist()
        [2.0]
        """
        return self.mean(np.maximum(self.ratings, target)) - self.mean(self.ratings)

    def errors(self, figures: Array) -> Array:
        """Standard errors of figures, from the central part of the redraws.

        Their standard deviation would hang on the few redraws that choose a threshold
        with hardly anybody on one side.
        """
        low, high = quantiles(figures[1:], CENTRAL)
        return np.asarray((high - low) / (2 * ndtri((1 + CENTRAL) / 2)))


@dataclass(frozen=True)
class Tried:
    """A driver's line with every threshold tried, accounts left out one at a time."""

    summed: Summed  # of the ratings, and of what of them lies beyond each threshold
    knots: Array
    left: LeftOver

    @classmethod
    def of(cls, answers: Answers, k: int, others: Array, knots: Array) -> Tried:
        """Thresholds at ``knots`` for driver ``k``, the other columns held."""
        x = answers.ratings[:, k]
        own = np.column_stack([x, np.maximum(x[:, None] - knots, 0.0)])
        summed = Summed.of(answers, others, own)
        return cls(summed, knots, one_left_out(summed))

    @property
    def slope(self) -> tuple[float, float, float]:
        """Of the straight line, with its error and the degrees of freedom of it."""
        slopes = _ratio(self.left.covariances[:, 0, -1], self.left.covariances[:, 0, 0])
        error = self.left.errors(slopes[:, None]) * self.left.stretch([[1.0]], [0])
        return float(slopes[0]), float(error[0]), float(self.left.freedom([[1.0]], [0])[0])

    def straight(self, normals: Callable[[int], Array]) -> float:
        """The p value of the line being straight; NaN where no threshold can be tried.

        ``normals`` gives :data:`DRAWS` rows of as many unit normal values as it is asked for.
        """
        if not self.knots.size:
            return float("nan")
        below, above = two_slopes(self.left.covariances)
        bends = above - below
        sides = [[0, 1 + j] for j in range(len(self.knots))]
        wide = [self.left.stretch([[0.0, 1.0]], own)[0] for own in sides]
        error, x = self.left.errors(bends) * wide, self.left.covariances[0]
        # What is left of either may be 0, or by rounding a little less.
        least = NOTHING * np.sqrt(np.maximum(_ratio(x[-1, -1], x[0, 0]), 0.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.where(np.abs(bends[0]) > least, np.abs(bends[0]) / error, 0.0)
        free = self.left.freedoms([0.0, 1.0], sides)
        moved = bends[1:] - bends[0]
        z = -ndtri(stdtr(free, -t))
        return largest_by_chance(z, moved.T @ moved, normals(len(z)))


def largest_by_chance(z: Array, covariance: Array, normals: Array) -> float:
    """How often the largest of as many normal values, as these vary together, is as large.

    The maximum test of Hothorn, Bretz & Westfall (2008, section 3), by simulation.

    Examples
    --------
    Two that go exactly together are one test, two apart from each other are two:

    >>> import numpy as np
    >>> z, normals = np.array([1.96, 0.0]), np.random.default_rng(0).normal(size=(DRAWS, 2))
    >>> [round(largest_by_chance(z, c, normals), 2) for c in (np.ones((2, 2)), np.eye(2))]
    [0.05, 0.1]
    """
    spread = np.sqrt(np.diagonal(covariance))
    sound = spread > 0
    together = np.eye(len(z))
    together[np.ix_(sound, sound)] = (covariance / np.outer(spread, spread).clip(1e-300))[
        np.ix_(sound, sound)
    ]
    values, vectors = np.linalg.eigh(together)
    by_chance = (vectors * np.sqrt(np.maximum(values, 0.0))) @ normals.T
    beyond = (np.abs(by_chance).max(axis=0) >= np.abs(z).max()).sum()
    return float((1 + beyond) / (1 + len(normals)))


def two_slopes(left: Array) -> tuple[Array, Array]:
    """Slopes below and above each threshold, ``(samples, thresholds)``: least squares."""
    xx, xv, v, xy, vy = _products(left)
    determinant = xx * v - xv**2
    below = _ratio(xy * v - vy * xv, determinant)
    return below, below + _ratio(vy * xx - xy * xv, determinant)


def best_of(left: Array) -> NDArray[np.intp]:
    """The threshold of each sample that leaves the smallest error.

    Among models of one size it is the one of the smallest generalised cross-validation
    error (Craven & Wahba 1979).
    """
    xx, xv, v, xy, vy = _products(left)
    told = _ratio((vy - _ratio(xy * xv, xx)) ** 2, v - _ratio(xv**2, xx))
    return np.asarray(told.argmax(axis=1))


def bend_of(answers: Answers, k: int, tried: Tried, replicates: int, seed: int) -> Bend:
    """The best bend, and that of each redraw, which chooses its own threshold."""
    left, _ = left_over(tried.summed, replicates, seed)
    best, every = best_of(left), np.arange(len(left))
    slopes = (side[every, best] for side in two_slopes(left))
    x = answers.ratings[:, k]
    there = np.isfinite(x) & answers.current
    sides, own = [[1.0, 0.0], [1.0, 1.0]], [0, 1 + int(best[0])]
    wide = tried.left.stretch(sides, own)
    below, above = (one[0] + (one - one[0]) * w for one, w in zip(slopes, wide, strict=True))
    free = tried.left.freedom(sides, own)
    return Bend(
        tried.knots[best], below, above, x[there], answers.weights[there], float(free.min())
    )


def _products(left: Array) -> tuple[Array, Array, Array, Array, Array]:
    """Of the ratings x, what lies beyond each threshold v, and the outcome y."""
    v = np.diagonal(left, axis1=1, axis2=2)[:, 1:-1]
    xv, xx = left[:, 0, 1:-1], np.broadcast_to(left[:, 0, 0][:, None], v.shape)
    return xx, xv, v, np.broadcast_to(left[:, 0, -1][:, None], v.shape), left[:, 1:-1, -1]


def _ratio(over: Array, under: Array) -> Array:
    return np.divide(over, under, out=np.zeros_like(over), where=under > 1e-12)

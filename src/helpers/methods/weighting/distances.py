"""Factors nearest to 1 that meet totals, under the distances of Deville and Särndal (1992).

Each distance gives a factor as a function F of a score x'λ; λ solves one equation for each
total. The equations are the slopes of a convex function, so Newton steps that are halved
when they overshoot arrive.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from helpers.methods.survey.calibration import Calibration, Floats

__all__ = ["DISTANCES", "Distance", "Fitted", "solve"]

TOLERANCE = 1e-10  # of a total, relative to its size
STEPS = 200
HALVINGS = 40
FLAT = 0.01  # slope taken for a factor that is at its bound, so that a step can move it off


@dataclass(frozen=True)
class Distance:
    """How a factor and its slope follow from a score."""

    factor: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


def _linear(bounds: tuple[float, float] | None) -> Distance:
    low, high = bounds or (-np.inf, np.inf)

    def slope(score: Floats) -> Floats:
        inside = (score > low - 1) & (score < high - 1)
        return np.where(inside, 1.0, FLAT)

    return Distance(lambda score: np.clip(1 + score, low, high), slope)


def _raking(bounds: tuple[float, float] | None) -> Distance:
    low, high = bounds or (0.0, np.inf)

    def factor(score: Floats) -> Floats:
        return np.clip(np.exp(np.clip(score, -500, 500)), low, high)

    def slope(score: Floats) -> Floats:
        found = np.exp(np.clip(score, -500, 500))
        return np.where((found > low) & (found < high), found, FLAT)

    return Distance(factor, slope)


def _logit(bounds: tuple[float, float] | None) -> Distance:
    low, high = bounds or (0.0, np.inf)
    steepness = (high - low) / ((1 - low) * (high - 1))

    def share(score: Floats) -> Floats:  # of the way from the lower bound to the upper
        odds = np.exp(np.clip(steepness * score, -500, 500)) * (1 - low) / (high - 1)
        return odds / (1 + odds)

    def slope(score: Floats) -> Floats:
        there = share(score)
        return np.maximum((high - low) * steepness * there * (1 - there), 1e-6)

    return Distance(lambda score: low + (high - low) * share(score), slope)


DISTANCES: dict[str, Callable[[tuple[float, float] | None], Distance]] = {
    "linear": _linear,
    "raking": _raking,
    "logit": _logit,
}


def solve(
    columns: Floats, mass: Floats, target: Floats, distance: Distance
) -> tuple[Floats, int, bool]:
    """Factor of each cell that meets the totals, the steps it took, and whether it does.

    Parameters
    ----------
    columns
        What is added up: a row for each cell, a column for each total, of like size.
    mass
        Base weight of each cell.
    target
        The totals.
    distance
        From the factors to 1.

    Examples
    --------
    >>> factors, _, met = solve(np.eye(2), np.array([0.75, 0.25]), np.array([0.5, 0.5]),
    ...                         DISTANCES["linear"](None))
    >>> factors.round(3).tolist(), met
    ([0.667, 2.0], True)
    """
    size = np.maximum(np.abs(target), mass @ np.abs(columns))
    slopes = np.zeros(columns.shape[1])
    missing = target - mass @ (columns * distance.factor(columns @ slopes)[:, None])
    steps = 0
    while steps < STEPS and (np.abs(missing) > TOLERANCE * size).any():
        steps += 1
        weight = mass * distance.slope(columns @ slopes)
        square = columns.T @ (columns * weight[:, None])
        step: Floats = np.linalg.lstsq(square, missing, rcond=1e-12)[0].astype(float)
        slopes, missing, moved = _halved(columns, mass, target, distance, slopes, step, missing)
        if not moved:
            break
    met = bool((np.abs(missing) <= TOLERANCE * size).all())
    return distance.factor(columns @ slopes), steps, met


def _halved(
    columns: Floats,
    mass: Floats,
    target: Floats,
    distance: Distance,
    slopes: Floats,
    step: Floats,
    missing: Floats,
) -> tuple[Floats, Floats, bool]:
    """Take a step, halved until it does not overshoot the lowest point in its direction."""
    here = missing @ step
    for halving in range(HALVINGS):
        tried = slopes + step / 2**halving
        left = target - mass @ (columns * distance.factor(columns @ tried)[:, None])
        if np.isfinite(left).all() and left @ step >= -0.5 * here:
            return tried, left, True
    return slopes, missing, False


@dataclass(frozen=True, eq=False)
class Fitted(Calibration):
    """A calibration to totals: what they are, and the distance that was kept small."""

    target: Floats = field(default_factory=lambda: np.zeros(0))
    distance: Distance = field(default_factory=lambda: _linear(None), repr=False)

    def factors(self, mass: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """Fit other base weights to the same totals."""
        shares = mass / mass.sum(axis=0)
        columns = self.cells.columns
        added = np.eye(len(mass)) if columns is None else columns
        found = [solve(added, share, self.target, self.distance) for share in shares.T]
        factors = np.column_stack([factor for factor, _, _ in found])
        return factors, np.array([met for _, _, met in found], dtype=bool)

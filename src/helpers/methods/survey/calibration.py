"""Weights that know which totals they were fitted to, and so how sure they make an estimate.

Where weights were fitted to known totals, the part of an answer that those totals explain
no longer varies from sample to sample. Its influence is replaced by what is left of it
after a regression on the fitted columns, by the weights before and counted by the weights
after: Deville and Särndal (1992), Calibration estimators in survey sampling, JASA 87,
section 3. R's ``survey`` package does the same.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Calibrated",
    "Calibration",
    "Cells",
    "Explained",
    "Floats",
    "WeightsLike",
    "refuse_unknown_size",
    "stacked",
]

Floats = NDArray[np.float64]

INDEPENDENT = 1e-9  # of the largest direction: smaller ones are told by the others
MOST_STEPS = 30  # of Newton's method
CLOSE = 1e-10  # of a weight, by which the last step may change it


@dataclass(frozen=True, eq=False)
class Cells:
    """Respondents alike in everything that was fitted.

    ``columns`` has a row for each cell and a column for each total, and is absent where
    each cell was fitted to a size of its own; ``mass`` is each cell's share of the base
    weight, ``row`` the cell of each respondent.
    """

    columns: Floats | None
    mass: Floats
    row: NDArray[np.intp]

    def left_over(self, values: Floats, base: Floats) -> Floats:
        """What a regression on the fitted columns, weighted by ``base``, leaves of values.

        Examples
        --------
        >>> cells = Cells(None, np.array([0.5, 0.5]), np.array([0, 0, 1, 1]))
        >>> cells.left_over(np.array([1.0, 3.0, 5.0, 6.0]), np.ones(4)).round(9).tolist()
        [-1.0, 1.0, -0.5, 0.5]
        """
        count = len(self.mass)
        weight = np.bincount(self.row, base, minlength=count)
        sums = np.bincount(self.row, base * values, minlength=count)
        if self.columns is None:
            means = np.divide(sums, weight, out=np.zeros(count), where=weight > 0)
            return values - means[self.row]
        root = np.sqrt(weight)
        seen = np.divide(sums, root, out=np.zeros(count), where=root > 0)
        slopes = np.linalg.lstsq(self.columns * root[:, None], seen, rcond=1e-10)[0]
        return values - (self.columns @ slopes)[self.row]

    def refitted(self, without: Floats, now: Floats) -> Floats:
        """Factors of each cell that bring other weights to the totals these weights have.

        Weights stay multiples of what they were, as in raking and post-stratification. A
        total that no respondent is left for is given up.

        Parameters
        ----------
        without
            Weight of each cell, a column for each replicate.
        now
            Weight of each cell, by weights that meet the totals.

        Examples
        --------
        >>> cells = Cells(None, np.array([0.5, 0.5]), np.array([0, 0, 1, 1]))
        >>> cells.refitted(np.array([[1.0], [2.0]]), np.array([2.0, 2.0])).tolist()
        [[2.0], [1.0]]
        """
        if self.columns is None:
            return np.divide(now[:, None], without, out=np.zeros_like(without), where=without > 0)
        return _multiplied(_directions(self.columns, now), without, now)


def _directions(columns: Floats, now: Floats) -> Floats:
    """Fitted columns without what others tell of them, alike in size."""
    root = np.sqrt(now)
    left, sizes, _ = np.linalg.svd(columns * root[:, None], full_matrices=False)
    kept = left[:, sizes > sizes[0] * INDEPENDENT]
    return np.divide(kept, root[:, None], out=np.zeros_like(kept), where=root[:, None] > 0)


def _multiplied(columns: Floats, without: Floats, now: Floats) -> Floats:
    """Factors exp(columns @ slopes) that meet the totals, by Newton's method, all at once.

    Where totals contradict each other without an account (it was the only one of a category)
    they are met as nearly as a single step does.
    """
    target = now @ columns
    first = lift = _step(columns, without, target)
    for _ in range(MOST_STEPS):
        step = _step(columns, without * np.exp(lift), target)
        lift = lift + step / np.maximum(1.0, np.abs(step).max(axis=0))
        if np.abs(step).max() < CLOSE:
            break
    settled = np.abs(step).max(axis=0) < CLOSE
    return np.where(settled, np.exp(np.where(settled, lift, 0.0)), 1 + first)


def _step(columns: Floats, mass: Floats, target: Floats) -> Floats:
    """What a step of Newton's adds to the logarithm of each cell's factor."""
    gap = target - mass.T @ columns
    curvature = np.einsum("cu,cj,ck->ujk", mass, columns, columns, optimize=True)
    slopes = np.einsum("ujk,uk->uj", np.linalg.pinv(curvature, INDEPENDENT, hermitian=True), gap)
    return np.asarray(columns @ slopes.T)


@dataclass(frozen=True, eq=False)
class Calibration(ABC):
    """How base weights became weights: what was fitted, and how to fit it once more."""

    base: Floats  # weights before, one for each respondent
    cells: Cells = field(repr=False)

    def left_over(self, values: Floats) -> Floats:
        """What the fitted totals leave of one value for each respondent."""
        return self.cells.left_over(values, self.base)

    @property
    def pieces(self) -> Sequence[tuple[slice, Calibration | None]]:
        """The respondents whose weights were fitted together: all, unless of several waves."""
        return [(slice(None), self)]

    def reordered(self, order: NDArray[np.intp]) -> Calibration:
        """The same, its respondents in another order."""
        cells = replace(self.cells, row=self.cells.row[order])
        return replace(self, base=self.base[order], cells=cells)

    @abstractmethod
    def factors(self, mass: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """Fit again to other base weights.

        Parameters
        ----------
        mass
            Base weight of each cell, a column for each replicate.

        Returns
        -------
        factors
            By which the base weights of each cell change, a column for each replicate.
        converged
            Whether the totals were met, for each replicate.
        """


@dataclass(frozen=True, eq=False)
class Explained(Calibration):
    """A calibration that was stored: what it explains is known, its totals are not."""

    def factors(self, mass: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """Refuse: without the totals nothing can be fitted again."""
        raise ValueError(
            "these weights were read from a table, without the totals they were fitted to; "
            "make them once more from those totals to draw replicates"
        )


@dataclass(frozen=True, eq=False)
class Stacked(Explained):
    """Calibrations of several waves, each over its own respondents; ``None`` where a wave has none.

    ``parts`` has the place of each wave's respondents among all.
    """

    parts: tuple[tuple[slice, Calibration | None], ...] = ()

    @property
    def pieces(self) -> Sequence[tuple[slice, Calibration | None]]:
        """The respondents of each wave, and what its weights were fitted to."""
        return self.parts

    def left_over(self, values: Floats) -> Floats:
        """What each wave's own totals leave."""
        found = values.copy()
        for rows, one in self.parts:
            if one is not None:
                found[rows] = one.left_over(values[rows])
        return found


def stacked(sizes: Sequence[int], parts: Sequence[Calibration | None]) -> Calibration | None:
    """One calibration of several waves, one after another; ``None`` where no wave has any.

    Examples
    --------
    >>> stacked([3, 2], [None, None]) is None
    True
    """
    if all(one is None for one in parts):
        return None
    ends = np.cumsum(sizes)
    rows = [slice(int(end - size), int(end)) for end, size in zip(ends, sizes, strict=True)]
    none = Cells(None, np.zeros(0), np.zeros(0, dtype=np.intp))
    return Stacked(np.zeros(0), none, tuple(zip(rows, parts, strict=True)))


class Calibrated:
    """Weights of mean 1 that may carry their calibration; `weighting.Weights` are such.

    ``population`` is the number of people they stand for, not finite where only shares
    were known.
    """

    values: pd.Series
    calibration: Calibration | None
    population: float

    @property
    def grossed(self) -> pd.Series:
        """The weights on the scale of the population: they add up to its size.

        Raises
        ------
        ValueError
            If only shares of the population were known, or it is smaller than the sample.
        """
        count = len(self.values)
        refuse_unknown_size(self.population, count)
        return self.values * (self.population / count)


WeightsLike = ArrayLike | Calibrated


def refuse_unknown_size(people: float, sample: int) -> None:
    """Refuse weights that do not say how many people there are.

    >>> refuse_unknown_size(1_000, 80)
    """
    if not np.isfinite(people):
        raise ValueError(
            "the weights were fitted to shares, so they do not say how many people there "
            "are; fit them to counts, or multiply them by the population over the sample"
        )
    if people < sample:
        raise ValueError(
            f"the weights were fitted to a population of {people:g}, smaller than "
            f"the sample of {sample}; check the counts, or leave duplicates out"
        )

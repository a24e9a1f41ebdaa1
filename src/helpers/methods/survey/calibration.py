"""Weights that know which totals they were fitted to, and so how sure they make an estimate.

Where weights were fitted to known totals, the part of an answer that those totals explain
no longer varies from sample to sample. Its influence is replaced by what is left of it
after a regression on the fitted columns, by the weights before and counted by the weights
after: Deville and Särndal (1992), Calibration estimators in survey sampling, JASA 87,
section 3. R's ``survey`` package does the same.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

__all__ = ["Calibrated", "Calibration", "Cells", "Floats", "WeightsLike"]

Floats = NDArray[np.float64]


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


@dataclass(frozen=True, eq=False)
class Calibration(ABC):
    """How base weights became weights: what was fitted, and how to fit it once more."""

    base: Floats  # weights before, one for each respondent
    cells: Cells = field(repr=False)

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
        if not np.isfinite(self.population):
            raise ValueError(
                "the weights were fitted to shares, so they do not say how many people there "
                "are; fit them to counts, or multiply them by the population over the sample"
            )
        if self.population < count:
            raise ValueError(
                f"the weights were fitted to a population of {self.population:g}, smaller than "
                f"the sample of {count}; check the counts, or leave duplicates out"
            )
        return self.values * (self.population / count)


WeightsLike = ArrayLike | Calibrated

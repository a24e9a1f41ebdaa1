"""A bootstrap of weights: accounts drawn again, and each draw weighted to the margins anew.

The rescaled bootstrap of Rao, Wu and Yue (1992), Survey Methodology 18: in each stratum
half of the accounts are drawn with replacement, and base weights rescaled so that the
spread is that of the sample, less what was seen of a finite population. With half drawn
nobody's weight falls to 0, so a category of the sample is never empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.sparse import coo_array

from helpers.errors import NotEstimable
from helpers.methods.survey.calibration import Calibration, Floats
from helpers.methods.survey.columns import aligned, column
from helpers.methods.survey.design import SurveyDesign
from helpers.methods.survey.estimates import Estimate, with_variance
from helpers.methods.survey.resolved import ResolvedDesign

__all__ = ["Replicates", "replicates"]

BATCH = 64  # replicates whose weights are made together
FEWEST = 100  # that a spread may rest on


@dataclass(frozen=True, eq=False)
class Replicates:
    """Bootstrap replicates of weights, made batch by batch when they are asked for.

    ``failed`` counts those that could not be weighted to the margins; they are left out.
    """

    base: int  # respondents
    count: int  # replicates that can be used
    failed: int
    index: pd.Index = field(repr=False)
    design: ResolvedDesign = field(repr=False)
    multipliers: Floats = field(repr=False)  # of each cluster's base weights, a column each
    factors: Floats = field(repr=False)  # of each cell, a column for each replicate

    def batches(self) -> Iterator[Floats]:
        """Weights of all respondents, a row for each replicate, some replicates at a time.

        Examples
        --------
        >>> rng = np.random.default_rng(1)
        >>> draws = replicates(SurveyDesign(np.ones(6)), count=100, rng=rng)
        >>> sum(len(weights) for weights in draws.batches())
        100
        """
        unit = self.design.stages[0].unit
        fitted = self.design.calibration
        base = self.design.whole if fitted is None else fitted.base
        for begin in range(0, self.count, BATCH):
            part = slice(begin, begin + BATCH)
            weights = self.multipliers[unit, part] * base[:, None]
            if fitted is not None:
                weights *= self.factors[fitted.cells.row, part]
            yield weights.T

    def of(self, statistic: Callable[[Floats], float]) -> Floats:
        """A statistic of the weights in each replicate, such as a weighted median."""
        return np.array([statistic(row) for rows in self.batches() for row in rows])

    def mean(self, values: ArrayLike) -> Floats:
        """Weighted mean of the answers given, in each replicate."""
        numbers = self._answers(values)
        given = numbers.notna().to_numpy().astype(float)
        both = np.column_stack([numbers.fillna(0.0), given])
        sums = np.concatenate([rows @ both for rows in self.batches()])
        return np.asarray(sums[:, 0] / sums[:, 1])

    def estimate(
        self,
        values: ArrayLike,
        *,
        statistic: Callable[[Floats, Floats], float] | None = None,
        confidence: float = 0.95,
    ) -> Estimate:
        """Mean of the answers, or another statistic, with the interval of the replicates.

        Parameters
        ----------
        values
            One number for each respondent; missing answers are left out.
        statistic
            Takes answers and their weights; the weighted mean if not given.
        confidence
            Chance that the interval covers the truth. It is a t interval from the
            spread of the replicates, with clusters less strata degrees of freedom.

        Examples
        --------
        >>> fifty = SurveyDesign(np.ones(50))
        >>> draws = replicates(fifty, count=4_000, rng=np.random.default_rng(1))
        >>> found = draws.estimate(np.arange(50.0))
        >>> found.value, round(found.standard_error, 1)  # the formula says 2.06
        (24.5, 2.1)
        """
        numbers = self._answers(values)
        given = numbers.notna().to_numpy()
        if given.sum() < 2:
            raise NotEstimable(
                f"the base is too small: {int(given.sum())} answers; an interval needs at least 2"
            )
        answers = numbers.to_numpy()[given]
        measure = statistic or (lambda answers, weights: float(answers @ weights / weights.sum()))
        whole = self.design.whole[given]
        if statistic is None:
            draws = self.mean(numbers)
        else:
            draws = self.of(lambda weights: measure(answers, weights[given]))
        return _spread(measure(answers, whole), draws, self.design, numbers, confidence)

    def _answers(self, values: ArrayLike) -> pd.Series:
        rows = pd.Series(0.0, index=self.index)
        return column(aligned(values, rows, "values"), "values")


def replicates(design: SurveyDesign, *, count: int = 2_000, rng: np.random.Generator) -> Replicates:
    """Draw accounts again and weight each draw to the margins anew.

    Parameters
    ----------
    design
        Its weights as ``rake``, ``post_stratify`` and ``calibrate`` return them; plain numbers
        are resampled without weighting anew. One stage of clusters.
    count
        How many replicates.
    rng
        Where chance comes from.

    Raises
    ------
    ValueError
        If a stratum has a single cluster, or nearly no replicate meets the margins.

    References
    ----------
    Rao, Wu and Yue (1992), Some recent work on resampling methods for complex surveys,
    Survey Methodology 18.

    Examples
    --------
    >>> draws = replicates(SurveyDesign([1, 2, 1, 2]), count=200, rng=np.random.default_rng(1))
    >>> draws.count, draws.base
    (200, 4)
    """
    if isinstance(design.clusters, pd.DataFrame):
        raise ValueError("the bootstrap draws one stage of clusters; give the column of accounts")
    if count < FEWEST:
        raise ValueError(f"{count} replicates are too few for a spread; draw at least {FEWEST}")
    if design.index is None:
        raise ValueError("the design has no respondents; give it weights, clusters or strata")
    given, rows = design.resolve(pd.Series(1.0, index=design.index))
    multipliers = _multipliers(rows, count, rng)
    fitted = rows.calibration
    if fitted is None:
        return Replicates(len(given), count, 0, given.index, rows, multipliers, np.ones((1, 1)))
    factors, usable = fitted.factors(_masses(rows, fitted, multipliers))
    kept = int(usable.sum())
    if kept < max(FEWEST, count // 2):
        raise NotEstimable(
            f"{count - kept} of {count} replicates could not be weighted to the margins; merge "
            "small categories, or widen the limits"
        )
    return Replicates(
        len(given), kept, count - kept, given.index, rows,
        multipliers[:, usable], factors[:, usable],
    )  # fmt: skip


def _multipliers(design: ResolvedDesign, count: int, rng: np.random.Generator) -> Floats:
    """By what each cluster's base weights are multiplied, a column for each replicate."""
    first = design.stages[0]
    found = np.ones((len(first.group_of_unit), count))
    for stratum, sampled in enumerate(first.sampled):
        units = np.flatnonzero(first.group_of_unit == stratum)
        size = len(units)
        if size < 2:
            continue  # seen whole: a single unit that was only sampled is refused before
        drawn = size // 2
        reach = np.sqrt(drawn * (1 - sampled) / (size - 1))
        picks = rng.integers(size, size=(count, drawn)) + size * np.arange(count)[:, None]
        times = np.bincount(picks.ravel(), minlength=size * count).reshape(count, size)
        found[units] = (1 - reach + reach * size / drawn * times).T
    return found


def _masses(design: ResolvedDesign, fitted: Calibration, multipliers: Floats) -> Floats:
    """Base weight of each cell, a column for each replicate."""
    unit, cell = design.stages[0].unit, fitted.cells.row
    shape = (len(fitted.cells.mass), len(multipliers))
    return np.asarray(coo_array((fitted.base, (cell, unit)), shape=shape).tocsr() @ multipliers)


def _spread(
    value: float, draws: Floats, design: ResolvedDesign, numbers: pd.Series, confidence: float
) -> Estimate:
    """An estimate whose variance is the replicates' mean square round it."""
    given = numbers.notna().to_numpy()
    variance = float(np.mean((draws - value) ** 2))
    here = replace(design, weights=np.where(given, design.whole, 0.0))
    simple = here.simple_variance(numbers.fillna(0.0).to_numpy())
    return with_variance(value, variance, here, simple, confidence)

"""The variance that follows from a design, for one set of answers (Taylor linearisation).

A statistic is first written as a sum of influences, one for each respondent. Its
variance is then that of a sum over accounts, stratum by stratum, less the part of
the population that was seen: Wolter, Introduction to Variance Estimation (2007),
chapter 6; Lumley, Complex Surveys (2010), chapter 2. Where accounts and then people in
them were drawn from known numbers, each stage adds its part (Särndal, Swensson and
Wretman 1992, 4.3). The results equal those of R's ``survey`` package.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.methods.survey.averages import weighted_mean
from helpers.methods.survey.calibration import Calibration, Floats
from helpers.methods.survey.columns import given_in, weight_column
from helpers.methods.survey.jackknife import FEW, Leaving, Side, Spread, alike
from helpers.methods.survey.stages import Population, Stage, chance, stages_of

__all__ = ["ResolvedDesign"]


@dataclass(frozen=True)
class ResolvedDesign:
    """A design brought to the rows of given answers; `SurveyDesign.resolve` makes it.

    ``weights`` is 0 for a respondent who is in the sample and did not answer: what was
    known of them still counts where weights were fitted to totals.
    """

    weights: Floats
    stages: tuple[Stage, ...]
    population_size: float  # people; not finite where unknown
    whole: Floats  # weights of all, those who did not answer too
    calibration: Calibration | None = None
    plain: bool = False  # a simple random sample of an endless population
    linear: bool = False  # linearised however few clusters there are, as R's svydesign does

    @classmethod
    def of(
        cls,
        values: pd.Series,
        *,
        weights: ArrayLike | None = None,
        strata: ArrayLike | None = None,
        clusters: ArrayLike | None = None,
        population: Population | None = None,
        calibration: Calibration | None = None,
        linear: bool = False,
    ) -> ResolvedDesign:
        """Read a design from columns; missing values count as not answered.

        ``clusters`` may be a frame with a column for each stage of drawing (accounts,
        then people in them), and ``population`` then has as many columns.

        Examples
        --------
        >>> ResolvedDesign.of(pd.Series([1, 2, 3]), clusters=["a", "a", "b"]).degrees_of_freedom
        1
        """
        stages, sizes = stages_of(values, strata, clusters, population)
        if weights is not None:
            whole = weight_column(weights, values).to_numpy()
        else:
            whole = np.ones(len(values)) if sizes is None else 1 / chance(stages)
        answered = np.where(given_in(values), whole, 0.0)
        size = np.inf if sizes is None else float(answered.sum())
        if sizes is not None and clusters is None:
            size = float(sizes.sum())
        parts = (weights, strata, clusters, population, calibration)
        plain = all(part is None for part in parts)
        return cls(answered, stages, size, whole, calibration, plain, linear)

    @property
    def base(self) -> int:
        """Respondents who answered."""
        return int(np.count_nonzero(self.weights))

    @property
    def sampled(self) -> Floats:
        """Share of each stratum's units that the sample holds."""
        return self.stages[0].sampled

    @cached_property
    def units(self) -> int:
        """Clusters with an answer, or respondents where nothing is clustered."""
        return int(np.count_nonzero(self._there))

    @cached_property
    def strata(self) -> int:
        """Strata with an answer."""
        there = np.bincount(self.stages[0].group_of_unit[self._there])
        return int(np.count_nonzero(there))

    @cached_property
    def _there(self) -> NDArray[np.bool_]:
        """Which units have an answer."""
        first = self.stages[0]
        there = np.zeros(len(first.group_of_unit), dtype=bool)
        there[first.unit[self.weights > 0]] = True
        return there

    @property
    def degrees_of_freedom(self) -> int:
        """Clusters less strata, before it is asked whether they count alike."""
        return self.units - self.strata

    @property
    def freedom(self) -> float:
        """Degrees of freedom of an interval: clusters less strata, fewer where few count."""
        return self.freedom_of([self.weights])

    def freedom_of(self, masses: Sequence[Floats]) -> float:
        """The same of an estimate with several sides, by the weights of each."""
        effective = self.effective(masses)
        return effective if self.few(effective) else float(self.degrees_of_freedom)

    @property
    def alike(self) -> float:
        """As many equal clusters as would weigh alike, less strata, where few count."""
        if not self.few(self.effective([self.weights])):
            return float(self.degrees_of_freedom)
        held = np.bincount(self.stages[0].unit, self.weights)
        return max(1.0, float(held.sum() ** 2 / (held @ held)) - self.strata)

    def effective(self, masses: Sequence[Floats]) -> float:
        """Degrees of freedom that clusters as unequal as these leave an estimate."""
        found = alike(self.stages[0], masses)
        return min(max(1.0, round(found, 9)), max(1.0, float(self.degrees_of_freedom)))

    def few(self, effective: float) -> bool:
        """Whether so few clusters count that each is left out, instead of linearisation.

        Where people of the accounts were drawn from known numbers too, linearisation stays.
        """
        return not self.linear and len(self.stages) == 1 and effective < FEW

    def spread(self, *sides: Side) -> Spread:
        """Variance of an estimate, how sure it is and how skewed, from its sides.

        Below fifty effective clusters each is left out in turn and weights are fitted again;
        else the variance is linearised.

        Examples
        --------
        >>> scores = pd.Series([1.0, 2.0, 3.0])
        >>> rows = ResolvedDesign.of(scores)
        >>> found = rows.spread(Side((scores - 2).to_numpy() / 3, rows.weights))
        >>> round(found.variance, 4), round(found.freedom, 4)
        (0.3333, 2.0)
        """
        masses = [self.weights if side.mass is None else side.mass for side in sides]
        effective = self.effective(masses)
        if self.few(effective):
            return self._leaving.spread(sides, effective, textbook=self.plain)
        influence = np.sum([side.influence for side in sides], axis=0)
        return Spread(self._linearised(influence), float(self.degrees_of_freedom))

    @cached_property
    def _leaving(self) -> Leaving:
        """The same respondents, each cluster left out in turn."""
        return Leaving(self.stages[0], self.whole, self.calibration)

    def counted(self, influence: Floats) -> Floats:
        """Influences less what the totals that weights were fitted to explain of them."""
        if self.calibration is None:
            return influence
        each = np.divide(influence, self.whole, out=np.zeros(len(influence)), where=self.whole > 0)
        return self.whole * self.calibration.left_over(each)

    def variance(self, influence: Floats) -> float:
        """Variance of a statistic from its influences (weights already in them).

        Where few clusters count, influences are moved as those of a mean over all who
        answered (`spread`).

        Examples
        --------
        >>> scores = pd.Series([1.0, 2.0, 3.0])
        >>> round(ResolvedDesign.of(scores).variance((scores - 2).to_numpy() / 3), 4)
        0.3333
        """
        return self.spread(Side(influence, self.weights)).variance

    def _linearised(self, influence: Floats) -> float:
        influence = self.counted(influence)
        carried = np.ones(len(self.sampled))
        found = 0.0
        for stage in self.stages:
            found += float(carried @ stage.spread(influence))
            carried = (carried * stage.sampled)[stage.group_of_unit]
        return found

    def covariance(self, influences: Floats, *, left_out: bool = False) -> Floats:
        """Covariance matrix of several statistics, a column of influences for each.

        ``left_out`` says that they are those of leaving each cluster out already.

        Examples
        --------
        >>> scores = pd.Series([1.0, 2.0, 3.0])
        >>> both = np.column_stack([scores - 2, 2 - scores]) / 3
        >>> ResolvedDesign.of(scores).covariance(both).round(4).tolist()
        [[0.3333, -0.3333], [-0.3333, 0.3333]]
        """
        if not left_out and self.few(self.effective([self.weights])):
            leaving = self._leaving
            off = np.column_stack(
                [leaving.scaled(leaving.moves(one, self.weights)) for one in influences.T]
            )
            return np.asarray(off.T @ off)
        left = np.column_stack([self.counted(one) for one in influences.T])
        carried = np.ones(len(self.sampled))
        found = np.zeros((left.shape[1], left.shape[1]))
        for stage in self.stages:
            found += stage.products(left, carried)
            carried = (carried * stage.sampled)[stage.group_of_unit]
        return found

    def simple_variance(self, values: Floats) -> float:
        """Variance a mean would have from a simple random sample of the same size."""
        share = self.weights / self.weights.sum()
        mean = weighted_mean(values, self.weights)
        spread = share @ (values - mean) ** 2 * self.base / (self.base - 1)
        finite = 1 - self.base / self.population_size if self.population_size > self.base else 1.0
        return float(spread / self.base * finite)

"""What is known of some respondents, in the rows of the design that variances rest on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.design import SurveyDesign
from helpers.methods.survey.resolved import ResolvedDesign

__all__ = ["Placed", "has", "sampled", "stretch"]


@dataclass(frozen=True)
class Placed:
    """A design for some of its respondents: the others still count in its strata."""

    resolved: ResolvedDesign
    places: NDArray[
        np.intp
    ]  # among those respondents, for each row of the design that is one of them
    there: NDArray[np.bool_]  # which rows are

    @classmethod
    def of(
        cls, design: SurveyDesign, index: pd.Index, known: NDArray[np.bool_] | None = None
    ) -> Placed:
        """The design for the respondents in ``index``, or those of them that are ``known``.

        Examples
        --------
        >>> design = SurveyDesign(strata=pd.Series(["x", "x", "y", "y"], index=list("abcd")))
        >>> Placed.of(design, pd.Index(["d", "a"])).rows(np.array([1.0, 2.0])).tolist()
        [2.0, 0.0, 0.0, 1.0]
        """
        numbers = pd.Series(np.arange(len(index), dtype=float), index=index)
        answers, resolved = design.resolve(numbers if known is None else numbers.where(known))
        there = answers.notna().to_numpy()
        return cls(resolved, answers[there].to_numpy().astype(np.intp), there)

    def rows(self, column: Floats) -> Floats:
        """A column over these respondents in rows of the design; 0 for the others."""
        found = np.zeros((len(self.there), *column.shape[1:]))
        found[self.there] = column[self.places]
        return found

    def variance(self, influence: Floats) -> float:
        """Variance of a statistic from the influence of each respondent on it."""
        return self.resolved.variance(self.rows(influence))

    def covariance(self, moved: Floats) -> Floats:
        """Covariance of statistics that move by so much as each respondent is left out.

        ``moved`` has a column a statistic; what a whole cluster moves is the sum over its
        respondents (the jackknife: Wolter 2007, 4.5).
        """
        return self.resolved.covariance(self.rows(moved), left_out=True)

    def among(self, kept: NDArray[np.bool_]) -> Placed:
        """The same design for some of these respondents."""
        inside, there = kept[self.places], self.there.copy()
        there[self.there] = inside
        weights = np.where(there, self.resolved.weights, 0.0)
        number = np.cumsum(kept) - 1
        return Placed(replace(self.resolved, weights=weights), number[self.places[inside]], there)


def has(design: SurveyDesign, *names: str) -> bool:
    """Whether a design, or one of its waves, has any of these parts."""
    parts = [design] if design.parts is None else list(design.parts.values())
    return any(getattr(part, name) is not None for part in parts for name in names)


def sampled(design: SurveyDesign, index: pd.Index, rows: NDArray[np.bool_]) -> Placed | None:
    """The design for some respondents, where more than weights and accounts counts in it.

    >>> rows = np.array([True, False])
    >>> sampled(SurveyDesign(clusters=["a", "b"]), pd.RangeIndex(2), rows) is None
    True
    """
    if not has(design, "strata", "calibration", "population"):
        return None
    placed = Placed.of(design, index, rows)
    return replace(placed, places=(np.cumsum(rows) - 1)[placed.places])


def stretch(sample: Placed | None, influences: Floats, codes: NDArray[np.intp]) -> Floats:
    """How many times an error by the whole design is one that allows for accounts alone.

    ``influences`` of each respondent on each statistic, ``(respondents, statistics)``. An error
    that accounts drawn again or left out have given is multiplied by it: strata,
    a calibration and a finite population mostly narrow it.

    Examples
    --------
    Four of eight accounts were asked: half of the variance is left.

    >>> index = pd.RangeIndex(4)
    >>> design = SurveyDesign(clusters=pd.Series(list("abcd"))).with_population(8)
    >>> sample = sampled(design, index, np.full(4, True))
    >>> stretch(sample, np.array([[1.0], [2], [4], [-7]]), np.arange(4)).round(3).tolist()
    [0.707]
    """
    if sample is None:
        return np.ones(influences.shape[1])
    units = int(codes.max()) + 1
    sums = np.column_stack([np.bincount(codes, column, units) for column in influences.T])
    plain = units / (units - 1) * ((sums - sums.mean(axis=0)) ** 2).sum(axis=0)
    whole = np.diagonal(sample.covariance(influences))
    told = plain > 0
    ratio = np.divide(whole, plain, out=np.ones(len(plain)), where=told)
    return np.asarray(np.sqrt(np.maximum(ratio, 0.0)))

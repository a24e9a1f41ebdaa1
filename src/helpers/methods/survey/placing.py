"""What is known of some respondents, in the rows of the design that variances rest on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.design import SurveyDesign
from helpers.methods.survey.resolved import ResolvedDesign

__all__ = ["Placed"]


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

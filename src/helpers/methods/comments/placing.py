"""Comments in the rows of a survey design, where their variances are worked out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.resolved import ResolvedDesign

__all__ = ["Placed"]


@dataclass(frozen=True)
class Placed:
    """A design for some comments: those who wrote none of them still count in its strata."""

    resolved: ResolvedDesign
    places: NDArray[np.intp]  # of the comments, for each row of the design that has one
    there: NDArray[np.bool_]  # which rows have one

    @classmethod
    def of(
        cls, design: SurveyDesign, index: pd.Index, known: NDArray[np.bool_] | None = None
    ) -> Placed:
        """The design for the comments in ``index``, or those of them that are ``known``.

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
        """A column over the comments in rows of the design; 0 for those without a comment."""
        found = np.zeros(len(self.there))
        found[self.there] = column[self.places]
        return found

    def variance(self, influence: Floats) -> float:
        """Variance of a statistic from the influence of each comment on it."""
        return self.resolved.variance(self.rows(influence))

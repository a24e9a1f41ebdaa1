"""Shares of best answers."""

from __future__ import annotations

from numpy.typing import ArrayLike

from helpers.methods import survey
from helpers.methods.survey import Estimate, SurveyDesign
from helpers.methods.survey.columns import column

__all__ = ["top_share"]


def top_share(
    scores: ArrayLike,
    design: SurveyDesign | None = None,
    *,
    top: float,
    confidence: float = 0.95,
) -> Estimate:
    """Share of answers at ``top`` or above, 0 to 1.

    Parameters
    ----------
    top
        The lowest answer that counts: 4 for the top two boxes of a 1-5 scale. The
        rest is as for `survey.proportion`.

    Examples
    --------
    >>> top_share([5, 4, 3, 2], top=4).value
    0.5
    """
    answers = column(scores, "scores")
    best = (answers >= top).astype(float).where(answers.notna())
    return survey.proportion(best, design, confidence=confidence)

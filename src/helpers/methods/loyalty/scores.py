"""Scores of people: net promoter points, the net promoter score, and shares of best answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.methods.survey import stats
from helpers.methods.survey.calibration import WeightsLike
from helpers.methods.survey.columns import column
from helpers.methods.survey.design import Population
from helpers.methods.survey.estimates import Estimate

__all__ = ["net_promoter", "promoter_points", "top_share"]


def promoter_points(scores: ArrayLike) -> pd.Series:
    """Turn 0-10 answers into 100 (promoter, 9-10), 0 (7-8) or -100 (detractor, 0-6).

    Their mean is the net promoter score, so a change between waves is
    ``stats.difference(promoter_points(before), promoter_points(after), …)``.

    Raises
    ------
    ValueError
        If an answer is not a whole number from 0 to 10.

    References
    ----------
    Reichheld (2003), The one number you need to grow, Harvard Business Review 81 (12).

    Examples
    --------
    >>> promoter_points([10, 8, 0]).tolist()
    [100.0, 0.0, -100.0]
    """
    answers = column(scores, "scores")
    given = answers.dropna()
    bad = given[(given < 0) | (given > 10) | (given % 1 != 0)]
    if len(bad):
        raise ValueError(
            f"scores has {len(bad)} answers that are not whole numbers from 0 to 10 "
            f"(first: {bad.iloc[0]:g}); a net promoter score needs each person's own answer "
            "on 0-10, not an average, an index or another scale"
        )
    points = np.select([answers >= 9, answers >= 7], [100.0, 0.0], -100.0)
    return pd.Series(points, index=answers.index).where(answers.notna())


def net_promoter(
    scores: ArrayLike,
    *,
    weights: WeightsLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    population: Population | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Net promoter score, -100 to 100: promoters less detractors, in points.

    Parameters are those of `stats.mean`; ``scores`` are answers on 0-10.

    Examples
    --------
    >>> found = net_promoter([10, 9, 9, 8, 7, 3, 10, 6, 9, 10])
    >>> found.value, found.base
    (40.0, 10)
    """
    return stats.mean(
        promoter_points(scores),
        weights=weights,
        strata=strata,
        clusters=clusters,
        population=population,
        confidence=confidence,
    ).clipped(-100, 100)


def top_share(
    scores: ArrayLike,
    *,
    top: float,
    weights: WeightsLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    population: Population | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Share of answers at ``top`` or above, 0 to 1.

    Parameters
    ----------
    top
        The lowest answer that counts: 4 for the top two boxes of a 1-5 scale. The
        rest is as for `stats.share`.

    Examples
    --------
    >>> top_share([5, 4, 3, 2], top=4).value
    0.5
    """
    answers = column(scores, "scores")
    return stats.share(
        (answers >= top).astype(float).where(answers.notna()),
        weights=weights,
        strata=strata,
        clusters=clusters,
        population=population,
        confidence=confidence,
    )

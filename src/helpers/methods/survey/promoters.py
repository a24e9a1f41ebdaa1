"""Net promoter points: what each answer from 0 to 10 adds to the score."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.methods.survey.columns import column, given_in

__all__ = ["promoter_points"]


def promoter_points(scores: ArrayLike) -> pd.Series:
    """Turn 0-10 answers into 100 (promoter, 9-10), 0 (7-8) or -100 (detractor, 0-6).

    Their mean is the net promoter score, so a change between waves is
    ``survey.difference(promoter_points(before), promoter_points(after), design)``.

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
    found, given = answers.to_numpy(), given_in(answers)
    bad = answers[given & ((found < 0) | (found > 10) | (found % 1 != 0))]
    if len(bad):
        raise ValueError(
            f"scores has {len(bad)} answers that are not whole numbers from 0 to 10 "
            f"(first: {bad.iloc[0]:g}); a net promoter score needs each person's own answer "
            "on 0-10, not an average, an index or another scale"
        )
    points = np.select([~given, found >= 9, found >= 7], [np.nan, 100.0, 0.0], -100.0)
    return pd.Series(points, index=answers.index)

"""Whether those who name a theme rate the experience it is about differently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.comments.coding import Coding
from helpers.methods.comments.shares import design_of
from helpers.methods.nonresponse import holm
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.averages import weighted_mean
from helpers.methods.survey.estimates import Estimate

__all__ = ["RatingGaps", "rating_gaps", "writers_gap"]


@dataclass(frozen=True)
class RatingGaps:
    """Mean rating of a theme's driver among those who name it, less that of the others.

    ``table``: theme, driver, mean (of those who name it), rest (mean of the others who
    commented), difference, low, high, p, p_holm, base (who name it), others, withheld.
    """

    table: pd.DataFrame
    base: int

    def __post_init__(self) -> None:
        off = self.table["mean"] - self.table["rest"] - self.table["difference"]
        if (off.abs() > 1e-9).any():
            raise ValueError("a difference of ratings is not that of its two means")


def rating_gaps(
    coding: Coding,
    ratings: pd.DataFrame,
    drivers: Mapping[str, str],
    design: SurveyDesign | None = None,
    *,
    minimum: int = 10,
    confidence: float = 0.95,
) -> RatingGaps:
    """Compare the ratings of those who name a theme with those of the others who commented.

    Comments count as coded, by hand or by the coder; what it gets wrong draws the two
    sides together. The two go together; neither is shown to cause the other.

    Parameters
    ----------
    coding
        As :func:`coded` returns it.
    ratings
        Of this wave, a column a driver, by response_id.
    drivers
        Theme to the driver that it is about.
    design
        As for :func:`theme_shares`.
    minimum
        The fewest raters on a side that may be shown.

    Examples
    --------
    >>> from helpers.methods.comments import coded, gathered, theme_frame
    >>> said = pd.DataFrame({"response_id": range(40), "question": "q",
    ...                      "text": ["Late!", "ok"] * 20})
    >>> people = pd.DataFrame({"wave": "w"}, index=range(40))
    >>> frame = theme_frame(pd.DataFrame({"theme": ["late"], "words": ["late"]}))
    >>> made = coded(gathered(said, people, "w"), frame, rng=np.random.default_rng(1))
    >>> rated = pd.DataFrame({"speed": [3.0, 8.0, 4.0, 9.0] * 10})
    >>> rating_gaps(made, rated, {"late": "speed"}).table["difference"].tolist()
    [-5.0]
    """
    tied = {a: b for a, b in drivers.items() if b in ratings and a in coding.codes}
    made = design_of(coding, design)
    rows = [
        _row(coding, ratings[driver], theme, driver, made, minimum, confidence)
        for theme, driver in tied.items()
    ]
    columns = ["theme", "driver", "mean", "rest", "difference", "low", "high", "p", "base",
               "others", "withheld"]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    table["p_holm"] = holm(table["p"])
    return RatingGaps(table, coding.base)


def writers_gap(
    scores: pd.Series,
    wrote: pd.Series,
    design: SurveyDesign,
    *,
    confidence: float = 0.95,
) -> Estimate | None:
    """Mean score of those who wrote a comment, less that of those who did not.

    Parameters
    ----------
    scores
        One number a respondent of the wave; missing where not answered.
    wrote
        Whether a respondent wrote a comment, on the same index.
    design
        How the respondents came to be in the sample.

    Returns
    -------
    Estimate or None
        ``None`` where either side is too small for an interval.

    Examples
    --------
    >>> scores = pd.Series([5.0, 6.0, 7.0, 8.0])
    >>> wrote = pd.Series([True, True, False, False])
    >>> writers_gap(scores, wrote, SurveyDesign()).value
    -2.0
    """
    known = scores.notna()
    sides = [known & ~wrote, known & wrote]
    if min(int(side.sum()) for side in sides) < 2:
        return None
    try:
        return survey.difference(
            scores.where(sides[0]), scores.where(sides[1]), design, confidence=confidence
        )
    except NotEstimable:
        return None


def _row(
    coding: Coding, rating: pd.Series, theme: str, driver: str, design: SurveyDesign,
    minimum: int, confidence: float,
) -> dict[str, object]:  # fmt: skip
    here = coding.codes.index[coding.current]
    rated, named = rating.reindex(here).astype(float), coding.codes.loc[here, theme]
    counts = rated.notna() & (design.weights_for(rated) > 0)
    sides = [rated.where(counts & (named == side)) for side in (0, 1)]
    bases = [int(side.count()) for side in sides]
    row: dict[str, object] = {"theme": theme, "driver": driver, "base": bases[1]}
    row |= {"others": bases[0], "withheld": min(bases) < minimum}
    if row["withheld"] or min(coding.clusters[s.dropna().index].nunique() for s in sides) < 2:
        return row
    found = survey.difference(sides[0], sides[1], design, confidence=confidence)
    raters = [side.dropna() for side in sides]
    means = [float(weighted_mean(side, design.weights_for(side))) for side in raters]
    p = found.p_value if found.standard_error else np.nan
    return row | {
        "mean": means[1], "rest": means[0], "difference": found.value, "low": found.low,
        "high": found.high, "p": p,
    }  # fmt: skip

"""Performance: how customers rate each driver, with an interval."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.drivers.sampled import weights_in
from helpers.methods.drivers.screening import numbers
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.averages import weighted_mean

__all__ = ["TARGET", "Performance", "performance", "target_of"]

Array = NDArray[np.float64]

TARGET = 0.8  # of the way up the scale: 8 of 0-10, 4 of 1-5
TOP_POINTS = 2  # answers counted in top_share: the two highest points of the scale


@dataclass(frozen=True, slots=True)
class Performance:
    """How each driver is rated, lowest mean first.

    ``table``: ``driver``, ``mean`` with ``low`` and ``high`` on the driver's own
    scale, ``base`` (respondents who answered), ``top_share`` (of answers on the two
    highest points; NaN without a scale), ``standard_deviation``. A driver that too
    few answered keeps its row with NaN, and ``dropped`` says why.
    """

    table: pd.DataFrame
    base: int  # respondents who rated at least one driver
    confidence: float
    dropped: Mapping[str, str]


def performance(
    ratings: pd.DataFrame,
    design: SurveyDesign | None = None,
    *,
    confidence: float = 0.95,
    scale: Mapping[str, tuple[float, float]] | None = None,
    target: float | None = None,
) -> Performance:
    """Mean rating of each driver, each over those who answered it.

    Intervals are those of :func:`helpers.methods.survey.mean`.

    Parameters
    ----------
    ratings
        One column a driver, one row a respondent, missing answers as NaN.
    design
        How the respondents came to be in the sample.
    confidence
        Level of the intervals.
    scale
        Lowest and highest point of each driver's scale; needed for ``top_share`` and ``short``.
    target
        From how far up its scale a rating is good enough, as in :func:`target_of`.

    Raises
    ------
    ValueError
        When the input cannot be read as numbers.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"ease": [7, 9, 10, 6], "speed": [4, None, 6, 5]})
    >>> performance(ratings).table[["driver", "mean", "base"]].to_dict("records")
    [{'driver': 'speed', 'mean': 5.0, 'base': 3}, {'driver': 'ease', 'mean': 8.0, 'base': 4}]
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a share: write 95 % as 0.95, not {confidence}")
    design = SurveyDesign() if design is None else design
    w = weights_in(design, ratings.index)
    rows = []
    for name, column in ratings.items():
        values = numbers(column, f"driver {name!r}")
        used = np.isfinite(values) & (w > 0)
        top = (scale or {}).get(str(name), (None, np.nan))[1]
        found = _rating(pd.Series(values, ratings.index).where(used), w, design, confidence)
        aim = np.nan if scale is None or target is None else target_of(str(name), scale, target)
        rows.append(
            {
                "driver": str(name),
                **found,
                "top_share": _top(values[used], w[used], top),
                "short": _short(values[used], w[used], aim),
            }
        )
    table = pd.DataFrame(rows)[_COLUMNS].sort_values(["mean", "driver"], ignore_index=True)
    few = table.loc[table["low"].isna(), ["driver", "base"]]
    dropped = {d: f"rated by {b}: no interval can be given" for d, b in few.itertuples(index=False)}
    answered = ratings.notna().any(axis=1).to_numpy() & (w > 0)
    return Performance(table, int(answered.sum()), confidence, dropped)


_COLUMNS = ["driver", "mean", "low", "high", "base", "top_share", "standard_deviation", "short"]


def _rating(
    answers: pd.Series, weights: Array, design: SurveyDesign, confidence: float
) -> dict[str, float | int]:
    answered = answers.notna().to_numpy()
    x, w = answers.to_numpy()[answered], weights[answered]
    base = len(x)
    if base == 0:
        return {**dict.fromkeys(("mean", "low", "high", "standard_deviation"), np.nan), "base": 0}
    mean = float(weighted_mean(x, w))
    variance = float(weighted_mean((x - mean) ** 2, w)) * base / max(base - 1, 1)
    low, high = np.nan, np.nan
    with suppress(NotEstimable):  # of one answer, or of one account
        found = survey.mean(answers, design, confidence=confidence)
        low, high = found.low, found.high
    spread = float(np.sqrt(variance)) if base > 1 else np.nan
    return {"mean": mean, "low": low, "high": high, "base": base, "standard_deviation": spread}


def _top(x: Array, w: Array, top: float) -> float:
    if len(x) == 0 or np.isnan(top):
        return float("nan")
    return float(weighted_mean(x > top - TOP_POINTS, w))


def _short(x: Array, w: Array, target: float) -> float:
    """Mean points that everybody together lacks to the target."""
    if len(x) == 0 or np.isnan(target):
        return float("nan")
    return float(weighted_mean(np.maximum(target - x, 0.0), w))


def target_of(driver: str, scale: Mapping[str, tuple[float, float]], target: float) -> float:
    """The point of its scale from which a rating is good enough: the one below the share asked.

    Between the two points of a yes-or-no question it is the share itself.

    >>> [target_of("ease", {"ease": ends}, 0.8) for ends in ((0, 10), (1, 5), (1, 10), (0, 1))]
    [8.0, 4.0, 8.0, 0.8]
    """
    if not 0 < target <= 1:
        raise ValueError(f"target is a share of the scale: 0.8 for 8 of 0-10, not {target}")
    if driver not in scale:
        raise ValueError(f"scale has no entry for {driver!r}: give its lowest and highest point")
    low, high = scale[driver]
    point = low + target * (high - low)
    return float(point if high - low <= 1 else np.floor(point + 1e-9))

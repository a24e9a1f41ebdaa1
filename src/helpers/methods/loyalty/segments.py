"""The four segments of the loyalty matrix, and who falls into which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import NotEstimable
from helpers.methods.survey.columns import aligned, column

__all__ = [
    "CUTS",
    "KEYS",
    "SEGMENTS",
    "STEPS",
    "enough",
    "moved_cuts",
    "scale_step",
    "scale_steps",
    "segments",
]

SEGMENTS = ("Truly Loyal", "Accessible", "Trapped", "High Risk")
KEYS = {name: name.lower().replace(" ", "_") for name in SEGMENTS}
CUTS = (75.0, 75.0)  # attitude, behaviour: 4 of 5, the two best answers on average
STEPS = (12.5, 12.5)  # half a point on scales from 1 to 5
SLACK = 1e-9  # a mean of answers may fall short of a cut-off by rounding


def segments(
    attitude: ArrayLike, behaviour: ArrayLike, *, cuts: tuple[float, float] = CUTS
) -> pd.Series:
    """The segment of each person; missing where an axis has no score.

    Parameters
    ----------
    attitude, behaviour
        Scores of each person on both axes, 0-100.
    cuts
        The lowest score that counts as high, on each axis.

    Raises
    ------
    ValueError
        If a cut-off lies outside 0 to 100.

    Examples
    --------
    >>> segments([80, 75, 50, 50], [75, 50, 100, 0]).tolist()
    ['Truly Loyal', 'Accessible', 'Trapped', 'High Risk']
    """
    for axis, cut in zip(("attitude", "behaviour"), cuts, strict=True):
        if not 0 < cut < 100:
            raise ValueError(
                f"the cut-off of {axis} is {cut:g}; give a score between 0 and 100 "
                "(75 is 4 on a scale from 1 to 5)"
            )
    likes = column(attitude, "attitude")
    stays = column(aligned(behaviour, likes, "behaviour"), "behaviour")
    high = likes >= cuts[0] - SLACK, stays >= cuts[1] - SLACK
    place = np.select([high[0] & high[1], high[0], high[1]], [0, 1, 2], 3)
    named = pd.Series(np.array(SEGMENTS, dtype=object)[place], index=likes.index, name="segment")
    return named.where(likes.notna() & stays.notna())


def enough(people: int, smallest: int) -> None:
    """Refuse what is said of segments where fewer people than ``smallest`` can be placed.

    Raises
    ------
    NotEstimable
        If there are fewer.

    Examples
    --------
    >>> enough(12, 30)
    Traceback (most recent call last):
    helpers.errors.NotEstimable: the base is too small: 12 people have a score on both axes; ...
    """
    if people < smallest:
        raise NotEstimable(
            f"the base is too small: {people} people have a score on both axes; "
            f"segments need at least {smallest}"
        )


def moved_cuts(
    cuts: tuple[float, float], steps: tuple[float, float]
) -> list[tuple[tuple[float, float], bool]]:
    """Both cut-offs a step down, as they are and a step up, in every pair; and which is declared.

    Examples
    --------
    >>> [cuts for cuts, declared in moved_cuts((75, 75), (12.5, 25)) if declared]
    [(75.0, 75.0)]
    >>> moved_cuts((75, 75), (12.5, 25))[0]
    ((62.5, 50.0), False)
    """
    ways = (-1, 0, 1)
    return [
        (
            (
                float(np.clip(cuts[0] + up * steps[0], 1e-6, 100 - 1e-6)),
                float(np.clip(cuts[1] + along * steps[1], 1e-6, 100 - 1e-6)),
            ),
            up == along == 0,
        )
        for up in ways
        for along in ways
    ]


def scale_steps(
    points: float,
    sides: Mapping[str, pd.DataFrame],
    scales: Mapping[str, tuple[float, float]],
) -> tuple[float, ...]:
    """`scale_step` of the questions of each side.

    >>> sides = {"attitude": pd.DataFrame(columns=["proud"])}
    >>> scale_steps(0.5, sides, {"proud": (1, 5)})
    (12.5,)
    """
    return tuple(scale_step(points, [scales[str(q)] for q in side]) for side in sides.values())


def scale_step(points: float, scales: Sequence[tuple[float, float]]) -> float:
    """So many points of the questions' own scale, in points of 100.

    Where questions of an axis have several scales, their mean length counts.

    Examples
    --------
    >>> scale_step(0.5, [(1, 5), (1, 5)])
    12.5
    """
    if points <= 0:
        raise ValueError(f"a step of {points:g} scale points moves nothing; give one above 0")
    return points / float(np.mean([high - low for low, high in scales])) * 100

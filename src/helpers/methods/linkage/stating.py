"""How many points of a score an effect is stated for: a step that its own data have seen."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10
from typing import Literal

import numpy as np
import pandas as pd

__all__ = ["Step", "step"]

TENTH = 0.1  # of the scale


@dataclass(frozen=True)
class Step:
    """A number of points, and what it is of the score."""

    points: float
    kind: Literal["scale", "spread", "declared"]


def step(
    scores: pd.Series, ends: tuple[float, float], *, declared: float = 0.0
) -> tuple[Step, list[str]]:
    """The points that an effect is stated for, and a note where that is not what was declared.

    A tenth of the score's scale; one standard deviation of the scores where it has none, or where
    they span less than that tenth. Ten points mean nothing on a scale from 1 to 5: an effect
    stated for them is of scores that nobody can have.

    Parameters
    ----------
    scores
        Of accounts, as measured.
    ends
        Lowest and highest score there can be; missing where there is no scale.
    declared
        Points that the client asks for; 0 for none. More than the scores span are refused.

    Examples
    --------
    >>> step(pd.Series([20.0, 90.0]), (0, 100))[0]
    Step(points=10.0, kind='scale')
    >>> step(pd.Series([2.0, 4.5]), (1, 5))[0].points
    0.4
    """
    known = scores.dropna().to_numpy(float)
    span = float(np.ptp(known)) if len(known) else 0.0
    if 0 < declared <= span:
        return Step(declared, "declared"), []
    notes = [] if declared <= 0 else [
        f"scores span {span:.3g} points, so no effect is stated for {declared:g} of them"
    ]  # fmt: skip
    tenth = TENTH * (ends[1] - ends[0])
    if 0 < tenth <= span:
        return Step(round(tenth, 10), "scale"), notes
    return Step(_rounded(float(known.std(ddof=1))) if span else 1.0, "spread"), notes


def _rounded(points: float) -> float:
    """Two digits: what is written is what the effect is for.

    >>> _rounded(0.04561), _rounded(12.7)
    (0.046, 13.0)
    """
    return round(points, 1 - floor(log10(points)))

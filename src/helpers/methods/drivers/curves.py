"""Response curves: how the outcome goes along a driver's scale, and where it bends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from helpers.methods.claims import least
from helpers.methods.drivers.bending import DRAWS, Bend, Tried, bend_of
from helpers.methods.drivers.gate import no_effect_p
from helpers.methods.drivers.redrawing import (
    Summed,
    analysed,
    bent,
    check_draws,
    filled,
    left_over,
)
from helpers.methods.drivers.screening import Answers, Missing
from helpers.methods.multiplicity import holm
from helpers.methods.solving import solution
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.averages import weighted_mean

__all__ = ["Curves", "response_curves"]

Array = NDArray[np.float64]

MOST_LEVELS = 11  # points of a scale drawn one by one; longer scales are put in tenths
SMALLEST_SIDE = 0.05  # share of ratings that has to lie on each side of a threshold
SMALLEST_GROUP = 10  # ratings behind a drawn level


@dataclass(frozen=True, slots=True)
class Curves:
    """How the outcome goes along each driver, the others held equal.

    ``table``, one row a driver, surest bend first: ``driver``; ``shape``: ``"levels off"``
    or ``"takes off"`` (a bend is supported), ``"straight"``, ``"falls"`` or
    ``"no clear effect"`` (no bend is; the interval of the slope lies above zero, below it or
    on both sides); ``threshold`` (point of the scale, missing without a bend) with
    ``threshold_low``, ``threshold_high``; ``tried_low`` and ``tried_high``, between which
    thresholds could be looked for: one at either end may lie beyond it; ``below`` and
    ``above``: points of the outcome a point, either side of the threshold, with ``…_low``
    and ``…_high`` (both sides alike without a bend); ``p`` that the line is straight and
    ``p_holm``, corrected for the number of drivers; ``base``.
    ``points``: ``driver``, ``rating``, ``curve`` with ``low`` and ``high`` (difference from
    the average customer), ``adjusted`` (mean of those who gave that rating, the other
    drivers held equal) and ``base``.
    """

    table: pd.DataFrame
    points: pd.DataFrame
    base: int
    clusters: int | None
    confidence: float
    replicates: int
    bends: Mapping[str, Bend] = field(default_factory=dict)  # the supported ones, by driver
    dropped: dict[str, str] = field(default_factory=dict)
    nothing_p: float = float("nan")  # that no driver has any effect: asked first

    @property
    def p(self) -> float | None:
        """That no line bends: the smallest corrected one, or that of what is asked first.

        A line that is not straight and whose steeper side does not surely rise is no sign.
        """
        bent = self.table["threshold"].notna() | (self.table["p_holm"] > 1 - self.confidence)
        found = least(self.table["p_holm"], bent)
        return self.nothing_p if found is not None and self.nothing_p > found else found

    def __post_init__(self) -> None:
        flat = self.table[self.table["threshold"].isna()]
        if not np.allclose(flat["below"], flat["above"]):
            raise ValueError("a line without a bend has two slopes")
        for name in ("below", "above"):
            value, low, high = (self.table[f"{name}{end}"] for end in ("", "_low", "_high"))
            if ((value < low) | (value > high)).any():
                raise ValueError(f"a slope {name} lies outside its interval")


def response_curves(
    ratings: pd.DataFrame,
    outcome: pd.Series,
    design: SurveyDesign | None = None,
    *,
    always: Sequence[str] = (),
    smallest: int = SMALLEST_GROUP,
    replicates: int = 500,
    confidence: float = 0.95,
    rng: np.random.Generator | None = None,
    missing: Missing = "listwise",
) -> Curves:
    """Fit a line with at most one bend to each driver, the others held equal.

    For each driver one least-squares model holds the other drivers, each with a bend at
    its median, and this one as two slopes that meet at a threshold. Every inner point of
    the scale with enough ratings on both sides is tried; of them the one with the smallest
    generalised cross-validation error is chosen (GCV: Craven & Wahba 1979), which among
    models of one size is the smallest squared error.

    Whether there is a bend at all is tested. At each threshold tried, the difference of
    the two slopes is set against its error with accounts left out one at a time (CR3:
    Bell & McCaffrey 2002, with their degrees of freedom). The largest of these is compared
    with what the largest of as many is by chance (Hothorn, Bretz & Westfall 2008), and p is
    corrected for the number of drivers (Holm 1979). A bend is supported where that p is
    small enough and the steeper side surely rises. Then accounts are drawn again whole, and
    each redraw chooses its own threshold, so that the intervals include that choice.

    Parameters
    ----------
    ratings, outcome, design, always, missing
        As in :func:`relative_importance`. Unless ``"listwise"``, a driver's curve is that
        of all who rated it; ratings of the others that they did not give are taken from
        those they did (:func:`filled`).
    smallest
        Ratings needed on either side of a threshold, and behind an adjusted mean.

    Raises
    ------
    ValueError
        As :func:`relative_importance`.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"ease": [*range(11)] * 12, "speed": [4, 9, 2, 7] * 33})
    >>> found = response_curves(ratings, 2 * ratings["ease"].clip(upper=6), replicates=50)
    >>> found.table[["driver", "shape", "threshold"]].values.tolist()
    [['ease', 'levels off', 6.0], ['speed', 'no clear effect', nan]]
    """
    check_draws(replicates, confidence)
    answers, _ = analysed(ratings, outcome, design, missing)
    complete = filled(answers)
    whole = complete.ratings
    rng = np.random.default_rng(0) if rng is None else rng
    seed = int(rng.integers(2**32))  # the same accounts for every driver
    shown = [k for k, name in enumerate(answers.drivers) if name not in always]
    lines = [_Line.of(answers, k, bent(np.delete(whole, k, axis=1)), smallest) for k in shown]
    normals = cache(lambda number: np.random.default_rng(seed).standard_normal((DRAWS, number)))
    p = np.array([line.tried.straight(normals) for line in lines])
    nothing = no_effect_p(complete, shown)
    may_bend = not nothing > 1 - confidence
    rows, points, bends = [], [], {}
    for k, line, own, corrected in zip(shown, lines, p, holm(p), strict=True):
        name, (row, drawn) = answers.drivers[k], _straight(line, confidence)
        if may_bend and corrected <= 1 - confidence:
            found = bend_of(answers, k, line.tried, replicates, seed)
            again, curve = _bent(line, found, confidence)
            if again["steeper_low"] > 0:
                row, drawn, bends[name] = again, curve, found
        base = int(np.isfinite(answers.ratings[:, k]).sum())
        rows.append({"driver": name, **row, "p": own, "p_holm": corrected, "base": base})
        adjusted, bases = _adjusted(answers, k, line.others, line.levels, smallest)
        points.append(pd.DataFrame(
            {"driver": name, "rating": line.levels, **drawn, "adjusted": adjusted, "base": bases}
        ))  # fmt: skip
    table = pd.DataFrame(rows).sort_values(["p", "driver"], ignore_index=True)
    return Curves(
        table[_COLUMNS], pd.concat(points, ignore_index=True), answers.base, answers.clusters,
        confidence, replicates, bends, dict(answers.dropped), nothing,
    )  # fmt: skip


_COLUMNS = [
    "driver", "shape", "threshold", "threshold_low", "threshold_high", "tried_low",
    "tried_high", "below", "below_low", "below_high", "above", "above_low", "above_high",
    "p", "p_holm", "base",
]  # fmt: skip


@dataclass(frozen=True)
class _Line:
    """What is fitted along one driver, and where it is drawn."""

    tried: Tried
    others: Array  # columns held
    levels: Array  # points at which the curve is drawn
    mean: float  # rating

    @classmethod
    def of(cls, answers: Answers, k: int, others: Array, smallest: int) -> _Line:
        levels, x = _levels(answers, k), answers.ratings[:, k]
        there = np.isfinite(x) & answers.current
        mean = float(weighted_mean(x[there], answers.weights[there]))
        knots = _knots(answers, k, levels, smallest)
        return cls(Tried.of(answers, k, others, knots), others, levels, mean)


def _levels(answers: Answers, k: int) -> Array:
    """Points at which the curve is drawn: those of the scale, or ends and tenths."""
    x = answers.ratings[:, k]
    x = x[np.isfinite(x)]
    points = np.unique(x)
    if points.size <= MOST_LEVELS:
        return points
    return np.unique(np.round(np.quantile(x, np.linspace(0, 1, MOST_LEVELS)), 2))


def _knots(answers: Answers, k: int, levels: Array, smallest: int) -> Array:
    """Inner points with enough ratings below and above; a bend needs three points a side to two."""
    x = answers.ratings[:, k]
    x = x[np.isfinite(x)]
    enough = max(smallest, SMALLEST_SIDE * x.size)
    inner = levels[1:-1]
    kept = [t for t in inner if (x < t).sum() >= enough and (x > t).sum() >= enough]
    return np.array(kept, dtype=float)


def _straight(line: _Line, confidence: float) -> tuple[dict[str, object], dict[str, Array]]:
    """The row of a line without a bend, and its curve with a band."""
    slope, error, free = line.tried.slope
    half = float(stdtrit(free, (1 + confidence) / 2)) * error
    row: dict[str, object] = {
        f"{side}{end}": value
        for side in ("below", "above")
        for end, value in (("", slope), ("_low", slope - half), ("_high", slope + half))
    }
    shape = "straight" if slope > half else "falls" if slope < -half else "no clear effect"
    away = line.levels - line.mean
    curve, band = slope * away, half * np.abs(away)
    return row | {"shape": shape} | _nowhere(line), {
        "curve": curve, "low": curve - band, "high": curve + band
    }  # fmt: skip


def _nowhere(line: _Line) -> dict[str, float]:
    """No threshold, and between which points one was looked for."""
    knots = line.tried.knots
    ends = (float(knots[0]), float(knots[-1])) if knots.size else (np.nan, np.nan)
    none = dict.fromkeys(("threshold", "threshold_low", "threshold_high"), np.nan)
    return none | {"tried_low": ends[0], "tried_high": ends[1]}


def _bent(line: _Line, found: Bend, confidence: float) -> tuple[dict[str, Any], dict[str, Array]]:
    """The row of a line with a bend, and its curve with a band."""
    t = float(stdtrit(found.freedom, (1 + confidence) / 2))
    row = _nowhere(line)
    for name, slopes in (("below", found.below), ("above", found.above)):
        half = t * float(found.errors(slopes[:, None])[0])
        value = float(slopes[0])
        row |= {name: value, f"{name}_low": value - half, f"{name}_high": value + half}
    low, high = _run(found.threshold, line.tried.knots, confidence)
    row |= {"threshold": float(found.threshold[0]), "threshold_low": low, "threshold_high": high}
    steeper = "below" if row["below"] > row["above"] else "above"
    shape = "levels off" if steeper == "below" else "takes off"
    drawn = found.at(line.levels) - found.mean(found.ratings)[:, None]
    band = t * found.errors(drawn)
    return row | {"shape": shape, "steeper_low": row[f"{steeper}_low"]}, {
        "curve": drawn[0], "low": drawn[0] - band, "high": drawn[0] + band
    }  # fmt: skip


def _run(threshold: Array, knots: Array, confidence: float) -> tuple[float, float]:
    """The fewest neighbouring points with the chosen one that hold so many redraws' choices.

    >>> _run(np.array([6.0, 6, 6, 5, 6, 7]), np.array([4.0, 5, 6, 7, 8]), 0.8)
    (5.0, 6.0)
    """
    place = np.searchsorted(knots, threshold)
    often = np.bincount(place[1:], minlength=knots.size) / (threshold.size - 1)
    runs = [
        (last - first, -often[first : last + 1].sum(), first, last)
        for first in range(place[0] + 1)
        for last in range(place[0], knots.size)
        if often[first : last + 1].sum() >= confidence - 1e-9
    ]
    _, _, first, last = min(runs)
    return float(knots[first]), float(knots[last])


def _adjusted(
    answers: Answers, k: int, others: Array, levels: Array, smallest: int
) -> tuple[Array, Array]:
    """Mean outcome of those at each level, the other drivers held equal, from the average."""
    x = answers.ratings[:, k]
    at = np.where(np.isfinite(x), np.abs(x[:, None] - levels).argmin(axis=1), -1)
    bases = np.array([(at == level).sum() for level in range(levels.size)])
    shown = np.flatnonzero(bases >= smallest)
    adjusted = np.full(levels.size, np.nan)
    if shown.size < 2:
        return adjusted, bases
    dummies = np.where(np.isfinite(x)[:, None], at[:, None] == shown[1:], np.nan)
    left = left_over(Summed.of(answers, others, dummies, redrawn=False), 0, 0)[0][0]
    slopes = solution(left[:-1, :-1], left[:-1, -1])
    effects = np.concatenate([[0.0], slopes])
    sizes = np.array([answers.weights[at == level].sum() for level in shown])
    adjusted[shown] = effects - weighted_mean(effects, sizes)
    return adjusted, bases

"""Response curves: how the outcome rises along a driver's scale, and where it stops or starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.methods.drivers.redrawing import analysed, bent, check_draws, filled, left_over
from helpers.methods.drivers.resampling import quantiles
from helpers.methods.drivers.screening import Answers, Missing

__all__ = ["Criterion", "Curves", "response_curves"]

Array = NDArray[np.float64]
Criterion = Literal["bic", "gcv"]

MOST_LEVELS = 11  # points of a scale drawn one by one; longer scales are put in tenths
SMALLEST_SIDE = 0.05  # share of ratings that has to lie on each side of a threshold
SMALLEST_GROUP = 10  # ratings behind a drawn level


@dataclass(frozen=True, slots=True)
class Curves:
    """How the outcome goes along each driver, the others held equal.

    ``table``, one row a driver: ``driver``; ``shape``: ``"levels off"``, ``"takes off"``,
    ``"straight"`` (no threshold is supported) or ``"no clear effect"``; ``threshold`` (point of the
    scale, missing where none is supported) with ``threshold_low``, ``threshold_high``;
    ``below`` and ``above``: points of the outcome a point, either side of it, with
    ``…_low`` and ``…_high`` (both sides alike where straight); ``gain``: what the
    criterion gives for the threshold, needed to be over 0; ``base``.
    ``points``: ``driver``, ``rating``, ``curve`` with ``low`` and ``high`` (difference from
    the average customer), ``adjusted`` (mean of those who gave that rating, the other
    drivers held equal) and ``base``.
    """

    table: pd.DataFrame
    points: pd.DataFrame
    base: int
    clusters: int | None
    confidence: float
    criterion: Criterion
    replicates: int
    dropped: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        falling = self.points.groupby("driver")["curve"].diff() < -1e-9
        if falling.any():
            raise ValueError(f"{self.points.loc[falling, 'driver'].iloc[0]}: the curve falls")


def response_curves(
    ratings: pd.DataFrame,
    outcome: pd.Series,
    *,
    weights: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    always: Sequence[str] = (),
    criterion: Criterion = "bic",
    smallest: int = SMALLEST_GROUP,
    replicates: int = 500,
    confidence: float = 0.95,
    rng: np.random.Generator | None = None,
    missing: Missing = "listwise",
) -> Curves:
    """Fit a rising line with at most one bend to each driver, the others held equal.

    For each driver one least-squares model holds the other drivers, each with a bend at
    its median, and this one as two slopes, neither below zero, that meet at a
    threshold. Every inner
    point of the scale is tried. The threshold stands where it beats the straight line
    by the criterion, the bend counted as one parameter, and where its steeper side surely
    rises. The criterion is BIC, a gain over log n (Schwarz 1978), or GCV, the smaller
    generalised cross-validation error (Craven & Wahba 1979); n is the effective base.
    Accounts are drawn whole; each replicate chooses its own threshold, so that the
    intervals include that choice.

    Parameters
    ----------
    ratings, outcome, weights, clusters, always, missing
        As in :func:`relative_importance`. Unless ``"listwise"``, a driver's curve is that
        of all who rated it; ratings of the others that they did not give are taken from
        those they did (:func:`filled`).
    criterion
        ``"bic"`` or the more lenient ``"gcv"``.

    smallest
        Ratings needed on either side of a threshold, and behind an adjusted mean.

    Raises
    ------
    ValueError
        As :func:`relative_importance`, and for another criterion.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"ease": [*range(11)] * 12, "speed": [4, 9, 2, 7] * 33})
    >>> found = response_curves(ratings, 2 * ratings["ease"].clip(upper=6), replicates=50)
    >>> found.table[["driver", "shape", "threshold", "below", "above"]].round(2).values.tolist()
    [['ease', 'levels off', 6.0, 2.0, 0.0], ['speed', 'no clear effect', nan, 0.0, 0.0]]
    """
    check_draws(replicates, confidence)
    if criterion not in ("bic", "gcv"):
        raise ValueError(f"criterion is 'bic' or 'gcv', not {criterion!r}")
    answers, _ = analysed(ratings, outcome, weights, clusters, missing)
    whole = filled(answers).ratings
    rng = np.random.default_rng(0) if rng is None else rng
    seed = int(rng.integers(2**32))  # the same accounts for every driver
    rows, points = [], []
    for k, name in enumerate(answers.drivers):
        if name in always:
            continue
        levels = _levels(answers, k)
        knots = _knots(answers, k, levels, smallest)
        others = bent(np.delete(whole, k, axis=1))
        both = _fits(answers, k, others, knots, criterion, replicates, seed)
        fits = both.bent if both.supported(confidence) else both.straight
        rows.append(_row(name, fits, answers, k, confidence))
        adjusted = _adjusted(answers, k, others, levels, smallest)
        points.append(_points(name, fits, answers, k, levels, adjusted, confidence))
    table = pd.DataFrame(rows).sort_values(["gain", "driver"], ascending=[False, True])
    return Curves(
        table[_COLUMNS].reset_index(drop=True), pd.concat(points, ignore_index=True), answers.base,
        answers.clusters, confidence, criterion, replicates, dict(answers.dropped),
    )  # fmt: skip


_COLUMNS = [
    "driver", "shape", "threshold", "threshold_low", "threshold_high", "below", "below_low",
    "below_high", "above", "above_low", "above_high", "gain", "base",
]  # fmt: skip


class _Line(NamedTuple):
    """A driver's two slopes and its threshold in the sample and each replicate, and the gain."""

    knot: Array  # (1 + replicates,), NaN where straight
    below: Array
    above: Array
    gain: float  # of the sample's best threshold, by the criterion


class _Fits(NamedTuple):
    """A driver's straight line, and its line with the best bend."""

    straight: _Line
    bent: _Line

    def supported(self, confidence: float) -> bool:
        """Whether the bend wins and its steeper side surely rises."""
        sides = (self.bent.below, self.bent.above)
        steeper = max(sides, key=lambda slopes: float(slopes[0]))
        rises = quantiles(steeper[1:, None], confidence)[0][0] > 0
        return self.bent.gain > 0 and bool(rises)


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


def _fits(
    answers: Answers, k: int, others: Array, knots: Array, criterion: Criterion,
    replicates: int, seed: int,
) -> _Fits:  # fmt: skip
    """The straight line, and the line with a bend at the best threshold, in every replicate."""
    x = answers.ratings[:, k]
    own = np.column_stack([x, np.maximum(x[:, None] - knots, 0.0)])
    left, _ = left_over(answers, others, own, replicates, seed)
    slope, straight = _straight(left)
    nowhere = np.full(len(slope), np.nan)
    if not knots.size:
        return _Fits(*[_Line(nowhere, slope, slope, -np.inf)] * 2)
    w = answers.weights[np.isfinite(x)]
    below, above, error = _bent(left)
    columns = others.shape[1] + 1
    gain = _gain(straight[0], error[0].min(), w.sum() ** 2 / (w**2).sum(), columns, criterion)
    best, at = error.argmin(axis=1), np.arange(len(slope))
    return _Fits(
        _Line(nowhere, slope, slope, gain),
        _Line(knots[best], below[at, best], above[at, best], gain),
    )


def _straight(left: Array) -> tuple[Array, Array]:
    """The slope of one straight line, not below zero, and the variance it leaves."""
    slope = _ratio(np.maximum(left[:, 0, -1], 0), left[:, 0, 0])
    return slope, left[:, -1, -1] - slope * left[:, 0, -1]


def _bent(left: Array) -> tuple[Array, Array, Array]:
    """Slopes below and above each threshold, neither below zero, and the variance left.

    Least squares in two unknowns under non-negativity has three candidates besides
    zero: both slopes, or either alone.
    """
    v = np.diagonal(left, axis1=1, axis2=2)[:, 1:-1]
    xv, xx = left[:, 0, 1:-1], left[:, 0, 0][:, None]
    uu, uv = xx - 2 * xv + v, xv - v  # u, the part up to the threshold, is x less the bend
    vy = left[:, 1:-1, -1]
    uy = left[:, 0, -1][:, None] - vy
    determinant = uu * v - uv**2
    both = (_ratio(uy * v - vy * uv, determinant), _ratio(vy * uu - uy * uv, determinant))
    only_below = (np.maximum(_ratio(uy, uu), 0), np.zeros_like(uy))
    only_above = (np.zeros_like(vy), np.maximum(_ratio(vy, v), 0))
    below, above = (np.stack(c) for c in zip(both, only_below, only_above, strict=True))
    error = left[:, -1, -1][:, None] - (
        2 * (below * uy + above * vy) - below**2 * uu - 2 * below * above * uv - above**2 * v
    )
    error[(below < 0) | (above < 0)] = np.inf
    best = error.argmin(axis=0)[None]
    below, above, error = (np.take_along_axis(a, best, axis=0)[0] for a in (below, above, error))
    return below, above, error


def _ratio(over: Array, under: Array) -> Array:
    return np.divide(over, under, out=np.zeros_like(over), where=under > 1e-12)


def _gain(straight: float, bent: float, n: float, columns: int, criterion: Criterion) -> float:
    """What the threshold wins by the criterion; over 0 supports it."""
    smallest = 1e-12  # a bend without noise leaves nothing
    won = n * np.log(max(straight, smallest) / max(bent, smallest))
    if criterion == "bic":
        return float(won - np.log(n))
    parameters = columns + 1  # with the intercept; the bend is one more
    return float(won - 2 * n * np.log((n - parameters) / (n - parameters - 1)))


def _row(name: str, fits: _Line, answers: Answers, k: int, confidence: float) -> dict[str, object]:
    row: dict[str, object] = {"driver": name}
    for what, draws in zip(("threshold", "below", "above"), fits[:3], strict=True):
        low, high = (float(end[0]) for end in quantiles(draws[1:, None], confidence))
        row |= {what: float(draws[0]), f"{what}_low": low, f"{what}_high": high}
    if np.isfinite(fits.knot[0]):
        row["shape"] = "levels off" if fits.below[0] > fits.above[0] else "takes off"
    else:
        surely_up = quantiles(fits.below[1:, None], confidence)[0][0] > 0
        row["shape"] = "straight" if surely_up else "no clear effect"
    base = int(np.isfinite(answers.ratings[:, k]).sum())
    return row | {"gain": fits.gain, "base": base}


def _points(
    name: str, fits: _Line, answers: Answers, k: int, levels: Array,
    adjusted: tuple[Array, Array], confidence: float,
) -> pd.DataFrame:  # fmt: skip
    """The curve at each level, and the adjusted mean of those who rated there."""
    x = answers.ratings[:, k]
    known = np.isfinite(x)
    drawn = _curve(fits, levels) - _average(fits, x[known], answers.weights[known])[:, None]
    low, high = quantiles(drawn[1:], confidence)
    return pd.DataFrame(
        {
            "driver": name, "rating": levels, "curve": drawn[0], "low": low, "high": high,
            "adjusted": adjusted[0], "base": adjusted[1],
        }
    )  # fmt: skip


def _curve(fits: _Line, at: Array) -> Array:
    knot = np.where(np.isfinite(fits.knot), fits.knot, 0.0)[:, None]
    up_to, beyond = np.minimum(at, knot), np.maximum(at - knot, 0.0)
    return np.asarray(fits.below[:, None] * up_to + fits.above[:, None] * beyond)


def _average(fits: _Line, x: Array, w: Array) -> Array:
    """The mean of each replicate's curve over the ratings of the sample."""
    knots, which = np.unique(np.nan_to_num(fits.knot), return_inverse=True)
    up_to = np.array([np.average(np.minimum(x, knot), weights=w) for knot in knots])
    beyond = np.array([np.average(np.maximum(x - knot, 0.0), weights=w) for knot in knots])
    return np.asarray(fits.below * up_to[which] + fits.above * beyond[which])


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
    left = left_over(answers, others, dummies, 0, 0)[0][0]
    slopes = np.linalg.lstsq(left[:-1, :-1], left[:-1, -1], rcond=None)[0]
    effects = np.concatenate([[0.0], slopes])
    sizes = np.array([answers.weights[at == level].sum() for level in shown])
    adjusted[shown] = effects - np.average(effects, weights=sizes)
    return adjusted, bases

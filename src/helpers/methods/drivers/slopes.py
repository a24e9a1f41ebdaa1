"""Adjusted effects: least-squares slopes on the drivers' own scales, with robust intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from helpers.methods.drivers.screening import Answers

__all__ = [
    "COLLINEAR",
    "Slopes",
    "entangled",
    "robust_slopes",
    "slopes_of_replicates",
    "with_interval",
]

Array = NDArray[np.float64]

COLLINEAR = 1e-10  # an eigenvalue of the correlations this small is an exact relation


@dataclass(frozen=True)
class Slopes:
    """Change of the outcome a point, with interval and two-sided p-value."""

    value: Array
    low: Array
    high: Array
    p: Array


def robust_slopes(answers: Answers, confidence: float, combine: Array) -> Slopes:
    """Weighted least squares with a sandwich variance.

    With clusters: CR1, the factor G/(G−1) · (n−1)/(n−k), t with G−1 degrees of
    freedom. Without: HC3 (MacKinnon & White 1985), t with n−k.

    ``combine`` adds drivers up to players, ``(players, drivers)``: the effect of a
    group is that of one point on each of its drivers. Slopes that an exact relation
    among drivers leaves undetermined are NaN.
    """
    w = answers.weights
    centred = answers.ratings - np.average(answers.ratings, axis=0, weights=w)
    spread = np.sqrt(np.average(centred**2, axis=0, weights=w))
    x = centred / spread
    gram = (x * w[:, None]).T @ x
    values, vectors = np.linalg.eigh(gram / w.sum())
    sound = values > COLLINEAR * len(values)
    tangled = _in_relations(vectors[:, ~sound])
    bread = (vectors[:, sound] / (values[sound] * w.sum())) @ vectors[:, sound].T
    outcome: Array = answers.outcome - float(np.average(answers.outcome, weights=w))
    slopes = bread @ (x.T @ (w * outcome))
    residual: Array = outcome - x @ slopes
    meat, df = _meat(answers, x, residual, bread, int(sound.sum()) + 1)
    per_point = combine / spread
    per_point[(combine[:, tangled] != 0).any(axis=1)] = np.nan
    variance = np.einsum("ij,ij->i", per_point @ (bread @ meat @ bread), per_point)
    return with_interval(per_point @ slopes, np.sqrt(variance), df, confidence)


def _meat(
    answers: Answers, x: Array, residual: Array, bread: Array, parameters: int
) -> tuple[Array, int]:
    w, base = answers.weights, answers.base
    if answers.clusters is None:
        leverage = w * (1 / w.sum() + np.einsum("ij,ij->i", x @ bread, x))
        score = x * (w * residual / np.maximum(1 - leverage, 1e-12))[:, None]
        return score.T @ score, base - parameters
    units = answers.clusters
    score = x * (w * residual)[:, None]
    sums = np.column_stack([np.bincount(answers.codes, s, minlength=units) for s in score.T])
    factor = units / (units - 1) * (base - 1) / (base - parameters)
    return factor * sums.T @ sums, units - 1


def with_interval(value: Array, error: Array, df: ArrayLike, confidence: float) -> Slopes:
    """Intervals and two-sided p-values by Student's t."""
    margin = stdtrit(df, (1 + confidence) / 2) * error
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * stdtr(df, -np.abs(value) / error)
    return Slopes(value, value - margin, value + margin, p)


def entangled(correlations: Array) -> NDArray[np.bool_]:
    """Which drivers take part in an exact relation, so that no slope is theirs alone.

    >>> import numpy as np
    >>> entangled(np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1.]])).tolist()
    [True, True, False]
    """
    values, vectors = np.linalg.eigh(correlations)
    return _in_relations(vectors[:, values <= COLLINEAR * len(values)])


def _in_relations(relations: Array) -> NDArray[np.bool_]:
    return np.asarray((np.abs(relations) > 1e-6).any(axis=1), dtype=np.bool_)


def slopes_of_replicates(correlations: Array, spread: Array, combine: Array) -> Array:
    """Slopes a point for each matrix of correlations, ``(replicates, players)``."""
    inverse = np.linalg.pinv(correlations[:, :-1, :-1], rcond=COLLINEAR, hermitian=True)
    standard = (inverse @ correlations[:, :-1, -1:])[:, :, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        points = standard * np.where(spread[:, :-1] > 0, spread[:, -1:] / spread[:, :-1], 0.0)
    slopes: Array = points @ combine.T
    return slopes

"""Adjusted effects: least-squares slopes on the drivers' own scales, with robust intervals."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtrc, stdtr, stdtrit

from helpers.methods.drivers.screening import Answers

__all__ = [
    "COLLINEAR",
    "Slopes",
    "entangled",
    "joint_p",
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
    joint_p: float = float("nan")  # of the test that none of them differs from 0


def robust_slopes(answers: Answers, confidence: float, combine: Array) -> Slopes:
    """Weighted least squares with a sandwich variance.

    With clusters: CR1, the factor G/(G−1) · (n−1)/(n−k), t with G−1 degrees of
    freedom. Without: HC3 (MacKinnon & White 1985), t with n−k. The joint test, for
    which CR1 is too lenient, leaves one cluster out at a time (CR3).

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
    covariance = per_point @ (bread @ meat @ bread) @ per_point.T
    found = with_interval(per_point @ slopes, _errors(covariance), df, confidence)
    if answers.clusters is not None:
        covariance = per_point @ _jackknifed(answers, x, residual) @ per_point.T
    return replace(found, joint_p=joint_p(found.value, covariance, df))


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


def _jackknifed(answers: Answers, x: Array, residual: Array) -> Array:
    """Variance of slopes from leaving one cluster out at a time (CR3: Bell & McCaffrey 2002)."""
    w, units = answers.weights, answers.clusters or 0
    design = np.column_stack((np.ones(len(x)), x))
    score, weighted = design * (w * residual)[:, None], design * w[:, None]

    def within(column: Array) -> Array:
        return np.asarray(np.bincount(answers.codes, column, minlength=units))

    first, second = np.triu_indices(design.shape[1])
    own = np.empty((units, design.shape[1], design.shape[1]))
    for a, b in zip(first, second, strict=True):
        own[:, a, b] = own[:, b, a] = within(weighted[:, a] * design[:, b])
    others = own.sum(axis=0) - own + COLLINEAR * w.sum() * np.eye(design.shape[1])
    sums = np.array([within(column) for column in score.T]).T
    moved = np.linalg.solve(others, sums[:, :, None])[:, 1:, 0]
    return np.asarray((units - 1) / units * moved.T @ moved)


def with_interval(value: Array, error: Array, df: ArrayLike, confidence: float) -> Slopes:
    """Intervals and two-sided p-values by Student's t."""
    margin = stdtrit(df, (1 + confidence) / 2) * error
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * stdtr(df, -np.abs(value) / error)
    return Slopes(value, value - margin, value + margin, p)


def _errors(covariance: Array) -> Array:
    return np.asarray(np.sqrt(np.diagonal(covariance)))


def joint_p(value: Array, covariance: Array, df: float) -> float:
    """Whether all slopes may be 0: Wald's test with Hotelling's factor, F with k and df−k+1.

    NaN where there are too few units for as many slopes.

    >>> import numpy as np
    >>> round(joint_p(np.array([2.0, 0.0]), np.eye(2), 100), 3)
    0.143
    """
    told = np.isfinite(value)
    value, covariance = value[told], covariance[np.ix_(told, told)]
    error, slopes = _errors(covariance), len(value)
    if slopes == 0 or df - slopes + 1 < 1 or not np.isfinite(covariance).all():
        return float("nan")
    if (error <= np.abs(value) * 1e-12).any():
        return 0.0 if (value != 0).any() else 1.0
    t = value / error
    wald = t @ np.linalg.pinv(covariance / np.outer(error, error), hermitian=True) @ t
    return float(fdtrc(slopes, df - slopes + 1, wald * (df - slopes + 1) / (df * slopes)))


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

"""Adjusted effects: least-squares slopes on the drivers' own scales, with robust intervals."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtrc, stdtr, stdtrit

from helpers.methods.drivers.clustered import left_out, moves
from helpers.methods.drivers.sampled import covariance as by_design
from helpers.methods.drivers.sampled import freedom_within
from helpers.methods.drivers.screening import Answers
from helpers.methods.solving import inverse

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
NEAR = 1e3  # times that others swell a slope's variance: what sets them apart is a rounding


@dataclass(frozen=True)
class Slopes:
    """Change of the outcome a point, with interval and two-sided p-value."""

    value: Array
    low: Array
    high: Array
    p: Array
    joint_p: float = float("nan")  # of the test that none of them differs from 0
    covariance: Array | None = None  # of the values
    freedom: Array | None = None  # degrees of freedom of each


def robust_slopes(answers: Answers, confidence: float, combine: Array) -> Slopes:
    """Weighted least squares with errors from leaving one account out at a time.

    With clusters: CR3, and t with the degrees of freedom of Bell & McCaffrey (2002), so
    that an account that carries much of the answers makes no interval too short. Without:
    HC3 (MacKinnon & White 1985), t with n−k.

    ``combine`` adds drivers up to players, ``(players, drivers)``: the effect of a
    group is that of one point on each of its drivers. Slopes that a relation among
    drivers leaves undetermined are NaN.
    """
    found, size = answers.together, answers.weights.sum()
    centred, products = found.columns[:, :-1], found.products[:-1, :-1] / size
    combine = np.pad(combine, ((0, 0), (centred.shape[1] - combine.shape[1], 0)))
    spread = np.sqrt(np.diagonal(products))
    gram = products / np.outer(spread, spread)
    values, vectors = np.linalg.eigh(gram)
    sound = vectors[:, values > COLLINEAR * len(values)]  # x in directions that vary
    per_point = combine / spread
    per_point[(combine[:, entangled(gram)] != 0).any(axis=1)] = np.nan
    turn, contrasts = sound / spread[:, None], per_point @ sound
    x, bread = centred @ turn, inverse(size * turn.T @ products @ turn)
    slopes = bread @ (turn.T @ found.products[:-1, -1])
    covariance, df = _uncertain(answers, x, found.columns[:, -1] - x @ slopes, bread, contrasts)
    told = with_interval(contrasts @ slopes, covariance, df, confidence)
    units = freedom_within(answers.sample, np.array(answers.units - 1.0))
    return replace(told, joint_p=joint_p(told.value, covariance, float(units)))


def _uncertain(
    answers: Answers, x: Array, residual: Array, bread: Array, contrasts: Array
) -> tuple[Array, Array]:
    """Covariance of contrasts of slopes, and the degrees of freedom of each."""
    if answers.clusters is not None:
        found = left_out(x, residual, answers.weights, answers.codes, contrasts)
        if answers.sample is None:
            return contrasts @ found.covariance @ contrasts.T, found.freedom
        moved = moves(x, residual, answers.weights, answers.codes, contrasts)
        return (
            by_design(answers.sample, moved, answers.units),
            freedom_within(answers.sample, found.freedom),
        )
    w = answers.weights
    score = x @ bread
    leverage = w * (1 / w.sum() + np.einsum("ij,ij->i", score, x))
    score *= (w * residual / np.maximum(1 - leverage, 1e-12))[:, None]
    df = np.full(len(contrasts), float(answers.base - x.shape[1] - 1))
    if answers.sample is not None:
        covariance = by_design(answers.sample, score @ contrasts.T, answers.units)
        return covariance, freedom_within(answers.sample, df)
    return contrasts @ (score.T @ score) @ contrasts.T, df


def with_interval(value: Array, covariance: Array, df: ArrayLike, confidence: float) -> Slopes:
    """Intervals and two-sided p-values by Student's t."""
    error, df = _errors(covariance), np.broadcast_to(np.asarray(df, dtype=float), value.shape)
    margin = stdtrit(df, (1 + confidence) / 2) * error
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * stdtr(df, -np.abs(value) / error)
    return Slopes(value, value - margin, value + margin, p, covariance=covariance, freedom=df)


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
    wald = t @ inverse(covariance / np.outer(error, error)) @ t
    return float(fdtrc(slopes, df - slopes + 1, wald * (df - slopes + 1) / (df * slopes)))


def entangled(correlations: Array) -> NDArray[np.bool_]:
    """Which drivers follow from others, exactly or but for a rounding: no slope is theirs alone.

    From where the others swell a slope's variance a thousandfold (its variance inflation
    factor), as two drivers that correlate at .9995 do.

    >>> import numpy as np
    >>> entangled(np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1.]])).tolist()
    [True, True, False]
    >>> near = 1 - 1e-8
    >>> entangled(np.array([[1, near, 0], [near, 1, 0], [0, 0, 1.]])).tolist()
    [True, True, False]
    """
    values, vectors = np.linalg.eigh(correlations)
    exact = values <= COLLINEAR * len(values)
    swollen = (vectors[:, ~exact] ** 2 / values[~exact]).sum(axis=1) > NEAR
    return np.asarray(swollen | _in_relations(vectors[:, exact]), dtype=np.bool_)


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

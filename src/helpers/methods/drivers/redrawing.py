"""Whole accounts drawn again, for every analysis that has more than correlations to compute.

The rows of an analysis are chosen once; what it needs is summed within accounts;
a replicate is then how often each account was drawn, times those sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.methods.drivers.imputation import fitted_normal
from helpers.methods.drivers.moments import COUNTS_AT_ONCE, MOST_UNITS, pooled, sample_moments
from helpers.methods.drivers.screening import (
    Answers,
    Missing,
    aligned,
    design_weights,
    numbers,
    screened,
)
from helpers.methods.drivers.slopes import COLLINEAR

__all__ = [
    "analysed",
    "bent",
    "check_draws",
    "counts_of",
    "filled",
    "left_over",
    "unit_sums",
]

Array = NDArray[np.float64]

FEWEST_REPLICATES = 20
MOST_DRAWN = 1_000  # groups of accounts drawn again: more make no interval closer
WILD = 1e6  # a coefficient of standard units this large comes of a singular system


def analysed(
    ratings: pd.DataFrame,
    outcome: pd.Series,
    weights: ArrayLike | None,
    clusters: ArrayLike | None,
    missing: Missing,
) -> tuple[Answers, pd.Index]:
    """The answers that can be used, as :func:`screened` keeps them, and whose they are.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"ease": [*range(12), None], "speed": [5] * 13})
    >>> answers, rows = analysed(ratings, pd.Series(range(13)), None, None, "listwise")
    >>> answers.drivers, answers.base, rows[-1]
    (('ease',), 12, 11)
    """
    found = screened(ratings, outcome, weights, clusters, missing)
    named = ratings.set_axis([str(name) for name in ratings], axis=1)
    answered = named[list(found.drivers)].notna().to_numpy()
    there = answered.all(axis=1) if missing == "listwise" else answered.any(axis=1)
    y = numbers(aligned(outcome, ratings.index, "outcome"), "outcome")
    used = np.isfinite(y) & (design_weights(weights, ratings.index) > 0) & there
    return found, ratings.index[used]


def unit_sums(columns: Iterable[Array], answers: Answers) -> Array:
    """Weighted sums of columns within the units of :func:`sample_moments`, ``(units, columns)``."""
    codes, units = pooled(answers.codes, answers.units, MOST_UNITS)
    sums = [np.bincount(codes, answers.weights * column, minlength=units) for column in columns]
    return np.column_stack(sums)


def counts_of(units: int, replicates: int, rng: np.random.Generator) -> Iterator[Array]:
    """How often each unit is drawn, in batches ``(replicates, units)``; the sample itself first.

    Examples
    --------
    >>> import numpy as np
    >>> batches = list(counts_of(4, 25, np.random.default_rng(0)))
    >>> batches[0].tolist(), sum(len(batch) for batch in batches)
    ([[1.0, 1.0, 1.0, 1.0]], 26)
    """
    yield np.ones((1, units))
    step = max(1, COUNTS_AT_ONCE // units)
    for start in range(0, replicates, step):
        size = min(step, replicates - start)
        drawn = rng.integers(0, units, size=(size, units))
        drawn += units * np.arange(size)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=size * units)
        yield counts.reshape(size, units).astype(float)


def filled(answers: Answers) -> Answers:
    """The answers, ratings that were not given replaced by what the person's others suggest.

    The expectation of a joint normal model of the ratings alone. A slope stays consistent
    where answers are missing at random given the ratings (Little 1992).

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"ease": [*range(12), 6], "speed": [*range(12), None]})
    >>> answers, _ = analysed(ratings, pd.Series(range(13)), None, None, "pairwise")
    >>> answers.drivers, filled(answers).ratings[-1].tolist()
    (('ease',), [6.0])
    """
    x = answers.ratings
    answered = np.isfinite(x)
    if answered.all():
        return answers
    centre, scale = np.nanmean(x, axis=0), np.nanstd(x, axis=0)
    z = (x - centre) / scale
    model = fitted_normal(z, answers.weights, answers.drivers)
    z = np.where(answered, z - model.mean, 0.0)
    for pattern in np.unique(answered[~answered.all(axis=1)], axis=0):
        alike = (answered == pattern).all(axis=1)
        known = model.covariance[np.ix_(pattern, pattern)]
        across = model.covariance[np.ix_(~pattern, pattern)]
        z[np.ix_(alike, ~pattern)] = z[np.ix_(alike, pattern)] @ np.linalg.solve(known, across.T)
    whole = np.where(answered, x, (z + model.mean) * scale + centre)
    return replace(answers, ratings=whole)


def bent(ratings: Array) -> Array:
    """Ratings, each with a bend at its own median.

    Held as straight lines, a floor among the other drivers would bend the driver in
    question, with which it moves together.

    Examples
    --------
    >>> import numpy as np
    >>> bent(np.array([[4.0], [5], [6], [7], [1]])).tolist()
    [[4.0, 0.0], [5.0, 0.0], [6.0, 1.0], [7.0, 2.0], [1.0, 0.0]]
    """
    middle = np.median(ratings, axis=0)
    inner = (ratings.min(axis=0) < middle) & (ratings.max(axis=0) > middle)
    return np.column_stack([ratings, np.maximum(ratings - middle, 0.0)[:, inner]])


def left_over(
    answers: Answers, held: Array, own: Array, replicates: int, seed: int
) -> tuple[Array, Array]:
    """Covariances of a driver's own columns and the outcome that held columns do not tell.

    Returns
    -------
    covariances, spreads
        ``(1 + replicates, own + 1, own + 1)`` and the standard deviations before the held
        columns are taken out, ``(1 + replicates, own + 1)``; the outcome last, the sample
        first. Respondents without an answer among ``own`` are left out.
    """
    there = np.isfinite(own).all(axis=1)
    labels, codes = np.unique(answers.codes[there], return_inverse=True)
    codes, units = pooled(codes.astype(np.intp), labels.size, MOST_DRAWN)
    columns = np.column_stack([held[there], own[there]])
    names = tuple(str(column) for column in range(columns.shape[1]))
    used = replace(
        answers, ratings=columns, outcome=answers.outcome[there], drivers=names,
        weights=answers.weights[there], codes=codes, clusters=units,
    )  # fmt: skip
    moments, first = sample_moments(used, "listwise"), held.shape[1]
    found = []
    for counts in counts_of(len(moments.sums), replicates, np.random.default_rng(seed)):
        correlations, spread = moments.correlations(counts)
        across = correlations[:, :first, first:]
        told = across.swapaxes(1, 2) @ _solved(correlations[:, :first, :first], across)
        scale = spread[:, first:]
        left = (correlations[:, first:, first:] - told) * scale[:, :, None] * scale[:, None, :]
        found.append((left, scale))
    covariances, spreads = (np.concatenate(part) for part in zip(*found, strict=True))
    return covariances, spreads


def _solved(matrices: Array, columns: Array) -> Array:
    """Solutions of many systems; by least squares where one of them is singular."""
    try:
        found = np.linalg.solve(matrices, columns)
        if np.abs(found).max(initial=0.0) < WILD:
            return np.asarray(found)
    except np.linalg.LinAlgError:
        pass
    return np.asarray(np.linalg.pinv(matrices, rcond=COLLINEAR, hermitian=True) @ columns)


def check_draws(replicates: int, confidence: float = 0.95) -> None:
    """Refuse a confidence that is no share, and too few replicates for an interval."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a share: write 95 % as 0.95, not {confidence}")
    if replicates < FEWEST_REPLICATES:
        raise ValueError(
            f"replicates is at least {FEWEST_REPLICATES}, not {replicates}: "
            "everything here is judged over replicates"
        )

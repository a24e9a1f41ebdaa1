"""Whole accounts drawn again or left out, for analyses with more than correlations to compute.

The rows of an analysis are chosen once; what it needs is summed within accounts;
a replicate is then how often each account was drawn, times those sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.methods.drivers.clustered import freedom, freedoms
from helpers.methods.drivers.imputation import fitted_normal
from helpers.methods.drivers.moments import (
    COUNTS_AT_ONCE,
    MOST_UNITS,
    Moments,
    pooled,
    sample_moments,
)
from helpers.methods.drivers.sampled import freedom_within
from helpers.methods.drivers.screening import (
    Answers,
    Missing,
    screened_rows,
)
from helpers.methods.drivers.slopes import COLLINEAR
from helpers.methods.solving import inverse, solution
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.placing import Placed, stretch

__all__ = [
    "LeftOver",
    "Summed",
    "analysed",
    "bent",
    "check_draws",
    "counts_of",
    "filled",
    "left_over",
    "one_left_out",
    "unit_sums",
]

Array = NDArray[np.float64]

FEWEST_REPLICATES = 20
MOST_DRAWN = 1_000  # groups of accounts drawn again: more make no interval closer
WILD = 1e6  # a coefficient of standard units this large comes of a singular system


def analysed(
    ratings: pd.DataFrame,
    outcome: pd.Series,
    design: SurveyDesign | None,
    missing: Missing,
) -> tuple[Answers, pd.Index]:
    """The answers that can be used, as :func:`screened` keeps them, and whose they are.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"ease": [*range(12), None], "speed": [5] * 13})
    >>> answers, rows = analysed(ratings, pd.Series(range(13)), None, "listwise")
    >>> answers.drivers, answers.base, rows[-1]
    (('ease',), 12, 11)
    """
    found, used = screened_rows(ratings, outcome, design, missing)
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
    >>> answers, _ = analysed(ratings, pd.Series(range(13)), None, "pairwise")
    >>> answers.drivers, filled(answers).ratings[-1].tolist()
    (('ease',), [6.0])
    """
    held = answers.levels.shape[1]
    x = np.column_stack((answers.levels, answers.ratings))
    if np.isfinite(x).all():
        return answers
    names = (*(f"wave {k + 2}" for k in range(held)), *answers.drivers)
    whole = _expected(x.tobytes(), answers.weights.astype(float).tobytes(), names)
    return replace(answers, ratings=whole[:, held:])


@lru_cache(maxsize=2)
def _expected(answers: bytes, weights: bytes, names: tuple[str, ...]) -> Array:
    """Answers of all, with those expected that are missing.

    Worked out once for all methods of a chapter that look at the same answers.
    """
    x = np.frombuffer(answers).reshape(-1, len(names))
    answered = np.isfinite(x)
    centre, scale = np.nanmean(x, axis=0), np.nanstd(x, axis=0)
    z = (x - centre) / scale
    model = fitted_normal(z, np.frombuffer(weights), names)
    z = np.where(answered, z - model.mean, 0.0)
    for pattern, rows in zip(model.patterns.answered > 0, model.patterns.rows, strict=True):
        known = model.covariance[np.ix_(pattern, pattern)]
        across = model.covariance[np.ix_(~pattern, pattern)]
        z[np.ix_(rows, ~pattern)] = z[np.ix_(rows, pattern)] @ solution(known, across.T)
    whole = np.where(answered, x, (z + model.mean) * scale + centre)
    whole.flags.writeable = False
    return whole


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


@dataclass(frozen=True)
class Summed:
    """A driver's own columns beside columns that are held, summed within accounts."""

    used: Answers  # those with an answer in every own column; held columns come first
    accounts: NDArray[np.intp]  # as their codes, before accounts were put together
    moments: Moments
    first: int  # of the own columns

    @classmethod
    def of(cls, answers: Answers, held: Array, own: Array, *, redrawn: bool = True) -> Summed:
        """Sums by account, or of everyone where none is drawn again or left out."""
        used, there = _those_who(answers, held, own), np.isfinite(own).all(axis=1)
        accounts = np.unique(answers.codes[there], return_inverse=True)[1].astype(np.intp)
        moments = sample_moments(used, "listwise", by_unit=redrawn)
        return cls(used, accounts, moments, held.shape[1])


def left_over(summed: Summed, replicates: int, seed: int) -> tuple[Array, Array]:
    """Covariances of a driver's own columns and the outcome that held columns do not tell.

    Returns
    -------
    covariances, spreads
        ``(1 + replicates, own + 1, own + 1)`` and the standard deviations before the held
        columns are taken out, ``(1 + replicates, own + 1)``; the outcome last, the sample
        first.
    """
    moments = summed.moments
    found = [
        _untold(*moments.correlations(counts), summed.first)
        for counts in counts_of(len(moments.sums), replicates, np.random.default_rng(seed))
    ]
    covariances, spreads = (np.concatenate(part) for part in zip(*found, strict=True))
    return covariances, spreads


@dataclass(frozen=True)
class LeftOver:
    """What held columns do not tell, in the sample and with each account left out in turn."""

    covariances: Array  # (1 + accounts, own + 1, own + 1): the outcome last, the sample first
    columns: Array  # own columns less what the held ones tell of them, (respondents, own)
    outcome: Array  # likewise
    weights: Array
    codes: NDArray[np.intp]
    accounts: NDArray[np.intp]  # as ``codes``, before accounts were put together
    sample: Placed | None = None  # where strata, calibration or a finite population count

    def errors(self, figures: Array) -> Array:
        """Standard errors of figures of the sample (row 0) and without each account (CR3).

        They allow for accounts alone; `stretch` says what the rest of the design makes of them.
        """
        moved = figures[1:] - figures[0]
        return np.asarray(np.sqrt((len(moved) - 1) / len(moved) * (moved**2).sum(axis=0)))

    def freedom(self, contrasts: ArrayLike, own: Sequence[int]) -> Array:
        """Degrees of freedom of contrasts of the slopes of some own columns."""
        found = freedom(self.columns[:, own], self.weights, self.codes, np.array(contrasts))
        return self._within(found)

    def freedoms(self, contrast: ArrayLike, models: Sequence[Sequence[int]]) -> Array:
        """The same of one contrast in each of several models, each of some own columns."""
        every = (self.columns, self.weights, self.codes)
        return self._within(freedoms(*every, np.array(contrast), models))

    def _within(self, found: Array) -> Array:
        return freedom_within(self.sample, np.minimum(found, len(self.covariances) - 2))

    def stretch(self, contrasts: ArrayLike, own: Sequence[int]) -> Array:
        """How many times errors of such contrasts are by the whole design what they are here."""
        wanted = np.array(contrasts, dtype=float)
        if self.sample is None:
            return np.ones(len(wanted))
        x = self.columns[:, own]
        weighted = x * self.weights[:, None]
        try:
            bread = inverse(x.T @ weighted)
        except np.linalg.LinAlgError:
            return np.ones(len(wanted))
        residual = self.outcome - x @ (bread @ (weighted.T @ self.outcome))
        influences = (weighted * residual[:, None]) @ bread @ wanted.T
        return stretch(self.sample, influences, self.accounts)


def one_left_out(summed: Summed) -> LeftOver:
    """As :func:`left_over`, with each account left out in turn instead of drawn again.

    The spread of what is then found is an error that one large account makes no shorter
    (the jackknife, CR3: Bell & McCaffrey 2002).

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> ratings = pd.DataFrame({"ease": [*range(12)], "speed": [3, 9, 1, 7] * 3})
    >>> answers, _ = analysed(ratings, pd.Series(range(12)), None, "listwise")
    >>> left = one_left_out(Summed.of(answers, answers.ratings[:, 1:], answers.ratings[:, :1]))
    >>> slopes = left.covariances[:, 0, 1] / left.covariances[:, 0, 0]
    >>> len(slopes), bool(np.allclose(slopes, 1)), left.freedom([[1]], [0]).round(1).tolist()
    (13, True, [5.2])
    """
    used, moments, first = summed.used, summed.moments, summed.first
    correlations, spread = moments.correlations()
    parts = ((correlations, spread), moments.without_each())
    covariances = np.concatenate([_untold(*part, first)[0] for part in parts])
    centred = used.centred(used.ratings)
    z = np.divide(centred, spread[0, :-1], out=np.zeros_like(centred), where=spread[0, :-1] > 0)
    told = _solved(correlations[:, :first, :first], correlations[:, :first, first:-1])[0]
    columns = (z[:, first:] - z[:, :first] @ told) * spread[0, first:-1]
    of_held = _solved(correlations[:, :first, :first], correlations[:, :first, -1:])[0, :, 0]
    outcome = used.centred(used.outcome[:, None])[:, 0] - z[:, :first] @ of_held * spread[0, -1]
    return LeftOver(
        covariances, columns, outcome, used.weights, used.codes, summed.accounts, used.sample
    )


def _those_who(answers: Answers, held: Array, own: Array) -> Answers:
    """Those with an answer in every own column; columns held first, accounts put together."""
    there = np.asarray(np.isfinite(own).all(axis=1))
    labels, codes = np.unique(answers.codes[there], return_inverse=True)
    codes, units = pooled(codes.astype(np.intp), labels.size, MOST_DRAWN)
    columns = np.column_stack([held[there], own[there]])
    names = tuple(str(column) for column in range(columns.shape[1]))
    return replace(
        answers, ratings=columns, outcome=answers.outcome[there], drivers=names,
        weights=answers.weights[there], codes=codes, clusters=units,
        sample=None if answers.sample is None else answers.sample.among(there),
        waves=None if answers.waves is None else answers.waves[there],
    )  # fmt: skip


def _untold(correlations: Array, spread: Array, first: int) -> tuple[Array, Array]:
    """Covariances of the columns from ``first`` on, less what those before tell of them."""
    across = correlations[:, :first, first:]
    told = across.swapaxes(1, 2) @ _solved(correlations[:, :first, :first], across)
    scale = spread[:, first:]
    left = (correlations[:, first:, first:] - told) * scale[:, :, None] * scale[:, None, :]
    return left, scale


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

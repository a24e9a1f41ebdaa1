"""Missing answers filled in from the others, under a joint normal model.

Multiple imputation averages over many completed data sets. Here importance needs
only means and covariances, and their average over infinitely many imputations
is the maximum-likelihood estimate under missing at random (Little & Rubin 2019,
chapter 11; von Hippel & Bartlett 2021 on imputing under that estimate). So no
imputation noise is left, and nothing depends on a seed. The bootstrap draws accounts
first and estimates again in every draw ("bootstrap, then impute", the order that
Bartlett & Hughes 2020 find sound), by one Newton step from the sample's estimate.

Where a model needs the completed answers themselves they are drawn, each set under
an estimate from its own bootstrap of accounts (Honaker & King 2010).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from helpers.errors import NotEstimable
from helpers.methods.drivers.screening import Answers
from helpers.methods.solving import is_singular, solution

__all__ = ["NormalModel", "completed", "fitted_normal", "unpacked"]

Array = NDArray[np.float64]

MOST_STEPS = 100  # ordinary answers take some twenty
FIRST_STEPS = 5  # of the EM algorithm, before Newton's method is tried
SETTLED = 1e-12  # the largest step, in standard deviations, that counts as none
FLAT = 1e-9  # an eigenvalue below this: some question follows exactly from the others


@dataclass(frozen=True)
class Patterns:
    """Answers summed by which questions are missing: all that the likelihood needs."""

    answered: Array  # patterns × questions, 1 where answered
    sizes: Array  # weight in each pattern
    sums: Array  # patterns × questions
    products: Array  # patterns × questions × questions
    of: NDArray[np.intp]  # the pattern of each respondent

    @property
    def rows(self) -> list[NDArray[np.intp]]:
        """The respondents of each pattern."""
        return _rows(self.of)


@dataclass(frozen=True)
class NormalModel:
    """Mean and covariance by maximum likelihood from incomplete answers."""

    mean: Array
    covariance: Array
    patterns: Patterns

    @property
    def size(self) -> float:
        """Weight of all respondents."""
        return float(self.patterns.sizes.sum())

    @cached_property
    def precisions(self) -> Array:
        """Inverse covariance of what each pattern answered, 0 elsewhere: ``(patterns, m, m)``."""
        inverse: Array = np.linalg.inv(self._answered()) * _both(self.patterns.answered)
        return inverse

    def _answered(self) -> Array:
        """Covariance of what each pattern answered, that of nothing elsewhere."""
        seen = self.patterns.answered
        alone = np.eye(len(self.mean)) * (1 - seen)[:, None, :]
        return self.covariance * _both(seen) + alone

    def scores(self, z: Array) -> Iterator[Array]:
        """Gradient of each respondent's log-likelihood, parameter by parameter."""
        precisions, of = self.precisions, self.patterns.of
        pull = np.where(np.isfinite(z), z - self.mean, 0.0)
        for precision, rows in zip(precisions, self.patterns.rows, strict=True):
            pull[rows] = pull[rows] @ precision
        yield from pull.T
        for a, b in zip(*np.triu_indices(z.shape[1]), strict=True):
            spread = pull[:, a] * pull[:, b] - precisions[of, a, b]
            yield 0.5 * spread if a == b else spread

    def information(self) -> Array:
        """Observed information about the mean and the upper triangle of the covariance."""
        width, p = len(self.mean), self.precisions
        pull, square = self.pulls
        flat = p.reshape(len(p), -1)
        excess = (square - 0.5 * self.patterns.sizes[:, None, None] * p).reshape(len(p), -1)
        shape = (width,) * 4  # [a, c, d, b] of P[a, c] W[d, b]
        both = (flat.T @ excess).reshape(shape)
        spread = 0.5 * (both.transpose(0, 3, 1, 2) + both.transpose(2, 1, 3, 0))
        cross = np.einsum("gac,gd->acd", p, pull)
        expand = _expansion(width)
        top = np.einsum("g,gab->ab", self.patterns.sizes, p)
        side = cross.reshape(width, -1) @ expand
        bottom = expand.T @ spread.reshape(width**2, -1) @ expand
        return np.block([[top, side], [side.T, 0.5 * (bottom + bottom.T)]])

    def moved(self, step: Array) -> NormalModel:
        """The model after a step of its parameters, packed as :meth:`scores` packs them."""
        width = len(self.mean)
        change = unpacked(step[None, width:], width)[0]
        return replace(self, mean=self.mean + step[:width], covariance=self.covariance + change)

    @cached_property
    def log_likelihood(self) -> float:
        """Up to a constant; minus infinity where a question follows from the others."""
        if np.linalg.eigvalsh(self.covariance)[0] <= FLAT:
            return -np.inf
        volume = np.linalg.slogdet(self._answered())[1]
        around = np.einsum("gab,gab->g", self.precisions, self._around)
        return float(-0.5 * (self.patterns.sizes @ volume + around.sum()))

    @cached_property
    def pulls(self) -> tuple[Array, Array]:
        """Sums by pattern of precision times deviation, and of its products."""
        found, p = self.patterns, self.precisions
        away = found.sums - found.sizes[:, None] * self.mean * found.answered
        return (p @ away[:, :, None])[:, :, 0], p @ self._around @ p

    @cached_property
    def _around(self) -> Array:
        """Products of deviations from the mean, summed by pattern; 0 where not answered."""
        found, mean = self.patterns, self.mean * self.patterns.answered
        cross = found.sums[:, :, None] * mean[:, None, :]
        square: Array = found.sizes[:, None, None] * mean[:, :, None] * mean[:, None, :]
        return found.products - cross - cross.swapaxes(1, 2) + square


def _both(seen: Array) -> Array:
    """Of each pattern: which pairs of questions it answered."""
    return np.asarray(seen[:, :, None] * seen[:, None, :])


def fitted_normal(z: Array, weights: Array, names: tuple[str, ...]) -> NormalModel:
    """Fit the joint normal model: a few steps of EM, then Newton's method.

    Parameters
    ----------
    z
        Respondents by questions in standard units, NaN where not answered.
    weights
        One a respondent.
    names
        Of the questions, for the message where one follows from the others.

    Raises
    ------
    NotEstimable
        When some question follows exactly from others.

    Examples
    --------
    >>> import numpy as np
    >>> z = np.array([[-1, -1], [1, 1.5], [0, -1], [2, np.nan], [-2, np.nan]])
    >>> fitted_normal(z, np.ones(5), ("ease", "loyalty")).mean.round(3).tolist()
    [0.0, -0.167]
    """
    return _fitted(z.tobytes(), z.shape, weights.tobytes(), names)


@lru_cache(maxsize=4)
def _fitted(
    z: bytes, shape: tuple[int, int], weights: bytes, names: tuple[str, ...]
) -> NormalModel:
    """`fitted_normal`, once for all methods of a chapter that look at the same answers."""
    model = _start(np.frombuffer(z).reshape(shape), np.frombuffer(weights))
    height, expand = model.log_likelihood, _expansion(len(model.mean))
    for step in range(MOST_STEPS):
        higher, change = _climbed(model, height, step, expand)
        model, height = higher, higher.log_likelihood
        _check_spread(model, names)
        if change < SETTLED:
            return model
    raise NotEstimable(
        "the answers leave open how the questions go together (too many are missing): "
        "leave out the questions with the fewest answers, or use missing='pairwise'"
    )


def _climbed(
    model: NormalModel, height: float, step: int, expand: Array
) -> tuple[NormalModel, float]:
    """Newton's step where it raises the likelihood; else EM's, which always does."""
    mean, spread = _gradient(model)
    information = model.information() if step >= FIRST_STEPS else None
    if information is not None and not is_singular(information):
        gradient = np.concatenate((mean, expand.T @ spread.ravel()))
        change = solution(information, gradient)
        newton, size = model.moved(change), float(np.abs(change).max())
        if newton.log_likelihood >= height or size < SETTLED:
            return newton, size
    move = model.covariance @ mean / model.size
    grown = 2 * model.covariance @ spread @ model.covariance / model.size - np.outer(move, move)
    size = float(max(np.abs(move).max(), np.abs(grown).max()))
    return replace(model, mean=model.mean + move, covariance=model.covariance + grown), size


def _gradient(model: NormalModel) -> tuple[Array, Array]:
    """Of the log-likelihood, by the mean and by the covariance."""
    pull, square = model.pulls
    lost = np.einsum("g,gab->ab", model.patterns.sizes, model.precisions)
    return pull.sum(axis=0), 0.5 * (square.sum(axis=0) - lost)


def _start(z: Array, weights: Array) -> NormalModel:
    """Means and variances of the answers there are, no correlation."""
    seen = np.isfinite(z)
    patterns, of = np.unique(seen, axis=0, return_inverse=True)
    of, known = of.ravel(), np.where(seen, z, 0.0)
    both = [(known[rows], weights[rows, None]) for rows in _rows(of)]
    found = Patterns(
        patterns.astype(float),
        np.array([w.sum() for _, w in both]),
        np.array([(w * part).sum(axis=0) for part, w in both]),
        np.array([(w * part).T @ part for part, w in both]),
        of,
    )
    answered = weights @ seen
    mean = weights @ known / answered
    variance = weights @ known**2 / answered - mean**2
    return NormalModel(mean, np.diag(variance), found)


def _rows(of: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """The places of each number; every number up to the last is there."""
    return np.split(np.argsort(of, kind="stable"), np.cumsum(np.bincount(of))[:-1])


def _check_spread(model: NormalModel, names: tuple[str, ...]) -> None:
    values, vectors = np.linalg.eigh(model.covariance)
    if values[0] > FLAT:
        return
    tangled = [name for name, part in zip(names, vectors[:, 0], strict=True) if abs(part) > 1e-3]
    raise NotEstimable(
        f"{', '.join(tangled)} follow exactly from one another, or too few people "
        "answered them together: leave one out, or use missing='pairwise' or 'listwise'"
    )


def _expansion(width: int) -> Array:
    """Turns the upper triangle of a symmetric matrix, packed by rows, into the whole."""
    expand: Array = np.eye(width * (width + 1) // 2)[_places(width).ravel()]
    return expand


@cache
def _places(width: int) -> NDArray[np.intp]:
    """Where each entry of a symmetric matrix is in its upper triangle, packed by rows."""
    first, second = np.triu_indices(width)
    place = np.zeros((width, width), dtype=np.intp)
    place[first, second] = place[second, first] = np.arange(len(first))
    return place


def unpacked(triangles: Array, width: int) -> Array:
    """Symmetric matrices from their upper triangles, packed by rows.

    >>> import numpy as np
    >>> unpacked(np.array([[1.0, 0.5, 2.0]]), 2).tolist()
    [[[1.0, 0.5], [0.5, 2.0]]]
    """
    return np.take(triangles, _places(width), axis=1)


def completed(answers: Answers, number: int, rng: np.random.Generator) -> Iterator[Array]:
    """Completed ratings, ``(respondents, drivers)``, one set after another.

    Each set is drawn under the model of its own bootstrap sample of accounts, so the
    sets differ by as much as the answers leave open.
    """
    held = answers.levels.shape[1]
    z = np.column_stack((answers.levels, answers.ratings, answers.outcome))
    centre, spread = np.nanmean(z, axis=0), np.nanstd(z, axis=0)
    z = (z - centre) / spread
    names = (*(f"wave {k + 2}" for k in range(held)), *answers.drivers, "the outcome")
    model = fitted_normal(z, answers.weights, names)
    scores = np.array(
        [
            np.bincount(answers.codes, answers.weights * score, minlength=answers.units)
            for score in model.scores(z)
        ]
    )
    information = model.information()
    for _ in range(number):
        counts = rng.multinomial(answers.units, np.full(answers.units, 1 / answers.units))
        step = solution(information, scores @ counts)
        filled = _filled(_sound(model.moved(step)), z, rng)
        yield (filled * spread + centre)[:, held:-1]


def _sound(model: NormalModel) -> NormalModel:
    """The nearest model whose covariance is one."""
    values, vectors = np.linalg.eigh(model.covariance)
    lifted = (vectors * np.maximum(values, FLAT)) @ vectors.T
    return replace(model, covariance=lifted)


def _filled(model: NormalModel, z: Array, rng: np.random.Generator) -> Array:
    """Missing answers drawn given the answers of the same respondent."""
    filled = z.copy()
    noise = rng.standard_normal(z.shape)
    for pattern, precision in enumerate(model.precisions):
        missing = model.patterns.answered[pattern] == 0
        if not missing.any():
            continue
        rows = np.flatnonzero(model.patterns.of == pattern)
        away = np.where(missing, 0.0, z[rows] - model.mean)
        expected = model.mean + away @ precision @ model.covariance
        left = model.covariance - model.covariance @ precision @ model.covariance
        root = np.linalg.cholesky(left[np.ix_(missing, missing)] + FLAT * np.eye(missing.sum()))
        filled[np.ix_(rows, missing)] = expected[:, missing] + noise[np.ix_(rows, missing)] @ root.T
    return filled

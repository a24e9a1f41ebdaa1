"""Weighted correlations of drivers and outcome, for the sample and for its replicates.

Sums of products are kept per independent unit (an account, or a respondent), so
that a bootstrap replicate is the units' counts times those sums: one matrix
product for many replicates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from helpers.methods.drivers.imputation import NormalModel, fitted_normal, unpacked
from helpers.methods.drivers.lattice import conditioned_on
from helpers.methods.drivers.screening import Answers, Missing, beside
from helpers.methods.solving import inverse

__all__ = [
    "ImputedMoments",
    "Moments",
    "columns_of",
    "nearest_correlations",
    "pooled",
    "sample_moments",
]

Array = NDArray[np.float64]

MOST_UNITS = 20_000
SEED = 1  # of the random pooling beyond that
MOST_LEFT_OUT = 1_000  # groups of units, each left out once
COUNTS_AT_ONCE = 2**20  # units × replicates drawn together: 8 MB
AT_ONCE = 2**20  # numbers in the products, or the columns, of units multiplied together: 8 MB
ROUNDING = 1e-10  # an eigenvalue this little below zero is rounding, not a conflict
SMALLEST_EIGENVALUE = 1e-8  # what a repaired matrix keeps in its flattest direction


@dataclass(frozen=True)
class Moments:
    """What the correlations need, summed within units; the outcome is the last variable."""

    sums: Array  # units × sums
    width: int  # drivers and outcome
    missing: Missing
    centre: Array  # taken off and divided out beforehand, for precision
    spread: Array
    held: int  # levels of waves, placed first and taken out of all others

    def correlations(self, counts: Array | None = None) -> tuple[Array, Array]:
        """Correlations ``(replicates, m, m)`` and spreads ``(replicates, m)``.

        ``counts`` says how often each unit is drawn, ``(replicates, units)``;
        without it, the sample itself.
        """
        drawn = self.sums.sum(axis=0)[None] if counts is None else counts @ self.sums
        return self._of(drawn)

    def _of(self, drawn: Array) -> tuple[Array, Array]:
        """Correlations and spreads of samples whose sums are these."""
        found = _complete if self.missing == "listwise" else _pairwise
        return self._within(*found(drawn, self.width))

    def _within(self, correlations: Array, spread: Array) -> tuple[Array, Array]:
        """Correlations and spreads within waves, of drivers and outcome."""
        if not self.held:
            return correlations, spread * self.spread
        left = conditioned_on(correlations, self.held)
        part = _root(np.diagonal(left, axis1=1, axis2=2))
        found = _scaled(left, part[:, :, None] * part[:, None, :])
        return found, part * (spread * self.spread)[:, self.held :]

    def at(self, drawn: Array) -> tuple[Array, Array]:
        """Correlations and spreads of samples whose sums are given, ``(samples, sums)``."""
        return self._of(drawn)

    def without_each(self) -> tuple[Array, Array]:
        """Correlations and spreads of the sample without each unit, one after the other.

        More than a thousand units are left out in as many groups, put together at random
        (the delete-a-group jackknife: Kott 2001).
        """
        units = len(self.sums)
        groups, number = pooled(np.arange(units), units, MOST_LEFT_OUT)
        held = self.sums
        if number < units:
            held = np.zeros((number, self.sums.shape[1]))
            np.add.at(held, groups, self.sums)
        return self._of(held.sum(axis=0) - held)

    def notes(self) -> tuple[str, ...]:
        """What was done to the sample's correlations, in plain words."""
        if self.missing == "listwise":
            return ()
        pairwise = "each correlation uses those who answered both questions"
        found = _pairwise_as_found(self.sums.sum(axis=0)[None], self.width)[0][0]
        if np.linalg.eigvalsh(found)[0] >= -ROUNDING:
            return (pairwise,)
        return (pairwise, "the correlations did not fit together and were adjusted to the nearest")

    def replicates(self, number: int, rng: np.random.Generator) -> Iterator[tuple[Array, Array]]:
        """Correlations and spreads of bootstrap samples of whole units, in batches."""
        units = self.sums.shape[0]
        step = max(1, COUNTS_AT_ONCE // units)
        for start in range(0, number, step):
            size = min(step, number - start)
            drawn = rng.integers(0, units, size=(size, units))
            drawn += units * np.arange(size)[:, None]
            counts = np.bincount(drawn.ravel(), minlength=size * units)
            yield self.correlations(counts.reshape(size, units).astype(float))


@dataclass(frozen=True)
class ImputedMoments(Moments):
    """Moments with missing answers imputed; ``sums`` holds weights and likelihood gradients."""

    model: NormalModel
    inverse: Array  # of the information
    unanswered: float  # share of the ratings

    def correlations(self, counts: Array | None = None) -> tuple[Array, Array]:
        """As for complete answers; a replicate is one Newton step from the sample.

        With every answer there, that step is the replicate's own estimate exactly.
        """
        if counts is None:
            return self._spread(self.model.covariance[None])
        return self._of(counts @ self.sums)

    def _of(self, drawn: Array) -> tuple[Array, Array]:
        step = drawn[:, 1:] @ self.inverse * (self.model.size / drawn[:, :1])
        mean = step[:, : self.width]
        moved = unpacked(step[:, self.width :], self.width)
        return self._spread(self.model.covariance + moved - mean[:, :, None] * mean[:, None, :])

    def _spread(self, covariance: Array) -> tuple[Array, Array]:
        spread = _root(np.diagonal(covariance, axis1=1, axis2=2))
        correlations = _scaled(covariance, spread[:, :, None] * spread[:, None, :])
        return self._within(nearest_correlations(correlations), spread)

    def notes(self) -> tuple[str, ...]:
        """How much was imputed, in plain words."""
        return (
            f"of those used, {100 * self.unanswered:.2g}% of the ratings are missing: they are "
            "imputed from the other answers given with them",
        )


def sample_moments(answers: Answers, missing: Missing, *, by_unit: bool = True) -> Moments:
    """Sum products within units, or over everyone where no replicates will be drawn.

    Pairwise, each pair of variables uses the respondents who answered both. With nothing
    missing, all are as listwise.
    """
    if not answers.unanswered:
        missing = "listwise"
    if missing == "imputed":
        return _imputed(answers, by_unit)
    if missing == "listwise" and not by_unit:
        return _of_everyone(answers)
    z = _variables(answers)
    present = np.where(np.isfinite(z), answers.weights[:, None], 0.0)
    known = np.where(np.isfinite(z), z, 0.0)
    centre = (present * known).sum(axis=0) / present.sum(axis=0)
    known = np.where(np.isfinite(z), z - centre, 0.0)
    spread = np.sqrt((present * known**2).sum(axis=0) / present.sum(axis=0))
    if missing == "listwise" and _grouped(answers):
        sums = _products_within_units(known / spread, answers)
    else:
        columns = _products(known / spread, np.isfinite(z).astype(float), missing)
        sums = _summed(columns, answers, by_unit)
    held = answers.levels.shape[1]
    return Moments(sums, z.shape[1], missing, centre, spread, held)


def _variables(answers: Answers) -> Array:
    """Levels of waves, ratings, outcome."""
    return beside(answers.levels, answers.ratings, answers.outcome)


def columns_of(moments: Moments, answers: Answers) -> Iterator[Array]:
    """What the sums of incomplete answers are made of, a column over respondents each."""
    z = (_variables(answers) - moments.centre) / moments.spread
    if isinstance(moments, ImputedMoments):
        return chain([np.ones(len(z))], moments.model.scores(z))
    return _products(np.nan_to_num(z), np.isfinite(z).astype(float), moments.missing)


def _of_everyone(answers: Answers) -> Moments:
    """Moments of complete answers, with what :func:`_products` yields summed over everyone."""
    found, weights = answers.together, answers.weights
    size, width = weights.sum(), len(found.centre)
    spread = np.sqrt(np.diagonal(found.products) / size)
    scaled = (found.products / np.outer(spread, spread))[np.triu_indices(width)]
    sums = np.concatenate(([size], weights @ found.columns / spread, scaled))[None]
    return Moments(sums, width, "listwise", found.centre, spread, answers.levels.shape[1])


def _imputed(answers: Answers, by_unit: bool) -> ImputedMoments:
    z, held = _variables(answers), answers.levels.shape[1]
    centre, spread = np.nanmean(z, axis=0), np.nanstd(z, axis=0)
    z = (z - centre) / spread
    names = (*(f"wave {k + 2}" for k in range(held)), *answers.drivers, "the outcome")
    model = fitted_normal(z, answers.weights, names)
    scores = model.scores(z) if by_unit else iter(())
    sums = _summed(chain([np.ones(len(z))], scores), answers, by_unit)
    unsure = inverse(model.information()) if by_unit else np.empty((0, 0))
    return ImputedMoments(
        sums, z.shape[1], "imputed", centre, spread, held, model, unsure, answers.unanswered
    )


def _summed(columns: Iterator[Array], answers: Answers, by_unit: bool) -> Array:
    if by_unit:
        return _within_units(columns, answers)
    return np.array([[answers.weights @ column for column in columns]])


def pooled(codes: NDArray[np.intp], units: int, most: int) -> tuple[NDArray[np.intp], int]:
    """Units thrown together at random where there are more than ``most``.

    >>> import numpy as np
    >>> pooled(np.arange(3), 3, 5)
    (array([0, 1, 2]), 3)
    """
    if units <= most:
        return codes, units
    return np.random.default_rng(SEED).permutation(units)[codes] % most, most


def _within_units(columns: Iterator[Array], answers: Answers) -> Array:
    """Sums by unit; very many units are first thrown together at random, which leaves
    them independent, and the bootstrap of their sums valid."""
    codes, units = pooled(answers.codes, answers.units, MOST_UNITS)
    if answers.clusters is None and units == answers.units:
        return np.array([answers.weights * column for column in columns]).T
    sums = (np.bincount(codes, answers.weights * column, minlength=units) for column in columns)
    return np.array(list(sums)).T


def _grouped(answers: Answers) -> bool:
    """Whether several respondents are in a unit."""
    return answers.clusters is not None or answers.units > MOST_UNITS


def _products_within_units(z: Array, answers: Answers) -> Array:
    """What :func:`_products` yields of complete answers, summed by unit.

    A product of matrices for each unit, of all units of one size at once: no column over
    respondents is made of any pair.
    """
    codes, units = pooled(answers.codes, answers.units, MOST_UNITS)
    order, sizes = np.argsort(codes, kind="stable"), np.bincount(codes, minlength=units)
    upper, width = np.triu_indices(z.shape[1] + 1), z.shape[1] + 1
    sums, begins = np.zeros((units, len(upper[0]))), np.cumsum(sizes) - sizes
    for size in np.unique(sizes[sizes > 0]):
        alike = np.flatnonzero(sizes == size)
        parts = -(-alike.size * width * max(width, size) // AT_ONCE)
        for some in np.array_split(alike, parts):
            rows = order[begins[some, None] + np.arange(size)]
            columns = np.ones((*rows.shape, width))
            columns[..., 1:] = z[rows]
            weighted = columns * answers.weights[rows, None]
            sums[some] = (weighted.swapaxes(1, 2) @ columns)[:, *upper]
    return sums


def _products(z: Array, answered: Array, missing: Missing) -> Iterator[Array]:
    first, second = np.triu_indices(z.shape[1])
    if missing == "listwise":
        yield np.ones(len(z))
        yield from z.T
        yield from (z[:, a] * z[:, b] for a, b in zip(first, second, strict=True))
        return
    width = z.shape[1]
    everyone = [(a, b) for a in range(width) for b in range(width)]
    yield from (answered[:, a] * answered[:, b] for a, b in everyone)
    yield from (z[:, a] * answered[:, b] for a, b in everyone)
    yield from (z[:, a] ** 2 * answered[:, b] for a, b in everyone)
    yield from (z[:, a] * z[:, b] for a, b in everyone)


def _complete(sums: Array, width: int) -> tuple[Array, Array]:
    mean = sums[:, 1 : width + 1] / sums[:, :1]
    products = unpacked(sums[:, width + 1 :] / sums[:, :1], width)
    covariance = products - mean[:, :, None] * mean[:, None, :]
    spread = _root(np.diagonal(covariance, axis1=1, axis2=2))
    return _scaled(covariance, spread[:, :, None] * spread[:, None, :]), spread


def _pairwise(sums: Array, width: int) -> tuple[Array, Array]:
    correlations, spread = _pairwise_as_found(sums, width)
    return nearest_correlations(correlations), spread


def _pairwise_as_found(sums: Array, width: int) -> tuple[Array, Array]:
    size, total, square, product = sums.reshape(len(sums), 4, width, width).swapaxes(0, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(size > 0, total / size, 0.0)
        variance = np.where(size > 0, square / size, 0.0) - mean**2
        covariance = np.where(size > 0, product / size, 0.0) - mean * mean.swapaxes(1, 2)
    spread = _root(variance)
    correlations = _scaled(covariance, spread * spread.swapaxes(1, 2))
    return correlations, np.diagonal(spread, axis1=1, axis2=2).copy()


def _root(variance: Array) -> Array:
    """Standard deviations; rounding noise in a constant counts as none."""
    roots: Array = np.sqrt(np.where(variance > 1e-14, variance, 0.0))
    return roots


def _scaled(covariance: Array, by: Array) -> Array:
    return np.divide(covariance, by, out=np.zeros_like(covariance), where=by > 0)


def nearest_correlations(correlations: Array) -> Array:
    """Lift negative eigenvalues, which pairwise correlations can have, and rescale.

    Matrices without any are returned as they are.

    >>> import numpy as np
    >>> odd = np.array([[[1, .9, -.9], [.9, 1, .9], [-.9, .9, 1.]]])
    >>> bool(np.linalg.eigvalsh(nearest_correlations(odd)).min() > 0)
    True
    """
    values, vectors = np.linalg.eigh(correlations)
    odd = values[:, 0] < -ROUNDING
    if not odd.any():
        return correlations
    lifted = np.maximum(values[odd], SMALLEST_EIGENVALUE)
    mended = (vectors[odd] * lifted[:, None, :]) @ vectors[odd].swapaxes(1, 2)
    spread = np.sqrt(np.diagonal(mended, axis1=1, axis2=2))
    repaired = correlations.copy()
    repaired[odd] = mended / (spread[:, :, None] * spread[:, None, :])
    return repaired

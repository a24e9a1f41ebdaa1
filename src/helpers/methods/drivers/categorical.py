"""Importance for an outcome in categories: McFadden's R² divided over all orders of entry.

R² of a set of drivers is 1 − ℓ(set) / ℓ(none), with ℓ the maximised log-likelihood
(McFadden 1974), and its division is general dominance for logistic models (Azen & Traxel
2009). Replicates take one Newton step from each subset's estimate in the sample, with
the sample's curvature. What that leaves out shrinks with the base faster than the
interval itself; the tests hold it beside full refits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit

from helpers.methods.drivers import lattice
from helpers.methods.drivers.clustered import freedom
from helpers.methods.drivers.cumulative import (
    Design,
    Fits,
    Pass,
    fitted,
    passed,
    separated,
    sorted_design,
)
from helpers.methods.drivers.imputation import completed
from helpers.methods.drivers.moments import pooled
from helpers.methods.drivers.players import Players
from helpers.methods.drivers.resampling import Draws, Worked
from helpers.methods.drivers.sampled import covariance as by_design
from helpers.methods.drivers.sampled import freedom_within
from helpers.methods.drivers.screening import Answers
from helpers.methods.drivers.slopes import (
    COLLINEAR,
    Slopes,
    entangled,
    joint_p,
    with_interval,
)
from helpers.methods.survey.averages import weighted_mean

__all__ = ["Model", "categories_of", "pseudo_r_squared", "worked"]

Array = NDArray[np.float64]
Model = Literal["linear", "logit", "proportional_odds"]

IMPUTATIONS = 20
MOST_FITTED = 2**27  # subsets × respondents: about half a minute
MOST_CATEGORIES = 20
MOST_UNITS = 2_000  # drawn by the bootstrap; more are first thrown together at random
AT_ONCE = 2**22  # numbers in an array of replicates: 32 MB
SIZEABLE = 0.01  # of the weight: an account whose own curvature is taken out
RARE = 10  # respondents a driver in the rarer of two answers, below which a note is due


def categories_of(outcome: Array, model: Model) -> tuple[Array, NDArray[np.intp]]:
    """The outcome's values in order, and the place of each answer among them.

    >>> import numpy as np
    >>> categories_of(np.array([1.0, 0.0, 1.0]), "logit")[1].tolist()
    [1, 0, 1]
    """
    values, codes = np.unique(outcome, return_inverse=True)
    if model == "logit" and len(values) != 2:
        raise ValueError(
            f"outcome has {len(values)} different values, model='logit' takes two: use "
            "'proportional_odds' for ordered answers, or 'linear'"
        )
    if len(values) > MOST_CATEGORIES:
        raise ValueError(
            f"outcome has {len(values)} different values, model={model!r} takes at most "
            f"{MOST_CATEGORIES}: use 'linear'"
        )
    return values, codes.ravel()


def worked(
    answers: Answers,
    players: Players,
    model: Model,
    confidence: float,
    replicates: int,
    rng: np.random.Generator | None,
) -> Worked:
    """Divide McFadden's R², with replicates of whole accounts and average effects.

    The effect of a driver is the mean change of the expected outcome a point (the
    average marginal effect; delta method, accounts as clusters). Missing answers are
    imputed :data:`IMPUTATIONS` times and the results pooled: parts as means,
    replicates thrown together ("MI boot, pooled": Schomaker & Heumann 2018), effects
    by Rubin's rules.
    """
    rng = np.random.default_rng(0) if rng is None else rng
    answers, players = _with_levels(answers, players)
    samples = list(_samples(answers, players, model, rng))
    each = np.diff(np.linspace(0, replicates, len(samples) + 1).round().astype(int))
    parts = np.array([sample.parts() for sample in samples])
    draws = [
        _replicates(sample, answers, int(size), rng)
        for sample, size in zip(samples, each, strict=True)
    ]
    effects = [_effects(sample, answers) for sample in samples]
    apart = any(sample.separated for sample in samples)
    return Worked(
        parts.mean(axis=0),
        float(np.mean([sample.always for sample in samples])),
        Draws(np.concatenate(draws), np.full(replicates, np.nan)),
        _pooled_slopes(effects, _freedom(samples[0], answers), answers.units, confidence, apart),
        _notes(samples[0], apart, len(samples)),
    )


def pseudo_r_squared(answers: Answers, players: Players, model: Model) -> Array:
    """McFadden's R² of every subset of players, ``(2**players,)``; the mean of imputations."""
    samples = _samples(*_with_levels(answers, players), model, np.random.default_rng(0))
    return np.asarray(np.mean([sample.fits.r_squared[1:] for sample in samples], axis=0))


def _with_levels(answers: Answers, players: Players) -> tuple[Answers, Players]:
    """The same with a column for each wave but one, which are in every model."""
    levels = answers.levels
    number = levels.shape[1]
    if not number:
        return answers, players
    names = (*(f"wave {k + 2}" for k in range(number)), *players.drivers)
    order = np.concatenate([np.arange(number), players.order + number])
    held = replace(players, drivers=names, always=players.always + number, order=order)
    whole = np.column_stack((levels, answers.ratings))
    return replace(answers, ratings=whole, drivers=names, waves=None), held


@dataclass(frozen=True)
class _Sample:
    """Complete answers with the models of all subsets: none at all, then 2**players."""

    design: Design
    fits: Fits
    present: NDArray[np.bool_]
    players: Players
    values: Array  # of the outcome, by category
    spread: Array  # standard deviation of each driver

    @property
    def separated(self) -> bool:
        """Whether slopes have no finite value."""
        return separated(self.design, self.fits.parameters[-1])

    @property
    def always(self) -> float:
        """R² of the drivers always in."""
        return float(self.fits.r_squared[1])

    def parts(self) -> Array:
        """Mean gain of each player over all orders of entry."""
        game = self.fits.r_squared[1:, None]
        return np.asarray(lattice.shapley(game - game[0])[0])


def _samples(
    answers: Answers, players: Players, model: Model, rng: np.random.Generator
) -> Iterator[_Sample]:
    values, codes = categories_of(answers.outcome, model)
    _check_work(players, answers.base, IMPUTATIONS if answers.unanswered else 1)
    present = _subsets(players)
    one, near = iter([answers.ratings]), None
    for ratings in completed(answers, IMPUTATIONS, rng) if answers.unanswered else one:
        centred = ratings - weighted_mean(ratings, answers.weights)
        spread = np.sqrt(weighted_mean(centred**2, answers.weights))
        design = sorted_design(centred / spread, codes, answers.weights)
        sample = _Sample(design, fitted(design, present, near), present, players, values, spread)
        near = None if sample.separated else sample.fits.parameters
        yield sample


def _check_work(players: Players, base: int, sets: int) -> None:
    number = len(players.names)
    if (sets * base) << number > MOST_FITTED:
        raise ValueError(
            f"{number} drivers and {base} respondents need 2^{number} models"
            f"{f' for each of {sets} imputations' if sets > 1 else ''}: too many; put drivers in "
            "groups, or use model='linear'"
        )


def _subsets(players: Players) -> NDArray[np.bool_]:
    """Drivers (as given) in each model: none, then every subset with those always in."""
    number = len(players.names)
    bits = np.arange(2**number)[:, None] >> np.arange(number) & 1
    present = bits @ players.combine > 0
    present[:, players.order[: players.always]] = True
    return np.vstack((np.zeros((1, present.shape[1]), dtype=bool), present))


def _replicates(
    sample: _Sample, answers: Answers, replicates: int, rng: np.random.Generator
) -> Array:
    """Parts in every bootstrap sample of whole accounts, by one-step refits."""
    number = len(sample.players.names)
    if replicates == 0:
        return np.empty((0, number))
    codes, units = pooled(answers.codes, answers.units, MOST_UNITS)
    rows = np.arange(len(codes))
    within = sparse.csr_array(
        (sample.design.weights, (codes[sample.design.order], rows)), shape=(units, len(rows))
    )
    counts = rng.multinomial(units, np.full(units, 1 / units), size=replicates).astype(float)
    size = counts @ np.asarray(within.sum(axis=1)) / len(rows)
    orders = lattice.order_coefficients(number)
    found, none = np.zeros((replicates, number)), np.empty(0)
    width = max(1, AT_ONCE // (max(replicates, units) * sample.fits.parameters.shape[1]))
    for start in range(0, len(sample.present), width):
        part = slice(start, start + width)
        heights = _refitted(sample, part, within, counts, size)
        if start == 0:
            none, heights = heights[:, 0].copy(), heights[:, 1:]
            found -= heights @ orders[: heights.shape[1]]
        else:
            found -= heights @ orders[start - 1 : start - 1 + heights.shape[1]]
    return found / none[:, None]


def _refitted(
    sample: _Sample, part: slice, within: sparse.csr_array, counts: Array, size: Array
) -> Array:
    """Log-likelihoods after one Newton step in each replicate, ``(replicates, subsets)``."""
    design, kept = sample.design, sample.present[part]
    here = passed(design, sample.fits.parameters[part])
    kept = np.hstack((np.ones((len(kept), design.cuts), dtype=bool), kept))
    both = kept[:, :, None] & kept[:, None, :]
    curvature = np.where(both, here.curvature(), 0.0)
    curvature += (~kept)[:, :, None] * np.eye(kept.shape[1])
    values, vectors = np.linalg.eigh(curvature)
    scale = np.where(values > COLLINEAR * len(design.x), 1 / np.sqrt(np.abs(values)), 0.0)
    roots = np.where(kept[:, :, None], vectors * scale[:, None, :], 0.0)
    pulls = np.stack([within @ column.T for column in here.columns()], axis=2)
    turned = pulls.swapaxes(0, 1) @ roots  # subsets × units × parameters
    flat = turned.swapaxes(0, 1).reshape(len(turned[0]), -1)
    moved = (counts @ flat).reshape(len(counts), *kept.shape)
    gains = np.einsum("bsk,bsk->bs", moved, moved) / (2 * size[:, None])
    return np.asarray(counts @ (within @ here.logs.T) + gains)


def _effects(sample: _Sample, answers: Answers) -> tuple[Array, Array]:
    """Average marginal effects a point by player, with their covariance (delta method)."""
    design, parameters = sample.design, sample.fits.parameters[-1:]
    here, cuts = passed(design, parameters), design.cuts
    slopes = parameters[0, cuts:]
    below = expit(parameters[0, :cuts] - (design.x @ slopes)[:, None])
    dense = np.diff(sample.values) * below * (1 - below)  # what a unit of the predictor moves
    weights = design.weights / design.weights.sum()
    steep = float(weights @ dense.sum(axis=1))
    bent = dense * (1 - 2 * below)
    by_slope = slopes[:, None] * -((weights * bent.sum(axis=1)) @ design.x)
    change = np.hstack((np.outer(slopes, weights @ bent), steep * np.eye(len(slopes)) + by_slope))
    points = sample.players.combine / sample.spread
    points[(sample.players.combine[:, _tangled(design)] != 0).any(axis=1)] = np.nan
    bread = np.linalg.pinv(here.curvature()[0], rcond=COLLINEAR, hermitian=True)
    moved = _moved(here, answers, bread) @ change.T
    units, base = answers.units, answers.base
    if answers.sample is not None:
        each = np.empty((base, len(points)))
        each[design.order] = moved @ points.T
        loss = 1.0 if answers.clusters else (base / (base - 1)) * base / (base - len(bread))
        return points @ (steep * slopes), loss * by_design(answers.sample, each, units)
    sums = np.array([np.bincount(answers.codes[design.order], m, units) for m in moved.T]).T
    factor = (units - 1) / units if answers.clusters else base / (base - len(bread))
    return points @ (steep * slopes), points @ (factor * sums.T @ sums) @ points.T


def _moved(here: Pass, answers: Answers, bread: Array) -> Array:
    """What each respondent has in how the parameters move without their account.

    By one Newton step, ``(respondents, parameters)``; those of an account add up to its move.
    For an account of some size its own curvature is taken out (CR3); a smaller one takes
    with it as much as it weighs.
    """
    design = here.design
    codes = answers.codes[design.order]
    scores = design.weights[:, None] * here.scores()
    if answers.clusters is None:
        return np.asarray(scores @ bread)
    held = np.bincount(codes, design.weights) / design.weights.sum()
    moved = scores @ bread / (1 - held)[codes][:, None]
    for unit in np.flatnonzero(held >= SIZEABLE):
        others = replace(design, weights=np.where(codes == unit, 0.0, design.weights))
        left = replace(here, design=others).curvature()[0]
        alone = np.linalg.pinv(left, rcond=COLLINEAR, hermitian=True)
        moved[codes == unit] = scores[codes == unit] @ alone
    return np.asarray(moved)


def _freedom(sample: _Sample, answers: Answers) -> Array:
    """Degrees of freedom of each player's effect, as those of a linear model's."""
    design = sample.design
    points = sample.players.combine / sample.spread
    if answers.clusters is None:
        return freedom_within(answers.sample, np.full(len(points), answers.base - 1.0))
    found = freedom(design.x, design.weights, answers.codes[design.order], points)
    return freedom_within(answers.sample, found)


def _tangled(design: Design) -> NDArray[np.bool_]:
    return entangled((design.x * design.weights[:, None]).T @ design.x / len(design.x))


def _pooled_slopes(
    effects: list[tuple[Array, Array]], df: Array, units: int, confidence: float, apart: bool
) -> Slopes:
    """Rubin's rules, degrees of freedom by Barnard & Rubin (1999); NaN where unbounded."""
    sets = len(effects)
    values = np.array([value for value, _ in effects])
    covariance = np.mean([within for _, within in effects], axis=0)
    if apart:
        none = np.full(values.shape[1], np.nan)
        return Slopes(none, none, none, none)
    if sets == 1:
        found = with_interval(values[0], covariance, df, confidence)
        return replace(found, joint_p=joint_p(values[0], covariance, units - 1))
    within = np.diagonal(covariance)
    covariance = covariance + (1 + 1 / sets) * np.cov(values.T)
    total = np.diagonal(covariance)
    lost = np.maximum(1 - within / total, 1e-12)
    observed = (df + 1) / (df + 3) * df * (1 - lost)
    joined = 1 / (lost**2 / (sets - 1) + 1 / observed)
    found = with_interval(values.mean(axis=0), covariance, joined, confidence)
    return replace(found, joint_p=joint_p(found.value, covariance, units - 1))


def _notes(sample: _Sample, apart: bool, sets: int) -> tuple[str, ...]:
    notes = []
    base, drivers = len(sample.design.x), sample.design.x.shape[1]
    fewest = int(np.diff(sample.design.ends, prepend=0).min())
    if sample.design.cuts == 1 and fewest < RARE * drivers:
        notes.append(
            f"only {fewest} of {base} respondents gave the rarer answer, for {drivers} drivers: "
            "R² flatters and shares are rough"
        )
    if sets > 1:
        notes.append(f"{sets} imputations, pooled")
    if apart:
        notes.append(
            "the drivers tell the outcome's answers apart without fail: shares are given, "
            "effects have no finite value"
        )
    return tuple(notes)

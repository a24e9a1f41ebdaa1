"""Importance in the linear model: R² divided, with the slopes of least squares beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from helpers.methods.drivers.agreement import Agreement, agreement, this_wave
from helpers.methods.drivers.clustered import freedom
from helpers.methods.drivers.division import Method, divided, sampling_note
from helpers.methods.drivers.moments import Moments, columns_of
from helpers.methods.drivers.players import Players
from helpers.methods.drivers.redrawing import filled
from helpers.methods.drivers.resampling import Worked, drawn
from helpers.methods.drivers.sampled import covariance as by_design
from helpers.methods.drivers.sampled import freedom_within
from helpers.methods.drivers.screening import Answers
from helpers.methods.drivers.share_errors import by_design as shares_by_design
from helpers.methods.drivers.shrinkage import MANY, shrunken
from helpers.methods.drivers.slopes import (
    Slopes,
    entangled,
    joint_p,
    robust_slopes,
    slopes_of_replicates,
    with_interval,
)

__all__ = ["worked"]

Array = NDArray[np.float64]

STEP = 1e-5  # of a sum, by which it is moved to see what follows


def worked(
    answers: Answers,
    moments: Moments,
    players: Players,
    method: Method,
    confidence: float,
    replicates: int,
    rng: np.random.Generator | None,
    shrink: bool,
) -> Worked:
    """Divide R², with replicates of whole accounts and adjusted slopes.

    Slopes are those of all waves that agree, and of many drivers drawn to zero where asked for.
    """
    draws = drawn(moments, players, method, replicates, rng, answers)
    draws = shares_by_design(draws, answers, moments, players, method)
    correlations = moments.correlations()[0]
    if moments.missing == "listwise":
        slopes = robust_slopes(answers, confidence, players.combine)
    else:
        slopes = _slopes(answers, moments, players, confidence)
    parts, always = divided(correlations, players, method)
    notes = sampling_note(correlations, players, method, replicates)
    agreed = _agreement(answers, players)
    if agreed is not None:
        slopes = this_wave(filled(answers), agreed, slopes, players, confidence)
    many = shrink and _many(slopes, players)
    if many:
        shown = np.append(players.order[players.always :], -1)
        slopes = shrunken(slopes, moments.correlations()[1][0, shown], confidence)
    return Worked(parts[0], float(always[0]), draws, slopes, notes, agreed, many)


def _agreement(answers: Answers, players: Players) -> Agreement | None:
    """Whether the effects of drivers that stand alone are the same in all waves."""
    alone = [name for name in players.names if name in players.drivers]
    if answers.waves is None or not alone:
        return None
    return agreement(filled(answers), alone)


def _many(slopes: Slopes, players: Players) -> bool:
    """Whether there are so many drivers, each alone, that their effects are drawn to zero."""
    alone = max(players.sizes) == 1 and bool(np.isfinite(slopes.value).all())
    return len(players.names) >= MANY and alone


def _slopes(answers: Answers, moments: Moments, players: Players, confidence: float) -> Slopes:
    """Slopes from correlations of incomplete answers, their errors from leaving units out.

    Interval and p-value come of one error, so that one cannot clear zero without the other.
    Its degrees of freedom are those of the ratings with gaps at the mean, where they weigh
    nothing.
    """
    correlations, spread = moments.correlations()
    value = slopes_of_replicates(correlations, spread, players.combine)[0]
    moved = slopes_of_replicates(*moments.without_each(), players.combine) - value
    value[(players.combine[:, entangled(correlations[0, :-1, :-1])] != 0).any(axis=1)] = np.nan
    covariance = (len(moved) - 1) / len(moved) * moved.T @ moved
    if answers.sample is not None:
        each = _moved_each(answers, moments, players)
        each[:, np.isnan(value)] = np.nan
        covariance = by_design(answers.sample, each, answers.units)
    df = np.minimum(_freedom(answers, players), len(moved) - 1)
    found = with_interval(value, covariance, freedom_within(answers.sample, df), confidence)
    units = freedom_within(answers.sample, np.array(len(moved) - 1.0))
    return replace(found, joint_p=joint_p(value, covariance, float(units)))


def _moved_each(answers: Answers, moments: Moments, players: Players) -> Array:
    """What each respondent has in how far slopes move without their account.

    To first order, from how slopes follow from sums; what the account's move is beyond that
    goes to its respondents by their weight.
    """
    total = moments.sums.sum(axis=0)
    steps = np.diag(STEP * np.maximum(np.abs(total), total[0]))
    ahead, behind = (
        slopes_of_replicates(*moments.at(total + side), players.combine) for side in (steps, -steps)
    )
    rates = (ahead - behind) / (2 * np.diagonal(steps)[:, None])
    each = np.zeros((answers.base, len(players.names)))
    for column, rate in zip(columns_of(moments, answers), rates, strict=True):
        each -= np.outer(answers.weights * column, rate)
    if len(moments.sums) != answers.units:
        return each
    whole = slopes_of_replicates(*moments.at(total - moments.sums), players.combine)
    whole -= slopes_of_replicates(*moments.at(total[None]), players.combine)
    first = np.column_stack([np.bincount(answers.codes, part) for part in each.T])
    part = answers.weights / np.bincount(answers.codes, answers.weights)[answers.codes]
    return np.asarray(each + part[:, None] * (whole - first)[answers.codes])


def _freedom(answers: Answers, players: Players) -> Array:
    if answers.clusters is None:
        slopes = len(answers.drivers) + answers.levels.shape[1]
        return np.full(len(players.names), float(answers.base - slopes - 1))
    w = answers.weights
    x = np.nan_to_num(answers.centred(answers.ratings))
    return freedom(x / np.sqrt(w @ x**2 / w.sum()), w, answers.codes, players.combine)

"""Importance in the linear model: R² divided, with the slopes of least squares beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from helpers.methods.drivers.division import Method, divided, sampling_note
from helpers.methods.drivers.moments import Moments
from helpers.methods.drivers.players import Players
from helpers.methods.drivers.resampling import Draws, Worked, covariance, drawn, spreads
from helpers.methods.drivers.screening import Answers
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

LARGE = 1 / 3  # of the weight in one account, from which results without it are told
DRAWS_EACH = 5  # replicates a slope, below which they do not tell how slopes vary together


def worked(
    answers: Answers,
    moments: Moments,
    players: Players,
    method: Method,
    confidence: float,
    replicates: int,
    rng: np.random.Generator | None,
) -> Worked:
    """Divide R², with replicates of whole accounts and adjusted slopes."""
    draws = drawn(moments, players, method, replicates, rng)
    correlations, spread = moments.correlations()
    if moments.missing == "listwise":
        slopes = robust_slopes(answers, confidence, players.combine)
    else:
        slopes = _drawn_slopes(correlations, spread, players, draws, confidence, answers.units)
    parts, always = divided(correlations, players, method)
    notes = (
        *sampling_note(correlations, players, method, replicates),
        *_without_largest(answers, moments, players, method, parts[0]),
    )
    return Worked(parts[0], float(always[0]), draws, slopes, notes)


def _without_largest(
    answers: Answers, moments: Moments, players: Players, method: Method, parts: Array
) -> tuple[str, ...]:
    """What becomes of the shares without an account that carries much of the answers."""
    if answers.clusters is None or len(moments.sums) != answers.units:
        return ()
    carried = np.bincount(answers.codes, answers.weights, minlength=answers.units)
    largest = int(carried.argmax())
    part = carried[largest] / carried.sum()
    if part < LARGE:
        return ()
    others = (np.arange(answers.units) != largest).astype(float)[None]
    left = divided(moments.correlations(others)[0], players, method)[0][0]
    first, now = players.names[int(parts.argmax())], int(left.argmax())
    return (
        f"one account carries {100 * part:.0f}% of the answers: without it {first!r} has "
        f"{100 * left[parts.argmax()] / left.sum():.0f}% of what is explained instead of "
        f"{100 * parts.max() / parts.sum():.0f}%, and {players.names[now]!r} is first",
    )


def _drawn_slopes(
    correlations: Array,
    spread: Array,
    players: Players,
    draws: Draws,
    confidence: float,
    units: int,
) -> Slopes:
    """Slopes from correlations of incomplete answers, their errors from the bootstrap.

    Interval and p-value come of one error, so that one cannot clear zero without the other.
    """
    value = slopes_of_replicates(correlations, spread, players.combine)[0]
    tangled = entangled(correlations[0, :-1, :-1])
    value[(players.combine[:, tangled] != 0).any(axis=1)] = np.nan
    found = with_interval(value, spreads(draws.slopes), units - 1, confidence)
    if len(draws.slopes) <= DRAWS_EACH * len(value):
        return found
    return replace(found, joint_p=joint_p(value, covariance(draws.slopes), units - 1))

"""What strata, a calibration and a finite population do to the intervals of shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from helpers.methods.drivers.division import Method, divided, exact, parts_within
from helpers.methods.drivers.moments import Moments
from helpers.methods.drivers.players import Players
from helpers.methods.drivers.resampling import Draws
from helpers.methods.drivers.screening import Answers
from helpers.methods.survey.placing import stretch

__all__ = ["by_design"]

Array = NDArray[np.float64]

STEP = 1e-4  # of a correlation, by which it is moved to see what becomes of the shares


def by_design(
    draws: Draws, answers: Answers, moments: Moments, players: Players, method: Method
) -> Draws:
    """Draws of accounts whose intervals are those of the whole design.

    Accounts are drawn again as if they alone counted. By how much the rest of the design
    narrows the error of a share follows from what each respondent adds to each correlation,
    and each correlation to the share. Shares that are estimated from sampled orders stay.
    """
    few = exact(len(players.sizes), len(draws.parts))
    if answers.sample is None or not len(draws.parts) or not few:
        return draws
    correlations = moments.correlations()[0]
    each = _on_correlations(answers, correlations[0])
    wide = _stretched(answers, each, _rates(correlations, lambda r: divided(r, players, method)[0]))
    if draws.single is None:
        return replace(draws, wide=wide)
    shown = [k for k, name in enumerate(players.drivers) if name in players.player_of]
    rates = _rates(correlations, lambda r: parts_within(r, players)[:, shown])
    single = replace(draws.single, wide=_stretched(answers, each, rates))
    return replace(draws, wide=wide, single=single)


def _stretched(answers: Answers, each: Array, rates: Array) -> Array:
    return stretch(answers.sample, each @ rates, answers.codes)


def _on_correlations(answers: Answers, correlations: Array) -> Array:
    """What each respondent adds to the correlation of each pair, ``(respondents, pairs)``."""
    z = answers.centred(np.column_stack([answers.ratings, answers.outcome]))
    there, w = np.isfinite(z), answers.weights[:, None]
    z = np.where(there, z, 0.0)
    mass = (w * there).sum(axis=0)
    spread = np.sqrt((w * z**2).sum(axis=0) / mass)
    z = np.divide(z, spread, out=np.zeros_like(z), where=spread > 0)
    first, second = np.triu_indices(len(correlations), 1)
    both = there[:, first] & there[:, second]
    r, one, other = correlations[first, second], z[:, first], z[:, second]
    found = w * both * (one * other - r * (one**2 + other**2) / 2)
    return np.asarray(found / (w * both).sum(axis=0).clip(1e-300))


def _rates(correlations: Array, parts: Callable[[Array], Array]) -> Array:
    """How far each share moves with each correlation, ``(pairs, players)``."""
    first, second = np.triu_indices(correlations.shape[1], 1)
    ways, every = np.repeat(correlations, len(first), axis=0), np.arange(len(first))
    sides = []
    for step in (STEP, -STEP):
        moved = ways.copy()
        moved[every, first, second] += step
        moved[every, second, first] += step
        found = parts(moved)
        sides.append(found / found.sum(axis=1, keepdims=True))
    return np.asarray((sides[0] - sides[1]) / (2 * STEP))

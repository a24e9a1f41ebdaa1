"""Importance in the linear model: R² divided, with the slopes of least squares beside it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from helpers.methods.drivers.division import Method, divided, sampling_note
from helpers.methods.drivers.moments import Moments
from helpers.methods.drivers.players import Players
from helpers.methods.drivers.resampling import Draws, Worked, drawn, quantiles
from helpers.methods.drivers.screening import Answers
from helpers.methods.drivers.slopes import (
    Slopes,
    entangled,
    joint_p,
    robust_slopes,
    slopes_of_replicates,
)

__all__ = ["worked"]

Array = NDArray[np.float64]

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
    notes = sampling_note(correlations, players, method, replicates)
    return Worked(parts[0], float(always[0]), draws, slopes, notes)


def _drawn_slopes(
    correlations: Array,
    spread: Array,
    players: Players,
    draws: Draws,
    confidence: float,
    units: int,
) -> Slopes:
    """Slopes from correlations of incomplete answers, with the bootstrap's interval."""
    value = slopes_of_replicates(correlations, spread, players.combine)[0]
    low, high = quantiles(draws.slopes, confidence)
    error = draws.slopes.std(axis=0, ddof=1) if len(draws.slopes) > 1 else np.nan
    tangled = entangled(correlations[0, :-1, :-1])
    unclear = (players.combine[:, tangled] != 0).any(axis=1)
    value[unclear], low[unclear], high[unclear] = np.nan, np.nan, np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * stats.t.sf(np.abs(value) / error, units - 1)
    told = np.isfinite(value)
    together = np.full((len(value), len(value)), np.nan)
    if len(draws.slopes) > DRAWS_EACH * len(value):
        together = np.atleast_2d(np.cov(draws.slopes.T))
    return Slopes(
        value, low, high, p, joint_p(value[told], together[np.ix_(told, told)], units - 1)
    )

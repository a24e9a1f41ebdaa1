"""The bootstrap of whole accounts: parts of R² and slopes in every replicate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from helpers.methods.drivers.division import Method, divided
from helpers.methods.drivers.moments import Moments
from helpers.methods.drivers.players import Players
from helpers.methods.drivers.slopes import Slopes, slopes_of_replicates

__all__ = ["Draws", "Worked", "covariance", "drawn", "no_draws", "quantiles", "spreads"]

Array = NDArray[np.float64]

CENTRAL = 0.90  # of the replicates: what a spread is read from
FAR = 4.0  # spreads from the median: a replicate this far off is taken as that far


@dataclass(frozen=True)
class Draws:
    """Parts of R² and slopes in each bootstrap sample: ``(replicates, players)``."""

    parts: Array
    slopes: Array

    def share_interval(self, confidence: float) -> tuple[Array, Array]:
        """Percentile interval of each player's share; NaN without replicates."""
        return quantiles(self.parts / self.parts.sum(axis=1, keepdims=True), confidence)

    def among_first(self, first: int) -> Array:
        """How often each player is among the first so many; NaN without replicates."""
        if len(self.parts) == 0:
            return np.full(self.parts.shape[1], np.nan)
        places = np.argsort(np.argsort(-self.parts, axis=1, kind="stable"), axis=1)
        often: Array = (places < first).mean(axis=0)
        return often


@dataclass(frozen=True)
class Worked:
    """How R² divides, in the sample and its replicates, and the adjusted effects."""

    parts: Array  # by player
    always: float  # R² of the drivers always in
    draws: Draws
    slopes: Slopes
    notes: tuple[str, ...] = ()


def no_draws(players: Players) -> Draws:
    """What there is without a bootstrap."""
    none = np.empty((0, len(players.names)))
    return Draws(none, none)


def drawn(
    moments: Moments,
    players: Players,
    method: Method,
    replicates: int,
    rng: np.random.Generator | None,
) -> Draws:
    """Divide R² again in every replicate; samples in which nothing varies are left out."""
    rng = np.random.default_rng(0) if rng is None else rng
    none = no_draws(players)
    parts, slopes = [none.parts], [none.slopes]
    for correlations, spread in moments.replicates(replicates, rng):
        found = divided(correlations, players, method, replicates)[0]
        sound = np.isfinite(found).all(axis=1) & (found.sum(axis=1) > 0)
        parts.append(found[sound])
        if moments.missing != "listwise":
            again = slopes_of_replicates(correlations, spread, players.combine)
            slopes.append(again[sound])
    return Draws(np.concatenate(parts), np.concatenate(slopes))


def quantiles(draws: Array, confidence: float) -> tuple[Array, Array]:
    """The middle part of the draws, column by column; NaN for fewer than two.

    >>> import numpy as np
    >>> low, high = quantiles(np.arange(101.0)[:, None], 0.5)
    >>> low.tolist(), high.tolist()
    ([25.0], [75.0])
    """
    if len(draws) < 2:
        return np.full(draws.shape[1], np.nan), np.full(draws.shape[1], np.nan)
    low, high = np.quantile(draws, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    return low, high


def spreads(draws: Array) -> Array:
    """Standard errors from the middle of the draws, column by column; NaN for fewer than two.

    The length of the central 90 %, over that of a standard normal. A standard deviation
    would hang on a few replicates whose correlations are nearly singular, and whose slopes
    lie anywhere; quantiles do not (Huber & Ronchetti 2009, chapter 1).

    >>> import numpy as np
    >>> draws = np.random.default_rng(0).normal(size=(5000, 1))
    >>> wild = np.where(np.arange(5000)[:, None] < 50, 1e3, draws)
    >>> spreads(draws).round(1).tolist(), spreads(wild).round(1).tolist()
    ([1.0], [1.0])
    """
    low, high = quantiles(draws, CENTRAL)
    return np.asarray((high - low) / (2 * ndtri((1 + CENTRAL) / 2)))


def covariance(draws: Array) -> Array:
    """How columns of draws vary together: :func:`spreads`, and correlations of draws drawn in.

    Draws farther than four spreads from their median count as four spreads away
    (winsorised).

    >>> import numpy as np
    >>> draws = np.random.default_rng(0).normal(size=(5000, 2)) @ np.array([[1, 0.5], [0, 1]])
    >>> covariance(draws).round(1).tolist()
    [[1.0, 0.5], [0.5, 1.2]]
    """
    error, middle = spreads(draws), np.median(draws, axis=0)
    near = np.clip(draws, middle - FAR * error, middle + FAR * error)
    with np.errstate(divide="ignore", invalid="ignore"):
        together = np.atleast_2d(np.corrcoef(near.T))
    return np.asarray(np.where(error > 0, together, 0.0) * np.outer(error, error))

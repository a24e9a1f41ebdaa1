"""The bootstrap of whole accounts: parts of R² in every replicate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helpers.methods.drivers.agreement import Agreement
from helpers.methods.drivers.division import Method, divided
from helpers.methods.drivers.moments import Moments
from helpers.methods.drivers.players import Players
from helpers.methods.drivers.slopes import Slopes

__all__ = ["Draws", "Worked", "drawn", "no_draws", "quantiles"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Draws:
    """Parts of R² in each bootstrap sample: ``(replicates, players)``."""

    parts: Array
    always: Array  # R² of the drivers always in, by replicate

    @property
    def r_squared(self) -> Array:
        """R² of all drivers, by replicate."""
        return np.asarray(self.parts.sum(axis=1) + self.always)

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
    agreement: Agreement | None = None
    penalty: float = 0.0


def no_draws(players: Players) -> Draws:
    """What there is without a bootstrap."""
    return Draws(np.empty((0, len(players.names))), np.empty(0))


def drawn(
    moments: Moments,
    players: Players,
    method: Method,
    replicates: int,
    rng: np.random.Generator | None,
) -> Draws:
    """Divide R² again in every replicate; samples in which nothing varies are left out."""
    rng = np.random.default_rng(0) if rng is None else rng
    parts, always = [no_draws(players).parts], [no_draws(players).always]
    for correlations, _ in moments.replicates(replicates, rng):
        found, fixed = divided(correlations, players, method, replicates)
        sound = np.isfinite(found).all(axis=1) & (found.sum(axis=1) > 0)
        parts.append(found[sound])
        always.append(fixed[sound])
    return Draws(np.concatenate(parts), np.concatenate(always))


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

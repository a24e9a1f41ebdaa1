"""Ways to divide R² among players, each for many correlation matrices at once."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from helpers.methods.drivers import lattice
from helpers.methods.drivers.players import Players

__all__ = ["Method", "check_size", "divided", "relative_weights"]

Array = NDArray[np.float64]
Method = Literal["lmg", "relative_weights"]

MOST_LEAVES = 2**30  # subsets × replicates: about a minute


def check_size(method: Method, players: int, replicates: int) -> None:
    """Refuse what would take too long, with a way out."""
    if method not in ("lmg", "relative_weights"):
        raise ValueError(f"method is 'lmg' or 'relative_weights', not {method!r}")
    if method == "relative_weights":
        return
    if players > lattice.MOST_PLAYERS:
        raise ValueError(
            f"{players} drivers have 2^{players} subsets, the most is 2^{lattice.MOST_PLAYERS}: "
            "put them in groups, or use method='relative_weights'"
        )
    if replicates << players > MOST_LEAVES:
        raise ValueError(
            f"{replicates} replicates of {players} drivers take too long: at most "
            f"{MOST_LEAVES >> players} replicates; or put drivers in groups"
        )


def divided(correlations: Array, players: Players, method: Method) -> tuple[Array, Array]:
    """Parts of R² by player ``(matrices, players)``, and the R² of the drivers always in."""
    arranged = players.arranged(correlations)
    left = lattice.conditioned_on(arranged, players.always)
    always = 1 - left[:, -1, -1] / np.where(arranged[:, -1, -1] > 0, arranged[:, -1, -1], np.nan)
    if method == "lmg":
        r_squared = lattice.subset_r_squared(left, players.sizes)
        return lattice.shapley(r_squared) * (1 - always)[:, None], always
    starts = np.cumsum((0, *players.sizes[:-1]))
    parts = np.add.reduceat(relative_weights(left), starts, axis=1)
    return parts * (1 - always)[:, None], always


def relative_weights(matrices: Array) -> Array:
    """Johnson's relative weights, drivers by matrix; rows sum to R².

    The drivers are replaced by the nearest uncorrelated variables, and the R²
    those earn is handed back by squared loadings (Johnson 2000; Genizi 1993).

    Examples
    --------
    >>> import numpy as np
    >>> relative_weights(np.array([[[1, 0, .6], [0, 1, .3], [.6, .3, 1]]])).round(4).tolist()
    [[0.36, 0.09]]
    """
    spread = np.sqrt(np.diagonal(matrices, axis1=1, axis2=2))
    by = spread[:, :, None] * spread[:, None, :]
    correlations = np.divide(matrices, by, out=np.zeros_like(matrices), where=by > lattice.SINGULAR)
    values, vectors = np.linalg.eigh(correlations[:, :-1, :-1])
    kept = values > lattice.SINGULAR
    root = np.sqrt(np.where(kept, values, 0.0))
    inverse = np.divide(1, root, out=np.zeros_like(root), where=kept)
    turned = vectors.swapaxes(1, 2)
    loadings = (vectors * root[:, None, :]) @ turned
    slopes = (vectors * inverse[:, None, :]) @ turned @ correlations[:, :-1, -1:]
    weights: Array = (loadings**2 @ slopes**2)[:, :, 0]
    return weights

"""Ways to divide R² among players, each for many correlation matrices at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from helpers.methods.drivers import lattice
from helpers.methods.drivers.orders import ROUNDS, ROUNDS_OF_REPLICATES, sampled_shapley
from helpers.methods.drivers.players import Players

__all__ = [
    "QUICK_LEAVES",
    "Method",
    "check_method",
    "check_size",
    "check_subsets",
    "divided",
    "exact",
    "parts_within",
    "relative_weights",
    "sampling_note",
]

Array = NDArray[np.float64]
Method = Literal["lmg", "relative_weights"]

MOST_LEAVES = 2**30  # subsets × replicates: about a minute
QUICK_LEAVES = 2**26  # a few seconds; beyond, replicates sample orders of entry


def check_method(method: Method) -> None:
    """Refuse a method that is not known."""
    if method not in get_args(Method):
        raise ValueError(f"method is 'lmg' or 'relative_weights', not {method!r}")


def check_subsets(players: int) -> None:
    """Refuse what needs every subset at once and has too many, with a way out."""
    if players > lattice.MOST_PLAYERS:
        raise ValueError(
            f"{players} drivers have 2^{players} subsets, the most is 2^{lattice.MOST_PLAYERS}: "
            "use fewer drivers, or relative_importance, which then samples orders of entry"
        )


def check_size(method: Method, players: int, replicates: int, *, most: int = MOST_LEAVES) -> None:
    """Refuse what would take too long where every replicate goes through every subset."""
    check_method(method)
    if method == "relative_weights":
        return
    check_subsets(players)
    if replicates << players > most:
        raise ValueError(
            f"{replicates} replicates of {players} drivers take too long: at most "
            f"{most >> players} replicates, or fewer drivers"
        )


def exact(players: int, replicates: int = 0) -> bool:
    """Whether shares are worked out over every subset, or estimated from sampled orders.

    >>> exact(25), exact(26), exact(15, 2000), exact(16, 2000)
    (True, False, True, False)
    """
    if replicates == 0:
        return players <= lattice.MOST_IN_BLOCKS
    return players <= lattice.MOST_PLAYERS and replicates << players <= QUICK_LEAVES


def divided(
    correlations: Array, players: Players, method: Method, replicates: int = 0
) -> tuple[Array, Array]:
    """Parts of R² by player ``(matrices, players)``, and the R² of the drivers always in.

    ``replicates`` is how many there are in all where these are some of them.
    """
    left, always = _left(correlations, players)
    if method == "relative_weights":
        starts = np.cumsum((0, *players.sizes[:-1]))
        parts = np.add.reduceat(relative_weights(left), starts, axis=1)
    elif not exact(len(players.sizes), replicates):
        rounds = ROUNDS_OF_REPLICATES if replicates else ROUNDS
        parts = sampled_shapley(left, players.sizes, rounds)[0]
    elif len(players.sizes) > lattice.MOST_PLAYERS:
        alone = (lattice.shapley_in_blocks(one[None], players.sizes) for one in left)
        parts = np.concatenate(list(alone))
    else:
        parts = _exactly(left, players.sizes)
    return parts * (1 - always)[:, None], always


def _exactly(matrices: Array, sizes: Sequence[int]) -> Array:
    step = lattice.batch(len(sizes))
    batches = (matrices[start : start + step] for start in range(0, len(matrices), step))
    return np.concatenate([lattice.shapley(lattice.subset_r_squared(b, sizes)) for b in batches])


def _left(correlations: Array, players: Players) -> tuple[Array, Array]:
    arranged = players.arranged(correlations)
    left = lattice.conditioned_on(arranged, players.always)
    total = arranged[:, -1, -1]
    return left, 1 - left[:, -1, -1] / np.where(total > 0, total, np.nan)


def sampling_note(
    correlations: Array, players: Players, method: Method, replicates: int
) -> tuple[str, ...]:
    """Whether shares or their intervals are estimated from sampled orders, how closely."""
    number = len(players.sizes)
    if method == "relative_weights" or exact(number, replicates):
        return ()
    if exact(number):
        return (
            f"{number} drivers: shares are exact, their intervals are from "
            f"{2 * number * ROUNDS_OF_REPLICATES} orders of entry in each replicate",
        )
    left, _ = _left(correlations, players)
    parts, error = sampled_shapley(left, players.sizes, ROUNDS)
    worst = 100 * float(error.max() / parts.sum())
    return (
        f"{number} drivers: shares are estimated from {2 * number * ROUNDS} orders of entry, "
        f"with a standard error of at most {worst:.2g} points",
    )


def parts_within(correlations: Array, players: Players) -> Array:
    """Owen values: how each group's part divides among its own drivers.

    Groups enter whole, in every order; within a group drivers enter in every order
    (Owen 1977).

    Returns
    -------
    array
        ``(matrices, drivers as given)``; NaN for drivers always in, and in a group whose
        lattice would be too large.
    """
    left, always = _left(correlations, players)
    ends = players.always + np.cumsum(players.sizes)
    found = np.full((len(correlations), len(players.drivers)), np.nan)
    for k, size in enumerate(players.sizes):
        wide = len(players.sizes) - 1 + size  # players of the lattice of this group
        if wide <= lattice.MOST_PLAYERS and len(correlations) << wide <= QUICK_LEAVES:
            step = lattice.batch(wide)
            batches = (left[start : start + step] for start in range(0, len(left), step))
            parts = np.concatenate([lattice.owen(b, players.sizes, k) for b in batches])
            found[:, players.order[ends[k] - size : ends[k]]] = parts * (1 - always)[:, None]
    return found


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

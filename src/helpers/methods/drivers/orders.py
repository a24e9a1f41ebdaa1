"""Shares from sampled orders of entry, for more drivers than every subset can be worked through.

Each round takes one random order, its rotations, so that every player stands once
in every place, and all of these backwards. The gain in R² at each step is the
square of an entry in the last row of a Cholesky factor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["ROUNDS", "ROUNDS_OF_REPLICATES", "sampled_shapley"]

Array = NDArray[np.float64]

ROUNDS = 50  # for the sample
ROUNDS_OF_REPLICATES = 4  # the same orders for every replicate
SEED = 1  # the orders are part of the method: shares do not change with a caller's rng
NUDGE = 1e-10  # lets exactly collinear drivers through


def sampled_shapley(matrices: Array, sizes: Sequence[int], rounds: int) -> tuple[Array, Array]:
    """Parts of R² by player, ``(matrices, players)``, and their Monte Carlo standard errors.

    Takes what :func:`helpers.methods.drivers.lattice.subset_r_squared` takes. In
    every round, and so in the mean, the parts sum to R² exactly.

    Examples
    --------
    >>> import numpy as np
    >>> table = np.array([[1, .5, .6], [.5, 1, .3], [.6, .3, 1.]])
    >>> sampled_shapley(table[None], (1, 1), 2)[0].round(3).tolist()
    [[0.315, 0.045]]
    """
    variables = matrices.shape[1] - 1
    total = matrices[:, -1, -1]
    nudged = matrices + NUDGE * np.eye(variables + 1)
    ends = np.cumsum(sizes)
    players = [np.arange(end - size, end) for end, size in zip(ends, sizes, strict=True)]
    found = np.zeros((rounds, len(matrices), len(sizes)))
    for number, orders in enumerate(_rounds(len(sizes), rounds)):
        for order in orders:
            entering = np.concatenate([players[k] for k in order])
            gains = _gains(nudged, entering)
            found[number] += np.add.reduceat(gains, ends - np.asarray(sizes), axis=1)
        found[number] /= len(orders)
    found /= np.where(total > 0, total, np.nan)[:, None]
    return found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(rounds)


def _rounds(players: int, rounds: int) -> Iterator[list[NDArray[np.intp]]]:
    rng = np.random.default_rng(SEED)
    for _ in range(rounds):
        order = rng.permutation(players)
        forward = [np.roll(order, turn) for turn in range(players)]
        yield forward + [one[::-1] for one in forward]


def _gains(matrices: Array, entering: NDArray[np.intp]) -> Array:
    """Gain in explained variance as each variable enters, by variable."""
    order = np.append(entering, matrices.shape[1] - 1)
    factor = np.linalg.cholesky(matrices[:, order][:, :, order])
    gains = np.empty((len(matrices), len(entering)))
    gains[:, entering] = factor[:, -1, :-1] ** 2
    return gains

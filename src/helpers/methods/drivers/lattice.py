"""R² of every subset of drivers at once, and how it divides among them.

Start from a correlation matrix with the outcome last. For each driver in turn
keep the matrix without it, and the matrix after pivoting on it (its Schur
complement). After the last driver one number is left for each of the 2^p
subsets: the part of the outcome's variance that the subset leaves unexplained.
Many matrices (bootstrap replicates) go through together, on the last axis.

A player is what the subsets are made of: one driver, or a group of drivers
that enters and leaves as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import factorial

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "MOST_IN_BLOCKS",
    "MOST_PLAYERS",
    "batch",
    "conditional_gains",
    "conditioned_on",
    "gains_of",
    "order_coefficients",
    "owen",
    "shapley",
    "shapley_in_blocks",
    "subset_r_squared",
    "subset_sizes",
]

Array = NDArray[np.float64]
Triangle = list[Array]  # row i of the upper triangle: (columns i…, subsets, matrices)

SINGULAR = 1e-12  # a driver with less variance of its own than this adds nothing
MOST_PLAYERS = 20  # whose subsets are held at once
MOST_IN_BLOCKS = 25  # whose subsets are gone through in blocks
AT_ONCE = 2**18  # subsets × matrices of a batch: 2 MB


def subset_r_squared(correlations: Array, sizes: Sequence[int] | None = None) -> Array:
    """R² of the outcome on every subset of players.

    Parameters
    ----------
    correlations
        One or more correlation (or covariance) matrices, ``(matrices, m, m)``,
        outcome last, drivers of one player side by side.
    sizes
        Number of drivers in each player; one each by default.

    Returns
    -------
    array
        ``(2**players, matrices)``. Player k belongs to subset s where bit k of s is set.

    Examples
    --------
    >>> import numpy as np
    >>> table = np.array([[1, .5, .6], [.5, 1, .3], [.6, .3, 1.]])
    >>> subset_r_squared(table[None])[:, 0].round(4).tolist()
    [0.0, 0.36, 0.09, 0.36]
    """
    matrices, width, _ = correlations.shape
    players = tuple(sizes) if sizes is not None else (1,) * (width - 1)
    total = correlations[:, -1, -1]
    shares = np.empty((2 ** len(players), matrices))
    step = batch(len(players))
    for start in range(0, matrices, step):
        part = slice(start, start + step)
        shares[:, part] = _unexplained(_triangle(correlations[part]), players)
    np.divide(shares, np.where(total > 0, total, np.nan), out=shares)
    return np.subtract(1, shares, out=shares)


def batch(players: int) -> int:
    """How many matrices go through the lattice together, for the least time each.

    Two or three cost more than one alone: numpy then adds up runs of that length.

    >>> batch(8), batch(16), batch(17)
    (1024, 4, 1)
    """
    together = AT_ONCE >> players
    return together if together > 3 else 1


def _triangle(matrices: Array) -> Triangle:
    last = np.ascontiguousarray(np.moveaxis(matrices, 0, -1))[:, :, None, :]
    return [last[i, i:] for i in range(last.shape[0])]


def _unexplained(rows: Triangle, players: Sequence[int]) -> Array:
    """Walk the lattice breadth first: one player after another, in all subsets at once."""
    for size in players:
        rows = _with_and_without(rows, size)
    return rows[-1][0]


def _with_and_without(rows: Triangle, size: int) -> Triangle:
    """Double the subsets: first those without the next player, then those with it."""
    without = rows[size:]
    for _ in range(size - 1):
        rows = _pivoted(rows)
    subsets, matrices = rows[-1].shape[1:]
    both = [np.empty((row.shape[0], 2 * subsets, matrices)) for row in rows[1:]]
    for joined, row in zip(both, without, strict=True):
        joined[:, :subsets] = row
    _pivoted(rows, [joined[:, subsets:] for joined in both])
    return both


def _pivoted(rows: Triangle, out: Triangle | None = None) -> Triangle:
    """The Schur complement of the first variable, without it."""
    first, rest = rows[0], rows[1:]
    own = first[0]
    with np.errstate(divide="ignore"):
        scaled = np.where(own > SINGULAR, 1 / own, 0.0) * first[1:]
    out = [np.empty(row.shape) for row in rest] if out is None else out
    for i, (row, result) in enumerate(zip(rest, out, strict=True)):
        np.multiply(first[i + 1 :], scaled[i], out=result)
        np.subtract(row, result, out=result)
    return out


def conditioned_on(correlations: Array, fixed: int) -> Array:
    """Matrices of what is left once the first ``fixed`` variables are accounted for.

    >>> import numpy as np
    >>> conditioned_on(np.array([[[1, .5], [.5, 1.]]]), 1)
    array([[[0.75]]])
    """
    left = correlations
    for _ in range(fixed):
        own = left[:, :1, :1]
        with np.errstate(divide="ignore"):
            inverse = np.where(own > SINGULAR, 1 / own, 0.0)
        left = left[:, 1:, 1:] - left[:, 1:, :1] * inverse * left[:, :1, 1:]
    return left


def subset_sizes(players: int) -> NDArray[np.intp]:
    """How many players each subset holds.

    >>> subset_sizes(2).tolist()
    [0, 1, 1, 2]
    """
    sizes = np.zeros(1, dtype=np.intp)
    for _ in range(players):
        sizes = np.concatenate((sizes, sizes + 1))
    return sizes


def shapley(r_squared: Array) -> Array:
    """Divide the full R² among players: the mean gain of each over all orders of entry.

    The LMG measure (Lindeman, Merenda & Gold 1980; Grömping 2006), which is the
    Shapley value and general dominance. Every subset is folded once: the sum over
    subsets that hold a player is the upper half at that player's bit.

    Parameters
    ----------
    r_squared
        ``(2**players, matrices)`` as :func:`subset_r_squared` gives it.

    Returns
    -------
    array
        ``(matrices, players)``; rows sum to the R² of all players.

    Examples
    --------
    >>> import numpy as np
    >>> shapley(np.array([[0.0], [0.36], [0.09], [0.36]])).round(3).tolist()
    [[0.315, 0.045]]
    """
    players = int(r_squared.shape[0]).bit_length() - 1
    without, both = _order_shares(players)
    baseline = np.einsum("s,sm->m", without, r_squared)
    held, _ = _held(r_squared * both[:, None])
    return held - baseline[:, None]


def _held(values: Array) -> tuple[Array, Array]:
    """Sum of the values of subsets that hold each player, and of all subsets."""
    players = int(values.shape[0]).bit_length() - 1
    held = np.empty((values.shape[1], players))
    for player in reversed(range(players)):
        half = values.shape[0] // 2
        held[:, player] = values[half:].sum(axis=0)
        values = values[:half] + values[half:]
    return held, values[0]


def shapley_in_blocks(matrix: Array, sizes: Sequence[int]) -> Array:
    """Parts of R² for one matrix with more players than fit in memory together.

    The last players' subsets are taken one after another; within each, the first
    players' subsets go through the lattice at once. Takes ``(1, m, m)`` as
    :func:`subset_r_squared` does; returns ``(1, players)``.

    Examples
    --------
    >>> import numpy as np
    >>> table = np.array([[1, .5, .6], [.5, 1, .3], [.6, .3, 1.]])
    >>> shapley_in_blocks(table[None], (1, 1)).round(3).tolist()
    [[0.315, 0.045]]
    """
    number, first = len(sizes), min(len(sizes), MOST_PLAYERS)
    ends = np.cumsum((0, *sizes))
    near, last = list(range(ends[first])), matrix.shape[1] - 1
    outside = np.array([*(_order_share(s, number) for s in range(number)), 0.0])
    both = outside + np.array([0.0, *outside[:-1]])
    within, parts, baseline = subset_sizes(first), np.zeros(number), 0.0
    for block in range(2 ** (number - first)):
        inside = [k for k in range(first, number) if block >> (k - first) & 1]
        fixed = [v for k in inside for v in range(ends[k], ends[k + 1])]
        order = np.array([*fixed, *near, last])
        left = conditioned_on(matrix[:, order][:, :, order], len(fixed))
        unexplained = (1 - subset_r_squared(left, sizes[:first])) * left[0, -1, -1]
        r_squared = 1 - unexplained / matrix[0, -1, -1]
        count = within + len(inside)
        baseline += float(outside[count] @ r_squared[:, 0])
        held, whole = _held(r_squared * both[count][:, None])
        parts[:first] += held[0]
        parts[inside] += whole[0]
    return (parts - baseline)[None]


def order_coefficients(players: int) -> Array:
    """What each subset's R² counts for in each player's part, ``(2**players, players)``.

    >>> (order_coefficients(2) * 2).tolist()
    [[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]]
    """
    without, both = _order_shares(players)
    inside = np.arange(2**players)[:, None] >> np.arange(players) & 1
    return np.asarray(inside * both[:, None] - without[:, None])


@lru_cache(maxsize=4)
def _order_shares(players: int) -> tuple[Array, Array]:
    """For each subset: its weight for a player outside it, and that plus its weight inside."""
    outside = [_order_share(size, players) for size in range(players)]
    sizes = subset_sizes(players)
    without = np.array([*outside, 0.0])[sizes]
    return without, without + np.array([0.0, *outside])[sizes]


def owen(matrices: Array, sizes: Sequence[int], group: int) -> Array:
    """Parts of one group's drivers when the other players enter and leave whole.

    Takes what :func:`subset_r_squared` takes and the group's place among the players.

    Examples
    --------
    >>> import numpy as np
    >>> table = np.array([[1, .5, .6], [.5, 1, .3], [.6, .3, 1.]])
    >>> owen(table[None], (2,), 0).round(3).tolist()
    [[0.315, 0.045]]
    """
    start, size = sum(sizes[:group]), sizes[group]
    members = range(start, start + size)
    rest = [v for v in range(matrices.shape[1] - 1) if v not in members]
    order = [*rest, *members, matrices.shape[1] - 1]
    others = [s for k, s in enumerate(sizes) if k != group]
    r_squared = subset_r_squared(matrices[:, order][:, :, order], [*others, *[1] * size])
    cube = r_squared.reshape(2**size, 2 ** len(others), -1)
    chance = np.array([_order_share(s, len(sizes)) for s in range(len(sizes))])
    game = np.einsum("h,thm->tm", chance[subset_sizes(len(others))], cube)
    return shapley(game - game[0])


def _order_share(size: int, players: int) -> float:
    """Share of orders in which a given set of this size comes before a given player."""
    return factorial(size) * factorial(players - size - 1) / factorial(players)


def gains_of(r_squared: Array, player: int) -> Array:
    """What adding one player gains over each subset of the others.

    >>> import numpy as np
    >>> gains_of(np.array([[0.0], [0.36], [0.09], [0.36]]), 1)[:, 0].round(2).tolist()
    [0.09, 0.0]
    """
    halves = r_squared.reshape(-1, 2, 2**player, r_squared.shape[1])
    gains: Array = (halves[:, 1] - halves[:, 0]).reshape(-1, r_squared.shape[1])
    return gains


def conditional_gains(r_squared: Array) -> Array:
    """Mean gain of each player by the number of others already in (conditional dominance).

    Takes the R² of every subset, ``(2**players, matrices)``; returns ``(players,
    players, matrices)``: a player, the number already in, a matrix.
    Source: Azen & Budescu (2003).

    >>> import numpy as np
    >>> conditional_gains(np.array([[0.0], [0.36], [0.09], [0.36]]))[:, :, 0].round(3).tolist()
    [[0.36, 0.27], [0.09, 0.0]]
    """
    players = int(r_squared.shape[0]).bit_length() - 1
    sizes = subset_sizes(players - 1)
    order = np.argsort(sizes, kind="stable")
    counts = np.bincount(sizes)
    starts = np.cumsum(counts) - counts
    sums = [
        np.add.reduceat(gains_of(r_squared, player)[order], starts) for player in range(players)
    ]
    return np.array(sums) / counts[:, None]

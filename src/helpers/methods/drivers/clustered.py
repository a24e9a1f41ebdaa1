"""Errors of slopes where answers come in accounts: leave one out at a time, few or unequal.

The usual sandwich (CR1) takes each account's residuals as they are. An account that holds
much of the answers draws the slopes to itself, so that its residuals are too small, and
the interval with them. Leaving each account out and looking how far the slopes move (CR3,
the jackknife: Bell & McCaffrey 2002; MacKinnon, Nielsen & Webb 2023) does not have that
fault, and where one account carries most of such a variance, its degrees of freedom are
few however many accounts there are (Satterthwaite's, as Bell & McCaffrey 2002 and Imbens
& Kolesár 2016 work them out).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helpers.methods.drivers.moments import pooled
from helpers.methods.solving import inverse

__all__ = ["LeftOut", "freedom", "freedoms", "left_out", "moves"]

Array = NDArray[np.float64]
Codes = NDArray[np.intp]

MOST_NUMBERS = 2**25  # in the products of all accounts: 268 MB
RIDGE = 1e-10  # of the weight: keeps an account that alone makes a driver vary invertible


@dataclass(frozen=True)
class LeftOut:
    """How the slopes of one regression move when each account is left out."""

    covariance: Array  # slopes × slopes
    freedom: Array  # degrees of freedom of each contrast asked for


def left_out(x: Array, residual: Array, weights: Array, codes: Codes, contrasts: Array) -> LeftOut:
    """Variance of the slopes of ``x`` and the degrees of freedom of contrasts of them.

    Parameters
    ----------
    x
        Centred columns of full rank, ``(respondents, slopes)``.
    residual
        Of the weighted regression on them and a constant.
    weights, codes
        Of each respondent: the weight, and the number of the account from 0.
    contrasts
        Combinations of slopes, ``(contrasts, slopes)``.

    Very many accounts, with very many columns, are first put together at random into groups
    that are left out instead (the delete-a-group jackknife: Kott 2001).

    Examples
    --------
    Four accounts of two, of which each changes the slope a little when it is left out:

    >>> import numpy as np
    >>> x, y = np.arange(8.0)[:, None] - 3.5, np.array([0, 1, 3, 2, 4, 6, 5, 7.0])
    >>> slope = (x[:, 0] @ y) / (x[:, 0] @ x[:, 0])
    >>> residual = y - y.mean() - slope * x[:, 0]
    >>> found = left_out(x, residual, np.ones(8), np.repeat(range(4), 2), np.eye(1))
    >>> round(float(found.covariance[0, 0]) ** 0.5, 3), found.freedom.round(2).tolist()
    (0.138, [1.53])
    """
    codes = _grouped(codes, x.shape[1])
    sums = _Sums.of(x, weights, codes)
    scores = np.column_stack([np.ones(len(x)), x]) * (weights * residual)[:, None]
    totals = _within(scores, codes, len(sums.own)) / weights.mean()
    moved = np.linalg.solve(sums.others, totals[:, :, None])[:, 1:, 0]
    units = len(sums.own)
    covariance = (units - 1) / units * moved.T @ moved
    return LeftOut(covariance, sums.freedom(contrasts))


def moves(x: Array, residual: Array, weights: Array, codes: Codes, contrasts: Array) -> Array:
    """What each respondent has in how far contrasts of slopes move without their account.

    The parts of an account, ``(respondents, contrasts)``, add up to its move.

    Examples
    --------
    >>> import numpy as np
    >>> x, y = np.arange(4.0)[:, None] - 1.5, np.array([0, 1, 3, 2.0])
    >>> residual = y - y.mean() - 0.8 * x[:, 0]
    >>> moves(x, residual, np.ones(4), np.arange(4), np.eye(1)).round(2).ravel().tolist()
    [0.3, 0.01, 0.16, -0.7]
    """
    codes = _grouped(codes, x.shape[1])
    scores = np.column_stack([np.ones(len(x)), x]) * (weights * residual / weights.mean())[:, None]
    padded = np.column_stack([np.zeros(len(contrasts)), np.nan_to_num(contrasts)])
    by_unit = np.linalg.solve(_Sums.of(x, weights, codes).others, padded.T[None])
    each = [np.einsum("ik,ik->i", scores, by_unit[codes, :, c]) for c in range(len(contrasts))]
    return np.where(np.isfinite(contrasts).all(axis=1), np.column_stack(each), np.nan)


def freedom(x: Array, weights: Array, codes: Codes, contrasts: Array) -> Array:
    """Degrees of freedom of contrasts of slopes alone, as :func:`left_out` has them."""
    return _Sums.of(x, weights, _grouped(codes, x.shape[1])).freedom(contrasts)


def freedoms(
    x: Array, weights: Array, codes: Codes, contrast: Array, models: Sequence[Sequence[int]]
) -> Array:
    """As :func:`freedom`, of one contrast in several models, each of some of the columns.

    >>> import numpy as np
    >>> x, codes = np.array([[0.0, 1], [1, 0], [2, 5], [3, 1]]), np.arange(4)
    >>> found = freedoms(x, np.ones(4), codes, np.ones(1), [[0], [1]])
    >>> [float(freedom(x[:, [k]], np.ones(4), codes, np.eye(1))[0]) for k in (0, 1)] == [*found]
    True
    """
    sums = _Sums.of(x, weights, _grouped(codes, x.shape[1]))
    return np.array([sums.among(model).freedom(contrast[None])[0] for model in models])


def _grouped(codes: Codes, columns: int) -> Codes:
    return pooled(codes, int(codes.max()) + 1, MOST_NUMBERS // (columns + 1) ** 2)[0]


@dataclass(frozen=True)
class _Sums:
    """Products of a constant and the columns within accounts, ``(accounts, k, k)``."""

    own: Array  # weighted
    twice: Array  # weighted twice
    others: Array  # of all other accounts

    @classmethod
    def of(cls, x: Array, weights: Array, codes: Codes) -> _Sums:
        design = np.column_stack([np.ones(len(x)), x])
        w = weights / weights.mean()
        own, twice = (_products(design, by, codes) for by in (w, w**2))
        ridge = RIDGE * len(x) * np.eye(design.shape[1])
        return cls(own, twice, own.sum(axis=0) - own + ridge)

    def among(self, columns: Sequence[int]) -> _Sums:
        """Those of a model that holds some of the columns."""
        kept = np.array([0, *(1 + column for column in columns)])
        return _Sums(
            *(part[:, kept[:, None], kept] for part in (self.own, self.twice, self.others))
        )

    def freedom(self, contrasts: Array) -> Array:
        """Satterthwaite's (tr B'B)² / tr (B'B)², were all answers equally uncertain.

        The variance is a sum of squares of ``b_g' e`` over accounts, each a combination of
        all errors: ``B'B`` holds how the combinations vary together. It is a diagonal and
        a matrix of low rank, so that no square of accounts is made.
        """
        padded = np.column_stack([np.zeros(len(contrasts)), contrasts])
        weights: Array = np.linalg.solve(self.others, padded.T[None]).astype(float)
        centre = inverse(self.own.sum(axis=0))
        middle = np.block(
            [
                [centre @ self.twice.sum(axis=0) @ centre, -centre],
                [-centre, np.zeros_like(centre)],
            ]
        )
        each = (self._freedom(weights[:, :, k], middle) for k in range(len(contrasts)))
        return np.array(list(each))

    def _freedom(self, weights: Array, middle: Array) -> float:
        first = np.einsum("gij,gj->gi", self.own, weights)
        second = np.einsum("gij,gj->gi", self.twice, weights)
        diagonal = np.einsum("gi,gi->g", weights, second)
        sides = np.column_stack([first, second])
        low = np.einsum("gi,ij,gj->g", sides, middle, sides)
        inner = middle @ (sides.T @ sides)
        squares = (diagonal**2).sum() + 2 * diagonal @ low + np.trace(inner @ inner)
        return float((diagonal.sum() + low.sum()) ** 2 / squares)


def _products(design: Array, weights: Array, codes: Codes) -> Array:
    units, width = int(codes.max()) + 1, design.shape[1]
    found = np.empty((width, width, units))
    weighted, columns = (design * weights[:, None]).T.copy(), design.T.copy()
    for a in range(width):
        for b in range(a, width):
            found[a, b] = found[b, a] = np.bincount(codes, weighted[a] * columns[b], units)
    return np.ascontiguousarray(found.transpose(2, 0, 1))


def _within(rows: Array, codes: Codes, units: int) -> Array:
    return np.column_stack([np.bincount(codes, row, units) for row in rows.T])

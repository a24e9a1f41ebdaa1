"""Linear systems that may have no single solution, solved alike on any processor.

Whether elimination notices that a matrix is singular hangs on the last bits of its sums,
so that the same answers were refused on one processor and solved on another. Here a
direction counts as none where the matrix, its diagonal brought to one so that units do
not matter, has an eigenvalue below a stated share of the largest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["SINGULAR", "inverse", "is_singular", "rank", "solution"]

Floats = NDArray[np.float64]
SINGULAR = 1e-12  # of the largest eigenvalue; sums of products are right to about 1e-15


def _scale(matrices: Floats) -> Floats:
    """One over the root of each diagonal, 1 where that is nothing."""
    diagonal = np.diagonal(matrices, axis1=-2, axis2=-1)
    return np.asarray(1 / np.sqrt(np.where(diagonal > 0, diagonal, 1.0)))


def _scaled(matrices: Floats) -> tuple[Floats, Floats]:
    scale = _scale(matrices)
    return matrices * scale[..., :, None] * scale[..., None, :], scale


def is_singular(matrix: Floats, *, tolerance: float = SINGULAR) -> bool:
    """Whether a symmetric matrix has a direction that holds nothing.

    Examples
    --------
    >>> is_singular(np.array([[1.0, 2.0], [2.0, 4.0]])), is_singular(np.diag([1.0, 1e-30]))
    (True, False)
    """
    if not np.isfinite(matrix).all():
        return True
    return rank(matrix, tolerance=tolerance) < len(matrix)


def rank(matrix: Floats, *, tolerance: float = SINGULAR) -> int:
    """How many directions of a symmetric matrix hold something.

    Examples
    --------
    >>> rank(np.array([[1.0, 2.0], [2.0, 4.0]]))
    1
    """
    sizes = np.abs(np.linalg.eigvalsh(_scaled(matrix)[0]))
    return int((sizes > tolerance * sizes.max(initial=0.0)).sum())


def inverse(matrices: Floats, *, tolerance: float = SINGULAR) -> Floats:
    """Inverses of symmetric matrices; pseudo-inverses where a direction holds nothing.

    Parameters
    ----------
    matrices
        One, or many of the same size in front of the last two axes.
    tolerance
        Share of the largest eigenvalue below which one counts as nothing.

    References
    ----------
    Golub and Van Loan (2013), Matrix Computations, 5.5.2.

    Examples
    --------
    >>> inverse(np.array([[2.0, 0.0], [0.0, 4e-20]])).diagonal() * [2.0, 4e-20]
    array([1., 1.])
    >>> inverse(np.array([[1.0, 1.0], [1.0, 1.0]])).round(9).tolist()
    [[0.25, 0.25], [0.25, 0.25]]
    """
    scaled, scale = _scaled(np.asarray(matrices, dtype=float))
    found = np.linalg.pinv(scaled, rcond=tolerance, hermitian=True)
    return np.asarray(found * scale[..., :, None] * scale[..., None, :])


def solution(matrices: Floats, columns: Floats, *, tolerance: float = SINGULAR) -> Floats:
    """Solutions of symmetric systems, the shortest in scaled units where there are many.

    ``columns`` is one column for one matrix, else columns in the last two axes.

    Examples
    --------
    >>> solution(np.array([[2.0, 0.0], [0.0, 4.0]]), np.array([2.0, 2.0])).tolist()
    [1.0, 0.5]
    """
    return np.asarray(inverse(matrices, tolerance=tolerance) @ columns)

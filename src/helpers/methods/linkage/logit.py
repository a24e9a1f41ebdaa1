"""Logistic regression where a library stops: separated data, and many weighted refits."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.optimize import linprog
from scipy.special import expit

from helpers.errors import NotEstimable
from helpers.methods.solving import inverse

__all__ = [
    "GUARD",
    "SETTLED",
    "STEEPEST",
    "damped",
    "firth",
    "refit",
    "separating_direction",
    "splits_wholly",
]

STEEPEST = 30.0  # beyond this a probability is 0 or 1 to 13 digits
CELLS = 100_000  # replicates x rows worked on at once, in the processor's own memory
SETTLED = 1e-5  # a Newton step this small leaves an error of its square
STILL = 1e-6  # of one replicate among many
GUARD = 1e-4  # a ridge so light that only a replicate without an answer feels it


def separating_direction(matrix: np.ndarray, outcome: np.ndarray) -> np.ndarray | None:
    """Find the mix of columns that splits the outcome, or ``None`` where none does.

    Maximum likelihood has no finite answer exactly if such a mix exists (Albert &
    Anderson, Biometrika, 1984); it is found by a linear programme (Konis, Oxford, 2007).

    Examples
    --------
    >>> matrix = np.column_stack([np.ones(4), [1.0, 2.0, 3.0, 4.0]])
    >>> separating_direction(matrix, np.array([0, 1, 0, 1])) is None
    True
    """
    signed = matrix * np.where(outcome > 0, 1.0, -1.0)[:, None]
    found = linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=(-1, 1))
    if found.status != 0 or -found.fun < 1e-6:
        return None
    return np.asarray(found.x)


def splits_wholly(matrix: np.ndarray, outcome: np.ndarray) -> bool:
    """Whether some mix of columns tells every outcome, no row on the border.

    >>> splits_wholly(np.column_stack([np.ones(4), [1.0, 2.0, 3.0, 4.0]]), np.array([0, 0, 1, 1]))
    True
    """
    signed = matrix * np.where(outcome > 0, 1.0, -1.0)[:, None]
    ends = -np.ones(len(signed))
    found = linprog(np.zeros(matrix.shape[1]), A_ub=-signed, b_ub=ends, bounds=(None, None))
    return bool(found.status == 0)


def firth(matrix: np.ndarray, outcome: np.ndarray, rounds: int = 200) -> np.ndarray:
    """Logit coefficients under Firth's penalty, finite even where the data separate.

    Firth, Biometrika, 1993; Heinze & Schemper, Statistics in Medicine, 2002.

    Examples
    --------
    Two of two against none of two: the penalty adds half a case to each cell, so the
    log odds ratio is that of 2.5, 0.5 and 0.5, 2.5.

    >>> matrix = np.column_stack([np.ones(4), [0.0, 0.0, 1.0, 1.0]])
    >>> float(firth(matrix, np.array([0, 0, 1, 1]))[1].round(6))
    3.218876
    """
    coefficients = np.zeros(matrix.shape[1])
    for _ in range(rounds):
        likely = expit(matrix @ coefficients)
        spread = likely * (1 - likely)
        bread = inverse(matrix.T @ (matrix * spread[:, None]))
        leverage = spread * np.einsum("ij,jk,ik->i", matrix, bread, matrix)
        step = bread @ (matrix.T @ (outcome - likely + leverage * (0.5 - likely)))
        step *= min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-300))
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-10:
            return coefficients
    raise NotEstimable("the model does not settle on an answer: adjust for fewer columns")


def refit(
    matrix: np.ndarray,
    outcome: np.ndarray,
    weights: np.ndarray,
    start: np.ndarray,
    *,
    logit: bool = True,
    rounds: int = 8,
) -> np.ndarray:
    """Refit a model once for each row of ``weights``, from a warm start.

    All replicates are solved together: the sums each Newton step needs are one
    matrix product, of the weights with the products of the columns.

    Parameters
    ----------
    matrix, outcome
        n rows of p columns; n outcomes.
    weights
        replicates x n, for example how often a bootstrap drew each row's account.
    start
        p coefficients to start from.
    logit
        Logistic regression, or least squares where false.
    rounds
        Newton steps at most.

    Returns
    -------
    numpy.ndarray
        replicates x p coefficients.
    """
    size = max(1, CELLS // max(1, len(matrix)))
    rows, columns = _pairs(matrix.shape[1])
    products = matrix[:, rows] * matrix[:, columns]
    parts = [
        _refit_some(matrix, products, outcome, weights[i : i + size], start, logit, rounds)
        for i in range(0, len(weights), size)
    ]
    return np.concatenate(parts)


def _refit_some(
    matrix: np.ndarray,
    products: np.ndarray,
    outcome: np.ndarray,
    weights: np.ndarray,
    start: np.ndarray,
    logit: bool,
    rounds: int,
) -> np.ndarray:
    coefficients = np.tile(start, (len(weights), 1))
    reached = weights @ (outcome[:, None] * matrix)
    moments = _at_start(matrix, products, weights, start, logit)
    going = np.arange(len(weights))  # replicates that have not settled
    for left in range(rounds if logit else 1, 0, -1):
        expected, spread = moments
        off = coefficients[going]
        slope = reached[going] - expected - GUARD * (off - start)
        step = np.linalg.solve(_square(spread, matrix.shape[1]), slope[:, :, None])[:, :, 0]
        coefficients[going] = off + damped(step)
        going = going[np.abs(step).max(axis=1) >= STILL]
        if left == 1 or not len(going):
            break
        some = weights if len(going) == len(weights) else weights[going]
        moments = _at(coefficients[going], matrix, products, some)
    return coefficients


def _at_start(
    matrix: np.ndarray, products: np.ndarray, weights: np.ndarray, start: np.ndarray, logit: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Sums of what is expected and of its spread, where all replicates begin alike."""
    line = matrix @ start
    if not logit:
        return weights @ (line[:, None] * matrix), weights @ products
    expected = expit(np.clip(line, -STEEPEST, STEEPEST))
    spread = expected - expected * expected
    return weights @ (expected[:, None] * matrix), weights @ (spread[:, None] * products)


def _at(
    coefficients: np.ndarray, matrix: np.ndarray, products: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The same for coefficients of each replicate's own."""
    line = coefficients @ matrix.T
    expected = expit(np.clip(line, -STEEPEST, STEEPEST, out=line), out=line)
    counted = weights * expected
    reached = counted @ matrix
    expected *= counted
    return reached, np.subtract(counted, expected, out=counted) @ products


def damped(step: np.ndarray) -> np.ndarray:
    """Newton steps, a row each, none of them longer than 3 in any coefficient.

    Examples
    --------
    >>> damped(np.array([[6.0, 1.0], [0.5, 1.0]])).tolist()
    [[3.0, 0.5], [0.5, 1.0]]
    """
    longest = np.abs(step).max(axis=1, keepdims=True)
    return np.asarray(step * np.minimum(1.0, 3.0 / np.maximum(longest, 1e-300)))


@cache
def _pairs(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Each pair of columns once: asked for at every step."""
    rows, columns = np.triu_indices(size)
    return rows, columns


def _square(packed: np.ndarray, size: int) -> np.ndarray:
    rows, columns = _pairs(size)
    full = np.empty((len(packed), size, size))
    full[:, rows, columns] = packed
    full[:, columns, rows] = packed
    full[:, np.arange(size), np.arange(size)] += GUARD
    return full

"""Drivers that cannot be used, each with the reason: no answers, no differences, answers twice."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["IDENTICAL", "SMALLEST_BASE", "constant", "empty", "repeated", "seldom_together"]


Array = NDArray[np.float64]

SMALLEST_BASE = 10
IDENTICAL = 1e-12  # two drivers correlate this close to 1: the same answers twice


def empty(x: Array, names: tuple[str, ...]) -> dict[str, str]:
    """Drivers that too few answered."""
    answered = np.isfinite(x).sum(axis=0)
    few = min(SMALLEST_BASE, len(x))
    return {
        name: f"only {count} answers" if count else "no answers"
        for name, count in zip(names, answered, strict=True)
        if count < few
    }


def constant(x: Array, names: tuple[str, ...]) -> dict[str, str]:
    """Drivers whose answers are all the same."""
    found: dict[str, str] = {}
    if len(x) and np.isfinite(x).all() and (x != x[0]).any(axis=0).all():
        return found  # quickly told where nothing is missing
    for name, column in zip(names, x.T, strict=True):
        values = column[np.isfinite(column)]
        if values.size >= SMALLEST_BASE and np.ptp(values) == 0:
            found[name] = f"every answer is {values[0]:g}: nothing to compare"
    return found


def repeated(x: Array, names: tuple[str, ...]) -> dict[str, str]:
    """Drivers that carry the answers of another; the most answered, or first by name, stays."""
    if len(x) < SMALLEST_BASE:
        return {}
    found: dict[str, str] = {}
    if np.isfinite(x).all():
        r = _correlations(x)
    else:
        r = pd.DataFrame(x).corr(min_periods=SMALLEST_BASE).to_numpy()
    answered = np.isfinite(x).sum(axis=0)
    order = sorted(range(len(names)), key=lambda k: (-answered[k], names[k]))
    for place, k in enumerate(order):
        for other in order[:place]:
            if names[other] not in found and abs(r[k, other]) > 1 - IDENTICAL:
                found[names[k]] = (
                    f"the same answers as {names[other]!r}: the two cannot be told apart"
                )
                break
    return found


def _correlations(x: Array) -> Array:
    """Of complete columns, none of them constant."""
    centred = x - x.mean(axis=0)
    products = centred.T @ centred
    spread = np.sqrt(np.diagonal(products))
    return np.asarray(products / np.outer(spread, spread))


def seldom_together(x: Array, names: tuple[str, ...]) -> dict[str, str]:
    """Drivers to leave out until each pair was answered by enough; the less answered go."""
    answered = np.isfinite(x).astype(float)
    together = answered.T @ answered
    found: dict[str, str] = {}
    left = sorted(range(len(names)), key=lambda k: (-together[k, k], names[k]))
    while len(left) > 1:
        pairs = together[np.ix_(left, left)]
        first, second = np.unravel_index(int(pairs.argmin()), pairs.shape)
        if pairs[first, second] >= min(SMALLEST_BASE, len(x)):
            break
        stays, goes = sorted((first, second))
        found[names[left[goes]]] = (
            f"answered together with {names[left[stays]]!r} by {pairs[first, second]:.0f} only, "
            f"at least {SMALLEST_BASE} needed"
        )
        del left[goes]
    return found

"""Parts of a total that keep within bounds, and whole numbers that add up to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.methods.survey.calibration import Floats

__all__ = ["scaled_between", "whole_numbers"]


def scaled_between(pull: Floats, total: float, low: Floats, high: Floats) -> Floats:
    """Parts that sum to a total, proportional to ``pull`` except where a bound holds them.

    The factor that makes them sum is found exactly, between the points at which one
    part after the other meets a bound.

    Raises
    ------
    ValueError
        If no parts within the bounds sum to the total.

    Examples
    --------
    >>> scaled_between(np.array([1.0, 1.0, 8.0]), 20, np.zeros(3), np.array([9.0, 9.0, 10.0]))
    array([ 5.,  5., 10.])
    """
    pull, low, high = (np.asarray(part, dtype=float) for part in (pull, low, high))
    if not low.sum() <= total <= high.sum():
        raise ValueError(f"no parts between {low.sum():g} and {high.sum():g} sum to {total:g}")
    moves = pull > 0
    if not moves.any() or np.where(moves, high, low).sum() < total:
        return _filled(total, np.where(moves, high, low), high)
    steps = np.unique(np.concatenate([low[moves] / pull[moves], high[moves] / pull[moves]]))
    sums = np.array([np.clip(step * pull, low, high).sum() for step in steps])
    place = min(int(np.searchsorted(sums, total)), len(steps) - 1)
    if place == 0 or sums[place] == sums[place - 1]:
        return np.clip(steps[place] * pull, low, high)
    reach = (total - sums[place - 1]) / (sums[place] - sums[place - 1])
    factor = steps[place - 1] + reach * (steps[place] - steps[place - 1])
    return np.clip(factor * pull, low, high)


def _filled(total: float, parts: Floats, high: Floats) -> Floats:
    """What the parts that pull cannot take goes to the others by the room they have."""
    room = high - parts
    return parts + room * (total - parts.sum()) / room.sum() if room.sum() else parts


def whole_numbers(parts: ArrayLike, total: int) -> NDArray[np.int64]:
    """Round parts to whole numbers that sum to the total, by largest remainder.

    Of equal remainders the first is rounded up. Parts that are whole already stay.

    Raises
    ------
    ValueError
        If the parts do not sum to the total, or one is negative.

    Examples
    --------
    >>> whole_numbers([24.571, 7.429, 28.8, 5.714, 17.029, 16.457], 100).tolist()
    [25, 7, 29, 6, 17, 16]
    """
    exact = np.asarray(parts, dtype=float)
    if not abs(exact.sum() - total) <= 1e-6 * max(total, 1) or (exact < 0).any():
        raise ValueError(f"the parts sum to {exact.sum():g}, not to {total}, or one is negative")
    nearest = np.round(exact)
    exact = np.where(np.abs(exact - nearest) < 1e-9 * np.maximum(nearest, 1), nearest, exact)
    floors = np.floor(exact).astype(np.int64)
    left = total - int(floors.sum())
    order = np.argsort(-(exact - floors), kind="stable")
    floors[order[:left]] += 1
    return floors

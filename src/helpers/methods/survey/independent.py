"""The difference of two estimates that rest on different people, from their intervals alone."""

from __future__ import annotations

from math import hypot
from typing import NamedTuple

__all__ = ["Ends", "independent_difference"]


class Ends(NamedTuple):
    """An estimate and the ends of its interval."""

    value: float
    low: float
    high: float


def independent_difference(before: Ends, after: Ends) -> Ends:
    """How much the second is above the first, with an interval made of theirs (MOVER).

    Each side of the interval comes from the sides of the two that work that way, so that
    crooked intervals, as of shares near 0 or 1, stay crooked. Both must be of one confidence, and
    the two samples independent: where the same people are in both, the interval is too wide.

    References
    ----------
    Zou and Donner (2008), Statistics in Medicine 27(10).

    Raises
    ------
    ValueError
        Where an estimate lies outside its interval.

    Examples
    --------
    Newcombe (1998), Statistics in Medicine 17(8), example (a): 48 of 80 and 56 of 70, each with
    Wilson's interval; his method 10 gives 0.0524 to 0.3339.

    >>> first, second = Ends(0.6, 0.490455, 0.700382), Ends(0.8, 0.691834, 0.876953)
    >>> [round(end, 4) for end in independent_difference(first, second)]
    [0.2, 0.0524, 0.3339]
    """
    for value, low, high in (before, after):
        if not low <= value <= high:
            raise ValueError(f"{value} lies outside its interval, {low} to {high}")
    value = after.value - before.value
    down = hypot(after.value - after.low, before.high - before.value)
    up = hypot(after.high - after.value, before.value - before.low)
    return Ends(value, value - down, value + up)

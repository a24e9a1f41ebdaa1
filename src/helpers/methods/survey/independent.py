"""The difference of two estimates that rest on different people, from their intervals alone."""

from __future__ import annotations

from math import hypot
from statistics import NormalDist
from typing import NamedTuple

__all__ = ["Ends", "independent_difference", "independent_p"]


class Ends(NamedTuple):
    """An estimate and the ends of its interval."""

    value: float
    low: float
    high: float


def independent_difference(before: Ends, after: Ends) -> Ends:
    """How much the second is above the first, with an interval made of theirs (MOVER).

    Each side of the interval comes from the sides of the two that work that way, so that
    crooked intervals, as of shares near 0 or 1, stay crooked. Both must be of one confidence, and
    the two samples independent. Of two levels in which the same people are, the interval is too
    wide. It is too narrow for two changes that share a wave, W2 less W1 and W1 less W0: what W1
    has by chance is in both, with opposite signs.

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


def independent_p(before: Ends, after: Ends, confidence: float) -> float:
    """Two-sided p of no difference, as the interval of `independent_difference` implies it.

    The side of the interval that points to 0 is taken for that of a normal distribution: p is
    below one less the confidence exactly where the interval holds no 0.

    Parameters
    ----------
    confidence
        That of both intervals, above 0 and below 1.

    Raises
    ------
    ValueError
        Where an estimate lies outside its interval, or the confidence outside 0 to 1.

    Examples
    --------
    >>> round(independent_p(Ends(40.0, 36.0, 44.0), Ends(40.0 + 4 * 2**0.5, 41.6568, 49.6568),
    ...                     0.95), 4)
    0.05
    """
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1, not at {confidence}")
    value, low, high = independent_difference(before, after)
    side = value - low if value > 0 else high - value
    if value == 0 or side == 0:
        return 1.0 if value == 0 else 0.0
    z = abs(value) / side * NormalDist().inv_cdf((1 + confidence) / 2)
    return 2 * NormalDist().cdf(-z)

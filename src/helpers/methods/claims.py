"""How small a p value has to be before a difference is called clear, alone and in a whole book.

A book asks dozens of questions. Were each called clear at 5 %, nearly every second book of a
client where nothing moves anything would say something that is not so. The questions that a
survey is made for (the change of the leading score, what drives it, what follows from it) keep
5 % each. Chapters that look on the side, who answered and who wrote what, share out less among
their questions: 1 % a chapter, which costs little where differences are real, as these are large.

What is clear on its own is then held against all questions of the book: :func:`hold`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit
from scipy.stats import false_discovery_control

__all__ = ["OF_COMMENTS", "OF_NONRESPONSE", "hold", "least", "level", "p_of_draws", "p_of_interval"]

SIDE = 0.2  # of the error that an interval allows: 1 % at 95 %
OF_NONRESPONSE = 4  # who answers least, who late, what became of the silent, who is kept out
OF_COMMENTS = 4  # who writes, what groups name, what words they use, how namers rate


def level(confidence: float, among: int = 1) -> float:
    """The p value, corrected within one question, below which its answer is clear.

    Parameters
    ----------
    confidence
        Of the chapter's intervals.
    among
        How many questions the chapter asks (Bonferroni: they are answered one by one).

    Examples
    --------
    >>> round(level(0.95), 4), round(level(0.95, among=4), 4)
    (0.01, 0.0025)
    """
    return (1 - confidence) * SIDE / among


def p_of_draws(draws: ArrayLike, against: float = 0.0) -> float:
    """The two-sided p value of draws of a gain: twice the share on the smaller side of nothing.

    Never less than so many draws can tell.

    >>> p_of_draws([1.0] * 97 + [-1.0] * 3), round(p_of_draws([1.0] * 99), 2)
    (0.06, 0.01)
    """
    values = np.asarray(draws, dtype=float)
    fewer = min(int((values <= against).sum()), int((values >= against).sum()))
    return min(1.0, max(2 * fewer / values.size, 1 / (values.size + 1)))


def p_of_interval(
    value: float,
    low: float,
    high: float,
    *,
    against: float = 0.0,
    confidence: float = 0.95,
    degrees_of_freedom: float = np.inf,
) -> float:
    """The two-sided p value that an interval goes with.

    The side of the interval that looks toward ``against`` tells the standard error, so that
    an interval that is longer on one side counts as it should, and p is below
    ``1 - confidence`` exactly where the interval leaves ``against`` out.

    Parameters
    ----------
    value, low, high
        An estimate and its interval, on one scale.
    against
        What it would be where nothing is there.
    confidence
        Of the interval.
    degrees_of_freedom
        Of the t distribution that it was made with; infinite for a normal one.

    References
    ----------
    Altman and Bland (2011), How to obtain the P value from a confidence interval, BMJ 343, d2304.

    Examples
    --------
    >>> round(p_of_interval(0.5, 0.1, 0.9), 4), round(p_of_interval(0.5, 0.0, 2.0), 4)
    (0.0143, 0.05)
    >>> round(p_of_interval(0.5, 0.1, 0.9, degrees_of_freedom=10), 4)
    0.0193
    """
    side = value - low if value > against else high - value
    if value == against:
        return 1.0
    if side <= 0:
        return 0.0
    tail, far = (1 + confidence) / 2, abs(value - against) / side
    if np.isinf(degrees_of_freedom):
        return float(2 * ndtr(-far * ndtri(tail)))
    return float(2 * stdtr(degrees_of_freedom, -far * stdtrit(degrees_of_freedom, tail)))


def least(p: ArrayLike, toward: ArrayLike = True) -> float | None:
    """The smallest of p values that are corrected for their number; ``None`` where none is known.

    ``toward`` is whether each points the way that is asked about; those that do not are no
    sign of it, and count as 1.

    >>> least([0.2, float("nan"), 0.03]), least([0.2, 0.03], [True, False]), least([float("nan")])
    (0.03, 0.2, None)
    """
    values = np.asarray(p, dtype=float)
    asked = np.where(np.asarray(toward, dtype=bool), values, 1.0)[np.isfinite(values)]
    return float(asked.min()) if asked.size else None


def hold(p: ArrayLike, first: ArrayLike, confidence: float = 0.95) -> NDArray[np.bool_]:
    """Which of a book's questions have an answer that is clear among all of them.

    The few that the first page is made of share the error that one interval allows, and all
    others share as much again: of books where nothing is there at most twice that say anything.

    Parameters
    ----------
    p
        Of each question, 0 to 1; NaN where none was asked.
    first
        Whether a question is one of the first page's.
    confidence
        One less the share of false answers among those that are clear, in each of the two families.

    References
    ----------
    Benjamini and Hochberg (1995), Controlling the false discovery rate, Journal of the Royal
    Statistical Society B 57, 289-300, section 3.1: over a family where nothing is there it is the
    test of Simes, and the share of families with any false answer is the same.

    Examples
    --------
    >>> hold([0.004, 0.03, 0.04, 0.02, 0.6], [True, True, True, False, False]).tolist()
    [True, True, True, True, False]
    """
    values, ahead = np.asarray(p, dtype=float), np.asarray(first, dtype=bool)
    held = np.zeros(values.shape, dtype=bool)
    for family in (ahead, ~ahead):
        asked = family & np.isfinite(values)
        held[asked] = false_discovery_control(values[asked]) <= 1 - confidence
    return held

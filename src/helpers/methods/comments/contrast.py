"""Whether two sides name a theme equally often: a score test that keeps accounts together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t

from helpers.methods.comments.correction import Worth, unknown, worth
from helpers.methods.survey.averages import weighted_mean
from helpers.methods.survey.calibration import Floats

__all__ = ["EXPECTED", "Contrast", "contrast", "difference_interval"]

EXPECTED = 5  # people of a side who would name the theme, and who would not, were sides alike


@dataclass(frozen=True, slots=True)
class Contrast:
    """A difference of shares under the hypothesis that there is none.

    ``expected`` is the fewest people of a side who would name the theme, or would not: below
    five the test is not to be trusted.
    """

    value: float
    p: float
    expected: float


def contrast(
    hand: pd.Series,
    calls: pd.Series,
    sides: tuple[pd.Series, pd.Series],
    weights: pd.Series | None,
    clusters: pd.Series,
) -> Contrast:
    """Test whether two sides name a theme equally often.

    The variance is that of both sides taken together, as it would be were they alike (a score
    test): a side on which nobody names a rare theme has no variance of its own, and would
    seem sure. Likeness within accounts is one correlation over both sides. Comments that only
    the coder called vary by as much as their calls are worth, and what is not known of that
    worth counts too.

    Parameters
    ----------
    hand, calls
        1, 0 or missing for every comment, of other waves too.
    sides
        Which comments are on the one side, and on the other.
    weights, clusters
        Of every comment: its respondent's weight, its account.

    References
    ----------
    Agresti (2013), Categorical Data Analysis, 1.3 and 3.2 (score tests); Tenenbein (1970),
    JASA 65.

    Examples
    --------
    >>> calls = pd.Series([1.0] * 16 + [0.0] * 149 + [0.0] * 35)
    >>> here = pd.Series([False] * 165 + [True] * 35)
    >>> found = contrast(calls * np.nan, calls, (here, ~here), None, pd.Series(range(200)))
    >>> round(found.value, 3), round(found.p, 2), round(found.expected, 1)
    (-0.097, 0.06, 2.8)
    """
    known = hand.fillna(calls).notna()
    pulls = [_pull(side & known, weights) for side in sides]
    here = (known & (sides[0] | sides[1])).to_numpy()
    value_of = worth(hand, calls)
    answers, spread, least = _under_null(hand, calls, here, weights, value_of)
    value = float((pulls[0] - pulls[1])[here] @ answers[here])
    codes = pd.factorize(clusters)[0]
    alike = _likeness(answers, spread, here, codes)
    variance = _spread((pulls[0] - pulls[1]) * spread, alike, codes)
    variance += _of_worth(hand, calls, pulls[0] - pulls[1], value_of)
    people = min(1 / _spread(pull, alike, codes) for pull in pulls)
    units = len(np.unique(codes[here]))
    p = float(2 * t.sf(abs(value) / variance**0.5, max(units - 2, 1))) if variance > 0 else np.nan
    return Contrast(value, p, float(people * least))


def difference_interval(
    one: tuple[float, float, float], other: tuple[float, float, float]
) -> tuple[float, float]:
    """The interval of a difference from the intervals of its two sides: square and add.

    What the sides have in common is left out, so that it is rather too wide than too narrow.

    Parameters
    ----------
    one, other
        Value, lower and upper end of each side.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17: 873-890, method 10.

    Examples
    --------
    Newcombe's first example: 56 of 70 against 48 of 80, with the ends of Wilson's intervals.

    >>> low, high = difference_interval((0.8, 0.6918, 0.8771), (0.6, 0.4906, 0.7005))
    >>> round(low, 3), round(high, 3)
    (0.052, 0.334)
    """
    (p, p_low, p_high), (q, q_low, q_high) = one, other
    down, up = np.hypot(p - p_low, q_high - q), np.hypot(p_high - p, q - q_low)
    return float(p - q - down), float(p - q + up)


def _pull(side: pd.Series, weights: pd.Series | None) -> Floats:
    """How much each comment counts in the share of a side."""
    w = np.ones(len(side)) if weights is None else weights.to_numpy(dtype=float)
    held = np.where(side, w, 0.0)
    return np.asarray(held / held.sum())


def _under_null(
    hand: pd.Series, calls: pd.Series, here: np.ndarray, weights: pd.Series | None, value_of: Worth
) -> tuple[Floats, Floats, float]:
    """What each comment counts as, how much that varies were both sides alike, the rarest share."""
    w = np.ones(len(hand)) if weights is None else weights.to_numpy(dtype=float)
    h, m = hand.to_numpy(dtype=float), calls.to_numpy(dtype=float)
    open_ = here & np.isnan(h)
    answers = np.where(np.isnan(h), m, h)
    if value_of.corrects:
        answers[open_] = np.where(m[open_] == 1, value_of.yes, value_of.no)
    shares = [float(weighted_mean(answers[here], w[here]))]
    spread = np.full(len(h), (shares[0] * (1 - shares[0])) ** 0.5)
    if open_.any():
        called = float(weighted_mean(m[open_], w[open_]))
        step = value_of.yes - value_of.no if value_of.corrects else 1.0
        spread[open_] = abs(step) * (called * (1 - called)) ** 0.5
        shares.append(called)
    return answers, spread, min(min(share, 1 - share) for share in shares)


def _likeness(answers: Floats, spread: Floats, here: np.ndarray, codes: np.ndarray) -> float:
    """How alike comments of one account are: one correlation, not below nought."""
    z = np.zeros(len(answers))
    for size in np.unique(spread[here]):  # coded and called comments each about their own mean
        rows = here & (spread == size)
        z[rows] = (answers[rows] - answers[rows].mean()) / size if size > 0 else 0.0
    totals, squares = np.bincount(codes[here], z[here]), np.bincount(codes[here], z[here] ** 2)
    sizes = np.bincount(codes[here])
    pairs = float((sizes * (sizes - 1)).sum())
    return float(np.clip((totals**2 - squares).sum() / pairs, 0, 1)) if pairs else 0.0


def _spread(pull: Floats, alike: float, codes: np.ndarray) -> float:
    """Variance of a sum of comments, each with its pull, that are alike within accounts."""
    held = np.bincount(codes, pull)
    return float((1 - alike) * pull @ pull + alike * held @ held)


def _of_worth(hand: pd.Series, calls: pd.Series, pull: Floats, value_of: Worth) -> float:
    """Variance that comes from not knowing what a call is worth, drawn off nought and one."""
    if not value_of.corrects:
        return 0.0
    h, m = hand.to_numpy(dtype=float), calls.to_numpy(dtype=float)
    found = 0.0
    for call in (0, 1):
        kind, coded = m == call, ~np.isnan(h)
        doubt = unknown(float(h[kind & coded].sum()), int((kind & coded).sum()))
        open_, told = pull[kind & ~coded].sum(), pull[kind & coded].sum()
        found += doubt * max(open_**2 + 2 * open_ * told, 0.0)
    return float(found)

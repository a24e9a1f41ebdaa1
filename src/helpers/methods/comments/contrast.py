"""Whether two sides name a theme equally often: a score test that keeps accounts together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.stats import t

from helpers.methods.comments.correction import Bools, Codes, unknown
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.calibration import Floats

__all__ = [
    "EXPECTED", "Contrast", "accounts_of", "contrast", "contrasts", "difference_interval",
]  # fmt: skip

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
    design: SurveyDesign,
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
    design
        Of every comment: weights and accounts count; strata and calibration do not.

    References
    ----------
    Agresti (2013), Categorical Data Analysis, 1.3 and 3.2 (score tests); Tenenbein (1970),
    JASA 65.

    Examples
    --------
    >>> calls = pd.Series([1.0] * 16 + [0.0] * 149 + [0.0] * 35)
    >>> here = pd.Series([False] * 165 + [True] * 35)
    >>> found = contrast(calls * np.nan, calls, (here, ~here), SurveyDesign())
    >>> round(found.value, 3), round(found.p, 2), round(found.expected, 1)
    (-0.097, 0.06, 2.8)
    """
    codes = Codes.of(hand.to_frame(), calls.to_frame())
    w = design.weights_for(hand).to_numpy()
    clusters = design.clusters_for(hand)
    one, other = (side.to_numpy(dtype=bool) for side in sides)
    accounts = accounts_of(hand.index.to_series() if clusters is None else clusters)
    return contrasts(codes, (one, other), w, accounts)[0]


def accounts_of(clusters: pd.Series) -> csr_matrix:
    """A matrix that sums comments by account: a row an account, a column a comment."""
    codes, names = pd.factorize(clusters)
    places = (codes, np.arange(len(codes)))
    return csr_matrix((np.ones(len(codes)), places), shape=(len(names), len(codes)))


def contrasts(
    codes: Codes, sides: tuple[Bools, Bools], weights: Floats, accounts: csr_matrix
) -> list[Contrast]:
    """Test for each theme whether two sides name it equally often, as :func:`contrast` does."""
    known, w = codes.known, weights[:, None]
    pulls = [_pull(side[:, None] & known, w) for side in sides]
    here = known & (sides[0] | sides[1])[:, None]
    answers = np.where(here, codes.answers, 0.0)
    spread, least = _under_null(codes, answers, here, w)
    pull = pulls[0] - pulls[1]
    value = (pull * answers).sum(axis=0)
    alike = _likeness(codes, answers, spread, here, accounts)
    variance = _spread(pull * spread, alike, accounts) + _of_worth(codes, pull)
    people = np.min([1 / _spread(side, alike, accounts) for side in pulls], axis=0)
    units = ((accounts @ here.astype(float)) > 0).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * t.sf(np.abs(value) / variance**0.5, np.maximum(units - 2, 1))
    p = np.where(variance > 0, p, np.nan)
    return [Contrast(*map(float, each)) for each in zip(value, p, people * least, strict=True)]


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


def _pull(side: Bools, weights: Floats) -> Floats:
    """How much each comment counts in the share of a side."""
    held = np.where(side, weights, 0.0)
    return np.asarray(held / held.sum(axis=0))


def _under_null(
    codes: Codes, answers: Floats, here: Bools, weights: Floats
) -> tuple[Floats, Floats]:
    """How much each comment varies were both sides alike, and the rarest share of each theme."""
    open_ = here & np.isnan(codes.hand)
    share = _mean(answers, here, weights)
    called = _mean(np.nan_to_num(codes.calls), open_, weights)
    steps = np.array([value.yes - value.no if value.corrects else 1.0 for value in codes.worth])
    spread = np.where(
        open_, np.abs(steps) * (called * (1 - called)) ** 0.5, (share * (1 - share)) ** 0.5
    )
    shares = np.array([share, 1 - share, called, 1 - called])
    shares[2:, ~open_.any(axis=0)] = 1.0
    return spread, shares.min(axis=0)


def _mean(values: Floats, rows: Bools, weights: Floats) -> Floats:
    """Weighted mean of some rows of each column; nought where there are none."""
    held = np.where(rows, weights, 0.0)
    total = held.sum(axis=0)
    return np.asarray((held * values).sum(axis=0) / np.where(total > 0, total, 1.0))


def _likeness(
    codes: Codes, answers: Floats, spread: Floats, here: Bools, accounts: csr_matrix
) -> Floats:
    """How alike comments of one account are: one correlation a theme, not below nought."""
    open_ = np.isnan(codes.hand)
    own = [np.where(here & kind, spread, 0.0).max(axis=0) for kind in (open_, ~open_)]
    z = np.zeros_like(answers)
    for kind in (open_ & (own[0] != own[1]), ~open_ | (own[0] == own[1])):
        rows = here & kind  # coded and called comments each about their own mean
        off = answers - _mean(answers, rows, np.ones((len(answers), 1)))
        z = np.where(rows & (spread > 0), off / np.where(spread > 0, spread, 1.0), z)
    totals, squares = accounts @ z, accounts @ z**2
    sizes = accounts @ here.astype(float)
    pairs = (sizes * (sizes - 1)).sum(axis=0)
    found = (totals**2 - squares).sum(axis=0) / np.where(pairs > 0, pairs, 1.0)
    return np.asarray(np.where(pairs > 0, np.clip(found, 0, 1), 0.0))


def _spread(pull: Floats, alike: Floats, accounts: csr_matrix) -> Floats:
    """Variance of a sum of comments, each with its pull, that are alike within accounts."""
    held = accounts @ pull
    return np.asarray((1 - alike) * (pull**2).sum(axis=0) + alike * (held**2).sum(axis=0))


def _of_worth(codes: Codes, pull: Floats) -> Floats:
    """Variance that comes from not knowing what a call is worth, drawn off nought and one."""
    coded, found = ~np.isnan(codes.hand), np.zeros(pull.shape[1])
    for call in (0, 1):
        kind = codes.calls == call
        open_, told = (np.where(kind & of, pull, 0.0).sum(axis=0) for of in (~coded, coded))
        doubt = unknown(codes.named[call], codes.counts[call])
        found += doubt * np.maximum(open_**2 + 2 * open_ * told, 0.0)
    return np.asarray(np.where(codes.corrects, found, 0.0))

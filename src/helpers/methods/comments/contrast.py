"""Whether two sides name a theme equally often: a score test that keeps accounts together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.stats import f as fisher
from scipy.stats import t

from helpers.methods.comments.correction import Bools, Codes, unknown
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.placing import Placed, sampled, stretch

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
    error: float = float("nan")
    freedom: float = float("nan")
    waves: float = 1.0  # that have a say
    p_waves: float = float("nan")  # chance of waves as unlike, were they one

    def interval(self, confidence: float) -> tuple[float, float]:
        """The difference that these comments allow, between all and none."""
        reach = float(t.ppf((1 + confidence) / 2, self.freedom)) * self.error
        return max(-1.0, self.value - reach), min(1.0, self.value + reach)


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
        Of every comment.

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
    everyone = np.ones(len(hand), dtype=bool)
    sample = sampled(design.labelled_by(hand), hand.index, everyone)
    return contrasts(codes, (one, other), w, accounts, sample=sample)[0]


def accounts_of(clusters: pd.Series) -> csr_matrix:
    """A matrix that sums comments by account: a row an account, a column a comment."""
    codes, names = pd.factorize(clusters)
    places = (codes, np.arange(len(codes)))
    return csr_matrix((np.ones(len(codes)), places), shape=(len(names), len(codes)))


def contrasts(
    codes: Codes,
    sides: tuple[Bools, Bools],
    weights: Floats,
    accounts: csr_matrix,
    *,
    waves: Sequence[Bools] = (),
    fewest: int = 1,
    sample: Placed | None = None,
) -> list[Contrast]:
    """Test for each theme whether two sides name it equally often, as :func:`contrast` does.

    Parameters
    ----------
    waves
        Which comments are of each wave, the last one last. The sides are then compared within
        each, so that what everybody names more or less plays no part, and the differences joined
        by how precise each is. Without waves all comments are of one.
    fewest
        Comments of either side that an earlier wave needs to have a say.
    sample
        Where strata, a calibration or a finite population count too.
    """
    every = waves or [np.ones(len(weights), dtype=bool)]
    pieces = [_Piece.of(codes, sides, weights[:, None], wave) for wave in every]
    say = np.array([one.precision * (one.enough(fewest) | last) for one, last in
                    zip(pieces, [False] * (len(every) - 1) + [True], strict=True)])  # fmt: skip
    share = np.divide(say, say.sum(axis=0), out=np.zeros_like(say), where=say.sum(axis=0) > 0)
    pulls = [sum(part * one.pulls[side] for part, one in zip(share, pieces, strict=True))
             for side in (0, 1)]  # fmt: skip
    here, spread = (
        np.sum([getattr(one, name) * (part > 0) for part, one in zip(share, pieces, strict=True)],
               axis=0) for name in ("here", "spread")
    )  # fmt: skip
    here = here.astype(bool)
    answers = np.where(here, codes.answers, 0.0)
    alike = _likeness(codes, answers, spread, here, accounts)
    pull = np.asarray(pulls[0] - pulls[1])
    off = sum(one.off * (part > 0) for part, one in zip(share, pieces, strict=True))
    wide = stretch(sample, pull * off, accounts.tocsc().indices)
    variance = _spread(pull * spread, alike, accounts) * wide**2 + _of_worth(codes, pull)
    people = np.min([1 / _spread(np.asarray(side), alike, accounts) for side in pulls], axis=0)
    least = _under_null(codes, answers, here, weights[:, None])[1]
    freedom = np.maximum(((accounts @ here.astype(float)) > 0).sum(axis=0) - 2, 1)
    value = (pull * answers).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * t.sf(np.abs(value) / variance**0.5, freedom)
    p = np.where(variance > 0, p, np.nan)
    unlike = _between(codes, pieces, share, alike, accounts, freedom)
    numbers = (value, p, people * least, variance**0.5, freedom, (share > 0).sum(axis=0), unlike)
    return [Contrast(*map(float, each)) for each in zip(*numbers, strict=True)]


@dataclass(frozen=True, eq=False)
class _Piece:
    """The comments of one wave: what each counts in either side, and how much it varies."""

    pulls: tuple[Floats, Floats]
    spread: Floats
    off: Floats  # answers less their mean over both sides
    here: Bools
    sizes: Floats  # of both sides, by theme

    @classmethod
    def of(cls, codes: Codes, sides: tuple[Bools, Bools], weights: Floats, wave: Bools) -> _Piece:
        rows = [(side & wave)[:, None] & codes.known for side in sides]
        here = rows[0] | rows[1]
        answers = np.where(here, codes.answers, 0.0)
        spread, _ = _under_null(codes, answers, here, weights)
        off = np.where(here, answers - _mean(answers, here, weights), 0.0)
        pulls = (_pull(rows[0], weights), _pull(rows[1], weights))
        sizes = np.array([r.sum(axis=0) for r in rows])
        return cls(pulls, np.where(here, spread, 0.0), off, here, sizes)

    def enough(self, fewest: int) -> Bools:
        """Of which themes both sides have so many comments."""
        return np.asarray(self.sizes.min(axis=0) >= max(fewest, 1))

    @property
    def precision(self) -> Floats:
        """How precise a difference is were all comments alike; nought where a side is empty."""
        noise = sum((pull**2).sum(axis=0) for pull in self.pulls)
        there = self.enough(1)
        return np.asarray(np.where(there, 1 / np.where(there, noise, 1.0), 0.0))


def _between(
    codes: Codes, pieces: Sequence[_Piece], share: Floats, alike: Floats, accounts: csr_matrix,
    freedom: Floats,
) -> Floats:  # fmt: skip
    """Chance of waves as unlike as these in each theme, were they one; missing for one wave."""
    pulls = [one.pulls[0] - one.pulls[1] for one in pieces]
    values = np.array([(pull * np.where(one.here, codes.answers, 0.0)).sum(axis=0)
                       for pull, one in zip(pulls, pieces, strict=True)])  # fmt: skip
    moved = [pull * one.spread for pull, one in zip(pulls, pieces, strict=True)]
    held = [accounts @ each for each in moved]
    found = np.full(share.shape[1], np.nan)
    for theme in range(share.shape[1]):
        kept = np.flatnonzero(share[:, theme] > 0)
        if len(kept) < 2:
            continue
        own, sums = (np.column_stack([part[k][:, theme] for k in kept]) for part in (moved, held))
        spread = (1 - alike[theme]) * own.T @ own + alike[theme] * sums.T @ sums
        off = np.column_stack([np.eye(len(kept) - 1), -np.ones(len(kept) - 1)])
        away, between = off @ values[kept, theme], off @ spread @ off.T
        if np.linalg.matrix_rank(between) == len(between):
            square = float(away @ np.linalg.solve(between, away)) / len(between)
            found[theme] = fisher.sf(square, len(between), freedom[theme])
    return found


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
    total = held.sum(axis=0)
    return np.asarray(held / np.where(total > 0, total, 1.0))


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

"""A share corrected for what the coder of the comments gets wrong: double sampling."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.errors import NotEstimable
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.estimates import Estimate, kish_base, share_interval, with_variance
from helpers.methods.survey.placing import Placed
from helpers.methods.survey.resolved import ResolvedDesign

__all__ = [
    "CODED", "Codes", "LinearShare", "Worth", "corrected_share",
    "interval_within", "linear_share", "linear_shares", "unknown", "worth",
]  # fmt: skip

Bools = NDArray[np.bool_]
Numbers = TypeVar("Numbers", float, Floats)

CODED = 20  # comments coded both ways before a share is corrected
CHECKED = 10  # coded comments behind a kind of call before its worth is taken as counted


@dataclass(frozen=True, slots=True)
class Worth:
    """What a coder's calls are worth: how many of each kind somebody coded as the theme.

    With fewer than ten coded comments of a kind its share is drawn towards a half, as by half
    a comment more on either side (Jeffreys' prior).
    """

    yes: float  # share of its "named" that are so
    no: float  # share of its "not named" that are so after all
    called: int  # coded comments that it called "named"
    passed: int  # those that it did not

    @property
    def corrects(self) -> bool:
        """Whether enough was coded by hand to correct a share."""
        return self.called + self.passed >= CODED


def worth(hand: pd.Series, calls: pd.Series) -> Worth:
    """What a call is worth, from the comments coded both ways.

    Examples
    --------
    >>> worth(pd.Series([1, 1, 0, 0, None]), pd.Series([1, 0, 0, 0, 1]))
    Worth(yes=0.75, no=0.375, called=1, passed=3)
    """
    return Codes.of(hand.to_frame(), calls.to_frame()).worth[0]


def _rates(named: Floats, counts: Floats) -> Floats:
    few = counts < CHECKED
    return np.asarray(np.where(few, (named + 0.5) / (counts + 1), named / np.maximum(counts, 1)))


@dataclass(frozen=True)
class Codes:
    """Codes by hand and a coder's calls, a column a theme, and what calls of each are worth.

    ``answers`` is what each comment counts as: its code, else what its call is worth, else,
    where too few were coded to know that, the call itself. ``counts`` and ``named`` are of
    the coded comments by call, "not named" first: how many, and how many name the theme.
    """

    hand: Floats
    calls: Floats
    answers: Floats
    counts: Floats
    named: Floats
    worth: tuple[Worth, ...]

    @classmethod
    def of(cls, hand: pd.DataFrame, calls: pd.DataFrame) -> Codes:
        """Read codes and calls, 1, 0 or missing for every comment, of other waves too.

        >>> nobody, calls = pd.DataFrame({"late": [np.nan] * 2}), pd.DataFrame({"late": [1.0, 0.0]})
        >>> Codes.of(nobody, calls).answers[:, 0].tolist()
        [1.0, 0.0]
        """
        h, m = (np.asarray(x.to_numpy(dtype=float, na_value=np.nan)) for x in (hand, calls))
        coded = ~np.isnan(h)
        kinds = [(m == call) & coded for call in (0, 1)]
        counts = np.array([kind.sum(axis=0) for kind in kinds], dtype=float)
        named = np.array([np.where(kind, h, 0.0).sum(axis=0) for kind in kinds])
        rates = _rates(named, counts)
        values = tuple(
            Worth(float(yes), float(no), int(called), int(passed))
            for (no, yes), (passed, called) in zip(rates.T, counts.T, strict=True)
        )
        corrects = np.array([value.corrects for value in values], dtype=bool)
        counted = np.where(corrects, np.where(m == 1, rates[1], rates[0]), m)
        counted = np.where(np.isnan(m), np.nan, counted)
        return cls(h, m, np.where(coded, h, counted), counts, named, values)

    @property
    def known(self) -> Bools:
        """Which comments were coded or called."""
        return np.asarray(~np.isnan(self.answers))

    @property
    def corrects(self) -> Bools:
        """Of which themes enough was coded by hand to correct a share."""
        return np.array([value.corrects for value in self.worth], dtype=bool)

    def only(self, themes: NDArray[np.intp] | Bools) -> Codes:
        """Some of the themes, by place."""
        places = np.arange(len(self.worth))[themes]
        hand, calls, answers, counts, named = (
            x[:, places] for x in (self.hand, self.calls, self.answers, self.counts, self.named)
        )
        return Codes(
            hand, calls, answers, counts, named, tuple(self.worth[place] for place in places)
        )


def unknown(named: Numbers, count: Numbers) -> Numbers:
    """Variance of what a kind of call is worth, of which so many coded comments name the theme.

    That of Jeffreys' posterior, Beta(named + 1/2, count − named + 1/2): it stays above nought
    where none or all of them do.

    Examples
    --------
    >>> round(unknown(0, 0), 3), round(unknown(0, 50), 6)
    (0.125, 0.000187)
    """
    rate = (named + 0.5) / (count + 1)
    return rate * (1 - rate) / (count + 2)


@dataclass(frozen=True)
class LinearShare:
    """A share with the influence of every comment on it, from which its variance follows."""

    value: float
    influence: Floats  # of every row, the coded ones of other waves too
    answers: Floats  # in the rows of its design
    design: ResolvedDesign  # of the comments here
    worth: Worth
    unseen: float = 0.0  # variance that no influence shows: of kinds of call with few codes


def corrected_share(
    hand: pd.Series,
    calls: pd.Series,
    here: pd.Series,
    design: SurveyDesign | None = None,
    *,
    confidence: float = 0.95,
) -> Estimate:
    """Share of comments that name a theme, from codes by hand and a coder's calls.

    Double sampling: a comment coded by hand counts as coded, and one that was not counts
    as the share of hand-coded comments with the same call that name the theme. The
    interval allows for both samples: comments, and those of them coded by hand. It takes
    the hand-coded comments as a fair sample of all. With fewer than twenty of them, calls
    count as they are.

    Parameters
    ----------
    hand, calls
        1, 0 or missing for every comment, of other waves too.
    here
        Which comments the share is of.
    design
        Of everybody who commented, in other waves too: strata, accounts, a calibration and a
        finite population count in the interval.

    References
    ----------
    Tenenbein (1970), JASA 65: 1350-1361.

    Examples
    --------
    >>> calls = pd.Series([1.0] * 40 + [0.0] * 60)
    >>> hand = pd.Series([1.0] * 16 + [0.0] * 4 + [None] * 20 + [0.0] * 27 + [1.0] * 3 + [None] * 30)
    >>> round(corrected_share(hand, calls, pd.Series(True, index=calls.index)).value, 6)
    0.38
    """  # noqa: E501 - one series, as it is written
    design = SurveyDesign() if design is None else design
    found = linear_share(hand, calls, here, design)
    return interval_within(found, Placed.of(design, hand.index), confidence)


def linear_share(
    hand: pd.Series,
    calls: pd.Series,
    here: pd.Series,
    design: SurveyDesign,
) -> LinearShare:
    """The share of :func:`corrected_share`, with every comment's influence on it.

    The influences of two shares may be subtracted: what they have in common cancels.

    Raises
    ------
    NotEstimable
        If no comment here was coded or called.

    Examples
    --------
    >>> calls = pd.Series([1.0, 0.0, 0.0, 1.0])
    >>> hand = pd.Series([None, None, None, None], dtype=float)
    >>> found = linear_share(hand, calls, pd.Series(True, index=calls.index), SurveyDesign())
    >>> found.value, found.influence.tolist()
    (0.5, [0.125, -0.125, -0.125, 0.125])
    """
    codes = Codes.of(hand.to_frame(), calls.to_frame())
    rows = here.astype(bool).to_numpy()
    if not codes.known[rows].any():
        raise NotEstimable("no comment here was read, so there is no share of them")
    return linear_shares(codes, rows, hand.index, design)[0]


def linear_shares(
    codes: Codes,
    here: Bools,
    index: pd.Index,
    design: SurveyDesign,
) -> list[LinearShare]:
    """The share of each theme among the same comments, at least one of them known for each.

    ``index`` names the comments; the others are as for :func:`linear_share`.
    """
    w = design.weights_for(pd.Series(1.0, index=index)).to_numpy()
    rows = (here & (w > 0))[:, None] & codes.known
    held = np.where(rows, w[:, None], 0.0)
    held = held / held.sum(axis=0)
    answers = np.where(rows, codes.answers, 0.0)
    values = (held * answers).sum(axis=0)
    influence = held * (answers - values)
    coding, unseen = _of_coding(codes, held)
    influence += coding
    placed = _placed(rows, index, design)
    return [
        LinearShare(
            float(values[k]), influence[:, k], placed[k].rows(answers[:, k]),
            placed[k].resolved, value, float(unseen[k]),
        )
        for k, value in enumerate(codes.worth)
    ]  # fmt: skip


def _placed(rows: Bools, index: pd.Index, design: SurveyDesign) -> list[Placed]:
    """The design of the comments known for each theme: most themes are known for the same."""
    found: dict[bytes, Placed] = {}
    for known in rows.T:
        key = known.tobytes()
        if key not in found:
            found[key] = Placed.of(design, index, known)
    return [found[known.tobytes()] for known in rows.T]


def _of_coding(codes: Codes, held: Floats) -> tuple[Floats, Floats]:
    """Influence of each hand-coded comment on what the calls of its kind count as.

    Of a kind with few codes, or where all are alike, influences would tell of no doubt at
    all: its variance comes beside them.
    """
    coded = ~np.isnan(codes.hand)
    found, unseen = np.zeros_like(held), np.zeros(held.shape[1])
    rates = _rates(codes.named, codes.counts)
    for call in (0, 1):
        kind, count, named = codes.calls == call, codes.counts[call], codes.named[call]
        weight = np.where(kind & ~coded, held, 0.0).sum(axis=0)
        few = (count < CHECKED) | (named == 0) | (named == count)
        unseen += np.where(few & codes.corrects, weight**2 * unknown(named, count), 0.0)
        each = np.where(few | ~codes.corrects, 0.0, weight / np.maximum(count, 1))
        found += np.where(kind & coded, each * (codes.hand - rates[call]), 0.0)
    return found, unseen


def interval_within(found: LinearShare, whole: Placed, confidence: float) -> Estimate:
    """Put an interval round a share: t on the logit scale, over all accounts it rests on.

    ``whole`` is the design of all comments, those of other waves too.

    Raises
    ------
    NotEstimable
        If the comments come from one account.

    Examples
    --------
    >>> calls = pd.Series([1.0, 0.0, 0.0, 1.0] * 10)
    >>> hand, design = pd.Series([None] * 40, dtype=float), SurveyDesign()
    >>> found = linear_share(hand, calls, pd.Series(True, index=calls.index), design)
    >>> made = interval_within(found, Placed.of(design, hand.index), 0.95)
    >>> round(made.low, 3), round(made.high, 3)
    (0.343, 0.657)
    """
    variance = whole.variance(found.influence) + found.unseen
    simple = found.design.simple_variance(found.answers)
    made = with_variance(found.value, variance, found.design, simple, confidence)
    kish = kish_base(found.design.weights)
    low, high = share_interval(made, False, kish, found.design.alike)
    return Estimate(
        **{**asdict(made), "low": min(low, found.value), "high": max(high, found.value)}
    )

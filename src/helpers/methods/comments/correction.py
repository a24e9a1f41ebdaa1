"""A share corrected for what the coder of the comments gets wrong: double sampling."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.columns import weight_column
from helpers.methods.survey.design import Design
from helpers.methods.survey.estimates import Estimate, kish_base, share_interval, with_variance

__all__ = [
    "CODED", "LinearShare", "Worth", "corrected_share", "interval_of", "linear_share",
    "unknown", "variance_of", "worth",
]  # fmt: skip

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
    both = hand.notna() & calls.notna()
    h, m = hand[both].astype(float), calls[both].astype(float)
    named, passed = h[m == 1], h[m == 0]
    return Worth(_rate(named), _rate(passed), len(named), len(passed))


def _rate(codes: pd.Series) -> float:
    if len(codes) < CHECKED:
        return float((codes.sum() + 0.5) / (len(codes) + 1))
    return float(codes.mean())


def unknown(named: float, count: int) -> float:
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
    answers: Floats  # of the rows here
    design: Design  # of the rows here
    worth: Worth
    unseen: float = 0.0  # variance that no influence shows: of kinds of call with few codes


def corrected_share(
    hand: pd.Series,
    calls: pd.Series,
    here: pd.Series,
    *,
    weights: pd.Series | None = None,
    clusters: pd.Series | None = None,
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
    weights, clusters
        Of every comment: its respondent's weight, its account.

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
    found = linear_share(hand, calls, here, weights, clusters)
    return interval_of(found, clusters, confidence)


def linear_share(
    hand: pd.Series,
    calls: pd.Series,
    here: pd.Series,
    weights: pd.Series | None,
    clusters: pd.Series | None,
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
    >>> found = linear_share(hand, calls, pd.Series(True, index=calls.index), None, None)
    >>> found.value, found.influence.tolist()
    (0.5, [0.125, -0.125, -0.125, 0.125])
    """
    known = hand.fillna(calls)
    rows = here.astype(bool) & known.notna()
    if not rows.any():
        raise NotEstimable("no comment here was read, so there is no share of them")
    value_of = worth(hand, calls)
    w = np.ones(len(hand)) if weights is None else weight_column(weights, hand).to_numpy()
    w = np.where(rows, w, 0.0) / w[rows.to_numpy()].sum()
    open_, m = (rows & hand.isna()).to_numpy(), calls.to_numpy(dtype=float)
    answers = known.to_numpy(dtype=float).copy()
    if value_of.corrects:
        answers[open_] = np.where(m[open_] == 1, value_of.yes, value_of.no)
    value = float(np.nansum(w * answers))
    influence = w * np.nan_to_num(answers - value)
    unseen = 0.0
    if value_of.corrects:
        coding, unseen = _of_coding(hand, m, w * open_, value_of)
        influence += coding
    design = Design.of(
        pd.Series(answers, index=hand.index)[rows],
        weights=None if weights is None else weights[rows],
        clusters=None if clusters is None else clusters[rows],
    )
    return LinearShare(value, influence, answers[rows.to_numpy()], design, value_of, unseen)


def _of_coding(
    hand: pd.Series, m: Floats, open_weight: Floats, value_of: Worth
) -> tuple[Floats, float]:
    """Influence of each hand-coded comment on what the calls of its kind count as.

    Of a kind with few codes, or where all are alike, influences would tell of no doubt at
    all: its variance comes beside them.
    """
    h = hand.to_numpy(dtype=float)
    found, unseen = np.zeros(len(h)), 0.0
    for call, mean in ((1, value_of.yes), (0, value_of.no)):
        kind = (m == call) & np.isfinite(h)
        count, named = int(kind.sum()), float(h[kind].sum())
        held = float(open_weight[m == call].sum())
        if count < CHECKED or named in (0, count):
            unseen += held**2 * unknown(named, count)
        else:
            found[kind] = held * (h[kind] - mean) / count
    return found, unseen


def variance_of(influence: Floats, index: pd.Index, clusters: pd.Series | None) -> float:
    """Variance of a sum over all accounts, those of other waves too."""
    return Design.of(pd.Series(influence, index=index), clusters=clusters).variance(influence)


def interval_of(found: LinearShare, clusters: pd.Series | None, confidence: float) -> Estimate:
    """Put an interval round a share: t on the logit scale, over all accounts it rests on.

    Raises
    ------
    NotEstimable
        If the comments come from one account.

    Examples
    --------
    >>> calls = pd.Series([1.0, 0.0, 0.0, 1.0] * 10)
    >>> hand = pd.Series([None] * 40, dtype=float)
    >>> found = linear_share(hand, calls, pd.Series(True, index=calls.index), None, None)
    >>> made = interval_of(found, None, 0.95)
    >>> round(made.low, 3), round(made.high, 3)
    (0.343, 0.657)
    """
    index = pd.RangeIndex(len(found.influence)) if clusters is None else clusters.index
    variance = variance_of(found.influence, index, clusters) + found.unseen
    simple = found.design.simple_variance(found.answers)
    made = with_variance(found.value, variance, found.design, simple, confidence)
    low, high = share_interval(made, False, kish_base(found.design.weights))
    return Estimate(
        **{**asdict(made), "low": min(low, found.value), "high": max(high, found.value)}
    )

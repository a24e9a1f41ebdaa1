"""The loyalty matrix: shares of four segments, and how far they hang on the cut-offs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import NotEstimable
from helpers.methods import stats
from helpers.methods.calibration import WeightsLike
from helpers.methods.columns import aligned, column, weight_column
from helpers.methods.estimands import estimands
from helpers.methods.estimates import Estimate, share_interval
from helpers.methods.loyalty.segments import CUTS, SEGMENTS, STEPS, enough, moved_cuts, segments

__all__ = ["LoyaltyMatrix", "Satisfied", "matrix", "satisfied_and_loyal"]

FEWEST = 2  # people, for a share with an interval
WEIGHTLESS = 1e-6  # share of all weight under which a group carries none


@dataclass(frozen=True)
class LoyaltyMatrix:
    """How the base divides among the four segments, counted in up to three ways.

    ``table`` has a row for each way of counting and segment: ``estimand`` (respondents,
    accounts, revenue), ``segment``, ``value`` (share, 0-1), ``low``, ``high``, ``people`` (in
    the segment), ``base`` (answers), ``accounts`` and ``effective`` (equal units that would
    count alike). ``people`` has ``segment``, ``attitude``, ``behaviour`` of each respondent.
    ``sensitivity`` has the respondents' shares with the cut-offs moved a step either way.
    """

    table: pd.DataFrame
    sensitivity: pd.DataFrame  # attitude_cut, behaviour_cut, segment, value, declared
    people: pd.DataFrame
    cuts: tuple[float, float]
    base: int
    revenue: float = 0.0  # of the accounts that answered

    def __post_init__(self) -> None:
        for frame, by in ((self.table, ["estimand"]),
                          (self.sensitivity, ["attitude_cut", "behaviour_cut"])):  # fmt: skip
            whole = frame.groupby(by)["value"].sum()
            if not np.allclose(whole, 1):
                raise ValueError(f"segment shares add up to {whole.iloc[0]:.4f}, not 1")

    def share(self, segment: str, estimand: str = "respondents") -> pd.Series:
        """One row of the table.

        Raises
        ------
        KeyError
            If the base was not counted that way.
        """
        rows = self.table[(self.table["segment"] == segment) & (self.table["estimand"] == estimand)]
        if rows.empty:
            raise KeyError(f"no share of {segment!r} by {estimand!r}")
        return rows.iloc[0]

    def range(self, segment: str) -> tuple[float, float]:
        """Lowest and highest share of a segment over the cut-offs tried."""
        rows = self.sensitivity[self.sensitivity["segment"] == segment]["value"]
        return float(rows.min()), float(rows.max())


def matrix(
    attitude: ArrayLike,
    behaviour: ArrayLike,
    *,
    accounts: ArrayLike | None = None,
    revenue: pd.Series | None = None,
    weights: WeightsLike | None = None,
    cuts: tuple[float, float] = CUTS,
    steps: tuple[float, float] = STEPS,
    smallest: int = FEWEST,
    confidence: float = 0.95,
) -> LoyaltyMatrix:
    """Place each person by attitude and behaviour, and count people, accounts and revenue.

    The idea of the matrix is Walker Information's; its formulas were never published, so
    questions and cut-offs are declared here. By accounts, each account has one vote that
    its people share; by revenue, that vote counts by the account's revenue.

    Parameters
    ----------
    attitude, behaviour
        Scores of each person, 0-100 (`axis_scores`); people without both are left out.
    accounts
        The account of each person; without it only people are counted.
    revenue
        Revenue by account.
    weights
        One for each person.
    cuts
        The lowest score that counts as high on each axis.
    steps
        How far each cut-off is moved either way, in points of 100: half a scale point is
        12.5 on a scale from 1 to 5.
    smallest
        Fewest people with both scores.

    Raises
    ------
    NotEstimable
        If fewer people than ``smallest`` have both scores.

    References
    ----------
    Korn and Graubard (1999), Analysis of Health Surveys, 2.6 (intervals of shares);
    Wolter (2007), 4.2 (accounts and revenue).

    Examples
    --------
    >>> found = matrix([80, 90, 50, 40], [90, 80, 90, 20], accounts=list("aabc"))
    >>> found.table[["estimand", "segment", "value"]].round(2).values.tolist()[:3]
    [['respondents', 'Truly Loyal', 0.5], ['respondents', 'Accessible', 0.0], ['respondents', 'Trapped', 0.25]]
    >>> round(float(found.share("Trapped", "accounts")["value"]), 2)
    0.33
    """  # noqa: E501 - one line, as it is printed
    likes = column(attitude, "attitude")
    stays = column(aligned(behaviour, likes, "behaviour"), "behaviour")
    named = segments(likes, stays, cuts=cuts)
    base = int(named.notna().sum())
    enough(base, max(smallest, FEWEST))
    rows = []
    for segment in SEGMENTS:
        inside = (named == segment).astype(float).where(named.notna())
        rows += _counted(segment, inside, accounts, revenue, weights, confidence)
    order = {name: place for place, name in enumerate(("respondents", "accounts", "revenue"))}
    table = pd.DataFrame(rows).sort_values("estimand", key=lambda c: c.map(order), kind="stable")
    people = pd.DataFrame({"segment": named, "attitude": likes, "behaviour": stays})
    return LoyaltyMatrix(
        table=table.reset_index(drop=True),
        sensitivity=_sensitivity(likes, stays, weights, cuts, steps),
        people=people,
        cuts=cuts,
        base=base,
        revenue=_heard(revenue, accounts, likes.where(named.notna())),
    )


def _counted(
    segment: str,
    inside: pd.Series,
    accounts: ArrayLike | None,
    revenue: pd.Series | None,
    weights: WeightsLike | None,
    confidence: float,
) -> list[dict[str, object]]:
    """The share of one segment under each way of counting."""
    clusters = _own(accounts, inside)
    found = {
        "respondents": stats.share(
            inside, weights=weights, clusters=clusters, confidence=confidence
        )
    }
    effective = {"respondents": found["respondents"].effective_base}
    if accounts is not None and len(_answered(accounts, inside)) > 1:
        named = aligned(accounts, inside, "accounts").notna()
        ways = estimands(inside.where(named), accounts, _usable(revenue, accounts, inside),
                         weights=weights, confidence=confidence)  # fmt: skip
        found |= {way: _bounded(one) for way, one in ways.estimates.items() if way != "respondents"}
        units = zip(ways.table["estimand"], ways.table["effective_accounts"], strict=True)
        effective |= {way: float(count) for way, count in units if way != "respondents"}
    people = int((inside == 1).sum())
    return [
        {"estimand": way, "segment": segment, "value": one.value, "low": one.low, "high": one.high,
         "people": people, "base": one.base, "accounts": one.clusters, "effective": effective[way]}
        for way, one in found.items()
    ]  # fmt: skip


def _own(accounts: ArrayLike | None, people: pd.Series) -> pd.Series | None:
    """Accounts, each person without one standing alone."""
    if accounts is None:
        return None
    named = aligned(accounts, people, "accounts").astype(object)
    alone = pd.Series([("alone", i) for i in range(len(named))], index=named.index, dtype=object)
    return named.where(named.notna(), alone)


def _usable(revenue: pd.Series | None, accounts: ArrayLike, people: pd.Series) -> pd.Series | None:
    """Revenue, where at least two accounts that answered have any."""
    if revenue is None:
        return None
    return revenue if (revenue.reindex(_answered(accounts, people)) > 0).sum() > 1 else None


def _heard(revenue: pd.Series | None, accounts: ArrayLike | None, people: pd.Series) -> float:
    """Revenue of the accounts that answered."""
    if revenue is None or accounts is None:
        return 0.0
    return float(revenue.reindex(_answered(accounts, people)).clip(lower=0).sum())


def _answered(accounts: ArrayLike, people: pd.Series) -> pd.Index:
    """The accounts from which somebody has an answer."""
    return pd.Index(aligned(accounts, people, "accounts")[people.notna()].dropna().unique())


def _bounded(found: Estimate) -> Estimate:
    """A share of accounts or revenue with its interval on the logit scale, inside 0 to 1."""
    if found.standard_error == 0 and 0 < found.value < 1:
        return found
    low, high = share_interval(found, False, float(found.clusters))
    return Estimate(
        found.value, min(low, found.value), max(high, found.value), found.standard_error,
        found.base, found.effective_base, found.design_effect, found.degrees_of_freedom,
        found.confidence, found.clusters,
    )  # fmt: skip


def _sensitivity(
    likes: pd.Series,
    stays: pd.Series,
    weights: WeightsLike | None,
    cuts: tuple[float, float],
    steps: tuple[float, float],
) -> pd.DataFrame:
    whole = pd.Series(1.0, index=likes.index)
    weight = whole if weights is None else weight_column(weights, likes)
    rows = []
    for moved, declared in moved_cuts(cuts, steps):
        named = segments(likes, stays, cuts=moved)
        shares = weight.groupby(named).sum() / weight[named.notna()].sum()
        rows += [
            {"attitude_cut": moved[0], "behaviour_cut": moved[1], "segment": segment,
             "value": float(shares.get(segment, 0.0)), "declared": declared}
            for segment in SEGMENTS
        ]  # fmt: skip
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Satisfied:
    """Satisfied beside truly loyal, of the same people.

    ``table`` has a row for each: ``group`` (``satisfied``, ``truly_loyal``, ``both``,
    ``loyal_of_satisfied``), ``value`` (share, 0-1), ``low``, ``high``, ``base``.
    """

    table: pd.DataFrame
    estimates: Mapping[str, Estimate]
    base: int

    def __post_init__(self) -> None:
        shares = self.table.set_index("group")["value"]
        if shares["both"] > min(shares["satisfied"], shares["truly_loyal"]) + 1e-9:
            raise ValueError("more are both satisfied and truly loyal than are either")


def satisfied_and_loyal(
    satisfaction: ArrayLike,
    segment: pd.Series,
    *,
    cut: float = CUTS[0],
    weights: WeightsLike | None = None,
    accounts: ArrayLike | None = None,
    smallest: int = FEWEST,
    confidence: float = 0.95,
) -> Satisfied:
    """Share of the satisfied beside that of the truly loyal, and how many are both.

    Parameters
    ----------
    satisfaction
        Satisfaction of each person, 0-100.
    segment
        The segment of each person, as `segments` gives it.
    cut
        The lowest answer that counts as satisfied.
    smallest
        Fewest people with a segment and an answer.

    Raises
    ------
    NotEstimable
        If nobody is satisfied, the satisfied carry no weight, or fewer people than
        ``smallest`` have both answers.

    Examples
    --------
    >>> people = pd.Series(["Truly Loyal", "Trapped", "Trapped", "High Risk"])
    >>> found = satisfied_and_loyal([100, 80, 90, 20], people)
    >>> found.table[["group", "value"]].values.tolist()[:2]
    [['satisfied', 0.75], ['truly_loyal', 0.25]]
    """
    answers = column(satisfaction, "satisfaction")
    named = aligned(segment, answers, "segment")
    known = answers.notna() & named.notna()
    happy = (answers >= cut - 1e-9).astype(float).where(known)
    loyal = (named == SEGMENTS[0]).astype(float).where(known)
    enough(int(known.sum()), max(smallest, FEWEST))
    _refuse_nobody(happy, weights, cut)
    groups = {
        "satisfied": happy,
        "truly_loyal": loyal,
        "both": happy * loyal,
        "loyal_of_satisfied": loyal.where(happy == 1),
    }
    design = {"weights": weights, "clusters": _own(accounts, answers), "confidence": confidence}
    found = {name: stats.share(values, **design) for name, values in groups.items()}  # type: ignore[arg-type]
    rows = [
        {"group": name, "value": one.value, "low": one.low, "high": one.high, "base": one.base}
        for name, one in found.items()
    ]
    return Satisfied(pd.DataFrame(rows), found, int(known.sum()))


def _refuse_nobody(happy: pd.Series, weights: WeightsLike | None, cut: float) -> None:
    """Refuse where nobody is satisfied, or those who are count for nothing."""
    if not happy.sum() > 0:
        raise NotEstimable(f"nobody answered {cut:g} or more of 100 on satisfaction")
    mass = pd.Series(1.0, index=happy.index) if weights is None else weight_column(weights, happy)
    if mass[happy == 1].sum() < WEIGHTLESS * mass[happy.notna()].sum():
        raise NotEstimable(
            f"the {int(happy.sum())} people who answered {cut:g} or more of 100 on satisfaction "
            "have weights of nearly nothing; look at the weights in the sampling chapter"
        )

"""The loyalty matrix: shares of four segments, and how far they depend on the cut-offs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.methods import survey
from helpers.methods.loyalty.replication import standing_alone
from helpers.methods.loyalty.segments import CUTS, SEGMENTS, STEPS, enough, moved_cuts, segments
from helpers.methods.survey import SurveyDesign, disclosure
from helpers.methods.survey.columns import aligned, column
from helpers.methods.survey.estimands import estimands
from helpers.methods.survey.estimates import Estimate, share_interval

__all__ = ["LoyaltyMatrix", "matrix"]

FEWEST = 2  # people, for a share with an interval


@dataclass(frozen=True)
class LoyaltyMatrix:
    """How the base divides among the four segments, counted in up to three ways.

    ``table`` has a row for each way of counting and segment: ``estimand`` (respondents,
    accounts, revenue), ``segment``, ``value`` (share, 0-1), ``low``, ``high``, ``people`` (in
    the segment), ``base`` (answers), ``accounts``, ``effective`` (equal units that would count
    alike) and ``withheld`` (whether its revenue may not be told). ``people`` has ``segment``,
    ``attitude``, ``behaviour`` of each respondent. ``sensitivity`` has the respondents' shares
    with the cut-offs moved a step either way.
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
            whole = frame.groupby(by)["value"].agg(lambda part: part.sum(skipna=False)).dropna()
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
    design: SurveyDesign | None = None,
    *,
    accounts: ArrayLike | None = None,
    revenue: pd.Series | None = None,
    cuts: tuple[float, float] = CUTS,
    steps: tuple[float, float] = STEPS,
    smallest: int = FEWEST,
    apart: int = 0,
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
    design
        That of the respondents, clustered by account where it has no clusters.
    accounts
        The account of each person; without it only people are counted.
    revenue
        Revenue by account.
    cuts
        The lowest score that counts as high on each axis.
    steps
        How far each cut-off is moved either way, in points of 100: half a scale point is
        12.5 on a scale from 1 to 5.
    smallest
        Fewest people with both scores.
    apart
        Fewest accounts whose revenue may be told.

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
    whole = SurveyDesign() if design is None else design
    likes = whole.answers(attitude, "attitude")
    stays = column(aligned(behaviour, likes, "behaviour"), "behaviour")
    firms = standing_alone(accounts, likes)
    if whole.clusters is None and firms is not None:
        whole = whole.clustered_by(firms)
    named = segments(likes, stays, cuts=cuts)
    base = int(named.notna().sum())
    enough(base, max(smallest, FEWEST))
    rows = []
    for segment in SEGMENTS:
        inside = (named == segment).astype(float).where(named.notna())
        rows += _counted(segment, inside, accounts, revenue, whole, confidence)
    order = {name: place for place, name in enumerate(("respondents", "accounts", "revenue"))}
    table = pd.DataFrame(rows).sort_values("estimand", key=lambda c: c.map(order), kind="stable")
    people = pd.DataFrame({"segment": named, "attitude": likes, "behaviour": stays})
    return LoyaltyMatrix(
        table=_shown(table.reset_index(drop=True), named, accounts, apart),
        sensitivity=_sensitivity(likes, stays, whole.weights_for(likes), cuts, steps),
        people=people,
        cuts=cuts,
        base=base,
        revenue=_revenue_answered(revenue, accounts, likes.where(named.notna())),
    )


def _shown(
    table: pd.DataFrame, named: pd.Series, accounts: ArrayLike | None, apart: int
) -> pd.DataFrame:
    """The revenue of segments that few accounts have people in withheld, and what gives it away."""
    money = table["estimand"] == "revenue"
    if accounts is None:
        return table.assign(withheld=False)
    firms = aligned(accounts, named, "accounts").groupby(named).nunique()
    counts = table.loc[money, "segment"].map(firms).fillna(0)
    rows = table[money].assign(held=counts)
    hidden = disclosure.suppress(rows, "held", apart, ())["withheld"].reindex(table.index)
    return disclosure.withhold(table, hidden.eq(True).to_numpy(), ["value", "low", "high"])


def _counted(
    segment: str,
    inside: pd.Series,
    accounts: ArrayLike | None,
    revenue: pd.Series | None,
    design: SurveyDesign,
    confidence: float,
) -> list[dict[str, object]]:
    """The share of one segment under each way of counting."""
    found = {"respondents": survey.proportion(inside, design, confidence=confidence)}
    effective = {"respondents": found["respondents"].effective_base}
    if accounts is not None and len(_answered(accounts, inside)) > 1:
        named = aligned(accounts, inside, "accounts").notna()
        ways = estimands(inside.where(named), accounts, _usable(revenue, accounts, inside),
                         design, confidence=confidence)  # fmt: skip
        found |= {way: _bounded(one) for way, one in ways.estimates.items() if way != "respondents"}
        units = zip(ways.table["estimand"], ways.table["effective_accounts"], strict=True)
        effective |= {way: float(count) for way, count in units if way != "respondents"}
    people = int((inside == 1).sum())
    return [
        {"estimand": way, "segment": segment, "value": one.value, "low": one.low, "high": one.high,
         "people": people, "base": one.base, "accounts": one.clusters, "effective": effective[way]}
        for way, one in found.items()
    ]  # fmt: skip


def _usable(revenue: pd.Series | None, accounts: ArrayLike, people: pd.Series) -> pd.Series | None:
    """Revenue, where at least two accounts that answered have any."""
    if revenue is None:
        return None
    return revenue if (revenue.reindex(_answered(accounts, people)) > 0).sum() > 1 else None


def _revenue_answered(
    revenue: pd.Series | None, accounts: ArrayLike | None, people: pd.Series
) -> float:
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
    weight: pd.Series,
    cuts: tuple[float, float],
    steps: tuple[float, float],
) -> pd.DataFrame:
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

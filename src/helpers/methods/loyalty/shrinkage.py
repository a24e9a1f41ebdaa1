"""Each account's score, drawn toward the mean as far as its answers leave doubt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import NotEstimable
from helpers.methods.loyalty.averages_behind import NOTE, shrunk_averages, spread_by_size
from helpers.methods.loyalty.positions import account_means, positions
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.columns import aligned, weight_column
from helpers.methods.survey.estimates import normal_quantile

__all__ = ["AccountScores", "account_scores"]

ROUNDING = 1e-20  # of a squared answer: a variance below it is rounding


@dataclass(frozen=True)
class AccountScores:
    """Each account's score, drawn toward the mean as far as its answers leave doubt.

    ``low`` and ``high`` of the table hold an account's true score; they allow for what a few
    accounts leave open of how far accounts and people differ, and are missing where there
    are too few of either to tell. ``icc`` is the share of the variance between respondents
    that lies between their accounts; ``reliability`` the mean, over accounts, of the share
    of the variance of an account's score that is real. Both are missing where nothing
    tells accounts from people (one respondent an account); then nothing is shrunk, and
    ``notes`` says so.
    """

    table: pd.DataFrame  # [by,] account_id, score, respondents, shrunk, low, high, reliability
    reliability: float
    icc: float
    base: int
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if int(self.table["respondents"].sum()) != self.base:
            raise ValueError(
                f"accounts hold {self.table['respondents'].sum()} respondents, not {self.base}"
            )


def account_scores(
    scores: ArrayLike,
    accounts: ArrayLike,
    design: SurveyDesign | None = None,
    *,
    by: pd.Series | None = None,
    respondents: ArrayLike | None = None,
    icc: float | None = None,
    confidence: float = 0.95,
) -> AccountScores:
    """Score each account by empirical Bayes from the answers of its people.

    The mean of k answers has reliability k·icc / (1 + (k − 1)·icc); the account's score
    is drawn toward the mean of all accounts by what is missing to 1. Variance
    components are the analysis-of-variance estimates for unequal groups. Intervals hold
    over all components that these answers make likely (`positions`), so that with few
    accounts they are wider than components taken as known would make them.

    Parameters
    ----------
    scores, accounts
        One for each respondent; missing answers are left out, and answers whose account
        is not known, which ``notes`` count.
    design
        That of the respondents: their weights count within accounts.
    by
        Usually the wave: each gets its own mean and rows, the components are pooled.
    respondents
        People behind each row, where a row is already an average; 1 if not given. What of the
        averages is chance is then told by how much more those of few people scatter. They may
        truly differ more, as small hospitals do: that makes shrinking careful, and would make a
        link that is corrected by it too large, so no reliability is given.
    icc
        Intraclass correlation to use instead of estimating it, 0 to 1; taken as known.
    confidence
        Of the interval of each account's score.

    Raises
    ------
    ValueError
        If there are fewer than two accounts.

    References
    ----------
    Searle, Casella and McCulloch (1992), Variance Components, 3.6; Morris (1983), JASA 78
    (intervals).

    Examples
    --------
    >>> found = account_scores([80, 84, 82, 50, 54, 52, 90], list("aaabbbc"))
    >>> found.table[["account_id", "score", "respondents"]].values.tolist()
    [['a', 82.0, 3], ['b', 52.0, 3], ['c', 90.0, 1]]
    >>> round(found.icc, 2)
    0.99
    """
    answered = _people(scores, accounts, design, by, respondents)
    people = answered[answered["account_id"].notna()]
    table = _raw_scores(people)
    if (table.groupby("by", observed=True).size() < 2).any():
        raise NotEstimable("account scores need at least two accounts to compare; found one")
    table, between, within, notes = _drawn_in(people, table, icc, confidence)
    notes += _homeless(len(answered) - len(people))
    shares = table["reliability"]
    known = between + within > 0 and bool(shares.notna().any())
    if not known:
        table = table.drop(columns="reliability")
    return AccountScores(
        table=table.rename(columns={"by": by.name or "by"} if by is not None else {}).drop(
            columns=[] if by is not None else ["by"]
        ),
        reliability=float(shares.mean()) if known else float("nan"),
        icc=float(between / (between + within)) if known else float("nan"),
        base=int(table["respondents"].sum()),
        notes=notes,
    )


def _drawn_in(
    people: pd.DataFrame, table: pd.DataFrame, icc: float | None, confidence: float
) -> tuple[pd.DataFrame, float, float, tuple[str, ...]]:
    """Accounts drawn toward the mean, the variances between and within them, and what to know."""
    spread = spread_by_size(table) if icc is None and (people["count"] > 1).any() else None
    if spread is not None:
        made = shrunk_averages(table, spread, confidence).drop(columns="effective")
        return made.assign(reliability=np.nan), *spread.best, (NOTE,)
    parts = _components(people, table) if icc is None else _declared(people, table, icc)
    table = _shrunk(table, *parts, confidence)
    if icc is None and sum(parts) > 0:
        table = _allowing_for_spreads(table, people, confidence)
    return table, *parts, _notes(table, *parts)


def _people(
    scores: ArrayLike,
    accounts: ArrayLike,
    design: SurveyDesign | None,
    by: pd.Series | None,
    respondents: ArrayLike | None,
) -> pd.DataFrame:
    whole = SurveyDesign() if design is None else design
    answers = whole.answers(scores, "scores")
    ones = np.ones(len(answers))
    people = pd.DataFrame(
        {
            "by": "all" if by is None else aligned(by, answers, "by"),
            "account_id": aligned(accounts, answers, "accounts"),
            "score": answers,
            "count": weight_column(
                ones if respondents is None else respondents, answers, "respondents"
            ),
            "weight": whole.weights_for(answers),
        }
    )
    return people[answers.notna() & (people["count"] > 0)]


def _raw_scores(people: pd.DataFrame) -> pd.DataFrame:
    mass = people["weight"] * people["count"]
    parts = people.assign(
        mass=mass, product=mass * people["score"], square=people["weight"] ** 2 * people["count"]
    )
    sums = parts.groupby(["by", "account_id"], sort=True, observed=True)[
        ["mass", "product", "square", "count"]
    ].sum()
    return pd.DataFrame(
        {
            "score": sums["product"] / sums["mass"],
            "respondents": sums["count"].round().astype(int),
            "effective": sums["mass"] ** 2 / sums["square"],
        }
    ).reset_index()


def _components(people: pd.DataFrame, table: pd.DataFrame) -> tuple[float, float]:
    """Variance between accounts and within them, pooled over ``by``."""
    scores = people["score"]
    account_mean = people.groupby(["by", "account_id"], observed=True)["score"].transform("mean")
    wave_mean = people.groupby("by", observed=True)["score"].transform("mean")
    groups = table["by"].nunique()
    within_freedom = len(people) - len(table)
    between_freedom = len(table) - groups
    if within_freedom < 1 or (people["count"] > 1).any():
        return float("nan"), float("nan")
    within = float(((scores - account_mean) ** 2).sum()) / within_freedom
    mean_square = float(((account_mean - wave_mean) ** 2).sum()) / between_freedom
    sizes = people.groupby(["by", "account_id"], observed=True).size()
    squares = (sizes**2).groupby(level="by", observed=True).sum() / sizes.groupby(
        level="by", observed=True
    ).sum()
    typical = (len(people) - float(squares.sum())) / between_freedom
    least = ROUNDING * max(1.0, float((scores**2).max()))
    if within <= least and mean_square <= least:
        return 0.0, 0.0  # every answer is the same
    return max(0.0, (mean_square - within) / typical), within


def _declared(people: pd.DataFrame, table: pd.DataFrame, icc: float) -> tuple[float, float]:
    """Split the variance of the accounts' scores by a declared intraclass correlation."""
    if not 0 < icc < 1:
        raise ValueError(f"icc is a share between 0 and 1, found {icc}")
    centred = table["score"] - table.groupby("by", observed=True)["score"].transform("mean")
    spread = float((centred**2).sum()) / (len(table) - table["by"].nunique())
    whole = spread / float((icc + (1 - icc) / table["effective"]).mean())
    return icc * whole, (1 - icc) * whole


def _shrunk(table: pd.DataFrame, between: float, within: float, confidence: float) -> pd.DataFrame:
    if not between + within > 0:
        blank = {"low": np.nan, "high": np.nan, "reliability": np.nan}
        return table.drop(columns="effective").assign(shrunk=table["score"], **blank)[
            ["by", "account_id", "score", "respondents", "shrunk", "low", "high", "reliability"]
        ]
    noise = within / table["effective"]
    reliability = between / (between + noise)
    precision = 1 / (between + noise)
    groups = table["by"]
    weighted = (precision * table["score"]).groupby(groups, observed=True).transform("sum")
    summed = precision.groupby(groups, observed=True).transform("sum")
    centre = weighted / summed
    shrunk = centre + reliability * (table["score"] - centre)
    doubt = between * (1 - reliability) + (1 - reliability) ** 2 / summed
    reach = normal_quantile(confidence) * doubt**0.5
    return table.drop(columns="effective").assign(
        shrunk=shrunk, low=shrunk - reach, high=shrunk + reach, reliability=reliability
    )


def _allowing_for_spreads(
    table: pd.DataFrame, people: pd.DataFrame, confidence: float
) -> pd.DataFrame:
    """The table with intervals that do not take the components as known."""
    try:
        placed = positions(account_means(people, ["score"]))
    except NotEstimable:
        return table.assign(low=np.nan, high=np.nan)
    off = placed.mean[:, 0] - table["shrunk"]
    reach = normal_quantile(confidence) * np.sqrt(placed.variance[:, 0] + off**2)
    return table.assign(low=table["shrunk"] - reach, high=table["shrunk"] + reach)


def _homeless(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    answers = "1 answer has" if count == 1 else f"{count:,} answers have"
    return (f"{answers} no known account and so no part in the scores of accounts.",)


def _notes(table: pd.DataFrame, between: float, within: float) -> tuple[str, ...]:
    if not between + within > 0:
        why = (
            "Every answer is the same"
            if between + within == 0
            else "Too few accounts have two respondents to tell accounts from people"
        )
        return (f"{why}, so scores are not drawn toward the mean and have no interval.",)
    found: tuple[str, ...] = ()
    if between == 0:
        found += ("Accounts differ no more than chance would make them.",)
    if table["low"].isna().any():
        found += ("Accounts are too few to tell how far they differ: scores have no interval.",)
    return found

"""Rules that turn an account's people into one segment, and how far the rules agree."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from helpers.methods.loyalty.segments import SEGMENTS, segments
from helpers.methods.survey.estimates import normal_quantile

__all__ = ["ROLE_WEIGHTS", "RULES", "SENIORITY", "agreement", "by_rule", "rule_shares"]

RULES = {
    "count_all": "the segment that most of its people are in",
    "account_mean": "the mean of all its people",
    "most_senior": "the mean of the most senior people who answered",
    "role_weighted": "the mean of all, deciders counting more",
}
SENIORITY = ("decision_maker", "influencer", "user", "admin")
ROLE_WEIGHTS = (4.0, 2.0, 1.0, 1.0)
FEWEST_RANKED = 10  # accounts, for a rank correlation


def by_rule(
    rule: str, people: pd.DataFrame, cuts: tuple[float, float], role_weights: Sequence[float]
) -> pd.DataFrame:
    """Segment and score of each account by one rule.

    Examples
    --------
    >>> people = pd.DataFrame({"account_id": list("aa"), "attitude": [90.0, 40], "rank": [2, 0],
    ...                        "behaviour": [90.0, 90], "segment": ["Truly Loyal", "Trapped"]})
    >>> by_rule("most_senior", people, (75, 75), ROLE_WEIGHTS)["segment"].tolist()
    ['Trapped']
    """
    if rule == "count_all":
        return _counted(people)
    counting = people
    mass = pd.Series(1.0, index=people.index)
    if rule == "most_senior":
        top = people.groupby("account_id", observed=True)["rank"].transform("min")
        counting = people[people["rank"] == top]
    if rule == "role_weighted":
        by_rank = np.array([*role_weights, role_weights[-1]], dtype=float)
        mass = pd.Series(by_rank[people["rank"]], index=people.index)
    mass = mass[counting.index]
    parts = counting[["attitude", "behaviour"]].mul(mass, axis=0).assign(mass=mass)
    sums = parts.groupby(counting["account_id"], observed=True).sum()
    means = sums[["attitude", "behaviour"]].div(sums["mass"], axis=0)
    named = segments(means["attitude"], means["behaviour"], cuts=cuts)
    return pd.DataFrame({"segment": named, "score": means.mean(axis=1)})


def _counted(people: pd.DataFrame) -> pd.DataFrame:
    """The segment of most people; of two with as many, the less loyal."""
    counts = pd.crosstab(people["account_id"], people["segment"]).reindex(
        columns=list(SEGMENTS), fill_value=0
    )
    worst_first = counts[list(SEGMENTS)[::-1]]
    loyal = counts[SEGMENTS[0]] / counts.sum(axis=1) * 100
    return pd.DataFrame({"segment": worst_first.idxmax(axis=1), "score": loyal})


def agreement(table: pd.DataFrame, rules: Sequence[str], confidence: float) -> pd.DataFrame:
    """How far each pair of rules agrees, of accounts with two or more respondents.

    Where one person speaks for an account all rules say the same, which is no agreement.

    Examples
    --------
    >>> table = pd.DataFrame({"respondents": [1, 2, 3], "segment_x": list("aab"),
    ...     "segment_y": list("aaa"), "score_x": [1.0, 2, 3], "score_y": [1.0, 2, 3]})
    >>> agreement(table, ["x", "y"], 0.95)[["same", "base"]].values.tolist()
    [[0.5, 2.0]]
    """
    table = table[table["respondents"] > 1]
    rows = []
    for rule, other in combinations(rules, 2):
        first, second = table[f"score_{rule}"], table[f"score_{other}"]
        same = (table[f"segment_{rule}"] == table[f"segment_{other}"]).mean()
        rank, low, high = _rank_correlation(first, second, confidence)
        rows.append({"rule": rule, "other": other, "same": float(same), "rank_correlation": rank,
                     "low": low, "high": high, "base": len(table)})  # fmt: skip
    return pd.DataFrame(rows)


def _rank_correlation(
    first: pd.Series, second: pd.Series, confidence: float
) -> tuple[float, float, float]:
    """Spearman's rank correlation with Bonett and Wright's interval; missing below ten."""
    if len(first) < FEWEST_RANKED or first.nunique() < 2 or second.nunique() < 2:
        return (float("nan"),) * 3
    rank = float(spearmanr(first, second).statistic)
    if abs(rank) > 1 - 1e-12:
        return rank, rank, rank
    reach = normal_quantile(confidence) * np.sqrt((1 + rank**2 / 2) / (len(first) - 3))
    middle = np.arctanh(rank)
    return rank, float(np.tanh(middle - reach)), float(np.tanh(middle + reach))


def rule_shares(
    table: pd.DataFrame, rules: Sequence[str], revenue: pd.Series | None
) -> pd.DataFrame:
    """Accounts in each segment by every rule, their share, and their share of revenue.

    Examples
    --------
    >>> table = pd.DataFrame({"account_id": ["a", "b"], "segment_x": ["Trapped", "High Risk"]})
    >>> found = rule_shares(table, ["x"], pd.Series({"a": 3.0, "b": 1.0}))
    >>> found.loc[found["accounts"] > 0, ["segment", "revenue"]].values.tolist()
    [['Trapped', 0.75], ['High Risk', 0.25]]
    """
    money = table["account_id"].map(revenue if revenue is not None else {}).astype(float)
    money = money.clip(lower=0).fillna(0.0)
    whole = float(money.sum())
    rows = []
    for rule in rules:
        for segment in SEGMENTS:
            inside = table[f"segment_{rule}"] == segment
            rows.append(
                {"rule": rule, "segment": segment, "accounts": int(inside.sum()),
                 "value": float(inside.mean()),
                 "revenue": float(money[inside].sum() / whole) if whole > 0 else np.nan}
            )  # fmt: skip
    return pd.DataFrame(rows)

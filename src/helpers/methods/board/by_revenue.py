"""Loyalty of the money: scores of accounts, each counting by the revenue it brings."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.accounts import recent_revenue
from helpers.methods.survey.estimates import kish_base

__all__ = ["score_by_revenue"]


def score_by_revenue(
    scores: pd.DataFrame,
    financials: pd.DataFrame,
    wave_dates: Mapping[str, pd.Timestamp],
    *,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Average score of each wave, accounts counting by their revenue of the year before it.

    Parameters
    ----------
    scores
        ``account_id``, ``wave`` and ``score`` of every account that answered.
    financials
        ``account_id``, ``period``, ``revenue``.
    wave_dates
        The day of each wave; one without a day is left out.

    Returns
    -------
    pandas.DataFrame
        ``wave, value, low, high, base, effective``, in the order of the waves: ``effective``
        is the number of accounts of equal revenue that would tell as much (Kish 1965).

    Raises
    ------
    NotEstimable
        Where no wave has two accounts with a score and revenue.

    Examples
    --------
    >>> scores = pd.DataFrame({"account_id": ["a", "b"], "wave": "w", "score": [80.0, 40.0]})
    >>> books = pd.DataFrame({"account_id": ["a", "b"], "revenue": [300.0, 100.0],
    ...                       "period": pd.to_datetime("2026-01-01")})
    >>> score_by_revenue(scores, books, {"w": pd.Timestamp("2026-02-15")})["value"].tolist()
    [70.0]
    """
    rows = []
    for wave, day in wave_dates.items():
        if pd.isna(day):
            continue
        answered = scores[(scores["wave"] == wave) & scores["score"].notna()]
        money = answered["account_id"].map(recent_revenue(financials, until=day))
        paying = (money > 0).to_numpy()
        if paying.sum() < 2:
            continue
        weights, score = money[paying].to_numpy(float), answered["score"][paying].to_numpy(float)
        found = survey.ratio(weights * score, weights, confidence=confidence)
        rows.append(
            {"wave": wave, "value": found.value, "low": max(found.low, float(score.min())),
             "high": min(found.high, float(score.max())), "base": found.base,
             "effective": kish_base(weights)}
        )  # fmt: skip
    if not rows:
        raise NotEstimable("no wave has two accounts with both a score and revenue")
    return pd.DataFrame(rows)

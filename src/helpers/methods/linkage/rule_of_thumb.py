"""The vendors' rule of thumb for revenue at risk, held against what the client then lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.linkage.risk import ends

__all__ = ["HALF", "RuleOfThumb", "rule_of_thumb"]

HALF = 0.5  # of detractors are said to leave


@dataclass(frozen=True)
class RuleOfThumb:
    """What the rule said of past waves, and what left after them.

    ``said`` and ``lost`` are money a year, summed over waves whose outcomes are known;
    ``ratio`` is said over lost, with an interval over accounts.
    """

    said: float
    lost: float
    ratio: float
    ratio_low: float
    ratio_high: float
    now: float  # what the rule says of today's accounts
    waves: tuple[str, ...]
    base: int

    @property
    def verdict(self) -> Literal["too much", "too little", "not clear"]:
        """Whether the rule said more, or less, than was lost, beyond doubt."""
        if self.ratio_low > 1:
            return "too much"
        return "too little" if self.ratio_high < 1 else "not clear"


def rule_of_thumb(
    past: pd.DataFrame,
    today: pd.DataFrame,
    *,
    lag_months: int,
    confidence: float = 0.95,
    replicates: int = 1000,
    rng: np.random.Generator,
) -> RuleOfThumb:
    """Multiply detractors by half of their revenue, and compare with what was lost.

    Parameters
    ----------
    past
        A row an account and wave: ``account_id``, ``wave``, ``detractors`` (share of its
        respondents, 0 to 1), ``revenue`` (a year, at the wave) and ``retained`` (1 or 0).
    today
        ``detractors`` and ``revenue`` of today's accounts.
    lag_months
        Months in which ``retained`` is counted. The rule names no time; it is read as a year,
        and what was lost is brought to a year at the same rate.
    rng
        For the interval: accounts are drawn with replacement.

    Raises
    ------
    NotEstimable
        Where nothing is known of the past, or nothing was lost.

    Examples
    --------
    >>> past = pd.DataFrame({"account_id": list("abcd"), "wave": "W1", "revenue": 100.0,
    ...                      "detractors": [1.0, 0.5, 0.0, 0.5], "retained": [0, 1, 1, 1]})
    >>> made = rule_of_thumb(past, past, lag_months=12, rng=np.random.default_rng(1))
    >>> made.said, made.lost, made.ratio, made.verdict
    (100.0, 100.0, 1.0, 'not clear')
    """
    known = past.dropna(subset=["detractors", "revenue", "retained"])
    gone = (1 - known["retained"]) * known["revenue"].clip(lower=0)
    if not gone.sum():
        raise NotEstimable("no revenue was lost after any wave so far: the rule cannot be judged")
    said, lost = _said(known), gone * _a_year(gone, known, lag_months)
    sums = pd.DataFrame({"said": said, "lost": lost}).groupby(known["account_id"]).sum()
    times = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=replicates)
    drawn = times @ sums.to_numpy()
    fell = drawn[:, 1] > 0
    ratio = float(said.sum() / lost.sum())
    low, high = ends(pd.Series(drawn[fell, 0] / drawn[fell, 1]), ratio, confidence)
    return RuleOfThumb(
        float(said.sum()), float(lost.sum()), ratio, low, high, float(_said(today).sum()),
        tuple(sorted(known["wave"].astype(str).unique())), len(known),
    )  # fmt: skip


def _said(rows: pd.DataFrame) -> pd.Series:
    return HALF * rows["detractors"].fillna(0) * rows["revenue"].clip(lower=0).fillna(0)


def _a_year(gone: pd.Series, known: pd.DataFrame, lag_months: int) -> float:
    """What brings a loss within the lag to a year, at a rate that stays the same."""
    share = float(gone.sum() / known["revenue"].clip(lower=0).sum())
    return float((1 - (1 - share) ** (12 / lag_months)) / share) if share < 1 else 1.0

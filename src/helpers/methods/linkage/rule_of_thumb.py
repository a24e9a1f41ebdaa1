"""The vendors' rule of thumb for revenue at risk, held against what the client then lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.linkage.risk import ends
from helpers.methods.survey import promoter_points

__all__ = ["HALF", "RuleOfThumb", "detractors", "rule_of_answers", "rule_of_thumb"]

HALF = 0.5  # of detractors are said to leave
NEEDED = ["detractors", "revenue"]


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


def detractors(answers: pd.Series, accounts: pd.Series, waves: pd.Series) -> pd.DataFrame:
    """Share of each account's respondents in a wave who would not recommend (0 to 6 of 10).

    Examples
    --------
    >>> detractors(pd.Series([3, 9, None]), pd.Series(["a", "a", "b"]), pd.Series(["W"] * 3))
      wave account_id  detractors
    0    W          a         0.5

    Raises
    ------
    NotEstimable
        Where answers are no whole numbers from 0 to 10.
    """
    try:
        against = promoter_points(answers).eq(-100).where(answers.notna())
    except ValueError as refusal:
        raise NotEstimable(f"detractors cannot be counted: {refusal}") from refusal
    rows = pd.DataFrame({"wave": waves, "account_id": accounts, "detractors": against})
    known = rows.dropna().astype({"detractors": float})
    return known.groupby(["wave", "account_id"])["detractors"].mean().reset_index()


def rule_of_thumb(
    past: pd.DataFrame,
    today: pd.DataFrame,
    *,
    lag_months: int,
    confidence: float = 0.95,
    replicates: int = 1000,
    rng: np.random.Generator,
) -> RuleOfThumb:
    """Multiply detractors by half of the average revenue, and compare with what was lost.

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
    known = past.dropna(subset=[*NEEDED, "retained"])
    if known.empty:
        raise NotEstimable(
            "detractors, revenue before and what became of an account are not known together"
        )
    known = known.assign(revenue=known["revenue"].clip(lower=0))
    known["lost"] = (1 - known["retained"]) * known["revenue"]
    if not known["lost"].sum():
        raise NotEstimable("no revenue was lost after any wave so far: the rule cannot be judged")
    count = known["account_id"].nunique()
    said, lost = _sums(known, np.ones((1, count)), lag_months)
    times = rng.multinomial(count, np.full(count, 1 / count), size=replicates)
    drawn_said, drawn_lost = _sums(known, times, lag_months)
    fell = drawn_lost > 0
    ratio = float(said[0] / lost[0])
    low, high = ends(pd.Series(drawn_said[fell] / drawn_lost[fell]), ratio, confidence)
    now = today.dropna(subset=NEEDED).assign(revenue=lambda rows: rows["revenue"].clip(lower=0))
    return RuleOfThumb(
        float(said[0]), float(lost[0]), ratio, low, high,
        float(HALF * now["detractors"].sum() * now["revenue"].mean()),
        tuple(sorted(known["wave"].astype(str).unique())), len(known),
    )  # fmt: skip


def rule_of_answers(
    panel: pd.DataFrame,
    current: pd.DataFrame,
    responses: pd.DataFrame,
    recommend: Sequence[str],
    **options: Any,  # noqa: ANN401 - those of rule_of_thumb
) -> RuleOfThumb:
    """The same from answers: how likely respondents are to recommend, 0 to 10.

    Parameters
    ----------
    panel
        Rows of account and wave with ``retained`` and ``revenue_before``, as ``panel`` makes it.
    current
        Today's accounts: ``wave``, ``account_id`` and ``revenue``.
    responses
        ``wave``, ``account_id`` and the question of each respondent.
    recommend
        The question, where there is one.
    """
    if not len(recommend):
        raise NotEstimable("nobody was asked how likely they are to recommend")
    if "revenue_before" not in panel:
        raise NotEstimable("revenue before the waves is not known")
    shares = detractors(responses[recommend[0]], responses["account_id"], responses["wave"])
    keys = ["wave", "account_id"]
    past = panel.drop(columns="revenue", errors="ignore").merge(shares, on=keys, how="left")
    return rule_of_thumb(
        past.rename(columns={"revenue_before": "revenue"}),
        current.merge(shares, on=keys, how="left"),
        **options,
    )


def _sums(known: pd.DataFrame, times: np.ndarray, lag_months: int) -> tuple[np.ndarray, np.ndarray]:
    """What the rule says of all waves, and what left in a year, each account so many times."""
    codes, _ = pd.factorize(known["account_id"])
    each = times[:, codes].astype(float)
    said = np.zeros(len(times))
    for wave in known["wave"].unique():
        of = (known["wave"] == wave).to_numpy()
        against, revenue = (each[:, of] @ known.loc[of, name].to_numpy(float) for name in NEEDED)
        said += HALF * against * revenue / np.maximum(each[:, of].sum(axis=1), 1)
    revenue, gone = (each @ known[name].to_numpy(float) for name in ("revenue", "lost"))
    share = gone / np.where(revenue > 0, revenue, 1)
    return said, revenue * (1 - (1 - np.clip(share, 0, 1)) ** (12 / lag_months))

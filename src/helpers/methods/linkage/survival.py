"""How long accounts stay, by what they scored at first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from helpers.errors import NotEstimable
from helpers.methods.linkage.counts import MONTH
from helpers.methods.linkage.samples import FEWEST_CASES

__all__ = ["Survival", "curve", "survival"]

YEAR = 12
GROUPS = ("lowest third", "middle third", "highest third")


@dataclass(frozen=True)
class Survival:
    """Share of accounts still customers, month by month, in each group."""

    table: pd.DataFrame  # group, month, share, low, high, at_risk
    p: float  # log-rank, of no difference between the groups
    base: int
    lost: int

    def at(self, month: float) -> pd.DataFrame:
        """Each group's share at a month: the last row up to it."""
        upto = self.table[self.table["month"] <= month]
        return upto.groupby("group", sort=False).tail(1).reset_index(drop=True)


def survival(
    panel: pd.DataFrame,
    ended: pd.Series,
    *,
    as_of: pd.Timestamp,
    score: str = "score",
    groups: Sequence[str] = GROUPS,
    confidence: float = 0.95,
) -> Survival:
    """Kaplan and Meier's share still there, from the wave in which an account was first scored.

    An account is followed from its first score to its end, or to ``as_of``, and counts once.
    Intervals are Greenwood's on the log-minus-log scale (Kalbfleisch & Prentice, The Statistical
    Analysis of Failure Time Data, 2002, 1.4). Groups are equal parts by the first score.

    Parameters
    ----------
    panel
        Rows of account and wave with ``t0`` and the score.
    ended
        Day on which an account ended, by ``account_id``.

    Raises
    ------
    NotEstimable
        If too few accounts have a score, or none has left.

    Examples
    --------
    >>> rows = pd.DataFrame({"account_id": range(30), "t0": pd.Timestamp("2025-01-01"),
    ...                      "score": range(30)})
    >>> ended = pd.Series(pd.Timestamp("2025-07-01"), index=range(5))
    >>> made = survival(rows, ended, as_of=pd.Timestamp("2025-12-31"))
    >>> made.at(9)[["group", "share"]].round(2).to_dict("records")[0]
    {'group': 'lowest third', 'share': 0.5}
    """
    first = panel.dropna(subset=[score, "t0"]).sort_values("t0", kind="stable")
    first = first.drop_duplicates("account_id")
    end = pd.to_datetime(first["account_id"].map(pd.to_datetime(ended)))
    first, end = first[~(end <= first["t0"])], end[~(end <= first["t0"])]
    lost = end.notna() & (end <= as_of)
    months = ((end.where(lost, as_of) - first["t0"]).dt.days / MONTH).to_numpy()
    if len(first) < len(groups) * 10 or not lost.any():
        raise NotEstimable(f"{len(first)} accounts have a score and {int(lost.sum())} of them "
                           "left: too few to follow by group")  # fmt: skip
    if (months[lost.to_numpy()] <= YEAR).sum() < FEWEST_CASES:
        raise NotEstimable("hardly an account left within a year of its first score")
    place = pd.qcut(first[score].rank(method="first"), len(groups), labels=False).to_numpy()
    curves = [
        curve(name, months[place == i], lost.to_numpy()[place == i], confidence)
        for i, name in enumerate(groups)
    ]
    _, p = survdiff(months, lost.to_numpy().astype(int), place)
    return Survival(pd.concat(curves, ignore_index=True), float(p), len(first), int(lost.sum()))


def curve(name: str, months: np.ndarray, lost: np.ndarray, confidence: float) -> pd.DataFrame:
    """One group's share still there, after each time at which somebody left."""
    start = {"group": name, "month": 0.0, "share": 1.0, "low": 1.0, "high": 1.0,
             "at_risk": len(months), "accounts": len(months)}  # fmt: skip
    if not lost.any():
        return pd.DataFrame([start])
    found = SurvfuncRight(months, lost.astype(int))
    share, error = np.asarray(found.surv_prob), np.asarray(found.surv_prob_se)
    inside = (share > 0) & (share < 1)
    spread = np.zeros(len(share))
    spread[inside] = error[inside] / (share[inside] * np.abs(np.log(share[inside])))
    reach = np.exp(norm.ppf((1 + confidence) / 2) * spread)
    rows = pd.DataFrame(
        {
            "group": name, "month": found.surv_times, "share": share, "low": share**reach,
            "high": share ** (1 / reach), "at_risk": found.n_risk, "accounts": len(months),
        }
    )  # fmt: skip
    return pd.concat([pd.DataFrame([start]), rows], ignore_index=True)

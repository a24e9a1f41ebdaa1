"""How long accounts stay, by what they scored at first and by the groups they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from helpers.errors import NotEstimable
from helpers.methods.linkage.counts import MONTH
from helpers.methods.linkage.samples import FEWEST_CASES
from helpers.methods.multiplicity import holm

__all__ = ["GroupSurvival", "Survival", "curve", "survival", "survival_by_group"]

YEAR = 12
MONTHS = (6, 12, 24)  # after the first score at which groups are set side by side
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


@dataclass(frozen=True)
class GroupSurvival:
    """Share of accounts still customers after some months, by the groups they belong to."""

    table: pd.DataFrame  # kind, group, months, share, low, high, accounts
    corrected: dict[str, float]  # p of no difference between the groups of a kind
    base: int
    lost: int
    confidence: float

    def verdict(self, kind: str) -> Literal["differ", "not clear"]:
        """Whether the groups of a kind stay differently long, by more than chance."""
        return "differ" if self.corrected[kind] < 1 - self.confidence else "not clear"


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
    first = _followed(panel, ended, as_of, score)
    months, lost = first["months"].to_numpy(), first["lost"].to_numpy()
    if len(first) < len(groups) * 10 or not lost.any():
        raise NotEstimable(f"{len(first)} accounts have a score and {lost.sum()} of them "
                           "left: too few to follow by group")  # fmt: skip
    if (months[lost] <= YEAR).sum() < FEWEST_CASES:
        raise NotEstimable("hardly an account left within a year of its first score")
    place = pd.qcut(first[score].rank(method="first"), len(groups), labels=False).to_numpy()
    curves = [
        curve(name, months[place == i], lost[place == i], confidence)
        for i, name in enumerate(groups)
    ]
    _, p = survdiff(months, lost.astype(int), place)
    return Survival(pd.concat(curves, ignore_index=True), float(p), len(first), int(lost.sum()))


def survival_by_group(
    panel: pd.DataFrame,
    ended: pd.Series,
    groups: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    score: str = "score",
    smallest: int = 10,
    confidence: float = 0.95,
) -> GroupSurvival:
    """The same of the groups that accounts belong to: the client's own, whatever they scored.

    Parameters
    ----------
    panel, ended
        As for ``survival``: an account is followed from its first score.
    groups
        A column a kind of group, indexed by ``account_id``; an account without a group is left
        out of that kind.
    smallest
        Accounts that a group needs to be shown; groups too small must be as many together.

    Raises
    ------
    NotEstimable
        If no kind has two groups large enough, or too few have left to compare them.

    Notes
    -----
    Groups of a kind are compared by the log-rank test, corrected for how many kinds there are
    (Holm). A group is not shown beyond the months for which any of its accounts was followed,
    and has no interval where none of it has left.

    Examples
    --------
    >>> rows = pd.DataFrame({"account_id": range(60), "t0": pd.Timestamp("2025-01-01"),
    ...                      "score": range(60)})
    >>> ended = pd.Series(pd.Timestamp("2025-07-20"), index=range(10))
    >>> tier = pd.DataFrame({"tier": ["Key"] * 20 + ["Core"] * 40})
    >>> made = survival_by_group(rows, ended, tier, as_of=pd.Timestamp("2026-02-28"))
    >>> made.table[["group", "months", "share", "accounts"]].to_dict("records")[-1]
    {'group': 'Key', 'months': 12, 'share': 0.5, 'accounts': 20}
    >>> made.verdict("tier")
    'differ'
    """
    first = _followed(panel, ended, as_of, score)
    if first["lost"].sum() < FEWEST_CASES:
        raise NotEstimable(f"{first['lost'].sum()} scored accounts left: too few to compare groups")
    parts, tests = [], {}
    for kind in map(str, groups.columns):
        named = first["account_id"].map(groups[kind])
        large = _shown(named.value_counts(), smallest)
        if len(large) > 1:
            rows = first.assign(group=named)[named.isin(large)]
            parts.append(_side_by_side(rows, confidence).assign(kind=kind))
            tests[kind] = float(survdiff(rows["months"], rows["lost"], rows["group"])[1])
    if not parts:
        raise NotEstimable("no two groups have enough accounts with a score to follow")
    corrected = dict(zip(tests, holm(list(tests.values())), strict=True))
    table = pd.concat(parts, ignore_index=True)
    return GroupSurvival(table, corrected, len(first), int(first["lost"].sum()), confidence)


def _followed(
    panel: pd.DataFrame, ended: pd.Series, as_of: pd.Timestamp, score: str
) -> pd.DataFrame:
    """Each account from its first score on: for how many months, and whether it then left."""
    first = panel.dropna(subset=[score, "t0"]).sort_values("t0", kind="stable")
    first = first.drop_duplicates("account_id")
    end = pd.to_datetime(first["account_id"].map(pd.to_datetime(ended)))
    first, end = first[~(end <= first["t0"])], end[~(end <= first["t0"])]
    lost = end.notna() & (end <= as_of)
    months = (end.where(lost, as_of) - first["t0"]).dt.days / MONTH
    return first.assign(months=months, lost=lost)


def _shown(sizes: pd.Series, smallest: int) -> pd.Index:
    """Groups large enough; one more is left out where those too small can be told from the rest.

    >>> _shown(pd.Series({"Key": 30, "Core": 12, "Tiny": 4}), 10).tolist()
    ['Key']
    >>> _shown(pd.Series({"Key": 30, "Core": 12}), 10).tolist()
    ['Key', 'Core']
    """
    large = sizes[sizes >= smallest].sort_values(ascending=False, kind="stable")
    hidden = sizes.sum() - large.sum()
    return large.index[:-1] if 0 < hidden < smallest else large.index


def _side_by_side(rows: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Each group's share still there at each of ``MONTHS``."""
    found = []
    for name, some in rows.groupby("group", sort=True, observed=True):
        line = curve(str(name), some["months"].to_numpy(), some["lost"].to_numpy(), confidence)
        known = [months for months in MONTHS if some["months"].max() >= months]
        last = [int((line["month"] <= months).sum()) - 1 for months in known]
        found.append(line.iloc[last].assign(months=known))
    table = pd.concat(found, ignore_index=True).drop(columns=["month", "at_risk"])
    told = table["share"].between(0, 1, inclusive="neither")  # Greenwood's error of none lost is 0
    return table.assign(low=table["low"].where(told), high=table["high"].where(told))


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

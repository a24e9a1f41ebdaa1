"""A score in each group of the client's own segments, under the policy on small bases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.loyalty.shrinkage import account_scores
from helpers.methods.survey import SurveyDesign, disclosure
from helpers.methods.survey.columns import aligned

__all__ = ["Breakdown", "breakdown"]

UNKNOWN = disclosure.UNKNOWN
FEW = "too few to test"
NO_GROUP = "not a group, so not tested"
DIFFERENCES = ("difference", "difference_low", "difference_high")


class SmallestBase(Protocol):
    """Respondents needed before a figure is shown, tested, or shown without a flag."""

    suppress: int
    test: int
    flag: int


@dataclass(frozen=True)
class Breakdown:
    """A score by group, what may be shown of it, and which groups differ from the rest.

    ``table`` has a row for each group: ``column``, ``group``, ``value``, ``low``, ``high``,
    ``base``, ``shrunken`` (drawn toward the mean of the groups as far as chance explains its
    distance), ``difference`` from all others with ``difference_low`` and ``difference_high``
    (simultaneous), ``p_adjusted`` (Holm), ``tested`` (whether it was set against the others and
    may be shown), ``withheld`` and ``remark``: ``withheld``, ``too few to test``, ``small base`` or
    nothing. ``comparisons`` is their number: two groups of a column are one.
    """

    table: pd.DataFrame
    comparisons: int
    base: int

    def __post_init__(self) -> None:
        hidden = self.table[self.table["withheld"]]
        if hidden[["value", "low", "high", "shrunken"]].notna().any(axis=None):
            raise ValueError("a group that is withheld shows a number")
        if self.table.loc[~self.table["tested"], "difference"].notna().any():
            raise ValueError("a group that was not tested has a difference")

    @property
    def best(self) -> pd.Series | None:
        """The group that may be shown with the highest shrunken score: the inner benchmark."""
        able = self.table["shrunken"].notna() & self.table["tested"]
        shown = self.table[able].sort_values("shrunken", kind="stable")
        if shown.empty or np.isclose(shown["shrunken"].iloc[0], shown["shrunken"].iloc[-1]):
            return None  # none stands above another
        return shown.iloc[-1]


def breakdown(
    points: pd.Series,
    columns: pd.DataFrame,
    policy: SmallestBase,
    design: SurveyDesign | None = None,
    *,
    confidence: float = 0.95,
) -> Breakdown:
    """Estimate a score in each group of each column, and test each against all others.

    Below ``policy.suppress`` answers nothing is shown, nor what would give it away, in this
    column or by way of another; fewer than that of no known group are merged with the largest;
    below
    ``policy.test`` a score is shown and not tested; below ``policy.flag`` it is flagged. Tests
    are corrected for their number over all columns. Where a column has two groups, one
    against the other is one comparison, told from both sides.

    Parameters
    ----------
    points
        One number a respondent whose mean is the score.
    columns
        The groups of each respondent, one column a way of grouping.
    policy
        Smallest bases.
    design
        That of the respondents; each group is a domain of it.

    Raises
    ------
    NotEstimable
        If no column has two groups.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6; Hundepool and others (2012),
    Statistical Disclosure Control, chapter 4.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> policy = SimpleNamespace(suppress=3, test=4, flag=10)
    >>> tiers = pd.DataFrame({"tier": list("AAAABBBBC")})
    >>> found = breakdown(pd.Series([9, 8, 9, 8, 5, 6, 5, 6, 1.0]), tiers, policy)
    >>> found.table[["group", "value", "remark"]].values.tolist()
    [['A', nan, 'withheld'], ['B', 5.5, 'small base'], ['C', nan, 'withheld']]
    """
    whole = (design or SurveyDesign()).labelled_by(pd.Series(points))
    answers = whole.answers(points, "points")
    named = pd.DataFrame({str(name): _filled(columns[name], answers) for name in columns})
    safe = disclosure.protect(named[answers.notna()], policy.suppress)
    columns = safe.groups.reindex(answers.index)
    parts = []
    for name in columns:
        groups = _filled(columns[name], answers)
        if groups[answers.notna()].nunique() < 2:
            continue
        table = survey.by_group(survey.mean, answers, groups, whole, confidence=confidence)
        table = table[table["base"] > 0].assign(column=str(name))
        parts.append(table.merge(_shrunken(answers, groups, whole), on="group", how="left"))
    if not parts:
        raise NotEstimable("no column of the client's segments has two groups that answered")
    table = pd.concat(parts, ignore_index=True)
    table, comparisons = _tested(table, answers, columns, policy, whole, confidence)
    return Breakdown(_shown(table, safe, policy), comparisons, int(answers.notna().sum()))


def _filled(groups: pd.Series, answers: pd.Series) -> pd.Series:
    """Groups of the respondents; those without one are a group of their own."""
    named = aligned(groups, answers, str(groups.name)).astype(object)
    return named.where(named.notna(), UNKNOWN)


def _shrunken(answers: pd.Series, groups: pd.Series, design: SurveyDesign) -> pd.DataFrame:
    given = answers.notna()
    weights = design.weights_for(answers)[given]
    found = account_scores(answers[given], groups[given], SurveyDesign(weights))
    return found.table.rename(columns={"account_id": "group", "shrunk": "shrunken"})[
        ["group", "shrunken"]
    ]


def _tested(
    table: pd.DataFrame,
    answers: pd.Series,
    columns: pd.DataFrame,
    policy: SmallestBase,
    design: SurveyDesign,
    confidence: float,
) -> tuple[pd.DataFrame, int]:
    """Each group that is large enough, against everyone else of its column; how many tests."""
    able = table["base"] >= max(policy.test, 2)
    able &= table["group"] != UNKNOWN
    rest = table.groupby("column")["base"].transform("sum") - table["base"]
    able &= rest >= max(policy.test, 2)
    able &= _on_both_sides(table, answers, columns, design)
    two = table.groupby("column")["group"].transform("size") == 2
    mirrored = able & two & table["column"].where(able).duplicated()
    asked = table.index[able & ~mirrored]
    level = 1 - (1 - confidence) / max(len(asked), 1)
    numbers = pd.DataFrame(np.nan, table.index, [*DIFFERENCES, "p"])
    for row in asked:
        groups = _filled(columns[str(table.loc[row, "column"])], answers)
        inside = (groups == table.loc[row, "group"]).to_numpy()
        found = _against(answers, inside, design, level)
        numbers.loc[row] = (found.value, found.low, found.high, found.p_value)
    if len(asked):
        numbers.loc[asked, "p"] = multipletests(numbers.loc[asked, "p"], method="holm")[1]
    for row in table.index[mirrored]:
        other = numbers.loc[table.index[(table["column"] == table.loc[row, "column"]) & ~mirrored]]
        value, low, high, p = other.iloc[0]
        numbers.loc[row] = (-value, -high, -low, p)
    numbers = numbers.rename(columns={"p": "p_adjusted"})
    return table.join(numbers).assign(tested=able), len(asked)


def _on_both_sides(
    table: pd.DataFrame, answers: pd.Series, columns: pd.DataFrame, design: SurveyDesign
) -> pd.Series:
    """Whether at least two accounts answered in the group, and two outside it.

    The spread of a side from a single account is not known.
    """
    account = design.clusters_for(answers)
    if account is None:
        return pd.Series(True, index=table.index)
    given, found = answers.notna(), []
    for column, group in table[["column", "group"]].itertuples(index=False):
        inside = _filled(columns[column], answers) == group
        accounts = [set(account[given & side]) for side in (inside, ~inside)]
        found.append(min(map(len, accounts)) > 1)
    return pd.Series(found, index=table.index)


def _against(
    answers: pd.Series, inside: np.ndarray, design: SurveyDesign, confidence: float
) -> survey.Estimate:
    """Group less the rest; colleagues on both sides count as one account."""
    return survey.difference(
        answers.where(~inside), answers.where(inside), design, confidence=confidence
    )


def _shown(table: pd.DataFrame, safe: disclosure.Protection, policy: SmallestBase) -> pd.DataFrame:
    numbers = ["value", "low", "high", "shrunken", *DIFFERENCES, "p_adjusted"]
    hidden = safe.hides(table["column"], table["group"])
    shown = disclosure.withhold(table, hidden, numbers)
    shown["tested"] &= ~shown["withheld"]
    remark = np.select(
        [shown["withheld"], ~shown["tested"], shown["base"] < policy.flag],
        ["withheld", FEW, "small base"],
        "",
    )
    remark = np.where(~shown["withheld"] & (shown["group"] == UNKNOWN), NO_GROUP, remark)
    order = ["column", "group", "value", "low", "high", "base", "shrunken", *DIFFERENCES,
             "p_adjusted", "tested", "withheld"]  # fmt: skip
    return shown[order].assign(remark=remark)

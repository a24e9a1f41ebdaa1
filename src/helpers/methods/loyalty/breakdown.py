"""A score in each group of the client's own segments, under the policy on small bases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.loyalty.kinds import kinds
from helpers.methods.loyalty.pooled import Against, EarlierWaves, against_rest
from helpers.methods.loyalty.shrinkage import account_scores
from helpers.methods.multiplicity import holm
from helpers.methods.survey import SurveyDesign, disclosure
from helpers.methods.survey.columns import aligned
from helpers.methods.survey.simultaneous import correlations, simultaneous

__all__ = ["Breakdown", "breakdown"]

UNKNOWN = disclosure.UNKNOWN
FEW = "too few to test"
NO_GROUP = "not a group, so not tested"
KINDS = ["column", "p", "p_adjusted", "apart"]
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
    (simultaneous), ``p_adjusted`` (stepped down by the maximum of |t|), ``waves`` (how many speak
    in the difference), ``differs`` (1 where it differs between waves, so that this wave's own
    stands, drawn towards the others), ``tested`` (whether it was set against the others and may
    be shown), ``withheld`` and ``remark``: ``withheld``, ``too few to test``, ``small base`` or
    nothing. ``comparisons`` is their number: two groups of a column are one. ``waves`` are those
    that speak in any difference, the last one last. ``kinds`` has a row for each column: ``p`` and
    ``p_adjusted`` (Holm) that none of its groups differs from the rest, and ``apart``.
    """

    table: pd.DataFrame
    comparisons: int
    base: int
    waves: tuple[str, ...] = ()
    kinds: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=KINDS))

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
    over: EarlierWaves | None = None,
    confidence: float = 0.95,
) -> Breakdown:
    """Estimate a score in each group of each column, and test each against all others.

    Scores are those of one wave; what sets a group apart from the rest is taken from all waves
    where they agree, each about itself (see `against_rest`).

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
    over
        Answers of all waves, whose last are ``points``; without them one wave speaks.

    Raises
    ------
    NotEstimable
        If no column has two groups.

    References
    ----------
    Westfall and Young (1993), Resampling-Based Multiple Testing; Hundepool and others (2012),
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
    sides = _Sides.of(answers, columns, whole, over, policy.test)
    sided = _on_both_sides(table, answers, columns, whole)
    table, found = _tested(table, sided, sides, policy, confidence)
    shown = _shown(table, safe, policy)
    speaking = {wave for one in found.values() for wave in one.waves}
    waves = tuple(wave for wave in sides.order if wave in speaking)
    open_ = [row for row in found if not shown.loc[row, "withheld"]]
    of = kinds(
        [str(table.loc[row, "column"]) for row in open_],
        [found[row] for row in open_],
        sides.design,
        groups={str(n): len(part) for n, part in table.groupby("column")},
        confidence=confidence,
    )
    return Breakdown(shown, len(found), int(answers.notna().sum()), waves, of)


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


@dataclass(frozen=True, eq=False)
class _Sides:
    """Who is in a group, and who in the rest, of one wave or of all."""

    answers: pd.Series
    columns: pd.DataFrame
    design: SurveyDesign
    order: tuple[str, ...]
    smallest: int

    @classmethod
    def of(
        cls,
        answers: pd.Series,
        columns: pd.DataFrame,
        design: SurveyDesign,
        over: EarlierWaves | None,
        smallest: int,
    ) -> _Sides:
        """Of all waves where there are any; this wave's groups as they may be shown."""
        if over is None or over.design is None or len(over.order) < 2:
            return cls(answers, columns, design, (), smallest)
        whole = over.design
        every = pd.DataFrame({str(n): _filled(over.columns[n], over.points) for n in over.columns})
        named = every.astype(object)
        named.loc[columns.index] = columns.astype(object)
        points = whole.answers(over.points, "points")
        return cls(points, named.reindex(points.index), whole, over.order, smallest)

    def against(self, column: str, group: object) -> Against:
        """A group less the rest of its column."""
        inside = _filled(self.columns[column], self.answers) == group
        return against_rest(
            self.answers, inside, self.design, order=self.order, smallest=self.smallest
        )

    def corrected(self, found: Sequence[Against], confidence: float) -> tuple[float, np.ndarray]:
        """The confidence of each interval that makes all hold together, and corrected p values."""
        everybody = pd.Series(0.0, index=self.design.index)
        rows = [one.influence.reindex(everybody.index).fillna(0.0) for one in found]
        strays = correlations(np.column_stack(rows), self.design.clusters_for(everybody))
        alone = [one.at(confidence).p_value for one in found]
        family = simultaneous(alone, strays, confidence=confidence)
        return family.confidence, family.adjusted


def _tested(
    table: pd.DataFrame, sided: pd.Series, sides: _Sides, policy: SmallestBase, confidence: float
) -> tuple[pd.DataFrame, dict[int, Against]]:
    """Each group that is large enough, against everyone else of its column; each test by row."""
    able = table["base"] >= max(policy.test, 2)
    able &= table["group"] != UNKNOWN
    rest = table.groupby("column")["base"].transform("sum") - table["base"]
    able &= rest >= max(policy.test, 2)
    able &= sided
    two = table.groupby("column")["group"].transform("size") == 2
    mirrored = able & two & table["column"].where(able).duplicated()
    asked = table.index[able & ~mirrored]
    numbers = pd.DataFrame(np.nan, table.index, [*DIFFERENCES, "p_adjusted", "waves", "differs"])
    joined = [sides.against(*table.loc[row, ["column", "group"]]) for row in asked]
    found, differs = _as_waves_agree(joined, confidence)
    if len(asked):
        level, adjusted = sides.corrected(found, confidence)
        for row, one, p, unlike in zip(asked, found, adjusted, differs, strict=True):
            made = one.at(level)
            numbers.loc[row] = (made.value, made.low, made.high, p, len(one.waves), unlike)
    for row in table.index[mirrored]:
        other = numbers.loc[table.index[(table["column"] == table.loc[row, "column"]) & ~mirrored]]
        value, low, high, *rest_of_it = other.iloc[0]
        numbers.loc[row] = (-value, -high, -low, *rest_of_it)
    tests = dict(zip(asked, found, strict=True))
    return table.join(numbers).assign(tested=able), tests


def _on_both_sides(
    table: pd.DataFrame, answers: pd.Series, columns: pd.DataFrame, design: SurveyDesign
) -> pd.Series:
    """Whether at least two accounts answered in the group, and two outside it.

    The spread of a side from a single account is not known.
    """
    account = design.clusters_for(answers)
    if account is None:
        return pd.Series(True, index=table.index)
    given, found = answers.notna().to_numpy(), []
    codes = pd.factorize(account, use_na_sentinel=False)[0]
    for column, group in table[["column", "group"]].itertuples(index=False):
        inside = (_filled(columns[column], answers) == group).to_numpy()
        accounts = [np.bincount(codes[given & side]) for side in (inside, ~inside)]
        found.append(min(map(np.count_nonzero, accounts)) > 1)
    return pd.Series(found, index=table.index)


def _as_waves_agree(
    found: Sequence[Against], confidence: float
) -> tuple[list[Against], list[bool]]:
    """Each difference over all waves, or the last wave's own where waves surely differ (Holm)."""
    known = [place for place, one in enumerate(found) if not np.isnan(one.p_waves)]
    sure = np.zeros(len(found), dtype=bool)
    if known:
        p = [found[place].p_waves for place in known]
        sure[known] = holm(p) < 1 - confidence
    kept = [
        one.apart() if unlike and one.apart is not None else one
        for one, unlike in zip(found, sure, strict=True)
    ]
    return kept, sure.tolist()


def _shown(table: pd.DataFrame, safe: disclosure.Protection, policy: SmallestBase) -> pd.DataFrame:
    numbers = ["value", "low", "high", "shrunken", *DIFFERENCES, "p_adjusted", "waves", "differs"]
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
             "p_adjusted", "waves", "differs", "tested", "withheld"]  # fmt: skip
    return shown[order].assign(remark=remark)

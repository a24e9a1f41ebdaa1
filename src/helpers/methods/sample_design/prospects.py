"""What a plan lets one expect of a score: its margin for everyone and for each group.

The variance is that of a stratified mean, cell by cell, where a cell is what a group and
a stratum have in common; it is multiplied by the design effect of answers that cluster
in accounts. People asked for certain speak for themselves alone, so a group's margin
shows what taking the largest accounts costs the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.errors import NotEstimable
from helpers.methods.measure import Measure
from helpers.methods.sample_design.changes import SinceWave, change_since
from helpers.methods.sample_design.expectations import Expected
from helpers.methods.sample_design.plan import SamplePlan
from helpers.methods.sample_design.strata import FEW, UNKNOWN, spread_by_stratum
from helpers.methods.scorecard import change
from helpers.methods.survey import SurveyDesign, mean
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.estimates import Estimate, normal_quantile

__all__ = [
    "Grouping",
    "Groups",
    "Outlook",
    "Prospects",
    "change_to_expect",
    "groupings",
    "person_groups",
    "prospects",
]

COLUMNS = ["by", "group", "population", "invited", "response_rate", "answers", "margin"]
Groups = Mapping[str, pd.Series]
Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Prospects:
    """What a plan lets one expect of everyone and of each group.

    ``table``: by (the grouping), group, population (who may be asked), invited (expected
    by the chances), response_rate, answers (expected), margin (half the interval of the
    score, in its units; missing where too few answers are expected). ``margin`` and
    ``answers`` are those of everyone. Margins are about the people on this list;
    ``margin_beyond`` is that of everyone without the finite correction, about people like
    these, as an estimate of the next wave will state it.
    """

    table: pd.DataFrame
    margin: float
    margin_beyond: float
    answers: float
    deviations: pd.Series  # of the answers, by stratum, in the units of the score
    base: int  # people who may be asked

    def __post_init__(self) -> None:
        if self.margin > self.margin_beyond:
            raise ValueError(f"{self.margin} for the list is above {self.margin_beyond}")
        for by, rows in self.table.groupby("by"):
            if int(rows["population"].sum()) != self.base:
                raise ValueError(
                    f"groups of {by} have {rows['population'].sum()} people, and "
                    f"{self.base} may be asked"
                )

    @property
    def worst(self) -> float:
        """The widest margin of any group that has one; that of everyone where none has."""
        widest = float(self.table["margin"].max()) if len(self.table) else float("nan")
        return self.margin if np.isnan(widest) else widest


def prospects(
    plan: SamplePlan,
    answers: pd.DataFrame | None,
    *,
    groups: Groups | None = None,
    response_rates: Mapping[tuple[str, str], float] | None = None,
    smallest: int = 2,
) -> Prospects:
    """What to expect of a score from a plan, for everyone and for each group.

    Parameters
    ----------
    plan
        As `plan_sample` gives it.
    answers
        account_id and score of earlier answers: how far they vary, stratum by stratum.
    groups
        Groupings by name, each the group of a person by contact_id; people without one
        are *not known*.
    response_rates
        Expected of a (grouping, group), 0 to 1; the plan's own for those not given.
    smallest
        Answers that a group must be expected to give, to have a margin.

    Raises
    ------
    NotEstimable
        If no earlier answers tell how far the score varies.

    References
    ----------
    Cochran (1977), Sampling Techniques, 5.3 (stratified means) and 2.12 (domains, here
    with known sizes); Kish (1965), 5.4 (clusters).

    Examples
    --------
    >>> from helpers.methods.sample_design.ground import Lists
    >>> from helpers.methods.sample_design.plan import Target, plan_sample
    >>> people = pd.DataFrame({"contact_id": [f"c{i}" for i in range(400)],
    ...                        "account_id": [f"a{i}" for i in range(400)]})
    >>> before = pd.DataFrame({"account_id": people["account_id"], "score": [40.0, 60.0] * 200})
    >>> plan = plan_sample(Lists(people), Target(size=100), on=pd.Timestamp("2026-11-02"),
    ...                    design_effect=1.0, response_rate=1.0, rng=np.random.default_rng(1))
    >>> round(prospects(plan, before).margin, 2)  # 1.96 times 10.01 / 10, times root of 3/4
    1.7
    """
    kinds = groupings(plan.frame["contact_id"], groups or {})
    outlook = Outlook(plan.expected, plan.confidence, response_rates or {}, smallest)
    return outlook.prospects(plan.frame, answers, kinds)


@dataclass(frozen=True)
class Grouping:
    """The group of each person, as a number into its names."""

    by: str
    names: list[str]
    codes: Ints

    def sums(self, strata: Ints, kinds: int, weights: Floats) -> Floats:
        """Sums over the people of each group (rows) in each stratum (columns)."""
        cells = len(self.names) * kinds
        found = np.bincount(self.codes * kinds + strata, weights, cells).astype(float)
        return found.reshape(len(self.names), kinds)


def groupings(contacts: pd.Series, groups: Groups) -> list[Grouping]:
    """Groupings of people, those without a group in one that is *not known*."""
    found = []
    for by, of in groups.items():
        names = contacts.map(of)
        names = names.astype(object).where(names.notna(), UNKNOWN).astype(str)
        codes, known = pd.factorize(names, sort=True)
        found.append(Grouping(by, [str(name) for name in known], codes))
    return found


@dataclass(frozen=True)
class Outlook:
    """What is expected of people who are drawn with known chances, group by group."""

    hoped: Expected
    confidence: float
    rates: Mapping[tuple[str, str], float]
    smallest: int

    def prospects(
        self, people: pd.DataFrame, answers: pd.DataFrame | None, kinds: Sequence[Grouping]
    ) -> Prospects:
        """What to expect of people with known chances, and of the groups of each kind."""
        of_account = people.drop_duplicates("account_id").set_index("account_id")["stratum"]
        deviations = spread_by_stratum(answers, of_account)
        if deviations is None:
            raise NotEstimable("no earlier answers tell how far the score varies")
        chances = people["inclusion_probability"].to_numpy()
        strata, names = pd.factorize(people["stratum"])
        spread = deviations.reindex(names).to_numpy()
        parts = [self._table(g, strata, chances, spread) for g in kinds]
        everyone = Grouping("", ["everyone"], np.zeros(len(people), dtype=int))
        whole = self._table(everyone, strata, chances, spread).iloc[0]
        table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
        few = table["answers"] < self.smallest
        table = table.assign(margin=table["margin"].mask(few))[COLUMNS]
        return Prospects(
            table, float(whole["margin"]), float(whole["margin_beyond"]),
            float(whole["answers"]), deviations, len(people),
        )  # fmt: skip

    def _table(
        self, grouping: Grouping, strata: Ints, chances: Floats, spread: Floats
    ) -> pd.DataFrame:
        """People, invitations, answers and the margin of the mean of each group."""
        size, drawn, inverse = (
            grouping.sums(strata, len(spread), of)
            for of in (np.ones(len(chances)), chances, 1 / chances)
        )
        rates = [self.rates.get((grouping.by, g), self.hoped.response_rate) for g in grouping.names]
        answers = drawn * np.array(rates)[:, None]
        beyond = self._variances(size, drawn, inverse, answers) * spread**2
        left = 1 - answers / np.maximum(size, 1)
        ends = normal_quantile(self.confidence)
        return pd.DataFrame(
            {
                "by": grouping.by,
                "group": grouping.names,
                "population": size.sum(axis=1).astype(int),
                "invited": drawn.sum(axis=1),
                "response_rate": rates,
                "answers": answers.sum(axis=1),
                "margin": ends * (beyond * left).sum(axis=1) ** 0.5,
                "margin_beyond": ends * beyond.sum(axis=1) ** 0.5,
            }
        )

    def _variances(self, size: Floats, drawn: Floats, inverse: Floats, answers: Floats) -> Floats:
        """What each stratum adds to the variance of a group's mean, where answers vary by one."""
        there = size > 0
        uneven = inverse * drawn / np.maximum(size, 1) ** 2  # Kish
        shares = (size / size.sum(axis=1, keepdims=True)) ** 2
        return shares * uneven / np.where(there, answers, 1) * self.hoped.design_effect


def person_groups(
    contacts: pd.DataFrame, accounts: pd.DataFrame | None, columns: Sequence[str]
) -> dict[str, pd.Series]:
    """The group of each person by contact_id, for columns of accounts or of contacts.

    Columns that neither has are left out.

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": ["c"], "account_id": ["a"], "role": ["user"]})
    >>> firms = pd.DataFrame({"account_id": ["a"], "tier": ["Key"]})
    >>> {k: v.to_dict() for k, v in person_groups(people, firms, ["tier", "role"]).items()}
    {'tier': {'c': 'Key'}, 'role': {'c': 'user'}}
    """
    found = {}
    for name in columns:
        if accounts is not None and name in accounts:
            of = contacts["account_id"].map(accounts.set_index("account_id")[name])
        elif name in contacts:
            of = contacts[name]
        else:
            continue
        found[name] = of.set_axis(contacts["contact_id"])
    return found


def change_to_expect(
    plan: SamplePlan,
    measure: Measure,
    responses: pd.DataFrame,
    *,
    wave: str,
    before: str | None = None,
    power: float = 0.8,
) -> SinceWave:
    """The smallest change of a score since a wave that a plan is likely to show.

    Parameters
    ----------
    measure
        The score.
    responses
        All waves: wave, the question, and account_id where known.
    wave, before
        The last wave, and the one before it, which tells what two waves have in common.

    Raises
    ------
    NotEstimable
        If the last wave has too few answers, or the score is made of several questions.
    """
    if measure.values.name not in responses:
        raise NotEstimable(f"no single question makes the {measure.phrase}, to follow by wave")
    now = _score(measure, responses, wave, plan.confidence)
    points = measure.points(responses[responses["wave"] == wave])
    earlier = moved = None
    if before is not None:
        moved = change(
            measure, responses, before=before, now=wave, smallest=FEW, confidence=plan.confidence
        )
        earlier = None if moved is None else _score(measure, responses, before, plan.confidence)
    return change_since(
        now, plan.answers, standard_deviation=float(points.std()),
        design_effect=plan.expected.design_effect * plan.design_effect,
        before=earlier, moved=moved, power=power, confidence=plan.confidence,
    )  # fmt: skip


def _score(measure: Measure, responses: pd.DataFrame, wave: str, confidence: float) -> Estimate:
    rows = responses[responses["wave"] == wave]
    clusters = rows["account_id"] if _named(responses) else None
    return mean(measure.points(rows), SurveyDesign(clusters=clusters), confidence=confidence)


def _named(responses: pd.DataFrame) -> bool:
    return "account_id" in responses and bool(responses["account_id"].notna().all())

"""What a plan lets one expect of a score: its margin for everyone and for each group.

The variance is that of a stratified mean, cell by cell, where a cell is what a group and
a stratum have in common; it is multiplied by the design effect of answers that cluster
in accounts. People asked for certain speak for themselves alone, so a group's margin
shows what taking the largest accounts costs the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.measure import Measure
from helpers.methods.sample_design.changes import SinceWave, change_since
from helpers.methods.sample_design.drawing import Options
from helpers.methods.sample_design.ground import planning_ground
from helpers.methods.sample_design.plan import SamplePlan, plan_on
from helpers.methods.sample_design.strata import FEW, UNKNOWN, spread_by_stratum
from helpers.methods.scorecard import change
from helpers.methods.survey.estimates import Estimate, normal_quantile
from helpers.methods.survey.stats import mean

__all__ = [
    "Prospects",
    "alternatives",
    "change_to_expect",
    "person_groups",
    "prospects",
    "size_ladder",
]

RUNGS = 9  # sizes that a curve is drawn through
Groups = Mapping[str, pd.Series]


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
    >>> from helpers.methods.sample_design.plan import plan_sample
    >>> people = pd.DataFrame({"contact_id": [f"c{i}" for i in range(400)],
    ...                        "account_id": [f"a{i}" for i in range(400)]})
    >>> before = pd.DataFrame({"account_id": people["account_id"], "score": [40.0, 60.0] * 200})
    >>> plan = plan_sample(people, size=100, on=pd.Timestamp("2026-11-02"), design_effect=1.0,
    ...                    response_rate=1.0, rng=np.random.default_rng(1))
    >>> round(prospects(plan, before).margin, 2)  # 1.96 times 10.01 / 10, times root of 3/4
    1.7
    """
    frame, rates = plan.frame, response_rates or {}
    strata = frame.drop_duplicates("account_id").set_index("account_id")["stratum"]
    deviations = spread_by_stratum(answers, strata)
    if deviations is None:
        raise NotEstimable("no earlier answers tell how far the score varies")
    rows = []
    for by, of in (groups or {}).items():
        names = frame["contact_id"].map(of)
        names = names.astype(object).where(names.notna(), UNKNOWN).astype(str)
        for name, members in frame.groupby(names, sort=True):
            rate = rates.get((by, str(name)), plan.expected.response_rate)
            found = _expected(plan, members, deviations, rate)
            if found["answers"] < smallest:
                found["margin"] = float("nan")
            rows.append({"by": by, "group": name, **found})
    columns = ["by", "group", "population", "invited", "response_rate", "answers", "margin"]
    whole = _expected(plan, frame, deviations, plan.expected.response_rate)
    return Prospects(
        pd.DataFrame(rows, columns=columns), whole["margin"], whole["margin_beyond"],
        whole["answers"], deviations, len(frame),
    )  # fmt: skip


def _expected(
    plan: SamplePlan, members: pd.DataFrame, deviations: pd.Series, rate: float
) -> dict[str, float]:
    """People, invitations, answers and the margin of a group's mean."""
    cells = members["inclusion_probability"].groupby(members["stratum"])
    size, drawn = cells.size(), cells.sum()
    uneven = cells.agg(lambda chances: float((1 / chances).sum())) * drawn / size**2  # Kish
    spread = deviations.reindex(size.index).to_numpy() ** 2
    heard = drawn * rate
    parts = (size / size.sum()) ** 2 * spread * uneven / heard * plan.expected.design_effect
    ends = normal_quantile(plan.confidence)
    return {
        "population": int(size.sum()),
        "invited": float(drawn.sum()),
        "response_rate": rate,
        "answers": float(heard.sum()),
        "margin": ends * float((parts * (1 - heard / size)).sum()) ** 0.5,
        "margin_beyond": ends * float(parts.sum()) ** 0.5,
    }


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


def alternatives(
    others: Sequence[Mapping[str, Any]],
    *,
    answers: pd.DataFrame | None,
    groups: Groups | None = None,
    response_rates: Mapping[tuple[str, str], float] | None = None,
    smallest: int = 2,
    **choices: Any,  # noqa: ANN401 - those of plan_sample
) -> pd.DataFrame:
    """What other plans for the same people would let one expect, a row each.

    Chances do not depend on the draw, so nobody is chosen here.

    Parameters
    ----------
    others
        What is different in each plan: size, margin, or any of `Options` but per_role, as
        for `plan_sample`.
    answers, groups, response_rates, smallest
        As for `prospects`.
    choices
        What all of them share, as options of `plan_sample`.

    Returns
    -------
    DataFrame
        The options of each, invited, answers, margin (of everyone), worst (of a group) and
        why (empty, or why there is no such plan; its numbers are then missing).

    Raises
    ------
    NotEstimable
        If none of the plans can be made.

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": [f"c{i}" for i in range(400)],
    ...                        "account_id": [f"a{i}" for i in range(400)]})
    >>> before = pd.DataFrame({"account_id": people["account_id"], "score": [40.0, 60.0] * 200})
    >>> found = alternatives([{"size": 50}, {"size": 500}], answers=before, contacts=people,
    ...                      on=pd.Timestamp("2026-11-02"))
    >>> found[["size", "margin"]].round(2).to_numpy().tolist()
    [[50.0, 2.6], [500.0, nan]]
    """
    chance = np.random.default_rng(0)
    drawing = {field.name for field in fields(Options)}
    planning = drawing | {"size", "margin", "confidence", "or_everyone"}
    on_ground = {k: v for k, v in choices.items() if k not in planning - {"per_role"}}
    ground = planning_ground(**on_ground, answers=answers, rng=chance)
    rows: list[dict[str, Any]] = []
    for other in others:
        told = {k: v for k, v in {**choices, **other}.items() if k in planning}
        options = Options(**{k: told.pop(k) for k in drawing & set(told)})
        try:
            plan = plan_on(ground, options, **told, rng=chance)
            found = prospects(
                plan, answers, groups=groups, response_rates=response_rates, smallest=smallest
            )
        except NotEstimable as error:
            rows.append({**other, "why": str(error)})
            continue
        numbers = {"answers": found.answers, "margin": found.margin, "worst": found.worst}
        rows.append({**other, "invited": plan.base, **numbers, "why": ""})
    if not any(row["why"] == "" for row in rows):
        raise NotEstimable(str(rows[0]["why"]) if rows else "no other plans are given")
    return pd.DataFrame(rows)


def size_ladder(plan: SamplePlan, *others: int) -> list[dict[str, Any]]:
    """Sizes from a tenth of those who can be asked to all of them, with the plan's own.

    Returns
    -------
    list
        Options of `plan_sample`, for `alternatives`; sizes that cannot be are left out.

    Examples
    --------
    >>> from helpers.methods.sample_design.plan import plan_sample
    >>> people = pd.DataFrame({"contact_id": list("abcdefgh"), "account_id": list("abcdefgh")})
    >>> plan = plan_sample(people, size=3, on=pd.Timestamp("2026-11-02"),
    ...                    rng=np.random.default_rng(1))
    >>> [step["size"] for step in size_ladder(plan, 9)]
    [1, 2, 3, 4, 6, 8]
    """
    there = int(plan.strata["shortlisted"].sum())
    steps = np.geomspace(there / 10, there, RUNGS).round().astype(int).tolist()
    sizes = {size for size in (*steps, plan.base, *others) if 1 <= size <= there}
    return [{"size": size, "margin": None} for size in sorted(sizes)]


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
    return mean(measure.points(rows), clusters=clusters, confidence=confidence)


def _named(responses: pd.DataFrame) -> bool:
    return "account_id" in responses and bool(responses["account_id"].notna().all())

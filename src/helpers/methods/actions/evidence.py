"""What earlier chapters and the client's list tell of actions, and the decision made of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.errors import NotEstimable
from helpers.methods.actions.benefits import (
    Planned,
    Stated,
    money_a_point,
    points_a_point,
    worth_of,
)
from helpers.methods.actions.decision import Decision, decide
from helpers.methods.actions.limits import Limits
from helpers.methods.actions.listed import Listed, listed
from helpers.methods.actions.portfolio import Objective

__all__ = ["Considered", "Evidence", "Reach", "consider", "evidence"]

Floats = NDArray[np.float64]
NO_EFFECTS = "the drivers chapter could not tell what a rating is linked to"
IN_POINTS = "Gains are told in points of loyalty, not in money: {}."
UNLINKED = "no link of loyalty and staying could be estimated, or revenue was not sent"
NO_MARGIN = "accounts bring no margin, so that keeping them longer would bring no money"
OTHER_SCORE = "the link to money is of another score than the one that drivers explain"


@dataclass(frozen=True)
class Reach:
    """Whom actions reach: what each account or person counts, its part, and parts by action."""

    counts: pd.Series
    parts: pd.Series
    actions: pd.DataFrame  # true/false: action by part

    @property
    def size(self) -> int:
        """How many parts there are."""
        return len(self.actions.columns)

    @property
    def shares(self) -> dict[str, float]:
        """Share of what counts that each action reaches."""
        by_part = self.counts.groupby(self.parts).sum() / self.counts.sum()
        part = by_part.reindex(self.actions.columns, fill_value=0.0).to_numpy(float)
        reached = self.actions.to_numpy(float) @ part
        return {str(own): float(r) for own, r in zip(self.actions.index, reached, strict=True)}


@dataclass(frozen=True)
class Evidence:
    """Draws that benefits are made of, and in what they are told.

    ``of`` is what is gained: ``margin``, ``revenue`` or ``points``.
    """

    effects: pd.DataFrame
    a_point: Floats
    reach: Reach
    drivers: pd.DataFrame  # by driver: headroom, mean, base, clear, may_lead
    of: str
    years: float
    note: str

    @property
    def in_money(self) -> bool:
        """Whether gains are money."""
        return self.of != "points"

    @property
    def tied(self) -> list[str]:
        """Drivers of a clear effect that cannot be told from the best."""
        first = self.drivers["clear"] & self.drivers["may_lead"]
        return list(self.drivers.index[first.to_numpy(bool)])


def evidence(
    likely: pd.DataFrame | None,
    drivers: pd.DataFrame | None,
    kept: pd.DataFrame | None,
    *,
    accounts: Reach | None,
    people: Reach,
    years: float = 2.0,
    rng: np.random.Generator,
) -> Evidence:
    """Bring together what the drivers and the linkage chapter handed on.

    Parameters
    ----------
    likely
        ``draw``, ``driver``, ``effect``, ``outcome``: of the drivers chapter.
    drivers
        Its table of drivers: ``driver``, ``headroom``, ``mean``, ``base``, ``clear``,
        ``may_lead``.
    kept
        ``draw``, ``part``, ``rate``, ``years``, ``of``, ``outcome``: of the linkage chapter.
    accounts, people
        Live accounts with their yearly money, and respondents with their weights.
    years
        Over which points count, where there is no money.

    Returns
    -------
    Evidence
        Without effects where the drivers chapter told none: nothing can be considered then.
    """
    if likely is None or likely.empty or drivers is None:
        return Evidence(
            pd.DataFrame(), np.empty((0, 0)), people, pd.DataFrame(), "points", years, ""
        )
    effects = likely.pivot(index="draw", columns="driver", values="effect")
    rated = drivers.set_index("driver").loc[list(effects.columns)]
    why, draws = _no_money(likely, kept, accounts), len(effects)
    if why or kept is None or accounts is None:
        a_point = points_a_point(people.counts, people.parts, size=people.size, draws=draws)
        return Evidence(effects, a_point, people, rated, "points", years, IN_POINTS.format(why))
    rates = kept.pivot(index="draw", columns="part", values="rate")
    a_point = money_a_point(
        rates, accounts.counts, accounts.parts, size=accounts.size, draws=draws, rng=rng
    )
    of, over = str(kept["of"].iloc[0]), float(kept["years"].iloc[0])
    return Evidence(effects, a_point, accounts, rated, of, over, "")


def _no_money(likely: pd.DataFrame, kept: pd.DataFrame | None, accounts: Reach | None) -> str:
    if kept is None or kept.empty or accounts is None:
        return UNLINKED
    if not accounts.counts.sum() > 0:
        return NO_MARGIN
    same = str(kept["outcome"].iloc[0]).casefold() == str(likely["outcome"].iloc[0]).casefold()
    return "" if same else OTHER_SCORE


@dataclass(frozen=True)
class Considered:
    """Candidates, what they were judged on, and the decision."""

    listed: Listed
    evidence: Evidence
    decision: Decision
    first_quarter: pd.Period

    @property
    def drivers(self) -> list[str]:
        """Drivers, in the order of the worth."""
        return list(self.evidence.effects.columns)

    @property
    def first(self) -> int | None:
        """The action to begin with: of those that start at once, what the plan would miss most."""
        return self._first(self.decision.plan.starts)

    def begins_on(self, drivers: Collection[str]) -> int | None:
        """The same among actions that work mainly through some drivers."""
        main = self.decision.alone.set_index("action")["driver"]
        starts = self.decision.plan.starts
        return self._first([a for a in starts if main[a] >= 0 and self.drivers[main[a]] in drivers])

    def _first(self, actions: Collection[int]) -> int | None:
        starts = self.decision.plan.starts
        now = [a for a in actions if starts[a] == 0] or list(actions)
        rows = self.decision.dropped
        rows = rows[rows["action"].isin(now)]
        return None if rows.empty else int(rows["action"].iloc[-1])


def consider(
    found: Evidence,
    actions: pd.DataFrame,
    effects: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    budget: float | None = None,
    days: Mapping[str, float] | None = None,
    settled: Collection[str] = (),
    ruled_out: Collection[str] = (),
    quarters: int = 4,
    objective: Objective = "mean",
    stated: Stated | None = None,
    rng: np.random.Generator,
    **asked: float,
) -> Considered:
    """Read the list, draw benefits, decide.

    Parameters
    ----------
    budget
        Money of the planned quarters; ``None`` is no limit.
    days
        Days a quarter that a function has, by its name.
    settled, ruled_out
        Ids of actions that are decided already.
    stated
        How far the list's own numbers are believed.
    asked
        As for :func:`helpers.methods.actions.decide`: futures, tail, least_chance, confidence.

    Raises
    ------
    NotEstimable
        Where no action can be reckoned with, or no plan keeps every limit.
    """
    if found.effects.empty:
        raise NotEstimable(NO_EFFECTS)
    rows = actions if found.in_money else actions.assign(saving_year=0.0)
    reaches = found.reach.shares
    made = listed(rows, effects, drivers=list(found.effects.columns), reaches=reaches, as_of=as_of)
    if lost := [own for own in settled if own not in made.ids]:
        why = made.left_out.get(lost[0], "it is not listed")
        raise NotEstimable(f"action {lost[0]} is settled and cannot be reckoned with: {why}")
    planned = Planned(quarters, found.years, 2.0 if found.in_money else 1.0, found.in_money)
    headroom = {str(d): float(room) for d, room in found.drivers["headroom"].items()}
    worth = worth_of(
        made, found.effects, found.a_point, found.reach.actions, headroom=headroom,
        planned=planned, stated=stated, rng=rng,
    )  # fmt: skip
    limits = Limits(
        np.inf if budget is None else budget, _days(days or {}, made.candidates.function),
        made.places(settled), made.places(ruled_out),
    )  # fmt: skip
    decision = decide(worth, limits, objective=objective, rng=rng, **asked)  # type: ignore[arg-type]
    return Considered(made, found, decision, (as_of + pd.Timedelta(days=1)).to_period("Q"))


def _days(days: Mapping[str, float], functions: Collection[str]) -> dict[str, float]:
    """Days by function as the list writes its name, capitals or not.

    Raises
    ------
    NotEstimable
        For a function of which no action is.
    """
    known = {name.casefold(): name for name in functions}
    if odd := [name for name in days if str(name).casefold() not in known]:
        raise NotEstimable(
            f"effort_days names {odd[0]}, which is the function of no action that can be "
            f"reckoned with ({', '.join(sorted(set(functions)))})"
        )
    return {known[str(name).casefold()]: float(value) for name, value in days.items()}

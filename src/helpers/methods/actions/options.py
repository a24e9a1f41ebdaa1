"""Candidate actions as ways to begin: one option for each quarter an action may start in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["Candidates", "Options"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
MONTHS = 3  # in a quarter


@dataclass(frozen=True)
class Candidates:
    """Actions that could be funded: what each costs, whom it needs, what it hangs on.

    Arrays hold one entry an action. Money is in the client's currency, ``effort`` in days
    of one function, time in quarters of the plan, the first being 0.
    """

    names: tuple[str, ...]
    once: Floats  # money at the start
    yearly: Floats  # money a year while it runs
    effort: Floats  # days, spread evenly over the months it takes
    function: tuple[str, ...]
    months: Floats  # until it is in force
    earliest: Integers  # first quarter it may start in
    requires: tuple[frozenset[int], ...] = ()  # must be in force before this one starts
    excludes: tuple[frozenset[int], ...] = ()  # never together with this one

    def __post_init__(self) -> None:
        size = len(self.names)
        for name in ("requires", "excludes"):
            if not getattr(self, name):
                object.__setattr__(self, name, (frozenset(),) * size)
        for name in ("once", "yearly", "effort", "months", "earliest"):
            held = np.asarray(getattr(self, name))
            if held.shape != (size,):
                raise ValueError(f"{name} holds {held.shape}, not one value for each action")
            if not np.isfinite(held).all() or (held < 0).any():
                raise ValueError(f"{name} must be 0 or more for every action")
        if size != len(self.function) or size != len(self.requires) or size != len(self.excludes):
            raise ValueError("every action needs its function, what it requires and excludes")

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class Options:
    """Every quarter in which each action may start: one option a pair.

    ``force`` is the share of the horizon for which the option is in force; ``spend`` what it
    takes of the budget of the planned quarters; ``cost`` what it costs over the horizon;
    ``days`` its effort by option, function and quarter; ``weight`` the part of a whole
    horizon's benefit that it brings: ``force`` raised to ``power``.

    ``power`` is 1 where a benefit comes evenly, 2 where it mounts up: of accounts that stay,
    each further one is there for all the time that is left. Without ``priced`` costs count
    against the budget alone, as where a benefit is not told in money.
    """

    candidates: Candidates
    quarters: int
    horizon_years: float
    action: Integers
    start: Integers
    functions: tuple[str, ...]
    power: float = 1.0
    priced: bool = True
    force: Floats = field(init=False)
    weight: Floats = field(init=False)
    spend: Floats = field(init=False)
    cost: Floats = field(init=False)
    days: Floats = field(init=False)

    @classmethod
    def of(
        cls, candidates: Candidates, *, quarters: int, horizon_years: float, power: float = 1.0,
        priced: bool = True,
    ) -> Options:  # fmt: skip
        """List the options of a plan of so many quarters.

        Examples
        --------
        >>> two = Candidates(("a", "b"), np.array([5.0, 1.0]), np.zeros(2), np.array([9.0, 3.0]),
        ...                  ("Sales", "Sales"), np.array([6.0, 1.0]), np.array([0, 1]))
        >>> made = Options.of(two, quarters=2, horizon_years=1)
        >>> made.action.tolist(), made.start.tolist(), made.force.round(2).tolist()
        ([0, 0, 1], [0, 1, 1], [0.5, 0.25, 0.67])
        >>> made.days[:, 0].tolist()  # the first would run on after the plan ends
        [[4.5, 4.5], [0.0, 4.5], [0.0, 3.0]]
        """
        if quarters < 1 or horizon_years <= 0:
            raise ValueError("a plan needs a quarter or more and a horizon above 0 years")
        pairs = [
            (action, start)
            for action in range(len(candidates))
            for start in range(int(candidates.earliest[action]), quarters)
        ]
        action, start = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        functions = tuple(sorted(set(candidates.function)))
        return cls(
            candidates, quarters, horizon_years, action, start, functions, power, priced
        )  # fmt: skip

    def __post_init__(self) -> None:
        c, a = self.candidates, self.action
        horizon = self.horizon_years * 12
        delivers = MONTHS * self.start + c.months[a]
        planned = MONTHS * (self.quarters - self.start) / 12
        runs = np.clip(self.horizon_years - MONTHS * self.start / 12, 0, None)
        object.__setattr__(self, "force", np.clip(1 - delivers / horizon, 0, None))
        object.__setattr__(self, "weight", self.force**self.power)
        object.__setattr__(self, "spend", c.once[a] + c.yearly[a] * planned)
        cost = c.once[a] + c.yearly[a] * np.maximum(runs, planned)
        object.__setattr__(self, "cost", cost * self.priced)
        object.__setattr__(self, "days", self._days())

    def _days(self) -> Floats:
        """Effort by option, function and quarter; months beyond the plan are not counted."""
        c, days = self.candidates, np.zeros((len(self.action), len(self.functions), self.quarters))
        for option, (action, start) in enumerate(zip(self.action, self.start, strict=True)):
            takes = max(1, int(np.ceil(c.months[action] / MONTHS)))
            where = self.functions.index(c.function[action])
            days[option, where, start : start + takes] = c.effort[action] / takes
        return days

    def __len__(self) -> int:
        return len(self.action)

    def chosen(self, names_and_starts: Sequence[tuple[int, int]]) -> Floats:
        """One for each option named as (action, quarter), nothing for the others."""
        wanted = set(names_and_starts)
        pairs = zip(self.action.tolist(), self.start.tolist(), strict=True)
        return np.array([float(pair in wanted) for pair in pairs])

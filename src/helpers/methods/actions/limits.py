"""What a plan must keep: budget, days of each function, prerequisites, exclusions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint
from scipy.sparse import csr_array

from helpers.methods.actions.options import MONTHS, Options
from helpers.methods.actions.solver import milp

__all__ = ["Infeasible", "Limits", "broken", "rules"]

Floats = NDArray[np.float64]
SLACK = 1e-6  # of a limit, in its own unit


class Infeasible(ValueError):
    """No plan keeps every limit; the message says on which it breaks."""


@dataclass(frozen=True)
class Limits:
    """What a plan may use: money, days of each function a quarter, and what is settled.

    ``days`` is per quarter by function; a function that is not named has no limit.
    ``must`` and ``never`` are actions that are settled already.
    """

    budget: float = np.inf
    days: Mapping[str, float] = field(default_factory=dict)
    must: frozenset[int] = frozenset()
    never: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if np.isnan(self.budget) or self.budget < 0:
            raise ValueError(f"a budget of {self.budget} is none: type 0 or more")
        if wrong := [name for name, days in self.days.items() if not days >= 0]:
            raise ValueError(f"days a quarter must be 0 or more: {', '.join(wrong)}")
        if both := self.must & self.never:
            raise ValueError(f"actions {sorted(both)} cannot be both settled and ruled out")


@dataclass(frozen=True)
class Rule:
    """One row of the programme: ``weights @ share`` lies between ``least`` and ``most``."""

    name: str
    weights: Floats
    most: float
    least: float = -np.inf


def rules(options: Options, limits: Limits) -> list[Rule]:
    """Every limit as a row over the options, by a name that a reader understands."""
    return [
        *_once(options, limits),
        *_resources(options, limits),
        *_prerequisites(options),
        *_exclusions(options),
    ]


def _once(options: Options, limits: Limits) -> Iterator[Rule]:
    for action, name in enumerate(options.candidates.names):
        mine = (options.action == action).astype(float)
        most, least = float(action not in limits.never), float(action in limits.must)
        yield Rule(f"{name} is settled" if least else name, mine, most, least or -np.inf)


def _resources(options: Options, limits: Limits) -> Iterator[Rule]:
    if np.isfinite(limits.budget):
        yield Rule("the budget", options.spend, limits.budget)
    for function, days in limits.days.items():
        if function in options.functions and np.isfinite(days):
            where = options.functions.index(function)
            for quarter in range(options.quarters):
                name = f"the days of {function} in quarter {quarter + 1}"
                yield Rule(name, options.days[:, where, quarter], days)


def _prerequisites(options: Options) -> Iterator[Rule]:
    """An action starts only in a quarter before which all that it requires is in force."""
    c = options.candidates
    ready = MONTHS * options.start + c.months[options.action]
    for option, (action, start) in enumerate(zip(options.action, options.start, strict=True)):
        for needed in sorted(c.requires[action]):
            before = (options.action == needed) & (ready <= MONTHS * start)
            weights = -before.astype(float)
            weights[option] += 1
            yield Rule(f"{c.names[action]} requires {c.names[needed]}", weights, 0.0)


def _exclusions(options: Options) -> Iterator[Rule]:
    c = options.candidates
    pairs = {frozenset((a, b)) for a, barred in enumerate(c.excludes) for b in barred if a != b}
    for first, second in sorted(tuple(sorted(pair)) for pair in pairs):
        mine = np.isin(options.action, (first, second)).astype(float)
        yield Rule(f"{c.names[first]} excludes {c.names[second]}", mine, 1.0)


def constraint(rows: list[Rule]) -> LinearConstraint:
    """The rows as one constraint for the solver."""
    matrix = csr_array(np.array([row.weights for row in rows]))
    return LinearConstraint(matrix, [row.least for row in rows], [row.most for row in rows])


def broken(rows: list[Rule], share: Floats) -> list[str]:
    """Names of the rules that a set breaks.

    Examples
    --------
    >>> broken([Rule("the budget", np.array([3.0, 4.0]), 5.0)], np.array([1.0, 1.0]))
    ['the budget']
    """
    used = [float(row.weights @ share) for row in rows]
    return [
        row.name
        for row, value in zip(rows, used, strict=True)
        if value > row.most + SLACK * max(1, abs(row.most)) or value < row.least - SLACK
    ]


def check_feasible(options: Options, limits: Limits) -> None:
    """Refuse limits that no plan keeps, and say which of them would have to give.

    Raises
    ------
    Infeasible
        Only settled actions can make it so: doing nothing keeps every other limit.
    """
    if not limits.must or _feasible(rules(options, limits)):
        return
    blocking = [
        name for name, freer in _without(options, limits).items()
        if _feasible(rules(options, freer))
    ]  # fmt: skip
    names = ", ".join(options.candidates.names[action] for action in sorted(limits.must))
    why = f"it is {' or '.join(blocking)}" if blocking else (
        "their prerequisites, exclusions or earliest quarters do not fit together"
    )  # fmt: skip
    raise Infeasible(f"not all that is settled ({names}) fits: {why} that would have to give")


def _without(options: Options, limits: Limits) -> dict[str, Limits]:
    """The limits with each of them taken away in turn."""
    freer = {"the budget": replace(limits, budget=np.inf)}
    for function in limits.days:
        others = {name: days for name, days in limits.days.items() if name != function}
        freer[f"the days of {function}"] = replace(limits, days=others)
    return freer


def _feasible(rows: list[Rule]) -> bool:
    size = len(rows[0].weights)
    answer = milp(
        np.zeros(size), constraints=constraint(rows), integrality=np.ones(size), bounds=Bounds(0, 1)
    )
    return answer.status == 0

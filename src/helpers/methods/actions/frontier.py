"""What more money would buy: the best plan for every budget, and where it stops paying."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.methods.actions.gains import Worth
from helpers.methods.actions.limits import Limits
from helpers.methods.actions.portfolio import SECONDS, Objective, Portfolio, best_portfolio

__all__ = ["Frontier", "frontier", "knee"]

Floats = NDArray[np.float64]
POINTS = 12


@dataclass(frozen=True)
class Frontier:
    """Best plans by budget.

    ``table`` has budget, spend, objective, net (mean), low, high and the number of actions;
    ``knee`` is the row beyond which further money buys clearly less, if there is one.
    """

    plans: tuple[Portfolio, ...]
    table: pd.DataFrame
    knee: int | None

    def __post_init__(self) -> None:
        if (np.diff(self.table["objective"]) < 0).any():
            raise ValueError("a larger budget was worth less: the frontier cannot fall")


def frontier(
    worth: Worth,
    limits: Limits,
    *,
    points: int = POINTS,
    confidence: float = 0.95,
    objective: Objective = "mean",
    seconds: float = SECONDS,
) -> Frontier:
    """Find the best plan for budgets from what is settled to all that could be spent well.

    A plan that a smaller budget bought stays possible with a larger one, so that the frontier
    never falls, even where the solver's time ran out.

    Parameters
    ----------
    points
        How many budgets, evenly spaced, the declared one among them where there is one.
    seconds
        For all budgets together.
    """
    each = seconds / (points + 2)
    free = replace(limits, budget=np.inf)
    most = best_portfolio(worth, free, objective=objective, seconds=each).spend
    budgets = np.linspace(_least(worth, free, each), most, points)
    if np.isfinite(limits.budget):  # in the place of the budget nearest to it
        budgets[np.argmin(np.abs(budgets - limits.budget))] = limits.budget
    plans: list[Portfolio] = []
    for budget in budgets:
        plan = best_portfolio(
            worth, replace(limits, budget=float(budget)), objective=objective, seconds=each
        )
        plans.append(plans[-1] if plans and plans[-1].objective > plan.objective else plan)
    table = _table(budgets, plans, confidence)
    return Frontier(tuple(plans), table, knee(table["spend"], table["objective"]))


def _least(worth: Worth, free: Limits, seconds: float) -> float:
    """Money that what is settled takes, with all that it requires and nothing else."""
    if not free.must:
        return 0.0
    others = frozenset(range(len(worth.options.candidates))) - _held(worth, free)
    return best_portfolio(worth, replace(free, never=others), seconds=seconds).spend


def _held(worth: Worth, limits: Limits) -> frozenset[int]:
    """Settled actions and all that they require."""
    held: frozenset[int] = frozenset()
    waiting = set(limits.must)
    while waiting:
        held |= waiting
        waiting = {a for one in waiting for a in worth.options.candidates.requires[one]} - held
    return held


def _table(budgets: Floats, plans: list[Portfolio], confidence: float) -> pd.DataFrame:
    tail = (1 - confidence) / 2
    return pd.DataFrame(
        {
            "budget": budgets,
            "spend": [plan.spend for plan in plans],
            "objective": [plan.objective for plan in plans],
            "net": [float(plan.net.mean()) for plan in plans],
            "low": [float(np.quantile(plan.net, tail)) for plan in plans],
            "high": [float(np.quantile(plan.net, 1 - tail)) for plan in plans],
            "actions": [len(plan.starts) for plan in plans],
        }
    )


def knee(spend: pd.Series, worth: pd.Series, *, least: float = 0.1) -> int | None:
    """Where a frontier bends most: the row furthest above the line between its ends.

    None where no row lies above that line by ``least`` of the whole rise.

    Source: Satopää, Albrecht, Irwin and Raghavan (2011), Finding a "kneedle" in a haystack,
    section III.

    Examples
    --------
    >>> knee(pd.Series([0.0, 1.0, 2.0, 3.0]), pd.Series([0.0, 8.0, 9.0, 10.0]))
    1
    >>> knee(pd.Series([0.0, 1.0, 2.0]), pd.Series([0.0, 1.0, 2.0])) is None
    True
    """
    across, up = np.ptp(spend), np.ptp(worth)
    if not across or not up:
        return None
    above = (worth - worth.min()) / up - (spend - spend.min()) / across
    best = int(np.argmax(above))
    return best if above.iloc[best] >= least else None

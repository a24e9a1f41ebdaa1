"""The decision: what to fund, how sure that is, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.errors import NotEstimable
from helpers.methods.actions.frontier import POINTS, Frontier, frontier
from helpers.methods.actions.futures import chosen_in
from helpers.methods.actions.gains import Worth
from helpers.methods.actions.limits import Infeasible, Limits
from helpers.methods.actions.portfolio import SECONDS, Objective, Portfolio, best_portfolio
from helpers.methods.actions.reasons import Reasons, cost_of_delay, first_to_drop, reasons
from helpers.methods.claims import p_of_draws

__all__ = ["Decision", "alone", "decide", "main_driver"]

Floats = NDArray[np.float64]
Verdict = Literal["pays", "likely", "not clear", "nothing"]


@dataclass(frozen=True)
class Decision:
    """The plan with all that is said of it.

    ``alone`` has a row a candidate, most for its cost first (:func:`alone`); ``chosen_share``
    how often each is part of the plan that is best in one future; ``dropped`` what leaving
    out each chosen action would lose; ``delay`` what a quarter's wait costs, by draw.
    """

    worth: Worth
    limits: Limits
    plan: Portfolio
    frontier: Frontier
    alone: pd.DataFrame
    chosen_share: Floats
    futures: int
    reasons: Reasons
    dropped: pd.DataFrame
    delay: Floats
    confidence: float
    least_chance: float

    @property
    def verdict(self) -> Verdict:
        """Whether the plan pays: beyond doubt, as likely as was asked for, or not clearly."""
        if not self.plan.starts:
            return "nothing"
        if self.range(self.plan.net)[0] > 0:
            return "pays"
        return "likely" if self.chance >= self.least_chance else "not clear"

    @property
    def chance(self) -> float:
        """Share of futures in which the plan brings more than it costs."""
        return float((self.plan.net > 0).mean())

    @property
    def p(self) -> float:
        """Two-sided, that the plan brings no more than it costs."""
        return p_of_draws(self.plan.net)

    def range(self, draws: Floats) -> tuple[float, float]:
        """The interval of some draws."""
        low, high = np.quantile(draws, [(1 - self.confidence) / 2, (1 + self.confidence) / 2])
        return float(low), float(high)


def decide(
    worth: Worth,
    limits: Limits,
    *,
    objective: Objective = "mean",
    tail: float = 0.1,
    futures: int = 100,
    points: int = POINTS,
    least_chance: float = 0.8,
    confidence: float = 0.95,
    seconds: float = SECONDS,
    rng: np.random.Generator,
) -> Decision:
    """Choose the set of actions that is worth most, and say all that a reader asks of it.

    Parameters
    ----------
    futures
        How many futures are solved for themselves, to tell how often an action is chosen.
    least_chance
        Chance of paying from which a plan is called likely to pay.
    seconds
        For the plan; as much again for the frontier.

    Raises
    ------
    NotEstimable
        Where no plan keeps all limits; the reason names the one that would have to give.
    """
    try:
        plan = best_portfolio(worth, limits, objective=objective, tail=tail, seconds=seconds)
    except Infeasible as refusal:
        raise NotEstimable(str(refusal)) from refusal
    return Decision(
        worth,
        limits,
        plan,
        frontier(worth, limits, points=points, confidence=confidence, objective=objective,
                 seconds=seconds),
        alone(worth, confidence=confidence),
        chosen_in(worth, limits, rng, futures=futures),
        min(futures, worth.draws),
        reasons(worth, limits, plan),
        first_to_drop(worth, plan),
        cost_of_delay(worth, plan),
        confidence,
        least_chance,
    )  # fmt: skip


def alone(worth: Worth, *, confidence: float = 0.95) -> pd.DataFrame:
    """Every candidate by itself, begun in its earliest quarter, most for its cost first.

    Returns
    -------
    DataFrame
        ``action``; ``driver`` that it brings most through (-1 where it only saves); ``spend`` of
        the budget; ``gain`` (costs not deducted) with ``low`` and ``high``; ``net`` with its
        ends; ``positive`` (chance that it pays); ``for_cost`` (gain for each unit of money).
    """
    options = worth.options
    rows = []
    for action in range(len(options.candidates)):
        option = np.flatnonzero(options.action == action)
        if not len(option):  # later than the plan
            continue
        share = np.zeros(len(options))
        share[option[0]] = 1.0
        rows.append(_row(worth, action, share, (1 - confidence) / 2))
    table = pd.DataFrame(rows)
    return table.sort_values(["for_cost", "action"], ascending=[False, True], ignore_index=True)


def _row(worth: Worth, action: int, share: Floats, tail: float) -> dict[str, float]:
    options, gain = worth.options, worth.of(share)
    net, spend = gain - options.cost @ share, float(options.spend @ share)
    low, high = np.quantile(gain, [tail, 1 - tail])
    net_low, net_high = np.quantile(net, [tail, 1 - tail])
    return {
        "action": action, "driver": main_driver(worth, action), "spend": spend,
        "gain": float(gain.mean()), "low": float(low), "high": float(high),
        "net": float(net.mean()), "net_low": float(net_low), "net_high": float(net_high),
        "positive": float((net > 0).mean()), "for_cost": float(gain.mean()) / max(spend, 1.0),
    }  # fmt: skip


def main_driver(worth: Worth, action: int) -> int:
    """The driver through which an action is expected to bring most; -1 where it moves none."""
    gains = worth.gains
    mine = np.flatnonzero(gains.action == action)
    if not len(mine):
        return -1
    reached = gains.reach[action].astype(float)
    brought = [
        float((reached @ worth.value[gains.driver[one]] * gains.change[one]).mean()) for one in mine
    ]
    return int(gains.driver[mine[int(np.argmax(brought))]])

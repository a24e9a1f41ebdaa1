"""The best set of actions under budget, effort, prerequisites and exclusions, solved exactly.

The worth of a set, averaged over all futures, is concave in its parts. Outer approximation
(Duran and Grossmann 1986) therefore finds the best set: a mixed-integer linear programme,
solved by HiGHS, chooses under tangent planes of the worth; the set chosen gives a new plane;
both bounds meet at the optimum. No future is averaged away on the way.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint
from scipy.sparse import csr_array, eye_array, hstack, vstack

from helpers.methods.actions.gains import Worth
from helpers.methods.actions.limits import Infeasible, Limits, check_feasible, constraint, rules
from helpers.methods.actions.options import Options
from helpers.methods.actions.solver import milp

__all__ = ["Portfolio", "best_portfolio", "lower_tail"]

Floats = NDArray[np.float64]
Objective = Literal["mean", "tail"]
GAP = 1e-6  # of the worth of the best set
SECONDS = 60.0
ROUNDS = 200
ROUGH = 1e-3  # of the worth, at which shares of options have shown the way
FIRST = 0.3  # of the time, at most, for that


@dataclass(frozen=True)
class Portfolio:
    """The chosen set: when each action starts, what it is worth, and how sure the solver is.

    ``net`` is money by draw over the horizon, costs deducted; ``objective`` what was
    maximised of it; ``bound`` what no set can exceed.
    """

    options: Options
    share: Floats  # 1 for an option that is chosen
    net: Floats
    objective: float
    bound: float
    seconds: float
    finished: bool  # the bounds met; else time ran out

    def __post_init__(self) -> None:
        if not set(np.unique(self.share)) <= {0.0, 1.0}:
            raise ValueError("an option is chosen or not")
        if self.bound < self.objective:
            raise ValueError(f"worth {self.objective} above its own bound {self.bound}")

    @property
    def starts(self) -> dict[int, int]:
        """The quarter in which each chosen action starts, by action."""
        chosen = self.share > 0
        pairs = zip(self.options.action[chosen], self.options.start[chosen], strict=True)
        return {int(action): int(start) for action, start in pairs}

    @property
    def spends(self) -> dict[int, float]:
        """Money that each chosen action takes of the planned quarters, by action."""
        taken = self.options.spend * self.share
        return {a: float(taken[self.options.action == a].sum()) for a in self.starts}

    @property
    def spend(self) -> float:
        """Money that the planned quarters take."""
        return float(self.options.spend @ self.share)

    @property
    def cost(self) -> float:
        """Money that the whole horizon takes."""
        return float(self.options.cost @ self.share)

    @property
    def gap(self) -> float:
        """How far a better set could be above this one, in money."""
        return self.bound - self.objective

    @property
    def table(self) -> pd.DataFrame:
        """One row a chosen action: name, function, start, money once and a year, days."""
        c, starts = self.options.candidates, self.starts
        which = sorted(starts, key=lambda a: (starts[a], a))
        return pd.DataFrame(
            {
                "action": [c.names[a] for a in which],
                "function": [c.function[a] for a in which],
                "start": [starts[a] for a in which],
                "once": c.once[which],
                "yearly": c.yearly[which],
                "days": c.effort[which],
            }
        )


def lower_tail(values: Floats, share: float) -> tuple[float, Floats]:
    """Mean of the worst ``share`` of values (conditional value at risk), and their weights.

    Source: Rockafellar and Uryasev (2000), Journal of Risk 2(3), equation 1.

    >>> lower_tail(np.array([4.0, 1.0, 2.0, 3.0]), 0.5)[0]
    1.5
    """
    order, mass = np.argsort(values, kind="stable"), share * len(values)
    weight = np.zeros(len(values))
    weight[order] = np.clip(mass - np.arange(len(values)), 0, 1) / mass
    return float(weight @ values), weight


def best_portfolio(
    worth: Worth,
    limits: Limits,
    *,
    objective: Objective = "mean",
    tail: float = 0.1,
    gap: float = GAP,
    seconds: float = SECONDS,
) -> Portfolio:
    """Choose the set of actions that is worth most after its costs.

    Parameters
    ----------
    worth
        What every set brings in each draw.
    limits
        Budget of the planned quarters, days a quarter by function, settled actions.
    objective
        ``mean`` over the draws, or ``tail``: the mean of the worst ``tail`` of them.
    gap
        The solver stops when no set can be better by more than this share.
    seconds
        It stops at the latest after these, with the best set so far and its gap.

    Raises
    ------
    Infeasible
        Where settled actions cannot be kept together with the limits; the message names
        the limit without which they could.

    References
    ----------
    Duran and Grossmann (1986), An outer-approximation algorithm for a class of mixed-integer
    nonlinear programs, Mathematical Programming 36.
    """
    began = time.monotonic()
    check_feasible(worth.options, limits)
    search = _Search(worth, constraint(rules(worth.options, limits)), objective, tail, gap)
    search.run(whole=False, until=began + FIRST * seconds, gap=ROUGH)  # planes come cheap there
    search.run(whole=True, until=began + seconds, gap=gap)
    return search.portfolio(time.monotonic() - began)


@dataclass
class _Search:
    """Tangent planes above the concave objective, and the best set that they led to.

    The mean is a sum over drivers and groups, and each part has planes of its own, which
    bound it far more closely than planes of the sum do. A tail's draws hang on the whole
    set: there one plane holds all.
    """

    worth: Worth
    kept: LinearConstraint
    objective: Objective
    tail: float
    gap: float
    rows: list[csr_array] = field(default_factory=list)
    levels: list[Floats] = field(default_factory=list)
    best: float = -np.inf
    bound: float = np.inf
    share: Floats = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        self.add(np.zeros(len(self.worth.options)))

    @property
    def parts(self) -> int:
        """How many parts of the objective have planes of their own."""
        return self.worth.value[..., 0].size if self.objective == "mean" else 1

    @cached_property
    def unit(self) -> float:
        """The money that counts as one: the largest that an option costs or brings at first."""
        slopes = np.abs(self.rows[0][:, : len(self.worth.options)]).sum(axis=0).max(initial=0.0)
        return float(max(slopes, np.abs(self._flat()).max(initial=0.0), 1e-9))

    def run(self, *, whole: bool, until: float, gap: float) -> None:
        """Step until the bounds meet, at the latest until that time."""
        for _ in range(ROUNDS):
            left = until - time.monotonic()
            if left <= 0 or self.step(whole=whole, seconds=left, gap=gap):
                return

    def step(self, *, whole: bool, seconds: float, gap: float) -> bool:
        """Choose under the planes, add planes where it chose; whether the bounds meet."""
        found = self._chosen(whole=whole, seconds=seconds)
        if found is None:  # no time for another set: the best so far stands, with its bound
            return True
        share, over = found
        value = self.add(share)
        if whole:
            self.bound = min(self.bound, over)
            if value > self.best:
                self.best, self.share = value, share
            value = self.best
        return over - value <= gap * max(1.0, abs(over))

    def add(self, share: Floats) -> float:
        """The objective at a set, whose planes are kept."""
        money = self.worth.of(share)
        uniform = np.full(len(money), 1 / len(money))
        value, draws = float(money.mean()), uniform
        if self.objective == "tail":
            value, draws = lower_tail(money, self.tail)
        levels, slopes = self.worth.planes(share, draws)
        if self.objective == "tail":
            slopes = slopes.sum(axis=0, keepdims=True) + self.worth.saved(draws)
            levels = np.array([value])
        self.rows.append(hstack([csr_array(-slopes), eye_array(self.parts)]).tocsr())
        self.levels.append(levels - slopes @ share)
        return value - float(self.worth.options.cost @ share)

    def _chosen(self, *, whole: bool, seconds: float) -> tuple[Floats, float] | None:
        """The best shares under the planes so far, and what no set can exceed."""
        size, parts = len(self.worth.options), self.parts
        wide = hstack([self.kept.A, csr_array((self.kept.A.shape[0], parts))]).tocsr()
        aim, planes, levels = self._in_units()
        answer = milp(
            aim,
            constraints=[
                LinearConstraint(planes, -np.inf, levels),
                LinearConstraint(wide, self.kept.lb, self.kept.ub),
            ],
            integrality=np.r_[np.full(size, int(whole)), np.zeros(parts)],
            bounds=Bounds(np.r_[np.zeros(size), np.full(parts, -np.inf)],
                          np.r_[np.ones(size), np.full(parts, np.inf)]),
            options={"time_limit": seconds, "mip_rel_gap": self.gap / 10},
        )  # fmt: skip
        if answer.x is None:
            return None
        share = np.clip(answer.x[:size], 0, 1)
        over = -(answer.mip_dual_bound if whole else answer.fun) * self.unit
        return np.round(share) if whole else share, float(over)

    def _in_units(self) -> tuple[Floats, csr_array, Floats]:
        """What is made least, the planes and their levels, money in units near one.

        The solver's tolerances are absolute: a plan of millions in dollars would be refused for
        a thousandth of one.
        """
        planes = vstack(self.rows).tocsr()
        size = len(self.worth.options)
        scaled = hstack([planes[:, :size] / self.unit, planes[:, size:]]).tocsr()
        aim = np.r_[-self._flat() / self.unit, np.full(self.parts, -1.0)]
        return aim, scaled, np.concatenate(self.levels) / self.unit

    def _flat(self) -> Floats:
        """Money of each option beside the planes: savings less costs."""
        cost = self.worth.options.cost
        if self.objective == "tail":  # its plane holds the savings of its own draws
            return -cost
        draws = self.worth.draws
        return np.asarray(self.worth.saved(np.full(draws, 1 / draws)) - cost)

    def portfolio(self, seconds: float) -> Portfolio:
        """What was found, with its bound.

        Raises
        ------
        Infeasible
            Where the time did not suffice for any set.
        """
        if not len(self.share):
            raise Infeasible("the solver found no plan in the time it had: allow it more")
        bound = max(self.bound, self.best)
        met = bound - self.best <= self.gap * max(1.0, abs(bound))
        net = self.worth.of(self.share) - self.worth.options.cost @ self.share
        return Portfolio(self.worth.options, self.share, net, self.best, bound, seconds, bool(met))

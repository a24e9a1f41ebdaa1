"""What a set of actions is worth, in every possible future, with diminishing returns.

An action adds rating points to drivers of the accounts it reaches. Points on one driver add
up over actions, and each further one is worth less: gains are a concave, piecewise linear
function of the sum, so that two actions on one driver are worth less than the two alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from helpers.methods.actions.options import Options

__all__ = ["FULL", "Gains", "Worth"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
FULL = ((1 / 3, 1.0), (2 / 3, 0.5), (1.0, 0.25))  # share of the headroom up to which, worth


@dataclass(frozen=True)
class Gains:
    """What actions do: the drivers they move, whom they reach, what they save.

    Attributes
    ----------
    action, driver
        Of each effect: which action moves which driver.
    change
        Rating points by effect and draw, adoption included.
    reach
        Whether an action reaches a group of accounts: action, group.
    saving
        Money a horizon that each action saves: action, draw.
    """

    action: Integers
    driver: Integers
    change: Floats
    reach: NDArray[np.bool_]
    saving: Floats


@dataclass(frozen=True)
class Worth:
    """The money that options bring, by draw, and how it grows with each option.

    ``value`` is money for one rating point over the whole horizon: driver, group, draw. Where
    a draw says that a point loses money, or an action lowers a rating, nothing diminishes:
    losses add up in full, which keeps the worth of a set concave in its parts.
    """

    options: Options
    gains: Gains
    value: Floats
    headroom: Floats  # rating points left on each driver
    full: Sequence[tuple[float, float]] = FULL

    def __post_init__(self) -> None:
        falls = [worth for _, worth in self.full]
        if sorted(falls, reverse=True) != falls or falls[0] != 1 or falls[-1] < 0:
            raise ValueError(f"the worth of further points must fall from 1 to 0 or more: {falls}")
        if (self.headroom <= 0).any():
            raise ValueError("headroom must be above 0 on every driver")

    @property
    def draws(self) -> int:
        """How many futures were drawn."""
        return int(self.value.shape[2])

    def only(self, draw: int) -> Worth:
        """One of the futures alone."""
        g, one = self.gains, slice(draw, draw + 1)
        alone = Gains(g.action, g.driver, g.change[:, one], g.reach, g.saving[:, one])
        return Worth(self.options, alone, self.value[:, :, one], self.headroom, self.full)

    def of(self, share: Floats) -> Floats:
        """Money in each draw, costs not deducted, for a share 0 to 1 of each option."""
        weight = self._weight(share)
        money = self._saved(share)
        for driver, mine in self._effects:
            money = money + self._earned(driver, self._moved(mine, weight))
        return money

    def weakened(self, share: Floats, action: int) -> Callable[[float], Floats]:
        """Money in each draw by the part, 0 to 1, of its changes that one action brings."""
        weight, saved = self._weight(share), self._saved(share)
        mine = self.gains.action == action
        touched = set(self.gains.driver[mine].tolist())
        whole = {driver: self._earned(driver, self._moved(effects, weight))
                 for driver, effects in self._effects if driver not in touched}  # fmt: skip

        def of(part: float) -> Floats:
            change = self.gains.change.copy()
            change[mine] *= part
            money = saved
            for driver, effects in self._effects:
                moved = self._moved(effects, weight, change) if driver in touched else None
                money = money + (whole[driver] if moved is None else self._earned(driver, moved))
            return money

        return of

    def of_groups(self, share: Floats) -> Floats:
        """Expected money of each group of accounts; savings and costs are nobody's of them."""
        weight = self._weight(share)
        money = np.zeros(self.gains.reach.shape[1])
        for driver, mine in self._effects:
            gained = self._diminished(self._moved(mine, weight), driver)
            money += (self.value[driver] * gained).mean(axis=1)
        return money

    def saved(self, draws: Floats) -> Floats:
        """Money saved by each option, for weights of the draws."""
        of_action = self.gains.saving @ draws
        return np.asarray(of_action[self.options.action] * self.options.force)

    def planes(self, share: Floats, draws: Floats) -> tuple[Floats, Floats]:
        """Money of each driver in each group, for weights of the draws, and its slopes.

        Savings are left out: they are ``saved``. At a kink the slope is that of the next point,
        a supergradient of the concave worth. Shapes: parts; parts by options.
        """
        g, options, weight = self.gains, self.options, self._weight(share)
        groups = g.reach.shape[1]
        money = np.zeros((len(self.headroom), groups))
        slopes = np.zeros((len(self.headroom), groups, len(options.candidates)))
        for driver, mine in self._effects:
            moved, worth = self._moved(mine, weight), self.value[driver] * draws
            money[driver] = (worth * self._diminished(moved, driver)).sum(axis=1)
            rate = ((worth * self._slope(moved, driver)) @ g.change[mine].T) * g.reach[
                g.action[mine]
            ].T
            np.add.at(slopes[driver].T, g.action[mine], rate.T)
        by_option = slopes.reshape(-1, len(options.candidates))[:, options.action] * options.weight
        return money.ravel(), by_option

    def _weight(self, share: Floats) -> Floats:
        """How much of a whole horizon's benefit each action brings."""
        return self._summed(share * self.options.weight)

    def _summed(self, by_option: Floats) -> Floats:
        found = np.zeros(len(self.options.candidates))
        np.add.at(found, self.options.action, by_option)
        return found

    def _saved(self, share: Floats) -> Floats:
        """Money saved: draw."""
        return np.asarray(self.gains.saving.T @ self._summed(share * self.options.force))

    def _earned(self, driver: int, moved: Floats) -> Floats:
        """Money that added points of one driver bring: draw."""
        return np.asarray((self.value[driver] * self._diminished(moved, driver)).sum(axis=0))

    @cached_property
    def _effects(self) -> list[tuple[int, Integers]]:
        """Each driver that is moved, with the effects that move it."""
        driver = self.gains.driver
        return [(int(one), np.flatnonzero(driver == one)) for one in np.unique(driver)]

    def _moved(self, effects: Integers, weight: Floats, change: Floats | None = None) -> Floats:
        """Rating points that are added: group, draw."""
        action = self.gains.action[effects]
        reached = self.gains.reach[action] * weight[action, None]
        return np.asarray(reached.T @ (self.gains.change if change is None else change)[effects])

    def _diminished(self, moved: Floats, driver: int) -> Floats:
        """Points as they count: group, draw."""
        gained, begin = np.zeros_like(moved), 0.0
        for share, rate in self.full:
            end = share * self.headroom[driver]
            gained += (np.clip(moved, begin, end) - begin) * rate
            begin = end
        return np.where(self._loses(moved, driver), moved, gained)

    def _slope(self, moved: Floats, driver: int) -> Floats:
        """What the next point counts: group, draw."""
        edges = np.array([edge for edge, _ in self.full]) * self.headroom[driver]
        rates = np.array([*(rate for _, rate in self.full), 0.0])
        slope = rates[np.searchsorted(edges, moved, side="right")]
        return np.where(self._loses(moved, driver), 1.0, slope)

    def _loses(self, moved: Floats, driver: int) -> NDArray[np.bool_]:
        """Where nothing diminishes: group, draw."""
        return np.asarray((moved < 0) | (self.value[driver] < 0))

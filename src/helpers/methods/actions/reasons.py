"""Why an action is not in the plan, what comes next, what goes first, what waiting costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.methods.actions.gains import Worth
from helpers.methods.actions.limits import Limits, broken, rules
from helpers.methods.actions.options import Options
from helpers.methods.actions.portfolio import Portfolio

__all__ = ["Reasons", "cost_of_delay", "first_to_drop", "reasons"]

Floats = NDArray[np.float64]
Why = Literal["too late", "loses", "breaks a limit", "no better"]


@dataclass(frozen=True)
class Reasons:
    """Every action that was left out.

    ``table`` has action, why, ``adds`` (mean net money if it joined the plan at its best
    start), ``spend`` (of the budget) and ``breaks`` (the limits that joining would break).
    """

    table: pd.DataFrame

    @property
    def next_best(self) -> int | None:
        """The row of the action that would add most a unit of money, were limits wider.

        One that lacks what it requires, or that the plan excludes, would not be helped.
        """
        stuck = self.table["breaks"].str.contains(" requires | excludes ")
        worth = self.table[(self.table["adds"] > 0) & ~stuck]
        if worth.empty:
            return None
        ratio = (worth["adds"] / worth["spend"].clip(lower=1)).to_numpy()
        return int(worth.index.to_numpy()[ratio.argmax()])


def reasons(worth: Worth, limits: Limits, plan: Portfolio) -> Reasons:
    """Say of each action that is not in the plan what keeps it out."""
    options, rows = worth.options, rules(worth.options, limits)
    now = float(plan.net.mean())
    found = []
    for action in range(len(options.candidates)):
        if action in plan.starts:
            continue
        added = [_joined(worth, plan, int(option)) for option in _ways(options, action)]
        if not added:
            found.append((action, "too late", np.nan, np.nan, ""))
            continue
        adds, share = max(((value - now, share) for value, share in added), key=lambda a: a[0])
        breaks = broken(rows, share)
        spend = float(options.spend @ share) - plan.spend
        why: Why = "loses" if adds <= 0 else "breaks a limit" if breaks else "no better"
        found.append((action, why, adds, spend, "; ".join(breaks)))
    columns = ["action", "why", "adds", "spend", "breaks"]
    return Reasons(pd.DataFrame(found, columns=columns).set_index("action"))


def _ways(options: Options, action: int) -> NDArray[np.int64]:
    """Options of an action that are in force before the horizon ends."""
    return np.flatnonzero((options.action == action) & (options.force > 0))


def _joined(worth: Worth, plan: Portfolio, option: int) -> tuple[float, Floats]:
    share = plan.share.copy()
    share[option] = 1.0
    return float(worth.of(share).mean() - worth.options.cost @ share), share


def first_to_drop(worth: Worth, plan: Portfolio) -> pd.DataFrame:
    """What leaving out each chosen action would lose, least first.

    One that others of the plan require goes together with them.

    Returns
    -------
    DataFrame
        ``action``, ``loses`` (mean net money) and ``frees`` (money of the budget).
    """
    options, now = worth.options, float(plan.net.mean())
    rows = []
    for action in plan.starts:
        gone = _with_dependents(options, action, set(plan.starts))
        share = np.where(np.isin(options.action, list(gone)), 0.0, plan.share)
        without = float(worth.of(share).mean() - options.cost @ share)
        rows.append((action, now - without, plan.spend - float(options.spend @ share)))
    table = pd.DataFrame(rows, columns=["action", "loses", "frees"])
    return table.sort_values("loses", kind="stable", ignore_index=True)


def _with_dependents(options: Options, action: int, chosen: set[int]) -> set[int]:
    gone, grew = {action}, True
    while grew:
        more = {a for a in chosen if options.candidates.requires[a] & gone} - gone
        gone, grew = gone | more, bool(more)
    return gone


def cost_of_delay(worth: Worth, plan: Portfolio) -> Floats:
    """Net money lost by draw if every action of the plan started a quarter later.

    What the quarter's running costs save is counted as well, so that it can be below 0.
    """
    options = worth.options
    later = Options.of(
        options.candidates, quarters=options.quarters + 1, horizon_years=options.horizon_years,
        power=options.power, priced=options.priced,
    )  # fmt: skip
    share = later.chosen([(action, start + 1) for action, start in plan.starts.items()])
    shifted = Worth(later, worth.gains, worth.value, worth.headroom, worth.full)
    return np.asarray(plan.net - (shifted.of(share) - later.cost @ share))

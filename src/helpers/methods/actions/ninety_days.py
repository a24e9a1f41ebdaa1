"""The first ninety days: for each funded action what is done when, shown by what, stopped when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpers.methods.actions.decision import main_driver
from helpers.methods.actions.gains import Worth
from helpers.methods.actions.listed import Listed
from helpers.methods.actions.portfolio import Portfolio

__all__ = ["PHASES", "break_even", "ninety_days"]

PHASES = (("diagnose", 15), ("choose", 30), ("build and try", 60), ("install", 90))  # by which day
WATCHED = 30  # days that an action is in force before it is judged
HALVINGS = 40


def ninety_days(
    listed: Listed,
    worth: Worth,
    plan: Portfolio,
    names: Sequence[str],
    rated: Mapping[str, float],
    *,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Lay out what starts in the plan's first quarter, by function.

    Parameters
    ----------
    names
        Drivers, in the order of ``worth``.
    rated
        Today's mean rating of each driver.
    as_of
        The day the data stand: every date is counted from it.

    Returns
    -------
    DataFrame
        A row an action: ``function``, ``action_id``, ``action``, ``driver``, ``cost`` (once and
        for the planned quarters), a date for the end of each phase (``diagnose``, ``choose``,
        ``build and try``, ``install``), ``in_force`` (when it delivers), ``judged`` (when its
        indicator is read and the stop rule holds: never before it is in force), ``rating``
        (today's), ``rise`` (expected of those reached), ``target`` (with it), ``stop`` (the
        smallest rise that still pays).
    """
    rows = [
        _row(listed, worth, plan, action, names, rated, as_of)
        for action, start in plan.starts.items()
        if start == 0
    ]
    columns = ["function", "action_id", "action", "driver", "cost", *dict(PHASES), "in_force",
               "judged", "rating", "rise", "target", "stop"]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["function", "cost"], ascending=[True, False], ignore_index=True)


def _row(
    listed: Listed, worth: Worth, plan: Portfolio, action: int, names: Sequence[str],
    rated: Mapping[str, float], as_of: pd.Timestamp,
) -> dict[str, object]:  # fmt: skip
    candidates, place = listed.candidates, main_driver(worth, action)
    driver = names[place] if place >= 0 else ""
    moved = (worth.gains.action == action) & (worth.gains.driver == place)
    rise = float(worth.gains.change[moved].mean()) if moved.any() else float("nan")
    today = rated.get(driver, float("nan"))
    in_force = as_of + pd.DateOffset(months=int(np.ceil(candidates.months[action])))
    return {
        "function": candidates.function[action], "action_id": listed.ids[action],
        "action": candidates.names[action], "driver": driver,
        "cost": float(worth.options.spend @ (plan.share * (worth.options.action == action))),
        **{name: as_of + pd.Timedelta(days=day) for name, day in PHASES},
        "in_force": in_force, "judged": in_force + pd.Timedelta(days=WATCHED),
        "rating": today, "rise": rise, "target": today + rise,
        "stop": break_even(worth, plan, action) * rise,
    }  # fmt: skip


def break_even(worth: Worth, plan: Portfolio, action: int) -> float:
    """The part of its expected changes at which an action only just pays, 0 to 1.

    0 where its savings alone pay for it; 1 where it does not pay even with all of them.
    """
    options = worth.options
    without = np.where(options.action == action, 0.0, plan.share)
    base = float(worth.of(without).mean() - options.cost @ without)

    money, cost = worth.weakened(plan.share, action), options.cost @ plan.share

    def adds(part: float) -> float:
        return float(money(part).mean() - cost) - base

    low, high = 0.0, 1.0
    if adds(low) >= 0 or adds(high) <= 0:
        return low if adds(low) >= 0 else high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if adds(middle) >= 0 else (middle, high)
    return high

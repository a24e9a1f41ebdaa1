"""How many calls a person can make in a week, and which of them wait for a later one."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["PER_WEEK", "WEEK", "weeks_later"]

PER_WEEK = 5  # calls that one person can prepare, make and follow up beside other work
WEEK, YEAR = 7, 52
NEVER = -1


def weeks_later(
    due: pd.Series,
    who: pd.Series,
    stake: pd.Series,
    latest: pd.Series,
    *,
    today: pd.Timestamp,
    per_week: int = PER_WEEK,
) -> pd.Series:
    """Weeks by which each call is put off, so that nobody has more in a week than can be done.

    In every week a person first makes the calls that can wait no longer, then those with most
    money at stake. Calls of nobody by name are not put off: how many people they are for is not
    known.

    Parameters
    ----------
    due
        The day by which the rule wants each call; missing where there is none.
    who
        Who makes it; empty where nobody is named.
    stake
        Expected money at stake.
    latest
        The last day that each can have, before its contract ends; missing where there is none.
    today
        Weeks are counted from it: the first ends seven days later.

    Returns
    -------
    Series
        Whole weeks; missing where a call finds no place within a year.

    Examples
    --------
    >>> day, none = pd.Timestamp("2026-07-01"), pd.Series([pd.NaT] * 3)
    >>> weeks_later(pd.Series([day] * 3), pd.Series(["Ann"] * 3), pd.Series([1.0, 3.0, 2.0]), none,
    ...             today=pd.Timestamp("2026-06-30"), per_week=1).tolist()
    [2.0, 0.0, 1.0]
    """
    if per_week < 1:
        raise ValueError(f"a person makes at least 1 call a week, not {per_week}")
    own = (-(-(due - today).dt.days // WEEK) - 1).clip(lower=0)
    room = ((pd.to_datetime(latest) - due).dt.days // WEEK).clip(lower=0)
    last = (own + room).fillna(np.inf)
    later = pd.Series(0.0, index=due.index)
    named = due.notna() & (who.fillna("") != "")
    for _, calls in stake[named].groupby(who[named]):
        at = calls.index
        placed = _placed(own[at], last[at], calls, per_week)
        later[at] = np.where(placed == NEVER, np.nan, placed - own[at])
    return later


def _placed(
    wanted: pd.Series, latest: pd.Series, money: pd.Series, per_week: int
) -> NDArray[np.float64]:
    """The week of each call of one person, counted from nought; ``NEVER`` beyond a year."""
    own, last, stake = (np.asarray(part, dtype=np.float64) for part in (wanted, latest, money))
    weeks = np.full(len(own), float(NEVER))
    for week in range(YEAR):
        waiting = np.flatnonzero((weeks == NEVER) & (own <= week))
        must = last[waiting] <= week
        order = waiting[np.lexsort((-stake[waiting], ~must))]
        weeks[order[: max(per_week, int(must.sum()))]] = week
        if (weeks != NEVER).all():
            break
    return weeks

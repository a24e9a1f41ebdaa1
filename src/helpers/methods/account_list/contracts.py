"""When the contract that an account now has comes to its end, and when that is talked about."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["contract_ends", "latest_day", "talk_day", "working_day"]

LEAD = 14  # days before the end of a contract by which it was talked about, where there are any


def contract_ends(contracts: pd.DataFrame | None, *, as_of: pd.Timestamp) -> pd.Series:
    """The next end of a contract of each account that is not renewed already, by account.

    Of several running contracts the one that ends first counts: it is the one to talk about.

    Parameters
    ----------
    contracts
        ``account_id``, ``end`` and, where known, ``start`` and ``renewed``; ``None`` where no
        contracts were sent.
    as_of
        The day on which the data stand; a contract that ends on it has still to be talked about.

    Examples
    --------
    >>> sent = pd.DataFrame({"account_id": ["a", "a", "b"],
    ...     "end": pd.to_datetime(["2026-03-31", "2026-09-30", "2026-01-31"])})
    >>> contract_ends(sent, as_of=pd.Timestamp("2026-06-30")).to_dict()
    {'a': Timestamp('2026-09-30 00:00:00')}
    """
    if contracts is None or "end" not in contracts:
        return pd.Series(dtype="datetime64[ns]", name="contract_end")
    end = pd.to_datetime(contracts["end"])
    running = end >= as_of.normalize()
    if "renewed" in contracts:
        running &= ~contracts["renewed"].fillna(False).astype(bool)
    ends = end[running].groupby(contracts.loc[running, "account_id"]).min()
    return ends.rename("contract_end")


def latest_day(ends: pd.Series, *, today: pd.Timestamp) -> pd.Series:
    """Two weeks before the end of a contract, or halfway to it where less time is left.

    Examples
    --------
    >>> ends = pd.Series(pd.to_datetime(["2026-09-30", "2026-07-04"]))
    >>> latest_day(ends, today=pd.Timestamp("2026-06-30")).dt.strftime("%d %B").tolist()
    ['16 September', '02 July']
    """
    left = (ends - today).dt.days
    lead = np.minimum(LEAD, np.ceil(left.fillna(0) / 2))
    return ends - pd.to_timedelta(lead, unit="D")


def talk_day(ends: pd.Series, *, today: pd.Timestamp, renewal_days: int, within: int) -> pd.Series:
    """By when the talk about the end of a contract is opened, in good time before it ends.

    It is to be opened from so many days before the end on, and takes some days from then, or
    from today where that day has come: one account's day is never far from another's whose
    contract ends a little later.

    Parameters
    ----------
    ends
        The end of each contract; missing where there is none.
    renewal_days
        Days before its end from which a contract is to be talked about.
    within
        Days that opening the talk may take, once it is to be opened.

    Examples
    --------
    >>> ends = pd.Series(pd.to_datetime(["2026-12-31", "2026-09-20", "2026-07-10"]))
    >>> today = pd.Timestamp("2026-06-30")
    >>> found = talk_day(ends, today=today, renewal_days=90, within=60)
    >>> found.dt.strftime("%d %B").tolist()
    ['01 December', '28 August', '03 July']
    """
    opens = ends - pd.Timedelta(days=renewal_days)
    opens = opens.mask(opens < today, today)
    last, before = opens + pd.Timedelta(days=within), latest_day(ends, today=today)
    return working_day(last.mask(last > before, before), today=today)


def working_day(days: pd.Series, *, today: pd.Timestamp) -> pd.Series:
    """The Friday before where a day is one of a week-end, and never a day that is past.

    Examples
    --------
    >>> day = pd.Series(pd.to_datetime(["2026-07-05"]))  # a Sunday
    >>> working_day(day, today=pd.Timestamp("2026-06-30")).dt.strftime("%a %d").tolist()
    ['Fri 03']
    """
    friday = days - pd.to_timedelta((days.dt.day_of_week - 4).clip(lower=0), unit="D")
    return friday.mask(friday < today, today)

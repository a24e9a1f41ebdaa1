"""Days as sentences name them."""

from __future__ import annotations

import pandas as pd

__all__ = ["in_words", "next_working_day"]


def next_working_day(as_of: pd.Timestamp) -> pd.Timestamp:
    """The first working day (Monday to Friday) after the day of the data.

    >>> in_words(next_working_day(pd.Timestamp("2026-06-30")))
    '1 July 2026'
    >>> in_words(next_working_day(pd.Timestamp("2026-07-03")))  # a Friday
    '6 July 2026'
    """
    return as_of.normalize() + pd.offsets.BDay(1)


def in_words(day: pd.Timestamp) -> str:
    """A day as every reader knows it.

    >>> in_words(pd.Timestamp("2026-07-01"))
    '1 July 2026'
    """
    return f"{day.day} {day.month_name()} {day.year}"

"""Hours in which somebody could have answered: working days and hours, holidays left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["WorkingTime"]

Floats = NDArray[np.float64]
EPOCH = np.datetime64("1970-01-01", "D")
DAY = np.timedelta64(1, "D")
HOURS = 24.0


@dataclass(frozen=True)
class WorkingTime:
    """When a client works.

    Examples
    --------
    >>> office = WorkingTime(opens=9, closes=17, holidays=(date(2026, 1, 1),))
    >>> friday, monday = pd.Timestamp("2026-01-02 16:00"), pd.Timestamp("2026-01-05 10:00")
    >>> office.days([friday], [monday]).tolist()
    [0.25]
    """

    week: str = "1111100"  # Monday to Sunday, 1 a working day
    opens: float = 9.0  # hours of the day
    closes: float = 17.0
    holidays: Sequence[date] = ()

    def __post_init__(self) -> None:
        if len(self.week) != 7 or set(self.week) - {"0", "1"} or "1" not in self.week:
            raise ValueError(f"a week is seven 0 or 1 with a working day, not {self.week!r}")
        if not 0 <= self.opens < self.closes <= HOURS:
            raise ValueError(
                f"work begins before it ends: opens {self.opens:g}, closes {self.closes:g}"
            )

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader has to know of the working clock."""
        if len(self.holidays):
            return ()
        return ("no holidays are declared: working days leave out days off of every week alone; "
                "declare calendar in client.yml",)  # fmt: skip

    def days(self, start: object, end: object) -> Floats:
        """Working days between two times, of so many hours each; missing where one is missing.

        Returns
        -------
        array
            Working hours divided by those of a day; negative where the end is before the start.
        """
        return np.asarray(self._worked(end) - self._worked(start))

    def due(self, start: pd.Series, days: float) -> pd.Series:
        """The working day on which a promise of so many working days ends.

        Examples
        --------
        >>> WorkingTime().due(pd.Series([pd.Timestamp("2026-01-02 16:00")]), 2).tolist()
        [Timestamp('2026-01-06 00:00:00')]
        """
        day = start.to_numpy().astype("datetime64[D]")
        known = ~np.isnat(day)
        made = np.full(len(day), np.datetime64("NaT"), "datetime64[D]")
        made[known] = np.busday_offset(
            day[known], int(np.ceil(days)), roll="forward", weekmask=self.week,
            holidays=self._holidays,
        )  # fmt: skip
        return pd.Series(pd.to_datetime(made), index=start.index)

    @property
    def _holidays(self) -> list[np.datetime64]:
        return [np.datetime64(day, "D") for day in self.holidays]

    def _worked(self, times: object) -> Floats:
        """Working days from 1970 up to each time."""
        at = pd.to_datetime(pd.Series(np.asarray(times))).to_numpy().astype("datetime64[s]")
        day = at.astype("datetime64[D]")
        known = ~np.isnat(at)
        found = np.full(len(at), np.nan)
        whole = np.busday_count(EPOCH, day[known], weekmask=self.week, holidays=self._holidays)
        works = np.is_busday(day[known], weekmask=self.week, holidays=self._holidays)
        hour = (at[known] - day[known]) / np.timedelta64(1, "h")
        length = self.closes - self.opens
        found[known] = whole + works * np.clip((hour - self.opens) / length, 0, 1)
        return found

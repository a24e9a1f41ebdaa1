"""Waves by their names: the period that a name speaks of, and names that mean one wave."""

from __future__ import annotations

import re

import pandas as pd

from helpers.study.sameness import folded

__all__ = ["period_end", "wave_meant"]

MONTH_END = pd.offsets.MonthEnd(0)
HALVES = {"1": "06-30", "2": "12-31"}
QUARTERS = {"1": "03-31", "2": "06-30", "3": "09-30", "4": "12-31"}
PERIOD = re.compile(r"(20\d\d)(?:([HQ])(\d))?|([HQ])(\d)(20\d\d)|(\d)([HQ])(20\d\d)")
MONTH = re.compile(r"(20\d\d)(0[1-9]|1[0-2])")


def _period(wave: str) -> tuple[str, str, str] | None:
    """Year, kind and number of the period that a wave is named after: 2026, H, 1."""
    text = re.sub(r"[\s_/-]+", "", folded(wave)).upper()
    if part := PERIOD.fullmatch(text):
        year, kind, number = (
            part[1] or part[6] or part[9],
            *((part[2], part[3]) if part[1] else (part[4] or part[8], part[5] or part[7])),
        )
        if kind is None:
            return year, "Y", ""
        return (year, kind, number) if number in (HALVES if kind == "H" else QUARTERS) else None
    month = MONTH.fullmatch(text)
    return (month[1], "M", month[2]) if month else None


def period_end(wave: str) -> pd.Timestamp | None:
    """The last day of the year, half, quarter or month that a wave is named after.

    Examples
    --------
    >>> [f"{period_end(name):%d.%m.%Y}" for name in ("2026H1", "Q3 2025", "2024", "2026-02")]
    ['30.06.2026', '30.09.2025', '31.12.2024', '28.02.2026']
    >>> period_end("Wave 3") is None
    True
    """
    found = _period(wave)
    if found is None:
        return None
    year, kind, number = found
    if kind == "M":
        return pd.Timestamp(f"{year}-{number}") + MONTH_END
    day = "12-31" if kind == "Y" else (HALVES if kind == "H" else QUARTERS)[number]
    return pd.Timestamp(f"{year}-{day}")


def wave_meant(wave: str) -> str:
    """What a wave's name says, however it is written: its period, or its letters and numbers.

    Examples
    --------
    >>> wave_meant("Q1 2024") == wave_meant("2024-Q1"), wave_meant("Wave 01") == wave_meant("wave1")
    (True, True)
    >>> wave_meant("Q1 2024") == wave_meant("2024-03")
    False
    """
    if found := _period(wave):
        return " ".join(found)
    parts = re.findall(r"\d+(?:\.0+(?!\d))?|[^\W\d_]+", folded(wave))
    return " ".join(p.split(".")[0].lstrip("0") or "0" if p[0].isdigit() else p for p in parts)

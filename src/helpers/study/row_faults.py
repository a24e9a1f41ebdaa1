"""A fault of several rows as one message: the first, what stands there, the others by number."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.study.findings import Findings
from helpers.study.intake import Typed

__all__ = ["report_rows"]

SHOWN = 5


def report_rows(
    typed: Typed,
    rows: pd.Series,
    column: str,
    problem: str,
    advice: str,
    findings: Findings,
    *,
    warn: bool = False,
) -> None:
    """Report the rows of a table that are ``True``; nothing where none is."""
    places = np.flatnonzero(rows.fillna(False).to_numpy(dtype=bool))
    if not len(places):
        return
    file, row = typed.raw.where(int(places[0]))
    others = ", ".join(str(typed.raw.where(int(place))[1]) for place in places[1:SHOWN])
    more = f", and {len(places) - SHOWN:,} more" if len(places) > SHOWN else ""
    also = f"; row{'s' if len(places) > 2 else ''} {others}{more} alike" if others else ""
    value = typed.frame[column].iloc[places[0]]
    found = None if pd.isna(value) else _written(value)
    told = findings.warn if warn else findings.error
    told(file, problem + also, advice, row=row, column=column, found=found)


def _written(value: object) -> str:
    """A value as whoever looks for it in the file finds it.

    >>> _written(1_234_567.5), _written(0.1 + 0.2), _written(6e6)
    ('1234567.5', '0.3', '6000000')
    """
    if isinstance(value, pd.Timestamp):
        return str(value.date()) if value == value.normalize() else value.isoformat(" ", "minutes")
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return f"{value:.10g}" if isinstance(value, float) else str(value)

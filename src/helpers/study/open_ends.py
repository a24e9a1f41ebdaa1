"""Days far ahead that stand for no end, as systems write that must write one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from helpers.study.findings import Findings
from helpers.study.intake import Typed

__all__ = ["without_ends"]

ENDS = {"contracts": ("end",), "accounts": ("end_date",)}
CALLED = {"contracts": "contract", "accounts": "account"}
FAR = 100  # years after the day of the data: no contract is made for as long
LATEST = 2900  # a year that is as far, where no day of the data is known
NONE = pd.to_datetime(["2099-12-31", "2100-01-01", "2199-12-31"])


def without_ends(typed: Typed, as_of: date, findings: Findings) -> Typed:
    """The table with no end where one is written that never comes, told with how many."""
    frame = typed.frame
    for column in ENDS.get(typed.table.name, ()):
        if column not in frame or frame[column].dtype.kind != "M":
            continue
        year = min(as_of.year + FAR, LATEST)
        open_ = (frame[column].dt.year >= year) | frame[column].dt.normalize().isin(NONE)
        if not open_.any():
            continue
        place = int(np.flatnonzero(open_)[0])
        file, row = typed.raw.where(place)
        called = CALLED[typed.table.name]
        several = f"{called}s run" if open_.sum() > 1 else f"{called} runs"
        problem = f"stands for no end: {int(open_.sum()):,} {several} on without one"
        advice = "If it is a day after all, correct it."
        found = f"{frame[column].iloc[place]:%Y-%m-%d}"
        findings.warn(file, problem, advice, row=row, column=column, found=found)
        findings.note(typed.table.name, f"{column} that stands for no end", int(open_.sum()))
        frame = frame.assign(**{column: frame[column].mask(open_)})
    return replace(typed, frame=frame)

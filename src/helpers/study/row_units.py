"""Money of single rows in thousands, or in millions, beside rows in whole units."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.row_faults import report_rows

__all__ = ["check_row_units"]

MONEY = (("actions", "cost_once"), ("actions", "cost_year"), ("actions", "saving_year"),
         ("opportunities", "amount"), ("holdings", "value"))  # fmt: skip
STEPS = (3.0, 6.0)  # powers of ten between whole units, thousands and millions
FAR = 1.75  # powers of ten from the middle of the others
GAP = 1.0  # powers of ten without any row, between the odd ones and the others
NEAR = 0.5  # of the range of the others, where a row in their unit would lie
LIKE, AGREE = 1.0, 0.9  # powers of ten within which so many of the others lie
FEWEST = 5  # others, before one that does not agree is told of


def check_row_units(tables: Mapping[str, Typed], findings: Findings) -> None:
    """Warn of costs and offers that would be like the others if they were in another unit."""
    for name, column in MONEY:
        if name not in tables or column not in tables[name].frame:
            continue
        typed = tables[name]
        if typed.frame[column].dtype.kind == "f":
            step = _odd(typed.frame, column)
            if step.any():
                _warn(typed, column, step, findings)


def _odd(frame: pd.DataFrame, column: str) -> pd.Series:
    """The power of ten that brings a row to those that are like it; 0 for all that are there.

    An offer is held against those of its product. An action costs little or much by its days
    of effort, or by itself, unless its days explain it.
    """
    power = np.log10(frame[column].where(frame[column] > 0))
    if "product_id" in frame and frame["product_id"].notna().any():
        own = power.groupby(frame["product_id"])
        return _steps((power - own.transform("median")).where(own.transform("count") > FEWEST))
    steps = _steps(power - power.median())
    if "effort_days" not in frame or frame["effort_days"].dtype.kind != "f":
        return steps
    daily = power - np.log10(frame["effort_days"].where(frame["effort_days"] > 0))
    off = daily - daily.median()
    return _steps(off).where(lambda step: step.ne(0), steps.where(~(off.abs() < LIKE), 0.0))


def _steps(off: pd.Series) -> pd.Series:
    """The same for amounts by how far, in powers of ten, they are from the middle."""
    others = off[off.abs() < FAR]
    left = off.notna().sum() - len(others)
    few = len(others) < FEWEST or left > max(1, (1 - AGREE) * off.notna().sum())
    step = pd.Series(0.0, off.index)
    if few or (others.abs() <= LIKE).mean() < AGREE:
        return step
    low, high = others.min(), others.max()
    apart = (off < low - GAP) | (off > high + GAP)
    for power in (*STEPS, *(-one for one in STEPS)):
        step = step.mask(apart & (off + power).between(low - NEAR, high + NEAR), power)
    return step


def _warn(typed: Typed, column: str, step: pd.Series, findings: Findings) -> None:
    first = step.index[step.ne(0)][0]
    side = "below" if step[first] > 0 else "above"
    meant = typed.frame[column][first] * 10 ** step[first]
    problem = f"is far {side} what all others have, and {meant:,.10g} would be among them"
    advice = "Send all amounts of the table in one unit; if it is right, all is well."
    report_rows(typed, step.ne(0), column, problem, advice, findings, warn=True)

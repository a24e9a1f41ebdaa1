"""The unit of a margin: a share of revenue, a per cent of it, or money; declared, not guessed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.readers.raw import RawTable
from helpers.study.values import ALIKE, as_text

__all__ = ["in_money"]

Unit = Literal["share", "percent", "money"]
BASES = {"financials": "revenue", "products": "price"}
WORDS = {"share": "a share", "percent": "a per cent", "money": "an amount"}
MOST = {"share": 1.0, "percent": 100.0}
ENOUGH_MONEY = 100.0  # from this base on, margins of at most 1 are no amounts
SURE = 0.05  # of the margins lie beyond 100, so that they are amounts and not slips
SLIPS = 0.1  # of the margins at most lie beyond 1, where the others are shares


@dataclass(frozen=True)
class _Column:
    raw: RawTable
    table: str
    values: pd.Series
    base: pd.Series
    signed: pd.Series  # bool: written with a per cent sign

    @property
    def called(self) -> str:
        return BASES[self.table]


def in_money(
    frame: pd.DataFrame, raw: RawTable, table: str, form: Format, findings: Findings
) -> pd.DataFrame:
    """The table with its margin as money, by its declared unit or the only one it can have."""
    base = BASES.get(table)
    if base is None or not {"margin", base} <= set(frame) or frame["margin"].isna().all():
        return frame
    if table == "products" and form.margin is None:
        return frame  # no chapter reads it yet
    signed = _signed(raw.frame["margin"]).set_axis(frame.index)
    column = _Column(raw, table, frame["margin"], frame[base], signed)
    column = replace(column, values=column.values.mask(signed, column.values / 100))
    unit = form.margin or _only_one(column)
    if unit is None:
        _report_doubt(column, findings)
        return frame
    if unit == "money" and signed.any():
        _report(column, signed, "is a per cent, and `margin: money` is declared", findings)
        return frame
    factor = 0.01 if unit == "percent" else 1.0
    shares = column.values.where(signed, column.values * factor)
    if unit == "money":
        if form.margin is None:
            findings.note(table, f"margin read as money, not a share of {base}", len(frame))
        elif _only_one(column) == "share":
            _warn_of_no_money(column, findings)
        return frame
    beyond = shares > 1
    if beyond.any():
        _report(column, beyond, f"is more than all of {base} as {WORDS[unit]} of it", findings)
        return frame
    if unit == "percent" and not signed.any() and _only_one(column) == "share":
        _warn_of_small(column, findings)
    findings.note(
        table, f"margin read as {WORDS[unit]} of {base}, and turned into money", len(frame)
    )
    return frame.assign(margin=shares * column.base)


def _signed(cells: pd.Series) -> pd.Series:
    """Where a margin is written with a sign of per cent, of any width."""
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return pd.Series(False, index=cells.index)
    return as_text(cells).fillna("").str.translate(ALIKE).str.contains("%")


def _warn_of_small(column: _Column, findings: Findings) -> None:
    """A declared per cent that is nowhere above 1: a spreadsheet stores 40 % as 0.4."""
    place = int(np.nanargmax(column.values.to_numpy(dtype=float)))
    file, row = column.raw.where(place)
    value = float(column.values.iloc[place])
    problem = f"is the highest margin: read as {value:g} % of {column.called}"
    advice = (
        f"If it is {value * 100:g} %, declare "
        f"`formats: {{{column.table}: {{margin: share}}}}` in client.yml."
    )
    findings.warn(file, problem, advice, row=row, column="margin", found=f"{value:g}")


def _warn_of_no_money(column: _Column, findings: Findings) -> None:
    """Declared money that is nowhere above 1, beside amounts of hundreds."""
    place = int(np.nanargmax(column.values.to_numpy(dtype=float)))
    file, row = column.raw.where(place)
    value, base = float(column.values.iloc[place]), float(column.base.iloc[place])
    problem = f"is the highest margin: read as an amount, beside {column.called} {base:.10g}"
    advice = (
        f"If it is {value * 100:g} % of it, declare "
        f"`formats: {{{column.table}: {{margin: share}}}}` in client.yml."
    )
    findings.warn(file, problem, advice, row=row, column="margin", found=f"{value:g}")


def _only_one(column: _Column) -> Unit | None:
    """The unit where the values leave one alone; what a loss-making month holds never counts."""
    known = column.values.notna()
    if column.signed[known].all():
        return "percent"
    if column.signed.any():
        return None
    gains = column.values[known & (column.values > 0)]
    typical = float(column.base[known].abs().median())
    if gains.empty:
        return None
    if gains.max() <= 1 and typical >= ENOUGH_MONEY:
        return "share"
    return "money" if (gains > 100).mean() >= SURE and not (gains <= 1).mean() > SURE else None


def _beyond_shares(column: _Column) -> pd.Series:
    """The few margins above 1 of a column of shares; none where it may be anything else."""
    gains = column.values > 0
    beyond = gains & (column.values > 1) & ~column.signed
    typical = float(column.base[column.values.notna()].abs().median())
    few = 0 < beyond.sum() <= SLIPS * gains.sum() and typical >= ENOUGH_MONEY
    return beyond if few and not column.signed.any() else beyond & False


def _report_doubt(column: _Column, findings: Findings) -> None:
    """Name a margin in every unit that it can be read in, with what declares it."""
    if (slips := _beyond_shares(column)).any():
        problem = f"is more than 1, and most margins here read as a share of {column.called}"
        _report(column, slips, problem, findings)
        return
    known = column.values.notna() & column.base.notna()
    gains = known & (column.values > 0) & ~column.signed
    rows = np.flatnonzero((gains if gains.any() else known).to_numpy())
    place = int(rows[0])
    file, row = column.raw.where(place)
    value, base = float(column.values.iloc[place]), float(column.base.iloc[place])
    readings = {"share": value * base, "percent": value * base / 100, "money": value}
    told = [
        f"`formats: {{{column.table}: {{margin: {unit}}}}}` if it is {WORDS[unit]} ({money:.10g})"
        for unit, money in readings.items()
        if unit == "money" or not (column.values > MOST[unit]).any()
    ]
    if column.signed.any():
        told = [text for text in told if "margin: money" not in text]
    problem = f"may be several things beside {column.called} {base:g}"
    if column.signed.any():
        problem = "has no per cent sign, as others of the column have"
    advice = f"Declare in client.yml which it is: {', or '.join(told)}."
    if not told:
        advice = "Write all of the column in one unit."
    findings.error(file, problem, advice, row=row, column="margin", found=f"{value:g}")


def _report(column: _Column, rows: pd.Series, problem: str, findings: Findings) -> None:
    place = int(np.flatnonzero(rows.to_numpy())[0])
    file, row = column.raw.where(place)
    more = f", and so are {int(rows.sum()) - 1:,} more" if rows.sum() > 1 else ""
    advice = f"Correct it, or declare another unit: `margin` under `formats: {column.table}`."
    found = str(column.raw.frame["margin"].iloc[place])
    findings.error(file, problem + more, advice, row=row, column="margin", found=found)

"""Ids that a spreadsheet has spoilt: rounded, in scientific notation, turned into dates, quoted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

import numpy as np
import pandas as pd

from helpers.study.columns import Table
from helpers.study.findings import Findings
from helpers.study.readers.raw import RawTable
from helpers.study.signs import beginning, holding, whole

__all__ = ["check_digits", "unquoted_ids", "warn_of_cut_rows"]

EXACT = 10**15  # a spreadsheet keeps fifteen digits, and so does a number with a point
SCIENTIFIC = re.compile(r"-?\d([.,]\d+)?[eE]\+\d{1,3}")
LONG = re.compile(r"\d{15}\d+")
DOUBTFUL = r"^\s*-?\d[.,\d]*[eE]\+\d|^\d{16,}$"
NOUGHTS = 4  # digits behind the fifteenth that are all 0: by chance once in ten thousand
MARKS = ("'", "\u2019")  # with which Excel is told that a number is a text
MARKED = r"['\u2019][^'\u2019]*\d[^'\u2019]*"
MANY_IDS, MOSTLY = 20, 0.98  # ids, and the share of them with digits, before others stand out
AS_TEXT = "Format the column as text before the ids are written, and export it again."


def check_digits(raw: RawTable, name: str, findings: Findings) -> None:
    """Report ids that are no longer what the client's system calls them.

    Ids are never computed with, yet two that were rounded alike are one from then on.
    """
    cells = raw.frame[name]
    if pd.api.types.is_integer_dtype(cells.dtype):
        return
    if isinstance(cells.dtype, pd.StringDtype):  # most ids of most files: looked at all at once
        doubtful = holding(cells, DOUBTFUL)
        if not doubtful.any():
            return
        cells = cells.where(doubtful)
    codes, found = pd.factorize(cells.astype(object), use_na_sentinel=True)
    distinct = np.asarray(found, dtype=object)
    for spoilt, problem, advice in FAULTS:
        bad = [bool(spoilt(value)) for value in distinct]
        if any(bad):
            here = np.flatnonzero(np.array([*bad, False])[codes])
            _report(raw, name, here, problem, advice, findings)
    _warn_of_noughts(raw, name, codes, distinct, findings)


def unquoted_ids(raw: RawTable, table: Table, findings: Findings) -> RawTable:
    """The table with ids that are written with an apostrophe for Excel without it, counted."""
    changed = {}
    for name in raw.frame:
        cells, declared = raw.frame[name], table.column(str(name))
        if declared is None or declared.kind != "id" or not _are_texts(cells):
            continue
        marked = beginning(cells, *MARKS)
        if marked.any():
            marked &= whole(cells, MARKED)
        if marked.any():
            changed[str(name)] = cells.mask(marked, cells.str.slice(1))
            what = f"{name}: apostrophe before the id, as Excel is told of a text, left out"
            findings.note(table.name, what, int(marked.sum()))
    return replace(raw, frame=raw.frame.assign(**changed)) if changed else raw


def _are_texts(cells: pd.Series) -> bool:
    if isinstance(cells.dtype, pd.StringDtype):
        return True
    return cells.dtype == object and pd.api.types.infer_dtype(cells, skipna=True) == "string"


def warn_of_cut_rows(raw: RawTable, name: str, findings: Findings) -> None:
    """Ids without a digit among ids that have some: text behind a line break may stand there."""
    cells = raw.frame[name]
    if raw.stored_types or not isinstance(cells.dtype, pd.StringDtype):
        return
    there = cells.notna().to_numpy()
    odd = there & ~holding(cells, r"\d")
    many = int(odd.sum())
    if not many or there.sum() < MANY_IDS or many > (1 - MOSTLY) * there.sum() + 1:
        return
    place = int(np.flatnonzero(odd)[0])
    file, row = raw.where(place)
    more = f", as have {many - 1:,} more" if many > 1 else ""
    problem = f"has no digit{more}, and {int(there.sum()) - many:,} others of the column have"
    advice = "Look whether a line break has cut the record before it in two."
    found = str(cells.iloc[place])[:60]
    findings.warn(file, problem, advice, row=row, column=name, found=found)


def _rounded(value: object) -> bool:
    return isinstance(value, float | np.floating) and not abs(float(value)) < EXACT


def _scientific(value: object) -> bool:
    return isinstance(value, str) and SCIENTIFIC.fullmatch(value.strip()) is not None


def _day(value: object) -> bool:
    return isinstance(value, date | time | timedelta | np.datetime64)


FAULTS: tuple[tuple[Callable[[object], bool], str, str], ...] = (
    (_rounded, "a number of 16 digits or more, of which 15 are kept and the others lost", AS_TEXT),
    (_scientific, "in scientific notation: the digits that it leaves out are lost", AS_TEXT),
    (_day, "a date or a time, which a spreadsheet made of the id", AS_TEXT),
)


def _report(
    raw: RawTable, name: str, here: np.ndarray, problem: str, advice: str, findings: Findings
) -> None:
    file, row = raw.where(int(here[0]))
    value = raw.frame[name].iloc[int(here[0])]
    found = f"{value:.0f}" if isinstance(value, float) and np.isfinite(value) else str(value)
    many = f", as are {len(here) - 1:,} more" if len(here) > 1 else ""
    findings.error(file, f"is {problem}{many}", advice, row=row, column=name, found=found[:60])


def _warn_of_noughts(
    raw: RawTable, name: str, codes: np.ndarray, distinct: np.ndarray, findings: Findings
) -> None:
    """Long ids that all end in noughts have been through a spreadsheet."""
    long = [isinstance(value, str) and LONG.fullmatch(value) is not None for value in distinct]
    ends = [value[15:] for value, is_long in zip(distinct, long, strict=True) if is_long]
    noughts = "".join(ends)
    if len(noughts) < NOUGHTS or noughts.strip("0"):
        return
    here = np.flatnonzero(np.array([*long, False])[codes])
    file, row = raw.where(int(here[0]))
    findings.warn(
        file,
        f"and all ids of this length end in 0 behind the fifteenth digit ({len(ends):,} ids): "
        "a spreadsheet has rounded them",
        AS_TEXT,
        row=row,
        column=name,
        found=str(raw.frame[name].iloc[int(here[0])])[:60],
    )

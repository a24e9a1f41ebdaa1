"""What a file of any kind is rid of: rows that hold nothing, and what survey tools add."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.readers import qualtrics
from helpers.study.readers.raw import RawTable
from helpers.study.readers.testers import without_testers
from helpers.study.readers.two_row_headers import are_two_rows
from helpers.study.signs import beginning, holding, whole

__all__ = ["tidied"]

MONKEY = {"respondent id", "collector id"}  # columns that tell an export of SurveyMonkey
FEWEST_BELOW = 2  # rows below one that describes them
LOOKED_AT = 50  # of these rows
NUMBER = r"\s*[+-]?\d+(?:[.,]\d+)?\s*"
PEOPLE = ("ip address", "email address", "first name", "last name")
UNNAMED = re.compile(r"Unnamed: \d+|column\d+|")  # as pandas and DuckDB call what has no name
AS_FORMULA = r'="(?s:.*)"'
NOTHING = re.compile("[\\s\u200b\u2060\ufeff]*")


def tidied(
    raw: RawTable, table: str, form: Format, findings: Findings, wanted: Set[str] = frozenset()
) -> RawTable | None:
    """The table without rows that are none; ``None`` with one fault where none is left.

    Columns that are ``wanted``, or declared, stay: else those that tell who answered do not.
    """
    if raw.stored_types and form.header_rows is None and _holds_a_header(raw):
        problem = "holds the second row of a header as its first row"
        advice = "Send the CSV or Excel file of the export itself, or take the row out."
        findings.error(raw.file, problem, advice)
        return None
    raw = _as_meant(raw, table, findings)
    raw = _without_blank_rows(raw, table, findings)
    sent = len(raw.frame)
    raw = qualtrics.tidy(raw, table, form, findings, wanted)
    if table == "responses" and _describes_columns(raw.frame):
        file, row = raw.where(0)
        words = next(str(c) for c in raw.frame.iloc[0] if isinstance(c, str))
        problem = f"describes the columns, as {words[:40]!r}, and is no answer"
        advice = "Take this second row of the header out of the file."
        findings.error(file, problem, advice, row=row)
        return None
    raw = _without_people(raw, table, form, {*form.columns.values(), *wanted}, findings)
    if len(raw.frame) or raw.lost:
        return raw
    if sent > 1:
        problem = "holds no answers, only previews, tests or spam"
        findings.error(raw.file, problem, "Export it again once customers have answered.")
    elif raw.file.lower().endswith(".sql"):
        findings.error(raw.file, "gives no rows", "Mend the query, or remove the file.")
    else:
        advice = "Export it again, or remove the file."
        findings.error(raw.file, "has a header and no rows", advice)
    return None


def _describes_columns(frame: pd.DataFrame) -> bool:
    """Whether the first row has words alone, below which columns hold numbers, days and codes.

    Survey tools write the questions, or the types of the columns, below their names.

    >>> rows = {"id": ["Id", "r1", "r2"], "nps": ["How likely?", "9", "3"]}
    >>> _describes_columns(pd.DataFrame(rows)), _describes_columns(pd.DataFrame(rows).iloc[1:])
    (True, False)
    """
    if len(frame) <= FEWEST_BELOW:
        return False
    first = ["" if pd.isna(cell) else str(cell).strip() for cell in frame.iloc[0]]
    words = [any(c.isalpha() for c in cell) for cell in first]
    if not any(words) or any(cell and not word for cell, word in zip(first, words, strict=True)):
        return False
    measured, said = 0, False
    for place, cell in enumerate(first):
        below = frame.iloc[1 : 1 + LOOKED_AT, place].dropna().astype(str)
        if len(below) < FEWEST_BELOW:
            continue
        if below.str.fullmatch(NUMBER).all():
            measured, said = measured + 1, said or words[place]
        elif below.str.contains(r"\d").all():
            if any(c.isdigit() for c in cell):
                return False
            measured += 1
        elif cell in set(below):
            return False
    return measured > 1 and said


def _as_meant(raw: RawTable, table: str, findings: Findings) -> RawTable:
    """Cells written as ``="007"``, so that Excel takes them for texts, as those texts."""
    changed, many = {}, 0
    for at, name in enumerate(raw.frame.columns):
        cells = raw.frame.iloc[:, at]
        if not isinstance(cells.dtype, pd.StringDtype):
            continue
        marked = beginning(cells, '="')
        if not marked.any():
            continue
        marked &= whole(cells, AS_FORMULA)
        meant = cells.str.slice(2, -1).str.replace('""', '"', regex=False)
        changed[str(name)] = cells.mask(marked, meant.mask(meant == ""))
        many += int(marked.sum())
    if not changed:
        return raw
    named = ", ".join(map(str, changed))
    findings.note(table, f'cells written as ="…" read as the text between the marks: {named}', many)
    return replace(raw, frame=raw.frame.assign(**changed))


def _holds_a_header(raw: RawTable) -> bool:
    """Whether a table that a program wrote began with a header of two rows."""
    names = ["" if UNNAMED.fullmatch(str(name)) else str(name) for name in raw.frame.columns]
    rows = raw.frame.head(2).astype(object)
    top = rows.where(rows.notna(), "").to_numpy().tolist()
    return are_two_rows([names, *([str(cell) for cell in row] for row in top)])


def _without_people(
    raw: RawTable, table: str, form: Format, kept: Set[str], findings: Findings
) -> RawTable:
    """Without the columns in which SurveyMonkey says who answered, but those that are declared."""
    names = {str(name).casefold(): str(name) for name in raw.frame}
    if not set(names) >= MONKEY:
        return raw
    spoken_of = {name.casefold() for name in kept}
    personal = [names[n] for n in PEOPLE if n in names and n not in spoken_of]
    raw = without_testers(raw, personal, table, form, findings)
    findings.note(table, f"personal columns left out: {', '.join(personal)}", len(personal))
    return replace(raw, frame=raw.frame.drop(columns=personal))


def _without_blank_rows(raw: RawTable, table: str, findings: Findings) -> RawTable:
    """Spreadsheets leave rows of delimiters alone where rows were deleted."""
    blank = _blank_rows(raw.frame)
    findings.note(table, "blank rows dropped", int(blank.sum()))
    return raw.select(~blank) if blank.any() else raw


def _blank_rows(frame: pd.DataFrame) -> np.ndarray:
    """Where every cell is empty or white space; a column is read where the others before are.

    >>> _blank_rows(pd.DataFrame({"a": ["1", None, " "], "b": [None, "2", "\\u00a0"]})).tolist()
    [False, False, True]
    """
    blank = np.ones(len(frame), dtype=bool)
    for at in range(frame.shape[1]):
        left = np.flatnonzero(blank)
        if not len(left):
            break
        cells = frame.iloc[left, at]
        empty = cells.isna().to_numpy(dtype=bool, copy=True)
        if not pd.api.types.is_numeric_dtype(cells.dtype):
            unsure = np.flatnonzero(~_begins_plainly(cells))
            odd = cells.iloc[unsure]
            empty[unsure] |= np.array([isinstance(c, str) and _is_nothing(c) for c in odd], bool)
        blank[left] = empty
    return blank


def _begins_plainly(cells: pd.Series) -> np.ndarray:
    """Where a text begins with a letter or a digit of ASCII, so that it is something."""
    if not isinstance(cells.dtype, pd.StringDtype):
        return np.zeros(len(cells), dtype=bool)
    return holding(cells, "^[0-9A-Za-z]")


def _is_nothing(cell: str) -> bool:
    return not cell or (not cell[0].isalnum() and NOTHING.fullmatch(cell) is not None)

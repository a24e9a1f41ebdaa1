"""Excel workbooks: a named sheet, a declared header row, nothing hidden by merged cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.nearest import advice_for
from helpers.study.readers import confined, two_row_headers
from helpers.study.readers.excel_cells import address, currency_sign
from helpers.study.readers.excel_doubts import (
    Area,
    Sheet,
    fill_merged,
    note_hidden,
    report_errors,
    report_formulas,
    span,
    tell_hidden_sheet,
    warn_of_unseen,
)
from helpers.study.readers.raw import RawTable, one_file, sha256
from helpers.study.readers.titles import LOOKED_AT, header_advice, likely_header
from helpers.study.sameness import written

__all__ = ["read_excel"]

SHEETS = 8  # that a message names
START = 2_000  # bytes by which a file is known that is no workbook
MARKS = b"\xef\xbb\xbf \t\r\n"  # before the first letter of a text
SEPARATORS = (b"\t", b";", b",")
BEGINNINGS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")  # of Excel 2, 3, 4


def _no_workbook(path: Path) -> tuple[str, str] | None:
    """What a file is that only has a workbook's ending, and what to do; ``None`` for others."""
    with path.open("rb") as stream:
        start = stream.read(START)
    if start[:4] in BEGINNINGS:
        advice = "Open it in Excel or LibreOffice, and save it as .xlsx."
        return "is a workbook of Excel 4 or before, which is not read", advice
    text = start.lstrip(MARKS).lower()
    advice = "Open it in Excel, look that no zero before an id is lost, and save it as .xlsx."
    if text.startswith(b"<?xml") and b"spreadsheet" in text:
        return "is an XML spreadsheet of Excel 2003, which is not read", advice
    if text.startswith(b"<"):
        return "is a web page with the ending of a workbook, as some programs export it", advice
    first = text.split(b"\n")[0]
    if b"\0" not in text and any(mark in first for mark in SEPARATORS):
        ending = ".tsv" if b"\t" in first else ".csv"
        return "is text with the ending of a workbook", f"Let its name end in {ending}."
    return None


def read_excel(
    path: Path, name: str, table: str, form: Format, findings: Findings
) -> RawTable | None:
    """Read one sheet; where sheet or header is in doubt, ask for it."""
    try:
        with confined.reading("excel_cells", path, sheet=form.sheet, table=table) as answer:
            reply = answer.reply
    except confined.Unreadable as fault:
        advice = "Save it again as .xlsx, with the table and nothing else in its sheet."
        problem = f"is not a workbook that can be read: {fault}"
        problem, advice = _no_workbook(path) or (problem, advice)
        findings.error(name, problem, advice)
        return None
    if reply["sheet"] is None:
        _report_sheets(reply["sheets"], name, table, form, findings)
        return None
    rows = [[_cell(c) if type(c) is list else c for c in row] for row in reply["rows"]]
    if not any(any(cell is not None for cell in row) for row in rows):
        advice = "Name the sheet with the data: `sheet` under `formats`."
        findings.error(name, f"has an empty sheet {reply['sheet']!r}", advice)
        return None
    behind = _behind(reply, path)
    areas = reply["merged"] or behind.get("merged", [])  # the reader tells those of .xlsx and .xls
    found = _names(areas, rows, name, table, form, findings)
    if found is None:
        return None
    top, header, merged = found
    sheet = Sheet(rows, top, header, name, table)
    report_errors(sheet, behind, form, findings)
    report_formulas(sheet, behind, findings)
    fill_merged(sheet, merged, findings)
    tell_hidden_sheet(sheet, reply, form, findings)
    note_hidden(sheet, behind, findings)
    if not behind["seen"]:
        warn_of_unseen(sheet, findings)
    raw = _body(rows[top:], header, name, table, sha256(path), findings)
    signs = {int(column): signs for column, signs in behind["currencies"].items()}
    shown = {title: tuple(signs.get(place, ())) for place, title in enumerate(header)}
    return replace(raw, currencies=(shown,))


def _behind(reply: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """What the file says of cells that no value shows; each kind of workbook says it its way."""
    behind: dict[str, Any] = reply["behind"]
    if reply["kind"] == "xlsx":
        return behind
    try:
        with confined.reading(f"{reply['kind']}_cells", path, sheet=reply["sheet"]) as answer:
            told = answer.reply
    except confined.Unreadable:  # its cells were read: what cannot be looked up is warned of
        return behind
    signs = {
        column: [sign for code in codes if (sign := currency_sign(code))]
        for column, codes in told.get("formats", {}).items()
    }
    return {**behind, "currencies": signs, **told, "seen": True}


def _names(
    merged: Sequence[Area],
    rows: list[list[Any]],
    name: str,
    table: str,
    form: Format,
    findings: Findings,
) -> tuple[int, list[str], Sequence[Area]] | None:
    """The row above the data, the names of the columns, and the merged cells that matter."""
    top = form.header_row or _first_full(rows)
    above = [[_title(cell) for cell in row] for row in rows[top - 1 : top + 2]]
    beside = _nothing_left_of(rows[top - 1 :])
    above = [row[beside:] for row in above]
    if form.header_rows is None and two_row_headers.are_two_rows(above):
        two_row_headers.report_two_rows(above, name, table, form, findings)
        return None
    if form.header_rows == 2 and len(above) > 1:
        names = two_row_headers.joined_names(*above[:2])
        two_row_headers.note_joined(names, above[0], table, findings)
        rows[top], top = [None] * beside + list(names), top + 1
        merged = [area for area in merged if area[1][0] >= top]
    header = _header(merged, rows, top, name, table, form, findings)
    return None if header is None else (top, header, merged)


def _cell(cell: list[Any]) -> object:
    """A cell of a kind that JSON does not hold."""
    kind, value = cell
    if kind == "timedelta":
        return dt.timedelta(seconds=value)
    kinds: dict[str, Any] = {"datetime": dt.datetime, "date": dt.date, "time": dt.time}
    return kinds[kind].fromisoformat(value)


def _report_sheets(
    sheets: list[str], name: str, table: str, form: Format, findings: Findings
) -> None:
    if not sheets:
        advice = "Save it again as .xlsx, with the table in a sheet of its own."
        findings.error(name, "has no sheet with cells", advice)
        return
    if form.sheet is not None:
        findings.error(name, "is not a sheet", advice_for(form.sheet, sheets), found=form.sheet)
        return
    lines = [f"`formats: {{{table}: {{sheet: {written(sheet)}}}}}`" for sheet in sheets]
    advice = f"Declare {' or '.join(lines[:SHEETS])} in client.yml."
    more = f" and {len(sheets) - SHEETS:,} more" if len(sheets) > SHEETS else ""
    problem = f"has {len(sheets)} sheets: {', '.join(sheets[:SHEETS])}{more}"
    findings.error(name, problem, advice)


def _header(
    areas: Sequence[Area],
    rows: list[list[Any]],
    top: int,
    name: str,
    table: str,
    form: Format,
    findings: Findings,
) -> list[str] | None:
    cells = [_title(cell) for cell in rows[top - 1]] if top <= len(rows) else []
    width = max((_length(row) for row in rows[top - 1 :]), default=0)
    cells = (cells + [""] * width)[:width]
    merged = [span(area) for area in areas if area[0][0] < top <= area[1][0] + 1]
    filled = _filled_columns(rows[top:])
    empty = [address(top - 1, i) for i, cell in enumerate(cells) if not cell and i in filled]
    advice = f"Declare `formats: {{{table}: {{header_row: …}}}}` in client.yml, or unmerge them."
    meant = _header_below(rows, top, width)
    if meant is not None:
        advice = header_advice(table, meant)
        problem = f"the header seems to be in row {meant}"
        if merged:
            problem = f"has merged cells in its header: {', '.join(merged)}; {problem}"
        else:
            problem = f"has a title above the columns: {problem}"
        findings.error(name, problem, advice)
    elif merged:
        findings.error(name, f"has merged cells in its header: {', '.join(merged)}", advice)
    elif not any(cells) or empty:
        where = ", ".join(empty[:5]) or f"row {top}"
        findings.error(name, f"has no column name in {where}", _unnamed_advice(rows, table, empty))
    else:
        twice = sorted({cell for cell in cells if cell and cells.count(cell) > 1})
        for cell in twice:
            findings.error(name, "names two columns", "Give each one name.", column=cell)
        return None if twice else cells
    return None


def _first_full(rows: list[list[Any]]) -> int:
    """The first row that holds anything, counted from 1."""
    full = (at for at, row in enumerate(rows, start=1) if any(cell is not None for cell in row))
    return next(full, 1)


def _filled_columns(rows: list[list[Any]]) -> set[int]:
    return {at for row in rows for at, cell in enumerate(row) if cell is not None}


def _nothing_left_of(rows: list[list[Any]]) -> int:
    """How many columns are empty before the first that holds anything."""
    return min(_filled_columns(rows), default=0)


def _unnamed_advice(rows: list[list[Any]], table: str, empty: Sequence[str]) -> str:
    """The rows that could be the header, where any could; else to write the names."""
    likely = [at for at in range(1, min(len(rows), LOOKED_AT)) if _could_be_header(rows, at)][:3]
    if likely:
        lines = [f"`formats: {{{table}: {{header_row: {at}}}}}`" for at in likely]
        return f"Declare {' or '.join(lines)} in client.yml, if the names stand there."
    where = "each of them" if len(empty) > 1 else "it"
    return f"Write a name into {where}, or delete the column in the workbook."


def _could_be_header(rows: list[list[Any]], at: int) -> bool:
    """Whether each column that holds anything below has a text in this row, each another."""
    filled = _filled_columns(rows[at:])
    cells = [rows[at - 1][i] if i < len(rows[at - 1]) else None for i in sorted(filled)]
    texts = [cell.strip() for cell in cells if isinstance(cell, str) and cell.strip()]
    return len(cells) > 1 and len(texts) == len(cells) == len(set(texts))


def _title(cell: Any) -> str:  # noqa: ANN401 (any cell)
    return "" if cell is None else str(cell).strip()


def _length(row: list[Any]) -> int:
    """How many cells a row has up to the last that is not empty."""
    return max((i for i, cell in enumerate(row, start=1) if cell is not None), default=0)


def _header_below(rows: list[list[Any]], top: int, width: int) -> int | None:
    """The row with the names, where that at ``top`` is a title."""
    texts = [[_as_name(cell) for cell in (row + [None] * width)[:width]] for row in rows[top - 1 :]]
    first, *below = list(enumerate(texts[:LOOKED_AT], start=top)) or [(top, [""])]
    return likely_header([first, *(row for row in below if any(row[1]))])


def _as_name(cell: Any) -> str:  # noqa: ANN401 (any cell)
    return str(cell).strip() if isinstance(cell, str) else "0" if cell is not None else ""


def _body(
    rows: list[list[Any]],
    header: list[str],
    name: str,
    table: str,
    digest: str,
    findings: Findings,
) -> RawTable:
    width = len(header)
    cells = [row[:width] + [None] * (width - len(row)) for row in rows]
    named = [at for at, title in enumerate(header) if title]
    if len(named) < width:  # nothing stands in a column without a name: that was looked at
        header, cells = [header[at] for at in named], [[row[at] for at in named] for row in cells]
        findings.note(table, "empty columns without a name left out", width - len(named))
    full = np.array([any(cell is not None for cell in row) for row in cells], dtype=bool)
    frame = pd.DataFrame(
        [row for row, keep in zip(cells, full, strict=True) if keep],
        columns=pd.Index(header),
        dtype=object,
    )
    record = np.flatnonzero(full) + 1
    between = int(record[-1]) - len(record) if len(record) else 0
    findings.note(table, "blank rows between others dropped", between)
    return one_file(frame, name, digest, record=record, stored_types=True)

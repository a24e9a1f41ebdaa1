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
from helpers.study.readers.excel_cells import address
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

__all__ = ["read_excel"]


def read_excel(
    path: Path, name: str, table: str, form: Format, findings: Findings
) -> RawTable | None:
    """Read one sheet; where sheet or header is in doubt, ask for it."""
    try:
        with confined.reading("excel_cells", path, sheet=form.sheet, table=table) as answer:
            reply = answer.reply
    except confined.Unreadable as fault:
        advice = "Save it again as .xlsx, with the table and nothing else in its sheet."
        findings.error(name, f"is not a workbook that can be read: {fault}", advice)
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
    found = _names(reply["merged"], rows, name, table, form, findings)
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
            return {**behind, **answer.reply, "seen": True}
    except confined.Unreadable:  # its cells were read: what cannot be looked up is warned of
        return behind


def _names(
    merged: Sequence[Area],
    rows: list[list[Any]],
    name: str,
    table: str,
    form: Format,
    findings: Findings,
) -> tuple[int, list[str], Sequence[Area]] | None:
    """The row above the data, the names of the columns, and the merged cells that matter."""
    top = form.header_row or 1
    above = [[_title(cell) for cell in row] for row in rows[top - 1 : top + 2]]
    if form.header_rows is None and two_row_headers.are_two_rows(above):
        two_row_headers.report_two_rows(above, name, table, form, findings)
        return None
    if form.header_rows == 2 and len(above) > 1:
        names = two_row_headers.joined_names(*above[:2])
        two_row_headers.note_joined(names, above[0], table, findings)
        rows[top], top = list(names), top + 1
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
    if form.sheet is not None:
        findings.error(name, "is not a sheet", advice_for(form.sheet, sheets), found=form.sheet)
        return
    declared = f'formats: {{{table}: {{sheet: "{sheets[0]}"}}}}'
    advice = f"Declare `{declared}` in client.yml."
    findings.error(name, f"has {len(sheets)} sheets: {', '.join(sheets)}", advice)


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
    empty = [address(top - 1, i) for i, cell in enumerate(cells) if not cell]
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
    elif not cells or empty:
        where = ", ".join(empty[:5]) or f"row {top}"
        findings.error(name, f"has no column name in {where}", advice)
    else:
        twice = sorted({cell for cell in cells if cells.count(cell) > 1})
        for cell in twice:
            findings.error(name, "names two columns", "Give each one name.", column=cell)
        return None if twice else cells
    return None


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

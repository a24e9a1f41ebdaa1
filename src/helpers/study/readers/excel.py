"""Excel workbooks: a named sheet, a declared header row, nothing hidden by merged cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.nearest import advice_for
from helpers.study.readers.raw import RawTable, one_file, sha256
from helpers.study.readers.titles import LOOKED_AT, header_advice, likely_header

__all__ = ["read_excel"]


def read_excel(
    path: Path, name: str, table: str, form: Format, findings: Findings
) -> RawTable | None:
    """Read one sheet; where sheet or header is in doubt, ask for it."""
    try:
        workbook = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as fault:
        findings.error(name, f"is not a workbook that can be read: {fault}", "Save it as .xlsx.")
        return None
    title = _sheet_name(workbook.sheet_names, name, table, form, findings)
    if title is None:
        return None
    sheet = workbook.get_sheet_by_name(title)
    rows = sheet.to_python(skip_empty_area=False)
    if not any(any(cell != "" for cell in row) for row in rows):
        advice = "Name the sheet with the data: `sheet` under `formats`."
        findings.error(name, f"has an empty sheet {title!r}", advice)
        return None
    top = form.header_row or 1
    header = _header(sheet, rows, top, name, table, form, findings)
    if header is None:
        return None
    return _body(rows[top:], header, name, sha256(path))


def _sheet_name(
    sheets: list[str], name: str, table: str, form: Format, findings: Findings
) -> str | None:
    if form.sheet is not None:
        if form.sheet in sheets:
            return form.sheet
        findings.error(name, "is not a sheet", advice_for(form.sheet, sheets), found=form.sheet)
        return None
    if len(sheets) == 1:
        return sheets[0]
    if table in sheets:
        return table
    advice = f"Declare `formats: {{{table}: {{sheet: {sheets[0]}}}}}` in client.yml."
    findings.error(name, f"has {len(sheets)} sheets: {', '.join(sheets)}", advice)
    return None


def _header(
    sheet: CalamineSheet,
    rows: list[list[Any]],
    top: int,
    name: str,
    table: str,
    form: Format,
    findings: Findings,
) -> list[str] | None:
    cells = [str(cell).strip() for cell in rows[top - 1]] if top <= len(rows) else []
    width = max((i + 1 for row in rows[top - 1 :] for i, c in enumerate(row) if c != ""), default=0)
    cells = (cells + [""] * width)[:width]
    areas = sheet.merged_cell_ranges or []
    merged = [_address(area) for area in areas if area[0][0] < top <= area[1][0] + 1]
    empty = [f"{_letters(i)}{top}" for i, cell in enumerate(cells) if not cell]
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


def _header_below(rows: list[list[Any]], top: int, width: int) -> int | None:
    """The row with the names, where that at ``top`` is a title."""
    texts = [[_as_name(cell) for cell in (row + [""] * width)[:width]] for row in rows[top - 1 :]]
    first, *below = list(enumerate(texts[:LOOKED_AT], start=top)) or [(top, [""])]
    return likely_header([first, *(row for row in below if any(row[1]))])


def _as_name(cell: Any) -> str:  # noqa: ANN401 (any cell)
    return str(cell).strip() if isinstance(cell, str) else "0" if cell is not None else ""


def _letters(index: int) -> str:
    letters, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _address(area: tuple[tuple[int, int], tuple[int, int]]) -> str:
    (top, left), (bottom, right) = area
    return f"{_letters(left)}{top + 1}:{_letters(right)}{bottom + 1}"


def _body(rows: list[list[Any]], header: list[str], name: str, digest: str) -> RawTable:
    width = len(header)
    cells = [[*(None if c == "" else c for c in row[:width])] for row in rows]
    cells = [row + [None] * (width - len(row)) for row in cells]
    full = np.array([any(cell is not None for cell in row) for row in cells], dtype=bool)
    frame = pd.DataFrame(
        [row for row, keep in zip(cells, full, strict=True) if keep],
        columns=pd.Index(header),
        dtype=object,
    )
    record = np.flatnonzero(full) + 1
    return one_file(frame, name, digest, record=record, stored_types=True)

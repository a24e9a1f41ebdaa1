"""Cells of a workbook that hold less than they show: errors, formulas, merged, hidden."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.listing import listed
from helpers.study.readers.excel_cells import address
from helpers.study.trials import as_line, missing_keys

__all__ = [
    "Area",
    "Sheet",
    "fill_merged",
    "note_hidden",
    "report_errors",
    "report_formulas",
    "span",
    "tell_hidden_sheet",
    "warn_of_unseen",
]

Area = Sequence[Sequence[int]]  # the first and the last cell, each as row and column from nought
SHOWN = 5
CALCULATE = {
    "": "Open the workbook in Excel or LibreOffice, save it and send it again.",
    ".xls": "Open the workbook in Excel or LibreOffice, save it as .xlsx and send that.",
}


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet from A1 on, and where the names of its columns stand."""

    rows: list[list[Any]]
    top: int  # the row of the names, counted from 1: the first row of data counted from 0
    header: list[str]
    name: str
    table: str

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell is one of the data."""
        return self.top <= row < len(self.rows) and column < len(self.header)

    def cell(self, row: int, column: int) -> Any:  # noqa: ANN401 (any cell)
        """What a cell holds; rows end with their last cell that is not empty."""
        return self.rows[row][column] if column < len(self.rows[row]) else None

    def put(self, row: int, column: int, value: object) -> None:
        """Write a cell."""
        cells = self.rows[row]
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = value


def span(area: Area) -> str:
    """What a merged area is called.

    Examples
    --------
    >>> span(((1, 2), (2, 2)))
    'C2:C3'
    """
    (top, left), (bottom, right) = area
    return f"{address(top, left)}:{address(bottom, right)}"


def report_errors(
    sheet: Sheet, behind: Mapping[str, Any], form: Format, findings: Findings
) -> None:
    """Cells that show an error hold nothing: a fault, or counted where declared missing."""
    places: dict[tuple[int, str], list[int]] = defaultdict(list)
    for row, column, text in behind["errors"]:
        if sheet.holds(row, column):
            places[column, text].append(row)
    ours = {theirs: our for our, theirs in form.columns.items()}
    texts: dict[str, list[str]] = defaultdict(list)
    for column, text in places:
        texts[ours.get(sheet.header[column], sheet.header[column])].append(text)
    declared = as_line(sheet.table, missing_keys(form, texts))
    for (column, text), rows in places.items():
        title = sheet.header[column]
        for row in rows:  # a number may be stored behind what is shown
            sheet.put(row, column, None)
        if text in form.missing_in(title, ours.get(title, title)):
            what = f"{title}: {text} read as missing, as declared"
            findings.note(sheet.table, what, len(rows))
            continue
        findings.error(
            sheet.name,
            f"is an error that {_program(sheet)} shows in {_named(rows, column)}",
            f"Mend the formula, or declare {declared} if there is no value.",
            row=rows[0] - sheet.top + 1,
            column=title,
            found=text,
        )


def _program(sheet: Sheet) -> str:
    return "LibreOffice" if sheet.name.lower().endswith(".ods") else "Excel"


def _named(rows: Sequence[int], column: int) -> str:
    """The first cells, and how many there are.

    Examples
    --------
    >>> _named([2, 3], 5), _named(range(1, 100), 5)
    ('F3, F4', 'F2, F3, F4, F5, F6 and 94 more cells')
    """
    shown = ", ".join(address(row, column) for row in rows[:SHOWN])
    more = len(rows) - SHOWN
    return f"{shown} and {more:,} more cell{'s' if more > 1 else ''}" if more > 0 else shown


def report_formulas(sheet: Sheet, behind: Mapping[str, Any], findings: Findings) -> None:
    """Formulas that no program has calculated have no result, or nought in its place."""
    empty = _by_column(sheet, behind["empty"])
    noughts = _by_column(sheet, behind["noughts"]) if behind["never_calculated"] else {}
    for column, title in enumerate(sheet.header):
        rows = list(empty.get(column, []))
        zero = noughts.get(column, [])
        if len(rows) + len(zero) >= int(behind["formulas"].get(str(column), 0)):
            rows = sorted({*rows, *zero})
        if rows:
            findings.error(
                sheet.name,
                f"holds formulas that were never calculated, in {_named(rows, column)}",
                CALCULATE.get(sheet.name.lower()[-4:], CALCULATE[""]),
                row=rows[0] - sheet.top + 1,
                column=title,
            )


def _by_column(sheet: Sheet, cells: Iterable[Sequence[int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for row, column in cells:
        if sheet.holds(row, column):
            found[column].append(row)
    return found


def fill_merged(sheet: Sheet, areas: Iterable[Area], findings: Findings) -> None:
    """Write a text or a day that is merged down a column into each of its rows.

    An amount is not: it may be meant once for all the rows, or once for each. Rows with
    nothing else in them are the height of a cell, not records.
    """
    full = [any(cell is not None for cell in row) for row in sheet.rows]
    filled: dict[str, list[str]] = defaultdict(list)
    for area in areas:
        (top, left), (bottom, right) = area
        if not sheet.holds(top, left) or sheet.cell(top, left) is None:
            continue
        value = sheet.cell(top, left)
        below = [row for row in range(top + 1, bottom + 1) if sheet.holds(row, left) and full[row]]
        if right > left or (below and isinstance(value, bool | int | float)):
            _report_merged(sheet, area, value, findings)
            continue
        for row in below:
            sheet.put(row, left, value)
        if below:
            filled[sheet.header[left]].append(span(area))
    for title, spans in filled.items():
        shown = listed(spans, SHOWN)
        what = f"{title}: merged cells, the value filled into each row ({shown})"
        findings.note(sheet.table, what, len(spans))


def _report_merged(sheet: Sheet, area: Area, value: object, findings: Findings) -> None:
    (top, left), (_, right) = area
    title = sheet.header[left]
    if right > left:
        what, advice = "across columns", "write in each what it holds, or leave out the row"
    else:
        what, advice = "over several rows", "write in each row its own value"
    findings.error(
        sheet.name,
        f"is in cells merged {what}: {span(area)}",
        f"Unmerge them and {advice}.",
        row=top - sheet.top + 1,
        column=title,
        found=str(value)[:60],
    )


def warn_of_unseen(sheet: Sheet, findings: Findings) -> None:
    """Empty cells of a file in which a cell that shows an error looks empty to a reader."""
    width = len(sheet.header)
    body = [row[:width] for row in sheet.rows[sheet.top :] if any(c is not None for c in row)]
    empty = sum(width - sum(cell is not None for cell in row) for row in body)
    if empty:
        cells = "1 empty cell" if empty == 1 else f"{empty:,} empty cells"
        kind = sheet.name.rsplit(".", 1)[-1].lower()
        problem = f"has {cells}, and in an .{kind} file a cell that shows an error looks empty"
        findings.warn(sheet.name, problem, "If any shows #N/A or the like, save it as .xlsx.")


def tell_hidden_sheet(
    sheet: Sheet, reply: Mapping[str, Any], form: Format, findings: Findings
) -> None:
    """A sheet that nobody sees may be an old one: warned of, unless it was declared."""
    title, sheets, unseen = reply["sheet"], reply["sheets"], reply["unseen"]
    if title not in unseen:
        return
    shown = [other for other in sheets if other not in unseen]
    if form.sheet is not None or not shown:
        rows = sum(any(cell is not None for cell in row) for row in sheet.rows[sheet.top :])
        findings.note(sheet.table, f"rows read from the hidden sheet {title!r}", rows)
        return
    declared = f"`formats: {{{sheet.table}: {{sheet: {json.dumps(title, ensure_ascii=False)}}}}}`"
    others = ", ".join(repr(other) for other in shown[:SHOWN])
    findings.warn(
        sheet.name,
        f"is read from the hidden sheet {title!r}, because of its name; shown are: {others}",
        f"Declare {declared} in client.yml if it is right, or the name of the one that is.",
    )


def note_hidden(sheet: Sheet, behind: Mapping[str, Any], findings: Findings) -> None:
    """Rows and columns that are hidden or filtered out are data like the others, and counted."""
    hidden = [row for row in behind["hidden"] if sheet.holds(row, 0)]
    full = [row for row in hidden if any(cell is not None for cell in sheet.rows[row])]
    findings.note(sheet.table, "hidden or filtered rows read like the others", len(full))
    columns = sorted({place for place in behind["hidden_columns"] if place < len(sheet.header)})
    names = listed((sheet.header[place] for place in columns), SHOWN)
    findings.note(sheet.table, f"hidden columns read like the others: {names}", len(columns))

"""Tables as Excel workbooks and CSV that no spreadsheet runs anything of.

Ids are text in both. A text that a spreadsheet would run as a formula is written so that
none does: in the workbook as a text cell, in CSV with an apostrophe before it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

__all__ = [
    "OPTIONS", "ROWS", "Columns", "cell_text", "harmless", "spreadsheet_text", "styles",
    "write_files", "write_sheet",
]  # fmt: skip

Columns = Mapping[str, tuple[str, str, int]]  # heading, kind, width

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
ROWS, LETTERS = 1_048_576, 32_767  # of a sheet, of a cell
ACROSS = 190  # letters that can be read beside each other on one page of paper
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
CODES = {"date": "yyyy-mm-dd", "money": "#,##0", "number": "0", "count": "0", "share": "0.0%",
         "decimal": "0.00", "place": "0"}  # fmt: skip


def spreadsheet_text(value: object) -> object:
    """The value, with an apostrophe before a text that a spreadsheet would run.

    Examples
    --------
    >>> spreadsheet_text("=1+1"), spreadsheet_text("007"), spreadsheet_text(-0.5)
    ("'=1+1", '007', -0.5)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(RUNS) else value


def harmless(values: pd.Series) -> pd.Series:
    """A column of texts for CSV, each as :func:`spreadsheet_text` has it.

    >>> harmless(pd.Series(["=1+1", "007"])).tolist()
    ["'=1+1", '007']
    """
    return values.astype(object).map(spreadsheet_text, na_action="ignore")


def cell_text(value: object) -> str:
    """A text that a cell can hold: no half letters, and cut where it is too long.

    >>> len(cell_text("a" * 40_000))
    32767
    """
    text = str(value).encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= LETTERS else text[: LETTERS - 1] + "…"


def write_files(
    table: pd.DataFrame, columns: Columns, path: Path, *, title: str, sheet: str, client: str,
    on: pd.Timestamp,
) -> None:  # fmt: skip
    """Write a table as ``<path>.csv`` and ``<path>.xlsx``: the same gives the same bytes.

    No text runs as a formula: the workbook holds it as text, CSV with an apostrophe before it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = table.reindex(columns=list(columns))
    _write_csv(rows, columns, path.with_suffix(".csv"))
    known = {"title": title, "subject": client, "created": on.to_pydatetime()}
    with xlsxwriter.Workbook(
        str(path.with_suffix(".xlsx")), {**OPTIONS, "constant_memory": False}
    ) as book:
        book.set_properties(known)
        write_sheet(book.add_worksheet(sheet), rows.head(ROWS - 1), columns, styles(book))


def _write_csv(rows: pd.DataFrame, columns: Columns, path: Path) -> None:
    safe = rows.copy()
    for name, (_, kind, _) in columns.items():
        if kind == "text":
            safe[name] = harmless(safe[name].astype(object).map(cell_text, na_action="ignore"))
        elif kind == "date":
            safe[name] = pd.to_datetime(safe[name]).dt.strftime("%Y-%m-%d")
        else:
            places = {"count": 0, "share": 4}.get(kind, 2)
            safe[name] = safe[name].astype(float).round(places)
    safe.columns = pd.Index([heading for heading, _, _ in columns.values()])
    safe.to_csv(  # the mark tells Excel that letters have accents
        path, index=False, encoding="utf-8-sig", lineterminator="\n", quoting=csv.QUOTE_MINIMAL
    )


def styles(book: Any) -> dict[str, Any]:  # noqa: ANN401 - xlsxwriter has no types
    """The looks of a workbook's cells, by kind of column, and that of headings."""
    heading = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top",
               "bg_color": "#f0f3f7"}  # fmt: skip
    looks = {kind: {"num_format": code} for kind, code in CODES.items()}
    looks["place"]["align"] = "center"
    return {name: book.add_format(look) for name, look in {"heading": heading, **looks}.items()}


def write_sheet(sheet: Any, rows: pd.DataFrame, columns: Columns, looks: Mapping[str, Any]) -> None:  # noqa: ANN401 - xlsxwriter has no types
    """Write a table on an empty sheet: headings that stay, a filter over all columns, print set up.

    Parameters
    ----------
    looks
        What :func:`styles` made for the workbook.
    """
    for place, (name, (title, kind, width)) in enumerate(columns.items()):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, looks["heading"])
        _write_column(sheet, place, rows[name], kind, looks.get(kind))
    sheet.set_row(0, 45)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.repeat_columns(0, 1)
    across = sum(width for _, _, width in columns.values())
    sheet.fit_to_pages(max(1, round(across / ACROSS)), 0)


def _write_column(sheet: Any, place: int, values: pd.Series, kind: str, style: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
    for row, value in enumerate(values, start=1):
        if value is None or pd.isna(value) or value == "":
            continue
        if kind == "text":
            sheet.write_string(row, place, cell_text(value))
        elif kind == "date":
            sheet.write_datetime(row, place, pd.Timestamp(value).to_pydatetime(), style)
        else:
            sheet.write_number(row, place, float(value), style)

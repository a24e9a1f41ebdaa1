"""The account list and leads as Excel workbooks and as CSV, beside the book's pages."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from helpers.press.invitations import OPTIONS, spreadsheet_text

__all__ = ["Columns", "write_files", "write_list"]

Columns = Mapping[str, tuple[str, str, int]]  # heading, kind, width

LETTERS = 32_767  # of a cell
ROWS = 1_048_575  # of a sheet, below its headings
CODES = {"date": "yyyy-mm-dd", "money": "#,##0", "number": "0", "count": "0", "share": "0.0%"}
COLUMNS: Columns = {
    "account_id": ("Account id", "text", 12),
    "name": ("Account", "text", 32),
    "segment": ("Segment", "text", 18),
    "owner": ("Owner", "text", 20),
    "sponsor": ("Sponsor", "text", 26),
    "contract_end": ("Contract ends", "date", 14),
    "tickets": ("Open tickets", "count", 12),
    "tickets_late": ("Of them late", "count", 12),
    "promises": ("Open promises", "count", 13),
    "loyalty": ("Loyalty", "number", 9),
    "low": ("Loyalty, from", "number", 12),
    "high": ("Loyalty, to", "number", 12),
    "respondents": ("Answers that may be named", "count", 12),
    "singled_out": ("Likely segment of loyalty", "text", 16),
    "revenue": ("Revenue, 12 months", "money", 16),
    "at_risk": ("Revenue at risk", "money", 15),
    "linked": ("Of it linked to the score", "money", 15),
    "cell": ("Treatment", "text", 20),
    "firmness": ("How firm", "text", 10),
    "action": ("Next action", "text", 52),
    "who": ("Person", "text", 26),
    "due": ("By", "date", 12),
    "avoid": ("Do not pitch", "text", 46),
    "conflict": ("What chapters say", "text", 46),
    "settled": ("Settled", "text", 40),
}


def write_list(table: pd.DataFrame, folder: Path, *, client: str, on: pd.Timestamp) -> None:
    """Write ``account_list.csv`` and ``account_list.xlsx``."""
    write_files(table, COLUMNS, folder / "account_list", title="Account list", sheet="Accounts",
                client=client, on=on)  # fmt: skip


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
        _write_sheet(book, book.add_worksheet(sheet), rows.head(ROWS), columns)


def _write_csv(rows: pd.DataFrame, columns: Columns, path: Path) -> None:
    safe = rows.copy()
    for name, (_, kind, _) in columns.items():
        if kind == "text":
            safe[name] = safe[name].astype(object).map(_text, na_action="ignore")
            safe[name] = safe[name].map(spreadsheet_text, na_action="ignore")
        elif kind == "date":
            safe[name] = pd.to_datetime(safe[name]).dt.strftime("%Y-%m-%d")
        else:
            places = {"count": 0, "share": 4}.get(kind, 2)
            safe[name] = safe[name].astype(float).round(places)
    safe.columns = pd.Index([heading for heading, _, _ in columns.values()])
    safe.to_csv(  # the mark tells Excel that letters have accents
        path, index=False, encoding="utf-8-sig", lineterminator="\n", quoting=csv.QUOTE_MINIMAL
    )


def _write_sheet(book: Any, sheet: Any, rows: pd.DataFrame, columns: Columns) -> None:  # noqa: ANN401 - xlsxwriter has no types
    heading = book.add_format(
        {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#f0f3f7"}
    )
    plain = {kind: book.add_format({"num_format": code}) for kind, code in CODES.items()}
    for place, (name, (title, kind, width)) in enumerate(columns.items()):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, heading)
        _write_column(sheet, place, rows[name], kind, plain.get(kind))
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)


def _write_column(sheet: Any, place: int, values: pd.Series, kind: str, style: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
    for row, value in enumerate(values, start=1):
        if value is None or pd.isna(value) or value == "":
            continue
        if kind == "text":
            sheet.write_string(row, place, _text(value))
        elif kind == "date":
            sheet.write_datetime(row, place, pd.Timestamp(value).to_pydatetime(), style)
        else:
            sheet.write_number(row, place, float(value), style)


def _text(value: object) -> str:
    text = str(value).encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= LETTERS else text[: LETTERS - 1] + "…"

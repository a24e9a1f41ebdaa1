"""The invitation list of a planned sample, as CSV and as an Excel workbook."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import xlsxwriter

from helpers.errors import HandbookError
from helpers.press.spreadsheets import OPTIONS, ROWS, cell_text, harmless

__all__ = ["Written", "write_invitations"]

FORMATS = {"share": "0.0%", "ratio": "0.00", "people": "#,##0.##"}


class Planned(Protocol):
    """What is written of a plan."""

    @property
    def table(self) -> pd.DataFrame: ...
    @property
    def excluded(self) -> pd.DataFrame: ...
    @property
    def steps(self) -> pd.DataFrame: ...
    @property
    def strata(self) -> pd.DataFrame: ...


@dataclass(frozen=True, slots=True)
class Written:
    """The files of an invitation list."""

    csv: Path
    workbook: Path
    base: int  # people invited


def write_invitations(
    plan: Planned, folder: Path, *, client: str, on: pd.Timestamp, seed: int
) -> Written:
    """Write ``invitations.csv`` and ``invitations.xlsx`` into a folder, each in one step.

    The workbook's sheets are Invitations, Steps (with the strata below) and Exclusions.
    The same plan gives the same bytes.

    Raises
    ------
    HandbookError
        If a list is longer than a sheet can be.
    """
    longest = max(len(plan.table), len(plan.excluded))
    if longest >= ROWS:
        raise HandbookError(
            f"{longest:,} rows do not fit on a sheet of {ROWS:,}; draw a smaller sample, or "
            "leave out of contacts.csv whom nobody would ask"
        )
    folder.mkdir(parents=True, exist_ok=True)
    written = Written(folder / "invitations.csv", folder / "invitations.xlsx", len(plan.table))
    _write_csv(plan.table, _draft(written.csv))
    _write_workbook(plan, _draft(written.workbook), client, on, seed)
    for path in (written.csv, written.workbook):
        _draft(path).replace(path)
    return written


def _draft(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    safe = table.copy()
    for name in safe.select_dtypes(exclude="number"):
        safe[name] = harmless(safe[name])
    safe.to_csv(
        path, index=False, encoding="utf-8", lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC
    )


def _write_workbook(plan: Planned, path: Path, client: str, on: pd.Timestamp, seed: int) -> None:
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        book.set_properties({"title": "Invitations", "created": on.to_pydatetime()})
        styles = {unit: book.add_format({"num_format": code}) for unit, code in FORMATS.items()}
        styles["heading"] = book.add_format({"bold": True, "bottom": 1})
        _write_sheet(book.add_worksheet("Invitations"), plan.table, styles)
        steps = book.add_worksheet("Steps")
        told = [("client", client), ("invitations go out on", f"{on:%Y-%m-%d}"), ("seed", seed)]
        for row, (name, value) in enumerate(told):
            _write_row(steps, row, (name, value), {})
        after = _write_sheet(steps, plan.steps, styles, top=len(told) + 1)
        _write_sheet(steps, plan.strata, styles, top=after + 1)
        steps.set_column(0, 0, 44)
        steps.set_column(3, 3, 70)
        _write_sheet(book.add_worksheet("Exclusions"), plan.excluded, styles)


def _write_sheet(sheet: Any, table: pd.DataFrame, styles: dict[str, Any], *, top: int = 0) -> int:  # noqa: ANN401 - xlsxwriter has no types
    """Write a table from row ``top`` on; the row after it comes back."""
    for place, name in enumerate(table.columns):
        sheet.write_string(top, place, str(name), styles["heading"])
    if top == 0:
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(table.columns) - 1, 20)
    numbers = {"rate": styles["share"]}
    units = table.get("unit")
    for row, values in enumerate(table.itertuples(index=False), start=top + 1):
        if units is not None:
            numbers["number"] = styles.get(str(units.iloc[row - top - 1]), styles["people"])
        formats = {table.columns.get_loc(name): style for name, style in numbers.items()
                   if name in table}  # fmt: skip
        _write_row(sheet, row, values, formats)
    return top + 1 + len(table)


def _write_row(sheet: Any, row: int, values: Iterable[object], formats: dict[Any, Any]) -> None:  # noqa: ANN401
    for place, value in enumerate(values):
        if isinstance(value, int | float | np.number) and np.isfinite(value):
            sheet.write_number(row, place, float(value), formats.get(place))
        elif isinstance(value, str):
            sheet.write_string(row, place, cell_text(value))

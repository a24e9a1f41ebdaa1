"""Whether the cells of a workbook hold what the tables of the results do, row by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import isclose
from pathlib import Path
from typing import Any

import pandas as pd
from python_calamine import CalamineWorkbook

from helpers.press.exports.checked import Text
from helpers.press.exports.sheets import Results, Sheet
from helpers.press.spreadsheets import cell_text

__all__ = ["words_of", "wrong_cells"]

Row = Mapping[Any, Any]  # cells by column


def wrong_cells(path: Path, sheets: Sequence[Sheet], known: Results) -> list[str]:
    """Every cell of a file that differs from the stored row that bears its texts, a line each."""
    book = CalamineWorkbook.from_path(path)
    found: list[str] = []
    for sheet in sheets:
        chapter, _, table = sheet.of.partition(".")
        read = book.get_sheet_by_name(sheet.name).to_python()
        found += _wrong(
            f"{path.name}, sheet {sheet.name}", sheet, read, known[chapter].tables[table]
        )
    counts = {str(row[0]): row[1] for row in book.get_sheet_by_index(0).to_python()}
    for sheet in sheets:
        if counts.get(sheet.name) != len(sheet.rows):
            found.append(
                f"{path.name}, first sheet: {sheet.name} has {len(sheet.rows)} rows, and "
                f"{counts.get(sheet.name)} are told"
            )
    return found


def words_of(path: Path) -> Iterator[Text]:
    """The texts of the first sheet."""
    first = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    for number, row in enumerate(first.to_python(), start=1):
        yield from (Text(path.name, f"first sheet, row {number}", cell)
                    for cell in row if isinstance(cell, str))  # fmt: skip


def _wrong(
    place: str, sheet: Sheet, read: Sequence[Sequence[object]], stored: pd.DataFrame
) -> Iterator[str]:
    names = list(sheet.columns)
    headings = [heading for heading, _, _ in sheet.columns.values()]
    if (there := [str(cell) for cell in read[0]]) != headings:
        yield f"{place}: the headings are {', '.join(there)}, not {', '.join(headings)}"
        return
    said = [n for n in names if n in stored and sheet.columns[n][1] == "text"
            and not pd.api.types.is_bool_dtype(stored[n])]  # fmt: skip
    told = [n for n in names if n in stored and sheet.columns[n][1] != "text"]
    by_texts: defaultdict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in stored[[*said, *told]].to_dict("records"):
        by_texts[tuple(_text(row[name]) for name in said)].append(row)
    for number, cells in enumerate(read[1:], start=2):
        row = dict(zip(names, cells, strict=True))
        own = by_texts.get(tuple(_text(row[name]) for name in said), [])
        unlike = [[n for n in told if not _same(row[n], one[n])] for one in own]
        for name in min(unlike, key=len, default=said[:1]):
            yield (
                f"{place}, row {number}, {sheet.columns[name][0]}: {row[name]} is not what the "
                "results hold of it"
            )


def _text(cell: object) -> str:
    return "" if cell is None or pd.isna(cell) else cell_text(cell)  # type: ignore[call-overload]


def _same(shown: object, stored: object) -> bool:
    """Whether a cell says what is stored; one that is empty says nothing."""
    if shown == "":
        return True
    if isinstance(shown, date):
        return pd.Timestamp(shown) == pd.Timestamp(str(stored)).normalize()
    return isclose(float(str(shown)), float(str(stored)), rel_tol=1e-12)

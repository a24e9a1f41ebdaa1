"""Every question's tables as an Excel workbook beside the book."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from helpers import results
from helpers.press.spreadsheets import OPTIONS, cell_text
from helpers.study import Study

__all__ = ["add_toplines"]

CHAPTER = "toplines"
ALL, INDEX = "All", "Index"
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")  # in the name of a sheet
LONGEST = 28  # letters of a sheet's name, of 31, with room for a number
WITHHELD = "withheld"
FORMATS = {
    "share": {"num_format": "0.0%"}, "whole": {"num_format": "0%"},
    "mean": {"num_format": "0.00"},
    "count": {"num_format": "#,##0"}, "points": {"num_format": "0.0"},
    "title": {"bold": True, "bg_color": "#f0f3f7"},
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#f0f3f7"},
    "quiet": {"font_color": "#666666"}, "link": {"font_color": "#0b5fff", "underline": 1},
    "plain": {},
}  # fmt: skip
Cell = tuple[object, str]  # a value, and the format that it is written in


@dataclass(frozen=True)
class Column:
    """One column of a sheet: its heading, a second one, its width, and its cells by question."""

    heading: str
    below: str
    width: int
    cells: Mapping[str, Sequence[Cell]]


def add_toplines(book: Path, study: Study, results_dir: Path) -> int:
    """Put ``toplines.xlsx`` into a built book; how many questions it holds comes back.

    Its first sheet links to each question on each sheet: one of all respondents, one for each
    banner. What is withheld on the page is withheld there. Nothing is added where the chapter
    was not run.
    """
    tables = {name: results.table(CHAPTER, name, results_dir) for name in ("toplines", "cells")}
    page = book / "notebooks" / f"{CHAPTER}.html"
    rows, cells = tables["toplines"], tables["cells"]
    if rows is None or cells is None or rows.empty or not page.is_file():
        return 0
    path = book / CHAPTER / f"{CHAPTER}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {**OPTIONS, "constant_memory": False}) as made:
        known = {"title": "Every answer", "subject": study.name,
                 "created": study.as_of.to_pydatetime()}  # fmt: skip
        made.set_properties(known)
        _Writer(made, rows, cells).write()
    return int(rows["question"].nunique())


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Any, rows: pd.DataFrame, cells: pd.DataFrame) -> None:  # noqa: ANN401 - xlsxwriter has no types
        self.book, self.rows, self.cells = book, rows, cells
        self.formats = {name: book.add_format(looks) for name, looks in FORMATS.items()}
        self.blocks = _by_question(rows)

    def write(self) -> None:
        """The index, all respondents, and each banner."""
        index = self.book.add_worksheet(INDEX)
        places = {ALL: self._sheet(ALL, self._all())}
        for title, part in self.cells.groupby("title", sort=False):
            name = _sheet_name(str(title), places)
            places[name] = self._sheet(name, self._banner(part))
        self._index(index, places)

    def _all(self) -> list[Column]:
        kinds = {
            "count": ("Respondents", "count"), "weighted": ("Weighted count", "count"),
            "sample": ("Unweighted", ""),
            "value": ("Weighted", ""), "standard_error": ("Standard error", "error"),
        }  # fmt: skip
        return [
            Column(heading, "in points, of a share" * (kind == "error"), 14,
                   {name: self._of(block, column, kind) for name, block in self.blocks.items()})
            for column, (heading, kind) in kinds.items()
        ]  # fmt: skip

    def _of(self, block: pd.DataFrame, column: str, kind: str) -> list[Cell]:
        """The cells of a column in a question's block, with its two bases over them."""
        first = block.iloc[0]
        bases = {"count": first["base"], "value": first["effective_base"]}
        base = WITHHELD if first["withheld"] else bases.get(column, "")
        told = block[column] * (100 if kind == "error" else 1)
        told = told.where(block["row"] != "mean", block[column])
        looks = [kind if kind == "count" else "mean" if row == "mean" else
                 "points" if kind == "error" else "share" for row in block["row"]]  # fmt: skip
        return [(base, "count"), *zip(told, looks, strict=True)]

    def _banner(self, part: pd.DataFrame) -> list[Column]:
        everybody = {name: self._of(block, "value", "") for name, block in self.blocks.items()}
        for name, block in self.blocks.items():
            everybody[name][0] = (block["base"].max(), "count")
        columns = [Column(ALL, "", 10, everybody)]
        for (heading, letter), own in part.groupby(["heading", "letter"], sort=False):
            blocks = _by_question(own)
            columns += [
                Column(str(heading), str(letter), 12, {n: _values(b) for n, b in blocks.items()}),
                Column("", "", 6, {n: _letters(b) for n, b in blocks.items()}),
            ]
        return columns

    def _sheet(self, name: str, columns: Sequence[Column]) -> dict[str, int]:
        """Write one sheet; the row in which each question begins comes back."""
        sheet, row = self.book.add_worksheet(name), 2
        places: dict[str, int] = {}
        sheet.set_column(0, 0, 44)
        sheet.write_string(0, 0, "Question and answer", self.formats["head"])
        sheet.write_string(1, 0, "", self.formats["quiet"])
        for place, column in enumerate(columns, start=1):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, cell_text(column.heading), self.formats["head"])
            sheet.write_string(1, place, cell_text(column.below), self.formats["quiet"])
        for question, block in self.blocks.items():
            places[question] = row
            said = cell_text(_title(block))
            sheet.write_string(row, 0, said, self.formats["title"])
            labels = [("Base; effective base" if name == ALL else "Base", "quiet"),
                      *((text, "plain") for text in block["name"])]  # fmt: skip
            self._column(sheet, row + 1, 0, labels)
            for place, column in enumerate(columns, start=1):
                self._column(sheet, row + 1, place, column.cells.get(question, ()))
            row += len(block) + 3
        sheet.freeze_panes(2, 1)
        sheet.set_landscape()
        sheet.repeat_rows(0, 1)
        sheet.fit_to_pages(1, 0)
        return places

    def _column(self, sheet: Any, row: int, place: int, cells: Sequence[Cell]) -> None:  # noqa: ANN401 - xlsxwriter has no types
        for at, (value, looks) in enumerate(cells, start=row):
            if isinstance(value, str):
                if value:
                    sheet.write_string(at, place, cell_text(value), self.formats[looks])
            elif (number := float(str(value))) == number:
                sheet.write_number(at, place, number, self.formats[looks])

    def _index(self, sheet: Any, places: Mapping[str, Mapping[str, int]]) -> None:  # noqa: ANN401 - xlsxwriter has no types
        """Every question with a link to its block on each sheet."""
        for place, (heading, width) in enumerate((("Question", 34), ("Asked", 70), ("Base", 10))):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, heading, self.formats["head"])
        for place, name in enumerate(places, start=3):
            sheet.set_column(place, place, 14)
            sheet.write_string(0, place, cell_text(name), self.formats["head"])
        for row, (question, block) in enumerate(self.blocks.items(), start=1):
            first = block.iloc[0]
            base = WITHHELD if first["withheld"] else first["base"]
            self._column(sheet, row, 0, [(str(first["label"]), "plain")])
            self._column(sheet, row, 1, [(str(first["text"]), "plain")])
            self._column(sheet, row, 2, [(base, "count")])
            for place, (name, rows) in enumerate(places.items(), start=3):
                target = f"internal:'{name}'!A{rows[question] + 1}"
                sheet.write_url(row, place, target, self.formats["link"], "table")
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        sheet.autofilter(0, 0, len(self.blocks), 2)


def _by_question(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {str(name): block for name, block in rows.groupby("question", sort=False)}


def _title(block: pd.DataFrame) -> str:
    first = block.iloc[0]
    asked = str(first["text"])
    return (
        f"{first['label']}: {asked}" if asked not in ("", first["label"]) else str(first["label"])
    )


def _values(block: pd.DataFrame) -> list[Cell]:
    """Base and rows of one column; what is withheld says so."""
    base = block["base"].max()
    if pd.isna(base):
        return [(WITHHELD, "quiet")]
    looks = ["mean" if row == "mean" else "whole" for row in block["row"]]
    told = [
        (WITHHELD, "quiet") if away else (value, look)
        for value, look, away in zip(block["value"], looks, block["withheld"], strict=True)
    ]
    return [(base, "count"), *told]


def _letters(block: pd.DataFrame) -> list[Cell]:
    return [("", "plain"), *((marks, "plain") for marks in block["letters"])]


def _sheet_name(title: str, taken: Mapping[str, object]) -> str:
    """A name that a sheet may have: no mark of a formula, not too long, given once."""
    name = FORBIDDEN.sub(" ", cell_text(title)).strip()[:LONGEST] or "Banner"
    used = {one.casefold() for one in (*taken, INDEX, "history")}
    others = (f"{name} {number}" for number in range(2, len(used) + 3))
    return next(one for one in (name, *others) if one.casefold() not in used)

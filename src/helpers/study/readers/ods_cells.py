"""What the XML of an OpenDocument sheet says of its cells that no value shows.

Runs in the confined process: it imports nothing of the handbook.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any
from xml.parsers import expat

__all__ = ["read"]

PIECE = 1 << 20
MOST_BYTES = 1_000_000_000  # of the sheets, once unpacked
MOST_ROWS, MOST_COLUMNS = 1 << 20, 1 << 14
MOST_ERRORS = 1_000_000
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
ERROR = re.compile(r"Err:\d+|#(?:N/A|NV|[^\W\d_]+(?:/0)?[!?])")
Area = tuple[tuple[int, int], tuple[int, int]]  # the first and the last cell
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")


def read(path: Path, folder: Path, sheet: str) -> dict[str, Any]:
    """Errors, formulas without a result, merged cells, what is hidden; counted from nought."""
    del folder
    look = _Look(sheet)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = look.start
    parser.EndElementHandler = look.end
    parser.CharacterDataHandler = look.text
    parser.EntityDeclHandler = _refuse
    size = 0
    with zipfile.ZipFile(path) as package, package.open("content.xml") as stream:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > MOST_BYTES:
                raise ValueError("its sheets unpack to more than a table may have")
            parser.Parse(piece)
        parser.Parse(b"", True)
    return look.found()


def _refuse(*declared: object) -> None:
    """An entity may stand for more text than any memory holds; no sheet needs one."""
    raise ValueError("its XML declares entities")


def _repeated(attributes: dict[str, str], what: str, most: int) -> int:
    given = attributes.get(f"{TABLE}number-{what}-repeated", "1")
    return min(int(given), most) if given.isdecimal() else 1


def _spanned(attributes: dict[str, str], what: str) -> int:
    given = attributes.get(f"{TABLE}number-{what}-spanned", "1")
    return max(int(given), 1) if given.isdecimal() and len(given) < 8 else 1


class _Look:
    """Goes through the elements of one sheet."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.depth = 0  # of tables, from the sheet on
        self.row = self.column = 0
        self.rows = self.columns = 1  # that the present row and cell stand for
        self.cell: dict[str, str] | None = None
        self.notes = 0  # open comments on the cell
        self.words: list[str] = []
        self.errors: list[tuple[int, int, str]] = []
        self.empty: list[tuple[int, int]] = []
        self.formulas: Counter[int] = Counter()
        self.merged: list[Area] = []
        self.hidden: list[int] = []
        self.hidden_columns: list[int] = []
        self.currencies: dict[int, set[str]] = {}
        self.declared_columns = 0

    def found(self) -> dict[str, Any]:
        return {
            "errors": self.errors,
            "empty": self.empty,
            "noughts": [],
            "never_calculated": False,
            "formulas": dict(self.formulas),
            "merged": self.merged,
            "hidden": self.hidden,
            "hidden_columns": self.hidden_columns,
            "currencies": {place: sorted(codes) for place, codes in self.currencies.items()},
        }

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == f"{TABLE}table":
            if self.depth or attributes.get(f"{TABLE}name") == self.sheet:
                self.depth += 1
        elif self.depth != 1:
            return
        elif tag in CELLS:
            self.cell, self.words = attributes, []
            self.columns = _repeated(attributes, "columns", MOST_COLUMNS)
        elif tag == f"{OFFICE}annotation":
            self.notes += 1
        elif tag == f"{TABLE}table-row":
            self._start_row(attributes)
        elif tag == f"{TABLE}table-column":
            self._column(attributes)

    def end(self, tag: str) -> None:
        if tag == f"{TABLE}table" and self.depth:
            self.depth -= 1
        elif self.depth != 1:
            return
        elif tag in CELLS and self.cell is not None:
            self._look_at(self.cell, "".join(self.words).strip())
            self.cell, self.column = None, self.column + self.columns
        elif tag == f"{OFFICE}annotation":
            self.notes -= 1
        elif tag == f"{TABLE}table-row":
            self.row += self.rows

    def text(self, text: str) -> None:
        if self.cell is not None and not self.notes:
            self.words.append(text)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self.column = 0
        self.rows = _repeated(attributes, "rows", MOST_ROWS)
        if attributes.get(f"{TABLE}visibility") in ("collapse", "filter"):
            self.hidden.extend(range(self.row, min(self.row + self.rows, MOST_ROWS)))

    def _column(self, attributes: dict[str, str]) -> None:
        many = _repeated(attributes, "columns", MOST_COLUMNS)
        here, self.declared_columns = self.declared_columns, self.declared_columns + many
        if attributes.get(f"{TABLE}visibility") in ("collapse", "filter"):
            self.hidden_columns.extend(range(here, min(here + many, MOST_COLUMNS)))

    def _note_merged(self, cell: dict[str, str]) -> None:
        high, wide = (_spanned(cell, what) for what in ("rows", "columns"))
        if high * wide > 1:
            last = min(self.row + high, MOST_ROWS) - 1, min(self.column + wide, MOST_COLUMNS) - 1
            self.merged.append(((self.row, self.column), last))

    def _look_at(self, cell: dict[str, str], text: str) -> None:
        self._note_merged(cell)
        formula = f"{TABLE}formula" in cell
        kind = cell.get(f"{OFFICE}value-type")
        if kind == "currency" and self.column < MOST_COLUMNS:
            code = cell.get(f"{OFFICE}currency", "")
            self.currencies.setdefault(self.column, set()).add(code)
        if kind == "percentage" and self.column < MOST_COLUMNS:
            self.currencies.setdefault(self.column, set()).add("%")
        if formula:
            self.formulas[self.column] += self.rows * self.columns
        error = any(key.endswith(" value-type") and cell[key] == "error" for key in cell)
        if error or (formula and ERROR.fullmatch(text)):
            self._everywhere(self.errors, text or "#N/A")
        elif formula and kind is None and not text:
            self._everywhere(self.empty)

    def _everywhere(self, places: list[Any], *more: str) -> None:
        """Add the cell, and those for which it stands."""
        if len(places) + self.rows * self.columns > MOST_ERRORS:
            raise ValueError("it shows errors in more than a million cells")
        for row in range(self.row, self.row + self.rows):
            for column in range(self.column, self.column + self.columns):
                places.append((row, column, *more))

"""How a file is written: its encoding, delimiter, header row and sheet, seen in its first part."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.study.drafting.guess import Guess
from helpers.study.readers import confined
from helpers.study.readers.titles import likely_header, numbered_records
from helpers.study.readers.two_row_headers import are_two_rows

__all__ = ["Written", "how_written"]

LOOKED_AT = 1 << 20  # characters of a text file
PIECE = 1 << 20
RECORDS = 50
MOST_SHEETS = 12
MARKS = (",", ";", "\t", "|")
SPOKEN = {",": ",", ";": ";", "\t": "\\t", "|": "|"}
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Written:
    """What has to be declared to read a file, and its first records as texts."""

    declared: dict[str, Guess] = field(default_factory=dict)  # keys of `formats`
    head: list[list[str]] = field(default_factory=list)  # from the header row on
    seen: dict[str, str] = field(default_factory=dict)  # facts to show: encoding, sheets, …


def how_written(path: Path) -> Written:
    """Look at a file's first part; nothing is read that the handbook's readers would not."""
    name = path.name.lower()
    if name.endswith((".xlsx", ".xls")):
        return _workbook(path)
    if name.endswith((".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt")):
        return _text(path)
    return Written()


def _text(path: Path) -> Written:
    start = _start(path)
    encoding = _encoding(path, start)
    text = start.decode(encoding.value, errors="replace").removeprefix("\ufeff")[:LOOKED_AT]
    declared = {} if encoding.value == "utf-8" else {"encoding": encoding}
    usual = "\t" if path.name.lower().endswith((".tsv", ".tsv.gz")) else ","
    mark = _delimiter(text, usual)
    if mark != usual:
        why = f"the cells of every record are divided by {SPOKEN[mark]}"
        declared["delimiter"] = Guess(SPOKEN[mark], True, why)
    seen = {"encoding": encoding.value, "delimiter": SPOKEN[mark]}
    return _headed(numbered_records(text, mark), declared, seen)


def _start(path: Path) -> bytes:
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    with opened(path, "rb") as stream:
        return bytes(stream.read(LOOKED_AT))


def _encoding(path: Path, start: bytes) -> Guess:
    if start.startswith(UTF_16):
        return Guess("utf-16", True, "the file begins with its mark")
    if len(start) > 1 and start[1::2].count(0) * 2 > len(start[1::2]):
        return Guess("utf-16-le", False, "every second byte is nought")
    decoder = codecs.getincrementaldecoder("utf-8")()
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    try:
        with opened(path, "rb") as stream:
            while piece := stream.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as fault:
        byte = fault.object[fault.start]
        return Guess("cp1252", False, f"the byte 0x{byte:02x} is not UTF-8: look at the accents")
    return Guess("utf-8", True, "every byte fits")


def _delimiter(text: str, usual: str) -> str:
    """The mark that divides most records into the same number of cells, two or more."""
    scores = {}
    for mark in MARKS:
        try:
            records = list(csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=mark))
        except csv.Error:
            continue
        widths = Counter(len(cells) for cells in records[:RECORDS] if cells)
        width, often = widths.most_common(1)[0] if widths else (1, 0)
        if records and len(records[0]) == 1 and any(m in records[0][0] for m in MARKS):
            continue  # another mark divides the header: this one is inside numbers
        scores[mark] = often / max(sum(widths.values()), 1) if width > 1 else 0.0
        scores[mark] += min(width, 500) / 10_000  # of equals the one with more cells
    best = max(scores, key=lambda mark: scores[mark], default=usual)
    return usual if scores.get(usual, 0) >= 0.9 or scores.get(best, 0) < 0.5 else best


def _workbook(path: Path) -> Written:
    """The sheets of a workbook, and the first rows of the one that holds most."""
    names, tables = _sheets(path)
    if not tables:
        return Written(seen={"sheets": ", ".join(names)})
    declared: dict[str, Guess] = {}
    sheet = max(tables, key=lambda name: sum(map(len, tables[name])))
    if len(names) > 1:
        filled = [name for name, rows in tables.items() if _width(rows) > 1 and len(rows) > 1]
        why = f"the largest of {len(names)} sheets: {', '.join(names)}"
        declared["sheet"] = Guess(sheet, len(filled) == 1, why)
    rows = [[_as_text(cell) for cell in row] for row in tables[sheet]]
    width = max((len(row) for row in rows), default=0)
    padded = [row + [""] * (width - len(row)) for row in rows[:RECORDS]]
    full = [(i, row) for i, row in enumerate(padded, start=1) if any(row)]
    seen = {"sheets": ", ".join(f"{n} ({len(tables[n]):,} rows)" for n in tables)}
    return _headed(full, declared, seen)


def _sheets(path: Path) -> tuple[list[str], dict[str, list[list[Any]]]]:
    """Every sheet's rows, as read in a process of its own; none where it cannot be read."""
    names, first = _sheet(path, None)
    if first is not None:
        return names, {names[0]: first}
    read = {name: _sheet(path, name)[1] for name in names[:MOST_SHEETS]}
    return names, {name: rows for name, rows in read.items() if rows}


def _sheet(path: Path, sheet: str | None) -> tuple[list[str], list[list[Any]] | None]:
    try:
        with confined.reading("excel_cells", path, sheet=sheet, table="") as answer:
            reply = answer.reply
    except confined.Unreadable:
        return [], None  # the reader says why
    return reply["sheets"], reply["rows"] if reply["sheet"] is not None else None


def _headed(
    records: list[tuple[int, list[str]]], declared: dict[str, Guess], seen: dict[str, str]
) -> Written:
    """Where the header stands among the first records, and in how many rows."""
    row = likely_header(records) or 1
    two = are_two_rows([cells for _, cells in records])
    if two:
        declared["header_rows"] = Guess("2", True, "questions stand above their parts")
    elif row > 1:
        declared["header_row"] = Guess(str(row), True, "a title stands above the names")
    top = 1 if two else row
    said = f"{top} and {top + 1}" if two else str(top)
    head = [cells for number, cells in records if number >= top]
    return Written(declared, head[:RECORDS], {**seen, "header row": said})


def _width(rows: list[list[Any]]) -> int:
    return max((sum(cell is not None for cell in row) for row in rows), default=0)


def _as_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()

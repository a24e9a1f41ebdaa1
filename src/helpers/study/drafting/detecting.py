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

from python_calamine import CalamineWorkbook

from helpers.study.drafting.guess import Guess
from helpers.study.readers.titles import likely_header, numbered_records

__all__ = ["Written", "how_written"]

LOOKED_AT = 1 << 20  # characters of a text file
PIECE = 1 << 20
RECORDS = 50
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
    records = numbered_records(text, mark)
    row = likely_header(records) or 1
    if row > 1:
        why = "the rows above have a title, not the names of columns"
        declared["header_row"] = Guess(str(row), True, why)
    head = [cells for number, cells in records if number >= row]
    seen = {"encoding": encoding.value, "delimiter": SPOKEN[mark], "header row": str(row)}
    return Written(declared, head[:RECORDS], seen)


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
        scores[mark] = often / max(sum(widths.values()), 1) if width > 1 else 0.0
        scores[mark] += min(width, 500) / 10_000  # of equals the one with more cells
    best = max(scores, key=lambda mark: scores[mark], default=usual)
    return usual if scores.get(usual, 0) >= 0.9 or scores.get(best, 0) < 0.5 else best


def _workbook(path: Path) -> Written:
    workbook = CalamineWorkbook.from_path(str(path))
    names = workbook.sheet_names
    tables = {name: workbook.get_sheet_by_name(name).to_python(nrows=RECORDS) for name in names}
    sizes = {name: workbook.get_sheet_by_name(name).total_height for name in names}
    declared: dict[str, Guess] = {}
    sheet = max(names, key=lambda name: sizes[name] * _width(tables[name]))
    if len(names) > 1:
        filled = [name for name in names if _width(tables[name]) > 1 and sizes[name] > 1]
        why = f"the largest of {len(names)} sheets: {', '.join(names)}"
        declared["sheet"] = Guess(sheet, len(filled) == 1, why)
    rows = [(i, [_as_text(cell) for cell in row]) for i, row in enumerate(tables[sheet], start=1)]
    width = max((len(row) for _, row in rows), default=0)
    full = [(i, row + [""] * (width - len(row))) for i, row in rows if any(row)]
    top = likely_header(full) or 1
    if top > 1:
        declared["header_row"] = Guess(str(top), True, "the rows above have a title")
    head = [row for i, row in full if i >= top]
    seen = {"sheets": ", ".join(f"{n} ({sizes[n]:,} rows)" for n in names), "header row": str(top)}
    return Written(declared, head, seen)


def _width(rows: list[list[Any]]) -> int:
    return max((sum(cell != "" for cell in row) for row in rows), default=0)


def _as_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()

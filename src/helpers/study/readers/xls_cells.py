"""What the records of an old workbook (``.xls``) say of cells that no value shows.

Runs in the confined process: it imports nothing of the handbook. The file is a compound file
[MS-CFB], its stream of records that of Excel 97 to 2003 [MS-XLS].
"""

from __future__ import annotations

import struct
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["read"]

SHEET, BEGIN, END, ROW, COLUMNS, ERROR, FORMULA, RECALCULATED = (
    0x85, 0x809, 0x0A, 0x208, 0x7D, 0x205, 0x06, 0x1C1,
)  # fmt: skip
NUMBER, SHORT_NUMBER, SHORT_NUMBERS, FORMAT, STYLE = 0x203, 0x27E, 0xBD, 0x41E, 0xE0
EXCEL_97 = 0x600
MOST_SECTORS = 4_000_000
LAST = 0xFFFFFFFA  # sector numbers from here on are signs: no more, free, or the table itself
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!",
          42: "#N/A"}  # fmt: skip


def read(path: Path, folder: Path, sheet: str) -> dict[str, Any]:
    """Errors, formulas, hidden rows and columns; counted from nought."""
    del folder
    data = _stream(path.read_bytes())
    start, by_excel = _place(data, sheet)
    codes = _codes(data)
    found: dict[str, Any] = {
        "errors": [], "empty": [], "noughts": [], "never_calculated": not by_excel,
        "formulas": Counter(), "hidden": [], "hidden_columns": [], "formats": defaultdict(set),
    }  # fmt: skip
    depth = 0
    for kind, held in _records(data, start):
        depth += (kind == BEGIN) - (kind == END)
        if depth == 0:
            break
        if depth == 1:  # not in a chart on the sheet
            _look_at(kind, held, found)
            for column, style in _styles(kind, held):
                if style in codes:
                    found["formats"][column].add(codes[style])
    found["formats"] = {column: sorted(shown) for column, shown in found["formats"].items()}
    return found


def _styles(kind: int, held: bytes) -> list[tuple[int, int]]:
    """Column and style of the numbers in a record."""
    if kind in (NUMBER, SHORT_NUMBER, FORMULA):
        return [struct.unpack_from("<HH", held, 2)]
    if kind == SHORT_NUMBERS:
        first = int.from_bytes(held[2:4], "little")
        places = range(4, len(held) - 2, 6)
        return [(first + n, int.from_bytes(held[at : at + 2], "little"))
                for n, at in enumerate(places)]  # fmt: skip
    return []


def _codes(data: bytes) -> dict[int, str]:
    """The format of numbers of each style of cells that has one of its own."""
    formats, styles = {}, []
    for kind, held in _records(data, 0):
        if kind == FORMAT:
            size, wide = int.from_bytes(held[2:4], "little"), held[4] & 1
            text = held[5 : 5 + size * (2 if wide else 1)]
            code = text.decode("utf-16-le" if wide else "latin-1")
            formats[int.from_bytes(held[:2], "little")] = code
        elif kind == STYLE:
            styles.append(int.from_bytes(held[2:4], "little"))
        elif kind == END:
            break
    return {place: formats[key] for place, key in enumerate(styles) if key in formats}


def _look_at(kind: int, held: bytes, found: dict[str, Any]) -> None:
    if kind == ROW and held[12] & 0x20:
        found["hidden"].append(int.from_bytes(held[:2], "little"))
    elif kind == COLUMNS and held[8] & 1:
        first, last = struct.unpack("<HH", held[:4])
        found["hidden_columns"].extend(range(first, min(last, 255) + 1))
    elif kind == ERROR and held[7]:
        row, column = struct.unpack("<HH", held[:4])
        found["errors"].append((row, column, ERRORS.get(held[6], "#N/A")))
    elif kind == FORMULA:
        row, column = struct.unpack("<HH", held[:4])
        found["formulas"][column] += 1
        if held[12:14] == b"\xff\xff":  # the result is no number
            if held[6] == 2:
                found["errors"].append((row, column, ERRORS.get(held[8], "#N/A")))
            elif held[6] == 3:  # an empty text: what writers leave that calculate nothing
                found["noughts"].append((row, column))
        elif held[6:14] == bytes(8):
            found["noughts"].append((row, column))


def _records(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        yield kind, data[at + 4 : at + 4 + size]
        at += 4 + size


def _place(data: bytes, title: str) -> tuple[int, bool]:
    """Where the records of a sheet begin, and whether Excel has calculated the workbook."""
    kind, held = next(_records(data, 0), (0, b""))
    if kind != BEGIN or int.from_bytes(held[:2], "little") != EXCEL_97:
        raise ValueError("it was written before Excel 97")
    place, by_excel = None, False
    for kind, held in _records(data, 0):
        if kind == SHEET and _name(held[6:]) == title:
            place = int.from_bytes(held[:4], "little")
        by_excel |= kind == RECALCULATED
        if kind == END:
            break
    if place is None:
        raise ValueError("its sheet is not found")
    return place, by_excel


def _name(held: bytes) -> str:
    size, wide = held[0], held[1] & 1
    return (
        held[2 : 2 + 2 * size].decode("utf-16-le") if wide else held[2 : 2 + size].decode("cp1252")
    )


def _stream(data: bytes) -> bytes:
    """The stream of the workbook in a compound file."""
    shift, small_shift = struct.unpack_from("<HH", data, 0x1E)
    first_folder, _, cutoff, first_small = struct.unpack_from("<4I", data, 0x30)
    size = 1 << shift
    table = _table(data, size)
    folder = _chain(data, table, first_folder, size, size)
    entries = [folder[at : at + 128] for at in range(0, len(folder) - 127, 128)]
    named = {entry[: max(entry[64] - 2, 0)].decode("utf-16-le"): entry for entry in entries}
    entry = named.get("Workbook") or named.get("Book")
    if entry is None:
        raise ValueError("it holds no workbook")
    start, length = struct.unpack_from("<II", entry, 116)
    if length >= cutoff:
        return _chain(data, table, start, size, size)[:length]
    root = _chain(data, table, int.from_bytes(entries[0][116:120], "little"), size, size)
    small = _numbers(_chain(data, table, first_small, size, size))
    return _chain(root, small, start, 1 << small_shift, 0)[:length]


def _table(data: bytes, size: int) -> list[int]:
    """Which sector follows each."""
    sectors = list(struct.unpack_from("<109I", data, 0x4C))
    following = int.from_bytes(data[0x44:0x48], "little")
    while following < LAST and len(sectors) < MOST_SECTORS:
        more = _numbers(data[(following + 1) * size : (following + 2) * size])
        if not more:
            break
        sectors, following = sectors + more[:-1], more[-1]
    parts = [data[(at + 1) * size : (at + 2) * size] for at in sectors if at < LAST]
    return _numbers(b"".join(parts))


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def _chain(data: bytes, table: list[int], at: int, size: int, offset: int) -> bytes:
    """The sectors that follow one another from one on."""
    parts: list[bytes] = []
    while at < LAST:
        if at >= len(table) or len(parts) > len(table):
            raise ValueError("its sectors do not follow one another")
        parts.append(data[offset + at * size : offset + (at + 1) * size])
        at = table[at]
    return b"".join(parts)

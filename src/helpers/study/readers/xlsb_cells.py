"""What the records of a binary workbook (``.xlsb``) say of cells that no value shows.

Runs in the confined process: it imports nothing of the handbook. The records are those of
[MS-XLSB]: a number and a length, each in seven bits a byte, then the content.
"""

from __future__ import annotations

import struct
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

__all__ = ["read"]

ROW, ERROR, FORMULAS, NUMBER, FORMULA_ERROR = 0, 3, (8, 9, 10, 11), 9, 11
COLUMNS, SHEET, CALCULATION, MERGED = 60, 156, 157, 176
NUMBERS, FORMAT, STYLE, BEGIN_STYLES, END_STYLES = (2, 5, 9), 44, 47, 617, 618
MOST_ROWS, MOST_COLUMNS = 1 << 20, 1 << 14
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!",
          42: "#N/A", 43: "#GETTING_DATA"}  # fmt: skip


def read(path: Path, folder: Path, sheet: str) -> dict[str, Any]:
    """Errors, formulas, merged cells, hidden rows and columns; counted from nought."""
    del folder
    with zipfile.ZipFile(path) as package:
        part, calculated = _part(package, sheet)
        data = package.read(part)
        codes = _codes(package)
    found: dict[str, Any] = {
        "errors": [], "empty": [], "noughts": [], "never_calculated": not calculated,
        "formulas": Counter(), "hidden": [], "hidden_columns": [], "formats": defaultdict(set),
        "merged": [],
    }  # fmt: skip
    row = 0
    for kind, held in _records(data):
        if kind == ROW:
            row = int.from_bytes(held[:4], "little")
            if held[11] & 0x10 and row < MOST_ROWS:
                found["hidden"].append(row)
        elif kind == COLUMNS and held[16] & 1:
            first, last = struct.unpack("<II", held[:8])
            found["hidden_columns"].extend(range(first, min(last + 1, MOST_COLUMNS)))
        elif kind == MERGED:
            top, bottom, left, right = struct.unpack("<IIII", held[:16])
            found["merged"].append(((top, left), (bottom, right)))
        elif kind == ERROR or kind in FORMULAS:
            _look_at(row, kind, held, found)
        if kind in NUMBERS and (code := codes.get(int.from_bytes(held[4:7], "little"))):
            found["formats"][int.from_bytes(held[:4], "little")].add(code)
    found["formats"] = {column: sorted(shown) for column, shown in found["formats"].items()}
    return found


def _codes(package: zipfile.ZipFile) -> dict[int, str]:
    """The format of numbers of each style of cells that has one of its own."""
    if "xl/styles.bin" not in package.namelist():
        return {}
    formats, styles, inside = {}, [], False
    for kind, held in _records(package.read("xl/styles.bin")):
        if kind == FORMAT:
            formats[int.from_bytes(held[:2], "little")] = _text(held, 2)[0]
        elif kind in (BEGIN_STYLES, END_STYLES):
            inside = kind == BEGIN_STYLES
        elif kind == STYLE and inside:
            styles.append(int.from_bytes(held[2:4], "little"))
    return {place: formats[key] for place, key in enumerate(styles) if key in formats}


def _look_at(row: int, kind: int, held: bytes, found: dict[str, Any]) -> None:
    column = int.from_bytes(held[:4], "little")
    if kind in FORMULAS:
        found["formulas"][column] += 1
    if kind in (ERROR, FORMULA_ERROR):
        found["errors"].append((row, column, ERRORS.get(held[8], "#N/A")))
    elif kind == NUMBER and struct.unpack("<d", held[8:16])[0] == 0:
        found["noughts"].append((row, column))


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        kind, at = _number(data, at, 2)
        size, at = _number(data, at, 4)
        if at + size > len(data):
            raise ValueError("its sheet ends inside a record")
        yield kind, data[at : at + size]
        at += size


def _number(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number in seven bits a byte, and where it ends; a record's own keeps its eighth bit."""
    value = 0
    for place in range(most):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            break
    return value, at


def _part(package: zipfile.ZipFile, title: str) -> tuple[str, bool]:
    """The file that holds a sheet, and whether the results of formulas are calculated."""
    links = ElementTree.fromstring(package.read("xl/_rels/workbook.bin.rels"))
    targets = {link.get("Id"): str(link.get("Target")) for link in links}
    part, calculated = None, True
    for kind, held in _records(package.read("xl/workbook.bin")):
        if kind == SHEET:
            link, at = _text(held, 8)
            if _text(held, at)[0] == title:
                part = targets[link]
        elif kind == CALCULATION and len(held) >= 26:
            calculated = not held[24] & 1
    if part is None:
        raise ValueError("its sheet is not found")
    return (part.lstrip("/") if part.startswith("/") else f"xl/{part}"), calculated


def _text(held: bytes, at: int) -> tuple[str, int]:
    size = int.from_bytes(held[at : at + 4], "little")
    end = at + 4 + 2 * size
    return held[at + 4 : end].decode("utf-16-le"), end

"""The cells of a workbook, and what its XML says of them that no cell shows.

Runs in the confined process: it imports nothing of the handbook.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook, SheetMetadata, SheetVisibleEnum

__all__ = ["MOST_CELLS", "address", "currency_sign", "fits", "read"]

MOST_CELLS = 8_000_000  # from A1 to the last one: what they take as Python's own values
MOST_BYTES = 1_000_000_000  # of a workbook, once unpacked
PIECE = 1 << 20
LONGEST_ROW = 1 << 26
MOST_COLUMNS = 1 << 14
TAG = rb"<(?:\w+:)?"
CELL = re.compile(
    TAG + rb"(?:row\b(?P<row>[^>]*)>|c\b(?P<cell>[^>]*?)(?:/>|>(?P<held>.*?)</(?:\w+:)?c>))", re.S
)
ROW_END = re.compile(rb"</(?:\w+:)?row>")
FORMULA = re.compile(TAG + rb"f[\s/>]")
VALUE = re.compile(TAG + rb"v(?:\s[^>]*)?>([^<]*)<")
SIGNS = (b't="e"', b"t='e'", b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/", b"hidden=")
ROW_PLACE = re.compile(rb'row r="(\d+)"')
COLUMN = re.compile(rb' r="([A-Z]+)')
PLACE = re.compile(rb"""\br=["']([A-Z]*)(\d+)["']""")
KIND = re.compile(rb"""\bt=["'](\w+)["']""")
STYLED = re.compile(  # a cell with a style: column, style, kind
    rb"""<c r="([A-Z]+)\d+" s="(\d+)"(?: t="(\w+)")?>"""
)
COLUMNS = re.compile(TAG + rb"col\b([^>]*)>")
ENDS = re.compile(rb"""\b(min|max)=["'](\d+)["']""")
BRACKET = re.compile(r"\[\$([^\]-]*)(?:-\w+)?\]")
SIGN = re.compile(r"[$€£¥₹₽₩]|\b(?:USD|EUR|GBP|CHF|JPY|CNY|CAD|AUD|SEK|NOK|DKK|PLN|CZK|INR|BRL)\b")
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')  # what a format shows as it stands
PERCENTS: Mapping[str | None, str] = {"9": "0%", "10": "0.00%"}  # that no workbook writes down
HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")


@dataclass
class Behind:
    """What stands in the XML of a sheet; rows and columns count from nought."""

    errors: list[tuple[int, int, str]] = field(default_factory=list)
    formulas: dict[int, int] = field(default_factory=dict)  # column: how many
    empty: list[tuple[int, int]] = field(default_factory=list)  # formulas without a result
    noughts: list[tuple[int, int]] = field(default_factory=list)  # formulas whose result is 0
    hidden: list[int] = field(default_factory=list)  # rows
    hidden_columns: list[int] = field(default_factory=list)
    currencies: dict[int, list[str]] = field(default_factory=dict)  # column: signs of its numbers
    seen: bool = False  # whether there was XML to look at
    last: tuple[int, int] = (0, 0)
    never_calculated: bool = False  # the results await a program that calculates them


def read(path: Path, folder: Path, sheet: str | None, table: str) -> dict[str, Any]:
    """The names of the sheets, and the cells of the one to read where it is plain which."""
    del folder
    _check_size(path)
    workbook = CalamineWorkbook.from_path(str(path))
    title = _chosen(workbook.sheet_names, sheet, table)
    if title is None:
        return {"sheets": workbook.sheet_names, "sheet": None}
    kind = _kind(path)
    behind = _behind(path, title)
    if not fits(*behind.last):
        raise ValueError(f"its cells reach to {address(*behind.last)}, more than a table may have")
    found = workbook.get_sheet_by_name(title)
    rows = found.to_python(skip_empty_area=False)
    return {
        "sheets": workbook.sheet_names,
        "sheet": title,
        "kind": kind,
        "unseen": [found.name for found in workbook.sheets_metadata if not _is_seen(found)],
        "rows": [[c if type(c) is float else _plain(c) for c in row] for row in rows],
        "merged": found.merged_cell_ranges or [],
        "behind": asdict(behind),
    }


def address(row: int, column: int) -> str:
    """What a cell is called, row and column counted from nought.

    Examples
    --------
    >>> address(2, 5), address(1048575, 16383)
    ('F3', 'XFD1048576')
    """
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _check_size(path: Path) -> None:
    """A workbook of a few bytes can unpack to more than any memory holds."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as package:
        size = sum(part.file_size for part in package.infolist())
    if size > MOST_BYTES:
        raise ValueError(f"it unpacks to {size / 1e9:,.1f} GB, more than a table may have")


def _kind(path: Path) -> str:
    """What the file is, whatever its name ends in."""
    if not zipfile.is_zipfile(path):
        return "xls"
    with zipfile.ZipFile(path) as package:
        names = set(package.namelist())
    return "xlsb" if "xl/workbook.bin" in names else "ods" if "content.xml" in names else "xlsx"


def _is_seen(sheet: SheetMetadata) -> bool:
    return sheet.visible == SheetVisibleEnum.Visible


def _chosen(sheets: list[str], declared: str | None, table: str) -> str | None:
    if declared is not None:
        return declared if declared in sheets else None
    if len(sheets) == 1:
        return sheets[0]
    return table if table in sheets else None


def _plain(cell: Any) -> object:  # noqa: ANN401 (any cell)
    """A cell as JSON can hold it; what is no text, number or truth value says its kind."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return [type(cell).__name__, cell.isoformat()]
    if isinstance(cell, dt.timedelta):
        return ["timedelta", cell.total_seconds()]
    return cell


def _behind(path: Path, title: str) -> Behind:
    """What the XML of a sheet says; nothing where the workbook is of another kind."""
    behind = Behind()
    if not zipfile.is_zipfile(path):
        return behind
    with zipfile.ZipFile(path) as package:
        part = _part(package, title)
        if part is None:
            return behind
        book = package.read("xl/workbook.xml")
        behind.never_calculated = bool(re.search(rb'fullCalcOnLoad=["\'](1|true)', book))
        behind.seen = True
        with package.open(part) as stream:
            start = stream.read(PIECE)
        behind.hidden_columns = _hidden_columns(start)
        behind.currencies = _currencies(start, package)
        with package.open(part) as stream:
            for row, column, attributes, held in _cells(stream, behind):
                _look_at(row, column, attributes, held, behind)
    return behind


def _part(package: zipfile.ZipFile, title: str) -> str | None:
    """The file that holds a sheet."""
    names = set(package.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))
    links = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): str(link.get("Target")) for link in links}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet") and sheet.get("name") == title:
            ids = [value for key, value in sheet.attrib.items() if key.endswith("}id")]
            target = targets.get(ids[0], "") if ids else ""
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return part if part in names else None
    return None


def _hidden_columns(start: bytes) -> list[int]:
    """The columns that are not shown, which a sheet names before its cells."""
    hidden: list[int] = []
    for found in COLUMNS.finditer(start.partition(b"sheetData")[0]):
        ends = dict(ENDS.findall(found[1]))
        if HIDDEN.search(found[1]) and {b"min", b"max"} <= set(ends):
            hidden.extend(range(int(ends[b"min"]) - 1, min(int(ends[b"max"]), MOST_COLUMNS)))
    return hidden


def _currencies(start: bytes, package: zipfile.ZipFile) -> dict[int, list[str]]:
    """The signs of currencies with which the first numbers of each column are shown."""
    if "xl/styles.xml" not in package.namelist():
        return {}
    signs = _signs(ElementTree.fromstring(package.read("xl/styles.xml")))
    found: dict[int, set[str]] = {}
    for column, style, kind in STYLED.findall(start) if signs else ():
        if int(style) in signs and kind in (b"", b"n"):
            found.setdefault(_column(column), set()).add(signs[int(style)])
    return {column: sorted(texts) for column, texts in found.items()}


def _signs(styles: ElementTree.Element) -> dict[int, str]:
    """The currency, or ``%``, of each style of cells that shows one."""
    codes, signs = dict(PERCENTS), {}
    for element in styles.iter():
        if element.tag.endswith("}numFmt"):
            codes[element.get("numFmtId")] = str(element.get("formatCode"))
        elif element.tag.endswith("}cellXfs"):
            for place, style in enumerate(element):
                sign = currency_sign(codes.get(style.get("numFmtId"), ""))
                if sign:
                    signs[place] = sign
    return signs


def currency_sign(code: str) -> str:
    """The currency that a format of numbers shows, or ``%``; an empty text where there is none.

    Examples
    --------
    >>> [currency_sign(code) for code in ('[$$-409]#,##0.00', '#,##0 "EUR"', "0.00", "[$-409]d")]
    ['$', 'EUR', '', '']
    >>> currency_sign("0.0%"), currency_sign('0 "of 100 %"')
    ('%', '')
    """
    if "%" in QUOTED.sub("", code):
        return "%"
    bracket = BRACKET.search(code)
    if bracket and bracket[1].strip():
        return bracket[1].strip()
    sign = SIGN.search(re.sub(r"\[[^\]]*\]", "", code))
    return sign[0] if sign else ""


def _cells(stream: IO[bytes], behind: Behind) -> Iterator[tuple[int, int, bytes, bytes]]:
    """Every cell that holds something: row, column, attributes, content."""
    row = column = -1
    for text in _rows_of_text(stream):
        last = _last_of_plain(text)
        if last is not None and fits(max(row, last[0]), last[1]):
            row, behind.last = last[0], _further(behind.last, last)
            continue
        for found in CELL.finditer(text):
            attributes = found["row"]
            if attributes is not None:
                place = PLACE.search(attributes)
                row, column = (int(place[2]) - 1 if place else row + 1), -1
                if HIDDEN.search(attributes):
                    behind.hidden.append(row)
                continue
            place = PLACE.search(found["cell"])
            column = _column(place[1]) if place and place[1] else column + 1
            if found["held"]:
                yield row, column, found["cell"], found["held"]


def _last_of_plain(text: bytes) -> tuple[int, int] | None:
    """The last row and column of cells that hide nothing; ``None`` where some may.

    It spares a look at every cell. Cells without content count, so it may be too far.
    """
    if any(sign in text for sign in SIGNS):
        return None
    rows, columns = ROW_PLACE.findall(text), set(COLUMN.findall(text))
    if not rows or not columns:
        return None
    return max(map(int, rows)) - 1, max(map(_column, columns))


def _further(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return max(one[0], other[0]), max(one[1], other[1])


def fits(row: int, column: int) -> bool:
    """Whether the cells from A1 to this one are as many as a table may have.

    Examples
    --------
    >>> fits(99_999, 29), fits(1_048_575, 16_383)
    (True, False)
    """
    return (row + 1) * (column + 1) <= MOST_CELLS


def _rows_of_text(stream: IO[bytes]) -> Iterator[bytes]:
    """The text of a sheet, cut behind the ends of rows."""
    kept, size = b"", 0
    while piece := stream.read(PIECE):
        size += len(piece)
        text = kept + piece
        cut = text.rfind(b"</row>") + 6
        if cut < 6:
            cut = max((end.end() for end in ROW_END.finditer(text)), default=0)
        yield text[:cut]
        kept = text[cut:]
        if size > MOST_BYTES or len(kept) > LONGEST_ROW:
            raise ValueError("its sheet unpacks to more than a table may have")
    yield kept


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _look_at(row: int, column: int, attributes: bytes, held: bytes, behind: Behind) -> None:
    behind.last = _further(behind.last, (row, column))
    formula = FORMULA.search(held)
    kind = KIND.search(attributes)
    if formula is None and (kind is None or kind[1] != b"e"):
        return
    value = VALUE.search(held)
    text = value[1].strip().decode(errors="replace") if value else ""
    if kind is not None and kind[1] == b"e":
        behind.errors.append((row, column, text or "#N/A"))
    elif text == "" and not (value and kind is not None and kind[1] == b"str"):
        behind.empty.append((row, column))
    elif text == "0":
        behind.noughts.append((row, column))
    if formula is not None:
        behind.formulas[column] = behind.formulas.get(column, 0) + 1

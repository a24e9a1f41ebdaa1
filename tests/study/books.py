"""Small workbooks of every kind, written by hand: three accounts, one of their cells changed."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence

NAMES = ("account_id", "name", "revenue")
FIRMS = [("007", "Firm 7"), ("008", "Firm 8"), ("009", "Firm 9")]
SPACE = "urn:oasis:names:tc:opendocument:xmlns"
PREFIXES = " ".join(f'xmlns:{n}="{SPACE}:{n}:1.0"' for n in ("office", "table", "text"))
PREFIXES += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
LINKS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/{kind}" Target="{to}"/></Relationships>'
)
ERRORS = {"#DIV/0!": 7, "#REF!": 23, "#N/A": 42}


def packed(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def open_cell(value: float | str) -> str:
    """A cell of .ods; a text that begins with < is the cell itself."""
    if isinstance(value, str) and value.startswith("<"):
        return value
    if isinstance(value, str):
        return (
            f'<table:table-cell office:value-type="string"><text:p>{value}</text:p>'
            "</table:table-cell>"
        )
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}">'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def ods(
    revenue: Sequence[float | str] = (1, 2, 3),
    *,
    row: str = "",
    columns: str = "",
    before: str = "",
) -> bytes:
    """``row`` are attributes of the second account, ``columns`` elements above the rows."""
    lines = [NAMES, *((*firm, value) for firm, value in zip(FIRMS, revenue, strict=True))]
    rows = ""
    for place, line in enumerate(lines):
        attributes = row if place == 2 else ""
        rows += f"<table:table-row {attributes}>{''.join(map(open_cell, line))}</table:table-row>"
    content = (
        f'<?xml version="1.0"?>{before}<office:document-content {PREFIXES} office:version="1.2">'
        f'<office:body><office:spreadsheet><table:table table:name="accounts">{columns}{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return packed(
        {"mimetype": kind, "META-INF/manifest.xml": "<manifest/>", "content.xml": content}
    )


def binary_record(kind: int, held: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(held)
    return head + (bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])) + held


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(
    revenue: Sequence[float | str] = (1, 2, 3), *, formula: bool = False, calculated: bool = True,
    hidden_row: bool = False, hidden_column: bool = False, form: str = "",
    merged: Sequence[int] = (),
) -> bytes:  # fmt: skip
    """An error's text is that error; ``formula`` makes formulas of all amounts."""
    sheet = binary_record(129) + binary_record(148, struct.pack("<IIII", 0, 3, 0, 2))
    if hidden_column:
        column = struct.pack("<IIIIH", 1, 1, 2560, 0, 1)
        sheet += binary_record(390) + binary_record(60, column) + binary_record(391)
    sheet += binary_record(145)
    lines = [NAMES, *((*firm, value) for firm, value in zip(FIRMS, revenue, strict=True))]
    for row, line in enumerate(lines):
        flags = 0x10 if hidden_row and row == 2 else 0
        sheet += binary_record(0, struct.pack("<IIHBBBI", row, 0, 300, 0, flags, 0, 0))
        for column, value in enumerate(line):
            sheet += _binary_cell(column, value, formula=formula and row > 0)
    sheet += binary_record(146)
    if merged:
        sheet += binary_record(177, struct.pack("<I", 1))
        sheet += binary_record(176, struct.pack("<IIII", *merged)) + binary_record(178)
    sheet += binary_record(130)
    tab = struct.pack("<II", 0, 1) + wide("rId1") + wide("accounts")
    counted = struct.pack("<IIIdIH", 0, 1, 100, 0.001, 1, 0 if calculated else 1)
    book = binary_record(131) + binary_record(143) + binary_record(156, tab) + binary_record(144)
    book += binary_record(157, counted) + binary_record(132)
    one = struct.pack("<I", 1)
    styles = binary_record(615, one) + binary_record(44, struct.pack("<H", 164) + wide(form))
    styles += binary_record(616) + binary_record(617, one)
    styles += binary_record(47, struct.pack("<HH", 0, 164 if form else 0) + bytes(12))
    styles += binary_record(618)
    links = LINKS.format(kind="worksheet", to="worksheets/sheet1.bin")
    return packed(
        {
            "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats'
            '.org/package/2006/content-types"/>',
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": links,
            "xl/worksheets/sheet1.bin": sheet,
            "xl/styles.bin": styles,
        }
    )


def _binary_cell(column: int, value: float | str, *, formula: bool) -> bytes:
    head = struct.pack("<II", column, 0)
    after = struct.pack("<HII", 0, 0, 0) if formula else b""
    if isinstance(value, float | int):
        number = head + struct.pack("<d", value) + after
        return binary_record(9 if formula and column == 2 else 5, number)
    if value in ERRORS:
        return binary_record(11 if formula else 3, head + bytes([ERRORS[value]]) + after)
    return binary_record(6, head + wide(value))


def record(kind: int, held: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(held)) + held


def xls(
    revenue: Sequence[float | str] = (1, 2, 3), *, formula: bool = False, by_excel: bool = True,
    hidden_row: bool = False, hidden_column: bool = False, hidden_sheet: bool = False,
    form: str = "", merged: Sequence[int] = (),
) -> bytes:  # fmt: skip
    """Like ``xlsb``; a workbook of hundred lines more, so that it is no small stream."""
    begin = struct.pack("<HHHHII", 0x600, {0: 5, 1: 0x10}[0], 0, 0, 0, 6)
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6))
    if hidden_column:
        sheet += record(0x7D, struct.pack("<HHHHHH", 1, 1, 2560, 15, 1, 0))
    lines = [NAMES, *((*firm, value) for firm, value in zip(FIRMS, revenue, strict=True))]
    for row, line in enumerate(lines):
        flags = 0x20 if hidden_row and row == 2 else 0
        sheet += record(0x208, struct.pack("<HHHHHHI", row, 0, 3, 255, 0, 0, flags))
        for column, value in enumerate(line):
            sheet += _cell(row, column, value, formula=formula and row > 0)
    if merged:  # first and last row, first and last column
        sheet += record(0xE5, struct.pack("<HHHHH", 1, *merged))
    sheet += record(0x0A)
    name = b"\x08\x00accounts"
    calculated = record(0x1C1, bytes(8)) if by_excel else b""
    text = form.encode("utf-16-le")
    calculated += record(0x41E, struct.pack("<HHB", 164, len(form), 1) + text)
    calculated += record(0xE0, struct.pack("<HH", 0, 164 if form else 0) + bytes(16))
    size = len(record(0x809, begin)) + len(calculated) + 4 + 6 + len(name) + len(record(0x0A))
    tab = struct.pack("<IBB", size, int(hidden_sheet), 0) + name
    book = record(0x809, begin) + calculated + record(0x85, tab) + record(0x0A) + sheet
    return _compound(book.ljust(4096, b"\0"))


def _cell(row: int, column: int, value: float | str, *, formula: bool) -> bytes:
    head = struct.pack("<HHH", row, column, 0)
    if formula and column == 2:
        result = struct.pack("<d", value) if isinstance(value, float | int) else b""
        if value == "":
            result = b"\x03" + bytes(5) + b"\xff\xff"
        elif isinstance(value, str):
            result = bytes([2, 0, ERRORS[value], 0, 0, 0]) + b"\xff\xff"
        return record(6, head + result + struct.pack("<HIH", 0, 0, 0))
    if isinstance(value, float | int):
        return record(0x203, head + struct.pack("<d", value))
    if value in ERRORS:
        return record(0x205, head + bytes([ERRORS[value], 1]))
    return record(0x204, head + struct.pack("<HB", len(value), 0) + value.encode())


def _compound(stream: bytes) -> bytes:
    """A compound file of one stream, which begins in its third sector."""
    stream += bytes(-len(stream) % 512)
    count, last, free = len(stream) // 512, 0xFFFFFFFE, 0xFFFFFFFF
    table = [0xFFFFFFFD, last, *range(3, count + 2), last]
    table += [free] * (128 - len(table))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, last, 0, last, 0
    )
    head += struct.pack("<109I", 0, *([free] * 108))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        fields = struct.pack("<HBBIII", len(text), kind, 1, free, free, child)
        return text.ljust(64, b"\0") + fields + bytes(36) + struct.pack("<IQ", start, size)

    folder = entry("Root Entry", 5, 1, last, 0) + entry("Workbook", 2, free, 2, len(stream))
    return head + struct.pack("<128I", *table) + folder.ljust(512, b"\0") + stream

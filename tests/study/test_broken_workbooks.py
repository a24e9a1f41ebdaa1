"""What is told of a workbook's cells is looked up in its bytes, which may be broken."""

from __future__ import annotations

import importlib.util
import io
import struct
import zipfile
from pathlib import Path

import pytest

from helpers.study.readers import excel_cells, ods_cells, xls_cells, xlsb_cells

_spec = importlib.util.spec_from_file_location("books", Path(__file__).parent / "books.py")
books = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(books)


def record(kind: int, held: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(held)) + held


def test_a_workbook_of_before_excel_97_is_not_looked_into():
    with pytest.raises(ValueError, match="written before Excel 97"):
        xls_cells._place(record(xls_cells.BEGIN, b"\x00\x05"), "accounts")
    with pytest.raises(ValueError, match="written before Excel 97"):
        xls_cells._place(record(xls_cells.END), "accounts")


def test_a_sheet_that_the_bytes_do_not_name_is_not_found():
    begin = record(xls_cells.BEGIN, xls_cells.EXCEL_97.to_bytes(2, "little"))
    with pytest.raises(ValueError, match="its sheet is not found"):
        xls_cells._place(begin + record(xls_cells.END), "accounts")
    with (
        zipfile.ZipFile(io.BytesIO(books.xlsb())) as package,
        pytest.raises(ValueError, match="its sheet is not found"),
    ):
        xlsb_cells._part(package, "elsewhere")


@pytest.mark.parametrize(("table", "first"), [([7], 0), ([0], 0), ([1], 3)])
def test_sectors_that_lead_nowhere_or_back_are_not_followed(table, first):
    with pytest.raises(ValueError, match="do not follow one another"):
        xls_cells._chain(b"", table, first, 512, 512)


def test_a_compound_file_may_hold_something_else():
    data = books.xls().replace("Workbook".encode("utf-16-le"), "Wordbook".encode("utf-16-le"))
    with pytest.raises(ValueError, match="it holds no workbook"):
        xls_cells._stream(data)


def test_a_record_does_not_end_behind_its_sheet():
    assert list(xlsb_cells._records(b"\x01\x02ab")) == [(1, b"ab")]
    with pytest.raises(ValueError, match="ends inside a record"):
        list(xlsb_cells._records(b"\x01\x03ab"))


def test_a_sheet_that_unpacks_without_end_is_given_up(tmp_path, monkeypatch):
    path = tmp_path / "accounts.ods"
    path.write_bytes(books.ods())
    monkeypatch.setattr(ods_cells, "MOST_BYTES", 100)
    with pytest.raises(ValueError, match="more than a table may have"):
        ods_cells.read(path, tmp_path, "accounts")
    monkeypatch.setattr(excel_cells, "MOST_BYTES", 100)
    with pytest.raises(ValueError, match="more than a table may have"):
        list(excel_cells._rows_of_text(io.BytesIO(b"<row/>" * 20)))


def test_an_error_that_is_repeated_over_a_million_cells_is_given_up(tmp_path, monkeypatch):
    shown = ('<table:table-cell table:number-columns-repeated="50" table:formula="of:=X" '
             'office:value-type="string" calcext:value-type="error"><text:p>#N/A</text:p>'
             "</table:table-cell>")  # fmt: skip
    path = tmp_path / "accounts.ods"
    path.write_bytes(books.ods([shown] * 3))
    assert len(ods_cells.read(path, tmp_path, "accounts")["errors"]) == 150
    monkeypatch.setattr(ods_cells, "MOST_ERRORS", 149)
    with pytest.raises(ValueError, match="shows errors in more than a million cells"):
        ods_cells.read(path, tmp_path, "accounts")

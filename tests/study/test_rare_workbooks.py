"""Refusals of workbooks that other tests of the subject do not meet, each once."""

from __future__ import annotations

import re
import zipfile

import xlsxwriter

from helpers.study import check_client


def told(client, path):
    folder = client({"responses.csv": None, "responses.xlsx": path.read_bytes()})
    return [str(fault) for fault in check_client(folder)]


def test_a_workbook_that_names_no_sheet_has_none_with_cells(client, tmp_path):
    path, without = tmp_path / "sound.xlsx", tmp_path / "without.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Answers")
    with zipfile.ZipFile(path) as sound, zipfile.ZipFile(without, "w") as changed:
        for name in sound.namelist():
            text = sound.read(name)
            if name == "xl/workbook.xml":
                text = re.sub(rb"<sheet [^>]*/>", b"", text)
            changed.writestr(name, text)
    (found,) = told(client, without)
    assert found.startswith("responses.xlsx: has no sheet with cells. Save it again as .xlsx")


def test_a_title_merged_above_the_header_is_told_with_the_headers_row(client, tmp_path):
    path = tmp_path / "titled.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:F1", "Survey of 2026")
        head = ["response_id", "wave", "account_id", "nps", "ease", "trouble"]
        sheet.write_row(1, 0, head)
        for n in range(1, 20):
            sheet.write_row(n + 1, 0, [f"r{n}", "2026H1", f"A{n}", n % 11, n % 9, n % 5 + 1])
    (found,) = told(client, path)
    assert "has merged cells in its header: A1:F1; the header seems to be in row 2" in found
    assert "header_row: 2" in found

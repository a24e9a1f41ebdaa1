"""Refusals of workbooks that other tests of the subject do not meet, each once."""

from __future__ import annotations

import re
import zipfile

import pytest
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


HEAD = ["response_id", "wave", "account_id", "nps", "ease", "trouble"]


def sheet_of(path, head, rows, form, column):
    """A workbook in which one column has a format of numbers."""
    with xlsxwriter.Workbook(path) as book:
        sheet, shown = book.add_worksheet(), book.add_format({"num_format": form})
        sheet.write_row(0, 0, head)
        for at, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                sheet.write(at, place, cell, shown if place == column else None)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("form", "of", "faulty"),
    [("0%", 10, True), ("0.0%", 10, True), ("0%", 1, False), ("0.0", 10, False)],
)
def test_answers_that_a_workbook_shows_in_per_cent_are_no_answers(
    client, tmp_path, form, of, faulty
):
    """70% is stored as 0.7, which lies between 0 and 10 as well."""
    rows = [[f"r{n}", "2026H1", "007", 8, (n % 9) / of, 3] for n in range(1, 40)]
    data = sheet_of(tmp_path / "a.xlsx", HEAD, rows, form, 4)
    folder = client({"responses.csv": None, "responses.xlsx": data})
    found = [str(f) for f in check_client(folder) if f.column == "ease"]
    assert len(found) == faulty
    assert not faulty or "is shown in per cent: 10% is stored as 0.1" in found[0]


@pytest.mark.parametrize(("of", "faulty"), [(10, True), (0.01, False)])
def test_growth_that_a_workbook_shows_in_per_cent_is_a_hundredth_of_it(
    client, tmp_path, of, faulty
):
    rows = [[f"{n:03d}", f"N{n}", n / of] for n in range(7, 20)]
    data = sheet_of(tmp_path / "a.xlsx", ["account_id", "name", "growth_pct"], rows, "0%", 2)
    found = [str(f) for f in check_client(client({"accounts.xlsx": data}))
             if f.column == "growth_pct" and "is stored as" in str(f)]  # fmt: skip
    assert len(found) == faulty
    assert not faulty or "70% is stored as 0.7. Send it as 70: 100 times as much" in found[0]


def test_a_name_merged_over_two_columns_is_told_where_no_other_row_is_a_header(client, tmp_path):
    path = tmp_path / "merged.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD[:4])
        sheet.merge_range("E1:F1", "Ratings")
        for n in range(1, 20):
            sheet.write_row(n, 0, [f"r{n}", "2026H1", f"A{n}", n % 11, n % 9, n % 5 + 1])
    found = [text for text in told(client, path) if "merged" in text]
    assert len(found) == 1
    assert "responses.xlsx: has merged cells in its header: E1:F1. Declare" in found[0]

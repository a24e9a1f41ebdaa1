"""Titles and empty lines above and between the records of a file."""

from __future__ import annotations

import datetime as dt

import pytest
import xlsxwriter

from helpers.study import check_client, open_study

ROWS = "account_id,period,revenue\n007,2026-01,1\n008,2026-01,2\n009,2026-02,3\n"


def messages(folder):
    return [str(fault) for fault in check_client(folder)]


@pytest.mark.parametrize(
    ("above", "row"),
    [("Sales of 2026\n", 2), ("Sales of 2026\n\nas of June\n\n", 5), ("Sales,,\n,,\n", 3)],
)
def test_a_title_above_the_header_is_one_fault_and_the_advice_cures_it(client, above, row):
    (found,) = messages(client({"financials.csv": above + ROWS}))
    assert f"the header seems to be in row {row}" in found
    assert f"`formats: {{financials: {{header_row: {row}}}}}`" in found
    cured = client(
        {"financials.csv": above + ROWS}, formats=f"{{financials: {{header_row: {row}}}}}"
    )
    assert open_study(cured).table("financials")["revenue"].to_list() == [1.0, 2.0, 3.0]


def test_a_title_over_another_delimiter_names_both(client):
    text = "Sales of 2026\n" + ROWS.replace(",", ";")
    (found,) = messages(client({"financials.csv": text}))
    assert 'formats: {financials: {delimiter: ";", header_row: 2}}' in found


def test_marks_inside_the_cells_are_no_other_delimiter(client):
    book = "variable,role,scale_min,scale_max,missing_codes\n"
    book += "nps,recommend,0,10,97;98;99\nease,driver,0,10,97;98;99\ntrouble,driver,1,5,a;b;c\n"
    assert messages(client({"codebook.csv": book})) == []


def test_the_advice_names_the_table_whatever_the_file_is_called(client):
    folder = client({"Umsatz.csv": ROWS.replace(",", ";")}, tables="{financials: Umsatz.csv}")
    assert 'formats: {financials: {delimiter: ";"}}' in messages(folder)[0]


def test_records_longer_than_the_header_are_no_title(client):
    (found,) = messages(
        client({"financials.csv": ROWS.replace("008,2026-01,2", "008,2026-01,2,9")})
    )
    assert "has too many columns" in found


def test_a_late_header_in_excel_is_named_by_its_row(client):
    folder = client(formats="{financials: {sheet: S}}")
    with xlsxwriter.Workbook(folder / "financials.xlsx") as book:
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, ["Sales of 2026"])
        sheet.write_row(2, 0, ["account_id", "period", "revenue"])
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        for row in (3, 4):
            sheet.write_row(row, 0, ["007"])
            sheet.write_datetime(row, 1, dt.datetime(2026, row, 1), date)
            sheet.write_number(row, 2, 5)
    (found,) = messages(folder)
    assert "the header seems to be in row 3" in found
    assert "`formats: {financials: {header_row: 3}}`" in found


def test_empty_lines_beside_malformed_records_do_not_shift_the_rows(client):
    text = ROWS.replace("008", "\n008").replace("009,2026-02,3", "009\n\n009,2026-02,x")
    found = messages(client({"financials.csv": text}))
    assert "row 3: '009' has too few columns" in found[0]
    assert "row 4, column revenue: 'x'" in found[1]

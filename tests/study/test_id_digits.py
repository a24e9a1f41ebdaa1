"""Ids that a spreadsheet has spoilt are told of, whatever file they come in."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from helpers.study import check_client, open_study

HEADER = ["account_id", "name", "region"]


def faults(folder, severity="error"):
    found = [str(fault) for fault in check_client(folder) if fault.severity == severity]
    return [fault for fault in found if fault.startswith("accounts.")]


@pytest.fixture
def book(client):
    def make(*ids):
        folder = client()
        options = {"default_date_format": "yyyy-mm-dd"}
        with xlsxwriter.Workbook(str(folder / "accounts.xlsx"), options) as workbook:
            sheet = workbook.add_worksheet()
            for place, row in enumerate([HEADER, *([one, "Firm", "North"] for one in ids)]):
                sheet.write_row(place, 0, row)
        return folder

    return make


@pytest.fixture
def text(client):
    def make(*ids):
        rows = "".join(f"{one},Firm,North\n" for one in ids)
        return client({"accounts.csv": ",".join(HEADER) + "\n" + rows})

    return make


@pytest.mark.parametrize("number", [12345678901234567, 1234567890123456, -1e15, 1e300])
def test_an_id_of_more_digits_than_a_spreadsheet_keeps_is_a_fault(book, number):
    found = faults(book("007", number, number))[0]  # a second fault: they are twice the same
    assert "accounts.xlsx, row 2, column account_id: " in found
    assert "is a number of 16 digits or more" in found and "as are 1 more" in found


@pytest.mark.parametrize("number", [7, 123456789012345, 99.0, "12345678901234567", "0x1E"])
def test_ids_that_kept_their_digits_are_no_fault(book, number):
    assert not faults(book("007", number))


@pytest.mark.parametrize("spoilt", ["1.23457E+15", "1,23457E+15", "1E+15", "1.2e+16", "9.1E+04"])
def test_an_id_in_scientific_notation_is_a_fault(book, text, spoilt):
    for write, name, cell in ((text, "csv", f'"{spoilt}"'), (book, "xlsx", spoilt)):
        folder = write("007", cell)
        (found,) = faults(folder)
        assert f"accounts.{name}, row 2, column account_id: '{spoilt}' is in scientific" in found
        (folder / f"accounts.{name}").unlink()


@pytest.mark.parametrize("name", ["1e5", "E+15", "A1E+15", "1E+15B", "2E-10", "12E5"])
def test_an_id_that_only_looks_like_it_stays_as_it_is(text, name):
    assert open_study(text("007", name)).table("accounts")["account_id"][1] == name


@pytest.mark.parametrize(
    "value", [dt.date(2026, 1, 2), dt.datetime(2026, 1, 2, 3, 4), dt.time(10, 30)]
)
def test_an_id_that_became_a_date_is_a_fault(client, value):
    folder = client()
    with xlsxwriter.Workbook(str(folder / "accounts.xlsx")) as workbook:
        sheet = workbook.add_worksheet()
        for place, row in enumerate([HEADER, ["007", "Firm", "North"], [None, "Firm", "South"]]):
            sheet.write_row(place, 0, row)
        form = "hh:mm" if isinstance(value, dt.time) else "yyyy-mm-dd hh:mm"
        sheet.write(2, 0, value, workbook.add_format({"num_format": form}))
    assert any(
        "column account_id" in one and "is a date or a time" in one for one in faults(folder)
    )


def test_long_ids_that_all_end_in_noughts_are_warned_of(text):
    (found,) = faults(text("12345678901234500", "12345678901234600", "007"), "warning")
    assert "all ids of this length end in 0 behind the fifteenth digit (2 ids)" in found


@pytest.mark.parametrize(
    "ids", [("12345678901234500", "12345678901234567"), ("1234567890123450",), ("4" * 20,)]
)
def test_long_ids_with_all_their_digits_are_not_warned_of(text, ids):
    assert not [one for one in faults(text(*ids), "warning") if "fifteenth" in one]


@pytest.mark.parametrize("gap", [[], [None]])
def test_long_whole_numbers_of_parquet_keep_their_digits(client, gap):
    folder = client()
    ids = [12345678901234567, 12345678901234568, *gap]
    table = pa.table({"account_id": ids, "name": ["Firm"] * len(ids)})
    pq.write_table(table, folder / "accounts.parquet")
    accounts = open_study(folder).table("accounts")
    assert accounts["account_id"].dropna().to_list() == [str(one) for one in ids[:2]]


def test_long_numbers_of_parquet_with_a_point_are_a_fault(client):
    folder = client()
    frame = pd.DataFrame({"account_id": [12345678901234567.0, 7.0], "name": "Firm"})
    frame.to_parquet(folder / "accounts.parquet")
    assert "'12345678901234568' is a number of 16 digits or more" in faults(folder)[0]


def test_a_query_with_gaps_in_its_numbers_still_loses_zeros(client):
    sql = "SELECT * FROM (VALUES (7, 'A'), (NULL, 'B')) t(account_id, name)"
    assert "leading zeros are lost" in faults(client({"accounts.sql": sql}))[0]

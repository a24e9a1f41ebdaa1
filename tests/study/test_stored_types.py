"""Excel, SPSS and Parquet: files that bring their own types."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pyreadstat
import pytest
import xlsxwriter

from helpers.study import check_client, open_study

ROWS = [
    ["response_id", "wave", "account_id", "nps", "ease", "trouble"],
    ["007", "2026H1", "a", 9, 8, 2],
]


def messages(folder):
    return [str(fault) for fault in check_client(folder)]


def write_excel(path, sheets, merge=None):
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                sheet.write_row(r, 0, row)
            if merge:
                sheet.merge_range(merge, "Survey of spring")
    return path


@pytest.fixture
def excel(client):
    def make(sheets, merge=None, **keys):
        folder = client({"responses.csv": None}, **keys)
        write_excel(folder / "responses.xlsx", sheets, merge)
        return folder

    return make


def test_the_only_sheet_is_read_with_ids_as_text(excel):
    study = open_study(excel({"Export": ROWS}))
    assert study.responses.index.to_list() == ["007"]
    assert study.responses["nps"].to_list() == [9.0]


def test_one_of_several_sheets_must_be_named(excel):
    (found,) = messages(excel({"Cover": [["hello"]], "Export": ROWS}))
    assert "has 2 sheets: Cover, Export" in found
    keys = {"formats": "{responses: {sheet: Export}}"}
    assert len(open_study(excel({"Cover": [["hello"]], "Export": ROWS}, **keys)).responses) == 1
    keys = {"formats": "{responses: {sheet: Exprot}}"}
    assert "Did you mean Export?" in messages(excel({"Export": ROWS}, **keys))[0]


def test_a_late_header_asks_for_header_row(excel):
    late = [["Survey", "", ""], [], *ROWS]
    (found,) = messages(
        excel(
            {
                "Export": late,
            }
        )
    )
    assert "header_row" in found
    study = open_study(excel({"Export": late}, formats="{responses: {header_row: 3}}"))
    assert len(study.responses) == 1


def test_merged_header_cells_are_named(excel):
    rows = [["", "", "", "", "", ""], *ROWS]
    (found,) = messages(excel({"Export": rows}, merge="A1:C1"))
    assert "merged cells in its header: A1:C1" in found


def test_an_empty_sheet_is_a_fault(excel):
    assert "has an empty sheet" in messages(excel({"Export": []}))[0]


def test_a_numeric_id_in_excel_is_read_without_point_zero(client):
    folder = client()
    rows = [["account_id", "name", "start_date"], [7, "Bond", dt.date(2020, 1, 2)], [8, "M", ""]]
    write_excel(folder / "accounts.xlsx", {"accounts": rows})
    accounts = [f for f in check_client(folder) if f.severity == "error"]
    assert "which has '7'" in str(accounts[0])  # responses say 007
    study = open_study(
        client(
            {"responses.csv": "response_id,wave,account_id,nps,ease,trouble\nr,2026H1,7,1,1,1\n"}
        )
    )
    assert study.table("accounts")["account_id"].to_list() == ["7", "8"]
    assert study.table("accounts")["start_date"][0] == pd.Timestamp("2020-01-02")


def test_spss_codes_labels_and_user_missing_values(client):
    folder = client({"responses.csv": None}, segments="[tier]")
    frame = pd.DataFrame(
        {
            "response_id": ["a", "b", "c"],
            "nps": [9.0, 99.0, 4.0],
            "ease": [1.0, 2.0, 3.0],
            "trouble": [1.0, 2.0, 3.0],
            "tier": [1.0, 2.0, 1.0],
        }
    )
    pyreadstat.write_sav(
        frame,
        str(folder / "responses.sav"),
        missing_ranges={"nps": [99.0]},
        variable_value_labels={"tier": {1.0: "Key", 2.0: "Core"}},
    )
    study = open_study(folder)
    assert study.responses["tier"].to_list() == ["Key", "Core", "Key"]
    assert study.responses["nps"].isna().to_list() == [False, True, False]
    assert any("user-missing in SPSS: nps = 99" in note.what for note in study.notes)


def test_parquet_keeps_types_and_a_pattern_joins_files(client):
    folder = client(tables='{financials: "finance/*.parquet"}')
    (folder / "finance").mkdir()
    for month in (1, 2):
        day = pd.Timestamp(2026, month, 1)
        frame = pd.DataFrame({"account_id": ["007"], "period": [day], "revenue": [10.5 * month]})
        frame.to_parquet(folder / "finance" / f"{month}.parquet")
    study = open_study(folder)
    assert study.table("financials")["revenue"].to_list() == [10.5, 21.0]
    row = study.counts.set_index("table").loc["financials"]
    assert (row["rows_in"], row["rows_out"]) == (2, 2)
    assert row["file"] == "finance/1.parquet, finance/2.parquet"
    assert len(row["sha256"].split()) == 2


def test_what_is_no_excel_spss_or_parquet_file_is_said(client):
    for ending in ("xlsx", "sav", "parquet"):
        folder = client({"responses.csv": None, f"responses.{ending}": b"not a file of its kind"})
        assert "can be read" in messages(folder)[0], ending
        (folder / f"responses.{ending}").unlink()

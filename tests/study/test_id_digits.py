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


# Ids written so that a spreadsheet takes them for texts, and ids that it took for numbers

PEOPLE = {"a": "007", "b": "008", "c": "009"}


def listed(write, **columns):
    """A list of the three accounts, each id written in one way."""
    head = ",".join(["account_id", "name", *columns])
    rows = [",".join([write.format(one), name.upper()]) for name, one in PEOPLE.items()]
    return {"accounts.csv": "\n".join([head, *rows]) + "\n"}


@pytest.mark.parametrize("write", ['="{}"', '"=""{}"""', "'{}", "\u2019{}", '"\'{}"'])
def test_an_id_that_is_marked_as_a_text_is_that_text(client, write):
    study = open_study(client(listed(write)))
    assert study.accounts["account_id"].to_list() == ["007", "008", "009"]
    (note,) = [str(note) for note in study.notes if str(note).startswith("accounts: ")]
    assert "(3)" in note and "account_id" in note


def test_other_cells_that_are_marked_as_texts_are_those_texts(client):
    text = 'account_id,name,revenue\n="007","=""A """"B"""" C""",="12"\n="008",=B,5\n="009",C,\n'
    accounts = open_study(client({"accounts.csv": text})).accounts
    assert accounts["name"].to_list() == ['A "B" C', "=B", "C"]
    assert accounts["revenue"].fillna(0).to_list() == [12, 5, 0]


@pytest.mark.parametrize("one", ["'t Hooft", "O'Neill 7", "'quoted 7'", "7'"])
def test_an_apostrophe_that_is_part_of_an_id_stays(text, one):
    assert open_study(text("007", one)).accounts["account_id"][1] == one


@pytest.mark.parametrize(
    ("accounts", "answers", "spoilt"),
    [
        (("7.0", "8.0", "9.0"), ("007", "008", "009"), "accounts.csv"),
        (("7", "8", "9"), ("007", "008", "009"), "accounts.csv"),
        (("007", "008", "009"), ("7", "8", "9"), "responses.csv"),
        (("007", "008", "009"), ("7.0", "8.0", "9.00"), "responses.csv"),
        (("A-1", "A-2", "A-3"), ("a-1", "a-2", "a-3"), None),
    ],
)
def test_ids_that_a_spreadsheet_took_for_numbers_are_an_error_that_says_in_which_file(
    client, accounts, answers, spoilt
):
    table = "account_id,name\n" + "".join(f"{one},F\n" for one in accounts)
    rows = "".join(f"r{n},2026H1,{one},9,8,1\n" for n, one in enumerate(answers))
    head = "response_id,wave,account_id,nps,ease,trouble\n"
    folder = client({"accounts.csv": table, "responses.csv": head + rows})
    (found,) = [str(fault) for fault in check_client(folder) if fault.severity == "error"]
    assert f"{answers[0]!r} is not in accounts.csv, which has {accounts[0]!r}, and 2 more" in found
    assert (f"Export {spoilt} again with account_id as text" in found) == (spoilt is not None)
    assert spoilt or "Write it as in accounts.csv" in found


@pytest.mark.parametrize("ids", [("7", "8", "9"), ("7.0", "8.0", "9.0"), ("0007", "0008", "0009")])
def test_so_they_are_where_no_list_of_accounts_was_sent(client, ids):
    text = "account_id,period,revenue\n" + "".join(f"{one},2026-01,5\n" for one in ids)
    folder = client({"financials.csv": text})
    (found,) = [str(fault) for fault in check_client(folder) if fault.severity == "error"]
    assert found.startswith(f"financials.csv, row 1, column account_id: '{ids[0]}' is not in resp")
    assert "which has '007', and 2 more like it" in found


@pytest.mark.parametrize("ids", [("007", "8"), ("17", "18"), ("A7", "A8")])
def test_other_ids_without_a_list_are_no_error(client, ids):
    text = "account_id,period,revenue\n" + "".join(f"{one},2026-01,5\n" for one in ids)
    assert not any(f.severity == "error" for f in check_client(client({"financials.csv": text})))


def test_a_list_that_has_none_of_the_ids_is_told_of_in_so_many_words(client):
    folder = client({"accounts.csv": "account_id,name\nX,B\nY,C\nZ,D\n"})
    (found,) = [str(fault) for fault in check_client(folder)]
    assert "has no id that is in accounts.csv (4 rows, with '007', '008', '009')" in found


# Records that a line break cut in two


def answers(*more, ids="r{}"):
    head = "response_id,wave,account_id,nps,ease,trouble\n"
    rows = [f"{ids.format(n)},2026H1,007,9,8,1\n" for n in range(100, 140)]
    return {"responses.csv": head + "".join(rows[:20]) + "".join(more) + "".join(rows[20:])}


@pytest.mark.parametrize("start", ["good", "but too late", "and then", "OK"])
def test_a_row_that_begins_with_a_word_among_ids_is_told_of(client, start):
    faults = check_client(client(answers(f"{start},2026H1,007,9,8,1\n")))
    (found,) = [str(fault) for fault in faults if "no digit" in fault.problem]
    assert found.startswith(f"responses.csv, row 21, column response_id: '{start}' has no digit")
    assert "40 others of the column have" in found


def test_ids_that_are_words_are_no_cut_rows(client):
    some = [f"{word},2026H1,007,9,8,1\n" for word in ("ann", "bob", "cyd", "dee")]
    for files in (answers(*some), answers(ids="r"), answers()):
        assert not [f for f in check_client(client(files)) if "no digit" in f.problem]

"""Rows that hold nothing, tables that hold no rows: alike for every kind of file."""

from __future__ import annotations

import pandas as pd
import pyreadstat
import pytest
import xlsxwriter

from helpers.study import check_client, open_study

NAMES = ["response_id", "wave", "account_id", "nps", "ease", "trouble"]
ROWS = [["r1", "2026H1", "007", "9", "8", "1"], ["r2", "2026H1", "008", "3", "7", "5"]]
EMPTY = {
    "nothing": [""] * 6,
    "a space": [" "] * 6,
    "one space that does not break": ["", "", "\u00a0", "", "", ""],
    "tabs and a byte-order mark": ["\t", "", "", "", "", "\ufeff"],
}


def write(folder, kind, rows, name="responses", names=NAMES):
    path = folder / f"{name}.{kind}"
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    if kind in ("csv", "tsv"):
        frame.to_csv(path, sep="," if kind == "csv" else "\t", index=False)
    elif kind == "parquet":
        frame.to_parquet(path)
    elif kind == "sav":
        pyreadstat.write_sav(frame, str(path))
    elif kind == "sql":
        frame.to_parquet(folder / "extract.parquet")
        path.write_text("SELECT * FROM 'extract.parquet'\n")
    else:
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet("Export")
            for at, row in enumerate([names, *rows]):
                sheet.write_row(at, 0, row)
    return path


@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx", "parquet", "sql", "sav"])
@pytest.mark.parametrize("empty", EMPTY.values(), ids=EMPTY)
def test_blank_rows_are_no_respondents_in_any_kind_of_file(client, kind, empty):
    folder = client({"responses.csv": None})
    write(folder, kind, [ROWS[0], empty, ROWS[1], empty, empty])
    study = open_study(folder)
    assert study.responses.index.to_list() == ["r1", "r2"]
    assert study.counts.set_index("table").loc["responses", "rows_out"] == 2
    if kind != "xlsx" or any(cell for cell in empty):
        assert [n.count for n in study.notes if n.what == "blank rows dropped"] == [3]


def test_a_fault_below_a_blank_row_has_the_row_of_its_file(client):
    folder = client({"responses.csv": None})
    write(folder, "csv", [ROWS[0], [""] * 6, [*ROWS[1][:3], "40", "7", "5"]])
    (found,) = [str(fault) for fault in check_client(folder) if fault.severity == "error"]
    assert found.startswith("responses.csv, row 3, column nps")


def test_blank_rows_of_codebook_and_accounts_are_dropped_too(client):
    book = (
        "variable,text,role,label,scale_min,scale_max\n,,,,,\nnps,R?,recommend,R,0,10\n"
        "ease,E?,driver,E,0,99\n , , , , , \ntrouble,T?,driver,T,1,5\n"
    )
    accounts = "account_id,name\n007,Bond\n,\n008,Bill\n009,M\n , \n"
    folder = client({"codebook.csv": book, "accounts.csv": accounts})
    assert [str(f) for f in check_client(folder) if f.severity == "error"] == []
    study = open_study(folder)
    assert len(study.table("accounts")) == 3
    notes = [(n.table, n.count) for n in study.notes if n.what == "blank rows dropped"]
    assert notes == [("codebook", 2), ("accounts", 2)]


def test_a_fault_below_a_blank_row_of_the_codebook_has_the_row_of_its_file(client):
    book = "variable,text,role,label,scale_min,scale_max\n,,,,,\nnps,R?,no role,R,0,10\n"
    found = [str(fault) for fault in check_client(client({"codebook.csv": book}))]
    assert any(fault.startswith("codebook.csv, row 2, column role") for fault in found)


def test_rows_that_a_workbook_leaves_empty_are_counted_where_others_follow(client):
    folder = client({"responses.csv": None})
    write(folder, "xlsx", [ROWS[0], [None] * 6, [None] * 6, ROWS[1], [None] * 6])
    study = open_study(folder)
    assert len(study.responses) == 2
    assert [note.count for note in study.notes if "blank rows" in note.what] == [2]


def test_a_row_with_one_value_is_no_blank_row(client):
    folder = client({"responses.csv": None})
    write(folder, "csv", [*ROWS, ["", "", "", "", "", "4"]])
    assert len(open_study(folder).table("responses")) == 3


@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx", "parquet", "sql"])
@pytest.mark.parametrize("rows", [[], [[""] * 6] * 3], ids=["none", "blank"])
def test_a_table_without_rows_is_one_plain_error(client, kind, rows):
    folder = client({"responses.csv": None})
    write(folder, kind, rows)
    (found,) = [str(fault) for fault in check_client(folder) if fault.severity == "error"]
    assert found.startswith(f"responses.{kind}: ")
    assert ("gives no rows" if kind == "sql" else "has a header and no rows") in found


def test_an_spss_file_without_cases_is_one_plain_error(client):
    folder = client({"responses.csv": None})
    path = folder / "responses.sav"
    pyreadstat.write_sav(pd.DataFrame({"response_id": ["a"], "nps": [1.0]}).iloc[:0], str(path))
    (found,) = [str(fault) for fault in check_client(folder) if fault.severity == "error"]
    assert found.startswith("responses.sav: has a header and no rows")


SECOND = {
    "questions": ["Response", "Wave", "Account", "How likely, 0 to 10?", "Easy?", "Trouble?"],
    "types": ["string", "string", "string", "number", "number", "number"],
    "questions alone": ["", "", "", "How likely, 0 to 10?", "Easy?", "Trouble?"],
}


@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx", "parquet"])
@pytest.mark.parametrize("words", SECOND.values(), ids=SECOND)
def test_a_row_that_describes_the_columns_is_no_answer(client, kind, words):
    folder = client({"responses.csv": None})
    write(folder, kind, [words, *ROWS])
    (found,) = check_client(folder)
    assert (found.severity, found.row) == ("error", 1)
    assert "describes the columns" in found.problem
    write(folder, kind, ROWS)
    assert check_client(folder) == ()


@pytest.mark.parametrize(
    "first",
    [
        ["r0", "2026H1", "009", "ten", "often", "none"],
        ["", "2026H1", "", "9", "", ""],
        ["", "2026H1", "abc", "", "", ""],
    ],
)
def test_a_first_answer_with_words_in_it_is_an_answer(client, first):
    folder = client({"responses.csv": None})
    write(folder, "csv", [first, *ROWS])
    assert not [f for f in check_client(folder) if "describes the columns" in f.problem]

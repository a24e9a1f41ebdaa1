"""What is advised of a file's layout and of words is tried, and said to fail where it does."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
import xlsxwriter

from helpers.study import check_client, open_study, opening

LINE = re.compile(r"`formats: (\{[^`]*\})`")
ACCOUNTS = "account_id,name,region,revenue\n007,Bär,N,1\n008,b,S,2\n009,c,N,3\n"
TABLE = [line.split(",") for line in ACCOUNTS.splitlines()]


@pytest.fixture(autouse=True)
def one_process(monkeypatch):
    monkeypatch.setattr(opening, "confined", SimpleNamespace(close=lambda: None))


def workbook(path, sheets):
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, cells in enumerate(rows):
                for beside, cell in enumerate(cells):
                    if cell:
                        sheet.write(at, beside, cell)


def of_accounts(folder):
    found = [f for f in check_client(folder) if f.file.startswith("accounts") and f.column is None]
    return found, [line for f in found for line in LINE.findall(f.advice)]


README = [["This workbook"], ["holds what we know"]]
CODES = [["code", "label"], ["1", "x"], ["2", "y"]]
BOOKS = {
    "the second of three": ({"Read me": README, "Data": TABLE, "Codes": CODES}, ["Data"]),
    "the last, with a title": ({"Read me": README, "Data": [["Customers"], [], *TABLE]}, ["Data"]),
    "two alike": ({"One": TABLE, "Codes": CODES, "Two": TABLE}, ["One", "Two"]),
    "one beside a single column": ({"Notes": README, "Firms: all".replace(":", ""): TABLE},
                                   ["Firms all"]),
}  # fmt: skip


@pytest.mark.parametrize("name", BOOKS)
def test_the_sheet_that_is_advised_is_one_that_holds_the_table(client, name):
    sheets, right = BOOKS[name]
    folder = client()
    workbook(folder / "accounts.xlsx", sheets)
    (fault,), lines = of_accounts(folder)
    assert fault.problem.startswith(f"has {len(sheets)} sheets")
    assert len(lines) == len(right)
    for line, sheet in zip(lines, right, strict=True):
        assert f'sheet: "{sheet}"' in line
        folder = client(formats=line)
        workbook(folder / "accounts.xlsx", sheets)
        assert open_study(folder).accounts["name"].to_list() == ["Bär", "b", "c"]


FILES = {
    "semicolons": ACCOUNTS.replace(",", ";").encode(),
    "tabs": ACCOUNTS.replace(",", "\t").encode(),
    "a title": f"Customers of 2026\n\n{ACCOUNTS}".encode(),
    "a title and semicolons": f"Customers;;;\n\n{ACCOUNTS.replace(',', ';')}".encode(),
    "latin-1": ACCOUNTS.encode("latin-1"),
    "all of them": f"Kunden;;;\n{ACCOUNTS.replace(',', ';')}".encode("latin-1"),
    "UTF-16 and a title": f"Customers\n{ACCOUNTS}".encode("utf-16"),
}


@pytest.mark.parametrize("name", FILES)
def test_one_line_that_is_advised_for_a_layout_reads_the_file(client, name):
    _, lines = of_accounts(client({"accounts.csv": FILES[name]}))
    folder = client({"accounts.csv": FILES[name]}, formats=lines[0])
    assert not check_client(folder)
    found = open_study(folder).accounts
    assert found["name"].to_list() == ["Bär", "b", "c"]
    assert found["revenue"].to_list() == [1, 2, 3]


@pytest.mark.parametrize(
    ("content", "keys"),
    [
        (ACCOUNTS.encode("latin-1").replace(b"\xe4", b"\x81\xe4"), "encoding: cp1252"),
        (b"Customers\n\nid,id2\n1,2\n3,4\n5\n7,8,9\n", None),
    ],
)
def test_what_does_not_read_the_file_is_not_advised_as_if_it_did(client, content, keys):
    found, _ = of_accounts(client({"accounts.csv": content}))
    said = [f.advice for f in found]
    if keys is not None:
        assert any(f"{{{keys}}}}}` does not mend it" in advice for advice in said), said
    for line in (line for advice in said for line in LINE.findall(advice)):
        if "does not mend it" not in "".join(said):
            kinds = {f.problem for f in found}
            after, _ = of_accounts(client({"accounts.csv": content}, formats=line))
            assert not kinds & {f.problem for f in after}


def test_words_of_a_column_are_tried_and_leave_the_others_as_they_are(client):
    text = "contact_id,account_id,role,opt_out,active\n1,007,user,Ja,1\n2,008,user,Nein,0\n"
    (fault,) = [f for f in check_client(client({"contacts.csv": text})) if f.column == "opt_out"]
    (line,) = LINE.findall(fault.advice)
    found = open_study(client({"contacts.csv": text}, formats=line)).tables["contacts"]
    assert found["opt_out"].to_list() == [True, False]
    assert found["active"].to_list() == [True, False]


def test_what_would_change_another_column_is_not_advised(monkeypatch):
    from helpers.errors import Fault
    from helpers.study.advised import Attempt, tried
    from helpers.study.config import Config

    pd = pytest.importorskip("pandas")
    config = Config(name="n", as_of="2026-06-30", wave="w")
    line = "`formats: {accounts: {missing: [x]}}`"
    fault = Fault("a.csv", "is not a number", f"Correct them, or declare {line}.", column="revenue")
    now = Attempt((fault,), pd.DataFrame({"revenue": [1.0, None], "name": ["x", "y"]}))
    spared = Attempt((), pd.DataFrame({"revenue": [1.0, None], "name": ["x", "y"]}))
    spoiled = Attempt((), pd.DataFrame({"revenue": [1.0, None], "name": [None, "y"]}))
    in_vain = Attempt((fault,), now.frame)
    (kept,) = tried([fault], "accounts", config, now, lambda config: spared)
    assert kept == fault
    (told,) = tried([fault], "accounts", config, now, lambda config: spoiled)
    assert told.advice == f"Correct them. {line} does not mend it: it would change name."
    (told,) = tried([fault], "accounts", config, now, lambda config: in_vain)
    assert told.advice == f"Correct them. {line} does not mend it: the same is found with it."


@pytest.mark.parametrize(
    ("table", "text", "column"),
    [
        ("financials", "account_id,period,revenue\n007,2026-01,5\n008,2026-01,6\nTotal,Total,11\n",
         "period"),
        ("financials", "account_id,period,revenue\n007,2026-01,5\n008,2026-01,6\nSumme,,11\n",
         "period"),
        ("accounts", "account_id,name,revenue\n007,a,5\n008,b,6\n009,c,7\nTotal,,18\n", "name"),
        ("contracts", "contract_id,account_id,start,end,value\nc,007,2026-01-01,2026-02-01,5\n"
         "d,8,2026-01-01,2026-02-01,6\nTotal,,,,11\n", "start"),
    ],
)  # fmt: skip
def test_a_fault_of_a_row_of_totals_is_told_to_go_with_it(client, table, text, column):
    files = {f"{table}.csv": text}
    (fault,) = [f for f in check_client(client(files)) if f.column == column and f.row]
    assert "seems to be a total" in fault.advice
    (line,) = LINE.findall(fault.advice)
    assert line == f"{{{table}: {{totals: drop}}}}"
    assert not [f for f in check_client(client(files, formats=line)) if f.severity == "error"]


def test_a_fault_of_another_row_is_not_put_down_to_the_totals(client):
    text = "account_id,period,revenue\n007,soon,5\n008,2026-01,6\nTotal,Total,11\n"
    found = [
        f for f in check_client(client({"financials.csv": text})) if f.column == "period" and f.row
    ]
    assert [f.row for f in found] == [1]
    assert "total" not in found[0].advice

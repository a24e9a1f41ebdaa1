"""The lists as one workbook: what is on its sheets, what is missing, and that nothing runs."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from helpers import results
from helpers.errors import HandbookError
from helpers.press.exports import workbook
from helpers.press.exports.cells import wrong_cells
from helpers.press.exports.checked import Known
from helpers.press.exports.sheets import SHEETS, sheets
from helpers.press.exports.source import Source
from helpers.press.spreadsheets import write_sheet
from helpers.results import ChapterResult, Figure
from helpers.study import open_study

RUNS = '=HYPERLINK("http://x")'
ACCOUNTS = pd.DataFrame({
    "account_id": ["007", "A2"], "name": [RUNS, "Østmark"], "owner": ["@SUM(1)", "Ann"],
    "contract_end": pd.to_datetime(["2027-09-30", None]), "tickets": [1, 0],
    "loyalty": [53.901, None], "revenue": [7661055.0, 12.5], "sponsor": [None, None],
})  # fmt: skip
INBOX = pd.DataFrame({
    "rank": [2, 1], "account": ["Østmark", RUNS], "account_id": ["A2", "007"],
    "person": [None, "C1"], "kind": "recover", "status": "overdue", "in_reach": [False, True],
    "due": pd.to_datetime(["2026-07-02", "2026-07-01"]),
})  # fmt: skip
CANDIDATES = pd.DataFrame({
    "action_id": ["A1", "A2", "A3"], "name": ["Desk", "Portal", "Poster"],
    "function": ["Service", "Sales", "Nobody's"], "spend": [100.0, 200.0, 5.0],
    "planned": [100.0, 200.0, None], "gain": [900.0, 800.0, 1.0], "chosen": [0.6, 0.9, 0.0],
    "funded": [True, True, False], "adds": [800.0, 600.0, None],
})  # fmt: skip
PLAN = {name: Figure(name, value, unit=unit) for name, value, unit in (
    ("plan", 1400.0, "money:USD"), ("planned", "four quarters", "text"),
    ("horizon", "two years", "text"),
)}  # fmt: skip


@pytest.fixture
def source(tmp_path) -> Source:
    where = tmp_path / "results"
    for chapter, figures, tables in (
        ("accounts", {}, {"accounts": ACCOUNTS}), ("recovery", {}, {"inbox": INBOX}),
        ("actions", PLAN, {"candidates": CANDIDATES, "ninety_days": pd.DataFrame({"cost": []})}),
    ):  # fmt: skip
        results.save(ChapterResult(chapter, figures, tables), where)
    folder = tmp_path / "exports"
    folder.mkdir()
    return Source(open_study("northfield"), where, tmp_path / "book", folder)


def rows(path: Path, sheet: str) -> list[dict[str, object]]:
    head, *found = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()
    return [dict(zip(head, row, strict=True)) for row in found]


def made(source: Source) -> Path:
    [path] = workbook.make(source).files
    return path


def test_every_list_has_its_sheet_and_the_first_says_what_is_missing(source):
    path = made(source)
    assert path.name == "northfield.xlsx"
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["About", "Accounts", "Plan", "Candidates", "Alerts"]
    told = [str(row[0]) for row in book.get_sheet_by_name("About").to_python()]
    assert told[0] == "Northfield Industrial: lists of the loyalty report"
    assert told[1] == "Wave 2026H1; data as of 30 June 2026."
    assert told[4:8] == ["Accounts", "Plan", "Candidates", "Alerts"]
    assert "No sheet Leads: this run has nothing from the chapter on leads." in told
    assert "No sheet Ninety days: the chapter on actions found none." in told


def test_cells_are_of_their_kind_and_headings_name_the_unit(source):
    first, second = rows(made(source), "Accounts")
    assert first["Account id"] == "007"
    assert first["Contract ends"] == date(2027, 9, 30)
    assert first["Revenue, 12 months (USD)"] == 7661055.0
    assert (second["Contract ends"], second["Loyalty"]) == ("", "")
    assert "Sponsor" not in first, "a column without anything in it"


def test_alerts_are_in_their_order_and_name_nobody_who_did_not_agree(source):
    first, second = rows(made(source), "Alerts")
    assert [first["Rank"], second["Rank"]] == [1, 2]
    assert [first["When"], second["When"]] == ["this week", "later"]
    assert [first["Contact id"], second["Contact id"]] == ["C1", ""]


def test_an_owner_is_called_what_the_column_means(source):
    [account, *_] = rows(made(source), "Accounts")
    assert "Account owner" in account
    assert "Owner" not in account
    assert SHEETS["Alerts"][2]["owner"][0] == "Who calls"


def test_the_plan_is_what_is_funded_with_owners(source):
    found = rows(made(source), "Plan")
    assert [row["Action"] for row in found] == ["Portal", "Desk"]
    assert [row["Owner"] for row in found] == ["Tom Eriksen, Sales", "Nora Castell, Service"]
    assert found[0]["Cost over four quarters (USD)"] == 200.0
    assert found[0]["Adds to the plan, two years (USD)"] == 600.0


def test_gains_in_points_are_not_called_money(source):
    points = {**PLAN, "plan": Figure("plan", 1.4, unit="change")}
    results.save(ChapterResult("actions", points, {"candidates": CANDIDATES}), source.results_dir)
    [first, *_] = rows(made(source), "Candidates")
    assert first["Gain before costs, two years"] == 900.0


def test_no_text_of_the_client_runs_and_every_sheet_can_be_filtered(source):
    with zipfile.ZipFile(made(source)) as parts:
        sheets = [parts.read(n).decode() for n in sorted(parts.namelist()) if "/sheet" in n]
        whole = b"".join(parts.read(name) for name in parts.namelist())
    assert len(sheets) == 5
    assert not any("<f>" in sheet for sheet in sheets)
    assert all("<autoFilter" in sheet and 'state="frozen"' in sheet for sheet in sheets[1:])
    assert b"http://x" in whole
    assert b'Target="http' not in whole


def test_the_same_results_give_the_same_bytes(source):
    before = made(source).read_bytes()
    assert made(source).read_bytes() == before


def test_a_run_without_any_list_has_no_workbook(source, tmp_path):
    empty = Source(source.study, tmp_path / "none", source.book, source.folder)
    export = workbook.make(empty)
    assert export.files == ()
    assert export.missing.startswith("no Excel workbook: ")
    assert list(source.folder.iterdir()) == []


def test_a_cell_changed_by_hand_is_found_with_its_sheet_row_and_column(source):
    path = made(source)
    known = Known(source)
    told, _ = sheets(source, known.results)
    assert wrong_cells(path, told, known.results) == []
    changed = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v>7661055</v>", b"<v>7661056</v>"))
    assert wrong_cells(changed, told, known.results) == [
        "changed.xlsx, sheet Accounts, row 2, Revenue, 12 months (USD): 7661056.0 is not what the "
        "results hold of it"
    ]


def test_a_heading_changed_by_hand_is_found(source):
    path = made(source)
    known = Known(source)
    told, _ = sheets(source, known.results)
    changed = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"Revenue, 12 months", b"Revenue, 13 months"))
    lines = wrong_cells(changed, told, known.results)
    assert [line.split(":")[0] for line in lines] == ["changed.xlsx, sheet Accounts"]


def test_a_row_of_nothing_that_the_results_have_is_found(source):
    known = Known(source)
    told, _ = sheets(source, known.results)
    stored = known.results["accounts"].tables["accounts"]
    stored.loc[1, "name"] = "Another"
    [line] = wrong_cells(made(source), told, known.results)
    assert line.startswith("northfield.xlsx, sheet Accounts, row 3, Account id: A2 is not what")


def test_a_number_that_is_not_of_the_results_stops_the_run(source, monkeypatch):
    def write_other(sheet, rows, columns, looks):
        write_sheet(sheet, rows.assign(**{n: 9.0 for n in ("spend",) if n in rows}), columns, looks)

    monkeypatch.setattr(workbook, "write_sheet", write_other)
    with pytest.raises(HandbookError, match="sheet Candidates, row 2, Cost over four quarters"):
        workbook.make(source)


@pytest.mark.clients
def test_libre_office_opens_it_and_repeats_headings_on_paper(source, pages):
    first, *others = pages(made(source))
    assert "NorthfieldIndustrial:listsoftheloyaltyreport" in first
    assert any('=HYPERLINK("http://x")' in page for page in others)
    assert all("Accountid" in page or "Actionid" in page for page in others)

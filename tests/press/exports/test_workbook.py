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
from helpers.press.exports.deck import file as decks
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


def prepared(place: Path) -> Source:
    where = place / "results"
    for chapter, figures, tables in (
        ("accounts", {}, {"accounts": ACCOUNTS}), ("recovery", {}, {"inbox": INBOX}),
        ("actions", PLAN, {"candidates": CANDIDATES, "ninety_days": pd.DataFrame({"cost": []})}),
    ):  # fmt: skip
        results.save(ChapterResult(chapter, figures, tables), where)
    folder = place / "exports"
    folder.mkdir()
    return Source(open_study("northfield"), where, place / "book", folder)


@pytest.fixture
def source(tmp_path) -> Source:
    """A run of a test's own, to be changed."""
    return prepared(tmp_path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Source:
    """A run that no test changes."""
    return prepared(tmp_path_factory.mktemp("workbook"))


@pytest.fixture(scope="module")
def path(whole) -> Path:
    """Its workbook."""
    return made(whole)


def rows(path: Path, sheet: str) -> list[dict[str, object]]:
    head, *found = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()
    return [dict(zip(head, row, strict=True)) for row in found]


def made(source: Source) -> Path:
    [path] = workbook.make(source).files
    return path


def test_every_list_has_its_sheet_and_the_first_says_what_is_missing(path):
    assert path.name == "northfield.xlsx"
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["About", "Accounts", "Plan", "Candidates", "Alerts"]
    told = [str(row[0]) for row in book.get_sheet_by_name("About").to_python()]
    assert told[0] == "Northfield Industrial: lists of the loyalty report"
    assert told[1] == "Wave 2026H1; data as of 30 June 2026."
    assert told[4:8] == ["Accounts", "Plan", "Candidates", "Alerts"]
    assert "No sheet Leads: this run has nothing from the chapter on leads." in told
    assert "No sheet Ninety days: the chapter on actions found none." in told


def test_cells_are_of_their_kind_and_headings_name_the_unit(path):
    first, second = rows(path, "Accounts")
    assert first["Account id"] == "007"
    assert first["Contract ends"] == date(2027, 9, 30)
    assert first["Revenue, 12 months (USD)"] == 7661055.0
    assert (second["Contract ends"], second["Loyalty"]) == ("", "")
    assert "Sponsor" not in first, "a column without anything in it"


def test_alerts_are_in_their_order_and_name_nobody_who_did_not_agree(path):
    first, second = rows(path, "Alerts")
    assert [first["Rank"], second["Rank"]] == [1, 2]
    assert [first["When"], second["When"]] == ["this week", "later"]
    assert [first["Contact id"], second["Contact id"]] == ["C1", ""]


def test_an_owner_is_called_what_the_column_means(path):
    [account, *_] = rows(path, "Accounts")
    assert "Account owner" in account
    assert "Owner" not in account
    assert SHEETS["Alerts"][2]["owner"][0] == "Who calls"


def test_the_plan_is_what_is_funded_with_owners(path):
    found = rows(path, "Plan")
    assert [row["Action"] for row in found] == ["Portal", "Desk"]
    assert [row["Owner"] for row in found] == ["Tom Eriksen, Sales", "Nora Castell, Service"]
    assert found[0]["Cost over four quarters (USD)"] == 200.0
    assert found[0]["Adds to the plan, two years (USD)"] == 600.0


def test_gains_in_points_are_not_called_money(source):
    points = {**PLAN, "plan": Figure("plan", 1.4, unit="change")}
    results.save(ChapterResult("actions", points, {"candidates": CANDIDATES}), source.results_dir)
    [first, *_] = rows(made(source), "Candidates")
    assert first["Gain before costs, two years"] == 900.0


def test_no_text_of_the_client_runs_and_every_sheet_can_be_filtered(path):
    with zipfile.ZipFile(path) as parts:
        sheets = [parts.read(n).decode() for n in sorted(parts.namelist()) if "/sheet" in n]
        whole = b"".join(parts.read(name) for name in parts.namelist())
    assert len(sheets) == 5
    assert not any("<f>" in sheet for sheet in sheets)
    assert all("<autoFilter" in sheet and 'state="frozen"' in sheet for sheet in sheets[1:])
    assert b"http://x" in whole
    assert b'Target="http' not in whole


def test_the_same_results_give_the_same_bytes(source, path):
    assert made(source).read_bytes() == path.read_bytes()


def test_a_run_without_any_list_has_no_workbook(source, tmp_path):
    empty = Source(source.study, tmp_path / "none", source.book, source.folder)
    export = workbook.make(empty)
    assert export.files == ()
    assert export.missing.startswith("no Excel workbook: ")
    assert list(source.folder.iterdir()) == []


def wrong_in(path: Path, source: Source) -> list[str]:
    return wrong_cells(path, sheets(source, source.results)[0], source.results)


def changed(path: Path, folder: Path, was: bytes, other: bytes) -> Path:
    """A workbook with other bytes in the place of some, wherever they stand."""
    target = folder / "changed.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        whole = {name: old.read(name) for name in old.namelist()}
        assert any(was in content for content in whole.values())
        for name, content in whole.items():
            new.writestr(name, content.replace(was, other))
    return target


def test_a_cell_changed_by_hand_is_found_with_its_sheet_row_and_column(whole, path, tmp_path):
    assert wrong_in(path, whole) == []
    other = changed(path, tmp_path, b"<v>7661055</v>", b"<v>7661056</v>")
    assert wrong_in(other, whole) == [
        "changed.xlsx, sheet Accounts, row 2, Revenue, 12 months (USD): 7661056.0 is not what the "
        "results hold of it"
    ]


def test_a_heading_changed_by_hand_is_found(whole, path, tmp_path):
    other = changed(path, tmp_path, b"Revenue, 12 months", b"Revenue, 13 months")
    lines = wrong_in(other, whole)
    assert [line.split(":")[0] for line in lines] == ["changed.xlsx, sheet Accounts"]


def test_a_count_of_rows_changed_by_hand_is_found(whole, path, tmp_path):
    other = changed(path, tmp_path, b'<v>2</v></c><c r="C5"', b'<v>3</v></c><c r="C5"')
    assert wrong_in(other, whole) == [
        "changed.xlsx, first sheet: Accounts has 2 rows, and 3.0 are told"
    ]


def test_a_row_of_nothing_that_the_results_have_is_found(source, path):
    source.results["accounts"].tables["accounts"].loc[1, "name"] = "Another"
    [line] = wrong_in(path, source)
    assert line.startswith("northfield.xlsx, sheet Accounts, row 3, Account id: A2 is not what")


def test_a_number_that_is_not_of_the_results_stops_the_run(source, monkeypatch):
    def write_other(sheet, rows, columns, looks):
        write_sheet(sheet, rows.assign(**{n: 9.0 for n in ("spend",) if n in rows}), columns, looks)

    monkeypatch.setattr(workbook, "write_sheet", write_other)
    with pytest.raises(HandbookError, match="sheet Candidates, row 2, Cost over four quarters"):
        workbook.make(source)


def test_a_number_of_the_first_sheet_that_is_not_of_the_results_stops_the_run(source, monkeypatch):
    monkeypatch.setattr(workbook, "_notes", lambda study: ["62 of the accounts are not shown."])
    with pytest.raises(HandbookError, match=r"xlsx, first sheet, row 12: 62 is of no figure"):
        workbook.make(source)


def test_the_results_are_read_once_for_all_formats(source, monkeypatch):
    read = []
    monkeypatch.setattr(results, "load_all", lambda where, old=results.load_all: [
        read.append(where), old(where)][1])  # fmt: skip
    for make in (workbook.make, decks.make):
        assert make(source).files
    assert read == [source.results_dir]


@pytest.mark.clients
def test_libre_office_opens_it_and_repeats_headings_on_paper(path, pages):
    first, *others = pages(path)
    assert "NorthfieldIndustrial:listsoftheloyaltyreport" in first
    assert any('=HYPERLINK("http://x")' in page for page in others)
    assert all("Accountid" in page or "Actionid" in page for page in others)

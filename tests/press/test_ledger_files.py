"""The ledger beside the book: what a client folder holds, and nothing that a spreadsheet runs."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

from helpers import results
from helpers.press.ledger_files import add_ledger
from helpers.results import ChapterResult
from helpers.study import open_study

ROWS = pd.DataFrame({
    "claim_id": ["2025H2-nps", "2026H1-nps"], "wave": ["2025H2", "2026H1"],
    "metric": ["nps", "=cmd|'/c calc'!A1"], "predicted": [37.57, 24.6931],
    "low": [32.57, 13.3], "high": [42.57, 36.1], "due": ["2026-05-31", "2026-11-12"],
    "actual": [24.6931, None],
})  # fmt: skip


@pytest.fixture
def book(tmp_path):
    page = tmp_path / "book" / "notebooks" / "cycle.html"
    page.parent.mkdir(parents=True)
    page.write_text("<html></html>")
    return tmp_path / "book"


def written(book, rows=ROWS) -> int:
    where = book.parent / "results"
    results.save(ChapterResult("cycle", {}, {"ledger": rows}), where)
    return add_ledger(book, where)


def test_the_file_is_read_as_a_table_of_a_client_folder(book, tmp_path):
    assert written(book, ROWS.assign(metric="nps")) == 2
    folder = tmp_path / "northfield"
    shutil.copytree(open_study("northfield").folder, folder)
    shutil.copy(book / "cycle" / "ledger.csv", folder / "ledger.csv")
    read = open_study(folder).table("ledger")
    assert read["claim_id"].tolist() == ROWS["claim_id"].tolist()
    assert read["actual"].fillna(0).tolist() == [24.6931, 0]
    assert read["due"].dt.strftime("%F").tolist() == ROWS["due"].tolist()


def test_no_cell_begins_as_a_formula_and_the_bytes_are_the_same_again(book):
    written(book)
    path = book / "cycle" / "ledger.csv"
    first = path.read_bytes()
    assert b"'=cmd" in first
    assert first.decode().splitlines()[0] == ",".join(ROWS)
    written(book)
    assert path.read_bytes() == first


def test_a_book_without_the_page_has_no_ledger(book):
    (book / "notebooks" / "cycle.html").unlink()
    assert written(book) == 0
    assert not (book / "cycle").exists()

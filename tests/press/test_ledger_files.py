"""The ledger beside the book: what a client folder holds, and nothing that a spreadsheet runs."""

from __future__ import annotations

import shutil

import nbformat
import pandas as pd
import pytest

from helpers import results
from helpers.press import sections
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


def test_without_a_ledger_or_promises_a_line_each_says_what_more_would_answer(project):
    """A first wave of a survey alone still writes its predictions."""
    whole = nbformat.read(project / "notebooks" / "cycle.ipynb", as_version=4)
    has = frozenset({"responses", "base", "role:recommend"})
    kept = sections.for_client(whole, has, {})
    code = "".join(cell.source for cell in kept.cells if cell.cell_type == "code")
    assert 'sent["ledger"]' not in code
    assert 'sent["action_effects"]' not in code
    assert "ledger=figures.ledger_table(written)" in code
    told = kept.cells[-1].source
    assert "**What was predicted, and what came** Not sent: predictions of an earlier run" in told
    for heading in ("What was spent, and what came back", "Whether telling pays"):
        assert f"**{heading}**" in told

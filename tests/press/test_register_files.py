"""The register of commitments for a spreadsheet: safe against formulas, days as days."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers import results
from helpers.methods import focus
from helpers.press.register_files import COLUMNS, add_register
from helpers.results import ChapterResult
from helpers.study import open_study

ASKED = pd.DataFrame(
    {"variable": ["q1", "q2"], "role": ["driver", "segment"], "label": ["=SUM(1)", "Shoe size"],
     "decision": ["action plan", ""], "follow_up_owner": ["Ann Lee", ""]}
)  # fmt: skip
PROMISED = pd.DataFrame(
    {"what": ["Faster"], "promised_at": pd.Timestamp("2026-01-01"), "action_id": ["A1"],
     "due": pd.Timestamp("2026-03-31"), "delivered_at": pd.Timestamp("2026-03-01"),
     "told_at": pd.NaT, "status": ["kept"]}
)  # fmt: skip


@pytest.fixture
def book(tmp_path):
    page = tmp_path / "book" / "notebooks" / "alignment.html"
    page.parent.mkdir(parents=True)
    page.write_text("<html></html>")
    return tmp_path / "book"


def written(book, table: pd.DataFrame) -> int:
    where = book.parent / "results"
    results.save(ChapterResult("alignment", {}, {"register": table}), where)
    return add_register(book, open_study("northfield"), where)


def test_every_question_is_in_the_files_with_its_promise(book):
    effects = pd.DataFrame({"action_id": ["A1"], "driver": ["q1"]})
    table = focus.register(ASKED, used={"driver": "drivers"}, promised=PROMISED, effects=effects)
    assert written(book, table) == 2
    found = pd.read_csv(book / "alignment" / "register.csv", dtype=str, encoding="utf-8-sig")
    assert found.columns.tolist() == [heading for heading, _, _ in COLUMNS.values()]
    rows = found.set_index("Variable")
    assert rows["Question"]["q1"] == "'=SUM(1)"
    assert rows["What is missing"]["q2"] == "feeds nothing"
    assert rows.loc["q1", ["Due", "Done", "State"]].tolist() == ["2026-03-31", "2026-03-01", "kept"]
    assert (book / "alignment" / "register.xlsx").is_file()


def test_a_register_without_promises_and_a_book_without_the_page_are_no_fault(book):
    table = focus.register(ASKED, used={})
    assert written(book, table) == 2
    (book / "notebooks" / "alignment.html").unlink()
    assert written(book, table) == 0

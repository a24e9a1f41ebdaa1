"""Leads for a sales system: safe against formulas, with formats and filters, the same bytes."""

from __future__ import annotations

import zipfile

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from helpers import results
from helpers.press.lead_files import add_leads
from helpers.results import ChapterResult
from helpers.study import open_study

ROWS = pd.DataFrame({
    "account_id": ["007", "A2"], "name": ["=HYPERLINK(\"http://x\")", "Østmark"],
    "contact_id": ["C1", "C2"], "role": "user", "product_id": "P1", "product": "@SUM(1)",
    "source": "White space", "opportunity_id": None, "chance": [0.0712, None],
    "price": [1000.0, None], "money": [71.2, None], "low": [50.0, None], "high": [90.0, None],
    "short": "x", "peers": 0.5,
})  # fmt: skip


@pytest.fixture
def book(tmp_path):
    page = tmp_path / "book" / "notebooks" / "leads.html"
    page.parent.mkdir(parents=True)
    page.write_text("<html></html>")
    return tmp_path / "book"


def written(book, rows=ROWS) -> int:
    where = book.parent / "results"
    results.save(ChapterResult("leads", {}, {"leads": rows}), where)
    return add_leads(book, open_study("northfield"), where)


def test_the_workbook_has_formats_and_filters_and_no_formula(book):
    assert written(book) == 2
    path = book / "leads" / "leads.xlsx"
    head, first, _ = CalamineWorkbook.from_path(path).get_sheet_by_name("Leads").to_python()
    row = dict(zip(head, first, strict=True))
    assert row["Account"] == '=HYPERLINK("http://x")'
    assert (row["Account id"], row["Expected money"]) == ("007", 71.2)
    with zipfile.ZipFile(path) as parts:
        sheet, styles = (
            parts.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles")
        )
    assert "<f>" not in sheet
    assert '<autoFilter ref="A1:O3"/>' in sheet
    assert 'state="frozen"' in sheet
    assert 'formatCode="0.0%"' in styles


def test_no_cell_of_the_csv_begins_as_a_formula(book):
    written(book)
    text = (book / "leads" / "leads.csv").read_text("utf-8-sig")
    found = pd.read_csv(book / "leads" / "leads.csv", dtype=str, encoding="utf-8-sig")
    assert text.startswith("Account id,Account,")
    assert found["Account"].tolist() == ['\'=HYPERLINK("http://x")', "Østmark"]
    assert found["About"].tolist() == ["'@SUM(1)", "'@SUM(1)"]
    assert found["Chance"].tolist()[0] == "0.0712"


def test_the_same_leads_give_the_same_bytes(book):
    def made() -> list[bytes]:
        written(book)
        return [(book / "leads" / f"leads.{end}").read_bytes() for end in ("csv", "xlsx")]

    assert made() == made()


def test_without_leads_there_is_no_file(book):
    assert written(book, ROWS.iloc[:0]) == 0
    assert not (book / "leads").exists()

"""The workbook of every answer: linked, frozen, without a formula, the same bytes."""

from __future__ import annotations

import re
import zipfile
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from helpers import results
from helpers.methods import toplines
from helpers.press.topline_files import add_toplines
from helpers.results import ChapterResult
from helpers.study import open_study
from helpers.views.toplines import tables

POLICY = SimpleNamespace(suppress=10, test=30)
RUNS = "=HYPERLINK(1)"


@pytest.fixture
def book(tmp_path):
    return made_of(tmp_path, np.repeat([10.0, 9, 7, 5], [60, 40, 40, 30]))


def made_of(tmp_path, nps):
    page = tmp_path / "book" / "notebooks" / "toplines.html"
    page.parent.mkdir(parents=True)
    page.write_text("<html><article>Would you recommend Østmark?</article></html>")
    rows = pd.DataFrame({"nps": nps,
                         "a/b": [RUNS] * 70 + ["b_ayer"] * 60 + ["c"] * 35 + ["d"] * 5,
                         })  # fmt: skip
    codebook = pd.DataFrame({
        "variable": ["nps"], "text": [RUNS], "role": ["recommend"], "label": ["=1+1"],
        "scale_min": [0.0], "scale_max": [10.0],
    })  # fmt: skip
    asked = toplines.questions(codebook, rows)
    made = toplines.banners(["a/b"], asked, rows)
    found = toplines.tabulate(asked, rows, None, made, policy=POLICY).released
    kept = tables.stored(found, {})
    results.save(ChapterResult("toplines", {}, kept), tmp_path / "results")
    return tmp_path / "book"


def written(book) -> int:
    return add_toplines(book, open_study("northfield"), book.parent / "results")


def test_the_index_links_to_each_question_and_nothing_runs(book):
    assert written(book) == 1
    path = book / "toplines" / "toplines.xlsx"
    made = CalamineWorkbook.from_path(path)
    assert made.sheet_names == ["Index", "All", "A b"]
    assert made.get_sheet_by_name("Index").to_python()[1][:3] == ["=1+1", RUNS, 170.0]
    with zipfile.ZipFile(path) as parts:
        sheets = [parts.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2, 3)]
    assert not any("<f>" in sheet for sheet in sheets)
    links = re.findall(r'<hyperlink ref="([^"]+)" location="([^"]+)"', sheets[0])
    assert links == [("D2", "'All'!A3"), ("E2", "'A b'!A3")]
    assert all('state="frozen"' in sheet for sheet in sheets)
    printed = ('orientation="landscape"', 'fitToHeight="0"', 'fitToPage="1"')  # as wide as a page
    assert all(told in sheet for sheet in sheets for told in printed)


def test_a_sheet_of_a_banner_has_bases_letters_and_what_is_withheld(book):
    written(book)
    made = CalamineWorkbook.from_path(book / "toplines" / "toplines.xlsx")
    rows = made.get_sheet_by_name("A b").to_python()
    assert rows[0][:4] == ["Question and answer", "All", RUNS, ""]
    assert rows[1][2] == "A"
    named = {row[0]: row for row in rows[2:]}
    assert named["Base"][1:3] == [170.0, 70.0]
    assert named["Mean"][3] == "B"
    assert named["Base"][8] == "withheld"  # five people
    everybody = {row[0]: row for row in made.get_sheet_by_name("All").to_python()}
    assert everybody["10"][1:5] == [60.0, 60.0, 0.353, 0.353]


def test_an_answer_that_few_gave_is_withheld_in_every_column_with_a_base(tmp_path):
    book = made_of(tmp_path, np.repeat([10.0, 9, 7, 5, 0], [60, 40, 40, 27, 3]))
    written(book)
    made = CalamineWorkbook.from_path(book / "toplines" / "toplines.xlsx")
    named = {row[0]: row for row in made.get_sheet_by_name("A b").to_python()}
    assert named["Base"][2] == 70.0
    assert named["0"][2] == "withheld"


def test_a_question_that_few_answered_is_withheld_for_all_as_well(tmp_path):
    nps = np.array([10.0] * 9 + [np.nan] * 161)
    book = made_of(tmp_path, nps)
    written(book)
    made = CalamineWorkbook.from_path(book / "toplines" / "toplines.xlsx")
    assert made.get_sheet_by_name("Index").to_python()[1][2] == "withheld"
    everybody = made.get_sheet_by_name("All").to_python()
    assert everybody[3] == ["Base; effective base", *["withheld"] * 5]
    assert not any(cell != "" for row in everybody[4:] for cell in row[1:])


def test_errors_of_shares_are_in_points_and_those_of_means_on_their_scale(book):
    written(book)
    made = CalamineWorkbook.from_path(book / "toplines" / "toplines.xlsx")
    named = {row[0]: row for row in made.get_sheet_by_name("All").to_python()}
    assert named["10"][5] == pytest.approx(100 * (60 / 170 * 110 / 170 / 169) ** 0.5, abs=0.06)
    answers = np.repeat([10.0, 9, 7, 5], [60, 40, 40, 30])
    assert named["Mean"][5] == pytest.approx(answers.std(ddof=1) / 170**0.5, abs=0.006)


def test_the_same_answers_give_the_same_bytes(book):
    def made() -> bytes:
        written(book)
        return (book / "toplines" / "toplines.xlsx").read_bytes()

    assert made() == made()


def test_without_the_chapter_there_is_no_file(book):
    (book / "notebooks" / "toplines.html").unlink()
    assert written(book) == 0
    assert not (book / "toplines").exists()


def test_groups_are_headed_by_the_words_of_the_page_and_not_by_their_codes(book):
    written(book)
    made = CalamineWorkbook.from_path(book / "toplines" / "toplines.xlsx")
    head = made.get_sheet_by_name("A b").to_python()[0]
    assert "b ayer" in head
    assert "b_ayer" not in head

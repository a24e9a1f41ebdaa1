"""The appendix of toplines: names of rows, letters, dashes, and texts of the client's."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.methods import toplines
from helpers.results import ChapterResult, Figure
from helpers.views.rendering.sentences import say
from helpers.views.toplines import figures, sentences, tables

POLICY = SimpleNamespace(suppress=10, test=30)
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def found(rng) -> toplines.Toplines:
    rows = pd.DataFrame({"nps": np.repeat([10, 9, 7, 5, 3], [60, 40, 40, 26, 4]).astype(float),
                         "paid": np.tile([1.0, 0.0], 85),
                         "site": [EVIL] * 70 + ["b"] * 60 + ["c"] * 35 + ["d_e"] * 5})  # fmt: skip
    codebook = pd.DataFrame({
        "variable": ["nps", "paid"], "text": [f"Would you? {EVIL}", "Paid?"],
        "role": ["recommend", "asked"], "label": ["Would recommend", "Paid"],
        "scale_min": [0.0, 0.0], "scale_max": [10.0, 1.0],
    })  # fmt: skip
    asked = toplines.questions(codebook, rows)
    made = toplines.banners(["site"], asked, rows)
    return toplines.tabulate(asked, rows, None, made, policy=POLICY).released


def test_boxes_of_a_recommendation_are_promoters_and_detractors(found):
    asked = found.questions[0]
    rows = found.table[found.table["question"] == "nps"]
    text = tables.topline(asked, rows, "respondents").text()
    assert "Promoters (9–10)" in text
    assert "Detractors (0–6)" in text
    assert re.search(r"Mean +– +8\.1", text)
    yes = tables.topline(
        found.questions[1], found.table[found.table["question"] == "paid"], "people"
    )
    assert [row[0] for row in yes.rows] == ["Yes", "No"]


def test_letters_stand_beside_the_higher_column_and_dashes_for_what_is_withheld(found):
    cells = found.cells[found.cells["question"] == "nps"]
    rows = {"nps": found.table[found.table["question"] == "nps"]}
    table = tables.banners(found.questions[0], rows, cells, {}, "A note.")
    by = {row[0]: row[1:] for row in table.rows}
    assert table.headings[1:] == ("All", f"{EVIL} (A)", "b (B)", "c (C)", "d e (D)")
    assert by["Mean"][1].endswith(" B")
    assert by["Mean"][4] == by["Base"][4] == "–"  # five people
    assert by["Base"][3] == "–"  # and what would give them away
    assert by["3"][1:] == ("–", "–", "–", "–")  # four gave that answer
    assert by["3"][0] == "–"  # whose weights would tell who they are
    assert 'colspan="4">Site</th>' in table.html()


def test_every_link_of_the_index_leads_to_its_question_and_no_text_runs(found):
    index = tables.index(found).html
    page = tables.every_question(found, {}, "respondents").html
    targets = re.findall(r'href="#([^"]+)"', index)
    assert targets == re.findall(r'<div id="([^"]+)"', page) == ["question-1", "question-2"]
    assert EVIL not in index + page


def test_numbers_of_the_page_are_those_that_are_handed_on(found):
    kept = tables.stored(found, {})
    rows = kept["cells"][kept["cells"]["question"] == "nps"]
    page = tables.banners(
        found.questions[0],
        {"nps": kept["toplines"][kept["toplines"]["question"] == "nps"]},
        rows,
        {},
    )
    for place, group in enumerate((EVIL, "b"), start=2):
        stored = rows[rows["group"] == group].set_index("name")["value"].dropna()
        for row in page.rows[1:-1]:
            if row[0] in stored.index:
                assert row[place].split()[0] == f"{stored[row[0]] * 100:.0f}%"


def test_what_is_withheld_is_said(found):
    told = figures.overview(found)
    text = say(sentences.withheld(told), ChapterResult("toplines", told)).text
    assert "4 columns over all questions" in text  # c and d, in both questions
    assert "shown for all alone" in text
    nothing = {
        "withheld": Figure("withheld", 0, unit="count"),
        "rare": Figure("rare", 0, unit="count"),
    }
    assert sentences.withheld(nothing) == "Nothing is withheld."


@pytest.mark.parametrize("correction", toplines.CORRECTIONS)
def test_the_declared_correction_is_said(found, correction):
    told = figures.overview(found)
    text = say(sentences.reading(told, correction), ChapterResult("toplines", told)).text
    assert ("Holm" in text) == (correction == "holm")
    assert "95% confidence" in text
    assert "clear" in say(sentences.answer(told), ChapterResult("toplines", told)).text


def test_every_table_has_a_name_of_its_own_for_who_hears_the_page(found):
    page = tables.every_question(found, {}, "respondents").html
    names = re.findall(r'aria-label="([^"]+)"', page)
    assert len(names) == len(set(names)) == 4


def test_without_groups_there_are_toplines_alone(rng):
    rows = pd.DataFrame({"ease": rng.integers(1, 6, 50).astype(float)})
    codebook = pd.DataFrame({
        "variable": ["ease"], "text": ["How easy?"], "role": ["driver"], "label": ["Ease"],
        "scale_min": [1.0], "scale_max": [5.0],
    })  # fmt: skip
    asked = toplines.questions(codebook, rows)
    found = toplines.tabulate(asked, rows, None, policy=POLICY).released
    told = figures.DECLARED.checked(figures.overview(found).values())
    text = say(sentences.answer(told), ChapterResult("toplines", told)).text
    assert text == "1 question of 50 respondents, answer by answer."
    assert "by group" not in tables.every_question(found, {}, "respondents").html
    assert tables.stored(found, {})["cells"].empty

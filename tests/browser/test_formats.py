"""Other formats of the demo reports: made in time, and each number leads to the results."""

from __future__ import annotations

import random

import pytest

from helpers.press.exports.cells import wrong_cells
from helpers.press.exports.checked import Known, Text, untraced_texts
from helpers.press.exports.contexts import marks
from helpers.press.exports.document import DAYS, document_texts
from helpers.press.exports.made import made_as
from helpers.press.exports.named import FORMATS
from helpers.press.exports.sheets import sheets
from helpers.press.exports.source import Export

pytestmark = pytest.mark.browser

SECONDS = 40  # of processor time for all formats beyond the book
FOUND = 0.99  # of numbers changed by hand: another number of the same row is a true one
CHANGED = 300


@pytest.fixture(scope="module")
def again(reports, source_of, tmp_path_factory) -> dict[str, Export]:
    """The formats once more; slides say what a workbook holds, where there is one before them."""
    source = source_of(reports["northfield"], tmp_path_factory.mktemp("again"))
    return {name: made_as(name, source) for name in FORMATS if name != "pdf"}


def test_all_formats_of_the_whole_report_are_made_in_time(exports):
    _, made, seconds = exports
    assert {name: one.missing for name, one in made.items()} == dict.fromkeys(FORMATS, "")
    assert all(path.stat().st_size > 10_000 for one in made.values() for path in one.files)
    assert seconds < SECONDS


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "pdf"])
def test_the_same_report_gives_the_same_bytes(name, exports, again):
    _, made, _ = exports
    [path] = again[name].files
    assert path.read_bytes() == made[name].files[0].read_bytes()


def test_a_survey_alone_leaves_a_document_and_slides_and_says_that_it_has_no_lists(
    reports, source_of, tmp_path
):
    source = source_of(reports["mobile"], tmp_path / "exports")
    made = {name: made_as(name, source) for name in ("docx", "pptx", "xlsx")}
    assert made["docx"].files and made["pptx"].files
    assert made["xlsx"].missing.startswith("no Excel workbook: ")


def test_numbers_changed_by_hand_in_the_document_are_found(exports):
    source, made, _ = exports
    [path] = made["docx"].files
    rng = random.Random(20260630)
    texts = [(t, one) for t in document_texts(path, {DAYS: ("actions",)}) for one in marks(t.text)]
    planted = [
        Text(f"copy {number}", text.place, other(text.text, one.start, one.end, rng), text.of)
        for number, (text, one) in enumerate(rng.sample(texts, min(CHANGED, len(texts))))
    ]
    told = untraced_texts(planted, Known(source))
    assert len({line.split(",")[0] for line in told}) >= FOUND * len(planted)


def other(text: str, start: int, end: int, rng: random.Random) -> str:
    """A text whose number at a place has another last digit."""
    last = max(place for place in range(start, end) if text[place].isdigit())
    digit = str((int(text[last]) + rng.randrange(1, 10)) % 10)
    return text[:last] + digit + text[last + 1 :]


def test_every_cell_of_the_workbook_is_that_of_the_results(exports):
    source, made, _ = exports
    known = Known(source)
    told, missing = sheets(source, known.results)
    assert missing == []
    assert [sheet.name for sheet in told] == [
        "Accounts", "Leads", "Plan", "Ninety days", "Candidates", "Alerts",
    ]  # fmt: skip
    assert wrong_cells(made["xlsx"].files[0], told, known.results) == []

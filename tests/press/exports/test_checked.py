"""Numbers of slides, sheets, documents and pages: each leads to the results, or stops the run."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from helpers import results
from helpers.errors import HandbookError
from helpers.press.exports.checked import Known, Text, check, untraced_texts
from helpers.press.exports.contexts import Contexts, marks
from helpers.press.exports.source import Source
from helpers.results import ChapterResult, Figure
from helpers.study import open_study
from helpers.views.rendering.sentences import do_next, say

FIGURES = {
    "nps": Figure("nps", 40.4, 37.6, 43.2, base=2746, label="net promoter score"),
    "late": Figure("late", 57, unit="count", base=62, base_unit="accounts",
                   label="accounts past a promise"),
    "cost": Figure("cost", 742500.0, unit="money:USD", label="cost of the plan"),
}  # fmt: skip
LOYALTY = ChapterResult(
    "loyalty", FIGURES,
    answer="The score of all customers is {nps}, from {nps:base}. {late} accounts wait.",
    ask={"what": "Fund the plan of {cost} now.", "owner": "Sales", "due": "30 July 2026"},
    doubts=("Only {late} of {late:base} were asked about it.",),
)  # fmt: skip
PLAN = pd.DataFrame({
    "name": ["Named contact", "Portal of 2024", "Poster"], "cost": [160000.0, 35000.0, 500.0],
    "chance": [0.2, 0.93, 0.41], "by": pd.to_datetime(["2026-10-30", "2026-11-30", None]),
})  # fmt: skip
THANKS = "# Thank you\n\nWe counted the answers of 797 people."
LETTER = pd.DataFrame({"file": ["letter"], "kind": ["letter"], "text": [THANKS]})
PAGE = """<article><p class="trust">Base 309 accounts; evidence grade B.</p>
<img alt="Share of revenue: 4.1% (1.3% to 11.2%)." src="data:image/png;base64,AAAA99"></article>"""


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Source:
    place = tmp_path_factory.mktemp("checked")
    actions = ChapterResult("actions", {}, {"plan": PLAN})
    for one in (LOYALTY, actions, ChapterResult("messages", {}, {"letters": LETTER})):
        results.save(one, place / "results")
    pages = place / "book" / "notebooks"
    pages.mkdir(parents=True)
    (pages / "loyalty.html").write_text(PAGE)
    return Source(open_study("northfield"), place / "results", place / "book", place / "exports")


@pytest.fixture(scope="module")
def known(source) -> Known:
    return Known(source)


TRUE = [
    say(LOYALTY.answer, LOYALTY).text,
    "The score of all customers is 40.4 (37.6 to 43.2), from 2,746 respondents",  # no full stop
    do_next(LOYALTY).text,
    "Only 57 of 62 accounts were asked",  # cut short
    "We counted the answers\nof 797 people.",  # broken over two lines
    "Base 309\naccounts; evidence grade B.",
    "Share of revenue: 4.1% (1.3% to 11.2%)",
    "Net promoter score: 40.4 (37.6 to 43.2)",
    "Named contact | $160k | 20%",
    "Poster | $500 | 41%",
    "Portal of 2024 | 2026-11-30 | 93%",
    "Data as of 30 June 2026",
]


@pytest.mark.parametrize("text", TRUE)
def test_what_the_results_say_is_found_there(known, text):
    assert untraced_texts([("a.pptx", "slide 1", text)], known) == []


def changed() -> list[tuple[str, str]]:
    """Each of these texts with each of its numbers changed by hand in its last digit."""
    made = []
    for text in TRUE:
        for one in marks(text):
            number = text[one.start : one.end]
            last = max(place for place, sign in enumerate(number) if sign.isdigit())
            if one.is_day:
                last = 9 if "-" in number else 1  # of the day
            digit = str((int(number[last]) + 4) % 10) if not one.is_day else "9"
            other = number[:last] + digit + number[last + 1 :]
            if other != number and "of 2024" not in text[one.start - 3 : one.end]:
                made.append((text, text[: one.start] + other + text[one.end :]))
    return made


@pytest.mark.parametrize(("text", "wrong"), changed())
def test_one_number_changed_by_hand_is_found_wherever_it_stands(known, text, wrong):
    [line, *_] = untraced_texts([("a.pptx", "slide 1", wrong)], known)
    assert line.startswith("a.pptx, slide 1: ")


def test_a_run_is_stopped_with_file_place_and_number(source):
    wrong = "The score of all customers is 41.4 (37.6 to 43.2), from 2,746 respondents."
    with pytest.raises(HandbookError) as stopped:
        check([("northfield.docx", "Loyalty, paragraph 2", wrong)], source)
    assert str(stopped.value) == (
        "an export says what the results do not: northfield.docx, Loyalty, paragraph 2: 41.4, "
        "where the results have 40.4: The score of all customers is 41.4 (37.6 to 43.2), from "
        "2,746 respondents."
    )


def test_the_first_faults_are_told_and_the_others_counted(source):
    many = [("a.pptx", f"slide {n}", f"{n}1 accounts past a promise") for n in range(1, 9)]
    with pytest.raises(HandbookError, match=r"; and 3 more$"):
        check(many, source)


def test_a_number_of_another_chapter_is_none_of_this_one(known):
    text = "Cost of the whole plan, as it was asked for: $740k"
    assert untraced_texts([Text("a.pptx", "slide 1", text, ("loyalty",))], known) == []
    assert len(untraced_texts([Text("a.pptx", "slide 1", text, ("actions",))], known)) == 1


def test_a_number_of_another_row_is_none_of_this_one(known):
    [line] = untraced_texts([("a.pptx", "slide 1, table, row 2", "Poster | $35k | 41%")], known)
    assert line == (
        "a.pptx, slide 1, table, row 2: $35k is of no figure and no table that it names: "
        "Poster | $35k | 41%"
    )


def test_a_number_of_a_figure_is_none_of_a_row_of_something_else(known):
    assert (
        untraced_texts([("a.pptx", "slide 1", "Cost of the plan as asked for: $740k")], known) == []
    )
    row = ("a.pptx", "slide 1, table, row 2", "Poster | the plan | $740k")
    [line] = untraced_texts([row], known)
    assert line.startswith("a.pptx, slide 1, table, row 2: $740k is of no figure and no table")


def test_a_number_of_nothing_that_is_named_is_found(known):
    [line] = untraced_texts([("a.pdf", "page 2", "It will take 62 years and more.")], known)
    assert line.startswith("a.pdf, page 2: 62 is of no figure and no table")


def test_a_value_goes_with_its_own_interval(known):
    text = "By another way it may be 40.4 (37.6 to 43.3)."
    assert len(untraced_texts([("a.pdf", "page 2", text)], known)) == 1


def test_names_with_numbers_in_them_are_no_numbers(source):
    study = source.study
    config = study.config.model_copy(update={"name": "Studio 54", "wave": "2005"})
    other = Known(replace(source, study=replace(study, config=config)))
    assert untraced_texts([("a.docx", "title", "Studio 54: wave 2005")], other) == []
    assert len(untraced_texts([("a.docx", "title", "Studio 55: wave 2005")], other)) == 1


NAMED = pd.DataFrame({
    "name": ["Item d0_0", "Band 3: over 100", "Ready by 1 May 2026", "Answered in 24 hours"],
    "cost": [160000.0, 35000.0, 500.0, 81000.0], "chance": [0.2, 0.93, 0.41, 0.66],
    "by": pd.to_datetime(["2026-10-30", "2026-11-30", "2026-12-30", None]),
})  # fmt: skip


@pytest.fixture(scope="module")
def numbered(source, tmp_path_factory) -> Known:
    """A run whose every name holds digits."""
    place = tmp_path_factory.mktemp("numbered")
    results.save(ChapterResult("actions", {}, {"plan": NAMED}), place / "results")
    return Known(replace(source, results_dir=place / "results", book=place / "book"))


OF_NAMED = [
    ("Item d0_0 costs $160k, and pays by a chance of 20%", "$160k", "$170k"),
    ("Band 3: over 100 | $35k | 2026-11-30", "$35k", "$36k"),
    ("Band 3: over 100 | $35k | 2026-11-30", "2026-11-30", "2026-11-29"),
    ("Ready by 1 May 2026 | $500 | 2026-12-30", "2026-12-30", "2026-05-01"),
    ("Ready by 1 May 2026 costs $500", "$500", "$600"),
    ("Ready by 1 May 2026 costs $500", "1 May", "2 May"),
    ("Answered in 24 hours costs $81k (66%)", "$81k", "$24k"),
]


@pytest.mark.parametrize(("text", "number", "other"), OF_NAMED)
def test_digits_and_days_of_names_are_no_numbers_and_those_beside_them_are(
    numbered, text, number, other
):
    assert untraced_texts([("a.docx", "table", text)], numbered) == []
    assert untraced_texts([("a.docx", "table", text.replace(number, other))], numbered)


def test_a_day_in_a_row_is_one_of_that_row(known):
    row = ("a.pptx", "slide 1, table, row 2", "Named contact | 2026-11-30 | 20%")
    assert len(untraced_texts([row], known)) == 1


def test_a_place_is_known_again_by_its_words_whatever_stands_between_them():
    known = Contexts(["Of all that answered, 57 accounts wait past a promise; others do not."])
    [one] = marks("… that answered,\n  57\naccounts wait past a …")
    assert known.known(one) == {"57"}
    [other] = marks("It has been 57 days since then, and nobody knows.")
    assert known.known(other) is None

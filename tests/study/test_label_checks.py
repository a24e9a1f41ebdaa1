"""Labels against codes: what each guard lets pass, and what it does not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from helpers.study.codebook import Codebook, Question
from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.label_checks import check_labels
from helpers.study.label_words import is_no_answer
from helpers.study.readers.raw import RawTable
from helpers.study.tables import TABLES

SCALE = Question("q", "driver", "", "q", 1, 5)
RISING = {1.0: "Very poor", 2.0: "Poor", 4.0: "Good", 5.0: "Very good"}
FALLING = {1.0: "Very good", 2.0: "Good", 4.0: "Poor", 5.0: "Very poor"}
Labels = Mapping[object, str]


def told(
    *files: Labels,
    question: Question | None = SCALE,
    name: str = "q",
    table: str = "responses",
    codes: object = (1.0, 2.0),
    values: object = None,
    missing: object = (),
) -> list[str]:
    """What is said of one column of one table, by the labels of each of its files."""
    cells = pd.concat([pd.Series(codes, dtype=object) for _ in files], ignore_index=True)
    of_file = np.repeat(np.arange(len(files)), len(cells) // len(files))
    names = tuple(f"{n}.sav" for n in range(len(files)))
    raw = RawTable(
        cells.to_frame(name), names, names, len(cells), of_file, np.arange(1, len(cells) + 1),
        labels=tuple({name: dict(one)} if one else {} for one in files),
    )  # fmt: skip
    form = Format.model_validate({"values": values or {}, "missing": missing or []})
    book = Codebook(() if question is None else (question,))
    findings = Findings()
    check_labels(raw, TABLES[table], book, form, findings)
    return [f"{f.severity} {f.file}: {f.problem} | {f.advice}" for f in findings.faults]


def one(*files: Labels, **more: object) -> str:
    (found,) = told(*files, **more)
    return found


# Which columns are compared.


@pytest.mark.parametrize(
    ("more", "told_of"),
    [
        ({}, 1),
        ({"question": None}, 0),
        ({"question": Question("q", "segment", "", "q", 1, 5)}, 0),
        ({"table": "accounts"}, 0),
        ({"name": "response_id", "question": Question("response_id", "driver", "", "", 1, 5)}, 0),
        ({"name": "revenue", "table": "financials", "question": None}, 1),
    ],
)
def test_codes_are_held_against_labels_where_they_are_marks_or_numbers(more, told_of):
    found = told({1.0: "0", 2.0: "1", 3.0: "2"}, **more)
    assert len(found) == told_of
    assert all("has codes that are not what their labels say" in text for text in found)


def test_labels_of_no_mark_are_held_against_nothing():
    assert told({}) == told({1.0: "  ", "A": "2", float("nan"): "3"}) == []
    assert told({1.0: "0", 2.0: "2"}, missing=["1"]) == []  # its code is declared
    assert told({1.0: "Never", 6.0: "  "}) == []
    number = {"name": "revenue", "table": "financials", "question": None}
    assert told({1.0: "1"}, **number) == told({0.0: "Yes"}, codes=(0.0, 1.0), **number) == []


# A code and the number that its label names.


@pytest.mark.parametrize(
    ("labels", "faulty"),
    [
        ({1.0: "0 Not at all", 2.0: "1", 3.0: "2"}, True),
        ({1.0: "0 Not at all", 2.0: "Somewhat", 3.0: "Rather", 4.0: "Very"}, False),  # mostly words
        ({1.0: "0 Not at all", 2.0: "2"}, True),  # half of them are numbers
        ({1.0: "Once", 2.0: "2-3 times", 3.0: "4"}, False),  # things are counted
        ({1.0: "1", 2.0: "2", 99.0: "98 - Refused"}, False),  # no mark
    ],
)
def test_a_label_names_a_number_where_labels_are_marks(labels, faulty):
    assert any("not what their labels say" in text for text in told(labels)) == faulty


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ([{2.0: "1", 3.0: "2"}], '{q: {"1": "2", "2": "3"}}'),
        ([{2.0: "1", 3.0: "Fair", 4.0: "3"}], '{q: {"1": "2", "2": "3", "3": "4"}}'),
        ([{1.0: "2", 2.0: "1", 3.0: "Fair"}], '{q: {"2": "1", "1": "2", "3": "3"}}'),
        ([{2.0: "7", 3.0: "8"}], None),  # on no scale of 1 to 5
        ([{2.0: "1", 3.0: "2"}, {1.0: "1"}], None),  # would move the other file as well
    ],
)
def test_a_line_to_copy_is_printed_where_it_would_be_right(files, line):
    found = next(text for text in told(*files) if "not what their labels say" in text)
    assert ("formats:" in found) == (line is not None)
    assert line is None or f"formats: {{responses: {{values: {line}}}}}" in found


def test_of_many_codes_the_last_four_are_named_and_long_labels_cut():
    found = one({float(c): f"{c - 1} - " + "w" * 60 for c in range(1, 8)})
    assert found.count("is labelled") == 4
    assert "code 3 is" not in found and "code 4 is labelled '3 - " in found
    exact = one({1.0: "0 - " + "w" * 36}).split(" | ")[0]
    assert exact.endswith("w'") and "…" not in exact
    assert "w" * 35 + "…'" in one({1.0: "0 - " + "w" * 37})


@pytest.mark.parametrize(
    ("values", "faulty"),
    [
        ({"q": {"1": "2", "2": "3"}}, False),
        ({"q": {"2": "2", "1": "3"}}, True),
        ({"q": {"1": "2"}}, True),  # 3 stays 3, and is labelled 2
    ],
)
def test_a_declared_meaning_of_codes_is_held_against_the_labels(values, faulty):
    found = told({2.0: "1", 3.0: "2", 99.0: "98 - Refused"}, values=values)
    assert len(found) == (1 if faulty else 0)
    assert not faulty or "under `formats: responses` makes it" in found[0]


# Marks and the scale.


@pytest.mark.parametrize(
    ("question", "told_of"),
    [
        (Question("q", "driver", "", "q", 1, 4), 1),
        (Question("q", "driver", "", "q", 2, 5), 1),
        (SCALE, 0),
    ],
)
def test_labelled_marks_lie_within_the_scale_its_ends_among_them(question, told_of):
    assert len(told({1.0: "Never", 5.0: "Always"}, question=question)) == told_of


def test_moved_marks_are_told_with_a_line_where_there_are_as_many_steps():
    moved = one({2.0: "Never", 6.0: "Always"})
    assert '{q: {"1": "2", "2": "3", "3": "4", "4": "5", "5": "6"}}' in moved
    assert "or, where it is no mark, declare 6 under missing_codes of q" in moved
    assert "formats:" not in one({2.0: "Never", 7.0: "Always"})
    several = told({2.0: "Never", 6.0: "Always"}, {2.0: "Never", 5.0: "Often", 6.0: "Always"})
    assert not any("formats:" in text for text in several)


NONE = ["Don't know", "Not applicable", "Weiß nicht / keine Angabe", "Ne sait pas", "No sabe",
        "Prefer not to say", "N/A", "わからない", "Не знаю", "Niet van toepassing",
        "Not able to answer", "No comment", "Doesn’t apply", "NSP/NR", "NC", "Nie mam zdania",
        "Inte aktuellt", "Δεν ξέρω", "لا أعرف", "-", "—"]  # fmt: skip


@pytest.mark.parametrize("label", NONE)
def test_no_answer_is_no_mark_in_any_of_these_words(label):
    found = one({1.0: "Poor", 4.0: "Excellent", 5.0: label}, codes=(5.0, 5.0, 3.0, 4.0))
    assert f"counts code 5, labelled {label!r}, as a mark (2 answers)" in found


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (5.0, "and end the scale at a mark: scale_max 4."),
        (1.0, "and end the scale at a mark: scale_min 2."),
        (3.0, "declare 3 under missing_codes of q in codebook.csv."),
        (6.0, None),
    ],
)
def test_no_answer_within_the_scale_is_told_with_its_number_of_answers(code, advice):
    found = told({code: "Don't know"}, codes=(3.0, code, code, None))
    assert len(found) == (0 if advice is None else 1)
    if advice:
        count = 3 if code == 3.0 else 2
        assert f"as a mark ({count} answers)" in found[0] and found[0].endswith(advice)
    short = Question("q", "driver", "", "q", 0, 1)
    assert "scale_m" not in one({1.0: "Don't know"}, question=short)


# Which end is good.


WORST_LAST = [
    ("Very satisfied", "Very dissatisfied"),
    ("Sehr gut", "Mangelhaft"),
    ("Tout à fait d'accord", "Pas du tout d'accord"),
    ("Strongly agree", "Strongly disagree"),
    ("Excelente", "Muy malo"),
    ("Extremely likely", "Not at all likely"),
    ("Very easy", "Very difficult"),
    ("Sehr einfach", "Sehr schwierig"),
    ("Exceeds expectations", "Below expectations"),
]


@pytest.mark.parametrize(("first", "last"), WORST_LAST)
def test_the_best_mark_first_is_told_in_these_words(first, last):
    labels = {1.0: first, 3.0: "Neither satisfied nor dissatisfied", 5.0: last}
    found = one(labels)
    assert "other way round" in found and first in found and last in found
    assert "write yes under reverse of q" in found
    assert told(labels, question=Question("q", "driver", "", "q", 1, 5, reverse=True)) == []


@pytest.mark.parametrize(
    ("labels", "role", "reverse", "says"),
    [
        (RISING, "driver", False, None),
        (FALLING, "driver", False, "seems to be coded the other way round"),
        (FALLING, "driver", True, None),
        (RISING, "driver", True, "is declared as reversed, yet code 1 is labelled 'Very poor'"),
        (FALLING, "effort", False, None),
        (RISING, "effort", True, None),
        ({1.0: "Disagree", 5.0: "Agree"}, "driver", True, None),  # to a complaint
        ({1.0: "Unlikely", 5.0: "Likely"}, "recommend", True, "is declared as reversed"),
        ({1.0: "Very good"}, "driver", False, None),
        ({1.0: "Good", 5.0: "Very good"}, "driver", False, None),
        ({1.0: "Good", 2.0: "Very good", 5.0: "Often"}, "driver", False, None),
        ({1.0: "Good", 5.0: "Very good"}, "driver", True, None),
        ({1.0: "Disagree", 5.0: "Very good"}, "driver", True, None),
        ({1.0: "Very poor", 5.0: "Agree"}, "driver", True, None),
    ],
)
def test_the_good_end_of_the_labels_is_that_of_the_scale(labels, role, reverse, says):
    found = told(labels, question=Question("q", role, "", "q", 1, 5, reverse=reverse))
    assert [text.split(": ")[1].startswith(says or "") for text in found] == [True] * bool(says)


@pytest.mark.parametrize(
    ("labels", "code"),
    [
        ({**RISING, 5.0: "Entzieht sich mir", 4.0: "Very good"}, 5),
        ({1.0: "Entzieht sich mir", 2.0: "Very poor", 5.0: "Very good"}, 1),
        ({4.0: "Very poor", 5.0: "Entzieht sich mir"}, None),  # two marks tell of no order
        ({1.0: "Very poor", 4.0: "Very good", 5.0: "Good"}, None),  # a mark, if an odd one
        ({1.0: "Very poor", 5.0: "Very good", 6.0: "Entzieht sich mir"}, None),  # is an error
        ({1.0: "Very poor", 4.0: "Very good", 5.0: "5"}, None),  # names a number
        ({1.0: "Very poor", 4.0: "Very good", 5.0: "Totally"}, None),  # utmost itself
        ({1.0: "Very poor", 4.0: "Good", 5.0: "Entzieht sich mir"}, None),  # good may be bettered
        ({1.0: "So so", 4.0: "Very good", 5.0: "Entzieht sich mir"}, None),
        ({1.0: "Good", 4.0: "Very good", 5.0: "Entzieht sich mir"}, None),
    ],
)
def test_words_beyond_the_utmost_mark_are_asked_about(labels, code):
    found = [text for text in told(labels) if "as a mark" in text]
    assert len(found) == (0 if code is None else 1)
    assert code is None or f"counts code {code}, labelled 'Entzieht sich mir'" in found[0]


BEYOND = [
    ({1.0: "Very poor", 2.0: "Poor", 3.0: "Good", 4.0: "Very good", 5.0: "Ekki viss"}, 5),
    ({1.0: "Ekki viss", 2.0: "Very poor", 3.0: "Poor", 4.0: "Good", 5.0: "Very good"}, 1),
    ({1.0: "Very good", 2.0: "Good", 3.0: "Poor", 4.0: "Very poor", 5.0: "Ekki viss"}, 5),
    ({1.0: "Gar nicht zufrieden", 4.0: "Sehr zufrieden", 5.0: "Entzieht sich mir"}, 5),
]


@pytest.mark.parametrize(("labels", "code"), BEYOND)
def test_words_beyond_the_last_mark_are_told_in_languages_that_nobody_listed(labels, code):
    (found,) = [text for text in told(labels) if "as a mark" in text]
    assert f"counts code {code}, labelled {labels[code]!r}" in found


@pytest.mark.parametrize(
    "labels",
    [
        {1.0: "Very poor", 2.0: "Poor", 3.0: "Neutral", 4.0: "Good", 5.0: "Very good"},
        {1.0: "Very poor", 4.0: "Very good", 5.0: "Excellent"},
        {1.0: "Very poor", 2.0: "So so", 5.0: "Very good"},
        {1.0: "Not at all likely", 3.0: "Likely", 4.0: "Very likely", 5.0: "Definitely"},
        {4.0: "Very good", 5.0: "Beyond words"},
    ],
)
def test_a_last_mark_that_is_one_is_not_told(labels):
    assert told(labels) == []


# Files beside each other.


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ({1.0: "Never", 5.0: "Always"}, {1.0: "ALWAYS", 5.0: "never"}, "error 1.sav: labels"),
        ({1.0: "Never", 5.0: "Always"}, {1.0: "NEVER ", 5.0: "always"}, None),
        ({1.0: "Never"}, {5.0: "Always"}, None),
        ({5.0: "Always"}, {5.0: "Mostly"}, "warning 1.sav: labels code 5 'Mostly', and 0.sav"),
        ({5.0: "Always"}, {}, None),
    ],
)
def test_files_say_the_same_of_a_code(first, second, says):
    found = told(first, second)
    assert len(found) == (0 if says is None else 1)
    assert says is None or found[0].startswith(says)


# Yes and no.

CONSENT = {"name": "consent_named", "table": "contacts", "question": None}


@pytest.mark.parametrize(
    ("labels", "codes", "more", "faulty"),
    [
        ({0.0: "Yes"}, (0.0, 1.0), {}, True),
        ({0.0: "No"}, (0.0, 1.0), {}, False),
        ({0.0: "Yes", 1.0: "No"}, (0.0, 1.0), {}, False),
        ({0.0: "Yes"}, (0.0, 7.0), {}, False),  # 7 is read as neither, which is told elsewhere
        ({0.0: "Yes"}, (0.0, None), {}, False),
        ({0.0: "Yes"}, (0.0, 1.0), {"missing": ["1"]}, False),
        ({}, (0.0, 1.0), {}, False),
    ],
)
def test_a_code_without_a_label_is_not_read_as_what_another_is_labelled(
    labels, codes, more, faulty
):
    found = told(labels, codes=codes, **CONSENT, **more)
    assert len(found) == (1 if faulty else 0)
    assert not faulty or "code 1 without a label, which would be read as yes" in found[0]


def test_a_bare_nought_is_not_read_as_the_no_of_another_code():
    found = one({1.0: "No"}, codes=(1.0, 0.0), **CONSENT)
    assert "code 0 without a label, which would be read as no, and code 1" in found


def test_a_file_without_labels_parts_no_two_that_have_some():
    assert len(told({1.0: "Never"}, {}, {5.0: "Never"})) == 1


def test_bare_codes_of_a_file_are_held_against_its_own_labels():
    assert told({0.0: "No", 1.0: "Yes"}, {}, codes=(0.0, 1.0), **CONSENT) == []
    assert len(told({0.0: "Yes"}, {0.0: "No"}, codes=(0.0, 1.0), **CONSENT)) == 1


NAMED = {"question": Question("q", "segment", "", "q"), "codes": (1.0, 2.0)}


def test_a_file_without_labels_beside_one_with_them_parts_no_answer_in_two():
    """Groups were North, South, 1 and 2, and nothing was said."""
    found = one({1.0: "North", 2.0: "South"}, {}, **NAMED)
    assert found.startswith("error 1.sav") and "1 ('North' in 0.sav), 2 ('South' in" in found
    line = '{responses: {values: {q: {"North": "1", "South": "2"}}}}'
    assert line in found
    same = {"North": ["1"], "South": ["2"]}
    assert told({1.0: "North", 2.0: "South"}, {}, values={"q": same}, **NAMED) == []
    assert told({1.0: "North", 2.0: "South"}, {}, question=None)[0].startswith("warning")
    quoted = one({1.0: 'The "old" part', 2.0: "South"}, {}, **NAMED)
    line = quoted.partition("`")[2].partition("`")[0]
    said = YAML(typ="safe").load(line)["formats"]["responses"]["values"]["q"]
    assert said == {'The "old" part': "1", "South": "2"}


@pytest.mark.parametrize(
    ("codes", "missing", "told_of"),
    [
        ((1.0, 2.0, 1.0, 7.0), [], 1),
        ((1.0, 2.0, 1.0, 7.0), ["7"], 0),
        ((1.0, 2.0, 1.0, None), [], 0),
        ((1.0, 5.0, 6.0, 7.0), [], 0),  # most have none: a number with one label
    ],
)
def test_a_code_without_a_label_among_answers_in_words_is_told(codes, missing, told_of):
    asked = NAMED["question"]
    found = told({1.0: "North", 2.0: "South"}, question=asked, codes=codes, missing=missing)
    assert len(found) == told_of
    assert (
        not told_of or "a code without a label (7), shown as it is, in 1 of 4 answers" in found[0]
    )


@pytest.mark.parametrize(
    ("label", "silent"),
    [("-", True), (" – ", True), ("?", True), ("n/a", True), ("-1", False), ("? 1", False)],
)
def test_a_label_of_dashes_alone_says_that_nobody_answered(label, silent):
    assert is_no_answer(label) == silent

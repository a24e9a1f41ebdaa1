"""codebook.csv: roles, scales and the answers that are none."""

from __future__ import annotations

import re

import pytest

from helpers.study import check_client, open_study

HEAD = "variable,text,role,label,scale_min,scale_max,reverse,missing_codes\n"
SOUND = "nps,Q,recommend,NPS,0,10,,\nease,Q,driver,Ease,0,10,,99\ntrouble,Q,driver,T,1,5,yes,\n"


def messages(folder):
    return [str(fault) for fault in check_client(folder)]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("why,Q,drivr,W,0,10,,", "Did you mean driver?"),
        ("why,Q,driver,W,,10,,", "Give both ends of the scale"),
        ("why,Q,driver,W,10,0,,", "Write the lower end first"),
        ("why,Q,driver,W,zero,10,,", "is not a number"),
        ("why,Q,comment,W,,,perhaps,", "is neither yes nor no"),
        ("why,Q,stated,W,,,yes,", "why has no scale to be turned round"),
        ("why,Q,segment,W,,,y,", "Write no: its answers are groups or words."),
        ("ease,Q,driver,W,0,10,,", "is described twice"),
        (",Q,driver,W,0,10,,", "Name the question's column"),
    ],
)
def test_a_wrong_row_is_one_message_with_its_row(client, row, says):
    book = HEAD + SOUND + row + "\n"
    data = "response_id,wave,nps,ease,trouble,why\nr,2026H1,9,8,2,1\n"
    (found,) = messages(client({"codebook.csv": book, "responses.csv": data}))
    assert says in found
    assert found.startswith("codebook.csv, row 4")


def test_no_codebook_and_one_without_roles_are_faults(client):
    assert "codebook.csv: is not in the folder" in messages(client({"codebook.csv": None}))[0]
    found = messages(client({"codebook.csv": "variable,rol\nnps,recommend\n"}))[0]
    assert "Rename 'rol' to 'role'" in found


def test_declared_codes_become_missing_and_are_counted(client):
    study = open_study(client())
    assert study.responses["ease"].isna().sum() == 1
    assert any("ease = 99" in note.what and note.count == 1 for note in study.notes)


def test_a_declared_text_code_becomes_missing(client):
    book = HEAD + "nps,Q,recommend,NPS,0,10,,never used;99\n"
    data = "response_id,wave,nps\nr1,2026H1,9\nr2,2026H1,never used\nr3,2026H1,99.0\n"
    study = open_study(client({"codebook.csv": book, "responses.csv": data}))
    assert study.responses["nps"].isna().to_list() == [False, True, True]


def test_codes_and_mistakes_in_one_column_are_two_messages(client):
    data = (
        "response_id,wave,nps,ease,trouble\nr1,2026H1,-1,1,1\nr2,2026H1,42,1,1\nr3,2026H1,-1,1,1\n"
    )
    coded, mistaken = messages(client({"responses.csv": data}))
    assert "row 1, column nps: '-1' and 1 more are not between 0 and 10" in coded
    assert "declare -1 under missing_codes" in coded
    assert "row 2, column nps: '42' is not between 0 and 10" in mistaken


def test_a_scale_recorded_from_one_to_eleven_is_named(client):
    rows = "".join(f"r{i},2026H1,{i},5,3\n" for i in range(1, 12))
    (found,) = messages(client({"responses.csv": "response_id,wave,nps,ease,trouble\n" + rows}))
    assert "recorded as 1 to 11" in found


def test_it_is_named_too_where_nobody_gave_the_lowest_marks(client):
    """Taken for no answer, the elevens would take the best marks away."""
    rows = "".join(f"r{i},2026H1,{6 + i % 6},5,3\n" for i in range(1, 13))
    (found,) = messages(client({"responses.csv": "response_id,wave,nps,ease,trouble\n" + rows}))
    assert "recorded as 1 to 11" in found


def test_labels_where_numbers_are_expected(client):
    data = "response_id,wave,nps,ease,trouble\nr1,2026H1,Very likely,1,1\nr2,2026H1,9,1,1\n"
    (found,) = messages(client({"responses.csv": data}))
    assert "'Very likely' is not a number. Send codes instead of labels" in found


def test_a_question_that_runs_against_the_others_is_a_warning(client, rng):
    book = HEAD + "".join(f"q{i},Q,driver,Q{i},0,10,,\n" for i in range(4))
    common = rng.normal(5, 2, 200)
    rows = []
    for i in range(200):
        a, b, c, d = (common[i] + rng.normal(0, 1, 4)).clip(0, 10).round()
        rows.append(f"r{i},2026H1,{a:g},{b:g},{c:g},{10 - d:g}")
    data = "response_id,wave,q0,q1,q2,q3\n" + "\n".join(rows) + "\n"
    study = open_study(client({"codebook.csv": book, "responses.csv": data}))
    (warning,) = study.warnings
    assert warning.column == "q3"
    assert "write yes under reverse" in warning.advice


def test_a_text_code_that_means_no_answer_is_counted_once(client):
    book = HEAD + "nps,Q,recommend,N,0,10,,\nease,Q,driver,E,0,10,,n/a\n"
    data = "response_id,wave,nps,ease\nr1,2026H1,9,n/a\nr2,2026H1,9,n/a\nr3,2026H1,9,4\n"
    study = open_study(client({"codebook.csv": book, "responses.csv": data}))
    told = [(note.what, note.count) for note in study.notes if "missing" in note.what]
    assert told == [("ease = n/a read as missing", 2)]


CODED = {
    "codes of letters": (["A9", "A3"], [9.0, 3.0]),
    "codes that begin at 1": (["A11", "A4", "A1"], [10.0, 3.0, 0.0]),
    "parts of the highest": (["9/10", "3/10"], [9.0, 3.0]),
    "out of the highest": (["9 out of 10", "10 out of 10"], [9.0, 10.0]),
}


@pytest.mark.parametrize(("words", "marks"), CODED.values(), ids=CODED)
def test_marks_in_codes_are_read_once_the_advice_is_declared(client, words, marks):
    rows = "".join(f"r{n},2026H1,{word},1,1\n" for n, word in enumerate(words))
    files = {"responses.csv": f"response_id,wave,nps,ease,trouble\n{rows}"}
    found = next(text for text in messages(client(files)) if "is not a number" in text
                 or "are not a number" in text)  # fmt: skip
    line = re.search(r"`formats: (.*?)` in client.yml", found).group(1)
    assert open_study(client(files, formats=line)).responses["nps"].to_list() == marks


@pytest.mark.parametrize("words", [["4/5", "3/5"], ["A9", "B"], ["1/10", "12/10"]])
def test_codes_that_name_no_mark_of_the_scale_are_not_declared(client, words):
    rows = "".join(f"r{n},2026H1,{word},1,1\n" for n, word in enumerate(words))
    folder = client({"responses.csv": f"response_id,wave,nps,ease,trouble\n{rows}"})
    assert not any("values: {nps" in text for text in messages(folder))


@pytest.mark.parametrize("code", ["0", "10"])
def test_a_missing_code_that_is_an_end_of_the_scale_is_told(client, code):
    book = HEAD + f"nps,Q,recommend,N,0,10,,{code};99\n"
    data = "response_id,wave,nps\nr1,2026H1,0\nr2,2026H1,10.0\nr3,2026H1,99\nr4,2026H1,4\n"
    (found,) = messages(client({"codebook.csv": book, "responses.csv": data}))
    assert f"'{code}' is an end of the scale, 0 to 10, of nps: 1 answers are left out" in found
    inner = HEAD + "nps,Q,recommend,N,0,10,,4\n"
    data = data.replace("99", "9")
    assert messages(client({"codebook.csv": inner, "responses.csv": data})) == []


def test_a_recommendation_on_another_scale_is_said_to_make_no_net_promoter_score(client):
    book = HEAD + "nps,Q,recommend,N,1,10,,\n"
    data = "response_id,wave,nps\nr1,2026H1,9\nr2,2026H1,3\n"
    study = open_study(client({"codebook.csv": book, "responses.csv": data}))
    assert any("asked from 1 to 10" in note.what for note in study.notes)
    book = book.replace("1,10", "0,10")
    study = open_study(client({"codebook.csv": book, "responses.csv": data}))
    assert not any("asked from" in note.what for note in study.notes)

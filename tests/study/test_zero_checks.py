"""Zeros that stand for no answer: told with counts and the line, and genuine ones not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.study import check_client, open_study
from helpers.study.codebook import Codebook, Question
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.readers.raw import one_file
from helpers.study.tables import TABLES
from helpers.study.zero_checks import check_zeros

NAMES = ("nps", "a", "b", "c")
QUESTIONS = tuple(
    Question(n, "recommend" if n == "nps" else "driver", n, n, 0.0, 10.0) for n in NAMES
)


def survey(rows: int = 200) -> pd.DataFrame:
    """Answers of people who are of one mind, from 1 to 10 and a few of 0."""
    rng = np.random.default_rng(7)
    mood = rng.normal(7, 2, rows)
    said = {n: np.clip(np.round(mood + rng.normal(0, 1.5, rows)), 0, 10) for n in NAMES}
    return pd.DataFrame({"wave": np.where(np.arange(rows) % 2, "W1", "W2"), **said})


def told(frame: pd.DataFrame, questions=QUESTIONS) -> list[str]:
    frame = frame.reset_index(drop=True)
    raw = one_file(frame.astype(object), "responses.csv", "")
    findings = Findings()
    check_zeros(Typed(TABLES["responses"], frame, raw), Codebook(tuple(questions)), findings)
    return [str(fault) for fault in findings.faults]


def test_an_honest_survey_has_none_and_neither_has_one_of_angry_people():
    assert told(survey()) == []
    angry = survey()
    rng = np.random.default_rng(1)
    angry.loc[:59, list(NAMES)] = rng.choice([0, 0, 0, 1, 2], (60, 4)).astype(float)
    assert told(angry) == []


def test_a_spike_of_zeros_from_people_who_are_low_elsewhere_is_theirs():
    frame = survey()
    frame.loc[:19, "nps"] = 0.0
    frame.loc[:19, ["a", "b", "c"]] = [3.0, 4.0, 2.0]
    assert told(frame) == []


@pytest.mark.parametrize("name", ["nps", "b"])
def test_zeros_of_one_question_from_people_who_are_content_are_told(name):
    frame = survey()
    frame.loc[frame.index[frame["c"] > 6][:30], name] = 0.0
    (said,) = told(frame)
    ones = [int(frame[name].eq(mark).sum()) for mark in (0, 1, 2)]
    assert f"column {name}: '0' stands in {ones[0]} answers, beside {ones[1]} of 1" in said
    assert f'declare `formats: {{responses: {{missing: {{{name}: ["0"]}}}}}}` in client.yml' in said


def test_one_question_alone_needs_more_of_them():
    frame = survey()[["wave", "nps"]]
    frame["nps"] = frame["nps"].clip(lower=2)
    frame.loc[:29, "nps"] = 0.0
    low = int(frame["nps"].eq(2).sum())
    assert bool(told(frame, QUESTIONS[:1])) == (10 * low < 30)
    frame["nps"] = frame["nps"].mask(frame["nps"].eq(2), 3)
    assert len(told(frame, QUESTIONS[:1])) == 1


def test_rows_of_zeros_throughout_are_told_with_their_number():
    frame = survey()
    frame.loc[10:14, list(NAMES)] = 0.0
    (said,) = told(frame)
    assert "row 11: answers 0 to every question whose scale begins at 0" in said
    assert "rows 12, 13, 14, 15 alike, 5 in all" in said
    assert "write 0 under missing_codes of nps, a, b, c in codebook.csv" in said
    frame.loc[12:14, list(NAMES)] = 8.0  # two may be as angry as that
    assert told(frame) == []


def test_rows_of_zeros_where_others_left_blanks_are_told():
    """A block of questions that half were not asked: blank for some, 0 for others."""
    frame = survey()
    frame.loc[:79, ["a", "b", "c"]] = np.nan
    frame.loc[80:99, ["a", "b", "c"]] = 0.0
    said = told(frame)
    assert [text.split("column ")[1][:1] for text in said] == ["a", "b", "c"]
    assert all("'0' stands in" in text for text in said)


def test_zeros_of_a_wave_in_the_place_of_the_others_blanks_are_told():
    frame = survey()
    frame[list(NAMES)] = frame[list(NAMES)].clip(lower=1)
    second = frame["wave"].eq("W2").to_numpy()
    frame.loc[frame.index[~second][:20], "b"] = np.nan
    some = frame.index[second & (frame["a"] <= 5)][:8]
    frame.loc[some, "b"] = 0.0
    frame.loc[second & frame["b"].between(1, 2), "b"] = 3.0
    frame.loc[some, ["nps", "a", "c"]] = 3.0
    (said,) = told(frame)
    assert (
        "'0' stands in 8 answers of W2, where nothing is blank; in the other waves 20 are" in said
    )
    frame.loc[frame.index[second][-1], "b"] = np.nan  # blanks are blank here too
    assert told(frame) == []


def test_what_is_declared_is_told_no_more_and_other_scales_are_left(client):
    frame = survey()
    frame.loc[frame.index[frame["c"] > 6][:30], "b"] = 0.0
    declared = [
        Question(q.variable, q.role, q.text, q.label, 0.0, 10.0, missing_codes=("0",))
        for q in QUESTIONS
    ]
    assert told(frame, declared) == []
    flags = survey().assign(flag=[0.0] * 190 + [1.0] * 10)
    assert told(flags, [*QUESTIONS, Question("flag", "driver", "f", "f", 0.0, 1.0)]) == []


def test_the_line_that_is_advised_makes_them_blanks(client):
    frame = survey(80).assign(response_id=[f"r{n}" for n in range(80)], account_id="007")
    frame["wave"] = frame["wave"].map({"W1": "2025H2", "W2": "2026H1"})
    frame.loc[frame.index[frame["c"] > 6][:20], "b"] = 0.0
    book = "variable,text,role,label,scale_min,scale_max\nnps,R?,recommend,R,0,10\n"
    book += "".join(f"{n},{n}?,driver,{n},0,10\n" for n in "abc")
    files = {"responses.csv": frame.astype(str).to_csv(index=False), "codebook.csv": book}
    (fault,) = [f for f in check_client(client(files)) if "content elsewhere" in f.problem]
    line = fault.advice.split("declare `formats: ")[1].split("` in client.yml")[0]
    study = open_study(client(files, formats=line))
    assert int(study.tables["responses"]["b"].isna().sum()) == int(frame["b"].eq(0).sum())
    assert not [f for f in study.warnings if "stands in" in f.problem]

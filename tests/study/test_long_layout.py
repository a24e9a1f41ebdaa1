"""One row a respondent and question: the query that turns it is drafted, and gives the numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.study import check_client, open_study
from helpers.study.drafting import client_from, draft_codebook
from helpers.study.drafting.export import read_export
from helpers.study.drafting.long import find_long

PEOPLE = 120
ASKED = ("Would recommend", "Delivery", "Price")


def wide(seed=2):
    rng = np.random.default_rng(seed)
    mood = rng.normal(7, 1.5, PEOPLE)
    answers = {
        name: np.clip(np.round(mood + rng.normal(0, 1, PEOPLE)), 0, 10).astype(int)
        for name in ASKED
    }
    ids = [f"{n:04d}" for n in range(1, PEOPLE + 1)]
    told = {"Respondent ID": ids, "Region": np.where(np.arange(PEOPLE) % 2, "N", "S")}
    days = [f"2026-05-{n % 28 + 1:02d}" for n in range(PEOPLE)]
    return pd.DataFrame({**told, "Date": days, **answers})


def long(question="Question", answer="Score"):
    kept = ["Respondent ID", "Region", "Date"]
    return wide().melt(kept, list(ASKED), question, answer).sample(frac=1, random_state=1)


def written(path, frame, mark=","):
    if path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    else:
        frame.to_csv(path, index=False, sep=mark)
    return path


def confirmed(folder):
    """The folder with every mark taken away, as a consultant does who finds the guesses right."""
    for name, mark in (("client.yml", "  # ?"), ("responses.sql", "-- ?")):
        path = folder / name
        lines = path.read_text(encoding="utf-8").splitlines()
        if name == "client.yml":
            lines = [line.split(mark)[0] for line in lines]
        else:
            lines = [line for line in lines if not line.startswith(mark)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    book = folder / "codebook.csv"
    frame = pd.read_csv(book, dtype=str, keep_default_na=False)
    for name in ("role", "scale_min", "scale_max", "reverse", "missing_codes", "group"):
        frame[name] = frame[name].str.removesuffix("?")
    frame.to_csv(book, index=False)


@pytest.mark.parametrize(
    ("name", "mark", "question", "answer"),
    [
        ("answers.csv", ",", "Question", "Score"),
        ("answers.csv", ";", "Frage", "Wert"),
        ("answers.csv.gz", ",", "measure_id", "value"),
        ("answers.tsv", "\t", "Item code", "Answer"),
        ("answers.parquet", ",", "Pregunta", "Valor"),
    ],
)
def test_a_long_file_needs_no_query_by_hand(tmp_path, name, mark, question, answer):
    made = client_from(tmp_path / "acme", [written(tmp_path / name, long(question, answer), mark)])
    assert made.draft.row("Would recommend").role.value == "recommend"
    assert made.draft.row("Region").role.value == "segment"
    assert made.draft.keys.columns["response_id"][0] == "Respondent ID"
    confirmed(made.folder)
    assert [str(f) for f in check_client(made.folder) if f.severity == "error"] == []
    study, truth = open_study(made.folder), wide().set_index("Respondent ID")
    read = study.responses.sort_index()
    assert list(read.index) == list(truth.index)  # zeros in front kept
    for asked in ASKED:
        assert (read[asked] == truth[asked]).all()


def test_several_waves_of_one_respondent_are_rows_of_their_own(tmp_path):
    both = pd.concat([long().assign(Wave="2025H2"), long().assign(Wave="2026H1")])
    found = find_long(read_export(written(tmp_path / "a.csv", both)))
    assert found.who == ("Respondent ID", "Wave")


def test_a_year_that_is_stored_with_a_point_is_a_wave_without_one(tmp_path):
    frame = long().assign(year=2026.0).assign(**{"Respondent ID": long()["Respondent ID"]})
    both = pd.concat([frame, frame.assign(year=2025.0)])
    made = client_from(tmp_path / "acme", [written(tmp_path / "a.parquet", both)])
    assert set(made.draft.export.item("year").cells) == {"2025", "2026"}
    assert "0001" in set(made.draft.export.item("Respondent ID").cells)


def test_where_two_columns_hold_answers_the_query_is_marked_until_somebody_looks(tmp_path):
    frame = long()
    frame["Mean"] = frame["Score"].where(frame["Question"] == "Price")
    frame["Score"] = frame["Score"].where(frame["Question"] != "Price")
    made = client_from(tmp_path / "acme", [written(tmp_path / "answers.csv", frame)])
    told = [str(f) for f in check_client(made.folder) if f.file == "responses.sql"]
    assert len(told) == 1
    assert "is still a guess (line 2): the answers are taken from" in told[0]
    assert "Score" in told[0] and "Mean" in told[0]
    confirmed(made.folder)
    assert not [f for f in check_client(made.folder) if f.file == "responses.sql"]


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: frame.rename(columns={"Question": "Shop"}),  # a place is no question
        lambda frame: pd.concat([frame, frame.head(3)]),  # some twice: nothing may be lost
        lambda frame: frame[frame["Question"] == "Price"],  # one question alone
        lambda frame: frame.assign(Score="often"),  # no numbers
    ],
)
def test_what_may_be_no_long_layout_is_left_as_it_is(tmp_path, change):
    assert find_long(read_export(written(tmp_path / "a.csv", change(long())))) is None


def test_a_file_with_one_row_a_respondent_is_no_long_layout(tmp_path):
    path = written(tmp_path / "a.csv", wide().assign(Question="x", Measure=wide()["Region"]))
    assert find_long(read_export(path)) is None
    assert draft_codebook(path).export.path == path


def test_names_with_quotation_marks_stand_in_the_query_as_they_are(tmp_path):
    frame = long()
    frame["Question"] = frame["Question"].replace("Price", 'Price "level" of O\'Neill')
    made = client_from(tmp_path / "acme", [written(tmp_path / "answers.csv", frame)])
    assert made.draft.row('Price "level" of O\'Neill') is not None


def test_of_two_columns_with_the_same_numbers_the_one_without_words_is_taken(tmp_path):
    """A copy of the answers as they were printed says why there is none where there is none."""
    frame = long("measure_id", "stars")
    frame["printed"] = frame["stars"].astype(object)
    gone = frame["stars"] < 4
    frame.loc[gone, "stars"] = None
    frame.loc[gone, "printed"] = "Too few answers"
    found = find_long(read_export(written(tmp_path / "answers.csv", frame)))
    assert set(found.answers.values()) == {"stars"}

"""Rows that were pasted in again under new ids are found, and honest likeness is not."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from helpers.study import check_client, open_study
from helpers.study.copies import copied_rows


def answers(n: int, questions: int, load: float, seed: int = 0) -> pd.DataFrame:
    """Answers from 1 to 10 with one opinion behind them."""
    rng = np.random.default_rng(seed)
    mood, own = rng.normal(size=(n, 1)), rng.normal(size=(n, questions))
    said = np.clip(np.round(7.5 + 2 * (load * mood + (1 - load**2) ** 0.5 * own)), 1, 10)
    return pd.DataFrame(said, columns=[f"q{k}" for k in range(questions)])


@pytest.mark.parametrize(
    ("n", "questions", "load"), [(8_239, 5, 0.9), (8_239, 10, 0.7), (2_000, 6, 0.95)]
)
def test_a_block_pasted_in_again_is_found_and_hardly_anybody_else(n, questions, load):
    said = answers(n, questions, load)
    assert not (copied_rows(said) >= 0).any()
    again = pd.concat([said, said.iloc[100:500]], ignore_index=True)
    found = copied_rows(again)
    assert (found.iloc[n:] >= 0).all()
    assert (found.iloc[:n] >= 0).sum() <= 0.005 * n


def test_copies_in_any_order_are_found_where_answers_are_many():
    said = answers(4_000, 20, 0.7)
    mixed = pd.concat([said, said.iloc[:400]]).sample(frac=1, random_state=1)
    assert (copied_rows(mixed.reset_index(drop=True)) >= 0).sum() == pytest.approx(400, abs=4)


def test_the_same_words_tell_a_copy_among_few_answers():
    said = answers(300, 5, 0.9)
    said["comment"] = [f"Delivery came {k} days late again." for k in range(300)]
    again = pd.concat([said, said.iloc[[3, 70, 9]]], ignore_index=True)
    assert copied_rows(again, again[["comment"]]).tail(3).tolist() == [3, 70, 9]


@pytest.mark.parametrize("kind", ["satisfied", "two answers", "few rows"])
def test_people_who_are_of_one_mind_are_no_copies(kind):
    said = {
        "satisfied": answers(3_000, 8, 0.9).where(lambda x: x < 8, 10.0),
        "two answers": answers(3_000, 6, 0.8) // 6,
        "few rows": answers(40, 5, 0.95),
    }[kind]
    assert not (copied_rows(said) >= 0).any()


BOOK = (
    "variable,text,role,label,scale_min,scale_max\n"
    + "".join(f"q{k},Q{k},driver,Q{k},1,10\n" for k in range(8))
    + "comment,Why?,comment,Comment,,\n"
)


def folder(client, pasted: int):
    said = answers(600, 8, 0.7)
    said["comment"] = [f"My own words, number {k}." if k % 4 == 0 else None for k in range(600)]
    said = pd.concat([said, said.iloc[:pasted]], ignore_index=True)
    said.insert(0, "response_id", [f"r{k}" for k in range(len(said))])
    return client({"codebook.csv": BOOK, "responses.csv": said.to_csv(index=False)})


def test_the_check_names_the_first_row_and_how_many(client):
    found = [str(f) for f in check_client(folder(client, 40)) if "repeat the answers" in str(f)]
    assert len(found) == 1
    assert "row 601" in found[0]
    assert "39 more rows repeat the answers of an earlier row, this one those of row 1" in found[0]
    assert not [f for f in check_client(folder(client, 0)) if "repeat the answers" in str(f)]


def test_a_study_knows_which_responses_are_copies(client):
    study = open_study(folder(client, 40))
    assert study.copied.sum() == 40
    assert study.copied.tail(40).all()


def test_short_surveys_of_very_many_people_take_no_time():
    """Few questions have few answers, which stand at any distance from one another."""
    said = pd.DataFrame(np.random.default_rng(7).integers(0, 11, (300_000, 5)))
    again = pd.concat([said, said.iloc[1_000:1_040]], ignore_index=True)
    began = time.process_time()
    found = copied_rows(again)
    assert time.process_time() - began < 10  # half a second; looking at each distance: minutes
    assert found.tail(40).tolist() == list(range(1_000, 1_040))

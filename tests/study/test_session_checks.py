"""What a survey tool records beside the answers."""

from __future__ import annotations

import pandas as pd
import pytest
from checking import told

from helpers.study.codebook import Codebook, Question
from helpers.study.session_checks import check_sessions

NAMES = [f"q{n}" for n in range(8)]
BOOK = Codebook((*(Question(n, "driver", n, n, 0.0, 10.0) for n in NAMES),
                 Question("why", "comment", "Why?", "Why")))  # fmt: skip


def answers(**changed: object) -> pd.DataFrame:
    frame = pd.DataFrame({"wave": "W", **{n: [float(m % 11) for m in range(40)] for n in NAMES},
                          "duration_s": [300.0 + n for n in range(40)],
                          "weight": [1.0 + n % 3 for n in range(40)],
                          "why": "Costs < 5 & more"})  # fmt: skip
    return frame.assign(**changed)


def said(**changed: object) -> list[str]:
    return told(check_sessions, {"responses": answers(**changed)}, BOOK)


def test_plain_records_have_no_fault():
    assert said() == []


@pytest.mark.parametrize(
    ("times", "unit"), [(1 / 60, "minutes"), (1000, "milliseconds"), (0.1, None), (10, None)]
)
def test_durations_in_another_unit_are_told(times, unit):
    found = said(duration_s=[(300.0 + n) * times for n in range(40)])
    assert [f"If {unit} are meant" in text for text in found] == ([True] if unit else [])


def test_a_weight_above_all_others_is_told():
    (text,) = said(weight=[1.0] * 39 + [500.0])
    assert "row 40, column weight: '500' is more than a fifth of the weight of its wave" in text
    assert said(weight=[1.0] * 39 + [8.0]) == []


def test_a_chance_so_small_that_one_answer_decides_is_told():
    def chances(first: float, answered: str = "complete") -> list[str]:
        asked = pd.DataFrame({"wave": "W", "disposition": [answered] + ["complete"] * 39,
                              "inclusion_probability": [first] + [0.5] * 39})  # fmt: skip
        return told(check_sessions, {"responses": answers(), "invitations": asked}, BOOK)

    (text,) = chances(1e-9)
    assert "row 1, column inclusion_probability: '1e-09' is so small a chance" in text
    assert chances(0.1) == chances(1e-9, "noncontact") == []


@pytest.mark.parametrize("text", ["<p>Late</p>", "Late &amp; dear", "late<br/>again", "it&#39;s"])
def test_marks_of_a_web_page_in_texts_are_told(text):
    (found,) = said(why=["Late", text] * 20)
    assert "row 2, column why: " in found and "and 19 more texts hold marks of a web page" in found
    pages = {"responses": answers(), "comments": pd.DataFrame({"text": [text]})}
    assert len(told(check_sessions, pages, BOOK)) == 1

"""The staff's survey, and what functions are paid on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from checking import told

from helpers.study.codebook import Codebook, Question
from helpers.study.staff_checks import check_staff

BOOK = Codebook((Question("delivery", "driver", "D?", "On-time delivery", 0.0, 10.0),
                 Question("price", "driver", "P?", "Price", 0.0, 10.0)))  # fmt: skip
PAID = pd.DataFrame({"function": ["Sales", "Sales", "Service"], "metric": ["a", "b", "c"],
                     "pay_weight": [0.6, 0.2, 0.5], "direction": ["up", "down", "up"],
                     "driver": ["delivery", "On-time delivery", None]})  # fmt: skip


def staff() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    asked = ("generation_1", "dissemination_1", "responsiveness_1", "belief")
    marks = {n: rng.integers(1, 6, 60).astype(float) for n in asked}
    guesses = {n: rng.integers(2, 11, 60).astype(float) for n in ("guess_delivery", "guess_price")}
    return pd.DataFrame({"wave": "W", "function": ["Sales", "Service"] * 30, **marks, **guesses})


def said(frame: pd.DataFrame | None = None, paid: pd.DataFrame = PAID) -> list[str]:
    tables = {"employee_survey": staff() if frame is None else frame, "function_metrics": paid}
    return told(check_staff, tables, BOOK)


def test_a_survey_of_staff_in_order_has_no_fault():
    assert said() == []


@pytest.mark.parametrize("code", [0.0, 9.0, 99.0])
def test_marks_beyond_the_scale_are_told_with_the_line(code):
    frame = staff()
    frame.loc[[2, 5], "belief"] = code
    (text,) = said(frame)
    assert f"row 3, column belief: '{code:g}' is no mark of the scale from 1 to 5" in text
    assert f'missing: {{belief: ["{code}"]}}' in text


def test_a_question_on_another_scale_than_the_others_is_told():
    frame = staff()
    (text,) = said(frame.assign(belief=frame["belief"] * 20))
    assert "column belief: runs from 20 to 100, and the others from 1 to 5" in text
    seven = {n: frame[n] + 2 for n in frame if n.startswith(("gen", "diss", "resp", "bel"))}
    assert said(frame.assign(**seven)) == []


def test_guesses_are_of_a_driver_and_on_its_scale():
    frame = staff()
    (text,) = said(frame.rename(columns={"guess_price": "guess_prices"}))
    assert "column guess_prices: is a guess of no driver" in text and "price" in text
    short = {n: (frame[n] / 2).round() for n in ("guess_delivery", "guess_price")}
    (text,) = said(frame.assign(**short))
    assert "no answer above 5, and customers rate from 0 to 10" in text
    frame.loc[3, "guess_price"] = 11.0
    (text,) = said(frame)
    assert "row 4, column guess_price: '11' lies outside the scale of its driver" in text


def test_rows_pasted_in_twice_are_told():
    frame = staff()
    (text,) = said(pd.concat([frame, frame.head(20)]))
    assert "row 61: repeats the answers of an earlier row, in a block of such rows; 20 rows" in text


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"direction": ["positive", "down", "up"]}, "'positive' is neither up nor down"),
        ({"driver": ["delivary", None, None]}, "'delivary' is no driver of codebook.csv"),
        ({"pay_weight": [60.0, 20.0, 0.5]}, "'60' is one of weights of Sales that sum to 80"),
        ({"function": ["Sale", "Sale", "Service"]}, "'Sale' is no function of the staff's survey"),
    ],
)
def test_what_functions_are_paid_on_is_told_where_it_cannot_be(columns, expected):
    found = said(paid=PAID.assign(**columns))
    assert any(expected in text for text in found)


def test_weights_in_per_cent_throughout_are_none_to_tell():
    assert said(paid=PAID.assign(pay_weight=[60.0, 40.0, 100.0])) == []

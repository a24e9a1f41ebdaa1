"""Benchmarks that were asked in a way in which no answer was collected."""

from __future__ import annotations

import pandas as pd
import pytest
from checking import told

from helpers.study.benchmark_modes import check_modes

OURS = ["web", "web", "phone"]


def said(
    *modes: str, metrics: tuple[str | None, ...] = (), ours: list[str] | None = OURS
) -> list[str]:
    outside = pd.DataFrame({"metric": metrics or "nps", "mode": list(modes)})
    answers = pd.DataFrame({"recommend": [9.0, 8.0, 3.0]})
    answers = answers if ours is None else answers.assign(mode=ours)
    return told(check_modes, {"responses": answers, "benchmarks": outside})


def test_benchmarks_of_our_modes_have_no_fault():
    assert said("web", "phone") == []
    assert said("web", "paper") == []  # bought with others that are compared
    assert told(check_modes, {"responses": pd.DataFrame({"recommend": [9.0]})}) == []


@pytest.mark.parametrize(
    ("mode", "meant"),
    [("online", "web"), ("Web", "web"), ("CAWI", "web"), ("telephone", "phone"), ("CATI", "phone")],
)
def test_another_word_for_one_of_our_modes_is_told_with_what_to_write(mode, meant):
    (found,) = said("web", mode)
    assert f"row 2, column mode: '{mode}' is no mode of our answers (web, phone)" in found
    assert f"If that is {meant}, write {meant}" in found


def test_a_figure_that_is_compared_with_none_is_told():
    (found,) = said("web", "paper", metrics=("nps", "effort"))
    assert "row 2, column mode: 'paper' is no mode of our answers" in found
    assert "If that is" not in found


def test_a_row_without_a_metric_is_told_of_elsewhere_and_stops_nothing():
    found = said("paper", "web", "letter", metrics=("nps", "effort", None))
    assert ["row 1, " in found[0], "row 3, " in found[1], len(found)] == [True, True, 2]


def test_answers_that_do_not_say_their_mode_are_told():
    (found,) = said("web", ours=None)
    assert "column mode: is compared with nothing: no answer says how it was collected" in found

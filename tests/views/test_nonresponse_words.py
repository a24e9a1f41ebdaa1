"""Sentences of the page on those who did not answer: what is said, and by which verdict."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from helpers.methods import nonresponse
from helpers.methods.claims import OF_NONRESPONSE, level
from helpers.methods.survey.estimates import Estimate
from helpers.results import ChapterResult, Figure
from helpers.results import figures as guarded
from helpers.views.nonresponse import figures, sentences, tables
from helpers.views.rendering.sentences import say
from helpers.views.rendering.tables import show

SIDE = level(0.95, OF_NONRESPONSE)


def _said(template: str, found: dict[str, Figure]) -> str:
    return say(template, ChapterResult("chapter", guarded(*found.values()))).text


def _range(value: float, threshold: float, rate: float = 0.5) -> dict[str, Figure]:
    score = Estimate(value, value - 8, value + 8, 4, 400, 400, 1, 399, 0.95, 400)
    found = nonresponse_range(score, threshold, rate)
    named = figures.sensitivity(found, "points", middle=True)
    return named | {
        "main": Figure("main", value, value - 8, value + 8, base=400),
        "main_label": Figure("main_label", "net promoter score", unit="text"),
    }


def nonresponse_range(score: Estimate, threshold: float, rate: float) -> nonresponse.Sensitivity:
    return nonresponse.nonresponse_range(
        score, {"asked": rate}, deltas=[0, 20], scale=(-100, 100), threshold=threshold
    )


def test_a_score_above_the_threshold_falls_if_non_respondents_score_lower():
    named = _range(30, 0)
    assert "would fall to 0.0" in _said(sentences.answer(named), named)
    assert "60.0 points lower than similar people" in _said(sentences.answer(named), named)


def test_a_score_below_the_threshold_rises_if_non_respondents_score_higher():
    named = _range(-10, 0)
    said = _said(sentences.answer(named), named)
    assert "would rise to 0.0" in said
    assert "20.0 points higher" in said


def test_an_interval_that_holds_the_threshold_needs_nothing_of_non_respondents():
    """3.5 (−4.5 to 11.5): non-respondents may think as the others do, and 0 is possible."""
    named = _range(3.5, 0)
    assert named["turning"].verdict == "not clear"
    assert "not statistically distinguishable from 0.0, the middle of its scale" in _said(
        sentences.answer(named), named
    )
    below = _range(-3.5, 0)
    assert "distinguishable from 0.0" in _said(sentences.answer(below), below)


def test_a_distance_that_the_scale_does_not_hold_is_no_distance():
    named = _range(80, 0, rate=0.9)
    assert named["turning"].verdict == "out of reach"
    assert "could bring the net promoter score of 80.0 down to 0.0" in _said(
        sentences.answer(named), named
    )
    below = _range(-80, 0, rate=0.9)
    assert "of −80.0 up to 0.0" in _said(sentences.answer(below), below)


def test_where_everybody_answered_nothing_can_turn():
    named = _range(30, 0, rate=1.0)
    assert "turning" not in named
    assert sentences.answer(named) == "{answering:value} of those drawn answered."
    assert sentences.limits(named) == ""


def test_the_distance_for_the_interval_is_told_beside_that_for_the_score():
    """(22 − 0) / 0.5 for the lower end of 30 (22 to 38), 38 / 0.5 for the upper of −30."""
    falls, rises = _range(30, 0), _range(-30, 0)
    assert "lower end of its interval gets there at 44.0" in _said(sentences.limits(falls), falls)
    assert "upper end of its interval gets there at 44.0" in _said(sentences.limits(rises), rises)


@pytest.mark.parametrize(
    ("least", "verdict", "said"),
    [(20, "below", "where tier is B: 20%"), (58, "not clear", "No group answers clearly less")],
)
def test_the_group_that_answers_least_is_named_only_where_that_is_clear(least, verdict, said):
    tier = pd.DataFrame({"tier": ["A"] * 100 + ["B"] * 100})
    came = [1] * 60 + [0] * 40 + [1] * least + [0] * (100 - least)
    found = nonresponse.response_propensity(came, tier)
    asked = figures.everyone_asked(tier)
    named = figures.propensity(found) | asked | {"response_rate": Figure("response_rate", 0.4)}
    assert named["least_rate"].verdict == verdict
    assert (named["least_rate"].p <= SIDE) == (verdict == "below")
    assert said in _said(sentences.answer(named), named)
    wanted = "Ask people whose tier is B" if verdict == "below" else "Call ten people"
    assert wanted in _said(sentences.ask(named, "1 May 2026")["what"], named)


def test_without_a_model_of_who_answers_nothing_is_said_of_groups():
    named = figures.everyone_asked(pd.DataFrame(index=range(40)))
    named |= {"response_rate": Figure("response_rate", 0.4, unit="share")}
    assert _said(sentences.answer(named), named) == "40% of 40 people asked completed the survey."


@pytest.mark.parametrize(
    ("late", "verdict"), [((1, 3), "lower"), ((8, 10), "higher"), ((4, 7), "not clear")]
)
def test_late_respondents_differ_only_where_that_stands(late, verdict):
    scores = pd.DataFrame({"recommend": [4, 7] * 40 + list(late) * 20})
    found = nonresponse.early_against_late(scores, range(120), after_days=79)
    named = figures.early_late(found, "points") | {
        "main_label": Figure("main_label", "mean", unit="text")
    }
    assert named["late_difference"].verdict == verdict
    assert named["late_difference"].p == found.table["p_holm"].iloc[0]
    assert (named["late_difference"].p <= SIDE) == (verdict != "not clear")
    word = "not clearly apart" if verdict == "not clear" else f"is {verdict} than"
    assert word in _said(sentences.early(named), named)


def test_a_difference_whose_range_leaves_out_zero_is_told_why_it_is_not_clear():
    gap = Figure("late_difference", -3.4, -6.5, -0.3, unit="points", verdict="not clear")
    named = {"main_label": Figure("main_label", "mean", unit="text"), "late_difference": gap,
             "late_after": Figure("late_after", 5, unit="count")}  # fmt: skip
    assert "Its range alone leaves out zero, but" in _said(sentences.early(named), named)
    named["late_difference"] = replace(gap, high=0.3)
    assert "leaves out zero" not in _said(sentences.early(named), named)


def test_records_that_all_point_down_are_neither_proof_nor_nothing():
    listed = pd.DataFrame({"retained": [1.0] * 190 + [0.0] * 10 + [1.0] * 10 + [0.0] * 2})
    found = nonresponse.exclusion_test(listed, [False] * 200 + [True] * 12)
    named = figures.exclusion(found)
    assert not found.clear
    assert named["flattering"].p == found.table["p_holm"].iloc[0] > SIDE
    assert "accounts did worse, but too few people" in sentences.excluded(named)


def test_records_that_set_accounts_without_an_answer_apart_are_named_and_doubted():
    kept = pd.DataFrame({"retained": [1.0] * 190 + [0.0] * 10 + [1.0] * 100 + [0.0] * 100})
    found = nonresponse.responders_against_silent(kept, [True] * 200 + [False] * 200)
    named = figures.followup(found, "USD")
    assert named["apart"].value == 1
    assert named["apart"].p == found.table["p_holm"].iloc[0] <= SIDE
    said = _said(sentences.so_what(named), named)
    assert "“still customers”, 50% against 95%" in said
    assert len(sentences.doubts(named)) == 1


def test_records_that_do_not_are_said_not_to():
    alike = pd.DataFrame({"retained": ([1.0] * 9 + [0.0]) * 40})
    found = nonresponse.responders_against_silent(alike, [True] * 200 + [False] * 200)
    named = figures.followup(found, "USD")
    assert "does not set those without an answer clearly apart" in sentences.so_what(named)
    assert sentences.doubts(named) == ()
    assert sentences.afterwards(named).startswith("On none of the records below")


def test_leaving_people_out_that_do_worse_is_called_flattering_and_asked_to_end():
    listed = pd.DataFrame({"retained": [1.0] * 190 + [0.0] * 10 + [1.0] * 10 + [0.0] * 30})
    found = nonresponse.exclusion_test(listed, [False] * 200 + [True] * 40)
    named = figures.exclusion(found)
    assert named["flattering"].p == found.table["p_holm"].iloc[0] <= SIDE
    assert "leaving them out flatters" in sentences.excluded(named)
    assert "ask those kept out" in sentences.ask(named, "1 May 2026")["what"]


def test_those_kept_out_who_do_better_are_no_sign_that_they_flatter():
    listed = pd.DataFrame({"retained": [1.0] * 10 + [0.0] * 190 + [1.0] * 30 + [0.0] * 10})
    found = nonresponse.exclusion_test(listed, [False] * 200 + [True] * 40)
    assert figures.exclusion(found)["flattering"].p == 1.0


COLUMNS = {k: v for k, v in tables.contrast("A", "B").items() if k != "like_for_like"}


def test_groups_smaller_than_the_policy_allows_are_withheld():
    listed = pd.DataFrame({"retained": [1.0] * 100 + [0.0] * 8})
    kept_out = [False] * 100 + [True] * 8
    found = nonresponse.exclusion_test(listed, kept_out, smallest=10)
    assert found.table["group_mean"].isna().all()
    assert found.clear == ()
    assert found.p is None  # not tested
    rows = show(tables.contrast_rows(found, "USD"), caption="", columns=COLUMNS)
    assert rows.rows[0][1:5] == ("–",) * 4
    found = nonresponse.exclusion_test(listed, kept_out, smallest=5)
    rows = show(tables.contrast_rows(found, "USD"), caption="", columns=COLUMNS)
    assert rows.rows[0][1] == "0%"

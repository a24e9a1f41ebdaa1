"""Sentences of the two pages on who was heard: what is said, and what is kept back."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.methods import loyalty, measure, quality, weighting
from helpers.methods import nonresponse as nonresponse_methods
from helpers.methods.survey import estimands, precision
from helpers.methods.survey.estimates import Estimate
from helpers.results import ChapterResult, Figure, figures
from helpers.views.nonresponse import figures as silent
from helpers.views.nonresponse import sentences as nonresponse
from helpers.views.rendering import sentences
from helpers.views.sampling import figures as heard
from helpers.views.sampling import figures_scores as leading
from helpers.views.sampling import sentences as sampling

NPS = measure.measures(
    pd.DataFrame({"recommend": [10, 3]}), {"recommend": ["recommend"]}, {"recommend": (0, 10)},
    {"recommend": "Would recommend"},
)[0]  # fmt: skip


def _said(template: str, found: dict[str, Figure]) -> str:
    return sentences.say(template, ChapterResult("chapter", figures(*found.values()))).text


@pytest.fixture
def people(rng):
    return pd.DataFrame(
        {
            "recommend": rng.integers(0, 11, 200),
            "account_id": rng.integers(0, 60, 200).astype(str),
            "tier": rng.choice(["A", "B"], 200),
        }
    )


def test_three_ways_of_counting_are_named_and_none_corrects_another(people):
    revenue = pd.Series(range(1, 61), index=[str(i) for i in range(60)], dtype=float)
    found = estimands.estimands(
        loyalty.promoter_points(people["recommend"]), people["account_id"], revenue, top=5
    )
    named = leading.estimands(found, NPS) | {
        "main_label": Figure("main_label", "score", unit="text")
    }
    said = _said(sampling.counted(named), named)
    assert "one vote for each account" in said
    assert "5 accounts carry" in said
    assert said.endswith("None corrects another.")
    assert leading.estimand_rows(found, "points")["way"].iloc[0] == "Each person counts"


def test_without_revenue_nothing_is_said_of_it(people):
    found = estimands.estimands(loyalty.promoter_points(people["recommend"]), people["account_id"])
    assert "main_by_revenue" not in leading.estimands(found, NPS)


def test_the_margin_is_set_against_the_textbooks(people):
    found = precision.precision(
        loyalty.net_promoter, people["recommend"], clusters=people["account_id"]
    )
    named = leading.precision(found, NPS) | {
        "main_label": Figure("main_label", "score", unit="text")
    }
    assert _said(sampling.sure(named), named).startswith("A textbook formula would claim ± ")
    assert leading.precision_rows(found, "points")["quoted"].tolist() == ["", "this one"]


def test_a_weight_of_the_clients_is_compared_through_its_largest_group(people):
    other = pd.Series(1.0, index=people.index).where(people["tier"] == "A", 3.0)
    points = loyalty.promoter_points(people["recommend"])
    found = weighting.compare(points, pd.Series(1.0, index=people.index), other, people["tier"])
    named = leading.comparison(found, NPS) | {
        "main_label": Figure("main_label", "score", unit="text")
    }
    assert found.table["group"].iloc[0] in _said(sampling.compared(named), named)


def test_flags_are_counted_once_a_response_and_never_drop_it(people):
    careful = quality.answer_quality(
        people[["recommend"]], batteries={}, person=people["account_id"], seconds=[300] * 200
    )
    effects = quality.dropping(people["recommend"], careful.flags, estimator=loyalty.net_promoter)
    named = heard.quality(careful, effects, "points")
    assert named["flagged"].value == int(careful.flags.any(axis=1).sum())
    assert "None is left out" in sampling.quality(named)


def test_rows_that_cannot_be_accounted_for_stop_the_page(people):
    counts = pd.DataFrame({"table": ["responses"], "rows_in": [210], "rows_out": [200]})
    everyone = people.assign(wave=["W1"] * 150 + ["W2"] * 50)
    steps = heard.row_steps(counts, everyone, "W1", everyone["recommend"].head(150), 150)
    assert steps["rows"].tolist() == [210, 200, 150, 150]
    assert steps["reason"].tolist()[-1] == ""
    with pytest.raises(ValueError, match="not accounted for"):
        heard.row_steps(counts, everyone, "W1", everyone["recommend"].head(150), 149)


# --- those who did not answer --------------------------------------------------------------


def _range(value: float, threshold: float, rate: float = 0.5) -> dict[str, Figure]:
    score = Estimate(value, value - 8, value + 8, 4, 400, 400, 1, 399, 0.95, 400)
    found = nonresponse_range(score, threshold, rate)
    named = silent.sensitivity(found, "points", middle=True)
    return named | {
        "main": Figure("main", value, value - 8, value + 8, base=400),
        "main_label": Figure("main_label", "net promoter score", unit="text"),
    }


def nonresponse_range(
    score: Estimate, threshold: float, rate: float
) -> nonresponse_methods.Sensitivity:
    return nonresponse_methods.nonresponse_range(
        score, {"asked": rate}, deltas=[0, 20], scale=(-100, 100), threshold=threshold
    )


def test_a_score_above_the_threshold_falls_if_the_silent_lie_lower():
    named = _range(30, 0)
    assert "would fall to 0.0" in _said(nonresponse.answer(named), named)
    assert "60.0 points below people like them" in _said(nonresponse.answer(named), named)


def test_a_score_below_the_threshold_reaches_it_if_the_silent_lie_higher():
    named = _range(-10, 0)
    said = _said(nonresponse.answer(named), named)
    assert "would reach 0.0" in said
    assert "20.0 points above" in said


def test_an_interval_that_holds_the_threshold_needs_nothing_of_the_silent():
    """3.5 (−4.5 to 11.5): the silent may think as the others do, and 0 is possible."""
    named = _range(3.5, 0)
    assert "turning" not in named
    assert "cannot be told from 0.0, the middle of its scale" in _said(
        nonresponse.answer(named), named
    )
    below = _range(-3.5, 0)
    assert "cannot be told from 0.0" in _said(nonresponse.answer(below), below)


def test_a_distance_that_the_scale_does_not_hold_is_no_distance():
    named = _range(80, 0, rate=0.9)
    assert "No answers of the silent could make" in _said(nonresponse.answer(named), named)


def test_records_that_all_point_down_are_neither_proof_nor_nothing():
    listed = pd.DataFrame({"retained": [1.0] * 190 + [0.0] * 10 + [1.0] * 10 + [0.0] * 2})
    found = nonresponse_methods.exclusion_test(listed, [False] * 200 + [True] * 12)
    named = silent.exclusion(found)
    assert not found.clear
    assert "on the worse side, though too few" in nonresponse.excluded(named)


def test_the_largest_accounts_without_a_decider_are_told_by_what_to_do():
    listed = pd.DataFrame({"account_id": list("abcde"), "revenue": [5.0, 4, 3, 2, 1]})
    sent = pd.DataFrame(
        {"account_id": ["a", "b"], "role": "decision_maker", "disposition": ["unknown", "excluded"]}
    )
    contacts = pd.DataFrame({"account_id": list("abc"), "role": ["decision_maker"] * 3})
    named = heard.largest_without(listed, sent, pd.Series(["c"]), contacts, top=4)
    groups = ("silent_top", "silent_asked", "silent_unasked", "silent_unnamed")
    assert [named[name].value for name in groups] == [3, 1, 1, 1]
    assert "Where none was asked (1), invite one." in _said(sampling.ask(named, "")["what"], named)


def test_records_that_set_the_silent_apart_are_named_and_doubted():
    kept = pd.DataFrame({"retained": [1.0] * 190 + [0.0] * 10 + [1.0] * 100 + [0.0] * 100})
    found = nonresponse_methods.responders_against_silent(kept, [True] * 200 + [False] * 200)
    named = silent.followup(found, "USD")
    assert named["apart"].value == 1
    said = _said(nonresponse.so_what(named), named)
    assert "“still customers”, 50% against 95%" in said
    assert len(nonresponse.doubts(named)) == 1


def test_records_that_do_not_are_said_not_to():
    alike = pd.DataFrame({"retained": ([1.0] * 9 + [0.0]) * 40})
    found = nonresponse_methods.responders_against_silent(alike, [True] * 200 + [False] * 200)
    named = silent.followup(found, "USD")
    assert "does not set the silent clearly apart" in nonresponse.so_what(named)
    assert nonresponse.doubts(named) == ()


def test_leaving_people_out_that_do_worse_is_called_flattering_and_asked_to_end():
    listed = pd.DataFrame({"retained": [1.0] * 190 + [0.0] * 10 + [1.0] * 10 + [0.0] * 30})
    found = nonresponse_methods.exclusion_test(listed, [False] * 200 + [True] * 40)
    named = silent.exclusion(found)
    assert "leaving them out flatters" in nonresponse.excluded(named)
    assert "ask those kept out" in nonresponse.ask(named, "1 May 2026")["what"]


def test_groups_smaller_than_the_policy_allows_are_withheld():
    listed = pd.DataFrame({"retained": [1.0] * 100 + [0.0] * 8})
    kept_out = [False] * 100 + [True] * 8
    found = nonresponse_methods.exclusion_test(listed, kept_out, smallest=10)
    assert found.table["group_mean"].isna().all()
    assert found.clear == ()
    rows = silent.contrast_rows(found, "USD")
    assert rows[["group", "rest", "difference", "range"]].iloc[0].tolist() == ["–"] * 4
    found = nonresponse_methods.exclusion_test(listed, kept_out, smallest=5)
    assert silent.contrast_rows(found, "USD")["group"].iloc[0] == "0%"

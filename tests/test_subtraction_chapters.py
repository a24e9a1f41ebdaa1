"""Few people are given away by no wave, rate, comparison of weightings or theme."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.methods import loyalty, measure, nonresponse, sampling, scorecard, survey, weighting

SMALLEST = 10


def score_of(answers: pd.DataFrame) -> measure.Measure:
    return measure.Measure(
        "score", "Score", "index", answers["score"],
        survey.mean, "score", (0.0, 100.0),
    )  # fmt: skip


def test_a_wave_of_few_is_withheld_alone_for_no_figure_is_of_all_waves(rng):
    answers = pd.DataFrame({"wave": ["2025"] * 4 + ["2026"] * 40})
    answers["score"] = rng.integers(0, 101, 44).astype(float)
    telling = {"order": ["2025", "2026"], "smallest": SMALLEST}
    lead = score_of(answers)
    assert scorecard.withheld_waves(lead, answers["wave"], **telling) == {"2025"}
    table = scorecard.by_wave([lead], answers["wave"], order=telling["order"])
    found = scorecard.shown_waves(table, [lead], answers["wave"], **telling).set_index("wave")
    assert found.loc["2025", ["value", "low", "high"]].isna().all()
    assert found.loc["2026", ["value", "low", "high"]].notna().all()


@pytest.mark.parametrize(("asked", "away"), [(5, True), (12, False)])
def test_a_rate_rests_on_those_who_were_asked_and_not_on_all_who_are_listed(asked, away):
    cases = ["complete"] * 60 + ["refusal"] * asked + ["ineligible"] * 30
    groups = pd.DataFrame({"tier": ["Key"] * 30 + ["Core"] * 30 + ["Other"] * (asked + 30)})
    found = sampling.response_table(cases, groups, smallest=SMALLEST).set_index("group")
    assert bool(found.loc["Other", "withheld"]) == away


@pytest.fixture
def answers(rng) -> pd.Series:
    return pd.Series(rng.integers(0, 101, 60).astype(float))


def compared(answers: pd.Series, groups: list[str], smallest: int, **more: object) -> set[str]:
    weights = np.ones(len(answers))
    other = np.linspace(1, 2, len(answers))
    found = weighting.compare(answers, weights, other, pd.Series(groups), smallest=smallest, **more)
    return set(found.table["group"])


def test_weightings_are_compared_in_no_group_of_few(answers):
    groups = ["large"] * 40 + ["middle"] * 15 + ["small"] * 5
    assert compared(answers, groups, 0) == {"large", "middle", "small"}
    assert compared(answers, groups, SMALLEST) == {"large", "other groups"}


def test_weightings_are_compared_in_no_group_that_is_a_segment_but_for_few(answers):
    groups = ["in"] * 37 + ["out"] * 23
    beside = pd.DataFrame({"region": ["North"] * 40 + ["South"] * 20})
    assert compared(answers, groups, SMALLEST) == {"in", "out"}
    assert compared(answers, groups, SMALLEST, beside=beside) == {"other groups"}


def test_a_model_of_who_answers_tells_no_rate_that_differs_by_few(rng):
    came = np.arange(200) % 3 == 0
    near = ["in"] * 97 + ["out"] * 103
    frame = pd.DataFrame({"region": ["North"] * 100 + ["South"] * 100, "pilot": near})
    found = nonresponse.response_propensity(came, frame, smallest=SMALLEST).table
    away = found["variable"] == "pilot"
    numbers = ["answered", "rate", "low", "high", "partial"]
    assert found["withheld"].tolist() == away.tolist()
    assert found.loc[away, numbers].isna().all(axis=None)
    assert found.loc[~away, numbers].notna().all(axis=None)


def test_a_group_is_as_large_as_its_answers(answers):
    """Eleven of fifteen kept silent: the score would be that of four."""
    groups = pd.DataFrame({"tier": ["A"] * 25 + ["B"] * 20 + ["C"] * 15})
    silent = answers.where(np.arange(60) < 49)
    policy = SimpleNamespace(suppress=SMALLEST, test=10, flag=20)
    found = loyalty.breakdown(silent, groups, policy).table.set_index("group")
    assert found["withheld"].to_dict() == {"A": False, "B": True, "C": True}
    assert not found.loc[found["withheld"], "tested"].any()  # nor said to differ


def test_a_category_of_those_of_whom_nothing_is_known_is_one_as_any_other():
    frame = pd.DataFrame({"region": ["North"] * 100 + ["South"] * 85 + [None] * 15})
    came = np.arange(200) % 3 == 0
    found = nonresponse.response_propensity(came, frame, smallest=20).table.set_index("category")
    assert found.loc["not known", "withheld"]
    assert np.isnan(found.loc["not known", "rate"])
    assert found["withheld"].sum() == 2  # with what would give it away

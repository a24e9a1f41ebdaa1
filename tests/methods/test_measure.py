"""Which scores a questionnaire supports."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotEstimable
from helpers.methods import measure

ROLES = {"recommend": ("nps",), "satisfaction": ("sat",)}
SCALES = {"nps": (0, 10), "sat": (1, 5), "mean_star": (0, 100)}
LABELS = {"nps": "Recommend", "sat": "Satisfaction", "mean_star": "Stars"}


def test_a_net_promoter_score_needs_a_scale_from_0_to_10(answers):
    names = [m.name for m in measure.measures(answers, ROLES, {**SCALES, "nps": (1, 10)}, LABELS)]
    assert "nps" not in names
    assert "recommend_mean" in names


def test_a_mean_of_many_answers_has_no_two_best_answers(answers):
    roles = {"satisfaction": ("mean_star",)}
    names = [m.name for m in measure.measures(answers, roles, SCALES, LABELS)]
    assert names == ["satisfaction_mean"]


def test_effort_and_the_axes_stand_beside_the_other_scores(answers):
    axes = {"attitude": pd.DataFrame({"proud": [75.0, 25.0] * 150})}
    found = measure.loyalty_measures(
        answers, {**ROLES, "effort": ("sat",)}, SCALES, LABELS, axes=axes, lower_is_better=["sat"]
    )
    named = {one.name: one for one in found}
    assert named["attitude"].each.mean() == 50
    assert named["effort_mean"].better == -1
    assert named["nps"].asked == (0, 10)


def test_the_mean_of_each_persons_number_is_the_score(answers):
    for one in measure.loyalty_measures(answers, ROLES, SCALES, LABELS):
        assert one.each.mean() == pytest.approx(one.estimate(one.values).value)


def test_a_score_of_several_questions_is_missing_in_waves_that_did_not_ask_all(answers):
    """Recommendation was first asked in w2: the mixture of both questions begins there."""
    answers = answers.assign(wave=np.repeat(["w1", "w2"], 150))
    answers.loc[:149, "nps"] = None
    index = SimpleNamespace(
        label="loyalty", items=("nps", "sat"), values=answers[["nps", "sat"]].mean(axis=1)
    )
    found = {m.name: m for m in measure.loyalty_measures(answers, ROLES, SCALES, LABELS, index)}
    asked = found["loyalty_index"].values.notna().groupby(answers["wave"]).sum()
    assert asked.to_dict() == {"w1": 0, "w2": 150}


def test_the_index_leads_only_where_it_is_made_of_attitude_or_behaviour(answers):
    waves = pd.Series(np.repeat(["w1", "w2"], 150))
    answers.loc[:149, "nps"] = None
    index = SimpleNamespace(label="loyalty", items=("nps", "sat"), values=answers["sat"] * 20.0)
    found = measure.loyalty_measures(answers, ROLES, SCALES, LABELS, index)
    lead = measure.leading(found, found, waves, index_first=True)
    assert lead.name == "loyalty_index"
    assert measure.leading(found, found, waves, index_first=False).name == "satisfaction_mean"


def test_too_few_answers_to_every_question_are_refused(answers):
    with pytest.raises(NotEstimable, match="no score has 400 answers"):
        measure.loyalty_measures(answers, ROLES, SCALES, LABELS, smallest=400)


def test_a_score_that_is_no_question_has_its_own_rows(answers):
    class Index:
        label = "loyalty"
        items = ("nps", "sat")
        values = pd.Series(np.linspace(0, 100, 300))

    found = measure.measures(answers, ROLES, SCALES, LABELS, Index())
    points = measure.point_table(found, answers)
    assert list(points) == ["Net promoter score", "Satisfaction, mean (1 to 5)", "Loyalty index"]
    assert points["Loyalty index"].tolist() == Index.values.tolist()
    assert found[-1].points(answers.head(10)).tolist() == Index.values.head(10).tolist()


def test_where_nobody_answered_any_score_the_page_is_told(answers):
    with pytest.raises(NotEstimable, match="no score can be made"):
        measure.measures(answers.assign(nps=np.nan, sat=np.nan), ROLES, SCALES, LABELS)


def test_what_stands_in_for_loyalty_is_named_in_the_score(answers):
    index = SimpleNamespace(label="loyalty (satisfaction and recommendation)", items=("nps", "sat"),
                            values=answers["sat"] * 20.0)  # fmt: skip
    found = measure.measures(answers, ROLES, SCALES, LABELS, index)[-1]
    assert found.label == "Loyalty index (satisfaction and recommendation)"
    assert found.phrase == "loyalty index (satisfaction and recommendation)"

"""The same few scores under each weighting."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotEstimable
from helpers.methods import loyalty, scorecard, stats


@pytest.fixture
def answers(rng):
    n = 300
    return pd.DataFrame(
        {
            "nps": rng.integers(0, 11, n),
            "sat": rng.integers(1, 6, n),
            "mean_star": rng.uniform(0, 100, n),
        }
    )


ROLES = {"recommend": ("nps",), "satisfaction": ("sat",)}
SCALES = {"nps": (0, 10), "sat": (1, 5), "mean_star": (0, 100)}
LABELS = {"nps": "Recommend", "sat": "Satisfaction", "mean_star": "Stars"}


def test_scores_are_those_of_their_own_estimators(answers):
    found = scorecard.scorecard(
        scorecard.measures(answers, ROLES, SCALES, LABELS), {"as answered": None}
    )
    value = found.table.set_index("measure")["value"]
    assert value["nps"] == loyalty.net_promoter(answers["nps"]).value
    assert value["satisfaction_mean"] == stats.mean(answers["sat"]).value
    assert value["satisfaction_top"] == pytest.approx((answers["sat"] >= 4).mean())


def test_a_net_promoter_score_needs_a_scale_from_0_to_10(answers):
    names = [m.name for m in scorecard.measures(answers, ROLES, {**SCALES, "nps": (1, 10)}, LABELS)]
    assert "nps" not in names
    assert "recommend_mean" in names


def test_a_mean_of_many_answers_has_no_two_best_answers(answers):
    roles = {"satisfaction": ("mean_star",)}
    names = [m.name for m in scorecard.measures(answers, roles, SCALES, LABELS)]
    assert names == ["satisfaction_mean"]


def test_weights_change_the_value_and_the_effective_base(answers):
    weights = pd.Series(np.where(answers["nps"] > 8, 3.0, 1.0))
    found = scorecard.scorecard(
        scorecard.measures(answers, ROLES, SCALES, LABELS), {"plain": None, "weighted": weights}
    )
    nps = found.table[found.table["measure"] == "nps"].set_index("weighting")
    assert nps.loc["weighted", "value"] > nps.loc["plain", "value"]


def test_a_wave_that_did_not_ask_has_no_row(answers):
    waves = pd.Series(np.where(np.arange(300) < 150, "w1", "w2"))
    answers.loc[:149, "sat"] = None
    table = scorecard.by_wave(
        scorecard.measures(answers, ROLES, SCALES, LABELS), waves, order=["w1", "w2"]
    )
    assert table.loc[table["measure"] == "satisfaction_mean", "wave"].tolist() == ["w2"]
    assert table.loc[table["measure"] == "nps", "wave"].tolist() == ["w1", "w2"]


def test_effort_and_the_axes_stand_beside_the_other_scores(answers):
    axes = {"attitude": pd.DataFrame({"proud": [75.0, 25.0] * 150})}
    found = scorecard.loyalty_measures(
        answers, {**ROLES, "effort": ("sat",)}, SCALES, LABELS, axes=axes, lower_is_better=["sat"]
    )
    named = {measure.name: measure for measure in found}
    assert named["attitude"].each.mean() == 50
    assert named["effort_mean"].better == -1
    assert named["nps"].asked == (0, 10)


def test_the_mean_of_each_persons_number_is_the_score(answers):
    for measure in scorecard.loyalty_measures(answers, ROLES, SCALES, LABELS):
        assert measure.each.mean() == pytest.approx(measure.estimate(measure.values).value)


def test_a_score_of_several_questions_is_missing_in_waves_that_did_not_ask_all(answers):
    """Recommendation was first asked in w2: the mixture of both questions begins there."""
    answers = answers.assign(wave=np.repeat(["w1", "w2"], 150))
    answers.loc[:149, "nps"] = None
    index = SimpleNamespace(items=("nps", "sat"), values=answers[["nps", "sat"]].mean(axis=1))
    found = {m.name: m for m in scorecard.loyalty_measures(answers, ROLES, SCALES, LABELS, index)}
    asked = found["loyalty_index"].values.notna().groupby(answers["wave"]).sum()
    assert asked.to_dict() == {"w1": 0, "w2": 150}


def test_the_index_leads_only_where_it_is_made_of_attitude_or_behaviour(answers):
    waves = pd.Series(np.repeat(["w1", "w2"], 150))
    answers.loc[:149, "nps"] = None
    index = SimpleNamespace(items=("nps", "sat"), values=answers["sat"] * 20.0)
    found = scorecard.loyalty_measures(answers, ROLES, SCALES, LABELS, index)
    lead = scorecard.leading(found, found, waves, index_first=True)
    assert lead.name == "loyalty_index"
    assert scorecard.leading(found, found, waves, index_first=False).name == "satisfaction_mean"


def test_too_few_answers_to_every_question_are_refused(answers):
    with pytest.raises(NotEstimable, match="no score has 400 answers"):
        scorecard.loyalty_measures(answers, ROLES, SCALES, LABELS, smallest=400)


def test_a_score_that_is_no_question_has_its_own_rows(answers):
    class Index:
        items = ("nps", "sat")
        values = pd.Series(np.linspace(0, 100, 300))

    found = scorecard.measures(answers, ROLES, SCALES, LABELS, Index())
    points = scorecard.point_table(found, answers)
    assert list(points) == ["Net promoter score", "Satisfaction, mean (1 to 5)", "Loyalty index"]
    assert points["Loyalty index"].tolist() == Index.values.tolist()
    assert found[-1].points(answers.head(10)).tolist() == Index.values.head(10).tolist()


def test_where_nobody_answered_any_score_the_page_is_told(answers):
    with pytest.raises(NotEstimable, match="no score can be made"):
        scorecard.measures(answers.assign(nps=np.nan, sat=np.nan), ROLES, SCALES, LABELS)

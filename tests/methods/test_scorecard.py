"""The same few scores under each weighting."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import measure, scorecard, survey
from helpers.methods.survey import SurveyDesign

ROLES = {"recommend": ("nps",), "satisfaction": ("sat",)}
SCALES = {"nps": (0, 10), "sat": (1, 5), "mean_star": (0, 100)}
LABELS = {"nps": "Recommend", "sat": "Satisfaction", "mean_star": "Stars"}


def test_scores_are_those_of_their_own_estimators(answers):
    found = scorecard.scorecard(
        measure.measures(answers, ROLES, SCALES, LABELS), {"as answered": None}
    )
    value = found.table.set_index("measure")["value"]
    assert value["nps"] == survey.net_promoter(answers["nps"]).value
    assert value["satisfaction_mean"] == survey.mean(answers["sat"]).value
    assert value["satisfaction_top"] == pytest.approx((answers["sat"] >= 4).mean())


def test_weights_change_the_value_and_the_effective_base(answers):
    weights = pd.Series(np.where(answers["nps"] > 8, 3.0, 1.0))
    found = scorecard.scorecard(
        measure.measures(answers, ROLES, SCALES, LABELS),
        {"plain": None, "weighted": SurveyDesign(weights)},
    )
    nps = found.table[found.table["measure"] == "nps"].set_index("weighting")
    assert nps.loc["weighted", "value"] > nps.loc["plain", "value"]


def test_a_wave_that_did_not_ask_has_no_row(answers):
    waves = pd.Series(np.where(np.arange(300) < 150, "w1", "w2"))
    answers.loc[:149, "sat"] = None
    table = scorecard.by_wave(
        measure.measures(answers, ROLES, SCALES, LABELS), waves, order=["w1", "w2"]
    )
    assert table.loc[table["measure"] == "satisfaction_mean", "wave"].tolist() == ["w2"]
    assert table.loc[table["measure"] == "nps", "wave"].tolist() == ["w1", "w2"]


def test_each_wave_counts_by_its_own_weights(answers):
    waves = pd.Series(np.where(np.arange(300) < 150, "w1", "w2"))
    own = pd.Series(np.where(answers["nps"] > 8, 3.0, 1.0))
    chosen = measure.measures(answers, ROLES, SCALES, LABELS)
    over = SurveyDesign.over(
        {"w1": SurveyDesign().of(own.index[:150]), "w2": SurveyDesign(own[150:])}
    )
    table = scorecard.by_wave(chosen, waves, over, order=["w1", "w2"])
    nps = table[table["measure"] == "nps"].set_index("wave")
    assert nps["weighted"].tolist() == [False, True]
    assert nps.loc["w1", "value"] == survey.net_promoter(answers["nps"][:150]).value
    weighted = survey.net_promoter(answers["nps"][150:], SurveyDesign(weights=own[150:]))
    assert nps.loc["w2", "value"] == pytest.approx(weighted.value)


@pytest.fixture
def two_waves(answers) -> pd.DataFrame:
    """The people of the first wave asked again, four of each account."""
    waves = np.where(np.arange(300) < 150, "w1", "w2")
    return answers.assign(wave=waves, account_id=[f"a{n % 150 // 4}" for n in range(300)])


def of_change(answers: pd.DataFrame, **more: object):
    (nps,) = [m for m in measure.measures(answers, ROLES, SCALES, LABELS) if m.name == "nps"]
    return scorecard.change(nps, answers, before="w1", now="w2", **more)


@pytest.mark.parametrize(("smallest", "told"), [(149, True), (150, True), (151, False)])
def test_a_change_is_told_of_enough_answers_in_both_waves(two_waves, smallest, told):
    assert (of_change(two_waves, smallest=smallest) is not None) == told
    two_waves.loc[two_waves.index > 150, "nps"] = None  # one answer has no spread
    assert of_change(two_waves, smallest=0) is None


def test_a_change_counts_accounts_of_both_waves_where_all_are_known(two_waves):
    first, second = (two_waves["nps"][two_waves["wave"] == wave] for wave in ("w1", "w2"))
    points = [((nps > 8) * 100.0 - (nps < 7) * 100.0) for nps in (first, second)]
    accounts = [SurveyDesign(clusters=two_waves["account_id"][w.index]) for w in (first, second)]
    known, alone = survey.difference(*points, tuple(accounts)), survey.difference(*points)
    assert known.low != alone.low
    assert of_change(two_waves).low == pytest.approx(known.low)
    for unknown in (two_waves.drop(columns="account_id"), two_waves.replace("a3", None)):
        assert of_change(unknown).low == pytest.approx(alone.low)


@pytest.mark.parametrize("weights", [None, [1.0] * 6, [3.0, 3, 3, 1, 1, 1]])
def test_the_score_of_the_sample_stands_beside_that_of_the_population(weights):
    values = pd.Series([9.0, 10, 9, 2, 3, 8])
    told = measure.measures(values.to_frame("nps"), {"recommend": ("nps",)}, SCALES, LABELS)[0]
    design = None if weights is None else SurveyDesign(pd.Series(weights))
    row = scorecard.scorecard([told], {"weighted": design}).table.iloc[0]
    assert row["sample"] == pytest.approx(100 / 6)
    moved = weights is not None and len(set(weights)) > 1
    assert (row["value"] == pytest.approx(row["sample"])) != moved

"""The same few scores under each weighting."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import loyalty, measure, scorecard
from helpers.methods.survey import stats

ROLES = {"recommend": ("nps",), "satisfaction": ("sat",)}
SCALES = {"nps": (0, 10), "sat": (1, 5), "mean_star": (0, 100)}
LABELS = {"nps": "Recommend", "sat": "Satisfaction", "mean_star": "Stars"}


def test_scores_are_those_of_their_own_estimators(answers):
    found = scorecard.scorecard(
        measure.measures(answers, ROLES, SCALES, LABELS), {"as answered": None}
    )
    value = found.table.set_index("measure")["value"]
    assert value["nps"] == loyalty.net_promoter(answers["nps"]).value
    assert value["satisfaction_mean"] == stats.mean(answers["sat"]).value
    assert value["satisfaction_top"] == pytest.approx((answers["sat"] >= 4).mean())


def test_weights_change_the_value_and_the_effective_base(answers):
    weights = pd.Series(np.where(answers["nps"] > 8, 3.0, 1.0))
    found = scorecard.scorecard(
        measure.measures(answers, ROLES, SCALES, LABELS), {"plain": None, "weighted": weights}
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
    table = scorecard.by_wave(chosen, waves, order=["w1", "w2"], weights={"w2": own[150:]})
    nps = table[table["measure"] == "nps"].set_index("wave")
    assert nps["weighted"].tolist() == [False, True]
    assert nps.loc["w1", "value"] == loyalty.net_promoter(answers["nps"][:150]).value
    weighted = loyalty.net_promoter(answers["nps"][150:], weights=own[150:])
    assert nps.loc["w2", "value"] == pytest.approx(weighted.value)

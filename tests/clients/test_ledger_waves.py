"""A second wave scored against the first wave's ledger, and what real scores drift."""

from __future__ import annotations

import pytest

from helpers.methods import ledger
from helpers.methods.survey import SurveyDesign
from helpers.study import open_study

pytestmark = pytest.mark.clients


def test_the_prior_drift_is_that_of_an_airports_passengers(client_folder):
    """Nine yearly surveys of San Francisco's airport: ratings that every year asked."""
    study = open_study(client_folder("sfo", wave="2018"))
    waves = study.all_responses["wave"]
    ratings = study.ratings_of("all").loc[:, lambda t: t.groupby(waves).count().min() > 500]
    design = SurveyDesign.over({w: SurveyDesign().of(waves.index[waves == w]) for w in study.waves})
    now = SurveyDesign().of(waves.index[waves == study.wave])
    levels = ledger.levels(ratings, waves, design, now, order=study.waves)
    found = ledger.drift(levels.steps, prior_steps=0)
    assert ratings.shape[1] >= 8
    assert found.steps == 8
    assert found.spread == pytest.approx(ledger.PRIOR, abs=0.015)

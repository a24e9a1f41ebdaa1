"""One score with the interval of each step: the steps are those of the estimators themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from helpers.methods import survey, weighting
from helpers.methods.survey import SurveyDesign

TIER = {"tier": pd.Series({"A": 300, "B": 700})}


@pytest.fixture
def people(rng):
    """400 people of 120 accounts who answer alike within an account, tier A answering more."""
    account = rng.integers(0, 120, 400)
    shared = rng.normal(0, 1.5, 120)
    tier = np.where(account < 60, "A", "B")
    score = np.clip(np.round(7 + shared[account] + rng.normal(0, 1.5, 400)), 0, 10)
    return pd.DataFrame({"score": score, "account": account, "tier": tier})


def test_each_step_is_what_the_estimator_gives_with_so_much_of_the_design(people):
    weights = weighting.rake(people[["tier"]], TIER)
    design = {"clusters": people["account"], "strata": people["tier"]}
    whole = SurveyDesign(weights=weights, **design)
    found = survey.precision(survey.net_promoter, people["score"], whole)
    expected = [
        survey.net_promoter(people["score"], SurveyDesign(weights=weights.values)),
        survey.net_promoter(
            people["score"], SurveyDesign(weights=weights.values, clusters=people["account"])
        ),
        survey.net_promoter(people["score"], SurveyDesign(weights=weights.values, **design)),
        survey.net_promoter(people["score"], SurveyDesign(weights=weights, **design)),
    ]
    assert found.table["standard_error"].iloc[1:5].tolist() == [e.standard_error for e in expected]
    assert found.table["used"].tolist() == [False] * 4 + [True, False]
    assert found.value == expected[-1].value


def test_the_first_step_is_the_textbook_formula(people):
    """The weighted variance of the answers over their number, and 1.96 standard errors."""
    found = survey.precision(survey.mean, people["score"], SurveyDesign(clusters=people["account"]))
    error = people["score"].std() / len(people) ** 0.5
    assert found.table["margin"].iloc[0] == pytest.approx(norm.ppf(0.975) * error)
    assert found.understated > 1


def test_a_step_that_changes_nothing_is_not_listed(people):
    alone = survey.precision(
        survey.mean, people["score"], SurveyDesign(clusters=range(len(people)))
    )
    assert len(alone.table) == 1
    assert alone.table["used"].tolist() == [True]


def test_the_list_alone_is_shown_last_and_never_used(people):
    """300 + 700 people on the list: simple random, post-stratified, (1 - 400 / 1000)."""
    weights = weighting.rake(people[["tier"]], TIER)
    found = survey.precision(
        survey.mean, people["score"], SurveyDesign(weights=weights, clusters=people["account"])
    )
    endless = survey.mean(people["score"], SurveyDesign(weights=weights))
    assert found.table["used"].tolist() == [False, False, False, True, False]
    assert found.table["standard_error"].iloc[-1] == pytest.approx(
        endless.standard_error * (1 - 400 / 1000) ** 0.5, rel=1e-3
    )
    assert np.isnan(found.table["effective_base"].iloc[-1])


def test_every_step_has_the_same_value(people):
    weights = weighting.rake(people[["tier"]], TIER)
    found = survey.precision(
        survey.mean, people["score"], SurveyDesign(weights=weights, clusters=people["account"])
    )
    middle = (found.table["low"] + found.table["high"]) / 2
    assert middle.to_numpy() == pytest.approx(found.value)

"""What is worked through by sums and by sets of answers: the same as respondent by respondent."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import drivers
from helpers.methods.drivers.moments import (
    _products,
    _products_within_units,
    _within_units,
)
from helpers.methods.drivers.redrawing import analysed
from helpers.methods.loyalty.account_chances import _unlike
from helpers.methods.loyalty.answering import answer_model
from helpers.methods.loyalty.membership import _Answers
from helpers.methods.loyalty.shrinkage import account_scores
from helpers.methods.quality.chance import _patterns
from helpers.methods.quality.correlations import pairwise_correlations
from helpers.methods.quality.flags import reversed_items
from helpers.methods.survey import SurveyDesign

EXACT = 1e-10  # sums in another order


@pytest.fixture
def said(rng):
    """Answers on a scale of five that hang together, a tenth of them missing."""
    mood = rng.normal(size=(400, 1))
    answers = np.clip(np.rint(3 + mood + rng.normal(size=(400, 4))), 1, 5)
    return pd.DataFrame(np.where(rng.random((400, 4)) < 0.1, np.nan, answers), columns=list("abcd"))


def test_correlations_by_sums_are_those_of_pairs(said):
    found = pairwise_correlations(said.to_numpy())
    assert np.allclose(found, said.corr().to_numpy(), atol=EXACT, rtol=0)


def test_a_question_answered_alike_by_those_who_answered_both_has_no_correlation():
    two = np.array([[1.0, 2.0], [3.0, 2.0], [4.0, 2.0], [np.nan, 5.0]])
    assert np.isnan(pairwise_correlations(two)[0, 1])


def test_an_item_against_the_rest_is_its_correlation_with_their_mean(said):
    standard = (said - said.mean()) / said.std()
    rest = standard.drop(columns="a").mean(axis=1)
    found = reversed_items(said).set_index("item")
    assert found.loc["a", "correlation"] == pytest.approx(standard["a"].corr(rest), abs=EXACT)
    assert found.loc["a", "base"] == (said["a"].notna() & rest.notna()).sum()


def test_rows_that_answered_the_same_questions_are_counted(said):
    patterns, counts = _patterns(said.notna().to_numpy())
    wanted = np.unique(said.notna().to_numpy(), axis=0, return_counts=True)
    order = np.lexsort(patterns.T[::-1])
    assert (patterns[order] == wanted[0]).all()
    assert (counts[order] == wanted[1]).all()


def test_chances_of_a_set_of_answers_are_those_of_everybody_who_gave_it(said, rng):
    likes = (said - 1) * 25
    stays = likes.sample(frac=1, random_state=1).set_axis(likes.index).iloc[:, :3]
    known = likes.notna().any(axis=1) & stays.notna().any(axis=1)
    likes, stays = likes[known], stays[known]
    model, cuts = answer_model(likes, likes.iloc[:, :3]), (75.0, 50.0)
    one, other = model.attitude.likelihood(likes), model.behaviour.likelihood(stays)
    high, loyal = model.attitude.truly_above(75.0), model.behaviour.truly_above(50.0)
    joint = np.einsum("ni,ij,nj->nij", one, model.prior, other)
    both = np.einsum("nij,i,j->n", joint, high, loyal) / joint.sum(axis=(1, 2))
    answers = _Answers(likes, stays)
    found = answers.chances(model, cuts)
    assert len(found) < len(likes)
    assert np.allclose(found[answers.both.of][:, 0], both, atol=EXACT, rtol=0)
    mass = rng.uniform(0.5, 2, len(likes))
    assert answers.shares(model, cuts, mass)[0] == pytest.approx(mass @ both / mass.sum())


def test_the_f_test_of_very_many_groups_is_that_of_few(rng):
    from scipy.stats import f_oneway

    of = rng.integers(0, 40, 300)
    values = 70 + of % 3 + rng.normal(0, 5, 300)
    wanted = f_oneway(*(values[of == one] for one in np.unique(of))).pvalue
    assert _unlike(values, pd.Series(of)) == pytest.approx(wanted, rel=1e-9)


def test_products_within_accounts_are_sums_over_their_respondents(rng):
    ratings = pd.DataFrame(rng.integers(1, 11, (300, 3)).astype(float), columns=list("abc"))
    design = SurveyDesign(weights=rng.uniform(0.5, 2, 300), clusters=rng.integers(0, 40, 300))
    answers, _ = analysed(ratings, ratings.mean(axis=1) + rng.normal(size=300), design, "listwise")
    z = rng.normal(size=(300, 4))
    columns = _products(z, np.ones_like(z), "listwise")
    found = _products_within_units(z, answers)
    assert np.allclose(found, _within_units(columns, answers), atol=EXACT, rtol=0)


def test_curves_of_very_many_respondents_rest_on_some_drawn_at_random(rng):
    ratings = pd.DataFrame({"ease": rng.integers(0, 11, 900), "speed": rng.integers(0, 11, 900)})
    outcome = 2.0 * ratings["ease"].clip(upper=6) + rng.normal(size=900)
    outcome[:100] = np.nan
    found = drivers.thinned(ratings, outcome, rng=np.random.default_rng(1), most=500)
    again = drivers.thinned(ratings, outcome, rng=np.random.default_rng(1), most=500)
    assert found.outcome.equals(again.outcome)
    assert found.outcome.notna().sum() == 500
    assert (found.outcome.dropna() == outcome[found.outcome.notna()]).all()
    assert "500 of 800 respondents" in found.note
    curves = drivers.response_curves(*found.answers, replicates=50)
    assert curves.base == 500
    assert curves.table.set_index("driver").loc["ease", "threshold"] == pytest.approx(6, abs=1)


def test_few_respondents_are_all_looked_at():
    ratings, outcome = pd.DataFrame({"ease": [1, 2]}), pd.Series([1.0, 2.0])
    found = drivers.thinned(ratings, outcome, rng=np.random.default_rng(1))
    assert found.ratings is ratings and found.outcome is outcome
    assert found.note == ""


def test_a_few_groups_of_very_many_people_are_drawn_together():
    """What is between four groups is all but unknown, what is within them all but sure."""
    rng = np.random.default_rng(0)
    groups = pd.Series(rng.choice(list("abcd"), 300_000))
    points = pd.Series(60 + rng.normal(0, 20, 300_000))
    found = account_scores(points, groups, SurveyDesign())
    seen = points.groupby(groups).mean().sort_index()
    shrunk = found.table.set_index("account_id")["shrunk"].sort_index()
    assert ((shrunk - points.mean()).abs() <= (seen - points.mean()).abs() + 1e-9).all()

"""Drivers with imputed answers: a hand-worked likelihood, properties, recovery, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from designed import designed

from helpers.errors import NotEstimable
from helpers.methods.drivers import dominance, moments, relative_importance
from helpers.methods.drivers.imputation import completed, fitted_normal
from helpers.methods.drivers.lattice import shapley, subset_r_squared
from helpers.methods.drivers.screening import screened
from helpers.methods.survey import SurveyDesign

DRIVERS = ["ease", "price", "speed"]


@pytest.fixture
def survey(rng):
    """400 respondents of about 100 accounts, a fifth of the ratings missing at random."""
    x = rng.normal(size=(400, 3)) + rng.normal(size=(400, 1))
    outcome = x @ [1.0, 0.0, 0.5] + rng.normal(size=400) * 1.5
    ratings = pd.DataFrame(x, columns=DRIVERS).mask(rng.random((400, 3)) < 0.2)
    return {
        "ratings": ratings,
        "outcome": pd.Series(outcome),
        "weights": pd.Series(rng.integers(1, 4, size=400), dtype=float),
        "clusters": pd.Series(rng.integers(0, 100, size=400)),
    }


def parts(found):
    return found.table.set_index("driver")["r_squared"]


# Published and hand-worked values


def test_one_incomplete_driver_has_the_factored_likelihood(survey):
    """Anderson (1957), JASA 52(278): the outcome's moments from all, the driver's regression on
    it from those who rated; var(x) = s² + b² var(y), cov = b var(y)."""
    x, y = survey["ratings"]["ease"], survey["outcome"]
    there = x.notna()
    slope = np.cov(x[there], y[there], ddof=0)[0, 1] / y[there].var(ddof=0)
    left = (x[there] - slope * y[there]).var(ddof=0)
    variance = left + slope**2 * y.var(ddof=0)
    expected = slope**2 * y.var(ddof=0) / variance
    model = fitted_normal(
        ((pd.DataFrame({"x": x, "y": y}) - [x.mean(), y.mean()]) / [x.std(), y.std()]).to_numpy(),
        np.ones(400),
        ("ease", "loyalty"),
    )
    found = model.covariance[0, 1] ** 2 / (model.covariance[0, 0] * model.covariance[1, 1])
    assert found == pytest.approx(expected, rel=1e-10)


def test_gradient_and_curvature_are_those_of_the_likelihood(survey):
    """Central differences of the observed-data log-likelihood, at a point off the maximum."""
    z = np.column_stack((survey["ratings"], survey["outcome"]))
    z = (z - np.nanmean(z, axis=0)) / np.nanstd(z, axis=0)
    best = fitted_normal(z, np.ones(400), (*DRIVERS, "loyalty"))
    size = len(best.information())
    model = best.moved(np.linspace(-0.02, 0.03, size))
    nudges = 1e-5 * np.eye(size)
    slope = [(model.moved(e).log_likelihood - model.moved(-e).log_likelihood) for e in nudges]
    assert _gradient(model, z) == pytest.approx(np.array(slope) / 2e-5, abs=1e-4)
    bend = [_gradient(model.moved(-e), z) - _gradient(model.moved(e), z) for e in nudges]
    assert model.information() == pytest.approx(np.array(bend) / 2e-5, abs=1e-3)
    assert np.abs(_gradient(best, z)).max() < 1e-8


def _gradient(model, z):
    return np.array([score.sum() for score in model.scores(z)])


# Properties


def test_with_nothing_missing_it_is_the_listwise_analysis(survey):
    whole = survey | {"ratings": survey["ratings"].fillna(0.3)}
    one, other = (
        relative_importance(
            **designed(whole), missing=m, replicates=50, rng=np.random.default_rng(1)
        )
        for m in ("listwise", "imputed")
    )
    pd.testing.assert_frame_equal(one.table, other.table, check_exact=True)
    assert one.notes == other.notes


def test_with_nothing_missing_one_step_is_the_replicate_itself(survey):
    answers = screened(
        survey["ratings"].fillna(0.3),
        survey["outcome"],
        SurveyDesign(survey["weights"], clusters=survey["clusters"]),
        "imputed",
    )
    counts = np.random.default_rng(2).integers(0, 3, size=(20, answers.units)).astype(float)
    exact = moments.sample_moments(answers, "listwise").correlations(counts)[0]
    stepped = moments._imputed(answers, by_unit=True).correlations(counts)[0]
    assert stepped == pytest.approx(exact, abs=1e-10)


def test_one_step_agrees_with_estimating_again_in_every_replicate(survey):
    """100 replicates both ways: shares correlate above .99 and spread alike to 5 %."""
    answers = screened(**designed(survey), missing="imputed")
    imputed = moments._imputed(answers, by_unit=True)
    z = np.column_stack((answers.ratings, answers.outcome))
    z = (z - imputed.centre) / imputed.spread
    chance = np.full(answers.units, 1 / answers.units)
    counts = np.random.default_rng(2).multinomial(answers.units, chance, size=100)
    again = []
    for count in counts:
        rows = count[answers.codes] > 0
        weights = (answers.weights * count[answers.codes])[rows]
        again.append(fitted_normal(z[rows], weights, (*DRIVERS, "loyalty")).covariance)
    stepped = shapley(subset_r_squared(imputed.correlations(counts.astype(float))[0]))
    refitted = shapley(subset_r_squared(np.array(again)))
    for one, other in zip(_shares(stepped).T, _shares(refitted).T, strict=True):
        assert np.corrcoef(one, other)[0, 1] > 0.99
        assert one.std() / other.std() == pytest.approx(1, abs=0.05)


def _shares(found):
    return found / found.sum(axis=1, keepdims=True)


def test_integer_weights_equal_repeated_rows(survey):
    times = survey["weights"].astype(int)
    weighted = relative_importance(
        survey["ratings"],
        survey["outcome"],
        design=SurveyDesign(survey["weights"]),
        missing="imputed",
    )
    repeated = relative_importance(
        survey["ratings"].loc[times.index.repeat(times)].reset_index(drop=True),
        survey["outcome"].repeat(times).reset_index(drop=True),
        missing="imputed",
    )
    columns = ["driver", "r_squared", "share", "effect"]
    pd.testing.assert_frame_equal(weighted.table[columns], repeated.table[columns], rtol=1e-9)


def test_driver_order_does_not_matter(survey):
    one, other = (
        relative_importance(
            **designed(survey | {"ratings": survey["ratings"][names]}),
            missing="imputed",
            replicates=50,
        ).table
        for names in (DRIVERS, DRIVERS[::-1])
    )
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_completed_answers_average_to_the_likelihood_estimate(survey):
    """60 completed sets without clusters: their mean R² within four standard errors."""
    answers = screened(survey["ratings"], survey["outcome"], None, "imputed")
    sets = completed(answers, 60, np.random.default_rng(4))
    tables = np.array([np.corrcoef(np.column_stack((x, answers.outcome)).T) for x in sets])
    found = shapley(subset_r_squared(tables))
    expected = parts(relative_importance(survey["ratings"], survey["outcome"], missing="imputed"))
    error = found.std(axis=0, ddof=1) / np.sqrt(60)
    assert (np.abs(found.mean(axis=0) - expected[DRIVERS].to_numpy()) < 4 * error + 0.003).all()
    assert (found.std(axis=0) > 0).all()


def test_completed_answers_keep_those_given(survey):
    answers = screened(survey["ratings"], survey["outcome"], None, "imputed")
    filled = next(completed(answers, 1, np.random.default_rng(4)))
    given = np.isfinite(answers.ratings)
    assert filled[given] == pytest.approx(answers.ratings[given], abs=1e-12)
    assert np.isfinite(filled).all()


def test_dominance_takes_imputed_answers(survey):
    found = dominance(survey["ratings"], survey["outcome"], missing="imputed")
    expected = parts(relative_importance(survey["ratings"], survey["outcome"], missing="imputed"))
    assert found.table.set_index("driver")["general"].to_dict() == pytest.approx(
        expected.to_dict(), abs=1e-12
    )
    assert "are missing: they are imputed" in found.notes[-1]


# Recovery


def test_answers_missing_where_loyalty_is_low_do_not_bend_the_result(rng):
    """Ratings skipped by three in four of the less loyal: listwise loses a quarter of R²."""
    x = rng.normal(size=(6000, 3)) + rng.normal(size=(6000, 1))
    outcome = pd.Series(x @ [1.0, 0.0, 0.5] + rng.normal(size=6000) * 1.5)
    whole = pd.DataFrame(x, columns=DRIVERS)
    skipped = (outcome < 0).to_numpy()[:, None] & (rng.random((6000, 3)) < 0.75)
    skipped[:, 2] = False
    truth = relative_importance(whole, outcome)
    imputed = relative_importance(whole.mask(skipped), outcome, missing="imputed", replicates=200)
    listwise = relative_importance(whole.mask(skipped), outcome)
    assert parts(imputed).to_dict() == pytest.approx(parts(truth).to_dict(), abs=0.02)
    assert listwise.r_squared < 0.8 * truth.r_squared
    table = imputed.table.set_index("driver")
    for driver, effect in {"ease": 1.0, "price": 0.0, "speed": 0.5}.items():
        assert table.loc[driver, "effect_low"] < effect < table.loc[driver, "effect_high"]
    assert imputed.base == 6000


# Refusals


def test_drivers_that_follow_from_others_are_named(survey):
    ratings = survey["ratings"].assign(total=lambda f: f["ease"] + f["speed"])
    with pytest.raises(NotEstimable, match="ease, speed, total follow exactly from one another"):
        relative_importance(ratings, survey["outcome"], missing="imputed")


def test_how_much_is_imputed_is_said(survey):
    found = relative_importance(survey["ratings"], survey["outcome"], missing="imputed")
    share = 100 * screened(*list(survey.values())[:2], None, "imputed").unanswered
    assert f"{share:.2g}% of the ratings are missing" in " ".join(found.notes)

"""Response curves: hand-worked bends, agreement with statsmodels, planted thresholds, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers.errors import NotEstimable
from helpers.methods.drivers import response_curves
from helpers.methods.drivers.bending import Bend, Tried, best_of, two_slopes
from helpers.methods.drivers.redrawing import analysed
from helpers.methods.survey import SurveyDesign

GRID = pd.DataFrame({"ease": [*range(11)] * 12, "speed": [4, 9, 2, 7] * 33})


@pytest.fixture
def survey(rng: np.random.Generator) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    halo = rng.normal(size=(700, 1))
    z = np.sqrt(0.5) * halo + np.sqrt(0.5) * rng.normal(size=(700, 3))
    ratings = pd.DataFrame(np.clip(np.rint(7 + 1.8 * z), 0, 10), columns=["ease", "speed", "price"])
    loyalty = (
        3 * ratings["ease"].clip(upper=6) + 4 * ratings["speed"].clip(lower=7) + ratings["price"]
    )
    accounts = pd.Series(rng.integers(0, 250, 700))
    return ratings, loyalty + 3 * rng.normal(size=700), accounts


def row(found, driver):
    return found.table.set_index("driver").loc[driver]


@pytest.mark.parametrize(
    ("outcome", "shape", "below", "above"),
    [
        (2 * GRID["ease"].clip(upper=6), "levels off", 2, 0),
        (3 * GRID["ease"].clip(lower=6), "takes off", 0, 3),
        (GRID["ease"] + GRID["ease"].clip(upper=6), "levels off", 2, 1),
    ],
)
def test_a_bend_without_noise_is_found_exactly(outcome, shape, below, above):
    ease = row(response_curves(GRID, outcome.astype(float), replicates=20), "ease")
    assert (ease["shape"], ease["threshold"]) == (shape, 6)
    assert (ease["below"], ease["above"]) == pytest.approx((below, above), abs=1e-9)


def test_slopes_either_side_are_those_of_least_squares(rng):
    """numpy's least squares on the two parts of the scale; a falling side stays falling."""
    for below, above in ((1.0, 0.5), (1.0, -0.8), (-0.8, 1.0), (-1.0, -1.0)):
        x = rng.integers(0, 11, 400).astype(float)
        y = below * np.minimum(x, 6) + above * np.maximum(x - 6, 0) + rng.normal(size=400)
        left = np.cov(np.column_stack([x, np.maximum(x - 6, 0), y]).T, ddof=0)[None]
        parts = np.column_stack([np.ones(400), np.minimum(x, 6), np.maximum(x - 6, 0)])
        expected = np.linalg.lstsq(parts, y, rcond=None)[0][1:]
        found = two_slopes(left)
        assert (found[0][0, 0], found[1][0, 0]) == pytest.approx(tuple(expected), abs=1e-9)


def test_the_threshold_chosen_leaves_the_smallest_error(rng):
    for _ in range(20):
        x = rng.integers(0, 11, 100).astype(float)
        knots = np.arange(2.0, 9.0)
        y = np.minimum(x, 5) + 2 * rng.normal(size=100)
        left = np.cov(np.column_stack([x, *(np.maximum(x - t, 0) for t in knots), y]).T, ddof=0)
        errors = [
            sm.OLS(y, sm.add_constant(np.column_stack([x, np.maximum(x - t, 0)]))).fit().ssr
            for t in knots
        ]
        assert best_of(left[None])[0] == int(np.argmin(errors))


def test_the_error_of_a_bend_is_that_of_leaving_accounts_out(survey):
    """Each account left out of a regression with the bend, and the slopes' spread taken."""
    ratings, loyalty, accounts = survey
    accounts = accounts % 40
    answers, _ = analysed(ratings, loyalty, SurveyDesign(clusters=accounts), "listwise")
    k = answers.drivers.index("ease")
    others = np.delete(answers.ratings, k, axis=1)
    tried = Tried.of(answers, k, others, np.array([6.0]))
    below, above = two_slopes(tried.left.covariances)
    x = answers.ratings[:, k]
    design = np.column_stack([np.ones(700), x, np.maximum(x - 6, 0), others])

    def bend(rows):
        return np.linalg.lstsq(design[rows], answers.outcome[rows], rcond=None)[0][2]

    whole = bend(np.ones(700, dtype=bool))
    without = np.array([bend((accounts != a).to_numpy()) for a in range(40)])
    assert (above - below)[0, 0] == pytest.approx(whole)
    expected = np.sqrt(39 / 40 * ((without - whole) ** 2).sum())
    assert tried.left.errors(above - below)[0] == pytest.approx(expected)


def test_planted_thresholds_are_recovered_with_the_others_held(survey):
    ratings, loyalty, accounts = survey
    found = response_curves(
        ratings, loyalty, design=SurveyDesign(clusters=accounts), replicates=200
    )
    ease, speed, price = (row(found, name) for name in ratings)
    assert (ease["shape"], speed["shape"], price["shape"]) == (
        "levels off", "takes off", "straight"
    )  # fmt: skip
    assert ease["threshold_low"] <= 6 <= ease["threshold_high"]
    assert speed["threshold_low"] <= 7 <= speed["threshold_high"]
    assert ease["below_low"] < 3 < ease["below_high"]
    assert np.isnan(price["threshold"])


def test_the_curve_is_centred_on_the_average_customer_and_lies_in_its_band(survey):
    ratings, loyalty, accounts = survey
    points = response_curves(
        ratings, loyalty, design=SurveyDesign(clusters=accounts), replicates=50
    ).points
    assert (points["low"] <= points["curve"]).all() and (points["curve"] <= points["high"]).all()
    for _, curve in points.groupby("driver"):
        assert np.average(curve["curve"], weights=curve["base"]) == pytest.approx(0, abs=1e-9)
        assert curve["base"].sum() == 700


def test_adjusted_means_are_those_of_a_dummy_regression(survey):
    """Levels of one driver beside the other as a line with a bend at its median."""
    ratings, loyalty, _ = survey
    points = response_curves(ratings[["ease", "speed"]], loyalty, replicates=20).points
    ease = points[(points["driver"] == "ease") & points["adjusted"].notna()]
    levels = ease["rating"].to_numpy()
    there = ratings["ease"].isin(levels).to_numpy()
    dummies = (ratings["ease"].to_numpy()[:, None] == levels[1:]).astype(float)
    speed = ratings["speed"].to_numpy()
    held = np.column_stack([speed, np.maximum(speed - np.median(speed), 0)])
    design = np.column_stack([np.ones(700), dummies, held])
    slopes = np.linalg.lstsq(design, loyalty.to_numpy(), rcond=None)[0]
    effects = np.concatenate([[0.0], slopes[1 : levels.size]])
    sizes = np.array([(ratings["ease"] == level).sum() for level in levels])
    assert there.sum() == sizes.sum()
    expected = effects - np.average(effects, weights=sizes)
    assert ease["adjusted"].to_numpy() == pytest.approx(expected, abs=1e-8)


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("seed", [0, 1, 2, 4])
@pytest.mark.parametrize("told_by", [["b"], ["c"], ["a", "b"]])
def test_an_outcome_that_others_tell_exactly_leaves_nothing_to_bend(seed, told_by):
    """What is left of it is 0, or by rounding a little less, of which there is no square root."""
    rng = np.random.default_rng(seed)
    ratings = pd.DataFrame(rng.integers(0, 11, (200, 3)), columns=list("abc")).astype(float)
    found = response_curves(ratings, ratings[told_by].sum(axis=1), replicates=20)
    assert found.table["threshold"].isna().all()


def test_a_bend_is_corrected_for_how_many_drivers_are_looked_at(survey):
    """Among drivers that do nothing, the bend's p is multiplied by how many are tested."""
    ratings, loyalty, _ = survey
    alone = row(response_curves(ratings, loyalty, replicates=20), "ease")
    idle = pd.DataFrame(np.random.default_rng(2).integers(0, 11, (700, 9))).add_prefix("idle_")
    among = row(response_curves(ratings.join(idle), loyalty, replicates=20), "ease")
    assert alone["p_holm"] <= 3 * alone["p"]
    assert among["p_holm"] >= 10 * among["p"]


def test_the_lowest_threshold_tried_has_enough_ratings_below(survey):
    """A twentieth of 700 is 35: nothing can be said of a bend with fewer below it."""
    ratings, loyalty, _ = survey
    for found in response_curves(ratings, loyalty, replicates=20).table.itertuples():
        x = ratings[found.driver]
        assert (x < found.tried_low).sum() >= 35 > (x < found.tried_low - 1).sum()
        assert (x > found.tried_high).sum() >= 35 > (x > found.tried_high + 1).sum()


def test_lifting_along_a_bend_by_hand():
    """A point is worth 2 up to 6 and 1 beyond. From 4 to 8: 4 + 2; from 7: 1; from 9: none."""
    found = Bend(
        np.array([6.0]), np.array([2.0]), np.array([1.0]), np.array([4.0, 7, 9]),
        np.array([1.0, 2, 1]),
    )  # fmt: skip
    assert found.lift(8)[0] == pytest.approx((6 + 2 * 1 + 0) / 4)


def test_a_long_scale_is_drawn_in_tenths(rng):
    x = pd.DataFrame({"ease": rng.integers(0, 101, 400), "speed": rng.integers(0, 101, 400)})
    found = response_curves(x, x["ease"].clip(upper=60) + rng.normal(size=400), replicates=50)
    assert (found.points.groupby("driver").size() <= 11).all()
    assert row(found, "ease")["threshold"] == pytest.approx(60, abs=10)


def test_a_driver_that_lowers_the_outcome_is_said_to_fall_with_its_slope(rng):
    """No slope is moved to zero, and none has an interval without width."""
    outcome = -2.0 * GRID["ease"] + rng.normal(size=len(GRID))
    ease = row(response_curves(GRID, outcome, replicates=20), "ease")
    assert ease["shape"] == "falls"
    assert ease["below_low"] < -2 < ease["below_high"] < 0


def test_a_driver_without_effect_keeps_its_slope_and_a_wide_interval(survey):
    ratings, _, accounts = survey
    noise = pd.Series(np.random.default_rng(4).normal(size=700))
    found = response_curves(
        ratings, noise, design=SurveyDesign(clusters=accounts), replicates=20
    ).table
    assert (found["below_low"] < found["below"]).all()
    assert (found["below"] < 0).any()


def test_drivers_always_in_are_held_and_not_drawn(survey):
    ratings, loyalty, _ = survey
    found = response_curves(ratings, loyalty, always=["price"], replicates=20)
    assert set(found.table["driver"]) == {"ease", "speed"}


def test_three_respondents_are_too_few():
    with pytest.raises(NotEstimable, match="base too small"):
        response_curves(pd.DataFrame({"ease": [1, 5, 9]}), pd.Series([1.0, 2, 3]))


@pytest.mark.parametrize("seed", [8, 18, 37])
def test_where_no_driver_has_an_effect_none_is_said_to_bend(seed):
    """Noise, in which chance alone gives a corrected p below 5 %."""
    rng = np.random.default_rng(seed)
    ratings = pd.DataFrame(rng.integers(0, 11, (150, 3)), columns=list("abc")).astype(float)
    noise = pd.Series(rng.normal(size=150))
    found = response_curves(ratings, noise, replicates=20).table
    assert found["p_holm"].min() < 0.05
    assert found["threshold"].isna().all()

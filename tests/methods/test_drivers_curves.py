"""Response curves: hand-worked bends, an isotonic check, planted thresholds, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import nnls

from helpers.errors import NotEstimable
from helpers.methods.drivers import response_curves
from helpers.methods.drivers.curves import _bent, _straight

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


def test_slopes_either_side_are_those_of_non_negative_least_squares(rng):
    """scipy's nnls on the same two columns, one case for each of its outcomes."""
    for below, above in ((1.0, 0.5), (1.0, -0.8), (-0.8, 1.0), (-1.0, -1.0)):
        x = rng.integers(0, 11, 400).astype(float)
        y = below * np.minimum(x, 6) + above * np.maximum(x - 6, 0) + rng.normal(size=400)
        bend = np.maximum(x - 6, 0)
        left = np.cov(np.column_stack([x, bend, y]).T, ddof=0)[None]
        columns = np.column_stack([np.minimum(x, 6), bend])
        expected, error = nnls(columns - columns.mean(axis=0), y - y.mean())
        found = _bent(left)
        assert (found[0][0, 0], found[1][0, 0]) == pytest.approx(tuple(expected), abs=1e-9)
        assert found[2][0, 0] == pytest.approx(error**2 / 400)


def test_a_bent_line_never_fits_worse_than_a_straight_one(rng):
    for _ in range(20):
        x = rng.integers(0, 11, 100).astype(float)
        columns = [x, *(np.maximum(x - t, 0) for t in range(2, 9)), x + 5 * rng.normal(size=100)]
        left = np.cov(np.column_stack(columns).T, ddof=0)[None]
        assert _bent(left)[2].min() <= _straight(left)[1][0] + 1e-9


def test_planted_thresholds_are_recovered_with_the_others_held(survey):
    ratings, loyalty, accounts = survey
    found = response_curves(ratings, loyalty, clusters=accounts, replicates=200)
    ease, speed, price = (row(found, name) for name in ratings)
    assert (ease["shape"], speed["shape"], price["shape"]) == (
        "levels off", "takes off", "straight"
    )  # fmt: skip
    assert ease["threshold_low"] <= 6 <= ease["threshold_high"]
    assert speed["threshold_low"] <= 7 <= speed["threshold_high"]
    assert ease["below_low"] < 3 < ease["below_high"]
    assert np.isnan(price["threshold"])


def test_the_curve_is_centred_on_the_average_customer_and_never_falls(survey):
    ratings, loyalty, accounts = survey
    points = response_curves(ratings, loyalty, clusters=accounts, replicates=50).points
    for _, curve in points.groupby("driver"):
        assert np.average(curve["curve"], weights=curve["base"]) == pytest.approx(0, abs=1e-9)
        assert (curve["curve"].diff().dropna() >= 0).all()
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


def test_gcv_supports_whatever_bic_does(survey):
    ratings, loyalty, _ = survey
    strict = response_curves(ratings, loyalty, replicates=20)
    lenient = response_curves(ratings, loyalty, replicates=20, criterion="gcv")
    bent = {d for d, t in strict.table[["driver", "threshold"]].itertuples(index=False) if t == t}
    again = lenient.table.set_index("driver").loc[list(bent), "threshold"]
    assert bent and again.notna().all()


def test_a_long_scale_is_drawn_in_tenths(rng):
    x = pd.DataFrame({"ease": rng.integers(0, 101, 400), "speed": rng.integers(0, 101, 400)})
    found = response_curves(x, x["ease"].clip(upper=60) + rng.normal(size=400), replicates=50)
    assert (found.points.groupby("driver").size() <= 11).all()
    assert row(found, "ease")["threshold"] == pytest.approx(60, abs=10)


def test_a_driver_that_lowers_the_outcome_has_a_flat_curve():
    found = response_curves(GRID, -GRID["ease"].astype(float), replicates=20)
    assert row(found, "ease")["shape"] == "no clear effect"
    assert row(found, "ease")["below"] == 0


def test_drivers_always_in_are_held_and_not_drawn(survey):
    ratings, loyalty, _ = survey
    found = response_curves(ratings, loyalty, always=["price"], replicates=20)
    assert set(found.table["driver"]) == {"ease", "speed"}


def test_three_respondents_are_too_few():
    with pytest.raises(NotEstimable, match="base too small"):
        response_curves(pd.DataFrame({"ease": [1, 5, 9]}), pd.Series([1.0, 2, 3]))


def test_another_criterion_is_refused():
    with pytest.raises(ValueError, match="'bic' or 'gcv'"):
        response_curves(GRID, GRID["ease"].astype(float), criterion="aic")

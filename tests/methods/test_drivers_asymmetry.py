"""Floors and delighters: a hand-worked contrast, invariances, planted shapes, refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from designed import designed
from scipy.stats import t

from helpers.errors import NotEstimable
from helpers.methods.drivers import asymmetry, response_curves
from helpers.methods.survey import SurveyDesign

ENDS = {"ease": (2, 9), "speed": (3, 9)}


@pytest.fixture
def crossed() -> pd.DataFrame:
    """Every rating of ease with every rating of speed, so that each effect stands alone."""
    return pd.DataFrame({"ease": [2, 5, 6, 9] * 30, "speed": [3, 7, 9, 5, 9] * 24})


@pytest.fixture
def survey(rng: np.random.Generator) -> dict[str, pd.DataFrame | pd.Series]:
    """700 respondents of 250 accounts; ease is a floor at 6, speed a delighter from 7."""
    halo = rng.normal(size=(700, 1))
    z = np.sqrt(0.5) * halo + np.sqrt(0.5) * rng.normal(size=(700, 4))
    names = ["ease", "speed", "price", "idle"]
    ratings = pd.DataFrame(np.clip(np.rint(7 + 1.8 * z), 0, 10), columns=names)
    loyalty = (
        3 * ratings["ease"].clip(upper=6)
        + 4 * ratings["speed"].clip(lower=7)
        + ratings["price"]
        + rng.normal(size=700) * 3
    )
    return {
        "ratings": ratings,
        "outcome": loyalty,
        "clusters": pd.Series(rng.integers(0, 250, 700)).map("a{}".format),
        "weights": pd.Series(rng.integers(1, 4, 700), dtype=float),
    }


def weighted_slopes(design: np.ndarray, survey: dict[str, pd.Series]) -> np.ndarray:
    root = np.sqrt(survey["weights"].to_numpy())
    y = survey["outcome"].to_numpy() * root
    return np.linalg.lstsq(design * root[:, None], y, rcond=None)[0]


def row(found, driver: str) -> pd.Series:
    return found.table.set_index("driver").loc[driver]


def test_penalty_and_reward_by_hand(crossed):
    """Gain is 2, 5, 6 and 6 at ratings 2, 5, 6 and 9: from a middle of 5.5, −3.5 and +0.5."""
    loyalty = crossed["ease"].clip(upper=6).astype(float)
    found = asymmetry(crossed, loyalty, cutoffs=ENDS, coefficients="unstandardised", replicates=50)
    ease = row(found, "ease")
    assert (ease["penalty"], ease["reward"]) == pytest.approx((-3.5, 0.5))
    assert ease["index"] == pytest.approx((0.5 - 3.5) / 4.0)
    assert (ease["n_low"], ease["n_middle"], ease["n_high"]) == (30, 60, 30)


def test_per_point_divides_by_the_distance_between_group_means(crossed):
    """Group means 2, 5.5 and 9 lie 3.5 points apart on either side."""
    loyalty = crossed["ease"].clip(upper=6).astype(float)
    ease = row(asymmetry(crossed, loyalty, cutoffs=ENDS, replicates=50), "ease")
    assert (ease["penalty"], ease["reward"]) == pytest.approx((-1.0, 0.5 / 3.5))


def test_a_straight_line_is_even_per_point_where_low_ratings_scatter_further():
    """Lows lie 4 below the middle, highs 1 above: distance alone makes the raw penalty larger."""
    ratings = pd.DataFrame({"ease": [2, 6, 6, 7] * 40, "speed": [3, 7, 9, 5, 9] * 32})
    loyalty = 2.0 * ratings["ease"]
    ends = {"ease": (2, 7), "speed": (3, 9)}
    raw = asymmetry(ratings, loyalty, cutoffs=ends, coefficients="unstandardised", replicates=50)
    fair = asymmetry(ratings, loyalty, cutoffs=ends, replicates=50)
    assert row(raw, "ease")["index"] == pytest.approx(-0.6)
    assert row(fair, "ease")["index"] == pytest.approx(0.0, abs=1e-9)
    assert row(fair, "ease")["class"] == "even"


def test_dummies_are_those_of_one_regression_with_all_drivers(survey):
    found = asymmetry(
        survey["ratings"], survey["outcome"], design=SurveyDesign(survey["weights"]),
        others="dummies", coefficients="unstandardised", replicates=20,
    )  # fmt: skip
    table = found.table.set_index("driver")
    columns = [np.ones(700)]
    for name in survey["ratings"]:
        x = survey["ratings"][name].to_numpy()
        columns += [x <= table.loc[name, "low_to"], x >= table.loc[name, "high_from"]]
    slopes = weighted_slopes(np.column_stack(columns).astype(float), survey)[1:]
    for k, name in enumerate(survey["ratings"]):
        assert tuple(table.loc[name, ["penalty", "reward"]]) == pytest.approx(
            tuple(slopes[2 * k : 2 * k + 2]), rel=1e-6
        )


def test_bent_holds_the_others_as_lines_with_a_bend_at_their_median(survey):
    found = asymmetry(
        survey["ratings"], survey["outcome"], design=SurveyDesign(survey["weights"]),
        coefficients="unstandardised", replicates=20,
    )  # fmt: skip
    ease = row(found, "ease")
    x = survey["ratings"]["ease"].to_numpy()
    others = survey["ratings"].drop(columns="ease").to_numpy()
    bends = np.maximum(others - np.median(others, axis=0), 0)
    design = np.column_stack(
        [np.ones(700), x <= ease["low_to"], x >= ease["high_from"], others, bends]
    )
    expected = weighted_slopes(design.astype(float), survey)[1:3]
    assert (ease["penalty"], ease["reward"]) == pytest.approx(tuple(expected), rel=1e-6)


def test_a_driver_without_effect_is_cleared_of_what_its_neighbours_do(survey):
    """Two dummies leave much of strong neighbours, which shows in what moves with them."""
    options = {"clusters": survey["clusters"], "replicates": 300}
    leaking = asymmetry(survey["ratings"], survey["outcome"], others="dummies", **designed(options))
    held = asymmetry(survey["ratings"], survey["outcome"], **designed(options))
    assert row(leaking, "idle")["class"] == "floor"
    assert row(held, "idle")["class"] == "no clear effect"


def test_planted_shapes_are_recovered(survey):
    found = asymmetry(
        survey["ratings"],
        survey["outcome"],
        design=SurveyDesign(clusters=survey["clusters"]),
        replicates=300,
    )
    assert row(found, "ease")["class"] == "floor"
    assert row(found, "speed")["class"] == "delighter"


def test_the_contrast_is_penalty_plus_reward_with_the_error_of_leaving_accounts_out(survey):
    """By hand, each of 40 accounts left out of the regression with both dummies."""
    accounts = survey["clusters"].str[1:].astype(int) % 40
    found = asymmetry(
        survey["ratings"], survey["outcome"],
        SurveyDesign(survey["weights"], clusters=accounts), replicates=20,
    )  # fmt: skip
    ease = row(found, "ease")
    assert ease["contrast"] == pytest.approx(ease["penalty"] + ease["reward"])
    x, w = survey["ratings"]["ease"].to_numpy(), survey["weights"].to_numpy()
    low, high = x <= ease["low_to"], x >= ease["high_from"]
    groups = (low, ~low & ~high, high)
    bottom, middle, top = (np.average(x[part], weights=w[part]) for part in groups)
    others = survey["ratings"].drop(columns="ease").to_numpy()
    bends = np.maximum(others - np.median(others, axis=0), 0)
    design = np.column_stack([np.ones(700), low, high, others, bends]).astype(float)

    def contrast(rows):
        root = np.sqrt(w[rows])
        y = survey["outcome"].to_numpy()[rows] * root
        slopes = np.linalg.lstsq(design[rows] * root[:, None], y, rcond=None)[0]
        return slopes[1] / (middle - bottom) + slopes[2] / (top - middle)

    whole = contrast(np.ones(700, dtype=bool))
    moved = [contrast((accounts != a).to_numpy()) - whole for a in range(40)]
    error = np.sqrt(39 / 40 * np.square(moved).sum())
    assert ease["contrast"] == pytest.approx(whole)
    half = (ease["contrast_high"] - ease["contrast_low"]) / 2
    assert t.ppf(0.975, 39) - 1e-6 <= half / error <= t.ppf(0.975, 15)


def test_planted_shapes_are_sure_and_a_straight_line_is_not(survey):
    options = {"clusters": survey["clusters"], "replicates": 100}
    curves = response_curves(survey["ratings"], survey["outcome"], **designed(options))
    found = asymmetry(survey["ratings"], survey["outcome"], curves=curves, **designed(options))
    assert set(found.table.loc[found.table["sure"], "driver"]) == {"ease", "speed"}
    assert row(found, "ease")["contrast_high"] < 0 < row(found, "speed")["contrast_low"]


def test_no_class_is_sure_where_the_curve_does_not_bend(survey):
    """Whatever low and high ratings say, a page does not call a straight line a floor."""
    straight = survey["ratings"].sum(axis=1) + np.random.default_rng(3).normal(size=700)
    curves = response_curves(survey["ratings"], straight, replicates=20)
    assert not curves.bends
    found = asymmetry(survey["ratings"], survey["outcome"], replicates=50, curves=curves)
    assert row(found, "ease")["class"] == "floor"
    assert not found.table["sure"].any()


def test_a_class_is_sure_only_after_correction_for_the_number_of_drivers(survey):
    found = asymmetry(survey["ratings"], survey["outcome"], replicates=50)
    assert (found.table["p_holm"] >= found.table["p"]).all()
    assert found.table["p_holm"].min() == pytest.approx(4 * found.table["p"].min())
    wrong = found.table.assign(p_holm=0.5)
    with pytest.raises(ValueError, match="without its test"):
        replace(found, table=wrong)


def test_integer_weights_equal_repeated_rows(survey):
    times = survey["weights"].astype(int)
    weighted = asymmetry(
        survey["ratings"],
        survey["outcome"],
        design=SurveyDesign(times),
        replicates=20,
        cutoffs=0.25,
    )
    again = survey["ratings"].index.repeat(times)
    repeated = asymmetry(
        survey["ratings"].loc[again].reset_index(drop=True),
        survey["outcome"].loc[again].reset_index(drop=True),
        replicates=20,
        cutoffs=0.25,
    )
    columns = ["penalty", "reward", "index"]
    pd.testing.assert_frame_equal(weighted.table[columns], repeated.table[columns])


def test_the_order_of_drivers_changes_nothing(survey):
    turned = survey["ratings"][survey["ratings"].columns[::-1]]
    one, other = (
        asymmetry(
            r, survey["outcome"], design=SurveyDesign(clusters=survey["clusters"]), replicates=50
        )
        for r in (survey["ratings"], turned)
    )
    pd.testing.assert_frame_equal(one.table, other.table)


def test_a_turned_scale_turns_floor_into_delighter(survey):
    """Minus the outcome over a turned scale: what low ratings cost is what high ones bring."""
    one = asymmetry(survey["ratings"], survey["outcome"], replicates=50)
    other = asymmetry(10 - survey["ratings"], -survey["outcome"], replicates=50)
    for name in survey["ratings"]:
        assert row(one, name)["index"] == pytest.approx(-row(other, name)["index"])


def test_pairwise_uses_answers_that_listwise_drops(survey):
    holes = survey["ratings"].mask(np.random.default_rng(5).random(survey["ratings"].shape) < 0.1)
    pairwise = asymmetry(holes, survey["outcome"], missing="pairwise", replicates=200)
    assert pairwise.base > asymmetry(holes, survey["outcome"], replicates=20).base
    assert row(pairwise, "ease")["class"] == "floor"


def test_a_driver_without_a_middle_is_left_out_with_its_reason(survey):
    ratings = survey["ratings"].assign(idle=np.where(survey["ratings"]["idle"] > 6, 10, 2))
    found = asymmetry(ratings, survey["outcome"], replicates=20)
    assert "idle" not in set(found.table["driver"])
    assert found.dropped["idle"] == "fewer than 10 high ratings: no shape to judge"


def test_twins_are_dropped_and_constants_too(survey):
    ratings = survey["ratings"].assign(twin=survey["ratings"]["ease"], flat=7.0)
    found = asymmetry(ratings, survey["outcome"], replicates=20)
    assert set(found.dropped) == {"twin", "flat"}


def test_three_respondents_are_too_few():
    with pytest.raises(NotEstimable, match="base too small"):
        asymmetry(pd.DataFrame({"ease": [1, 5, 9]}), pd.Series([1.0, 2, 3]))


def test_ratings_of_two_values_have_no_middle():
    ratings = pd.DataFrame({"ease": [1, 5] * 30, "speed": [1, 1, 5] * 20})
    with pytest.raises(NotEstimable, match="widen the cut-offs"):
        asymmetry(ratings, ratings["ease"].astype(float))


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        ({"cutoffs": 0.6}, "below 0.5"),
        ({"cutoffs": {"ease": (2, 9)}}, "no entry for 'speed'"),
        ({"cutoffs": {"ease": (9, 2), "speed": (3, 9)}}, "is not below"),
        ({"margin": 1.0}, "from 0 to below 1"),
        ({"probability": 0.4}, "from 0.5 to 1"),
        ({"others": "all"}, "'bent' or 'dummies'"),
        ({"coefficients": "beta"}, "'per_point', 'unstandardised' or 'standardised'"),
        ({"replicates": 3}, "at least 20"),
        ({"confidence": 95}, "as 0.95"),
    ],
)
def test_options_out_of_range_say_what_to_write(crossed, options, advice):
    with pytest.raises(ValueError, match=advice):
        asymmetry(crossed, crossed["ease"].astype(float), **designed(options))

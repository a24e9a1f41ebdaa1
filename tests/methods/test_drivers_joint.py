"""Figures drawn together: agreement with their own methods, ellipses that cover, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from designed import designed
from scipy.stats import t

from helpers.errors import NotEstimable
from helpers.methods.drivers import (
    improvement_potential,
    joint,
    performance,
    positions,
    relative_importance,
    response_curves,
    stated_against_derived,
)
from helpers.methods.drivers.redrawing import analysed, counts_of, unit_sums
from helpers.methods.survey import SurveyDesign

NAMES = ["ease", "speed", "price"]
SCALE = dict.fromkeys(NAMES, (0, 10))


@pytest.fixture
def survey(rng: np.random.Generator) -> dict[str, pd.DataFrame | pd.Series]:
    """Loyalty follows ease and speed; people say that price matters most."""
    z = 0.7 * rng.normal(size=(600, 1)) + 0.7 * rng.normal(size=(600, 3))
    ratings = pd.DataFrame(np.clip(np.rint([5, 7, 8] + 1.8 * z), 0, 10), columns=NAMES)
    wanted = np.clip(np.rint(rng.normal([5, 8, 9], 1, size=(600, 3))), 0, 10)
    return {
        "ratings": ratings,
        "outcome": 2 * ratings["ease"] + 2 * ratings["speed"] + 4 * rng.normal(size=600),
        "stated": pd.DataFrame(wanted, columns=NAMES),
        "clusters": pd.Series(np.repeat(np.arange(200), 3)),
        "weights": pd.Series(rng.integers(1, 4, 600), dtype=float),
    }


@pytest.fixture
def together(survey):
    return joint(**designed(survey), scale=SCALE, replicates=400)


def at(found, name: str) -> int:
    return found.drivers.index(name)


def test_the_sample_is_that_of_each_method_alone(survey, together):
    options = {"weights": survey["weights"], "clusters": survey["clusters"]}
    shares = relative_importance(survey["ratings"], survey["outcome"], **designed(options)).table
    means = performance(survey["ratings"], **designed(options)).table
    for name in NAMES:
        k = at(together, name)
        row = shares.set_index("driver").loc[name]
        assert together.share[0, k] == pytest.approx(row["share"])
        assert together.effect[0, k] == pytest.approx(row["effect"])
        assert together.mean[0, k] == pytest.approx(means.set_index("driver").loc[name, "mean"])


def test_reach_and_distance_to_the_target_by_hand():
    """Of ratings 6, 7, 8, 9 two lie below 8, by 2 and 1: half of all, 0.75 points over all."""
    ratings = pd.DataFrame({"ease": [6, 7, 8, 9] * 5, "speed": [1, 2, 3, 4, 5] * 4})
    found = joint(ratings, ratings["ease"] * 1.0, scale=SCALE, replicates=20)
    k = at(found, "ease")
    assert (found.target["ease"], found.below[0, k], found.short[0, k]) == (8, 0.5, 0.75)
    table = improvement_potential(found).table.set_index("driver")
    assert table.loc["ease", ["reach", "headroom", "potential"]].tolist() == pytest.approx(
        [0.5, 1.5, 0.75]
    )


@pytest.mark.parametrize(
    ("scale", "target", "point"), [((0, 10), 0.8, 8), ((1, 5), 0.8, 4), ((0, 100), 0.9, 90)]
)
def test_the_target_is_a_point_of_the_scale(scale, target, point):
    ratings = pd.DataFrame({"ease": [1, 2, 3, 4, 5] * 4})
    scales = {"ease": scale}
    found = joint(ratings, ratings["ease"] * 1.0, scale=scales, target=target, replicates=20)
    assert found.target == {"ease": point}


def test_an_ellipse_has_the_spread_of_the_replicates(together):
    """Projected on an axis, a 95 % ellipse reaches √χ²(.95, 2) = 2.4477 standard deviations."""
    for name, ellipse in together.ellipses(0.95).items():
        k = at(together, name)
        turn = np.radians(ellipse.angle)
        a, b = ellipse.half_axes
        across = np.hypot(a * np.cos(turn), b * np.sin(turn))
        up = np.hypot(a * np.sin(turn), b * np.cos(turn))
        assert across == pytest.approx(2.4477 * together.mean[1:, k].std(ddof=1), rel=1e-4)
        assert up == pytest.approx(2.4477 * together.share[1:, k].std(ddof=1), rel=1e-4)


def test_an_ellipse_holds_its_share_of_the_replicates(together):
    """Within three standard errors of 90 %, the replicates being about normal."""
    k = at(together, "ease")
    spread = np.cov(together.mean[1:, k], together.share[1:, k])
    away = np.column_stack([together.mean[1:, k], together.share[1:, k]]) - [
        together.mean[0, k], together.share[0, k]
    ]  # fmt: skip
    inside = np.einsum("ij,jk,ik->i", away, np.linalg.inv(spread), away) <= 4.605  # χ²(.9, 2)
    assert inside.mean() == pytest.approx(0.9, abs=3 * np.sqrt(0.09 / 400) + 0.01)


def test_potential_is_largest_where_effect_and_room_are(together):
    table = improvement_potential(together).table
    assert table["driver"].iloc[0] == "ease"  # as strong as speed, rated two points lower
    assert table["low"].iloc[0] > 0
    assert table["first"].sum() == pytest.approx(1)
    assert table.set_index("driver").loc["price", "low"] < 0


def test_a_potential_has_the_error_of_effect_and_headroom_without_each_account(survey):
    """By hand: effect times headroom over the rows of all accounts but one, for each."""
    one = {**survey, "clusters": survey["clusters"] // 5}  # 40 accounts
    del one["stated"]
    table = improvement_potential(joint(**designed(one), scale=SCALE, replicates=20)).table
    lows, highs = [], []

    def lifted(rows):
        x, w = one["ratings"][rows], np.sqrt(one["weights"][rows])
        design = np.column_stack([np.ones(len(x)), x])
        slopes = np.linalg.lstsq(design * w.to_numpy()[:, None], one["outcome"][rows] * w)[0][1:]
        short = np.average(np.maximum(8 - x, 0), axis=0, weights=w**2)
        return slopes * short

    whole = lifted(np.ones(600, dtype=bool))
    moved = np.array([lifted((one["clusters"] != c).to_numpy()) for c in range(40)]) - whole
    error = np.sqrt(39 / 40 * (moved**2).sum(axis=0))
    for k, name in enumerate(NAMES):
        found = table.set_index("driver").loc[name]
        lows.append((found["potential"] - found["low"]) / error[k])
        highs.append((found["high"] - found["potential"]) / error[k])
        assert found["potential"] == pytest.approx(whole[k])
    assert lows == pytest.approx(highs)
    assert all(t.ppf(0.975, 39) - 1e-9 <= half <= t.ppf(0.975, 20) for half in lows)


def test_effect_and_potential_clear_zero_together(survey):
    """One rule of intervals: a driver whose effect may be nothing has no sure potential."""
    del survey["stated"]
    options = {k: survey[k] for k in ("weights", "clusters")}
    for seed in range(8):
        noise = pd.Series(np.random.default_rng(seed).normal(size=600))
        outcome = survey["ratings"]["ease"] * 0.09 + noise
        effects = relative_importance(survey["ratings"], outcome, **designed(options)).table
        lifts = improvement_potential(
            joint(**designed({**survey, "outcome": outcome}), scale=SCALE, replicates=20)
        ).table
        both = effects.merge(lifts, on="driver", suffixes=("", "_lift"))
        # apart only where the effect's interval ends within a hair of zero
        near = both["effect_low"].abs() < 0.02
        assert ((both["effect_low"] > 0) == (both["low_lift"] > 0))[~near].all()


def test_a_bent_driver_is_lifted_along_its_curve(survey):
    """A point is worth 4 up to 5 and nothing beyond: the line's mean effect would promise more."""
    bent = 4 * survey["ratings"]["ease"].clip(upper=5) + np.random.default_rng(5).normal(size=600)
    del survey["stated"]
    options = {**survey, "outcome": bent}
    curves = response_curves(**designed(options), replicates=50)
    together = joint(**designed(options), scale=SCALE, replicates=50)
    straight, along = (
        improvement_potential(together, curves=c).table.set_index("driver").loc["ease"]
        for c in (None, curves)
    )
    ease, w = survey["ratings"]["ease"], survey["weights"]
    expected = np.average(4 * (5 - ease).clip(lower=0), weights=w)
    assert along["bent"] and not straight["bent"]
    assert along["low"] < expected < along["high"]
    assert along["potential"] < 0.9 * straight["potential"]
    product = along["effect"] * along["reach"] * along["headroom"]
    assert along["potential"] == pytest.approx(product)


def test_four_cells_are_recovered(together):
    cells = stated_against_derived(together).table.set_index("driver")["cell"]
    assert cells.to_dict() == {"ease": "derived only", "speed": "both", "price": "stated only"}


def test_scale_use_of_a_person_does_not_count(survey):
    """Somebody who finds everything one point more important says nothing of the order."""
    harder = survey["stated"].add(pd.Series([0, -2] * 300), axis=0)
    one, other = (
        joint(**designed({**survey, "stated": s}), scale=SCALE, replicates=20).stated
        for s in (survey["stated"], harder)
    )
    assert one == pytest.approx(other)


def test_derived_can_be_the_effect(together):
    found = stated_against_derived(together, derived="effect")
    assert found.derived_cut == pytest.approx(together.effect[0].mean())
    assert found.table.set_index("driver").loc["price", "cell"] == "stated only"


def test_a_quadrant_that_hangs_on_the_crosshair_is_said_to_depend(together):
    """Speed at 7 is above the average of 5, 7 and 8, and below a target of 8."""
    found = positions(together)
    summary = found.summary.set_index("driver")
    assert summary.loc["ease", "quadrant"] == "improve"
    assert summary.loc["speed", "quadrant"] == "depends"
    speed = found.table[found.table["driver"] == "speed"].set_index("crosshair")["quadrant"]
    assert (speed["average"], speed["target"]) == ("keep up", "improve")


def test_a_line_of_ones_own_is_one_more_crosshair(together):
    found = positions(together, lines={"best competitor": 9.5})
    rival = found.table[found.table["crosshair"] == "best competitor"]
    assert set(rival["quadrant"]) <= {"improve", "leave"}
    assert (found.summary["crosshairs"] == 4).all()


def test_same_seed_same_draws_and_the_order_of_drivers_is_no_matter(survey):
    turned = {
        **survey, "ratings": survey["ratings"][NAMES[::-1]], "stated": survey["stated"][NAMES[::-1]]
    }  # fmt: skip
    one, other = (joint(**designed(s), scale=SCALE, replicates=30) for s in (survey, turned))
    assert np.array_equal(one.share, other.share)
    assert np.array_equal(one.mean, other.mean)


@pytest.mark.parametrize("missing", ["pairwise", "imputed"])
def test_missing_answers_are_met_as_importance_meets_them(survey, rng, missing):
    holes = survey["ratings"].mask(rng.random((600, 3)) < 0.1)
    found = joint(holes, survey["outcome"], scale=SCALE, replicates=20, missing=missing)
    shares = relative_importance(holes, survey["outcome"], missing=missing).table
    expected = shares.set_index("driver")["share"].to_dict()
    assert dict(zip(found.drivers, found.share[0], strict=True)) == pytest.approx(expected)


def test_rows_of_an_analysis_are_those_of_its_answers(survey, rng):
    holes = survey["ratings"].mask(rng.random((600, 3)) < 0.3)
    outcome = survey["outcome"].mask(rng.random(600) < 0.1)
    for missing in ("listwise", "pairwise", "imputed"):
        answers, rows = analysed(holes, outcome, SurveyDesign(survey["weights"]), missing)
        kept = holes.loc[rows, list(answers.drivers)].to_numpy()
        np.testing.assert_array_equal(kept, answers.ratings)
        np.testing.assert_array_equal(outcome.loc[rows].to_numpy(), answers.outcome)


def test_sums_times_counts_are_sums_of_the_drawn_rows(survey):
    design = SurveyDesign(survey["weights"], clusters=survey["clusters"])
    answers, _ = analysed(survey["ratings"], survey["outcome"], design, "listwise")
    sums = unit_sums([answers.outcome], answers)
    _, draws = counts_of(answers.units, 20, np.random.default_rng(3))
    expected = (draws[:, answers.codes] * answers.weights * answers.outcome).sum(axis=1)
    assert (draws @ sums)[:, 0] == pytest.approx(expected)


def test_a_driver_that_nobody_was_asked_about_is_left_out_of_the_comparison(survey):
    asked = {**survey, "stated": survey["stated"][["ease", "speed"]]}
    found = stated_against_derived(joint(**designed(asked), scale=SCALE, replicates=50))
    assert set(found.table["driver"]) == {"ease", "speed"}
    assert found.derived_cut == pytest.approx(1 / 3)
    one = {**survey, "stated": survey["stated"][["ease"]]}
    with pytest.raises(NotEstimable, match="of two drivers or more"):
        stated_against_derived(joint(**designed(one), scale=SCALE, replicates=20))


def test_importance_stated_of_one_driver_alone_is_not_compared(survey):
    """Less the person's own mean it would be 0 for everybody, with an interval of no width."""
    asked = survey["stated"].copy()
    chosen = np.arange(600) % 3
    alone = asked.where(pd.DataFrame(chosen[:, None] == np.arange(3), columns=NAMES))
    with pytest.raises(NotEstimable, match="of two drivers or more"):
        stated_against_derived(
            joint(**designed({**survey, "stated": alone}), scale=SCALE, replicates=20)
        )
    some = pd.concat([asked[:200], alone[200:]])
    found = joint(**designed({**survey, "stated": some}), scale=SCALE, replicates=20)
    assert found.stated_base == 200


def test_importances_that_are_all_alike_set_no_driver_apart(survey):
    same = pd.DataFrame({name: np.arange(600) % 7 + 0.1 for name in NAMES})
    with pytest.raises(NotEstimable, match="calls every driver equally important"):
        stated_against_derived(
            joint(**designed({**survey, "stated": same}), scale=SCALE, replicates=20)
        )


def test_a_driver_said_to_be_just_average_is_not_called_important(survey):
    """Speed lies between the other two in every answer, so at the person's mean exactly."""
    between = pd.DataFrame({"ease": 4.0, "speed": 5.0, "price": 6.0}, index=range(600))
    found = stated_against_derived(
        joint(**designed({**survey, "stated": between}), scale=SCALE, replicates=50)
    ).table.set_index("driver")
    assert found.loc["speed", "stated"] == 0
    assert found.loc["speed", ["both", "stated_only"]].sum() == 0


def test_nobody_stated_an_importance(survey):
    del survey["stated"]
    with pytest.raises(NotEstimable, match="nobody stated an importance of two"):
        stated_against_derived(joint(**designed(survey), scale=SCALE, replicates=20))


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        ({"scale": {"ease": (0, 10)}}, "scale has no entry for 'price'"),
        ({"scale": SCALE, "target": 8}, "0.8 for 8 of 0-10"),
        ({"scale": SCALE, "replicates": 5}, "at least 20"),
        (
            {"scale": SCALE, "stated": pd.DataFrame({"x": [1.0] * 600})},
            "no column named as a driver",
        ),
    ],
)
def test_options_out_of_range_say_what_to_write(survey, options, advice):
    with pytest.raises(ValueError, match=advice):
        joint(**designed({**survey, **options}))


def test_probabilities_and_kinds_out_of_range(together):
    with pytest.raises(ValueError, match=r"from 0\.5 to 1"):
        positions(together, probability=0.2)
    with pytest.raises(ValueError, match=r"from 0\.5 to 1"):
        stated_against_derived(together, probability=0.2)
    with pytest.raises(ValueError, match="'share' or 'effect'"):
        stated_against_derived(together, derived="rank")

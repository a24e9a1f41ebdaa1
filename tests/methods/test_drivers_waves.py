"""Several waves pooled: exactly least squares with a level of each wave, and who has a say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers.methods.drivers import (
    asymmetry,
    compare_segments,
    improvement_potential,
    joint,
    pool_waves,
    relative_importance,
    response_curves,
)
from helpers.methods.drivers.agreement import drawn_together
from helpers.methods.drivers.redrawing import analysed
from helpers.methods.drivers.slopes import robust_slopes
from helpers.methods.survey import SurveyDesign

NAMES = ["ease", "price", "speed"]
SCALE = dict.fromkeys(NAMES, (0, 10))
EXACT = 1e-9


def world(seed=1, waves=3, accounts=60, changed=0.0, each=2):
    """Waves of accounts that return, levels that move, and one effect that may change at last."""
    rng = np.random.default_rng(seed)
    answers, designs = [], {}
    own = rng.normal(size=(accounts, 4))
    for wave in range(waves):
        account = np.repeat(np.arange(accounts), each)
        z = 0.6 * own[account] + 0.8 * rng.normal(size=(len(account), 4))
        ratings = np.clip(np.rint(6 + wave + 1.5 * z[:, :3]), 0, 10)
        slopes = np.array([1.0 + changed * (wave == waves - 1), 0.0, 0.5])
        y = ratings @ slopes - 5 * wave + 2 * z[:, 3]
        index = pd.Index([f"w{wave}r{k}" for k in range(len(account))])
        answers.append(pd.DataFrame(ratings, index, NAMES).assign(y=y, wave=wave, account=account))
        weights = pd.Series(rng.uniform(0.5, 2, len(account)), index)
        designs[f"w{wave}"] = SurveyDesign(weights, clusters=pd.Series(account, index))
    table = pd.concat(answers)
    return table[NAMES], table["y"], SurveyDesign.over(designs), table


def effects(found):
    return found.table.set_index("driver")["effect"][NAMES].to_numpy()


def pooled(ratings, y, design, missing="listwise"):
    """Slopes of all waves together, before this wave's own are drawn to them."""
    return joint(ratings, y, design, scale=SCALE, replicates=20, missing=missing).effect[0]


def dummies(table):
    return pd.get_dummies(table["wave"], drop_first=True, dtype=float)


@pytest.mark.parametrize("missing", ["listwise", "imputed", "pairwise"])
def test_effects_are_those_of_least_squares_with_a_level_of_each_wave(missing):
    ratings, y, design, table = world()
    found = relative_importance(ratings, y, design, missing=missing)
    x = sm.add_constant(pd.concat([ratings, dummies(table)], axis=1))
    weights = design.weights.groupby(table["wave"]).transform(lambda w: w / w.mean())
    fitted = sm.WLS(y, x, weights=weights).fit()
    together = pooled(ratings, y, design, missing)
    assert together == pytest.approx(fitted.params[NAMES].to_numpy(), rel=EXACT)
    held = sm.WLS(y, sm.add_constant(dummies(table)), weights=weights).fit()
    assert found.r_squared == pytest.approx(1 - fitted.ssr / held.ssr, rel=EXACT)


def test_errors_are_those_of_leaving_accounts_out_of_all_their_waves():
    """The jackknife over accounts, refitted by statsmodels, wave levels and all."""
    ratings, y, design, table = world(accounts=14)
    found = robust_slopes(analysed(ratings, y, design, "listwise")[0], 0.95, np.eye(3))
    x = sm.add_constant(pd.concat([ratings, dummies(table)], axis=1))
    weights = design.weights.groupby(table["wave"]).transform(lambda w: w / w.mean())
    left = []
    for account in range(14):
        there = table["account"] != account
        left.append(sm.WLS(y[there], x[there], weights=weights[there]).fit().params[NAMES])
    moved = np.array(left) - found.value
    expected = 13 / 14 * (moved**2).sum(axis=0)
    assert np.diagonal(found.covariance) == pytest.approx(expected, rel=1e-6)


def test_levels_of_waves_and_the_scale_of_their_weights_change_nothing():
    ratings, y, design, table = world()
    before = relative_importance(ratings, y, design)
    moved = relative_importance(ratings + 3 * table[["wave"]].to_numpy(), y - 40 * table["wave"],
                                design)  # fmt: skip
    assert effects(moved) == pytest.approx(effects(before), rel=EXACT)
    parts = dict(design.parts)
    parts["w1"] = parts["w1"].weighted_by(parts["w1"].weights * 900)
    scaled = relative_importance(ratings, y, SurveyDesign.over(parts))
    assert effects(scaled) == pytest.approx(effects(before), rel=EXACT)


def test_an_account_that_answers_the_same_in_every_wave_tells_no_more_than_once():
    ratings, y, design, _ = world(waves=1)
    once = relative_importance(ratings, y, design.parts["w0"])
    copies, parts = [], {}
    for wave in "abc":
        index = wave + ratings.index
        part = design.parts["w0"]
        parts[wave] = SurveyDesign(part.weights.set_axis(index),
                                   clusters=part.clusters.set_axis(index))  # fmt: skip
        copies.append(ratings.assign(y=y).set_axis(index))
    thrice = pd.concat(copies)
    found = relative_importance(thrice[NAMES], thrice["y"], SurveyDesign.over(parts))
    assert effects(found) == pytest.approx(effects(once), rel=1e-6)
    widths = [np.diagonal(one.covariance.loc[NAMES, NAMES]) for one in (found, once)]
    assert widths[0] == pytest.approx(widths[1], rel=0.15)  # of not knowing whether waves differ
    assert (widths[0] > 0.99 * widths[1]).all()


def test_a_design_over_one_wave_is_that_wave():
    ratings, y, design, _ = world(waves=1)
    over = relative_importance(ratings, y, design, replicates=50, missing="imputed")
    alone = relative_importance(ratings, y, design.parts["w0"], replicates=50, missing="imputed")
    pd.testing.assert_frame_equal(over.table, alone.table)
    assert over.agreement is None


def test_ratings_reach_and_headroom_stay_those_of_the_last_wave():
    ratings, y, design, table = world()
    found = joint(ratings, y, design, scale=SCALE, replicates=50)
    last = table["wave"] == 2
    weights = design.weights[last]
    for k, name in enumerate(found.drivers):
        assert found.mean[0, k] == pytest.approx(
            np.average(ratings.loc[last, name], weights=weights)
        )
        short = np.maximum(8 - ratings.loc[last, name], 0)
        assert found.short[0, k] == pytest.approx(np.average(short, weights=weights))
    assert found.answers == (120,) * 3
    assert found.base == 360


def test_the_lift_along_a_bend_is_that_of_the_last_waves_ratings():
    rng = np.random.default_rng(3)
    ratings, _, design, table = world(accounts=200)
    y = 3 * ratings["ease"].clip(upper=7) - 10 * table["wave"] + rng.normal(size=len(ratings))
    curves = response_curves(ratings, y, design, replicates=50)
    assert curves.bends["ease"].threshold[0] == 7
    found = improvement_potential(joint(ratings, y, design, scale=SCALE, replicates=50),
                                  curves=curves).table.set_index("driver")  # fmt: skip
    last = ratings.loc[table["wave"] == 2, "ease"]
    lifted = np.average(3 * (7 - last.clip(upper=7)), weights=design.weights[last.index])
    assert found.loc["ease", "potential"] == pytest.approx(lifted, rel=0.1)


def test_a_wave_that_lies_higher_makes_no_bend_and_no_floor():
    """Levels alone, steep ones: pooled without them every line would look bent or crooked."""
    ratings, y, design, table = world(accounts=150)
    y = y + 30 * (table["wave"] == 2)
    curves = response_curves(ratings, y, design, replicates=50)
    assert curves.table["threshold"].isna().all()
    slopes = curves.table.set_index("driver").loc["ease"]
    assert slopes["below_low"] < 1 < slopes["below_high"]
    shapes = asymmetry(ratings, y, design, replicates=50).table.set_index("driver")
    assert not shapes["sure"].any()


def test_segments_are_compared_within_waves():
    ratings, y, design, table = world(accounts=150)
    tier = (table["account"] % 2).map({0: "key", 1: "core"}).to_frame("tier")
    y = (
        y
        + 25 * table["wave"] * (tier["tier"] == "key")
        + 2 * ratings["price"] * (tier["tier"] == "key")
    )
    found = compare_segments(ratings, y, tier, design)
    assert found.different["driver"].tolist() == ["price"]
    effect = found.table.set_index(["driver", "segment"])["effect"]
    assert effect["price", "key"] == pytest.approx(2, abs=0.4)


@pytest.mark.parametrize("model", ["logit", "proportional_odds"])
def test_outcomes_in_categories_hold_waves_constant_too(model):
    ratings, y, design, table = world(accounts=150)
    yes = (y + 5 * table["wave"] > y.median() + 5).astype(float)
    if model == "proportional_odds":
        yes += y + 5 * table["wave"] > y.median() + 8
    shifted = ratings + 2 * table[["wave"]].to_numpy()
    plain = relative_importance(ratings, yes, design, model=model)
    moved = relative_importance(shifted, yes, design, model=model)
    assert effects(moved) == pytest.approx(effects(plain), rel=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_an_effect_that_changed_is_named_and_is_this_waves(seed):
    ratings, y, design, table = world(seed, accounts=200, changed=1.5)
    found = relative_importance(ratings, y, design)
    assert found.agreement.verdict == "some differ"
    assert found.agreement.differing == ("ease",)
    row = found.table.set_index("driver").loc["ease"]
    assert row["effect_low"] < 2.5 < row["effect_high"]
    assert row["effect_low"] > 1.5
    last = relative_importance(
        ratings[table["wave"] == 2], y[table["wave"] == 2], design.parts["w2"]
    ).table.set_index("driver")
    assert last.loc["ease", "effect"] == pytest.approx(row["effect"], abs=0.15)
    for name in ("price", "speed"):  # which did not change, and are known from all waves
        width, alone = (t.loc[name, "effect_high"] - t.loc[name, "effect_low"]
                        for t in (found.table.set_index("driver"), last))  # fmt: skip
        assert width < 0.9 * alone


@pytest.mark.parametrize("seed", range(3))
def test_where_nothing_changes_the_waves_before_make_intervals_shorter(seed):
    """Four waves of equal size: nearly half as wide, with something for what is not known."""
    ratings, y, design, table = world(seed, waves=4, accounts=200)
    found = relative_importance(ratings, y, design)
    last = table["wave"] == 3
    alone = relative_importance(ratings[last], y[last], design.parts["w3"])
    widths = [one.table["effect_high"] - one.table["effect_low"] for one in (found, alone)]
    assert 0.45 < widths[0].mean() / widths[1].mean() < 0.7


def test_what_changes_a_little_in_every_driver_is_not_averaged_away():
    """Each slope moves from wave to wave: this wave's are nearer the truth than the mean of all."""
    rng = np.random.default_rng(7)
    nearer = []
    for seed in range(6):
        ratings, _, design, table = world(seed, waves=4, accounts=200)
        moved = np.array([1.0, 0.5, 0.5]) + 0.4 * rng.normal(size=(4, 3))
        y = (ratings.to_numpy() * moved[table["wave"]]).sum(axis=1) + 2 * rng.normal(
            size=len(table)
        )
        y = pd.Series(y, ratings.index)
        own = relative_importance(ratings, y, design)
        off = [
            np.abs(found - moved[3]).mean() for found in (effects(own), pooled(ratings, y, design))
        ]
        nearer.append(off[0] < 0.7 * off[1])
    assert np.mean(nearer) >= 0.8


def test_joint_figures_take_the_effects_of_this_wave():
    ratings, y, design, _ = world(accounts=200, changed=1.5)
    found = relative_importance(ratings, y, design)
    both = joint(ratings, y, design, scale=SCALE, replicates=200, effects=found)
    row = found.table.set_index("driver").loc["ease"]
    k = both.drivers.index("ease")
    assert both.effect[0, k] == pytest.approx(row["effect"])
    assert both.effect[1:, k].std() == pytest.approx(found.covariance.loc["ease", "ease"] ** 0.5)


def test_values_that_agree_are_averaged_and_one_far_off_stands_alone():
    """Errors of .1: four alike have that of their mean, .05, or a little more for not knowing."""
    alike, error = drawn_together(np.array([1.0, 1.02, 0.98, 1.0]), 0.01 * np.eye(4))
    assert alike == pytest.approx(1.0, abs=0.02)
    assert 0.05 <= error < 0.1
    apart, alone = drawn_together(np.array([1.0, 1.0, 1.0, 9.0]), 0.01 * np.eye(4))
    assert apart == pytest.approx(9.0, abs=0.05)
    assert alone == pytest.approx(0.1, rel=0.05)


def test_a_wave_that_did_not_ask_a_driver_has_no_say():
    ratings, y, design, table = world()
    ratings = ratings.mask((table["wave"] == 0).to_numpy()[:, None] & (ratings.columns == "price"))
    found = pool_waves(ratings, y, design, labels={"price": "Pricing"})
    assert found.waves == ("w1", "w2")
    assert found.silent == {"w0": "Pricing was not asked"}
    assert relative_importance(*found.answers).base == 240


def test_a_driver_that_the_last_wave_did_not_ask_silences_nobody():
    ratings, y, design, table = world()
    ratings = ratings.mask((table["wave"] == 2).to_numpy()[:, None] & (ratings.columns == "price"))
    found = pool_waves(ratings, y, design)
    assert found.waves == ("w0", "w1", "w2")
    assert relative_importance(*found.answers, missing="imputed").dropped == {"price": "no answers"}


def test_a_wave_whose_outcome_was_made_of_other_questions_has_no_say():
    ratings, y, design, table = world()
    parts = pd.DataFrame({"att_trust": y, "beh_stay": y.where(table["wave"] > 0)})
    found = pool_waves(ratings, y, design, parts=parts)
    assert found.silent == {"w0": "beh_stay was not asked"}


def test_a_wave_of_few_has_no_say_and_one_wave_keeps_its_own_design():
    ratings, y, design, table = world(waves=2)
    few = y.mask((table["wave"] == 0) & (np.arange(len(y)) > 20))
    last = design.parts["w1"]
    found = pool_waves(ratings, few, design, last=last)
    assert found.waves == ("w1",)
    assert found.silent == {"w0": "too few answered"}
    assert found.design is last
    assert found.ratings.index.equals(last.index)


def test_a_later_wave_has_no_say_in_the_report_of_an_earlier_one():
    ratings, y, design, table = world()
    found = pool_waves(ratings, y, design, current="w1")
    assert found.waves == ("w0", "w1")
    assert found.silent == {"w2": "it is later"}
    assert found.last.equals(ratings.index[table["wave"] == 1])
    assert joint(*found.answers, scale=SCALE, replicates=20).answers == (120,) * 3


def test_the_order_of_rows_says_nothing_of_which_wave_is_last():
    ratings, y, design, _ = world()
    backwards = ratings.index[::-1]
    found = pool_waves(ratings.loc[backwards], y[backwards], design)
    assert found.waves == ("w0", "w1", "w2")
    assert set(found.last.str[:2]) == {"w2"}
    told, plain = relative_importance(*found.answers), relative_importance(ratings, y, design)
    assert effects(told) == pytest.approx(effects(plain), rel=EXACT)


def test_planned_missingness_within_waves_keeps_every_wave():
    """Each person rates two of three drivers: all waves speak, and effects are found."""
    ratings, y, design, _ = world(accounts=250)
    drawn = np.random.default_rng(4).integers(0, 3, len(ratings))
    holes = ratings.mask(drawn[:, None] == np.arange(3))
    found = pool_waves(holes, y, design)
    assert found.waves == ("w0", "w1", "w2")
    told = relative_importance(*found.answers, missing="imputed").table.set_index("driver")
    assert told.loc["ease", "effect_low"] < 1 < told.loc["ease", "effect_high"]
    assert told.loc["ease", "effect_low"] > 0.5

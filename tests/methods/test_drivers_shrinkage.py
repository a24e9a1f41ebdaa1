"""Effects of many drivers: small ones drawn to zero, large ones left, p values as they were."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods.drivers import joint, performance, priorities, relative_importance
from helpers.methods.drivers.redrawing import analysed
from helpers.methods.drivers.shrinkage import MANY, horseshoe
from helpers.methods.drivers.slopes import robust_slopes
from helpers.methods.survey import SurveyDesign


def survey(seed, drivers, accounts=100, working=2):
    """Drivers that move together, of which the first few have an effect of one."""
    rng = np.random.default_rng(seed)
    account = np.repeat(np.arange(accounts), 2)
    z = 0.6 * rng.normal(size=(accounts, drivers + 1))[account]
    z += 0.8 * rng.normal(size=z.shape)
    x = 0.7 * rng.normal(size=(len(account), 1)) + 0.7 * z[:, :drivers]
    names = [f"d{k:02d}" for k in range(drivers)]
    y = x[:, :working].sum(axis=1) + 1.5 * z[:, drivers]
    return pd.DataFrame(x, columns=names), pd.Series(y), SurveyDesign(clusters=account)


def least_squares(ratings, y, design):
    answers = analysed(ratings, y, design, "listwise")[0]
    return robust_slopes(answers, 0.95, np.eye(len(answers.drivers)))


def test_without_error_values_stay_what_they_are():
    values = np.linspace(-3, 3, 12)
    assert horseshoe(values, 1e-8 * np.eye(12)).mean(axis=0) == pytest.approx(values, abs=1e-3)


def test_one_large_value_among_noise_is_kept_and_noise_is_not():
    noise = np.random.default_rng(0).normal(size=19)
    drawn = horseshoe(np.append(noise, 8.0), np.eye(20)).mean(axis=0)
    assert np.abs(drawn[:-1]).mean() < 0.5 * np.abs(noise).mean()
    assert drawn[-1] > 7.3


def test_twelve_drivers_are_drawn_to_zero_and_eleven_are_not():
    for drivers, shrunken in ((MANY - 1, False), (MANY, True)):
        ratings, y, design = survey(1, drivers)
        found = relative_importance(ratings, y, design, shrink=True)
        assert found.shrunken is shrunken
        plain = least_squares(ratings, y, design)
        effects = found.table.set_index("driver").loc[list(ratings), "effect"].to_numpy()
        assert np.allclose(effects, plain.value) is not shrunken
        assert any("drawn to zero" in note for note in found.notes) is shrunken
        asked = relative_importance(ratings, y, design)
        assert not asked.shrunken
        own = asked.table.set_index("driver").loc[list(ratings), "effect"]
        assert own.to_numpy() == pytest.approx(plain.value)


@pytest.mark.parametrize(("seed", "drivers"), [(0, 12), (1, 20)])
def test_effects_come_nearer_to_the_truth_and_their_intervals_are_shorter(seed, drivers):
    ratings, y, design = survey(seed, drivers)
    truth = np.r_[1.0, 1.0, np.zeros(drivers - 2)]
    table = (
        relative_importance(ratings, y, design, shrink=True)
        .table.set_index("driver")
        .loc[list(ratings)]
    )
    plain = least_squares(ratings, y, design)
    assert ((table["effect"] - truth) ** 2).sum() < ((plain.value - truth) ** 2).sum()
    widths = table["effect_high"] - table["effect_low"]
    assert widths.mean() < 0.85 * (plain.high - plain.low).mean()
    assert (
        (table["effect_low"] <= table["effect"]) & (table["effect"] <= table["effect_high"])
    ).all()


def test_p_values_shares_and_the_joint_test_stay_those_of_least_squares():
    ratings, y, design = survey(2, 14)
    found = relative_importance(ratings, y, design, shrink=True)
    plain = least_squares(ratings, y, design)
    p = found.table.set_index("driver").loc[list(ratings), "effect_p"].to_numpy()
    assert p == pytest.approx(plain.p)
    assert found.joint_p == pytest.approx(plain.joint_p)


def test_drivers_in_other_units_have_the_same_effects_in_those_units():
    ratings, y, design = survey(3, 12)
    once = relative_importance(ratings, y, design, shrink=True).table.set_index("driver")["effect"]
    scaled = ratings.assign(d00=ratings["d00"] * 10)
    again = relative_importance(scaled, y * 7, design, shrink=True).table.set_index("driver")[
        "effect"
    ]
    assert again["d00"] == pytest.approx(0.7 * once["d00"], rel=1e-6)
    assert again["d01"] == pytest.approx(7 * once["d01"], rel=1e-6)


def test_groups_and_twins_keep_effects_of_least_squares():
    ratings, y, design = survey(4, 13)
    grouped = relative_importance(ratings, y, design, groups={"both": ["d00", "d01"]}, shrink=True)
    assert not grouped.shrunken
    twin = ratings.assign(d13=ratings["d00"] + 1e-3 * ratings["d05"])
    assert not relative_importance(twin, y, design, shrink=True).shrunken


def test_what_is_ranked_and_drawn_together_takes_the_same_effects():
    ratings, y, design = survey(5, 12)
    scale = dict.fromkeys(ratings, (-9, 9))
    found = relative_importance(ratings, y, design, shrink=True)
    both = joint(ratings, y, design, scale=scale, replicates=100, effects=found)
    effects = found.table.set_index("driver").loc[list(both.drivers), "effect"]
    assert both.effect[0] == pytest.approx(effects.to_numpy())
    chosen = priorities(found, performance(ratings), scale=scale)
    assert set(chosen.clear) == {"d00", "d01"}

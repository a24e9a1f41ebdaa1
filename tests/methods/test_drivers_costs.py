"""Candidate actions by what they are linked to for their cost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotEstimable
from helpers.methods.drivers import for_their_cost, performance, priorities, relative_importance

SCALE = dict.fromkeys(("ease", "speed", "price"), (0, 10))
TAKEN = dict.fromkeys(("adoption_low", "adoption_mid", "adoption_high"), 0.5)


def action(name, once, year=0.0, **more):
    return {"action_id": name, "name": name.title(), "cost_once": once, "cost_year": year, **TAKEN,
            **more}  # fmt: skip


def effect(name, driver, low, mid, high):
    moves = {"change_low": low, "change_mid": mid, "change_high": high}
    return {"action_id": name, "driver": driver, **moves}


@pytest.fixture
def chosen(rng):
    """Ease counts 2 a point, speed 1, price nothing."""
    ratings = pd.DataFrame(rng.integers(2, 9, (600, 3)), columns=list(SCALE))
    outcome = 2.0 * ratings["ease"] + ratings["speed"] + 2 * pd.Series(rng.normal(size=600))
    found = relative_importance(ratings, outcome)
    return priorities(found, performance(ratings, scale=SCALE, target=0.8), scale=SCALE)


def costed(chosen, actions, effects, **more):
    reached = {one["action_id"]: 1.0 for one in actions}
    return for_their_cost(chosen, pd.DataFrame(actions), pd.DataFrame(effects), reached, **more)


def test_a_gain_is_effect_times_change_times_adoption_times_reach_over_cost(chosen):
    """2 a point × 1 point × half taken up × a quarter reached = .25, for twice the money .125."""
    found = for_their_cost(
        chosen, pd.DataFrame([action("a", 150_000, 50_000)]),
        pd.DataFrame([effect("a", "ease", 1, 1, 1)]), {"a": 0.25},
    ).table.iloc[0]  # fmt: skip
    assert found["cost"] == 200_000
    assert found["gain"] == pytest.approx(0.25, rel=0.05)
    assert found["for_cost"] == pytest.approx(found["gain"] / 2)
    assert found["positive"] == 1


def test_several_drivers_of_one_action_add_up_and_the_main_one_is_named(chosen):
    effects = [effect("a", "ease", 1, 1, 1), effect("a", "speed", 1, 1, 1)]
    both = costed(chosen, [action("a", 1e5)], effects).table.iloc[0]
    alone = costed(chosen, [action("a", 1e5)], [effect("a", "speed", 1, 1, 1)]).table.iloc[0]
    assert both["gain"] == pytest.approx(1.5, rel=0.05)
    assert (both["driver"], alone["driver"]) == ("ease", "speed")


def test_no_more_is_gained_than_customers_lack(chosen):
    lacking = chosen.table.set_index("driver").loc["ease", "reach"]
    found = costed(chosen, [action("a", 1e5)], [effect("a", "ease", 9, 9, 9)]).table.iloc[0]
    assert found["gain"] == pytest.approx(2 * lacking / 2, rel=0.05)


def test_a_change_of_which_little_is_known_widens_the_interval_and_not_the_gain(chosen):
    known, guess = (
        costed(chosen, [action("a", 1e5)], [effect("a", "ease", 1 - w, 1, 1 + w)]).table.iloc[0]
        for w in (0.0, 0.9)
    )
    assert guess["gain"] == pytest.approx(known["gain"], rel=0.03)
    assert guess["high"] - guess["low"] > 2 * (known["high"] - known["low"])


def test_the_best_for_its_cost_is_on_a_clear_driver_whatever_a_doubtful_one_promises(chosen):
    actions = [action("dear", 1e6), action("cheap", 1e5), action("doubtful", 1e2)]
    effects = [effect("dear", "ease", 1, 1, 1), effect("cheap", "speed", 1, 1, 1),
               effect("doubtful", "price", 1, 1, 1)]  # fmt: skip
    found = costed(chosen, actions, effects)
    assert found.best()["action_id"] == "cheap"
    assert found.best(("ease",))["action_id"] == "dear"
    assert found.best(("price",)) is None


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        (action("b", 0.0), "no cost"),
        (action("b", np.nan), "no cost"),
        (action("b", 1e5, requires="a"), "another action first"),
    ],
)
def test_what_cannot_be_weighed_is_left_out_with_the_reason(chosen, odd, why):
    actions = [action("a", 1e5, requires=None), odd]
    effects = [effect(name, "ease", 1, 1, 1) for name in ("a", "b")]
    found = costed(chosen, actions, effects)
    assert found.table["action_id"].tolist() == ["a"]
    assert why in found.left_out["b"]


def test_actions_that_move_nothing_rated_are_refused(chosen):
    with pytest.raises(NotEstimable, match="no listed action"):
        costed(chosen, [action("a", 1e5)], [effect("a", "warmth", 1, 1, 1)])


def test_the_same_actions_give_the_same_gains(chosen):
    given = [action("a", 1e5)], [effect("a", "ease", 0.5, 1, 1.5)]
    pd.testing.assert_frame_equal(costed(chosen, *given).table, costed(chosen, *given).table)

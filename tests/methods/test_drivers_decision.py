"""Whom to begin with: chances of being the best, expected loss, and corrections by max-t."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal, norm

from helpers.methods.drivers import performance, priorities, relative_importance
from helpers.methods.drivers.deciding import decision, posterior
from helpers.methods.drivers.simultaneous import adjusted_p

NAMES = ("ease", "speed", "price")


def test_two_drivers_by_hand():
    """Nothing drawn together: P(best) = Φ(1 / √2), loss = √2 (φ(z) − z (1 − Φ(z))), z = 1/√2.

    With two values their spread is all but unknown, so that they are drawn together a little:
    the chance lies below that of the plain comparison, and the loss above.
    """
    chosen = decision(posterior(["a", "b"], np.array([1.0, 0.0]), np.eye(2), 1e6))
    z = 1 / np.sqrt(2)
    assert 0.6 < chosen.best < norm.cdf(z)
    assert chosen.first == "a"
    assert chosen.by_lot - chosen.regret == pytest.approx(
        chosen.table["expected"].max() / 2 - chosen.table["expected"].min() / 2, abs=1e-6
    )


def test_the_shrunken_mean_is_that_of_the_normal_model_for_one_spread(monkeypatch):
    """For a known spread τ and equal errors σ: m + (x − m) τ² / (τ² + σ²)."""
    values, sigma = np.array([4.0, 1.0, 1.0, 2.0]), 0.5
    found = posterior(list("abcd"), values, sigma**2 * np.eye(4), 1e9)
    kept = (found.draws.mean(axis=0) - 2.0) / (values - 2.0)[0]
    part = kept[0]
    assert kept == pytest.approx((values - 2) / (values - 2)[0] * part, abs=0.01)
    tau = 1.5
    assert tau**2 / (tau**2 + sigma**2) == pytest.approx(part, abs=0.05)  # the values vary by 1.4


def test_alike_estimates_are_all_as_likely_and_no_choice_loses_much():
    chosen = decision(posterior(NAMES, np.full(3, 2.0), 0.04 * np.eye(3), 200))
    assert chosen.table["best"].to_numpy() == pytest.approx(1 / 3, abs=0.02)
    assert chosen.instead == pytest.approx(1, abs=0.01)
    assert chosen.moved == pytest.approx(2 / 3, abs=0.05)
    assert chosen.regret < 0.2


def test_one_far_ahead_is_certain_and_more_answers_would_not_move_it():
    chosen = decision(posterior(NAMES, np.array([9.0, 1, 0]), 0.04 * np.eye(3), 200))
    assert (chosen.first, chosen.second, chosen.best) == ("ease", "speed", 1.0)
    assert (chosen.regret, chosen.moved) == (0.0, 0.0)
    assert chosen.instead == pytest.approx(1 / 9, abs=0.03)


def test_reach_decides_between_equal_effects():
    """The same effect, and twice the points to be lifted."""
    likely = posterior(NAMES, np.array([2.0, 2.0, 0.0]), 0.04 * np.eye(3), 200)
    chosen = decision(likely.summed(NAMES, np.diag([1.0, 2.0, 1.0])))
    assert chosen.first == "speed"
    assert chosen.best > 0.95
    assert chosen.by_lot > chosen.regret


def test_errors_that_cancel_in_the_difference_leave_no_doubt():
    together = np.array([[1, 0.999, 0], [0.999, 1, 0], [0, 0, 1.0]])
    values = np.array([3.0, 2.0, 0.0])
    apart = decision(posterior(NAMES, values, np.eye(3), 200))
    assert apart.best < 0.8
    assert decision(posterior(NAMES, values, together, 200)).best > 0.9


def test_few_accounts_leave_more_doubt():
    values, spread = np.array([3.0, 1.0, 1.0]), 0.3 * np.eye(3)
    chances = [decision(posterior(NAMES, values, spread, df)).best for df in (3, 6, 30, 1000)]
    assert chances == sorted(chances)
    assert chances[0] < chances[-1] - 0.05


def test_only_those_named_may_be_chosen():
    likely = posterior(NAMES, np.array([3.0, 2.0, 0.0]), 0.5 * np.eye(3), 200)
    chosen = decision(likely, among=["speed", "price"])
    assert (chosen.first, chosen.second) == ("speed", "ease")


def test_the_same_answers_give_the_same_decision():
    given = (NAMES, np.array([1.0, 0.9, 0.2]), 0.2 * np.eye(3), 50)
    one, other = (decision(posterior(*given)).table for _ in range(2))
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("halo", [0.0, 0.5, 0.9])
def test_the_smallest_p_is_that_of_the_largest_of_all(halo):
    """Against the normal distribution function over the cube (scipy, Genz's integration)."""
    together = np.full((4, 4), halo) + (1 - halo) * np.eye(4)
    z = 2.3
    inside = multivariate_normal(np.zeros(4), together).cdf(np.full(4, z), lower_limit=-z)
    found = adjusted_p(2 * norm.sf([z, 0.1, 0.2, 0.3]), together)
    assert found[0] == pytest.approx(1 - inside, abs=0.002)


def test_corrections_grow_less_the_more_effects_vary_together():
    plain = 2 * norm.sf([2.3, 2.0, 1.0])
    apart, alike = (
        adjusted_p(plain, np.full((3, 3), halo) + (1 - halo) * np.eye(3)) for halo in (0.0, 0.95)
    )
    assert (alike[:2] < apart[:2]).all()
    assert (apart < plain * [3, 2, 1] + 0.004).all()  # never above Holm's
    assert apart[2] == pytest.approx(plain[2], abs=0.003)  # the last is on its own


def test_what_cannot_be_told_takes_no_part_in_a_correction():
    p = np.array([0.02, np.nan, 0.04])
    spread = np.diag([1.0, np.nan, 1.0])
    found = adjusted_p(p, spread)
    assert np.isnan(found[1])
    assert found[[0, 2]] == pytest.approx(adjusted_p(p[[0, 2]], np.eye(2)))


def test_priorities_decide_by_effect_times_the_points_that_are_lacking(rng):
    """Two equal effects: ratings of price lack the most points to the target, and it comes first."""  # noqa: E501
    ratings = pd.DataFrame(np.clip(np.rint(rng.normal([8, 7, 4], 1.2, (500, 3))), 0, 10),
                           columns=list(NAMES))  # fmt: skip
    outcome = ratings["ease"] + 1.0 * ratings["price"] + 2 * pd.Series(rng.normal(size=500))
    scale = dict.fromkeys(NAMES, (0, 10))
    found = relative_importance(ratings, outcome)
    rated = performance(ratings, scale=scale, target=0.8)
    ranked = priorities(found, rated, scale=scale)
    lacking = (8 - ratings["price"]).clip(lower=0).mean()
    own = ranked.table.set_index("driver").loc["price"]
    assert own["potential"] == pytest.approx(own["effect"] * lacking)
    assert (ranked.first, ranked.chosen.first, ranked.alike) == ("price", "price", ("price",))
    by_step = priorities(found, performance(ratings), scale=scale)
    assert set(by_step.alike) == {"ease", "price"}


def test_a_driver_that_lacks_nothing_has_nothing_to_gain(rng):
    ratings = pd.DataFrame({"ease": rng.integers(8, 11, 300), "speed": rng.integers(0, 11, 300)})
    outcome = 3.0 * ratings["ease"] + ratings["speed"] + rng.normal(size=300)
    scale = dict.fromkeys(ratings, (0, 10))
    ranked = priorities(
        relative_importance(ratings, outcome), performance(ratings, scale=scale, target=0.8),
        scale=scale,
    )  # fmt: skip
    assert ranked.first == "speed"
    assert ranked.table.set_index("driver").loc["ease", "potential"] == 0


def test_a_step_of_yes_or_no_questions_is_a_tenth_and_not_the_whole_scale(rng):
    ratings = pd.DataFrame(rng.integers(0, 2, (300, 2)), columns=["ease", "speed"])
    outcome = 30.0 * ratings["ease"] + rng.normal(size=300)
    scale = dict.fromkeys(ratings, (0, 1))
    ranked = priorities(relative_importance(ratings, outcome), performance(ratings), scale=scale)
    assert ranked.by_scale
    assert ranked.steps == {"ease": 0.1, "speed": 0.1}

"""Dominance: the three levels, how often they come back, and its limits."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from designed import designed

from helpers.methods.drivers import dominance, dominance_of_correlations, relative_importance
from helpers.methods.drivers.moments import sample_moments
from helpers.methods.drivers.resampling import Draws
from helpers.methods.drivers.screening import screened

ATTITUDE = ["complaints", "privileges", "learning", "raises", "critical", "advance"]
DRIVERS = ["ease", "price", "speed", "staff"]


@pytest.fixture
def survey(rng):
    """300 respondents of about 80 accounts; price and staff are close, ease is far ahead."""
    x = rng.normal(size=(300, 4)) + 0.5 * rng.normal(size=(300, 1))
    return {
        "ratings": pd.DataFrame(x, columns=DRIVERS),
        "outcome": pd.Series(x @ [1.0, 0.2, 0.5, 0.25] + rng.normal(size=300)),
        "weights": pd.Series(rng.integers(1, 4, size=300), dtype=float),
        "clusters": pd.Series(rng.integers(0, 80, size=300)),
    }


def test_conditional_dominance_of_complaints_agrees_with_domir(shared):
    attitude = pd.read_csv(shared / "data/reference/attitude.csv")
    found = dominance(attitude[ATTITUDE], attitude["rating"]).conditional
    gains = found.loc[found["driver"] == "complaints", "r_squared"].tolist()
    expected = (0.6813141641, 0.494246920, 0.3735547844, 0.2867008886, 0.2204031958, 0.1686772130)
    assert gains == pytest.approx(expected, rel=1e-8)


def test_every_level_is_that_of_its_definition(survey):
    """Weighted R² of all 16 sets by least squares, compared set by set and on average."""
    root = np.sqrt(survey["weights"].to_numpy())

    def r_squared(names):
        design = np.column_stack((np.ones(300), survey["ratings"][list(names)]))
        y = survey["outcome"].to_numpy()
        fitted = design @ np.linalg.lstsq(design * root[:, None], y * root)[0]
        mean = np.average(y, weights=root**2)
        return 1 - root**2 @ (y - fitted) ** 2 / (root**2 @ (y - mean) ** 2)

    options = {name: survey[name] for name in ("ratings", "outcome", "weights")}
    pairs = dominance(**designed(options)).pairs.set_index(["driver", "other"])
    for one, other in combinations(DRIVERS, 2):
        rest = [d for d in DRIVERS if d not in (one, other)]
        ahead = [
            (len(s), r_squared((*s, one)) - r_squared((*s, other)))
            for k in range(3)
            for s in combinations(rest, k)
        ]
        assert pairs.loc[(one, other), "complete"] == all(gain > 0 for _, gain in ahead)
        assert pairs.loc[(other, one), "complete"] == all(gain < 0 for _, gain in ahead)
    shares = relative_importance(**designed(options)).table.set_index("driver")["r_squared"]
    for (one, other), row in pairs.iterrows():
        assert row["general"] == (shares[one] > shares[other])
        assert row["conditional"] <= row["general"]
        assert row["complete"] <= row["conditional"]


def test_reproducibility_is_the_share_of_replicates_that_agree(survey):
    """The same replicates, one at a time through the table of correlations."""
    found = dominance(**designed(survey), replicates=30, rng=np.random.default_rng(5))
    answers = screened(**designed(survey), missing="listwise")
    moments = sample_moments(answers, "listwise")
    names = [*DRIVERS, "loyalty"]
    counted = 0
    for tables, _ in moments.replicates(30, np.random.default_rng(5)):
        for table in tables:
            frame = pd.DataFrame(table, index=names, columns=names)
            again = dominance_of_correlations(frame, "loyalty").pairs
            counted = counted + again[["complete", "conditional", "general"]].to_numpy()
    often = found.pairs[["complete_often", "conditional_often", "general_often"]].to_numpy()
    assert often == pytest.approx(counted / 30)
    assert found.replicates == 30


def test_a_close_pair_comes_back_less_often_than_a_clear_one(survey):
    pairs = dominance(**designed(survey), replicates=400).pairs.set_index(["driver", "other"])
    assert pairs.loc[("ease", "price"), "complete_often"] > 0.99
    assert 0.05 < pairs.loc[("staff", "price"), "general_often"] < 0.95
    both = (
        pairs["general_often"]
        + pairs["general_often"]
        .rename(lambda k: k, level=0)
        .loc[[(b, a) for a, b in pairs.index]]
        .to_numpy()
    )
    assert both.tolist() == pytest.approx([1.0] * 12)


def test_without_replicates_nothing_is_said_of_them(survey):
    found = dominance(survey["ratings"], survey["outcome"])
    assert found.pairs.filter(like="_often").isna().all(axis=None)
    assert found.replicates == 0


def test_replicates_of_a_logit_are_refused(survey):
    yes = (survey["outcome"] > 0).astype(int)
    with pytest.raises(ValueError, match="replicates are for model='linear'"):
        dominance(survey["ratings"], yes, model="logit", replicates=100)


def test_more_drivers_than_fit_are_refused(rng):
    ratings = pd.DataFrame(rng.normal(size=(100, 24))).add_prefix("d")
    with pytest.raises(ValueError, match="24 drivers have 2\\^24 subsets"):
        dominance(ratings, pd.Series(rng.normal(size=100)))


def test_more_replicates_than_a_few_seconds_take_are_refused(rng):
    ratings = pd.DataFrame(rng.normal(size=(100, 18))).add_prefix("d")
    with pytest.raises(ValueError, match="at most 256 replicates, or fewer drivers"):
        dominance(ratings, pd.Series(rng.normal(size=100)), replicates=2000)


def test_drivers_always_in_are_held_and_not_compared(survey):
    """Gains on top of them add up to what the parts of the shares do."""
    held = {"ratings": survey["ratings"], "outcome": survey["outcome"], "always": ["price"]}
    found, shares = dominance(**held), relative_importance(**held)
    assert "price" not in set(found.table["driver"])
    assert found.always_r_squared == pytest.approx(shares.always_r_squared)
    assert found.r_squared + found.always_r_squared == pytest.approx(shares.r_squared)
    general = found.table.set_index("driver")["general"]
    parts = shares.table.set_index("driver")["r_squared"]
    assert general.to_dict() == pytest.approx(parts.to_dict())
    alone = relative_importance(survey["ratings"][["price"]], survey["outcome"]).r_squared
    assert alone == pytest.approx(found.always_r_squared)


def test_the_halo_is_that_of_the_drivers_shown(survey):
    whole = survey["ratings"].drop(columns="price")
    found = relative_importance(survey["ratings"], survey["outcome"], always=["price"])
    assert found.halo == relative_importance(whole, survey["outcome"]).halo


def test_a_share_near_nothing_lies_in_its_interval():
    """Every sample with its noise has more of it: the percentiles alone lay above the share."""
    rng = np.random.default_rng(3)
    parts = np.array([0.30, 0.0001])
    noisy = np.column_stack([rng.normal(0.3, 0.01, 400), rng.gamma(4.0, 0.002, 400)])
    low, high = Draws(noisy, np.zeros(400), freedom=300.0).share_interval(parts, 0.95)
    share = parts / parts.sum()
    assert low[1] == share[1] < high[1]
    assert low[0] < share[0] <= high[0]

"""Which drivers may come first: told from the best, steps within reach, scales that differ."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from designed import designed

from helpers.methods.drivers import (
    joint,
    performance,
    positions,
    priorities,
    relative_importance,
)
from helpers.methods.drivers.best import may_be_best

DRIVERS = ["ease", "speed", "price"]


@pytest.fixture
def survey(rng):
    """600 people: ease and speed count alike, price does not count."""
    halo = rng.normal(size=(600, 1))
    ratings = np.clip(np.rint(6 + halo + 1.5 * rng.normal(size=(600, 3))), 0, 10)
    outcome = ratings @ [1.0, 1.0, 0] + 4 * rng.normal(size=600)
    return {"ratings": pd.DataFrame(ratings, columns=DRIVERS), "outcome": pd.Series(outcome)}


def ranked(ratings, outcome, scale):
    found = relative_importance(ratings, outcome)
    return priorities(found, performance(ratings), scale=scale)


def test_the_critical_value_by_hand():
    """One-sided .05 over three comparisons with one: Dunnett's value is 2.19 at 20 degrees of
    freedom (Dunnett 1955, table 1a), where Bonferroni's is 2.285. Equal errors of .5 make the
    error of a difference 1."""
    for ahead, kept in ((2.17, True), (2.23, False)):
        values = np.array([0.0, ahead, -9, -9])
        assert may_be_best(values, 0.5 * np.eye(4), 20)[0] == kept


def test_what_varies_together_is_compared_by_its_difference():
    """Alike errors of two estimates cancel in their difference."""
    values = np.array([1.0, 0.5])
    apart, together = np.eye(2), np.array([[1, 0.999], [0.999, 1]])
    assert may_be_best(values, apart, 100).tolist() == [True, True]
    assert may_be_best(values, together, 100).tolist() == [True, False]


def test_the_largest_is_always_among_the_best(rng):
    for _ in range(20):
        values, root = rng.normal(size=5), rng.normal(size=(5, 5))
        assert may_be_best(values, root @ root.T, 30)[values.argmax()]


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(ValueError, match="leave out what cannot be compared"):
        may_be_best(np.array([1.0, np.nan]), np.eye(2), 10)
    assert may_be_best(np.array([1.0]), np.eye(1), 10).tolist() == [True]


def test_equal_drivers_are_both_named_and_an_idle_one_is_not(survey):
    found = ranked(**designed(survey), scale=dict.fromkeys(DRIVERS, (0, 10)))
    assert set(found.alike) == {"ease", "speed"}
    assert found.unsettled == ()


def test_one_that_beats_every_other_stands_alone(survey):
    more = survey["outcome"] + 2 * survey["ratings"]["speed"]
    found = ranked(survey["ratings"], more, scale=dict.fromkeys(DRIVERS, (0, 10)))
    assert (found.alike, found.first) == (("speed",), "speed")


def test_drivers_on_scales_that_differ_are_compared_by_tenths_of_them(survey):
    """Speed on 1-5, in steps of .4, ranks and leads as it does on 0-10."""
    same = ranked(**designed(survey), scale=dict.fromkeys(DRIVERS, (0, 10)))
    shorter = survey["ratings"].assign(speed=lambda t: 1 + 0.4 * t["speed"])
    scale = {"ease": (0, 10), "speed": (1, 5), "price": (0, 10)}
    mixed = ranked(shorter, survey["outcome"], scale)
    assert (same.by_scale, mixed.by_scale) == (False, True)
    assert mixed.table["step"].to_dict() == {
        row: 0.4 if driver == "speed" else 1.0 for row, driver in mixed.table["driver"].items()
    }
    for column in ("driver", "rank_potential", "rank_raw", "may_lead"):
        assert mixed.table[column].tolist() == same.table[column].tolist()
    assert mixed.table["potential"].to_numpy() == pytest.approx(same.table["potential"].to_numpy())
    assert mixed.raw_first == same.raw_first


def test_places_and_ellipses_are_those_of_one_scale(survey):
    """Speed on 1-5 lies where it lies on 0-10: in points, the best rated would count as low."""
    scale = dict.fromkeys(DRIVERS, (0, 10))
    shorter = survey["ratings"].assign(speed=lambda t: 1 + 0.4 * t["speed"])
    mixed = {**scale, "speed": (1, 5)}
    same, other = (
        joint(ratings, survey["outcome"], scale=ends, replicates=50)
        for ratings, ends in ((survey["ratings"], scale), (shorter, mixed))
    )
    assert (same.by_scale, other.by_scale) == (False, True)
    assert other.level == pytest.approx(same.level / 10)
    assert other.aim["speed"] == pytest.approx(0.75)  # 4 of 1-5, which is 7.5 of 0-10
    places = [found.table.query("crosshair != 'target'") for found in map(positions, (same, other))]
    pd.testing.assert_series_equal(*(table["quadrant"] for table in places))
    ovals = same.ellipses()["speed"], other.ellipses()["speed"]
    assert ovals[1].centre == pytest.approx((ovals[0].centre[0] / 10, ovals[0].centre[1]))

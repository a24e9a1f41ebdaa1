"""Groups of drivers: Owen values with intervals, what lifting a group is linked to, where to begin."""  # noqa: E501

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from helpers.methods.drivers import grouped, performance, ranking, relative_importance
from helpers.methods.drivers.division import parts_within
from helpers.methods.drivers.lattice import subset_r_squared
from helpers.methods.drivers.players import players_of
from helpers.methods.drivers.ranking import group_ratings

ITEMS = ("a1", "a2", "a3", "b1", "b2", "c")
GROUPS = {"first": ["a1", "a2", "a3"], "second": ["b1", "b2"]}
SCALE = dict.fromkeys(ITEMS, (0, 10))


@pytest.fixture
def survey(rng):
    """500 people: three questions on one subject count a little each, the others hardly."""
    subject = rng.normal(size=(500, 3))[:, [0, 0, 0, 1, 1, 2]]
    ratings = np.clip(np.rint(6.5 + 1.4 * subject + 1.2 * rng.normal(size=(500, 6))), 0, 10)
    outcome = ratings @ [0.5, 0.5, 0.5, 0.2, 0, 0.3] + 4 * rng.normal(size=500)
    return pd.DataFrame(ratings, columns=list(ITEMS)), pd.Series(outcome)


def owen_by_orders(table, groups):
    """Every order in which groups enter whole and drivers enter within them, one by one."""
    r_squared = subset_r_squared(table[None])[:, 0]
    total, number = np.zeros(len(table) - 1), 0
    for outer in permutations(groups):
        inner = [[*permutations(group)] for group in outer]
        for choice in np.ndindex(*map(len, inner)):
            order = [m for k, one in enumerate(choice) for m in inner[k][one]]
            subset = 0
            for driver in order:
                total[driver] += r_squared[subset | 1 << driver] - r_squared[subset]
                subset |= 1 << driver
            number += 1
    return total / number


def test_owen_values_are_the_mean_gain_over_all_orders_that_keep_groups_together(survey):
    ratings, outcome = survey
    table = np.corrcoef(np.column_stack([ratings, outcome]).T)
    players = players_of(ITEMS, GROUPS)
    by_hand = owen_by_orders(table, [(0, 1, 2), (3, 4), (5,)])
    assert parts_within(table[None], players)[0] == pytest.approx(by_hand, abs=1e-12)


def test_shares_of_questions_have_intervals_that_hold_them_and_add_up_to_their_group(survey):
    found = relative_importance(*survey, groups=GROUPS, replicates=200)
    within = found.within
    assert ((within["low"] < within["share"]) & (within["share"] < within["high"])).all()
    shares = found.table.set_index("driver")["share"]
    assert within.groupby("group")["share"].sum().to_dict() == pytest.approx(shares.to_dict())
    single = within.set_index("driver").loc["c"]
    alone = found.table.set_index("driver").loc["c"]
    assert (single["low"], single["high"]) == pytest.approx((alone["low"], alone["high"]))


def test_a_group_stands_out_where_no_question_of_it_does(survey):
    single = ranking(*survey, scale=SCALE)
    found = grouped(single, *survey, groups=GROUPS, scale=SCALE)
    assert len({*single.chosen.alike, *single.chosen.unsettled}) > 1
    assert (found.chosen.verdict, found.chosen.first) == ("first", "first")
    assert found.chosen.chosen.best > 0.9
    assert found.inside.first in GROUPS["first"]
    assert found.inside.table["driver"].isin(GROUPS["first"]).all()


def test_what_lifting_a_group_is_linked_to_is_that_of_its_questions_together(survey):
    single = ranking(*survey, scale=SCALE)
    found = grouped(single, *survey, groups=GROUPS, scale=SCALE)
    alone = single.chosen.table.set_index("driver")["potential"]
    together = found.chosen.table.set_index("driver")
    assert together.loc["first", "potential"] == pytest.approx(alone[["a1", "a2", "a3"]].sum())
    assert together.loc["c", "potential"] == pytest.approx(alone["c"])
    assert (together["potential_low"] < together["potential"]).all()


def test_a_group_of_equal_questions_has_the_error_of_their_sum(survey):
    """Errors of questions on one subject go against each other, and largely cancel in the sum."""
    single = ranking(*survey, scale=SCALE)
    lifts = single.chosen.lifts
    whole = lifts.of_groups({"first": GROUPS["first"]})
    at = [lifts.names.index(name) for name in GROUPS["first"]]
    own = lifts.covariance[np.ix_(at, at)]
    assert whole.covariance[0, 0] == pytest.approx(own.sum())
    assert whole.covariance[0, 0] < np.trace(own)


def test_scales_that_differ_become_shares_of_their_length(survey):
    """A question on 1-5 in place of 0-10 says the same of its group."""
    ratings, outcome = survey
    same = grouped(ranking(ratings, outcome, scale=SCALE), ratings, outcome, groups=GROUPS,
                   scale=SCALE)  # fmt: skip
    shorter = ratings.assign(a1=1 + 0.4 * ratings["a1"])
    scale = {**SCALE, "a1": (1, 5)}
    mixed = grouped(ranking(shorter, outcome, scale=scale), shorter, outcome, groups=GROUPS,
                    scale=scale)  # fmt: skip
    shares = (found.importance.table.set_index("driver")["share"] for found in (same, mixed))
    pd.testing.assert_series_equal(*shares)
    assert mixed.chosen.by_scale
    assert mixed.chosen.first == same.chosen.first == "first"
    assert mixed.rated.table["mean"].between(0, 1).all()


def test_drivers_always_in_belong_to_no_group(survey):
    options = {"scale": SCALE, "always": ["a1"]}
    found = grouped(ranking(*survey, **options), *survey, groups=GROUPS, **options)
    assert found.importance.always == ("a1",)
    assert "a1" not in set(found.importance.within["driver"])


@pytest.mark.parametrize(
    ("groups", "why"),
    [({}, "none"), ({"first": ["a1"]}, "of one"), ({"first": ["x", "y"]}, "not asked")],
)
def test_without_a_group_of_several_the_single_drivers_stay(survey, groups, why):
    single = ranking(*survey, scale=SCALE)
    assert grouped(single, *survey, groups=groups, scale=SCALE) is single, why


def test_a_group_named_as_a_driver_outside_it_is_refused(survey):
    with pytest.raises(ValueError, match="rename the group"):
        relative_importance(*survey, groups={"c": ["a1", "a2"]})


def test_a_group_is_rated_by_the_mean_of_the_answers_given():
    ratings = pd.DataFrame({"a1": [2.0, None], "a2": [4.0, 8.0], "c": [1.0, 1.0]})
    found, ends = group_ratings(ratings, {"first": ["a1", "a2"]}, SCALE)
    assert found["first"].tolist() == [3.0, 8.0]
    assert performance(found, scale=ends).table["driver"].tolist() == ["c", "first"]

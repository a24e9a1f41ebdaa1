"""Draws with known chances: exact sums, proportions, unbiased totals, the same by seed."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from helpers.methods.sample_design import (
    allocate,
    by_account,
    pps_systematic,
    simple_random,
    stratified,
    systematic,
)
from helpers.methods.sample_design.selection import account_chance

DRAWS = 1_500
SIZES = pd.Series([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 60], index=list("abcdefghij"))
ACCOUNTS = pd.Series(list("xxxxyyyzzw"), index=list("abcdefghij"))
STRATA = pd.Series(list("mmmmmmnnnn"), index=list("abcdefghij"))

WAYS = {
    "random": lambda rng: simple_random(SIZES.index, 4, rng=rng),
    "stratified": lambda rng: stratified(STRATA, {"m": 2, "n": 3}, rng=rng),
    "systematic": lambda rng: systematic(SIZES.index, 4, rng=rng),
    "pps": lambda rng: pps_systematic(SIZES, 4, rng=rng),
    "accounts": lambda rng: by_account(ACCOUNTS, 4, rng=rng),
}
way = pytest.mark.parametrize("way", WAYS)


@cache
def drawn_often(way):
    rng = np.random.default_rng(20260630)
    return [WAYS[way](rng) for _ in range(DRAWS)]


@way
def test_chances_sum_to_the_number_drawn_every_time(way, rng):
    for _ in range(50):
        found = WAYS[way](rng)
        assert found.table["inclusion_probability"].sum() == pytest.approx(found.base, rel=1e-12)
        assert found.table["selected"].sum() == found.base == len(set(found.units))


@pytest.mark.validity
@way
def test_units_are_drawn_as_often_as_their_chance_says(way):
    found = drawn_often(way)
    often = np.mean([draw.table["selected"] for draw in found], axis=0)
    chances = found[0].table["inclusion_probability"].to_numpy()
    # four standard errors of a share of so many draws
    assert (abs(often - chances) <= 4 * np.sqrt(chances * (1 - chances) / DRAWS) + 1e-12).all()


@pytest.mark.validity
@way
def test_weighted_totals_are_right_on_average(way):
    money = (SIZES**1.5 + 10).rename("money")
    totals = [(money[draw.units] * draw.weights).sum() for draw in drawn_often(way)]
    error = np.std(totals) / np.sqrt(DRAWS)
    assert abs(np.mean(totals) - money.sum()) < 4 * error + 1e-9


@way
def test_the_same_seed_draws_the_same_people(way):
    first, again, other = (WAYS[way](np.random.default_rng(seed)) for seed in (7, 7, 8))
    pd.testing.assert_frame_equal(first.table, again.table)
    others = [WAYS[way](np.random.default_rng(seed)).units for seed in range(8, 20)]
    assert any(units != first.units for units in [other.units, *others])


def test_chances_proportional_to_size_with_the_largest_for_certain(rng):
    found = pps_systematic(SIZES, 4, rng=rng).table.set_index("unit")["inclusion_probability"]
    assert found["j"] == 1
    np.testing.assert_allclose(found[:-1], 3 * SIZES[:-1] / 45)
    np.testing.assert_allclose(pps_systematic(SIZES[:-1], 3, rng=rng).table.iloc[:, 2], found[:-1])


def test_units_that_become_too_large_in_turn_are_certain_too(rng):
    sizes = pd.Series([100.0, 10, 1, 1, 1], index=list("abcde"))
    found = pps_systematic(sizes, 3, rng=rng).table.set_index("unit")["inclusion_probability"]
    np.testing.assert_allclose(found, [1, 1, 1 / 3, 1 / 3, 1 / 3])


def test_as_many_as_there_are_takes_all_of_them(rng):
    for size in (pps_systematic(SIZES, 10, rng=rng), by_account(ACCOUNTS, 10, rng=rng)):
        assert size.table["selected"].all()
        np.testing.assert_allclose(size.table["inclusion_probability"], 1)


def test_a_systematic_sample_spreads_over_the_list(rng):
    for _ in range(50):
        places = np.array(systematic(pd.RangeIndex(1_000), 37, rng=rng).units)
        assert set(np.diff(places)) <= {27, 28}  # 1000 / 37 is 27.03


def test_accounts_are_drawn_whole_but_for_two(rng):
    accounts = pd.Series(np.repeat(np.arange(60), 5))
    for _ in range(50):
        found = by_account(accounts, 43, rng=rng)
        counts = accounts[found.units].value_counts()
        assert counts.sum() == 43
        assert (counts < 5).sum() <= 2


@pytest.mark.validity
def test_one_person_an_account_is_a_simple_random_sample(rng):
    people = pd.Series(list("abcde"), index=list("abcde"))
    pairs = [tuple(sorted(by_account(people, 2, rng=rng).units)) for _ in range(DRAWS)]
    often = pd.Series(pairs).value_counts(normalize=True)
    assert set(often.index) == set(combinations("abcde", 2))
    assert abs(often - 0.1).max() < 4 * np.sqrt(0.09 / DRAWS)


@pytest.mark.validity
@pytest.mark.parametrize("how", ["accounts", "random", "systematic", "pps"])
def test_an_account_is_reached_as_often_as_its_chance_says(how, rng):
    each = pd.Series([2.0] * 4 + [3.0] * 3 + [5.0] * 2 + [9.0], index=ACCOUNTS.index)
    ways = {
        "accounts": lambda: by_account(ACCOUNTS, 3, rng=rng),
        "random": lambda: simple_random(ACCOUNTS.index, 3, rng=rng),
        "systematic": lambda: systematic(ACCOUNTS.index, 3, rng=rng),
        "pps": lambda: pps_systematic(each, 3, rng=rng),
    }
    found = [ways[how]() for _ in range(DRAWS)]
    chances = found[0].table.set_index("unit")["inclusion_probability"]
    expected = account_chance(chances, ACCOUNTS, 3, how).groupby(ACCOUNTS).first()
    reached = pd.Series([name for draw in found for name in set(ACCOUNTS[draw.units])])
    often = reached.value_counts().reindex(expected.index, fill_value=0) / DRAWS
    error = np.sqrt(expected * (1 - expected) / DRAWS)
    assert (abs(often - expected) <= 4 * error + 1e-12).all()


def test_a_stratified_sample_follows_its_allocation(rng):
    allocation = allocate(STRATA.value_counts(), 6)
    found = stratified(STRATA, allocation.selected, rng=rng).table
    assert found.groupby("stratum")["selected"].sum().to_dict() == {"m": 4, "n": 2}
    assert found["unit"].tolist() == list("abcdefghij")


REFUSED = {
    "11 are to be drawn from 10; ask for fewer": lambda r: simple_random(SIZES.index, 11, rng=r),
    "counts units, at least 1": lambda r: systematic(SIZES.index, 0, rng=r),
    "on the list twice": lambda r: simple_random(pd.Index(["a", "a", "b"]), 2, rng=r),
    "1 units have no size above 0 .first: 'a'": lambda r: pps_systematic(
        SIZES.replace(1, 0), 3, rng=r
    ),
    "have no size above 0": lambda r: pps_systematic(SIZES * -1, 3, rng=r),
    "one unit shows no variation; draw at least 2": lambda r: stratified(
        STRATA, {"m": 1, "n": 2}, rng=r
    ),
    "stratum 'n': 5 are to be drawn from 4": lambda r: stratified(STRATA, {"m": 2, "n": 5}, rng=r),
    "no number to draw from stratum 'n'": lambda r: stratified(STRATA, {"m": 2}, rng=r),
    "have no stratum; give each one": lambda r: stratified(
        STRATA.where(STRATA == "m"), {"m": 2}, rng=r
    ),
}


@pytest.mark.parametrize("advice", REFUSED)
def test_what_cannot_be_drawn_is_refused_with_advice(advice, rng):
    with pytest.raises(ValueError, match=advice):
        REFUSED[advice](rng)


def test_a_stratum_of_one_is_taken_whole(rng):
    strata = pd.Series(["m", "m", "n"], index=list("abc"))
    found = stratified(strata, {"m": 2, "n": 1}, rng=rng)
    assert found.table["inclusion_probability"].tolist() == [1, 1, 1]

"""Allocation to strata, against published examples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.methods.sample_design import allocate, take_all, variance_of_total
from helpers.methods.sample_design.bounds import scaled_between, whole_numbers

PRINTED = 1e-9

# six strata, n = 100, computed with R 4.2 and PracTools
SIZES = dict(zip("abcdef", (215, 65, 252, 50, 149, 144), strict=True))
SPREAD = dict(
    zip("abcdef", (26787207, 10645109, 6909676, 11085034, 9817762, 44553355), strict=True)
)
NEYMAN = (34.641682835, 4.161947110, 10.473487332, 3.333804445, 8.798970380, 38.590107898)
PROPORTIONAL = (24.571, 7.429, 28.800, 5.714, 17.029, 16.457)
# Cochran (1977), example 5.9: large and small cities
CITIES, CITY_SPREAD = {"large": 16, "small": 48}, {"large": 53843**0.5, "small": 5581**0.5}


def exact(allocation):
    return allocation.table["exact"].to_numpy()


def test_neyman_and_proportional_allocations_are_those_of_r():
    found = allocate(SIZES, 100, method="neyman", deviations=SPREAD)
    np.testing.assert_allclose(exact(found), NEYMAN, rtol=PRINTED)
    assert list(found.selected.values()) == [35, 4, 10, 3, 9, 39]
    level = allocate(SIZES, 100)
    np.testing.assert_allclose(exact(level), PROPORTIONAL, atol=5e-4)
    assert list(level.selected.values()) == [25, 7, 29, 6, 17, 16]


def test_neyman_is_cochrans_example_with_its_variances():
    found = allocate(CITIES, 24, method="neyman", deviations=CITY_SPREAD)
    np.testing.assert_allclose(exact(found), (12.20841861, 11.79158139), rtol=PRINTED)
    assert found.selected == {"large": 12, "small": 12}
    level = allocate(CITIES, 24)
    assert level.selected == {"large": 6, "small": 18}
    best = variance_of_total(CITIES, CITY_SPREAD, found.selected)
    plain = variance_of_total(CITIES, CITY_SPREAD, level.selected)
    assert best == pytest.approx(1090826.667, rel=PRINTED)
    assert plain == pytest.approx(1882293.333, rel=PRINTED)


def test_neyman_is_lohrs_example():
    # Lohr (2010), Sampling: Design and Analysis, agstrat
    sizes = {"NC": 1054, "NE": 220, "S": 1382, "W": 422}
    spread = {"NC": 172099.34, "NE": 87449.83, "S": 231489.71, "W": 629433.04}
    found = allocate(sizes, 300, method="neyman", deviations=spread)
    np.testing.assert_allclose(exact(found), (69.2188, 7.3415, 122.0798, 101.3599), atol=5e-5)


def test_power_allocation_lies_between_neyman_and_equal_precision():
    # Bankier (1988): with power 1 and importance the total, N times S; with 0 the variation alone
    means = {"large": 400.0, "small": 100.0}
    totals = {k: CITIES[k] * means[k] for k in CITIES}
    variation = {k: CITY_SPREAD[k] / means[k] for k in CITIES}
    choices = {"method": "power", "importance": totals, "variation": variation}
    whole = allocate(CITIES, 24, power=1, **choices)
    best = allocate(CITIES, 24, method="neyman", deviations=CITY_SPREAD)
    np.testing.assert_allclose(exact(whole), exact(best))
    alike = exact(allocate(CITIES, 20, power=0, **choices))
    assert alike[0] / alike[1] == pytest.approx(variation["large"] / variation["small"])
    equal = allocate({"a": 500, "b": 50}, 40, method="equal")
    assert equal.selected == {"a": 20, "b": 20}


def test_neyman_beats_every_other_division_of_the_same_number():
    best = allocate(CITIES, 24, method="neyman", deviations=CITY_SPREAD, minimum=1)
    least = variance_of_total(CITIES, CITY_SPREAD, best.selected)
    for large in range(8, 17):
        other = {"large": large, "small": 24 - large}
        assert variance_of_total(CITIES, CITY_SPREAD, other) >= least


def test_a_stratum_that_cannot_give_enough_is_taken_whole_and_the_others_give_more():
    found = allocate({"a": 10, "b": 100, "c": 100}, 60, method="neyman",
                     deviations={"a": 90.0, "b": 1.0, "c": 3.0})  # fmt: skip
    assert found.selected == {"a": 10, "b": 13, "c": 37}  # 50 by one to three: 12.5 and 37.5
    short = allocate({"a": 100, "b": 100}, 40, most={"a": 10, "b": 100})
    assert short.selected == {"a": 10, "b": 30}


def test_every_stratum_gets_its_minimum():
    found = allocate({"a": 5_000, "b": 20, "c": 1}, 50, minimum=5)
    assert found.selected == {"a": 44, "b": 5, "c": 1}


@given(
    sizes=st.lists(st.integers(1, 500), min_size=1, max_size=12),
    share=st.floats(0, 1),
    minimum=st.integers(0, 5),
)
def test_whole_numbers_add_up_within_the_bounds(sizes, share, minimum):
    strata = dict(enumerate(sizes))
    least = sum(min(size, minimum) for size in sizes)
    total = max(1, least, round(share * sum(sizes)))
    found = allocate(strata, total, minimum=minimum)
    drawn = found.table["selected"].to_numpy()
    assert drawn.sum() == total
    assert (drawn <= sizes).all()
    assert (drawn >= np.minimum(sizes, minimum)).all()
    assert (abs(drawn - exact(found)) < 1 + 1e-9).all()


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20), st.integers(1, 10_000))
def test_largest_remainders_sum_to_the_total(parts, total):
    whole = np.sum(parts)
    if not whole > 1e-6:
        return
    found = whole_numbers(np.array(parts) / whole * total, total)
    assert found.sum() == total


def test_parts_keep_their_proportions_between_their_bounds():
    found = scaled_between(np.array([1.0, 2.0, 4.0]), 20, np.zeros(3), np.array([50.0, 50.0, 8.0]))
    np.testing.assert_allclose(found, [4, 8, 8])


REFUSED = {
    "only 64 can be": lambda: allocate(CITIES, 65),
    "strata of at least 2 need 4": lambda: allocate(CITIES, 3),
    "is empty; merge it": lambda: allocate({"a": 0, "b": 5}, 2),
    "one answer or none shows no variation": lambda: allocate(
        CITIES, 24, method="neyman", deviations={"large": np.nan, "small": 1.0}
    ),
    "deviations is 0 in every stratum": lambda: allocate(
        CITIES, 24, method="neyman", deviations={"large": 0.0, "small": 0.0}
    ),
    "deviations has no number for stratum 'small'": lambda: allocate(
        CITIES, 24, method="neyman", deviations={"large": 1.0}
    ),
    "neyman needs deviations": lambda: allocate(CITIES, 24, method="neyman"),
    "is no allocation; use proportional": lambda: allocate(CITIES, 24, method="optimal"),
    "power is from 0 to 1": lambda: allocate(CITIES, 24, method="power", power=2),
    "no strata, or one twice": lambda: allocate({}, 5),
    "at least 1 drawn, and at most all": lambda: variance_of_total(
        CITIES, CITY_SPREAD, {"large": 0, "small": 5}
    ),
    "no account has revenue": lambda: take_all(pd.Series(["a"]), pd.Series([0.0])),
    "share of revenue is from 0 to 1": lambda: take_all(
        pd.Series(["a"]), pd.Series([1.0]), share=50
    ),
}


@pytest.mark.parametrize("advice", REFUSED)
def test_what_cannot_be_allocated_is_refused_with_advice(advice):
    with pytest.raises(ValueError, match=advice):
        REFUSED[advice]()


def test_the_largest_accounts_are_taken_until_their_share_of_revenue_is_met():
    ids, money = pd.Series(list("abcde")), pd.Series([10.0, 40.0, 30.0, np.nan, -5.0])
    found = take_all(ids, money, share=0.8)
    assert found.certain == {"b", "c"}
    assert found.revenue_share == pytest.approx(70 / 80)
    assert found.base == 5
    assert take_all(ids, money, share=1).certain == {"a", "b", "c"}
    assert take_all(ids, money, share=0).certain == set()


def test_the_accounts_taken_for_certain_have_no_more_contacts_than_they_may():
    ids, money = pd.Series(list("abc")), pd.Series([50.0, 30.0, 20.0])
    people = pd.Series([4, 5, 1])
    found = take_all(ids, money, share=1, contacts=people, at_most=8)
    assert found.certain == {"a"}
    assert (found.contacts, found.accounts) == (4, 1)

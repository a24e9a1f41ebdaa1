"""Numbers as a reader sees them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.results import Figure, figures
from helpers.views.rendering.numerals import decimal, formatter, money, p_value, percent, span


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0, "$0"),
        (7.4, "$7"),
        (994, "$990"),
        (996, "$1.0k"),
        (99_600, "$100k"),
        (999_600, "$1.0M"),
        (12_400_000, "$12M"),
        (2.54e9, "$2.5bn"),
        (-1_250, "−$1.2k"),
    ],
)
def test_money_has_two_significant_digits(amount, written):
    assert money(amount) == written


@given(st.floats(min_value=1, max_value=1e11))
def test_money_is_within_five_per_cent_of_the_amount(amount):
    text = money(amount).removeprefix("$")
    scale = {"k": 1e3, "M": 1e6, "n": 1e9}.get(text[-1], 1.0)
    number = float(text.rstrip("kMbn").replace(",", "")) * scale
    assert math.isclose(number, amount, rel_tol=0.051, abs_tol=0.5)


def test_currencies_without_a_sign_show_their_code():
    assert money(5_000, "CHF") == "CHF 5.0k"
    assert money(5_000, "EUR") == "€5.0k"


def test_a_share_above_nothing_never_reads_zero():
    assert percent(0.0004) == "<1%"
    assert percent(0) == "0%"
    assert percent(0.9996) == ">99%"
    assert percent(-0.03, signed=True) == "−3%"


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT, np.inf, np.float32("nan")])
def test_no_number_is_an_en_dash(missing):
    for unit in ("count", "share", "points", "money:EUR", "p", "decimal3", "change"):
        assert formatter(unit)(missing) == "–"


def test_no_minus_stands_before_zero():
    assert decimal(-0.001, 2) == "0.00"
    assert money(-0.2) == "$0"


def test_ends_of_an_interval_are_joined_by_a_word_so_that_minus_signs_stay_clear():
    assert span(-3, -1, "points") == "−3.0 to −1.0"
    assert p_value(0.00001) == "<0.001"


def test_an_unknown_unit_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"no number format is called 'percent'.*share"):
        formatter("percent")


@given(st.integers(0, 2_000).map(lambda k: k / 20), st.sampled_from([-1e-13, 0.0, 1e-13]))
def test_half_a_unit_is_rounded_alike_in_a_table_and_in_what_results_keep(number, last_bits):
    """A row of 65.1 beside a figure of 65.2 stopped the book of a sound client."""
    kept = figures(Figure("score", number + last_bits))["score"].value
    assert decimal(number + last_bits) == decimal(kept)

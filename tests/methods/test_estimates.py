"""What an interval is made of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import survey
from helpers.methods.survey import SurveyDesign, estimates
from helpers.methods.survey.estimates import Estimate

AN_ESTIMATE = Estimate(0.5, 0.3, 0.7, 0.1, 25, 20, 1.25, 24, 0.95, 25)


def test_wilson_agrees_with_the_published_bounds():
    """Wilson (1927); 10 of 50 gives 0.1124375002 to 0.3303710593."""
    assert estimates.wilson(10, 50) == pytest.approx((0.1124375002, 0.3303710593), rel=1e-9)


def test_wilson_ends_exactly_at_nothing_and_at_all():
    assert estimates.wilson(0, 12)[0] == 0
    assert estimates.wilson(12, 12)[1] == 1


def test_wilson_covers_small_shares(rng):
    """Brown, Cai and DasGupta (2001): near the nominal level even at n 30 and p .1."""
    counts = rng.binomial(30, 0.1, 20_000)
    bounds = {k: estimates.wilson(k, 30) for k in np.unique(counts)}
    held = [bounds[k][0] <= 0.1 <= bounds[k][1] for k in counts]
    assert 0.93 < np.mean(held) < 0.98


def test_kish_design_effect_of_one_to_ten():
    """Kish (1965): 10 × 385 / 55² = 1.2727…"""
    assert estimates.kish_design_effect(range(1, 11)) == pytest.approx(10 * 385 / 55**2)
    assert estimates.effective_base(range(1, 11)) == pytest.approx(55**2 / 385)


def test_equal_weights_cost_nothing():
    assert estimates.kish_design_effect([3, 3, 3]) == pytest.approx(1)


def test_an_estimate_is_one_tidy_row():
    assert len(AN_ESTIMATE.table) == 1
    assert {"value", "low", "high", "standard_error", "base"} <= set(AN_ESTIMATE.table.columns)
    assert AN_ESTIMATE.margin == pytest.approx(0.2)


def test_clipping_moves_the_ends_and_nothing_else():
    found = AN_ESTIMATE.clipped(0.4, 0.6)
    assert (found.low, found.value, found.high) == (0.4, 0.5, 0.6)
    assert found.standard_error == AN_ESTIMATE.standard_error


def test_an_estimate_outside_its_interval_cannot_exist():
    with pytest.raises(ValueError, match="outside its interval"):
        Estimate(5, 6, 7, 1, 10, 10, 1, 9, 0.95, 10)


@pytest.mark.parametrize(
    ("call", "advice"),
    [
        (lambda: estimates.wilson(6, 5), "count at most the base"),
        (lambda: estimates.wilson(0, 0), "count at most the base"),
        (lambda: estimates.normal_quantile(95), "write 95 % as 0.95"),
        (lambda: estimates.effective_base([1, -1]), "negative for row 1"),
        (lambda: estimates.kish_design_effect(pd.Series([1, None])), "missing for row 1"),
    ],
)
def test_refusals_say_what_to_do(call, advice):
    with pytest.raises(ValueError, match=advice):
        call()


def test_answers_that_are_all_alike_have_no_spread_and_count_as_many_as_they_are():
    """Rounding left 1e-33 of variance, and 1e32 answers' worth of precision."""
    found = survey.mean(pd.Series([100.0] * 781), SurveyDesign(weights=np.linspace(0.3, 2.7, 781)))
    assert (found.low, found.high, found.standard_error) == (100.0, 100.0, 0.0)
    assert found.effective_base <= 781

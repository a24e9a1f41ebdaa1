"""The difference of two estimates of different people, from their intervals."""

from __future__ import annotations

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from helpers.methods.survey.independent import Ends, independent_difference


@pytest.mark.parametrize("counts", [(48, 80, 56, 70), (3, 400, 9, 380), (0, 50, 5, 60)])
def test_of_shares_with_wilsons_intervals_it_is_newcombes_method_10(counts):
    """statsmodels 0.14, method "newcomb"; Newcombe (1998) prints the first and 0.0524, 0.3339."""
    one, n_one, other, n_other = counts
    first, second = (
        Ends(k / n, *proportion_confint(k, n, method="wilson"))
        for k, n in ((one, n_one), (other, n_other))
    )
    found = independent_difference(first, second)
    low, high = confint_proportions_2indep(other, n_other, one, n_one, method="newcomb")
    assert found == pytest.approx((second.value - first.value, low, high), abs=1e-12)


def test_turned_round_it_changes_its_sign():
    one, other = Ends(40.0, 37.0, 44.0), Ends(52.0, 50.0, 53.0)
    there, back = independent_difference(one, other), independent_difference(other, one)
    assert there == (12.0, pytest.approx(back.high * -1), pytest.approx(back.low * -1))


def test_an_estimate_outside_its_interval_is_refused():
    with pytest.raises(ValueError, match=r"5.0 lies outside its interval, 1.0 to 2.0"):
        independent_difference(Ends(5.0, 1.0, 2.0), Ends(1.0, 1.0, 1.0))

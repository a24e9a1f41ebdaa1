"""Several estimates at once: the furthest by chance, whatever goes together."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from helpers.methods.survey.simultaneous import correlations, simultaneous


@pytest.mark.parametrize("several", [2, 5, 20])
def test_independent_estimates_need_sidaks_confidence(several):
    """All of k independent intervals hold with .95 where each does with .95^(1/k)."""
    found = simultaneous([0.5] * several, np.eye(several))
    assert 1 - found.confidence == pytest.approx(1 - 0.95 ** (1 / several), rel=0.05)


@pytest.mark.parametrize("several", [1, 2, 8])
def test_estimates_that_are_one_need_no_correction(several):
    found = simultaneous([0.03] * several, np.ones((several, several)))
    assert found.confidence == pytest.approx(0.95, abs=0.004)
    assert found.adjusted == pytest.approx([0.03] * several, abs=0.003)


@pytest.mark.parametrize(("rho", "exact"), [(0.5, 2.212), (0.9, 2.108), (-0.9, 2.108)])
def test_two_estimates_have_the_published_quantile(rho, exact):
    """Two-sided 5 % points of the bivariate normal's larger |z|, by integration over a square."""
    found = simultaneous([0.5, 0.5], np.array([[1.0, rho], [rho, 1.0]]))
    assert norm.ppf((1 + found.confidence) / 2) == pytest.approx(exact, abs=0.02)


def test_p_values_step_down_and_are_never_above_holms():
    p = [0.04, 0.001, 0.02, 0.3]
    found = simultaneous(p, np.eye(4)).adjusted
    assert found[1] == pytest.approx(1 - 0.999**4, abs=0.001)
    assert found[2] == pytest.approx(1 - 0.98**3, abs=0.005)
    assert found[0] == pytest.approx(1 - 0.96**2, abs=0.005)
    assert found[3] == pytest.approx(0.3, abs=0.01)
    assert (found <= [0.08, 0.004, 0.06, 0.3]).all()


def test_the_same_data_give_the_same_page():
    mixed = np.array([[1.0, 0.4], [0.4, 1.0]])
    first, again = (simultaneous([0.01, 0.2], mixed) for _ in range(2))
    assert first.confidence == again.confidence
    assert first.adjusted.tolist() == again.adjusted.tolist()


def test_colleagues_count_as_one_in_what_goes_together():
    """Person by person the two go apart; account by account they are one."""
    pulls = np.array([[2.0, 0.0], [0.0, 2.0], [-2.0, 0.0], [0.0, -2.0]])
    assert correlations(pulls)[0, 1] == 0
    assert correlations(pulls, ["a", "a", "b", "b"])[0, 1] == pytest.approx(1)


def test_a_confidence_is_a_share():
    with pytest.raises(ValueError, match="write 95 %"):
        simultaneous([0.1, 0.2], np.eye(2), confidence=95)

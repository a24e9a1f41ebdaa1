"""A mean of equal answers is that answer, whatever the processor's way of adding up."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.methods import survey
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.averages import weighted_mean


@pytest.mark.parametrize("answer", [100.0, 77.77777777777777, 0.1, 1 / 3, -1e-9, 6.02e23])
@pytest.mark.parametrize("rows", [3, 10, 781, 4_001])
def test_equal_answers_have_their_value_exactly(rng, answer, rows):
    weights = rng.lognormal(0, 1.5, rows)
    assert float(weighted_mean(np.full(rows, answer), weights)) == answer


def test_a_row_of_weight_nought_does_not_count():
    assert float(weighted_mean(np.array([9.0, 0.0, 9.0]), np.array([0.3, 0.0, 1.9]))) == 9.0


def test_it_is_the_mean_that_numpy_gives(rng):
    values, weights = rng.normal(size=(300, 4)), rng.uniform(0, 2, 300)
    expected = np.average(values, axis=0, weights=weights)
    assert weighted_mean(values, weights) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("rows", [7, 49, 350])
def test_a_share_of_all_has_the_interval_of_all(rng, rows):
    """A share a last bit under 1 was given the interval 1 to 1."""
    accounts = rng.integers(0, max(rows // 2, 4), rows)
    found = survey.proportion(
        [True] * rows, SurveyDesign(weights=rng.uniform(0.2, 3, rows), clusters=accounts)
    )
    assert found.value == 1.0
    assert found.low < 0.995

"""Systems without a single solution are told by a stated tolerance, not by rounding."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.methods import solving


@pytest.fixture
def repeated(rng):
    """Products of five columns of which the last is the sum of two others, but for rounding."""
    columns = rng.normal(size=(400, 4)) * [1, 1e3, 1e-4, 7]
    columns = np.column_stack([columns, columns[:, 0] + columns[:, 3]])
    return columns.T @ columns


def test_a_column_that_follows_from_others_is_told_in_any_unit(repeated):
    assert solving.is_singular(repeated)
    assert solving.rank(repeated) == 4
    assert not solving.is_singular(repeated[:4, :4])


@pytest.mark.parametrize("noise", [0.0, 1e-16, -1e-16, 3e-16])
def test_the_last_bits_do_not_decide(repeated, rng, noise):
    """Elimination solves some of these and refuses others."""
    shaken = repeated * (1 + noise * rng.choice([-1, 1], repeated.shape))
    shaken = (shaken + shaken.T) / 2
    column = repeated @ np.array([1.0, 2e-3, 50.0, 0.5, 0.0])
    found = solving.solution(shaken, column)
    assert repeated @ found == pytest.approx(column, rel=1e-8)
    assert found == pytest.approx(solving.solution(repeated, column), rel=1e-6, abs=1e-9)


def test_a_sound_system_has_the_solution_of_elimination(rng):
    x = rng.normal(size=(60, 6))
    matrices = np.stack([x.T @ x, x[:40].T @ x[:40]])
    assert solving.inverse(matrices) == pytest.approx(np.linalg.inv(matrices), rel=1e-10)


def test_a_matrix_with_an_infinite_entry_is_none_to_solve():
    assert solving.is_singular(np.array([[1.0, np.inf], [np.inf, 1.0]]))

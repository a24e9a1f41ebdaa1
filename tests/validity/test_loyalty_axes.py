"""Intervals of ratios of correlations: they hold the truth, and miss it on either side alike.

Symmetric ones held it about as often, and lay above it in 4 to 5 of 100 worlds and below in
less than 1: two axes seemed nearer to one than they are.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import loyalty
from helpers.methods.survey import SurveyDesign

pytestmark = pytest.mark.validity

WORLDS = 400


def answers(rng, accounts, together, loading):
    """Three questions of each of two axes that correlate, by people who are alike in accounts."""
    account = np.repeat(np.arange(accounts), rng.integers(1, 5, accounts))
    shared, own = rng.normal(size=(accounts, 2))[account], rng.normal(size=(len(account), 2))
    root = np.linalg.cholesky([[1, together], [together, 1]])
    axes = (0.3**0.5 * shared + 0.7**0.5 * own) @ root.T
    noise = (1 - loading**2) ** 0.5 * rng.normal(size=(len(account), 6))
    columns = pd.DataFrame(loading * np.repeat(axes, 3, axis=1) + noise)
    return columns.iloc[:, :3], columns.iloc[:, 3:], SurveyDesign(clusters=account)


@pytest.mark.parametrize(("accounts", "together"), [(40, 0.5), (40, 0.8), (120, 0.8), (120, 0.95)])
def test_ratios_of_correlations_are_missed_on_either_side_alike(accounts, together):
    rng, ends = np.random.default_rng(1), []
    for _ in range(WORLDS):
        found = loyalty.axes(*answers(rng, accounts, together, 0.75)).relation
        ends.append(found.set_index("measure").loc["htmt", ["low", "high"]].to_numpy(float))
    low, high = np.array(ends).T
    assert 0.925 <= np.mean((low <= together) & (together <= high)) <= 0.975
    assert np.mean(low > together) <= 0.045
    if together < 0.9:  # a correlation is at most 1: nothing lies above that
        assert np.mean(high < together) >= 0.0075

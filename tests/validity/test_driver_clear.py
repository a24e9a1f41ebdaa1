"""Drivers in worlds where nothing has an effect and answers are missing: who is called clear.

50 or 250 accounts with two respondents each on average, likeness within accounts of .35,
seven drivers that move together, a sixth of the ratings missing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods.drivers import performance, priorities, relative_importance
from helpers.methods.survey import SurveyDesign
from tests.worlds import NO_PROOF

pytestmark = pytest.mark.validity

HALO, LIKENESS, WORLDS = 0.4, 0.35, 400


@pytest.mark.parametrize("missing", ["imputed", "pairwise"])
@pytest.mark.parametrize("accounts", [50, 250])
def test_without_effect_no_driver_is_called_clear_where_answers_are_missing(rng, missing, accounts):
    """Of seven drivers in worlds without any effect: each in at most 5 % before the correction
    for their number, and any of them in at most 5 % after it."""
    single, any_clear = [], []
    names = [f"d{k}" for k in range(7)]
    scale = dict.fromkeys(names, (-9, 9))
    means = performance(pd.DataFrame(np.zeros((2, 7)), columns=names))  # a point within reach
    for _ in range(WORLDS):
        account = np.repeat(np.arange(accounts), rng.poisson(1.0, accounts) + 1)
        within = np.sqrt(LIKENESS) * rng.normal(size=(accounts, 9))[account]
        z = within + np.sqrt(1 - LIKENESS) * rng.normal(size=(len(account), 9))
        x = np.sqrt(HALO) * z[:, :1] + np.sqrt(1 - HALO) * z[:, 1:8]
        ratings = pd.DataFrame(x, columns=names).mask(rng.random(x.shape) < 0.17)
        found = relative_importance(
            ratings,
            pd.Series(z[:, 8]),
            design=SurveyDesign(clusters=account),
            missing=missing,
        )
        single.append((found.table["effect_p"] < 0.05).mean())
        proof = (found.table["effect_p"] < NO_PROOF).any()
        any_clear.append(proof and bool(priorities(found, means, scale=scale).clear))
    assert np.mean(single) <= 0.055  # 400 worlds know it to about half a point
    assert np.mean(any_clear) <= 0.05

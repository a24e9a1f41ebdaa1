"""Fields of moves between segments, where nobody changed: few may be called different.

250 accounts of one to five people, alike at .45; two sides that correlate at .83, asked by
four and three questions from 1 to 5, one answer in thirty missing. The answer model holds in
one kind of world; in the other, accounts have a long tail of unhappy ones that it does not know.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

from helpers.methods import loyalty

pytestmark = pytest.mark.validity

ATTITUDE, BEHAVIOUR = np.array([3.90, 3.62, 3.90, 3.78]), np.array([4.50, 4.00, 4.25])
SPREAD, CLEAR, APART, ALIKE, MISSING = 0.95, 0.68, 0.20, 0.45, 1 / 30


def asked(rng, axis, means):
    noise = rng.standard_normal((len(axis), len(means)))
    seen = means + SPREAD * (np.sqrt(CLEAR) * axis[:, None] + np.sqrt(1 - CLEAR) * noise)
    answers = pd.DataFrame(np.clip(np.rint(seen), 1, 5) * 25 - 25)
    return answers.mask(rng.random(answers.shape) < MISSING)


def moves(rng, *, skewed):
    """Moves of people who are asked twice, and have not changed."""
    level = (4 - rng.gamma(4, 1, 250)) / 2 if skewed else rng.standard_normal(250)
    of = np.repeat(np.arange(250), rng.choice([1, 2, 3, 4, 5], 250))
    feeling = np.sqrt(ALIKE) * level[of] + np.sqrt(1 - ALIKE) * rng.standard_normal(len(of))
    own = np.sqrt(APART) * rng.standard_normal((2, len(of)))
    like, stay = (feeling + own) / np.sqrt(1 + APART)
    waves = [(asked(rng, like, ATTITUDE), asked(rng, stay, BEHAVIOUR)) for _ in range(2)]
    return loyalty.transitions(*waves, accounts=pd.Series(of))


@pytest.mark.parametrize(("skewed", "worlds", "most"), [(False, 110, 0.05), (True, 60, 0.08)])
def test_few_worlds_have_a_field_called_different_where_nobody_changed(skewed, worlds, most):
    """One in twenty; one in twelve where the model does not know of a long tail."""
    rng = np.random.default_rng(20260714)
    found = [moves(rng, skewed=skewed) for _ in range(worlds)]
    wrong = sum(one.table["sure"].any() for one in found)
    assert wrong / worlds <= beta.ppf(0.998, most * worlds + 1, (1 - most) * worlds)
    held = [one.measure("excess")["low"] <= 0 <= one.measure("excess")["high"] for one in found]
    assert np.mean(held) >= 0.94

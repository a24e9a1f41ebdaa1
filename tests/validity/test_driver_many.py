"""Many drivers: intervals of effects that are drawn to zero, and who is called clear.

100 accounts of two respondents on average, halo .5, two fifths of the outcome explained; half
of the drivers work, by chance more or less, or two, or none.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods.drivers import performance, priorities, relative_importance
from helpers.methods.drivers.redrawing import analysed
from helpers.methods.drivers.slopes import robust_slopes
from helpers.methods.survey import SurveyDesign

pytestmark = pytest.mark.validity

HALO, LIKENESS, EXPLAINED, ACCOUNTS, WORLDS = 0.5, 0.3, 0.4, 100, 60


def planted(rng, kind, drivers):
    effects = np.zeros(drivers)
    if kind == "half":
        effects[: drivers // 2] = rng.uniform(0.3, 1, drivers // 2)
    if kind == "two":
        effects[:2] = 1.0
    return effects


def survey(rng, effects):
    account = np.repeat(np.arange(ACCOUNTS), rng.poisson(1.0, ACCOUNTS) + 1)
    shared = rng.normal(size=(ACCOUNTS, len(effects) + 1))[account]
    z = np.sqrt(LIKENESS) * shared
    z += np.sqrt(1 - LIKENESS) * rng.normal(size=z.shape)
    x = np.sqrt(HALO) * rng.normal(size=(len(account), 1)) + np.sqrt(1 - HALO) * z[:, :-1]
    told = x @ effects
    noise = told.std() * np.sqrt((1 - EXPLAINED) / EXPLAINED) if effects.any() else 1.0
    names = [f"d{k:02d}" for k in range(len(effects))]
    return pd.DataFrame(x, columns=names), pd.Series(told + noise * z[:, -1]), account


@pytest.mark.parametrize("kind", ["half", "two", "none"])
@pytest.mark.parametrize("drivers", [12, 20])
def test_shrunken_effects_are_nearer_and_their_intervals_hold(rng, kind, drivers):
    """Over all drivers at least 94 %, over those with an effect 89 %: what is drawn to zero
    most is what least is known of. Errors are a quarter smaller at least, and no driver
    without effect is called clear more often than in one page of twenty."""
    held, nearer, false = [], [], []
    ratings, _, _ = survey(np.random.default_rng(0), np.zeros(drivers))
    means = performance(ratings)  # a point is within reach in every world
    for _ in range(WORLDS):
        effects = planted(rng, kind, drivers)
        ratings, y, account = survey(rng, effects)
        design = SurveyDesign(clusters=account)
        found = relative_importance(ratings, y, design, method="relative_weights", shrink=True)
        table = found.table.set_index("driver").loc[list(ratings)]
        plain = robust_slopes(analysed(ratings, y, design, "listwise")[0], 0.95, np.eye(drivers))
        held.append((table["effect_low"] <= effects) & (effects <= table["effect_high"]))
        nearer.append((((table["effect"] - effects) ** 2).sum(),
                       ((plain.value - effects) ** 2).sum()))  # fmt: skip
        scale = dict.fromkeys(ratings, (-9, 9))
        clear = priorities(found, means, scale=scale).clear
        false.append(any(effects[list(ratings).index(name)] == 0 for name in clear))
    working = planted(np.random.default_rng(0), kind, drivers) > 0
    errors = np.sum(nearer, axis=0)
    assert np.mean(held) >= 0.94
    assert not working.any() or np.array(held)[:, working].mean() >= 0.89
    assert errors[0] <= 0.75 * errors[1]
    assert np.mean(false) <= 0.05

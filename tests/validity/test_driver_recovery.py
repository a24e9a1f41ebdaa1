"""Drivers over many simulated worlds: coverage, ranks, and silence where nothing is true.

The worlds follow the handbook's simulation notes: 250 accounts with about 2.8
respondents, likeness within accounts of .35, eight drivers that move together
(halo), two of them without effect.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata

from helpers.methods.drivers import performance, priorities, relative_importance
from helpers.methods.drivers.lattice import shapley, subset_r_squared

pytestmark = pytest.mark.validity

EFFECTS = np.array([0.50, 0.40, 0.30, 0.25, 0.20, 0.10, 0.0, 0.0])
DRIVERS = [f"d{k}" for k in range(len(EFFECTS))]
LIKENESS = 0.35
WORLDS = 250


def survey(rng, halo, effects=EFFECTS):
    accounts = np.repeat(np.arange(250), rng.poisson(1.8, 250) + 1)
    root = np.linalg.cholesky(np.full((8, 8), halo) + np.eye(8) * (1 - halo))

    def alike(width):
        shared = rng.normal(size=(250, width))[accounts]
        own = rng.normal(size=(len(accounts), width))
        return np.sqrt(LIKENESS) * shared + np.sqrt(1 - LIKENESS) * own

    ratings = alike(8) @ root.T
    outcome = ratings @ effects + alike(1)[:, 0]
    return pd.DataFrame(ratings, columns=DRIVERS), pd.Series(outcome), accounts


def true_shares(halo):
    covariance = np.full((8, 8), halo) + np.eye(8) * (1 - halo)
    with_outcome = covariance @ EFFECTS
    table = np.block(
        [
            [covariance, with_outcome[:, None]],
            [with_outcome[None], np.array([[EFFECTS @ with_outcome + 1]])],
        ]
    )
    spread = np.sqrt(np.diag(table))
    parts = shapley(subset_r_squared((table / np.outer(spread, spread))[None]))[0]
    return parts / parts.sum()


@pytest.mark.parametrize(
    ("halo", "rank", "top"), [(0.3, 0.93, 0.90), (0.5, 0.89, 0.87), (0.7, 0.82, 0.68)]
)
def test_intervals_cover_and_ranks_recover(rng, halo, rank, top):
    """Shares and effects cover 92-97 %; rank correlation and top driver at least as asked."""
    truth = true_shares(halo)
    shares, slopes, ranks, tops = [], [], [], []
    for _ in range(WORLDS):
        ratings, outcome, accounts = survey(rng, halo)
        found = relative_importance(ratings, outcome, clusters=accounts, replicates=300, rng=rng)
        table = found.table.sort_values("driver")
        shares.append((table["low"] < truth) & (truth < table["high"]))
        slopes.append((table["effect_low"] < EFFECTS) & (table["effect_high"] > EFFECTS))
        ranks.append(np.corrcoef(rankdata(table["share"]), rankdata(truth))[0, 1])
        tops.append(found.table["driver"].iloc[0] == "d0")
    assert 0.92 <= np.mean(shares) <= 0.97
    assert 0.92 <= np.mean(slopes) <= 0.97
    assert np.mean(ranks) >= rank
    # three standard errors of room: 250 worlds know the rate to about 2 points each way
    assert np.mean(tops) >= top - 3 * np.sqrt(top * (1 - top) / WORLDS)


@pytest.mark.parametrize("halo", [0.3, 0.7])
def test_a_driver_without_effect_is_rarely_called_a_priority(rng, halo):
    """In at most 5 % of worlds, where nothing has an effect and where six drivers have one."""
    rated = performance(survey(rng, halo)[0])  # headroom is more than a point in every world
    for effects in (EFFECTS * 0, EFFECTS):
        wrong = 0
        for _ in range(WORLDS):
            ratings, outcome, accounts = survey(rng, halo, effects)
            ranked = priorities(
                relative_importance(ratings, outcome, clusters=accounts),
                rated,
                scale=dict.fromkeys(DRIVERS, (-5, 5)),
            ).table
            named = set(ranked.loc[ranked["clear"], "driver"])
            wrong += bool(named & {d for d, e in zip(DRIVERS, effects, strict=True) if e == 0})
        assert wrong / WORLDS <= 0.05

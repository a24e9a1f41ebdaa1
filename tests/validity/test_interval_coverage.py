"""95 % intervals cover the truth in about 95 of 100 simulated worlds.

250 accounts of one to five respondents, answers within an account alike (intraclass
correlation .35), deciders rarer among respondents than among customers and less
happy, weights that put this right. The truth is worked out from the normal
distribution, not simulated. With 2,000 worlds the coverage of a right interval has a
standard error of half a point, so 93.5 to 96.5 is three of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.stats import norm

from helpers.methods import loyalty, stats

pytestmark = pytest.mark.validity

WORLDS = 2_000
ACCOUNTS = 250
ICC = 0.35
CENTRES = np.array([7.6, 8.4])  # decider, user; on a latent scale cut into 0-10
SPREAD = 1.8
IN_POPULATION = np.array([0.4, 0.6])
IN_SAMPLE = np.array([0.25, 0.75])
CUTS = np.arange(0.5, 10)  # an answer of k lies between cut k and cut k + 1
CHANGE = 0.3  # points of the latent scale, for everyone


@dataclass(frozen=True)
class Wave:
    scores: np.ndarray
    weights: np.ndarray
    accounts: np.ndarray


def truth(shift=0.0):
    """Share of each answer 0-10 in the population."""
    below = norm.cdf((CUTS - CENTRES[:, None] - shift) / SPREAD)
    each = np.diff(below, axis=1, prepend=0, append=1)
    return IN_POPULATION @ each


def wave(rng, leaning, shift=0.0):
    """One wave of answers, from each account's leaning."""
    accounts = np.repeat(np.arange(ACCOUNTS), rng.choice([1, 2, 3, 4, 5], ACCOUNTS))
    role = (rng.random(len(accounts)) < IN_SAMPLE[1]).astype(int)
    noise = rng.normal(0, SPREAD * (1 - ICC) ** 0.5, len(accounts))
    latent = CENTRES[role] + shift + leaning[accounts] + noise
    weights = (IN_POPULATION / IN_SAMPLE)[role]
    return Wave(np.searchsorted(CUTS, latent).astype(float), weights, accounts)


def leanings(rng):
    return rng.normal(0, SPREAD * ICC**0.5, ACCOUNTS)


def coverage(estimate, target, *, clustered, seed=20260630):
    """Share of worlds whose interval holds the truth."""
    rng = np.random.default_rng(seed)
    held = 0
    for _ in range(WORLDS):
        sample = wave(rng, leanings(rng))
        design = {"weights": sample.weights}
        if clustered:
            design["clusters"] = sample.accounts
        found = estimate(sample.scores, **design)
        held += found.low <= target <= found.high
    return held / WORLDS


ANSWERS = np.arange(11)
MEASURES = {
    "mean": (stats.mean, lambda p: p @ ANSWERS),
    "net promoter": (loyalty.net_promoter, lambda p: 100 * (p[9:].sum() - p[:7].sum())),
    "top two": (lambda s, **d: loyalty.top_share(s, top=9, **d), lambda p: p[9:].sum()),
}


@pytest.mark.parametrize("measure", MEASURES)
def test_clustered_intervals_cover_the_truth(measure):
    estimate, of_shares = MEASURES[measure]
    assert 0.935 <= coverage(estimate, of_shares(truth()), clustered=True) <= 0.965


@pytest.mark.parametrize("measure", ["mean", "net promoter"])
def test_intervals_that_ignore_accounts_fall_short(measure):
    estimate, of_shares = MEASURES[measure]
    assert coverage(estimate, of_shares(truth()), clustered=False) < 0.92


def test_intervals_of_a_change_between_overlapping_waves_cover_it():
    """Seven accounts in ten answer in both waves; a leaning lasts, with correlation .8."""
    rng = np.random.default_rng(20260630)
    target = (truth(CHANGE) - truth()) @ ANSWERS
    held = 0
    for _ in range(WORLDS):
        first = leanings(rng)
        stays = np.arange(ACCOUNTS) < 0.7 * ACCOUNTS
        second = np.where(stays, 0.8 * first + 0.6 * leanings(rng), leanings(rng))
        before, after = wave(rng, first), wave(rng, second, CHANGE)
        known = np.where(stays[after.accounts], after.accounts, after.accounts + ACCOUNTS)
        found = stats.difference(
            before.scores,
            after.scores,
            weights=(before.weights, after.weights),
            clusters=(before.accounts, known),
        )
        held += found.low <= target <= found.high
    assert 0.935 <= held / WORLDS <= 0.965

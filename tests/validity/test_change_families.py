"""The changes of many scores: one is tested alone, the others by how they stray together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta, t

from helpers.methods import loyalty
from helpers.methods.multiplicity import holm as by_holm
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.simultaneous import correlations, simultaneous

pytestmark = pytest.mark.validity

ORDER = ("w1", "w2")
ACCOUNTS, SCORES = 80, 6


def test_a_family_tells_one_world_in_twenty_of_a_change_that_is_none():
    """1,200 worlds of 60 accounts and ten changes that are mostly one.

    Holm tells 1 to 3 in 100, by design: what that leaves of 5 is power.
    """
    accounts, rng = 60, np.random.default_rng(20261129)
    told = stepped = holm = 0
    for _ in range(1_200):
        one = rng.normal(size=(accounts, 1)) + 0.5 * rng.normal(size=(accounts, 10))
        pulls = (one - one.mean(axis=0)) / accounts
        error = np.sqrt(accounts / (accounts - 1) * (pulls**2).sum(axis=0))
        p = 2 * t.sf(np.abs(one.mean(axis=0)) / error, accounts - 1)
        found = simultaneous(p, correlations(pulls))
        told += bool((p < 1 - found.confidence).any())
        stepped += bool((found.adjusted < 0.05).any())
        holm += bool((by_holm(p) < 0.05).any())
    assert 0.04 <= told / 1_200 <= 0.06, told
    assert 0.04 <= stepped / 1_200 <= 0.06, stepped
    assert holm / 1_200 < 0.03


def world(rng, shift=0.0):
    """Two waves of accounts of two people: six scores that are mostly one, as real ones are.

    Three accounts in four answer in a wave. ``shift`` moves the last three scores in the second.
    """
    level = rng.normal(size=(ACCOUNTS, 1)) + 0.5 * rng.normal(size=(ACCOUNTS, SCORES))
    parts = []
    for wave in ORDER:
        there = np.repeat(np.flatnonzero(rng.random(ACCOUNTS) < 0.75), 2)
        mood = rng.normal(size=(len(there), 1)) + 0.6 * rng.normal(size=(len(there), SCORES))
        scores = level[there] + mood
        if wave == ORDER[-1]:
            scores[:, SCORES // 2 :] += shift
        frame = pd.DataFrame(scores, columns=[f"s{n}" for n in range(SCORES)])
        parts.append(frame.assign(wave=wave, of=there))
    return pd.concat(parts, ignore_index=True)


def changes(people):
    of = people["of"]
    design = SurveyDesign.over({w: SurveyDesign(clusters=of[people["wave"] == w]) for w in ORDER})
    points = {f"s{n}": people[f"s{n}"] for n in range(SCORES)}
    return loyalty.trend(points, people["wave"], design, order=ORDER, leading="s0").table


def told_of(table):
    """Of the second family: told by its intervals, by its p values, by Bonferroni, by Holm."""
    rest = table[~table["primary"]]
    p = rest["p"].to_numpy()
    beyond = ((rest["low"] > 0) | (rest["high"] < 0)).to_numpy()
    holm = by_holm(p)
    return np.array([beyond, rest["p_adjusted"] < 0.05, p < 0.05 / len(p), holm < 0.05]), rest


def test_the_primary_change_is_told_of_one_world_in_twenty_and_so_is_the_rest():
    """200 worlds of respondents in accounts without a change, from answers to verdicts."""
    rng = np.random.default_rng(20261130)
    alone = rest = 0
    for _ in range(200):
        table = changes(world(rng))
        alone += float(table.loc[table["primary"], "p"].iloc[0]) < 0.05
        rest += bool(told_of(table)[0][0].any())
    least, most = beta.interval(0.998, 0.05 * 200, 0.95 * 200)
    assert least <= alone / 200 <= most
    assert least <= rest / 200 <= most


def test_it_finds_more_of_the_changes_that_are():
    """60 worlds in which three of six scores rise: more are told than by Bonferroni and Holm."""
    rng = np.random.default_rng(20261131)
    seen = np.zeros(4)
    for _ in range(60):
        told, rest = told_of(changes(world(rng, shift=0.45)))
        seen += told[:, rest["measure"].isin(["s3", "s4", "s5"]).to_numpy()].sum(axis=1)
    beyond, stepped, bonferroni, holm = seen
    assert beyond > 1.05 * bonferroni, seen
    assert stepped > holm, seen

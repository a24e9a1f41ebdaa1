"""The changes of many scores: one is tested alone, the others by how they stray together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

from helpers.methods import loyalty
from helpers.methods.survey import SurveyDesign

pytestmark = pytest.mark.validity

ORDER = ("w1", "w2")
ACCOUNTS, SCORES, WORLDS = 80, 6, 600


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


def found(table):
    """Of the second family: told by its intervals, by its p values, by Bonferroni, by Holm."""
    rest = table[~table["primary"]]
    p = rest["p"].to_numpy()
    beyond = ((rest["low"] > 0) | (rest["high"] < 0)).to_numpy()
    holm = multipletests(p, method="holm")[1]
    return np.array([beyond, rest["p_adjusted"] < 0.05, p < 0.05 / len(p), holm < 0.05]), rest


def test_the_second_family_tells_one_world_in_twenty_of_a_change_that_is_none():
    """600 worlds without a change. Bonferroni's and Holm's tell fewer: what they lose is power."""
    rng = np.random.default_rng(20261129)
    wrong, alone = np.zeros(4), 0
    for _ in range(WORLDS):
        table = changes(world(rng))
        wrong += found(table)[0].any(axis=1)
        alone += float(table.loc[table["primary"], "p"].iloc[0]) < 0.05
    told, stepped, bonferroni, holm = wrong / WORLDS
    assert 0.04 <= told <= 0.06, told
    assert 0.04 <= stepped <= 0.06, stepped
    assert max(bonferroni, holm) < told
    assert 0.035 <= alone / WORLDS <= 0.065, alone / WORLDS


def test_it_finds_no_fewer_of_the_changes_that_are():
    """60 worlds in which three of six scores rise: more are told than before, in every way."""
    rng = np.random.default_rng(20261130)
    seen = np.zeros(4)
    for _ in range(60):
        told, rest = found(changes(world(rng, shift=0.7)))
        true = rest["measure"].isin(["s3", "s4", "s5"]) & (rest["wave"] == "w4")
        seen += told[:, true.to_numpy()].sum(axis=1)
    told, stepped, bonferroni, holm = seen
    assert told > 1.05 * bonferroni, seen
    assert stepped > holm, seen

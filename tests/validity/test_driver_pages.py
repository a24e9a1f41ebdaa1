"""What a page says of shapes where nothing bends, and what it finds where something does.

A page looks at every driver, so that the chance that counts is that of the page: how
often it announces any floor, delighter or bend among drivers that are all straight lines.
Ratings are whole points of 0-10, moving together (halo .5), from 250 accounts with about
2.8 respondents that are alike (.3); 45 % of the outcome is explained. Three worlds: eight
equal effects; the demo client's effects and means, made linear; three effects and five
drivers that do nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from designed import designed

from helpers.methods.drivers import asymmetry, improvement_potential, joint, response_curves
from helpers.methods.survey import SurveyDesign

pytestmark = pytest.mark.validity

DRIVERS = [f"d{k}" for k in range(8)]
HALO, LIKENESS, EXPLAINED = 0.5, 0.3, 0.45
EVEN = np.full(8, 7.0)  # mean ratings
LINEAR = {
    "equal": (np.ones(8), EVEN),
    "demo": (
        np.array([0.17, 0, 0.2, 0.07, 0, 0.16, 0.27, 0.12]),
        np.array([7.8, 5.7, 7.1, 7.2, 6.6, 7.0, 6.3, 6.8]),
    ),
    "three": (np.array([1.0, 1, 1, 0, 0, 0, 0, 0]), EVEN),
}
SHAPES = {"d0": "floor", "d1": "floor", "d2": "delighter"}
THRESHOLDS = {"d0": 7, "d1": 6, "d2": 7}
PLANTED = np.array([0.25, 0.25, 0.25, 0.2, 0.2, 0.1, 0, 0])
WORLDS = 100  # of each kind


def likewise(rng, accounts, width):
    """Normal draws of which a part is shared within accounts."""
    shared = rng.normal(size=(accounts.max() + 1, width))[accounts]
    own = rng.normal(size=(len(accounts), width))
    return np.sqrt(LIKENESS) * shared + np.sqrt(1 - LIKENESS) * own


def survey(rng, effects, means, accounts=250, *, planted=False):
    """Ratings, an outcome that is linear in each of them or has planted bends, and accounts."""
    accounts = np.repeat(np.arange(accounts), rng.poisson(1.8, accounts) + 1)
    root = np.linalg.cholesky(np.full((8, 8), HALO) + np.eye(8) * (1 - HALO))
    ratings = np.clip(np.rint(means + 1.8 * likewise(rng, accounts, 8) @ root.T), 0, 10)
    gains = ratings.copy()
    if planted:
        gains[:, :2] = np.minimum(ratings[:, :2], [7, 6])
        gains[:, 2] = np.maximum(ratings[:, 2], 7)
    brought = gains / gains.std(axis=0) @ effects
    noise = np.sqrt(brought.var() * (1 - EXPLAINED) / EXPLAINED) if effects.any() else 1.0
    outcome = brought + noise * likewise(rng, accounts, 1)[:, 0]
    return pd.DataFrame(ratings, columns=DRIVERS), pd.Series(outcome), accounts


def page(ratings, outcome, accounts, rng):
    """What a page judges together: curves first, then floors and delighters beside them."""
    curves = response_curves(
        ratings, outcome, design=SurveyDesign(clusters=accounts), replicates=100, rng=rng
    )
    options = {"clusters": accounts, "replicates": 100, "rng": rng}
    return curves, asymmetry(ratings, outcome, curves=curves, **designed(options)).table


def test_pages_of_straight_lines_announce_nothing(rng):
    """Any sure floor or delighter on at most 5 % of pages, and any bend on at most 5 %.

    Of the same pages more than a quarter hold a driver that looks like one or the other.
    """
    sure, bends, looks = [], [], []
    for effects, means in LINEAR.values():
        for _ in range(WORLDS):
            curves, table = page(*survey(rng, effects, means), rng)
            sure.append(table["sure"].any())
            bends.append(bool(curves.bends))
            looks.append(table["class"].isin(["floor", "delighter"]).any())
    assert np.mean(sure) <= 0.05, np.mean(sure)
    assert np.mean(bends) <= 0.05, np.mean(bends)
    assert np.mean(looks) >= 0.25, np.mean(looks)


def test_pages_with_planted_shapes_say_nothing_wrong_and_find_most_of_them(rng):
    """Two floors and a delighter among eight: most are found, and hardly a page errs."""
    found, wrong, held = [], [], []
    for _ in range(60):
        curves, table = page(*survey(rng, PLANTED, EVEN, planted=True), rng)
        told = table[table["sure"]].set_index("driver")["class"].to_dict()
        found += [told.get(driver) == shape for driver, shape in SHAPES.items()]
        wrong.append(any(SHAPES.get(driver) != shape for driver, shape in told.items()))
        for row in curves.table.dropna(subset="threshold").itertuples():
            if row.driver in THRESHOLDS:
                held.append(row.threshold_low <= THRESHOLDS[row.driver] <= row.threshold_high)
    assert np.mean(found) >= 0.45, np.mean(found)
    assert np.mean(wrong) <= 0.05, np.mean(wrong)
    assert np.mean(held) >= 0.93, np.mean(held)


def test_potentials_hold_what_is_true(rng):
    """95 % intervals hold 0 where drivers do nothing, in 90 accounts; rather too often."""
    scale = dict.fromkeys(DRIVERS, (0, 10))
    held = []
    for _ in range(250):
        ratings, outcome, accounts = survey(rng, np.zeros(8), EVEN, accounts=90)
        holes = ratings.mask(rng.random(ratings.shape) < 0.05)
        lifts = improvement_potential(joint(
            holes, outcome, SurveyDesign(clusters=accounts), scale=scale, replicates=20,
            rng=rng, missing="imputed",
        )).table  # fmt: skip
        held += list((lifts["low"] <= 0) & (lifts["high"] >= 0))
    assert 0.94 <= np.mean(held) <= 0.98, np.mean(held)

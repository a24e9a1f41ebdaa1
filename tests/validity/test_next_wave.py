"""Margins that a plan promises, against many draws from a list on which colleagues are alike."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import survey
from helpers.methods.sample_design import by_account, margin_of
from helpers.methods.survey import SurveyDesign

pytestmark = pytest.mark.validity

ACCOUNTS, EACH, CORRELATION, RATE = 400, 6, 0.35, 0.5
DRAWS = 1_500  # the error of a standard deviation is then one in 55


@pytest.fixture(scope="module")
def world():
    """The account of each person, and the answer that each would give."""
    rng = np.random.default_rng(20260630)
    accounts = np.repeat(np.arange(ACCOUNTS), EACH)
    level = np.repeat(rng.normal(0, CORRELATION**0.5, ACCOUNTS), EACH)
    answers = level + rng.normal(0, (1 - CORRELATION) ** 0.5, len(accounts))
    return pd.Series(accounts), pd.Series(answers)


def heard(accounts, number, rng):
    drawn = by_account(accounts, number, rng=rng).table["selected"].to_numpy()
    return drawn & (rng.random(len(accounts)) < RATE)


@pytest.fixture(scope="module")
def effect(world):
    """The design effect that a wave of half of the list finds, on average."""
    accounts, answers = world
    rng = np.random.default_rng(1)
    waves = [heard(accounts, 1_200, rng) for _ in range(40)]
    found = [
        survey.mean(answers[w], SurveyDesign(clusters=accounts[w])).design_effect for w in waves
    ]
    return float(np.mean(found))


# how much wider than need be, at the least and at the most, by the share of the list invited
SLACK = {0.1: (0.94, 1.08), 0.25: (0.97, 1.15), 0.5: (1.0, 1.18), 1.0: (1.2, 1.5)}


@pytest.mark.parametrize("share", SLACK)
def test_a_promised_margin_is_kept_and_too_wide_only_where_most_are_asked(share, world, effect):
    accounts, answers = world
    rng = np.random.default_rng(2)
    number, values = round(share * len(accounts)), answers.to_numpy()
    means = [values[heard(accounts, number, rng)].mean() for _ in range(DRAWS)]
    margin = margin_of(number * RATE, design_effect=effect, population=len(accounts))
    promised = margin * answers.std(ddof=1) / 0.5  # of a mean instead of a share of one half
    low, high = SLACK[share]
    assert low < promised / (1.96 * np.std(means)) < high

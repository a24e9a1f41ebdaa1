"""Differences between segments that a test says it would have seen, over simulated worlds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods.drivers import compare_segments
from helpers.methods.survey import SurveyDesign

pytestmark = pytest.mark.validity

DRIVERS = [f"d{k}" for k in range(6)]
ACCOUNTS, LIKENESS, HALO = 250, 0.3, 0.5
WORLDS = 150


def compared(rng, difference, segment):
    """Tests of one world in which one driver's effect differs in one of three segments."""
    codes = np.repeat(np.arange(ACCOUNTS), rng.poisson(1.8, ACCOUNTS) + 1)
    tier = rng.choice(3, ACCOUNTS, p=[0.2, 0.3, 0.5])[codes]
    root = np.linalg.cholesky(np.full((6, 6), HALO) + np.eye(6) * (1 - HALO))

    def alike(width):
        shared = rng.normal(size=(ACCOUNTS, width))[codes]
        own = rng.normal(size=(len(codes), width))
        return np.sqrt(LIKENESS) * shared + np.sqrt(1 - LIKENESS) * own

    ratings = np.clip(np.rint(7 + 1.8 * alike(6) @ root.T), 0, 10)
    outcome = ratings @ [2.0, 1, 1, 0, 0, 1] + 5 * alike(1)[:, 0]
    outcome += difference * (ratings[:, 0] - 7) * (tier == segment)
    segments = pd.DataFrame({"tier": tier.astype(str)})
    return compare_segments(
        pd.DataFrame(ratings, columns=DRIVERS),
        pd.Series(outcome),
        segments,
        design=SurveyDesign(clusters=codes),
    )


@pytest.mark.parametrize("segment", [0, 2], ids=["smallest", "largest"])
def test_a_difference_that_would_be_seen_is_found_four_times_in_five(rng, segment):
    """And one of half that size in less than half of the worlds: it is no idle bound."""
    seen = np.mean([compared(rng, 0, 0).tests.set_index("driver")["seen"]["d0"] for _ in range(30)])

    def found(difference):
        worlds = [compared(rng, difference, segment).different["driver"] for _ in range(WORLDS)]
        return np.mean([(names == "d0").any() for names in worlds])

    assert found(seen) >= 0.8
    if segment == 0:
        assert found(seen / 2) < 0.5

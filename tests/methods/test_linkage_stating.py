"""What an effect is stated for, and bands that differ: whatever the scale of the score."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from helpers.methods import linkage


@pytest.mark.parametrize(
    ("scores", "ends", "points", "kind"),
    [
        ([10, 60, 95], (0, 100), 10.0, "scale"),
        ([1.5, 3, 4.8], (1, 5), 0.4, "scale"),
        ([1.5, 6, 9.8], (1, 10), 0.9, "scale"),
        ([0, 0.5, 1], (0, 1), 0.1, "scale"),  # a question of yes and no
        ([-100, 20, 60], (-100, 100), 20.0, "scale"),
        ([70, 72, 74], (0, 100), 2.0, "spread"),  # they span less than a tenth
        ([3, 40, 200], (np.nan, np.nan), 100.0, "spread"),  # days, without a scale
        ([0.01, 0.02, 0.06], (np.nan, np.nan), 0.026, "spread"),
    ],
)
def test_an_effect_is_stated_for_a_step_that_the_data_have_seen(scores, ends, points, kind):
    found, notes = linkage.step(pd.Series([*scores, np.nan], dtype=float), ends)
    assert (found.points, found.kind) == (pytest.approx(points), kind)
    assert found.points <= max(scores) - min(scores)
    assert notes == []


def test_declared_points_are_taken_as_far_as_scores_span():
    scores = pd.Series([1.0, 4.0])
    assert linkage.step(scores, (1, 5), declared=2.0) == (linkage.Step(2.0, "declared"), [])
    found, (note,) = linkage.step(scores, (1, 5), declared=10.0)
    assert found == linkage.Step(0.4, "scale")
    assert note == "scores span 3 points, so no effect is stated for 10 of them"


def world(rng, low, high, accounts=600):
    """Accounts whose scores lie on some scale, and who stay as those say."""
    true = rng.uniform(size=accounts)
    score = low + (high - low) * true
    stays = (rng.random(accounts) < expit(1 + 2 * true)).astype(float)
    return pd.DataFrame({"account_id": range(accounts), "score": score, "retained": stays})


def test_the_same_answers_on_another_scale_have_the_same_effect(rng):
    """A tenth of the scale is a tenth of the scale: 0 to 100, 1 to 5, 0 to 1."""
    seed = int(rng.integers(1_000))
    effects = []
    for low, high in ((0, 100), (1, 5), (0, 1)):
        panel = world(np.random.default_rng(seed), low, high)
        stated, _ = linkage.step(panel["score"], (low, high))
        effects.append(linkage.link(panel, "retained", per=stated.points).effect)
    assert effects == pytest.approx([effects[0]] * 3, rel=1e-4)
    assert abs(effects[0]) < 0.1  # 10 points of a scale from 0 to 1 would be 360 percentage points


@pytest.mark.parametrize(
    ("scores", "edges"),
    [
        ([0.0] * 90 + [1.0] * 10, [0, 0.5, 1]),
        ([0.0] * 10 + [1.0] * 90, [0, 0.5, 1]),
        ([0.0] * 88 + [0.5] * 6 + [1.0] * 6, [0, 0.25, 1]),
        ([5.0] * 93 + [4.0] * 7, [4, 4.5, 5]),
        ([3.0] * 100, [3, 4]),  # all the same: one band
    ],
)
def test_where_most_scores_are_one_they_are_a_band_of_their_own(scores, edges):
    panel = pd.DataFrame({"score": scores, "retained": 1.0})
    found = linkage.outcome_by_score(panel, "retained", clusters=None)
    assert [*found["low_edge"], found["high_edge"].iloc[-1]] == pytest.approx(edges)
    assert found["base"].sum() == len(scores)
    assert (found["base"] > 0).all()
    assert found["band"].is_unique

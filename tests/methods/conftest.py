"""Data that several tests of methods share."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

JANUARY, JULY = pd.Timestamp("2025-01-15"), pd.Timestamp("2025-07-15")


@pytest.fixture
def answers(rng):
    """Three hundred answers: recommendation, satisfaction, and a mean of stars."""
    n = 300
    return pd.DataFrame(
        {
            "nps": rng.integers(0, 11, n),
            "sat": rng.integers(1, 6, n),
            "mean_star": rng.uniform(0, 100, n),
        }
    )


@pytest.fixture
def past(rng):
    """Four hundred accounts over two waves: tenure confounds score and staying."""
    count = 400
    tenure = rng.normal(60, 20, count)
    loyalty = 0.5 * (tenure - 60) / 20 + np.sqrt(0.75) * rng.standard_normal(count)
    frame = pd.DataFrame(
        {
            "account_id": np.tile([f"{i:03d}" for i in range(count)], 2),
            "wave": np.repeat(["W1", "W2"], count),
            "t0": np.repeat([JANUARY, JULY], count),
            "score": 60 + 15 * np.tile(loyalty, 2) + rng.normal(0, 3, 2 * count),
            "tenure_months": np.tile(tenure, 2),
            "region": np.tile(rng.choice(["North", "South", "West"], count), 2),
            "growth_before": rng.normal(0, 0.1, 2 * count),
        }
    )
    line = 1.5 + 0.8 * (frame["score"] - 60) / 15 + 0.5 * (frame["tenure_months"] - 60) / 20
    frame["retained"] = (rng.random(2 * count) < expit(line)).astype(float)
    return frame

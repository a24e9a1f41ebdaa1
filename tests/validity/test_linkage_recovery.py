"""Over many simulated worlds: the planted slope is found, intervals hold, nothing is nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from helpers.methods import linkage, loyalty
from helpers.methods.survey.estimates import Estimate

pytestmark = pytest.mark.validity

WORLDS = 400
SLOPE = 0.8  # log odds of staying for one standard deviation of true loyalty
LOW, HIGH = 0.92, 0.98  # 95 % give or take 2.8 standard errors of 400 worlds


def world(seed: int, *, slope: float = SLOPE, accounts: int = 600) -> pd.DataFrame:
    """Two waves of accounts: tenure confounds, one to four respondents make the score noisy."""
    rng = np.random.default_rng(seed)
    tenure = rng.standard_normal(accounts)
    true = 0.5 * tenure + np.sqrt(0.75) * rng.standard_normal(accounts)
    people = rng.integers(1, 5, (2, accounts))
    trust = people * 0.35 / (1 + 0.35 * (people - 1))
    noise = np.sqrt((1 - trust) / trust) * rng.standard_normal((2, accounts))
    stays = rng.random((2, accounts)) < expit(1.5 + slope * true + 0.6 * tenure)
    return pd.DataFrame(
        {
            "account_id": np.tile(np.arange(accounts), 2),
            "t0": pd.Timestamp("2025-01-15"),
            "true": 60 + 10 * np.tile(true, 2),
            "score": (60 + 10 * (true + noise)).ravel(),
            "trust": trust.ravel(),
            "tenure_months": np.tile(60 + 20 * tenure, 2),
            "retained": stays.astype(float).ravel(),
        }
    )


def planted_effect(frame: pd.DataFrame) -> float:
    """Average change in the chance of staying for ten points of the true score."""
    line = 1.5 + SLOPE * (frame["true"] - 60) / 10 + 0.6 * (frame["tenure_months"] - 60) / 20
    return float((expit(line) * expit(-line)).mean() * SLOPE)


def covered(estimates: list[linkage.LinkEstimate], truth: float) -> float:
    held = [abs(e.coefficient * 10 - truth) < 1.96 * e.coefficient_error * 10 for e in estimates]
    return float(np.mean(held))


def mean_slope(estimates: list[linkage.LinkEstimate]) -> float:
    return float(np.mean([e.coefficient * 10 for e in estimates]))


def test_with_the_true_score_the_adjusted_slope_is_found_and_the_raw_one_is_not():
    links = [
        linkage.link(world(s), "retained", score="true", adjust=["tenure_months"])
        for s in range(WORLDS)
    ]
    adjusted = [found.adjusted for found in links]
    assert abs(mean_slope(adjusted) - SLOPE) < 0.03
    assert LOW <= covered(adjusted, SLOPE) <= HIGH
    assert mean_slope([found.unadjusted for found in links]) > SLOPE + 0.15


def test_noise_halves_the_adjusted_slope_and_the_correction_mends_it():
    links = [
        linkage.link(world(s), "retained", adjust=["tenure_months"], reliability="trust")
        for s in range(WORLDS)
    ]
    assert mean_slope([found.adjusted for found in links]) < 0.6 * SLOPE
    assert covered([found.adjusted for found in links], SLOPE) < 0.2
    corrected = [found.corrected for found in links]
    assert abs(mean_slope(corrected) - SLOPE) < 0.06
    assert LOW <= covered(corrected, SLOPE) <= HIGH
    truth = float(np.mean([planted_effect(world(s)) for s in range(WORLDS)]))
    assert LOW <= np.mean([e.low < truth < e.high for e in corrected]) <= HIGH


def heard(seed: int, accounts: int = 300) -> tuple[pd.DataFrame, Estimate]:
    """The same worlds person by person: how alike colleagues are has to be estimated too."""
    rng = np.random.default_rng(seed)
    tenure = rng.standard_normal(accounts)
    true = 0.5 * tenure + np.sqrt(0.75) * rng.standard_normal(accounts)
    of = np.repeat(np.tile(np.arange(accounts), 2), rng.integers(1, 5, 2 * accounts))
    wave = np.cumsum(np.diff(of, prepend=0) < 0)
    answers = 60 + 10 * (true[of] + np.sqrt(0.65 / 0.35) * rng.standard_normal(len(of)))
    stays = rng.random((2, accounts)) < expit(1.5 + SLOPE * true + 0.6 * tenure)
    frame = loyalty.account_scores(answers, of, by=pd.Series(wave, name="wave")).table
    frame["retained"] = stays[frame["wave"], frame["account_id"]].astype(float)
    frame["tenure_months"] = 60 + 20 * tenure[frame["account_id"]]
    return frame, loyalty.intraclass(answers, of, by=wave)


def test_the_corrected_interval_allows_for_reliabilities_that_are_estimated():
    ask = {"adjust": ["tenure_months"], "reliability": "reliability"}
    worlds = [heard(seed) for seed in range(WORLDS)]
    links = [linkage.link(frame, "retained", **ask, icc=icc).corrected for frame, icc in worlds]
    assert LOW <= covered(links, SLOPE) <= HIGH
    known = [linkage.link(frame, "retained", **ask).corrected for frame, _ in worlds[:20]]
    pairs = zip(links, known, strict=False)
    assert all(wide.standard_error > narrow.standard_error for wide, narrow in pairs)


def test_where_nothing_is_linked_the_interval_says_so():
    silent = []
    for seed in range(WORLDS):
        frame = world(seed, slope=0.0)
        found = linkage.link(frame, "retained", adjust=["tenure_months"])
        silent.append(found.low < 0 < found.high)
    assert LOW <= np.mean(silent) <= HIGH


def test_the_interval_of_revenue_at_risk_holds_the_expected_loss():
    held, inside = [], []
    for seed in range(WORLDS // 2):
        frame, rng = world(seed), np.random.default_rng(seed)
        now = frame.tail(600).assign(revenue=rng.lognormal(0, 1, 600))
        chance = expit(
            1.5 + SLOPE * (now["true"] - 60) / 10 + 0.6 * (now["tenure_months"] - 60) / 20
        )
        link = linkage.link(frame, "retained", score="true", adjust=["tenure_months"])
        risk = linkage.revenue_at_risk(
            link, now.drop(columns="retained"), panel=frame, replicates=200, rng=rng
        )
        held.append(risk.gross_low < float((now["revenue"] * (1 - chance)).sum()) < risk.gross_high)
        lost = float((now["revenue"] * (rng.random(600) > chance)).sum())
        inside.append(risk.loss_low < lost < risk.loss_high)
    assert np.mean(held) >= 0.90
    assert np.mean(inside) >= 0.90

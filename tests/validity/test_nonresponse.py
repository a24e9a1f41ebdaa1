"""What the nonresponse methods promise, over many small worlds with known truths.

300 accounts of one to five people. Tier and region belong to the account, role to the
person. People of an account tend to answer together: with probability .7 all who do so
hang on one draw. The truth follows from the categories' shares; nothing of it is
simulated. A share of 95 % over 1,500 worlds has a standard error of .56 points, so 93.5
to 96.5 is 2.7 of them; over 500 worlds it is one point.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from helpers.methods import nonresponse, survey, weighting
from helpers.methods.nonresponse.profiles import Asked, factors
from helpers.methods.nonresponse.spread import response_spread
from helpers.methods.survey import SurveyDesign

pytestmark = pytest.mark.validity

WORLDS = 1_500
FEWER = 500  # worlds where a share is far from its limit, or only an upper limit is tested
FEW = 100  # worlds where a mean is ten of their standard errors from its limit
SEED = 20260630
ACCOUNTS = 300
TOGETHER = 0.7
LOW, HIGH = 0.935, 0.965
KNOWN = ("tier", "region", "role")
SHARES = {"tier": [0.15, 0.35, 0.5], "region": [0.4, 0.3, 0.2, 0.1], "role": [0.3, 0.3, 0.4]}
LOGITS = {"tier": [0.6, 0.1, -0.3], "region": [0.3, 0.0, -0.35, -0.5], "role": [-0.6, 0.0, 0.45]}
SHIFTS = {"tier": [0.8, 0.2, -0.4], "region": [0.5, 0.0, -0.5, -0.6], "role": [-0.8, 0.0, 0.7]}
INTERCEPT = -0.2


@dataclass(frozen=True)
class Asking:
    """Everybody asked in one world: what the list knows, who answered, what all think."""

    account: np.ndarray
    known: dict[str, np.ndarray]
    came: np.ndarray
    score: np.ndarray  # 0-10, also of those who kept silent

    @property
    def frame(self) -> pd.DataFrame:
        return pd.DataFrame(self.known).astype(str)


def logit(known: dict[str, np.ndarray], strength: float) -> np.ndarray:
    return INTERCEPT + strength * sum(np.array(LOGITS[name])[known[name]] for name in KNOWN)


def asking(rng: np.random.Generator, *, strength: float = 1.0, on_score: float = 0.0) -> Asking:
    size = rng.integers(1, 6, ACCOUNTS)
    account = np.repeat(np.arange(ACCOUNTS), size)
    known = {
        "tier": rng.choice(3, ACCOUNTS, p=SHARES["tier"])[account],
        "region": rng.choice(4, ACCOUNTS, p=SHARES["region"])[account],
        "role": rng.choice(3, len(account), p=SHARES["role"]),
    }
    own = rng.normal(0, 0.8, ACCOUNTS)[account] + rng.normal(0, 1.2, len(account))
    shift = sum(np.array(SHIFTS[name])[known[name]] for name in KNOWN)
    score = np.clip(np.round(7.6 + shift + own), 0, 10)
    chance = expit(logit(known, strength) + on_score * own)
    shared = rng.random(ACCOUNTS) < TOGETHER
    draw = np.where(shared[account], rng.random(ACCOUNTS)[account], rng.random(len(account)))
    return Asking(account, known, draw < chance, score)


def true_indicator(strength: float) -> float:
    """R from the shares of all 36 profiles."""
    cells = list(product(range(3), range(4), range(3)))
    known = {name: np.array([cell[i] for cell in cells]) for i, name in enumerate(KNOWN)}
    chance = expit(logit(known, strength))
    mass = np.prod([np.array(SHARES[name])[known[name]] for name in KNOWN], axis=0)
    return float(1 - 2 * np.sqrt(mass @ (chance - mass @ chance) ** 2))


def indicators(strength: float, *, clustered: bool, worlds: int) -> pd.DataFrame:
    """R with its interval in each world, and R unadjusted."""
    rng, rows = np.random.default_rng(SEED), []
    for _ in range(worlds):
        found = asking(rng, strength=strength)
        design = SurveyDesign(clusters=found.account if clustered else None)
        people = Asked.of(pd.Series(found.came.astype(float)), design)
        spread = response_spread(people, factors(found.frame)[0])
        low, high = spread.bounds(0.95)
        rows.append((1 - 2 * spread.adjusted, 1 - 2 * high, 1 - 2 * low, 1 - 2 * spread.plain))
    return pd.DataFrame(rows, columns=["value", "low", "high", "unadjusted"])


def test_the_interval_of_the_r_indicator_covers_it_and_its_bias_is_gone():
    truth = true_indicator(1.0)
    found = indicators(1.0, clustered=True, worlds=WORLDS)
    assert LOW <= found.eval("low <= @truth <= high").mean() <= HIGH
    assert abs(found["value"].mean() - truth) < 0.005
    assert found["unadjusted"].mean() < truth - 0.02


def test_an_interval_that_ignores_accounts_falls_short():
    truth = true_indicator(1.0)
    found = indicators(1.0, clustered=False, worlds=FEWER)
    assert found.eval("low <= @truth <= high").mean() < 0.90
    assert found["value"].mean() < truth - 0.01


def test_an_even_response_reaches_one_in_nearly_every_world():
    """Where R is 1 the interval errs on the side of silence: it ends at 1."""
    found = indicators(0.0, clustered=True, worlds=FEWER)
    assert (found["high"] == 1).mean() >= 0.95
    assert found["unadjusted"].mean() < 0.93
    assert found["value"].mean() > 0.95


def raked(found: Asking) -> pd.Series:
    """Weights of those who answered, to what the list knows of all who were asked."""
    listed = found.frame
    margins = {name: listed[name].value_counts() for name in KNOWN}
    return weighting.rake(listed[found.came], margins).values


def biases(on_score: float, worlds: int) -> pd.DataFrame:
    """Score of those who answered less that of everybody: as it is, and weighted."""
    rng, rows = np.random.default_rng(SEED), []
    for _ in range(worlds):
        found = asking(rng, on_score=on_score)
        points = 100.0 * ((found.score >= 9).astype(int) - (found.score <= 6))
        truth, said = points.mean(), points[found.came]
        rows.append((said.mean() - truth, np.average(said, weights=raked(found)) - truth))
    return pd.DataFrame(rows, columns=["plain", "weighted"])


def test_weighting_to_the_list_removes_a_bias_that_the_list_explains():
    """Response depends on tier, region and role alone: at least 90 % of the bias goes.

    500 worlds know what is left to a sixth of a point, of the one point that may be.
    """
    found = biases(on_score=0.0, worlds=FEWER).mean()
    assert found["plain"] > 4
    assert abs(found["weighted"]) <= 0.1 * found["plain"]


def test_weighting_does_not_mend_response_that_depends_on_loyalty_itself():
    found = biases(on_score=0.5, worlds=FEW).mean()
    assert found["weighted"] > 10
    assert found["weighted"] > 0.6 * found["plain"]


def test_the_range_holds_the_truth_where_no_weight_does():
    """With δ at the true distance the interval covers; with δ = 0 it hardly ever does."""
    rng, alike, joined = np.random.default_rng(SEED), [], []
    silent = []
    worlds = [asking(rng, on_score=0.5) for _ in range(FEWER)]
    weights = [raked(found).to_numpy() for found in worlds]
    for found, mass in zip(worlds, weights, strict=True):
        points = 100.0 * ((found.score >= 9).astype(int) - (found.score <= 6))
        said = np.average(points[found.came], weights=mass)
        silent.append((said - points.mean()) / (1 - found.came.mean()))
    delta = float(np.mean(silent))
    for found, mass in zip(worlds, weights, strict=True):
        points = 100.0 * ((found.score >= 9).astype(int) - (found.score <= 6))
        said = survey.net_promoter(
            pd.Series(found.score[found.came]),
            SurveyDesign(weights=mass, clusters=found.account[found.came]),
        )
        table = nonresponse.nonresponse_range(
            said, float(found.came.mean()), deltas=[0, delta], scale=(-100, 100)
        ).table
        inside = (table["low"] <= points.mean()) & (points.mean() <= table["high"])
        alike.append(inside.iloc[0])
        joined.append(inside.iloc[1])
    assert np.mean(alike) < 0.3
    assert np.mean(joined) >= 0.925


def test_false_alarms_of_the_exclusion_test_stay_below_their_rate():
    """Nothing differs, accounts are the cluster, one in 25 is excluded, three outcomes."""
    rng, alarms = np.random.default_rng(SEED), []
    for _ in range(FEWER):
        account = np.repeat(np.arange(400), 2)
        outcomes = pd.DataFrame(
            {
                "retained": (rng.random(400) < 0.92)[account].astype(float),
                "tickets": rng.poisson(rng.gamma(1, 0.7, 400))[account].astype(float),
                "revenue": rng.lognormal(0, 1, 400)[account],
            }
        )
        out = rng.random(800) < 0.04
        table = nonresponse.contrast(outcomes, out, design=SurveyDesign(clusters=account))
        alarms.append((table["p_holm"] <= 0.05).any())
    assert np.mean(alarms) <= 0.075


def test_a_plain_comparison_of_a_small_group_would_cry_wolf():
    """Why the error is not taken from the small group alone: ten who all stayed."""
    rng, plain, ours = np.random.default_rng(SEED), [], []
    for _ in range(FEWER):
        kept = pd.DataFrame({"retained": (rng.random(400) < 0.92).astype(float)})
        out = np.arange(400) < 10
        found = survey.difference(kept["retained"][~out], kept["retained"][out])
        plain.append(not found.low <= 0 <= found.high)
        ours.append(nonresponse.contrast(kept, out)["p"].iloc[0] <= 0.05)
    assert np.mean(plain) > 0.3
    assert np.mean(ours) <= 0.075

"""What a chosen plan truly brings lies inside its stated interval, in worlds with planted effects.

Everything is estimated in each world as the chapters do: effects of drivers and their draws, the
link to staying corrected for noise and its refits, the plan, its interval. True are the planted
effects, the planted link, and changes and adoption that come as often inside the stated ranges
as their basis is trusted for.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from helpers.methods import actions, drivers, linkage
from helpers.methods.survey import SurveyDesign
from tests.worlds import ACCOUNTS, DRIVERS, rated

pytestmark = pytest.mark.validity

WORLDS, EFFECTS = 200, np.array([1.5, 1.5, 1.0, 1.0, 0.5, 0.5, 0.0, 0.0])
SLOPE, MONEY, POINTS, NOISE = 0.15, 1000.0, 1.0, 4.0
SIZE = 12


def people(rng):
    """Ratings and a score, of accounts whose own scores are the means of theirs."""
    ratings, outcome, codes = rated(rng, EFFECTS)
    own = outcome.groupby(codes).mean().to_numpy()
    return ratings, outcome + rng.normal(0, NOISE, len(outcome)), codes, own


def past(rng, codes, outcome, true):
    """The panel of account scores and who stayed, several waves of the same strength."""
    seen = outcome.groupby(codes).mean().to_numpy()
    respondents = np.bincount(codes, minlength=ACCOUNTS)
    reliability = np.clip(1 - NOISE**2 / respondents / seen.var(), 0.05, 0.99)
    chance = expit(2.0 + SLOPE * (true - true.mean()))
    return pd.DataFrame(
        {"account_id": np.arange(ACCOUNTS), "score": seen, "reliability": reliability,
         "retained": (rng.random(ACCOUNTS) < chance).astype(float)}
    )  # fmt: skip


def listed(rng):
    middle = rng.uniform(0.2, 0.8, SIZE)
    basis = rng.choice(actions.BASES, SIZE)
    rows = pd.DataFrame(
        {"action_id": [f"A{i}" for i in range(SIZE)], "name": [f"A{i}" for i in range(SIZE)],
         "function": "Sales", "cost_once": rng.uniform(50, 1500, SIZE), "cost_year": 0.0,
         "months": 0.0, "adoption_low": 0.5, "adoption_mid": 0.7, "adoption_high": 0.9}
    )  # fmt: skip
    effects = pd.DataFrame(
        {"action_id": rows["action_id"], "driver": rng.choice(DRIVERS, SIZE),
         "change_low": 0.6 * middle, "change_mid": middle, "change_high": 1.4 * middle,
         "basis": basis}
    )  # fmt: skip
    return rows, effects


def one_world(seed: int) -> tuple[bool, float]:
    """Whether the true gain of the chosen plan lies in its interval; and the plan's chance."""
    rng = np.random.default_rng([seed, 13])
    ratings, outcome, codes, true = people(rng)
    panel = past(rng, codes, outcome, true)
    importance = drivers.relative_importance(ratings, outcome, by_account(codes), replicates=0)
    link = linkage.link(panel, "retained", reliability="reliability")
    kept = linkage.money_kept(
        link, panel.assign(revenue=MONEY), panel=panel, parts=None, smallest=10, points=POINTS,
        lag_months=6, most=1e9, replicates=200, rng=rng,
    )  # fmt: skip
    rows, effects = listed(rng)
    everyone = pd.DataFrame({0: True}, index=list(rows["action_id"]))
    money = pd.Series(MONEY, range(ACCOUNTS))
    firms = actions.Reach(money, 0 * money.astype(int), everyone)
    drawn = drivers.likely_effects(importance).rename_axis("draw").reset_index()
    likely = drawn.melt("draw", var_name="driver", value_name="effect").assign(outcome="x")
    known = pd.DataFrame({"driver": DRIVERS, "headroom": 30.0, "clear": True, "may_lead": True})
    found = actions.evidence(
        likely, known, kept.assign(outcome="x", of="revenue", years=2.0), accounts=firms,
        people=firms, rng=rng,
    )  # fmt: skip
    made = actions.consider(
        found, rows, effects, as_of=pd.Timestamp("2026-06-30"), budget=3000.0, quarters=1,
        futures=1, points=2, rng=rng,
    )  # fmt: skip
    return inside(rng, made, true)


def by_account(codes):
    return SurveyDesign(clusters=pd.Series(codes)).of(pd.RangeIndex(len(codes)))


def inside(rng, made, true):
    worth = made.decision.worth
    drawn = int(rng.integers(worth.draws))  # changes and adoption come as they are drawn
    lift = np.zeros(1)
    for effect, action in enumerate(worth.gains.action):
        if action in made.decision.plan.starts:
            driver = made.drivers[worth.gains.driver[effect]]
            lift += worth.gains.change[effect, drawn] * EFFECTS[DRIVERS.index(driver)]
    now = 1 - expit(2.0 + SLOPE * (true - true.mean()))
    then = 1 - expit(2.0 + SLOPE * (true + lift - true.mean()))
    value = [
        linkage.present_value(1 - p, months=6, horizon_years=2, discount_rate=0.08)
        for p in (then, now)
    ]
    gain = MONEY * float((value[0] - value[1]).sum()) - made.decision.plan.spend
    low, high = made.decision.range(made.decision.plan.net)
    return low <= gain <= high, made.decision.chance


def test_the_true_gain_of_the_chosen_plan_lies_in_its_interval():
    held = [one_world(seed)[0] for seed in range(WORLDS)]
    assert 0.90 <= np.mean(held) <= 0.97, np.mean(held)

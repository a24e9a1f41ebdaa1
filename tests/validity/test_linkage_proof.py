"""What the chapter says of outcomes, delays and thresholds, over many worlds with known truths."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from helpers.methods import linkage, loyalty
from helpers.simulate import sales
from helpers.simulate.frame import Frame
from helpers.simulate.settings import AS_OF, WAVES, settings, wave_date
from tests.worlds import sent

pytestmark = pytest.mark.validity

WORLDS = 400
LOW, HIGH = 0.93, 0.97
DAY = pd.Timestamp("2022-01-15")
ADJUST = ["tenure_months", "log_revenue", "growth_before"]


def followed(seed: int, *, hazard: float, accounts: int = 400, waves: int = 4) -> pd.DataFrame:
    """Accounts over half-year waves: lasting and passing loyalty; who leaves is not asked again.

    Leaving has a complementary log-log chance; tenure confounds and is adjusted for.
    """
    rng = np.random.default_rng(seed)
    tenure, lasting = rng.standard_normal((2, accounts))
    here, rows = np.ones(accounts, bool), []
    ended = np.full(accounts, np.datetime64("NaT", "D"))
    for wave in range(waves):
        day = DAY + pd.DateOffset(months=6 * wave)
        felt = 0.4 * tenure + 0.7 * lasting + 0.6 * rng.standard_normal(accounts)
        asked = here & (rng.random(accounts) < 0.8)
        rows.append(pd.DataFrame({
            "account_id": np.flatnonzero(asked), "wave": f"W{wave}", "t0": day,
            "score": 60 + 15 * felt[asked], "tenure_months": 60 + 20 * tenure[asked],
        }))  # fmt: skip
        rate = np.exp(-2.6 - 0.1 * wave + hazard * felt - 0.3 * tenure)
        goes = here & (rng.random(accounts) < -np.expm1(-rate))
        gone = day + pd.to_timedelta(rng.integers(20, 170, accounts), unit="D")
        ended[goes] = gone.to_numpy().astype("datetime64[D]")[goes]
        here &= ~goes
    frame = pd.concat(rows, ignore_index=True)
    frame.attrs["ended"] = pd.Series(ended, index=np.arange(accounts)).astype("datetime64[ns]")
    return frame


def test_the_hazard_holds_its_truth():
    """Four waves of 400 accounts, the planted log hazard for 15 points is -0.5."""
    held = []
    for seed in range(WORLDS):
        frame = followed(seed, hazard=-0.5)
        found = linkage.leaving_ratio(
            frame, frame.attrs["ended"], as_of=DAY + pd.DateOffset(months=24),
            adjust=["tenure_months"], per=15,
        )  # fmt: skip
        held.append(found.low < np.expm1(-0.5) < found.high)
    assert LOW <= np.mean(held) <= HIGH, np.mean(held)


def compared(seed: int, accounts: int = 250, waves: int = 4) -> pd.DataFrame:
    """Spend that follows the score, and lasting traits that raise the score and lower spend."""
    rng = np.random.default_rng(seed)
    trait = np.repeat(rng.standard_normal(accounts), waves)
    wave = np.tile(np.arange(waves), accounts)
    felt = trait + rng.standard_normal(len(wave))
    luck = rng.standard_normal(len(wave)) * (1 + 0.5 * np.abs(felt))
    frame = pd.DataFrame({
        "account_id": np.repeat(np.arange(accounts), waves), "wave": [f"W{w}" for w in wave],
        "score": 60 + 15 * felt,
        "growth_after": 0.03 * felt - 0.05 * trait + 0.02 * wave + 0.1 * luck,
    })  # fmt: skip
    return frame[rng.random(len(frame)) < 0.7]


def test_accounts_compared_with_themselves_hold_the_truth_and_a_plain_link_does_not():
    held, plain = [], []
    for seed in range(WORLDS):
        frame = compared(seed)
        found = linkage.within_accounts(frame, "growth_after", per=15)
        held.append(found.low < 0.03 < found.high)
        if seed < 50:
            loose = linkage.link(frame, "growth_after", per=15)
            plain.append(loose.low < 0.03 < loose.high)
    assert LOW <= np.mean(held) <= HIGH, np.mean(held)
    assert np.mean(plain) < 0.5


def spending(seed: int, month: int, step: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Revenue over two years; loyalty of two waves shows in it from a month on, for good."""
    rng = np.random.default_rng(seed)
    accounts, months = 250, 24
    felt = rng.standard_normal(accounts)
    level = rng.normal(10, 1.2, accounts)[:, None] + rng.normal(0, 0.16, (accounts, months))
    level += np.cumsum(rng.normal(0, 0.02, (accounts, months)), axis=1)
    level[:, 11 + month :] += step * felt[:, None]
    periods = pd.date_range("2023-01-01", periods=months, freq="MS")
    financials = pd.DataFrame({
        "account_id": np.repeat(np.arange(accounts), months), "period": np.tile(periods, accounts),
        "revenue": np.exp(level).ravel(),
    })  # fmt: skip
    panel = pd.DataFrame({
        "account_id": np.arange(accounts), "wave": "W1", "t0": pd.Timestamp("2023-12-15"),
        "score": 60 + 15 * felt,
    })  # fmt: skip
    return panel, financials[financials["period"] != pd.Timestamp("2023-12-01")]


def test_a_planted_delay_is_found_within_a_month():
    near = []
    for seed in range(200):
        month = 2 + seed % 9
        panel, financials = spending(seed, month, 0.05)
        found = linkage.delay(panel, financials, per=15)
        near.append(found.verdict == "higher" and abs(found.month - month) <= 1)
    assert np.mean(near) >= 0.8, np.mean(near)


def test_where_spend_never_responds_no_month_is_named():
    named = [
        linkage.delay(*spending(seed, 3, 0.0), per=15).verdict != "not clear" for seed in range(250)
    ]
    assert np.mean(named) <= 0.07, np.mean(named)


def answered(seed: int, bend: float) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    account = np.repeat(np.arange(300), 2)
    felt = np.repeat(rng.standard_normal(300), 2) * 0.8 + 0.6 * rng.standard_normal(600)
    line = 1.4 + 0.7 * np.minimum(felt, bend)
    return pd.DataFrame({
        "account_id": account, "score": 60 + 15 * felt,
        "growth_after": 0.03 * np.minimum(felt, bend) + 0.06 * rng.standard_normal(600),
        "retained": (rng.random(600) < expit(line)).astype(float),
    })  # fmt: skip


def test_a_straight_line_has_no_threshold_and_a_planted_one_is_found():
    rng = np.random.default_rng(8)
    straight = [
        linkage.response(answered(s, np.inf), "growth_after", replicates=2, rng=rng).verdict
        for s in range(WORLDS)
    ]
    assert np.mean([v != "no threshold" for v in straight]) <= 0.07
    bent = [
        linkage.response(answered(s, 0.3), "growth_after", replicates=2, rng=rng)
        for s in range(100)
    ]
    assert np.mean([found.verdict == "levels off" for found in bent]) >= 0.8
    assert np.mean([abs(found.threshold - 64.5) < 9 for found in bent]) >= 0.8


def nothing_pays(seed: int) -> pd.DataFrame:
    """The generator's world without effects: accounts, waves, who left, what was spent."""
    came = sent("null", seed)
    told = came.told
    scores = loyalty.account_scores(came.answers, told["account_id"], by=told["wave"])
    return linkage.panel(
        scores.table, accounts=came.accounts, financials=came.financials, as_of=AS_OF,
        holdings=holdings(came.who),
        wave_dates={wave: wave_date(wave) for wave in WAVES},
    )  # fmt: skip


def holdings(who: Frame) -> pd.DataFrame:
    owned = sales.holdings(settings("null", 1), who)
    return owned.assign(since=pd.to_datetime(owned["since"]))


def test_where_loyalty_pays_nothing_hardly_a_page_says_that_it_does():
    """The headline is the link's own verdict; the three claims are corrected for one another."""
    headlines, claims = [], []
    for seed in range(9000, 9080):
        panel = nothing_pays(seed)
        link = linkage.link(panel, "retained", adjust=ADJUST)
        headlines.append(link.verdict == "higher")
        found = linkage.outcomes(panel, link, adjust=ADJUST, as_of=AS_OF).table
        claims.append((found["family"].eq("claim") & found["verdict"].eq("better")).any())
    assert np.mean(headlines) <= 0.05, np.mean(headlines)
    assert np.mean(claims) <= 0.05, np.mean(claims)

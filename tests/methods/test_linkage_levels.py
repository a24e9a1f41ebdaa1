"""Waves that differ in how many leave, what today's loss hangs on, and what better scores keep."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.special import expit
from scipy.stats import binom

from helpers.errors import NotEstimable
from helpers.methods import linkage
from helpers.methods.linkage.levels import GRID, spreads_of_levels


def waves(rng, *, shifts=(0.0, 0.0, 0.0), count=400, slope=0.8, columns=None):
    """As many accounts in each wave, leaving about one in twelve, each wave moved in log odds."""
    felt = rng.standard_normal(count * len(shifts))
    wave = np.repeat(np.arange(len(shifts)), count)
    line = 2.5 + slope * felt - np.array(shifts)[wave]
    return pd.DataFrame(
        {"account_id": range(len(felt)), "wave": [f"W{n}" for n in wave],
         "t0": pd.Timestamp("2024-01-15") + pd.to_timedelta(wave * 182, unit="D"),
         "score": 60 + 15 * felt, "retained": (rng.random(len(felt)) < expit(line)).astype(float),
         "revenue_before": 1.0}
    ).assign(**columns or {})  # fmt: skip


def levels(past, rng, now=None):
    now = past.tail(200).assign(revenue=1.0) if now is None else now
    return linkage.loss_levels(linkage.link(past, "retained"), now, panel=past, rng=rng)


def test_waves_that_differ_are_told_from_waves_alike(rng):
    assert levels(waves(rng, shifts=(1.0, 0.0, 0.0)), rng).verdict == "differ"
    assert levels(waves(rng), rng).verdict == "alike"


def test_the_loss_at_a_level_is_what_that_wave_would_have_lost_of_itself(rng):
    """Today's accounts are those of the last wave, each of one unit of money: as many as left."""
    past = waves(rng, shifts=(1.0, 0.0, -0.5))
    last = past[past["wave"] == "W2"]
    found = levels(past, rng, last.assign(revenue=1.0))
    assert found.last == pytest.approx((1 - last["retained"]).sum())
    assert found.last == found.least < found.table["loss"][1] < found.most
    assert found.table["left"].sum() == pytest.approx(found.table["expected"].sum())
    assert found.base == len(last)


def test_waves_are_put_in_the_order_of_their_days(rng):
    past = waves(rng, shifts=(1.0, 0.0, 0.0))
    renamed = past.assign(wave=past["wave"].map({"W0": "spring", "W1": "autumn", "W2": "again"}))
    assert levels(renamed, rng).table["wave"].tolist() == ["spring", "autumn", "again"]


def test_a_wave_after_which_nobody_left_has_a_level(rng):
    past = waves(rng, shifts=(0.5, 0.0))
    past.loc[past["wave"] == "W1", "retained"] = 1.0
    found = levels(past, rng)
    assert 0 < found.least < 1
    assert np.isfinite(found.table[["shift", "error", "loss"]]).all(axis=None)


def test_large_accounts_that_leave_after_one_wave_are_seen_by_their_revenue(rng):
    past = waves(rng, slope=0.0)
    stayed = past.index[(past["wave"] == "W0") & (past["retained"] == 1)][:6]
    spared = past.index[(past["wave"] == "W0") & (past["retained"] == 0)][:6]
    past.loc[stayed, ["retained", "revenue_before"]] = (0.0, 60.0)
    past.loc[spared, "retained"] = 1.0
    found = levels(past, rng)
    assert found.p_revenue < 0.02 < found.p_accounts
    assert found.p == pytest.approx(2 * found.p_revenue)


def test_one_wave_and_shares_cannot_be_compared(rng):
    with pytest.raises(NotEstimable, match="one wave alone"):
        levels(waves(rng, shifts=(0.0,)), rng)
    past = waves(rng)
    past["retained"] = expit(past["score"] / 15)
    with pytest.raises(NotEstimable, match="0 and 1"):
        levels(past, rng)


def test_spreads_of_waves_far_apart_are_larger_and_prior_alone_is_half_normal():
    sure = np.full(4, 0.1)
    near = GRID @ spreads_of_levels(np.zeros(4), sure)
    far = GRID @ spreads_of_levels(np.array([-0.8, -0.2, 0.2, 0.8]), sure)
    assert near < 0.15 < 0.5 < far
    unknown = spreads_of_levels(np.zeros(3), np.full(3, 1e3))
    assert GRID @ unknown == pytest.approx(0.5 * np.sqrt(2 / np.pi), rel=0.03)


def test_what_is_at_risk_ranges_further_where_waves_differ(rng):
    past = waves(rng, shifts=(1.0, 0.0, 0.0))
    now = past.tail(200).assign(revenue=1.0)
    made = linkage.link(past, "retained")
    steady, moved = (
        linkage.revenue_at_risk(
            made, now, panel=past, levels=found, replicates=400, rng=np.random.default_rng(1)
        )
        for found in (None, levels(past, rng, now))
    )
    assert moved.gross == steady.gross
    assert moved.gross_low < steady.gross_low and moved.gross_high > 1.2 * steady.gross_high
    assert moved.excess_high > steady.excess_high


def test_the_loss_itself_ranges_as_luck_does(rng):
    """Twenty accounts of one unit, each leaving with the chance of a sixteenth, whatever it scores.

    A step back for where draws lean, as for the expectation, gave 0 to 2.
    """
    past = pd.DataFrame({"account_id": range(8000), "score": rng.normal(60, 15, 8000)})
    past["retained"] = np.tile([1.0] * 15 + [0.0], 500)
    made = linkage.link(past, "retained")
    now = past.head(20).assign(revenue=1.0)
    risk = linkage.revenue_at_risk(made, now, panel=past, replicates=2000, rng=rng)
    assert (risk.loss_low, risk.loss_high) == tuple(binom.ppf([0.025, 0.975], 20, 1 / 16))


@pytest.fixture
def known(past):
    """Scores of accounts with few and with many respondents."""
    return past.assign(reliability=np.tile([0.3, 0.9], len(past) // 2))


def test_no_account_has_more_linked_to_its_score_than_it_has_at_risk(known, rng):
    now = known[known["wave"] == "W2"].assign(revenue=1.0)
    made = linkage.link(known, "retained", reliability="reliability")
    risk = linkage.revenue_at_risk(made, now, panel=known, replicates=0)
    assert (risk.table["excess"] <= risk.table["at_risk"] + 1e-12).all()
    over = risk.table.assign(excess=risk.table["at_risk"] + 0.01)
    with pytest.raises(ValueError, match="more linked to its score than it has at risk"):
        replace(risk, table=over)


def test_a_low_score_of_few_people_says_less_of_an_account(known):
    now = known[known["wave"] == "W2"].head(2).assign(score=20.0, revenue=1.0)
    made = linkage.link(known, "retained", reliability="reliability")
    risk = linkage.revenue_at_risk(made, now, panel=known, replicates=0)
    chance = risk.table.set_index("account_id")["probability"]
    few, many = (chance[name] for name in now["account_id"])
    assert few < many - 0.05


def test_no_loss_is_linked_to_scores_and_nothing_pays_where_the_link_is_not_clear(past, rng):
    now = past[past["wave"] == "W2"].assign(revenue=1.0)
    shuffled = past.assign(retained=rng.permutation(past["retained"]))
    groups = {"all": np.ones(len(now), dtype=bool)}
    for rows, clear in ((past, True), (shuffled, False)):
        made = linkage.link(rows, "retained")
        options = {"panel": rows, "replicates": 50, "rng": rng}
        risk = linkage.revenue_at_risk(made, now, **options)
        worth = linkage.return_on_loyalty(
            made, now, groups=groups, points=10, lag_months=6, **options
        )
        assert (risk.linked, worth.linked, made.verdict == "higher") == (clear,) * 3
    sure = replace(risk, excess_low=1.0)
    assert sure.verdict == "not clear" and sure.p > 0.05
    linked = replace(sure, p_link=0.01)
    assert linked.verdict == "clear" and linked.p < 0.05
    paying = replace(worth, table=worth.table.assign(gain=2.0, low=1.0, high=3.0))
    assert paying.verdict("all") == "not clear" and paying.p("all") == worth.p_link
    paying = replace(paying, p_link=0.01)
    assert paying.verdict("all") == "pays" and paying.p("all") == 0.01


def sized(rng, count=4000):
    """Large accounts hardly leave: their money has less to gain."""
    size, score = rng.standard_normal(count), rng.normal(60, 15, count)
    line = 1.5 + (score - 60) / 15 + 1.5 * size
    return pd.DataFrame(
        {"account_id": range(count), "score": score, "size": size, "revenue": np.exp(1.5 * size),
         "retained": (rng.random(count) < expit(line)).astype(float)}
    )  # fmt: skip


def test_revenue_kept_weighs_each_account_by_its_own_revenue(rng):
    past = sized(rng)
    made = linkage.link(past, "retained", adjust=["size"])
    kept = linkage.revenue_kept(made, past, panel=past, points=1, replicates=60, rng=rng)
    raised = made.predict(past.assign(score=(past["score"] + 1).clip(upper=100)))
    more = (raised - made.predict(past)).where(past["score"] < 100, 0.0)
    assert_allclose(kept.share, (more * past["revenue"]).sum() / past["revenue"].sum(), rtol=1e-9)
    assert kept.low < kept.share < kept.high
    assert 10 * kept.share < 0.6 * made.effect  # the average account gains far more
    assert (kept.table["kept"] <= kept.table["revenue"] * (1 - kept.table["staying"])).all()


def test_revenue_kept_refuses_what_is_no_rise_and_sums_that_do_not_add_up(past, rng):
    now = past[past["wave"] == "W2"].assign(revenue=1.0)
    made = linkage.link(past, "retained")
    with pytest.raises(ValueError, match="points are above 0"):
        linkage.revenue_kept(made, now, panel=past, points=0, rng=rng)
    kept = linkage.revenue_kept(made, now, panel=past, points=1, replicates=0, rng=rng)
    with pytest.raises(ValueError, match="not the share of their revenue"):
        replace(kept, share=2 * kept.share)
    with pytest.raises(ValueError, match="keeps more than it would lose"):
        replace(kept, table=kept.table.assign(staying=1.0))


def test_growth_of_spend_is_told_observed_and_without_the_noise_of_scores(rng):
    """0.4 % a point of true loyalty is planted; half of the variance of scores is noise."""
    true = rng.normal(70, 10, 1200)
    rows = pd.DataFrame({"account_id": range(1200), "score": true + rng.normal(0, 10, 1200)})
    rows["growth_after"] = 0.004 * (true - 70) + rng.normal(0, 0.03, 1200)
    found = linkage.spending(rows, per=10.0, reliability=0.5)
    assert found.effect == pytest.approx(0.02, abs=0.004)
    assert found.corrected.low < 0.04 < found.corrected.high
    with pytest.raises(NotEstimable, match="not known of any account"):
        linkage.spending(rows.drop(columns="growth_after"))
    told = rows.assign(size=true + rng.normal(0, 0.5, 1200))
    with pytest.raises(NotEstimable, match="explain all that is true in the score"):
        linkage.spending(told, adjust=["size"], reliability=0.5)

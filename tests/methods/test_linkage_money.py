"""Outcomes by band and answer, and revenue at risk."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from helpers.methods import linkage


def test_bands_hold_every_row_once_and_rise_with_the_score(past):
    table = linkage.outcome_by_score(past, "retained")
    assert table["base"].sum() == len(past)
    assert ((table["low"] <= table["rate"]) & (table["rate"] <= table["high"])).all()
    assert table["rate"].iloc[-1] > table["rate"].iloc[0]


def test_repeated_accounts_widen_the_interval(past):
    once = linkage.outcome_by_score(past, "retained", bands=(0, 150), clusters=None)
    doubled = pd.concat([past, past])
    clustered = linkage.outcome_by_score(doubled, "retained", bands=(0, 150))
    assert (clustered["high"] - clustered["low"])[0] > (once["high"] - once["low"])[0]


def test_an_empty_band_has_no_rate(past):
    table = linkage.outcome_by_score(past, "retained", bands=(-100, -90, 200))
    assert table["base"].tolist() == [0, 800]
    assert table.loc[0, ["rate", "low", "high"]].isna().all()


def test_a_band_where_everyone_stayed_keeps_an_interval():
    frame = pd.DataFrame({"score": [50.0] * 20, "retained": 1.0, "account_id": range(20)})
    row = linkage.outcome_by_score(frame, "retained").iloc[0]
    assert row["rate"] == 1
    assert 0.8 < row["low"] < 0.9


def test_bands_that_leave_scores_out_are_refused(past):
    with pytest.raises(ValueError, match="scores lie outside the bands 50 to 60: widen"):
        linkage.outcome_by_score(past, "retained", bands=(50, 60))
    with pytest.raises(ValueError, match="the window may not be over yet"):
        linkage.outcome_by_score(past.assign(retained=np.nan), "retained")


def test_intention_is_set_against_the_act_by_answer():
    said = pd.Series([1, 1, 5, 5, 5, 5, np.nan])
    did = pd.Series([0, 1, 1, 1, 1, 0, 1])
    table = linkage.intention_against_act(said, did)
    assert table["base"].tolist() == [2, 4]
    assert table["share_kept"].tolist() == [0.5, 0.75]
    with pytest.raises(ValueError, match="act must be 1"):
        linkage.intention_against_act(said, did + 1)
    with pytest.raises(ValueError, match="20 different values"):
        linkage.intention_against_act(pd.Series(range(20)), pd.Series([0, 1] * 10))


@pytest.fixture
def today(past, rng):
    now = past[past["wave"] == "W2"].drop(columns="retained")
    return now.assign(revenue=np.exp(rng.normal(10, 1, len(now))))


def test_revenue_at_risk_is_revenue_times_the_chance_of_leaving(past, today, rng):
    found = linkage.link(past, "retained", adjust=["tenure_months"])
    risk = linkage.revenue_at_risk(found, today, panel=past, replicates=200, rng=rng)
    by_hand = (today["revenue"] * (1 - found.predict(today))).sum()
    assert_allclose(risk.gross, by_hand, rtol=1e-12)
    assert risk.gross_low < risk.gross < risk.gross_high
    assert risk.excess_low < risk.excess < risk.excess_high < risk.gross_high
    assert risk.loss_high - risk.loss_low > risk.gross_high - risk.gross_low
    assert_allclose(risk.table["at_risk"].head(10).sum() / risk.gross, risk.top10_share)
    assert 0 < risk.share_low < risk.share < risk.share_high < 1


def test_one_account_s_risk_has_an_interval_the_wider_the_less_its_score_is_known(past, today, rng):
    """Two accounts of one score and one revenue; nothing where no refits were asked for."""
    known = today.assign(reliability=0.6, revenue=1000.0)
    known.iloc[:2, known.columns.get_loc("score")] = 60.0
    known.iloc[:2, known.columns.get_loc("reliability")] = [0.95, 0.3]
    panel = past.assign(reliability=0.6)
    found = linkage.link(panel, "retained", reliability="reliability")
    risk = linkage.revenue_at_risk(found, known, panel=panel, replicates=400, rng=rng)
    table = risk.table.set_index("account_id")
    assert (table["low"] < table["at_risk"]).all()
    assert (table["at_risk"] < table["high"]).all()
    assert table["high"].max() <= 1000
    sure, unsure = (table.loc[name, "high"] - table.loc[name, "low"]
                    for name in known["account_id"].head(2))  # fmt: skip
    assert unsure > 1.2 * sure
    alone = linkage.revenue_at_risk(found, known, panel=panel, replicates=0).table
    assert alone[["low", "high"]].isna().all(axis=None)


def test_the_same_seed_gives_the_same_interval(past, today):
    found = linkage.link(past, "retained")
    one, two = (
        linkage.revenue_at_risk(
            found, today, panel=past, replicates=50, rng=np.random.default_rng(3)
        )
        for _ in range(2)
    )
    assert (one.gross_low, one.gross_high) == (two.gross_low, two.gross_high)


def test_refits_that_a_link_keeps_are_those_that_it_would_make_again(past, today):
    """Revenue, half of it and other rows: each as of a link that was asked nothing before."""
    trusted, ask = past.assign(trust=0.6), {"adjust": ["tenure_months"], "reliability": "trust"}
    asked = linkage.link(trusted, "retained", **ask)
    other = trusted.assign(retained=trusted["retained"].to_numpy()[::-1])
    for panel, revenue in ((trusted, 1.0), (trusted, 0.5), (other, 1.0)):
        now = today.assign(trust=0.6, revenue=today["revenue"] * revenue)
        one, two = (
            linkage.revenue_at_risk(
                link, now, panel=panel, replicates=50, rng=np.random.default_rng(3)
            )
            for link in (asked, linkage.link(trusted, "retained", **ask))
        )
        pd.testing.assert_frame_equal(one.table, two.table)
        assert (one.gross_low, one.loss_high) == (two.gross_low, two.loss_high)
    assert len(asked.refits) == 2  # of the two panels


def test_a_share_of_members_leaving_counts_as_a_loss(rng):
    past = pd.DataFrame({"account_id": range(300), "score": rng.uniform(40, 90, 300)})
    past["leaving"] = np.clip(0.4 - 0.004 * past["score"] + rng.normal(0, 0.02, 300), 0, 1)
    found = linkage.link(past, "leaving", clusters=None)
    risk = linkage.revenue_at_risk(
        found, past.assign(revenue=1.0), panel=past, kept=0, replicates=100, rng=rng
    )
    assert_allclose(risk.gross, past["leaving"].sum(), rtol=0.01)


def test_accounts_that_cannot_be_counted_are_said(past, today):
    today.iloc[0, today.columns.get_loc("score")] = np.nan
    today.iloc[1, today.columns.get_loc("tenure_months")] = np.nan
    today.iloc[2, today.columns.get_loc("revenue")] = -5.0
    found = linkage.link(past, "retained", adjust=["tenure_months"])
    risk = linkage.revenue_at_risk(found, today, panel=past, replicates=0)
    assert risk.base == len(today) - 1
    said = " | ".join(risk.notes)
    for part in (
        "left out, without score or revenue: 1",
        "accounts without a known tenure_months, given the average of the past accounts: 1",
        "accounts with negative revenue, taken as nothing at risk: 1",
    ):
        assert part in said
    assert np.isnan(risk.gross_low)


def test_risk_refuses_what_it_cannot_turn_into_money(past, today, rng):
    found = linkage.link(past, "retained", adjust=["region"])
    with pytest.raises(ValueError, match="no column revenue: add it"):
        linkage.revenue_at_risk(found, today.drop(columns="revenue"), panel=past, replicates=0)
    with pytest.raises(ValueError, match="give rng"):
        linkage.revenue_at_risk(found, today, panel=past)
    with pytest.raises(ValueError, match="'East', which the model never saw"):
        found.predict(today.assign(region="East"))
    with pytest.raises(ValueError, match="give the same panel"):
        linkage.revenue_at_risk(found, today, panel=past.head(100), replicates=0)
    money = past.assign(spend=rng.normal(100, 10, len(past)))
    with pytest.raises(ValueError, match="needs an outcome of 0 and 1, or a share"):
        linkage.revenue_at_risk(linkage.link(money, "spend"), today, panel=money, replicates=0)


def test_five_hundred_refits_of_rare_losses_stay_finite(rng):
    past = pd.DataFrame({"account_id": range(120), "score": rng.normal(60, 15, 120)})
    past["region"] = rng.choice(["North", "South"], 120)
    past["retained"] = 1.0
    past.loc[past.query("region == 'South'").index[:6], "retained"] = 0.0
    found = linkage.link(past, "retained", adjust=["region"])
    risk = linkage.revenue_at_risk(found, past.assign(revenue=1.0), panel=past, rng=rng)
    assert 0 < risk.gross_low < risk.gross < risk.gross_high < 30


def test_a_region_the_model_never_saw_takes_the_commonest_one_and_is_said(past, today):
    found = linkage.link(past, "retained", adjust=["region"])
    new = today.assign(region="East")
    risk = linkage.revenue_at_risk(found, new, panel=past, replicates=0)
    common = past["region"].value_counts().index[0]
    by_hand = (new["revenue"] * (1 - found.predict(new.assign(region=common)))).sum()
    assert_allclose(risk.gross, by_hand)
    assert (
        f"accounts without a known region, given '{common}' of the past accounts: 400" in risk.notes
    )


@pytest.mark.parametrize("bad", [np.nan, 0.0, None])
def test_an_account_without_a_known_reliability_takes_the_average_one(past, today, bad):
    past = past.assign(reliability=0.6)
    found = linkage.link(past, "retained", reliability="reliability")
    whole = linkage.revenue_at_risk(found, today.assign(reliability=0.6), panel=past, replicates=0)
    now = today if bad is None else today.assign(reliability=[bad, *[0.6] * (len(today) - 1)])
    risk = linkage.revenue_at_risk(found, now, panel=past, replicates=0)
    assert_allclose(risk.excess, whole.excess)

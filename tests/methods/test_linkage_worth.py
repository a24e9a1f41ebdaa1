"""Margin, the rule of thumb from answers, values by horizon, and shares of wallet."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotEstimable
from helpers.methods import accounts, linkage


@pytest.fixture
def today(past, rng):
    return past.drop_duplicates("account_id").assign(revenue=rng.uniform(1e4, 1e6, 400))


def test_margin_is_summed_over_the_months_that_revenue_is(rng):
    months = pd.date_range("2025-01-01", "2026-06-01", freq="MS")
    sent = pd.DataFrame({"account_id": "a", "period": months, "revenue": 100.0, "margin": 30.0})
    found = accounts.recent_margin(sent, until=pd.Timestamp("2026-06-30"))
    assert found is not None
    assert found["a"] == pytest.approx(360)


@pytest.mark.parametrize("sent", [None, pd.DataFrame({"account_id": ["a"], "revenue": [1.0]})])
def test_no_margin_is_none_and_not_nothing(sent):
    assert accounts.recent_margin(sent, until=pd.Timestamp("2026-06-30")) is None


def test_margin_at_risk_is_a_share_of_revenue_at_risk(past, today):
    made = linkage.link(past, "retained", adjust=["tenure_months"])
    options = {"panel": past, "replicates": 50}
    whole = linkage.revenue_at_risk(made, today, rng=np.random.default_rng(1), **options)
    margin = today.set_index("account_id")["revenue"] / 4
    part = linkage.margin_at_risk(made, today, margin, rng=np.random.default_rng(1), **options)
    assert part.gross == pytest.approx(whole.gross / 4)
    assert part.excess_high == pytest.approx(whole.excess_high / 4)
    with pytest.raises(NotEstimable, match="no margin"):
        linkage.margin_at_risk(made, today, None, **options)


def test_an_account_that_costs_more_than_it_brings_has_no_margin_to_keep():
    now = pd.DataFrame({"account_id": list("abc"), "revenue": [100.0, 100.0, 0.0]})
    of, share = linkage.margin_share(now, pd.Series({"a": -50.0, "b": 50.0, "c": 1.0}))
    assert of == "margin"
    assert np.asarray(share).tolist() == [0.0, 0.5, 0.0]


def test_horizons_share_their_draws_and_more_years_are_worth_more(past, today):
    made = linkage.link(past, "retained", adjust=["tenure_months"])
    found = linkage.returns_over(
        made, today, [3, 1, 2], seed=1, panel=past, points=10, lag_months=6, replicates=40,
        groups={"every account": np.ones(len(today), dtype=bool)},
    )  # fmt: skip
    assert list(found) == [1, 2, 3]
    gains = [one.table["gain"][0] for one in found.values()]
    assert gains == sorted(gains)
    again = linkage.returns_over(
        made, today, [2], seed=1, panel=past, points=10, lag_months=6, replicates=40,
        groups={"every account": np.ones(len(today), dtype=bool)},
    )  # fmt: skip
    pd.testing.assert_frame_equal(found[2].table, again[2].table)


def test_the_rule_takes_the_average_revenue_whoever_the_detractors_are():
    past = pd.DataFrame(
        {"account_id": ["big", "small"], "wave": "W", "detractors": [0.0, 1.0],
         "revenue": [900.0, 100.0], "retained": [1.0, 0.0]}
    )  # fmt: skip
    made = linkage.rule_of_thumb(past, past, lag_months=12, rng=np.random.default_rng(1))
    assert made.now == 250  # one detractor, half of an average of 500
    assert (made.said, made.lost, made.ratio) == pytest.approx((250, 100, 2.5))


def test_each_wave_has_an_average_of_its_own():
    past = pd.DataFrame(
        {"account_id": ["a", "b", "a", "b"], "wave": ["W1", "W1", "W2", "W2"],
         "detractors": [1.0, 1.0, 1.0, 0.0], "revenue": [10.0, 10.0, 1000.0, 3000.0],
         "retained": [1.0, 1.0, 1.0, 0.0]}
    )  # fmt: skip
    made = linkage.rule_of_thumb(past, past, lag_months=12, rng=np.random.default_rng(1))
    assert made.said == pytest.approx(0.5 * (2 * 10 + 1 * 2000))


def answers(**columns):
    return pd.DataFrame(
        {"wave": "W1", "account_id": [f"A{i}" for i in range(20)], "recommend": 5, **columns}
    )


def test_the_rule_is_made_of_answers_and_revenue_before_the_wave():
    panel = answers(revenue_before=100.0, retained=[0.0] * 2 + [1.0] * 18)
    now = answers(revenue=300.0)
    made = linkage.rule_of_answers(
        panel, now, answers(), ["recommend"], lag_months=12, rng=np.random.default_rng(1)
    )
    assert (made.said, made.lost, made.now) == pytest.approx((1000, 200, 3000))
    assert made.verdict == "too much"


@pytest.mark.parametrize(
    ("recommend", "panel", "said"),
    [
        ([], {"revenue_before": 1.0, "retained": 0.0}, "nobody was asked"),
        (["recommend"], {"retained": 0.0}, "revenue before the waves is not known"),
        (["recommend"], {"revenue_before": 1.0, "retained": 1.0}, "no revenue was lost"),
    ],
)
def test_the_rule_says_what_it_lacks(recommend, panel, said):
    with pytest.raises(NotEstimable, match=said):
        linkage.rule_of_answers(
            answers(**panel), answers(revenue=1.0), answers(), recommend, lag_months=6,
            rng=np.random.default_rng(1),
        )  # fmt: skip


@pytest.mark.parametrize("given", [2.5, 11.0, -1.0])
def test_detractors_are_not_counted_on_another_scale(given):
    rows = answers(recommend=given)
    with pytest.raises(NotEstimable, match="detractors cannot be counted"):
        linkage.detractors(rows["recommend"], rows["account_id"], rows["wave"])


def wallets(count=40, **columns):
    return pd.DataFrame({"supplier_rank": [1, 2] * (count // 2), "suppliers": 2, **columns})


def test_shares_by_rank_stand_beside_declared_ones():
    made = linkage.wallet(wallets(revenue=[60.0, 20.0] * 20, total_spend=100.0))
    assert made.implied.value == pytest.approx(0.5)  # 2/3 and 1/3
    assert made.declared.value == pytest.approx(0.4)
    assert made.difference.value == pytest.approx(0.1)
    assert made.verdict == "for use"


def test_an_account_can_spend_no_more_than_all_of_it_with_us():
    made = linkage.wallet(wallets(revenue=900.0, total_spend=100.0))
    assert made.declared.value == 1


@pytest.mark.parametrize("spend", [0.0, None, -5.0])
def test_without_a_declared_spend_the_share_by_rank_stands_alone(spend):
    made = linkage.wallet(wallets(revenue=10.0, total_spend=spend))
    assert made.declared is made.difference is None


def test_where_most_use_one_supplier_ranks_say_little():
    asked = wallets(supplier_rank=1, suppliers=[1] * 30 + [2] * 10)
    made = linkage.wallet(asked)
    assert (made.several, made.suppliers, made.verdict) == (0.25, 1.25, "few suppliers")
    assert linkage.wallet(wallets(supplier_rank=1, suppliers=[1] * 24 + [2] * 16)).verdict == (
        "for use"
    )


@pytest.mark.parametrize("sent", [pd.DataFrame({"revenue": [1.0]}), wallets(8)])
def test_shares_of_wallet_need_ranks_of_ten_accounts(sent):
    with pytest.raises(NotEstimable):
        linkage.wallet(sent)


@pytest.mark.parametrize("revenue", [-5.0, 0.0])
def test_where_no_account_brings_revenue_nothing_is_at_risk(past, today, revenue):
    made = linkage.link(past, "retained", adjust=["tenure_months"])
    with pytest.raises(NotEstimable, match="brings revenue"):
        linkage.revenue_at_risk(made, today.assign(revenue=revenue), panel=past, replicates=0)


def test_where_all_stayed_there_is_nothing_to_explain(past):
    with pytest.raises(NotEstimable, match="there is nothing to explain"):
        linkage.link(past.assign(retained=1.0), "retained")


@pytest.mark.parametrize(("months", "told"), [(12, 0), (18, 0), (11, 1), (1, 1)])
def test_money_of_fewer_months_than_a_year_is_said_to_be(months, told):
    period = pd.date_range(end="2026-06-01", periods=months, freq="MS")
    sent = pd.DataFrame({"account_id": "a", "period": period, "revenue": 1.0})
    lines = accounts.short_of_a_year(sent, until=pd.Timestamp("2026-06-30"))
    assert len(lines) == told
    assert not told or f"hold {months} of the last 12 months" in lines[0]

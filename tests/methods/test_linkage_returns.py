"""What better scores would be worth, how past forecasts did, and the rule of thumb."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotEstimable
from helpers.methods import linkage


@pytest.fixture
def today(past, rng):
    return past.drop_duplicates("account_id").assign(revenue=rng.uniform(1e4, 1e6, 400))


def valued(past, today, rng, **other):
    settings = {
        "groups": {"all": np.ones(len(today), dtype=bool)},
        "points": 10, "lag_months": 6, "replicates": 100, "rng": rng,
    } | other  # fmt: skip
    made = linkage.link(past, "retained", adjust=["tenure_months"])
    return linkage.return_on_loyalty(made, today, panel=past, **settings)


def test_present_value_of_a_customer_who_stays_is_an_annuity():
    sure = linkage.present_value(np.ones(1), months=6, horizon_years=3, discount_rate=0.08)
    rate = 1.08**-0.5
    assert sure[0] == pytest.approx(0.5 * rate * (1 - rate**6) / (1 - rate))
    none = linkage.present_value(np.zeros(1), months=6, horizon_years=3, discount_rate=0.08)
    assert none[0] == 0


def test_a_horizon_that_ends_within_a_stretch_counts_a_part_of_it():
    half = linkage.present_value(np.full(1, 0.9), months=12, horizon_years=1.5, discount_rate=0)
    assert half[0] == pytest.approx(0.9 + 0.5 * 0.81)


def test_groups_add_up_and_a_cost_comes_off_each_account(past, today, rng):
    first = np.arange(len(today)) < 100
    groups = {"all": np.ones(len(today), dtype=bool), "first": first, "rest": ~first}
    free = valued(past, today, np.random.default_rng(1), groups=groups).table.set_index("group")
    assert free.loc["all", "gain"] == pytest.approx(free["gain"][["first", "rest"]].sum())
    paid = valued(past, today, np.random.default_rng(1), groups=groups, cost_an_account=50.0)
    less = free["gain"] - paid.table.set_index("group")["gain"]
    assert less.to_dict() == pytest.approx({"all": 20_000, "first": 5_000, "rest": 15_000})


def test_a_share_of_margin_is_that_share_of_revenue(past, today):
    whole = valued(past, today, np.random.default_rng(1)).table["gain"][0]
    part = valued(past, today, np.random.default_rng(1), margin=0.25).table["gain"][0]
    assert part == pytest.approx(whole / 4)


def test_nobody_is_raised_beyond_the_scale(past, today):
    top = today.assign(score=100.0)
    table = valued(past, top, np.random.default_rng(1), points=30).table
    assert table["gain"][0] == 0


def test_a_link_that_is_not_there_pays_nothing_for_sure(past, today):
    verdicts = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        chance = past.assign(retained=rng.integers(0, 2, len(past)).astype(float))
        verdicts.append(valued(chance, today, rng).verdict("all"))
    assert verdicts.count("not clear") >= 10  # a chance below 0.02 at a level of 0.95


def test_a_programme_that_costs_more_than_it_keeps_loses(past, today, rng):
    assert valued(past, today, rng, cost_an_account=1e6).verdict("all") == "loses"
    assert valued(past, today, rng).verdict("all") == "pays"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"horizon_years": 0}, "above 0"),
        ({"discount_rate": 8}, "such as 0.08"),
        ({"points": 0}, "above 0"),
        ({"cost_an_account": -1}, "0 or more"),
    ],
)
def test_what_cannot_be_is_refused(past, today, rng, wrong, said):
    with pytest.raises(ValueError, match=said):
        valued(past, today, rng, **wrong)


def waves(rng, *, slope=0.08, later=1.0, size=300):
    """Two waves a year apart; chances of leaving by score, times ``later`` in the second."""
    rows = []
    for wave, date, times in (("W1", "2024-05-15", 1.0), ("W2", "2025-05-15", later)):
        score = rng.normal(60, 15, size)
        chance = times / (1 + np.exp(slope * (score - 30)))
        rows.append(
            pd.DataFrame(
                {
                    "wave": wave,
                    "account_id": [f"A{i}" for i in range(size)],
                    "t0": pd.Timestamp(date),
                    "score": score,
                    "retained": (rng.random(size) > chance).astype(float),
                    "revenue_before": 1000.0,
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def test_the_area_under_the_curve_counts_pairs_in_the_right_order(rng):
    forecast, happened = rng.random(80).round(1), rng.integers(0, 2, 80)
    yes, no = forecast[happened == 1], forecast[happened == 0]
    pairs = (yes[:, None] > no).mean() + 0.5 * (yes[:, None] == no).mean()
    area, low, high = linkage.area_under_curve(forecast, happened)
    assert area == pytest.approx(pairs)
    assert low < area < high
    with pytest.raises(NotEstimable, match="the same"):
        linkage.area_under_curve(forecast, np.ones(80))


def test_the_area_keeps_an_interval_where_all_were_told_apart():
    area, low, high = linkage.area_under_curve(np.arange(10.0), np.arange(10) > 5)
    assert area == high == 1
    assert 0.3 < low < 0.6


def test_a_forecast_that_holds_tells_apart_and_has_the_right_level(rng):
    made = linkage.backtest(waves(rng), lag_months=6)
    assert (made.wave, made.verdict, made.level) == ("W2", "told apart", "right")
    assert made.table["base"].sum() == made.base == 300
    assert made.caught > 0.35
    assert made.caught_revenue == pytest.approx(made.caught)  # all have the same revenue


def test_a_forecast_says_that_more_left_than_it_saw_coming(rng):
    assert linkage.backtest(waves(rng, later=3.0), lag_months=6).level == "too few"


def test_a_score_that_says_nothing_is_no_forecast(rng):
    made = linkage.backtest(waves(rng, slope=0.0, later=0.4), lag_months=6)
    assert made.verdict == "not clear"


def test_a_wave_learns_from_nothing_that_was_not_known_by_then(rng):
    with pytest.raises(NotEstimable, match="no earlier wave had its outcomes known by W2"):
        linkage.backtest(waves(rng), lag_months=13)
    with pytest.raises(NotEstimable, match="after W3 is not known"):
        linkage.backtest(waves(rng), lag_months=6, wave="W3")
    with pytest.raises(NotEstimable, match="5 that left"):
        linkage.backtest(waves(rng, later=0.0), lag_months=6)


def test_the_rule_of_thumb_is_held_against_a_year_of_losses():
    past = pd.DataFrame(
        {
            "account_id": [f"A{i}" for i in range(200)],
            "wave": "W1",
            "detractors": 0.4,
            "revenue": 100.0,
            "retained": [0.0] * 10 + [1.0] * 190,
        }
    )
    made = linkage.rule_of_thumb(past, past, lag_months=6, rng=np.random.default_rng(1))
    assert made.said == pytest.approx(0.4 * 0.5 * 20_000)
    assert made.lost == pytest.approx((1 - 0.95**2) * 20_000)  # 5 % in each half of the year
    assert made.now == pytest.approx(made.said)
    assert made.verdict == "too much"


def test_the_rule_of_thumb_is_not_judged_without_a_loss():
    past = pd.DataFrame(
        {"account_id": ["A"], "wave": "W", "detractors": 1.0, "revenue": 1.0, "retained": 1.0}
    )
    with pytest.raises(NotEstimable, match="no revenue was lost"):
        linkage.rule_of_thumb(past, past, lag_months=6, rng=np.random.default_rng(1))

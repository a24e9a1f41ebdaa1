"""The panel: what counts before a wave, what after it, and lag by lag."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from helpers.methods import linkage

JANUARY, JULY = pd.Timestamp("2025-01-15"), pd.Timestamp("2025-07-15")


def scores_of(*accounts, wave="W1"):
    return pd.DataFrame({"wave": wave, "account_id": list(accounts), "score": 50.0})


def test_a_window_counts_what_falls_after_the_wave_and_up_to_its_end():
    scores = scores_of("before", "same day", "inside", "last day", "later", "never")
    ends = ["2025-01-01", "2025-01-15", "2025-03-01", "2025-07-15", "2025-07-16", None]
    accounts = pd.DataFrame({"account_id": scores["account_id"], "end_date": pd.to_datetime(ends)})
    panel = linkage.panel(
        scores, accounts=accounts, wave_dates={"W1": JANUARY}, lag_months=6, as_of=JULY
    )
    assert panel["observed"].all()
    expected = [np.nan, np.nan, 0, 0, 1, 1]
    assert_allclose(panel["retained"], expected)


def test_a_window_that_is_not_over_has_no_outcome():
    accounts = pd.DataFrame({"account_id": ["a"], "end_date": pd.to_datetime(["2025-02-01"])})
    panel = linkage.panel(
        scores_of("a"), accounts=accounts, wave_dates={"W1": JANUARY}, lag_months=6,
        as_of=pd.Timestamp("2025-07-14"),
    )  # fmt: skip
    assert not panel["observed"].any()
    assert panel["retained"].isna().all()


def test_revenue_before_and_growth_leave_out_the_month_of_fieldwork():
    months = pd.date_range("2024-01-01", "2025-07-01", freq="MS")
    money = pd.DataFrame({"account_id": "a", "period": months, "revenue": 100.0})
    money.loc[money["period"] == "2025-01-01", "revenue"] = 9999.0
    money.loc[money["period"] > "2025-01-31", "revenue"] = 110.0
    panel = linkage.panel(
        scores_of("a"), financials=money, wave_dates={"W1": JANUARY}, lag_months=6, as_of=JULY
    )
    row = panel.iloc[0]
    assert row["revenue_before"] == 1200
    assert_allclose((row["growth_before"], row["growth_after"]), (0, np.log(1.1)), atol=1e-12)


def test_growth_is_of_accounts_that_stayed_and_of_months_that_were_sent():
    months = pd.date_range("2024-01-01", "2025-07-01", freq="MS")
    money = pd.concat(
        [pd.DataFrame({"account_id": a, "period": months, "revenue": 100.0}) for a in "ab"]
    )
    accounts = pd.DataFrame(
        {"account_id": ["a", "b"], "end_date": pd.to_datetime(["2025-06-01", None])}
    )
    make = {"accounts": accounts, "wave_dates": {"W1": JANUARY}, "lag_months": 6, "as_of": JULY}
    panel = linkage.panel(scores_of("a", "b"), financials=money, **make)
    assert panel["growth_after"].notna().tolist() == [False, True]
    short = money[money["period"] < "2025-07-01"]
    panel = linkage.panel(scores_of("a", "b"), financials=short, **make)
    assert panel["growth_after"].isna().all()


def test_renewed_means_every_contract_that_ended_in_the_window():
    contracts = pd.DataFrame(
        {
            "account_id": ["a", "a", "b", "b", "c"],
            "end": pd.to_datetime(
                ["2025-03-01", "2025-04-01", "2025-03-01", "2026-01-01", "2024-01-01"]
            ),
            "renewed": [True, False, True, False, False],
        }
    )
    panel = linkage.panel(
        scores_of("a", "b", "c"), contracts=contracts, wave_dates={"W1": JANUARY},
        lag_months=6, as_of=JULY,
    )  # fmt: skip
    assert_allclose(panel["renewed"], [0, 1, np.nan])


def test_supplied_outcomes_join_by_wave_or_by_window():
    by_wave = pd.DataFrame(
        {"wave": ["W1"], "account_id": ["a"], "outcome": ["leaving"], "value": [0.2]}
    )
    by_period = pd.DataFrame(
        {
            "period": pd.to_datetime(["2025-01-01", "2025-03-01", "2025-05-01", "2025-09-01"]),
            "account_id": "a",
            "outcome": "leaving",
            "value": [9.0, 0.1, 0.3, 9.0],
        }
    )
    for outcomes in (by_wave, by_period):
        panel = linkage.panel(
            scores_of("a", "b"), outcomes=outcomes, wave_dates={"W1": JANUARY},
            lag_months=6, as_of=JULY,
        )  # fmt: skip
        assert_allclose(panel["leaving"], [0.2, np.nan])


def test_the_panel_says_what_is_missing():
    dates = {"wave_dates": {"W1": JANUARY}, "as_of": JULY}
    with pytest.raises(ValueError, match=r"lag_months is 0.*give 1 month or more"):
        linkage.panel(scores_of("a"), lag_months=0, **dates)
    with pytest.raises(ValueError, match="no date for wave W2: give it in wave_dates"):
        linkage.panel(scores_of("a", wave="W2"), **dates)
    with pytest.raises(ValueError, match=r"1 repeated account and wave.*send one row"):
        linkage.panel(scores_of("a", "a"), **dates)
    with pytest.raises(ValueError, match="did you mean 'region'"):
        linkage.panel(
            scores_of("a"), accounts=pd.DataFrame({"account_id": ["a"], "region": ["N"]}),
            covariates=["regoin"], **dates,
        )  # fmt: skip


def test_an_empty_panel_is_refused_and_no_scores_make_no_rows():
    empty = pd.DataFrame({"wave": [], "account_id": [], "score": []}, dtype=object)
    panel = linkage.panel(empty, wave_dates={"W1": JANUARY}, as_of=JULY)
    assert len(panel) == 0
    with pytest.raises(ValueError, match="base too small: 0 rows"):
        linkage.link(panel.assign(retained=[]), "retained")


def test_renewed_must_be_yes_or_no():
    contracts = pd.DataFrame({"account_id": ["a"], "end": [JULY], "renewed": ["perhaps"]})
    with pytest.raises(ValueError, match="renewed in contracts is 'perhaps': it must be yes or no"):
        linkage.panel(scores_of("a"), contracts=contracts, wave_dates={"W1": JANUARY}, as_of=JULY)


def test_a_lag_curve_estimates_each_lag_on_its_own_window(rng):
    count = 500
    ids = [f"{i:03d}" for i in range(count)]
    scores = pd.DataFrame({"wave": "W1", "account_id": ids, "score": rng.normal(60, 15, count)})
    wait = rng.exponential(30 * np.exp((scores["score"] - 60) / 15))
    ended = JANUARY + pd.to_timedelta(wait * 30, unit="D")
    accounts = pd.DataFrame({"account_id": ids, "end_date": ended})
    given = {
        "accounts": accounts,
        "wave_dates": {"W1": JANUARY},
        "as_of": pd.Timestamp("2026-01-31"),
    }
    curve = linkage.lag_curve(scores, "retained", lags=(12, 6, 24), **given)
    assert curve["lag_months"].tolist() == [6, 12, 24]
    assert curve["effect"].iloc[1] > curve["effect"].iloc[0] > 0
    assert "base too small" in curve["note"].iloc[2]
    six = linkage.panel(scores, lag_months=6, **given)
    assert_allclose(curve["effect"].iloc[0], linkage.link(six, "retained").effect)
    with pytest.raises(ValueError, match="no lag can be estimated; at 24 months"):
        linkage.lag_curve(scores, "retained", lags=(24,), **given)

"""Outcomes beside staying: published values, hand-worked ones, planted truths and refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose
from scipy.special import expit

from helpers.errors import NotEstimable
from helpers.methods import linkage
from helpers.methods.linkage.sales import with_sales
from helpers.methods.linkage.survival import curve
from helpers.methods.linkage.within import ONCE

DAY = pd.Timestamp("2025-01-15")


def waves_of(rows: dict[str, list[object]]) -> pd.DataFrame:
    return pd.DataFrame(rows).assign(t0=DAY, observed=True, at_risk=True)


# the Wallet Allocation Rule


@pytest.mark.parametrize(
    ("rank", "suppliers", "share"),
    [(1, 2, 2 / 3), (2, 2, 1 / 3), (1, 3, 1 / 2), (3, 3, 1 / 6), (1, 4, 0.4), (1, 1, 1.0)],
)
def test_share_of_wallet_by_rank_is_as_published(rank, suppliers, share):
    """(1 − rank / (n + 1)) · (2 / n): Keiningham et al., Harvard Business Review, 2011."""
    found = linkage.share_by_rank(pd.Series([rank]), pd.Series([suppliers]))
    assert_allclose(found, share, rtol=1e-12)


@pytest.mark.parametrize("ranks", [[1, 2, 3], [1.5, 1.5, 3], [2, 2, 2], [1, 2.5, 2.5]])
def test_shares_of_all_suppliers_sum_to_one_ties_too(ranks):
    found = linkage.share_by_rank(pd.Series(ranks), pd.Series([3] * 3))
    assert_allclose(found.sum(), 1.0, rtol=1e-12)


@pytest.mark.parametrize(("rank", "suppliers"), [(0, 3), (4, 3), (2, 1)])
def test_a_rank_that_cannot_be_is_refused(rank, suppliers):
    with pytest.raises(ValueError, match="a rank runs from 1"):
        linkage.share_by_rank(pd.Series([rank]), pd.Series([suppliers]))


# what sales records tell


def test_products_are_counted_before_and_after_the_wave():
    owned = pd.DataFrame({
        "account_id": ["a"] * 5,
        "since": pd.to_datetime(
            ["2024-01-01", "2025-01-15", "2025-01-16", "2025-07-15", "2025-07-16"]
        ),
    })  # fmt: skip
    made = with_sales(waves_of({"account_id": ["a", "b"]}), holdings=owned, lag_months=6)
    assert made["products_before"].tolist() == [2, 0]
    assert made["products_added"].tolist() == [2, 0]


def test_an_account_that_left_counts_in_no_other_outcome():
    rows = waves_of({"account_id": ["a", "b"], "retained": [1.0, 0.0]})
    owned = pd.DataFrame({"account_id": ["a", "b"], "since": [DAY + pd.Timedelta(days=9)] * 2})
    made = with_sales(rows, holdings=owned, lag_months=6)
    assert made["products_added"].isna().tolist() == [False, True]


def test_offers_won_and_accounts_brought_are_counted_in_the_window():
    sold = pd.DataFrame({
        "account_id": ["a", "a", "a", "c"], "created": [DAY + pd.Timedelta(days=5)] * 4,
        "closed": pd.to_datetime(["2025-02-01", "2025-03-01", "2026-01-01", "2025-02-01"]),
        "won": [True, False, True, True], "referred_by": [None, "b", None, "b"],
    })  # fmt: skip
    made = with_sales(waves_of({"account_id": ["a", "b"]}), opportunities=sold, lag_months=6)
    assert made["offers_won"].tolist() == [1, 0]
    assert made["referred"].tolist() == [0, 2]


@pytest.mark.parametrize(
    ("reason", "kept"),
    [("Competitor", 0.0), ("price war", 0.0), ("plant closed", np.nan), (None, np.nan)],
)
def test_only_who_left_for_an_offer_was_won_over(reason, kept):
    rows = waves_of({"account_id": ["a", "b"], "retained": [0.0, 1.0]})
    listed = pd.DataFrame({"account_id": ["a", "b"], "end_reason": [reason, None]})
    made = with_sales(rows, accounts=listed, lag_months=6)["kept_from_offers"]
    assert_allclose(made, [kept, 1.0], equal_nan=True)


def test_share_of_wallet_is_revenue_over_what_is_spent_with_all():
    rows = waves_of({"account_id": ["a", "b"], "revenue_before": [50.0, 300.0],
                     "growth_after": [np.log(1.2), 0.0]})  # fmt: skip
    listed = pd.DataFrame({"account_id": ["a", "b"], "total_spend": [100.0, 200.0]})
    made = with_sales(rows, accounts=listed, lag_months=6)
    assert_allclose(made["wallet_before"], [0.5, 1.0])
    assert_allclose(made["wallet_after"], [0.6, 1.0])


def test_a_contract_that_runs_at_the_wave_ends_in_the_window_or_runs_on():
    scores = pd.DataFrame({"wave": "W1", "account_id": ["a", "b", "c"], "score": [1.0, 2.0, 3.0]})
    contracts = pd.DataFrame({
        "account_id": ["a", "b", "b"],
        "start": pd.to_datetime(["2024-01-01", "2024-06-01", "2025-03-01"]),
        "end": pd.to_datetime(["2025-06-30", "2026-06-30", "2025-05-01"]), "renewed": ["yes"] * 3,
    })  # fmt: skip
    made = linkage.panel(scores, contracts=contracts, wave_dates={"W1": DAY},
                         as_of=pd.Timestamp("2026-01-01"))  # fmt: skip
    assert made["contract_at_wave"].tolist() == ["ends", "runs on", "none"]


# ratios


def test_a_count_over_a_score_of_two_values_is_the_ratio_of_the_means():
    """By hand: means 3 and 2, so half as many again for one point."""
    frame = pd.DataFrame({"account_id": range(40), "score": [0.0, 1.0] * 20, "bought": [2, 3] * 20})
    frame.loc[:3, "bought"] = [1, 2, 3, 4]
    found = linkage.count_ratio(frame, "bought", per=1)
    assert_allclose(found.effect, 0.5, rtol=1e-8)
    assert found.cases == 40


def test_a_hazard_over_a_score_of_two_values_is_the_ratio_of_cumulative_hazards():
    """By hand: 5 of 20 and 10 of 20 leave; log(1/2) / log(3/4) = 2.409."""
    frame = pd.DataFrame({"account_id": range(40), "score": np.repeat([0.0, 1.0], 20),
                          "wave": "W1", "t0": DAY})  # fmt: skip
    gone = [*range(5), *range(20, 30)]
    ended = pd.Series(DAY + pd.Timedelta(days=30), index=gone)
    found = linkage.leaving_ratio(frame, ended, as_of=pd.Timestamp("2025-12-31"), per=1)
    assert_allclose(found.effect + 1, np.log(0.5) / np.log(0.75), rtol=1e-7)
    assert (found.base, found.cases) == (40, 15)


def test_a_loss_counts_in_the_wave_before_it_alone_and_the_last_wave_up_to_the_data():
    days = {"W1": DAY, "W2": DAY + pd.DateOffset(months=6), "W3": DAY + pd.DateOffset(months=12)}
    score = np.arange(30.0) % 7
    frame = pd.concat([
        pd.DataFrame({"account_id": range(30), "wave": w, "t0": d, "score": score})
        for w, d in days.items()
    ])  # fmt: skip
    late = DAY + pd.DateOffset(months=14)
    ended = pd.Series([DAY + pd.DateOffset(months=8)] * 5 + [late] * 5, index=range(10))
    frame = frame.reset_index(drop=True)
    found = linkage.leaving_ratio(frame, ended, as_of=DAY + pd.DateOffset(months=15), per=1)
    assert found.cases == 10
    assert found.base == 30 + 25  # the wave that lost nobody is left out, the gone are not asked


def test_a_ratio_of_next_to_nothing_is_refused():
    frame = pd.DataFrame(
        {"account_id": range(60), "score": np.arange(60.0), "bought": [1] + [0] * 59}
    )
    with pytest.raises(NotEstimable, match="it happened 1 times"):
        linkage.count_ratio(frame, "bought")


# accounts against themselves


def test_within_accounts_is_least_squares_with_a_column_for_each_account(rng):
    account = np.repeat(np.arange(40), 3)
    frame = pd.DataFrame({"account_id": account, "wave": list("abc") * 40,
                          "score": rng.normal(60, 10, 120),
                          "spend": rng.normal(0, 1, 120)})  # fmt: skip
    frame = frame.drop(index=[4, 9, 50])
    dummies = pd.get_dummies(frame[["account_id", "wave"]].astype(str), dtype=float)
    design = np.column_stack([frame["score"], dummies])
    slope = np.linalg.lstsq(design, frame["spend"], rcond=None)[0][0]
    assert_allclose(linkage.within_accounts(frame, "spend", per=1).effect, slope, rtol=1e-8)


@pytest.mark.parametrize("outcome", ONCE)
def test_what_ends_a_relationship_is_not_compared_within_accounts(outcome):
    with pytest.raises(NotEstimable, match="happens to an account once"):
        linkage.within_accounts(pd.DataFrame(), outcome)


def test_two_waves_are_too_few_to_compare_accounts_with_themselves(rng):
    frame = pd.DataFrame({"account_id": np.repeat(range(40), 2), "wave": ["a", "b"] * 40,
                          "score": rng.normal(size=80), "spend": rng.normal(size=80)})  # fmt: skip
    with pytest.raises(NotEstimable, match="from 3 waves on"):
        linkage.within_accounts(frame, "spend")


# who is still there


def test_survival_is_that_of_r_for_maintained_leukaemia_patients():
    """R survival 3.5, survfit(Surv(time, status) ~ x, aml), x = Maintained: printed values."""
    weeks = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161]
    status = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0]
    made = curve("maintained", np.array(weeks, float), np.array(status, bool), 0.95)
    made = made.set_index("month")
    expected = {9: 0.9091, 13: 0.8182, 18: 0.7159, 23: 0.6136, 31: 0.4909, 34: 0.3682, 48: 0.1841}
    for week, share in expected.items():
        assert_allclose(made.loc[week, "share"], share, atol=5e-5)
    assert_allclose(made.loc[9, ["low", "high"]].astype(float), [0.50810, 0.98668], atol=5e-5)


def test_who_left_before_the_first_score_or_after_the_data_is_not_a_loss():
    rows = pd.DataFrame({"account_id": range(40), "t0": DAY, "score": np.arange(40.0)})
    days = ["2024-01-01", "2026-06-01", *["2025-03-01"] * 5]
    ended = pd.Series(pd.to_datetime(days), index=range(7))
    found = linkage.survival(rows, ended, as_of=pd.Timestamp("2025-12-31"))
    assert (found.base, found.lost) == (39, 5)


def test_curves_on_which_hardly_anybody_left_are_not_drawn():
    rows = pd.DataFrame({"account_id": range(40), "t0": DAY, "score": np.arange(40.0)})
    ended = pd.Series(pd.to_datetime(["2025-03-01"] * 4), index=range(4))
    with pytest.raises(NotEstimable, match="hardly an account left"):
        linkage.survival(rows, ended, as_of=pd.Timestamp("2025-12-31"))


def followed_for(weeks: list[int], status: list[int]) -> tuple[pd.DataFrame, pd.Series]:
    """Accounts followed up to the last day: each for so many weeks, ended there or still there."""
    last, spans = pd.Timestamp("2025-12-31"), pd.to_timedelta(7 * np.array(weeks), unit="D")
    rows = pd.DataFrame({"account_id": range(len(weeks)), "t0": last - spans, "score": 50.0})
    return rows, pd.Series(pd.NaT, rows.index).mask(np.array(status, bool), last)


def test_groups_are_compared_as_r_compares_both_arms_of_the_leukaemia_trial():
    """R survival 3.5, survdiff(Surv(time, status) ~ x, aml): chi-square 3.4, p 0.07 (0.0653)."""
    kept = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161]
    others = [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45]
    status = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]
    rows, ended = followed_for([*kept, *others], status)
    arm = pd.DataFrame({"arm": ["kept"] * 11 + ["not"] * 12}, index=rows["account_id"])
    found = linkage.survival_by_group(rows, ended, arm, as_of=pd.Timestamp("2025-12-31"))
    assert_allclose(found.corrected["arm"], 0.0653, atol=5e-5)
    assert found.verdict("arm") == "not clear"
    after = found.table.set_index(["group", "months"])["share"]
    assert_allclose(after["kept", 6], 0.6136, atol=5e-5)  # R's after week 23; 6 months are 26
    assert_allclose(after["not", 6], 0.4861, atol=5e-5)
    assert ("not", 12) not in after.index  # nobody of it was followed so long


def test_small_groups_are_not_shown_and_none_lost_has_no_interval():
    rows, ended = followed_for([60] * 40, [1] * 6 + [0] * 34)
    groups = pd.DataFrame(
        {"tier": ["Key"] * 11 + ["Core"] * 19 + ["Tiny"] * 5 + ["Few"] * 5, "one": ["same"] * 40}
    )
    found = linkage.survival_by_group(rows, ended, groups, as_of=pd.Timestamp("2025-12-31"))
    assert set(found.table["group"]) == {"Key", "Core"}
    assert set(found.corrected) == {"tier"}
    core = found.table[found.table["group"] == "Core"]
    assert (core["share"] == 1).all()
    assert core[["low", "high"]].isna().all(axis=None)
    lone = groups.replace({"Few": "Core"})  # Tiny would be what the others leave
    with pytest.raises(NotEstimable, match="no two groups"):
        linkage.survival_by_group(rows, ended, lone, as_of=pd.Timestamp("2025-12-31"))
    with pytest.raises(NotEstimable, match="no two groups"):
        linkage.survival_by_group(rows, ended, groups[["one"]], as_of=pd.Timestamp("2025-12-31"))
    with pytest.raises(NotEstimable, match="too few to compare"):
        linkage.survival_by_group(rows, ended, groups, as_of=pd.Timestamp("2024-01-01"))


# who leaves, and where revenue lies


def test_customers_at_a_wave_had_started_and_not_ended():
    listed = pd.DataFrame({
        "account_id": list("abcd"),
        "start_date": pd.to_datetime(["2020-01-01"] * 3 + ["2025-06-01"]),
        "end_date": pd.to_datetime([None, "2025-03-01", "2025-01-10", None]),
    })  # fmt: skip
    asked = {"wave_dates": {"W1": DAY, "W2": pd.Timestamp("2025-11-01")}, "lag_months": 6}
    made = linkage.customers_at_waves(listed, as_of=pd.Timestamp("2025-12-31"), **asked)
    assert made["account_id"].tolist() == ["a", "b"]
    assert made["left"].tolist() == [0, 1]


def test_a_complaint_counts_for_a_year():
    listed = pd.DataFrame({"account_id": list("abcd"),
                           "end_date": pd.to_datetime(["2025-03-01", *[None] * 3])})  # fmt: skip
    tickets = pd.DataFrame({
        "account_id": ["a", "b", "c"], "trigger": ["Complaint", "complaint", "low recommendation"],
        "created_at": pd.to_datetime(["2024-12-01", "2023-12-01", "2024-12-01"]),
    })  # fmt: skip
    made = linkage.customers_at_waves(
        listed, wave_dates={"W1": DAY}, lag_months=6, as_of=pd.Timestamp("2025-12-31"),
        tickets=tickets,
    )  # fmt: skip
    assert made["complained"].tolist() == [True, False, False, False]


def test_two_groups_are_one_test_and_small_groups_are_not_shown():
    rows = pd.DataFrame({"account_id": range(205), "left": [1.0] * 30 + [0.0] * 175})
    kinds = {"complained": pd.Series(["yes"] * 60 + ["no"] * 145),
             "region": pd.Series(["n"] * 100 + ["s"] * 100 + ["w"] * 5)}  # fmt: skip
    found = linkage.leavers(rows, kinds, smallest=10).table
    assert found["group"].tolist() == ["no", "yes", "n", "s"]
    first = found[found["kind"] == "complained"]
    assert len(set(first["corrected"])) == 1
    assert_allclose(found.loc[1, "value"], 0.5)


def test_the_top_tenth_brings_what_it_brings():
    """By hand: of 20 accounts the two largest bring 6 + 4 of 28."""
    found = linkage.top_share([1.0] * 18 + [4.0, 6.0])
    assert_allclose(found.value, 10 / 28)
    assert found.low < 10 / 28 < found.high


def test_the_error_of_the_top_share_is_that_of_the_jackknife(rng):
    revenue = rng.lognormal(0, 1, 1000)
    left = [linkage.top_share(np.delete(revenue, i)).value for i in range(1000)]
    jackknife = np.sqrt(999 / 1000 * ((np.array(left) - np.mean(left)) ** 2).sum())
    assert_allclose(linkage.top_share(revenue).standard_error, jackknife, rtol=0.1)


# all outcomes together


def world(seed: int = 1, accounts: int = 500) -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(seed)
    score = rng.normal(60, 15, accounts)
    stays = rng.random(accounts) < expit(2 + (score - 60) / 20)
    growth = 0.004 * (score - 60) + rng.normal(0, 0.1, accounts)
    frame = pd.DataFrame({
        "account_id": range(accounts), "wave": "W1", "t0": DAY, "score": score,
        "retained": stays.astype(float), "growth_after": np.where(stays, growth, np.nan),
        "products_added": np.where(stays, rng.poisson(0.4, accounts), np.nan),
        "kept_from_offers": stays.astype(float), "balance": rng.normal(0, 1, accounts),
        "complaints": rng.poisson(3.0, accounts).astype(float),
    })  # fmt: skip
    ended = pd.Series(np.where(stays, None, DAY + pd.Timedelta(days=40)), index=range(accounts))
    return frame, pd.to_datetime(ended)


def test_outcomes_are_told_side_by_side_each_family_corrected_for_itself():
    frame, ended = world()
    asked = linkage.link(frame, "retained")
    found = linkage.outcomes(frame, asked, ended=ended, as_of=pd.Timestamp("2025-12-31"),
                             supplied=["complaints", "balance"])  # fmt: skip
    rows = found.table.set_index("outcome")
    assert rows.loc["retained", "effect"] == asked.effect
    assert rows.loc["retained", "p"] == rows.loc["retained", "corrected"]
    assert rows.loc["leaving", "verdict"] == "better" and rows.loc["leaving", "effect"] < 0
    assert rows["family"].value_counts().to_dict() == {"claim": 3, "other": 3, "asked": 1}
    assert rows.loc["growth_after", "unit"] == "per cent"
    assert "below 0" in rows.loc["balance", "note"]
    claims = rows[rows["family"] == "claim"].sort_values("p")
    assert_allclose(claims["corrected"].iloc[0], min(1, 3 * claims["p"].iloc[0]))
    assert claims.loc["products_added", "verdict"] == "not clear"


def test_a_growth_is_told_in_per_cent():
    frame, _ = world()
    asked = linkage.link(frame, "retained")
    found = linkage.outcomes(frame, asked, as_of=pd.Timestamp("2025-12-31")).row("growth_after")
    log_ratio = linkage.link(frame, "growth_after", winsorise=0.01).effect
    assert_allclose(found["effect"], np.exp(log_ratio) - 1, rtol=1e-9)


# the choices behind a link


def test_lags_have_a_band_that_is_wider_than_each_interval_and_narrower_than_bonferronis():
    frames = {}
    rng = np.random.default_rng(4)
    base, _ = world(4)
    for lag in (3, 6, 9, 12):
        frames[lag] = base.assign(
            growth_after=base["growth_after"] + rng.normal(0, 0.05, len(base))
        )
    found = linkage.over_lags(frames, "growth_after").table
    wide = found["band_high"] - found["band_low"]
    ratio = wide / (found["high"] - found["low"])
    assert (ratio > 1.01).all() and (ratio < 2.4977 / 1.9600).all()


def test_every_choice_of_a_real_link_has_its_sign():
    frame, _ = world()
    frame["size"] = np.random.default_rng(2).normal(size=len(frame))
    found = linkage.specifications(
        {3: frame, 6: frame.iloc[:400]}, "retained", declared=3,
        adjusts={"nothing": (), "declared": ("size",)},
    )  # fmt: skip
    assert found.base == 8 and found.same_sign == 1.0 and found.clear == 1.0
    assert found.table["declared"].sum() == 1


def test_choices_that_change_nothing_count_once():
    frame, _ = world()
    with pytest.raises(NotEstimable, match="only 2 ways"):
        linkage.specifications({3: frame, 6: frame}, "retained", declared=3,
                               adjusts={"nothing": ()})  # fmt: skip


def test_an_unseen_cause_is_measured_by_the_darfur_formula_and_the_odds():
    frame, _ = world()
    frame["size"] = frame["score"] / 15 + np.random.default_rng(3).normal(size=len(frame))
    made = linkage.link(frame, "growth_after", adjust=["size"], clusters=None)
    found = linkage.unseen(made, frame)
    rows = frame.dropna()
    fit = sm.OLS(rows["growth_after"], sm.add_constant(rows[["score", "size"]])).fit()
    expected = linkage.robustness_value(fit.tvalues["score"], fit.df_resid)
    assert_allclose(found.robustness, expected)
    assert 0 < found.robustness_limit < found.robustness
    assert found.strongest == "size" and 0 < found.strongest_share < 1


def test_an_e_value_of_staying_is_that_of_its_odds_and_none_is_told_of_no_link():
    frame, _ = world()
    made = linkage.link(frame, "retained")
    common = "risk" if frame["retained"].mean() > 0.85 else "odds"
    ratio = np.exp(made.main.coefficient * 10)
    assert_allclose(linkage.unseen(made, frame).e_value, linkage.e_value(ratio, of=common))
    frame["score"] = np.random.default_rng(5).permutation(frame["score"])
    with pytest.raises(NotEstimable, match="none to be explained away"):
        linkage.unseen(linkage.link(frame, "retained"), frame)


def test_a_curve_never_turns_back_and_says_where_it_levels_off():
    rng = np.random.default_rng(6)
    frame = pd.DataFrame({"account_id": range(500), "score": rng.uniform(0, 100, 500)})
    frame["spend"] = np.minimum(frame["score"], 60) / 60 + rng.normal(0, 0.15, 500)
    found = linkage.response(frame, "spend", replicates=20, rng=rng)
    assert found.table["expected"].is_monotonic_increasing
    assert found.verdict == "levels off"
    assert found.threshold_low <= found.threshold <= found.threshold_high
    assert 50 < found.threshold < 70
    falling = frame.assign(spend=-frame["spend"])
    down = linkage.response(falling, "spend", replicates=20, rng=rng)
    assert down.table["expected"].is_monotonic_decreasing


def test_spend_that_responds_from_the_fourth_month_on_is_found():
    rng = np.random.default_rng(7)
    felt, level = rng.standard_normal(200), rng.normal(0, 0.1, (200, 24))
    level[:, 15:] += 0.06 * felt[:, None]
    periods = pd.date_range("2024-01-01", periods=24, freq="MS")
    money = pd.DataFrame({"account_id": np.repeat(range(200), 24), "period": np.tile(periods, 200),
                          "revenue": np.exp(level).ravel()})  # fmt: skip
    rows = pd.DataFrame({"account_id": range(200), "t0": pd.Timestamp("2024-12-15"),
                         "score": 60 + 10 * felt})  # fmt: skip
    found = linkage.delay(rows, money, months=12)
    assert (found.verdict, found.month) == ("higher", 4)
    assert found.p == 1 / 2001  # no draw came near: less than the draws tell is not said
    assert_allclose(found.step, 0.06, atol=0.01)
    with pytest.raises(NotEstimable, match="at least 24 are needed"):
        linkage.delay(rows.head(10), money, months=12)

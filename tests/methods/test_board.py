"""What a board follows: revenue and accounts kept, loyalty of the revenue, the asset."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotEstimable
from helpers.methods import board, survey
from helpers.methods.board.retention import _Year
from helpers.study import open_study

DAY = pd.Timestamp("2025-12-31")
MONTHS = pd.date_range("2024-01-01", periods=24, freq="MS")


def books(**monthly: tuple[float, float]) -> pd.DataFrame:
    """Revenue a month of each account in the earlier and in the later year."""
    rows = [
        (name, month, amounts[month.year - 2024])
        for name, amounts in monthly.items()
        for month in MONTHS
    ]
    return pd.DataFrame(rows, columns=["account_id", "period", "revenue"])


THREE = books(stays=(10.0, 10.0), shrinks=(10.0, 5.0), grows=(10.0, 12.0), left=(10.0, 0.0))


def test_hand_worked_year():
    """Before 40 a month; after 27; with no growth counted 25; three of four still there."""
    found = board.retention(THREE, None, until=DAY).estimates
    assert found["net"].value == pytest.approx(27 / 40)
    assert found["gross"].value == pytest.approx(25 / 40)
    assert found["logos"].value == 0.75


def test_interval_is_that_of_a_ratio_of_totals():
    found = board.retention(THREE, None, until=DAY).estimates["net"]
    same = survey.ratio(np.array([120.0, 144, 0, 60]), np.array([120.0] * 4))
    assert (found.low, found.high) == pytest.approx((same.low, same.high))


def test_who_came_within_the_earlier_year_is_left_out_and_counted():
    listed = pd.DataFrame(
        {"account_id": ["stays", "shrinks", "grows", "left"],
         "start_date": pd.to_datetime(["2020-01-01", "2020-01-01", "2024-08-01", "2020-01-01"])}
    )  # fmt: skip
    found = board.retention(THREE, listed, until=DAY)
    assert found.left_out == 1
    assert found.estimates["net"].value == pytest.approx(15 / 30)


def test_who_had_left_by_the_end_of_the_earlier_year_is_no_customer_to_keep():
    """Of accounts: what it brought in the earlier year is a part of that year all the same."""
    ids, ends = ["stays", "shrinks", "grows", "left"], [None, None, None, "2024-12-15"]
    listed = pd.DataFrame({"account_id": ids, "end_date": pd.to_datetime(ends)})
    found = board.retention(THREE, listed, until=DAY)
    assert found.estimates["logos"].value == 1.0
    assert found.estimates["logos"].base == 3
    assert found.estimates["net"].value == pytest.approx(27 / 40)


def test_a_steady_loss_of_a_fifth_a_year_is_four_fifths_kept():
    """Every account brings as much until it leaves, evenly over the year; dates known or not."""
    rng = np.random.default_rng(7)
    months = pd.date_range("2024-01-01", periods=24, freq="MS")
    left = rng.geometric(1 - 0.8 ** (1 / 12), 3000) - 1  # whole months that each still stays
    rows = [(f"a{i}", month, 10.0) for i, n in enumerate(left) for month in months[:n]]
    told = pd.DataFrame(rows, columns=["account_id", "period", "revenue"])
    ends = [months[0] + pd.DateOffset(months=int(n)) if n < 24 else pd.NaT for n in left]
    listed = pd.DataFrame({"account_id": [f"a{i}" for i in range(3000)], "end_date": ends,
                           "start_date": pd.Timestamp("2020-01-01")})  # fmt: skip
    found = board.retention(told, listed, until=DAY).estimates
    for name in ("net", "gross", "logos"):
        assert found[name].low <= 0.8 <= found[name].high
    assert found["net"].value == pytest.approx(0.8, abs=0.02)


def test_a_credit_after_an_account_has_left_counts_as_nothing():
    found = board.retention(books(stays=(10.0, 10.0), left=(10.0, -1.0)), None, until=DAY)
    assert found.estimates["net"].value == found.estimates["gross"].value == 0.5


def test_without_its_own_start_an_account_is_new_where_it_brought_nothing_at_first():
    late = books(stays=(10.0, 10.0), late=(10.0, 10.0))
    late = late[(late["account_id"] == "stays") | (late["period"] >= "2024-12-01")]
    late = pd.concat([late, books(other=(10.0, 10.0))])
    listed = pd.DataFrame({"account_id": ["stays", "late", "other"],
                           "start_date": pd.to_datetime(["2020-01-01", None, None])})  # fmt: skip
    assert board.retention(late, listed, until=DAY).left_out == 1


def test_where_nobody_left_the_range_still_has_a_width_and_nothing_is_called_clear():
    found = board.retention(books(**{f"a{n}": (10.0, 10.1) for n in range(6)}), None, until=DAY)
    assert found.verdict == "not clear"
    assert found.estimates["gross"].low < 0.7 and found.estimates["gross"].high == 1


def test_a_month_that_is_not_over_does_not_count():
    early = board.retention(THREE, None, until=pd.Timestamp("2025-12-31"))
    more = pd.concat([THREE, THREE.tail(1).assign(period=pd.Timestamp("2026-01-01"), revenue=99.0)])
    late = board.retention(more, None, until=pd.Timestamp("2026-01-20"))
    pd.testing.assert_frame_equal(early.table, late.table)


def test_short_books_are_refused_with_their_length():
    with pytest.raises(NotEstimable, match="hold 20 months"):
        board.retention(THREE[THREE["period"] >= "2024-05-01"], None, until=DAY)


def test_one_customer_alone_is_refused():
    with pytest.raises(NotEstimable, match="fewer than two"):
        board.retention(books(only=(1.0, 1.0)), None, until=DAY)


def test_verdict_needs_the_whole_interval_on_one_side():
    rng = np.random.default_rng(3)
    grown = {f"a{i}": (10.0, 10.0 * g) for i, g in enumerate(rng.normal(1.3, 0.1, 60))}
    level = {f"a{i}": (10.0, 10.0 * g) for i, g in enumerate(rng.normal(1.0, 0.3, 60))}
    assert board.retention(books(**grown), None, until=DAY).verdict == "grows"
    assert board.retention(books(**level), None, until=DAY).verdict == "not clear"


def test_score_by_revenue_is_that_of_the_money():
    """80 with 300 and 40 with 100 make 70; such revenue tells as much as 1.6 equal accounts."""
    scores = pd.DataFrame({"account_id": ["stays", "left"], "wave": "w", "score": [80.0, 40.0]})
    money = books(stays=(25.0, 25.0), left=(25 / 3, 25 / 3))
    row = board.score_by_revenue(scores, money, {"w": pd.Timestamp("2025-06-15")}).iloc[0]
    assert row["value"] == pytest.approx(70.0)
    assert row["effective"] == pytest.approx(400**2 / (300**2 + 100**2))


def test_a_wave_without_a_day_is_left_out():
    scores = pd.DataFrame({"account_id": ["stays", "left"] * 2, "score": [80.0, 40.0] * 2,
                           "wave": ["w", "w", "v", "v"]})  # fmt: skip
    days = {"v": pd.NaT, "w": pd.Timestamp("2025-06-15")}
    assert board.score_by_revenue(scores, THREE, days)["wave"].tolist() == ["w"]


def test_score_by_revenue_without_revenue_is_refused():
    scores = pd.DataFrame({"account_id": ["x", "y"], "wave": "w", "score": [80.0, 40.0]})
    with pytest.raises(NotEstimable, match="no wave"):
        board.score_by_revenue(scores, THREE, {"w": DAY})


def test_customer_asset_is_a_geometric_sum_and_its_range_that_of_retention():
    kept = board.retention(THREE, None, until=DAY)
    found = board.customer_asset(pd.Series([100.0]), kept, years=3, discount_rate=0.1)
    step = kept.estimates["gross"].value / 1.1
    assert found.value == pytest.approx(100 * (step + step**2 + step**3))
    low = kept.estimates["gross"].low / 1.1
    assert found.low == pytest.approx(100 * (low + low**2 + low**3))


@pytest.mark.parametrize("margin", [None, pd.Series([np.nan]), pd.Series([5.0, -9.0])])
def test_customer_asset_without_margin_is_refused(margin):
    with pytest.raises(NotEstimable, match="margin"):
        board.customer_asset(margin, board.retention(THREE, None, until=DAY))


def test_customer_asset_without_retention_is_refused():
    with pytest.raises(NotEstimable, match="kept over a year"):
        board.customer_asset(pd.Series([5.0]), None)


def test_northfields_books_add_up():
    """Net retention of the last year, summed from the folder's own rows."""
    study = open_study("northfield")
    found = board.retention(study.table("financials"), study.accounts, until=study.as_of)
    rows = study.table("financials").merge(study.accounts, on="account_id")
    old = rows[rows["start_date"] <= "2024-07-01"]
    after = old[old["period"] >= "2025-07-01"]["revenue"].sum()
    before = old[old["period"].between("2024-07-01", "2025-06-01")]["revenue"].sum()
    assert found.estimates["net"].value == pytest.approx(after / before)


@pytest.mark.validity
def test_retention_of_few_large_accounts_is_covered():
    """Accounts whose revenue is spread as widely as sigma 1.6: at least 93% of 95% intervals.

    Truths are those of a million accounts. Net leans wide (large accounts), so no upper bar.
    """
    rng = np.random.default_rng(20260630)
    net, gross = _truths(*_firms(rng, 1_000_000))
    hits = {"net": [], "gross": []}
    for _ in range(400):
        told = year_of(*_firms(rng, 120))
        hits["net"].append(told["net"].low <= net <= told["net"].high)
        hits["gross"].append(told["gross"].low <= gross <= told["gross"].high)
    assert np.mean(hits["net"]) >= 0.93
    assert np.mean(hits["gross"]) >= 0.93


@pytest.mark.validity
@pytest.mark.parametrize(("firms", "leave", "spread"), [(50, 0.05, 1.0), (100, 0.03, 1.0)])
def test_gross_retention_is_covered_where_few_leave(firms, leave, spread):
    """A plain ratio's interval holds it in 67 and 72 of a hundred worlds of these two."""
    rng = np.random.default_rng(20260630)
    before, after = _leaving(rng, 1_000_000, leave, spread)
    truth, held = np.minimum(after, before).sum() / before.sum(), []
    for _ in range(400):
        told = year_of(*_leaving(rng, firms, leave, spread))["gross"]
        held.append(told.low <= truth <= told.high)
    assert np.mean(held) >= 0.93


def year_of(before: np.ndarray, after: np.ndarray) -> dict[str, survey.Estimate]:
    """Retention of a year, all accounts still there."""
    return _Year(DAY, before, after, np.ones(len(before)), 0).estimates(0.95)


def _leaving(
    rng: np.random.Generator, n: int, leave: float, spread: float
) -> tuple[np.ndarray, np.ndarray]:
    size = rng.lognormal(0, spread, n)
    part = np.where(rng.random(n) > leave, 1.0, rng.random(n))  # who leaves does so any day
    return size, size * part * np.exp(rng.normal(0, 0.1, n))


def _firms(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    size = rng.lognormal(0, 1.6, n)
    stays = rng.random(n) < np.where(size > 2, 0.93, 0.88)
    return size, size * stays * np.exp(rng.normal(0, 0.25, n))


def _truths(before: np.ndarray, after: np.ndarray) -> tuple[float, float]:
    return after.sum() / before.sum(), np.minimum(after, before).sum() / before.sum()

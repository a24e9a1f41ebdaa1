"""Months of financials that cannot be whole, and those that can."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from checking import told as told_of

from helpers.study.month_checks import check_months

MONTHS = pd.date_range("2025-07-01", "2026-06-01", freq="MS")


def sent(**changed: object) -> pd.DataFrame:
    rows = [
        {"account_id": f"A{a}", "period": month,
         "revenue": 1000.0 + 90 * a + (37 * a + 61 * m) % 90,
         "margin": 300.0 + a, "cost_to_serve": 40.0 + m}
        for a in range(8) for m, month in enumerate(MONTHS)
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(**changed)


def told(frame: pd.DataFrame) -> list[str]:
    return told_of(check_months, {"financials": frame}, date(2026, 6, 30))


def test_whole_months_have_no_fault_and_neither_has_a_steady_subscription():
    assert told(sent()) == []
    whole = sent()
    raised = whole["period"].dt.month.eq(1 + whole.index // 12)  # one account a month, for good
    months = raised.groupby(whole["account_id"]).cummax()
    assert told(whole.assign(revenue=500.0 + 40.0 * months)) == []


def test_a_month_that_lacks_between_others_is_told_by_its_name():
    frame = sent()
    (said,) = told(frame[frame["period"].ne(pd.Timestamp("2025-09-01"))])
    assert "column period: lacks 2025-09 for every account" in said
    assert told(frame[~(frame["period"].dt.month.eq(9) & frame["account_id"].eq("A1"))]) == []


@pytest.mark.parametrize(("share", "faulty"), [(0.12, True), (0.45, True), (0.8, False)])
def test_a_last_month_that_is_not_over_is_told(share, faulty):
    frame = sent()
    last = frame["period"].eq(MONTHS[-1])
    frame.loc[last, "revenue"] *= share
    frame.loc[last, ["margin"]] = 10.0
    found = [one for one in told(frame) if "in 2026-06, the last one" in one]
    assert len(found) == faulty


def test_a_copied_month_is_told():
    frame = sent()
    before = frame.loc[frame["period"].eq(MONTHS[1]), "revenue"].to_numpy()
    frame.loc[frame["period"].eq(MONTHS[2]), "revenue"] = before
    (said,) = told(frame)
    assert "of 2025-09 is that of the month before in 100% of the accounts" in said


@pytest.mark.parametrize(("until", "faulty"), [("2025-12", True), ("2026-01", False)])
def test_months_that_end_long_before_the_day_of_the_data_are_told(until, faulty):
    frame = sent()
    found = told(frame[frame["period"] <= until])
    assert [("months before as_of" in one) for one in found] == [True] * faulty


def test_margins_and_costs_that_are_none_are_told():
    frame = sent()
    (said,) = told(frame.assign(margin=frame["revenue"]))
    assert "column margin: equals revenue in 96 rows" in said
    frame.loc[4, "margin"] = 99_000.0
    (said,) = told(frame)
    assert "row 5, column margin: '99000' is more than the revenue of its row" in said
    (said,) = told(sent(cost_to_serve=90_000.0))
    assert "column cost_to_serve: is 90,000 in the middle row" in said


def divided(*, by_year=False, moving=0.0):
    """Two years of twelve accounts, the same in every month, or from one year to the next."""
    rng = np.random.default_rng(5)
    rows, periods = [], pd.period_range("2024-07", "2026-06", freq="M").to_timestamp()
    for own in range(40):
        amount = float(rng.integers(20_000, 90_000))
        for n, period in enumerate(periods):
            if (by_year and n == 12) or rng.random() < moving:
                amount = round(amount * rng.uniform(0.9, 1.2), 2)
            rows.append((f"A{own}", period, round(amount / 12, 2)))
    return pd.DataFrame(rows, columns=["account_id", "period", "revenue"])


@pytest.mark.parametrize("by_year", [False, True])
def test_the_same_in_every_month_is_told(by_year):
    (found,) = told(divided(by_year=by_year))
    months = 22 if by_year else 23
    assert (
        f"column revenue: is that of the month before for nearly all accounts in {months} of 23"
        in found
    )
    assert "as where the sum of a year was divided" in found


def test_months_in_which_hardly_any_account_buys_are_left_alone():
    frame = divided(moving=1.0)
    buyers = frame["revenue"].where(frame["account_id"].eq("A0"), 0.0)
    idle = frame.assign(account_id="B" + frame["account_id"], revenue=0.0)
    assert told(pd.concat([frame.assign(revenue=buyers), idle])) == []


def test_subscriptions_that_change_now_and_then_are_left_alone():
    assert told(divided(moving=1 / 12)) == []

"""Days that stand for none, days that have not come, answers all of one moment."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from checking import told

from helpers.study.odd_dates import check_days

DAYS = pd.Series(pd.date_range("2025-01-01", periods=20))
ACCOUNTS = pd.DataFrame({"account_id": [f"A{n}" for n in range(20)], "start_date": DAYS})
ANSWERS = pd.DataFrame({"response_id": [f"r{n}" for n in range(20)], "wave": "W",
                        "completed_at": DAYS + pd.Timedelta(hours=9)})  # fmt: skip


def said(accounts: pd.DataFrame = ACCOUNTS, answers: pd.DataFrame = ANSWERS) -> list[str]:
    tables = {"responses": answers, "accounts": accounts}
    return told(check_days, tables, date(2026, 6, 30))


def test_days_that_can_be_have_no_fault():
    assert said() == []
    assert said(answers=ANSWERS.assign(completed_at=pd.Timestamp("2026-05-04"))) == []  # one day


@pytest.mark.parametrize("day", ["1900-01-01", "1970-01-01", "1899-12-30", "2099-12-31"])
def test_a_day_that_stands_for_none_is_told_with_the_line(day):
    frame = ACCOUNTS.copy()
    frame.loc[[3, 4], "start_date"] = pd.Timestamp(day)
    text = next(one for one in said(frame) if "systems write" in one)
    assert f"row 4, column start_date: '{day}' is a day that systems write" in text
    assert f'missing: {{start_date: ["{day} 00:00:00"]}}' in text


def test_a_beginning_that_lies_ahead_is_told():
    frame = ACCOUNTS.copy()
    frame.loc[2, "start_date"] = pd.Timestamp("2026-07-01")
    (text,) = said(frame)
    assert "row 3, column start_date: '2026-07-01' lies after as_of (2026-06-30)" in text


def test_answers_all_of_one_moment_are_told():
    (text,) = said(answers=ANSWERS.assign(completed_at=pd.Timestamp("2026-05-04 10:31")))
    assert "column completed_at: '2026-05-04 10:31' is the same moment in 20 answers of W" in text

"""Internal metrics in another unit than the others of their kind, and noughts for blanks."""

from __future__ import annotations

import pandas as pd
import pytest
from checking import told

from helpers.study.measure_checks import check_measures

ROWS = 60


def measured(**changed: object) -> pd.DataFrame:
    frame = pd.DataFrame({
        "account_id": [f"A{n % 10}" for n in range(ROWS)],
        "period": pd.Timestamp("2026-01-01"), "metric": ["on_time", "wait"] * 30,
        "value": [95.0 - n % 7 if n % 2 == 0 else 20.0 + n % 9 for n in range(ROWS)],
        "unit_of_measure": ["%", "hours"] * 30, "target": [95.0, 24.0] * 30,
    })  # fmt: skip
    return frame.assign(**changed)


def said(frame: pd.DataFrame) -> list[str]:
    return told(check_measures, {"ops_metrics": frame})


def test_metrics_in_one_unit_have_no_fault():
    assert said(measured()) == []


@pytest.mark.parametrize(("metric", "times"), [("on_time", 0.01), ("wait", 60.0), ("wait", 1000.0)])
def test_values_in_another_unit_are_told(metric, times):
    frame = measured()
    odd = frame.index[frame["metric"].eq(metric)][:8]
    frame.loc[odd, "value"] *= times
    text = said(frame)[0]
    assert f"row {odd[0] + 1}, column value: " in text and "in the middle row of" in text


def test_noughts_among_high_values_are_told_and_those_of_a_low_metric_not():
    frame = measured()
    odd = frame.index[frame["metric"].eq("on_time")][:6]
    frame.loc[odd, "value"] = 0.0
    (text,) = said(frame)
    assert "row 1, column value: '0' stands in 6 rows of on_time" in text
    few = measured(value=[float(n % 4) for n in range(ROWS)], target=2.0)
    assert said(few) == []


def test_what_is_no_per_cent_is_told():
    frame = measured()
    frame.loc[0, "value"] = 130.0
    (text,) = said(frame)
    assert "row 1, column value: '130' is no per cent of on_time" in text


def test_a_target_in_another_unit_is_told():
    (text,) = said(measured(target=[0.95, 24.0] * 30))
    assert "column target: '0.95' is the target of on_time, whose middle value is 92" in text

"""What is planned, promised and predicted, against the day of the data and the other tables."""

from __future__ import annotations

import pandas as pd
import pytest
from checking import told

from helpers.study.codebook import Codebook, Question
from helpers.study.config import Config
from helpers.study.promises import check_promises

BOOK = Codebook((Question("delivery", "driver", "D?", "Delivery", 0.0, 10.0),
                 Question("why", "comment", "Why?", "Why")))  # fmt: skip
CONFIG = Config(name="A", as_of="2026-06-30", wave="W")
DAY = pd.Timestamp("2025-01-20")
TABLES = {
    "actions": pd.DataFrame({
        "action_id": ["A1", "A2", "A3"], "name": ["x", "y", "z"],
        "function": ["Service", "Service", "Sales"], "months": [3.0, 12.0, 24.0],
        "earliest_quarter": ["2026Q3", None, "2026Q2"],
    }),
    "action_effects": pd.DataFrame({
        "action_id": ["A1", "A2", "A3"] * 2, "change_low": 0.1, "change_mid": 0.4,
        "change_high": 0.6,
    }),
    "communications": pd.DataFrame({
        "what": ["p", "q"], "action_id": ["A1", None], "promised_at": DAY,
        "delivered_at": [DAY + pd.Timedelta(days=9), pd.NaT],
        "told_at": [DAY + pd.Timedelta(days=9), pd.NaT],
    }),
    "benchmarks": pd.DataFrame({"metric": ["nps", "delivery"], "scale": ["0-10", "1-5"],
                                "year": [2025.0, 2024.0], "p25": [10.0, 3.0], "p50": [26.0, 4.0]}),
    "ledger": pd.DataFrame({"metric": ["loyalty", "delivery"], "predicted": [75.0, 7.0],
                            "low": [74.0, 6.0], "high": [76.0, 8.0], "actual": [float("nan")] * 2}),
    "comments": pd.DataFrame({"response_id": ["r1"], "question": ["why"], "text": ["Late."]}),
    "tickets": pd.DataFrame({"ticket_id": ["T1", "T2"], "root_cause": ["delivery", "weather"]}),
}  # fmt: skip


def said(table: str = "actions", **columns: object) -> list[str]:
    tables = {**TABLES, table: TABLES[table].assign(**columns)}
    return told(check_promises, tables, BOOK, CONFIG)


def test_a_plan_in_order_has_no_fault():
    assert said() == []


@pytest.mark.parametrize(
    ("table", "columns", "expected"),
    [
        ("actions", {"earliest_quarter": ["2026Q1", None, None]}, "'2026Q1' is over before as_of"),
        ("actions", {"months": [3.0, 240.0, 24.0]}, "row 2, column months: '240' is the number"),
        ("actions", {"function": ["Service", "Service", "Servcie"]}, "'Servcie' is a function of"),
        ("actions", {"name": ["x", "y", "X"]}, "row 3, column name: 'X' is the name of an earlier"),
        ("actions", {"action_id": ["A1", "A2", "A9"]}, "'A9' has no row in action_effects.csv"),
        ("action_effects", {"change_low": 0.0, "change_mid": [0.0, *[0.4] * 5],
                            "change_high": [0.0, *[0.6] * 5]}, "is said to move nothing"),
        ("action_effects", {"change_mid": 0.004}, "is at most 0.004 points in all 6 rows"),
        ("communications", {"told_at": [DAY - pd.Timedelta(days=9), pd.NaT]}, "before promised_at"),
        ("communications", {"delivered_at": pd.NaT}, "told of what was not delivered"),
        ("communications", {"action_id": ["A7", None]}, "'A7' is no action_id of actions.csv"),
        ("benchmarks", {"scale": ["0–10", "1-5"]}, "row 1, column scale: '0–10' is no scale"),
        ("benchmarks", {"scale": ["0 to 10", "1-5"]}, "Write its ends with a hyphen"),
        ("benchmarks", {"year": [2062.0, 2024.0]}, "row 1, column year: '2062' is no year up to"),
        ("benchmarks", {"p25": [0.1, 3.0], "p50": [0.26, 4.0]}, "Write a net promoter score of"),
        ("benchmarks", {"metric": ["NPS", "delivery"]}, "'NPS' is nearly nps"),
        ("ledger", {"low": [99.0, 6.0]}, "row 1, column low: '99' lies above predicted"),
        ("ledger", {"high": [1.0, 8.0]}, "row 1, column high: '1' lies below predicted"),
        ("ledger", {"actual": 0.0}, "is 0 in every row that is filled in"),
        ("ledger", {"metric": ["loyality", "delivery"]}, "'loyality' is nearly loyalty"),
        ("comments", {"question": "whyy"}, "row 1, column question: 'whyy' is nearly why"),
        ("tickets", {"root_cause": ["delivry", None]}, "'delivry' is nearly delivery"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_told(table, columns, expected):
    found = said(table, **columns)
    assert len(found) == 1 and expected in found[0]

"""Contracts, offers and cases whose cells contradict each other, or that are there twice."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from checking import told

from helpers.study.deal_checks import check_deals

DAY = pd.Timestamp("2025-01-01")
CONTRACTS = pd.DataFrame({
    "contract_id": [f"K{n}" for n in range(12)], "account_id": [f"A{n % 5}" for n in range(12)],
    "start": [DAY + pd.Timedelta(days=n) for n in range(12)],
    "end": [DAY + pd.Timedelta(days=365 + n) for n in range(12)],
    "value": [100.0 + n for n in range(12)], "renewed": [True, True, True, False] * 3,
    "renewed_value": [110.0, 120.0, 130.0, None] * 3,
})  # fmt: skip
OFFERS = pd.DataFrame({
    "opportunity_id": [f"O{n}" for n in range(12)], "account_id": [f"A{n % 5}" for n in range(12)],
    "product_id": "P1", "created": CONTRACTS["start"], "amount": CONTRACTS["value"],
    "closed": CONTRACTS["end"], "won": [True, False] * 6,
})  # fmt: skip
CASES = pd.DataFrame({
    "ticket_id": [f"T{n}" for n in range(12)], "account_id": [f"A{n % 5}" for n in range(12)],
    "contact_id": [f"C{n % 5}" for n in range(12)], "trigger": "complaint",
    "created_at": CONTRACTS["start"] + pd.Timedelta(hours=9),
    "first_contact_at": CONTRACTS["start"] + pd.Timedelta(hours=12),
    "closed_at": CONTRACTS["start"] + pd.Timedelta(days=3),
})  # fmt: skip
PEOPLE = pd.DataFrame({"contact_id": [f"C{n}" for n in range(5)],
                       "account_id": [f"A{n}" for n in range(5)]})  # fmt: skip
TABLES = {"contracts": CONTRACTS, "opportunities": OFFERS, "tickets": CASES, "contacts": PEOPLE}


def said(name: str = "", frame: pd.DataFrame | None = None) -> list[str]:
    tables = TABLES if frame is None else {**TABLES, name: frame}
    return told(check_deals, tables, date(2026, 6, 30))


def test_deals_in_order_have_no_fault():
    assert said() == []


@pytest.mark.parametrize(
    ("name", "column", "rows", "value", "expected"),
    [
        ("contracts", "renewed", [0], False, "row 1, column renewed_value: '110' is the value of"),
        ("contracts", "renewed_value", [0], None, "row 1, column renewed: 'yes' is yes, and ren"),
        ("contracts", "end", [2], pd.Timestamp("2027-12-31"), "more than a year after as_of"),
        ("opportunities", "closed", [0], pd.NaT, "row 1, column won: 'yes' is yes, and closed is"),
        ("tickets", "account_id", [3], "A1", "row 4, column account_id: 'A1' is another account"),
    ],
)
def test_what_contradicts_itself_is_told(name, column, rows, value, expected):
    frame = TABLES[name].copy()
    frame.loc[rows, column] = value
    (text,) = said(name, frame)
    assert expected in text


@pytest.mark.parametrize("name", ["contracts", "opportunities", "tickets"])
def test_rows_that_are_there_twice_under_other_ids_are_told(name):
    frame = TABLES[name]
    key = frame.columns[0]
    again = frame.head(2).assign(**{key: ["X1", "X2"]})
    (text,) = said(name, pd.concat([frame, again]))
    assert f"row 13, column {key}: 'X1' repeats an earlier row under another {key}" in text


def test_cases_that_ended_in_the_moment_in_which_they_began_are_told():
    (text,) = said("tickets", CASES.assign(closed_at=CASES["created_at"]))
    assert "column closed_at: is created_at itself in 12 of 12 cases" in text
    days = CASES["created_at"].dt.normalize()
    assert said("tickets", CASES.assign(created_at=days, first_contact_at=days)) == []


def test_cases_alike_of_which_nobody_is_named_may_be_two():
    again = CASES.head(2).assign(ticket_id=["X1", "X2"])
    frame = pd.concat([CASES, again]).assign(contact_id=None)
    assert said("tickets", frame) == []

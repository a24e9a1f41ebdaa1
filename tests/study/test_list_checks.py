"""Lists of accounts, contacts and products against sense."""

from __future__ import annotations

import pandas as pd
import pytest
from checking import told

from helpers.study.list_checks import check_lists

ROWS = 30
ACCOUNTS = pd.DataFrame({
    "account_id": [f"A{n}" for n in range(ROWS)], "name": [f"N{n}" for n in range(ROWS)],
    "parent_id": [None, "A0", *[None] * (ROWS - 2)],
    "growth_pct": [float(n % 9) - 3 for n in range(ROWS)],
    "units_total": [float(n % 5 + 1) for n in range(ROWS)],
    "partnership_a": [float(n % 11) for n in range(ROWS)],
    "partnership_b": [float(n % 10) for n in range(ROWS)],
    "end_date": pd.to_datetime(["2025-01-01", *[None] * (ROWS - 1)]),
    "end_reason": ["price", *[None] * (ROWS - 1)],
})  # fmt: skip
CONTACTS = pd.DataFrame({
    "contact_id": [f"C{n}" for n in range(ROWS)], "account_id": ACCOUNTS["account_id"],
    "active": [True, False] * 15, "opt_out": [False] * 29 + [True],
    "email": [f"p{n}@acme.com" for n in range(ROWS)],
})  # fmt: skip
PRODUCTS = pd.DataFrame({"product_id": ["P1", "P2"], "name": ["Pump", "Valve"],
                         "price": [10.0, 20.0]})  # fmt: skip


def said(**changed: dict[str, object]) -> list[str]:
    tables = {"accounts": ACCOUNTS, "contacts": CONTACTS, "products": PRODUCTS}
    made = {name: frame.assign(**changed.get(name, {})) for name, frame in tables.items()}
    return told(check_lists, made)


def test_lists_in_order_have_no_fault():
    assert said() == []


def put(frame: pd.DataFrame, column: str, **cells: object) -> dict[str, object]:
    values = frame[column].astype(object)
    for place, value in cells.items():
        values.iloc[int(place[1:])] = value
    return {column: values}


@pytest.mark.parametrize(
    ("table", "columns", "expected"),
    [
        ("accounts", put(ACCOUNTS, "parent_id", _4="A4"), "row 5, column parent_id: 'A4' is the"),
        ("accounts", put(ACCOUNTS, "parent_id", _0="A1"), "an account that belongs to this one"),
        ("accounts", {"growth_pct": ACCOUNTS["growth_pct"].where(ACCOUNTS.index != 7, 4500.0)},
         "row 8, column growth_pct: '4500' is the growth of a year in per cent."),
        ("accounts", {"growth_pct": ACCOUNTS["growth_pct"] * 100}, "that of half of the accounts"),
        ("accounts", {"units_total": ACCOUNTS["units_total"].where(ACCOUNTS.index > 9, 0.0)},
         'counts as nothing; rows 2, 3, 4, 5, and 5 more alike. If it stands for no value, declare '
         '`formats: {accounts: {missing: {units_total: ["0.0"]}}}`'),
        ("accounts", {f"partnership_{n}": ACCOUNTS["partnership_a"] % 5 + 1 for n in "ab"},
         "column partnership_a: and 1 more run from 1 to 5"),
        ("accounts", {"end_reason": "price"}, "row 2, column end_reason: 'price' says why"),
        ("contacts", {"active": False}, "is no for all 30 contacts"),
        ("contacts", {"opt_out": True}, "is yes for all 30 contacts"),
        ("products", {"name": "Pump"}, "row 2, column name: 'Pump' is the name of an earlier"),
        ("products", {"price": [0.0, 20.0]}, "'0' stands in 1 of 2 rows"),
    ],
)  # fmt: skip
def test_what_cannot_be_of_a_list_is_told(table, columns, expected):
    (text,) = said(**{table: columns})
    assert expected in text


def test_a_person_under_two_ids_is_told_without_the_address():
    mails = CONTACTS["email"].where(CONTACTS.index != 5, "P2@acme.com")
    (text,) = said(contacts={"email": mails})
    assert "row 6, column email: is the address of an earlier contact too" in text
    assert "@" not in text
    assert said(contacts={"email": "info@acme.com"}) == []  # one address for all is no person's

"""What may be wrong with the money and the dates that loyalty is set against."""

from __future__ import annotations

import pytest

from helpers.study import check_client

ACCOUNTS = "account_id,name,start_date,end_date\n007,B,{b}\n008,M,,\n009,N,,\n"
MONEY = "account_id,period,revenue\n007,2026-01,{}\n007,2026-02,{}\n008,2026-01,{}\n"


def told(folder, severity="error"):
    return [str(fault) for fault in check_client(folder) if fault.severity == severity]


@pytest.mark.parametrize(
    ("start", "end"), [("2026-01-05", "2025-12-31"), ("2024-02-29", "2024-02-28")]
)
def test_an_account_that_ended_before_it_began_is_named(client, start, end):
    text = ACCOUNTS.replace("{b}", f"{start},{end}")
    (found,) = told(client({"accounts.csv": text}))
    assert "accounts.csv, row 1, column end_date" in found
    assert f"lies before start_date ({start})" in found


@pytest.mark.parametrize(
    "amounts",
    [("$5", "€6", "$7"), ("5 USD", "6 EUR", "7 USD"), ("£5", "$6", "7"), ("CHF 5", "€6", "€7")],
)
def test_two_currencies_in_one_column_are_not_to_be_declared_away(client, amounts):
    (found,) = told(client({"financials.csv": MONEY.format(*amounts)}))
    assert "Amounts of several currencies stand in one column" in found
    assert "convert them all to one" in found
    assert "formats:" not in found


@pytest.mark.parametrize("amounts", [("$5", "6 USD", "$7"), ("$5", "6 CAD", "7")])
def test_signs_that_may_mean_one_currency_are_to_be_declared(client, amounts):
    (found,) = told(client({"financials.csv": MONEY.format(*amounts)}))
    assert "formats: {financials: {currency:" in found


@pytest.mark.parametrize("amounts", [("€5", "$6", "€7"), ("5 EUR", "$6", "$7"), ("$5", "6", "€7")])
def test_two_currencies_that_were_declared_are_not_added_up(client, amounts):
    folder = client(
        {"financials.csv": MONEY.format(*amounts)},
        formats='{financials: {currency: ["€", "EUR", "$"]}}',
    )
    (found,) = told(folder)
    assert "has the sign $" in found
    assert "Convert all amounts to EUR" in found


def test_one_foreign_sign_throughout_is_a_warning_as_before(client):
    folder = client(
        {"financials.csv": MONEY.format("$5", "$6", "$7")},
        formats='{financials: {currency: ["€", "$"]}}',
    )
    assert told(folder) == []
    assert any("client.yml declares EUR" in line for line in told(folder, "warning"))


def test_revenue_with_signs_throughout_says_what_to_declare(client):
    (found,) = told(client({"financials.csv": MONEY.format("€5", "€6", "€7")}))
    assert 'formats: {financials: {currency: "€"}}' in found


@pytest.mark.parametrize("amount", ["(5)", "-5", "5-"])
def test_negative_revenue_is_read_or_asked_about_never_dropped(client, amount):
    lines = [str(f) for f in check_client(client({"financials.csv": MONEY.format(amount, 6, 7)}))]
    assert any("revenue" in line for line in lines)


def test_one_month_of_revenue_is_a_warning_that_says_what_linkage_needs(client):
    text = "account_id,period,revenue\n007,2026-01,5\n008,2026-01,6\n009,2026-01,7\n"
    found = told(client({"financials.csv": text}), "warning")
    assert any("holds one month only. Linkage needs at least 12 months" in line for line in found)


@pytest.mark.parametrize("period", ["2025-03-01", "2020-01-01"])
def test_an_outcome_before_its_survey_is_refused(client, period):
    text = f"account_id,wave,period,outcome,value\n007,2026H1,{period},index,3\n"
    folder = client({"outcomes.csv": text}, waves="{2025H2: 2025-11-15, 2026H1: 2026-05-15}")
    (found,) = told(folder)
    assert "lies before its survey (2026H1, 2026-05-15)" in found


@pytest.mark.parametrize(("rank", "suppliers"), [(3, 2), (2, 1)])
def test_a_rank_beyond_the_number_of_suppliers_is_refused(client, rank, suppliers):
    text = (
        f"account_id,name,supplier_rank,suppliers\n007,B,{rank},{suppliers}\n008,M,1,1\n009,N,,\n"
    )
    (found,) = told(client({"accounts.csv": text}))
    assert "row 1, column supplier_rank" in found
    assert f"beyond the {suppliers} suppliers" in found


def test_a_rank_of_nothing_is_refused(client):
    text = "account_id,name,supplier_rank,suppliers\n007,B,0,2\n008,M,1.5,2\n009,N,,\n"
    (found,) = told(client({"accounts.csv": text}))
    assert "column supplier_rank: '0'" in found

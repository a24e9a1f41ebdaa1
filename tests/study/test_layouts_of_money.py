"""Financials as finance departments send them: quarters, sums to date, pivots, other units."""

from __future__ import annotations

import io

import pandas as pd
import pytest
import xlsxwriter

from helpers.study import check_client, open_study

IDS = [f"{n:03d}" for n in range(1, 9)]
HEAD = "account_id,period,revenue\n"


def sheet(periods, revenue, column="revenue"):
    rows = [(own, p, revenue(n, m)) for n, own in enumerate(IDS) for m, p in enumerate(periods)]
    return pd.DataFrame(rows, columns=["account_id", "period", column]).to_csv(index=False)


def told(client, files, **keys):
    faults = check_client(client(files, **keys))
    return [
        str(fault) for fault in faults if "008, 009" not in str(fault) and "007" not in str(fault)
    ]


def varied(n, m):
    return 100 + (37 * n + 61 * m) % 90


MONTHS = [f"2025-{m:02d}" for m in range(7, 13)] + [f"2026-{m:02d}" for m in range(1, 7)]


@pytest.mark.parametrize(
    ("periods", "what"),
    [
        (
            ("2025-06-30", "2025-09-30", "2025-12-31", "2026-03-31"),
            "steps of 3 months, as sums of qu",
        ),
        (("2024-12", "2025-06", "2025-12"), "steps of 6 months, as sums of half years do"),
        (("2024-01-01", "2025-01-01", "2026-01-01"), "steps of 12 months, as sums of years do"),
    ],
)
def test_sums_of_longer_periods_are_told(client, periods, what):
    found = " | ".join(told(client, {"financials.csv": sheet(periods, varied)}))
    assert what in found and "divide each among its" in found


def test_months_in_a_row_or_of_few_accounts_are_none(client):
    assert told(client, {"financials.csv": sheet(MONTHS, varied)}) == []
    rows = "".join(f"007,{p},5\n" for p in ("2025-06", "2025-09", "2025-12", "2026-03"))
    assert not any("steps" in t for t in told(client, {"financials.csv": HEAD + rows}))


def test_sums_of_the_year_to_date_are_told(client):
    def running(n, m):
        first = 0 if m < 6 else 6
        return sum(varied(n, k) for k in range(first, m + 1))

    (found,) = told(client, {"financials.csv": sheet(MONTHS, running)})
    assert "goes up in 100% of all months within a year, as sums since January do" in found
    (found,) = told(client, {"financials.csv": sheet(MONTHS[6:], lambda n, m: running(n, m + 6))})
    assert "as sums since January do" in found


def test_accounts_that_grow_a_little_every_month_are_no_sums(client):
    grown = sheet(MONTHS, lambda n, m: 100 + n + m)
    assert told(client, {"financials.csv": grown}) == []


def test_revenue_booked_below_nothing_is_an_error(client):
    (found,) = told(client, {"financials.csv": sheet(MONTHS, lambda n, m: -varied(n, m))})
    assert "is below 0 in 96 of 96 rows, as a ledger books sales" in found
    some = sheet(MONTHS, lambda n, m: -5 if (n, m) == (2, 3) else varied(n, m))
    (found,) = told(client, {"financials.csv": some})
    assert "Refunds and credits are taken off" in found


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Revenue in TEUR", "says that its amounts are in thousands"),
        ("Umsatz (k€)", "says that its amounts are in thousands"),
        ("Umsatz in Tsd. EUR", "says that its amounts are in thousands"),
        ("Revenue (EUR '000)", "says that its amounts are in thousands"),
        ("CA (kEUR)", "says that its amounts are in thousands"),
        ("Sales EUR k", "says that its amounts are in thousands"),
        ("Revenue in thousands", "says that its amounts are in thousands"),
        ("Umsatz Mio. EUR", "says that its amounts are in millions"),
        ("Revenue (EUR m)", "says that its amounts are in millions"),
        ("Revenue (USD)", "is not the currency of client.yml (EUR)"),
        ("Revenue £", None),
        ("Revenue (EUR)", None),
        ("Net revenue total", None),
        ("Sales per month", None),
        ("Kundenumsatz", None),
        ("Market revenue", None),
    ],
)
def test_a_column_that_names_another_unit_is_an_error(client, name, said):
    files = {"financials.csv": sheet(MONTHS, varied, name)}
    found = told(client, files, formats=f'{{financials: {{columns: {{revenue: "{name}"}}}}}}')
    assert (len(found) == 1 and said in found[0]) if said else found == []


def test_digits_that_a_spreadsheet_has_dropped_are_told(client):
    short = sheet(MONTHS, lambda n, m: f"{1000 * varied(n, m):.1E}")
    (found,) = told(client, {"financials.csv": short})
    assert "more are in scientific notation: the digits that it does not show are lost" in found


def test_ids_in_the_first_of_their_rows_alone_are_an_error(client):
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        page = workbook.add_worksheet()
        page.write_row(0, 0, ["account_id", "period", "revenue"])
        for n, own in enumerate(IDS):
            for m, month in enumerate(MONTHS[:3]):
                page.write_row(1 + 3 * n + m, 0, [own if m == 0 else None, month, varied(n, m)])
    (found,) = told(client, {"financials.xlsx": book.getvalue()})
    assert "row 2, column account_id: stands in the first of its rows alone: 16 rows" in found
    assert "Repeat All Item Labels" in found


def wide(columns, cell):
    rows = [",".join(["account_id", *columns])]
    rows += [",".join([own, *(str(cell(n, m)) for m in range(len(columns)))])
             for n, own in enumerate(IDS)]  # fmt: skip
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("names", [MONTHS[:4], ["Jan-26", "Feb-26", "Mar-26", "Apr-26"]])
def test_months_beside_each_other_are_told_with_a_query_that_reads_them(client, names):
    files = {"financials.csv": wide(names, varied)}
    found = check_client(client(files))
    (first,) = [f for f in found if f.column == "period"]
    assert "seem to be one for each month" in first.advice
    assert [f.advice for f in found if f.column == "revenue"] == ["See period."]
    query = "SELECT " + first.advice.split(": SELECT ")[1].rstrip(".")
    form = '{financials: {date: "%b-%y"}}' if names[0] == "Jan-26" else "{}"
    study = open_study(client({**files, "financials.sql": query}, formats=form))
    money = study.table("financials")
    assert len(money) == 4 * len(IDS)
    expected = sum(varied(n, m) for n in range(len(IDS)) for m in range(4))
    assert money["revenue"].sum() == expected


def test_products_beside_each_other_are_told_with_a_query_that_reads_them(client):
    marks = ("x", "", "0", "1")
    files = {"holdings.csv": wide(["Pump", "Valve A"], lambda n, m: marks[(n + m) % 4])}
    (first,) = [f for f in check_client(client(files)) if f.column == "product_id"]
    query = "SELECT " + first.advice.split(": SELECT ")[1].rstrip(".")
    held = open_study(client({**files, "holdings.sql": query})).table("holdings")
    names = list(enumerate(["Pump", "Valve A"]))
    expected = {
        (own, name)
        for n, own in enumerate(IDS)
        for m, name in names
        if marks[(n + m) % 4] in ("x", "1")
    }
    assert set(zip(held["account_id"], held["product_id"], strict=True)) == expected

"""A row that is the sum of others is told of."""

from __future__ import annotations

import pytest

from helpers.study import check_client

HEAD = "account_id,name,revenue\n"
ROWS = "007,Firm 1,1000\n008,Firm 2,1037\n009,Firm 3,1074\n010,Firm 4,1111\n"


def totals(folder):
    return [f for f in check_client(folder) if "seems to be a total" in f.problem]


@pytest.mark.parametrize(
    "last",
    [
        "Total,Total,4222\n",
        "Summe,,4222\n",
        ",Gesamt,4222\n",
        "x,Grand Total,4222\n",
        "x,Total général,4222\n",
        "TOTAL:,,4222.00\n",
        "Insgesamt,,9999\n",
        "x,whatever,4222\n",
    ],
)
def test_a_total_below_the_rows_is_named(client, last):
    (found,) = totals(client({"accounts.csv": HEAD + ROWS + last}))
    assert (found.severity, found.row) == ("warning", 5)


def test_a_total_above_the_rows_and_subtotals_are_named(client):
    (found,) = totals(client({"accounts.csv": HEAD + "x,y,4222\n" + ROWS}))
    assert found.row == 1
    two = ROWS.splitlines(keepends=True)
    text = (
        HEAD + "".join(two[:2]) + "x,Total North,2037\n" + "".join(two[2:]) + "y,Total South,2185\n"
    )
    (found,) = totals(client({"accounts.csv": text}))
    assert "rows 6" in found.problem


@pytest.mark.parametrize(
    "text",
    [
        HEAD + ROWS,
        HEAD + ROWS + "011,Total,777\n",  # a firm of that name
        HEAD + "007,a,100\n008,b,100\n009,c,200\n",  # too few rows to tell
        HEAD + ROWS + "011,Totally Yours,4\n",
    ],
)
def test_what_is_no_sum_is_no_total(client, text):
    assert not totals(client({"accounts.csv": text}))


def test_totals_of_months_population_and_contracts_are_named(client):
    months = "account_id,period,revenue\n007,2026-01,5\n008,2026-01,6\nTotal,2026-01,11\n"
    assert [f.row for f in totals(client({"financials.csv": months}))] == [3]
    people = "tier,size\nA,40\nB,60\nTotal,100\n"
    folder = client({"population.csv": people})
    (folder / "financials.csv").unlink()
    assert [f.row for f in totals(folder)] == [3]

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


RESPONSES = (
    "response_id,wave,account_id,nps,ease,trouble\nr1,2026H1,007,9,8,1\nr2,2026H1,008,3,9,5\n"
)


@pytest.mark.parametrize(
    "word", ["Average", "Mean:", "Mittelwert", "Durchschnitt", "MOYENNE", "Promedio", "Ø", "Total"]
)
def test_a_line_of_averages_below_the_answers_is_named(client, word):
    folder = client({"responses.csv": f"{RESPONSES}{word},2026H1,,6,8,3\n"})
    (found,) = [f for f in check_client(folder) if "totals or averages" in f.problem]
    assert (found.row, found.column, found.found) == (3, "response_id", word)


def test_an_average_in_a_list_is_named_and_a_firm_of_that_name_is_not(client):
    folder = client({"accounts.csv": f"{HEAD}{ROWS}Average,Average,1055.5\n"})
    assert [f.row for f in check_client(folder) if "totals or averages" in f.problem] == [5]
    for row in ("011,Average,1090\n", "Mean-1,Firm 5,1090\n"):
        folder = client({"accounts.csv": f"{HEAD}{ROWS}{row}"})
        assert not [f for f in check_client(folder) if "averages" in f.problem]

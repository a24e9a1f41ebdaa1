"""A row that is the sum of others is told of."""

from __future__ import annotations

import pytest

from helpers.study import check_client, open_study

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
    folder = client({"accounts.csv": HEAD + ROWS + last})
    (found,) = [fault for fault in check_client(folder) if "totals: drop" in fault.advice]
    assert found.row == 5
    if not last.rpartition(",")[0].endswith(","):  # else it lacks a name, which is said instead
        assert found.severity == "warning"


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


DROP = "{accounts: {totals: drop}, financials: {totals: drop}, population: {totals: drop}}"
MONTHS = "account_id,period,revenue\n007,2026-01,5\n008,2026-01,6\n009,2026-01,7\n"
TOTALS = {
    "a word below": ("accounts", HEAD + ROWS + "Total,Total,4222\n", "revenue", 4222),
    "a word in the name alone": ("accounts", HEAD + ROWS + ",Gesamt,4222\n", "revenue", 4222),
    "above, without a word": ("accounts", HEAD + "x,y,4222\n" + ROWS, "revenue", 4222),
    "each part and the whole": (
        "accounts",
        HEAD + ROWS[:32] + "s,Total North,2037\n" + ROWS[32:] + "t,Total South,2185\nTotal,,4222\n",
        "revenue",
        4222,
    ),
    "a line that is no month": ("financials", MONTHS + "Total,Total,18\n", "revenue", 18),
    "a line without a month": ("financials", MONTHS + "Summe,,18\n", "revenue", 18),
    "people": ("population", "tier,size\nA,40\nB,60\nTotal,100\n", "size", 100),
}  # fmt: skip


@pytest.mark.parametrize("name", TOTALS)
def test_the_rows_that_were_named_are_dropped_and_counted_where_declared(client, name):
    table, text, column, whole = TOTALS[name]
    before = [f for f in check_client(client({f"{table}.csv": text})) if "totals: drop" in f.advice]
    assert before
    folder = client({f"{table}.csv": text}, formats=DROP)
    assert not [f for f in check_client(folder) if "total" in f.problem or f.row]
    study = open_study(folder)
    assert study.tables[table][column].sum() == whole
    sent = len(text.splitlines()) - 1
    gone = sent - len(study.tables[table])
    assert f"{table}: rows of totals dropped, as declared ({gone})" in map(str, study.notes)


@pytest.mark.parametrize(
    "text", [HEAD + ROWS, HEAD + ROWS + "011,Total,777\n", HEAD + ROWS + "011,Totally Yours,4\n"]
)
def test_rows_that_are_no_totals_are_not_dropped(client, text):
    study = open_study(client({"accounts.csv": text}, formats=DROP))
    assert len(study.accounts) == len(text.splitlines()) - 1


def test_a_row_that_is_declared_no_total_is_kept_without_a_word(client):
    text = HEAD + ROWS + "011,Total,4222\n"
    folder = client({"accounts.csv": text}, formats="{accounts: {totals: keep}}")
    assert not totals(folder)
    assert len(open_study(folder).accounts) == 5


@pytest.mark.parametrize("word", ["Average", "Mean:", "Durchschnitt", "Total"])
def test_a_line_of_averages_is_dropped_where_declared(client, word):
    text = f"{RESPONSES}{word},2026H1,,6,8,3\n"
    study = open_study(client({"responses.csv": text}, formats="{responses: {totals: drop}}"))
    assert study.responses.index.to_list() == ["r1", "r2"]
    assert study.responses["nps"].to_list() == [9, 3]

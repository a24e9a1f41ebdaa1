"""Whatever a message advises is tried: put into client.yml, and the folder read again."""

from __future__ import annotations

import re

import pandas as pd
import pytest
import yaml

from helpers.study import check_client, open_study
from helpers.study.config import Format
from helpers.study.misfits import misfit_advice
from helpers.study.values import as_numbers

LINE = re.compile(r"`((?:formats|collapse|duplicates|numbers): \{[^`]*\})`")
ACCOUNTS = "account_id,name,start_date,revenue,growth_pct\n"
BAD = {
    "decimal commas": ['"3,5"', '"4,25"', "7"],
    "points between thousands": ['"1.234,50"', "1.234", "950"],
    "a currency": ["€ 200", "€ 300", "400"],
    "minus behind": ["200-", "300", "400"],
    "minus of its own sign": ["(300)", "\u2212200", "400"],
    "en dash and money": ["€ \u2013200", "400", "5"],
    "per cents": ["12%", "13 %", "5"],
    "Swiss": ["CHF 1'234.50", "CHF 99", "5"],
    "French": ['"1\u202f234,50"', '"99,00"', "5"],
    "words and marks": ['"1,5"', "n/a", "-"],
    "a word": ["n/a", "7", "5"],
    "commas between thousands or decimals": ['"1,234"', '"12,345"', "5"],
    "millions with points alone": ["1.234.567", "12.500", "5"],
}
TRUE = {
    "decimal commas": [[3.5, 4.25, 7]],
    "points between thousands": [[1234.5, 1234, 950]],
    "a currency": [[200, 300, 400]],
    "minus behind": [[-200, 300, 400]],
    "minus of its own sign": [[-300, -200, 400]],
    "en dash and money": [[-200, 400, 5]],
    "per cents": [[12, 13, 5]],
    "Swiss": [[1234.5, 99, 5]],
    "French": [[1234.5, 99, 5]],
    "words and marks": [[1.5, None, None]],
    "a word": [[None, 7, 5]],
    "commas between thousands or decimals": [[1234, 12345, 5], [1.234, 12.345, 5]],
    "millions with points alone": [[1234567, 12500, 5]],
}


def advised(folder):
    errors = [fault for fault in check_client(folder) if fault.severity == "error"]
    return errors, [yaml.safe_load(line) for fault in errors for line in LINE.findall(fault.advice)]


def declared(folder, keys):
    path = folder / "client.yml"
    merged = {**yaml.safe_load(path.read_text()), **keys}
    path.write_text(yaml.safe_dump(merged, allow_unicode=True))


@pytest.mark.parametrize("name", BAD)
def test_what_is_advised_of_numbers_reads_them_as_they_are(client, name):
    rows = "".join(f"A{n},F,2020-01-01,{cell},1\n" for n, cell in enumerate(BAD[name]))
    errors, lines = advised(client({"accounts.csv": ACCOUNTS + rows}))
    assert len(errors) == 1
    assert len(lines) == len(TRUE[name])
    for keys, true in zip(lines, TRUE[name], strict=True):
        folder = client({"accounts.csv": ACCOUNTS + rows})
        declared(folder, keys)
        found = open_study(folder).accounts
        assert [None if pd.isna(v) else v for v in found["revenue"]] == true
        assert found["growth_pct"].to_list() == [1, 1, 1]


@pytest.mark.parametrize(
    ("days", "read"),
    [
        (["01/02/2020", "01/05/2020"], ["2020-02-01 2020-05-01", "2020-01-02 2020-01-05"]),
        (["1.2.2020", "3.4.2020"], ["2020-02-01 2020-04-03", "2020-01-02 2020-03-04"]),
        (["01/02/2020", "25/05/2020"], ["2020-02-01 2020-05-25"]),
        (["01/02/2020", "05/25/2020"], ["2020-01-02 2020-05-25"]),
        (["2020/02/01", "2020/05/25"], ["2020-02-01 2020-05-25"]),
        (["20200201", "20200525"], ["2020-02-01 2020-05-25"]),
        (["1 Feb 2020", "25 May 2020"], ["2020-02-01 2020-05-25"]),
        (["01/02/2020", "2020-05-25"], []),
        (["13/02/2020", "02/13/2020"], []),
    ],
)
def test_what_is_advised_of_dates_reads_all_and_names_both_orders_where_both_fit(
    client, days, read
):
    rows = "".join(f"A{n},F,{day},5,1\n" for n, day in enumerate(days))
    errors, lines = advised(client({"accounts.csv": ACCOUNTS + rows}))
    assert len(errors) == 1
    found = []
    for keys in lines:
        folder = client({"accounts.csv": ACCOUNTS + rows})
        declared(folder, keys)
        found.append(" ".join(open_study(folder).accounts["start_date"].dt.strftime("%Y-%m-%d")))
    assert found == read
    if len(read) == 2:
        assert errors[0].advice.count(days[0]) == 2


def test_months_that_may_be_days_of_january_are_named_both_ways(client):
    text = "account_id,period,revenue\n007,01/01/2026,1\n007,02/01/2026,2\n007,03/01/2026,3\n"
    (error,), lines = advised(client({"financials.csv": text}))
    assert [line["formats"]["financials"]["date"] for line in lines] == ["%d/%m/%Y", "%m/%d/%Y"]
    assert "1 January 2026" in error.advice
    assert "1 February 2026" in error.advice
    folder = client({"financials.csv": text}, formats='{financials: {date: "%d/%m/%Y"}}')
    (error,), lines = advised(folder)  # all are of January: no advice throws months away
    assert not lines
    assert "period ('01/01/2026' and '02/01/2026')" in error.advice


def test_a_form_that_another_column_of_the_file_is_not_in_is_not_advised(client):
    text = "contract_id,account_id,start,end,value\nc1,007,2026-01-01,31/12/2026,5\n"
    errors, lines = advised(client({"contracts.csv": text}))
    assert errors
    assert not lines
    text = ACCOUNTS + 'A1,F,2020-01-01,"3,5",2.5\n'
    errors, lines = advised(client({"accounts.csv": text}))
    assert errors
    assert not lines


@pytest.mark.parametrize("text", ["3k", "2 Mio", "12 Stück", "Q1 2026", "1,2,3", "--5"])
def test_what_no_declaration_reads_is_said_to_be_so(text):
    advice = misfit_advice(pd.Series([text, "5"], dtype=object), "number", "financials")
    assert not LINE.findall(advice)
    assert "missing" not in advice


@pytest.mark.parametrize("text", ["\u2212200", "\u2013200", "\uff0d200", "\u2212 200"])
def test_a_minus_of_any_kind_is_one(text):
    values, misfits = as_numbers(pd.Series([text], dtype=object), Format())
    assert (values.iloc[0], misfits.iloc[0]) == (-200, False)


@pytest.mark.parametrize(
    ("text", "keys", "value"),
    [
        ("100-", {}, None),
        ("100-", {"trailing_minus": True}, -100),
        ("-100-", {"trailing_minus": True}, None),
        ("1.234,50- €", {"decimal": ",", "thousands": ".", "currency": "€",
                         "trailing_minus": True}, -1234.5),
        ("-", {"trailing_minus": True}, None),
    ],
)  # fmt: skip
def test_a_minus_behind_a_number_is_one_where_it_is_declared(text, keys, value):
    values, misfits = as_numbers(pd.Series([text], dtype=object), Format(**keys))
    assert (None if misfits.iloc[0] else values.iloc[0]) == value


CODES = "account_id,name,revenue,growth_pct,region\nA1,-,-,1,-\nA2,n/a,7,n/a,n/a\nNA,F,5,2,N\n"


def test_a_text_is_missing_in_the_columns_that_are_named_and_nowhere_else(client):
    form = "{accounts: {missing: {revenue: [-], growth_pct: n/a}}}"
    found = open_study(client({"accounts.csv": CODES}, formats=form)).accounts
    assert found["revenue"].isna().to_list() == [True, False, False]
    assert found["growth_pct"].isna().to_list() == [False, True, False]
    assert found["name"].to_list() == ["-", "n/a", "F"]
    assert found["region"].to_list() == ["-", "n/a", "N"]


@pytest.mark.parametrize(
    "form", ["[-, n/a]", '{"*": [-, n/a]}', '{"*": n/a, revenue: -, region: -}']
)
def test_texts_of_the_whole_table_and_of_columns_go_together(client, form):
    text = CODES.replace("A1,-", "A1,G").replace("A2,n/a", "A2,H")
    found = open_study(client({"accounts.csv": text}, formats=f"{{accounts: {{missing: {form}}}}}"))
    assert found.accounts["revenue"].isna().to_list() == [True, False, False]
    assert found.accounts["region"].isna().to_list() == [True, True, False]
    assert found.accounts["account_id"].to_list() == ["A1", "A2", "NA"]


def test_an_id_is_missing_only_where_its_column_is_named(client):
    text = "account_id,name,parent_id\nA1,F,none\nA2,G,A1\n"
    form = "{accounts: {missing: [none]}}"
    assert (
        open_study(client({"accounts.csv": text}, formats=form)).accounts["parent_id"][0] == "none"
    )
    form = "{accounts: {missing: {parent_id: none}}}"
    found = open_study(client({"accounts.csv": text}, formats=form)).accounts
    assert found["parent_id"].isna().to_list() == [True, False]


def test_a_column_under_missing_that_is_not_there_is_an_error_with_the_nearest_name(client):
    text = "account_id,name,revenue\nA1,F,-\n"
    form = "{accounts: {missing: {revenu: [-]}}}"
    errors, _ = advised(client({"accounts.csv": text}, formats=form))
    assert errors[0].column == "formats.accounts.missing.revenu"
    assert errors[0].advice == "Did you mean revenue?"


def test_what_is_advised_for_one_column_touches_no_other(client):
    text = "account_id,name,revenue,growth_pct\nA1,-,-,1\nA2,G,7,2\n"
    _, (keys,) = advised(client({"accounts.csv": text}))
    assert keys == {"formats": {"accounts": {"missing": {"revenue": ["-"]}}}}
    folder = client({"accounts.csv": text})
    declared(folder, keys)
    assert open_study(folder).accounts["name"].to_list() == ["-", "G"]


@pytest.mark.parametrize(
    "written", ["2026-Q1", "Q1 2026", "1Q26", "2026H1", "2026-W07", "KW 7 2026", "week 7"]
)
def test_a_quarter_or_a_week_is_no_month_in_another_form(client, written):
    text = f"account_id,period,revenue\n007,{written},1\n008,{written},2\n"
    (found,) = [f for f in check_client(client({"financials.csv": text})) if f.column == "period"]
    assert found.advice.startswith("A row of financials is a month: divide quarters")
    assert "`date`" not in found.advice


def test_a_declaration_that_leaves_answers_beyond_their_scale_is_not_advised(client):
    rows = "".join(f"r{n},2026H1,007,{n + 3},{n + 2}0%,1\n" for n in range(5))
    head = "response_id,wave,account_id,nps,ease,trouble\n"
    told = [f for f in check_client(client({"responses.csv": head + rows})) if f.column == "ease"]
    assert [LINE.findall(fault.advice) for fault in told] == [[]]
    assert "most lie beyond the scale" in told[0].advice

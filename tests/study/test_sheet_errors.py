"""Errors of a spreadsheet that come as text are no group and no answer."""

from __future__ import annotations

import pytest

from helpers.study import check_client, open_study
from helpers.study.sheet_errors import ERRORS

ROWS = "account_id,name,region\n007,Bond,North\n008,Moore,{0}\n009,Lee,{0}\n"


def errors(folder):
    return [str(fault) for fault in check_client(folder) if fault.severity == "error"]


@pytest.mark.parametrize("text", ERRORS)
def test_an_error_of_a_spreadsheet_in_a_csv_is_named(client, text):
    (found,) = errors(client({"accounts.csv": ROWS.format(text)}))
    assert found.startswith(f"accounts.csv, row 2, column region: {text!r} is an error that")
    assert "(and 1 more)" in found and f'missing: {{region: ["{text}"]}}' in found


@pytest.mark.parametrize("text", ["# N/A", "N/A", "#1", "#DIV/0", "We rated #N/A"])
def test_a_text_that_only_looks_like_it_is_kept(client, text):
    folder = client({"accounts.csv": ROWS.format(text)})
    assert open_study(folder).table("accounts")["region"][1] == text


def test_what_is_advised_makes_it_missing(client):
    form = '{accounts: {missing: {region: ["#REF!"]}}}'
    folder = client({"accounts.csv": ROWS.format("#REF!")}, formats=form)
    assert open_study(folder).table("accounts")["region"].isna().to_list() == [False, True, True]


def test_an_error_in_place_of_an_id_is_named(client):
    rows = ROWS.format("South").replace("009", "#N/A")
    found = errors(client({"accounts.csv": rows}))
    assert any("column account_id: '#N/A' is an error" in one for one in found)


def test_an_error_in_a_query_is_named(client):
    sql = "SELECT * FROM (VALUES ('007', '#N/A'), ('008', 'B')) t(account_id, region)"
    assert any("'#N/A' is an error" in one for one in errors(client({"accounts.sql": sql})))

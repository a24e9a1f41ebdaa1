"""Repeated keys: what else differs is said, and `duplicates` is advised for equal rows alone."""

from __future__ import annotations

import pytest

from helpers.study import check_client, open_study


def error(folder, word):
    (found,) = [f for f in check_client(folder) if word in f.problem]
    assert found.severity == "error"
    return found


@pytest.mark.parametrize(
    ("rows", "differ"),
    [
        ("007,2026-01-01,5\n007,2026-01-02,5\n", "period ('2026-01-01' and '2026-01-02')"),
        ("007,2026-01,5\n007,2026-01,6\n", "revenue ('5' and '6')"),
        ("007,2026-01,5\n007,2026-01,5\n007,2026-02,5\n007,2026-02,7\n", "revenue ('5' and '7')"),
    ],
)
def test_rows_that_differ_are_never_advised_to_be_dropped(client, rows, differ):
    found = error(client({"financials.csv": "account_id,period,revenue\n" + rows}), "is repeated")
    assert differ in found.advice
    assert "duplicates" not in found.advice


def test_rows_that_are_the_same_are_settled_by_the_line_that_is_advised(client):
    text = "account_id,period,revenue\n007,2026-01,5\n007,2026-01,5\n007,2026-02,5\n"
    found = error(client({"financials.csv": text}), "is repeated")
    assert "`duplicates: {financials: first}`" in found.advice
    study = open_study(client({"financials.csv": text}, duplicates="{financials: first}"))
    assert study.table("financials")["revenue"].sum() == 10


ACCOUNTS = {"accounts.csv": "account_id,name,tier\n007,a,A\n008,b,A\n009,c,B\n"}


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        ("tier,size\nA,40\nA,40\nB,60\n", (1, "row 2")),
        ("tier,size\nA,40\nB,60\nA ,50\n", (1, "row 3")),
        ("tier,region,size\nA,,40\nB,,60\n,N,50\n,S,50\n,S,50\n", (4, "row 5")),
        ("wave,tier,size\n2026H1,A,4\n2026H1,B,6\n2026H1,B,6\n", (2, "row 3")),
    ],
)
def test_a_cell_of_the_population_comes_once(client, rows, places):
    found = error(client({**ACCOUNTS, "population.csv": rows}), "is repeated")
    assert found.row == places[0]
    assert places[1] in found.problem


def test_cells_that_are_joined_as_declared_are_added(client):
    files = {**ACCOUNTS, "population.csv": "tier,size\nA,40\nB,60\nC,5\n"}
    study = open_study(client(files, collapse="{tier: {B: [C]}}", segments="[tier]"))
    assert study.margins(["tier"])["tier"].to_dict() == {"A": 40.0, "B": 65.0}


def test_a_misspelt_column_or_category_of_the_population_names_what_is_meant(client):
    found = error(
        client({**ACCOUNTS, "population.csv": "teir,size\nA,40\nB,60\n"}), "is not a column"
    )
    assert "Did you mean tier?" in found.advice
    accounts = {"accounts.csv": "account_id,name,region\n007,a,North\n008,b,North\n009,c,South\n"}
    text = "region,size\nNorht,40\nSouth,60\n"
    folder = client({**accounts, "population.csv": text})
    line = '`collapse: {region: {"Norht": ["North"]}}`'
    assert line in error(folder, "has no size").advice
    folder = client({**accounts, "population.csv": text}, collapse='{region: {"Norht": [North]}}')
    assert not check_client(folder)


def test_a_cell_of_every_wave_beside_the_same_of_one_is_an_error(client):
    rows = "wave,tier,size\n2026H1,A,100\n,A,50\n2026H1,B,80\n"
    found = error(client({**ACCOUNTS, "population.csv": rows}, segments="[tier]"), "has no wave")
    assert (found.row, found.column, found.found) == (2, "tier", "A")
    assert "row 1 is the same cell in 2026H1" in found.problem
    for sound in ("wave,tier,size\n2026H1,A,100\n,B,80\n", "tier,size\nA,100\nB,80\n"):
        folder = client({**ACCOUNTS, "population.csv": sound}, segments="[tier]")
        assert not [f for f in check_client(folder) if "has no wave" in f.problem]

"""The unit of a margin: declared, or the only one that the values can have."""

from __future__ import annotations

import pytest

from helpers.methods import value_map
from helpers.study import check_client, open_study

HEAD = "account_id,period,revenue,margin\n"


def months(*margins, revenue=1000):
    rows = [f"007,2026-{n:02},{revenue},{margin}\n" for n, margin in enumerate(margins, start=1)]
    return {"financials.csv": HEAD + "".join(rows)}


def read(client, files, unit=None, **more):
    keys = {"margin": unit, **more}
    told = ", ".join(f"{k}: {v}" for k, v in keys.items() if v)
    study = open_study(
        client(files, **({"formats": f"{{financials: {{{told}}}}}"} if told else {}))
    )
    return study.table("financials")["margin"].to_list()


@pytest.mark.parametrize("unit", [None, "share", "percent"])
def test_a_margin_with_a_per_cent_sign_is_a_part_of_revenue(client, unit):
    found = read(client, months("40%", "-120 %", "0%"), unit, percent="true")
    assert found == [400.0, -1200.0, 0.0]


@pytest.mark.parametrize(
    ("margins", "unit", "money"),
    [
        (("0.4", "0.25"), None, [400, 250]),
        (("0.4", "-1.5"), None, [400, -1500]),  # a month of losses changes no other
        (("0.4", "-150"), "share", [400, -150_000]),
        (("40", "-150"), "percent", [400, -1500]),
        (("1", "0.5"), "percent", [10, 5]),
        (("400", "-1"), None, [400, -1]),
        (("0.4", "1"), "money", [0.4, 1]),
    ],
)
def test_a_margin_is_read_in_its_unit(client, margins, unit, money):
    assert read(client, months(*margins), unit) == money


@pytest.mark.parametrize("margins", [("40", "30"), ("0.4", "40"), ("0.4", "150"), ("-3", "-0.5")])
def test_a_margin_that_may_be_several_things_is_an_error_with_what_to_declare(client, margins):
    (found,) = check_client(client(months(*margins)))
    assert (found.severity, found.column, found.row) == ("error", "margin", 1)
    units = [unit for unit in ("share", "percent", "money") if f"margin: {unit}}}" in found.advice]
    assert "money" in units
    for unit in units:
        read(client, months(*margins), unit)


def test_one_margin_above_all_of_revenue_among_shares_is_named_and_no_other_unit_is_advised(client):
    shares = ["0.4"] * 10
    faults = check_client(client(months(*shares, "1.2")))
    (found,) = [fault for fault in faults if fault.column == "margin"]
    assert (found.severity, found.row, found.found) == ("error", 11, "1.2")
    assert "percent" not in found.advice
    assert "money" not in found.advice


@pytest.mark.parametrize(
    ("margins", "unit"),
    [(("0.4", "40"), "share"), (("40", "400"), "percent"), (("4", "40%"), "money")],
)
def test_a_margin_that_contradicts_its_unit_is_an_error(client, margins, unit):
    keys = f"{{financials: {{margin: {unit}, percent: true}}}}"
    (found,) = check_client(client(months(*margins), formats=keys))
    assert found.severity == "error"
    assert found.row == len(margins)


def test_a_margin_partly_with_a_per_cent_sign_names_a_row_without(client):
    folder = client(months("40%", "40"), formats="{financials: {percent: true}}")
    (found,) = check_client(folder)
    assert "row 2, column margin: '40' has no per cent sign" in str(found)
    assert "money" not in found.advice


def test_six_months_of_forty_per_cent_are_2400_in_the_value_of_an_account(client):
    folder = client(months(*["40%"] * 6), formats="{financials: {percent: true}}")
    study = open_study(folder)
    found = value_map.three_ps(None, study.table("financials"), as_of=study.as_of)
    assert found.table["margin"].to_list() == [2400.0]


def test_other_shares_with_a_per_cent_sign_are_shares_too(client):
    text = "wave,contact_id,account_id,inclusion_probability,disposition\n"
    text += "2026H1,c1,007,40%,complete\n"
    folder = client({"invitations.csv": text}, formats="{invitations: {percent: true}}")
    assert open_study(folder).table("invitations")["inclusion_probability"].to_list() == [0.4]


def test_a_per_cent_that_a_spreadsheet_stored_as_a_share_is_told(client):
    line = "{financials: {margin: percent}}"
    (found,) = [f for f in check_client(client(months("0.4", "0.25"), formats=line))
                if f.column == "margin"]  # fmt: skip
    assert (found.severity, found.row, found.found) == ("warning", 1, "0.4")
    assert "If it is 40 %, declare `formats: {financials: {margin: share}}`" in found.advice
    (found,) = [f for f in check_client(client(months("0.4", "0.25"), formats=line.replace(
        "percent", "money"))) if f.column == "margin"]  # fmt: skip
    assert (found.severity, found.row, found.found) == ("warning", 1, "0.4")
    assert "read as an amount, beside revenue 1000" in found.problem
    for margins in (("40", "0.4"), ("40%", "25%")):
        keys = "{financials: {margin: percent, percent: true}}"
        faults = check_client(client(months(*margins), formats=keys))
        assert not [f for f in faults if f.column == "margin"]

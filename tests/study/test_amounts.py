"""Amounts that cannot be as they stand."""

from __future__ import annotations

import pytest

from helpers.study import check_client

IDS = [f"{n:03d}" for n in range(7, 15)]
LIST = "account_id,name{}\n" + "".join(f"{one},N{one}{{}}\n" for one in IDS)


def told(folder):
    return [(f.severity, f.column, f"{f.problem} {f.advice}") for f in check_client(folder)
            if f.file in ("financials.csv", "accounts.csv")]  # fmt: skip


def money(header, row):
    rows = (row(one, n, month) for n, one in enumerate(IDS) for month in range(1, 7))
    return f"account_id,period,{header}\n" + "".join(f"{text}\n" for text in rows)


def listed(header="", cells=""):
    return LIST.replace("{}", header, 1).replace("{}", cells)


def costs(below):
    def row(one, n, month):
        sign = "-" if n * 6 + month <= below else ""
        return f"{one},2026-0{month},{500 + n},{90 + n},{sign}{5 + n}"

    return money("revenue,margin,cost_to_serve", row)


@pytest.mark.parametrize(("below", "faulty"), [(0, False), (24, False), (25, True), (48, True)])
def test_costs_that_were_booked_below_0_would_be_added_to_the_margin(client, below, faulty):
    files = {"accounts.csv": listed(), "financials.csv": costs(below)}
    found = [one for one in told(client(files)) if one[1] == "cost_to_serve"]
    assert len(found) == faulty
    if faulty:
        ((severity, _, text),) = found
        assert severity == "error"
        assert text.startswith(f"is below 0 in {below} rows, and above it in {48 - below}")
        assert "Costs are taken off the margin: send them above 0" in text


@pytest.mark.parametrize(
    ("times", "says"),
    [(1, None), (40, None), (1000, "1,000 times that of the month before from 2026-04 on"),
     (0.001, "a 1,000th of that of the month before from 2026-04 on")],
)  # fmt: skip
def test_months_in_another_unit_are_told_with_the_first_of_them(client, times, says):
    text = money("revenue", lambda one, n, month: f"{one},2026-0{month},"
                 f"{(5000 + 100 * n) * (times if month > 3 else 1):g}")  # fmt: skip
    found = [one for one in told(client({"accounts.csv": listed(), "financials.csv": text}))
             if "unit" in one[2]]  # fmt: skip
    assert len(found) == (says is not None)
    if says:
        assert found[0][:2] == ("warning", "revenue")
        assert says in found[0][2]


def test_a_few_accounts_that_grow_many_times_are_not_told_as_if_all_did(client):
    text = money("revenue", lambda one, n, month: f"{one},2026-0{month},"
                 f"{500 * (1000 if month > 3 and n < 3 else 1)}")  # fmt: skip
    files = {"accounts.csv": listed(), "financials.csv": text}
    found = told(client(files))
    assert [one for one in found if "for most accounts" in one[2]] == []
    (own,) = [one for one in found if "unit" in one[2]]  # each against its own other months
    assert "what account 007 has in its other months (500,000)" in own[2]


@pytest.mark.parametrize(
    ("header", "cells", "column"),
    [(",units_total,units_served", ",3,{}", "units_served"),
     (",total_spend,revenue", ",3000,{}000", "revenue")],
)  # fmt: skip
@pytest.mark.parametrize(("held", "faulty"), [("3", False), ("4", True), ("", False)])
def test_a_part_is_no_more_than_its_whole(client, header, cells, column, held, faulty):
    text = listed(header, cells.replace("{}", held) if held else cells.split("{")[0])
    found = [one for one in told(client({"accounts.csv": text})) if "it is a part" in one[2]]
    assert len(found) == faulty
    if faulty:
        assert found[0][:2] == ("warning", column)
        assert "and in 7 rows more" in found[0][2]

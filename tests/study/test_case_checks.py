"""Tickets as systems export them: days without times, dates for none, zones, steps out of order."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.study import check_client, open_study

CASES = {
    "ticket_id": ("T1", "T2", "T3"),
    "account_id": ("007", "008", "009"),
    "trigger": ("late", "late", "broken"),
    "created_at": ("2026-05-02T09:00", "2026-05-03T09:00", "2026-05-04T09:00"),
    "first_contact_at": ("2026-05-03T09:00", "2026-05-03T15:00", ""),
    "closed_at": ("2026-05-10T12:00", "2026-05-12T12:00", ""),
}


def told(client, **columns):
    rows = pd.DataFrame(CASES | columns).to_csv(index=False)
    return [str(fault) for fault in check_client(client({"tickets.csv": rows}))]


def test_cases_in_order_have_no_fault(client):
    assert told(client) == []


@pytest.mark.parametrize("none", ["1970-01-01", "1900-01-01T00:00:00", "1899-12-30"])
def test_a_day_that_stands_for_none_is_told_with_what_reads_it_so(client, none):
    contact = (none, "2026-05-03T15:00", "")
    (found,) = told(client, first_contact_at=contact)
    line = f'`formats: {{tickets: {{missing: {{first_contact_at: ["{none}"]}}}}}}` in client.yml'
    assert f"If it stands for no date, declare {line}" in found
    rows = pd.DataFrame(CASES | {"first_contact_at": contact}).to_csv(index=False)
    key = line.split("formats: ")[1].split("`")[0]
    study = open_study(client({"tickets.csv": rows}, formats=key))
    assert study.table("tickets")["first_contact_at"].notna().tolist() == [False, True, False]


@pytest.mark.parametrize("none", ["9999-12-31", "2099-12-31"])
def test_a_day_beyond_all_others_that_stands_for_none_is_told_so(client, none):
    (found,) = told(client, closed_at=("2026-05-10T12:00", none, none))
    assert (
        "row 2, column closed_at" in found and "lies after as_of (2026-06-30), and 1 more" in found
    )
    assert f'missing: {{closed_at: ["{none}"]}}' in found


def test_a_step_on_the_day_it_began_without_a_time_is_no_error(client):
    (found,) = told(client, first_contact_at=("2026-05-02", "2026-05-04", ""))
    assert "row 1, column first_contact_at: '2026-05-02' has a day and no time" in found
    assert "the clock of first_contact_at leaves these out" in found


def test_a_step_that_is_hours_too_early_is_told_with_both_times(client):
    (found,) = told(client, first_contact_at=("2026-05-02T08:30", "2026-05-03T15:00", ""))
    assert "'2026-05-02 08:30' lies before created_at (2026-05-02 09:00)" in found


def test_times_with_a_zone_beside_times_without_are_told(client):
    began = tuple(f"{time}:00Z" for time in CASES["created_at"])
    (found,) = told(client, created_at=began)
    assert "column first_contact_at: '2026-05-03T09:00' has no time zone" in found
    assert "created_at has (2026-05-02T09:00:00Z): it is read as a time of UTC" in found


def test_zones_of_all_times_or_days_alone_are_no_warning(client):
    zoned = {n: tuple(f"{t}:00+02:00" if t else "" for t in CASES[n])
             for n in ("created_at", "first_contact_at", "closed_at")}  # fmt: skip
    assert told(client, **zoned) == []
    assert told(client, created_at=zoned["created_at"], first_contact_at=("2026-05-04", "", ""),
                closed_at=("2026-05-10", "", "")) == []  # fmt: skip


@pytest.mark.parametrize(
    ("column", "cells", "said"),
    [
        ("first_contact_at", ("2026-05-20", "", ""), "'2026-05-20' lies after closed_at"),
        ("plan_at", ("", "2026-06-01T08:00", ""), "row 2, column plan_at: '2026-06-01 08:00' lies"),
        (
            "confirmed_at",
            ("", "", "2026-06-01"),
            "row 3, column confirmed_at: '2026-06-01' is fill",
        ),
        ("response_id", ("r2", "r4", ""), "row 2, column response_id: 'r4' is the answer of anoth"),
    ],
)
def test_steps_that_cannot_have_gone_so_are_warned_of(client, column, cells, said):
    (found,) = told(client, **{column: cells})
    assert said in found

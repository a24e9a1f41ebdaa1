"""A day that stands for no end is told, and is no day from then on."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from checking import typed

from helpers.methods import account_list, linkage
from helpers.study import open_study
from helpers.study.findings import Findings
from helpers.study.open_ends import without_ends

TODAY = date(2026, 6, 30)


def held(
    name: str, column: str, *days: str | None, as_of: date = TODAY
) -> tuple[pd.Series, list[str], list[str]]:
    """The days of a table after the check, what it warned of and what it noted."""
    findings = Findings()
    frame = pd.DataFrame({"account_id": range(len(days)), column: pd.to_datetime(list(days))})
    ends = without_ends(typed(name, frame), as_of, findings).frame[column]
    return ends, [str(f) for f in findings.faults], [str(n) for n in findings.notes]


@pytest.mark.parametrize("end", ["9999-12-31", "2999-12-31", "2099-12-31", "9999-01-01"])
def test_contracts_that_run_on_are_told_and_have_no_end(end):
    ends, (told,), (note,) = held("contracts", "end", "2026-12-31", end, end)
    assert f"contracts.csv, row 2, column end: '{end}' stands for no end: 2 contracts run" in told
    assert note == "contracts: end that stands for no end (2)"
    assert ends.isna().tolist() == [False, True, True]


@pytest.mark.parametrize("end", ["2031-12-31", "2075-06-30"])
def test_a_long_contract_has_its_end(end):
    ends, told, noted = held("contracts", "end", end, "2027-01-01")
    assert (ends.isna().sum(), told, noted) == (0, [], [])


def test_where_no_day_of_the_data_is_known_the_ends_are_seen_all_the_same():
    ends, _, _ = held("contracts", "end", "2031-12-31", "2999-12-31", as_of=date.max)
    assert ends.isna().tolist() == [False, True]


def test_an_account_that_never_ends_is_there():
    ends, (told,), _ = held("accounts", "end_date", "9999-12-31", "2026-03-31", None)
    assert "column end_date: '9999-12-31' stands for no end: 1 account runs on" in told
    assert ends.isna().tolist() == [True, False, True]


def test_a_study_has_no_end_where_none_comes(client):
    rows = "K1,007,2024-01-01,2026-12-31,5000\nK2,008,2024-01-01,9999-12-31,6000\n"
    study = open_study(client({"contracts.csv": f"contract_id,account_id,start,end,value\n{rows}"}))
    assert [f.problem for f in study.warnings if f.column == "end"] == [
        "stands for no end: 1 contract runs on without one"
    ]
    ends = account_list.contract_ends(study.tables["contracts"], as_of=pd.Timestamp(TODAY))
    assert ends.to_dict() == {"007": pd.Timestamp("2026-12-31")}


def test_a_contract_without_an_end_runs_on_beyond_the_wave():
    scores = pd.DataFrame({"account_id": ["a", "b"], "wave": "w", "score": [8.0, 4.0],
                           "people": 2, "variance": 1.0})  # fmt: skip
    sent = pd.DataFrame(
        {
            "account_id": ["a", "b"],
            "start": pd.Timestamp("2024-01-01"),
            "end": pd.to_datetime([None, "2025-09-30"]),
            "renewed": [None, True],
        }
    )
    rows = linkage.panel(
        scores, accounts=pd.DataFrame({"account_id": ["a", "b"]}), contracts=sent,
        wave_dates={"w": pd.Timestamp("2025-06-30")}, lag_months=6,
        as_of=pd.Timestamp("2026-06-30"),
    )  # fmt: skip
    assert rows.set_index("account_id")["contract_at_wave"].to_dict() == {
        "a": "runs on", "b": "ends"}  # fmt: skip

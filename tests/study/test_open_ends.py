"""A day that stands for no end is told, and is no day from then on."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.methods import account_list, linkage
from helpers.study import check_client, open_study

HEAD = "contract_id,account_id,start,end,value\n"
LIST = "account_id,name,start_date,end_date\n"


def contracts(end: str) -> dict[str, str]:
    rows = f"K1,007,2024-01-01,2026-12-31,5000\nK2,008,2024-01-01,{end},6000\n"
    return {"contracts.csv": f"{HEAD}{rows}K3,009,2024-01-01,{end},7000\n"}


def said(client, files) -> list[str]:
    return [str(f) for f in check_client(client(files)) if "end" in str(f.column)]


@pytest.mark.parametrize("end", ["9999-12-31", "2999-12-31", "2099-12-31", "9999-01-01"])
def test_contracts_that_run_on_are_told_and_have_no_end(client, end):
    (told,) = said(client, contracts(end))
    assert f"contracts.csv, row 2, column end: '{end}' stands for no end: 2 contracts run" in told
    study = open_study(client(contracts(end)))
    assert study.tables["contracts"]["end"].isna().tolist() == [False, True, True]
    assert [str(n) for n in study.notes if "no end" in n.what] == [
        "contracts: end that stands for no end (2)"
    ]
    ends = account_list.contract_ends(study.tables["contracts"], as_of=pd.Timestamp("2026-06-30"))
    assert ends.to_dict() == {"007": pd.Timestamp("2026-12-31")}


@pytest.mark.parametrize("end", ["2031-12-31", "2075-06-30"])
def test_a_long_contract_has_its_end(client, end):
    assert said(client, contracts(end)) == []
    assert open_study(client(contracts(end))).tables["contracts"]["end"].notna().all()


def test_an_account_that_never_ends_is_there(client):
    rows = (
        "007,Seven,2020-01-01,9999-12-31\n008,Eight,2020-01-01,2026-03-31\n009,Nine,2020-01-01,\n"
    )
    (told,) = said(client, {"accounts.csv": LIST + rows})
    assert "column end_date: '9999-12-31' stands for no end: 1 account runs on" in told
    study = open_study(client({"accounts.csv": LIST + rows}))
    assert study.tables["accounts"]["end_date"].isna().tolist() == [True, False, True]


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

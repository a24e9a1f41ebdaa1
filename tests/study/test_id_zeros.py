"""Ids with zeros in front in one table and without in another: one fault, and what to type."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from helpers.study import check_client, open_study

HEAD = "response_id,wave,account_id,nps,ease,trouble\n"


def answers(*ids):
    return HEAD + "".join(f"r{n},2026H1,{one},9,8,1\n" for n, one in enumerate(ids))


def money(*ids):
    rows = "".join(f"{one},2026-0{m},{100 + n}\n" for n, one in enumerate(ids) for m in (1, 2))
    return "account_id,period,revenue\n" + rows


def listed(*ids):
    return "account_id,name\n" + "".join(f"{one},Firm {n}\n" for n, one in enumerate(ids))


def errors(folder):
    return [str(fault) for fault in check_client(folder) if fault.severity == "error"]


PAIRS = [  # the list, the other tables, the declaration
    (("A007", "A012", "A100"), ("A7", "A12", "A100"), "3"),
    (("0007", "0012", "0100"), ("7", "12", "100"), "4"),
    (("2026-0007", "2026-0012"), ("2026-7", "2026-12"), "4"),
    (("7", "12", "100"), ("0007", "0012", "0100"), "drop"),
    (("A7", "A12"), ("A007", "A012"), "drop"),
    (("007", "0012", "00100"), ("7", "12", "100"), "3"),
    (("K-07-x", "K-12-x"), ("K-7-x", "K-12-x"), "2"),
]


@pytest.mark.parametrize(("own", "sent", "digits"), PAIRS)
def test_one_fault_tells_of_all_tables_and_what_it_names_mends_them(client, own, sent, digits):
    files = {
        "accounts.csv": listed(*own),
        "responses.csv": answers(*sent),
        "financials.csv": money(*sent),
    }
    (found,) = errors(client(files))
    assert f"{sent[0]!r} is not in accounts.csv, which has {own[0]!r}, and " in found
    differing = sum(one not in own for one in sent)
    assert f"{differing} rows of responses.csv; {2 * differing} rows of financials.csv" in found
    assert f"; {sent[0]} for {own[0]}" in found
    line = re.search(r"`(leading_zeros: \{account_id: \w+\})`", found)
    assert line[1] == f"leading_zeros: {{account_id: {digits}}}"
    folder = client(files, leading_zeros=line[1].split(": ", 1)[1])
    assert errors(folder) == []
    study = open_study(folder)
    assert set(study.responses["account_id"]) == set(study.accounts["account_id"])
    joined = study.responses.merge(study.accounts, on="account_id").merge(
        study.table("financials"), on="account_id"
    )
    assert joined["revenue"].sum() == sum(2 * (100 + n) for n in range(len(sent)))


def test_the_run_card_counts_the_ids_that_were_filled_up(client):
    files = {"accounts.csv": listed("007", "008"), "responses.csv": answers("7", "008", "8")}
    study = open_study(client(files, leading_zeros="{account_id: 3}"))
    (note,) = [str(note) for note in study.notes if "digits" in str(note)]
    assert note == "responses: account_id: written with 3 digits, as declared (2)"


def test_where_the_list_has_both_nothing_is_declared_that_would_make_them_one(client):
    files = {"accounts.csv": listed("007", "7", "8"), "responses.csv": answers("00007", "8")}
    (found,) = errors(client(files))
    assert "accounts.csv has 007 and 7, so that nothing tells which is meant" in found
    assert "leading_zeros" not in found


def test_a_declaration_that_makes_two_accounts_one_is_a_fault_of_repeated_ids(client):
    files = {"accounts.csv": listed("007", "7"), "responses.csv": answers("7")}
    found = errors(client(files, leading_zeros="{account_id: 3}"))
    assert any("accounts.csv" in fault and "is repeated in row 2" in fault for fault in found)


@pytest.mark.parametrize("sent", [("A7", "B12"), ("70", "120"), ("7a", "12b")])
def test_ids_that_differ_by_more_than_zeros_are_no_such_fault(client, sent):
    files = {"accounts.csv": listed("A070", "A120"), "responses.csv": answers(*sent)}
    assert not any("zeros" in str(fault) for fault in check_client(client(files)))


def test_without_a_list_ids_of_which_some_agree_are_a_suspicion(client):
    folder = client({"financials.csv": money("007", "8")})
    (found,) = [str(fault) for fault in check_client(folder) if "zeros" in str(fault)]
    assert "'8' is not in responses.csv, which has '008', and 1 more like it" in found
    assert "`leading_zeros: {account_id: 3}`" in found
    assert not errors(folder)


def test_numbers_of_a_workbook_are_filled_up_as_texts_are(client):
    folder = client({"accounts.csv": listed("007", "012")}, leading_zeros="{account_id: 3}")
    (folder / "responses.csv").unlink()
    frame = pd.DataFrame(
        {"response_id": ["a", "b"], "wave": "2026H1", "account_id": [7, 12], "nps": [9, 3],
         "ease": [8, 7], "trouble": [1, 2]}
    )  # fmt: skip
    frame.to_excel(folder / "responses.xlsx", index=False)
    assert errors(folder) == []
    assert open_study(folder).responses["account_id"].to_list() == ["007", "012"]


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("{acount_id: 3}", "is not a column of ids (line 5). Did you mean account_id?"),
        ("{account_id: 0}", "leading_zeros.account_id"),
        ("{account_id: many}", "leading_zeros.account_id"),
        ("4", "leading_zeros: {account_id: 4}"),
    ],
)
def test_what_no_ids_can_be_written_by_is_a_fault_of_client_yml(client, declared, said):
    found = [fault for fault in errors(client(leading_zeros=declared)) if "leading_zeros" in fault]
    assert len(found) == 1 and found[0].startswith("client.yml") and said in found[0]

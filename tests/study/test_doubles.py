"""Accounts, comments and amounts that are there twice, and scales in words or one too high."""

from __future__ import annotations

import pytest

from helpers.study import check_client, open_study

ACCOUNTS = "account_id,name,total_spend\n007,Seven,1200\n008,Eight,1200\n009,Nine,1200\n"
ACCOUNTS += "010,Ten,1200\n011,Eleven,1200\n"
HEAD = "response_id,wave,account_id,nps,ease,trouble\n"


def told(client, **files):
    sent = {f"{name}.csv": text for name, text in files.items()}
    return [str(fault) for fault in check_client(client(sent))]


@pytest.mark.parametrize("name", ["Eight", "EIGHT", " eight "])
def test_two_accounts_of_one_name_are_told_with_their_ids(client, name):
    (found,) = told(client, accounts=ACCOUNTS.replace("Nine", name))
    assert (
        "accounts.csv, row 3, column name: 'Eight' is the name of 2 accounts ('008', '009')"
        in found
    )
    assert "give them one account_id in every table" in found


def test_names_of_a_chain_and_names_that_are_none_are_not_told(client):
    chain = "account_id,name\n" + "".join(f"{n},Seven\n" for n in range(4))
    assert told(client, accounts=f"{ACCOUNTS}{chain[16:]}".replace(",Seven\n", ",Seven,\n")) == []
    assert told(client, accounts="account_id,name\n007,x\n008,x\n009,x\n") == []


def test_accounts_without_names_or_of_different_names_are_none(client):
    assert told(client, accounts=ACCOUNTS) == []


def test_spending_with_anybody_below_what_we_were_paid_is_told(client):
    months = [f"2025-{m:02d}" for m in range(7, 13)] + [f"2026-{m:02d}" for m in range(1, 7)]
    money = "account_id,period,revenue\n" + "".join(
        f"{own},{month},{amount}\n"
        for own, amount in (("007", 100), ("008", 150))
        for month in months
    )
    (found,) = told(client, accounts=ACCOUNTS, financials=money)
    assert (
        "accounts.csv, row 2, column total_spend: '1200' is well below what the account paid"
        in found
    )


def test_a_comment_that_is_there_twice_is_told(client):
    rows = "response_id,question,text\nr1,why,Late\nr1,why,Late\nr1,why,Late again\nr2,why,Late\n"
    (found,) = told(client, comments=rows)
    assert "comments.csv, row 2, column response_id: 'r1' is there already" in found


def test_a_scale_in_words_alone_is_advised_with_a_line_to_fill_in(client):
    words = ("Never", "Seldom", "Often")
    rows = "".join(f"r{n},2026H1,007,9,8,{words[n % 3]}\n" for n in range(6))
    (found,) = [f for f in check_client(client({"responses.csv": HEAD + rows}))
                if f.severity == "error"]  # fmt: skip
    assert '{trouble: {"1": ?, "2": ?, "3": ?, "4": ?, "5": ?}}' in found.advice
    assert "In the file: Never (2), Seldom (2), Often (2)." in found.advice
    filled = '{responses: {values: {trouble: {"1": "Never", "2": "Seldom", "4": "Often"}}}}'
    study = open_study(client({"responses.csv": HEAD + rows}, formats=filled))
    assert study.unturned["trouble"].tolist() == [1, 2, 4] * 2


def test_a_scale_one_too_high_is_brought_down_as_advised(client):
    rows = "".join(f"r{n},2026H1,007,{n},8,1\n" for n in range(1, 12))
    (found,) = [f for f in check_client(client({"responses.csv": HEAD + rows}))
                if f.severity == "error"]  # fmt: skip
    line = found.advice.split("To take it away, declare `formats: ")[1].split("` in")[0]
    study = open_study(client({"responses.csv": HEAD + rows}, formats=line))
    assert study.responses["nps"].tolist() == list(range(11))

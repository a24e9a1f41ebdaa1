"""Columns that came under other names: what the advice says, and that it works."""

from __future__ import annotations

import pytest
import yaml

from helpers.study import check_client, open_study
from helpers.study.naming import values_line

ACCOUNTS = "account_id,name,tier\n007,Bond,A\n008,Mü,A\n009,Na,B\n"
CONTACTS = "contact_id,account_id\nc1,007\nc2,008\nc3,009\n"
BARE = "response_id,Filiale,Kunde,Runde,nps,ease,trouble\n"
ROWS = "r1,Nord,7,2026H1,9,8,1\nr2,Süd,008,2026H1,3,2,5\nr3,Süd,009,2026H1,7,6,\n"


def messages(folder):
    return [str(fault) for fault in check_client(folder)]


def test_ids_and_waves_under_other_names_are_named_with_the_line_to_write(client):
    files = {"responses.csv": BARE + ROWS.replace("r1,Nord,7", "r1,Nord,007")}
    account, wave = messages(client({**files, "accounts.csv": ACCOUNTS}))
    assert "column account_id: is missing, although accounts was sent" in account
    assert "neither in the codebook nor ours: Filiale, Kunde, Runde" in account
    assert "Kunde seems to hold it" in account
    assert "`formats: {responses: {columns: {account_id: Kunde}}}` in client.yml" in account
    assert "column wave: is missing, so that every row counts as 2026H1" in wave
    assert "`formats: {responses: {columns: {wave: Runde}}}` in client.yml" in wave
    cured = client(
        {**files, "accounts.csv": ACCOUNTS},
        formats="{responses: {columns: {account_id: Kunde, wave: Runde}}}",
    )
    assert messages(cured) == []
    assert open_study(cured).responses["tier"].to_list() == ["A", "A", "B"]


def test_the_warning_stops_nothing(client):
    folder = client({"responses.csv": BARE + ROWS, "accounts.csv": ACCOUNTS})
    assert len(open_study(folder).responses) == 3


def test_contacts_that_cannot_be_joined_are_a_warning_and_none_without_a_candidate(client):
    head = "response_id,wave,Person,account_id,nps,ease,trouble\n"
    rows = "r1,2026H1,c1,007,9,8,1\nr2,2026H1,c3,009,3,2,5\n"
    files = {"contacts.csv": CONTACTS, "responses.csv": head + rows}
    (found,) = messages(client(files))
    assert "{columns: {contact_id: Person}}" in found
    assert messages(client({"contacts.csv": CONTACTS, "accounts.csv": ACCOUNTS})) == []


def test_an_account_that_comes_through_the_contact_is_not_missed(client):
    head = "response_id,wave,contact_id,Extra,nps,ease,trouble\n"
    files = {"responses.csv": head + "r1,2026H1,c1,x,9,8,1\n", "contacts.csv": CONTACTS}
    assert messages(client(files)) == []


def test_a_missing_column_lists_those_found_and_the_line_to_write(client):
    (found,) = messages(client({"accounts.csv": "Nr,name\n007,B\n008,M\n009,N\n"}))
    assert "column account_id: is missing. If Nr is it, declare" in found
    assert "`formats: {accounts: {columns: {account_id: Nr}}}` in client.yml" in found
    (found,) = messages(client({"accounts.csv": "account_id\n007\n008\n009\n"}))
    assert "Found: account_id. Add it: a row of accounts is a customer company." in found


def test_a_declared_column_that_is_not_there_lists_those_found(client):
    folder = client(formats="{responses: {columns: {language: Sprache}}}")
    assert "Found: response_id, wave, account_id, nps, ease, trouble." in messages(folder)[0]


def test_a_segment_that_cannot_be_joined_says_why(client):
    rows = "response_id,wave,nps,ease,trouble\nr1,2026H1,9,8,1\n"
    folder = client({"responses.csv": rows, "accounts.csv": ACCOUNTS}, segments="[tier]")
    (found,) = messages(folder)
    assert "'tier' is in accounts, but responses have no account_id to join them by" in found
    assert "formats: {responses: {columns: {account_id:" in found


def test_a_missing_column_that_nothing_resembles_lists_what_is_free_and_guesses_nothing(client):
    text = "Welle,Lauf,account_id,disposition\n2026H1,x,007,complete\n"
    found = messages(client({"invitations.csv": text}))
    wave, contact = (line for line in found if "is missing" in line)
    assert "{invitations: {columns: {wave: Welle}}}" in wave
    assert "Columns that are nothing else: Lauf." in contact
    assert '{invitations: {columns: {contact_id: "…"}}}' in contact
    assert "Welle" not in contact


def test_columns_that_are_ours_under_other_names_come_as_one_line_to_copy(client):
    head = "account_id,Firma,Klasse,Kunde bis,Umsatz 2025 (EUR),Notiz\n"
    rows = "007,Bond,A,2026-01-31,1200.50,x\n008,Mü,A,,900,y\n009,Na,B,,40,z\n"
    name, others = messages(client({"accounts.csv": head + rows}))
    assert "column name: is missing. If Firma is it" in name
    assert "has 3 columns that seem to be ours under other names" in others
    line = others.split("`formats: ")[1].split("`")[0]
    cured = client(
        {"accounts.csv": head + rows},
        formats=line.replace("columns: {", "columns: {name: Firma, "),
    )
    assert messages(cured) == []
    accounts = open_study(cured).accounts
    assert accounts["segment"].to_list() == ["A", "A", "B"]
    assert accounts["revenue"].to_list() == [1200.5, 900, 40]
    assert accounts["end_date"].notna().to_list() == [True, False, False]
    (note,) = [
        n.what for n in open_study(cured).notes if n.table == "accounts" and "kept" in n.what
    ]
    assert note.startswith("columns kept but not declared: Notiz; of ours not filled: ")
    assert "tier" in note


def test_what_a_column_holds_must_fit_its_name(client):
    text = "account_id,name,Umsatz\n007,Bond,hoch\n008,Mü,niedrig\n009,Na,hoch\n"
    assert messages(client({"accounts.csv": text})) == []


def test_accounts_of_answers_are_looked_for_without_any_list(client):
    head = "response_id,wave,Kd_Nr,nps,ease,trouble\n"
    (found,) = messages(client({"responses.csv": head + "r1,2026H1,007,9,8,1\n"}))
    assert "answers are not known to be of one account" in found
    assert "{responses: {columns: {account_id: Kd_Nr}}}" in found


CROSSED = "account_id,name,X,region\n007,Bond,North,a\n008,Moore,South,b\n009,Lee,East,c\n"


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ("{industry: X, tier: X}", "'X' is declared twice, as industry and as tier"),
        ("{tier: name, region: X, industry: name}", "'name' is declared twice, as tier and"),
        ("{region: X}", "'X' is to be region, which is another column of accounts.csv"),
        ("{account_id: X}", "'X' is to be account_id, which is another column of accounts.csv"),
    ],
)
def test_a_column_has_one_name_and_a_name_one_column(client, columns, problem):
    folder = client({"accounts.csv": CROSSED}, formats=f"{{accounts: {{columns: {columns}}}}}")
    assert any(problem in str(fault) for fault in check_client(folder))


def test_two_columns_may_change_their_names(client):
    columns = "{region: X, X: region}"
    folder = client({"accounts.csv": CROSSED}, formats=f"{{accounts: {{columns: {columns}}}}}")
    assert open_study(folder).table("accounts")["region"].to_list() == ["North", "South", "East"]


@pytest.mark.parametrize(
    "column",
    ["nps", "Q1: care", 'a "b"', "{x}", "n, m", "#1", "Öl & Gas", "two\nlines", "a\u00a0b"],
)
def test_the_line_for_values_is_the_same_column_again_once_written(column):
    line = values_line("responses", column, '"1": good').strip("`")
    assert yaml.safe_load(line) == {"formats": {"responses": {"values": {column: {"1": "good"}}}}}

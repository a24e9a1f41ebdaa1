"""Faults across rows and tables."""

from __future__ import annotations

import re

import pytest

from helpers.study import check_client, open_study

ACCOUNTS = "account_id,name,tier\n007,Bond,A\n008,Mü,A\n009,Na,B\n"
HEAD = "response_id,wave,account_id,nps,ease,trouble\n"


def messages(folder):
    return [str(fault) for fault in check_client(folder)]


def test_repeated_keys_are_a_fault_or_settled_as_declared(client):
    rows = HEAD + "r1,2026H1,a,1,5,5\nr1,2026H1,a,2,5,5\nr1,2026H1,a,3,5,5\nr2,2026H1,a,4,5,5\n"
    (found,) = messages(client({"responses.csv": rows}))
    assert "row 1, column response_id: 'r1' is repeated in row 2, 3" in found
    kept = {"first": [1.0, 4.0], "last": [3.0, 4.0], "drop": [4.0]}
    for policy, scores in kept.items():
        study = open_study(client({"responses.csv": rows}, duplicates=f"{{responses: {policy}}}"))
        assert study.responses["nps"].to_list() == scores
        assert any(f"policy `{policy}`" in note.what for note in study.notes)
        assert study.counts.iloc[0][["rows_in", "rows_out"]].to_list() == [4, len(scores)]


def test_a_contact_who_answers_twice_in_a_wave_is_a_fault(client):
    rows = HEAD.replace("account_id", "contact_id")
    rows += "r1,2025H2,c,1,5,5\nr2,2026H1,c,2,5,5\nr3,2026H1,c,3,5,5\n"
    (found,) = messages(client({"responses.csv": rows}))
    assert "column wave + contact_id: '2026H1 + c' is repeated in row 3" in found


def test_keys_that_cannot_be_read_are_not_called_repeated(client):
    text = "account_id,period,revenue\na,Jan 26,1\na,Feb 26,2\na,Mar 26,3\n"
    found = messages(client({"financials.csv": text}))
    assert not any("repeated" in text or "duplicates" in text for text in found)
    assert "column period: 'Jan 26'" in found[0]


def test_a_wave_that_was_made_up_makes_no_answer_a_repeated_one(client):
    rows = "response_id,contact_id,nps,ease,trouble\nr1,c,1,5,5\nr2,c,2,5,5\nr3,d,3,5,5\n"
    for keys in ({}, {"duplicates": "{responses: first}"}):
        study = open_study(client({"responses.csv": rows}, **keys))
        assert len(study.responses) == 3
        (warning,) = study.warnings
        assert "row 1, column contact_id: 'c' has 2 rows without a wave" in str(warning)
        assert "duplicates" not in warning.advice


def test_repeated_months_of_an_account_are_a_fault(client):
    text = "account_id,period,revenue\na,2026-01,1\na,2026-01,2\na,2026-02,3\n"
    found = messages(client({"financials.csv": text}))
    assert "'a + 2026-01-01' is repeated in row 2" in found[0]


def test_unknown_ids_are_counted_listed_and_kept(client):
    text = "account_id,name\n007,Bond\n"
    study = open_study(client({"accounts.csv": text}))
    (warning,) = study.warnings
    assert "has 2 rows with ids that are not in accounts.csv: '008', '009'" in warning.problem
    assert len(study.responses) == 3


def test_an_id_with_a_near_match_is_an_error(client):
    rows = HEAD + "r1,2026H1,7,1,5,5\nr2,2026H1, 008,1,5,5\nr3,2026H1,009,2,5,5\n"
    zeros, space = messages(client({"responses.csv": rows, "accounts.csv": ACCOUNTS}))
    assert "'7' is not in accounts.csv, which has '007'. Export responses.csv again" in zeros
    assert "' 008' is not in accounts.csv, which has '008'" in space


def test_a_record_that_cannot_be_read_makes_no_second_fault(client):
    text = ACCOUNTS.replace("008,Mü,A", "008,Mü")
    assert len(messages(client({"accounts.csv": text}))) == 1


def test_ids_that_differ_only_in_case_are_a_warning(client):
    folder = client({"accounts.csv": ACCOUNTS + "ab,X,B\nAB,Y,B\n"})
    (warning,) = open_study(folder).warnings
    assert "'ab' and 'AB'" in warning.problem


def test_dates_in_the_wrong_order_or_in_the_future(client):
    text = "contract_id,account_id,start,end,value\nc1,007,2026-01-01,2025-01-01,5\n"
    tickets = "ticket_id,account_id,trigger,created_at\nt1,007,score,2027-01-01\n"
    found = messages(client({"contracts.csv": text, "tickets.csv": tickets}))
    assert "column end: '2025-01-01' lies before start (2026-01-01)" in found[0]
    assert "column created_at: '2027-01-01' lies after as_of (2026-06-30)" in found[1]


def test_amounts_need_a_currency_and_only_one(client):
    text = "account_id,period,revenue,currency\n007,2026-01,1,EUR\n007,2026-02,1,USD\n"
    folder = client({"financials.csv": text})
    assert "are several currencies" in messages(folder)[0]
    bare = "name: A\nas_of: 2026-06-30\nwave: 2026H1\n"
    text = "account_id,period,revenue\n007,2026-01,1\n007,2026-02,1\n"
    (found,) = messages(client({"client.yml": bare, "financials.csv": text}))
    assert "Write `currency: USD`" in found


def test_odd_revenue_is_kept_with_a_warning(client):
    accounts = "account_id,name,start_date\n007,B,2026-02-10\n008,M,\n009,N,\n"
    text = "account_id,period,revenue\n007,2026-01,5\n007,2026-02,-1\n"
    study = open_study(client({"accounts.csv": accounts, "financials.csv": text}))
    told = " ".join(str(fault) for fault in study.warnings)
    assert "'-1' is below 0 in 1 row, -1 in all" in told
    assert "before the account's start_date in 1 rows" in told
    assert len(study.table("financials")) == 2


def test_an_unknown_category_names_the_known_ones(client):
    text = "contact_id,account_id,role\nc1,007,decider\nc2,007,user\n"
    (found,) = messages(client({"contacts.csv": text}))
    assert "row 1, column role: 'decider' is not one of the known values" in found
    assert "decision_maker" in found


def test_a_missing_column_names_the_one_that_was_probably_meant(client):
    (found,) = messages(client({"accounts.csv": "acount_id,name\n007,B\n008,M\n009,N\n"}))
    assert "Rename 'acount_id' to 'account_id'" in found
    assert "formats: {accounts: {columns: {account_id: acount_id}}}" in found


def test_columns_are_renamed_as_declared(client):
    folder = client(
        {"accounts.csv": "Customer No,name\n007,B\n008,M\n009,N\n"},
        formats="{accounts: {columns: {account_id: Customer No}}}",
    )
    assert open_study(folder).table("accounts")["account_id"].to_list() == ["007", "008", "009"]
    folder = client(formats="{responses: {columns: {ease: eas}}}")
    assert "'eas' is not a column of responses.csv. Did you mean 'ease'?" in messages(folder)[0]


def test_an_empty_needed_cell_is_a_fault(client):
    text = "account_id,period,revenue\n007,2026-01,\n007,2026-02,1\n"
    assert (
        "row 1, column revenue: is not filled in" in messages(client({"financials.csv": text}))[0]
    )


POPULATION = {
    "cells": "tier,size\nA,40\nB,60\n",
    "margins": "tier,region,size\nA,,40\nB,,60\n,N,50\n,S,50\n",
}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (POPULATION["margins"].replace("S,50", "S,70"), "tier 100, region 120"),
        ("tier,size\nA,40\n", "has no size for B"),
        ("tier,size\nA,40\nB,60\nC,5\n", "sizes for C, of which wave 2026H1 has no response"),
        ("tier,size\nA,40\nB,-1\n", "is not at least 0"),
    ],
)
def test_margins_that_do_not_fit_are_faults(client, text, says):
    files = {"accounts.csv": ACCOUNTS, "population.csv": text}
    found = messages(client(files, segments="[tier]"))
    assert says in found[0], found


def test_margins_that_fit_are_none_and_categories_can_be_joined(client):
    for text in POPULATION.values():
        files = {"accounts.csv": ACCOUNTS, "population.csv": text}
        assert messages(client(files, segments="[tier]")) == []
    files = {"accounts.csv": ACCOUNTS, "population.csv": "tier,size\nA,40\nB,60\nC,5\n"}
    folder = client(files, segments="[tier]", collapse="{tier: {B or C: [B, C]}}")
    study = open_study(folder)
    assert study.margins(["tier"])["tier"].to_dict() == {"A": 40.0, "B or C": 65.0}


def test_contacts_without_an_account_are_a_warning_that_names_their_rows(client):
    text = "contact_id,account_id\nc1,007\nc2,\nc3,008\nc4,\n"
    (found,) = check_client(client({"contacts.csv": text}))
    assert found.severity == "warning"
    assert "row 2, column account_id: is empty in 2 rows (rows 2, 4)" in str(found)
    assert "cannot be joined" in str(found)


def test_an_invitation_without_an_account_is_of_the_account_of_its_contact(client):
    contacts = "contact_id,account_id\nc1,007\n"
    sent = "wave,contact_id,account_id,disposition\n2026H1,c1,,complete\n2026H1,c9,,refusal\n"
    study = open_study(client({"contacts.csv": contacts, "invitations.csv": sent}))
    assert study.invited["account_id"].iloc[0] == "007"
    assert study.invited["account_id"].isna().tolist() == [False, True]


def test_revenue_of_the_list_needs_a_currency_and_stands_back_for_months(client):
    text = "account_id,name,revenue\n007,Bond,900\n008,Mü,-5\n009,Na,\n"
    bare = "name: Small\nas_of: 2026-06-30\nwave: 2026H1\n"
    found = messages(client({"accounts.csv": text, "client.yml": bare}))
    assert any("column currency: is missing" in line for line in found)
    (found,) = messages(client({"accounts.csv": text}))
    assert "row 2, column revenue: '-5' is below 0 in 1 row, -5 in all. An account" in found
    assert 'declare `formats: {accounts: {missing: {revenue: ["-5"]}}}`' in found
    notes = [str(note) for note in open_study(client({"accounts.csv": text})).notes]
    assert "accounts: accounts with revenue below 0, counted with 0 (1)" in notes
    odd = {"accounts.csv": text.replace("-5", "\u22125")}
    (found,) = messages(client(odd))
    line = re.search(r"declare `formats: (.*?)` in", found)[1]
    assert not messages(client(odd, formats=line))  # as it stands in the file
    months = "account_id,period,revenue\n007,2026-01,5\n007,2026-02,5\n"
    study = open_study(client({"accounts.csv": text, "financials.csv": months}))
    assert any("revenue of the list not used" in note.what for note in study.notes)


def test_revenue_of_the_list_is_read_as_its_numbers_are_written(client):
    text = 'account_id,name,revenue\n007,Bond,"€ 1.234,50"\n008,Mü,"900,00"\n009,Na,\n'
    (found,) = messages(client({"accounts.csv": text}))
    assert 'decimal: ","' in found
    marks = '{accounts: {decimal: ",", thousands: ".", currency: "€"}}'
    study = open_study(client({"accounts.csv": text}, formats=marks))
    assert study.accounts["revenue"].to_list()[:2] == [1234.5, 900]


@pytest.mark.parametrize(
    "written",
    [b"response_id;wave;nps\nr1;2026H1;9\n", "response_id,nps\nr1,Köln\n".encode("cp1252")],
)
def test_responses_that_cannot_be_read_are_not_called_missing_as_well(client, written):
    folder = client(
        {"responses.csv": None, "exports/wave.csv": written}, tables="{responses: exports/wave.csv}"
    )
    found = messages(folder)
    assert found
    assert not any("Send responses.csv" in line for line in found)


def test_the_messages_shown_to_consultants_are_real_ones(client, project):
    """book/new_client.md: an answer outside its scale, and words of the file's own."""
    page = (project / "book" / "new_client.md").read_text(encoding="utf-8")
    outside, words = re.findall(r"^error: (.+)$", page, re.MULTILINE)
    head, answers = "response_id,wave,account_id,nps,ease,trouble\n", [7] * 13 + [99]
    rows = "".join(f"r{n},2026H1,007,8,{ease},2\n" for n, ease in enumerate(answers))
    book = "variable,role,scale_min,scale_max\nease,driver,0,10\n"
    (found,) = messages(client({"responses.csv": head + rows, "codebook.csv": book}))
    assert found == outside
    said = ["yes"] + ["Nein"] * 87 + ["nach Rücksprache"] * 32
    text = "contact_id,account_id,consent_named\n"
    text += "".join(f"c{n},007,{word}\n" for n, word in enumerate(said))
    (found,) = messages(client({"contacts.csv": text}))
    begins, ends = words.split(" … ")
    assert found.startswith(begins)
    assert found.endswith(ends)


def test_refunds_are_counted_and_taken_off_and_a_year_below_nought_is_noted(client):
    months = "007,2026-04,500\n007,2026-05,-120\n008,2026-05,-30\n009,2026-05,10\n009,2024-01,-99\n"
    folder = client({"financials.csv": f"account_id,period,revenue\n{months}"}, currency="EUR")
    folder.joinpath("client.yml").write_text(
        "name: Small\nas_of: 2026-06-30\nwave: 2026H1\ncurrency: EUR\n", encoding="utf-8"
    )
    study = open_study(folder)
    (said,) = [str(fault) for fault in study.warnings if "below 0" in fault.problem]
    assert "'-120' is below 0 in 3 rows, -249 in all" in said
    assert said.endswith("taken off the account's other months.")  # several amounts are no code
    notes = [str(note) for note in study.notes if "below 0" in str(note)]
    assert notes == [
        "financials: months with revenue below 0, taken off the others (3)",
        "financials: accounts whose revenue of the last 12 months is below 0, counted with 0 (1)",
    ]


WAVES = "{2025H2: 2025-11-15, 2026H1: 2026-02-10}"


def outcomes(*rows):
    return "account_id,wave,period,outcome,value\n" + "".join(f"{row}\n" for row in rows)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["007,2026H1,2026-01-01,renewed,1"], "row 1, column period: '2026-01-01' lies before"),
        (["007,2025H2,2026-01-01,renewed,1", "008,2026H1,2025-12-01,renewed,1",
          "009,2026H1,2025-11-01,renewed,1"], "row 2, column period: '2025-12-01' lies before"),
        (["007,,2025-10-01,renewed,1"], "lies before the first survey (2025-11-15) in every row"),
    ],
)  # fmt: skip
def test_an_outcome_before_its_survey_is_told(client, rows, told):
    found = check_client(client({"outcomes.csv": outcomes(*rows)}, waves=WAVES))
    assert any(told in str(fault) for fault in found), found


@pytest.mark.parametrize(
    "row", ["007,2026H1,2026-02-01,renewed,1", "007,2026H1,2026-05-01,renewed,1",
            "007,2026H1,,renewed,1", "007,,2026-01-01,renewed,1"],
)  # fmt: skip
def test_an_outcome_of_its_surveys_month_or_later_is_none_to_tell(client, row):
    assert not check_client(client({"outcomes.csv": outcomes(row)}, waves=WAVES))

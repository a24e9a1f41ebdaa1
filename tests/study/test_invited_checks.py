"""Invitations against answers, months after an account's end, words in the place of numbers."""

from __future__ import annotations

import io

import pandas as pd
import pytest
import xlsxwriter
from checking import told as told_of

from helpers.study import check_client, open_study
from helpers.study.config import Config
from helpers.study.invited_checks import check_invited

ANSWERS = (
    "response_id,wave,contact_id,account_id,completed_at,nps,ease,trouble\n"
    "r1,2025H2,c1,007,2025-11-12,8,7,2\n"
    "r2,2026H1,c1,007,2026-05-12,9,8,1\n"
    "r3,2026H1,c2,008,2026-05-14,3,6,5\n"
)
PEOPLE = "contact_id,account_id\nc1,007\nc2,008\nc3,009\n"
INVITED = "wave,contact_id,account_id,invited_at,disposition\n"
ACCOUNTS = "account_id,name,end_date\n007,Seven,\n008,Eight,2026-02-28\n009,Nine,9999-12-31\n"


def told(client, rows="", **files):
    sent = {"responses.csv": ANSWERS, "contacts.csv": PEOPLE, "invitations.csv": INVITED + rows}
    sent |= {f"{name}.csv": text for name, text in files.items()}
    return [str(fault) for fault in check_client(client(sent))]


def test_invitations_that_agree_with_their_answers_have_no_fault(client):
    rows = "2026H1,c1,007,2026-05-12,complete\n2026H1,c2,008,2026-05-02,partial\n"
    rows += "2026H1,c3,009,2026-05-02,refusal\n2025H2,c1,007,2025-11-01,complete\n"
    assert told(client, rows) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2026H1,c2,008,2026-05-02,noncontact", "'noncontact' is said of somebody who answered"),
        ("2026H1,c2,008,2026-05-02,bounce", "'bounce' is said of somebody who answered in this w"),
        ("2026H1,c2,008,2026-05-15,complete", "'2026-05-15' lies after the answer of the same co"),
        ("Spring,c2,008,2026-05-02,complete", "'Spring' is a wave that has no responses, and cou"),
    ],
)
def test_an_invitation_that_its_answer_contradicts_is_warned_of(client, row, said):
    (found,) = told(client, f"2026H1,c1,007,2026-05-02,complete\n{row}\n")
    assert "invitations.csv, row 2" in found and said in found


@pytest.mark.parametrize("first", ["", "2026H1,c1,007,2026-05-02,complete\n"])
def test_a_wave_in_another_spelling_is_told_once_with_what_joins_it(client, first):
    (found,) = told(client, f"{first}H1 2026,c2,008,2026-05-02,complete\n")
    assert 'declare `collapse: {wave: {"2026H1": ["H1 2026"]}}` in client.yml' in found


def test_revenue_after_the_end_of_an_account_is_warned_of(client):
    money = (
        "account_id,period,revenue\n008,2026-02,5\n008,2026-03,4\n008,2026-04,0\n009,2026-04,1\n"
    )
    found = told(client, accounts=ACCOUNTS, financials=money)
    (late,) = [text for text in found if "comes after the end_date" in text]
    assert "row 2, column period: '2026-03-01' comes after the end_date of its account" in late
    assert any("'9999-12-31' stands for no end" in text for text in found)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("yes", "no"), '{"1": ["yes"], "0": ["no"]}'),
        (("True", "False"), '{"1": ["True"], "0": ["False"]}'),
    ],
)
def test_yes_and_no_in_the_place_of_numbers_are_advised_as_1_and_0(client, words, line):
    rows = "".join(f"00{n + 7},2025H2,left,{word}\n" for n, word in enumerate(words))
    files = {"outcomes.csv": f"account_id,wave,outcome,value\n{rows}"}
    (found,) = check_client(client(files))
    keys = f"{{outcomes: {{values: {{value: {line}}}}}}}"
    assert f"declare `formats: {keys}` in client.yml" in found.advice
    study = open_study(client(files, formats=keys))
    assert study.table("outcomes")["value"].tolist() == [1, 0]


def test_a_second_table_on_a_sheet_is_told_by_its_header(client):
    book = io.BytesIO()
    rows = [("account_id", "name"), ("007", "Seven"), (), ("South",), ("account_id", "name"),
            ("008", "Eight")]  # fmt: skip
    with xlsxwriter.Workbook(book) as workbook:
        page = workbook.add_worksheet()
        for place, row in enumerate(rows):
            page.write_row(place, 0, row)
    found = [str(f) for f in check_client(client({"accounts.xlsx": book.getvalue()}))]
    assert any("row 4: repeats the header: another table begins" in text for text in found)


@pytest.mark.parametrize(("mark", "typed"), [(";", ";"), ("\t", "\\t"), ("|", "|")])
@pytest.mark.parametrize("question", ["Why", "Why, in a few words?"])
def test_commas_in_comments_or_questions_make_no_title_of_a_header(client, mark, typed, question):
    rows = ["response_id,wave,account_id,nps,ease,trouble".replace(",", mark) + mark + question]
    for n in range(8):
        text = f"Late, and again, {n}" if n % 2 else "Good"
        rows.append(mark.join([f"r{n}", "2026H1", "007", "9", "8", "1", text]))
    files = {"responses.csv": "\n".join(rows) + "\n"}
    (found,) = [f for f in check_client(client(files)) if f.file == "responses.csv"]
    assert (
        f'Declare `formats: {{responses: {{delimiter: "{typed}"}}}}` in client.yml' in found.advice
    )
    study = open_study(client(files, formats=f'{{responses: {{delimiter: "{typed}"}}}}'))
    assert study.responses["nps"].tolist() == [9] * 8


def _invited(**changed):
    """Ten people asked in a wave, of whom six answered; what the check says."""
    people = [f"C{n}" for n in range(10)]
    sent = pd.DataFrame({"wave": "W", "contact_id": people, "account_id": "A1",
                         "disposition": ["complete"] * 6 + ["unknown"] * 4})  # fmt: skip
    said = pd.DataFrame({"wave": "W", "contact_id": people[:6], "account_id": "A1"})
    known = pd.DataFrame({"contact_id": people, "account_id": "A1"})
    tables = {"invitations": sent, "responses": said, "contacts": known}
    tables |= {name: edit(tables[name]) for name, edit in changed.items()}
    return told_of(check_invited, tables, Config(name="A", as_of="2026-06-30", wave="W"))


def test_invitations_whose_answers_are_all_there_have_no_fault():
    assert _invited() == []


@pytest.mark.parametrize(
    ("table", "edit", "expected"),
    [
        ("responses", lambda f: f.iloc[:4], "row 5, column disposition: 'complete' is said of"),
        ("invitations", lambda f: f.assign(disposition="unknown"), "'unknown' is said of somebody"),
        ("invitations", lambda f: f.iloc[3:], "lacks 3 of the 6 people who answered in W"),
        ("invitations", lambda f: f.assign(account_id="A2"), "another account than its contact's"),
        (
            "responses",
            lambda f: f.assign(account_id="A2"),
            "another account than its contact's, A1",
        ),
    ],
)
def test_completes_answers_and_contacts_that_do_not_agree_are_told(table, edit, expected):
    (text,) = _invited(**{table: edit})
    assert expected in text

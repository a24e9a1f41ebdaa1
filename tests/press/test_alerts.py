"""``handbook alerts``: today's inbox on the screen, as CSV and as JSON for a daily job."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from helpers.cli import app
from helpers.errors import HandbookError
from helpers.press import alerts as making

CONFIG = """\
name: Acme
currency: USD
as_of: 2026-06-30
wave: W1
targets: {first_contact_hours: 48, plan_days: 5, close_days: 20}
parameters: {recovery: {per_week: 1}}
"""
CODEBOOK = """\
variable,text,role,label,scale_min,scale_max
recommend,Would you recommend us?,recommend,Recommend,0,10
"""
RESPONSES = """\
response_id,wave,contact_id,account_id,recommend
r1,W1,p1,a1,2
r2,W1,p2,a2,9
r3,W1,p3,a3,10
"""
ACCOUNTS = """\
account_id,name,owner,revenue
a1,=HYPERLINK(1),+Ann,900
a2,Beta,+Ann,500
a3,Gamma,Bob,100
"""
CONTACTS = """\
contact_id,account_id,role,consent_named,consent_followup,consent_marketing
p1,a1,user,no,no,no
p2,a2,user,yes,yes,no
p3,a3,user,no,yes,yes
"""
TICKETS = """\
ticket_id,account_id,contact_id,response_id,trigger,created_at,closed_at,snoozed_until
t1,a1,p1,r1,low recommendation,2026-06-01T09:00,,
t2,a2,p2,,complaint,2026-06-03T09:00,,
t3,a3,p3,,complaint,2026-06-04T09:00,,2026-07-20
t4,a3,p3,,complaint,2026-05-01T09:00,2026-05-02T09:00,
t5,zz,,,complaint,2026-05-01T09:00,2026-05-02T09:00,
"""


@pytest.fixture
def client(tmp_path: Path) -> Path:
    folder = tmp_path / "acme"
    folder.mkdir()
    files = {"client.yml": CONFIG, "codebook.csv": CODEBOOK, "responses.csv": RESPONSES,
             "accounts.csv": ACCOUNTS, "contacts.csv": CONTACTS,
             "tickets.csv": TICKETS}  # fmt: skip
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def call(client: Path, tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(project)

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["alerts", str(client), "--output", str(tmp_path / "out"),
                                        *words])  # fmt: skip

    return run


def rows(tmp_path: Path) -> list[dict[str, str]]:
    with (tmp_path / "out" / "alerts.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_exit_code_says_whether_anything_is_overdue(call):
    assert call().exit_code == 4
    assert call("--as-of", "2026-06-01").exit_code == 0
    assert call("--as-of", "1 June").exit_code == 2


def test_the_screen_shows_what_an_owner_can_handle_and_the_files_hold_all(call, tmp_path):
    said = call().stdout
    assert "2 overdue, 0 in time, 1 at rest on 2026-06-30" in said
    assert "=HYPERLINK(1)" in said
    assert "Beta" not in said  # one call a week, and another account has more money
    assert [(row["account_id"], row["status"], row["in_reach"]) for row in rows(tmp_path)] == [
        ("a1", "overdue", "True"), ("a2", "overdue", "False"), ("a3", "snoozed", "False"),
    ]  # fmt: skip


def test_no_text_of_the_csv_runs_as_a_formula_and_json_holds_it_as_it_is(call, tmp_path):
    call()
    first = rows(tmp_path)[0]
    assert first["account"] == "'=HYPERLINK(1)"
    assert first["owner"] == "'+Ann"
    record = json.loads((tmp_path / "out" / "alerts.json").read_text(encoding="utf-8"))
    assert record["alerts"][0]["account"] == "=HYPERLINK(1)"
    assert record["overdue"] == 2
    assert record["alerts"][0]["due"] == "2026-06-03"
    assert record["alerts"][0]["snoozed_until"] is None


def test_who_did_not_agree_is_named_in_no_file(call, tmp_path):
    call()
    people = {row["account_id"]: (row["person"], row["reason"]) for row in rows(tmp_path)}
    assert people == {"a1": ("", ""), "a2": ("p2", "complaint"), "a3": ("", "")}
    whole = (tmp_path / "out" / "alerts.json").read_text(encoding="utf-8")
    assert '"p1"' not in whole
    assert "low recommendation" not in whole


def test_a_day_before_knows_nothing_of_what_came_later(call, tmp_path):
    call("--as-of", "2026-06-02")
    assert [row["ticket_ids"] for row in rows(tmp_path) if row["kind"] == "recover"] == ["t1"]


def test_the_same_day_gives_the_same_bytes(call, tmp_path):
    made = []
    for _ in range(2):
        call()
        made.append([path.read_bytes() for path in sorted((tmp_path / "out").iterdir())])
    assert made[0] == made[1]


def test_strangers_and_missing_holidays_and_reports_are_said(call):
    said = call().stdout
    assert "1 cases are of accounts that the list does not hold" in said
    assert "no holidays are declared" in said
    assert "ranked by revenue" in said


def test_money_at_stake_is_that_of_the_last_report(call, tmp_path, monkeypatch):
    risk = pd.DataFrame({"account_id": ["a1", "a2"], "at_risk": [1.0, 400.0]})
    monkeypatch.setattr(making.results, "table", lambda chapter, table, where: risk)
    said = call().stdout
    assert [row["account_id"] for row in rows(tmp_path)] == ["a2", "a3", "a1"]
    assert rows(tmp_path)[0]["at_stake"] == "400.0"
    assert "ranked by revenue" not in said


def test_without_tickets_the_message_says_what_to_send(call, client):
    (client / "tickets.csv").unlink()
    done = call()
    assert isinstance(done.exception, HandbookError)
    assert "send tickets.csv" in str(done.exception)


def test_a_wrong_calendar_is_a_fault(call, client):
    (client / "client.yml").write_text(CONFIG + "calendar: {opens: 17, closes: 9}\n")
    done = call()
    assert "work ends before it begins" in str(done.exception)

"""The recovery chapter on clients with little to tell: each has a page that says why, in words."""

from __future__ import annotations

from pathlib import Path

import cells
import pytest

from tests.press.test_alerts import ACCOUNTS, CODEBOOK, CONFIG, CONTACTS, RESPONSES, TICKETS

HEAD = TICKETS.split("\n")[0] + "\n"
PROMISED = "targets: {first_contact_hours: 48, plan_days: 5, close_days: 20}\n"
FILES = {"client.yml": CONFIG, "codebook.csv": CODEBOOK, "responses.csv": RESPONSES,
         "accounts.csv": ACCOUNTS, "contacts.csv": CONTACTS, "tickets.csv": TICKETS}  # fmt: skip


def page(folder: Path, project: Path, **files: str | None) -> tuple[str, str]:
    """The answer of the chapter, and everything that its page says."""
    sent = {**FILES, **{n.replace("_", "."): t for n, t in files.items()}}
    return cells.page("recovery", folder, project, sent)


CASES = {  # the files, how the answer begins, and what else the page says
    "several": ({}, "2 accounts are past what they were promised", "4 steps without a time"),
    "no promises": (
        {"client_yml": CONFIG.replace(PROMISED, "")},
        "No promise is declared, so no call can be late.",
        "No promise is declared for: first contact, plan, closed",
    ),
    "no holidays": ({}, "2 accounts", "No holidays are declared"),
    "one ticket": (
        {"tickets_csv": HEAD + "t1,a1,p1,r1,low,2026-06-01T09:00,,\n"},
        "One account is past what it was promised.",
        "withheld because its base of 1",
    ),
    "all closed": (
        {"tickets_csv": HEAD + "t1,a1,p1,r1,low,2026-06-01T09:00,2026-06-02T09:00,\n"},
        "No case is open, so nobody has to be called",
        "No case of a customer is open",
    ),
    "unknown accounts": (
        {"tickets_csv": HEAD + "t1,zz,,,complaint,2026-06-01T09:00,,\n"},
        "No case is open",
        "1 cases are of accounts that the list does not hold",
    ),
    "no contacts": ({"contacts_csv": None}, "2 accounts", "cannot be told yet"),
    "no list": ({"accounts_csv": None, "contacts_csv": None},
                "2 accounts are past what they were promised. Name today who calls a1", ""),
    "needed columns alone": (
        {"tickets_csv": "ticket_id,account_id,trigger,created_at\nt1,a1,complaint,2026-06-01\n"},
        "One account",
        "Not shown: no case says what caused it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_client_with_little_to_tell_has_a_page_that_says_why(case, tmp_path, project):
    files, opening, says = CASES[case]
    answer, whole = page(tmp_path / "acme", project, **files)
    assert answer.startswith(opening)
    assert says in whole

"""The account list: what its sentences say of who calls whom, and when."""

from __future__ import annotations

import pandas as pd

from helpers.methods import account_list
from helpers.results import ChapterResult
from helpers.views.accounts import figures, sentences
from helpers.views.rendering.sentences import say

TODAY = pd.Timestamp("2026-06-30")


def found(per_week: int) -> account_list.AccountList:
    """Six accounts of one owner that need a call this week, three of them to be repaired."""
    ids = [f"a{i}" for i in range(6)]
    frame = pd.DataFrame(
        {"account_id": ids, "name": [f"Firm {i}" for i in ids], "owner": "Ann",
         "revenue": [100.0 * (i + 1) for i in range(6)]}
    )  # fmt: skip
    placed = pd.DataFrame(
        {"account_id": ids, "loyalty": 50.0, "low": 40.0, "high": 60.0, "respondents": 2,
         "cell": ["Protect & repair", "Invest"] * 3, "firmness": "firm"}
    )  # fmt: skip
    ends = pd.Series(pd.Timestamp("2026-12-31"), ids)
    calls = pd.DataFrame(
        {"ticket_id": ids, "account_id": ids, "created_at": pd.Timestamp("2026-06-20"),
         "owner": "Ann"}
    )  # fmt: skip
    tickets = account_list.open_tickets(calls, as_of=TODAY, first_contact_hours=24)
    return account_list.account_list(
        frame, as_of=TODAY, placed=placed, tickets=tickets, contract_ends=ends, per_week=per_week
    )


def said(per_week: int) -> tuple[dict, str]:
    known = figures.DECLARED.checked(figures.listed(found(per_week), "USD"))
    text = str(say(sentences.so_what(known), ChapterResult("accounts", known)))
    return known, text


def test_those_who_wait_are_counted_and_the_reader_told_why():
    known, text = said(2)
    assert (known["this_week"].value, known["callers"].value) == (2, 1)
    assert "Nobody has more than 2 calls a week" in text
    assert "4 accounts are dated a week or more later" in text


def test_where_everybody_has_time_nothing_is_said_of_waiting():
    known, text = said(6)
    assert known["this_week"].value == 6
    assert known["waiting"].verdict == "none"
    assert "Nobody has more" not in text


def test_the_first_page_gets_its_names_from_the_list_in_the_list_s_order():
    assert said(2)[0]["repair_names"].value == "Firm a4 and Firm a2"

"""The recovery chapter: what it says of who waits and of what calls were worth."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.methods import recovery
from helpers.methods.recovery import Saved
from helpers.results import ChapterResult, Figure
from helpers.views.recovery import charts, figures, sentences, tables
from helpers.views.rendering.sentences import say

DAY = pd.Timestamp("2026-06-30")
PROMISES = recovery.Promises.declared(48, 5, 20)
NONE = recovery.Promises()
INDEX = "the loyalty index (0 to 100)"


def tickets(*began: str, **more) -> pd.DataFrame:
    rows = {"ticket_id": [f"t{n}" for n, _ in enumerate(began)],
            "account_id": [f"a{n}" for n, _ in enumerate(began)],
            "created_at": pd.to_datetime(list(began)), "trigger": "complaint",
            "owner": "Ann Lee", "root_cause": "late_bill"}  # fmt: skip
    return pd.DataFrame(rows | more)


def accounts(number: int, **more) -> pd.DataFrame:
    rows = {"account_id": [f"a{n}" for n in range(number)],
            "name": [f"Firm {chr(65 + n)}" for n in range(number)], "revenue": 1e6}  # fmt: skip
    return pd.DataFrame(rows | more)


def test_a_share_of_few_cases_is_withheld_and_not_called_undeclared():
    row = Figure("contact_kept", None, base=4, base_unit="cases", unit="share",
                 withheld="its base of 4 is under 10", label="cases contacted")  # fmt: skip
    known = {"contact_kept": row, "goal": Figure("goal", 0.8, unit="share"),
             "contact_days": Figure("contact_days", 2.0, unit="decimal0")}  # fmt: skip
    assert "is withheld because its base of 4" in read(sentences.kept(known), known)
    assert "promise" not in sentences.so_what(known)
    assert "no promise of one is declared" in sentences.kept({})


def told(sent: pd.DataFrame, promises=PROMISES, *, money=True) -> dict[str, Figure]:
    cases = recovery.cases(sent, as_of=DAY)
    listed = accounts(3) if money else accounts(3).drop(columns="revenue")
    stake = pd.Series({f"a{n}": 1e4 for n in range(3)}) if money else None
    box = recovery.inbox(sent, listed, as_of=DAY, promises=promises, found=cases, at_stake=stake)
    return figures.DECLARED.checked(figures.open_now(box, cases, promises, "USD"))


def read(template: str, known: dict[str, Figure]) -> str:
    return say(template, ChapterResult("recovery", known)).text


CASES = {  # tickets and promises, and how the answer reads
    "late": (told(tickets("2026-06-01", "2026-06-29", "2026-06-02")),
             "2 accounts are past what they were promised, and bring $2.0M a year. By 1 July 2026 "
             "Ann Lee calls Firm A first"),
    "one late": (told(tickets("2026-06-01", "2026-06-29")),
                 "One account is past what it was promised. By 1 July 2026 Ann Lee calls Firm A"),
    "no money": (told(tickets("2026-06-01", "2026-06-01"), money=False),
                 "2 accounts are past what they were promised. By 1 July 2026 Ann Lee calls "
                 "Firm A"),
    "no owner": (told(tickets("2026-06-01", "2026-06-01", owner=None), money=False),
                 "2 accounts are past what they were promised. Name today who calls Firm A"),
    "in time": (told(tickets("2026-06-29")), "No customer is past a promise. Ann Lee takes"),
    "all closed": (told(tickets("2026-06-01", closed_at=pd.Timestamp("2026-06-02"))),
                   "No case is open"),
    "no promise": (told(tickets("2026-06-01"), NONE),
                   "No promise is declared, so no call can be late."),
    "no case": (told(tickets("2026-06-01").head(0)), "No case was recorded"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_answer_names_who_calls_whom_in_forty_words_and_six_numerals(case):
    known, opening = CASES[case]
    text = read(sentences.answer(known), known)
    assert text.startswith(opening)
    assert len(text.split()) <= 40
    assert len(re.findall(r"\d[\d.,]*", text)) <= 6


def test_calls_are_asked_for_only_where_somebody_is_late():
    asks = {case: sentences.ask(known, "7 July 2026") for case, (known, _) in CASES.items()}
    assert {case for case, ask in asks.items() if ask} == {
        "no owner",
        "late",
        "one late",
        "no money",
        "no promise",
    }
    assert "Declare how soon" in asks["no promise"]["what"]
    assert asks["late"]["due"] == "7 July 2026"


def test_cases_accounts_and_what_owners_have_time_for_are_told_as_parts_of_one_another():
    """Four cases of three accounts, one in time: no count stands without what it is a part of."""
    days = ("2026-06-01", "2026-06-02", "2026-06-02", "2026-06-30")
    known = told(tickets(*days, account_id=["a0", "a1", "a0", "a2"]))
    text = read(sentences.backlog(known), known)
    assert text.startswith("Open cases: 4")
    assert "They are at 3 accounts, 2 of them past a promise." in text
    assert text.endswith("the next step at 3 of these in a week.")
    ask = read(sentences.ask(known, "")["what"], known)
    assert "the next step at the 3 accounts that can be reached this week" in ask


def test_nothing_is_said_of_cases_where_there_are_none():
    known = CASES["no case"][0]
    assert known == {}
    assert sentences.backlog(known) == sentences.happy(known) == ""
    assert "cannot be told" in sentences.worth(known)
    assert sentences.doubts(known) == ()


@pytest.mark.parametrize(
    ("kept", "says"),
    [((0.9, 0.85, 0.95), "is met"), ((0.5, 0.4, 0.6), "days only"),
     ((0.8, 0.7, 0.9), "not statistically distinguishable")],
)  # fmt: skip
def test_a_promise_is_called_kept_or_missed_only_by_its_whole_interval(kept, says):
    row = {"clock": "first contact", "base": 50, "done": 40, "promise": 2.0, "kept": kept[0],
           "low": kept[1], "high": kept[2], "median": 1.0, "finished": 1.0,
           "working_median": 1.0}  # fmt: skip
    known = figures.waits(SimpleNamespace(table=pd.DataFrame([row])), 0.8)
    figures.DECLARED.checked(known.values())
    assert says in read(sentences.kept(known), known)


def made(low: float, high: float, *, others: str = "agree") -> Saved:
    gain = (low + high) / 2
    side = {"agree": (low, high), "differ": (high + 5, high + 9), "alone": (np.nan, np.nan)}[others]
    rows = [("comparable cases", gain, low, high, "")]
    rows += [(name, np.mean(side), *side, "" if others != "alone" else "too few")
             for name in ("threshold", "regression to the mean")]  # fmt: skip
    table = pd.DataFrame(rows, columns=["design", "gain", "low", "high", "reason"])
    shares = pd.DataFrame(
        {"value": [0.8, 0.7, 0.1, 0.875, 0.6], "low": [0.7, 0.5, -0.1, 0.6, np.nan],
         "high": [0.9, 0.9, 0.3, 1.0, np.nan]},
        index=["converted", "expected", "net", "anyway", "by_chance"],
    )  # fmt: skip
    verdict = "gains" if low > 0 else "loses" if high < 0 else "not clear"
    return Saved(
        table.assign(base=74, compared=48), shares, "comparable cases", verdict, 74, 0.95, 40.0
    )


@pytest.mark.parametrize(
    ("ends", "says"),
    [((1.0, 15.0), "points more on the loyalty index"), ((-5.0, 9.0), "no gain is clear"),
     ((-9.0, -1.0), "worse, not better")],
)  # fmt: skip
def test_what_was_converted_is_never_told_without_what_would_have_come_anyway(ends, says):
    known = figures.worth(made(*ends), INDEX)
    figures.DECLARED.checked(known.values())
    text = read(sentences.worth(known), known)
    assert says in text
    assert "would have come back anyway" in text
    assert not re.search(r"\bsave[sd]?\b|\bcauses\b|\bthanks to\b", text)


@pytest.mark.parametrize(
    ("others", "says"),
    [("agree", "neither contradicts it"), ("differ", "something else"), ("alone", "No other")],
)
def test_the_page_says_which_design_carries_and_whether_others_agree(others, says):
    known = figures.worth(made(1.0, 15.0, others=others), INDEX)
    figures.DECLARED.checked(known.values())
    text = read(sentences.design(known), known)
    assert "48 comparable people carries this sentence" in text
    assert says in text


def test_every_name_in_every_sentence_is_declared_and_every_verdict_has_its_text():
    texts = [value for value in vars(sentences).values() if hasattr(value, "texts")]
    for one in texts:
        assert set(one.texts) == set(figures.DECLARED.verdicts[one.figure])
    source = repr([vars(t) for t in texts]) + repr(
        [v for v in vars(sentences).values() if isinstance(v, str | tuple)]
    )
    named = set(re.findall(r"\{([a-z_]+)(?::[^}]*)?\}", source))
    assert named <= figures.DECLARED.names
    assert len(named) > 25


def test_tables_of_an_inbox_without_cases_say_so():
    sent = tickets("2026-06-01").head(0)
    cases = recovery.cases(sent, as_of=DAY)
    box = recovery.inbox(sent, accounts(1), as_of=DAY, promises=PROMISES, found=cases)
    assert str(tables.calls(box, None, "USD")) == "No case of a customer is open."
    assert str(tables.alerts(box, "USD", 5)) == ""
    assert str(tables.ages(recovery.ageing(cases), "USD")) == "No case is open."


def test_the_first_call_of_an_owner_is_the_one_with_most_money_among_the_late():
    sent = tickets("2026-06-29", "2026-06-01", "2026-06-01")
    cases = recovery.cases(sent, as_of=DAY)
    box = recovery.inbox(sent, accounts(3), as_of=DAY, promises=PROMISES, found=cases,
                         at_stake=pd.Series({"a0": 9.0, "a1": 2.0, "a2": 3.0}))  # fmt: skip
    row = tables.calls(box, None, "USD").rows[0]
    assert (row[:3], row[6]) == (("Ann Lee", "Firm C", "Call"), "$3.0M")


def test_the_first_row_of_calls_is_the_call_that_the_answer_names():
    """However much more the accounts of another owner bring."""
    sent = tickets("2026-06-01", "2026-06-01", "2026-06-01", owner=["Bo Ek", "Ann Lee", "Ann Lee"])
    cases = recovery.cases(sent, as_of=DAY)
    box = recovery.inbox(sent, accounts(3), as_of=DAY, promises=PROMISES, found=cases,
                         at_stake=pd.Series({"a0": 9.0, "a1": 2.0, "a2": 3.0}))  # fmt: skip
    first = tables.calls(box, None, "USD").rows[0]
    known = {figure.name: figure for figure in figures.open_now(box, cases, PROMISES, "USD")}
    assert first[:2] == (known["first_owner"].value, known["first_account"].value)
    assert first[0] == "Bo Ek"


def test_charts_say_that_no_promise_is_declared():
    sent = tickets("2026-06-01", closed_at=pd.Timestamp("2026-06-10"))
    waits = recovery.clocks(recovery.cases(sent, as_of=DAY), NONE)
    found = recovery.waiting(waits, NONE)
    assert "no promise is declared" in charts.waits(found, title="Waits").alt


def test_an_action_that_makes_a_cause_worse_is_none_against_it():
    """As on the page of what to fund, which counts by the same rule."""
    sent = tickets("2026-06-01", "2026-06-02", root_cause="late")
    found = recovery.causes(recovery.cases(sent, as_of=pd.Timestamp("2026-06-30")))
    listed = pd.DataFrame({"action_id": ["A", "B"], "name": ["Vans", "Fewer vans"]})
    moved = pd.DataFrame({"action_id": ["A", "B"], "driver": "late", "change_mid": [0.3, -0.4]})
    known = figures.reasons(found, {}, listed, moved)
    assert known["cause_actions"].value == 1
    assert known["cause_action"].value == "Vans"
    assert figures.against(found, listed, moved)["listed"].tolist() == [1]
    assert "cause_actions" not in figures.reasons(found, {}, listed, None)


@pytest.mark.parametrize("ends", [(1.0, 15.0), (-5.0, 9.0), (-9.0, -1.0)])
def test_points_are_told_with_the_score_that_they_are_points_of(ends):
    """On the page, in the title and on the axis of its picture, in its table and in the label."""
    found = made(*ends)
    known = figures.worth(found, INDEX)
    texts = [read(part(known), known) for part in (sentences.worth, sentences.worth_title)]
    told = [part for text in texts for part in re.split(r"(?<=[.!?]) ", text) if " points" in part]
    assert told
    assert all(INDEX in part or "percentage points" in part for part in told)
    assert INDEX in known["recovery_gain"].label
    assert INDEX in tables.designs(found, INDEX).html

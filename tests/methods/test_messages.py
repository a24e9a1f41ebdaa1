"""What may be said: records as they stand, claims by their verbs, and what no record carries."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from markdown_it import MarkdownIt

from helpers.methods import messages

DAY = pd.Timestamp("2026-06-30")
SENT = pd.DataFrame({
    "what": ["Answers in a day", "A portal with tracking", "A hotline for all", "Dates that hold",
             "Dates that hold", "A prize for staff", "A visit each year"],
    "audience": ["customers", "All customers ", "customers", "customers", "customers",
                 "employees", "key"],
    "action_id": ["A1", "A2", None, "A4", "A4", None, None],
    "promised_at": pd.to_datetime(["2026-01-10"] * 4 + ["2026-06-01"] + ["2026-01-10"] * 2),
    "due": pd.to_datetime(["2026-03-31", "2026-12-31", "2026-04-30", "2026-05-31", "2026-09-30",
                           "2026-12-01", "2026-06-30"]),
    "delivered_at": pd.to_datetime(["2026-03-01", None, "2026-05-07", None, None, None, None]),
    "told_at": pd.to_datetime(["2026-03-02", None, None, None, None, None, None]),
})  # fmt: skip
RECORDS = messages.promised_records(SENT, as_of=DAY)
CUSTOMERS = messages.addressed_to(RECORDS, "customers")


def test_promises_by_hand_as_they_stand_on_the_day():
    """Worked by hand: C05 is C04 made again, so C04 has its day and C05 is not told twice."""
    told = RECORDS[["ref", "status", "new_ref"]].fillna("").values.tolist()
    assert told == [["C01", "kept", ""], ["C02", "open", ""], ["C03", "late", ""],
                    ["C04", "missed", "C05"], ["C06", "open", ""], ["C07", "open", ""]]  # fmt: skip
    assert RECORDS.set_index("ref")["new_due"].dropna().to_dict() == {
        "C04": pd.Timestamp("2026-09-30")
    }


def test_a_promise_that_is_due_today_is_not_one_with_a_day_to_come():
    own = messages.addressed_to(RECORDS, "customers")
    assert messages.still_open(own, as_of=DAY)["ref"].tolist() == ["C02"]
    key = messages.own_records(
        RECORDS, pd.DataFrame({"account_id": ["a"], "tier": "Key"}), ["tier"]
    )
    assert messages.late(key, as_of=DAY).empty
    assert messages.still_open(key, as_of=DAY)[["ref", "today"]].values.tolist() == [["C07", True]]
    assert messages.late(own, as_of=DAY)["ref"].tolist() == ["C04"]


def test_what_was_done_and_told_before_is_no_news():
    recent = messages.done(CUSTOMERS, since=pd.Timestamp("2026-04-01"))
    assert recent["ref"].tolist() == ["C03"]
    assert messages.done(CUSTOMERS, since=None)["ref"].tolist() == ["C03", "C01"]


def test_a_row_added_at_the_end_changes_no_other_id():
    more = pd.concat([SENT, SENT.tail(1).assign(what="Something else")], ignore_index=True)
    assert messages.promised_records(more, as_of=DAY)["ref"].tolist()[:6] == RECORDS["ref"].tolist()


def test_promises_of_the_future_and_deliveries_after_the_day_do_not_count():
    later = SENT.assign(promised_at=pd.Timestamp("2026-07-15"))
    assert messages.promised_records(later, as_of=DAY).empty
    early = messages.promised_records(SENT, as_of=pd.Timestamp("2026-02-01"))
    assert early.set_index("ref").loc["C01", ["status", "delivered"]].tolist() == ["open", pd.NaT]


SAID = {
    "We have built a hotline.": {"done"},
    "Our service team now answers within a day.": {"done"},
    "The hotline was opened in spring.": {"done"},
    "Every call gets answered by an engineer.": {"done"},
    "Nothing has changed.": {"done"},
    "We will call you.": {"will"},
    "You'll hear from us soon.": {"will"},
    "From 1 September 2026 the portal shows each order.": {"will"},
    "The portal opens in May 2026.": {"will"},
    "We are hiring engineers.": {"will"},
    "We plan to open a portal by the end of the year.": {"will"},
    "The portal will be opened by 1 May 2026.": {"will"},
    "It will soon be in place.": {"will"},
    "A portal is coming.": {"will"},
    "Expect a portal by December.": {"will"},
    "A new portal is live.": {"done"},
    "There is a new portal for orders.": {"done"},
    "Response times are down by a third.": {"done"},
    "The hotline opened in June.": {"done"},
    "Engineers joined the hotline in May.": {"done"},
    "Every claim gets an answer in five days.": {"done"},
    "No claim waits longer than five days.": {"done"},
    "Your deliveries arrive when promised.": {"done"},
    "Seal kits are free of charge.": {"done"},
    "You told us that claims wait longer than five days.": set(),
    "We promised this by 31 March 2026.": {"promised"},
    "It is not done yet.": {"not done"},
    "We have not built it.": {"not done"},
    "It is no secret that we rebuilt the hotline and will add a portal.": {"done", "will"},
    "We heard that you wait too long.": set(),
    "You told us that dates do not hold.": set(),
    "You rate speed best.": set(),
    "Thank you for your time and your trust.": set(),
    "Please write to me.": set(),
    "We are sorry.": set(),
}


@pytest.mark.parametrize("sentence", SAID)
def test_what_a_sentence_claims_by_its_verbs(sentence):
    assert messages.kinds(sentence) == SAID[sentence]


STANDS = [
    "“Answers in a day”: done on 1 March 2026 [C01].",
    "We have answered within a day since 1 March 2026. [C01]",
    "We now answer in a day [A1].",
    "“A hotline for all”: done on 7 May 2026, later than the 30 April 2026 that we promised [C03].",
    "We will open the portal by 31 December 2026 [C02].",
    "We promised “Dates that hold” by 31 May 2026 [C04]: it is not done.",
    "We will get there by 30 September 2026 [C04].",
    "The portal will be opened by 31 December 2026 [C02].",
    "The next date is 30 September 2026 [C04].",
    "We answered calls within a day and will open the portal by 31 December 2026 [C01] [C02].",
    "You asked for dates that we keep.",
]
FALLS = {
    "We have built a portal.": "cites no record",
    "We have built a portal [C99].": "C99, which is no record of this reader",
    "We have built a portal [C02].": "C02 was not delivered",
    "We have given staff a prize [C06].": "C06, which is no record of this reader",
    "We will open the portal [C02].": "the sentence does not name it",
    "We will open the portal by 30 November 2026 [C02].": "is no day of C02",
    "We will answer in a day by 31 March 2026 [C01].": "has no day to come",
    "Answers in a day came on 3 March 2026 [C01].": "names 3 March 2026, which is no day",
    "“Answers in a day” is what counts.": "repeats a record's words and cites none",
    "“Answers in a day” is not done [C01].": "was delivered",
    "We promised a portal by 10 January 2026 [C02].": "was not promised by the day",
    "Our hotline was opened on 7 May 2026 [C03] [C02].": "C02 was not delivered",
    "You are among our trapped customers.": "words of our own work: trapped",
    "It is 30 February 2026.": "a day that there is not",
}


def wrong(text: str, records: pd.DataFrame = CUSTOMERS) -> list[messages.Problem]:
    return messages.problems(text, records, as_of=DAY)


@pytest.mark.parametrize("sentence", STANDS)
def test_a_sentence_that_its_record_carries_stands_and_without_the_record_falls(sentence):
    assert wrong(sentence) == []
    if "[" in sentence:
        assert wrong(sentence, CUSTOMERS.iloc[:0]) != []


@pytest.mark.parametrize("sentence", FALLS)
def test_a_sentence_that_no_record_carries_is_told_with_its_line_and_what_to_write(sentence):
    [found] = wrong(f"# A letter\n\nDear all.\n\n- {sentence}\n")
    assert FALLS[sentence] in found.why
    assert found.line == 5
    assert found.sentence in (messages.plain(sentence), sentence)
    assert found.instead


def test_the_record_whose_words_a_sentence_has_is_named_to_be_cited():
    [found] = wrong("We have opened a hotline for everybody.")
    assert "[C03]" in found.instead


HOSTILE = [
    "<script>alert(1)</script>", "[Free](http://x.example)", "![x](http://x.example/p.png)",
    "a\n# Title\n- item", "{score_now:value}", "www.x.example", "`code` **bold** _it_",
    "\x00\x1b[31m",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_a_client_are_one_line_without_markup_and_read_as_they_were(text):
    made = f"“{messages.escaped(text)}”: done on 1 March 2026 [C01]."
    html = MarkdownIt("gfm-like", {"linkify": False}).render(made)
    assert html.count("<p>") == 1
    tags = set(re.findall(r"<(\w+)", html))
    assert tags == {"p"}
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    assert messages.plain(made).startswith(f"“{plain}”")


PEOPLE = pd.DataFrame({
    "contact_id": ["c1", "c2", "c3", "c4", "c5"], "account_id": ["a", "a", "b", "c", "d"],
    "role": ["user", "decision_maker", "user", "user", "user"],
    "active": [True, True, True, False, True], "opt_out": [False, False, False, False, True],
    "consent_followup": [True, True, None, True, True],
})  # fmt: skip
FIRMS = pd.DataFrame({"account_id": list("abcde")})


def test_one_person_an_account_who_agreed_and_of_these_one_who_answered():
    answers = pd.DataFrame({"contact_id": ["c1"]}, index=["r"])
    agreed = pd.Series([True], index=["r"])
    found = messages.recipients(PEOPLE, FIRMS, answers, agreed, consent="required")
    assert found[["account_id", "contact_id", "named"]].values.tolist() == [["a", "c1", True]]
    unnamed = messages.recipients(PEOPLE, FIRMS, answers, ~agreed, consent="required")
    assert unnamed[["contact_id", "named"]].values.tolist() == [["c2", False]]
    assert messages.without(PEOPLE, FIRMS, ["a"], []).tolist() == [1, 2, 1, 0, 1]
    assert messages.without(PEOPLE, FIRMS, ["a"], [], ["a"]).tolist() == [1, 2, 1, 1, 0]


@pytest.mark.parametrize("people", [None, PEOPLE.drop(columns="consent_followup")])
def test_without_known_consent_nobody_is_written_to(people):
    nobody = pd.DataFrame({"contact_id": []})
    none = pd.Series([], dtype=bool)
    assert messages.recipients(people, FIRMS, nobody, none, consent="required").empty


def test_an_answer_of_a_colleague_is_told_by_no_case():
    sent = pd.DataFrame({"ticket_id": ["t1", "t2", "t3"], "account_id": "a",
                         "contact_id": ["c1", "c2", None],
                         "response_id": ["r1", "r2", None]})  # fmt: skip
    to = pd.DataFrame({"account_id": ["a"], "contact_id": ["c1"], "named": [True]})
    assert messages.cases(sent, to)["ticket_id"].tolist() == ["t1", "t3"]
    assert messages.cases(sent, to.assign(named=False))["ticket_id"].tolist() == ["t3"]


def test_what_a_person_rated_is_repeated_to_nobody_without_consent():
    rated = pd.DataFrame({"x": [9.0, 2.0], "y": [1.0, 3.0], "z": [5.0, 2.0]})
    who = pd.DataFrame({"contact_id": ["c1", "c2"]})
    to = pd.DataFrame({"contact_id": ["c1", "c2"], "named": [True, False]})
    scales = {"x": (0, 10), "y": (0, 10), "z": (0, 10)}
    assert messages.own_ratings(rated, who, scales, to) == {"c1": ("x", "y")}
    both = messages.own_ratings(rated, who, scales, to.assign(named=True))
    assert both["c2"] == ("y", "")  # x and z are both the lowest


def test_the_two_things_heard_are_themes_else_drivers_else_nothing():
    themes = pd.DataFrame({"label": list("pqr"), "value": [0.5, 0.4, 0.1], "base": 90,
                           "may_lead": [True, True, False]})  # fmt: skip
    drivers = pd.DataFrame({"label": list("xyz"), "potential": [1.0, 3.0, 0.1], "base": 200,
                            "may_lead": [False, True, False], "mean": [6.0, 7.0, 8.0],
                            "mean_low": [5.9, 6.9, 7.0], "mean_high": [6.1, 7.1, 9.0]})  # fmt: skip
    found = messages.heard(themes, drivers)
    assert (found.asked, found.by, found.asked_base) == (("p", "q"), "comments", 90)
    assert (found.valued, found.sure) == (("z", "y"), False)
    tied = messages.heard(themes.assign(may_lead=True), drivers)
    assert (tied.asked, tied.by) == (("y",), "ratings")
    nothing = messages.heard(None, drivers.assign(may_lead=True))
    assert (nothing.asked, nothing.by) == ((), "nothing")
    assert messages.heard(None, None).valued == ()

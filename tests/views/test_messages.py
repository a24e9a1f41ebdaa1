"""The chapter on messages: what its letters and its page say, and to whom nothing is said."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest
import reading
from markdown_it import MarkdownIt

from helpers import results
from helpers.methods import messages
from helpers.results import ChapterResult, Figure
from helpers.study import open_study
from helpers.views.messages import figures, letters, post, sentences, tables
from helpers.views.messages.post import own_name
from helpers.views.rendering.sentences import say
from tests import letters as chapter

HOSTILE = "<script>alert(1)</script> [Free](http://x.example) **now**"


@pytest.fixture(scope="module")
def where(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    chapter.loyalty(folder)
    chapter.drivers(folder)
    return folder


@pytest.fixture(scope="module")
def made(where):
    return chapter.ran(where)


def without(*names):
    """A change of the notebook's study: tables that were not sent."""

    def change(known):
        left = {n: t for n, t in known["study"].tables.items() if n not in names}
        known["study"] = replace(known["study"], tables=left)
        known["page"].study, known["sent"] = known["study"], left

    return change


def letter(made) -> str:
    return made["made"].table["text"].iloc[0]


def read(template: str, known: dict[str, Figure]) -> str:
    return say(template, ChapterResult("messages", known)).text


@pytest.mark.parametrize("withheld", [False, True])
def test_a_score_of_the_wave_before_that_is_withheld_is_in_no_letter(withheld):
    main = Figure("main", 75.0, 73.0, 77.0, unit="index", base=400, label="Loyalty index")
    change = Figure("main_change", 1.0, -1.0, 3.0, unit="points", base=800, verdict="none")
    waves = pd.DataFrame({"label": ["Loyalty index"], "wave": ["2025H2"], "value": [74.0],
                          "low": [72.0], "high": [76.0], "base": [400],
                          "withheld": [withheld]})  # fmt: skip
    told = ChapterResult("loyalty", {"main": main, "main_change": change}, {"waves": waves})
    assert ("score_before" in figures.score(told, "2025H2")) is not withheld


def test_the_letter_says_what_was_heard_done_late_and_open_with_days_of_the_record(made):
    text = letter(made)
    for said in (
        "you rate Product quality best", "In all, 797 people answered.",
        "“Seal kits replaced free of charge”: done on 30 April 2026 [C08].",
        "done on 18 December 2025, later than the 31 October 2025 that we promised [C03].",
        "We promised “Delivery dates that hold” by 31 March 2026 [C04]: it is not done.",
        "We promised “Hotline with second-level engineers” by 30 June 2026 [C09]: on that day it "
        "was not done yet.",
        "“Order tracking in the portal”: due by 31 December 2026 [C12].",
        "Your answers put our loyalty index at 75.6 of 100. Last time it was 76.2 of 100. "
        "That is no clear change.",
        "[name and e-mail]", "[name of the chief executive]",
    ):  # fmt: skip
        assert said in text
    assert "Results of the 2025 survey" not in text  # told before the last wave
    assert "Carrier scorecards" not in text  # said to staff


@pytest.mark.parametrize("funded", [True, False])
def test_a_promise_that_the_plan_leaves_out_is_held_back_and_the_page_says_so(tmp_path, funded):
    """Portal tracking, A04, is due on a day to come; what is late already is told all the same."""
    chapter.drivers(tmp_path)
    chapter.plan(tmp_path, *(["A04"] if funded else ["A05"]))
    known = chapter.ran(tmp_path, few=20)
    told, text = known["page"].figures, letter(known)
    assert ("Order tracking in the portal" in text) == funded
    assert "We promised “Hotline with second-level engineers” by 30 June 2026" in text
    assert "Order tracking" in tables.claims(known["promised"]).text()
    said = read(sentences.records(told), told)
    assert ("Held back, not in the plan: Order tracking in the portal." in said) != funded
    assert (
        "hold back what the plan leaves out (1)" in read(sentences.answer(told), told)
    ) != funded
    assert len(read(sentences.answer(told), told).split()) <= 40
    assert ("funded or withdrawn" in sentences.ask(told, "")["what"]) != funded
    note = known["made"].table.set_index("file")["text"].filter(like="note")
    assert note.str.contains("Order tracking").any() == funded


def test_a_new_day_for_what_the_plan_leaves_out_is_not_told():
    day = pd.Timestamp
    made = messages.promised_records(pd.DataFrame({
        "what": ["A desk"] * 2, "audience": "customers", "action_id": "A1",
        "promised_at": [day("2026-01-01"), day("2026-05-01")],
        "due": [day("2026-03-31"), day("2026-09-30")],
    }), as_of=day("2026-06-30"))  # fmt: skip
    for plan, new in ((["A1"], 1), ([], 0), (None, 1)):
        told = post.Told(made, day("2026-06-30"), None, letters.Signed(), "Acme",
                         messages.heard(None, None), funded=plan)  # fmt: skip
        assert told.to("customers")["late"]["new_due"].notna().sum() == new


@pytest.mark.parametrize("verdict", figures.CHANGED)
def test_the_one_number_is_told_in_the_words_of_its_verdict(verdict, tmp_path):
    chapter.loyalty(tmp_path, verdict)
    known = figures.score(results.load("loyalty", tmp_path), "2025H2")
    said = letters.score(known)["verdict"]
    assert ("clear" in said and "no clear" not in said) == (verdict in ("rose", "fell"))


def test_without_an_earlier_wave_there_is_no_number_and_the_page_says_so(tmp_path):
    chapter.loyalty(tmp_path)
    known = figures.score(results.load("loyalty", tmp_path), "2024H1")
    assert letters.score(known) == {}
    assert "the letter gives no number" in sentences.letter(known)


def test_answers_of_accounts_are_not_thanked_as_people(made):
    heard = replace(made["page"].figures["respondents"], base_unit="accounts")
    known = made["page"].figures | {"respondents": heard}
    text = letters.letter(made["promised"], made["heard"], known, letters.Signed(), "Acme")
    assert "people" not in text
    assert "Thank you for your answers to our survey. This letter" in text


def test_own_letters_stand_on_their_records_and_read_easily(made, where):
    from helpers.press.letter_gate import letter_faults

    assert letter_faults(made["study"], where) == []
    for text in made["made"].table["text"].head(12):
        prose = "\n".join(messages.plain(block.text) for block in messages.blocks(text))
        assert reading.grade(prose) <= 10, text


def test_only_people_who_agreed_in_the_folder_are_written_to(made):
    contacts = made["people"].set_index("contact_id")
    rows = contacts.loc[made["made"].recipients(made["written"], made["firms"])["contact_id"]]
    assert len(rows) > 100
    roles = made["made"].recipients(made["written"], made["firms"])["role"]
    assert "decision maker" in set(roles)
    assert not roles.str.contains("_").any()
    assert rows["consent_followup"].all()
    assert rows["active"].all()
    assert not rows["opt_out"].any()
    told = made["made"].table.set_index("reader")["text"]
    named = made["written"].set_index("account_id")["named"]
    said = told[told.str.contains("You rate")]
    assert len(said) > 50
    assert named[said.index[said.index.isin(named.index)]].all()


def test_no_account_that_gets_none_and_no_person_is_on_the_page(made):
    page = tables.letter(made["made"]).html + tables.files(made["made"]).html
    page += tables.staff(made["made"], made["functions"]).html()
    page += tables.without(made["missing"]).html() + tables.by_hand(made["made"]).html
    names = made["study"].accounts["name"]
    assert not [name for name in names if name in page]
    assert not re.search(r"\bC\d{4}\b", page)


def test_a_letter_on_the_page_is_called_a_draft_and_has_no_bracket(made):
    """What is left open is underlined; files, and what is to be filled in, are for analysts."""
    page = tables.letter(made["made"]).html
    assert '<p class="draft">Draft, not yet sent</p>' in page
    assert '<p><u class="blank">date</u></p>' in page
    assert "[" not in re.sub(r"<[^>]*>", "", page)
    for part in (tables.files(made["made"]), tables.by_hand(made["made"])):
        assert re.fullmatch(r'<div class="analyst">.*</div>', part.html, re.DOTALL)


def test_no_letter_to_customers_holds_a_word_of_our_own_work(made):
    rows = made["made"].table
    text = "\n".join(rows.loc[rows["kind"] != "note", "text"]).casefold()
    assert [word for word in messages.CUSTOMERS if re.search(rf"\b{word}\b", text)] == []


def test_a_note_tells_a_function_of_its_drivers_promises_and_customers_waiting(made):
    rows = made["made"].table.set_index("file")["text"]
    note = rows["note_logistics"]
    assert "Delivery: 6.7 on a scale from 0 to 10, from 753 answers." in note
    assert "We promised “Delivery dates that hold” by 31 March 2026 [C04]: it is not done." in note
    assert "“Carrier scorecards”: done on 20 February 2026 [C10]." in note
    assert "Product quality" not in note


def test_the_number_of_few_staff_is_told_nowhere(made, where):
    few = made["functions"]["Sales"]
    assert few.staff >= 5
    text = letters.note("Sales", made["told"].to("Sales") | {
        "rated": few.rated, "proposed": few.proposed, "customers": few.proposed[:0]},
        made["told"].signed, 0)  # fmt: skip
    assert "who answered the staff survey" not in text
    told = figures.answered({"Sales": replace(few, staff=4), "Service": few}, 5)
    assert told["staff"].isna().tolist() == [True, False]


def test_who_signs_and_whom_to_write_to_are_filled_in_where_they_are_declared(tmp_path):
    known = chapter.ran(tmp_path, few=20, signed_by="Ann <Lee>", write_to="ann@x.example")
    assert "[name of the chief executive]" not in letter(known)
    assert "Ann \\<Lee\\>" in letter(known)


GONE = {
    "contacts": (("contacts",), "accounts", "nobody is known to have agreed"),
    "staff": (("employee_survey",), "notes", "No employee survey was sent"),
    "metrics": (("function_metrics", "actions", "tickets"), "notes", "functions get a note"),
}


@pytest.mark.parametrize("case", GONE)
def test_what_was_not_sent_is_one_line(case, tmp_path):
    names, section, line = GONE[case]
    known = chapter.ran(tmp_path, few=20, change=without(*names))
    said = read(getattr(sentences, section)(known["page"].figures), known["page"].figures)
    assert line in said
    assert said.count(".") <= 3


def test_without_a_promise_the_letter_thanks_and_claims_nothing(tmp_path):
    def none(known):
        known["sent"] = {**known["sent"], "communications": known["sent"]["communications"][:0]}

    known = chapter.ran(tmp_path, few=20, change=none)
    assert "## What we have done" not in letter(known)
    assert read(sentences.answer(known["page"].figures), known["page"].figures).startswith(
        "Send one letter that thanks and says what we heard."
    )
    assert not messages.problems(letter(known), known["made"].records, as_of=known["as_of"])


def test_the_answer_says_what_to_send_when_and_what_not_to_say_in_forty_words(made):
    text = read(sentences.answer(made["page"].figures), made["page"].figures)
    assert text.endswith("The chief executive sends it by 14 July 2026.")
    assert "Say nothing of" in text
    assert len(text.split()) <= 40


def test_hostile_words_are_text_in_the_letter_and_on_the_page(tmp_path):
    def hostile(known):
        sent = known["sent"]["communications"].copy()
        sent["what"] = HOSTILE
        known["sent"] = {**known["sent"], "communications": sent}

    known = chapter.ran(tmp_path, few=20, change=hostile)
    html = MarkdownIt("gfm-like", {"linkify": False}).render(letter(known))
    assert set(re.findall(r"<(\w+)", html)) == {"h1", "h2", "p", "ul", "li"}
    shown = tables.letter(known["made"]).html
    assert "<script" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; [Free](http://x.example) **now**" in shown
    assert "href" not in shown


def test_edited_letters_stand_in_the_place_of_ours_with_their_figures(made, where, tmp_path):
    post, sent = replace_rows(made["made"]), {"letter": "It is {score_now:value}. {nothing}"}
    post.edit(sent, made["page"].figures, where)
    assert post.rows[0]["text"] == "It is 75.6. {nothing}"
    assert post.edited == 1
    assert post.quotes.values.tolist() == [["letter", "", "score_now"]]


def replace_rows(post):
    return replace(post, rows=[dict(row) for row in post.rows], quoted=[])


def test_a_file_is_named_after_nothing_that_leaves_its_folder():
    names = [own_name(text) for text in ("../x", "a/b", "", "CON", "ключ", "Sales")]
    assert all(re.fullmatch(r"[a-z0-9_-]+", name) for name in names)
    assert len(set(names)) == len(names)


def test_cases_tell_their_next_day_and_are_late_where_it_has_passed():
    day = pd.Timestamp("2026-06-30")
    cases = pd.DataFrame({
        "ticket_id": ["T1", "T2", "T3"], "account_id": "a", "step": ["plan", "solution", "plan"],
        "since": pd.Timestamp("2026-06-20"), "about": "Delivery", "rests": pd.NaT,
        "due": [pd.Timestamp("2026-07-02"), pd.Timestamp("2026-06-25"), pd.NaT],
    })  # fmt: skip
    own = messages.ticket_records(cases, as_of=day)
    none = dict.fromkeys(("done", "late", "open"), own[:0])
    account = {"name": "Acme", "owner": "", "answered": False, "best": "", "worst": "",
               "interests": []}  # fmt: skip
    text = letters.message(account, {**none, "cases": own}, letters.Signed())
    assert "(Delivery): a plan is due by 2 July 2026 [T1]." in text
    assert "the day for the solution was 25 June 2026, it is not done yet" in text
    assert "Your case of 20 June 2026 (Delivery) is open [T3]." in text
    assert messages.problems(text, own, as_of=day) == []


def test_the_study_reads_edited_letters_of_its_own_folder(tmp_path):
    place = tmp_path / "messages"
    (place / "accounts").mkdir(parents=True)
    (place / "letter.md").write_text("Hello.", encoding="utf-8")
    (place / "accounts" / "a1.md").write_text("Hello you.", encoding="utf-8")
    (place / "bad.md").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "secret.md").write_text("x")
    (place / "link.md").symlink_to(tmp_path / "secret.md")
    study = replace(open_study("northfield"), folder=tmp_path)
    assert study.letters == {"letter": "Hello.", "accounts/a1": "Hello you."}

"""Letters as files and at the gate: plain Word of the same bytes, and nothing without a record."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import docx
import pandas as pd
import pytest

from helpers import results
from helpers.commands.running import ended
from helpers.errors import InputFaults
from helpers.press import run as runs
from helpers.press.consistency import contradictions
from helpers.press.letter_gate import letter_faults, sent_faults
from helpers.press.many.client import run_client
from helpers.press.message_files import add_messages, word
from helpers.results import ChapterResult
from helpers.study import open_study
from tests import letters as chapter

DAY = pd.Timestamp("2026-06-30")
HOSTILE = (
    "# To \\<b\\>Acme\\</b\\>\n\nDear all \x07, =1+1 \\[x\\](http://x.example) [C05].\n\n- item\n"
)


@pytest.fixture(scope="module")
def study():
    return open_study("northfield")


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """Results of the chapter, with those it takes numbers from."""
    where = tmp_path_factory.mktemp("results")
    chapter.loyalty(where)
    chapter.drivers(where)
    chapter.ran(where, few=20)
    return where


@pytest.fixture
def again(stored, tmp_path):
    """The same, to be changed."""
    for name in ("loyalty", "drivers", "messages"):
        results.save(results.load(name, stored), tmp_path)
    return tmp_path


def changed(where, name="messages", figures=None, **tables):
    found = results.load(name, where)
    made = ChapterResult(name, {**found.figures, **(figures or {})}, {**found.tables, **tables})
    results.save(made, where)


def with_text(where, text, file="letter"):
    letters = results.load("messages", where).tables["letters"].copy()
    letters.loc[letters["file"] == file, "text"] = text
    changed(where, letters=letters)


def test_word_is_the_same_bytes_and_tells_no_day_but_that_of_the_data():
    made = word([HOSTILE], "Acme", DAY)
    assert made == word([HOSTILE], "Acme", DAY)
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = parts.read("docProps/core.xml").decode()
        assert not [name for name in parts.namelist() if "thumbnail" in name]
    days = set(re.findall(r"\d{4}-\d\d-\d\dT", core))
    assert days == {"2026-06-30T"}
    assert "python-docx" not in core


def test_word_is_plain_text_in_styles_and_nothing_in_it_runs_or_links():
    made = word([HOSTILE, "# Second\n\nText."], "Acme", DAY)
    read = docx.Document(io.BytesIO(made))
    told = [(part.style.name, part.text) for part in read.paragraphs]
    assert told == [
        ("Title", "To <b>Acme</b>"), ("Normal", "Dear all , =1+1 [x](http://x.example)."),
        ("List Bullet", "item"), ("Title", "Second"), ("Normal", "Text."),
    ]  # fmt: skip
    assert read.paragraphs[3].paragraph_format.page_break_before
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        body = parts.read("word/document.xml").decode()
        links = "".join(parts.read(n).decode() for n in parts.namelist() if n.endswith(".rels"))
        styles = parts.read("word/styles.xml").decode()
    assert not re.search(r"w:hyperlink|w:fldSimple|w:instrText|w:object|w:vanish", body)
    assert 'TargetMode="External"' not in links
    assert set(re.findall(r'<w:lang w:val="([^"]+)"', styles)) == {"en-GB"}


def test_the_files_lie_beside_the_book_and_hold_those_alone_who_agreed(stored, study, tmp_path):
    page = tmp_path / "notebooks" / "messages.html"
    page.parent.mkdir()
    page.write_text("<html></html>")
    assert add_messages(tmp_path, study, stored) > 5
    names = {path.name for path in (tmp_path / "messages").iterdir()}
    assert {"letter.md", "letter.docx", "note_sales.docx", "accounts", "accounts.docx",
            "accounts.csv", "accounts.xlsx"} <= names  # fmt: skip
    rows = pd.read_csv(tmp_path / "messages" / "accounts.csv", dtype=str)
    files = {f"accounts/{path.name}" for path in (tmp_path / "messages" / "accounts").iterdir()}
    assert set(rows["File"]) == files
    agreed = study.tables["contacts"].set_index("contact_id")["consent_followup"]
    assert agreed[rows["Contact id"]].all()


def test_nothing_is_added_where_the_chapter_has_no_page(stored, study, tmp_path):
    assert add_messages(tmp_path, study, stored) == 0


def test_own_letters_pass_and_a_record_that_is_taken_away_stops_them(again, study):
    assert letter_faults(study, again) == []
    records = results.load("messages", again).tables["records"]
    changed(again, records=records[records["ref"] != "C08"])
    [fault] = letter_faults(study, again)
    assert fault.file == "messages/letter.md"
    assert "“Seal kits replaced free of charge”: done on 30 April 2026." in fault.problem
    assert re.match(r"line \d+: ", fault.problem)


def test_a_delivery_that_is_taken_back_stops_the_letter(again, study):
    records = results.load("messages", again).tables["records"].copy()
    records.loc[records["ref"] == "C05", "delivered"] = pd.NaT
    changed(again, records=records)
    assert any("22 January 2026" in fault.problem for fault in letter_faults(study, again))


def test_a_number_that_changed_in_the_results_stops_the_letter(again, study):
    main = results.load("loyalty", again)["main"]
    changed(again, "loyalty", figures={"main": replace(main, value=76.4)})
    assert any("Loyalty index" in line for line in contradictions(results.load_all(again)))
    changed(again, figures={"score_now": replace(main, name="score_now", value=76.4)})
    [fault] = letter_faults(study, again)
    assert "says 75.6, which is no number of the report" in fault.problem


def test_a_rating_that_changed_stops_the_note(again, study):
    table = results.load("drivers", again).tables["drivers"]
    changed(again, "drivers", drivers=table.assign(mean=table["mean"] + 0.1))
    assert {fault.file for fault in letter_faults(study, again)} >= {"messages/note_logistics.md"}


CLAIM = "We will fix 5 things by 1 May 2027. We have won [C99] {nps}; it is done. 9%"


def test_no_words_of_the_clients_in_our_own_letters_stop_a_report(study, tmp_path):
    """Names of accounts, people, subjects, cases and actions may read as claims and numbers."""
    chapter.loyalty(tmp_path)
    chapter.drivers(tmp_path)
    rated = results.load("drivers", tmp_path).tables["drivers"].assign(label=CLAIM)
    results.save(ChapterResult("drivers", {}, {"drivers": rated}), tmp_path)

    def claiming(known):
        tables = dict(known["study"].tables)
        tables["accounts"] = tables["accounts"].assign(name=CLAIM, owner=f"Ann. {CLAIM}")
        tables["communications"] = tables["communications"].assign(what=CLAIM)
        tables["tickets"] = tables["tickets"].assign(
            ticket_id=[f"case_{n}." for n in range(len(tables["tickets"]))],
            root_cause=CLAIM,
            closed_at=pd.NaT,
            response_id=None,
        )
        tables["actions"] = tables["actions"].assign(function="Now. Done 7")
        known["study"] = replace(known["study"], tables=tables)
        known["page"].study, known["sent"] = known["study"], tables

    known = chapter.ran(
        tmp_path, few=20, change=claiming, signed_by=CLAIM, write_to="Ann 4, +44 20 7946 0000"
    )
    text = "\n".join(known["made"].table["text"])
    assert "Your case of" in text
    assert text.count("We will fix 5 things") > 50
    assert letter_faults(study, tmp_path) == []
    changed(tmp_path, words=known["made"].words[:0])
    assert len(letter_faults(study, tmp_path)) > 10


def test_a_name_that_reads_as_a_claim_hides_none_in_an_edited_letter(again, study):
    words = results.load("messages", again).tables["words"]
    more = pd.DataFrame({"file": ["letter"], "word": ["We have opened a hotline"]})
    letters = results.load("messages", again).tables["letters"].assign(by="client")
    changed(again, words=pd.concat([words, more]), letters=letters)
    with_text(again, "We have opened a hotline for all.\n")
    assert len(letter_faults(study, again)) == 1


REFUSED = {
    "We have opened a hotline for all.": "cites no record",
    "Our score is 81.3.": "says 81.3, which is no number of the report",
    "Our score is {no_such:value}.": "names {no_such:value}, which is no figure that is told",
    "Nobody is likelier to leave: 96% are loyal.": "says 96%",
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_an_edited_sentence_without_a_record_or_a_number_is_named(sentence, again, study):
    with_text(again, f"# A letter\n\nHello.\n\n{sentence}\n")
    [fault] = letter_faults(study, again)
    assert REFUSED[sentence] in fault.problem
    assert "line 5" in fault.problem
    assert sentence in fault.problem


def test_an_edited_letter_may_say_numbers_of_the_scores_as_they_are_written(again, study):
    with_text(again, "You put us at 75.6 of 100, between 74.4 and 76.9. Before it was 76.2.\n")
    assert letter_faults(study, again) == []


def test_a_letter_to_nobody_is_told_with_the_name_that_was_meant(again, study, tmp_path):
    folder = tmp_path / "acme"
    (folder / "messages").mkdir(parents=True)
    (folder / "messages" / "leter.md").write_text("Hello.", encoding="utf-8")
    [fault] = letter_faults(replace(study, folder=folder), again)
    assert "for nobody" in fault.problem
    assert "Call it letter.md" in fault.advice


def test_a_letter_sent_back_is_checked_before_anything_runs(study, tmp_path):
    place = tmp_path / "messages"
    place.mkdir()
    (place / "letter.md").write_text("# Hello\n\nWe rebuilt it all.\n", encoding="utf-8")
    [fault] = sent_faults(replace(study, folder=tmp_path))
    assert str(fault).startswith("messages/letter.md: line 3: “We rebuilt it all.” says that")
    (place / "letter.md").write_text("We sent you new seals [C08].\n", encoding="utf-8")
    assert sent_faults(replace(study, folder=tmp_path)) == []


@pytest.mark.parametrize(("state", "code"), [("refused", 2), ("failed", 1), ("done", 0)])
def test_a_letter_that_is_refused_ends_the_command_as_other_faults_do(
    state, code, monkeypatch, tmp_path
):
    told = () if state == "done" else ("messages/letter.md: line 5: …",)
    done = runs.Report("northfield", tmp_path / "x.html", {"book": state}, {}, told)
    monkeypatch.setattr(runs, "run", lambda *_, **__: done)
    assert ended([run_client("northfield", tmp_path)]) == code


def test_a_run_refuses_letters_before_it_makes_the_book(again, study):
    with_text(again, "We have opened a hotline for all.\n")
    with pytest.raises(InputFaults, match=r"line 1: “We have opened a hotline for all\."):
        runs._check_letters(again, study)

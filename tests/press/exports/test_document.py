"""The Word document: what it holds and where, and that its numbers are those of the results."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from pathlib import Path

import docx
import pandas as pd
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm, RGBColor
from PIL import Image

from helpers import results
from helpers.errors import HandbookError
from helpers.press.exports import document
from helpers.press.exports.checked import Known, untraced_texts
from helpers.press.exports.document_style import TEXT_WIDTH
from helpers.press.exports.source import Source
from helpers.results import ChapterResult, Figure
from helpers.study import open_study

SUMMARY = ChapterResult(
    "executive",
    {"loyalty__nps": Figure("nps", 40.4, 37.6, 43.2, base=2746, label="net promoter score")},
    answer="The score is {loyalty__nps}, from {loyalty__nps:base}.",
    so_what="{loyalty__nps:base} answered.",
    ask={"what": "Fund it at {loyalty__nps:value}.", "owner": "Sales", "due": "30 July 2026"},
    doubts=("It was {loyalty__nps:margin} off.",),
)
LOYALTY = ChapterResult(
    "loyalty",
    {"loyal": Figure("loyal", 0.41, 0.36, 0.46, unit="share", base=797, label="truly loyal"),
     "few": Figure("few", None, withheld="its base of 7 is under 10", label="the few")},
    answer="Of all, {loyal} are truly loyal; the list below names them. {few} are not.",
    so_what="{few} are few.",
    ask={"what": "Talk to them.", "owner": "Accounts", "due": "29 August 2026"},
)  # fmt: skip
DAYS = pd.DataFrame({
    "action_id": ["A1", "A2"], "action": ["Desk =1+1", "Portal"], "function": ["Service", "Sales"],
    "driver": ["delivery", ""], "cost": [150000.0, 35000.0], "rating": [6.73, None],
    "target": [7.12, None], "stop": [0.27, None],
    **{day: pd.Timestamp(when) for day, when in (
        ("diagnose", "2026-07-15"), ("choose", "2026-07-30"), ("build and try", "2026-08-29"),
        ("install", "2026-09-28"), ("in_force", "2026-10-30"), ("judged", "2026-11-29"),
    )},
})  # fmt: skip
ACTIONS = ChapterResult(
    "actions", {"planned": Figure("planned", "four quarters", unit="text")}, {"ninety_days": DAYS}
)
LETTERS = pd.DataFrame({
    "file": ["letter", "note_sales", "a1"], "kind": ["letter", "note", "account"],
    "text": ["# To our customers\n\nWe counted 797 people.\n\n## What is done\n\n- “Seals” [C08].",
             "# A note to Sales\n\nDear colleagues,", "# To one account\n\nDear Ann,"],
})  # fmt: skip
MESSAGES = ChapterResult("messages", {}, {"letters": LETTERS})
FIRST = '<li class="toctree-l1"><a class="reference internal" href="loyalty.html">Loyalty</a></li>'


def chart(title: str, alt: str, wide: int, high: int) -> str:
    """A chart as a page holds it."""
    drawn = io.BytesIO()
    Image.new("P", (wide, high)).save(drawn, "png")
    source = base64.b64encode(drawn.getvalue()).decode("ascii")
    return (
        f'<figure class="chart"><p class="chart-title">{title}</p><picture><img alt="{alt}" '
        f'src="data:image/png;base64,{source}" width="{wide}" height="{high}"></picture>'
        "<figcaption>Base: 797 respondents.</figcaption></figure>"
    )


ASPECT = (
    '<article><section class="aspect"><h2>How loyal the base is</h2><p class="say">41% (36% to '
    f"46%) are loyal.</p>{chart('Loyal', 'Loyal: 41% (36% to 46%).', 300, 78)}</section></article>"
)
SHARES = chart("Truly loyal: 41%", "Shares: truly loyal 41% (36% to 46%).", 720, 400)
PAGE = """<h1>How loyal they are<a class="headerlink" href="#">#</a></h1>
<p class="question">How many are loyal?</p>
{}<details>{}</details><p class="trust">Base 797 respondents; evidence grade C.</p>"""


def prepared(place: Path) -> Source:
    for one in (SUMMARY, LOYALTY, ACTIONS, MESSAGES):
        results.save(one, place / "results")
    pages = place / "book" / "notebooks"
    pages.mkdir(parents=True)
    (pages / "executive.html").write_text(FIRST + ASPECT)
    (pages / "loyalty.html").write_text(PAGE.format(SHARES, chart("Folded", "9", 720, 300)))
    (place / "exports").mkdir()
    return Source(open_study("northfield"), place / "results", place / "book", place / "exports")


@pytest.fixture
def source(tmp_path) -> Source:
    """A run of a test's own, to be changed."""
    return prepared(tmp_path)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """The document of a run that no test changes."""
    [path] = document.make(prepared(tmp_path_factory.mktemp("document"))).files
    return path


def texts(path, *styles: str) -> list[str]:
    return [p.text for p in docx.Document(str(path)).paragraphs if p.style.name in styles]


def test_the_decision_comes_first_then_answers_ninety_days_and_letters(made):
    assert made.name == "northfield.docx"
    assert texts(made, "Title") == ["Northfield Industrial: customer loyalty"]
    assert texts(made, "Heading 1") == [
        "The decision", "What we found", "The first ninety days", "Letters to be sent",
    ]  # fmt: skip
    assert texts(made, "Heading 2") == [
        "The ask", "What does not fit", "How far to trust this", "How loyal they are",
        "To our customers", "A note to Sales",
    ]  # fmt: skip
    assert texts(made, "Heading 3") == ["What is done"]


def test_answers_have_base_and_interval_and_nothing_that_points_to_a_page(made):
    assert texts(made, "Answer") == [
        "The score is 40.4 (37.6 to 43.2), from 2,746 respondents.",
        "Of all, 41% (36% to 46%) are truly loyal.",
    ]
    assert texts(made, "Question") == ["How many are loyal?"]
    assert "Base 797 respondents; evidence grade C." in texts(made, "How far to trust")


def test_what_is_withheld_stays_withheld(made):
    whole = "\n".join(texts(made, "Normal"))
    assert "Not shown: the few is withheld because its base of 7 is under 10." in whole


def test_the_asks_name_owner_and_day(made):
    normal = texts(made, "Normal")
    assert "Fund it at 40.4. Owner: Sales. By: 30 July 2026." in normal
    assert "Do next. Talk to them. Owner: Accounts. By: 29 August 2026." in normal


def test_the_ninety_days_are_a_table_with_owners_and_days(made):
    [_, table] = docx.Document(str(made)).tables
    head, desk, portal = ([cell.text for cell in row.cells] for row in table.rows)
    assert head[:4] == ["Action", "Owner", "In force by", "Judged on"]
    assert desk == ["Desk =1+1", "Nora Castell, Service", "2026-10-30", "2026-11-29",
                    "Rating of Delivery", "6.7", "7.1", "$150k"]  # fmt: skip
    assert portal[4:] == ["Cost saved", "–", "–", "$35k"]


def breaks(path) -> list[str]:
    return [p.text for p in docx.Document(str(path)).paragraphs
            if p.paragraph_format.page_break_before]  # fmt: skip


def test_short_notes_share_a_page_and_the_letter_to_customers_has_its_own(source):
    texts_of = ["# To our customers", "# A note to Sales", "# A note to Service",
                f"# A note to Product\n\n{'Dear colleagues, ' * 150}"]  # fmt: skip
    letters = pd.DataFrame({"kind": ["letter", *["note"] * 3], "text": texts_of})
    results.save(replace(MESSAGES, tables={"letters": letters}), source.results_dir)
    [path] = document.make(source).files
    assert breaks(path)[-3:] == ["Letters to be sent", "A note to Sales", "A note to Product"]


def test_notes_that_would_run_over_by_a_few_lines_are_parted(source):
    points = "\n".join(f"- Delivery desk {'I' * (place % 7)} is done." for place in range(20))
    notes = [f"# A note to {name}\n\n{points}" for name in ("Sales", "Service", "Product")]
    letters = pd.DataFrame({"kind": "note", "text": notes})
    results.save(replace(MESSAGES, tables={"letters": letters}), source.results_dir)
    [path] = document.make(source).files
    assert 1700 < sum(map(len, notes)) < 2000
    assert breaks(path)[-2:] == ["Letters to be sent", "A note to Product"]


def test_the_contents_list_the_answers_and_each_line_leads_to_its_heading(made):
    assert texts(made, "Contents") == [
        "The decision\t2", "What we found\t3", "How loyal they are\t3",
        "The first ninety days\t3", "Letters to be sent\t4",
    ]  # fmt: skip
    assert breaks(made)[:3] == ["The decision", "What we found", "Letters to be sent"]
    body = docx.Document(str(made)).element.body
    links = [link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))]
    marks = [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))]
    assert links == marks
    assert len(set(links)) == 5
    kinds = [one.get(qn("w:fldCharType")) for one in body.iter(qn("w:fldChar"))]
    page = ["begin", "separate", "end"]
    assert kinds == ["begin", "separate", *page * 5, "end"]
    fields = [one.text for one in body.iter(qn("w:instrText"))]
    assert fields[1:] == [rf"PAGEREF {name} \h" for name in links]


def test_charts_stand_under_the_answers_with_what_they_show_in_words(made):
    """The first chart of each page and the small ones of the first page; none that folds away."""
    body = docx.Document(str(made)).element.body
    shown = [one.get("descr") for one in body.iter(qn("wp:docPr"))]
    assert shown == ["Loyal: 41% (36% to 46%).", "Shares: truly loyal 41% (36% to 46%)."]
    assert texts(made, "Chart title") == ["Truly loyal: 41%"]
    assert "Base: 797 respondents." in texts(made, "How far to trust")
    findings = docx.Document(str(made)).tables[0]
    said, drawn = findings.rows[0].cells
    assert said.text == "How loyal the base is\n41% (36% to 46%) are loyal."
    assert drawn.text.startswith("Loyal\n")
    wide = [int(one.get("cx")) for one in body.iter(qn("wp:extent"))]
    assert max(wide) <= TEXT_WIDTH
    assert wide[0] <= findings.columns[1].width


def test_a_number_of_a_pictures_words_changed_by_hand_is_found(source, made, tmp_path):
    changed = docx.Document(str(made))
    for one in changed.element.body.iter(qn("wp:docPr")):
        one.set("descr", one.get("descr").replace("41%", "43%"))
    other = tmp_path / "changed.docx"
    changed.save(str(other))
    lines = untraced_texts(document.document_texts(other), Known(source))
    assert len(lines) == 2
    assert all("43%" in line for line in lines)


def test_a_part_that_is_a_little_too_high_has_a_smaller_picture(source):
    page = source.book / "notebooks" / "loyalty.html"
    page.write_text(PAGE.format(SHARES, ""))
    long = replace(LOYALTY, doubts=tuple("The list is long. " * 14 for _ in range(6)))
    results.save(long, source.results_dir)
    [path] = document.make(source).files
    assert texts(path, "Contents")[-1] == "Letters to be sent\t5"
    high = [int(one.get("cy")) for one in
            docx.Document(str(path)).element.body.iter(qn("wp:extent"))]  # fmt: skip
    assert high[1] < Cm(8.4)


def test_where_a_part_is_longer_than_a_page_the_contents_have_no_numbers(source):
    long = replace(LOYALTY, doubts=tuple("The list is long. " * 14 for _ in range(30)))
    results.save(long, source.results_dir)
    [path] = document.make(source).files
    assert texts(path, "Contents")[0] == "The decision"
    assert [*docx.Document(str(path)).element.body.iter(qn("w:instrText"))][1:] == []


def test_a_line_of_trust_without_a_base_is_left_out(source):
    page = source.book / "notebooks" / "loyalty.html"
    page.write_text(
        PAGE.format("", "").replace("Base 797 respondents; e", "Each promise counts once; e")
    )
    [path] = document.make(source).files
    assert not [one for one in texts(path, "How far to trust") if "once" in one]


def test_what_could_be_chance_stands_under_its_answer(source):
    said = "Clear on its own, but it could be chance: truly loyal."
    page = source.book / "notebooks" / "loyalty.html"
    page.write_text(f'{PAGE.format("", "")}<p class="among">{said}</p>')
    [path] = document.make(source).files
    lines = [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]
    assert lines[lines.index(said) - 1] == "Of all, 41% (36% to 46%) are truly loyal."


def test_cost_names_the_time_that_it_is_of(made):
    [_, table] = docx.Document(str(made)).tables
    assert table.rows[0].cells[-1].text == "Cost, four quarters"


def test_letters_to_accounts_are_not_in_it(made):
    assert not any("one account" in text for text in texts(made, "Heading 2", "Normal"))
    assert "“Seals”." in texts(made, "List Bullet")


def test_headings_are_in_the_clients_colour(made):
    style = docx.Document(str(made)).styles["Heading 1"]
    assert style.font.color.rgb == RGBColor(0x0B, 0x5F, 0xFF)


def test_the_same_results_give_the_same_bytes(source, made):
    assert document.make(source).files[0].read_bytes() == made.read_bytes()


def test_a_number_changed_by_hand_is_found_in_every_part_of_the_file(source, made, tmp_path):
    known, of = Known(source), {document.DAYS: ("actions",)}
    assert untraced_texts(document.document_texts(made, of), known) == []
    changed = docx.Document(str(made))
    answer = next(p for p in changed.paragraphs if p.text.startswith("Of all, 41%"))
    letter = next(p for p in changed.paragraphs if p.text == "We counted 797 people.")
    answer.text, letter.text = "Of all, 42% (36% to 46%) are truly loyal.", "We counted 799 people."
    changed.tables[1].rows[1].cells[7].text = "$160k"
    other = tmp_path / "changed.docx"
    changed.save(str(other))
    lines = untraced_texts(document.document_texts(other, of), known)
    assert sorted(line.split(",")[1].strip() for line in lines) == [
        "under “How loyal they are”", "under “The first ninety days”", "under “To our customers”",
    ]  # fmt: skip
    assert all(any(number in line for line in lines) for number in (": 42%", ": 799", ": $160k"))


def test_a_number_that_is_not_of_the_results_stops_the_run(source, monkeypatch):
    monkeypatch.setattr(document, "_said", lambda template, result: "The score is 41.4, they say.")
    with pytest.raises(HandbookError, match=r"docx, under “The decision”, paragraph 1"):
        document.make(source)


def test_a_run_without_a_summary_has_no_document(source, tmp_path):
    empty = Source(source.study, tmp_path / "none", source.book, source.folder)
    assert document.make(empty).missing == "no Word document: this run has no executive summary"


def test_a_name_that_no_word_file_can_hold_is_written_without_what_it_cannot(source):
    days = DAYS.assign(action=["Desk\x0b", "Portal"]).head(1)
    results.save(replace(ACTIONS, tables={"ninety_days": days}), source.results_dir)
    _, desk = docx.Document(str(document.make(source).files[0])).tables[1].rows
    assert desk.cells[0].text == "Desk"


@pytest.mark.clients
def test_libre_office_opens_it_with_headings_table_and_the_number_of_each_page(made, pages):
    first, *_, last = read = pages(made)
    assert "NorthfieldIndustrial:customerloyalty" in first
    assert "Thescoreis40.4(37.6to43.2),from2,746respondents." in read[1]
    assert any("Desk=1+1NoraCastell,Service2026-10-302026-11-29" in page for page in read)
    assert "AnotetoSales" in last
    ends = [page.endswith(str(number)) for number, page in enumerate(read, start=1)]
    assert all(ends), read
    for line in texts(made, "Contents"):
        heading, _, page = line.partition("\t")
        assert "".join(heading.split()) in read[int(page) - 1], line

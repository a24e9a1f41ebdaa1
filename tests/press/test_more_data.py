"""Chapters that a client's data cannot feed stand on one page, each with what it takes."""

from __future__ import annotations

import re

import nbformat
import pytest
from lxml import html

from helpers.press import book
from helpers.press.chapters import Chapter, load_chapters
from helpers.press.more_data import PAGE, Absent, lead_pages_here, more_data, parts_of
from helpers.press.sections import available
from helpers.press.wanted import SENT, as_text, sent
from helpers.study import open_study

SHORT = ("tested", "base", "commented")  # of which there is too little: said with its numbers


@pytest.fixture
def chapter(tmp_path):
    def make(name: str, **declared) -> Chapter:
        known = {"question": f"Is it {name}?", "answers": [f"who is {name}"], **declared}
        cell = nbformat.v4.new_markdown_cell(f"# All of {name}", id="a")
        page = nbformat.v4.new_notebook(cells=[cell], metadata={"handbook": known})
        nbformat.write(page, tmp_path / f"{name}.ipynb")
        return Chapter(name, tmp_path / f"{name}.ipynb")

    return make


def test_each_chapter_has_what_it_would_say_what_it_takes_and_why_not_yet(chapter):
    pay = chapter("linkage", worth="It puts money on loyalty.")
    text = more_data([Absent(pay, "Column `end_date` of <b>acme</b> is empty.", ("financials",))])
    assert "## All of linkage" in text
    assert "It puts money on loyalty." in text
    assert (
        '**It takes** revenue by account and month<span class="analyst"> (`financials`)</span>.'
        in text
    )
    assert "- Who is linkage." in text
    assert "- Column `end_date` of \\<b\\>acme\\</b\\> is empty." in text
    assert (
        "\n{.analyst}\n- `financials`: a row is an account in a month; it needs `account_id`"
        in text
    )
    assert "Left out" not in text


def test_what_several_wait_for_is_said_first(chapter):
    needs = ("account_id", "financials"), ("account_id",), ("contacts",)
    absent = [Absent(chapter(n), "", need) for n, need in zip("abc", needs, strict=True)]
    text = more_data(absent)
    said = "2 of these chapters wait for the account of each respondent<span"
    assert text.index(said) < text.index("## All of a")
    assert text.count("of these chapters wait") == 1
    assert "wait" not in more_data(absent[2:])


def test_what_the_data_cannot_carry_says_so_where_nothing_is_to_be_sent(chapter):
    text = more_data([Absent(chapter("drivers"), "This wave has 12 answers; 30 are needed.")])
    assert "\nThis wave has 12 answers; 30 are needed.\n" in text
    assert "It takes" not in text


def test_chapters_that_were_not_asked_for_are_a_list_at_the_end(chapter):
    text = more_data([Absent(chapter("drivers"), "", left_out=True)])
    assert text.endswith("## Left out of this run\n\nNot asked for:\n\n- All of drivers\n")
    assert "It takes" not in text
    assert "{.analyst}" not in text


def test_names_of_code_are_for_analysts_alone_whatever_is_missing(project):
    """Of every chapter and every section, and in every line that says how much there is."""
    sources = [path.read_text("utf-8") for path in (project / "notebooks").glob("*.ipynb")]
    tags = {need for text in sources for tag in re.findall(r'"needs:([^"]+)"', text)
            for need in tag.split("|")}  # fmt: skip
    chapters = load_chapters(project).values()
    needs = tags | {need for known in chapters for group in known.tables for need in group}
    for need in needs - {"responses", "truths"}:
        page = re.sub(r'<span class="analyst">.*?</span>', "", as_text(sent(need)))
        assert not re.search(r"[`_()]", page), (need, page)


def test_every_chapter_says_what_it_is_worth_and_everything_it_takes_has_a_name(project):
    always = {"executive", "sampling", "toplines", "run_card", "planted_truths"}
    for name, known in load_chapters(project).items():
        assert bool(known.worth) == (name not in always), name
        for need in {need for group in known.tables for need in group} - {"responses", "truths"}:
            assert need in SENT or need in SHORT or need.startswith("role:"), (name, need)


ABSENT = ("linkage", "accounts")


@pytest.fixture
def staged(project, tmp_path, chapter):
    """The demo client's book, staged with two chapters that have no page."""
    absent = [Absent(chapter(name), "It was not sent.", ("financials",)) for name in ABSENT]
    page = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# First")])

    def stage(*absent):
        book.stage(open_study("northfield"), project, {"executive": page}, tmp_path / "s", absent)
        return tmp_path / "s"

    return lambda some=True: stage(*absent[: len(absent) * some])


@pytest.mark.parametrize(
    ("taken", "said", "chapters"),
    [
        ("employee_survey", "A survey of employees", ["Do we all point the same way?"]),
        ("function_metrics", "The metrics that functions are paid on",
         ["Do we all point the same way?"]),
        ("named", "People of at least two accounts who agreed to be named",
         ["How loyal customers are", "Does loyalty pay here?"]),
        ("waves", "Answers of an earlier wave", ["How loyal customers are", "The cycle"]),
        ("communications", "A record of promises and of what customers were told",
         ["The account list", "What to fund", "The cycle"]),
    ],
)  # fmt: skip
def test_what_a_part_of_a_chapter_waits_for_is_one_line(taken, said, chapters, project):
    whole = available(open_study("northfield"))
    has = frozenset(name for name in whole if name.partition(".")[0] != taken)
    parts = [part for c in load_chapters(project).values() for part in parts_of(c, has)]
    lines = [line for line in more_data([], parts).splitlines() if line.startswith("- **")]
    assert len(lines) == 1
    assert lines[0].startswith(f"- **{said}")
    assert all(f"*{chapter}*: " in lines[0] for chapter in chapters)


def test_what_nobody_would_send_has_no_line_and_alone_makes_no_page(chapter):
    heading = nbformat.v4.new_markdown_cell("## Weights", metadata={"tags": ["needs:weight"]})
    own = chapter("own")
    nbformat.write(nbformat.v4.new_notebook(cells=[heading], metadata={}), own.path)
    assert not [part for part in parts_of(own, frozenset()) if part.asked]
    assert "Weights" not in more_data([], parts_of(own, frozenset()))


def test_it_is_in_the_book_where_there_is_something_to_say(staged):
    folder = staged()
    assert PAGE in (folder / "_toc.yml").read_text()
    assert "## All of accounts" in (folder / f"{PAGE}.md").read_text(encoding="utf-8")


def test_it_is_not_there_where_there_is_nothing_to_say(staged):
    folder = staged(False)
    assert PAGE not in (folder / "_toc.yml").read_text()
    assert not (folder / f"{PAGE}.md").exists()


def test_prose_that_leads_to_such_a_chapter_leads_to_this_page(staged):
    folder = staged()
    texts = {path.name: path.read_text("utf-8") for path in (folder / "book").glob("method*")}
    for name in ABSENT:
        assert not [page for page, text in texts.items() if f"notebooks/{name}.ipynb" in text]
    assert "](more_data.md)" in texts["method_linkage.md"]
    assert "](../notebooks/loyalty.ipynb)" in texts["method_loyalty.md"]


def test_pages_that_lead_to_such_a_chapter_lead_to_this_page(tmp_path):
    page = tmp_path / "notebooks" / "loyalty.html"
    page.parent.mkdir()
    page.write_text(
        '<a class="x" href="accounts.html#top">a</a><a href="../notebooks/linkage.html">b</a>'
        '<a href="../accounts/linkage.csv">c</a><a href="drivers.html">accounts.html</a>'
    )
    lead_pages_here(tmp_path, ABSENT)
    links = html.fromstring(page.read_text()).xpath("//a/@href")
    here = f"../{PAGE}.html"
    assert links == [here, here, "../accounts/linkage.csv", "drivers.html"]
    assert re.search(r'class="x" href="\.\./book/more_data\.html">a<', page.read_text())

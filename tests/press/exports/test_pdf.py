"""The PDF of a report before it is printed: which pages, in which order, and what is on them."""

from __future__ import annotations

import io
import re
import sys
from dataclasses import replace

import pandas as pd
import pytest
from lxml import html
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from helpers.errors import HandbookError
from helpers.press.exports import pdf
from helpers.press.exports.pdf import chromium, document, endings, numbers, opening
from helpers.press.exports.pdf.pages import Leaf, leaves
from helpers.press.exports.pdf.updates import Update
from helpers.press.exports.pdf.widths import ACROSS, MOST_ROWS
from helpers.press.exports.source import Source
from helpers.study import open_study

SIDE_BAR = """<nav class="bd-links bd-docs-nav" aria-label="Main">
<ul><li class="toctree-l1 current"><a href="#">In two minutes</a></li></ul>
<p class="caption"><span>The report</span></p>
<ul><li class="toctree-l1"><a href="loyalty.html">How loyal &amp; why</a></li></ul>
<p class="caption"><span>This run</span></p>
<ul><li class="toctree-l1"><a href="run_card.html">What this run was made of</a></li></ul>
<p class="caption"><span>Reading the report</span></p>
<ul><li class="toctree-l1"><a href="../book/glossary.html">Glossary</a></li></ul>
<p class="caption"><span>How it is computed</span></p>
<ul><li class="toctree-l1"><a href="../book/method_loyalty.html">Loyalty: how</a></li></ul></nav>"""
FIRST = "<h1>In two minutes</h1><p class='cover'>Prepared by Ann</p><p>24.7</p>"
CODE = """<details class="sd-sphinx-override sd-dropdown"><summary>The code</summary>
<pre>study = open_study("/home/ann/acme")</pre></details>"""
PICTURE = (
    '<figure class="chart"><p class="chart-title">41% are loyal</p><picture>'
    '<source media="(max-width: 640px)" srcset="data:image/png;base64,AAAA">'
    '<img alt="Loyal: 41%" src="data:image/png;base64,AAAA"></picture></figure>'
)
LOYALTY = f"""<section id="loyal"><h1>How loyal<a class="headerlink" href="#loyal">#</a></h1>
<p class="answer">41% of 797 are loyal: <a href="../accounts/a1.html">Acme</a>,
see <a href="../book/glossary.html#term-base">base</a>.</p>{PICTURE}
<section id="first"><h2>First</h2><p>Words.</p></section>
<section id="folded"><h2>Only folded</h2><details class="how"><summary>Numbers</summary>
<p>12.5</p></details></section>
<section id="asked"><h2>Asked</h2><details class="how asked"><summary>Would recommend</summary>
<div id="question-1"><p>8.01</p></div></details></section>
<section id="list"><h2>List</h2><div class="account-tools"></div><table>{{rows}}</table></section>
{CODE}</section>"""


def page(article: str, side_bar: str = SIDE_BAR) -> str:
    return (
        f"<!DOCTYPE html><html><body>{side_bar}<main><article class='bd-article'>{article}"
        "</article></main><script>struck()</script></body></html>"
    )


def rows(number: int, *cells: str) -> str:
    head = (
        "<thead><tr>" + "".join(f"<th>H{at}</th>" for at, _ in enumerate(cells)) + "</tr></thead>"
    )
    row = "<tr>" + "".join(f'<td class="number">{cell}</td>' for cell in cells) + "</tr>"
    return f"{head}<tbody>{row * number}</tbody>"


@pytest.fixture
def book(tmp_path):
    """A built book in small, for analysts: method, run card and code among its pages."""

    def make(table: str = rows(3, "1", "2"), side_bar: str = SIDE_BAR):
        folder = tmp_path / "book"
        for name, text in {
            "index.html": '<meta http-equiv="Refresh" content="0; url=notebooks/executive.html">',
            "notebooks/executive.html": page(FIRST, side_bar),
            "notebooks/loyalty.html": page(LOYALTY.format(rows=table), side_bar),
            "notebooks/run_card.html": page("<h1>What this run was made of</h1>", side_bar),
            "book/glossary.html": page('<h1>Glossary</h1><p id="term-base">Base</p>', side_bar),
            "book/method_loyalty.html": page("<h1>Loyalty: how</h1>", side_bar),
        }.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder

    return make


@pytest.fixture(scope="module")
def study():
    return open_study("northfield")


def test_pages_stand_in_the_order_of_the_side_bar_without_those_of_makers(book):
    listed = [(leaf.name, leaf.title, leaf.part) for leaf in leaves(book())]
    assert listed == [
        ("executive", "In two minutes", ""),
        ("loyalty", "How loyal & why", "The report"),
        ("glossary", "Glossary", "Reading the report"),
    ]


def test_a_document_has_no_code_no_script_no_folder_and_loads_nothing(book, study):
    folder = book()
    text = document.document(study, folder, leaves(folder))
    assert "study = open_study" not in text and "/home/ann" not in text
    assert "<script" not in text and str(folder) not in text
    assert "Content-Security-Policy" in text and "default-src 'none'; img-src data:" in text
    assert re.findall(r"https?:|url\(|<link|@import", text.replace("http-equiv", "")) == []


def test_a_picture_is_the_one_for_light_and_wide_paper_and_keeps_its_alternative_text(book):
    content = html.fromstring(leaves(book())[1].content)
    assert content.xpath("//div[@class='chart plate']/img/@alt") == ["Loyal: 41%"]
    assert not content.xpath("//source|//picture|//figure")


def test_what_folds_away_is_left_out_with_its_heading_and_questions_are_opened(book):
    content = html.fromstring(leaves(book())[1].content)
    assert content.xpath("//h2/text()") == ["First", "Asked", "List"]
    assert content.xpath("//h3/text()") == ["Would recommend"]
    assert not content.xpath("//details")


def test_the_line_on_the_first_page_gives_way_to_the_cover(book):
    assert leaves(book())[0].content == "<h1>In two minutes</h1><p>24.7</p>"


def test_links_lead_to_places_of_the_document_or_are_words(book, study):
    folder = book()
    whole = html.fromstring(document.document(study, folder, leaves(folder)))
    places, links = set(whole.xpath("//@id")), whole.xpath("//a/@href")
    assert "#glossary--term-base" in links
    assert {link.removeprefix("#") for link in links} <= places
    assert "Acme" in whole.text_content()


def test_the_cover_says_whose_and_how_confidential_and_the_contents_keep_room_for_pages(
    book, study
):
    folder = book()
    whole = html.fromstring(document.document(study, folder, leaves(folder)))
    [first] = whole.xpath("//section[@class='front']")
    for text in study.cover.values():
        assert text in first.text_content()
    assert whole.xpath("//nav//b/text()") == ["000"] * 3
    again = html.fromstring(document.opening(study, folder, leaves(folder), [3, 4, 9]))
    assert again.xpath("//nav//b/text()") == ["3", "4", "9"]
    assert not again.xpath("//article")


def test_the_contents_speak_of_pages_of_accounts_where_there_are_accounts():
    def said(name):
        return opening.contents([Leaf(name, "A title", "", "", "", "")], ())

    assert "a page for each account" in said("accounts")
    assert "a page for each account" not in said("loyalty")


def test_a_wide_table_lies_across_and_a_narrow_one_stays_upright(book):
    def section(cells):
        content = html.fromstring(leaves(book(rows(3, *cells)))[1].content)
        return content.xpath("//section[h2='List']/@class")

    assert section(["1", "2"]) == []
    assert section(["$250k to $1.2M"] * 12) == [ACROSS]


def test_a_long_list_ends_early_and_says_so(book):
    content = html.fromstring(leaves(book(rows(MOST_ROWS + 7, "1", "2")))[1].content)
    assert len(content.xpath("//tbody/tr")) == MOST_ROWS
    assert f"The first {MOST_ROWS} of {MOST_ROWS + 7} rows" in content.text_content()


def test_a_side_bar_that_names_a_page_which_is_not_there_stops_the_run(book):
    folder = book()
    (folder / "book" / "glossary.html").unlink()
    with pytest.raises(HandbookError, match=r"names book/glossary.html, which is not there"):
        leaves(folder)


def test_a_style_says_a_name_whatever_is_in_it(book, study):
    title = 'A"; } </style><script>x</script>'
    leaf = Leaf("loyalty", title, "", "<h1>x</h1>", "", "")
    text = document.document(study, book(), [leaf])
    assert text.count("</style>") == 1 and "<script>" not in text


def test_without_chromium_there_is_no_pdf_and_a_line_says_what_is_missing(
    book, study, tmp_path, monkeypatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(chromium.VARIABLE, raising=False)
    made = pdf.make(Source(study, tmp_path, book(), tmp_path))
    assert made.files == ()
    assert made.missing == (
        "no PDF: Chromium is not installed (install chromium, or name it in HANDBOOK_CHROMIUM)"
    )
    monkeypatch.setenv(chromium.VARIABLE, "nowhere/chromium")
    assert (
        "HANDBOOK_CHROMIUM names no program"
        in pdf.make(Source(study, tmp_path, book(), tmp_path)).missing
    )


@pytest.mark.parametrize(
    ("does", "why"),
    [("sys.exit(3)", "Chromium ended with 3"), ("", "ended without printing"),
     ("import time; time.sleep(60)", "not done after 1 s")],
)  # fmt: skip
def test_a_browser_that_fails_is_a_line_and_nothing_of_it_goes_on(
    does, why, book, study, tmp_path, monkeypatch
):
    program = tmp_path / "browser"
    program.write_text(f"#!{sys.executable}\nimport sys\n{does}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv(chromium.VARIABLE, str(program))
    monkeypatch.setattr(chromium, "MOST_SECONDS", 1)
    assert why in pdf.make(Source(study, tmp_path, book(), tmp_path)).missing


def test_a_browser_that_is_too_old_for_bookmarks_and_page_numbers_is_a_line(
    book, study, tmp_path, monkeypatch
):
    monkeypatch.setenv(chromium.VARIABLE, sys.executable)
    monkeypatch.setattr(pdf, "printed", lambda text, program: blank_pdf(3))
    made = pdf.make(Source(study, tmp_path, book(), tmp_path))
    assert made.missing == "no PDF: this Chromium is too old: 131 or later is needed"


def blank_pdf(pages: int = 2, **said: str) -> bytes:
    made, stream = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page(595, 842)
    made.add_metadata({f"/{key}": text for key, text in said.items()})
    made.write(stream)
    return stream.getvalue()


def test_an_update_says_new_words_and_leaves_none_of_the_old_behind():
    raw = blank_pdf(Title="Old", Creator="Mozilla (Linux)", CreationDate="D:20261130072839Z")
    update = Update(raw)
    info = update.reader.trailer.raw_get("/Info").idnum
    update.replace(info, pdf.finish.words({"Title": "New"}, pd.Timestamp("2026-06-30")))
    made = update.written(info)
    reader = PdfReader(io.BytesIO(made), strict=True)
    assert reader.metadata.title == "New" and len(reader.pages) == 2
    assert f"{reader.metadata.creation_date:%Y-%m-%d %H:%M}" == "2026-06-30 00:00"
    assert b"Mozilla" not in made and b"20261130" not in made


def test_a_page_of_an_update_shows_what_a_page_of_another_file_does():
    stamped, stream = PdfWriter(), io.BytesIO()
    stamped.append(io.BytesIO(blank_pdf(1)))
    content = stamped.pages[0]
    content.merge_page(content)
    stamped.write(stream)
    like = PdfReader(stream).pages[0]
    update = Update(blank_pdf(3, Title="x"))
    update.show(update.reader.pages[1], like)
    made = update.written(update.reader.trailer.raw_get("/Info").idnum)
    reader = PdfReader(io.BytesIO(made), strict=True)
    assert len(reader.pages) == 3
    assert reader.pages[1].get_contents().get_data() == like.get_contents().get_data()
    assert reader.pages[0].get_contents() is None


def test_contents_that_are_laid_out_otherwise_the_second_time_are_no_pdf(monkeypatch):
    again, told, stream = PdfWriter(io.BytesIO(blank_pdf(3))), DecodedStreamObject(), io.BytesIO()
    told.set_data(b"/P <</MCID 0>> BDC EMC")
    again.pages[1][NameObject("/Contents")] = again._add_object(told)
    again.write(stream)
    monkeypatch.setattr(pdf.finish, "first_pages", lambda raw: [2, 3])
    with pytest.raises(chromium.NotPrinted, match="laid the contents out in two ways"):
        pdf.finish.finished(blank_pdf(3, Title="x"), stream.getvalue(), {}, pd.Timestamp("2026"))


def test_a_number_that_its_page_does_not_say_as_often_is_named():
    texts = {1: "Acme", 2: "Contents 3 2", 3: "41% of 797 in 2026H1, 3", 4: "41% of 797, 2026H1, 4"}
    leaf = Leaf("loyalty", "Loyalty", "", "", "41% of 797 … 797", "")
    found = numbers.strangers(texts, [leaf], [3], "Acme, 2026H1")
    assert found == ["41 on page 4 of the PDF is not on the page 'Loyalty'"]


@pytest.mark.parametrize(
    "token",
    [b"(Core \\(all\\): 4%d%% of 9.)", b"<FEFF%b>"],
    ids=["in letters", "in numbers"],
)
def test_a_picture_that_is_read_aloud_with_another_number_is_named(token):
    leaf = Leaf("loyalty", "Loyalty", "", '<img alt="Core (all): 41% of 9." src="x">', "", "")

    def written(digit: int) -> bytes:
        text = f"Core (all): 4{digit}% of 9."
        inside = digit if token.startswith(b"(") else text.encode("utf-16-be").hex().encode()
        return b"<</S /Figure /Alt " + token % inside + b">>"

    assert numbers.misread(written(1), [leaf]) == []
    for digit in (0, *range(2, 10)):
        [line] = numbers.misread(written(digit), [leaf])
        assert f"Core (all): 4{digit}% of 9." in line


def test_pages_without_a_number_and_chapters_without_a_bookmark_are_named(
    book, study, tmp_path, monkeypatch
):
    monkeypatch.setenv(chromium.VARIABLE, sys.executable)
    monkeypatch.setattr(pdf, "printed", lambda text, program: blank_pdf(3))
    monkeypatch.setattr(pdf, "first_pages", lambda raw: [2, 3])
    monkeypatch.setattr(pdf, "said", lambda raw: {1: "Acme", 2: "Contents", 3: "24.7, 3"})
    with pytest.raises(HandbookError) as stopped:
        pdf.make(Source(study, tmp_path, book(), tmp_path))
    assert "page 2 of the PDF has no number" in str(stopped.value)
    assert "has 1 bookmarks of chapters, of which there are 3" in str(stopped.value)


def test_heads_of_tables_stand_on_as_many_pages_as_their_table():
    texts = {1: "", 2: "12 months 2", 3: "12 months 3"}
    leaf = Leaf("loyalty", "Loyalty", "", "", "12 months", "12 months")
    assert numbers.strangers(texts, [leaf], [2], "") == []


def test_a_chapter_that_ends_with_a_few_lines_on_a_page_is_found_and_set_closer():
    """Four chapters: of one page, of two with a short end, of two with a full one, the last."""
    texts = {at: "x" * (100 if at in (2, 4, 8) else 3000) for at in range(1, 9)}
    short = endings.short_ends(blank_pdf(8), texts, [2, 3, 5, 7], [40] * 4)
    assert short == [1]
    assert endings.short_ends(blank_pdf(8), texts | {4: "x" * 900}, [2, 3, 5, 7], [40] * 4) == []
    assert endings.closer({}, short) == {1: 1}
    assert endings.closer({1: 3}, short) == {1: 3}


def test_a_short_end_across_the_page_is_let_be():
    made = PdfWriter()
    for wide in (300, 300, 500, 300):
        made.add_blank_page(wide, 400)
    stream = io.BytesIO()
    made.write(stream)
    texts = dict.fromkeys(range(1, 5), "x" * 100)
    assert endings.short_ends(stream.getvalue(), texts, [2, 4], [0, 0]) == []


def test_a_chapter_that_is_set_closer_says_so_and_others_do_not(book, study):
    made = book()
    first, *others = leaves(made)
    page = html.fromstring(document.document(study, made, [replace(first, closer=2), *others]))
    classes = [one.get("class") for one in page.iter("article")]
    assert classes == ["chapter closer-2", *["chapter"] * len(others)]

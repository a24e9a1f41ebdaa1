"""The PDF of a whole report, printed twice, and read again by another reader of PDFs."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unicodedata import normalize

import pytest
from pypdf import PdfReader

from helpers.errors import HandbookError
from helpers.press.exports import pdf
from helpers.press.exports.pdf import chromium, pages
from helpers.press.exports.pdf.document import foot
from helpers.press.exports.source import Source

pytestmark = pytest.mark.browser
DEMO = "northfield"
EDGE = 1.0  # points that a letter may reach over the margin, as those that lean do
MARGIN = 39.6  # points: 14 mm


@pytest.fixture(scope="module")
def source(reports, source_of, tmp_path_factory) -> Source:
    try:
        chromium.browser()
    except chromium.NotPrinted as why:
        pytest.skip(f"no PDF here: {why}")
    return source_of(reports[DEMO], tmp_path_factory.mktemp("exports"))


@pytest.fixture(scope="module")
def printed(source, exports):
    first, made, _ = exports
    assert made["pdf"].missing == "" and made["pdf"].files == (first.folder / f"{DEMO}.pdf",)
    return made["pdf"].files[0]


@pytest.fixture(scope="module")
def reader(printed) -> PdfReader:
    return PdfReader(printed)


@pytest.fixture(scope="module")
def texts(reader) -> list[str]:
    """What each page says, as that reader finds it."""
    return [page.extract_text() for page in reader.pages]


def test_it_says_what_it_is_and_has_the_day_of_the_data(reader, source):
    said = reader.metadata
    assert said.title == f"{source.study.name}: customer loyalty, wave {source.study.wave}"
    assert said.author == source.study.cover["author"]
    assert said.creation_date.date() == said.modification_date.date() == source.study.as_of.date()
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB" and root["/MarkInfo"]["/Marked"]


def test_every_page_but_the_cover_has_its_number_and_who_may_read_it(texts, source):
    for at, said in enumerate(texts, 1):
        text = normalize("NFKC", said).replace("\n", "")
        running = f"{at}{foot(source.study)}"  # the number stands to the right, and comes first
        assert (running in text) is (at > 1), at
    for text in source.study.cover.values():
        assert text in texts[0]


def test_bookmarks_are_the_chapters_and_the_contents_have_their_pages(reader, texts, source):
    leaves = pages.leaves(source.book)
    tops = [mark for mark in reader.outline if not isinstance(mark, list)]
    assert len(tops) == len(leaves) + 1
    text = texts[1]
    for leaf, mark in zip(leaves, tops[1:], strict=True):
        page = reader.get_destination_page_number(mark) + 1
        assert re.search(rf"{re.escape(leaf.title)}\s+{page}\s", f"{text}\n"), leaf.title
        assert mark.title in texts[page - 1].replace("\n", " ")


def test_every_picture_has_its_alternative_text(reader, source):
    wanted = sum(leaf.content.count("<img ") for leaf in pages.leaves(source.book))
    figures = [
        one.get_object()
        for one in map(reader.get_object, reader.xref[0])
        if isinstance(one, dict) and one.get("/S") == "/Figure"
    ]
    alts = [str(figure.get("/Alt", "")) for figure in figures]
    assert len(alts) == wanted + 1  # the logo
    assert all(alts)


def test_no_words_reach_over_the_margins(printed):
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext here: install poppler-utils to measure words")
    told = subprocess.run(
        ["pdftotext", "-bbox", printed, "-"], capture_output=True, text=True, check=True
    ).stdout
    found = 0
    for width, height, words in re.findall(
        r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', told, re.DOTALL
    ):
        boxes = re.findall(r'xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">(.*?)<', words)
        for left, top, right, bottom, word in boxes:
            assert float(left) > MARGIN - EDGE - 15, word
            assert float(right) < float(width) - MARGIN + EDGE, word
            assert 0 < float(top) < float(bottom) < float(height), word
            found += 1
    assert found > 10_000


def test_no_page_is_empty(texts):
    few = [at for at, text in enumerate(texts, 1) if len(text) < 150]
    assert [at for at in few if at > 1] == []


def test_a_reader_of_any_pdf_finds_the_numbers_that_ours_does(reader, texts):
    fonts = {}
    for page, text in [*zip(reader.pages, texts, strict=True)][::9]:
        ours = pdf.numbers.NUMBER.findall(pdf.numbers.words(page, fonts))
        theirs = pdf.numbers.NUMBER.findall(text)
        assert Counter(ours) == Counter(theirs)


def test_nothing_in_it_runs_or_leads_out(reader, printed, project):
    content = printed.read_bytes()
    for word in (b"/JavaScript", b"/URI", b"/Launch", b"/EmbeddedFile", b"Mozilla", b"Linux",
                 str(project).encode(), b"handbook-print"):  # fmt: skip
        assert word not in content


def test_it_is_the_same_when_it_is_printed_again(source, printed):
    [again] = pdf.make(source).files
    assert again != printed
    assert again.read_bytes() == printed.read_bytes()


def test_a_number_that_is_changed_on_the_way_stops_the_run(source, monkeypatch):
    """Of the whole report the first pages alone: they are printed as all of it is."""
    first, whole = pages.leaves(source.book)[:2], pdf.sheet.document
    monkeypatch.setattr(pdf, "leaves", lambda _: first)
    assert pdf.make(source).missing == ""

    def changed(*given):
        text = whole(*given)
        [said] = set(re.findall(r">(\d+ respondents)</span> stand for", text))
        return text.replace(said, "6543 respondents")

    monkeypatch.setattr(pdf.sheet, "document", changed)
    with pytest.raises(HandbookError, match=r"6543 on page 3 of the PDF is not on the page"):
        pdf.make(source)


@pytest.fixture
def listening():
    """A server of this machine, and what it was asked for."""
    asked: list[str] = []

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

    with ThreadingHTTPServer(("127.0.0.1", 0), Listening) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def test_no_host_is_asked_for_anything(source, listening, monkeypatch):
    """Neither the document nor the browser lets a picture of another host be asked for."""
    host, asked = listening
    policy = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
    text = pdf.sheet.document(source.study, source.book, pages.leaves(source.book)[:1])
    hostile = text.replace("</body>", f'<img src="{host}/picture.png" alt="x"></body>')
    open_to_all = policy.sub("", hostile)
    deaf = chromium.ARGUMENTS
    hears = tuple(one for one in deaf if not one.startswith("--host-resolver-rules"))
    for document, arguments in ((hostile, hears), (open_to_all, deaf)):
        monkeypatch.setattr(chromium, "ARGUMENTS", arguments)
        pdf.printed(document, pdf.browser())
        assert asked == []
    monkeypatch.setattr(chromium, "ARGUMENTS", hears)
    pdf.printed(open_to_all, pdf.browser())
    assert asked == ["/picture.png"]

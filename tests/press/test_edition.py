"""The client's edition holds what its readers need, and leads nowhere else."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from types import SimpleNamespace

import pytest
from lxml import html
from planted_book import planted

from helpers.errors import HandbookError
from helpers.press.edition import client_edition, dead_links
from helpers.study.config import Config

STUDY = Config(name="Acme", as_of="2026-06-30", wave="2026H1")


@pytest.fixture
def made(tmp_path):
    """The edition of a planted book whose pages hold what is given."""

    def make(**articles) -> SimpleNamespace:
        inside = {f"notebooks/{name}": text for name, text in articles.items()}
        book = planted(tmp_path / "report" / "book", inside)
        client_edition(book, STUDY, tmp_path / "edition")
        return SimpleNamespace(
            folder=tmp_path / "edition", book=book,
            files={p.relative_to(tmp_path / "edition").as_posix()
                   for p in (tmp_path / "edition").rglob("*") if p.is_file()},
            page=lambda name: html.fromstring((tmp_path / "edition" / name).read_bytes()),
        )  # fmt: skip

    return make


def links(page, path: str) -> list[tuple[str, str]]:
    return [(a.get("href"), " ".join(a.text_content().split())) for a in page.xpath(path)]


def test_only_pages_for_readers_and_what_they_load_are_there(made):
    assert made().files == {
        "index.html", "search.html", "searchindex.js", "notebooks/executive.html",
        "notebooks/loyalty.html", "notebooks/toplines.html", "book/how_to_read.html",
        "_static/book.css", "_static/more.css", "_static/ink.svg", "_static/search_texts.js",
    }  # fmt: skip


def test_the_side_bar_lists_them_and_no_empty_part(made):
    page = made().page("notebooks/loyalty.html")
    assert links(page, "//nav//a") == [
        ("../notebooks/executive.html", "In two minutes"),
        ("../notebooks/loyalty.html", "How loyal customers are"),
        ("../notebooks/toplines.html", "Every answer"),
        ("../book/how_to_read.html", "How to read this report"),
    ]
    parts = [p.text_content() for p in page.xpath("//p[@class='caption']")]
    assert parts == ["The report", "Appendix", "Reading the report"]


def test_pages_lead_to_those_before_and_after_them_in_this_edition(made):
    edition = made()
    foot = "//footer//a"
    assert links(edition.page("notebooks/executive.html"), foot) == [
        ("loyalty.html", "How loyal customers are")
    ]
    assert links(edition.page("notebooks/loyalty.html"), foot) == [
        ("executive.html", "In two minutes"), ("toplines.html", "Every answer"),
    ]  # fmt: skip
    assert links(edition.page("book/how_to_read.html"), foot) == [
        ("../notebooks/toplines.html", "Every answer")
    ]


def test_code_and_what_is_marked_for_analysts_are_gone_from_pages_and_search(made):
    edition = made(loyalty='<p>Shown.</p><p class="say analyst">handbook run</p>')
    for name in edition.files:
        text = (edition.folder / name).read_text(encoding="utf-8")
        assert "quantiles_of" not in text, name
        assert "handbook run" not in text, name
        assert "copybutton" not in text, name
    assert "Shown." in (edition.folder / "notebooks/loyalty.html").read_text()


def test_a_link_to_a_page_that_is_left_out_is_text(made):
    edition = made(loyalty='<p>See <a href="../book/method_loyalty.html">the method</a> here.</p>')
    (said,) = edition.page("notebooks/loyalty.html").xpath("//article/p")
    assert said.text_content() == "See the method here."
    assert not said.findall(".//a")


def test_the_search_knows_these_pages_alone(made):
    edition = made(loyalty="<p>Østmark leads.</p>")
    text = (edition.folder / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    assert index["docnames"] == [
        "book/how_to_read", "notebooks/executive", "notebooks/loyalty", "notebooks/toplines",
    ]  # fmt: skip
    assert index["titles"][2] == "How loyal customers are"
    assert index["terms"]["ostmark"] == index["terms"]["østmark"] == 2
    texts = (edition.folder / "_static" / "search_texts.js").read_text(encoding="utf-8")
    assert [*json.loads(texts.partition("handbookExcerpts(")[2].rstrip(");\n"))] == index[
        "docnames"
    ]
    assert index["titleterms"] == {"loyal": 2}
    assert index["indexentries"] == {"base": [[0, "term-base", True]]}
    assert "Loyalty: how it is computed" not in index["alltitles"]


def test_scripts_that_stay_are_those_that_the_policy_of_the_page_names(made):
    text = (made().folder / "notebooks/loyalty.html").read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)[1]
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert scripts
    for script in scripts:
        digest = b64encode(sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


HOSTILE = "&lt;script&gt;x&lt;/script&gt; \" ' &amp;lt; &lt;!-- &lt;/article&gt; Ünï 🚚"


def test_a_clients_text_reads_as_before_and_is_no_markup(made):
    edition = made(loyalty=f'<p>{HOSTILE}</p><img alt="{HOSTILE.replace(chr(34), "")}">')
    before, after = (
        html.fromstring((folder / "notebooks/loyalty.html").read_bytes())
        for folder in (edition.book, edition.folder)
    )
    assert after.xpath("string(//article/p)") == before.xpath("string(//article/p)")
    assert after.xpath("string(//img/@alt)") == before.xpath("string(//img/@alt)")
    assert "<script>x" not in (edition.folder / "notebooks/loyalty.html").read_text()


def test_the_same_book_gives_the_same_bytes(made, tmp_path):
    edition = made()
    client_edition(edition.book, STUDY, tmp_path / "again")
    for name in edition.files:
        assert (tmp_path / "again" / name).read_bytes() == (edition.folder / name).read_bytes()


@pytest.mark.parametrize(
    "link", ["nowhere.html", "executive.html#nowhere", "../toplines/x.xlsx", "../../outside.html"]
)
def test_a_link_that_leads_nowhere_stops_it(made, link, tmp_path):
    (tmp_path / "outside.html").touch()  # beside the edition, not in it
    with pytest.raises(HandbookError, match=rf"notebooks/loyalty.html leads to {link}"):
        made(loyalty=f'<a href="{link}">x</a>')


def test_every_link_of_an_edition_leads_somewhere(made):
    edition = made(loyalty='<h2 id="there">x</h2><a href="#there">y</a><a href="#">top</a>')
    assert dead_links(edition.folder) == []


def test_a_book_that_has_no_first_page_is_to_be_made_again(made, tmp_path):
    book = made().book
    (book / "index.html").write_text("<html><head></head><body></body></html>")
    with pytest.raises(HandbookError, match="no first page: make the report again"):
        client_edition(book, STUDY, tmp_path / "another")


def test_it_is_never_made_over_another(made, tmp_path):
    edition = made()
    with pytest.raises(HandbookError, match="is there already"):
        client_edition(edition.book, STUDY, edition.folder)

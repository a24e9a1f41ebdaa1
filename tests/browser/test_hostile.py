"""The published book of a client whose every name, label and setting is hostile text."""

from __future__ import annotations

import csv
import getpass
import hashlib
import html
import re
import socket
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hostile_client import ALIKE

from helpers.press.safety import policy
from helpers.study import Study, open_study
from helpers.study.tables import TABLES

pytestmark = pytest.mark.browser

STRUCK = "window.struck"
ANSWERED = (
    "sampling", "nonresponse", "loyalty", "drivers", "comments", "linkage", "operations",
    "recovery", "value_map", "accounts", "leads", "actions", "alignment", "messages", "cycle",
    "board", "toplines", "next_wave", "executive", "run_card",
)  # fmt: skip
OF_OURS = {  # columns of text that hold words of ours, ids, names of questions or a rule
    "communications": {"audience"},
    "actions": {"requires", "excludes", "reach", "earliest_quarter"},
    "action_effects": {"driver"},
    "function_metrics": {"direction", "driver"},
    "benchmarks": {"metric", "scale"},
    "ledger": {"metric"},
    "comments": {"question", "language"},
    "themes": {"words", "driver", "language"},
}


def _folded(text: str) -> str:
    return " ".join(text.split())


def _fields(study: Study) -> Iterator[str]:
    """Every column of free text that the client sent, ``table.column``."""
    for name, frame in study.tables.items():
        free = {c.name for c in TABLES[name].columns if c.kind == "text" and not c.values}
        yield from (f"{name}.{c}" for c in free & set(frame) - OF_OURS.get(name, set()))
    yield from (f"codebook.{c}" for c in ("label", "text", "function", "decision"))


def test_every_field_of_text_holds_every_hostile_text(hostile_client, hostile_texts):
    study = open_study(hostile_client)
    fields, alike = [*_fields(study)], {c: columns for columns in ALIKE for c in columns}
    for field in fields:  # names of one thing are spread over all tables that hold them
        places = (column.split(".") for column in alike.get(field, (field,)))
        cells = (study.table(table)[column].dropna().astype(str) for table, column in places)
        held = _folded(" ".join(text for column in cells for text in column.unique()))
        assert [text for text in hostile_texts if text not in held] == [], field
    said = (study.name, study.config.description, *study.config.sources)
    assert [text for text in hostile_texts if text not in _folded(" ".join(said))] == []
    columns = {_folded(name) for name in study.table("accounts")}
    assert len(fields) >= 40
    assert len(columns & set(hostile_texts)) >= 60


class Page(HTMLParser):
    """What a browser would make of a page: its text, its attributes and what it would run."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.scripts: list[str] = []
        self._inside = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        (self.scripts if self._inside in ("script", "style") else self.texts).append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


@pytest.fixture(scope="module")
def pages(hostile_report) -> dict[str, Page]:
    book = hostile_report.first / "book"
    return {
        str(path.relative_to(book)): Page(path.read_text(encoding="utf-8"))
        for path in sorted(book.rglob("*.html"))
        if "_static" not in path.parts
    }


def published_text(report: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((report / "book").rglob("*")):
        if path.suffix in {".html", ".js", ".json", ".txt", ".css", ".ipynb", ".md"}:
            yield str(path.relative_to(report)), path.read_text(encoding="utf-8", errors="replace")


def test_two_runs_give_the_same_results_and_pages_byte_for_byte(hostile_report, hostile_again):
    first, again = (
        {
            str(path.relative_to(report)): hashlib.sha256(path.read_bytes()).hexdigest()
            for folder in ("results", "book")
            for path in sorted((report / folder).rglob("*"))
            if path.is_file()
        }
        for report in (hostile_report.first, hostile_again)
    )
    assert len([name for name in first if name.startswith("results/")]) > 10
    assert {n: d for n, d in again.items() if first.get(n) != d} == {}
    assert set(first) == set(again)


def test_every_chapter_was_answered(pages, hostile_report):
    for name in ANSWERED:
        assert (hostile_report.first / "results" / f"{name}.json").is_file()
        assert "Not answered in this run" not in pages[f"notebooks/{name}.html"].text


def test_nothing_of_the_clients_text_can_run(pages):
    for name, page in pages.items():
        assert not [code for code in page.scripts if STRUCK in code], name
        assert not [a for a in page.attributes if a[1].startswith("on") and STRUCK in a[2]], name
        links = [value for _, key, value in page.attributes if key in ("href", "src", "srcset")]
        assert not [v for v in links if v.strip().lower().startswith(("javascript", "vb"))], name
        tags = {tag for tag, _, _ in page.attributes}
        assert not tags & {"iframe", "object", "embed", "base"}, name


def test_what_the_client_wrote_is_shown_as_it_was_written(pages, hostile_client):
    with (hostile_client / "codebook.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["role"] == "driver"]
    labels = [_folded(row["label"]) for row in rows]
    assert len(labels) == 8
    page = pages["notebooks/drivers.html"]
    assert [label for label in labels if label not in page.text] == []
    alts = " ".join(value for tag, key, value in page.attributes if (tag, key) == ("img", "alt"))
    assert [label for label in labels if label in alts]


def test_every_hostile_text_is_the_name_of_an_account_with_a_page(pages, hostile_texts):
    own = [page.text for name, page in pages.items() if name.startswith("accounts/")]
    assert len(own) == len(hostile_texts)
    assert [text for text in hostile_texts if not any(text in shown for shown in own)] == []


def test_the_clients_name_is_escaped_once_in_titles(pages):
    for name, page in pages.items():
        if name != "index.html":
            assert "<script>window.struck=1</script>" in page.text, name
            assert "&lt;" not in page.text, name
            assert "&amp;lt;" not in page.text, name


def test_the_search_index_is_data(hostile_report):
    index = (hostile_report.first / "book" / "searchindex.js").read_text(encoding="utf-8")
    assert index.startswith("Search.setIndex({")
    assert "<script" not in html.unescape(index)


def test_no_folder_user_or_machine_is_named_in_the_book(project, hostile_report, hostile_client):
    named = {
        str(project), str(hostile_report.first.parent), str(hostile_client.parent),
        str(Path.home()), f"{tempfile.gettempdir()}/pytest", ".draft-", "/site-packages/",
        f"{getpass.getuser()}@",
    }  # fmt: skip
    machine = socket.gethostname()
    named |= {machine} if len(machine) > 5 else set()
    found = [
        (name, word)
        for name, text in published_text(hostile_report.first)
        for word in named - {"/"}
        if word in text and "_static" not in name
    ]
    assert found == []


def test_no_parameter_cell_and_no_traceback_is_published(pages):
    for name, page in pages.items():
        if name.startswith("notebooks/"):
            assert not re.search(r"(results_dir|client) = ", page.text), name
        assert "Traceback" not in page.text, name


def test_nothing_is_loaded_from_another_host(pages):
    loading = {"src", "srcset", "data", "poster"}
    for name, page in pages.items():
        outside = [
            (tag, key, value)
            for tag, key, value in page.attributes
            if (key in loading or (tag == "link" and key == "href"))
            and re.match(r"(?:[a-z]+:)?//", value)
        ]
        assert outside == [], name


def test_sources_and_notebooks_are_not_in_the_book(hostile_report):
    book = hostile_report.first / "book"
    assert not (book / "_sources").exists()
    assert list(book.rglob("*.ipynb")) == []


def test_every_chart_has_words_for_those_who_do_not_see_it(pages):
    for name, page in pages.items():
        images = [a for a in page.attributes if a[0] == "img"]
        told = [value for _, key, value in images if key == "alt"]
        assert all(text.strip() for text in told), name
        assert len(told) == len([a for a in images if a[1] == "src"]), name


def test_the_logo_is_a_picture_and_nothing_else(hostile_report):
    logo = (hostile_report.first / "book" / "_static" / "logo.svg").read_text(encoding="utf-8")
    assert "Hostile" in logo
    assert not any(word in logo for word in (STRUCK, "script", "onload", "foreignObject"))


def test_every_page_says_what_may_run_on_it(hostile_report):
    book = hostile_report.first / "book"
    for path in book.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        head = page.partition("<title>")[0]
        assert '<meta http-equiv="Content-Security-Policy"' in head, path
        assert "document.write" not in page, path
        scripts = re.findall(r"<script(?: [a-z-]+=\"[^\"]*\")?>(.*?)</script>", page, re.DOTALL)
        inline = {script for script in scripts if script}
        assert len(inline) == policy(page).count("sha256-"), path

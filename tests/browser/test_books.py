"""Every page of the demo books in a browser, opened from disk with the network refused."""

from __future__ import annotations

import html
import json
import re

import attacks
import pandas as pd
import pytest

from helpers import results
from helpers.results import Figure
from helpers.study import open_study
from helpers.views.rendering import sentences

pytestmark = pytest.mark.browser

DEMOS = ("northfield", "mobile")
MOST_GROUPS = 15  # of a column: more are names or answers in words
DESK = {"width": 1366, "height": 900}
PAGE_OBJECT = re.compile(rb"/Type\s*/Page\b(?!s)")


@pytest.fixture(scope="session")
def visits(opened, reports) -> dict:
    """Every page of both books, opened once on a phone's screen."""
    seen: set[str] = set()
    return {
        f"{client}/{name}": visit
        for client, report in reports.items()
        for name, visit in opened(report / "book", seen=seen).items()
    }


def _with(visits: dict, found) -> dict[str, object]:
    """What was found on each page, for the pages on which something was."""
    return {name: found(visit) for name, visit in visits.items() if found(visit)}


def test_every_page_of_both_books_was_opened(visits, reports):
    fed = {"northfield": {"linkage", "value_map"}, "mobile": set()}
    for client, report in reports.items():
        chapters = {path.stem for path in (report / "book" / "notebooks").glob("*.html")}
        assert {"executive", "sampling", "drivers", *fed[client]} <= chapters
        assert {f"{client}/notebooks/{name}.html" for name in chapters} <= set(visits)
    assert "mobile/book/more_data.html" in visits
    assert "northfield/book/more_data.html" not in visits
    assert len(visits) > 30


def test_no_page_reports_an_error(visits):
    assert _with(visits, lambda visit: visit.console) == {}


def test_no_page_asks_another_host_for_anything(visits):
    assert _with(visits, lambda visit: visit.asked) == {}


def test_no_page_scrolls_sideways_on_a_phone(visits):
    assert _with(visits, lambda visit: max(visit.look["wider"], 0)) == {}


def test_no_page_breaks_a_rule_of_accessibility_in_light_or_in_dark(visits):
    assert _with(visits, lambda visit: visit.broken) == {}


def test_every_image_is_described_and_drawn(visits):
    assert _with(visits, lambda visit: visit.look["silent"] + visit.look["broken"]) == {}


def test_numbers_in_sentences_come_from_the_results(visits):
    assert _with(visits, lambda visit: visit.look["numbers"]) == {}


@pytest.mark.parametrize("client", DEMOS)
def test_every_quoted_figure_is_in_the_results(visits, reports, client):
    place = reports[client] / "results"
    known = {
        f"{path.stem}.{name}"
        for path in place.glob("[!_]*.json")
        for name in json.loads(path.read_text(encoding="utf-8"))["figures"]
    }
    chapters = f"{client}/notebooks/"  # computed pages quote figures of their own
    quoted = {f for n, v in visits.items() if n.startswith(chapters) for f in v.look["figures"]}
    assert len(quoted) > 10
    assert quoted - known == set()


def test_a_chapter_hands_on_the_same_names_for_every_client(reports):
    """What a client's data cannot tell is handed on by name, with the reason."""
    handed = {
        client: {
            path.stem: json.loads(path.read_text(encoding="utf-8"))["figures"]
            for path in (report / "results").glob("[!_]*.json")
            if path.stem != "executive"  # it quotes the chapters that there are
        }
        for client, report in reports.items()
    }
    one, other = (handed[client] for client in DEMOS)
    both = set(one) & set(other)
    assert both >= {"sampling", "loyalty", "drivers"}
    for chapter in both:
        assert set(one[chapter]) == set(other[chapter]), chapter
    told = [
        figure for chapters in handed.values() for f in chapters.values() for figure in f.values()
    ]
    assert all(figure["withheld"] for figure in told if figure.get("value") is None)


@pytest.mark.parametrize("client", DEMOS)
def test_numbers_in_titles_of_charts_are_figures_of_their_page(reports, client):
    """A title is a sentence: its numbers are those that the page quotes, not others."""
    chapters = results.load_all(reports[client] / "results")
    wrong, titles = {}, 0
    for name, result in chapters.items():
        page = (reports[client] / "book" / "notebooks" / f"{name}.html").read_text("utf-8")
        known = {number for figure in result.figures.values() for number in _numbers_of(figure)}
        for title in map(html.unescape, TITLE.findall(page)):
            titles += 1
            if odd := set(NUMBER.findall(title)) - known:
                wrong[title] = odd
    assert titles > 5
    assert wrong == {}


NUMBER = re.compile(r"[$€£]?\d[\d,]*(?:\.\d+)?(?:[kMB]\b|%)?")
TITLE = re.compile(r'<p class="chart-title">(.*?)</p>', re.DOTALL)


def _numbers_of(figure: Figure) -> set[str]:
    """Every number that a figure is written with, and those in its label."""
    if figure.value is None:
        return set()
    forms = ("", "value", "base", *(["interval", "margin"] if figure.low is not None else []))
    written = [sentences.written(figure, form) for form in forms]
    return {number for text in (*written, figure.label) for number in NUMBER.findall(text)}


def test_every_page_names_itself_and_the_client(visits):
    for name, visit in visits.items():
        client = {"northfield": "Northfield", "mobile": "mobile"}[name.split("/")[0]]
        assert client.lower() in visit.look["title"].lower(), name


@pytest.fixture
def searched(browser, reports):
    """Search a book from disk: titles and excerpts of what was found."""
    page = browser.new_page(viewport=DESK)
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))

    def search(client: str, words: str) -> list[tuple[str, str]]:
        page.goto((reports[client] / "book" / "search.html").as_uri() + f"?q={words}")
        page.wait_for_selector("#search-results li .context", timeout=10_000)
        page.locator(".search-summary", has_text="finished").wait_for()
        results = page.locator("#search-results li")
        return [tuple(one) for one in results.evaluate_all(
            "all => all.map(one => [one.querySelector('a').textContent, "
            "(one.querySelector('.context') || { textContent: '' }).textContent])"
        )]  # fmt: skip

    yield search
    page.close()
    assert faults == []


@pytest.mark.parametrize("client", DEMOS)
def test_search_works_from_disk_and_shows_what_pages_say(searched, client):
    found = searched(client, "drivers")
    assert len(found) > 1
    for title, excerpt in found:
        assert "driver" in f"{title} {excerpt}".lower()
        assert 30 < len(excerpt) < 260, title
        assert not RUN_TOGETHER.search(excerpt), excerpt
        assert "import " not in excerpt


RUN_TOGETHER = re.compile(r"[a-z]\d\.\d|\d%[A-Za-z]|[a-z]{2}[A-Z][a-z]{3}")  # cells of a table


@pytest.mark.parametrize("words", ["ostmark", "oestmark", "%C3%98stmark"])
def test_search_finds_a_name_however_it_is_typed(searched, words):
    titles = dict(searched("northfield", words))
    assert {"Østmark Components Ltd", "Østmark Water S.A. de C.V.", "In two minutes",
            "The account list"} <= set(titles)  # fmt: skip
    assert "Østmark" in titles["In two minutes"]


def test_dark_mode_can_be_chosen_and_is_dark(browser, reports):
    page = browser.new_page(viewport=DESK)
    page.goto((reports["northfield"] / "book" / "notebooks" / "drivers.html").as_uri())
    seen = {}
    for _ in range(3):
        page.locator("button.theme-switch-button").first.click()
        theme = page.evaluate("() => document.documentElement.dataset.theme")
        seen[theme] = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    page.close()
    brightness = {t: sum(map(int, re.findall(r"\d+", colour)[:3])) for t, colour in seen.items()}
    assert brightness["dark"] < 150 < 600 < brightness["light"]


@pytest.mark.parametrize("client", DEMOS)
def test_the_executive_page_prints_on_one_sheet_of_a4(browser, reports, client):
    page = browser.new_page(viewport=DESK)
    page.goto((reports[client] / "book" / "notebooks" / "executive.html").as_uri())
    printed = page.pdf(format="A4", print_background=True)
    page.close()
    assert len(PAGE_OBJECT.findall(printed)) == 1


def _groups(client: str) -> pd.DataFrame:
    """Every respondent's groups that a book might tell of: texts with a few different values."""
    sent = open_study(client).responses
    texts = sent.select_dtypes(["object", "str"])
    few = [name for name in texts if 1 < texts[name].nunique() <= MOST_GROUPS]
    return sent[few].astype(object).where(sent[few].notna(), "not known").reset_index(drop=True)


def test_the_attack_finds_the_groups_that_the_book_shows(reports):
    groups = _groups("northfield")
    names = {column: set(groups[column].astype(str)) for column in groups}
    shown = attacks.everything_shown(reports["northfield"], names)
    assert {("tier", "Key"), ("region", "Europe"), ("role", "user")} <= shown["tables"]
    assert len(shown["results"]) > 10


@pytest.mark.parametrize("client", DEMOS)
def test_nobody_is_recovered_from_a_demo_book_by_subtraction(client, reports):
    groups = _groups(client)
    names = {column: set(groups[column].astype(str)) for column in groups}
    shown = attacks.everything_shown(reports[client], names)
    assert attacks.recovered(set().union(*shown.values()), groups, 10) == {}

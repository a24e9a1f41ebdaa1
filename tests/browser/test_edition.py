"""The client's editions of the demo books, opened from disk with the network refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import html

from helpers.press.edition import dead_links, for_client
from helpers.press.publishing import policed, publish

pytestmark = pytest.mark.browser

DEMOS = ("northfield", "mobile")
DESK = {"width": 1366, "height": 768}
MODE = "['mode', 'theme'].forEach(key => localStorage.setItem(key, '{mode}'))"
CHANGED = ("notebooks/executive", "notebooks/next_wave", "book/more_data", "book/how_to_read",
           "search")  # fmt: skip
ENDED = re.compile("finished|did not match")  # what the search says at its end
MAKERS = re.compile(
    r"client\.yml|codebook|client folder|signed_by|follow_up_owner|handbook \w+|--set"
)
ANALYSTS = (  # code, and what is marked for analysts
    ".//details[contains(@class, 'sd-dropdown')]"
    "|.//*[contains(concat(' ', @class, ' '), ' analyst ')]"
)


@pytest.fixture(scope="module")
def editions(project, reports, tmp_path_factory) -> dict[str, Path]:
    """What would be put on a web server."""
    place = tmp_path_factory.mktemp("sites")
    for client in DEMOS:
        publish(reports[client] / "book", policed(client, project / "data"), place / client)
    return {client: place / client for client in DEMOS}


@pytest.fixture(scope="module")
def visits(opened, editions) -> dict:
    """Every page but those of accounts, which are alike: of these one."""
    return {
        f"{client}/{name}": visit
        for client, folder in editions.items()
        for name, visit in opened(folder, alike="accounts/").items()
    }


def test_every_page_for_readers_is_there_and_no_other(editions, reports):
    for client, folder in editions.items():
        book = reports[client] / "book"
        names = {path.relative_to(book).with_suffix("").as_posix() for path in book.rglob("*.html")}
        kept = {path.relative_to(folder).with_suffix("").as_posix()
                for path in folder.rglob("*.html")}  # fmt: skip
        assert kept == {name for name in names if for_client(name)}
        assert dead_links(folder) == []
    assert not (editions["northfield"] / "notebooks" / "run_card.html").exists()
    assert (editions["mobile"] / "book" / "more_data.html").is_file()


def test_every_page_works_from_disk_on_a_phone_without_an_error_or_another_host(visits):
    assert len(visits) > 25
    assert {n: v.console + v.asked for n, v in visits.items() if v.console + v.asked} == {}
    assert [name for name, visit in visits.items() if visit.look["wider"] > 0] == []
    assert [n for n, v in visits.items() if v.look["silent"] + v.look["broken"]] == []


def test_articles_read_as_in_the_book_but_for_code(editions, reports):
    for client, folder in editions.items():
        for path in (folder / "notebooks").glob("*.html"):
            before, after = (
                html.fromstring(place.read_bytes()).find(".//article")
                for place in (reports[client] / "book" / "notebooks" / path.name, path)
            )
            for left in before.xpath(ANALYSTS):
                left.drop_tree()
            assert after.text_content().split() == before.text_content().split(), path.name


def test_no_chapter_tells_its_readers_what_to_write_into_the_makers_files(editions):
    said = {
        path.name: MAKERS.findall(
            html.fromstring(path.read_bytes()).find(".//article").text_content()
        )
        for path in (editions["northfield"] / "notebooks").glob("*.html")
    }
    assert {name: words for name, words in said.items() if words} == {}


@pytest.mark.parametrize("client", DEMOS)
def test_the_first_page_says_whose_report_it_is(editions, client):
    page = html.fromstring((editions[client] / "notebooks" / "executive.html").read_bytes())
    (line,) = page.find_class("cover")
    said = " ".join(line.text_content().split())
    assert "Data as of" in said
    if client == "northfield":
        for part in ("Northfield Industrial", "Wave 2026H1", "Hollis & Reed", "Confidential"):
            assert part in said


def test_the_search_of_an_edition_finds_pages_and_no_code(browser, editions):
    page = browser.new_page(viewport=DESK)

    def titles(words: str) -> list[str]:
        page.goto((editions["northfield"] / "search.html").as_uri() + f"?q={words}")
        page.locator(".search-summary", has_text=ENDED).wait_for()
        return page.locator("#search-results li a").all_text_contents()

    assert "Østmark Water S.A. de C.V." in titles("ostmark")
    assert not [t for t in titles("computed") if "how it is computed" in t]
    assert titles("open_page") == []
    page.close()


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("client", DEMOS)
def test_pages_that_an_edition_changes_break_no_rule_of_accessibility(
    browser, editions, client, mode
):
    context = browser.new_context(viewport=DESK, offline=True, color_scheme=mode)
    context.add_init_script(MODE.format(mode=mode))
    page, rules, broken = context.new_page(), Axe(), {}
    for path in filter(Path.is_file, (editions[client] / f"{name}.html" for name in CHANGED)):
        page.goto(path.as_uri())
        found = rules.run(page, options={"resultTypes": ["violations"]})
        broken |= {
            f"{path.stem}: {rule['id']}": [node["html"][:200] for node in rule["nodes"]][:3]
            for rule in found.response["violations"]
        }
    context.close()
    assert broken == {}

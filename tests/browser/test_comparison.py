"""The page of two runs compared: in light and dark, on a desk and on a phone, by keyboard."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from helpers.press.comparing.files import write_comparison
from tests.browser.conftest import PHONE
from tests.press.two_runs import World, compare

pytestmark = pytest.mark.browser

TITLES = {"sampling": "Who was heard", "loyalty": "How loyal customers are"}
DESK = {"width": 1366, "height": 768}
HOSTILE = "<img src=x onerror='window.struck=1'> a label of the client's " + "ä" * 80


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    """Two runs with a change of every kind, one of them under a hostile name."""
    first = World()
    now = first.with_own("sampling", "parameter trim", "3")
    now = now.with_figure("sampling", "response_rate", value=0.31, label=HOSTILE)
    now = now.with_figure("loyalty", "nps", value=None, low=None, high=None, withheld="too few")
    now = now.without_figure("loyalty", "trapped").with_figure("loyalty", "attitude", value=70.0)
    made = compare(first, now, tmp_path_factory.mktemp("runs"))
    return write_comparison(made, tmp_path_factory.mktemp("page"), TITLES)[1]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_it_breaks_no_rule_of_accessibility_and_never_scrolls_sideways(
    browser, page_file, mode, viewport
):
    context = browser.new_context(viewport=viewport, offline=True, color_scheme=mode)
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.goto(page_file.as_uri())
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    broken = {rule["id"]: rule["nodes"][0]["html"] for rule in found.response["violations"]}
    wide = page.evaluate("document.documentElement.scrollWidth")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    struck = page.evaluate("window.struck === undefined")
    context.close()
    assert broken == {}
    assert wide <= viewport["width"]
    assert (paper == "rgb(255, 255, 255)") == (mode == "light")
    assert struck
    assert said == []


def test_links_to_chapters_are_reached_by_keyboard_and_lead_there(browser, page_file):
    page = browser.new_page(viewport=DESK)
    page.goto(page_file.as_uri())
    page.keyboard.press("Tab")
    name = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    target = page.evaluate("document.querySelector(location.hash + ' h2').textContent")
    page.close()
    assert target == name

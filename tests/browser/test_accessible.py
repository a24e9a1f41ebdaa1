"""Pages that people act on, by the rules of axe-core, in light and in dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

CHAPTERS = ("executive", "accounts", "value_map", "recovery", "leads", "actions", "cycle")
DESK = {"width": 1366, "height": 768}
MODE = "['mode', 'theme'].forEach(key => localStorage.setItem(key, '{mode}'))"


def acted_on(book: Path) -> list[Path]:
    """The chapters that lead to calls and money, and an account's own page."""
    pages = [book / "notebooks" / f"{name}.html" for name in CHAPTERS]
    return [*pages, own_page(book)]


def own_page(book: Path) -> Path:
    """The first of the accounts' own pages."""
    return min((book / "accounts").glob("*.html"))


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_pages_that_people_act_on_break_no_rule_of_accessibility(browser, reports, mode):
    context = browser.new_context(viewport=DESK, offline=True, color_scheme=mode)
    context.add_init_script(MODE.format(mode=mode))
    page, rules, broken = context.new_page(), Axe(), {}
    for path in acted_on(reports["northfield"] / "book"):
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.dataset.theme") == mode
        found = rules.run(page, options={"resultTypes": ["violations"]})
        assert len(found.response["passes"]) > 15
        broken |= {
            f"{path.stem}: {rule['id']}": [node["html"][:200] for node in rule["nodes"]]
            for rule in found.response["violations"]
        }
    context.close()
    assert broken == {}


def test_a_page_that_breaks_a_rule_is_found(browser):
    page = browser.new_page()
    page.set_content("<p style='color: #999; background: #fff'>Faint</p><img src='x.png'>")
    found = {rule["id"] for rule in Axe().run(page).response["violations"]}
    page.close()
    assert {"color-contrast", "image-alt"} <= found


REACHED = ("executive", "drivers", "value_map", "accounts", "an account", "comments", "toplines")
MARK = """() => {
  const all = "a[href], button:enabled, input:enabled, select, summary, [tabindex='0']";
  const seen = [...document.querySelectorAll(all)].filter(one =>
    one.tabIndex >= 0 && one.getClientRects().length &&
    one.checkVisibility({ visibilityProperty: true }));
  seen.forEach((one, number) => { one.dataset.number = number; });
  document.activeElement.blur();
  return seen.length;
}"""
FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const ringed = one.closest('.map-marks') && document.querySelector('.map-ring.on');
  return [Number(one.dataset.number ?? -1), outlined || style.boxShadow !== 'none' || !!ringed,
    one.outerHTML];
}"""


@pytest.mark.parametrize("name", REACHED)
def test_the_tab_key_reaches_all_that_can_be_used_and_shows_where_it_is(browser, reports, name):
    page = browser.new_page(viewport=DESK)
    book = reports["northfield"] / "book"
    path = own_page(book) if name == "an account" else book / "notebooks" / f"{name}.html"
    page.goto(path.as_uri())
    number, reached, unseen = page.evaluate(MARK), set(), []
    for _ in range(number + 20):
        page.keyboard.press("Tab")
        here, outlined, markup = page.evaluate(FOCUSED)
        if here >= 0:
            reached.add(here)
            unseen += [] if outlined else [markup[:120]]
    left = page.evaluate(
        "left => left.map(one => document.querySelector(`[data-number='${one}']`).outerHTML)",
        sorted(set(range(number)) - reached),
    )
    page.close()
    assert number > 20
    assert [markup[:120] for markup in left] == []
    assert unseen == []


def test_nearly_every_account_s_page_is_one_screen(browser, reports):
    """Nine in ten; the others have quotes of many lines or conflicts beside all else."""
    page, ends = browser.new_page(viewport=DESK), []
    for path in sorted((reports["northfield"] / "book" / "accounts").glob("*.html"))[::6]:
        page.goto(path.as_uri())
        ends.append(page.locator(".account-page").evaluate(
            "one => one.getBoundingClientRect().bottom + window.scrollY"
        ))  # fmt: skip
    page.close()
    assert len(ends) > 20
    assert sum(end <= DESK["height"] for end in ends) >= 0.9 * len(ends)

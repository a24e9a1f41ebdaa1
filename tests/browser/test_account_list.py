"""The account list in a browser: found, filtered, sorted by keyboard, at the size of hospitals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from answering import ALLOWED, CELLS, ROWS, TIMED

from helpers.methods import account_list
from helpers.press.unbroken import unbroken
from helpers.views.accounts.listing import listing
from helpers.views.accounts.pages import account_pages

pytestmark = pytest.mark.browser

SCRIPTS = ("find.js", "account_list.js")
MODES = ("light", "dark")
OWNERS = ".account-tools label:nth-of-type(3) select"  # behind Find and Who calls
UNNAMED = """() => [...document.querySelectorAll("input, select, button, a")].filter(one =>
  !(one.labels && one.labels.length) && !one.textContent.trim() && !one.ariaLabel).length"""
FAINT = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const light = (colour) => {
    canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
      .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
  };
  const ground = light(getComputedStyle(document.body).backgroundColor);
  const words = [...document.querySelectorAll("article *")].filter(one =>
    [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
  return words.filter(one => {
    const ink = light(getComputedStyle(one).color);
    return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05) < 4.5;
  }).map(one => one.outerHTML.slice(0, 80)).slice(0, 3);
}"""


def _list() -> pd.DataFrame:
    rng, ids = np.random.default_rng(5), [f"H{i:04}" for i in range(ROWS)]
    names = [*(f"Hospital {i}" for i in range(ROWS - 1)), "Østmark Clínica"]
    accounts = pd.DataFrame(
        {"account_id": ids, "name": names,
         "owner": rng.choice(["Ann Lee", "Bo Ek", "Zoë Ruiz"], ROWS), "segment": "Acute",
         "revenue": rng.lognormal(15, 1, ROWS).round()}
    )  # fmt: skip
    placed = accounts[["account_id"]].assign(
        loyalty=60.0, low=50.0, high=70.0, respondents=3, firmness="firm",
        cell=rng.choice(CELLS, ROWS),
    )  # fmt: skip
    today = pd.Timestamp("2026-06-30")
    return account_list.account_list(accounts, as_of=today, placed=placed).table


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return _list()


@pytest.fixture(params=MODES)
def page(request, browser, table, tmp_path, in_the_books_style):
    shown = listing(table, currency="USD", paged=["H0000"], most=ROWS)
    inside = f'<section class="account-list">{shown}</section>'
    in_the_books_style(tmp_path / "list.html", inside, mode=request.param, scripts=SCRIPTS)
    opened = browser.new_page(viewport={"width": 1366, "height": 768})
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto((tmp_path / "list.html").as_uri())
    yield opened
    opened.close()
    assert errors == []


def test_the_list_answers_at_once_at_the_size_of_hospitals(page, table):
    said = page.locator("[aria-live=polite]")
    assert said.inner_text() == f"{ROWS} accounts"
    assert page.evaluate(TIMED, [".account-tools input", "ostmark clinica"]) < ALLOWED
    assert said.inner_text() == "1 account"
    assert page.evaluate(TIMED, [".account-tools input", "østmark CLÍNICA"]) < ALLOWED
    assert said.inner_text() == "1 account"
    assert page.evaluate(TIMED, [".account-tools input", ""]) < ALLOWED
    assert page.evaluate(TIMED, [OWNERS, "Zoë Ruiz"]) < ALLOWED
    assert said.inner_text() == f"{(table['owner'] == 'Zoë Ruiz').sum()} accounts"


def test_the_list_is_used_by_keyboard_alone(page, table):
    page.keyboard.press("Tab")
    for _ in range(40):
        if page.evaluate("document.activeElement.textContent") == "Revenue":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    sorted_by = page.locator("th[aria-sort]")
    assert (sorted_by.inner_text(), sorted_by.get_attribute("aria-sort")) == (
        "Revenue", "descending",
    )  # fmt: skip
    largest = table.loc[table["revenue"].idxmax(), "name"]
    assert largest in page.locator("tbody tr").first.inner_text()
    page.keyboard.press("Space")
    assert sorted_by.get_attribute("aria-sort") == "ascending"
    page.locator(".account-more").focus()
    page.keyboard.press("Enter")
    assert page.locator("tbody tr").count() == ROWS


@pytest.mark.parametrize("width", [390, 1366])
def test_the_first_accounts_stand_under_controls_of_one_row_that_wraps(page, width):
    page.set_viewport_size({"width": width, "height": 844})
    assert page.locator("tbody tr").count() == 25
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    tools = page.locator(".account-tools").bounding_box()
    assert tools["height"] < (260 if width == 390 else 130)
    shown = page.locator(".account-tools :is(input, select, button)").evaluate_all(
        "all => all.map(one => { const box = one.getBoundingClientRect(); "
        "return [box.left, box.right, box.height] })"
    )
    assert all(0 <= left < right <= width and high >= 30 for left, right, high in shown)
    more = page.locator(".account-more")
    assert more.inner_text() == f"Show all {ROWS}"
    more.click()
    assert page.locator("tbody tr").count() == ROWS
    assert more.is_hidden()
    page.locator(".account-tools input").fill("Hospital 1")
    assert page.locator("tbody tr").count() == 25


def test_every_control_has_a_name_and_every_word_is_told_from_its_ground(page):
    assert page.evaluate(UNNAMED) == 0
    assert page.evaluate(FAINT) == []
    assert page.locator("[role=search]").count() == 1


@pytest.mark.parametrize("mode", MODES)
def test_every_word_of_an_accounts_page_is_told_from_its_ground(
    browser, table, tmp_path, mode, in_the_books_style
):
    own = {"accounts": table, "pages": table[["account_id"]].head(1)}
    [made] = account_pages(own, currency="USD", as_of="30 June 2026", on=pd.Timestamp("2026-06-30"))
    in_the_books_style(tmp_path / "page.html", made.article, mode=mode)
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((tmp_path / "page.html").as_uri())
    assert page.evaluate(FAINT) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_no_day_of_the_list_is_torn_at_the_end_of_a_line(browser, project, table):
    """At every width between a phone's and a screen's each day has one line of its own."""
    css = (project / "book" / "_static" / "handbook.css").read_text(encoding="utf-8")
    shown = listing(table.head(30), currency="USD", paged=[], most=30)
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_content(f"<style>{css}</style><article>{unbroken(shown)}</article>")
    torn = """() => [...document.querySelectorAll('.account-table td')].flatMap(cell => {
      const words = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), found = [];
      for (let node = words.nextNode(); node; node = words.nextNode())
        for (const day of node.data.matchAll(/\\d{4}-\\d{2}-\\d{2}/g)) {
          const range = document.createRange();
          range.setStart(node, day.index); range.setEnd(node, day.index + 10);
          if (range.getClientRects().length > 1) found.push(day[0]);
        }
      return found;
    })"""
    for width in (360, 390, 768, 1000, 1100, 1200, 1366):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate(torn) == [], width
    page.close()

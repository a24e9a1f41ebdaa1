"""Charts, tables and notes of figures on screens: dark, narrow, without a mouse."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from dark_charts import rgb, turned
from PIL import Image

from helpers.results import ChapterResult, Figure
from helpers.views.rendering import palette, sentences
from helpers.views.rendering.chart import Chart
from helpers.views.rendering.tables import show

pytestmark = pytest.mark.browser

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 768}
COLOURS = ["#ffffff", *(getattr(palette, name) for name in palette.__all__ if name.isupper()
                        and str(getattr(palette, name)).startswith("#"))]  # fmt: skip
STEP = 3  # of 255: the browser and the model round each step for themselves
NOTE, FIGURES = ".figure-note", "span.figure"


def _stripes(figure, width) -> None:
    """A stripe of each colour that charts are drawn in."""
    figure.set_layout_engine("none")
    figure.set_size_inches(width, 1)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.imshow([[rgb(colour) for colour in COLOURS]], aspect="auto", interpolation="nearest")


@pytest.fixture
def opened(browser, tmp_path, in_the_books_style):
    """Open a page in the book's style; no script of it may fail."""
    errors: list[str] = []
    pages = []

    def open_page(inside: str, *, mode: str = "light", screen=DESK, scripts=(), **context):
        in_the_books_style(tmp_path / "page.html", inside, mode=mode, scripts=scripts)
        page = browser.new_page(viewport=screen, **context)
        pages.append(page)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto((tmp_path / "page.html").as_uri())
        return page

    yield open_page
    for page in pages:
        page.close()
    assert errors == []


def _drawn(page) -> np.ndarray:
    """The colours of the stripes, as the browser shows them."""
    picture = Image.open(io.BytesIO(page.locator("figure.chart img").screenshot())).convert("RGB")
    seen = np.asarray(picture)
    width = seen.shape[1] / len(COLOURS)
    return np.array([
        seen[seen.shape[0] // 2, round(width * (place + 0.5))] for place in range(len(COLOURS))
    ])  # fmt: skip


def test_a_chart_is_shown_as_computed_on_a_dark_screen_and_as_drawn_elsewhere(opened):
    chart = Chart(_stripes, "Every colour", "Stripes.").html()
    page = opened(f'<div class="cell_output">{chart}</div>', mode="dark")
    as_drawn = np.array([rgb(colour) for colour in COLOURS]) * 255
    dark = np.array([turned(rgb(colour)) for colour in COLOURS]) * 255
    assert np.abs(_drawn(page) - dark).max() <= STEP
    page.emulate_media(media="print")
    assert np.abs(_drawn(page) - as_drawn).max() <= STEP
    page.emulate_media(media="screen")
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    assert np.abs(_drawn(page) - as_drawn).max() <= STEP


def _wide_table(rows: int) -> str:
    frame = pd.DataFrame({"name": [f"Driver number {i}" for i in range(rows)]})
    columns = {"name": "Driver"}
    for place in range(9):
        frame[f"c{place}"] = 1000.0 + place
        columns[f"c{place}"] = (f"Column {place}", "count")
    return show(frame, caption="Drivers, and much that is known about each", columns=columns).html()


IN_SIGHT = """box => {
  const frame = box.getBoundingClientRect();
  const seen = (one) => {
    const at = one.getBoundingClientRect(), [x, y] = [at.left + 4, at.top + at.height / 2];
    return at.left >= frame.left - 1 && at.top >= frame.top - 1 && at.bottom <= frame.bottom + 1 &&
      one.contains(document.elementFromPoint(x, y));
  };
  const body = [...box.querySelectorAll('tbody th')];
  return {
    names: body.filter(seen).length,
    head: seen(box.querySelector('thead th')),
    caption: seen(box.querySelector('caption')),
    last: seen(box.querySelector('thead th:last-child')),
    page: document.documentElement.scrollWidth,
  };
}"""


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_headings_and_names_of_rows_stay_in_sight_on_a_phone(opened, mode):
    page = opened(_wide_table(60), mode=mode, screen=PHONE)
    box = page.locator(".table-scroll")
    box.scroll_into_view_if_needed()
    box.evaluate("box => box.scrollTo(box.scrollWidth, 0)")
    aside = box.evaluate(IN_SIGHT)
    assert aside["names"] > 5
    assert aside["head"]
    assert aside["caption"]
    assert aside["last"]
    assert aside["page"] <= PHONE["width"]
    box.evaluate("box => box.scrollTo(box.scrollWidth, box.scrollHeight)")
    below = box.evaluate(IN_SIGHT)
    assert below["head"]
    assert below["names"] > 5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_an_edge_that_hides_columns_is_seen_and_the_end_of_a_table_is_not_one(opened, mode):
    page = opened(_wide_table(6), mode=mode, screen=PHONE)
    box = page.locator(".table-scroll")
    ground = 255.0 if mode == "light" else 18.0

    def shade() -> float:
        """How far the last pixels of a row's rule-free middle stand off the page's ground."""
        picture = Image.open(io.BytesIO(box.screenshot())).convert("L")
        edge = np.asarray(picture, dtype=float)[-60:-8, -3:]
        return float(np.abs(np.median(edge) - ground))

    assert shade() > 20
    box.evaluate("box => box.scrollTo(box.scrollWidth, 0)")
    assert shade() < 3


def test_a_table_is_scrolled_by_keyboard_alone(opened):
    page = opened(_wide_table(6), screen=PHONE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "table-scroll"
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.activeElement.scrollLeft > 200")


def _told() -> str:
    frame = pd.DataFrame({"name": ["Grow", "Repair"], "who": ["sponsor", "nobody at all"],
                          "service": ["best people, joint plans and references"] * 2,
                          "cost": [1200.0, 90.0], "share": [0.5, 0.25]})  # fmt: skip
    columns = {"name": "Group", "service": "What each of them gets", "who": "Who takes it on there",
               "cost": ("Cost to serve, at most", "count"), "share": ("Share of it", "share"),
               }  # fmt: skip
    return show(frame, caption="Each group", columns=columns).html()


AS_CARDS = """box => [...box.querySelectorAll('tbody tr')].map(row => [...row.cells].map(cell =>
  getComputedStyle(cell, '::before').content.replaceAll('"', '') + cell.textContent))"""


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_wide_table_of_words_is_read_as_cards_on_a_phone(opened, mode):
    page = opened(_told(), mode=mode, screen=PHONE, scripts=("phone_tables.js",))
    box = page.locator(".table-scroll")
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    assert box.evaluate(AS_CARDS)[0] == [
        "noneGrow", "What each of them gets: best people, joint plans and references",
        "Who takes it on there: sponsor", "Cost to serve, at most: 1,200", "Share of it: 50%",
    ]  # fmt: skip
    assert page.get_by_role("row").count() == 3
    assert page.get_by_role("rowheader").all_text_contents() == ["Grow", "Repair"]
    assert page.locator(".table-hint").count() == 0
    page.emulate_media(media="print")
    assert page.locator("td").first.evaluate("cell => getComputedStyle(cell).display") != "block"


def test_a_wide_table_of_numbers_keeps_its_columns_and_says_how_many(opened):
    page = opened(_wide_table(6), screen=PHONE, scripts=("phone_tables.js",))
    assert page.locator(".table-hint").all_text_contents() == [
        "10 columns: swipe the table sideways."
    ]
    assert page.locator("table.cards").count() == 0


def test_tables_that_fit_and_those_of_a_desk_are_as_they_were(opened):
    for inside, screen in ((_told(), DESK), (_wide_table(6), DESK)):
        page = opened(inside, screen=screen, scripts=("phone_tables.js",))
        assert page.locator("table.cards, .table-hint").count() == 0


def test_a_table_that_folds_away_is_cards_when_it_is_opened(opened):
    inside = f"<details><summary>More</summary>{_told()}</details>"
    page = opened(inside, screen=PHONE, scripts=("phone_tables.js",))
    page.locator("summary").click()
    page.wait_for_selector("table.cards", state="visible")


def _said() -> str:
    figures = {
        "nps": Figure("nps", 40.4, 37.6, 43.2, base=2746, label="net promoter score"),
        "share": Figure("share", 0.41, 0.36, 0.46, unit="share", base=796, label="truly loyal"),
        "lost": Figure("lost", 13.0, 7.7, 19.0, base=310, label="revenue at risk"),
    }
    result = ChapterResult("loyalty", figures)
    one = sentences.say("The score is {nps:value}, and {share:value} are loyal.", result)
    return f"{one.html}{sentences.say('At risk: {lost:value}.', result).html}"


def test_notes_of_figures_are_reached_by_keyboard(opened):
    page = opened(_said(), scripts=("figure_notes.js",))
    note = page.locator(NOTE)
    page.keyboard.press("Tab")
    assert "Net promoter score; interval 37.6 to 43.2; base 2,746" in note.inner_text()
    page.keyboard.press("ArrowRight")
    assert "Truly loyal; interval 36% to 46%; base 796" in note.inner_text()
    page.keyboard.press("Tab")
    assert "Revenue at risk" in note.inner_text()
    page.keyboard.press("Escape")
    assert note.inner_text() == ""
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.textContent") == "40.4"
    assert note.get_attribute("role") == "status"


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_notes_of_figures_are_reached_by_touch_within_the_screen(opened, mode):
    page = opened(_said(), mode=mode, screen=PHONE, scripts=("figure_notes.js",), has_touch=True)
    note = page.locator(NOTE)
    for place, label in enumerate(("Net promoter score", "Truly loyal", "Revenue at risk")):
        page.locator(FIGURES).nth(place).tap()
        assert note.inner_text().startswith(label)
        at = note.bounding_box()
        assert 0 <= at["x"] < at["x"] + at["width"] <= PHONE["width"]
    page.touchscreen.tap(200, 700)
    assert note.inner_text() == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_note_stays_while_the_mouse_is_on_it(opened):
    page = opened(_said(), scripts=("figure_notes.js",))
    page.locator(FIGURES).first.hover()
    page.locator(NOTE).hover()
    page.wait_for_timeout(400)
    assert page.locator(NOTE).inner_text().startswith("Net promoter score")
    page.mouse.move(5, 5)
    page.wait_for_function("() => document.querySelector('.figure-note').textContent === ''")


def test_without_its_script_a_note_is_where_the_mouse_rests(opened):
    page = opened(_said())
    assert "interval 37.6 to 43.2" in page.locator(FIGURES).first.get_attribute("title")

"""What charts and tables say on a page is, word for word, what they said in their chapter."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from helpers import results
from helpers.press.shown import filled, keep_shown, otherwise, shown_on
from helpers.results import ChapterResult
from helpers.views.rendering.chart import Chart
from helpers.views.rendering.tables import show

CHAPTERS = ("alignment", "drivers", "linkage", "loyalty", "sampling")  # of those with most digits
EVERY = 25  # digits of a page for one that is changed: each that is left out has such beside it
SAID = re.compile(
    r'<img alt="[^"]*"|<(p) class="(?:chart-title|table-note)">.*?</p>|<figcaption>.*?</figcaption>'
    r'|<caption>.*?</caption>|aria-label="[^"]*"|<td[^>]*>[^<]*</td>',
    re.DOTALL,
)


def dot(figure, width) -> None:
    figure.set_size_inches(width, 1)
    figure.add_subplot().plot([1], [1], "o")


SCORES = pd.DataFrame({"group": ["Core", "Key"], "score": [74.0, 75.5]})
CHART = Chart(dot, "Core scores 74.0", "Core 74.0; Key 75.5.", "Base: 31 of 62.", "dot").html()
TABLE = show(SCORES, caption="Scores, wave 2", columns={"group": "Group",
             "score": ("Of 100", "points")}, note="95% intervals.").html()  # fmt: skip


def with_other_digits(page: str, every: int = 1) -> list[str]:
    """The page, each time with another of its digits in charts and tables changed."""
    places = [at for one in SAID.finditer(page) for at in range(*one.span()) if page[at].isdigit()]
    return [f"{page[:at]}{(int(page[at]) + 1) % 10}{page[at + 1 :]}" for at in places[::every]]


def outputs_of(path: Path) -> str:
    cells = nbformat.read(path, as_version=4).cells
    outputs = (output for cell in cells for output in cell.get("outputs", ()))
    return "\n".join(output["data"].get("text/html", "") for output in outputs)


def test_every_digit_of_a_chart_and_of_a_table_counts():
    changed = with_other_digits(CHART + TABLE)
    kept = shown_on(CHART + TABLE)
    assert len(changed) == 3 + 6 + 4 + 2 * 1 + 6 + 2
    assert [page for page in changed if not any(otherwise(shown_on(page), kept))] == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_digit_that_is_changed_on_a_page_of_the_demo_book_is_noticed(project, chapter):
    page = outputs_of(project / "notebooks" / f"{chapter}.ipynb")
    kept = shown_on(page)
    assert list(otherwise(shown_on(page), kept)) == []
    changed = with_other_digits(page, EVERY)
    assert len(changed) > 20
    assert [one for one in changed if not any(otherwise(shown_on(one), kept))] == []


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (["a", "b", "c"], []),
        (["a", "c"], ["a chart or a table of its chapter says 'b', and is not on the page"]),
        (["a", "b", "c", "d"], ["a chart or a table says 'd', where its chapter had nothing"]),
        (
            ["a", "c", "b"],
            ["its charts and tables say what they did in its chapter in another order"],
        ),
    ],
)
def test_what_is_missing_added_or_moved_is_told(page, told):
    assert list(otherwise(page, ["a", "b", "c"])) == told


def test_the_words_of_the_page_round_the_article_are_not_the_chapters():
    page = f'<img alt="Logo 9"><article class="x">{CHART}</article><img alt="Logo 9">'
    assert shown_on(page) == shown_on(CHART)


@pytest.fixture
def draft(tmp_path) -> Path:
    """A draft with one chapter that showed a chart and a table."""
    cells = [
        nbformat.v4.new_code_cell(
            "x", outputs=[nbformat.v4.new_output("display_data", {"text/html": shown})]
        )
        for shown in (CHART, TABLE)
    ]
    (tmp_path / "notebooks").mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "notebooks" / "loyalty.ipynb")
    results.save(ChapterResult("loyalty", {}, answer="Core is low."), tmp_path / "results")
    return tmp_path


def test_what_a_chapter_showed_is_kept_with_its_results_and_nothing_else_changes(draft):
    keep_shown(draft, "USD")
    made = results.load("loyalty", draft / "results")
    assert made is not None
    assert made.answer == "Core is low."
    assert list(made.shown) == shown_on(CHART + TABLE)
    assert "Core 74.0; Key 75.5." in made.shown


def test_kept_again_it_gives_the_same_bytes_and_writes_nothing(draft):
    keep_shown(draft, "USD")
    path = draft / "results" / "loyalty.json"
    before = path.read_bytes(), path.stat().st_mtime_ns
    keep_shown(draft, "USD")
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_pictures_are_not_kept(draft):
    keep_shown(draft, "USD")
    assert (draft / "results" / "loyalty.json").stat().st_size < 2000


def test_the_room_for_the_account_list_stays_empty_where_there_is_none(tmp_path):
    room = '<section class="account-list"></section>'
    assert filled("accounts", room, tmp_path, "USD") == room
    assert filled("loyalty", room, tmp_path, "USD") == room

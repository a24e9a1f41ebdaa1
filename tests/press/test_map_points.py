"""The value map account by account in a built book: links, nothing but text, no more than asked."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from helpers import results
from helpers.press.map_points import add_map
from helpers.results import ChapterResult
from helpers.views.value_map.points import Place

HOSTILE = "</td><script>alert(1)</script>"
PLACED = pd.DataFrame({
    "account_id": ["a", "b", "c"], "value": [93.37, 20.0, 50.0], "loyalty": [53.9, 80.0, 70.0],
    "low": [40.2, 75.0, float("nan")], "high": [67.6, 104.0, float("nan")],
    "cell": ["Protect & repair", "Maintain efficiently", "Invest"],
    "firmness": ["firm", "leaning", "not tested"], "revenue": [7_661_055.0, 1000.0, float("nan")],
})  # fmt: skip
LISTED = pd.DataFrame({"account_id": ["a", "b", "c", "d"], "name": ["Østmark", HOSTILE, "C", "D"],
                       "owner": ["Ann", HOSTILE, None, "Bo"], "segment": "Key"})  # fmt: skip
CUTS = pd.DataFrame({"value": [50.0], "loyalty": [70.0]})


@pytest.fixture
def made(tmp_path):
    """Put a map into a page; the page."""

    def make(*, placed=PLACED, most=10) -> str:
        book, where = tmp_path / "book", tmp_path / "results"
        page = book / "notebooks" / "value_map.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f"<p>x</p>{Place()._repr_mimebundle_()['text/html']}<p>y</p>")
        tables = {} if placed is None else {"accounts": placed, "cuts": CUTS}
        results.save(ChapterResult("value_map", {}, tables), where)
        own = {"accounts": LISTED, "pages": pd.DataFrame({"account_id": ["a"]}),
               "rows": pd.DataFrame({"rows": [most]})}  # fmt: skip
        results.save(ChapterResult("accounts", {}, own), where)
        add_map(book, where, "USD")
        text = page.read_text(encoding="utf-8")
        assert text.count("<tbody><tr>") == (0 if placed is None else 1)
        return text

    return make


def test_an_account_leads_to_its_page_and_shows_what_the_list_shows(made):
    page = made()
    rows = re.findall(r"<tr>(.*?)</tr>", page)[1:]
    assert re.search(r'<a href="\.\./accounts/a-[0-9a-f]{4}\.html">Østmark</a>', rows[0])
    texts = [re.sub("<[^>]*>", "|", row) for row in rows]
    assert [[part for part in text.split("|") if part] for text in texts[::2]] == [
        ["Østmark", "Ann", "Key", "Protect &amp; repair", "firm", "93", "54 (40 to 68)", "$7.7M"],
        ["C", "Key", "Invest", "not tested", "50", "70"],
    ]
    assert "80 (75 to 100)" in texts[1]  # an interval ends where the scale does
    assert "D" not in "".join(texts[0])  # an account that is on no map
    assert 'data-value="50" data-loyalty="70"' in page


def test_a_place_on_the_map_has_no_more_digits_than_a_picture_needs(made):
    assert re.findall(r'data-at="([^"]*)"', made())[:3] == ["93.4", "53.9", "7.66e+06"]


def test_every_text_of_the_map_is_shown_as_text(made):
    page = made()
    assert "<script>" not in page
    assert page.count("&lt;script&gt;") == 2
    assert page.count("<script defer src=") == 2


def test_a_long_map_shows_the_accounts_with_most_revenue_and_says_so(made):
    page = made(most=1)
    assert "Østmark" in page
    assert "Maintain" not in page
    assert "Base: 3 accounts that may be named. The 1 with the most revenue are shown." in page


def test_without_accounts_that_may_be_named_the_page_stays_as_it_is(made):
    assert 'account"></section>' in made(placed=None)

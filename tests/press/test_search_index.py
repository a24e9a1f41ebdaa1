"""The search of a book: cells apart, no code, words without accents, pages that come and go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.press.search_index import index_book, read_page, spelled

HOSTILE = "<script>alert(1)</script>"
TABLE = """<html><body><nav>Menu words</nav><article class="bd-article">
<h1>Drivers<a class="headerlink" href="#x">#</a></h1><div class="table-scroll">
<table><caption>What matters</caption><thead><tr>
<th>Driver</th><th>Rating</th></tr></thead><tbody><tr><th>Communication</th><td>6.51</td></tr>
</tbody></table></div><p>Begin with <span class="figure">Østmark</span>, then wait</p>
<details class="sd-sphinx-override sd-dropdown sd-card"><pre>import pandas</pre></details>
<pre>currency: USD</pre><math><mi>x</mi></math></article></body></html>"""
KNOWN = {
    "docnames": ["notebooks/drivers", "book/gone"], "filenames": ["a", "b"],
    "titles": ["Drivers", "Gone"], "terms": {"commun6": 0, "gone": [0, 1]},
    "titleterms": {"driver": 0, "über": 0, "gone": 1},
    "alltitles": {"Drivers": [[0, None]], "Gone": [[1, None]]},
    "indexentries": {"loyal": [[1, "term-loyal", True]]}, "envversion": {"sphinx": 1},
}  # fmt: skip


@pytest.fixture
def book(tmp_path) -> Path:
    for name, page in {
        "notebooks/drivers": TABLE,
        "accounts/x": f'<article><section data-words="Müller A001"><h1>{"Müller &lt;b&gt;"}</h1>'
                      "<p>Communication</p></section></article>",
        "index": "<p>no article</p>",
        "_static/search_excerpts": "a script, with its ending below",
        "search": '<head></head><p id="search-results"></p>',
    }.items():  # fmt: skip
        (tmp_path / f"{name}.html").parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.html").write_text(page, encoding="utf-8")
    (tmp_path / "_static" / "search_excerpts.html").rename(tmp_path / "_static/search_excerpts.js")
    (tmp_path / "searchindex.js").write_text(f"Search.setIndex({json.dumps(KNOWN)})")
    return tmp_path


def indexed(book: Path) -> dict:
    index_book(book)
    text = (book / "searchindex.js").read_text(encoding="utf-8")
    return json.loads(text.removeprefix("Search.setIndex(")[:-1])


def pages_of(made: dict, word: str) -> list[str]:
    found = made["terms"].get(word, [])
    return [made["docnames"][at] for at in (found if isinstance(found, list) else [found])]


def test_cells_stand_apart_and_neither_menus_nor_code_nor_formulas_are_told():
    page = read_page("drivers", TABLE)
    assert page.title == "Drivers"
    assert page.text == (
        "What matters · Driver · Rating · Communication · 6.51 · Begin with Østmark, then wait"
    )
    assert "currency: USD" in page.words
    assert "pandas" not in page.words


@pytest.mark.parametrize("word", ["østmark", "ostmark", "oestmark"])
def test_a_word_is_found_with_and_without_accents_on_every_page(book, word):
    assert pages_of(indexed(book), word) == ["notebooks/drivers"]


@pytest.mark.parametrize("word", ["müller", "muller", "mueller", "a001"])
def test_a_page_that_names_its_words_is_found_by_them(book, word):
    made = indexed(book)
    assert pages_of(made, word) == ["accounts/x"]
    assert pages_of(made, "commun") == ["notebooks/drivers"]


def test_words_that_ran_together_are_known_no_more(book):
    assert "commun6" not in indexed(book)["terms"]


def test_pages_come_and_go_and_what_is_known_of_the_others_is_kept(book):
    made = indexed(book)
    assert made["docnames"] == ["accounts/x", "notebooks/drivers"]
    assert made["titles"] == ["Müller ‹b›", "Drivers"]
    assert made["alltitles"] == {"Drivers": [[1, None]], "Müller ‹b›": [[0, None]]}
    assert made["indexentries"] == {}
    assert made["titleterms"]["driver"] == made["titleterms"]["uber"] == 1
    assert made["titleterms"]["muller"] == 0
    assert "gone" not in made["titleterms"]
    assert made["envversion"] == {"sphinx": 1}


def test_what_pages_say_is_data_beside_the_index_and_the_search_loads_it_once(book):
    first = indexed(book)
    texts = (book / "_static" / "search_texts.js").read_text(encoding="utf-8")
    assert indexed(book) == first
    assert (book / "_static" / "search_texts.js").read_text(encoding="utf-8") == texts
    _, _, told = texts.partition("handbookExcerpts(")
    assert [*json.loads(told.rstrip(");\n"))] == ["accounts/x", "notebooks/drivers"]
    assert (book / "search.html").read_text().count("search_excerpts.js") == 1


def test_no_title_holds_a_bracket_and_no_text_ends_its_script(book):
    shown = HOSTILE.replace("<", "&lt;").replace(">", "&gt;")
    page = f"<article><h1>{shown}</h1><p>{shown}</p></article>"
    (book / "accounts" / "y.html").write_text(page)
    made = indexed(book)
    assert "‹script›alert(1)‹/script›" in made["titles"]
    assert "<" not in "".join(made["titles"])


def test_umlauts_are_two_letters_where_a_keyboard_lacks_them():
    assert spelled("Ærø Straße, Düsseldorf, Åse") == "AEroe Strasse, Duesseldorf, Aase"

"""The search of a book: every page found with and without accents, and shown with what it says."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any

from helpers.press.remembered import RememberedStems

__all__ = [
    "INDEX",
    "Page",
    "folded",
    "index_book",
    "read_index",
    "read_page",
    "spelled",
    "write_index",
]

INDEX, TEXTS, SEARCH = "searchindex.js", "_static/search_texts.js", "search.html"
BEFORE, AFTER = "Search.setIndex(", ")"
SHOWN = ("find.js", "search_excerpts.js")  # what the page of the search needs to show excerpts
BRACKETS = str.maketrans("<>", "‹›")
WORD = re.compile(r"\w+")
ARTICLE = re.compile(r"<article\b[^>]*>(.*?)</article>", re.DOTALL)
HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL)
LEFT_OUT = (
    re.compile(  # folded code, what browsers read, formulas, and signs that lead to a heading
        r'<details class="[^"]*\bsd-dropdown\b.*?</details>|<(script|style|svg|math)\b.*?</\1>'
        r'|<a class="headerlink".*?</a>',
        re.DOTALL,
    )
)
LITERAL = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
BLOCK = re.compile(  # where a reader sees one thing end and another begin
    r"</?(?:article|aside|blockquote|br|button|caption|dd|details|div|dl|dt|figcaption|figure"
    r"|footer|h\d|header|hr|label|li|ol|option|p|pre|section|small|summary|t[dhr]|table|tbody|thead"
    r'|ul)\b[^>]*>|<span class="(?:under|label)"[^>]*>|(?<=</span>)\s*(?=<span\b)'
)
TAG = re.compile(r"<[^>]*>")
WORDS = re.compile(r' data-words="([^"]*)"')  # of a page that is found by these alone
APART, ENDS = "\x1f", ".?!:;,…·"
LETTERS = str.maketrans(  # that Unicode does not take apart
    {"ø": "o", "Ø": "O", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ł": "l",
     "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i"}
)  # fmt: skip
SPELLED = str.maketrans(  # as it is written where a keyboard lacks the letter
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue",
     "Ø": "Oe", "Å": "Aa"}
)  # fmt: skip
Terms = dict[str, int | list[int]]  # words, each with the page, or the pages, that it is on


@dataclass(frozen=True, slots=True)
class Page:
    """A page as the search knows it."""

    name: str  # its path in the book, without ending
    title: str
    text: str  # what stands on it, its parts apart from each other
    words: str  # what it is found by


def folded(text: str) -> str:
    """A text without accents.

    >>> folded("Østmark Müllenbach, Łódź")
    'Ostmark Mullenbach, Lodz'
    """
    apart = unicodedata.normalize("NFD", text.translate(LETTERS))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def spelled(text: str) -> str:
    """A text without accents, umlauts as two letters.

    >>> spelled("Østmark Müllenbach, Łódź")
    'Oestmark Muellenbach, Lodz'
    """
    return folded(unicodedata.normalize("NFC", text).translate(SPELLED))


def read_page(name: str, page: str) -> Page | None:
    """What stands in the article of a page; nothing for a page without one.

    What a page shows letter for letter, such as a file, is found and not in the text. A page that
    names its words in ``data-words`` is found by no other.

    >>> read_page("x", "<article><h1>Ours</h1><tr><td>Mill</td><td>6.5</td></tr>"
    ...                "<p>It <b>rose</b>.</p></article>")
    Page(name='x', title='Ours', text='Mill · 6.5 · It rose.', words='Mill · 6.5 · It rose.')
    """
    found = ARTICLE.search(page)
    if found is None:
        return None
    article = LEFT_OUT.sub("", found[1])
    heading = HEADING.search(article)
    title = _text(heading[1]) if heading else ""
    article = HEADING.sub("", article, count=1)
    own = WORDS.search(article)
    words = unescape(own[1]) if own else _text(article)
    return Page(name, title, _text(LITERAL.sub(APART, article)), words)


def _text(markup: str) -> str:
    """Markup as text: what stands apart on the page stands apart in the line."""
    parts = unescape(TAG.sub("", BLOCK.sub(APART, markup))).split(APART)
    lines = [line for part in parts if (line := " ".join(part.split()))]
    apart = [line if line[-1] in ENDS else f"{line} ·" for line in lines]
    return " ".join(apart).removesuffix(" ·")


def index_book(book: Path) -> None:
    """Index every page that lies in a built book by what stands in its article.

    Sphinx, which made the index, runs the cells of our tables together and knows no page that
    was added since. Its titles of sections and its entries of the glossary are kept; pages that
    are gone are forgotten. What the pages say is written beside, for the excerpts of the search,
    which a browser cannot take from a page that it reads from disk. The same pages give the same
    bytes. A title shows no angle bracket: what a search finds is written into the page as it
    stands in the index.
    """
    paths = {path.relative_to(book).with_suffix("").as_posix(): path
             for path in sorted(book.rglob("*.html"))}  # fmt: skip
    read = (read_page(name, path.read_text(encoding="utf-8")) for name, path in paths.items())
    pages = [page for page in read if page is not None]
    write_index(book / INDEX, _renewed(read_index(book / INDEX), pages))
    texts = {page.name: page.text for page in pages}
    told = json.dumps(texts, ensure_ascii=False, sort_keys=True)
    (book / TEXTS).parent.mkdir(exist_ok=True)
    (book / TEXTS).write_text(f'"use strict";\nhandbookExcerpts({told});\n', encoding="utf-8")
    if (book / SEARCH).is_file() and (book / "_static" / SHOWN[-1]).is_file():
        _show_excerpts(book / SEARCH)


def read_index(path: Path) -> dict[str, Any]:
    """What a search's index holds."""
    said = path.read_text(encoding="utf-8")
    made: dict[str, Any] = json.loads(said.removeprefix(BEFORE).removesuffix(AFTER))
    return made


def write_index(path: Path, made: Mapping[str, Any]) -> None:
    """Write an index as the search loads it."""
    written = json.dumps(made, sort_keys=True)
    path.write_text(f"{BEFORE}{written}{AFTER}", encoding="utf-8")


def _renewed(made: Mapping[str, Any], pages: list[Page]) -> dict[str, Any]:
    """The index with these pages, and no others."""
    numbers = {page.name: number for number, page in enumerate(pages)}
    places = {place: numbers[name] for place, name in enumerate(made["docnames"])
              if name in numbers}  # fmt: skip
    known = {number: made["titles"][place] for place, number in places.items()}
    titles = [known.get(number, escape(page.title.translate(BRACKETS)))
              for number, page in enumerate(pages)]  # fmt: skip
    new = {number: page.title for number, page in enumerate(pages) if number not in known}
    kept = {kind: _moved(made.get(kind, {}), places) for kind in ("alltitles", "indexentries")}
    for number in new:
        kept["alltitles"].setdefault(titles[number], []).append([number, None])
    before = {word: {places[at] for at in _listed(found) if at in places}
              for word, found in made["titleterms"].items()}  # fmt: skip
    return {
        **made, **kept, "docnames": [*numbers], "titles": titles,
        "filenames": [f"{name}.html" for name in numbers],
        "terms": _terms((number, page.words) for number, page in enumerate(pages)),
        "titleterms": _terms(new.items(), before),
    }  # fmt: skip


def _moved(entries: Mapping[str, Any], places: Mapping[int, int]) -> dict[str, Any]:
    """Titles or entries with the pages that are left, each under its new number."""
    moved = {name: [[places[at], *rest] for at, *rest in found if at in places]
             for name, found in entries.items()}  # fmt: skip
    return {name: found for name, found in moved.items() if found}


def _listed(found: int | list[int]) -> list[int]:
    return found if isinstance(found, list) else [found]


def _terms(
    texts: Iterable[tuple[int, str]], before: Mapping[str, Iterable[int]] | None = None
) -> Terms:
    """The pages of every word, by its stem, beside what is known of words already."""
    stems, found = RememberedStems({}), defaultdict[str, set[int]](set)
    for word, pages in (before or {}).items():
        for form in _forms(word):
            found[form] |= {*pages}
    for number, text in texts:
        for word in {*WORD.findall(text.lower())}:
            if word not in stems.stopwords and not word.isdigit():
                for form in _forms(word):
                    found[stems.stem(form)].add(number)
    lists = {word: sorted(pages) for word, pages in found.items() if word and pages}
    return {word: at[0] if len(at) == 1 else at for word, at in lists.items()}


def _forms(word: str) -> Iterator[str]:
    """A word as it stands there, its parts, and both as they may be typed."""
    for part in {word, *word.split("_")}:
        yield from {part} if part.isascii() else {part, folded(part), spelled(part)}


def _show_excerpts(search: Path) -> None:
    """The page of the search loads what shows excerpts."""
    page = search.read_text(encoding="utf-8")
    if SHOWN[-1] not in page:
        loaded = "".join(f'<script defer src="_static/{name}"></script>' for name in SHOWN)
        search.write_text(page.replace("</head>", f"{loaded}</head>", 1), encoding="utf-8")

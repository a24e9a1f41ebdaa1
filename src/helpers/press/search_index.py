"""More pages in the index of a built book's search, found with and without accents."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from sphinx.search.en import SearchEnglish

__all__ = ["Found", "add_pages", "folded", "only_pages"]

BEFORE, AFTER = "Search.setIndex(", ")"
LISTS = ("docnames", "filenames", "titles")  # of one entry a page
BRACKETS = str.maketrans("<>", "‹›")
WORD = re.compile(r"[^\W_]+")
LETTERS = str.maketrans(  # that Unicode does not take apart
    {"ø": "o", "Ø": "O", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ł": "l",
     "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A page as the search knows it."""

    name: str  # its path in the book, without ending
    title: str
    words: str


def folded(text: str) -> str:
    """A text without accents.

    >>> folded("Østmark Müllenbach, Łódź")
    'Ostmark Mullenbach, Lodz'
    """
    apart = unicodedata.normalize("NFD", text.translate(LETTERS))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def add_pages(index: Path, pages: Iterable[Found]) -> None:
    """Add pages to the index that Sphinx wrote; one that it knows gets its words anew.

    The same pages give the same bytes. A title shows no angle bracket: what a search finds is
    written into the page as it stands in the index.
    """
    text = index.read_text(encoding="utf-8")
    made = json.loads(text.removeprefix(BEFORE).removesuffix(AFTER))
    stem = SearchEnglish({}).stem
    for page in pages:
        kinds = {"terms": page.words}
        if page.name in made["docnames"]:
            place = made["docnames"].index(page.name)
            made["terms"] = _without(made["terms"], place)
        else:
            place = _listed(made, page)
            kinds["titleterms"] = page.title
        for kind, said in kinds.items():
            for word in sorted({stem(word) for word in _words(said)}):
                _note(made[kind], word, place)
    index.write_text(f"{BEFORE}{json.dumps(made, sort_keys=True)}{AFTER}", encoding="utf-8")


def _listed(made: dict[str, Any], page: Found) -> int:
    """Take a new page in; its place."""
    place, title = len(made["docnames"]), escape(page.title.translate(BRACKETS))
    made["docnames"].append(page.name)
    made["filenames"].append(f"{page.name}.html")
    made["titles"].append(title)
    made["alltitles"].setdefault(title, []).append([place, None])
    return place


def _without(terms: dict[str, Any], place: int) -> dict[str, Any]:
    """Words of all pages but one."""
    lists = {word: at if isinstance(at, list) else [at] for word, at in terms.items()}
    left = {word: [one for one in at if one != place] for word, at in lists.items()}
    return {word: at[0] if len(at) == 1 else at for word, at in left.items() if at}


def _words(text: str) -> Iterator[str]:
    for form in (text, folded(text)):
        yield from WORD.findall(form.lower())


def _note(terms: dict[str, Any], word: str, place: int) -> None:
    """A word is of one page, or of a list of pages."""
    known = terms.get(word, [])
    terms[word] = [*(known if isinstance(known, list) else [known]), place]


def only_pages(index: Path, pages: Sequence[Found]) -> None:
    """Leave in an index these of its pages, found by the words that are given here and no other.

    Titles of pages and of their sections stay as they are. The same pages give the same bytes.
    """
    text = index.read_text(encoding="utf-8")
    made = json.loads(text.removeprefix(BEFORE).removesuffix(AFTER))
    pages = [page for page in pages if page.name in made["docnames"]]
    places = {made["docnames"].index(page.name): at for at, page in enumerate(pages)}
    kept = {
        **made, **{key: [made[key][place] for place in places] for key in LISTS},
        "objects": {}, "objnames": {}, "objtypes": {}, "terms": {},
        "titleterms": _renumbered(made["titleterms"], places),
    }  # fmt: skip
    for kind in ("alltitles", "indexentries"):
        entries = {
            title: [[places[at], *rest] for at, *rest in found if at in places]
            for title, found in made[kind].items()
        }
        kept[kind] = {title: found for title, found in entries.items() if found}
    stem = cache(SearchEnglish({}).stem)
    for at, page in enumerate(pages):
        for word in sorted({stem(word) for word in _words(page.words)}):
            _note(kept["terms"], word, at)
    index.write_text(f"{BEFORE}{json.dumps(kept, sort_keys=True)}{AFTER}", encoding="utf-8")


def _renumbered(terms: dict[str, Any], places: Mapping[int, int]) -> dict[str, Any]:
    """Words of these pages alone, under their new numbers."""
    lists = {word: at if isinstance(at, list) else [at] for word, at in terms.items()}
    left = {word: [places[one] for one in at if one in places] for word, at in lists.items()}
    return {word: at[0] if len(at) == 1 else at for word, at in left.items() if at}

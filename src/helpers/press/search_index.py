"""More pages in the index of a built book's search, found with and without accents."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from sphinx.search.en import SearchEnglish

__all__ = ["Found", "add_pages", "folded"]

BEFORE, AFTER = "Search.setIndex(", ")"
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
    """Add pages to the index that Sphinx wrote; the same pages give the same bytes."""
    text = index.read_text(encoding="utf-8")
    made = json.loads(text.removeprefix(BEFORE).removesuffix(AFTER))
    stem = SearchEnglish({}).stem
    for page in pages:
        place = len(made["docnames"])
        made["docnames"].append(page.name)
        made["filenames"].append(f"{page.name}.html")
        made["titles"].append(escape(page.title))
        made["alltitles"].setdefault(escape(page.title), []).append([place, None])
        for kind, said in (("titleterms", page.title), ("terms", page.words)):
            for word in sorted({stem(word) for word in _words(said)}):
                _note(made[kind], word, place)
    index.write_text(f"{BEFORE}{json.dumps(made, sort_keys=True)}{AFTER}", encoding="utf-8")


def _words(text: str) -> Iterator[str]:
    for form in (text, folded(text)):
        yield from WORD.findall(form.lower())


def _note(terms: dict[str, Any], word: str, place: int) -> None:
    """A word is of one page, or of a list of pages."""
    known = terms.get(word, [])
    terms[word] = [*(known if isinstance(known, list) else [known]), place]

"""What the charts and tables of a chapter say: kept with its results, and held against its page.

Word for word: titles, alt texts, captions, notes, the names by which tables are read aloud; and
of the rows of a table a digest, since most of their numbers lie in the results already.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path

import nbformat

from helpers import results
from helpers.digests import digest
from helpers.press.account_pages import CHAPTER as LIST
from helpers.press.account_pages import with_list
from helpers.press.book import published
from helpers.press.map_points import CHAPTER as MAP
from helpers.press.map_points import with_map
from helpers.press.markup import words

__all__ = ["PICTURE", "filled", "keep_shown", "otherwise", "shown_on"]

PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]*")  # nothing to read, and long
ARTICLE = re.compile(r"<article.*?</article>", re.DOTALL)  # of a page; the rest is the theme's
SAYS = re.compile(
    r'<(?P<tag>p|ul) class="(?:chart-title|table-note|trust|notes)">(?P<line>.*?)</(?P=tag)>'
    r"|<(?P<caption>caption|figcaption)>(?P<said>.*?)</(?P=caption)>"
    r'|<img[^>]* alt="(?P<alt>[^"]*)"'
    r'|<div class="table-scroll"[^>]* aria-label="(?P<name>[^"]*)"'
    r"|<thead>(?P<head>.*?)</thead>|<tbody>(?P<rows>.*?)</tbody>",
    re.DOTALL,
)
ROWS = "rows"  # before the digest of a table's rows


def shown_on(markup: str) -> list[str]:
    """What charts and tables say on a page, or in what its chapter showed, in their order.

    >>> shown_on('<img alt="Core 74.0."><caption>Scores</caption><p class="table-note">Of 9.</p>')
    ['Core 74.0.', 'Scores', 'Of 9.']
    """
    text = PICTURE.sub("", markup)
    article = ARTICLE.search(text)
    return [_told(found) for found in SAYS.finditer(article[0] if article else text)]


def _told(found: re.Match[str]) -> str:
    for name in ("alt", "name"):
        if found[name] is not None:
            return " ".join(unescape(found[name]).split())
    for name in ("head", "rows"):
        if found[name] is not None:
            return f"{ROWS} {digest(words(found[name], between=' '))}"
    return words(found["line"] or found["said"] or "", between=" ")


def otherwise(page: Sequence[str], kept: Sequence[str]) -> Iterator[str]:
    """What a page shows otherwise than its chapter did, a line each.

    >>> list(otherwise(["Core 79.0."], ["Core 74.0."]))
    ["a chart or a table says 'Core 79.0.', where its chapter had 'Core 74.0.'"]
    """
    beyond, gone = Counter(page) - Counter(kept), Counter(kept) - Counter(page)
    lost = list(gone.elements())
    for at, text in enumerate(beyond.elements()):
        had = repr(lost[at]) if at < len(lost) else "nothing"
        yield f"a chart or a table says {text!r}, where its chapter had {had}"
    for text in lost[beyond.total() :]:
        yield f"a chart or a table of its chapter says {text!r}, and is not on the page"
    if not beyond and not gone and list(page) != list(kept):
        yield "its charts and tables say what they did in its chapter in another order"


def keep_shown(draft: Path, currency: str) -> None:
    """Put into the results of each chapter what its charts and tables say."""
    folder = draft / "results"
    for path in sorted(folder.glob("[!_]*.json")):
        name = path.stem
        text = (draft / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
        page = published(nbformat.reads(PICTURE.sub("", text), as_version=4))
        outputs = (output for cell in page.cells for output in cell.get("outputs", ()))
        markup = "\n".join(output.get("data", {}).get("text/html", "") for output in outputs)
        results.add_shown(name, shown_on(filled(name, markup, folder, currency)), folder)


def filled(name: str, page: str, results_dir: Path, currency: str) -> str:
    """A chapter's page with what the press puts in the rooms that the chapter leaves for it."""
    if name not in (LIST, MAP):
        return page
    listed = results.load(LIST, results_dir)
    if name == LIST:
        return with_list(page, listed, currency)
    return with_map(page, results.load(MAP, results_dir), listed, currency)

"""Whether a printed report says the numbers of its pages, and no others."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import cast

from pypdf import PageObject
from pypdf.generic import (
    DictionaryObject,
    IndirectObject,
    StreamObject,
    read_hex_string_from_stream,
    read_string_from_stream,
)

from helpers.press.exports.pdf.pages import Leaf
from helpers.press.exports.pdf.reader import opened

__all__ = ["misread", "said", "strangers", "unnumbered", "words"]

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf\b|<([0-9A-Fa-f]+)> Tj\b|\b(ET)\b")  # font, letters, end
LETTER = re.compile(r"<(\w{4})> <(\w{4})>\n")  # of a font's table: a letter's number, its code
LETTERS = re.compile(r"<(\w{4})> <(\w{4})> <(\w{4})>\n")  # the same of many in a row
ALT = re.compile(
    rb"/Alt\s*(<[0-9A-Fa-f\s]*>|\((?:\\.|[^\\)])*\))", re.DOTALL
)  # as it is read aloud
IMAGE = re.compile(r'<img[^>]* alt="([^"]*)"')
OTHER = "\ufffd"  # a letter that the font's table does not name


def said(raw: bytes) -> dict[int, str]:
    """What each page of a PDF says, counted from 1, as far as Chromium wrote it."""
    fonts: dict[int, dict[str, str]] = {}
    return {at: words(page, fonts) for at, page in enumerate(opened(raw).pages, 1)}


def unnumbered(texts: Mapping[int, str]) -> list[int]:
    """Pages without their number, the cover apart.

    >>> unnumbered({1: "Acme", 2: "Contents 2", 3: "2017 of 33"})
    [3]
    """
    return [at for at, text in texts.items() if at > 1 and f"{at}" not in NUMBER.findall(text)]


def strangers(
    texts: Mapping[int, str], leaves: Sequence[Leaf], pages: Sequence[int], foot: str
) -> list[str]:
    """Numbers on the pages of a PDF that the page of the book does not say, a line each.

    A number may stand as often as on the book's page, which leads to the results; one of a
    table's head or of the foot as often as it is printed, and each page's own once.

    Parameters
    ----------
    texts
        What the pages say.
    pages
        Where each chapter begins.
    foot
        The words at the foot of every page.
    """
    if len(pages) != len(leaves):
        return [f"the PDF has {len(pages)} bookmarks of chapters, of which there are {len(leaves)}"]
    found: list[str] = []
    for leaf, begin, end in zip(leaves, pages, [*pages[1:], len(texts) + 1], strict=True):
        found += _unknown(leaf, {at: texts[at] for at in range(begin, end)}, foot)
    return found


def _unknown(leaf: Leaf, texts: Mapping[int, str], foot: str) -> Iterator[str]:
    known = Counter(NUMBER.findall(leaf.source))
    always = {*NUMBER.findall(f"{leaf.heads} {leaf.title} {foot}")}
    for at, text in texts.items():
        printed = Counter(NUMBER.findall(text))
        printed[f"{at}"] -= 1
        for one, times in printed.items():
            if one not in always and times > known[one]:
                yield f"{one} on page {at} of the PDF is not on the page {leaf.title!r}"
            known[one] -= times


def misread(raw: bytes, leaves: Sequence[Leaf], *known: str) -> list[str]:
    """Texts by which pictures of a PDF are read aloud and that are no picture's of the book.

    Parameters
    ----------
    known
        Those of pictures that are on no page of the book.

    Examples
    --------
    >>> page = Leaf("loyalty", "Loyalty", "", '<img alt="Core: 41%.">', "", "")
    >>> misread(rb"<</Alt (Core: 42%.)>> <</Alt (Acme)>> <</Alt (Core: 41%.)>>", [page], "Acme")
    ["a picture of the PDF is read as 'Core: 42%.', and none of the book is"]
    """
    book = Counter(" ".join(unescape(alt).split()) for leaf in leaves
                   for alt in IMAGE.findall(leaf.content))  # fmt: skip
    beyond = Counter(map(_aloud, ALT.findall(raw))) - book
    return [f"a picture of the PDF is read as {text!r}, and none of the book is"
            for text in beyond if text not in {"", *known}]  # fmt: skip


def _aloud(token: bytes) -> str:
    """A text of a PDF, as its objects write it: in letters, or in numbers of letters."""
    read = read_string_from_stream if token.startswith(b"(") else read_hex_string_from_stream
    return " ".join(str(read(io.BytesIO(token))).split())


def words(page: PageObject, fonts: dict[int, dict[str, str]]) -> str:
    """What a page says, as its browser wrote it: each piece of a line after the other.

    It reads what Chromium writes, and does so thirty times faster than a reader of any PDF.

    Parameters
    ----------
    fonts
        Tables of fonts that were read before, by their number in the document.
    """
    content = page.get_contents()
    if content is None:
        return ""
    named = {name.encode(): _table(font, fonts) for name, font in _fonts(page)}
    table: Mapping[str, str] = {}
    shown = []
    for font, letters, end in SHOWN.findall(content.get_data()):
        if font:
            table = named.get(b"/" + font, {})
        elif letters:
            text = letters.decode("ascii").upper()
            shown += [table.get(text[at : at + 4], OTHER) for at in range(0, len(text), 4)]
        elif end:
            shown.append(" ")
    return "".join(shown)


def _fonts(page: PageObject) -> Iterator[tuple[str, IndirectObject]]:
    resources = cast(DictionaryObject, page["/Resources"])
    fonts = cast(DictionaryObject, resources.get("/Font", DictionaryObject()))
    for name in fonts:
        yield name, cast(IndirectObject, fonts.raw_get(name))


def _table(font: IndirectObject, tables: dict[int, dict[str, str]]) -> dict[str, str]:
    """What a font's letters are, by the number that stands for each in a page."""
    if font.idnum not in tables:
        stored = cast(StreamObject, cast(DictionaryObject, font.get_object())["/ToUnicode"])
        text = stored.get_data().decode("latin-1")
        found = {one: chr(int(code, 16)) for one, code in LETTER.findall(text)}
        for first, last, code in LETTERS.findall(text):
            begin, start = int(first, 16), int(code, 16)
            found |= {f"{begin + i:04X}": chr(start + i) for i in range(int(last, 16) - begin + 1)}
        tables[font.idnum] = found
    return tables[font.idnum]

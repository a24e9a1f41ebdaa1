"""What a printed PDF says of itself and of its pages, the same whenever it was printed."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pandas as pd
from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from helpers.press.exports.pdf.chromium import NotPrinted
from helpers.press.exports.pdf.reader import opened
from helpers.press.exports.pdf.updates import Update

__all__ = ["FORMER", "finished", "first_pages", "words"]

MAKER = "Loyalty handbook"
FORMER = "this Chromium is too old: 131 or later is needed"


def first_pages(raw: bytes) -> list[int]:
    """The pages on which the contents and each chapter begin, counted from 1, by bookmarks.

    Raises
    ------
    NotPrinted
        When there are no bookmarks.
    """
    reader = opened(raw)
    tops = [mark for mark in reader.outline if not isinstance(mark, list)]
    if not tops:
        raise NotPrinted(FORMER)
    return [(reader.get_destination_page_number(mark) or 0) + 1 for mark in tops]


def finished(raw: bytes, opening: bytes, said: Mapping[str, str], on: pd.Timestamp) -> bytes:
    """A PDF with the contents of another, and words about itself that name no clock or system.

    Parameters
    ----------
    opening
        Cover and contents printed again, with the pages on which chapters begin.
    said
        ``Title``, ``Author`` and the like.
    on
        The day that the file is said to be of: that of the data.

    Raises
    ------
    NotPrinted
        When the contents were printed otherwise the second time.
    """
    update, again = Update(raw), PdfReader(io.BytesIO(opening))
    begin, end = first_pages(raw)[:2]  # of the contents, of the first chapter
    for number in range(begin - 1, end - 1):
        page, like = update.reader.pages[number], again.pages[number]
        if _marks(page) != _marks(like):
            raise NotPrinted("Chromium laid the contents out in two ways")
        update.show(page, like)
    info = update.reader.trailer.raw_get("/Info").idnum
    update.replace(info, words(said, on))
    return update.written(info)


def _marks(page: PageObject) -> int:
    """Pieces of a page that are read aloud one after the other."""
    content = page.get_contents()
    return 0 if content is None else content.get_data().count(b"/MCID")


def words(said: Mapping[str, str], on: pd.Timestamp) -> DictionaryObject:
    """What a PDF says of itself, and nothing of when, where or by what it was printed."""
    day = f"D:{on:%Y%m%d}000000Z"
    known = {**said, "Producer": MAKER, "Creator": MAKER, "CreationDate": day, "ModDate": day}
    return DictionaryObject(
        {NameObject(f"/{key}"): TextStringObject(text) for key, text in known.items() if text}
    )

"""Chapters that end with a few lines on a page of their own, which are printed closer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from pypdf import PageObject
from pypdf.generic import DictionaryObject

from helpers.press.exports.pdf.reader import opened

__all__ = ["CLOSER", "closer", "short_ends"]

FEW = 650  # letters of a page that is nearly empty, its head and foot apart
CLOSER = 3  # steps: closer, closer still, and as at first with its last part on a page of its own


def short_ends(
    raw: bytes, texts: Mapping[int, str], pages: Sequence[int], around: Sequence[int]
) -> list[int]:
    """Places of the chapters, of several pages, whose last page is nearly empty.

    Pages with a picture, and those that lie across, are not, whatever they say; nor is the last
    page of all.

    Parameters
    ----------
    texts
        What the pages say, counted from 1.
    pages
        Where each chapter begins.
    around
        Letters of the head and the foot of each chapter's pages.
    """
    there = opened(raw).pages
    ends = [begin - 1 for begin in pages[1:]]
    return [
        place for place, (begin, end) in enumerate(zip(pages, ends, strict=False))
        if end > begin and len("".join(texts[end].split())) - around[place] < FEW
        and not _filled(there[end - 1])
    ]  # fmt: skip


def _filled(page: PageObject) -> bool:
    """Whether a page has a picture or lies across."""
    resources = cast(DictionaryObject, page["/Resources"])
    return bool(resources.get("/XObject")) or page.mediabox.width > page.mediabox.height


def closer(steps: Mapping[int, int], short: Sequence[int]) -> dict[int, int]:
    """How each chapter is to be set: those that end short, by a step more.

    >>> closer({0: 1, 3: 3}, [0, 1, 3])
    {0: 2, 3: 3, 1: 1}
    """
    return {**steps, **{place: min(steps.get(place, 0) + 1, CLOSER) for place in short}}

"""The client's edition as a PDF: printed from the built book's own pages by Chromium."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from helpers.errors import refuse
from helpers.press.exports.pdf import document as sheet
from helpers.press.exports.pdf.chromium import NotPrinted, browser, printed
from helpers.press.exports.pdf.endings import closer, short_ends
from helpers.press.exports.pdf.finish import FORMER, finished, first_pages
from helpers.press.exports.pdf.numbers import misread, said, strangers, unnumbered
from helpers.press.exports.pdf.pages import Leaf, leaves
from helpers.press.exports.source import Export, Source

__all__ = ["make"]


def make(source: Source) -> Export:
    """Print the client's edition: cover, contents, chapters, how to read them, glossary.

    Accounts have no pages of their own in it, and lists that are long end early, with a line
    that says so. Where no Chromium is found, or it fails, the export says so in a line.

    Raises
    ------
    HandbookError
        When a number of the PDF is not on the page of the book that it was printed from, or a
        picture of it is read aloud by other words.
    """
    try:
        return Export((_print(source, browser()),))
    except NotPrinted as why:
        return Export(missing=f"no PDF: {why}")


def _print(source: Source, program: str) -> Path:
    study, book = source.study, source.book
    parts, raw = _well_ended(source, leaves(book), program)
    pages, texts = first_pages(raw)[1:], said(raw)
    faults = [*_without_numbers(texts), *strangers(texts, parts, pages, sheet.foot(study)),
              *misread(raw, parts, study.name)]  # fmt: skip
    refuse(faults, "the PDF is not what the report is")
    opening = printed(sheet.opening(study, book, parts, pages), program)
    about = {"Title": sheet.title(study), "Author": study.cover.get("author", study.name)}
    path = source.file("pdf")
    path.write_bytes(finished(raw, opening, about, study.as_of))
    return path


def _well_ended(source: Source, parts: list[Leaf], program: str) -> tuple[list[Leaf], bytes]:
    """The chapters as they are printed, and the print: those that end with a few lines closer."""
    study, steps = source.study, dict[int, int]()
    around = [len("".join(f"{leaf.title}{sheet.foot(study)}".split())) for leaf in parts]
    while True:
        raw = printed(sheet.document(study, source.book, parts), program)
        pages = first_pages(raw)[1:]
        short = short_ends(raw, said(raw), pages, around) if len(pages) == len(parts) else []
        if (more := closer(steps, short)) == steps:
            return parts, raw
        steps = more
        parts = [replace(leaf, closer=steps.get(at, 0)) for at, leaf in enumerate(parts)]


def _without_numbers(texts: Mapping[int, str]) -> list[str]:
    """Pages without their number; where none has one, the browser knows of no such thing."""
    bare = unnumbered(texts)
    if len(bare) == len(texts) - 1:
        raise NotPrinted(FORMER)
    return [f"page {at} of the PDF has no number" for at in bare]

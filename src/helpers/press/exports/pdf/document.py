"""One document of a whole report, as a browser prints it: cover, contents, chapters, styles."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from pathlib import Path

from helpers.press.exports.pdf.opening import SUBJECT, contents, cover
from helpers.press.exports.pdf.pages import Leaf
from helpers.study import Study

__all__ = ["document", "foot", "opening", "title"]

LANGUAGE = "en-GB"
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"  # nothing runs or loads
COLOUR = "#1f4e79"  # where the client declares none
PLAIN = frozenset(" .,()-&/'’–·")


def title(study: Study) -> str:
    """What the document is called, in a reader's window and list of files.

    >>> from helpers.study import open_study
    >>> title(open_study("northfield"))
    'Northfield Industrial: customer loyalty, wave 2026H1'
    """
    return f"{study.name}: {SUBJECT.lower()}, wave {study.wave}"


def foot(study: Study) -> str:
    """What stands at the foot of every page but the cover, beside its number.

    >>> from helpers.study import open_study
    >>> foot(open_study("northfield"))
    'Northfield Industrial · wave 2026H1 · Confidential, for the executive team'
    """
    said = [study.name, f"wave {study.wave}", study.cover.get("confidentiality", "")]
    return " · ".join(filter(None, said))


def document(study: Study, book: Path, leaves: Sequence[Leaf]) -> str:
    """A whole report as one page of HTML that loads nothing: what it needs is in it.

    The contents have room for the pages, which nobody knows before they are printed.
    """
    return _whole(study, book, leaves, (), "".join(map(_chapter, leaves)))


def opening(study: Study, book: Path, leaves: Sequence[Leaf], pages: Sequence[int]) -> str:
    """Cover and contents alone, as they are in the whole, with the page of each chapter."""
    return _whole(study, book, leaves, pages, "")


def _whole(
    study: Study, book: Path, leaves: Sequence[Leaf], pages: Sequence[int], chapters: str
) -> str:
    head = (
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><meta charset="utf-8">'
        f"<title>{escape(title(study))}</title><style>{_style(study, leaves)}</style>"
    )
    body = cover(study, book) + contents(leaves, pages) + chapters
    return f'<!DOCTYPE html><html lang="{LANGUAGE}"><head>{head}</head><body>{body}</body></html>\n'


def _style(study: Study, leaves: Sequence[Leaf]) -> str:
    own = (
        f":root {{ --colour: {study.config.brand.colour or COLOUR}; }}\n"
        f"@page {{ @bottom-left {{ content: {_quoted(foot(study))}; }} }}\n"
    )
    sheet = files(__package__).joinpath("paper.css").read_text("utf-8")
    return sheet + own + "".join(map(_running, leaves))


def _running(leaf: Leaf) -> str:
    """A chapter's title at the head of its pages, those that lie across among them."""
    said, name = f"@top-left {{ content: {_quoted(leaf.title)}; }}", f"chapter-{leaf.name}"
    return (
        f"@page {name} {{ {said} }}\n#{leaf.name} {{ page: {name}; }}\n"
        f"@page {name}-across {{ size: A4 landscape; {said} }}\n"
        f"#{leaf.name} .across {{ page: {name}-across; }}\n"
    )


def _quoted(text: str) -> str:
    r"""A text as a style says it, whatever it holds.

    >>> _quoted('</style> "A"')
    '"\\3c /style\\3e  \\22 A\\22 "'
    """
    kept = (c if c.isalnum() or c in PLAIN else f"\\{ord(c):x} " for c in text)
    return f'"{"".join(kept)}"'


def _chapter(leaf: Leaf) -> str:
    closer = f" closer-{leaf.closer}" if leaf.closer else ""
    return f'<article class="chapter{closer}" id="{leaf.name}">{leaf.content}</article>'

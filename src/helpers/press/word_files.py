"""Word files that say whose they are and of which day, and nothing of who made them or when."""

from __future__ import annotations

import io
from collections.abc import Mapping

import docx
import pandas as pd
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from helpers.methods.messages import blocks, plain
from helpers.methods.messages.markup import CONTROL
from helpers.press.dated import dated_alike

__all__ = ["LetterStyles", "add_letter", "empty", "letter_styles", "safe", "saved"]

STYLES = {"title": "Title", "heading": "Heading 1", "item": "List Bullet", "paragraph": "Normal"}
LANGUAGE = "en-GB"
LetterStyles = Mapping[str, "str | None"]  # of a file: the id of each kind of block's style


def empty(title: str, client: str, on: pd.Timestamp) -> Document:
    """An empty file with its own words: whose it is and of which day; the language of its text."""
    made = docx.Document()
    known, day = made.core_properties, on.to_pydatetime()
    known.author = known.last_modified_by = plain(client)[:200]
    known.title, known.comments, known.revision = title, "", 1
    known.created = known.modified = known.last_printed = day
    known.language = LANGUAGE
    for run in made.styles.element.iter(qn("w:lang")):
        run.set(qn("w:val"), LANGUAGE)
    package = made.part.package
    for name, part in list(package.rels.items()):  # a picture of an empty page
        if part.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[name]
    return made


def letter_styles(made: Document, *, below: int = 0) -> LetterStyles:
    """The styles of letters in a file, headings so many levels below those of a letter by itself.

    They are looked up once: by name, each paragraph would look through all styles of the file.

    Examples
    --------
    >>> letter_styles(empty("Letters", "Acme", pd.Timestamp("2026-06-30")))["item"]
    'ListBullet'
    """
    names = STYLES
    if below:
        names = {**STYLES, "title": f"Heading {below}", "heading": f"Heading {below + 1}"}
    return {
        kind: made.part.get_style_id(name, WD_STYLE_TYPE.PARAGRAPH) for kind, name in names.items()
    }


def add_letter(made: Document, text: str, styles: LetterStyles, *, new_page: bool = False) -> None:
    """Write a letter at the end, in the styles that `letter_styles` gives.

    Nothing in it runs, links or hides: headings, paragraphs and items of plain text, in styles
    that can be changed.
    """
    for place, block in enumerate(blocks(text)):
        written = made.add_paragraph(plain(block.text))
        written._p.style = styles[block.kind]
        if new_page and not place:
            written.paragraph_format.page_break_before = True


def safe(text: str) -> str:
    r"""A text that a Word file can hold: one line, no control characters, no half letters.

    >>> safe("Desk\x0b 2\n and\ud800 more")
    'Desk 2 and more'
    """
    return " ".join(CONTROL.sub(" ", text).split())


def saved(made: Document) -> bytes:
    """The file's bytes: the same for the same content."""
    buffer = io.BytesIO()
    made.save(buffer)
    return dated_alike(buffer.getvalue())

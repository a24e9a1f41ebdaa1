"""Letters beside the book's pages: Markdown to edit, Word to send, and a list of who gets one."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import docx
import pandas as pd
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from helpers import results
from helpers.methods.messages import blocks, plain
from helpers.press.dated import dated_alike
from helpers.press.spreadsheets import Columns, write_files
from helpers.study import Study

__all__ = ["add_messages", "word"]

CHAPTER, ACCOUNT = "messages", "account"
STYLES = {"title": "Title", "heading": "Heading 1", "item": "List Bullet", "paragraph": "Normal"}
LANGUAGE = "en-GB"
COLUMNS: Columns = {
    "account_id": ("Account id", "text", 12),
    "name": ("Account", "text", 32),
    "owner": ("Owner", "text", 20),
    "contact_id": ("Contact id", "text", 12),
    "role": ("Role", "text", 16),
    "file": ("File", "text", 28),
}


def add_messages(book: Path, study: Study, results_dir: Path) -> int:
    """Put the letters into a built book; how many there are comes back.

    Each is there as Markdown, the letter and the notes as Word, all messages to accounts as one
    Word file, each on pages of its own. Nothing is added where the chapter was not run.
    """
    made = results.load(CHAPTER, results_dir)
    if made is None or not (book / "notebooks" / f"{CHAPTER}.html").is_file():
        return 0
    letters, folder = made.tables["letters"], book / CHAPTER
    for file, text in zip(letters["file"], letters["text"], strict=True):
        path = folder / f"{file}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(str(text).encode("utf-8", "replace"))
    of_accounts = letters["kind"].eq(ACCOUNT)
    for file, text in letters.loc[~of_accounts, ["file", "text"]].itertuples(index=False):
        (folder / f"{file}.docx").write_bytes(word([str(text)], study.name, study.as_of))
    if of_accounts.any():
        texts = letters.loc[of_accounts, "text"].astype(str)
        (folder / "accounts.docx").write_bytes(word(texts, study.name, study.as_of))
        write_files(made.tables["recipients"], COLUMNS, folder / "accounts", title="Messages",
                    sheet="Messages", client=study.name, on=study.as_of)  # fmt: skip
    return len(letters)


def word(texts: Iterable[str], client: str, on: pd.Timestamp) -> bytes:
    """Letters as one Word file, each from a new page: the same texts give the same bytes.

    Nothing in it runs, links or hides: headings, paragraphs and items of plain text, in styles
    that can be changed; no name of whoever made it, and no day but that of the data.

    Examples
    --------
    >>> word(["# Hello"], "Acme", pd.Timestamp("2026-06-30"))[:2]
    b'PK'
    """
    made = docx.Document()
    _described(made, client, on)
    for number, text in enumerate(texts):
        for place, block in enumerate(blocks(text)):
            written = made.add_paragraph(plain(block.text), style=STYLES[block.kind])
            if number and not place:
                written.paragraph_format.page_break_before = True
    buffer = io.BytesIO()
    made.save(buffer)
    return dated_alike(buffer.getvalue())


def _described(made: Document, client: str, on: pd.Timestamp) -> None:
    """The file's own words: whose it is and of which day; the language that it is checked in."""
    known, day = made.core_properties, on.to_pydatetime()
    known.author = known.last_modified_by = plain(client)[:200]
    known.title, known.comments, known.revision = "Letters", "", 1
    known.created = known.modified = known.last_printed = day
    known.language = LANGUAGE
    for run in made.styles.element.iter(qn("w:lang")):
        run.set(qn("w:val"), LANGUAGE)
    package = made.part.package
    for name, part in list(package.rels.items()):  # a picture of an empty page
        if part.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[name]

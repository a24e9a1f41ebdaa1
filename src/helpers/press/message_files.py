"""Letters beside the book's pages: Markdown to edit, Word to send, and a list of who gets one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from helpers import results
from helpers.press.spreadsheets import Columns, write_files
from helpers.press.word_files import add_letter, empty, letter_styles, saved
from helpers.study import Study

__all__ = ["add_messages", "word"]

CHAPTER, ACCOUNT = "messages", "account"
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

    Examples
    --------
    >>> word(["# Hello"], "Acme", pd.Timestamp("2026-06-30"))[:2]
    b'PK'
    """
    made = empty("Letters", client, on)
    styles = letter_styles(made)
    for number, text in enumerate(texts):
        add_letter(made, text, styles, new_page=number > 0)
    return saved(made)

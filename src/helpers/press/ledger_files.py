"""The ledger for the next run: a CSV beside the book's pages, in the form that a folder holds."""

from __future__ import annotations

from pathlib import Path

from helpers import results
from helpers.press.spreadsheets import harmless

__all__ = ["add_ledger"]

CHAPTER = "cycle"
TEXTS = ("claim_id", "wave", "metric")


def add_ledger(book: Path, results_dir: Path) -> int:
    """Put ``ledger.csv`` into a built book; how many predictions it holds comes back.

    It holds the rows that the client's folder had, with what came of those that are due, and
    those of this run. The folder itself is never written to: whoever runs the next wave copies
    the file into it.
    """
    found = results.table(CHAPTER, "ledger", results_dir)
    if found is None or not (book / "notebooks" / f"{CHAPTER}.html").is_file():
        return 0
    safe = found.assign(**{name: harmless(found[name]) for name in TEXTS})
    folder = book / CHAPTER
    folder.mkdir(exist_ok=True)
    safe.to_csv(folder / "ledger.csv", index=False, lineterminator="\n", encoding="utf-8")
    return len(found)

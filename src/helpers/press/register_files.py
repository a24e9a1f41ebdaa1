"""The register of commitments as an Excel workbook and CSV, beside the book's pages."""

from __future__ import annotations

from pathlib import Path

from helpers import results
from helpers.press.spreadsheets import Columns, write_files
from helpers.study import Study

__all__ = ["add_register"]

CHAPTER = "alignment"
COLUMNS: Columns = {
    "variable": ("Variable", "text", 20),
    "label": ("Question", "text", 32),
    "role": ("Kind", "text", 14),
    "function": ("Function", "text", 16),
    "decision": ("Decision it feeds", "text", 24),
    "owner": ("Owner", "text", 20),
    "used": ("Used by", "text", 20),
    "flag": ("What is missing", "text", 18),
    "promises": ("Promises", "count", 10),
    "what": ("Promised", "text", 36),
    "promised_at": ("On", "date", 12),
    "due": ("Due", "date", 12),
    "status": ("State", "text", 12),
    "delivered_at": ("Done", "date", 12),
    "told_at": ("Customers told", "date", 14),
}


def add_register(book: Path, study: Study, results_dir: Path) -> int:
    """Put ``register.csv`` and ``register.xlsx`` into a built book; their questions come back.

    Nothing is added where the chapter has no page.
    """
    found = results.table(CHAPTER, "register", results_dir)
    if found is None or found.empty or not (book / "notebooks" / f"{CHAPTER}.html").is_file():
        return 0
    write_files(found, COLUMNS, book / CHAPTER / "register", title="Register of commitments",
                sheet="Register", client=study.name, on=study.as_of)  # fmt: skip
    return len(found)

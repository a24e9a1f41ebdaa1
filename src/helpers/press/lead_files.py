"""Leads for a sales system: an Excel workbook and CSV, beside the book's pages."""

from __future__ import annotations

from pathlib import Path

from helpers import results
from helpers.press.spreadsheets import Columns, write_files
from helpers.study import Study

__all__ = ["COLUMNS", "add_leads"]

CHAPTER = "leads"
COLUMNS: Columns = {
    "account_id": ("Account id", "text", 12),
    "name": ("Account", "text", 32),
    "owner": ("Owner", "text", 20),
    "contact_id": ("Contact id", "text", 12),
    "role": ("Role", "text", 16),
    "product_id": ("Product id", "text", 12),
    "product": ("About", "text", 28),
    "source": ("Why", "text", 30),
    "opportunity_id": ("Opportunity id", "text", 14),
    "chance": ("Chance", "share", 9),
    "price": ("Amount if it comes true", "money", 16),
    "money": ("Expected money", "money", 15),
    "low": ("Expected money, from", "money", 15),
    "high": ("Expected money, to", "money", 15),
    "margin": ("Of it margin", "money", 13),
}


def add_leads(book: Path, study: Study, results_dir: Path) -> int:
    """Put ``leads.csv`` and ``leads.xlsx`` into a built book; how many leads they hold comes back.

    They hold leads of people who agreed to offers, and none that waits. Nothing is added where
    there are none.
    """
    found = results.table(CHAPTER, "leads", results_dir)
    if found is None or found.empty or not (book / "notebooks" / f"{CHAPTER}.html").is_file():
        return 0
    write_files(found, COLUMNS, book / CHAPTER / CHAPTER, title="Leads", sheet="Leads",
                client=study.name, on=study.as_of)  # fmt: skip
    return len(found)

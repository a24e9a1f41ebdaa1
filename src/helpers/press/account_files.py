"""The account list as an Excel workbook and as CSV, beside the book's pages."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.press.spreadsheets import Columns, write_files

__all__ = ["COLUMNS", "write_list"]

COLUMNS: Columns = {
    "account_id": ("Account id", "text", 12),
    "name": ("Account", "text", 32),
    "segment": ("Segment", "text", 18),
    "owner": ("Owner", "text", 20),
    "sponsor": ("Sponsor", "text", 26),
    "contract_end": ("Contract ends", "date", 14),
    "tickets": ("Open tickets", "count", 12),
    "tickets_late": ("Of them late", "count", 12),
    "promises": ("Open promises", "count", 13),
    "loyalty": ("Loyalty", "number", 9),
    "low": ("Loyalty, from", "number", 12),
    "high": ("Loyalty, to", "number", 12),
    "respondents": ("Answers that may be named", "count", 12),
    "singled_out": ("Likely segment of loyalty", "text", 16),
    "revenue": ("Revenue, 12 months", "money", 16),
    "at_risk": ("Revenue at risk", "money", 15),
    "linked": ("Of it linked to the score", "money", 15),
    "cell": ("Treatment", "text", 20),
    "firmness": ("How firm", "text", 10),
    "action": ("Next action", "text", 52),
    "who": ("Person", "text", 26),
    "due": ("By", "date", 12),
    "avoid": ("Do not pitch", "text", 46),
    "conflict": ("What chapters say", "text", 46),
    "settled": ("Settled", "text", 40),
}


def write_list(table: pd.DataFrame, folder: Path, *, client: str, on: pd.Timestamp) -> None:
    """Write ``account_list.csv`` and ``account_list.xlsx``."""
    write_files(table, COLUMNS, folder / "account_list", title="Account list", sheet="Accounts",
                client=client, on=on)  # fmt: skip

"""Cells that are empty where something is needed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.study.columns import Column, Table
from helpers.study.findings import Findings
from helpers.study.misfits import report_misfits
from helpers.study.readers.raw import RawTable

__all__ = ["FEWEST_IDS", "SHOWN", "check_filled", "warn_of_empty_ids"]

SHOWN = 5  # rows that a message names
FEWEST_IDS = 3  # before empty rows below them say how a table is laid out


def check_filled(
    cells: pd.Series, raw: RawTable, name: str, table: Table, findings: Findings
) -> None:
    """Tell of the empty cells of a column that every row needs."""
    empty = cells.isna()
    if empty.any():
        line = f"`formats: {{{table.name}: {{drop_missing: true}}}}` in client.yml"
        advice = f"Fill it in, or leave such rows out by {line}."
        report_misfits(raw, empty, name, "filled in", advice, findings)


def warn_of_empty_ids(
    cells: pd.Series, raw: RawTable, declared: Column, findings: Findings
) -> None:
    """Rows without an id that they need lead nowhere, yet may hold what is asked for."""
    empty = np.flatnonzero(cells.isna()) if declared.required else np.zeros(0, dtype=int)
    if not len(empty):
        return
    if _in_first_rows_alone(cells):
        file, row = raw.where(int(empty[0]))
        problem = f"stands in the first of its rows alone: {len(empty):,} rows below it are empty"
        advice = (
            "Write the id in every row: in a pivot table by Report Layout, Repeat All Item Labels."
        )
        findings.error(file, problem, advice, row=row, column=declared.name)
        return
    places = [raw.where(int(position)) for position in empty[:SHOWN]]
    others = ", ".join(str(row) for _, row in places[1:])
    more = f", and {len(empty) - SHOWN:,} more" if len(empty) > SHOWN else ""
    rows = f" (rows {places[0][1]}, {others}{more})" if others else ""
    problem = f"is empty in {len(empty):,} row{'s' if len(empty) > 1 else ''}{rows}"
    advice = "They are kept but cannot be joined; fill it in if it is known."
    findings.warn(places[0][0], problem, advice, row=places[0][1], column=declared.name)


def _in_first_rows_alone(cells: pd.Series) -> bool:
    """Whether ids are laid out to be read: each once, with twice as many empty rows below."""
    there = cells.dropna()
    several = len(there) >= FEWEST_IDS and pd.notna(cells.iloc[0]) and bool(there.is_unique)
    return several and len(cells) - len(there) >= 2 * len(there)

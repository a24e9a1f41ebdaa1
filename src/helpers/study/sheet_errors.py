"""Errors of a spreadsheet that stand as text in a file of another kind."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.readers.raw import RawTable
from helpers.study.signs import beginning
from helpers.study.trials import as_line, missing_keys

__all__ = ["ERRORS", "check_errors"]

ERRORS = ("#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
CALC = re.compile(r"Err:\d{3}")  # as LibreOffice shows it
BEGIN = ("#", "Err:")


def check_errors(raw: RawTable, name: str, table: str, form: Format, findings: Findings) -> None:
    """Report texts such as #N/A, which would be a group of their own, or an answer."""
    cells = raw.frame[name]
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return
    if isinstance(cells.dtype, pd.StringDtype) and not beginning(cells, *BEGIN).any():
        return  # most cells of most files: all at once
    here = cells.isin([*ERRORS, *_of_calc(cells)]).to_numpy()
    if not here.any():
        return
    texts = list(dict.fromkeys(cells[here]))
    advice = "Write the id itself."
    if not name.endswith("_id"):
        line = as_line(table, missing_keys(form, {name: texts}))
        advice = f"Mend it there, or declare {line} if it has no value."
    places = np.flatnonzero(here)
    file, row = raw.where(int(places[0]))
    many = f" (and {len(places) - 1:,} more)" if len(places) > 1 else ""
    findings.error(
        file,
        f"is an error that a spreadsheet shows{many}",
        advice,
        row=row,
        column=name,
        found=str(texts[0]),
    )


def _of_calc(cells: pd.Series) -> list[str]:
    """The errors among them that only LibreOffice shows so."""
    if isinstance(cells.dtype, pd.StringDtype):
        cells = cells[beginning(cells, "Err:")]
    elif cells.dtype != object:
        return []
    return [text for text in cells.dropna().unique() if CALC.fullmatch(str(text))]

"""SPSS ``.sav`` files: codes, their labels, and the codes declared missing there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from helpers.study.findings import Findings
from helpers.study.readers.raw import RawTable, one_file, sha256

__all__ = ["read_spss"]


def read_spss(path: Path, name: str, table: str, findings: Findings) -> RawTable | None:
    """Read codes as they stand; those the file calls missing become so, counted."""
    try:
        frame, meta = pyreadstat.read_sav(str(path), user_missing=True)
    except (pyreadstat.ReadstatError, UnicodeDecodeError) as fault:
        findings.error(name, f"is not an SPSS file that can be read: {fault}", "Export it again.")
        return None
    for column, ranges in meta.missing_ranges.items():
        gone = _declared_missing(frame[column], ranges)
        codes = ", ".join(
            sorted({f"{v:g}" if isinstance(v, float) else str(v) for v in frame.loc[gone, column]})
        )
        findings.note(table, f"user-missing in SPSS: {column} = {codes}", int(gone.sum()))
        frame[column] = frame[column].mask(gone)
    frame = frame.replace("", None)
    found = meta.variable_value_labels
    labels: dict[str, Mapping[object, str]] = {k: dict(found[k].items()) for k in found}
    return one_file(frame, name, sha256(path), labels=labels, stored_types=True)


def _declared_missing(column: pd.Series, ranges: Sequence[Any]) -> pd.Series:
    """Where a code lies in one of the ranges; a range may be one value."""
    gone = pd.Series(False, index=column.index)
    numeric = pd.api.types.is_numeric_dtype(column.dtype)
    for part in ranges:
        low, high = (part["lo"], part["hi"]) if isinstance(part, dict) else (part, part)
        gone |= column.between(low, high) if numeric else column == low
    return gone

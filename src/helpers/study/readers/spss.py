"""SPSS ``.sav`` and ``.zsav``: codes, their labels, and the codes declared missing there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from helpers.study.findings import Findings
from helpers.study.readers import confined
from helpers.study.readers.raw import RawTable, one_file, sha256
from helpers.study.readers.spss_cells import CELLS

__all__ = ["read_spss"]

DATES = re.compile(r"[AESJ]?DATE\d*|DATETIME[\d.]*|YMDHMS[\d.]*|MOYR\d*|QYR\d*|WKYR\d*")
START = np.datetime64("1582-10-14", "us")  # SPSS counts seconds from here
YEAR = 365.2425 * 86_400  # seconds
EARLIEST, LATEST = "1678-01-01", "9999-12-31T23:59:59"


def read_spss(path: Path, name: str, table: str, findings: Findings) -> RawTable | None:
    """Read codes as they stand; those the file calls missing become so, counted."""
    try:
        with confined.reading("spss_cells", path) as answer:
            found = answer.reply
            with pa.OSFile(str(answer.folder / CELLS)) as source:
                frame = pa.ipc.open_file(source).read_all().to_pandas()
    except confined.Unreadable as fault:
        findings.error(name, f"is not an SPSS file that can be read: {fault}", "Export it again.")
        return None
    labels: dict[str, Mapping[object, str]] = {k: dict(v) for k, v in found["labels"].items()}
    for column, ranges in found["missing"].items():
        gone = _declared_missing(frame[column], ranges)
        codes = ", ".join(sorted({_written(value) for value in frame.loc[gone, column]}))
        findings.note(table, f"user-missing in SPSS: {column} = {codes}", int(gone.sum()))
        frame[column] = frame[column].mask(gone)
        if column in labels:
            labels[column] = _of_answers(labels[column], ranges)
    for column, form in found["formats"].items():
        if DATES.fullmatch(form or "") and pd.api.types.is_numeric_dtype(frame[column].dtype):
            frame[column] = _dates(frame[column], name, findings)
    return one_file(frame.replace("", None), name, sha256(path), labels=labels, stored_types=True)


def _written(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _declared_missing(column: pd.Series, ranges: Sequence[Any]) -> pd.Series:
    """Where a code lies in one of the ranges; a range may be one value."""
    gone = pd.Series(False, index=column.index)
    numeric = pd.api.types.is_numeric_dtype(column.dtype)
    for part in ranges:
        low, high = (part["lo"], part["hi"]) if isinstance(part, dict) else (part, part)
        gone |= column.between(low, high) if numeric else column == low
    return gone


def _of_answers(labels: Mapping[object, str], ranges: Sequence[Any]) -> dict[object, str]:
    """The labels of codes that are not declared missing."""
    codes = list(labels)
    numeric = all(isinstance(code, int | float) for code in codes)
    gone = _declared_missing(pd.Series(codes, dtype=float if numeric else object), ranges)
    return {code: labels[code] for code, missing in zip(codes, gone, strict=True) if not missing}


def _dates(seconds: pd.Series, name: str, findings: Findings) -> pd.Series:
    """Seconds as dates; years that no calendar of ours holds are reported, and missing."""
    low, high = (float((np.datetime64(day, "us") - START) / np.timedelta64(1, "s"))
                 for day in (EARLIEST, LATEST))  # fmt: skip
    odd = seconds.notna() & ~seconds.between(low, high)
    if odd.any():
        first = int(np.flatnonzero(odd)[0])
        year = np.floor(1582.784 + seconds.iloc[first] / YEAR)
        many = f", as are {int(odd.sum()) - 1:,} more" if odd.sum() > 1 else ""
        problem = f"is not a date that can be read{many}"
        advice = "Correct it: dates lie between the years 1678 and 9999."
        column = str(seconds.name)
        findings.error(
            name, problem, advice, row=first + 1, column=column, found=f"year {year:.0f}"
        )
    inside = (seconds.where(~odd) * 1e6).round()
    stamps = START + inside.fillna(0).to_numpy().astype("int64").astype("timedelta64[us]")
    return pd.Series(stamps, index=seconds.index, name=seconds.name).mask(inside.isna())

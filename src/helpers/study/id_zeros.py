"""Zeros in front of ids: filled up or left out as ``leading_zeros`` declares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from helpers.study.columns import Table
from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.readers.raw import RawTable
from helpers.study.values import as_text

__all__ = ["DROP", "NUMBERED", "POINT", "bare_id", "with_digits", "zeros_declared"]

DROP = "drop"
NUMBERED = re.compile(r"(.*?)(\d+)(\D*)", re.DOTALL)  # the last number of an id
POINT = re.compile(r"(\d+)\.0+")  # which a spreadsheet writes behind a number
SPOILT = re.compile(r"\d[.,\d]*[eE]\+\d+|\d{16,}(\.0+)?")  # reported elsewhere
ALSO = {"account_id": ("parent_id",)}  # further columns that hold the same ids


def with_digits(text: str, digits: str) -> str:
    """An id whose last number has so many digits, or no zeros in front.

    Examples
    --------
    >>> with_digits("A7", "3"), with_digits("0012", "drop"), with_digits("7.0", "3")
    ('A007', '12', '007')
    >>> with_digits("12345", "3"), with_digits("none", "3")
    ('12345', 'none')
    """
    if SPOILT.fullmatch(text):
        return text
    found = NUMBERED.fullmatch(POINT.sub(r"\1", text) if POINT.fullmatch(text) else text)
    if found is None:
        return text
    number = found[2].lstrip("0") or "0"
    return found[1] + (number if digits == DROP else number.zfill(int(digits))) + found[3]


def bare_id(text: str) -> str:
    """An id without zeros in front of its last number.

    Examples
    --------
    >>> bare_id("A007"), bare_id("2026-012"), bare_id("000")
    ('A7', '2026-12', '0')
    """
    return with_digits(text, DROP)


def zeros_declared(raw: RawTable, table: Table, config: Config, findings: Findings) -> RawTable:
    """The table with its ids written as ``leading_zeros`` declares, counted."""
    changed = {}
    for name, digits in _columns(config.leading_zeros).items():
        if name not in raw.frame or table.column(name) is None:
            continue
        texts = as_text(raw.frame[name])
        written = texts.map(
            {text: with_digits(text, digits) for text in texts.dropna().unique()},
            na_action="ignore",
        )
        moved = texts.notna() & (written != texts)
        if moved.any():
            changed[name] = _put(raw.frame[name], written, moved)
        said = "without zeros in front" if digits == DROP else f"with {digits} digits"
        findings.note(table.name, f"{name}: written {said}, as declared", int(moved.sum()))
    return replace(raw, frame=raw.frame.assign(**changed)) if changed else raw


def _columns(declared: Mapping[str, str]) -> dict[str, str]:
    every = {also: d for name, d in declared.items() for also in ALSO.get(name, ())}
    return {**every, **declared}


def _put(cells: pd.Series, written: pd.Series, moved: pd.Series) -> pd.Series:
    if isinstance(cells.dtype, pd.StringDtype):
        return written.astype(cells.dtype)
    return cells.astype(object).mask(moved, written.astype(object))

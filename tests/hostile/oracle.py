"""What a folder's numbers are, read plainly and apart from the handbook."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

import pandas as pd

__all__ = ["plain_reading", "score", "wrong_numbers"]

PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")  # digits of any script
UNSEEN = "[\u200b\ufeff]"  # characters of no width
NUMBERS = {"responses": "recommend", "financials": "revenue"}


def plain_reading(content: bytes) -> pd.DataFrame | None:
    """A CSV file by Python's own reader; nothing where it is no text, or ragged."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if "\0" in text:
        return None
    try:
        records = [r for r in csv.reader(io.StringIO(text, newline=""), strict=True) if r]
    except csv.Error:
        return None
    if len(records) < 2 or {len(r) for r in records} != {len(records[0])}:
        return None
    rows = [r for r in records[1:] if any(cell.strip() for cell in r)]
    return pd.DataFrame(rows, columns=[name.strip() for name in records[0]])


def score(answers: pd.Series) -> float:
    """The net promoter score of answers."""
    given = answers.dropna()
    return round(float(100 * ((given >= 9).mean() - (given <= 6).mean())), 9)


def _numbers(cells: pd.Series) -> pd.Series | None:
    """Numbers, where every cell is plainly one or empty."""
    texts = cells.fillna("").astype(str).str.replace(UNSEEN, "", regex=True).str.strip()
    if not texts[texts != ""].map(lambda text: bool(PLAIN.fullmatch(text))).all():
        return None
    return texts.where(texts != "").map(float, na_action="ignore").astype(float)


def _facts(name: str, frame: pd.DataFrame) -> dict[str, object] | None:
    """Rows, and the number that matters of a table; nothing where it cannot be told."""
    found: dict[str, object] = {"rows": len(frame)}
    column = NUMBERS.get(name)
    if column is None:
        return found
    if list(frame.columns).count(column) != 1:
        return None
    numbers = _numbers(frame[column])
    if numbers is None:
        return None
    if name == "financials":
        return found | {"revenue": round(float(numbers.sum()), 4)}
    numbers = numbers.mask(numbers == 99)
    if list(frame.columns).count("wave") != 1:
        return None
    return found | {
        f"score of {wave}": score(part) for wave, part in numbers.groupby(frame["wave"])
    }


def wrong_numbers(
    name: str, read: pd.DataFrame, expected: pd.DataFrame | None, truth: pd.DataFrame
) -> list[str]:
    """What the handbook read otherwise than a plain reading of a table's file says."""
    if expected is None:
        expected = truth  # nothing plain to go by: then it must be what was meant
    wanted = _facts(name, expected) or _facts(name, truth) or {}
    shown = read.assign(**{c: _text(read[c]) for c in read})
    found = _facts(name, shown) or {}
    return [
        f"{name}: {k} is {found.get(k)}, not {v}" for k, v in wanted.items() if found.get(k) != v
    ]


def _text(column: pd.Series) -> pd.Series:
    return column.map(lambda v: repr(float(v)) if isinstance(v, float) else v, na_action="ignore")


def plain_tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame | None]:
    """Every CSV table of a folder, read plainly."""
    return {name[:-4]: plain_reading(files[name]) for name in files if name.endswith(".csv")}

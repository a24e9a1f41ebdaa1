"""Guesses of a draft taken for right, or columns set aside, by name: the rest stays marked."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from helpers.errors import HandbookError
from helpers.study.codebook import MARK, MARKED, UNUSED
from helpers.study.nearest import advice_for
from helpers.study.whole_files import write_whole

__all__ = ["Confirmed", "confirm"]

FILE = "codebook.csv"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The questions whose marks were taken away, those set aside, and those still marked."""

    sure: tuple[str, ...]
    unused: tuple[str, ...]
    left: tuple[str, ...]


def confirm(folder: Path, *, sure: Sequence[str] = (), unused: Sequence[str] = ()) -> Confirmed:
    """Change the rows of a codebook that the names or patterns fit; nothing else in the file.

    Parameters
    ----------
    sure
        Names such as ``Q6A``, or patterns such as ``Q6*``, whose marks are taken away.
    unused
        The same for columns that are no question of use.
    """
    path = folder / FILE
    if not path.is_file():
        raise HandbookError(f"{folder.name} has no {FILE}: draft one with `handbook codebook`")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        columns, rows = list(reader.fieldnames or ()), list(reader)
    if "variable" not in columns:
        raise HandbookError(f"{FILE} has no column variable: `handbook check` says what it needs")
    long = [row["variable"] for row in rows if None in row]  # written back, they would lose cells
    if long:
        raise HandbookError(f"{FILE}: the row of {long[0]} has more cells than the header")
    names = [row["variable"] or "" for row in rows]
    for pattern in (*sure, *unused):
        if not any(fnmatchcase(name, pattern) for name in names):
            raise HandbookError(f"{FILE} has no variable {pattern}: {advice_for(pattern, names)}")
    aside = {name for name in names for pattern in unused if fnmatchcase(name, pattern)}
    right = {name for name in names for pattern in sure if fnmatchcase(name, pattern)} - aside
    changed = [_changed(row, right, aside) for row in rows]
    write_whole({path: _text(columns, changed)})
    left = tuple(row["variable"] for row in changed if _marks(row))
    return Confirmed(tuple(sorted(right)), tuple(sorted(aside)), left)


def _changed(row: dict[str, str], right: set[str], aside: set[str]) -> dict[str, str]:
    if row["variable"] in aside:
        return {**row, **{name: "" for name in MARKED if name in row}, "role": UNUSED}
    if row["variable"] in right:
        bare = {name: row[name].strip().removesuffix(MARK) for name in _marks(row)}
        return {**row, **{name: text for name, text in bare.items() if text}}
    return row


def _marks(row: dict[str, str]) -> list[str]:
    """The cells that are marked; one that holds nothing else cannot be confirmed."""
    return [name for name in MARKED if (row.get(name) or "").strip().endswith(MARK)]


def _text(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()

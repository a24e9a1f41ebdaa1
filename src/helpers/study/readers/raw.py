"""A file as it was read, before any column has a type."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

__all__ = ["RawTable", "joined", "sha256"]


@dataclass(frozen=True)
class RawTable:
    """Cells as they stand, where each row came from, and what was lost on the way.

    ``record`` counts the records of a file from 1, the header not among them.
    """

    frame: pd.DataFrame
    files: tuple[str, ...]
    hashes: tuple[str, ...]
    rows_in: int
    file_of: np.ndarray  # position in `files`, one a row
    record: np.ndarray
    lost: tuple[str, ...] = ()  # raw text of records that could not be read
    labels: tuple[Mapping[str, Mapping[object, str]], ...] = ()  # column: code: label, one a file
    stored_types: bool = False  # numbers and dates were stored as such, not typed as text
    currencies: tuple[Mapping[str, Sequence[str]], ...] = ()  # column: signs shown, one a file
    partial: bool = False  # only those rows of a large table that cannot be used

    @property
    def file(self) -> str:
        """The file to name in a fault that concerns the whole table."""
        return self.files[0] if self.files else ""

    def where(self, position: int) -> tuple[str, int]:
        """File and record number of a row."""
        return self.files[int(self.file_of[position])], int(self.record[position])

    def select(self, keep: np.ndarray) -> RawTable:
        """The rows where ``keep`` is true."""
        return RawTable(
            self.frame.loc[keep].reset_index(drop=True),
            self.files,
            self.hashes,
            self.rows_in,
            self.file_of[keep],
            self.record[keep],
            self.lost,
            self.labels,
            self.stored_types,
            self.currencies,
            self.partial,
        )


def one_file(
    frame: pd.DataFrame,
    file: str,
    digest: str,
    *,
    rows_in: int | None = None,
    record: np.ndarray | None = None,
    lost: Sequence[str] = (),
    labels: Mapping[str, Mapping[object, str]] | None = None,
    stored_types: bool = False,
) -> RawTable:
    """A raw table that comes from one file."""
    rows = len(frame)
    return RawTable(
        frame.reset_index(drop=True),
        (file,),
        (digest,),
        rows if rows_in is None else rows_in,
        np.zeros(rows, dtype=np.int32),
        np.arange(1, rows + 1) if record is None else record,
        tuple(lost),
        (labels or {},),
        stored_types,
    )


def joined(parts: Sequence[RawTable]) -> RawTable:
    """Several files of one table, one below the other."""
    if len(parts) == 1:
        return parts[0]
    return RawTable(
        pd.concat([part.frame for part in parts], ignore_index=True),
        tuple(file for part in parts for file in part.files),
        tuple(digest for part in parts for digest in part.hashes),
        sum(part.rows_in for part in parts),
        np.concatenate([part.file_of + i for i, part in enumerate(parts)]),
        np.concatenate([part.record for part in parts]),
        tuple(line for part in parts for line in part.lost),
        tuple(labels for part in parts for labels in part.labels),
        any(part.stored_types for part in parts),
        tuple((*part.currencies, {})[0] for part in parts),
    )


def sha256(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

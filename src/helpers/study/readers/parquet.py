"""Parquet files: their own types, kept."""

from __future__ import annotations

from pathlib import Path

from helpers.study.findings import Findings
from helpers.study.readers import confined
from helpers.study.readers.arrow_frame import frame_of
from helpers.study.readers.raw import RawTable, one_file, sha256

__all__ = ["read_parquet"]


def read_parquet(path: Path, name: str, table: str, findings: Findings) -> RawTable | None:
    """Read a Parquet file; columns keep the types they were stored with."""
    try:
        with confined.reading("arrow_cells", path) as answer:
            frame = frame_of(answer, name, table, findings)
    except confined.Unreadable as fault:
        problem = f"is not a Parquet file that can be read: {fault}"
        findings.error(name, problem, "Write it again.")
        return None
    return None if frame is None else one_file(frame, name, sha256(path), stored_types=True)

"""Parquet files: their own types, kept."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from helpers.study.findings import Findings
from helpers.study.readers.raw import RawTable, one_file, sha256

__all__ = ["read_parquet"]


def read_parquet(path: Path, name: str, findings: Findings) -> RawTable | None:
    """Read a Parquet file; columns keep the types they were stored with."""
    try:
        frame = pq.read_table(path, partitioning=None).to_pandas()
    except (pa.ArrowInvalid, pa.ArrowTypeError, OSError) as fault:
        first = str(fault).splitlines()[0]
        findings.error(name, f"is not a Parquet file that can be read: {first}", "Write it again.")
        return None
    frame.columns = frame.columns.map(str)
    return one_file(frame.reset_index(drop=True), name, sha256(path), stored_types=True)

"""Readers: one a kind of file, each giving cells as they stand and where they stood."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.readers.delimited import read_delimited
from helpers.study.readers.excel import read_excel
from helpers.study.readers.parquet import read_parquet
from helpers.study.readers.query import read_query
from helpers.study.readers.raw import RawTable, joined
from helpers.study.readers.sources import WORKBOOKS, Source, find_sources
from helpers.study.readers.spss import read_spss
from helpers.study.readers.tidying import tidied

__all__ = ["RawTable", "Source", "find_sources", "read_sources"]


def read_sources(
    sources: list[Source],
    table: str,
    folder: Path,
    form: Format,
    findings: Findings,
    wanted: Set[str] = frozenset(),
) -> RawTable | None:
    """Read a table's files into one; ``None`` where none of them can be read.

    ``wanted`` are columns that the client speaks of: they stay whatever they are called.
    """
    read = [_read_one(source, table, folder, form, findings) for source in sources]
    tidy = [tidied(part, table, form, findings, wanted) for part in read if part is not None]
    parts = [part for part in tidy if part is not None]
    return joined(parts) if parts else None


def _read_one(
    source: Source, table: str, folder: Path, form: Format, findings: Findings
) -> RawTable | None:
    kind = source.name.lower()
    if kind.endswith(".sql"):
        return read_query(source.path, source.name, table, folder, form, findings)
    if kind.endswith(".parquet"):
        return read_parquet(source.path, source.name, table, findings)
    if kind.endswith((".sav", ".zsav")):
        return read_spss(source.path, source.name, table, findings)
    if kind.endswith(WORKBOOKS):
        return read_excel(source.path, source.name, table, form, findings)
    return read_delimited(source.path, source.name, table, form, findings)

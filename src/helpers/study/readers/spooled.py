"""A large CSV as a Parquet file of texts: its records judged as those of a small one are."""

from __future__ import annotations

import tempfile
from pathlib import Path

from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.nearest import advice_for
from helpers.study.readers.delimited import prepared
from helpers.study.readers.record_faults import report_records
from helpers.study.readers.records import spooled_records
from helpers.study.readers.sources import Source

__all__ = ["spooled"]

LARGEST = 50_000_000_000  # bytes


def spooled(
    source: Source, table: str, config: Config, out: Path, findings: Findings
) -> Path | None:
    """Write a text's cells to ``out`` as they stand; ``None`` where a record cannot be read.

    It is read in pieces, so that its size does not matter; empty cells are missing ones.
    """
    before = len(findings.errors)
    form = config.format(table)
    with tempfile.TemporaryDirectory(prefix="handbook-") as aside:
        ready = prepared(
            source.path, source.name, table, form, findings, Path(aside), largest=LARGEST
        )
        if ready is None or not _sound_header(ready.header, source.name, findings):
            return None
        if not ready.delimiter.isascii():
            advice = "Export it with commas, semicolons or tabs, or to Parquet."
            problem = "is too large for a delimiter of that kind"
            findings.error(source.name, problem, advice, found=ready.delimiter)
            return None
        found = spooled_records(ready.text, ready.delimiter, ready.header, out)
    report_records(found, ready.header, source.name, findings, above=1)
    return out if len(findings.errors) == before else None


def _sound_header(header: list[str], name: str, findings: Findings) -> bool:
    twice = sorted({cell for cell in header if header.count(cell) > 1})
    for cell in twice:
        meant = advice_for(cell, []) if cell else ""
        advice = f"Give each column one name. {meant}".strip()
        findings.error(name, "names two columns", advice, column=cell or "(no name)")
    return not twice

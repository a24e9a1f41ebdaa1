"""What is said of records that cannot be read, and of odd ones that can."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from helpers.study.findings import Findings
from helpers.study.readers.decoding import PIECE
from helpers.study.readers.records import Bad, Place, Records

__all__ = ["count_agrees", "report_records", "report_repeated", "unique_header"]

SHOWN = 20  # malformed records named one by one
PROBLEMS = {
    "FEW": "has too few columns",
    "MANY": "has too many columns",
    "QUOTE": "has a quotation mark that is not closed or not doubled",
    "OPEN": "opens a quotation that is never closed",
    "LONG": "is longer than a record can be (20 MB); is a quotation mark not closed?",
}


def report_records(
    found: Records, header: list[str], name: str, findings: Findings, *, above: int, first: int = 1
) -> list[Bad]:
    """Name the records that are malformed or odd, and give those that cannot be read.

    ``above`` records stand above the first row; the ``first`` of them that counts is the header.
    """
    _report_header(found, first, name, findings)
    rejected = [bad for bad in found.bad if bad.record > first]
    _report_rejected(rejected, header, above, name, findings)
    _report_odd(found, header, above, name, findings)
    return rejected


def _report_header(found: Records, first: int, name: str, findings: Findings) -> None:
    for bad in (bad for bad in found.bad if bad.record == first):
        advice = "Mend the row with the names in the export."
        findings.error(name, f"{PROBLEMS[bad.kind]} in its header", advice, found=_short(bad.text))


def _report_rejected(
    rejected: list[Bad], header: list[str], above: int, name: str, findings: Findings
) -> None:
    for bad in rejected[:SHOWN]:
        problem, advice, column = PROBLEMS[bad.kind], "Mend the record in the export.", None
        if bad.kind in ("FEW", "MANY"):
            problem += f" for the {len(header)} of the header"
        if bad.kind == "OPEN":
            problem += _below(bad.lines)
            advice = "Close the quotation mark in the export, or double it if it is a letter."
            column = _column(header, bad.column)
        row = bad.record - above
        findings.error(
            name,
            problem,
            advice,
            row=row,
            column=column,
            found=_short(bad.text),
        )
    if len(rejected) > SHOWN:
        more, last = len(rejected) - SHOWN, rejected[-1].record - above
        problem = f"has {more:,} more malformed records, the last in row {last:,}"
        findings.error(name, problem, "Export it again with every text cell in quotation marks.")


def _below(lines: int) -> str:
    """How much a quotation that stays open swallows; -1 where the file was not read to its end."""
    if lines == 0:
        return ""
    many = {-1: "all that follows", 1: "the line below it"}.get(
        lines, f"the {lines:,} lines below it"
    )
    return f": {many} cannot be told apart"


def _short(text: str) -> str:
    """The first line of a record, as far as a fault has room for it."""
    line = re.split(r"[\r\n]", text.strip(), maxsplit=1)[0]
    return line if line == text.strip() and len(line) <= 80 else line[:79] + "…"


def _column(header: list[str], at: int | None) -> str | None:
    return header[at].replace("\0", "␀") if at is not None and at < len(header) else None


def _report_odd(
    found: Records, header: list[str], above: int, name: str, findings: Findings
) -> None:
    """What a sound record can still hold that no export meant."""
    problem, advice = "holds a NUL byte", "Export it again, or take the byte out."
    for place in found.nulls[:SHOWN]:
        row, column = max(place.record - above, 0), _column(header, place.column)
        findings.error(name, problem, advice, row=row or None, column=column)
    for number in [n for n in found.marked if n > above][:SHOWN]:
        problem = "begins with a byte-order mark: two files stand one behind the other"
        advice = "Send them as two files, and name both under `tables:` in client.yml."
        findings.error(name, problem, advice, row=number - above)
    _report_swallowed(found.swallowed, header, above, name, findings)
    if found.padded:
        many = f", {len(found.padded):,} records in all" if len(found.padded) > 1 else ""
        problem = f"has spaces between a quotation mark and the delimiter{many}: left out"
        advice = "Export it without them."
        findings.warn(name, problem, advice, row=max(found.padded[0] - above, 1))


def _report_swallowed(
    places: list[Place], header: list[str], above: int, name: str, findings: Findings
) -> None:
    places = [place for place in places if place.record > above]
    for place in places[:SHOWN]:
        problem = "holds lines that look like records: a quotation mark may be closed too late"
        advice = "Look at the quotation marks of this record and of the lines below it."
        row, column = place.record - above, _column(header, place.column)
        findings.warn(name, problem, advice, row=row, column=column)
    if len(places) > SHOWN:
        more = len(places) - SHOWN
        problem = f"has {more:,} more records that hold lines like records"
        findings.warn(name, problem, "Look at their quotation marks.")


def count_agrees(found: Records, name: str, findings: Findings) -> bool:
    """Our count of the records beside the rows that were read."""
    agrees = found.counted == len(found.cells)
    if not agrees:
        problem = f"has {found.counted:,} records, and {len(found.cells):,} were read"
        findings.error(name, problem, "Export it again with every text cell in quotation marks.")
    return agrees


def report_repeated(
    frame: pd.DataFrame, record: np.ndarray, header: list[str], name: str, findings: Findings
) -> None:
    """Rows that are the header once more, as where files were put one behind the other."""
    if frame.empty or len(header) < 2:
        return
    likely = np.flatnonzero((frame.iloc[:, 0] == header[0]).to_numpy(dtype=bool))
    same = [at for at in likely[:PIECE] if [str(c).strip() for c in frame.iloc[at]] == header]
    for at in same[:SHOWN]:
        advice = "Take the row out of the export."
        findings.error(name, "repeats the header", advice, row=int(record[at]))


def unique_header(header: list[str], frame: pd.DataFrame, name: str, findings: Findings) -> bool:
    """Whether no two columns have one name; of those without any, only such as hold cells count."""
    twice = sorted({cell for cell in header if header.count(cell) > 1})
    for cell in list(twice):
        at = [i for i, other in enumerate(header) if other == cell]
        if not cell and frame.shape[1] == len(header):
            at = [i for i in at if frame.iloc[:, i].notna().any()]
        if not at or (not cell and len(at) == 1):
            twice.remove(cell)
            continue
        columns = " and ".join(str(i + 1) for i in at)
        advice = "Give each column one name."
        findings.error(name, f"names columns {columns}", advice, column=cell or "(no name)")
    return not twice

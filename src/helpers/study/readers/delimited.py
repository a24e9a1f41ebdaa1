"""CSV: every cell as text, every malformed record listed, nothing guessed."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.readers import qualtrics, two_row_headers
from helpers.study.readers.decoding import LARGEST as LARGEST_TEXT
from helpers.study.readers.decoding import PIECE, copy_as_utf8, looks_like_text
from helpers.study.readers.raw import RawTable, one_file, sha256
from helpers.study.readers.record_faults import (
    count_agrees,
    report_records,
    report_repeated,
    unique_header,
)
from helpers.study.readers.records import LONGEST, Records, read_records
from helpers.study.readers.titles import header_advice, likely_header, numbered_records

__all__ = ["Ready", "prepared", "read_delimited"]

OTHER_MARKS = {";": ";", "\t": "\\t", "|": "|", ",": ","}
MOST_COLUMNS = 10_000
TOP = 20  # records in which a delimiter shows, if it is the right one
EVEN = 0.9  # of the records have as many cells as the header
STAND_IN = "\x1f"  # for a delimiter beyond ASCII: Unicode's own separator of units
DECLARED = re.compile(r"\A\"?sep=(.)\"?[ ,;\t]*(\r\n|\r|\n)")  # as Excel reads it


def read_delimited(
    path: Path, name: str, table: str, form: Format, findings: Findings
) -> RawTable | None:
    """Read a CSV file (``.gz`` too); ``None`` where nothing of it can be read."""
    with tempfile.TemporaryDirectory(prefix="handbook-") as aside:
        ready = prepared(path, name, table, form, findings, Path(aside))
        if ready is None:
            return None
        found = _read(ready.text, ready.delimiter, len(ready.header))
    raw = _as_table(found, ready.header, name, sha256(path), findings)
    return _without_blank_columns(raw, table, findings) if raw is not None else None


@dataclass(frozen=True)
class Ready:
    """A text in UTF-8 that begins with its header, and how its cells are divided."""

    text: Path
    delimiter: str
    header: list[str]


def prepared(
    path: Path,
    name: str,
    table: str,
    form: Format,
    findings: Findings,
    aside: Path,
    *,
    largest: int = LARGEST_TEXT,
) -> Ready | None:
    """A copy of the text in ``aside``, from its header on; ``None`` where it has none."""
    if not looks_like_text(path, name, findings):
        return None
    text = aside / "table.csv"
    encoding = form.encoding or "utf-8"
    if not copy_as_utf8(path, text, encoding, name, table, findings, largest=largest):
        return None
    delimiter = _delimiter(text, name, table, form, findings)
    if delimiter is None or not _cut(text, name, table, form, findings):
        return None
    _cut_lines(text, _blank_lines(text, delimiter))
    if form.header_rows == 2:
        two_row_headers.with_one_row(text, delimiter, table, findings)
    first = _start(text)
    if _in_two_rows(first, delimiter, name, table, form, findings):
        return None
    if _divided_otherwise(first, delimiter, name, table, form, findings):
        return None
    if _titled(first, delimiter, name, table, form, findings):
        return None
    header = _split_header(first, delimiter, name, table, form, findings)
    return None if header is None else Ready(text, delimiter, header)


def _delimiter(text: Path, name: str, table: str, form: Format, findings: Findings) -> str | None:
    """The delimiter: declared, said by the file's first line (``sep=;``), or by its ending."""
    own = DECLARED.match(_start(text))
    if own:
        _cut_lines(text, 1)
    usual = "\t" if name.lower().endswith((".tsv", ".tsv.gz")) else ","
    said = "\t" if form.delimiter == "\\t" else form.delimiter
    delimiter = said or (own[1] if own else usual)
    if len(delimiter) == 1 and not delimiter.isalnum() and delimiter not in '"\r\n\0\ufffd':
        return delimiter
    problem = "is not one character that can stand between cells"
    advice = 'Use "," or ";" or "\\t" or "|", and export the table with that.'
    column = f"formats.{table}.delimiter"
    findings.error("client.yml", problem, advice, column=column, found=delimiter)
    return None


def _cut(text: Path, name: str, table: str, form: Format, findings: Findings) -> bool:
    """Leave out the rows above the header."""
    rows = (form.header_row or 1) - 1
    there = _cut_lines(text, rows) if rows else 0
    if there < rows or (rows and not text.stat().st_size):
        problem = f"has {there:,} lines: no header in row {form.header_row:,}"
        findings.error(name, problem, f"Mend `header_row` under `formats: {table}` in client.yml.")
        return False
    return True


def _cut_lines(text: Path, rows: int) -> int:
    """Take lines away from the top; how many there were."""
    if not rows:
        return 0
    whole = text.with_suffix(".whole")
    text.rename(whole)
    with (
        whole.open(encoding="utf-8", newline="") as stream,
        text.open("w", encoding="utf-8", newline="") as out,
    ):
        cut = 0
        while cut < rows and stream.readline():
            cut += 1
        while piece := stream.read(PIECE):
            out.write(piece)
    whole.unlink()
    return cut


def _blank_lines(text: Path, delimiter: str) -> int:
    """Lines above the header in which nothing stands but delimiters."""
    first = numbered_records(_start(text), delimiter)
    return first[0][0] - 1 if first else 0


def _start(text: Path) -> str:
    """The text from its start on, enough to hold one record."""
    with text.open(encoding="utf-8", newline="") as stream:
        start = stream.read(PIECE)
        while len(start) < LONGEST and "\n" not in start and "\r" not in start:
            piece = stream.read(PIECE)
            if not piece:
                break
            start += piece
    return start


def _likely_marks(first: str, delimiter: str, form: Format) -> list[str]:
    """The delimiter, and others where it divides nothing and none was declared."""
    divided = any(len(cells) > 1 for _, cells in numbered_records(first, delimiter)[:TOP])
    others = [] if form.delimiter or divided else [m for m in OTHER_MARKS if m != delimiter]
    return [delimiter, *others]


def _in_two_rows(
    first: str, delimiter: str, name: str, table: str, form: Format, findings: Findings
) -> bool:
    """Whether the names stand in two rows and nothing is declared of it: reported."""
    if form.header_rows is not None:
        return False
    for mark in _likely_marks(first, delimiter, form):
        records = [cells for _, cells in numbered_records(first, mark)[:3]]
        if two_row_headers.are_two_rows(records):
            more = [] if mark == delimiter else [f'delimiter: "{OTHER_MARKS[mark]}"']
            two_row_headers.report_two_rows(records, name, table, form, findings, *more)
            return True
    return False


def _divided_otherwise(
    first: str, delimiter: str, name: str, table: str, form: Format, findings: Findings
) -> bool:
    """Whether another mark divides the records evenly, and this one only cells with texts in them.

    Commas in comments, or in the wording of a question, make no title of the header of a file
    whose cells are divided by semicolons.
    """
    if form.delimiter or _evenly(first, delimiter):
        return False
    mark = next((m for m in OTHER_MARKS if m != delimiter and _evenly(first, m)), None)
    if mark is None:
        return False
    found = next(record for _, record in numbered_records(first, mark))
    advice = f'Declare `formats: {{{table}: {{delimiter: "{OTHER_MARKS[mark]}"}}}}` in client.yml.'
    problem = f"is read by {delimiter!r}, and the cells seem divided by {OTHER_MARKS[mark]!r}"
    findings.error(name, problem, advice, found=mark.join(found)[:60])
    return True


def _evenly(first: str, mark: str) -> bool:
    """Whether a mark divides the header and nearly all records below it into as many cells."""
    widths = [len(cells) for _, cells in numbered_records(first, mark)]
    if len(widths) < 2 or widths[0] < 2:
        return False
    return sum(width == widths[0] for width in widths[1:]) >= EVEN * (len(widths) - 1)


def _titled(
    first: str, delimiter: str, name: str, table: str, form: Format, findings: Findings
) -> bool:
    """Whether a title stands above the header, reported with the row of the header."""
    for mark in _likely_marks(first, delimiter, form):
        row = likely_header(numbered_records(first, mark))
        if row is None:
            continue
        row += (form.header_row or 1) - 1
        more = [] if mark == delimiter else [f'delimiter: "{OTHER_MARKS[mark]}"']
        problem = f"has a title above the columns: the header seems to be in row {row}"
        findings.error(name, problem, header_advice(table, row, *more))
        return True
    return False


def _split_header(
    first: str, delimiter: str, name: str, table: str, form: Format, findings: Findings
) -> list[str] | None:
    cells = _first_record(first, delimiter)
    header = [cell.strip().strip("\ufeff").strip() for cell in cells]  # a mark inside quotations
    if not any(header):
        advice = "Put the column names in row 1, or declare `header_row` under `formats`."
        long = ": its first line is longer than 20 MB" if len(first) >= LONGEST else ""
        findings.error(name, f"has no header{long}", advice)
        return None
    if len(header) > MOST_COLUMNS:
        problem = f"has {len(header):,} columns: more than a table can have ({MOST_COLUMNS:,})"
        findings.error(name, problem, "Export the questions that are used, in a file of their own.")
        return None
    marks = [mark for mark in OTHER_MARKS if mark != delimiter]
    other = next((mark for mark in marks if mark in header[0]), None)
    if len(header) == 1 and other:
        mark = OTHER_MARKS[other]
        advice = f'Declare `formats: {{{table}: {{delimiter: "{mark}"}}}}` in client.yml.'
        problem = f"is the only column found: the cells seem divided by {mark!r}"
        findings.error(name, problem, advice, found=header[0][:60])
        return None
    return header


def _first_record(text: str, delimiter: str) -> list[str]:
    lines = io.StringIO(text, newline="")
    records = csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter != " ")
    try:
        return next((record for record in records if record), [])
    except csv.Error:
        return []


def _read(text: Path, delimiter: str, width: int) -> Records:
    """Read the records; a delimiter of several bytes changes places with one of a single byte."""
    if delimiter.isascii():
        return read_records(text, delimiter, width)
    swap = str.maketrans({delimiter: STAND_IN, STAND_IN: delimiter})
    plain = text.with_suffix(".plain")
    with (
        text.open(encoding="utf-8", newline="") as stream,
        plain.open("w", encoding="utf-8", newline="") as out,
    ):
        while piece := stream.read(PIECE):
            out.write(piece.translate(swap))
    found = read_records(plain, STAND_IN, width)
    found.cells = found.cells.apply(lambda column: column.str.translate(swap))
    return found


def _as_table(
    found: Records, header: list[str], name: str, digest: str, findings: Findings
) -> RawTable | None:
    if not count_agrees(found, name, findings):
        return None
    body = found.record > 1
    frame = found.cells.loc[body].reset_index(drop=True)
    record = found.record[body] - 1
    above = 1  # records above the first row
    frame.columns = frame.columns if frame.empty else header
    if qualtrics.is_qualtrics(frame):
        frame, record, above = frame.iloc[2:], record[2:] - 2, 3
    rejected = report_records(found, header, name, findings, above=above)
    if not unique_header(header, frame, name, findings):
        return None
    report_repeated(frame, record, header, name, findings)
    rows_in = len(frame) + len(rejected)
    if not rows_in:
        findings.error(name, "has a header and no rows", "Export it again, or remove the file.")
    if frame.empty:
        return None
    lost = [bad.text for bad in rejected]
    return one_file(frame, name, digest, rows_in=rows_in, record=record, lost=lost)


def _without_blank_columns(raw: RawTable, table: str, findings: Findings) -> RawTable:
    """Leave out columns without a name and without a cell.

    A delimiter at the end of every line makes one, and so does a table that a sheet holds
    further to the right.
    """
    blank = [
        not name and bool(raw.frame.iloc[:, at].isna().all())
        for at, name in enumerate(raw.frame.columns)
    ]
    if not any(blank):
        return raw
    findings.note(table, "empty columns without a name left out", sum(blank))
    return replace(raw, frame=raw.frame.loc[:, np.logical_not(blank)])

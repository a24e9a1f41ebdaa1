"""CSV: every cell as text, every malformed record listed, nothing guessed."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb
import numpy as np
import pandas as pd

from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.readers import qualtrics
from helpers.study.readers.raw import RawTable, one_file, sha256
from helpers.study.readers.titles import header_advice, likely_header, numbered_records

__all__ = ["copy_as_utf8", "read_delimited"]

LARGEST = 1_000_000_000  # bytes once unpacked: beyond this a query should summarise first
PIECE = 1 << 20
OTHER_MARKS = {";": ";", "\t": "\\t", "|": "|"}
TOP = 20  # records in which a delimiter shows, if it is the right one
SHOWN = 20  # malformed records named one by one
PROBLEMS = {
    "MISSING COLUMNS": "has too few columns",
    "TOO MANY COLUMNS": "has too many columns",
    "UNQUOTED VALUE": "has a quotation mark that is not closed or not doubled",
    "LINE SIZE OVER MAXIMUM": "is longer than a record can be: a quotation mark is not closed",
}


def read_delimited(
    path: Path, name: str, table: str, form: Format, findings: Findings
) -> RawTable | None:
    """Read a CSV file (``.gz`` too); ``None`` where nothing of it can be read."""
    encoding = form.encoding or "utf-8"
    if not _plausible(path, name, findings):
        return None
    with tempfile.TemporaryDirectory(prefix="handbook-") as aside:
        text = Path(aside) / "table.csv"
        if not copy_as_utf8(path, text, encoding, name, table, findings):
            return None
        if form.header_row is not None:
            _cut(text, form.header_row - 1)
        first = _start(text)
        delimiter = form.delimiter or ("\t" if path.name.endswith((".tsv", ".tsv.gz")) else ",")
        delimiter = "\t" if delimiter == "\\t" else delimiter
        if _titled(first, delimiter, name, table, form, findings):
            return None
        header = _split_header(first, delimiter, name, table, form, findings)
        if header is None:
            return None
        scan = _scan(text, delimiter, len(header))
    return _as_table(scan, header, name, sha256(path), findings)


def _plausible(path: Path, name: str, findings: Findings) -> bool:
    with path.open("rb") as stream:
        start = stream.read(4)
    kinds = {b"PK\x03\x04": "a zip or Excel file", b"PAR1": "a Parquet file", b"%PDF": "a PDF"}
    kinds[b"\xd0\xcf\x11\xe0"] = "an old Excel file"
    if not start:
        findings.error(name, "is empty", "Export the table again, or remove the file.")
    elif start in kinds:
        findings.error(
            name,
            f"is {kinds[start]}, not text",
            "Give it its right extension (.xlsx, .parquet) or export it as CSV.",
        )
    elif start[:2] == b"\x1f\x8b" and not path.name.endswith(".gz"):
        findings.error(name, "is a gzip file, not text", "Let its name end in .csv.gz.")
    elif start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    else:
        return True
    return False


def _open(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb")  # type: ignore[return-value]


def _pieces(path: Path) -> Iterator[bytes]:
    with _open(path) as stream:
        while piece := stream.read(PIECE):
            yield piece


def copy_as_utf8(
    path: Path, to: Path, encoding: str, name: str, table: str, findings: Findings
) -> bool:
    """Write the text as UTF-8, bytes that do not fit as U+FFFD, and report the first."""
    try:
        codecs.lookup(encoding)
    except LookupError:
        advice = "Use utf-8, utf-16, cp1252 or another that Python knows."
        findings.error("client.yml", "is not an encoding", advice, found=encoding)
        return False
    watch = _Watch(encoding)
    try:
        with to.open("w", encoding="utf-8", newline="") as out:
            for piece in _pieces(path):
                out.write(watch.decode(piece))
                if watch.bytes_seen > LARGEST:
                    advice = "Summarise it in a query: see `<table>.sql` in data/README.md."
                    findings.error(name, "is larger than a table can be (1 GB)", advice)
                    return False
            out.write(watch.decode(b"", final=True))
    except (EOFError, gzip.BadGzipFile, OSError) as fault:
        findings.error(name, f"cannot be unpacked: {fault}", "Send it again; it is cut off.")
        return False
    return _encoding_reported(watch, encoding, name, table, findings)


class _Watch:
    """Decodes piece by piece and remembers the first byte that does not fit."""

    def __init__(self, encoding: str) -> None:
        self.bytes_seen = 0
        self.lines = 1
        self.first: tuple[int, int, int] | None = None  # byte, line, value
        self.faults = 0
        self.last = ""
        self.nulls = 0
        self.start = b""
        name = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
        self._decoder = codecs.getincrementaldecoder(name)(errors="strict")
        self._name = name

    def decode(self, piece: bytes, final: bool = False) -> str:
        self.start = self.start or piece[:4]
        data, text = piece, ""
        if self.bytes_seen == 0 and self._name == self._plain():
            data = data.removeprefix(codecs.BOM_UTF8)  # only UTF-8 would drop it by itself
        base = self.bytes_seen - len(self._decoder.getstate()[0])
        while True:
            try:
                text += self._decoder.decode(data, final)
                break
            except UnicodeDecodeError as fault:
                self._decoder.reset()
                text += fault.object[: fault.start].decode(self._plain()) + "\ufffd"
                if self.first is None:
                    line = self.lines + text.count("\n")
                    self.first = (base + fault.start + 1, line, fault.object[fault.start])
                self.faults += 1
                base += fault.end
                data = fault.object[fault.end :]
        self.bytes_seen += len(piece)
        self.lines += text.count("\n")
        self.nulls += text.count("\x00")
        self.last = text[-1:] or self.last
        return text

    def _plain(self) -> str:
        return "utf-8" if self._name == "utf-8-sig" else self._name


def _encoding_reported(
    watch: _Watch, encoding: str, name: str, table: str, findings: Findings
) -> bool:
    if watch.nulls or (watch.faults and watch.start[:2] in (b"\xff\xfe", b"\xfe\xff")):
        guess = "utf-16" if watch.start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-16-le"
        advice = _encoding_advice(table, guess)
        findings.error(name, "is not text in " + encoding + ": it looks like UTF-16", advice)
        return False
    if watch.first is not None:
        byte, line, value = watch.first
        many = f", and {watch.faults - 1} more" if watch.faults > 1 else ""
        problem = f"is not {encoding} (byte {byte} of the file, on line {line}{many})"
        advice = _encoding_advice(table, "cp1252")
        findings.error(name, problem, advice, row=max(line - 1, 1), found=f"byte 0x{value:02x}")
    if watch.last not in ("\n", "\r", ""):
        advice = "Check that the file was not cut off."
        findings.warn(name, "does not end with a new line", advice)
    return True


def _encoding_advice(table: str, encoding: str) -> str:
    return (
        f"Save it as UTF-8, or declare `formats: {{{table}: {{encoding: {encoding}}}}}` "
        "in client.yml."
    )


def _cut(text: Path, rows: int) -> None:
    """Leave out the rows above the header."""
    whole = text.with_suffix(".whole")
    text.rename(whole)
    with (
        whole.open(encoding="utf-8", newline="") as stream,
        text.open("w", encoding="utf-8", newline="") as out,
    ):
        for _ in range(rows):
            stream.readline()
        while piece := stream.read(PIECE):
            out.write(piece)
    whole.unlink()


def _start(text: Path) -> str:
    """The text from its start on, enough to hold one record."""
    with text.open(encoding="utf-8", newline="") as stream:
        return stream.read(PIECE)


def _titled(
    first: str, delimiter: str, name: str, table: str, form: Format, findings: Findings
) -> bool:
    """Whether a title stands above the header, reported with the row of the header."""
    divided = any(len(cells) > 1 for _, cells in numbered_records(first, delimiter)[:TOP])
    others = [] if form.delimiter or divided else [m for m in OTHER_MARKS if m != delimiter]
    for mark in (delimiter, *others):
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
    try:
        record = next(csv.reader(io.StringIO(first, newline=""), delimiter=delimiter), [])
    except csv.Error:
        record = []
    header = [cell.strip() for cell in record]
    if not any(header):
        advice = "Put the column names in row 1, or declare `header_row` under `formats`."
        findings.error(name, "has no header", advice)
        return None
    other = next((mark for mark in OTHER_MARKS if mark in header[0]), None)
    if len(header) == 1 and other and form.delimiter is None:
        mark = OTHER_MARKS[other]
        advice = f'Declare `formats: {{{table}: {{delimiter: "{mark}"}}}}` in client.yml.'
        problem = f"is the only column found: the cells seem divided by {mark!r}"
        findings.error(name, problem, advice, found=header[0][:60])
        return None
    return header


@dataclass(frozen=True)
class _Scan:
    cells: pd.DataFrame
    rejected: list[tuple[int, str, str]]  # record counted from the top, kind, raw text
    record: np.ndarray  # of each row of cells, counted from the top


def _scan(text: Path, delimiter: str, width: int) -> _Scan:
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    query = (
        "SELECT * FROM read_csv(?, auto_detect=false, header=false, delim=?, quote='\"', "
        f"escape='\"', columns={{{columns}}}, store_rejects=true, parallel=false, "
        "max_line_size=20000000, null_padding=false)"
    )
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order=true")
        found = connection.sql(query, params=[str(text), delimiter])
        cells = found.to_arrow_table().to_pandas()
        rejected = connection.execute(
            "SELECT line, min(error_type::VARCHAR), min(csv_line) FROM reject_errors "
            "GROUP BY line ORDER BY line"
        ).fetchall()
    bad = [(int(line), str(kind), str(raw)) for line, kind, raw in rejected]
    return _numbered(cells, bad, _blank_records(text, delimiter) if bad else [])


def _blank_records(text: Path, delimiter: str) -> list[int]:
    """Empty lines: DuckDB leaves them out of the cells and yet counts them."""
    with text.open(encoding="utf-8", newline="") as stream:
        records = enumerate(csv.reader(stream, delimiter=delimiter), start=1)
        try:
            return [number for number, record in records if not record]
        except csv.Error:
            return []


def _numbered(cells: pd.DataFrame, bad: list[tuple[int, str, str]], blank: list[int]) -> _Scan:
    """Number rows and malformed records together, empty lines not counted."""
    taken = [line for line, _, _ in bad]
    most = len(cells) + len(taken) + len(blank) + max(taken, default=0)
    line = np.setdiff1d(np.arange(1, most + 1), [*taken, *blank])[: len(cells)]
    record = line - np.searchsorted(blank, line)
    rejected = [(n - int(np.searchsorted(blank, n)), kind, raw.lstrip()) for n, kind, raw in bad]
    return _Scan(cells, rejected, record)


def _as_table(
    scan: _Scan, header: list[str], name: str, digest: str, findings: Findings
) -> RawTable | None:
    body = scan.record > 1
    frame = scan.cells.loc[body].reset_index(drop=True)
    record = scan.record[body] - 1
    rejected = [(line - 1, kind, raw) for line, kind, raw in scan.rejected if line > 1]
    frame.columns = pd.Index(header)
    if qualtrics.is_qualtrics(frame):
        frame, record = frame.iloc[2:], record[2:] - 2
        rejected = [(line - 2, kind, raw) for line, kind, raw in rejected]
    _report_rejected(rejected, len(header), name, findings)
    if not _unique_header(header, name, findings):
        return None
    rows_in = len(frame) + len(rejected)
    if not rows_in:
        findings.error(name, "has a header and no rows", "Export it again, or remove the file.")
        return None
    lost = [raw for _, _, raw in rejected]
    return one_file(frame, name, digest, rows_in=rows_in, record=record, lost=lost)


def _report_rejected(
    rejected: list[tuple[int, str, str]], width: int, name: str, findings: Findings
) -> None:
    for record, kind, raw in rejected[:SHOWN]:
        problem = PROBLEMS.get(kind, f"cannot be read ({kind.lower()})")
        if "COLUMNS" in kind:
            problem += f" for the {width} of the header"
        shown = raw if len(raw) <= 80 else raw[:79] + "…"
        findings.error(name, problem, "Mend the record in the export.", row=record, found=shown)
    if len(rejected) > SHOWN:
        more = len(rejected) - SHOWN
        problem = f"has {more:,} more malformed records, the last in row {rejected[-1][0]:,}"
        findings.error(name, problem, "Export it again with every text cell in quotation marks.")


def _unique_header(header: list[str], name: str, findings: Findings) -> bool:
    twice = sorted({cell for cell in header if header.count(cell) > 1})
    for cell in twice:
        places = [i + 1 for i, other in enumerate(header) if other == cell]
        columns = " and ".join(map(str, places))
        problem = f"names columns {columns}"
        findings.error(name, problem, "Give each column one name.", column=cell or "(no name)")
    return not twice

"""Reading the records of a delimited text: counted by us, divided into cells, compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from helpers.study.readers.structure import Structure, structure

__all__ = [
    "LONGEST", "Bad", "Place", "Records", "checked_records", "read_records", "spooled_records",
]  # fmt: skip

CHUNK = 8 << 20
LONGEST = 20_000_000  # bytes of a record: beyond this a quotation mark is not closed
UNKNOWN = 0  # number of a record, until those before it are counted
SHOWN = 80  # letters of a record that a fault shows
NARROW = 3  # columns up to which a comment's commas may look like a record
SAMPLE, FEWEST, MOSTLY = 200, 5, 0.9  # records whose columns show what is a number
NUMBER = re.compile(rb"-?\d+(?:[.,]\d+)?")
MARK = b"\xef\xbb\xbf"  # a byte-order mark


@dataclass(frozen=True, slots=True)
class Bad:
    """A record that cannot be read: its number from the top, what is wrong, its text."""

    record: int
    kind: str
    text: str
    column: int | None = None  # counted from 0
    lines: int = 0  # below it, lost in an open quotation


@dataclass(frozen=True, slots=True)
class Place:
    """A cell: the number of its record from the top, its column from 0."""

    record: int
    column: int


@dataclass
class Records:
    """What was read; every number of a record is counted from the top, empty lines left out."""

    cells: pd.DataFrame = field(default_factory=pd.DataFrame)
    record: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=int))  # of each row
    bad: list[Bad] = field(default_factory=list)
    counted: int = 0  # sound records, by our count
    nulls: list[Place] = field(default_factory=list)  # NUL bytes
    padded: list[int] = field(default_factory=list)  # records with spaces around quotations
    swallowed: list[Place] = field(default_factory=list)  # cells that hold what looks like records
    marked: list[int] = field(default_factory=list)  # records that begin with a byte-order mark


def read_records(text: Path, delimiter: str, width: int) -> Records:
    """Read every sound record of ``width`` fields; list the others.

    Examples
    --------
    >>> read_records(Path("/dev/null"), ",", 2).counted
    0
    """
    found = Records()
    tables, numbers = [], []
    for part, number, sound in _judged(text, delimiter, width, found):
        if sound.any():
            tables.append(_cells(_only(part, sound), delimiter, width))
            numbers.append(number[sound])
    if tables:
        found.cells = pa.concat_tables(tables).to_pandas()
        found.record = np.concatenate(numbers)
    return found


def checked_records(text: Path, delimiter: str, width: int) -> Records:
    """Count the sound records of ``width`` fields and list the others, without their cells.

    Examples
    --------
    >>> checked_records(Path("/dev/null"), ",", 2).bad
    []
    """
    found = Records()
    for _ in _judged(text, delimiter, width, found):
        pass
    return found


def spooled_records(text: Path, delimiter: str, header: Sequence[str], out: Path) -> Records:
    """Write the sound records as text into a Parquet file, piece by piece; list the others.

    The header is not among them. Every number of a record is one more than its row's.
    """
    found = Records()
    width, above = len(header), 1
    schema = pa.schema([(name, pa.large_string()) for name in header])
    with parquet.ParquetWriter(out, schema, compression="snappy") as writer:
        for part, _, sound in _judged(text, delimiter, width, found):
            if sound.any():
                cells = _cells(_only(part, sound), delimiter, width).rename_columns(list(header))
                writer.write_table(cells.slice(above))
                above = 0
    return found


def _judged(
    text: Path, delimiter: str, width: int, found: Records
) -> Iterator[tuple[Structure, np.ndarray, np.ndarray]]:
    """Stretches of records: the number of each, and whether it is sound; judged in ``found``."""
    seen = 0
    for part in _parts(text, ord(delimiter), found):
        filled = part.fields > 0
        number = seen + np.cumsum(filled)
        seen = int(number[-1]) if len(number) else seen
        sound = filled & (part.fields == width)
        _judge(part, number, sound, width, found)
        found.counted += int(sound.sum())
        yield part, number, sound
    if found.bad and found.bad[-1].record == UNKNOWN:
        found.bad.append(replace(found.bad.pop(), record=seen + 1))


def _parts(text: Path, delimiter: int, found: Records) -> Iterator[Structure]:
    """Stretches of whole records, and what the text ends with where that is not one."""
    rest = b""
    with text.open("rb") as stream:
        while True:
            piece = stream.read(CHUNK)
            data = rest + piece
            if not data:
                return
            last = len(piece) < CHUNK
            part = structure(data, delimiter, last=last)
            if len(part.ends):
                yield part
            rest = data[part.used :]
            if len(rest) > LONGEST or (last and rest):
                found.bad.append(_without_end(part, rest, whole=last))
                return
            if last:
                return


def _without_end(part: Structure, rest: bytes, *, whole: bool) -> Bad:
    """The last record, where it has no end that we could find."""
    if part.open_at is None:
        return Bad(UNKNOWN, "LONG", _shown(rest))
    column = part.column_of(part.open_at)
    lines = len(rest.rstrip().splitlines()) - 1 if whole else -1
    return Bad(UNKNOWN, "OPEN", rest.decode("utf-8", "replace"), column, lines)


def _shown(data: bytes) -> str:
    return data[: 4 * SHOWN].decode("utf-8", "replace")


def _judge(
    part: Structure, number: np.ndarray, sound: np.ndarray, width: int, found: Records
) -> None:
    """List what is wrong or odd in a stretch; records that cannot be read leave ``sound``."""
    long = part.stops - part.starts > LONGEST
    wrong = np.zeros(len(sound), dtype=bool)
    places = part.quotation.wrong[part.quotation.wrong < part.used]
    wrong[part.records_of(places)] = True
    sound &= ~(long | wrong)
    for at in np.flatnonzero((part.fields > 0) & ~sound).tolist():
        few = "FEW" if part.fields[at] < width else "MANY"
        kind = "LONG" if long[at] else "QUOTE" if wrong[at] else few
        text = part.data[part.starts[at] : part.stops[at]].decode("utf-8", "replace")
        found.bad.append(Bad(int(number[at]), kind, text[:SHOWN] if kind == "LONG" else text))
    found.nulls.extend(_nulls(part, number))
    found.swallowed.extend(_swallowed(part, number, sound, width))
    spaced = np.array([low for low, _ in part.quotation.spaces if low < part.used], dtype=int)
    found.padded.extend(np.unique(number[part.records_of(spaced)]).tolist())
    if MARK in part.data:
        starts = part.starts[part.starts + 2 < len(part.letters)]
        begins = [part.letters[starts + i] == byte for i, byte in enumerate(MARK)]
        found.marked.extend(number[: len(starts)][np.logical_and.reduce(begins)].tolist())


def _nulls(part: Structure, number: np.ndarray) -> list[Place]:
    if b"\x00" not in part.data:
        return []
    places = np.flatnonzero(part.letters[: part.used] == 0)
    records, first = np.unique(part.records_of(places), return_index=True)
    return [
        Place(int(number[record]), part.column_of(int(places[at])))
        for record, at in zip(records[:SHOWN], first, strict=False)
    ]


def _swallowed(part: Structure, number: np.ndarray, sound: np.ndarray, width: int) -> list[Place]:
    """Records whose lines each have a whole record's delimiters: a quotation closed too late."""
    inner = part.inner_breaks()
    inner = inner[inner < part.used]
    if width < 2 or not len(inner):
        return []
    lines = part.breaks[part.breaks <= part.ends[-1]]
    divided = np.diff(np.searchsorted(part.delimiters, lines), prepend=0)
    record, size = part.records_of(lines), len(part.ends)
    below = np.diff(record, prepend=-1) == 0
    total = np.bincount(record, minlength=size)
    alike = np.bincount(record[divided == width - 1], minlength=size) >= np.maximum(2, total - 2)
    full = np.bincount(record[below & (divided >= width - 1)], minlength=size) == total - 1
    likely = np.flatnonzero(sound & (total > 1) & (alike | full)).tolist()
    numeric = _numeric_columns(part, width) if likely and width <= NARROW else []
    at = [
        i
        for i in likely
        if (alike[i] and width > NARROW)
        or _same_shape(part, i)
        or _as_numeric(part, i, width, numeric)
    ]
    first = inner[np.searchsorted(inner, part.starts[np.array(at, dtype=int)])]
    return [Place(int(number[i]), part.column_of(int(p))) for i, p in zip(at, first, strict=True)]


def _same_shape(part: Structure, at: int) -> bool:
    """Whether the lines of a record begin with first cells that look alike: r12, r13."""
    lines = part.data[part.starts[at] : part.stops[at]].splitlines()
    firsts = [line.split(bytes([part.delimiter]))[0].strip(b'"') for line in lines]
    shapes = [re.sub(rb"[A-Za-z]+", b"a", re.sub(rb"\d+", b"9", cell)) for cell in firsts]
    return b"9" in shapes[0] and shapes.count(shapes[0]) >= max(2, len(shapes) - 2)


def _numeric_columns(part: Structure, width: int) -> list[int]:
    """The columns in which nearly all of the first records hold numbers."""
    ends = zip(part.starts[:SAMPLE].tolist(), part.stops[:SAMPLE].tolist(), strict=True)
    mark = bytes([part.delimiter])
    rows = [cells for low, high in ends if len(cells := part.data[low:high].split(mark)) == width]
    numbers = [sum(_is_number(row[column]) for row in rows) for column in range(width)]
    return [at for at, many in enumerate(numbers) if many >= max(FEWEST, MOSTLY * (len(rows) - 1))]


def _is_number(cell: bytes) -> bool:
    return NUMBER.fullmatch(cell.strip(b'"')) is not None


def _as_numeric(part: Structure, at: int, width: int, numeric: list[int]) -> bool:
    """Whether the lines in a cell have numbers in the columns where other records have them."""
    lines = part.data[part.starts[at] : part.stops[at]].splitlines()[1:]
    rows = [line.split(bytes([part.delimiter])) for line in lines]
    fits = [len(row) == width and all(_is_number(row[i]) for i in numeric) for row in rows]
    return bool(numeric) and sum(fits) >= max(1, len(lines) - 1)


def _only(part: Structure, sound: np.ndarray) -> pa.Buffer:
    """The bytes of the sound records, without spaces around their quotations."""
    spaces = [(low, high) for low, high in part.quotation.spaces if low < part.used]
    if sound.all() and not spaces:
        return pa.py_buffer(part.data).slice(0, part.used)
    step = np.zeros(part.used + 1, dtype=np.int32)
    np.add.at(step, part.starts[sound], 1)
    np.add.at(step, np.minimum(part.ends[sound] + 1, part.used), -1)
    for low, high in spaces:
        step[low] -= 2
        step[high] += 2
    return pa.py_buffer(part.letters[: part.used][np.cumsum(step[:-1]) > 0].tobytes())


def _cells(data: pa.Buffer, delimiter: str, width: int) -> pa.Table:
    names = [f"c{i}" for i in range(width)]
    return arrow_csv.read_csv(
        pa.BufferReader(data),
        arrow_csv.ReadOptions(column_names=names, block_size=data.size + 1, use_threads=False),
        arrow_csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
        ),
        arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()),
            null_values=[""],
            strings_can_be_null=True,
            check_utf8=False,  # it was written by us
        ),
    )

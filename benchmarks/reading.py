"""Counting and reading the records of a CSV beside Python's csv: CPU seconds, ratios, memory.

Run with ``python benchmarks/reading.py``, or with a number of rows behind it. Every way of
quoting is read; the counts of both must agree, or the script ends with what differs.
"""

from __future__ import annotations

import csv
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from helpers.study.readers.records import CHUNK, read_records
from helpers.study.readers.structure import structure

ROWS = 1_000_000
COMMENTS = {
    "no marks": ["late delivery", "fine", ""],
    "quoted": ['"Good, and ""fast"""', "late delivery", '"line one\nline two"', ""],
    "marks inside": ['5" pipe', "late", '"Good, and ""fast"""', ""],
}
WIDTH = 10


def write(path: Path, rows: int, comments: list[str]) -> None:
    """A survey of ten columns, the last of them what people wrote."""
    rng = np.random.default_rng(rows)
    scores, places = rng.integers(0, 11, (rows, 3)), rng.integers(0, len(comments), rows)
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write("response_id,wave,account_id,completed_at,region,mode,nps,ease,trouble,why\n")
        for i, ((nps, ease, trouble), at) in enumerate(zip(scores, places, strict=True)):
            start = f"r{i:07d},2026H1,{i % 20_000:05d},2026-05-{1 + i % 28:02d},R{i % 7},web"
            out.write(f"{start},{nps},{ease},{trouble},{comments[at]}\n")


def count(path: Path) -> int:
    """Records by our own states, without reading a cell."""
    found, rest = 0, b""
    with path.open("rb") as stream:
        while True:
            piece = stream.read(CHUNK)
            part = structure(rest + piece, ord(","), last=len(piece) < CHUNK)
            found += int((part.fields > 0).sum())
            rest = part.data[part.used :]
            if len(piece) < CHUNK:
                return found


def count_by_python(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as stream:
        return sum(1 for record in csv.reader(stream) if record)


def seconds(work: Callable[[], object]) -> tuple[float, object]:
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    print(f"{rows:,} records of {WIDTH} columns; CPU seconds")
    with tempfile.TemporaryDirectory() as folder:
        for name, comments in COMMENTS.items():
            path = Path(folder) / "responses.csv"
            write(path, rows, comments)
            python, expected = seconds(lambda path=path: count_by_python(path))
            ours, found = seconds(lambda path=path: count(path))
            reading, table = seconds(lambda path=path: read_records(path, ",", WIDTH))
            if not expected == found == len(table.cells) == rows + 1:
                sys.exit(f"{name}: Python counts {expected}, we {found}, {len(table.cells)} read")
            print(
                f"{name:14} csv.reader {python:5.2f}   our count {ours:5.2f} (ratio "
                f"{ours / python:.2f})   counted, read, compared {reading:5.2f} (ratio "
                f"{reading / python:.2f})"
            )
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"most memory {most:,.0f} MB")


if __name__ == "__main__":
    main()

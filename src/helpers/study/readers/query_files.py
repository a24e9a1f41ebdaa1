"""What a query must not pass over in silence: records of its text files that cannot be read."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from pathlib import Path

from helpers.study.findings import Findings
from helpers.study.readers.decoding import copy_as_utf8, looks_like_text
from helpers.study.readers.record_faults import report_records
from helpers.study.readers.records import checked_records
from helpers.study.readers.titles import numbered_records

__all__ = ["check_text_files", "report_options"]

START = 1 << 16  # letters of a file in which the number of its columns shows
IS = r"\s*(?::=|=>|=)\s*"
LOSES = (  # what it does to records without a word
    (rf"\bignore_errors{IS}(?!false\b)\w+", "ignore_errors", "leaves out records"),
    (rf"\bstore_rejects{IS}(?!false\b)\w+", "store_rejects", "leaves out records"),
    (r"\brejects_(?:table|scan|limit)\b", "rejects_table", "leaves out records"),
    (rf"\bstrict_mode{IS}false\b", "strict_mode=false", "guesses where records end"),
    (rf"\bnull_padding{IS}(?!false\b)\w+", "null_padding", "fills up records that were cut"),
    (r"\b(?:TABLESAMPLE|USING\s+SAMPLE)\b", "SAMPLE", "takes other rows each time"),
)
TRIES = re.compile(r"\b(TRY_CAST|try_strptime|TRY)\s*\(", re.IGNORECASE)
INSTEAD = "Take it out of the query: a record that cannot be read is then named, to be mended."
ROWS = "Take it out of the query; choose rows with WHERE."
MARKS = re.compile(r"""\b(?:delim|delimiter|sep)\s*(?::=|=>|=)\s*E?'(\\t|[^'])'""", re.IGNORECASE)
SKIP = re.compile(r"\bskip\s*(?::=|=>|=)\s*(\d{1,6})\b", re.IGNORECASE)
CODE = re.compile(r"""\bencoding\s*(?::=|=>|=)\s*'([\w-]+)'""", re.IGNORECASE)
OTHER_QUOTES = re.compile(
    r"""\b(?:quote|escape|comment|new_line)\s*:?=\s*'(?!"'|\\)""", re.IGNORECASE
)
LIKELY = (",", ";", "\t", "|")


def report_options(code: str, name: str, findings: Findings) -> bool:
    """Refuse what would drop or bend records without a word; ``code`` holds no texts."""
    found = [(option, does) for sign, option, does in LOSES if re.search(sign, code, re.I)]
    for option, does in found:
        advice = ROWS if option == "SAMPLE" else INSTEAD
        findings.error(name, f"{does} without a word", advice, found=option)
    tried = TRIES.search(code)
    if tried:
        problem = "reads what it cannot convert as empty, without a word"
        word = tried[1]
        advice = "Use CAST or strptime: a value that cannot be converted is then named."
        findings.warn(name, problem, advice, found=word)
    return bool(found)


def check_text_files(
    files: list[Path], sql: str, folder: Path, encoding: str | None, table: str, findings: Findings
) -> None:
    """Count the records of each file by ourselves, and name those that are malformed."""
    if OTHER_QUOTES.search(sql):
        return  # it says itself how its records are written
    said = CODE.search(sql)
    code = encoding or (said[1] if said else "utf-8")
    marks = ["\t" if mark == "\\t" else mark for mark in MARKS.findall(sql)]
    skip = max(map(int, SKIP.findall(sql)), default=0)
    for path in files:
        name = path.relative_to(folder).as_posix()
        with tempfile.TemporaryDirectory(prefix="handbook-") as aside:
            text = Path(aside) / "table.csv"
            unread = Findings()  # what the query itself says of an encoding
            if not looks_like_text(path, name, unread):
                continue
            if copy_as_utf8(path, text, code, name, table, unread) and not unread.errors:
                _check(text, name, marks, skip, findings)


def _check(text: Path, name: str, marks: list[str], skip: int, findings: Findings) -> None:
    with text.open(encoding="utf-8", newline="") as stream:
        start = stream.read(START)
    head = start.split("\n", skip)[-1] if skip else start
    mark = max([*marks, *LIKELY], key=lambda each: head.partition("\n")[0].count(each))
    if not mark.isascii():
        return
    records = [cells for _, cells in numbered_records(start, mark)]
    widths = Counter(len(cells) for cells in records[skip:])
    if not widths:
        return
    width = widths.most_common(1)[0][0]
    first = next(place for place, cells in enumerate(records) if len(cells) == width)
    header = [cell.strip() for cell in records[first]]
    found = checked_records(text, mark, width)
    report_records(found, header, name, findings, above=first + 1, first=first + 1)

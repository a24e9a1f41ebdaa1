"""``<table>.sql``: one DuckDB query over the client folder's own files, and no others."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path

import pandas as pd

from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.readers import confined, query_faults
from helpers.study.readers.arrow_frame import frame_of
from helpers.study.readers.decoding import copy_as_utf8
from helpers.study.readers.query_files import check_text_files, report_options
from helpers.study.readers.raw import RawTable, one_file, sha256
from helpers.study.regular_files import special_files

__all__ = ["files_read", "query_text", "read_query"]

DATA = (".csv", ".tsv", ".txt", ".json", ".parquet", ".csv.gz", ".tsv.gz", ".txt.gz", ".json.gz")
GUESSED = re.compile(r"\s*--\s*\?(.*)")
TEXT = re.compile(r"\.(csv|tsv|txt)(\.gz)?$", re.IGNORECASE)
QUOTED = re.compile(  # a comment, or a text or a name in quotes
    r"""--[^\n]*|/\*.*?\*/|'(?P<text>(?:[^']|'')*)'|"(?P<name>(?:[^"]|"")*)\"""", re.S
)


def read_query(
    path: Path, name: str, table: str, folder: Path, form: Format, findings: Findings
) -> RawTable | None:
    """Run the query; file names in it are relative to the client folder.

    An encoding declared for the table is that of the text files which the query reads.
    DuckDB knows few encodings, so it is given copies in UTF-8.
    """
    sql = query_text(path)
    if "\ufffd" in sql:
        findings.error(name, "is not UTF-8", "Save it as UTF-8.")
        return None
    special = special_files(folder)
    for found in special:
        advice = "Take it out of the folder: a query that looks for files could wait for ever."
        findings.error(found, "is a pipe, a socket or a device, not a file", advice)
    if special:
        return None
    links = _links_outside(folder)
    if links:
        advice = "Put the files themselves into the folder."
        findings.error(name, f"cannot be confined: {links[0]} links outside", advice)
        return None
    if report_options(QUOTED.sub(" ", sql), name, findings):
        return None
    before = len(findings.errors)
    texts = [file for file in files_read(sql, folder) if TEXT.search(file.name)]
    check_text_files(texts, sql, folder, form.encoding, table, findings)
    if len(findings.errors) > before:
        return None
    with tempfile.TemporaryDirectory(prefix="handbook-") as aside:
        home = folder.resolve()
        if form.encoding is not None:
            home = Path(aside).resolve()
            _mirror(files_read(sql, folder), folder, home, form.encoding, table, findings)
        frame = _answer(sql, home, name, table, findings)
    if frame is None:
        return None
    _report_guesses(sql, name, findings)
    digest = _digest(path, files_read(sql, folder))
    return one_file(frame, name, digest, stored_types=True)


def _report_guesses(sql: str, name: str, findings: Findings) -> None:
    """What a draft marked as a guess and nobody has confirmed: comments that begin with a ``?``."""
    for line, text in enumerate(sql.splitlines(), start=1):
        found = GUESSED.fullmatch(text)
        if found:
            why = found[1].strip().rstrip("?") or "no reason is given"
            advice = "Correct the query if it is not so, then take the line out."
            findings.error(name, f"is still a guess (line {line}): {why}", advice)


def query_text(path: Path) -> str:
    """The text of a query; bytes that are not UTF-8 become U+FFFD."""
    return path.read_text(encoding="utf-8-sig", errors="replace")


def _mirror(
    files: list[Path], folder: Path, to: Path, encoding: str, table: str, findings: Findings
) -> None:
    """A folder like the client's whose texts are UTF-8, with the files that a query reads."""
    for path in files:
        name = path.relative_to(folder).as_posix()
        copy = to / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if not TEXT.search(name):
            shutil.copyfile(path, copy)
            continue
        text = copy.with_name("utf-8") if name.lower().endswith(".gz") else copy
        copy_as_utf8(path, text, encoding, name, table, findings)
        if text != copy and text.exists():
            with text.open("rb") as source, gzip.open(copy, "wb", compresslevel=1) as packed:
                shutil.copyfileobj(source, packed)
            text.unlink()


def _answer(sql: str, home: Path, name: str, table: str, findings: Findings) -> pd.DataFrame | None:
    try:
        with confined.reading("arrow_cells", home, sql=sql) as answer:
            return frame_of(answer, name, table, findings)
    except confined.Unreadable as fault:
        told = str(fault).split("Possible ")[0].strip().replace(f"{home}/", "")
    problem, advice = query_faults.explained(told, table)
    if query_faults.NOT_UTF_8.search(told):
        problem, advice = query_faults.other_alphabet(sql, home, table) or (problem, advice)
    findings.error(name, problem, advice)
    return None


def _links_outside(folder: Path) -> list[str]:
    home = folder.resolve()
    found = []
    for root, folders, files in os.walk(home):
        for entry in (*folders, *files):
            path = Path(root) / entry
            if path.is_symlink() and not _leads_inside(path, home):
                found.append(str(path.relative_to(home)))
    return sorted(found)


def _leads_inside(path: Path, home: Path) -> bool:
    try:
        return path.resolve().is_relative_to(home)
    except (OSError, RuntimeError):  # a link that leads to itself
        return False


def files_read(sql: str, folder: Path) -> list[Path]:
    """The folder's data files that a query names, globs included.

    Examples
    --------
    >>> files_read("SELECT * FROM 'no_such_file.csv'", Path("."))
    []
    """
    quoted = [found["text"] or found["name"] or "" for found in QUOTED.finditer(sql)]
    named = [text for text in quoted if text.lower().endswith(DATA)]
    inside = [text for text in named if not Path(text).is_absolute() and ".." not in text]
    return sorted({path for text in inside for path in _matching(text, folder)})


def _matching(pattern: str, folder: Path) -> list[Path]:
    try:
        return [path for path in folder.glob(pattern) if path.is_file()]
    except ValueError:  # a pattern that is none, such as a**.csv
        return []


def _digest(query: Path, inputs: list[Path]) -> str:
    parts = [sha256(path) for path in (query, *inputs)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()

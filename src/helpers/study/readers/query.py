"""``<table>.sql``: one DuckDB query over the client folder's own files, and no others."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

import duckdb
import pandas as pd

from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.readers.decoding import copy_as_utf8
from helpers.study.readers.raw import RawTable, one_file, sha256
from helpers.study.regular_files import special_files

__all__ = ["files_read", "query_text", "read_query"]

DATA = (".csv", ".tsv", ".txt", ".json", ".parquet", ".csv.gz", ".tsv.gz", ".txt.gz", ".json.gz")
TEXT = re.compile(r"\.(csv|tsv|txt)(\.gz)?$", re.IGNORECASE)
QUOTED = re.compile(r"'([^'\n]+)'")


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
    with tempfile.TemporaryDirectory(prefix="handbook-") as aside:
        copies = Path(aside).resolve()
        if form.encoding is not None:
            texts = [file for file in files_read(sql, folder) if TEXT.search(file.name)]
            _copy_texts(texts, folder, copies, form.encoding, table, findings)
        frame = _answer(
            _with_full_paths(sql, folder.resolve(), copies), folder, copies, name, findings
        )
    if frame is None:
        return None
    digest = _digest(path, files_read(sql, folder))
    return one_file(frame, name, digest, stored_types=True)


def query_text(path: Path) -> str:
    """The text of a query; bytes that are not UTF-8 become U+FFFD."""
    return path.read_text(encoding="utf-8-sig", errors="replace")


def _copy_texts(
    files: list[Path], folder: Path, aside: Path, encoding: str, table: str, findings: Findings
) -> None:
    for path in files:
        name = path.relative_to(folder).as_posix()
        copy = aside / name.removesuffix(".gz")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy_as_utf8(path, copy, encoding, name, table, findings)


def _with_full_paths(sql: str, home: Path, copies: Path) -> str:
    """Put the folder before the names of its files: a confined DuckDB asks for that."""

    def full(match: re.Match[str]) -> str:
        name = match[1]
        if not files_read(match[0], home):
            return match[0]
        unpacked = name.removesuffix(".gz")
        path = copies / unpacked if any(copies.glob(unpacked)) else home / name
        return "'" + str(path).replace("'", "''") + "'"

    return QUOTED.sub(full, sql)


def _answer(
    sql: str, folder: Path, copies: Path, name: str, findings: Findings
) -> pd.DataFrame | None:
    try:
        return _run(sql, [str(folder.resolve()), str(copies)])
    except ValueError as fault:
        findings.error(name, str(fault), "Write one SELECT; make other steps WITH clauses.")
    except duckdb.Error as fault:
        problem = f"failed: {_first_lines(fault)}".replace(f"{folder.resolve()}/", "")
        findings.error(name, problem, "Mend the query.")
    return None


def _run(sql: str, allowed: list[str]) -> pd.DataFrame:
    with duckdb.connect(config={"threads": 2}) as connection:
        statements = connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            kinds = ", ".join(str(s.type).rsplit(".", 1)[-1] for s in statements) or "nothing"
            raise ValueError(f"is not one SELECT: found {kinds}")
        connection.execute("SET temp_directory = ''")
        connection.execute("SET allowed_directories = ?", [allowed])
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        frame = connection.execute(statements[0]).df()
    frame.columns = frame.columns.map(str)
    return frame


def _first_lines(fault: Exception) -> str:
    text = re.sub(r"\s*LINE \d+:.*", "", str(fault), flags=re.S)
    return " ".join(text.split())[:300]


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
    named = [text for text in QUOTED.findall(sql) if text.lower().endswith(DATA)]
    inside = [text for text in named if not Path(text).is_absolute() and ".." not in text]
    return sorted({path for text in inside for path in folder.glob(text) if path.is_file()})


def _digest(query: Path, inputs: list[Path]) -> str:
    parts = [sha256(path) for path in (query, *inputs)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()

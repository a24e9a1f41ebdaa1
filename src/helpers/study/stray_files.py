"""Files of a client's folder that look like tables and that no table uses."""

from __future__ import annotations

import re
from pathlib import Path

from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.nearest import nearest
from helpers.study.readers.sources import ENDINGS, files_used, is_named_after
from helpers.study.tables import TABLES

__all__ = ["check_stray_files"]

DATA_FILE = re.compile(r"(?i)[^.~].*\.(csv|tsv|tab|xls[xmb]?|ods|parquet|z?sav)(\.(gz|zip))?")
TABLE_LIKE = re.compile(  # of a file that is called like a table, whether it can be read or not
    r"(?i).*\.(csv|tsv|tab|txt|psv|dat|xl\w+|f?ods|numbers|parquet|feather|arrow|z?sav|por|dta"
    r"|sas7bdat|xpt|rds|rdata|jsonl?|ndjson|xml|dbf|mdb|accdb|db|sqlite3?|duckdb|gz|bz2|xz|zst|zip)"
)
TEXT_FILE = re.compile(r"(?i)[^.~].*\.(txt|dat|psv|asc)")


def check_stray_files(folder: Path, config: Config, findings: Findings) -> None:
    """Warn of files that look like tables and that no table uses."""
    known = [*TABLES, "codebook"]
    named = {folder / text for texts in config.tables.values() for text in texts}
    used = files_used(known, folder, config) | named
    for path in sorted(folder.iterdir()):
        stem, ending = path.name.split(".")[0], path.suffix.lower()
        own = next((name for name in known if is_named_after(path.name, name)), None)
        like = stem.lower() in known and TABLE_LIKE.fullmatch(path.name)
        if path in used or (own and own not in config.tables):  # read, or a fault of its own
            continue
        if not path.is_file() or not (like or DATA_FILE.fullmatch(path.name) or _lists(path)):
            continue
        meant = nearest(stem, known, likeness=0.8)
        if meant and meant not in config.tables and not own:
            _warn_of_name(path.name, meant, like is not None, ending in ENDINGS, findings)
        else:
            advice = "Name it under `tables:` in client.yml, if it is a table."
            findings.warn(path.name, "is not used", advice)


def _lists(path: Path) -> bool:
    """Whether a text of another ending holds a table: its first lines are divided alike."""
    if not TEXT_FILE.fullmatch(path.name):
        return False
    with path.open("rb") as stream:
        lines = stream.read(4_096).replace(b"\0", b"").splitlines()[:5]
    counts = [{line.count(mark) for line in lines} for mark in (b"\t", b";", b"|", b",")]
    return len(lines) > 2 and any(len(found) == 1 and max(found) > 1 for found in counts)


def _warn_of_name(file: str, meant: str, like: bool, readable: bool, findings: Findings) -> None:
    """A file that is called almost like a table, and is not read."""
    ending = file[file.index(".") :]
    problem = "is not read" if like else "is not a table that the handbook knows"
    if not readable:
        advice = f"Save it as {meant}.csv or {meant}.xlsx if that is what it holds."
    elif ending.lower() in ENDINGS:
        advice = f"Call it {meant}{ending} if that is what it holds."
    else:
        named = f"`tables: {{{meant}: {file}}}`"
        advice = f"Call it {meant}{Path(file).suffix}, or write {named} in client.yml."
    findings.warn(file, problem, advice)

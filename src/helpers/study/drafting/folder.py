"""A client folder from raw files: copied as they came, with drafts of what they are."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from helpers.errors import HandbookError
from helpers.study.drafting.draft import Draft, draft_codebook
from helpers.study.drafting.export import read_export
from helpers.study.drafting.guess import Guess
from helpers.study.drafting.long import Long, find_long
from helpers.study.drafting.tables import Recognised, recognise
from helpers.study.drafting.writing import as_client, as_codebook
from helpers.study.readers.sources import ENDINGS
from helpers.study.tables import TABLES
from helpers.study.template import new_client
from helpers.study.whole_files import write_whole

__all__ = ["Made", "client_from", "drafts_beside", "survey_of"]

QUERY = "responses.sql"
DRAFTS = {"codebook.csv": "codebook.draft.csv", "client.yml": "client.draft.yml"}
RATED = ("recommend", "satisfaction", "effort", "attitude", "behaviour", "driver", "comment")


@dataclass(frozen=True)
class Made:
    """A new client folder: the draft, and the table that each file became."""

    folder: Path
    draft: Draft
    tables: Mapping[str, Guess]  # file: table


def client_from(folder: Path, files: Sequence[Path]) -> Made:
    """Make a client folder out of raw files; nothing is written where one cannot be read."""
    survey = _survey(files)
    long = find_long(read_export(survey))
    draft = draft_codebook(survey) if long is None else _turned(survey, long)
    others = [recognise(path) for path in files if path != survey]
    _refuse_twice(others)
    tables = {draft.export.path.name: Guess("responses")}
    tables |= {found.export.path.name: found.table for found in others}
    title = folder.name.replace("-", " ").replace("_", " ").title()
    found = {f.table.value: f for f in others if f.table.value}
    texts = {
        "codebook.csv": as_codebook(draft),
        "client.yml": as_client(draft, title, _named(tables), found),
    } | ({} if long is None else {QUERY: long.query()})
    with _all_or_nothing(folder):
        new_client(folder)
        for path in files:
            if not (folder / path.name).exists():
                shutil.copyfile(path, folder / path.name)
        write_whole({folder / name: text for name, text in texts.items()})
    return Made(folder, draft, tables)


@contextmanager
def _all_or_nothing(folder: Path) -> Iterator[None]:
    """What was put into a folder is taken away again where not all of it could be written."""
    there = set(folder.iterdir()) if folder.is_dir() else None
    try:
        yield
    except OSError:
        for path in set(folder.glob("*")) - (there or set()):
            path.unlink()
        if there is None and folder.is_dir():
            folder.rmdir()
        raise


def _turned(survey: Path, long: Long) -> Draft:
    """The draft of a survey with one row a question, turned by the query that is drafted."""
    with tempfile.TemporaryDirectory() as aside:
        shutil.copyfile(survey, Path(aside) / survey.name)
        query = Path(aside) / QUERY
        query.write_text(long.query(marked=False), encoding="utf-8")
        return draft_codebook(query)


def _survey(files: Sequence[Path]) -> Path:
    """The file that holds the survey: the one called so, or the one with most questions."""
    if len(files) == 1:
        return files[0]
    called = [path for path in files if path.name.split(".")[0].casefold() == "responses"]
    if len(called) == 1:
        return called[0]
    return max(files, key=_questions)


def _questions(path: Path) -> float:
    try:
        long = find_long(read_export(path))
        rows = draft_codebook(path).used
    except HandbookError:
        return -1.0
    if long is not None:
        return float(len(long.answers))
    asked = [row for row in rows if row.role.value in RATED]
    return sum(2.0 if row.role.sure else 1.0 for row in asked)


def _refuse_twice(others: Sequence[Recognised]) -> None:
    seen: dict[str, str] = {}
    for found in others:
        table, name = found.table.value, found.export.path.name
        if table and table in seen:
            raise HandbookError(
                f"{seen[table]} and {name} both look like {table}: give one of them, and name "
                "the other under `tables:` in client.yml afterwards"
            )
        seen[table] = name


def _named(tables: Mapping[str, Guess]) -> dict[str, Guess]:
    """The tables whose files are not called after them."""
    return {
        table.value: Guess(file, table.sure, table.reason)
        for file, table in tables.items()
        if table.value and file not in {f"{table.value}{ending}" for ending in ENDINGS}
    }


def drafts_beside(draft: Draft, folder: Path, title: str) -> list[Path]:
    """Write both drafts into a folder, under another name where there is such a file."""
    texts = {"codebook.csv": as_codebook(draft), "client.yml": as_client(draft, title)}
    names = {name: DRAFTS[name] if (folder / name).exists() else name for name in texts}
    write_whole({folder / names[name]: text for name, text in texts.items()})
    return [folder / name for name in names.values()]


def survey_of(folder: Path) -> Path:
    """The survey in a client folder: its responses, else the one file that can be read."""
    named = [folder / f"responses{ending}" for ending in ENDINGS]
    found = next((path for path in named if path.is_file()), None)
    known = {f"{table}{ending}" for table in (*TABLES, "codebook") for ending in ENDINGS}
    if found is not None:
        return found
    left = [p for p in sorted(folder.iterdir()) if p.name.lower().endswith(ENDINGS)]
    left = [path for path in left if path.name not in known and ".draft." not in path.name]
    if len(left) == 1:
        return left[0]
    names = ", ".join(path.name for path in left) or "none"
    raise HandbookError(f"{folder.name}: name the survey export (files found: {names})")

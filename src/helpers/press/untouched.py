"""Whether anything changed since a report was made: one digest, asked before anything is read.

It stands in a report's folder, in ``.made``, with the digest of every file of the report. All is
told by content: no time and no size is trusted, so nothing that changed is ever overlooked.
Nothing heavy is imported here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from helpers.digests import bytes_of, digest, file_digests, in_database
from helpers.press.surroundings import installed, settings_that_count

__all__ = [
    "CODE", "MADE", "SAME", "UNREAD", "Asked", "Made", "code_digest", "prose_digest",
    "read_made", "untouched", "whole_digest", "write_made",
]  # fmt: skip

MADE = ".made"  # of a report: what it was made from, and every file of it
SCHEMA = 1
CODE = Path(__file__).resolve().parents[1]
PROSE = ("_toc.yml", "_config.yml", "book", "notebooks")  # of the handbook
DECLARED = "client.yml"
SAME, UNREAD = "nothing it reads changed", "nothing on its pages changed"  # why a step is kept


@dataclass(frozen=True)
class Asked:
    """What a run was asked for, besides a client."""

    chapters: tuple[str, ...] = ()
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    formats: tuple[str, ...] = ("html",)  # none at all: no book either

    @property
    def key(self) -> str:
        """The same for what asks for the same."""
        return digest(sorted(self.chapters), self.settings, sorted({*self.formats}))


@dataclass(frozen=True)
class Made:
    """What a report was made from, and what it holds.

    ``whole`` stands for all that it was made from; it is empty where that changed meanwhile.
    ``ended`` tells how each chapter ended, ``book`` has the parts that the book was made from,
    ``exports`` the files of each other format, ``files`` the digest of every file.
    """

    whole: str
    ended: Mapping[str, Mapping[str, str]]
    book: Mapping[str, str] = field(default_factory=dict)
    exports: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def broken(self, report: Path, beginning: str = "") -> list[str]:
        """Files that are not as they were written, of all, or of those that begin so."""
        mine = {name: told for name, told in self.files.items() if name.startswith(beginning)}
        return [name for name, told in mine.items() if bytes_of(report / name) != told]


def code_digest() -> str:
    """A digest of the handbook's own code."""
    return digest(file_digests(CODE))


def prose_digest(project: Path) -> str:
    """A digest of the handbook's chapters and constant pages."""
    return digest([_of(project / name) for name in PROSE])


def _of(place: Path) -> object:
    return file_digests(place) if place.is_dir() else bytes_of(place)


def whole_digest(folder: Path, project: Path, root: Path, asked: Asked) -> str:
    """One digest of all that a client's report is made from; empty where nobody can tell.

    That is so where tables lie in a database, or where a file cannot be read.

    Parameters
    ----------
    folder
        The client's.
    project
        The handbook's: its chapters and prose.
    root
        The folder of reports: a report is of the folder that lies there as seen from it.
    """
    place = os.path.relpath(os.path.realpath(folder), os.path.realpath(root))
    files = file_digests(folder)
    if in_database(folder / DECLARED) or not all(told for _, told in files):
        return ""
    return digest(
        [folder.name, place, files], code_digest(), prose_digest(project), installed(),
        settings_that_count(), asked.key,
    )  # fmt: skip


def write_made(made: Made, report: Path) -> None:
    """Leave it in a report that is finished, with the digest of every file."""
    files = dict(file_digests(report)) if made.whole else {}
    record = {"schema": SCHEMA, **asdict(made), "files": files}
    text = json.dumps(record, indent=1, ensure_ascii=False, sort_keys=True)
    (report / MADE).write_text(text + "\n", encoding="utf-8")


def read_made(report: Path) -> Made | None:
    """What a report was made from; ``None`` where it does not say, or not as a run leaves it.

    Of a record in another form nothing is told: no file of the report is known by it.
    """
    try:
        record = json.loads((report / MADE).read_text(encoding="utf-8"))
        if record.pop("schema") != SCHEMA:
            return Made("", {})
        return Made(**record)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def untouched(folder: Path, project: Path, report: Path, asked: Asked) -> Made | None:
    """The record of a report that would be made anew just as it is; ``None`` for any other.

    Every file of the report is read for that: one that broke off is noticed.
    """
    made = read_made(report)
    if made is None or not made.whole or any(one["missing"] for one in made.exports.values()):
        return None
    same = made.whole == whole_digest(folder, project, report.parent, asked)
    return made if same and not made.broken(report) else None

"""Whose a report is: that of one folder, not of every folder with the same name."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from shlex import quote

from helpers.errors import Fault, HandbookError
from helpers.project import shown
from helpers.study.client_names import client_path, name_key, name_problem, printable

__all__ = ["MARK", "book_of", "mark", "owner_problem", "place_fault", "sample_folder"]

MARK = ".source"  # a file of a report: which folder it was made from, without naming it


def mark(folder: Path, source: Path, root: Path) -> None:
    """Note in a report's folder from which client's folder it was made."""
    (folder / MARK).write_text(_digest(source, root) + "\n", encoding="utf-8")


def _digest(source: Path, root: Path) -> str:
    """A folder's place as seen from the reports: the same after both have moved together."""
    place = os.path.relpath(os.path.realpath(source), os.path.realpath(root))
    return sha256(os.fsencode(Path(place).as_posix())).hexdigest()


def owner_problem(source: Path, root: Path, name: str = "") -> str | None:
    """Why the report of a client's folder cannot take its place under ``root``, or ``None``.

    ``name`` is the client's name as printed: what tells whose a report is that was made
    before reports said so themselves.
    """
    target = root / source.name
    alike = [path.name for path in _folders(root) if name_key(path.name) == name_key(source.name)]
    if source.name not in alike and alike:
        return f"differs from {alike[0]}, which has a report, only in case or in how it is encoded"
    if not target.exists() or _is_of(target, source, root, name):
        return None
    return "has the name of another client's folder, which has a report"


def place_fault(source: Path, root: Path, name: str = "") -> Fault | None:
    """What `owner_problem` finds, as a fault that says what to do."""
    if problem := owner_problem(source, root, name):
        advice = f"Rename the folder, or give --output; or remove {shown(root / source.name)}."
        return Fault(shown(source), problem, advice)
    return None


def _folders(root: Path) -> list[Path]:
    return [path for path in root.iterdir() if path.is_dir()] if root.is_dir() else []


def _is_of(report: Path, source: Path, root: Path, name: str) -> bool:
    try:
        return (report / MARK).read_text(encoding="utf-8").strip() == _digest(source, root)
    except FileNotFoundError:
        pass
    try:
        made = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return True  # no report that anybody could miss
    return not name or made.get("name") == name


def book_of(client: str, data: Path, root: Path) -> Path:
    """The book of a client, by its name or its folder.

    Raises
    ------
    HandbookError
        Where no client can be called so, it has no report, or the report is another folder's.
    """
    folder = client_path(client, data)
    name = folder.name if client else ""
    if problem := name_problem(name):
        raise HandbookError(f"{printable(name)!r} is not a client: the name {problem}")
    if folder.is_dir() and (problem := owner_problem(folder, root)):
        raise HandbookError(f"{name} {problem}")
    book = root / name / "book"
    if not (book / "index.html").is_file():
        raise HandbookError(
            f"{name} has no report yet. Make one with: handbook run {quote(client)}"
        )
    return book


def sample_folder(source: Path, root: Path, what: str = "a sample") -> Path:
    """Where a client's lists go, such as invitations: never over those of another folder.

    Raises
    ------
    HandbookError
        Where another folder's, of the same name, are there.
    """
    if problem := owner_problem(source, root):
        problem = problem.replace("a report", what)
        raise HandbookError(f"{source.name} {problem}: rename the folder, or give --output")
    folder = root / source.name
    folder.mkdir(parents=True, exist_ok=True)
    mark(folder, source, root)
    return folder

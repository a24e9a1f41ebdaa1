"""Clients whose report would be made just as it is: told before anything heavy is imported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from helpers.console import out, shown
from helpers.press.places import Places
from helpers.press.untouched import SAME, UNREAD, Asked, Made, untouched

__all__ = ["say_untouched"]


def say_untouched(
    names: Sequence[str], project: Path, root: Path, asked: Asked, *, why: bool
) -> list[str]:
    """Say of which clients nothing changed, and where their books are; the others come back.

    ``why`` says it of each of their chapters.
    """
    left = []
    for name in names:
        folder = next(_folders(name, project), None)
        places = Places(root)
        made = None if folder is None else _untouched(folder, project, places, asked)
        if folder is None or made is None:
            left.append(name)
            continue
        report = places.published(folder.name)
        book = shown(report / "book" / "index.html")
        out.print(f"{folder.name}: nothing changed since its report was made: {book}", markup=False)
        if why:
            for step, same in (*((name, SAME) for name in made.ended), ("book", UNREAD)):
                out.print(f"{folder.name}, {step}: kept, {same}", markup=False)
        for export in made.exports.values():
            for file in export["files"]:
                out.print(f"  {shown(report / file)}", markup=False)
    return left


def _folders(name: str, project: Path) -> Iterator[Path]:
    """Where a client of this name may lie; only one that is plainly meant is looked at."""
    for folder in (project / "data" / name, Path(name)):
        if (folder / "client.yml").is_file() and folder.name not in ("", ".", ".."):
            yield folder.parent.resolve() / folder.name


def _untouched(folder: Path, project: Path, places: Places, asked: Asked) -> Made | None:
    """The record of a report that is as it would be made, while nothing else works on it."""
    report = places.published(folder.name)
    if not report.is_dir():
        return None
    with places.locked(folder.name):
        places.tidy(folder.name)
        return untouched(folder, project, report, asked)

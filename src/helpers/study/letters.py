"""Letters that the client edited and sent back: the files of its folder ``messages``."""

from __future__ import annotations

from pathlib import Path

from helpers.study.findings import Findings
from helpers.study.regular_files import not_a_file

__all__ = ["check_letters", "letters"]

FOLDER, ENDING = "messages", ".md"
LARGEST = 100_000  # bytes: a letter is a page or two
MOST = 5_000  # letters


def letters(folder: Path) -> dict[str, str]:
    """The letters by their paths in ``messages``, without ending; none where there is no folder.

    A file that cannot be read is left out: `check_letters` says why.

    >>> letters(Path("no such folder"))
    {}
    """
    found = {}
    for path in _files(folder):
        if _problem(path) is None:
            name = path.relative_to(folder / FOLDER).with_suffix("").as_posix()
            found[name] = path.read_text(encoding="utf-8-sig")
    return found


def check_letters(folder: Path, findings: Findings) -> None:
    """Say which letters cannot be read, and what to do."""
    files = _files(folder)
    for path in files:
        if problem := _problem(path):
            name = f"{FOLDER}/{path.relative_to(folder / FOLDER).as_posix()}"
            findings.error(name, problem, "Save it as text in UTF-8, or take it out.")
    if len(files) == MOST:
        findings.error(FOLDER, f"holds {MOST:,} letters or more", "Send those alone that changed.")


def _files(folder: Path) -> list[Path]:
    """Files that are called like letters, one folder deep at most; a link is none."""
    place = folder / FOLDER
    if not place.is_dir() or place.is_symlink():
        return []
    found = [path for depth in (f"*{ENDING}", f"*/*{ENDING}") for path in sorted(place.glob(depth))]
    return [path for path in found if not path.is_symlink() and not path.parent.is_symlink()][:MOST]


def _problem(path: Path) -> str | None:
    """Why a letter cannot be read; nothing where it can."""
    if problem := not_a_file(path):
        return problem
    if path.stat().st_size > LARGEST:
        return f"is larger than {LARGEST:,} bytes, which no letter is"
    try:
        path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return "is not text in UTF-8"
    return None

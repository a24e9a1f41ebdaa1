"""A client's book built again from its last build: of pages only those that changed are made.

Jupyter Book's files lie in a folder of the client's between builds. They are taken up only where
every byte of them is as it was left, where the handbook's code, its libraries and all of the book
but chapters' pages are the same, and where the pages that changed say the same of themselves to the
others: their titles, labels, terms and citations. Else all is built anew. Either way the files are
the same, to the last byte.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from helpers.digests import bytes_of, digest, file_digests
from helpers.press import between_pages
from helpers.press.search_index import INDEX, read_index, write_index
from helpers.press.surroundings import installed, settings_that_count
from helpers.press.untouched import code_digest

__all__ = ["Make", "rebuilt"]

Make = Callable[[Path, Path], None]  # builds a staged book into a folder, or raises
STAGE, OUT, WHOLE = "stage", "out", "whole.txt"
PAGES, TREES, REMADE = "_build/html", "_build/.doctrees", ("_build/jupyter_execute",)
STATIC = "_build/html/_static"  # each build writes it, and tells its files apart by their digests
CHAPTERS, ENDING, ENTRIES = "notebooks/", ".ipynb", "indexentries"


def rebuilt(stage: Path, place: Path, target: Path, make: Make) -> None:
    """Put the pages of a staged book into a new folder.

    Parameters
    ----------
    stage
        The staged book.
    place
        Where the client's last build lies, if there is one, and this one will.
    make
        Renders a staged book, whole or as far as its sources changed.
    """
    changed = _changed(stage, place)
    (place / WHOLE).unlink(missing_ok=True)  # until it is whole again
    if changed is None or not _taken_up(stage, place, changed, make):
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(stage, place / STAGE)
        make(place / STAGE, place / OUT)
    shutil.copytree(place / OUT / PAGES, target)
    for name in (*REMADE, STATIC):
        shutil.rmtree(place / OUT / name, ignore_errors=True)
    (place / WHOLE).write_text(_told(place), encoding="ascii")


def _told(place: Path) -> str:
    """One digest of a build's files and of all that made them but the sources."""
    files = [file_digests(place / name) for name in (STAGE, OUT)]
    return digest(files, code_digest(), installed(), settings_that_count())


def _changed(stage: Path, place: Path) -> list[str] | None:
    """Chapters' pages that differ from the last build; nothing where it cannot be taken up."""
    with suppress(OSError):
        if (place / WHOLE).read_text(encoding="ascii") != _told(place):
            return None
        before, now = dict(file_digests(place / STAGE)), dict(file_digests(stage))
        differing = [name for name in now if now[name] != before.get(name)]
        chapters = all(n.startswith(CHAPTERS) and n.endswith(ENDING) for n in differing)
        return differing if chapters and before.keys() == now.keys() else None
    return None


def _taken_up(stage: Path, place: Path, changed: list[str], make: Make) -> bool:
    """Whether the build of the pages that changed left a whole book."""
    pages, common = place / OUT / PAGES, place / OUT / "_build" / between_pages.FILE
    before, index = bytes_of(common), read_index(pages / INDEX)
    for name in changed:
        shutil.copy(stage / name, place / STAGE / name)
        tree = Path(name).with_suffix(".doctree")
        (place / OUT / TREES / tree).unlink(missing_ok=True)  # by content: no time is asked
    make(place / STAGE, place / OUT)
    if not before or bytes_of(common) != before:
        return False
    now = read_index(pages / INDEX)
    if now["docnames"] != index["docnames"] or now[ENTRIES] or _indexed(index, changed):
        return False
    write_index(pages / INDEX, {**now, ENTRIES: index[ENTRIES]})  # Sphinx forgets them
    return True


def _indexed(index: Mapping[str, Any], changed: list[str]) -> bool:
    """Whether a page that changed has entries in the index."""
    names = {name.removesuffix(ENDING) for name in changed}
    places = {place for place, name in enumerate(index["docnames"]) if name in names}
    return any(place in places for found in index[ENTRIES].values() for place, *_ in found)

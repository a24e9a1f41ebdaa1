"""Where the handbook lies: its notebooks, its prose and ``data/``."""

from __future__ import annotations

from pathlib import Path

from helpers.errors import HandbookError

__all__ = ["project_folder", "required_project", "shown"]

MARK = "_toc.yml"  # every handbook has one, at its top


def project_folder() -> Path | None:
    """The nearest folder upwards that holds a handbook, else the one installed from.

    ``None`` where there is neither: installed as a copy, and called from elsewhere.

    Examples
    --------
    >>> (project_folder() / "_toc.yml").is_file()
    True
    """
    here, source = Path.cwd(), Path(__file__).resolve().parents[2]
    places = (here, *here.parents, source)
    return next((place for place in places if (place / MARK).is_file()), None)


def required_project() -> Path:
    """The folder that :func:`project_folder` finds.

    Raises
    ------
    HandbookError
        When there is none.
    """
    if found := project_folder():
        return found
    raise HandbookError(
        "no _toc.yml here or above, and this handbook is installed as a copy: run the command "
        "from the handbook's folder"
    )


def shown(path: Path) -> str:
    """A path from here on where it lies below, else the whole of it: one that can be copied."""
    whole, here = path.absolute(), Path.cwd()
    return str(whole.relative_to(here) if whole.is_relative_to(here) else whole)

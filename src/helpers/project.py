"""Where the handbook lies: its notebooks, its prose and ``data/``."""

from __future__ import annotations

from pathlib import Path

__all__ = ["project_folder"]

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

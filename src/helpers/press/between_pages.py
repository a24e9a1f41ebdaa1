"""A Sphinx extension: what the pages of a book take from each other, as one digest beside it.

Titles, the contents, labels, terms and citations. Where all of them are as they were, a page whose
own source did not change is as it was too.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes

from helpers.digests import digest

__all__ = ["FILE", "setup"]

FILE = "between_pages.txt"  # beside the folder of the pages
PRINTED = "bibliographies"  # nodes of the page of references: they change as it is written
DOMAINS = ("std", "cite", "citation", "index", "math")


def plain(value: object) -> object:
    """A value without the order in which pages were read, as JSON can say it.

    >>> plain({"b": {2, 1}, "a": ["y", "x"]})
    [['a', ["'x'", "'y'"]], ['b', ['1', '2']]]
    """
    if isinstance(value, nodes.Node):
        return value.pformat()
    if isinstance(value, Mapping):
        return sorted(([str(key), plain(one)] for key, one in value.items()), key=repr)
    if isinstance(value, list | tuple | set | frozenset):
        return sorted(map(plain, value), key=repr)
    if type(value).__repr__ is object.__repr__:  # which tells where it lies in memory
        return [type(value).__name__, plain(getattr(value, "__dict__", {}))]
    return repr(value)


def _tell(app: Any, error: Exception | None) -> None:  # noqa: ANN401 - Sphinx's application
    if error is None:
        env = app.env
        told = [env.titles, env.longtitles, env.tocs, env.toctree_includes]
        kept = {name: env.domaindata.get(name, {}) for name in DOMAINS}
        told += [
            {part: one for part, one in data.items() if part != PRINTED} for data in kept.values()
        ]
        (Path(app.outdir).parent / FILE).write_text(digest(*map(plain, told)), encoding="ascii")


def setup(app: Any) -> dict[str, bool]:  # noqa: ANN401 - Sphinx's application
    """Tell it once a book is built."""
    app.connect("build-finished", _tell)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

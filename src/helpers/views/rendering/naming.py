"""How names of the client's own are read: columns, categories, groups."""

from __future__ import annotations

__all__ = ["of_group", "plain"]


def plain(name: object) -> str:
    """A name as it is read, without underscores.

    >>> plain("decision_maker")
    'decision maker'
    """
    return str(name).replace("_", " ")


def of_group(column: object, category: object) -> str:
    """A group by the column that makes it and the category it is.

    >>> of_group("role", "decision_maker")
    'Role: decision maker'
    """
    by = plain(column)
    return f"{by[:1].upper()}{by[1:]}: {plain(category)}"

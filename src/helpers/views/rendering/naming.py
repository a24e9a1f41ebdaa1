"""How names of the client's own are read: columns, categories, groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

__all__ = ["Labels", "named", "of_group", "plain", "score_called"]

Labels = Mapping[str, str]  # variables, by the words that a reader knows them by


def plain(name: object) -> str:
    """A name as it is read, without underscores.

    >>> plain("decision_maker")
    'decision maker'
    """
    return str(name).replace("_", " ")


def named(names: Iterable[str], labels: Labels) -> list[str]:
    """Variables as a reader knows them, by their own names where they have no label.

    >>> named(["ease", "price"], {"ease": "Ease of use"})
    ['Ease of use', 'price']
    """
    return [labels.get(name, name) for name in names]


def of_group(column: object, category: object) -> str:
    """A group by the column that makes it and the category it is.

    >>> of_group("role", "decision_maker")
    'Role: decision maker'
    """
    by = plain(column)
    return f"{by[:1].upper()}{by[1:]}: {plain(category)}"


def score_called(label: str, unit: str) -> str:
    """A score as a sentence calls it: an index with the ends of its scale, a question in quotes.

    >>> score_called("Loyalty", "index"), score_called("Effort", "scale")
    ('the loyalty index (0 to 100)', '“Effort”')
    """
    return f"the {label.lower()} index (0 to 100)" if unit == "index" else f"“{label}”"

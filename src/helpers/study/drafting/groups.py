"""Questions that belong together: batteries of ratings, and lists to tick."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from helpers.study.drafting.export import Item

__all__ = ["Battery", "find_batteries", "tick_all"]

FEWEST = 2
TICKS = {"0", "1", "yes", "no", "true", "false", "checked", "unchecked", "selected", "not selected",
         "ja", "nein", "oui", "non", "sí", "x"}  # fmt: skip
PARTS = re.compile(r"\s+[-–—|:]\s+|\s*\[|:\s+")
NUMBERED = (  # Q5_1 and PERQ1; Q6A: what stands before the number or the letter
    re.compile(r"(.*[^_.\- ][_.\- ]|.*?[^\W\d_]{2,})(\d+)"),
    re.compile(r"(.*\d)[A-Za-z]"),
)
PREFIXED = re.compile(r"([^\W_]+)_.+")
ASPECT = re.compile(r"(?i)(.+? (?:with|mit|avec|con|of|de|du|der|des|del))[ .:_-]+(?:[^\W\d].*)")
MULTIPLE = re.compile(
    r"(?i)(select|check|tick|mark) all|all that apply|mehrfach|plusieurs réponses|todas las que"
)


@dataclass(frozen=True)
class Battery:
    """Columns of one block, in order, and what they have in common."""

    names: tuple[str, ...]
    title: str  # the question above them, or the beginning of their names
    worded: bool  # told by the wording, not by the names alone


def find_batteries(items: Sequence[Item]) -> list[Battery]:
    """Blocks of neighbouring questions, by their wording where it tells, else by their names.

    Examples
    --------
    >>> from helpers.study.drafting.export import Item
    >>> import pandas as pd
    >>> made = [Item(n, "", {}, pd.Series(["1"])) for n in ("Q6A", "Q6B", "Q7")]
    >>> find_batteries(made)[0].names
    ('Q6A', 'Q6B')
    """
    found: list[Battery] = []
    for key, worded in ((_stem, True), (_aspect, True), (_numbered, False), (_prefix, False)):
        taken = {name for battery in found for name in battery.names}
        left = [item for item in items if item.name not in taken]
        found += _blocks(left, key, worded)
    order = {item.name: i for i, item in enumerate(items)}
    return sorted(found, key=lambda battery: order[battery.names[0]])


def _blocks(
    items: Iterable[Item], key: Callable[[Item], str | None], worded: bool
) -> list[Battery]:
    groups: dict[str, list[str]] = {}
    for item in items:
        title = key(item)
        if title:
            groups.setdefault(title, []).append(item.name)
    return [
        Battery(tuple(names), title, worded)
        for title, names in groups.items()
        if len(names) >= FEWEST
    ]


def split_text(text: str) -> tuple[str, str]:
    """A question of a block into what stands above it and its own part.

    Examples
    --------
    >>> split_text("How satisfied are you with … - Delivery")
    ('How satisfied are you with …', 'Delivery')
    """
    parts = [part.strip(" ]") for part in PARTS.split(text) if part.strip(" ]")]
    return (" - ".join(parts[:-1]), parts[-1]) if len(parts) > 1 else ("", text)


def _stem(item: Item) -> str | None:
    return split_text(item.text)[0]


def _aspect(item: Item) -> str | None:
    """What names such as "Satisfaction with delivery" have in common."""
    found = None if item.text and item.text != item.name else ASPECT.fullmatch(item.name)
    return found[1] if found else None


def _numbered(item: Item) -> str | None:
    found = next((f for f in (p.fullmatch(item.name) for p in NUMBERED) if f), None)
    return found[1] if found else None


def _prefix(item: Item) -> str | None:
    found = PREFIXED.fullmatch(item.name)
    return f"{found[1]}_" if found else None


def tick_all(items: Sequence[Item], title: str) -> bool:
    """Whether a block is one question of which several answers may be ticked."""
    answers = [set(map(str, item.counts.index)) for item in items if item.filled]
    if len(answers) < FEWEST:
        return False
    ticked = all(len(found) <= 2 and _ticks(found) for found in answers)
    own = all(len(found) == 1 for found in answers) and len(set.union(*answers)) > 1
    return ticked or own or bool(MULTIPLE.search(title))


def _ticks(found: set[str]) -> bool:
    return {text.casefold() for text in found} <= TICKS

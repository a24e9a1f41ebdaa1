"""The parameters of chapters, to be read or to be pasted into ``client.yml``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from helpers.errors import InputFaults
from helpers.press.chapters import OURS, Chapter, chapter_faults
from helpers.press.named import WORDS
from helpers.press.parameters import Parameter, limits_in_words

__all__ = ["as_yaml", "chosen_chapters", "in_columns"]


def chosen_chapters(name: str, chapters: Mapping[str, Chapter]) -> list[Chapter]:
    """The chapter of that name, or all that have something to set where none is named.

    Raises
    ------
    InputFaults
        Where there is no such chapter; the nearest is named.
    """
    if name and (faults := chapter_faults([name], chapters, "handbook params")):
        raise InputFaults(faults)
    return [c for c in chapters.values() if (not name and settable(c)) or c.name == name]


def settable(chapter: Chapter) -> list[Parameter]:
    """What a client may set in a chapter, in the order of its notebook."""
    return [p for p in chapter.parameters.values() if p.name not in OURS]


def in_columns(chapters: Iterable[Chapter]) -> list[str]:
    """Lines of a table: name, default, what it takes, and its meaning with its unit."""
    lines: list[str] = []
    for chapter in chapters:
        rows = [("parameter", "default", "takes", "meaning"), *map(_row, settable(chapter))]
        wide = [max(len(row[place]) for row in rows) for place in range(3)]
        lines += ["", f"{chapter.name}: {chapter.question}"]
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row[:3], wide, strict=True)]
            lines.append("  " + "  ".join([*cells, row[3]]).rstrip())
        if len(rows) == 1:
            lines[-1] = "  nothing to set"
    return lines[1:]


def _row(parameter: Parameter) -> tuple[str, str, str, str]:
    return parameter.name, written(parameter.default), taken(parameter), parameter.meaning


def taken(parameter: Parameter) -> str:
    """Which values a parameter takes, in words.

    >>> taken(Parameter("confidence", 0.95, "", {"above": 0, "below": 1}))
    'a number above 0 and below 1'
    >>> taken(Parameter("seed", 1, "", {"from": 0})), taken(Parameter("always", [], ""))
    ('a whole number, 0 or more', 'a list of names')
    """
    allowed = parameter.allowed
    if "names" in allowed:
        many = "a list, each " if isinstance(parameter.default, list) else ""
        return many + WORDS[allowed["names"]]
    if allowed.get("day"):
        return "a day"
    if "choices" in allowed:
        return limits_in_words(allowed)
    ends = limits_in_words(allowed) if {"above", "from", "below", "to"} & set(allowed) else ""
    comma = "," if ends.endswith("more") else ""
    return f"{parameter.kind}{comma} {ends}".rstrip()


def as_yaml(chapters: Iterable[Chapter]) -> str:
    """A block for ``client.yml`` with every default and, as a comment, its meaning."""
    lines = ["parameters:"]
    for chapter in chapters:
        rows = settable(chapter)
        lines += [f"  {chapter.name}:"] if rows else []
        lines += [f"    {p.name}: {written(p.default)}  # {p.meaning}" for p in rows]
    return "\n".join(lines)


def written(value: object) -> str:
    """A value as YAML takes it.

    >>> [written(one) for one in (None, True, 0.95, "linear", "", ["tier", "region"])]
    ['null', 'true', '0.95', 'linear', '""', '[tier, region]']
    """
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, str) and value.replace("_", "").isalnum() and not value[0].isdigit():
        return value
    return json.dumps(value, ensure_ascii=False)

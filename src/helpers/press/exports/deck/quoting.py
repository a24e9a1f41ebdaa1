"""What chapters found, as sentences for slides: filled, and only where every figure was told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter

import pandas as pd

from helpers.press.exports.deck.parts import Said
from helpers.results import ChapterResult, Figure
from helpers.views.rendering.rules import fits, shown
from helpers.views.rendering.sentences import say, written

__all__ = ["Found", "cell", "headline", "one_of", "told"]

LONGEST = 105  # letters of a title: two lines
SHORTEST = 28  # letters of the part of a sentence that may be a title by itself
GUARD = r"(?:\{[^{}]*:if [^{}]*\})?"  # what chooses a sentence, and writes nothing
SENTENCE = re.compile(rf"(?<=[.!?])(?={GUARD}\s+[A-Z{{“])")
CLAUSE = re.compile(r"[;:] (?![^{]*})")  # outside braces
POINTING = re.compile(r"\bthis page\b|\bon the page\b|\blist below\b|\b(?:is|are) under “")


class Found:
    """Everything that the chapters of a run handed on."""

    def __init__(self, chapters: Mapping[str, ChapterResult]) -> None:
        self.chapters = chapters

    def chapter(self, name: str) -> ChapterResult | None:
        """A chapter that was run and can say its answer."""
        found = self.chapters.get(name)
        return found if found is not None and told(found.answer, found) else None

    def figure(self, key: str) -> Figure | None:
        """A figure by ``chapter.name``, unless it is withheld or was not computed."""
        chapter, _, name = key.partition(".")
        found = self.chapters[chapter].figures.get(name) if chapter in self.chapters else None
        return found if found is not None and found.value is not None else None

    def table(self, key: str) -> pd.DataFrame:
        """A table by ``chapter.name`` without withheld rows; empty where there is none."""
        chapter, _, name = key.partition(".")
        there = self.chapters[chapter].tables if chapter in self.chapters else {}
        table = there.get(name, pd.DataFrame())
        return table[~table["withheld"].astype(bool)] if "withheld" in table else table


def told(template: str, result: ChapterResult) -> list[Said]:
    """The sentences of a text that quote nothing which is withheld, filled.

    Examples
    --------
    >>> result = ChapterResult("loyalty", {"nps": Figure("nps", 40.4, 37.6, 43.2),
    ...     "n": Figure("n", None, withheld="its base is small")})
    >>> [one.text for one in told("It is {nps}. {n:value} answered.", result)]
    ['It is 40.4 (37.6 to 43.2).']
    """
    return [
        Said(_filled(part, result), _quoted(part, result)) for part in _usable(template, result)
    ]


def _usable(template: str, result: ChapterResult) -> list[str]:
    """The sentences of a text, as templates, of which every figure was told."""
    there = shown(result.figures)
    parts = map(_unbound, SENTENCE.split(template))
    return [part for part in parts if part.strip() and fits(part, there)]


def _unbound(sentence: str) -> str:
    """A sentence without clauses that point to a place on a page of the book.

    >>> _unbound("Call {first}; the list below names the others."), _unbound("Read this page.")
    ('Call {first}.', '')
    """
    if not POINTING.search(sentence):
        return sentence
    ends = [found.start() for found in CLAUSE.finditer(sentence)]
    able = [sentence[:end] for end in ends if not POINTING.search(sentence[:end])]
    return f"{able[-1]}." if able else ""


def _filled(template: str, result: ChapterResult) -> str:
    return say(template, result).text.strip()


def headline(template: str, result: ChapterResult) -> tuple[Said, tuple[Said, ...]]:
    """The first finding of an answer, short enough for a title, and what is left of it.

    A sentence that is too long is parted where its template has a colon or a semicolon; its own
    names are never parted.

    Examples
    --------
    >>> result = ChapterResult("loyalty", {"nps": Figure("nps", 40.0)})
    >>> title, rest = headline("The score is {nps}. It stays.", result)
    >>> title.text, [one.text for one in rest]
    ('The score is 40.0', ['It stays.'])
    """
    first, *others = _usable(template, result)
    title, left = first, ""
    if len(_filled(first, result)) > LONGEST:
        title, left = _parted(first, result)
    begun = _filled(left, result) if left else ""
    opening = [Said(begun[:1].upper() + begun[1:], _quoted(left, result))] if begun else []
    rest = [Said(_filled(part, result), _quoted(part, result)) for part in others]
    return Said(_filled(title, result).rstrip("."), _quoted(title, result)), (*opening, *rest)


def _parted(template: str, result: ChapterResult) -> tuple[str, str]:
    """The longest beginning of a sentence that may be a title, and the rest."""
    places = [found.start() for found in CLAUSE.finditer(template)]
    able = [
        place for place in places
        if SHORTEST <= len(_filled(template[:place], result)) <= LONGEST
    ]  # fmt: skip
    return (template[: able[-1]], template[able[-1] + 2 :]) if able else (template, "")


def _quoted(template: str, result: ChapterResult) -> tuple[str, ...]:
    """The figures that a template names, as the results name them."""
    names = dict.fromkeys(name for _, name, _, _ in Formatter().parse(template) if name)
    return tuple(
        name.replace("__", ".") if "__" in name else f"{result.chapter}.{name}" for name in names
    )


def one_of(found: Found, *keys: str) -> tuple[str, Figure] | None:
    """The first of some figures that was told, with its name."""
    there = ((key, found.figure(key)) for key in keys)
    return next(((key, figure) for key, figure in there if figure is not None), None)


def cell(
    row: pd.Series, value: str, unit: str, low: str = "", high: str = "", form: str = ""
) -> str:
    """A number of a table's row as pages write it; nothing where there is none.

    >>> cell(pd.Series({"share": 0.25, "low": 0.2, "high": 0.3}), "share", "share", "low", "high")
    '25% (20% to 30%)'
    """
    columns = [value, low, high] if low else [value]
    if value not in row or pd.isna(row[value]):
        return ""
    return written(Figure.from_row(value, row, columns, base=None, unit=unit), form)

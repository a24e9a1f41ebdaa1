"""Whether the texts of a slide, a document or a page of a PDF say what the results hold.

A number is held against what stands between the same words in sentences, letters and pages that
were traced already. Where these words are not known, it has to be a number of the thing that
the text names: of a row of a table, or of a figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from helpers.errors import refuse
from helpers.methods.messages import blocks, plain
from helpers.press.exports.contexts import Contexts, Mark, bare_of_days, marks, sentences
from helpers.press.exports.pictures import texts_of_charts
from helpers.press.exports.source import Source
from helpers.press.markup import words
from helpers.press.quantities import Quantities, called, said_by, words_of
from helpers.press.sources import Source as Quantity
from helpers.press.spoken import Spoken, claims, numbers
from helpers.results import ChapterResult, Figure
from helpers.views.rendering.numerals import count
from helpers.views.rendering.sentences import do_next, say

__all__ = ["CELLS", "UNTRACED", "Known", "Text", "check", "untraced_texts"]

UNTRACED = "an export says what the results do not"
CELLS = " | "  # between the cells of a row
TAKEN = " … "  # in the place of a number that is accounted for
ARTICLE = re.compile(r"<article.*?</article>", re.DOTALL)
HIDDEN = re.compile(r"<(script|style).*?</\1>|data:[^\"']*", re.DOTALL)
SHOWN = re.compile(r'<img[^>]* alt="([^"]*)"[^>]*>')
WORD = re.compile(r"[^\W\d_]{4,}")
YEAR = re.compile(r"\d{4}")


class Text(NamedTuple):
    """A text of a file: what stands there and, where that is known, of which chapters.

    A row of a table is one text, its cells with `` | `` between them.
    """

    file: str
    place: str  # as "slide 3, title" or "page 7"
    text: str
    of: tuple[str, ...] = ()  # chapters whose numbers it may say; all where none is named


class Known:
    """What a run's texts may say: its sentences, letters and pages, its figures and tables."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.results = source.results

    @cached_property
    def contexts(self) -> Contexts:
        """Numbers between their words, in all that was traced before."""
        return Contexts(chain(_sentences(self.results), _letters(self.results),
                              _labelled(self.results), _pages(self.source.book, self.results),
                              self._days_of_the_study()))  # fmt: skip

    @cached_property
    def _rows_with_days(self) -> list[tuple[str, frozenset[str], frozenset[str]]]:
        """Of each row of a table that holds a day: its chapter, the texts in it, and its days."""
        return [
            (name, frozenset(str(cell).casefold() for cell in texts if isinstance(cell, str)),
             frozenset(f"{day:%Y-%m-%d}" for day in days if pd.notna(day)))
            for name, result in self.results.items() for table in result.tables.values()
            if len(dated := table.select_dtypes(include="datetime").columns)
            for texts, days in zip(table.drop(columns=dated).astype(object).to_numpy(),
                                   table[dated].astype(object).to_numpy(), strict=True)
        ]  # fmt: skip

    @cache  # noqa: B019 - it lives no longer than one export
    def days_in(self, of: tuple[str, ...]) -> frozenset[str]:
        """Days of the tables of some chapters, and of the study; where none is named, of all."""
        told = [days for name, _, days in self._rows_with_days if not of or name in of]
        ours = {one.text for text in self._days_of_the_study() for one in marks(text)}
        return frozenset(ours.union(*told)) | (frozenset() if of else self.contexts.days)

    def days_of_row(self, text: Text) -> set[str]:
        """Days of the stored rows that hold most of the cells of a row; of all where none does."""
        cells = {cell.casefold() for cell in text.text.split(CELLS)}
        own = [(len(cells & texts), days) for name, texts, days in self._rows_with_days
               if not text.of or name in text.of]  # fmt: skip
        most = max((shared for shared, _ in own), default=0)
        near = [days for shared, days in own if shared == most and most]
        return set().union(*near) if near else set(self.days_in(text.of))

    @cached_property
    def _dated_names(self) -> list[str]:
        """Names of the client's in which a day stands, which is none of the results' days."""
        cells = (cell for result in self.results.values() for table in result.tables.values()
                 for cell in words_of(table))  # fmt: skip
        names = {*cells, *called(self.source.study).values()}
        dated = (name for name in names if YEAR.search(name))
        return sorted(n for n in dated if (bare := bare_of_days(n)) != n and WORD.search(bare))

    def names_a_thing(self, text: str, one: Mark) -> bool:
        """Whether a day of a text is a part of a name, as in an action called "Ready by 1 May"."""
        near = (name for name in self._dated_names if name in text)
        return any(at <= one.start and one.end <= at + len(name)
                   for name in near for at in _places(text, name))  # fmt: skip

    def _days_of_the_study(self) -> list[str]:
        study = self.source.study
        return [study.written(day) for day in (study.as_of, *study.wave_dates.values())]

    def quantities(self, said: str, of: tuple[str, ...]) -> Quantities:
        """What the chapters that are named can tell of things that a text says."""
        own = [r for name, r in self.results.items() if not of or name in of]
        study = self.source.study
        named = (study.name, *study.waves, *study.cover.values())
        return Quantities(own, {**called(study), **{name: name for name in named}}, said)


def check(
    texts: Iterable[Text | tuple[str, str, str]], source: Source, known: Known | None = None
) -> None:
    """Refuse a file that says a number which the results do not.

    Parameters
    ----------
    known
        What the texts may say, where it was read already.

    Raises
    ------
    HandbookError
        Names file, place and number of the first ones.
    """
    refuse(untraced_texts(texts, known or Known(source)), UNTRACED)


def untraced_texts(texts: Iterable[Text | tuple[str, str, str]], known: Known) -> list[str]:
    """Every number of the texts that leads to no quantity of the results, a line each."""
    given = [Text(*one) for one in texts]
    left: dict[tuple[str, ...], list[tuple[Text, str]]] = {}
    found: list[str] = []
    for text in given:
        residue, wrong = _by_context(text, known)
        found += wrong
        if any(numbers(residue)):
            left.setdefault(text.of, []).append((text, residue))
    for of, parts in left.items():
        told = known.quantities("\n".join(text.text for text, _ in parts), of)
        found += [line for text, residue in parts for line in _by_name(text, residue, told)]
    return list(dict.fromkeys(found))


def _by_context(text: Text, known: Known) -> tuple[str, list[str]]:
    """A text without the numbers that stand as they do elsewhere, and those that do not."""
    every = marks(text.text)
    found = [one for one in every if not (one.is_day and known.names_a_thing(text.text, one))]
    if CELLS in text.text:  # cells may stand in another order elsewhere
        days = [one for one in found if one.is_day]
        own = known.days_of_row(text)
        return _without(text.text, days), [
            _line(text, one, own) for one in days if one.text not in own
        ]
    settled, wrong = _as_wholes(text, every, known)
    for one in (one for one in found if one not in settled):
        there = known.contexts.known(one)
        fits = one.text in there if there is not None else known.contexts.allows(one)
        lost = one.is_day and not fits and one.text not in known.days_in(text.of)
        if lost or (there is not None and not fits):
            wrong.append(_line(text, one, there or ()))
        if fits or one.is_day or there is not None:
            settled.append(one)
    return _without(text.text, settled), wrong


def _places(text: str, part: str) -> Iterator[int]:
    """Where a part of a text begins, each time."""
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _as_wholes(text: Text, found: list[Mark], known: Known) -> tuple[list[Mark], list[str]]:
    """Numbers of texts and sentences that are known as a whole, and those that differ in one."""
    settled: list[Mark] = []
    wrong: list[str] = []
    for begin, end in _parts(text.text):
        own = [one for one in found if begin <= one.start < end and one not in settled]
        said, wholes = tuple(o.text for o in own), known.contexts.of_whole(text.text[begin:end])
        if not own or not wholes:
            continue
        settled += own
        like = max(sorted(wholes), key=lambda whole: sum(map(str.__eq__, whole, said)))
        if said not in wholes:
            wrong += [_line(text, one, (other,)) for one, other in zip(own, like, strict=True)
                      if one.text != other]  # fmt: skip
    return settled, wrong


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Where a text lies, and each of its sentences."""
    yield 0, len(text)
    at = 0
    for part in sentences(text):
        at = text.index(part, at)
        yield at, at + len(part)
        at += len(part)


def _without(text: str, settled: Iterable[Mark]) -> str:
    """A text with a sign in the place of each of these numbers."""
    for one in sorted(settled, key=lambda one: one.start, reverse=True):
        text = text[: one.start] + TAKEN + text[one.end :]
    return text


def _line(text: Text, one: Mark, there: Iterable[str]) -> str:
    said = text.text[one.start : one.end].strip()
    those = " or ".join(sorted(there))
    why = f"where the results have {those}" if those else "which is no day of the results"
    return f"{text.file}, {text.place}: {said}, {why}: {_short(text.text, one.start)}"


def _short(text: str, at: int, most: int = 90) -> str:
    """The part of a text round a place, in one line."""
    begin = max(0, at - most // 2)
    part = " ".join(text[begin : begin + most].split())
    return f"{'…' if begin else ''}{part}{'…' if begin + most < len(text) else ''}"


def _by_name(text: Text, residue: str, told: Quantities) -> Iterator[str]:
    """Numbers that no row and no figure of what the text names has."""
    rows = told.closest(residue)
    bare = told.stripped(residue, chain(*(row.names for row in rows)))
    named = set(map(str.casefold, WORD.findall(text.text)))
    for together in claims(bare):
        if not _given(together, rows, told, named, in_row=CELLS in text.text):
            said = " to ".join(one.text for one in together)
            at = max(text.text.find(together[0].text), 0)
            yield (
                f"{text.file}, {text.place}: {said} is of no figure and no table that it names: "
                f"{_short(text.text, at)}"
            )


def _given(
    together: list[Spoken], rows: list[Quantity], told: Quantities, named: set[str], *, in_row: bool
) -> bool:
    """Whether a number, or a value with its interval, is of the rows or of a figure."""
    if any(row.gives(together) for row in rows):
        return True
    if in_row and rows:
        return False
    if len(together) > 1:
        return any(figure.gives(together) for figure in told.figures)
    return any(
        together[0].text in said
        for result in told.results for figure in result.figures.values()
        if named & _words(figure) for said in said_by(figure)
    )  # fmt: skip


def _words(figure: Figure) -> set[str]:
    """Words by which a text names a figure."""
    return set(map(str.casefold, WORD.findall(f"{figure.label} {figure.base_unit}")))


def _sentences(book: Mapping[str, ChapterResult]) -> Iterator[str]:
    """What the chapters say."""
    for result in book.values():
        for template in (result.answer, result.so_what, *result.doubts):
            yield say(template, result).text
        yield do_next(result).text


def _letters(book: Mapping[str, ChapterResult]) -> Iterator[str]:
    """What the letters say, a paragraph each."""
    letters = book["messages"].tables.get("letters") if "messages" in book else None
    for text in () if letters is None else letters["text"]:
        yield from (plain(block.text) for block in blocks(str(text)))


def _labelled(book: Mapping[str, ChapterResult]) -> Iterator[str]:
    """Each figure after its name, with its interval and its base."""
    for result in book.values():
        for figure in result.figures.values():
            if figure.label and figure.value is not None:
                yield f"{figure.label}: {say('{it}', ChapterResult('', {'it': figure})).text}"
                if figure.base is not None:
                    yield f"{figure.label}, base {count(figure.base)} {figure.base_unit}"


def _pages(book: Path, chapters: Iterable[str]) -> Iterator[str]:
    """The words of the chapters' pages, and those of each chart by themselves."""
    for path in (book / "notebooks" / f"{name}.html" for name in chapters):
        if path.is_file():
            page = HIDDEN.sub("", path.read_text("utf-8"))
            article = ARTICLE.search(page)
            shown = SHOWN.sub(r" \1 ", article[0] if article else page)
            yield words(shown, between=" ")
            yield from texts_of_charts(path)

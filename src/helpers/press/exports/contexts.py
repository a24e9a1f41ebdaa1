"""Numbers and days in the words around them: what stands where, in texts that are known."""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from helpers.press.spoken import NUMBER

__all__ = ["Contexts", "Mark", "bare_of_days", "marks", "sentences"]

NEAR, FAR = 10, 24  # letters on both sides, or on one, by which a place is known again
LEAST, EDGE = 6, 12  # letters or numbers on each side; on one, at an end of a text
LONGEST = 20_000  # letters of a text that is known as a whole: a page is not
SENTENCE = re.compile(r"(?<=[.!?])\s+")
MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}
MARK = re.compile(
    r"(?<![\w.,-])(?P<iso>\d{4}-\d\d-\d\d)(?![\w-])"
    rf"|(?<![\w.,])(?P<day>\d{{1,2}})\s(?P<month>{'|'.join(MONTHS)})\s(?P<year>\d{{4}})(?!\w)"
    rf"|{NUMBER.pattern}"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A number or a day of a text, and the letters before and after it, numbers as ``#``."""

    text: str  # as it is written; a day as 2026-07-30
    is_day: bool
    before: str
    after: str
    start: int
    end: int


def marks(text: str) -> list[Mark]:
    """Every number and every day of a text.

    Examples
    --------
    >>> [(one.text, one.before, one.after) for one in marks("By 30 July 2026: 9 of 20.")]
    [('2026-07-30', 'by', '#of#'), ('9', 'by#', 'of#'), ('20', 'by##of', '')]
    """
    letters = list(map(_letters, _between(text)))
    words, at = "#".join(letters), -1
    made = []
    for part, one in zip(letters, MARK.finditer(text), strict=False):
        at += len(part) + 1
        before, after = words[max(at - FAR, 0) : at], words[at + 1 : at + 1 + FAR]
        day = one["iso"] or one["day"]
        made.append(Mark(_said(one), bool(day), before, after, one.start(), one.end()))
    return made


def stream(text: str) -> str:
    """The letters of a text, its numbers and days as ``#``.

    >>> stream("By 30 July 2026: 9 of 20.")
    'by##of#'
    """
    return "#".join(map(_letters, _between(text)))


def bare_of_days(text: str) -> str:
    """A text without its days; the same text where it has none.

    >>> bare_of_days("Ready by 1 May 2026"), bare_of_days("30 July 2026")
    ('Ready by ', '')
    """
    for one in reversed(marks(text)):
        if one.is_day:
            text = text[: one.start] + text[one.end :]
    return text


def _between(text: str) -> list[str]:
    """What stands before, between and after the numbers of a text."""
    found = list(MARK.finditer(text))
    ends = [0, *(one.end() for one in found)]
    starts = [*(one.start() for one in found), len(text)]
    return [text[a:b] for a, b in zip(ends, starts, strict=True)]


def sentences(text: str) -> list[str]:
    """The sentences of a text.

    >>> sentences("It rose by 4.2%. Why? Nobody knows.")
    ['It rose by 4.2%.', 'Why?', 'Nobody knows.']
    """
    return SENTENCE.split(text.strip())


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text.casefold()))


def _said(found: re.Match[str]) -> str:
    if found["day"]:
        return f"{found['year']}-{MONTHS[found['month']]:02d}-{int(found['day']):02d}"
    return found["iso"] or " ".join(found.group().split())


class Contexts:
    """Which numbers stand between which words of some texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._between: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._about: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._after: defaultdict[str, set[str]] = defaultdict(set)
        self._before: defaultdict[str, set[str]] = defaultdict(set)
        self._wholes: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
        self.days: set[str] = set()
        for text in texts:
            for one in marks(text):
                self._add(one)
            if len(text) < LONGEST:
                for part in {text, *sentences(text)}:
                    self._wholes[stream(part)].add(tuple(one.text for one in marks(part)))

    def of_whole(self, text: str) -> set[tuple[str, ...]]:
        """The numbers of a text, in order, wherever all its words stand just so.

        >>> Contexts(["Of 9 people, 4 came. Others will."]).of_whole("Of 7 people, 4 came.")
        {('9', '4')}
        """
        words = stream(text)
        return self._wholes.get(words, set()) if sum(map(str.isalpha, words)) >= EDGE else set()

    def _add(self, one: Mark) -> None:
        self._between[one.before[-NEAR:], one.after[:NEAR]].add(one.text)
        for about in ((one.before[-LEAST:], one.after[:LEAST]), (one.before[-EDGE:], ""),
                      ("", one.after[:EDGE])):  # fmt: skip
            self._about[about].add(one.text)
        if len(one.before) == FAR:
            self._after[one.before].add(one.text)
        if len(one.after) == FAR:
            self._before[one.after].add(one.text)
        if one.is_day:
            self.days.add(one.text)

    def known(self, one: Mark) -> set[str] | None:
        """What stands between the same words; nothing where these words are not known.

        Examples
        --------
        >>> known = Contexts(["In all, 57 accounts wait past a promise."])
        >>> [one] = marks("In all, 58 accounts wait past a promise.")
        >>> known.known(one)
        {'57'}
        """
        near = one.before[-NEAR:], one.after[:NEAR]
        if near in self._between and _tell(*near):
            return self._between[near]
        if len(one.after) < NEAR and one.before in self._after:
            return self._after[one.before]
        if len(one.before) < NEAR and one.after in self._before:
            return self._before[one.after]
        return None

    def allows(self, one: Mark) -> bool:
        """Whether this number stands somewhere so: between these words or, at an end, by them.

        Examples
        --------
        >>> known = Contexts(["Do next. Fund it at 40.4 now, then ask."])
        >>> [[one], [other]] = map(marks, ("Fund it at 40.4 now, then", "Fund it at 41 now, then"))
        >>> known.allows(one), known.allows(other)
        (True, False)
        """
        before, after = one.before, one.after
        there = [
            self._after.get(before, set()), self._before.get(after, set()),
            self._about.get((before[-LEAST:], after[:LEAST]), set()),
            self._about.get((before[-EDGE:], ""), set()) if len(after) < LEAST else set(),
            self._about.get(("", after[:EDGE]), set()) if len(before) < LEAST else set(),
        ]  # fmt: skip
        return any(one.text in numbers for numbers in there)


def _tell(before: str, after: str) -> bool:
    """Whether words on both sides are enough to know a place by: letters, and not only numbers."""
    letters = sum(map(str.isalpha, before + after))
    return min(len(before), len(after)) >= LEAST and letters >= NEAR

"""Whether a report contradicts itself: one quantity, one value; one owner, one list; one course
for one thing, one owner and one day for one act; checked over what the chapters handed on, before
their pages become a book."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from string import Formatter

from helpers.results import ChapterResult, Figure
from helpers.views.rendering.sentences import say

__all__ = ["contradictions"]

SUMMARY = "executive"  # quotes the figures of others, and is held against their asks alone
COURSES = {  # words of an ask, by what it wants done: nobody is to do both with one thing
    "to act on": ("sponsor", "roll out", "fund ", "invest in"),
    "to be tested first": ("pilot", "test ", "trial", "try out"),
    "to be left alone": ("do not contact", "leave alone", "release", "let go"),
}
ACTS = {  # words of an ask, by what it has done, and with what: once, by one owner and one day
    "telling customers what was delivered": re.compile(
        r"\b(?:tell customers|customers were told)\b()", re.IGNORECASE
    ),
    "taking a target off": re.compile(r"\btake the target of (.+?) off\b", re.IGNORECASE),
}
STEPS, WORDED = "steps", ["act", "owner", "by"]  # a table of what a chapter asks for besides
CLOSE = 1e-9  # of a value: what two ways of adding up may differ by


def contradictions(results: Mapping[str, ChapterResult]) -> list[str]:
    """Every contradiction between the chapters of a report, a line each.

    Figures of one label and unit are one quantity: their values, intervals and bases agree.
    Asks of one owner for one day name the same numbers of accounts, or one a part of the other's.
    Asks that name the same accounts or the same driver want the same done with them.
    An act that several ask for, by their words or in a table of steps, has one owner and one day.

    Examples
    --------
    >>> def chapter(value):
    ...     figure = Figure("nps", value, label="Net promoter score", base=781)
    ...     return ChapterResult("any", {"nps": figure})
    >>> contradictions({"sampling": chapter(24.7), "loyalty": chapter(31.4)})
    ['Net promoter score is 24.7 in sampling (nps) and 31.4 in loyalty (nps)']
    """
    return [*_two_values(results), *_two_lists(results), *_two_courses(results),
            *_two_days(results)]  # fmt: skip


def _two_values(results: Mapping[str, ChapterResult]) -> list[str]:
    named: defaultdict[tuple[str, str], list[tuple[str, Figure]]] = defaultdict(list)
    for chapter, result in results.items():
        for figure in result.figures.values():
            if figure.label and figure.value is not None and chapter != SUMMARY:
                named[figure.label.casefold(), figure.unit].append((chapter, figure))
    return [
        _told(one, other)
        for several in named.values()
        for one, other in combinations(several, 2)
        if one[0] != other[0] and not _agree(one[1], other[1])
    ]


def _told(one: tuple[str, Figure], other: tuple[str, Figure]) -> str:
    said = [f"{_written(figure)} in {chapter} ({figure.name})" for chapter, figure in (one, other)]
    return f"{one[1].label} is {said[0]} and {said[1]}"


def _written(figure: Figure) -> str:
    ends = "" if figure.low is None else f" ({figure.low:g} to {figure.high:g})"
    base = "" if figure.base is None else f", base {figure.base}"
    value = f"{figure.value:g}" if isinstance(figure.value, float) else str(figure.value)
    return f"{value}{ends}{base if ends else ''}"


def _agree(one: Figure, other: Figure) -> bool:
    pairs = ((one.value, other.value), (one.low, other.low), (one.high, other.high))
    return one.base == other.base and all(_close(a, b) for a, b in pairs)


def _close(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= CLOSE * max(abs(one), abs(other), 1.0)
    return one == other


def _two_lists(results: Mapping[str, ChapterResult]) -> list[str]:
    asked: defaultdict[tuple[str, str], list[tuple[str, set[int]]]] = defaultdict(list)
    for chapter, result in results.items():
        if numbers := _accounts(result):
            who = (result.ask.get("owner", ""), result.ask.get("due", ""))
            asked[who].append((chapter, numbers))
    return [
        f"{owner} is asked by {due} for {_listed(a)} accounts in {one} "
        f"and for {_listed(b)} in {other}"
        for (owner, due), several in asked.items()
        for (one, a), (other, b) in combinations(several, 2)
        if not (a <= b or b <= a)
    ]  # fmt: skip


def _two_courses(results: Mapping[str, ChapterResult]) -> list[str]:
    """Asks that want two things done with the same accounts, or with the same driver."""
    asked = [(chapter, _course(result), _things(result)) for chapter, result in results.items()]
    return [
        f"{', '.join(sorted(both))}: {one_course} in the ask of {one}, {other_course} in {other}'s"
        for (one, one_course, a), (other, other_course, b) in combinations(asked, 2)
        if (both := a & b) and one_course and other_course and one_course != other_course
    ]


def _course(result: ChapterResult) -> str:
    """What an ask wants done, by its words; the most cautious, empty where none tells it."""
    what = f"{result.ask.get('what', '').casefold()} "
    told = [course for course, words in COURSES.items() if any(word in what for word in words)]
    return told[-1] if told else ""


def _things(result: ChapterResult) -> set[str]:
    """Lists of accounts and things by name that an ask is about."""
    names = {name for _, name, _, _ in Formatter().parse(result.ask.get("what", "")) if name}
    named = (figure for name, figure in result.figures.items() if name in names)
    texts = {str(figure.value) for figure in named if figure.unit == "text" and figure.value}
    return texts | {f"{number} accounts" for number in _accounts(result)}


def _two_days(results: Mapping[str, ChapterResult]) -> list[str]:
    """Acts that two chapters ask of two owners, or for two days."""
    asked: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for chapter, result in results.items():
        for what, owner, due in _asked(result):
            for act in _acts(what):
                asked[act].append((chapter, _person(owner), due))
    return list(dict.fromkeys(
        f"{act} is asked of {one[1]} by {one[2]} in {one[0]} "
        f"and of {other[1]} by {other[2]} in {other[0]}"
        for act, several in asked.items()
        for one, other in combinations(several, 2)
        if one[0] != other[0] and one[1:] != other[1:]
    ))  # fmt: skip


def _asked(result: ChapterResult) -> Iterator[tuple[str, str, str]]:
    """What a chapter asks for, of whom and by when, in its ask and in its steps."""
    if result.ask.get("what"):
        said = say(result.ask["what"], result).text
        yield said, result.ask.get("owner", ""), result.ask.get("due", "")
    steps = result.tables.get(STEPS)
    if steps is not None and set(WORDED) <= set(steps):
        yield from steps[WORDED].itertuples(index=False, name=None)


def _acts(said: str) -> Iterator[str]:
    """The acts that words ask for, each with what it is done to.

    >>> list(_acts("Take the target of handling minutes off one team, and tell customers."))
    ['telling customers what was delivered', 'taking a target off: handling minutes']
    """
    for act, words in ACTS.items():
        for thing in dict.fromkeys(words.findall(said)):
            yield f"{act}: {thing}" if thing else act


def _person(owner: str) -> str:
    """An owner without the function.

    >>> _person("Ann Lee, Service"), _person("Service")
    ('Ann Lee', 'Service')
    """
    return owner.partition(", ")[0]


def _listed(numbers: set[int]) -> str:
    return " and ".join(str(number) for number in sorted(numbers))


def _accounts(result: ChapterResult) -> set[int]:
    """Numbers of accounts that a chapter's ask names."""
    names = [name for _, name, form, _ in Formatter().parse(result.ask.get("what", ""))
             if name and form == "value"]  # fmt: skip
    figures = [result.figures[name] for name in names if name in result.figures]
    return {
        int(figure.value)
        for figure in figures
        if figure.base_unit == "accounts" and figure.unit == "count" and figure.value is not None
    }

"""Whether the pages of a book say what the results hold: each number of a sentence, a title, an
alt text or a table leads to one quantity, and what one place withholds no other place tells."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from html import unescape
from itertools import product
from math import fsum, nan
from pathlib import Path
from typing import TypeGuard

import pandas as pd

from helpers.press.spoken import NUMBER, Spoken, claims, numbers
from helpers.results import ChapterResult, Figure
from helpers.study import Study
from helpers.views.rendering.sentences import written

__all__ = ["called", "untraced"]

SUMMARY = "executive"  # quotes the figures of all chapters
FORMS = ("", "value", "interval", "margin", "base")
PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]*")  # nothing to read, and long
QUOTED = re.compile(r'<span[^>]* data-figure="([^"]*)"[^>]*>(.*?)</span>', re.DOTALL)
SAID = re.compile(
    r'<(p|div|li) class="(?:say|answer|so-what|do-next|caution)">(.*?)</\1>', re.DOTALL
)
OWNER = re.compile(r'<span class="owner">.*?</span>', re.DOTALL)  # a name, and a date
CHART = re.compile(r'<p class="chart-title">(.*?)</p>.*?<img[^>]* alt="([^"]*)"', re.DOTALL)
DIGIT = re.compile(r"\d")
ALT = re.compile(r'<img[^>]* alt="([^"]*)"')
TABLE = re.compile(r'<table class="data-table">(.*?)</table>', re.DOTALL)
ROW = re.compile(r'<tr>((?:<td[^>]*>[^<]*</td>)*<th scope="row">.*?)</tr>', re.DOTALL)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
MORE = re.compile(r"\band \d+ more\b")  # things that an alt text leaves out
SCALE = re.compile(r"\bof \d+ to \d+\b|\(\d+ to \d+\)")  # ends of a scale, in a name
PARTS = re.compile(r"; |\. ")  # between the parts of an alt text
BEGINS = 12  # letters by which such a name is known again
ENOUGH = 4  # rows of a table that agree with a column before another row is called wrong
LIKELY = "likely "  # before the label of a count: what it may be in truth
LISTED = ("list", "likely")  # words of a sentence on a list that is shorter or longer than that


@dataclass(frozen=True, eq=False)
class Source:
    """A row of a table, or a figure: what it is of, and every number that it gives."""

    names: frozenset[str]
    said: tuple[Spoken, ...]
    cells: tuple[str, ...] = ()  # of a row on a page

    @property
    def line(self) -> str:
        """The row as a line of text."""
        return " | ".join(self.cells)

    @cached_property
    def placed(self) -> dict[tuple[int, int], Spoken]:
        """Numbers of the cells that hold nothing else, by cell and place in it."""
        return {
            (at, place): number
            for at, cell in enumerate(self.cells)
            if at and not _name(cell)
            for place, number in enumerate(numbers(cell))
        }

    def gives(self, wanted: Sequence[Spoken]) -> bool:
        """Whether it gives all of these numbers."""
        return all(any(map(one.says, self.said)) for one in wanted)


@dataclass(frozen=True)
class Page:
    """One chapter's page as it was rendered, beside what the chapters handed on."""

    name: str
    text: str
    result: ChapterResult
    book: Mapping[str, ChapterResult]
    called: Mapping[str, str]  # what pages call the client's codes

    @cached_property
    def figures(self) -> list[Source]:
        """What the page may quote; a figure that is withheld gives nothing."""
        return [
            Source(frozenset({_name(f.label)}), tuple(numbers(" ".join((*_forms(f), f.label)))))
            for f in self.result.figures.values()
        ]

    @cached_property
    def tables(self) -> list[list[Source]]:
        """The tables on the page, a list of rows each."""
        return [
            [
                Source(frozenset(map(_name, cells)), tuple(numbers(" | ".join(cells))), cells)
                for row in ROW.findall(table)
                if (cells := tuple(map(_plain, CELL.findall(row))))
            ]
            for table in TABLE.findall(self.text)
        ]

    @property
    def rows(self) -> list[Source]:
        """All rows of these tables, each of what its first words name."""
        return [
            Source(frozenset({_name(row.cells[0])}), row.said, row.cells)
            for table in self.tables for row in table
        ]  # fmt: skip

    @cached_property
    def stored(self) -> dict[str, list[Source]]:
        """Rows of the tables that the chapter handed on, a number for each column, by table."""
        tables = self.result.tables
        called = {_name(code): _name(label) for code, label in self.called.items()}
        called |= {  # labels by the code in the first column
            _name(str(code)): _name(str(label))
            for table in tables.values() if "label" in table
            for code, label in zip(table.iloc[:, 0], table["label"], strict=True)
        }  # fmt: skip
        return {name: [*map(partial(_record, called), table.astype(object).itertuples(index=False))]
                for name, table in tables.items()}  # fmt: skip

    @cached_property
    def records(self) -> list[Source]:
        """All these rows, and for each name how many rows of a table bear it, and their sums."""
        found = [row for rows in self.stored.values() for row in rows]
        for rows in self.stored.values():
            named: defaultdict[str, list[Source]] = defaultdict(list)
            for row in rows:
                for name in row.names:
                    named[name].append(row)
            for name, bearing in named.items():
                columns = zip(*([cell.value for cell in row.said] for row in bearing), strict=True)
                sums = [fsum(value for value in column if value == value) for column in columns]
                given = (Spoken.exact(float(total)) for total in (len(bearing), *sums))
                found.append(Source(frozenset({name}), tuple(given)))
        return found

    @cached_property
    def unparted(self) -> set[str]:
        """Beginnings of names that hold digits and what parts an alt text: it can't be parted."""
        cells = (cell for table in self.result.tables.values()
                 for column in table.select_dtypes(include=["object", "string"])
                 for cell in table[column].dropna().unique())  # fmt: skip
        named = {" ".join(str(name).split()) for name in (*self.called.values(), *cells)}
        return {name[:BEGINS] for name in named if DIGIT.search(name) and PARTS.search(name)}

    def stripped(self, text: str, sources: Iterable[Source] = ()) -> str:
        """A text without names, whose digits count nothing."""
        named = {name for source in sources for name in source.names if name}
        texts = [f.value for f in self.result.figures.values() if isinstance(f.value, str)]
        digits = {label for label in self.called.values() if DIGIT.search(label) and label in text}
        for name in sorted({*named, *texts, *digits}, key=len, reverse=True):
            text = _said_in(name).sub(" ", text)
        return SCALE.sub(" ", MORE.sub(" ", text))


def called(study: Study) -> dict[str, str]:
    """What pages call the client's codes: its accounts and its questions."""
    accounts = study.tables.get("accounts")
    if accounts is None or "name" not in accounts:
        return dict(study.labels)
    named = accounts.dropna(subset=["name"])
    return {**dict(zip(named["account_id"], named["name"], strict=True)), **study.labels}


def untraced(
    book: Path, results: Mapping[str, ChapterResult], called: Mapping[str, str]
) -> list[str]:
    """Every number of the chapters' pages that leads to no quantity, or to two, a line each.

    A quoted figure reads as in the results; a sentence and a title say no other number; an alt
    text says of a thing what tables and results say of it, and nothing that they withhold; an
    interval in a table has the value that it has in the results; a count outside its likely
    range is said to be of a list. ``called`` is what pages call codes of the client's: accounts,
    questions.
    """
    found: list[str] = []
    for name, result in results.items():
        path = book / "notebooks" / f"{name}.html"
        if path.is_file():
            text = PICTURE.sub("", path.read_text("utf-8"))
            page = Page(name, text, result, results, called)
            found += [f"{name}: {line}" for check in CHECKS for line in check(page)]
    return list(dict.fromkeys(found))


def _quotes(page: Page) -> Iterator[str]:
    """Figures that are quoted otherwise than the results hold them."""
    for key, text in QUOTED.findall(page.text):
        figure = _figure(page, key)
        if figure is None or _plain(text) not in _forms(figure):
            yield f"{unescape(key)} is quoted as {_plain(text)!r}, and handed on as another value"


def _sentences(page: Page) -> Iterator[str]:
    """Numbers of sentences that are no figure's."""
    for _, inside in SAID.findall(page.text):
        bare = _plain(QUOTED.sub(" ", OWNER.sub("", inside)))
        for number in re.findall(r"\S*\d\S*", bare):
            yield f"{number!r} in a sentence is no figure's: {bare}"


def _titles(page: Page) -> Iterator[str]:
    """Numbers of titles that no figure of the page has, or that the alt text has otherwise."""
    known = {n.text for figure in page.figures for n in figure.said}
    for title, alt in CHART.findall(page.text):
        title, alt = _plain(title), unescape(alt)
        for number in numbers(page.stripped(title, page.records)):
            if number.text not in known | {n.text for n in numbers(alt)}:
                yield f"{number.text} in the title {title!r} is no figure of its page"
        if (
            DIGIT.sub("0", alt[: len(title)]) == DIGIT.sub("0", title) != ""
            and alt[: len(title)] != title
        ):
            yield f"the title {title!r} and its alt text {alt[: len(title)]!r} differ"


def _alts(page: Page) -> Iterator[str]:
    """Numbers of alt texts that no table and no figure gives of the same thing."""
    sources = [*page.rows, *page.records]
    for alt in map(unescape, ALT.findall(page.text)):
        if any(name in alt for name in page.unparted):
            continue
        for part in PARTS.split(alt):
            of = _closest(part, page)
            known = [*(of or sources), *page.figures]
            for together in claims(page.stripped(part, of)):
                if len(together) == 1 and not of:
                    continue  # a number alone, of a thing that no table names
                if not any(source.gives(together) for source in known):
                    said = " to ".join(number.text for number in together)
                    yield f"{said} in the alt text {part!r} is in no table and no figure of it"


def _closest(part: str, page: Page) -> list[Source]:
    """Rows that a part of an alt text names: of each stored table those of which it names most."""

    def named(rows: Iterable[Source]) -> list[tuple[int, Source]]:
        many = (
            (sum(bool(_said_in(n).search(part)) for n in row.names if len(n) > 2), row)
            for row in rows
        )
        return [(number, row) for number, row in many if number]

    sums = page.records[sum(map(len, page.stored.values())) :]
    found = [row for _, row in named((*page.rows, *sums, *page.figures))]
    for rows in map(named, page.stored.values()):
        most = max((number for number, _ in rows), default=0)
        found += [row for number, row in rows if number == most]
    return found


def _columns(page: Page) -> Iterator[str]:
    """Numbers of tables that differ from a column handed on, where the column's others do not."""
    for rows in page.tables:
        joined = [_joined(rows, records) for records in page.stored.values()]
        for place in {place for row in rows for place in row.placed}:
            columns = [_other(pairs, place, k) for pairs in joined if len(pairs) > ENOUGH
                       for k in range(len(pairs[0][1].said))]  # fmt: skip
            best = min(columns, key=len, default=[])
            if len(best) == 1 and sum(place in row.placed for row in rows) > ENOUGH:
                yield f"{best[0].placed[place].text} in the row {best[0].line!r} is another value"


def _joined(rows: list[Source], records: list[Source]) -> list[tuple[Source, Source]]:
    """Rows of a page, each with the one stored row that bears most of its names."""
    pairs = []
    for row in rows:
        shared = [len(row.names & record.names) for record in records]
        most = max(shared, default=0)
        if most and shared.count(most) == 1:
            pairs.append((row, records[shared.index(most)]))
    return pairs


def _other(pairs: list[tuple[Source, Source]], place: tuple[int, int], column: int) -> list[Source]:
    """Rows with another number at a place than the column has; all where too few have the same."""
    there = [(row, record) for row, record in pairs if place in row.placed]
    other = [row for row, record in there if not _tells(row.placed[place], record.said[column])]
    same = {row.placed[place].text for row, _ in there if row not in other}
    return other if len(same) >= ENOUGH else [row for row, _ in there]


def _tells(number: Spoken, stored: Spoken) -> bool:
    """Whether a page's number is the stored one, or a share of it in percentage points."""
    return number.says(stored) or number.says(Spoken.exact(100 * stored.value))


def _labels(page: Page) -> Iterator[str]:
    """Rows of tables that bear a figure's name and base, and not its value."""
    named = {
        _name(figure.label): figure
        for result in page.book.values() if result.chapter != SUMMARY
        for figure in result.figures.values()
        if figure.label and figure.low is not None and figure.base
    }  # fmt: skip
    for row in page.rows:
        finer = [f"{row.cells[0]}, {cell}" for cell in row.cells[1:]]
        figure = next((named[n] for n in map(_name, (*finer, row.cells[0])) if n in named), None)
        if figure and row.gives(numbers(f"{figure.base}")):
            value = numbers(written(figure, "value"))
            if not row.gives(value):
                yield f"the row {row.line!r} is of {figure.label}, {value[0].text}"


def _counts(page: Page) -> Iterator[str]:
    """Counts outside their likely range in a sentence that does not call them those of a list."""
    for _, inside in SAID.findall(page.text):
        quoted = [f for key, _ in QUOTED.findall(inside) if (f := _figure(page, key)) is not None]
        for count, likely in product(quoted, quoted):
            if likely.label != LIKELY + count.label or likely.low is None or count.value is None:
                continue
            outside = not likely.low <= float(count.value) <= float(likely.high or 0)
            if outside and not all(word in _plain(inside).casefold() for word in LISTED):
                yield (
                    f"{count.label}: {written(count)} lies outside {written(likely, 'interval')}, "
                    f"and is not said to be of a list: {_plain(inside)}"
                )


CHECKS = (_quotes, _sentences, _titles, _alts, _columns, _labels, _counts)


def _figure(page: Page, key: str) -> Figure | None:
    """The figure that a page quotes by chapter and name."""
    chapter, _, name = unescape(key).partition(".")
    return page.book[chapter].figures.get(name) if chapter in page.book else None


def _forms(figure: Figure) -> set[str]:
    """Every way in which a figure is written; none for one that is withheld."""
    if figure.value is None:
        return set()
    forms = [f for f in FORMS if figure.low is not None or f not in ("interval", "margin")]
    return {" ".join(written(figure, form).split()) for form in forms}


def _plain(markup: str) -> str:
    return " ".join(unescape(TAG.sub("", markup)).split())


def _name(text: str) -> str:
    """What a cell names: its words, without the column that they are of; nothing for numbers.

    >>> _name("Role: decision_maker"), _name("41% (36% to 46%)"), _name("Tier 1")
    ('decision maker', '', 'tier 1')
    """
    last = text.rpartition(": ")[2].replace("_", " ").strip()
    letters = re.sub(r"\bto\b", "", NUMBER.sub("", last))
    return last.casefold() if re.search(r"[^\W\d_]", letters) else ""


@cache
def _said_in(name: str) -> re.Pattern[str]:
    """Where a text says a name, as words of their own."""
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)


def _record(called: Mapping[str, str], record: tuple[object, ...]) -> Source:
    """A stored row: the names that it bears, and a number for each of its cells."""
    names = {_name(cell) for cell in record if isinstance(cell, str)}
    names |= {called[name] for name in names & set(called)}
    said = (Spoken.exact(float(cell) if _is_number(cell) else nan) for cell in record)
    return Source(frozenset(names - {""}), tuple(said))


def _is_number(cell: object) -> TypeGuard[float]:
    return isinstance(cell, int | float) and not isinstance(cell, bool) and not pd.isna(cell)

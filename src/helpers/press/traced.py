"""Whether the pages of a book say what the results hold: each number of a sentence, a title, an
alt text or a table leads to one quantity, and what one place withholds no other place tells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape, unescape
from itertools import chain, product
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.press.markup import words
from helpers.press.quantities import Quantities, forms
from helpers.press.shown import PICTURE, otherwise, shown_on
from helpers.press.sources import Source, Stored, name_of
from helpers.press.spoken import Spoken, claims, numbers
from helpers.press.unbroken import as_written
from helpers.results import ChapterResult, Figure
from helpers.views.rendering.questions import by_chance
from helpers.views.rendering.sentences import Sentence, hover, written

__all__ = ["untraced"]

SUMMARY = "executive"  # quotes the figures of all chapters
QUOTED = re.compile(
    r'<span[^>]* data-figure="([^"]*)"(?: title="([^"]*)")?[^>]*>(.*?)</span>', re.DOTALL
)
SAID = re.compile(
    r'<(p|div|li) class="(?:say|answer|so-what|do-next|caution)">(.*?)</\1>', re.DOTALL
)
OWNER = re.compile(r'<span class="owner">(.*?)</span>', re.DOTALL)  # and a day
NAMED = re.compile(r"(?:Owner: \.)? ?(?:By: \.)?")  # of that line, without owner and day
DOUBT = re.compile(r'<p class="among">(.*?)</p>', re.DOTALL)
TRUST = re.compile(r'<p class="trust">(.*?)</p>', re.DOTALL)
BASE = re.compile(r"(?:Base )?(\d[^;]*?)(?:; |\.?$)")  # with which such a line may begin
REVIEW = re.compile(r"Next review: (.*?)\.?$")
LETTER = re.compile(r'<section class="letter".*?</section>', re.DOTALL)
CHART = re.compile(r'<p class="chart-title">(.*?)</p>.*?<img[^>]* alt="([^"]*)"', re.DOTALL)
DIGIT = re.compile(r"\d")
ALT = re.compile(r'<img[^>]* alt="([^"]*)"')
TABLE = re.compile(r'<table class="data-table">(.*?)</table>', re.DOTALL)
ROW = re.compile(r'<tr>((?:<td[^>]*>[^<]*</td>)*<th scope="row">.*?)</tr>', re.DOTALL)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
PARTS = re.compile(r"; |\. ")  # between the parts of an alt text
BEGINS = 12  # letters by which such a name is known again
ENOUGH = 4  # rows of a table that agree with a column before another row is called wrong
LIKELY = "likely "  # before the label of a count: what it may be in truth
LISTED = ("list", "likely")  # words of a sentence on a list that is shorter or longer than that


@dataclass(frozen=True)
class Page(Quantities):
    """One chapter's page as it was rendered, beside what the chapters handed on."""

    name: str
    text: str
    book: Mapping[str, ChapterResult]

    @classmethod
    def of(cls, name: str, text: str, book: Mapping[str, ChapterResult],
           called: Mapping[str, str]) -> Page:  # fmt: skip
        """The page of a chapter; names are looked for in its titles and alt texts."""
        titles = [words(title) for title, _ in CHART.findall(text)]
        said = "\n".join((*titles, *_alt_texts(text)))
        return cls([book[name]], called, said, name, text, book)

    @cached_property
    def tables(self) -> list[list[Source]]:
        """The tables on the page, a list of rows each."""
        return [
            [
                Source(frozenset(map(name_of, cells)), tuple(numbers(" | ".join(cells))), cells)
                for row in ROW.findall(table)
                if (cells := tuple(map(words, CELL.findall(row))))
            ]
            for table in TABLE.findall(self.text)
        ]

    @cached_property
    def rows(self) -> list[Source]:
        """All rows of these tables, each of what its first words name."""
        return [
            Source(frozenset({name_of(row.cells[0])}), row.said, row.cells)
            for table in self.tables for row in table
        ]  # fmt: skip

    @cached_property
    def alts(self) -> list[str]:
        """The alt texts of its pictures."""
        return _alt_texts(self.text)

    @cached_property
    def unparted(self) -> set[str]:
        """Beginnings of names that hold digits and what parts an alt text: it can't be parted."""
        cells = (cell for result in self.results for table in result.tables.values()
                 for column in table.select_dtypes(include=["object", "string"])
                 for cell in table[column].dropna().unique())  # fmt: skip
        named = {" ".join(str(name).split()) for name in (*self.called.values(), *cells)}
        return {name[:BEGINS] for name in named if DIGIT.search(name) and PARTS.search(name)}


def untraced(
    book: Path, results: Mapping[str, ChapterResult], called: Mapping[str, str]
) -> list[str]:
    """Every number of the chapters' pages that leads to no quantity, or to two, a line each.

    A quoted figure reads as in the results; a sentence and a title say no other number; an alt
    text says of a thing what tables and results say of it, and nothing that they withhold;
    charts and tables say word for word what they did when their chapter ran; an
    interval in a table has the value that it has in the results; a count outside its likely
    range is said to be of a list; what is clear on its own only is said to be so; owner, day, base
    and letter are those handed on. ``called`` is what pages call codes of the client's: accounts,
    questions.
    """
    found: list[str] = []
    doubts = by_chance(results)
    for name in results:
        path = book / "notebooks" / f"{name}.html"
        if path.is_file():
            text = as_written(PICTURE.sub("", path.read_text("utf-8")))
            page = Page.of(name, text, results, called)
            found += [f"{name}: {line}" for check in CHECKS for line in check(page)]
            found += [f"{name}: {line}" for line in _doubted(page, doubts)]
    return list(dict.fromkeys(found))


def _quotes(page: Page) -> Iterator[str]:
    """Figures that are quoted otherwise than the results hold them."""
    for key, title, text in QUOTED.findall(page.text):
        figure = _figure(page, key)
        if figure is None or words(text) not in forms(figure):
            yield f"{unescape(key)} is quoted as {words(text)!r}, and handed on as another value"
        elif title and unescape(title) != hover(figure):
            yield f"{unescape(key)} is explained by {unescape(title)!r}, not {hover(figure)!r}"


def _sentences(page: Page) -> Iterator[str]:
    """Numbers of sentences that are no figure's."""
    for _, inside in SAID.findall(page.text):
        bare = words(QUOTED.sub(" ", OWNER.sub("", inside)))
        for number in re.findall(r"\S*\d\S*", bare):
            yield f"{number!r} in a sentence is no figure's: {bare}"


def _titles(page: Page) -> Iterator[str]:
    """Numbers of titles that no figure of the page has, or that the alt text has otherwise."""
    known = {n.text for figure in page.figures for n in figure.said}
    for title, alt in CHART.findall(page.text):
        title, alt = words(title), unescape(alt)
        for number in numbers(page.stripped(title, page.borne)):
            if number.text not in known | {n.text for n in numbers(alt)}:
                yield f"{number.text} in the title {title!r} is no figure of its page"
        if (
            DIGIT.sub("0", alt[: len(title)]) == DIGIT.sub("0", title) != ""
            and alt[: len(title)] != title
        ):
            yield f"the title {title!r} and its alt text {alt[: len(title)]!r} differ"


def _alts(page: Page) -> Iterator[str]:
    """Numbers of alt texts that no table and no figure gives of the same thing."""
    for alt in page.alts:
        if any(name in alt for name in page.unparted):
            continue
        for part in PARTS.split(alt):
            of = page.closest(part)
            for together in claims(page.stripped(part, chain(*(row.names for row in of)))):
                known = chain(of or page.sources, page.figures)
                if not any(source.gives(together) for source in known):
                    said = " to ".join(number.text for number in together)
                    yield f"{said} in the alt text {part!r} is in no table and no figure of it"


def _columns(page: Page) -> Iterator[str]:
    """Numbers of tables that differ from a column handed on, where the column's others do not."""
    for rows in page.tables:
        joined = [_joined(rows, table) for table in page.stored]
        for place in {place for row in rows for place in row.placed}:
            other = [_other(pairs, place) for pairs in joined if len(pairs) > ENOUGH]
            best = min(other, key=len, default=[])
            if len(best) == 1 and sum(place in row.placed for row in rows) > ENOUGH:
                yield f"{best[0].placed[place].text} in the row {best[0].line!r} is another value"


def _joined(rows: list[Source], table: Stored) -> list[tuple[Source, Source]]:
    """Rows of a page, each with the one stored row that bears most of its names."""
    closest = [(row, table.closest(row.names)) for row in rows]
    return [(row, records[0]) for row, records in closest if len(records) == 1]


def _other(pairs: list[tuple[Source, Source]], place: tuple[int, int]) -> list[Source]:
    """Rows with another number at a place than the column has that is most like it.

    All of them where no column has the same for enough of them. Counts below ten are alike by
    chance: an owner of six accounts may have six cases, and another seven.
    """
    there = [(row, record) for row, record in pairs if place in row.placed]
    if not there:
        return []
    shown = [row.placed[place] for row, _ in there]
    same = _tells(shown, np.array([record.values for _, record in there]))
    _, text = np.unique([number.text for number in shown], return_inverse=True)
    telling = np.array([len(number.text) > 1 for number in shown])
    texts = [len(set(text[column & telling])) for column in same.T]
    unlike = [column for column, many in zip(~same.T, texts, strict=True) if many >= ENOUGH]
    fewest = min(unlike, key=np.count_nonzero, default=np.ones(len(there), dtype=bool))
    return [there[row][0] for row in np.flatnonzero(fewest)]


def _tells(shown: Sequence[Spoken], stored: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether a page's number, a row each, is the stored one, or a share of it in points."""
    value, low, high = (
        np.array([[getattr(number, end)] for number in shown]) for end in ("value", "low", "high")
    )
    told = np.zeros(stored.shape, dtype=bool)
    for whole in (stored, 100 * stored):
        slack = 1e-9 * np.fmax(1.0, np.fmax(np.abs(value), np.abs(whole)))
        for least, most in ((low, high), (-high, -low)):
            told |= (least <= whole + slack) & (whole <= most + slack)
    return told


def _shown(page: Page) -> Iterator[str]:
    """Words of charts and tables that are not those which were kept with the results."""
    return otherwise(shown_on(page.text), page.book[page.name].shown)


def _labels(page: Page) -> Iterator[str]:
    """Rows of tables that bear a figure's name and base, and not its value."""
    named = {
        _whole(figure.label): figure
        for result in page.book.values() if result.chapter != SUMMARY
        for figure in result.figures.values()
        if figure.label and figure.low is not None and figure.base
    }  # fmt: skip
    for row in page.rows:
        finer = [f"{row.cells[0]}, {cell}" for cell in row.cells[1:]]
        figure = next((named[n] for n in map(_whole, (*finer, row.cells[0])) if n in named), None)
        if figure and row.gives(numbers(f"{figure.base}")):
            value = numbers(written(figure, "value"))
            if not row.gives(value):
                yield f"the row {row.line!r} is of {figure.label}, {value[0].text}"


def _whole(text: str) -> str:
    """A label as it is compared, whole: a name in it may hold what else parts it from a column.

    >>> _whole("Share who name Q5: care")
    'share who name q5: care'
    """
    return text.replace("_", " ").strip().casefold()


def _doubted(page: Page, doubts: Mapping[str, Sentence]) -> Iterator[str]:
    """What the page says could be chance, where that is not what all results together say."""
    said = [words(inside) for inside in DOUBT.findall(page.text)]
    meant = [words(doubts[page.name].html)] if page.name in doubts else []
    if said != meant:
        yield f"{' '.join(said)!r} is said to be clear on its own only, not {' '.join(meant)!r}"


def _counts(page: Page) -> Iterator[str]:
    """Counts outside their likely range in a sentence that does not call them those of a list."""
    for _, inside in SAID.findall(page.text):
        quoted = [f for key, *_ in QUOTED.findall(inside) if (f := _figure(page, key)) is not None]
        for count, likely in product(quoted, quoted):
            if likely.label != LIKELY + count.label or likely.low is None or count.value is None:
                continue
            outside = not likely.low <= float(count.value) <= float(likely.high or 0)
            if outside and not all(word in words(inside).casefold() for word in LISTED):
                yield (
                    f"{count.label}: {written(count)} lies outside {written(likely, 'interval')}, "
                    f"and is not said to be of a list: {words(inside)}"
                )


def _endings(page: Page) -> Iterator[str]:
    """Owner and day of the ask, base and day of the review, where the results have others."""
    result = page.book[page.name]
    for owner in OWNER.findall(page.text):
        line = bare = words(owner)
        for key in ("owner", "due"):
            bare = bare.replace(words(escape(result.ask.get(key, ""))) or "\0", "", 1)
        if line.startswith(("Owner: ", "By: ")) and not NAMED.fullmatch(bare):
            yield f"{line!r} is not what was asked of whom, and by when"
    bases = {base for f in result.figures.values() if f.base for base in forms(f)}
    for told in TRUST.findall(page.text):
        line = words(told)
        base, review = BASE.match(line), REVIEW.search(line)
        if base and base[1] not in bases:
            yield f"{base[1]!r} is the base of no figure: {line}"
        if review and review[1] != result.ask.get("review"):
            yield f"{review[1]!r} is not the day of the review: {line}"


def _letters(page: Page) -> Iterator[str]:
    """Numbers of a letter that is shown and that the letters handed on do not have."""
    letters = page.book[page.name].tables.get("letters", pd.DataFrame({"text": []}))["text"]
    for section in LETTER.findall(page.text):
        shown = Counter(re.findall(r"\d+", words(section)))
        beyond = [shown - Counter(re.findall(r"\d+", str(text))) for text in letters]
        for number in min(beyond, key=len, default=shown):
            yield f"{number} in the letter shown is not in the letter handed on"


CHECKS = (
    _quotes, _sentences, _titles, _alts, _shown, _columns, _labels, _counts, _endings, _letters,
)  # fmt: skip


def _figure(page: Page, key: str) -> Figure | None:
    """The figure that a page quotes by chapter and name."""
    chapter, _, name = unescape(key).partition(".")
    return page.book[chapter].figures.get(name) if chapter in page.book else None


def _alt_texts(text: str) -> list[str]:
    return [unescape(alt) for alt in ALT.findall(text)]

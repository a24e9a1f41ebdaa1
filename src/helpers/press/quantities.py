"""What a text may say numbers of: figures and tables that chapters handed on, and their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain

import pandas as pd

from helpers.press.sources import Source, Stored, name_of
from helpers.press.spoken import numbers
from helpers.results import ChapterResult, Figure
from helpers.study import Study
from helpers.views.rendering.sentences import written

__all__ = ["Quantities", "called", "forms", "said_by", "said_in", "words_of"]

FORMS = ("", "value", "interval", "margin", "base")
OF_ONE = "response_id"  # pages speak of no respondent, and there may be a million
DIGIT = re.compile(r"\d")
MORE = re.compile(r"\band \d+ more\b")  # things that a text leaves out
SCALE = re.compile(r"\bof \d+ to \d+\b|\(\d+ to \d+\)")  # ends of a scale, in a name
ALIKE = {ord("ı"): "i", 0x307: None, ord("_"): " "}  # i without a dot, the dot of a capital
BEFORE_DIGIT, AFTER_DIGIT = r"(?<![\w.,$€£¥₹<>+−-])", r"(?![\w%]|[.,]\d)"
OF = ": "  # between a column and a name of it
LONGEST = 80  # letters of a cell that may be a name; comments and letters are longer


@dataclass(frozen=True)
class Quantities:
    """The numbers of some chapters, and what texts that quote them call things.

    ``said`` are those texts: names of things are looked for in them.
    """

    results: Sequence[ChapterResult]
    called: Mapping[str, str]  # what pages call the client's codes
    said: str

    @cached_property
    def figures(self) -> list[Source]:
        """What may be quoted; a figure that is withheld gives nothing."""
        return [
            Source(frozenset({name_of(f.label)}), tuple(numbers(" ".join((*forms(f), f.label)))))
            for result in self.results for f in result.figures.values()
        ]  # fmt: skip

    @property
    def rows(self) -> list[Source]:
        """Rows of tables that are shown beside the texts."""
        return []

    @cached_property
    def stored(self) -> list[Stored]:
        """Rows of the tables that the chapters handed on."""
        return [table for result in self.results for table in self._stored_by(result)]

    def _stored_by(self, result: ChapterResult) -> list[Stored]:
        tables = [table for table in result.tables.values() if OF_ONE not in table]
        called = {name_of(code): name_of(label) for code, label in self.called.items()}
        called |= {  # labels by the code in the first column
            name_of(str(code)): name_of(str(label))
            for table in tables if "label" in table
            for code, label in zip(table.iloc[:, 0], table["label"], strict=True)
        }  # fmt: skip
        return [Stored.of(table, called) for table in tables]

    @cached_property
    def sources(self) -> list[Source]:
        """All rows shown and stored, and the sums of those that bear a name."""
        stored = chain.from_iterable((*table.rows, *table.sums.values()) for table in self.stored)
        return [*self.rows, *stored]

    @cached_property
    def heard(self) -> set[str]:
        """Names of things that the texts say: few of the many in the tables."""
        names = {name for source in (*self.rows, *self.figures) for name in source.names}
        names.update(*(table.bearing for table in self.stored))
        return self._heard_of(names - {""})

    def _heard_of(self, names: Iterable[str]) -> set[str]:
        """Those of some names that the texts say."""
        folded = _folded(self.said)
        return {n for n in names if _folded(n) in folded and said_in(n).search(self.said)}

    @cached_property
    def borne(self) -> set[str]:
        """Names of things that the texts say and that a row handed on bears."""
        return {name for name in self.heard if any(name in t.bearing for t in self.stored)}

    @cached_property
    def numbered(self) -> list[str]:
        """Names with digits, whole: what codes are called, and cells of which `name_of` is a part.

        A group may be called "Band 3: over 100", of which a row bears the last words alone.
        """
        cells = (cell for result in self.results for table in result.tables.values()
                 if OF_ONE not in table for cell in words_of(table) if OF in cell)  # fmt: skip
        told = self._heard_of({cell for cell in cells if DIGIT.search(cell)})
        return [*(label for label in self.called.values() if DIGIT.search(label)), *told]

    @cached_property
    def texts(self) -> list[str]:
        """Figures that are words."""
        return [f.value for result in self.results for f in result.figures.values()
                if isinstance(f.value, str)]  # fmt: skip

    def stripped(self, text: str, names: Iterable[str]) -> str:
        """A text without names, whose digits count nothing."""
        digits = [label for label in self.numbered if label in text]
        named = {*self.heard.intersection(names), *self.texts, *digits}
        for name in sorted(named, key=len, reverse=True):
            text = said_in(name).sub(" ", text)
        return SCALE.sub(" ", MORE.sub(" ", text))

    def closest(self, part: str) -> list[Source]:
        """Rows that a text names: of each stored table those of which it names most."""
        said = {name for name in self.heard if len(name) > 2 and said_in(name).search(part)}
        found = [row for row in (*self.rows, *self.figures) if row.names & said]
        for table in self.stored:
            found += [table.sum_of(name) for name in said if name in table.bearing]
            found += table.closest(said)
        return found


def called(study: Study) -> dict[str, str]:
    """What pages call the client's codes: its accounts and its questions."""
    accounts = study.tables.get("accounts")
    if accounts is None or "name" not in accounts:
        return dict(study.labels)
    named = accounts.dropna(subset=["name"])
    return {**dict(zip(named["account_id"], named["name"], strict=True)), **study.labels}


def forms(figure: Figure) -> set[str]:
    """Every way in which a figure is written; none for one that is withheld.

    >>> sorted(forms(Figure("nps", 40.4, 37.6, 43.2, base=2746)))
    ['2,746 respondents', '2.8', '37.6 to 43.2', '40.4', '40.4 (37.6 to 43.2)']
    """
    if figure.value is None:
        return set()
    forms = [f for f in FORMS if figure.low is not None or f not in ("interval", "margin")]
    return {" ".join(written(figure, form).split()) for form in forms}


def said_by(figure: Figure) -> list[set[str]]:
    """The numbers of each way in which a figure is written.

    >>> [sorted(one) for one in said_by(Figure("paid", 0.41, base=90, unit="share"))]
    [['90'], ['41%']]
    """
    return [{one.text for one in numbers(form)} for form in sorted(forms(figure), reverse=True)]


@cache
def said_in(name: str) -> re.Pattern[str]:
    """Where a text says a name, as words of their own and not as the end of a number.

    >>> said_in("3M").findall("Of $1.3M a year, 3M brings $3M.")
    ['3M']
    """
    words = re.escape(name).replace(r"\ ", "[ _]")  # names have spaces in the place of both
    before = BEFORE_DIGIT if name[:1].isdigit() else r"(?<!\w)"
    after = AFTER_DIGIT if name[-1:].isdigit() else r"(?!\w)"
    return re.compile(f"{before}{words}{after}", re.IGNORECASE)


def _folded(text: str) -> str:
    """A text in which whatever ignoring case finds in it is found letter by letter.

    >>> _folded("istanbul") in _folded("Depot İSTANBUL")
    True
    """
    return text.casefold().translate(ALIKE)


def words_of(table: pd.DataFrame) -> Iterator[str]:
    """The texts of a table's cells that may be names, each once a column.

    >>> list(words_of(pd.DataFrame({"name": ["Mill", "Mill", None], "of": [1, 2, 3]})))
    ['Mill']
    """
    for _, column in table.select_dtypes(include=["object", "string", "category"]).items():
        yield from (cell for cell in column.dropna().astype(object).unique()
                    if isinstance(cell, str) and len(cell) <= LONGEST)  # fmt: skip

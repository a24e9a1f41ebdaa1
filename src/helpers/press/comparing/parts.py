"""What differs of a chapter besides its figures: its texts, and its tables cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from helpers.press.contents import cell_digests
from helpers.results import ChapterResult
from helpers.views.rendering.sentences import do_next, say

__all__ = ["TEXTS", "Part", "parts"]

TEXTS = "its texts"
MOST_NAMES = 6  # columns that are named
MISSING = ""  # of a run that has no such table


@dataclass(frozen=True)
class Part:
    """One text or one table that differs.

    ``name`` is ``answer``, ``so what``, ``ask``, ``doubts``, ``reasons`` or ``table shares``.
    ``how`` says of a table how much of it differs; ``before`` and ``now`` are the text, or how
    many rows the table has.
    """

    name: str
    how: str
    before: str
    now: str

    @property
    def group(self) -> str:
        """Under which it is counted: all texts of a chapter are one."""
        return self.name if self.name.startswith("table ") else TEXTS


def parts(one: ChapterResult, other: ChapterResult) -> Iterator[Part]:
    """Every text and every table of which another was handed on.

    A text is another where its words are; where only a figure in it is, the figure tells.

    Examples
    --------
    >>> table = pd.DataFrame({"name": ["a", "b"], "share": [0.1, 0.2]})
    >>> one = ChapterResult("x", {}, {"shares": table}, answer="One.")
    >>> other = ChapterResult("x", {}, {"shares": table.assign(share=[0.1, 0.3])}, answer="Two.")
    >>> for part in parts(one, other): print(part.name, "|", part.how, "|", part.before, part.now)
    answer | another text | One. Two.
    table shares | 1 of 4 cells, in share | 2 rows 2 rows
    """
    yield from _texts(one, other)
    for name in sorted({*one.tables, *other.tables}):
        before, now = one.tables.get(name), other.tables.get(name)
        if how := _differs(before, now):
            yield Part(f"table {name}", how, _rows(before), _rows(now))


def _texts(one: ChapterResult, other: ChapterResult) -> Iterator[Part]:
    for name, told in (
        ("answer", lambda made: made.answer), ("so what", lambda made: made.so_what),
        ("ask", lambda made: dict(made.ask)), ("doubts", lambda made: made.doubts),
        ("reasons", lambda made: dict(made.untold)),
    ):  # fmt: skip
        if told(one) != told(other):
            yield Part(name, "another text", _said(name, one), _said(name, other))


def _said(name: str, made: ChapterResult) -> str:
    """A text with its numbers, in one line."""
    if name == "ask":
        return do_next(made).text
    if name == "reasons":
        return "; ".join(f"{figure}: {why}" for figure, why in sorted(made.untold.items()))
    told = {"answer": (made.answer,), "so what": (made.so_what,), "doubts": made.doubts}[name]
    return " ".join(say(text, made).text for text in told if text)


def _rows(table: pd.DataFrame | None) -> str:
    if table is None:
        return MISSING
    return f"{len(table):,} row{'' if len(table) == 1 else 's'}"


def _differs(before: pd.DataFrame | None, now: pd.DataFrame | None) -> str:
    """How much of a table differs; empty where nothing does."""
    if before is None or now is None:
        return "new" if before is None else "gone"
    if [*before.columns] != [*now.columns]:
        return _columns(before, now)
    one, other = (_digests(table) for table in (before, now))
    if one.equals(other):
        return "" if before.dtypes.equals(now.dtypes) else "the kinds of its columns"
    if len(one) != len(other):
        return _other_rows(one, other)
    cells = one.ne(other)
    names = [str(name) for name, any_of in zip(before.columns, cells.any(), strict=True) if any_of]
    return f"{int(cells.to_numpy().sum()):,} of {cells.size:,} cells, in {_named(names)}"


def _digests(table: pd.DataFrame) -> pd.DataFrame:
    """A digest of each cell, by place."""
    own = {place: cell_digests(table.iloc[:, place]) for place in range(table.shape[1])}
    return pd.DataFrame(own, index=range(len(table)))


def _columns(before: pd.DataFrame, now: pd.DataFrame) -> str:
    new = [str(name) for name in now.columns if name not in before.columns]
    gone = [str(name) for name in before.columns if name not in now.columns]
    told = [f"{word} {_named(names)}" for word, names in (("new", new), ("gone", gone)) if names]
    return f"columns: {', '.join(told) or 'in another order'}"


def _other_rows(one: pd.DataFrame, other: pd.DataFrame) -> str:
    """How many rows only one of them has, wherever they stand."""
    before, now = (Counter(table.itertuples(index=False, name=None)) for table in (one, other))
    gone, new = (before - now).total(), (now - before).total()
    return f"{new:,} new or changed rows, {gone:,} gone or changed"


def _named(names: list[str]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")

"""What may be declared of a column and of a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

__all__ = ["Column", "Kind", "Table", "dates", "ids", "numbers", "period", "texts", "yes_no"]


Kind = Literal["id", "text", "number", "date", "period", "yes_no"]


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column: how it is read and which values it may hold."""

    name: str  # may hold a *: every column of that pattern
    kind: Kind
    required: bool = False
    values: tuple[str, ...] = ()  # the only texts allowed
    low: float | None = None
    high: float | None = None
    past: bool = False  # a date that cannot lie after `as_of`

    @property
    def is_share(self) -> bool:
        """Whether it holds shares, so that 40% is 0.4."""
        return self.kind == "number" and self.high == 1


@dataclass(frozen=True, slots=True)
class Table:
    """One declared table: what a row is, what makes it unique, what it opens."""

    name: str
    row: str
    opens: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    order: tuple[tuple[str, str], ...] = ()  # pairs of dates: the first is never later
    money: bool = False  # holds amounts, so `currency` must be declared

    def column(self, name: str) -> Column | None:
        """Find the declaration of a column, patterns included."""
        exact = (c for c in self.columns if c.name == name)
        pattern = (c for c in self.columns if "*" in c.name and fnmatchcase(name, c.name))
        return next(exact, None) or next(pattern, None)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that must be there."""
        return tuple(c.name for c in self.columns if c.required)


def _split(names: str) -> list[str]:
    return names.split()


def ids(required: str = "", optional: str = "") -> Iterator[Column]:
    """Columns of ids."""
    yield from (Column(n, "id", required=True) for n in _split(required))
    yield from (Column(n, "id") for n in _split(optional))


def texts(required: str = "", optional: str = "") -> Iterator[Column]:
    """Columns of texts."""
    yield from (Column(n, "text", required=True) for n in _split(required))
    yield from (Column(n, "text") for n in _split(optional))


def numbers(
    required: str = "", optional: str = "", *, low: float | None = None, high: float | None = None
) -> Iterator[Column]:
    """Columns of numbers between two ends."""
    yield from (Column(n, "number", required=True, low=low, high=high) for n in _split(required))
    yield from (Column(n, "number", low=low, high=high) for n in _split(optional))


def dates(required: str = "", optional: str = "", *, past: bool = False) -> Iterator[Column]:
    """Columns of days."""
    yield from (Column(n, "date", required=True, past=past) for n in _split(required))
    yield from (Column(n, "date", past=past) for n in _split(optional))


def yes_no(required: str = "", optional: str = "") -> Iterator[Column]:
    """Columns of yes or no."""
    yield from (Column(n, "yes_no", required=True) for n in _split(required))
    yield from (Column(n, "yes_no") for n in _split(optional))


def period(*, required: bool = True) -> Column:
    """The month of a row, never after the day of the data."""
    return Column("period", "period", required=required, past=True)

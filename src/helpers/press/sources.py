"""What a number on a page may be traced to: rows of tables, shown or stored, and their sums."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from math import fsum, nan
from typing import TypeGuard

import pandas as pd

from helpers.press.spoken import NUMBER, Spoken, numbers

__all__ = ["Source", "Stored", "name_of"]

ENDS = 3  # a value and the ends of its interval


@dataclass(frozen=True, eq=False)
class Source:
    """A row of a table, or a figure: what it is of, and every number that it gives."""

    names: frozenset[str]
    said: tuple[Spoken, ...] = ()
    cells: tuple[str, ...] = ()  # of a row on a page
    values: tuple[float, ...] = ()  # of a stored row, one for each column

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
            if at and not name_of(cell)
            for place, number in enumerate(numbers(cell))
        }

    def gives(self, wanted: Sequence[Spoken]) -> bool:
        """Whether it gives all of these numbers; ends of an interval stand side by side."""
        if not all(
            any(map(one.says, self.said)) or any(map(one.stands_for, self.values)) for one in wanted
        ):
            return False
        return len(wanted) != ENDS or any(
            _beside(*matched)
            for matched in (
                [[one.says(number) for number in self.said] for one in wanted],
                [[one.stands_for(value) for value in self.values] for one in wanted],
            )
        )


@dataclass(frozen=True)
class Stored:
    """Rows of a table that a chapter handed on."""

    rows: list[Source]

    @classmethod
    def of(cls, table: pd.DataFrame, called: Mapping[str, str]) -> Stored:
        """The rows of a table: the names that each bears, and a number for each of its cells."""
        columns = [table.iloc[:, place] for place in range(table.shape[1])]
        named = zip(*map(_names, columns), strict=True)
        values = zip(*map(_values, columns), strict=True)
        rows = ({*bearing} - {""} for bearing in named)
        return cls([
            Source(frozenset(bearing | {called[n] for n in bearing if n in called}), values=numbers)
            for bearing, numbers in zip(rows, values, strict=True)
        ])  # fmt: skip

    @cached_property
    def bearing(self) -> dict[str, list[int]]:
        """Where the rows are that bear a name."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for place, row in enumerate(self.rows):
            for name in row.names:
                found[name].append(place)
        return dict(found)

    @cached_property
    def sums(self) -> dict[str, Source]:
        """For each name how many rows bear it, and their sums."""
        return {name: self.sum_of(name) for name in self.bearing}

    def sum_of(self, name: str) -> Source:
        """How many rows bear a name, and the sum of each column over them."""
        if name not in self._summed:
            self._summed[name] = self._sum_of(name)
        return self._summed[name]

    @cached_property
    def _summed(self) -> dict[str, Source]:
        """The sums that were asked for so far."""
        return {}

    def _sum_of(self, name: str) -> Source:
        rows = [self.rows[place].values for place in self.bearing[name]]
        sums = (fsum(value for value in column if value == value)
                for column in zip(*rows, strict=True))  # fmt: skip
        return Source(frozenset({name}), values=(float(len(rows)), *sums))

    def closest(self, names: Iterable[str]) -> list[Source]:
        """The rows that bear most of these names; none where no row bears any."""
        shared = Counter(chain.from_iterable(self.bearing.get(name, ()) for name in names))
        most = max(shared.values(), default=0)
        return [self.rows[place] for place, number in shared.items() if number == most]


def _beside(value: Sequence[bool], low: Sequence[bool], high: Sequence[bool]) -> bool:
    """Whether a value stands anywhere but at the ends of an interval, which stand side by side.

    >>> _beside([True, False, False], [False, True, False], [False, False, True])
    True
    >>> _beside([True, False, False], [True, False, False], [False, True, False])
    False
    """
    return any(
        first and second and any(it for place, it in enumerate(value) if place not in (at, at + 1))
        for at, (first, second) in enumerate(zip(low[:-1], high[1:], strict=True))
    )


@cache
def name_of(text: str) -> str:
    """What a cell names: its words, without the column that they are of; nothing for numbers.

    >>> name_of("Role: decision_maker"), name_of("41% (36% to 46%)"), name_of("Tier 1")
    ('decision maker', '', 'tier 1')
    """
    last = text.rpartition(": ")[2].replace("_", " ").strip()
    letters = re.sub(r"\bto\b", "", NUMBER.sub("", last))
    return last.casefold() if re.search(r"[^\W\d_]", letters) else ""


def _names(column: pd.Series) -> Iterable[str]:
    """What the cells of a column name, the same for all that hold no text."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return [""] * len(column)
    cells = column.astype(object)
    return [name_of(cell) if isinstance(cell, str) else "" for cell in cells]


def _values(column: pd.Series) -> Iterable[float]:
    """The numbers of a column, missing where a cell holds none."""
    if pd.api.types.is_string_dtype(column.dtype) and column.dtype != object:
        return [nan] * len(column)
    if pd.api.types.is_numeric_dtype(column.dtype) and not _is_bool(column):
        return column.to_numpy(float, na_value=nan).tolist()
    return [float(cell) if _is_number(cell) else nan for cell in column.astype(object)]


def _is_bool(column: pd.Series) -> bool:
    return pd.api.types.is_bool_dtype(column.dtype)


def _is_number(cell: object) -> TypeGuard[float]:
    return isinstance(cell, int | float) and not isinstance(cell, bool) and not pd.isna(cell)

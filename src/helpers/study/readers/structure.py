"""Where the records of a delimited text begin and end: the states of RFC 4180, counted by us.

A quotation opens where a field begins, a doubled mark inside it is one mark, and it closes at
the next single one. A mark inside a field that does not begin with one is a letter like any
other (``5" pipe``). Lines end in LF, CRLF or CR, in one file also in all three.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

__all__ = ["Structure", "structure"]

QUOTE, LF, CR, SPACE = 34, 10, 13, 32
Places = np.ndarray  # of bytes, in order


@dataclass(frozen=True)
class _Quotation:
    """The marks that open and close, where they are wrong, and the spaces around them."""

    marks: Places
    wrong: Places  # closing marks with more of the field behind them
    spaces: tuple[tuple[int, int], ...] = ()  # between a quotation and its delimiter


@dataclass(frozen=True)
class Structure:
    """The records in a stretch of text that begins with one; the last may not be complete."""

    data: bytes
    letters: np.ndarray
    delimiter: int
    quotation: _Quotation
    breaks: Places  # ends of lines, those inside quotations too
    delimiters: Places  # those inside quotations too
    ends: Places  # of records: their last line break, or the end of the text

    @cached_property
    def starts(self) -> Places:
        """Where each record begins."""
        return np.concatenate([[0], self.ends[:-1] + 1]) if len(self.ends) else self.ends

    @cached_property
    def stops(self) -> Places:
        """Behind the last letter of each record, its line break not among them."""
        inside = np.minimum(self.ends, len(self.letters) - 1)
        before = np.maximum(self.ends - 1, 0)
        pair = (self.letters[inside] == LF) & (self.letters[before] == CR)
        return self.ends - (pair & (before >= self.starts))

    @cached_property
    def fields(self) -> np.ndarray:
        """How many fields each record has; none where the line is empty."""
        divided = self.delimiters[~self._inside(self.delimiters)]
        until = np.searchsorted(divided, self.ends)
        found = np.diff(until, prepend=0) + 1
        return np.where(self.stops > self.starts, found, 0)

    @property
    def open_at(self) -> int | None:
        """Where a quotation opens that the text does not close."""
        marks = self.quotation.marks
        return int(marks[-1]) if len(marks) % 2 else None

    def records_of(self, places: Places) -> np.ndarray:
        """The record in which each place lies."""
        return np.searchsorted(self.ends, places)

    def column_of(self, place: int) -> int:
        """The field in which a place lies, counted from 0."""
        record = int(self.records_of(np.array([place]))[0])
        start = int(self.starts[record]) if record < len(self.starts) else self.used
        low, high = np.searchsorted(self.delimiters, [start, place])
        return int((~self._inside(self.delimiters[low:high])).sum())

    @property
    def used(self) -> int:
        """How many bytes the complete records take."""
        return min(int(self.ends[-1]) + 1, len(self.data)) if len(self.ends) else 0

    def inner_breaks(self) -> Places:
        """Line breaks inside quotations."""
        return self.breaks[self._inside(self.breaks)]

    def _inside(self, places: Places) -> np.ndarray:
        return _inside(self.quotation.marks, places)


def structure(data: bytes, delimiter: int, *, last: bool) -> Structure:
    """Find the records in ``data``, which begins with one; ``last`` where the text ends with it.

    Examples
    --------
    >>> found = structure(b'a,b\\n1,"x\\n,y"\\r\\n2,5" pipe\\r', ord(","), last=True)
    >>> found.fields
    array([2, 2, 2])
    """
    letters = np.frombuffer(data, dtype=np.uint8)
    breaks = _line_breaks(letters, last=last)
    quotes = np.flatnonzero(letters == QUOTE)
    quotation = _regular(letters, quotes, delimiter) or _walked(data, letters, quotes, delimiter)
    ends = breaks[~_inside(quotation.marks, breaks)]
    closed = len(quotation.marks) % 2 == 0
    if last and closed and len(data) > (int(ends[-1]) + 1 if len(ends) else 0):
        ends = np.append(ends, len(data))
        breaks = np.append(breaks, len(data))
    delimiters = np.flatnonzero(letters == delimiter)
    return Structure(data, letters, delimiter, quotation, breaks, delimiters, ends)


def _line_breaks(letters: np.ndarray, *, last: bool) -> Places:
    breaks = letters == LF
    returns = np.flatnonzero(letters == CR)
    if len(returns):
        following = np.minimum(returns + 1, len(letters) - 1)
        alone = letters[following] != LF
        if returns[-1] == len(letters) - 1:
            alone[-1] = last  # else its LF may come with the next piece
        breaks[returns[alone]] = True
    return np.flatnonzero(breaks)


def _inside(marks: Places, places: Places) -> np.ndarray:
    if not len(marks):
        return np.zeros(len(places), dtype=bool)
    return np.searchsorted(marks, places) % 2 == 1


def _divides(delimiter: int) -> np.ndarray:
    divides = np.zeros(256, dtype=bool)
    divides[[LF, CR, delimiter]] = True
    return divides


def _bounds(
    letters: np.ndarray, quotes: Places, delimiter: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each mark: whether a field may begin or end with it, and whether a mark follows."""
    divides = _divides(delimiter)
    begins = divides[letters[np.maximum(quotes - 1, 0)]] | (quotes == 0)
    ends = divides[letters[np.minimum(quotes + 1, len(letters) - 1)]]
    ends |= quotes == len(letters) - 1
    followed = np.diff(quotes, append=-1) == 1
    return begins, ends, followed


def _regular(letters: np.ndarray, quotes: Places, delimiter: int) -> _Quotation | None:
    """Where every mark opens, closes or is doubled: then they take turns. ``None`` elsewhere."""
    begins, ends, followed = _bounds(letters, quotes, delimiter)
    doubled = np.concatenate([[False], followed[:-1]])[: len(quotes)]
    opening, closing = slice(0, None, 2), slice(1, None, 2)
    if (begins | doubled)[opening].all() and (ends | followed)[closing].all():
        return _Quotation(quotes, quotes[:0])
    return None


def _walked(data: bytes, letters: np.ndarray, quotes: Places, delimiter: int) -> _Quotation:
    """From mark to mark, where some are letters or stand wrong."""
    begins, ends, followed = (part.tolist() for part in _bounds(letters, quotes, delimiter))
    places, marks, wrong = quotes.tolist(), [], []
    spaces: list[tuple[int, int]] = []
    padding = () if delimiter == SPACE else (SPACE,)
    at = 0
    while at < len(places):
        before = places[at] if begins[at] else _field_start(data, places[at], delimiter, padding)
        if before is None:
            at += 1
            continue
        marks.append(places[at])
        spaces.append((before, places[at]))
        at += 1
        while at < len(places) and followed[at]:
            at += 2
        if at < len(places):
            close = places[at]
            marks.append(close)
            behind = close + 1 if ends[at] else _field_stop(data, close, delimiter, padding)
            wrong.extend([close] if behind is None else [])
            spaces.append((close + 1, behind or close + 1))
            at += 1
    padded = tuple((low, high) for low, high in spaces if low < high)
    return _Quotation(np.array(marks, dtype=int), np.array(wrong, dtype=int), padded)


def _field_start(data: bytes, mark: int, delimiter: int, padding: tuple[int, ...]) -> int | None:
    """Where the field begins, if nothing but spaces stands before its quotation mark."""
    at = mark
    while at and data[at - 1] in padding:
        at -= 1
    return at if at < mark and (at == 0 or data[at - 1] in (LF, CR, delimiter)) else None


def _field_stop(data: bytes, mark: int, delimiter: int, padding: tuple[int, ...]) -> int | None:
    """Where the field stops, if nothing but spaces stands behind its quotation mark."""
    at = mark + 1
    while at < len(data) and data[at] in padding:
        at += 1
    return at if at == len(data) or data[at] in (LF, CR, delimiter) else None

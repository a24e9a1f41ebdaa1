"""The few errors of our own, each written for the person who has to act on it."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "DISK_FULL", "DiskFull", "Fault", "HandbookError", "InputFaults", "MissingTable",
    "NotEstimable", "Unreachable", "disk_full", "ending", "refuse", "without_passwords",
]  # fmt: skip

DISK_FULL = "the disk is full"
NOTHING_DONE = "Nothing was put in place."
OUR_OWN = "This is an error of the handbook itself; the last good report is untouched."


MOST_SHOWN = 80  # characters of what was found
LONGEST = 1_700  # characters of what is wrong and what to do
MOST_TOLD = 5  # faults of one thing that is refused: more are counted


class HandbookError(Exception):
    """Anything the handbook refuses on purpose."""


class DiskFull(HandbookError):
    """There is no room for what is to be written; nothing is wrong with what was sent."""


class Unreachable(HandbookError):
    """A machine does not answer; nothing is wrong with what was sent, and later it may."""


def refuse(found: Sequence[str], why: str) -> None:
    """Stop where anything was found: say why, tell the first few and count the others.

    >>> refuse([], "pages say what the results do not")
    >>> refuse(["loyalty: 8 is no figure's"], "pages say what the results do not")
    Traceback (most recent call last):
    helpers.errors.HandbookError: pages say what the results do not: loyalty: 8 is no figure's
    """
    if found:
        more = f"; and {len(found) - MOST_TOLD} more" if len(found) > MOST_TOLD else ""
        raise HandbookError(f"{why}: {'; '.join(found[:MOST_TOLD])}{more}")


def disk_full(error: BaseException | str) -> bool:
    """Whether this is, or tells of, a disk (or a person's share of it) that is full.

    >>> disk_full(OSError(errno.ENOSPC, "No space left on device"))
    True
    >>> disk_full("OSError: [Errno 2] No such file or directory: 'x'")
    False
    """
    full = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in full
    return any(os.strerror(number) in str(error) for number in full)


def ending(error: Exception) -> tuple[int, str]:
    """The exit code that an error ends with, and what is said of it.

    1 where nothing could be written or a machine does not answer, 2 where it was refused, 3 where
    nobody foresaw it.

    >>> ending(HandbookError("small is being run already"))
    (2, 'small is being run already')
    >>> ending(NotADirectoryError(20, "Not a directory", "build"))
    (1, 'build: Not a directory. Nothing was put in place.')
    >>> ending(ZeroDivisionError())[0]
    3
    """
    named = isinstance(error, OSError) and error.filename
    if isinstance(error, DiskFull) or (isinstance(error, OSError) and disk_full(error)):
        where = f" ({named})" if named else ""
        return 1, f"{DISK_FULL}{where}: make room and try again. {NOTHING_DONE}"
    if isinstance(error, HandbookError):
        return 1 if isinstance(error, Unreachable) else 2, str(error)
    if isinstance(error, OSError) and named:
        return 1, f"{named}: {error.strerror}. {NOTHING_DONE}"
    return 3, OUR_OWN


def without_passwords(text: str) -> str:
    """A text in which no address holds a password.

    >>> without_passwords("postgresql://ann:x@y@host/finance and a?password=z&b=1")
    'postgresql://ann:…@host/finance and a?password=…&b=1'
    """
    bare = re.sub(r"(://[^\s:/@'\"]*):[^\s'\"]*@", r"\1:…@", text)
    return re.sub(r"(?i)\b(\w*(?:password|passwd|pwd|secret|token))=[^&\s'\"]+", r"\1=…", bare)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with what a client sent: where, what was found, what to do.

    Examples
    --------
    >>> print(Fault("responses.csv", "is outside 0–10", "Recode it, or declare 99 under "
    ...             "missing_codes in codebook.csv.", row=14, column="ease", found="99"))
    responses.csv, row 14, column ease: '99' is outside 0–10. Recode it, or declare 99 under missing_codes in codebook.csv.
    """  # noqa: E501 - one line, as it is printed

    file: str
    problem: str
    advice: str
    row: int | None = None  # record number, the header not counted
    column: str | None = None
    found: str | None = None
    severity: Literal["error", "warning"] = "error"

    def __post_init__(self) -> None:
        """A password of an address is in no fault, wherever in it the address was quoted."""
        for name in ("file", "problem", "advice", "column", "found"):
            text = getattr(self, name)
            if text is not None and "://" in text:
                object.__setattr__(self, name, without_passwords(text))

    def __str__(self) -> str:
        where = [self.file]
        if self.row is not None:
            where.append(f"row {self.row}")
        if self.column is not None:
            where.append(f"column {_shortened(self.column)}")
        found = "" if self.found is None else f"{_shortened(self.found)!r} "
        problem = _cut(self.problem.rstrip("."), LONGEST - min(len(self.advice), LONGEST // 2))
        advice = _cut(self.advice, max(LONGEST - len(problem), LONGEST // 2))
        return f"{', '.join(where)}: {found}{problem}. {advice}".rstrip()


def _cut(text: str, most: int) -> str:
    """A text without its last parts, counted, where it is longer: never within a sentence or name.

    Examples
    --------
    >>> _cut("It has a, b, c and d. Mend them.", 24)
    'It has a, b, c and d (12 more letters are left out)'
    """
    if len(text) <= most:
        return text
    ends = [text.rfind(mark, 0, most) for mark in (". ", "; ", ", ", " ")]
    end = next((place for place in ends if place > most // 2), most)
    return f"{text[:end]} ({len(text) - end:,} more letters are left out)"


def _shortened(text: str) -> str:
    """A value as a message shows it."""
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…"


class InputFaults(HandbookError, ValueError):
    """What a client sent cannot be used as it stands; every fault is listed at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class MissingTable(HandbookError, LookupError):
    """A table was asked for that the client did not send."""


class NotEstimable(HandbookError, ValueError):
    """The data are sound but cannot carry the answer: too few, or nothing varies.

    A chapter that meets this says so on its page; the run goes on.
    """

"""Advice tried before it is printed: the table is read again with what a message advises.

A declaration stays in a message if with it the fault is gone and every other column is read as
before. Where it takes another one besides, both are advised in one line. Where it does not help,
the message says so, and what stands in the way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from pydantic import ValidationError

from helpers.errors import Fault
from helpers.study.config import Config, Format
from helpers.study.yaml_text import read_line

__all__ = ["Attempt", "drops_totals", "left_out", "tried"]

LINE = re.compile(r"`formats: \{(?P<table>\w+): \{(?P<keys>.*?)\}\}`")
NOT_FILLED_IN = re.compile(r"…|[:,\[] ?\?[,}\]]|: \?$")  # to be answered by whoever knows the file
TRIED = {"decimal", "thousands", "currency", "percent", "parentheses", "trailing_minus", "date"}
LAYOUT = {"sheet", "header_row", "header_rows", "delimiter", "encoding"}  # all is read anew
TOGETHER = 3  # declarations that one fault may need
MOST = 12  # lines tried of one table: each reads it again


@dataclass(frozen=True)
class Attempt:
    """A table as it was read: its faults, its columns, and how many of them are known."""

    faults: tuple[Fault, ...]
    frame: pd.DataFrame | None
    records: pd.Index | None = None  # where each row comes from
    known: int = 0

    def has(self, fault: Fault) -> bool:
        """Whether a fault of this kind is among them."""
        return any(_kind(other) == _kind(fault) for other in self.faults)


Read = Callable[[Config], Attempt]


def tried(
    faults: Sequence[Fault], table: str, config: Config, before: Attempt, read: Read
) -> list[Fault]:
    """The faults of a table, each with advice that was seen to help.

    Parameters
    ----------
    before
        The table as it is read now.
    read
        Reads it with another configuration.
    """
    trial = _Trial(table, config, before, read)
    return [trial.of(fault) for fault in faults]


def left_out(
    faults: Sequence[Fault],
    table: str,
    config: Config,
    rows: set[tuple[str, int]],
    read: Read,
) -> list[Fault]:
    """The faults of a table, those told that go with its rows of totals.

    Parameters
    ----------
    rows
        File and record of each row that seems to be a total.
    """
    attempt = read(_with_keys(config, table, {"totals": "drop"}) or config)
    line = f"`formats: {{{table}: {{totals: drop}}}}`"
    advice = f"The row seems to be a total: {line} in client.yml leaves such rows out."
    return [
        replace(f, advice=advice)
        if f.severity == "error" and (f.file, f.row) in rows and not attempt.has(f)
        else f
        for f in faults
    ]


def drops_totals(fault: Fault, table: str) -> bool:
    """Whether a fault was told with the advice to leave out the rows of totals of a table.

    Examples
    --------
    >>> advice = "The row seems to be a total: `formats: {accounts: {totals: drop}}` in client.yml"
    >>> drops_totals(Fault("accounts.csv", "is not filled in", advice), "accounts")
    True
    """
    return f"`formats: {{{table}: {{totals: drop}}}}`" in fault.advice


def _with_keys(config: Config, table: str, keys: Mapping[str, Any]) -> Config | None:
    """The configuration with further keys of a table; ``None`` where they are not taken."""
    own = config.formats.get(table, Format()).model_dump(exclude_unset=True)
    try:
        form = Format.model_validate(_merged(own, keys))
    except ValidationError:
        return None
    return config.model_copy(update={"formats": {**config.formats, table: form}})


@dataclass
class _Trial:
    table: str
    config: Config
    before: Attempt
    read: Read
    left: int = MOST

    def of(self, fault: Fault) -> Fault:
        """The fault with what of its advice helps."""
        lines = [line for line in LINE.finditer(fault.advice) if self._is_new(line)]
        if not lines or self.left < len(lines):
            return fault
        found = [(line, *self._helps(line["keys"], fault)) for line in lines]
        good = [(line, keys, attempt) for line, keys, attempt, _ in found if keys is not None]
        if not good:
            return replace(fault, advice=self._without(fault, found[0][0], found[0][3]))
        best = max(attempt.known for *_, attempt in good)
        fitting = [(line, keys) for line, keys, attempt in good if attempt.known == best]
        if len(lines) == 1:
            return replace(fault, advice=self._with(fault.advice, *fitting[0]))
        either = " or ".join(f"`{self._line(keys)}`" for _, keys in fitting)
        return replace(fault, advice=f"Declare {either} in client.yml.")

    def _is_new(self, line: re.Match[str]) -> bool:
        if line["table"] != self.table or NOT_FILLED_IN.search(line["keys"]):
            return False
        return not set(_keys(line["keys"]) or TRIED) <= TRIED

    def _line(self, keys: str) -> str:
        return f"formats: {{{self.table}: {{{keys}}}}}"

    def _with(self, advice: str, line: re.Match[str], keys: str) -> str:
        return advice.replace(line[0], f"`{self._line(keys)}`")

    def _without(self, fault: Fault, line: re.Match[str], why: str) -> str:
        others = fault.advice.split("Declare ")[0].split("declare ")[0].rstrip(" ,.")
        others = re.sub(r",? or$", "", others)
        said = f"{line[0]} does not mend it: {why}." if why else f"{line[0]} does not mend it."
        return f"{others}. {said}" if others else f"{said} Correct it in the file."

    def _helps(self, keys: str, fault: Fault) -> tuple[str | None, Attempt, str]:
        """The keys, with others that they need, where they mend a fault; else why they do not."""
        attempt = self.before
        for _ in range(TOGETHER):
            config = _with_keys(self.config, self.table, _keys(keys) or {})
            if config is None:
                return None, attempt, "it is not what these keys take"
            self.left -= 1
            attempt = self.read(config)
            if attempt.frame is not None or self.before.frame is not None:
                why = self._against(attempt, keys, fault)
                return (keys if not why else None), attempt, why
            more = self._next(attempt, keys)
            if more is None:
                break
            keys = f"{keys}, {more}"
        first = next((f for f in attempt.faults if f.severity == "error"), None)
        return None, attempt, f"then it {first.problem}" if first else "then nothing is read"

    def _next(self, attempt: Attempt, keys: str) -> str | None:
        """What the next fault needs, where that is something else."""
        there = set(_keys(keys) or ())
        for line in (line for f in attempt.faults for line in LINE.finditer(f.advice)):
            if self._is_new(line) and not there & set(_keys(line["keys"]) or there):
                return line["keys"]
        return None

    def _against(self, attempt: Attempt, keys: str, fault: Fault) -> str:
        """What speaks against a declaration with which the table can be read; "" for nothing."""
        if attempt.has(fault):
            return "the same is found with it"
        if attempt.frame is None:
            return "with it nothing is read"
        if new := self._new_in(attempt, fault):
            return f"with it {new.file} {new.problem}"
        names = set(_keys(keys) or ())
        if names & LAYOUT or self.before.frame is None:
            return ""
        changed = self._changed(attempt, renamed=set((_keys(keys) or {}).get("columns", ())))
        changed.discard(str(fault.column))
        return f"it would change {sorted(changed)[0]}" if changed else ""

    def _new_in(self, attempt: Attempt, fault: Fault) -> Fault | None:
        """An error of another file of the table, in the same column, that is not there now."""
        errors = (f for f in attempt.faults if f.severity == "error" and f.file != fault.file)
        return next(
            (f for f in errors if f.column == fault.column and not self.before.has(f)), None
        )

    def _changed(self, attempt: Attempt, renamed: set[str]) -> set[str]:
        """Columns whose values are others than now, in the rows that are left."""
        now, then = self.before.frame, attempt.frame
        if now is None or then is None:
            return set()
        if self.before.records is not None and attempt.records is not None:
            now = now[self.before.records.isin(attempt.records)]
        both = [str(name) for name in now if name in then and str(name) not in renamed]
        faults = [f for f in self.before.faults if f.severity == "error"]
        mended = {str(f.column) for f in faults if not attempt.has(f)}
        return {n for n in both if not _same(now[n], then[n], filled=n in mended)}


def _same(one: pd.Series, other: pd.Series, *, filled: bool = False) -> bool:
    """Whether two columns hold the same; ``filled``: where the first holds anything."""
    one, other = one.reset_index(drop=True), other.reset_index(drop=True)
    if filled and len(one) == len(other):
        one, other = one[one.notna()], other[one.notna()]
    return one.equals(other)


def _kind(fault: Fault) -> tuple[str, str | None, str, str]:
    """What a fault is of, however many there are of it."""
    problem = re.sub(r"^is not \S+ \(byte.*", "is not text", fault.problem)
    problem = re.sub(r"^and [\d,]+ more are", "is", problem)
    return fault.file, fault.column, re.sub(r"[\d,.]+|more", "", problem), fault.severity


def _keys(text: str) -> dict[str, Any] | None:
    """The keys of a table that a line declares."""
    return read_line(f"{{{text}}}")


def _merged(own: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Keys added to those that are there, those within them too."""
    merged = dict(own)
    for name, value in more.items():
        there = merged.get(name)
        if isinstance(there, Mapping) and isinstance(value, Mapping):
            merged[name] = _merged(there, value)
        else:
            merged[name] = value
    return merged

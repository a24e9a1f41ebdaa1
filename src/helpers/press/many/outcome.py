"""What is asked for a client, and what became of it: plain values that pass between processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helpers.errors import Fault

__all__ = ["BAD_INPUT", "DONE", "FAILED", "OURS", "Job", "Outcome"]

DONE, FAILED, BAD_INPUT, OURS = 0, 1, 2, 3  # as the command ends


@dataclass(frozen=True)
class Job:
    """A client's report as it is asked for."""

    client: str  # a name under data/, or a folder
    output: str  # the folder of all reports
    only: tuple[str, ...] = ()  # chapters
    chosen: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # their parameters
    formats: tuple[str, ...] = ("html",)
    fresh: bool = False  # nothing is taken over from an earlier run


@dataclass(frozen=True)
class Outcome:
    """How one client's run ended.

    ``code`` is 0 where all went well, 1 where a chapter, the book or another format failed, 2 where
    what was sent has faults, 3 where the handbook itself has one.
    """

    client: str
    code: int
    book: str = ""  # path of its first page
    states: Mapping[str, str] = field(default_factory=dict)  # by chapter
    seconds: Mapping[str, float] = field(default_factory=dict)
    failures: tuple[str, ...] = ()  # one line each
    faults: tuple[Fault, ...] = ()  # of what was sent
    files: tuple[str, ...] = ()  # paths of other formats
    missing: tuple[str, ...] = ()  # why another format could not be made
    why: Mapping[str, str] = field(default_factory=dict)  # each step ran, or was taken over
    broken: tuple[str, ...] = ()  # stored files that were not as they were written
    trace: str = ""  # of an error of the handbook's own

    @property
    def spent(self) -> float:
        """Seconds of work, those of chapters side by side added."""
        return sum(self.seconds.values())

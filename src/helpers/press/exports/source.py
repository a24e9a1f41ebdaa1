"""What every format is made from, and what making one leaves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from helpers import results
from helpers.results import ChapterResult
from helpers.study import Study

__all__ = ["Export", "Source"]


@dataclass(frozen=True)
class Source:
    """One run, as a format is made from it."""

    study: Study  # whose report it is: name, wave, day, brand, currency
    results_dir: Path  # figures and tables of this run: the only source of numbers
    book: Path  # the rendered book of this run
    folder: Path  # where files go

    @cached_property
    def results(self) -> dict[str, ChapterResult]:
        """What the chapters of the run handed on, read once for all formats."""
        return results.load_all(self.results_dir)

    def file(self, ending: str) -> Path:
        """Where a format's one file goes: the client's name with the format's ending."""
        return self.folder / f"{self.study.slug}.{ending}"


@dataclass(frozen=True)
class Export:
    """The files that a format left, or the one line that says why there is none."""

    files: tuple[Path, ...] = ()
    missing: str = ""  # as "no PDF: Chromium is not installed"

    def __post_init__(self) -> None:
        if bool(self.files) == bool(self.missing):
            raise ValueError("an export leaves files, or says in a line why it is missing")

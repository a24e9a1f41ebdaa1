"""Which chapters run again, and why: settled for each once those that it reads are finished."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.press.comparing.causes import Causes
from helpers.press.comparing.changes import Retold
from helpers.press.comparing.runs import Run
from helpers.press.comparing.wording import because
from helpers.press.inputs import RECORD, ChapterInputs, Depends, Inputs
from helpers.press.kept import Finished, Kept, Published
from helpers.press.untouched import SAME, UNREAD

__all__ = ["NOT_WHOLE", "Decision", "Earlier"]

RESUMED = "the run that was cut off had finished it"
ANEW = "because all was to be made anew"
FIRST = "because there is no earlier result of it"
NOT_WHOLE = "is not as it was written"
ABOVE = "chapter "  # before the name of one whose results are an input


@dataclass(frozen=True)
class Decision:
    """Whether a chapter is taken over, from where, and why or why not."""

    why: str
    finished: Finished | None = None
    inputs: ChapterInputs | None = None  # of this run, of what is taken over
    broken: str = ""  # a stored file that is not as it was written
    kept: bool = False


@dataclass(frozen=True)
class Earlier:
    """What earlier runs of a client left, held against what this run is made from.

    ``record`` is this run's, ``titles`` those of chapters.
    """

    depends: Depends
    record: Mapping[str, Any]
    published: Published
    kept: Kept
    titles: Mapping[str, str]
    fresh: bool = False

    def decide(self, name: str, records: Mapping[str, ChapterInputs]) -> Decision:
        """Whether a chapter has to run; ``records`` are those of chapters that are finished."""
        if self.fresh:
            return Decision(ANEW)
        cut_off = self.kept.find(name)
        if cut_off is not None and self._same(name, cut_off, records):
            return self._taken(name, cut_off, RESUMED)
        found = self.published.find(name)
        if found is None:
            odd = self.published.odd
            return Decision(_not_whole(odd) if odd else FIRST, broken=odd)
        if broken := found.broken:
            return Decision(_not_whole(broken), broken=broken)
        if self._same(name, found, records):
            return self._taken(name, found, SAME)
        return Decision(self._because(name, found, records))

    def decide_book(self, parts: Mapping[str, str]) -> Decision:
        """Whether the book is taken over; ``parts`` are those that it would be made from."""
        made, report = self.published.made, self.published.report
        if self.fresh:
            return Decision(ANEW)
        if made is None or not made.book:
            return Decision(FIRST)
        if differing := _differing(made.book, parts):
            return Decision(f"because of {', '.join(differing)}")
        if broken := made.broken(report, "book/"):
            return Decision(_not_whole(broken[0]), broken=broken[0])
        return Decision(UNREAD, kept=True)

    def _now(self, name: str, found: Finished, records: Mapping[str, ChapterInputs]) -> Inputs:
        """What this run would record of the chapter, if it read what it read then."""
        reading = self.depends.reading(name, found.inputs.reads)
        return self.depends.recorded({**records, name: reading})

    def _same(self, name: str, found: Finished, records: Mapping[str, ChapterInputs]) -> bool:
        return self._now(name, found, records).of(name) == dict(found.told)

    def _taken(self, name: str, found: Finished, why: str) -> Decision:
        inputs = self.depends.reading(name, found.inputs.reads, found.inputs.results)
        return Decision(why, found, inputs, kept=True)

    def _because(self, name: str, found: Finished, records: Mapping[str, ChapterInputs]) -> str:
        """What differs among its inputs, in the words of a comparison."""
        now, before = self._now(name, found, records), self.published.inputs
        if before is None:
            return FIRST
        runs = (Run("", self.published.record, before, {}), Run("", self.record, now, {}))
        causes = tuple(sorted(Causes(*runs, before, now).own(name)))
        differing = _differing(found.told, now.of(name))
        above = [one.removeprefix(ABOVE) for one in differing if one.startswith(ABOVE)]
        said = [because(Retold(name, (), causes), self.titles)] if causes else []
        if above:
            said.append(f"because of the results of {', '.join(above)}")
        if not said:
            said.append("because of what the run was made of" if RECORD in differing else
                        f"because of {', '.join(differing)}")  # fmt: skip
        return "; ".join(said)


def _differing(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """Names of inputs that only one has, or that differ."""
    return [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)]


def _not_whole(file: str) -> str:
    return f"because {file} {NOT_WHOLE}"

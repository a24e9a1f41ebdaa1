"""What each chapter's results depend on, by content: the base of comparing and of not running.

A run leaves it beside its results, in ``_inputs.json``. Every input has a name and a digest or
a value, never a time and never a path: a file that was touched and did not change changes
nothing here. Which tables a chapter reads is what it did read; see `study.noticed`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd

from helpers.digests import bytes_of, digest
from helpers.press import sections
from helpers.press.chapters import Chapter
from helpers.press.code_keys import Modules
from helpers.press.contents import by_wave, contents, frame_digest
from helpers.press.manifest import run_record
from helpers.press.plans import Plan
from helpers.press.surroundings import settings_that_count
from helpers.results import ChapterResult
from helpers.study import Study

__all__ = [
    "FILE", "JOINED", "SCHEMA", "ChapterInputs", "Depends", "Inputs", "above", "handed_on",
    "read_inputs", "texts_of", "write_inputs",
]  # fmt: skip

FILE = "_inputs.json"
SCHEMA = 5  # raised when names or digests change their meaning: an older record is not read
JOINED = "joined"  # among tables with waves: what answers have from accounts and contacts
ALWAYS = (  # beginnings of what every chapter reads
    "answers", "dates", "groups", "question ", "questions", "environment ",
)  # fmt: skip
TRUTHS = "truths.json"  # of a simulated client: what was planted, which no study holds
RECORD = "record"  # of the run: its files, parameters and versions, for the page that prints it


@dataclass(frozen=True)
class ChapterInputs:
    """One chapter's own inputs, the names of the shared ones that it reads, and its results."""

    own: Mapping[str, str]  # "parameter replicates", "code methods.drivers", "section …"
    reads: tuple[str, ...]  # names among the shared, and "library numpy"
    after: tuple[str, ...]  # chapters whose results it reads
    results: str = ""  # digest of what it handed on; empty where it handed on nothing


@dataclass(frozen=True)
class Inputs:
    """Everything that a run's results depend on.

    ``shared`` holds what several chapters read: parts of the study, library versions. ``waves``
    holds digests by table and wave, which tell a new wave from corrected old ones.
    """

    shared: Mapping[str, str]
    waves: Mapping[str, Mapping[str, str]]
    chapters: Mapping[str, ChapterInputs]

    def of(self, chapter: str) -> dict[str, str]:
        """Every input of a chapter by its name; a table that is not there is empty.

        What its upstream chapters handed on counts as ``chapter sampling``.
        """
        one = self.chapters[chapter]
        common = {n: v for n, v in self.shared.items() if n.startswith(ALWAYS)}
        read = {name: told for wanted in one.reads for name, told in self._shared(wanted).items()}
        above = {f"chapter {name}": self._handed_on(name) for name in one.after}
        return {**common, **read, **above, **one.own}

    def _shared(self, wanted: str) -> dict[str, str]:
        """A shared input by name; a key of ``client.yml`` that has parts, part by part."""
        parts = {n: v for n, v in self.shared.items() if n.startswith(f"{wanted}.")}
        return parts or {wanted: self.shared.get(wanted, "")}

    def _handed_on(self, chapter: str) -> str:
        return self.chapters[chapter].results if chapter in self.chapters else ""

    def key(self, chapter: str) -> str:
        """One digest of all inputs of a chapter: the same only where its results will be."""
        return digest(self.of(chapter))


class Depends:
    """What a run's chapters depend on, looked at once: before the first of them runs.

    Parameters
    ----------
    plan
        The run that is to be.
    modules
        Our code; as it stands on disk unless told.
    """

    def __init__(self, plan: Plan, modules: Modules | None = None) -> None:
        found = modules or Modules()
        self._plan = plan
        self._code = {name: found.code_of(one.notebook) for name, one in plan.chapters.items()}
        self._shared = contents(plan.study)
        self._shared |= {f"environment {n}": told for n, told in settings_that_count().items()}
        for code in self._code.values():
            self._shared |= {f"library {name}": told for name, told in code.libraries.items()}
        self._waves = by_wave({**plan.study.tables, JOINED: _joined_in(plan.study)})

    def inputs(self, made: Mapping[str, ChapterResult]) -> Inputs:
        """The record of the run, from what the chapters handed on.

        ``made`` has, with each, the names of what it looked at. A chapter that is not there, or
        did not note it, counts as having read everything.
        """
        return self.recorded({name: self.after_run(name, made.get(name)) for name in self._code})

    def recorded(self, chapters: Mapping[str, ChapterInputs]) -> Inputs:
        """The record of the run, from that of each of its chapters."""
        return Inputs(self._shared, self._waves, chapters)

    def after_run(self, name: str, made: ChapterResult | None) -> ChapterInputs:
        """What a chapter depends on, once it ran: by what it looked at, and what it handed on."""
        return self.reading(name, _read(made, self._shared), handed_on(made))

    def reading(self, name: str, read: Iterable[str], results: str = "") -> ChapterInputs:
        """What a chapter depends on that reads these parts of the study."""
        code, chapter = self._code[name], self._plan.chapters[name]
        own = {
            **{f"parameter {k}": json.dumps(v, ensure_ascii=False, default=str)
               for k, v in sorted(self._plan.parameters[name].items())},
            **{f"code {part}": told for part, told in code.parts.items()},
            **{f"section {need}": "closed" for need in _closed(chapter, self._plan)},
            **_besides(chapter, self._plan),
        }  # fmt: skip
        own_reads = (one for one in read if not one.startswith("library "))
        reads = (*own_reads, *(f"library {package}" for package in code.libraries))
        return ChapterInputs(own, reads, above(chapter, self._plan), results)


def _joined_in(study: Study) -> pd.DataFrame:
    """What the answers have from other tables: columns of their accounts and contacts."""
    own = set(study.tables["responses"].columns) - {"wave"}
    return study.joined[[name for name in study.joined if name not in own]]


def _closed(chapter: Chapter, plan: Plan) -> list[str]:
    """What sections ask for that these data cannot feed, and how short of it they fall."""
    cells = nbformat.from_dict(chapter.notebook).cells
    needs = {need for cell in cells for need in sections.missing(cell, plan.has)}
    return sorted(f"{need}: {plan.short[need]}" if need in plan.short else need for need in needs)


def _besides(chapter: Chapter, plan: Plan) -> dict[str, str]:
    """What a chapter reads that is neither of the study nor a result of another."""
    found = {}
    if any("truths" in group for group in chapter.tables):
        found[f"file {TRUTHS}"] = bytes_of(plan.study.folder / TRUTHS)
    if chapter.reads_record:
        found[RECORD] = digest(run_record(plan.study, plan.parameters))
    return found


def above(chapter: Chapter, plan: Plan) -> tuple[str, ...]:
    """The chapters that have handed on their results before this one runs."""
    if not chapter.last:
        return tuple(name for name in chapter.after if name in plan.chapters)
    late = [name for name, one in plan.chapters.items() if one.last]
    rest = (name for name in plan.chapters if name not in late)
    return (*rest, *late[: late.index(chapter.name)])


def _read(made: ChapterResult | None, shared: Mapping[str, str]) -> list[str]:
    if made is None or not made.read:
        return [name for name in shared if not name.startswith((*ALWAYS, "library "))]
    return sorted(made.read)


def handed_on(made: ChapterResult | None) -> str:
    """A digest of what a chapter handed on: figures, texts and tables; empty where nothing.

    >>> handed_on(None)
    ''
    """
    if made is None:
        return ""
    figures = {name: asdict(figure) for name, figure in made.figures.items()}
    tables = {name: frame_digest(table) for name, table in made.tables.items()}
    return digest(figures, texts_of(made), tables)


def texts_of(made: ChapterResult) -> list[object]:
    """What a chapter handed on besides figures and tables.

    >>> texts_of(ChapterResult("loyalty", {}, answer="Loyalty rose."))
    ['Loyalty rose.', '', {}, (), {}]
    """
    return [made.answer, made.so_what, dict(made.ask), made.doubts, dict(made.untold)]


def write_inputs(made: Inputs, results_dir: Path) -> None:
    """Leave the record beside the results."""
    record = {"schema": SCHEMA, **asdict(made)}
    text = json.dumps(record, indent=1, ensure_ascii=False, sort_keys=True)
    (results_dir / FILE).write_text(text + "\n", encoding="utf-8")


def read_inputs(results_dir: Path) -> Inputs | None:
    """The record of a run; ``None`` where it left none, or one of another form."""
    path = results_dir / FILE
    if not path.is_file():
        return None
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if record.get("schema") != SCHEMA:
        return None
    chapters = {
        name: ChapterInputs(one["own"], tuple(one["reads"]), tuple(one["after"]), one["results"])
        for name, one in record["chapters"].items()
    }
    return Inputs(record["shared"], record["waves"], chapters)

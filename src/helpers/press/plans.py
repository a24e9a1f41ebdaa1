"""What a run will do, settled before it starts: its chapters and their parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.errors import Fault, InputFaults
from helpers.press import sections
from helpers.press.chapters import (
    OURS,
    Chapter,
    Where,
    chapter_faults,
    load_chapters,
    parameter_faults,
)
from helpers.press.named import name_faults
from helpers.study import Study, open_study
from helpers.study.config import line_of, read_config
from helpers.study.findings import Findings
from helpers.study.opening import client_folder
from helpers.study.stored import content_key, read_once

__all__ = ["Parameters", "Plan", "checked_study", "plan"]


Parameters = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Plan:
    """What a run will do, checked before anything starts."""

    study: Study
    chapters: Mapping[str, Chapter]  # to be run
    closed: Mapping[str, tuple[tuple[str, ...], ...]]  # chapter: the tables it misses
    skipped: tuple[str, ...]  # not part of this run
    parameters: Parameters
    project: Path
    key: str  # of all that the study was read from
    has: frozenset[str]  # what the client's data can feed
    short: Mapping[str, str]  # of what there is too little, and how much is needed
    asked: Mapping[str, Any] = field(default_factory=dict)  # for: `chapters` and `settings`

    @property
    def steps(self) -> int:
        """Chapters and the book."""
        return len(self.chapters) + 1


def plan(
    client: str | Path,
    project: Path,
    *,
    chapters: Sequence[str] = (),
    settings: Parameters | None = None,
) -> Plan:
    """Open a client and settle what will run with which parameters.

    Raises
    ------
    InputFaults
        Every fault of the folder, of ``client.yml``'s parameters and of ``settings`` together.
    """
    read_once()
    known = load_chapters(project)
    faults = chapter_faults(chapters, known, "--chapters")
    faults += parameter_faults(settings or {}, known, "--set")
    study = checked_study(client, known, settings or {}, faults)
    has = sections.available(study)
    closed = {n: m for n, c in known.items() if (m := c.missing(has))}
    open_ones = {n: c for n, c in known.items() if n not in closed}
    declared = study.config.parameters
    only = chapters or study.config.chapters
    wanted = _with_prerequisites(only, known) if only else set(known)
    parameters = {
        name: _merged(chapter, declared.get(name, {}), (settings or {}).get(name, {}))
        for name, chapter in known.items()
    }
    return Plan(
        study,
        {n: c for n, c in open_ones.items() if n in wanted},
        closed,
        tuple(n for n in open_ones if n not in wanted),
        parameters,
        project,
        content_key(study.folder),
        has,
        sections.shortfalls(study),
        {"chapters": tuple(chapters), "settings": settings or {}},
    )


def checked_study(
    client: str | Path,
    known: Mapping[str, Chapter],
    settings: Parameters,
    faults: Sequence[Fault] = (),
    source: str = "--set",
) -> Study:
    """Open a client whose declared parameters, and ``settings``, name what there is.

    Raises
    ------
    InputFaults
        Every fault of these and of the folder, and ``faults``, together.
    """
    try:
        study = open_study(client)
    except InputFaults as wrong:
        raise InputFaults([*wrong.faults, *_declared_faults(client, known), *faults]) from None
    found = [*_declared_faults(client, known), *faults]
    declared = study.config.parameters
    found += name_faults(declared, known, study, "client.yml", _lines(study.folder))
    found += name_faults(settings, known, study, source)
    found += _letter_faults(study)
    if found:
        raise InputFaults(found)
    return study


def _letter_faults(study: Study) -> list[Fault]:
    """What is wrong with letters that were sent back."""
    if not study.letters:
        return []
    from helpers.press.letter_gate import sent_faults  # methods take seconds to come

    return sent_faults(study)


def _declared_faults(client: str | Path, known: Mapping[str, Chapter]) -> list[Fault]:
    """What ``client.yml`` says of chapters and their parameters that cannot be."""
    folder = client_folder(client, Findings())
    config = None if folder is None else read_config(folder, Findings())
    if folder is None or config is None:
        return []
    line = line_of(folder, "chapters")
    return [
        *chapter_faults(config.chapters or (), known, "client.yml", line),
        *parameter_faults(config.parameters, known, "client.yml", _lines(folder)),
    ]


def _lines(folder: Path) -> Where:
    """Where in ``client.yml`` a chapter's settings stand, or one of them."""

    def where(chapter: str, name: str | None) -> str:
        return line_of(folder, "parameters", chapter, *([] if name is None else [name]))

    return where


def _with_prerequisites(chapters: Sequence[str], known: Mapping[str, Chapter]) -> set[str]:
    wanted: set[str] = {name for name, chapter in known.items() if chapter.last}
    queue = list(chapters)
    while queue:
        name = queue.pop()
        if name not in wanted:
            wanted.add(name)
        queue.extend(a for a in known[name].after if a not in wanted)
    return wanted


def _merged(chapter: Chapter, *layers: Mapping[str, Any]) -> dict[str, Any]:
    values = {k: p.default for k, p in chapter.parameters.items() if k not in OURS}
    for layer in layers:
        values.update(layer)
    return values

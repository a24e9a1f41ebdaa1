"""A run as it is read back: its figures, what it was made of, what its first page says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from string import Formatter
from typing import Any

import pandas as pd

from helpers import results
from helpers.errors import HandbookError
from helpers.press.comparing.whole import edited, whole
from helpers.press.inputs import FILE, Inputs, read_inputs
from helpers.results import ChapterResult
from helpers.study import Study
from helpers.study.nearest import advice_for

__all__ = ["FIRST_PAGE", "Run", "open_run"]

FIRST_PAGE = "executive"
QUOTED = re.compile(r'data-figure=\\?"([\w.]+)\\?"')


@dataclass(frozen=True)
class Run:
    """One run. ``inputs`` is ``None`` where it left no record of what its chapters depend on.

    ``edited`` names the chapters whose results were changed after it.
    """

    called: str
    record: Mapping[str, Any]
    inputs: Inputs | None
    results: Mapping[str, ChapterResult]
    states: Mapping[str, str] = field(default_factory=dict)  # of chapters, where they were noted
    quoted: frozenset[str] = frozenset()  # figures of the first page, as ``drivers.r_squared``
    edited: frozenset[str] = frozenset()

    @property
    def client(self) -> str:
        """The name of its client's folder."""
        return str(self.record.get("client", ""))

    @property
    def wave(self) -> str:
        """The wave that it is about."""
        return str(self.record.get("wave", ""))

    @property
    def name(self) -> str:
        """The client's name, with the wave and the day of the data."""
        told = f"{self.record.get('name', self.called)}, wave {self.wave}"
        day = self.record.get("as_of")
        return f"{told}, data as of {Study.written(pd.Timestamp(day))}" if day else told

    @cached_property
    def files(self) -> dict[str, str]:
        """Hash of each table's file as it was sent; empty where it had none."""
        return {one["table"]: one.get("sha256") or "" for one in self.record.get("inputs", ())}

    @cached_property
    def rows(self) -> dict[str, int]:
        """Rows used of each table."""
        return {one["table"]: int(one["rows_out"]) for one in self.record.get("inputs", ())}

    def parameter(self, chapter: str, name: str) -> Any:  # noqa: ANN401 - any value of YAML
        """A parameter's value; ``None`` where there is none."""
        return self.record.get("parameters", {}).get(chapter, {}).get(name)


def open_run(named: str, root: Path) -> Run:
    """Read a run.

    Parameters
    ----------
    named
        A report's folder, its ``results`` folder, or a client's name under ``root``.
    root
        The folder of reports.

    Raises
    ------
    HandbookError
        Where no run lies there, or another version of the handbook made it.
    InputFaults
        Where a file of it broke off or is of another form; it is named.
    """
    where = _results_dir(named, root)
    report = where.parent
    inputs = whole(where / FILE, lambda _: read_inputs(where))
    made = _results(where)
    page = report / "notebooks" / f"{FIRST_PAGE}.ipynb"
    run = Run(
        report.name if where.name == "results" else where.name,
        whole(where / results.RUN, _record),
        inputs,
        made,
        whole(report / "manifest.json", _states),
        whole(page, lambda path: _quoted(path, made.get(FIRST_PAGE))),
        edited(inputs, made),
    )
    whole(where / results.RUN, lambda _: (run.files, run.rows, run.parameter("", "")))
    return run


def _results(where: Path) -> dict[str, ChapterResult]:
    """Every chapter's results by name."""
    found = {path.stem: whole(path, _with_tables) for path in sorted(where.glob("[!_]*.json"))}
    return {name: made for name, made in found.items() if made is not None}


def _with_tables(path: Path) -> ChapterResult | None:
    """What a chapter handed on, its tables read: one that is broken is noticed here."""
    made = results.load(path.stem, path.parent)
    return None if made is None else replace(made, tables=dict(made.tables))


def _record(path: Path) -> Mapping[str, Any]:
    told = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(told, dict):
        raise TypeError(f"{path.name} holds no record")
    return told


def _results_dir(named: str, root: Path) -> Path:
    for folder in (Path(named), root / named):
        for place in (folder, folder / "results"):
            if named and (place / results.RUN).is_file():
                return place.resolve()
    there = sorted(path.parents[1].name for path in root.glob(f"*/results/{results.RUN}"))
    advice = advice_for(named, there) if there else "Make a report first: handbook run CLIENT."
    raise HandbookError(
        f"{named!r} is no run: give a report's folder, its results folder, or the name of a "
        f"client that has a report. {advice}"
    )


def _states(manifest: Path) -> dict[str, str]:
    if not manifest.is_file():
        return {}
    told = json.loads(manifest.read_text(encoding="utf-8"))
    return {name: one["state"] for name, one in told.get("chapters", {}).items()}


def _quoted(page: Path, made: ChapterResult | None) -> frozenset[str]:
    """The figures that the first page quotes: as it ran, else those that its sentences name."""
    if page.is_file():
        return frozenset(QUOTED.findall(page.read_text(encoding="utf-8")))
    if made is None:
        return frozenset()
    texts = (made.answer, made.so_what, *made.ask.values(), *made.doubts)
    names = (name for text in texts for _, name, _, _ in Formatter().parse(text) if name)
    return frozenset(name.replace("__", ".", 1) for name in names)

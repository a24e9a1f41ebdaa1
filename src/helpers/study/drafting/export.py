"""A survey export as a person sees it: columns with their question, labels and answers."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

from helpers.errors import HandbookError, InputFaults
from helpers.study.config import Format
from helpers.study.drafting.detecting import Written, how_written
from helpers.study.drafting.guess import Guess
from helpers.study.drafting.wordings import EMPTY
from helpers.study.findings import Findings
from helpers.study.readers import RawTable, Source, qualtrics, read_sources
from helpers.study.readers.sources import ENDINGS
from helpers.study.values import as_text

__all__ = ["Export", "Item", "read_export"]

TAG = re.compile(r"<[^>]*>")
NAME_LIKE = 3  # words: a column with a longer name is named by its question


@dataclass(frozen=True)
class Item:
    """One column: its name, the question if the file has it, labels of codes, and the cells."""

    name: str
    text: str
    labels: Mapping[str, str]  # code as it is written: what it means
    cells: pd.Series  # texts, missing where empty

    @cached_property
    def counts(self) -> pd.Series:
        """How often each answer occurs, the most frequent first."""
        return self.cells.value_counts()

    @cached_property
    def numbers(self) -> pd.Series:
        """Distinct answers that are numbers, as index, with how often each occurs."""
        values = pd.to_numeric(pd.Series(self.counts.index, dtype=object), errors="coerce")
        counts = pd.Series(self.counts.to_numpy(), index=values.to_numpy(dtype=float))
        counts = counts[counts.index.notna() & np.isfinite(counts.index)]
        return counts.groupby(level=0).sum().sort_index()

    @property
    def filled(self) -> int:
        """Cells that hold something."""
        return int(self.counts.sum())

    @cached_property
    def silent(self) -> tuple[str, ...]:
        """Texts among numbers that say there is no answer, such as "Not Available"."""
        if self.numbers.empty:
            return ()
        return tuple(str(text) for text in self.counts.index if EMPTY.match(str(text)))

    @property
    def numeric(self) -> bool:
        """Whether nearly every answer is a number."""
        told = self.filled - int(self.counts.reindex(list(self.silent)).sum())
        return told > 0 and int(self.numbers.sum()) >= 0.95 * told

    @property
    def said(self) -> str:
        """Everything that words it: the question, else its name in words."""
        return self.text or re.sub(r"[_.\-]+", " ", self.name)

    def as_numbers(self) -> pd.Series:
        """The cells as numbers, row by row."""
        return pd.to_numeric(self.cells, errors="coerce")


@dataclass(frozen=True)
class Export:
    """A file, how it is written, and its columns in order."""

    path: Path
    layout: str
    items: tuple[Item, ...]
    rows: int
    declared: dict[str, Guess] = field(default_factory=dict)  # keys of `formats` for its table
    seen: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def item(self, name: str) -> Item | None:
        """The column of that name, or ``None``."""
        return next((item for item in self.items if item.name == name), None)


def read_export(path: Path, table: str = "responses") -> Export:
    """Read a survey export with the handbook's own readers, as it will be read for the report.

    Raises
    ------
    InputFaults
        Where the readers find it cannot be read.
    """
    if not path.is_file():
        raise HandbookError(f"{path.name} is not a file: give the survey export as it came")
    if not path.name.lower().endswith(ENDINGS):
        kinds = ", ".join(ENDINGS)
        raise HandbookError(f"{path.name} is of a kind that is not read: give one of {kinds}")
    written = how_written(path)
    findings = Findings()
    form = Format.model_validate({key: guess.value for key, guess in written.declared.items()})
    raw = read_sources([Source(path, path.name)], table, path.parent, form, findings)
    if raw is None or findings.errors:
        raise InputFaults(findings.faults)
    layout, texts = _texts(path, written, raw)
    notes = tuple(str(note) for note in findings.notes)
    items = tuple(_item(raw, str(name), texts) for name in raw.frame.columns)
    return Export(path, layout, items, len(raw.frame), written.declared, written.seen, notes)


def _item(raw: RawTable, name: str, texts: Mapping[str, str]) -> Item:
    said = raw.labels[0].get(name, {}) if raw.labels else {}
    labels = {_code(code): clean(str(label)) for code, label in said.items()}
    cells = as_text(raw.frame[name]).str.strip()
    text = texts.get(name, "")
    if not text and (len(name.split()) > NAME_LIKE or name.rstrip().endswith("?")):
        text = clean(name)
    return Item(name, text, labels, cells.mask(cells.eq("").fillna(False)))


def _code(code: object) -> str:
    return f"{code:g}" if isinstance(code, float) else str(code)


def _texts(path: Path, written: Written, raw: RawTable) -> tuple[str, dict[str, str]]:
    """The kind of export, and the question of each column."""
    columns = [str(name) for name in raw.frame.columns]
    if path.name.lower().endswith((".sav", ".zsav")):
        _, meta = pyreadstat.read_sav(str(path), metadataonly=True)
        named = {k: clean(v) for k, v in meta.column_names_to_labels.items() if v}
        kind = "Qualtrics (SPSS)" if qualtrics.is_export(meta.column_names) else "SPSS"
        return kind, named
    head = written.head
    if "header_rows" in written.declared:
        return "two header rows, as SurveyMonkey writes", {}
    if len(head) > 2 and any('"ImportId"' in cell for cell in head[2]):
        return "Qualtrics (three header rows)", _pairs(head[0], head[1])
    if len(head) > 1 and any('"ImportId"' in cell for cell in head[1]):
        return "Qualtrics (names and import ids)", {}
    exported = qualtrics.is_export(head[0]) if head else False
    below = qualtrics.is_export(head[1]) if len(head) > 1 else False
    if (exported or below) and len(head) > 1 and not {*columns} & {*head[0]} <= {*head[1]}:
        return "Qualtrics (two header rows)", _pairs(head[0], head[1])
    return "Qualtrics" if exported else "one header row", {}


def _pairs(names: list[str], texts: list[str]) -> dict[str, str]:
    cleaned = {n.strip(): clean(t) for n, t in zip(names, texts, strict=False)}
    return {n: t for n, t in cleaned.items() if t and t != n}


def clean(text: str) -> str:
    """A text without markup and line breaks.

    Examples
    --------
    >>> clean("<b>How likely</b>&nbsp;are you?\\n")
    'How likely are you?'
    """
    return " ".join(html.unescape(TAG.sub(" ", text)).replace("\xa0", " ").split())

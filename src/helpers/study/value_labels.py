"""Labels in the place of codes, wherever a column is no number: each file by its own labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.study.codebook import Codebook
from helpers.study.config import Format
from helpers.study.label_words import plain, yes_or_no
from helpers.study.readers.raw import RawTable
from helpers.study.tables import Table

__all__ = ["code_text", "declared_codes", "labelled", "yes_no_meanings"]


def labelled(raw: RawTable, table: Table, codebook: Codebook, form: Format) -> RawTable:
    """The table with labels instead of codes, but in ids, dates and scales.

    A code that is declared, as missing or as one of ``values``, stays as it is.
    """
    named = {name for of_file in raw.labels for name in of_file}
    names = [name for name in raw.frame if name in named and _is_said(name, table, codebook)]
    if not names:
        return raw
    frame = raw.frame.copy()
    for name in names:
        kept = declared_codes(name, table, codebook, form)
        frame[name] = _said(raw, str(name), table, kept)
    return replace(raw, frame=frame)


def _is_said(name: str, table: Table, codebook: Codebook) -> bool:
    """Whether a column shows words: text, yes or no, the wave, an answer without a scale."""
    declared = table.column(name)
    question = codebook.get(name) if table.name == "responses" else None
    if declared is not None:
        return declared.kind in ("text", "yes_no") or name == "wave"
    return question is None or not question.scaled


def _said(raw: RawTable, name: str, table: Table, kept: frozenset[str]) -> pd.Series:
    declared = table.column(name)
    yes_no = declared is not None and declared.kind == "yes_no"
    cells = raw.frame[name].astype(object)
    for file, of_file in enumerate(raw.labels):
        labels = of_file.get(name)
        if not labels:
            continue
        told = {code: label for code, label in labels.items() if code_text(code) not in kept}
        if yes_no:
            told |= {
                c: said for c, said in yes_no_meanings(told).items() if plain(told[c]) not in kept
            }
        own = raw.file_of == file
        cells = cells.mask(own, cells[own].map(_label_of(told), na_action="ignore"))
    return cells


def _label_of(labels: Mapping[object, str]) -> Callable[[object], object]:
    def read(code: object) -> object:
        return labels.get(code, code)

    return read


def yes_no_meanings(labels: Mapping[object, str]) -> dict[object, str]:
    """``yes`` or ``no`` by code, where the labels are plain; two kinds of yes are not.

    Examples
    --------
    >>> yes_no_meanings({0.0: "Yes, may be named", 1.0: "No"})
    {0.0: 'yes', 1.0: 'no'}
    >>> yes_no_meanings({1.0: "Yes, by name", 2.0: "Yes, the firm", 3.0: "No"})
    {3.0: 'no'}
    """
    said = {code: yes_or_no(label) for code, label in labels.items()}
    several = list(said.values()).count("yes") > 1
    return {
        code: meaning
        for code, meaning in said.items()
        if meaning is not None and not (several and meaning == "yes")
    }


def declared_codes(name: str, table: Table, codebook: Codebook, form: Format) -> frozenset[str]:
    """Codes and words of a column that the client's own declarations speak of."""
    question = codebook.get(name) if table.name == "responses" else None
    missing = question.missing_codes if question is not None else ()
    words = [word for theirs in form.values.get(name, {}).values() for word in theirs]
    return frozenset([*missing, *form.missing, *words, *map(plain, words)])


def code_text(code: object) -> str:
    """A code as one would type it.

    >>> code_text(2.0), code_text(2.5), code_text("B")
    ('2', '2.5', 'B')
    """
    if isinstance(code, float | np.floating) and float(code).is_integer():
        return str(int(code))
    return str(code)

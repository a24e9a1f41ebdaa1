"""Labels in the place of codes, wherever a column is no number: each file by its own labels."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.study.codebook import Codebook, Question
from helpers.study.columns import Table
from helpers.study.config import Format
from helpers.study.label_words import number_said, plain, yes_or_no
from helpers.study.naming import values_line
from helpers.study.readers.raw import RawTable

__all__ = [
    "code_text", "declared_codes", "is_said", "labelled", "marks_advice", "short",
    "yes_no_meanings",
]  # fmt: skip

OF_HIGHEST = re.compile(r"(\d+)\s*/\s*(\d+)")
CODED = re.compile(r"[A-Za-z]{1,3}0*(\d{1,3})")
MOST_STEPS = 11  # of a scale that one line spells out
MOST_CHOICES = 60  # answers to choose from that a message lists


def labelled(raw: RawTable, table: Table, codebook: Codebook, form: Format) -> RawTable:
    """The table with labels instead of codes, but in ids, dates and scales.

    A code that is declared, as missing or as one of ``values``, stays as it is.
    """
    named = {name for of_file in raw.labels for name in of_file}
    names = [name for name in raw.frame if name in named and is_said(name, table, codebook)]
    if not names:
        return raw
    frame = raw.frame.copy()
    for name in names:
        kept = declared_codes(name, table, codebook, form)
        frame[name] = _said(raw, str(name), table, kept)
    return replace(raw, frame=frame)


def is_said(name: str, table: Table, codebook: Codebook) -> bool:
    """Whether a column shows words: text, yes or no, the wave, an answer without a scale."""
    declared = table.column(name)
    question = codebook.get(name) if table.name == "responses" else None
    if declared is not None:
        return declared.kind in ("text", "yes_no") or name == "wave"
    return question is None or not question.numeric


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
    return frozenset([*missing, *form.missing_in(name), *words, *map(plain, words)])


def code_text(code: object) -> str:
    """A code as one would type it.

    >>> code_text(2.0), code_text(2.5), code_text("B")
    ('2', '2.5', 'B')
    """
    if isinstance(code, float | np.floating) and float(code).is_integer():
        return str(int(code))
    return str(code)


def short(label: str) -> str:
    """A label as a message shows it.

    >>> short("North"), len(short("a" * 99))
    ('North', 40)
    """
    return label if len(label) <= 40 else label[:39] + "…"


DATED = re.compile(  # 10-Aug, Aug-10, 8. Okt
    r"(?i)\d{1,2}[-./ ]{1,2}(?:jan|feb|m[aä]r|mrz|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])\w*"
    r"|(?:jan|feb|m[aä]r|mrz|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])\w*[-./ ]{1,2}\d{1,2}"
)


def marks_advice(cells: pd.Series, question: Question, form: Format) -> str:
    """What to declare where answers are words with their mark; "" where any has none.

    What is declared already stays in the line that is advised.

    Examples
    --------
    >>> asked = Question("nps", "recommend", "", "", 0, 10)
    >>> marks_advice(pd.Series(["9", "10 - Very likely"]), asked, Format())
    'Declare `formats: {responses: {values: {nps: {"10": "10 - Very likely"}}}}` in client.yml.'
    """
    words = [str(cell).strip() for cell in cells.dropna().unique()]
    words = [word for word in words if not word.replace(".", "", 1).isdigit()]
    words = [word for word in words if word not in question.missing_codes]
    if words and all(DATED.fullmatch(word) for word in words):
        return "A spreadsheet made dates of marks such as 8/10: export the answers as text."
    if (
        any(DATED.fullmatch(word) for word in words)
        or len(words) > MOST_CHOICES
        or not all(_is_choice(word) for word in words)
    ):
        return ""  # numbers in another notation are no choices
    marks = {word: _mark(word, question) for word in words}
    low, high = question.low or 0, question.high or 0
    if words and all(CODED.fullmatch(word) for word in words):
        marks = _within(marks, low, high)
    if not words or any(mark is None or not low <= mark <= high for mark in marks.values()):
        return ""
    known = form.values.get(question.variable, {})
    said = {ours: list(theirs) for ours, theirs in known.items()}
    for word, mark in marks.items():
        said.setdefault(code_text(mark), []).append(word)
    pairs = ", ".join(f'"{ours}": {_listed(theirs)}' for ours, theirs in said.items())
    line = values_line("responses", question.variable, pairs)
    sure = (
        ""
        if any(number_said(word, before_words=True) is not None for word in words)
        else (f"If {words[0]} is the mark {code_text(marks[words[0]])}, d")
    )
    return f"{sure or 'D'}eclare {line} in client.yml."


def words_advice(cells: pd.Series, question: Question) -> str:
    """A line to fill in where all answers of a scale are words; "" where any is a number.

    Examples
    --------
    >>> asked = Question("sat", "satisfaction", "", "", 1, 3)
    >>> words_advice(pd.Series(["Good", "Bad", "Good"]), asked).split(" in client.yml")[0][31:]
    '`formats: {responses: {values: {sat: {"1": ?, "2": ?, "3": ?}}}}`'
    """
    counts = cells.dropna().astype("str").str.strip().value_counts()
    steps = int((question.high or 0) - (question.low or 0)) + 1
    if not 1 < len(counts) <= MOST_CHOICES or steps > MOST_STEPS:
        return ""
    if any(re.search(r"\d", word) or not re.search(r"[^\W_]", word) for word in counts.index):
        return ""  # codes and numbers in another notation are no words
    marks = ", ".join(f'"{(question.low or 0) + step:g}": ?' for step in range(steps))
    line = values_line("responses", question.variable, marks)
    found = ", ".join(f"{word} ({count:,})" for word, count in counts.items())
    return (
        f"Say which answer each mark is: {line} in client.yml, with the file's words for each ?, "
        f"or without those it has no word for. In the file: {found}."
    )


def moved_by_one(question: Question) -> str:
    """The declaration by which codes that begin at 1 are marks that begin at 0.

    Examples
    --------
    >>> moved_by_one(Question("nps", "recommend", "", "", 0, 2))
    '`formats: {responses: {values: {nps: {"0": "1", "1": "2", "2": "3"}}}}` in client.yml'
    """
    low, high = int(question.low or 0), int(question.high or 0)
    pairs = ", ".join(f'"{mark}": "{mark + 1}"' for mark in range(low, high + 1))
    return f"{values_line('responses', question.variable, pairs)} in client.yml"


def _within(marks: dict[str, float | None], low: float, high: float) -> dict[str, float | None]:
    """Marks of codes that begin at 1 where the scale begins at 0: A11 is 10."""
    found = [mark for mark in marks.values() if mark is not None]
    beyond = max(found) - high
    return (
        marks
        if beyond <= 0 or min(found) - beyond < low
        else {word: None if mark is None else mark - beyond for word, mark in marks.items()}
    )


def _is_choice(word: str) -> bool:
    return any(c.isalpha() for c in word) or OF_HIGHEST.fullmatch(word) is not None


def _mark(word: str, question: Question) -> float | None:
    """The mark that an answer names: in words, as "9/10" on a scale up to 10, or a code as "A9"."""
    said = number_said(word, before_words=True)
    if said is not None:
        return said
    if (part := OF_HIGHEST.fullmatch(word)) and float(part[2]) == question.high:
        return float(part[1])
    code = CODED.fullmatch(word)
    return float(code[1]) if code else None


def _listed(words: list[str]) -> str:
    quoted = ['"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words]
    return quoted[0] if len(quoted) == 1 else f"[{', '.join(quoted)}]"

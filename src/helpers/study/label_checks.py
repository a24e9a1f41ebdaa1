"""Labels against codes: where a file says what its codes mean, and they say something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from helpers.study.bare_codes import check_bare_codes
from helpers.study.codebook import Codebook, Question
from helpers.study.columns import Table
from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.label_words import is_no_answer, is_utmost, number_said, plain, praise
from helpers.study.naming import values_line
from helpers.study.readers.raw import RawTable
from helpers.study.sameness import folded
from helpers.study.value_labels import code_text, declared_codes, short

__all__ = ["check_labels"]

FEWEST = 3  # labelled marks, to say of one that it stands beyond the others
SHOWN = 4  # pairs of code and label that a message lists
UNLIKE = ("effort",)  # where much is bad news


@dataclass(frozen=True)
class _Labels:
    """What one file says of the codes of one column."""

    file: str
    column: str
    table: str
    said: Mapping[float, str]  # in the order of the codes
    cells: pd.Series  # of that file
    in_all: bool = True  # every file of the table says the same


def check_labels(
    raw: RawTable, table: Table, codebook: Codebook, form: Format, findings: Findings
) -> None:
    """Compare codes with their labels; what disagrees is an error that shows both."""
    for name in map(str, raw.frame.columns):
        if not any(name in of_file for of_file in raw.labels):
            continue
        declared = table.column(name)
        question = codebook.get(name) if table.name == "responses" and declared is None else None
        kept = declared_codes(name, table, codebook, form)
        check_bare_codes(raw, name, table, codebook, kept, findings)
        scaled = question is not None and question.numeric
        if not scaled and (declared is None or declared.kind != "number"):
            continue
        if name in form.values:  # its codes are translated as the client says, in all files
            _check_translated(raw, name, table, form, findings)
            continue
        every = [_of_file(raw, file, name, table, kept) for file in range(len(raw.files))]
        alike = all(labels.said == every[0].said for labels in every)
        every = [replace(labels, in_all=alike) for labels in every if labels.said]
        for labels in every:
            _check_codes(labels, question, findings)
        _check_files_agree(every, findings)


def _of_file(raw: RawTable, file: int, name: str, table: Table, kept: frozenset[str]) -> _Labels:
    found = raw.labels[file].get(name, {})
    said = {_code(code): label.strip() for code, label in found.items() if label.strip()}
    said = {code: label for code, label in said.items() if code_text(code) not in kept}
    ordered = {code: said[code] for code in sorted(said) if not np.isnan(code)}
    return _Labels(raw.files[file], name, table.name, ordered, raw.frame[name][raw.file_of == file])


def _code(code: object) -> float:
    try:
        return float(str(code))
    except ValueError:
        return float("nan")


def _check_translated(
    raw: RawTable, name: str, table: Table, form: Format, findings: Findings
) -> None:
    """Codes that become, as declared, another mark than the one that a file labels them with."""
    ours = {
        folded(text): _code(our) for our, theirs in form.values[name].items() for text in theirs
    }
    for file in range(len(raw.files)):
        labels = _of_file(raw, file, name, table, frozenset())
        marks = {code: said for code, said in labels.said.items() if not is_no_answer(said)}
        read = {code: ours.get(folded(code_text(code)), code) for code in marks}
        others = _others_said(marks, read)
        if others:
            code = list(others)[-1]
            problem = (
                f"labels code {code_text(code)} {short(marks[code])!r}, and `values` under "
                f"`formats: {table.name}` makes it {code_text(read[code])}"
            )
            advice = (
                "What is declared holds for every file of the table: correct it, or export the "
                "numbers of the labels as codes."
            )
            findings.error(labels.file, problem, advice, column=name)


def _check_codes(labels: _Labels, question: Question | None, findings: Findings) -> None:
    marks = {code: said for code, said in labels.said.items() if not is_no_answer(said)}
    others = _others_said(marks, {code: code for code in marks})
    if others:
        _report_others(labels, marks, others, question, findings)
    elif question is None or not question.scaled:
        return
    elif question.low is not None and question.high is not None:
        _check_scale(labels, marks, question.low, question.high, question, findings)
        _check_direction(labels, marks, question, findings)


def _others_said(marks: Mapping[float, str], read: Mapping[float, float]) -> dict[float, float]:
    """The number that a label names, by code, wherever the code is read as another one."""
    if any(_counts(label) for label in marks.values()):
        return {}
    bare = [number_said(label) for label in marks.values()]
    mostly = sum(number is not None for number in bare) * 2 >= len(marks)
    numbers = {c: number_said(label, before_words=mostly) for c, label in marks.items()}
    return {code: n for code, n in numbers.items() if n is not None and n != read[code]}


def _counts(label: str) -> bool:
    """Whether a label is a number of things, as "3-5 times" or "6+", and no mark."""
    return any(c.isdigit() for c in label) and number_said(label, before_words=True) is None


def _report_others(
    labels: _Labels,
    marks: Mapping[float, str],
    others: Mapping[float, float],
    question: Question | None,
    findings: Findings,
) -> None:
    steps = {number - code for code, number in others.items()}
    moved = next(iter(steps)) if len(steps) == 1 else None
    fits = question is None or all(_on_scale(number, question) for number in others.values())
    meant = {code: others.get(code, code if moved is None else code + moved) for code in marks}
    advice = "Export the numbers of the labels as codes"
    if fits and labels.in_all:
        advice += f", or say so: {_translation(labels, meant)}"
    problem = f"has codes that are not what their labels say: {_pairs(others, marks)}"
    findings.error(labels.file, problem, f"{advice}.", column=labels.column)


def _on_scale(mark: float, question: Question) -> bool:
    return question.low is None or question.high is None or question.low <= mark <= question.high


def _translation(labels: _Labels, meant: Mapping[float, float]) -> str:
    pairs = ", ".join(
        f'"{code_text(number)}": "{code_text(code)}"' for code, number in meant.items()
    )
    return f"{values_line(labels.table, labels.column, pairs)} in client.yml"


def _pairs(codes: Mapping[float, object], said: Mapping[float, str]) -> str:
    """Some of the codes with their labels, the last ones: there the good marks are."""
    chosen = list(codes)[-SHOWN:]
    return ", ".join(f"code {code_text(code)} is labelled {short(said[code])!r}" for code in chosen)


def _check_scale(
    labels: _Labels,
    marks: Mapping[float, str],
    low: float,
    high: float,
    question: Question,
    findings: Findings,
) -> None:
    """Marks outside the codebook's scale, and labels inside it that are no marks."""
    outside = {code: said for code, said in marks.items() if not low <= code <= high}
    if outside:
        _report_outside(labels, marks, outside, question, findings)
    for code, said in labels.said.items():
        if code not in marks and low <= code <= high:
            _warn_no_answer(labels, code, said, low, high, findings)
    inside = {code: said for code, said in marks.items() if low <= code <= high}
    beyond = _beyond_all_marks(inside)
    if beyond is not None:
        _warn_no_answer(labels, beyond, inside[beyond], low, high, findings)


def _beyond_all_marks(marks: Mapping[float, str]) -> float | None:
    """The code at one end whose words are no praise, next to the best or the worst there is.

    So "don't know" is found in languages that nobody listed.
    """
    codes = list(marks)
    if len(codes) < FEWEST:
        return None
    signs = {code: praise(said)[0] for code, said in marks.items()}
    for end, inner, other in ((codes[-1], codes[-2], codes[0]), (codes[0], codes[1], codes[-1])):
        silent = not signs[end] and number_said(marks[end], before_words=True) is None
        if silent and is_utmost(marks[inner]) and signs[inner] * signs[other] < 0:
            return None if is_utmost(marks[end]) else end
    return None


def _report_outside(
    labels: _Labels,
    marks: Mapping[float, str],
    outside: Mapping[float, str],
    question: Question,
    findings: Findings,
) -> None:
    low, high = question.low or 0, question.high or 0
    first, last = min(marks), max(marks)
    problem = (
        f"has labels outside the scale of codebook.csv, {low:g} to {high:g}: "
        f"{_pairs(outside, labels.said)}"
    )
    advice = (
        f"Give the scale as it was coded under scale_min and scale_max, or, where it is no mark, "
        f"declare {';'.join(map(code_text, outside))} under missing_codes of {labels.column}."
    )
    if last - first == high - low and labels.in_all:  # as many steps, moved
        meant = {first + step: low + step for step in range(int(high - low) + 1)}
        advice = f"If its codes are moved, say so: {_translation(labels, meant)}. {advice}"
    findings.error(labels.file, problem, advice, column=labels.column)


def _warn_no_answer(
    labels: _Labels, code: float, said: str, low: float, high: float, findings: Findings
) -> None:
    count = int((pd.to_numeric(labels.cells, errors="coerce") == code).sum())
    told = code_text(code)
    problem = f"counts code {told}, labelled {short(said)!r}, as a mark ({count:,} answers)"
    advice = f"If it is no answer, declare {told} under missing_codes of {labels.column}"
    inner = {high: ("scale_max", -1), low: ("scale_min", 1)}.get(code)
    if inner is not None and high - low > 1:
        name, step = inner
        advice += f" in codebook.csv, and end the scale at a mark: {name} {code + step:g}."
    else:
        advice += " in codebook.csv."
    findings.warn(labels.file, problem, advice, column=labels.column)


def _check_direction(
    labels: _Labels, marks: Mapping[float, str], question: Question, findings: Findings
) -> None:
    """Warn where the good end of the labels is not the good end of the declared scale."""
    found = {code: praise(said) for code, said in marks.items()}
    plainly = [code for code, (sign, _) in found.items() if sign]
    if len(plainly) < 2 or question.role in UNLIKE:
        return
    first, last = plainly[0], plainly[-1]
    falls = found[first][0] > found[last][0]
    rises = found[first][0] < found[last][0]
    of_quality = found[first][1] and found[last][1]
    ends = _pairs({first: None, last: None}, marks)
    if falls and not question.reverse:
        problem = f"seems to be coded the other way round: {ends}"
        advice = f"If low is good, write yes under reverse of {labels.column} in codebook.csv."
        findings.warn(labels.file, problem, advice, column=labels.column)
    elif rises and question.reverse and (of_quality or question.role == "recommend"):
        problem = f"is declared as reversed, yet {ends}"
        advice = f"If high is good, write no under reverse of {labels.column} in codebook.csv."
        findings.warn(labels.file, problem, advice, column=labels.column)


def _check_files_agree(every: list[_Labels], findings: Findings) -> None:
    """A mark that has one code in one file and another in the next."""
    for first, other in pairwise(every):
        codes = {plain(label): code for code, label in first.said.items()}
        moved = [
            (codes[plain(label)], code, label)
            for code, label in other.said.items()
            if plain(label) in codes and codes[plain(label)] != code
        ]
        if moved:
            before, after, label = moved[-1]
            problem = (
                f"labels {short(label)!r} with code {code_text(after)}, "
                f"and {first.file} labels it with code {code_text(before)}"
            )
            advice = "Recode one of the files, so that an answer has one code in all of them."
            findings.error(other.file, problem, advice, column=other.column)
            continue
        _warn_other_words(first, other, findings)


def _warn_other_words(first: _Labels, other: _Labels, findings: Findings) -> None:
    shared = [code for code in other.said if code in first.said]
    differ = [code for code in shared if plain(first.said[code]) != plain(other.said[code])]
    if differ:
        code = differ[-1]
        problem = (
            f"labels code {code_text(code)} {short(other.said[code])!r}, "
            f"and {first.file} labels it {short(first.said[code])!r}"
        )
        advice = "If the answers to choose from were changed, their scores cannot be compared."
        findings.warn(other.file, problem, advice, column=other.column)

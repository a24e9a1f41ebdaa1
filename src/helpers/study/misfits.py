"""Words for values that do not fit their column: how many, the first one, what to type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.study.config import EVERY, Format
from helpers.study.currency_signs import one_currency
from helpers.study.date_forms import date_advice
from helpers.study.findings import Findings
from helpers.study.naming import values_line
from helpers.study.readers.raw import RawTable
from helpers.study.sameness import written
from helpers.study.trials import (
    Reading,
    alike,
    missing_keys,
    number_readings,
    other_notation,
    words_among,
)
from helpers.study.values import as_numbers, as_text, as_yes_no

__all__ = ["misfit_advice", "report_misfits"]

KINDS = {
    "number": "a number",
    "date": "a date written as 2026-06-30",
    "period": "a month written as 2026-06-01",
    "yes_no": "yes or no",
}
LONGEST = 40  # characters of such a word: a longer one is a text in the wrong place
SHOWN = 12  # words that are advised to be declared as missing


def report_misfits(
    raw: RawTable, misfits: pd.Series, name: str, kind: str, advice: str, findings: Findings
) -> None:
    """Report all misfits of a column as one fault that names the first."""
    positions = np.flatnonzero(misfits.to_numpy())
    file, row = raw.where(positions[0])
    value = raw.frame[name].iloc[positions[0]]
    found = None if value is None or value is pd.NA or value != value else _shown(value)
    what = KINDS.get(kind, kind)
    if len(positions) == 1:
        problem = f"is not {what}"
    else:
        problem = f"and {len(positions) - 1:,} more are not {what}"
        if found is None:
            problem = f"is not {what} in {len(positions):,} rows"
    findings.error(file, problem, advice, row=row, column=name, found=found)


def _shown(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def misfit_advice(
    cells: pd.Series,
    kind: str,
    table: str,
    form: Format | None = None,
    others: Sequence[tuple[pd.Series, str]] = (),
    *,
    share: bool = False,
    ends: tuple[float, float] | None = None,
) -> str:
    """What to type so that a column can be read: a declaration that was tried on all of it.

    Parameters
    ----------
    cells
        The whole column, with those that were read.
    others
        The file's other columns that one declaration would hold for, with their kind.
    ends
        The lowest and the highest answer of a scale.

    Examples
    --------
    >>> misfit_advice(pd.Series(["31/12/2026"]), "date", "financials")
    'Declare their format: `formats: {financials: {date: "%d/%m/%Y"}}` in client.yml.'
    >>> misfit_advice(pd.Series(["\\u2212200", "(300)", "400"]), "number", "financials")
    'Declare how they are written: `formats: {financials: {parentheses: true}}` in client.yml.'
    """
    form = form or Format()
    if kind in ("date", "period"):
        alike = [(column, of) for column, of in others if of in ("date", "period")]
        return date_advice(cells, kind, table, form, alike)
    if kind == "yes_no":
        return "Write yes or no (true and false, 1 and 0 do as well)."
    columns = [column for column, of in others if of in ("number", "answer")]
    return _number_advice(cells, kind, table, form, columns, share=share, ends=ends)


def _number_advice(
    cells: pd.Series,
    kind: str,
    table: str,
    form: Format,
    others: Sequence[pd.Series],
    *,
    share: bool,
    ends: tuple[float, float] | None,
) -> str:
    unread = as_text(cells[as_numbers(cells, form, share=share)[1]]).str.strip()
    words = words_among(list(unread))
    if kind == "answer" and len(words) == unread.nunique():
        return "Send codes instead of labels, or declare the text under missing_codes."
    if kind == "number" and len(words) == unread.nunique() and (pairs := _as_marks(words)):
        line = values_line(table, str(cells.name), pairs)
        return f"Write 1 for yes and 0 for no, or declare {line} in client.yml."
    numbers = cells[~as_text(cells).str.strip().isin(words)]
    readings = _told_apart(number_readings(numbers, form, others, share=share))
    if len(readings) < 1:
        return _unreadable(numbers, unread, words, form)
    if ends is not None and all(_mostly_beyond(reading, ends) for reading in readings):
        read = readings[0].values.max()
        return f"Read as numbers, up to {read:g}, most lie beyond the scale: write marks of it."
    long = [word for word in words if len(word) > LONGEST]
    if words and (long or len(words) > SHOWN or kind == "answer"):
        word = _shown((long or words)[0])
        return f"Numbers can be declared, but not words such as {word!r}: correct those."
    gone = missing_keys(form, {str(cells.name or EVERY): words}) if words else {}
    lines = [
        f"`formats: {{{table}: {{{replace(r, keys={**r.keys, **gone}).yaml}}}}}`" for r in readings
    ]
    if len(readings) == 1 and words and not readings[0].keys:
        return f"Correct them, or declare {lines[0]} in client.yml if they mean no value."
    mixed = _signs(readings[0])
    if not one_currency(mixed):
        return (
            f"Amounts of several currencies stand in one column ({', '.join(mixed)}): convert them "
            "all to one, and send those."
        )
    if len(readings) == 1:
        also = _also(numbers, form, readings[0])
        return f"Declare how they are written: {lines[0]} in client.yml.{also}"
    first, second = readings[0].values, readings[1].values
    place = int(np.flatnonzero((first != second).to_numpy())[0])
    shown = str(numbers.loc[first.index[place]]).strip()
    return (
        f"Two ways of writing fit: declare {lines[0]} in client.yml if {shown} is "
        f"{first.iloc[place]:.10g}, or {lines[1]} if it is {second.iloc[place]:.10g}."
    )


def _mostly_beyond(reading: Reading, ends: tuple[float, float]) -> bool:
    """Whether most values of a reading are no answers of a scale: 80 % is no mark up to 10."""
    return bool((~reading.values.between(*ends)).mean() > 0.5)


def _as_marks(words: Sequence[str]) -> str:
    """Words for yes as 1 and for no as 0, as they are declared; "" where they are others."""
    said, others = as_yes_no(pd.Series(list(words), dtype=object))
    if not words or others.any():
        return ""
    meant: dict[str, list[str]] = {"1": [], "0": []}
    for word, yes in zip(words, said, strict=True):
        meant["1" if yes else "0"].append(written(word))
    pairs = (f'"{mark}": [{", ".join(found)}]' for mark, found in meant.items() if found)
    return ", ".join(pairs)


def _signs(reading: Reading) -> list[str]:
    """The currency signs that a reading declares."""
    signs = reading.keys.get("currency", ())
    return [signs] if isinstance(signs, str) else list(signs)


def _told_apart(found: Iterable[Reading]) -> list[Reading]:
    """The readings that give other numbers, each in as few keys as can be."""
    readings: list[Reading] = []
    for reading in found:
        if not any(alike(reading, other) for other in readings):
            readings.append(reading)
    return readings


def _also(cells: pd.Series, form: Format, reading: Reading) -> str:
    """What else a declaration changes: marks between thousands that were read as points."""
    now, _ = as_numbers(cells.loc[reading.values.index], form)
    changed = now.notna() & (now != reading.values)
    if not changed.any():
        return ""
    first = int(np.flatnonzero(changed.to_numpy())[0])
    cell, value = str(cells.loc[reading.values.index[first]]), reading.values.iloc[first]
    return f" It also reads {cell.strip()} as {value:.10g}, which is {now.iloc[first]:g} as it is."


def _unreadable(numbers: pd.Series, unread: pd.Series, words: Sequence[str], form: Format) -> str:
    """Plain words where nothing that can be declared reads a column."""
    rest = [text for text in dict.fromkeys(unread) if text not in words]
    odd = [text for text in rest if not other_notation(text)]
    if odd:
        some = ", ".join(repr(_shown(text)) for text in odd[:3])
        return f"No declaration reads {some}: write plain numbers, as 1234.5."
    first = pd.Series(rest[:1], dtype=object)
    alone = next(number_readings(first, Format(), ()))
    read = as_text(numbers[as_numbers(numbers, form)[0].notna()])
    marked = [text for text in read if not text.strip().isdigit()]
    beside = f" beside {(marked or [*read, 'the others'])[0]!r}"
    return (
        f"No declaration reads {rest[0]!r}{beside}: write all of the file one way, as "
        f"{alone.values.iloc[0]:.10g}. One written so throughout would need {alone.yaml}."
    )

"""Values in the client's own words: translated as declared, or respelled, and counted."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from helpers.study.columns import Column, Table
from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.naming import in_yaml, values_line
from helpers.study.nearest import nearest
from helpers.study.readers.raw import RawTable
from helpers.study.sameness import folded
from helpers.study.translations import obvious_value
from helpers.study.values import as_text

__all__ = ["respelled", "translated", "values_advice"]

SHOWN = 12  # words of a file that a message lists
LONGEST = 40  # letters of each


def values_advice(table: str, column: Column, found: pd.Series) -> str:
    """What to declare where a file has words of its own: all of them, and a line to fill in.

    Words that plainly are one of ours stand in their place; for the others there is a
    question mark to be answered by whoever knows the file.

    Parameters
    ----------
    column
        Ours: of yes or no, or of known values.
    found
        The words that are none of ours, each as often as it occurs.

    Examples
    --------
    >>> print(values_advice("contacts", Column("opt_out", "yes_no"), pd.Series(["Nein", "Ja", "Nein"])))
    Say what the file's words mean: `formats: {contacts: {values: {opt_out: {yes: Ja, no: Nein}}}}` in client.yml. In the file: Nein (2), Ja (1).
    """  # noqa: E501 - the line as it is printed
    words = found.astype(str).str.strip()
    first = words[~words.str.casefold().duplicated()]
    spelled = dict(zip(first.str.casefold(), first, strict=True))
    counts = words.str.casefold().value_counts()
    ours = ("yes", "no") if column.kind == "yes_no" else column.values
    places: dict[str, list[str]] = {name: [] for name in ours}
    for word in counts.index:
        meant = obvious_value(word, column)
        if meant is not None:
            places[meant].append(spelled[word])
    open_ = len(counts) - sum(len(told) for told in places.values())
    pairs = [f"{name}: {_said(told)}" for name, told in places.items() if told or open_]
    line = values_line(table, column.name, ", ".join(pairs))
    listed = [f"{_short(spelled[word])} ({counts[word]:,})" for word in counts.index[:SHOWN]]
    more = f", and {len(counts) - SHOWN:,} others" if len(counts) > SHOWN else ""
    fill = ", with the file's word for each ?, or without those it has no word for" if open_ else ""
    return (
        f"Say what the file's words mean: {line} in client.yml{fill}. "
        f"In the file: {', '.join(listed)}{more}."
    )


def _said(words: list[str]) -> str:
    if not words:
        return "?"
    written = [in_yaml(word) for word in words]
    return written[0] if len(written) == 1 else f"[{', '.join(written)}]"


def _short(word: str) -> str:
    return word if len(word) <= LONGEST else word[: LONGEST - 1] + "…"


def translated(raw: RawTable, table: Table, form: Format, findings: Findings) -> RawTable:
    """The table with its values in our words, as ``values`` under ``formats`` declares.

    Case and surrounding spaces do not matter.
    """
    frame = raw.frame.copy() if form.values else raw.frame
    for name, pairs in form.values.items():
        if name not in frame:
            meant = nearest(name, [str(column) for column in frame.columns])
            advice = f"Did you mean {meant!r}?" if meant else "Use the name of the column here."
            column = f"formats.{table.name}.values.{name}"
            problem = f"is not a column of {raw.file}"
            findings.error("client.yml", problem, advice, column=column, found=name)
            continue
        ours = {folded(text): our for our, theirs in pairs.items() for text in theirs}
        words = as_text(frame[name]).map(folded, na_action="ignore").map(ours)
        told = words.notna()
        findings.note(table.name, f"{name}: values read as declared", int(told.sum()))
        frame[name] = frame[name].astype(object).mask(told, words.astype(object))
    return replace(raw, frame=frame)


def respelled(values: pd.Series, declared: Column, table: Table, findings: Findings) -> pd.Series:
    """Known values whatever their case, their spaces or hyphens."""
    known = {_joined(value): value for value in declared.values}
    meant = values.map(lambda text: known.get(_joined(text), text), na_action="ignore")
    changed = values.notna() & (meant != values)
    what = f"{declared.name}: values respelled, as {meant[changed].iloc[0]}" if any(changed) else ""
    findings.note(table.name, what, int(changed.sum()))
    return meant


def _joined(text: str) -> str:
    return "_".join(folded(text).replace("-", " ").replace("_", " ").split())

"""Values in the client's own words: translated as declared, or respelled, and counted."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.naming import in_yaml
from helpers.study.nearest import nearest
from helpers.study.readers.raw import RawTable
from helpers.study.tables import Column, Table
from helpers.study.values import as_text

__all__ = ["respelled", "translated", "values_line"]


def values_line(table: str, column: str, ours: str, theirs: str) -> str:
    """The line of ``client.yml`` that says which of our values one of theirs is.

    Examples
    --------
    >>> values_line("contacts", "opt_out", "yes", "Ja")
    '`formats: {contacts: {values: {opt_out: {yes: Ja}}}}` in client.yml'
    """
    pair = f"{{{ours}: {in_yaml(theirs.strip())}}}"
    return f"`formats: {{{table}: {{values: {{{column}: {pair}}}}}}}` in client.yml"


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
        ours = {_plain(text): our for our, theirs in pairs.items() for text in theirs}
        words = as_text(frame[name]).map(_plain, na_action="ignore").map(ours)
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


def _plain(text: str) -> str:
    return text.strip().casefold()


def _joined(text: str) -> str:
    return "_".join(_plain(text).replace("-", " ").replace("_", " ").split())

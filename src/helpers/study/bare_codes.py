"""Codes without a label, in columns whose answers are shown by their labels."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.study.codebook import Codebook
from helpers.study.columns import Table
from helpers.study.findings import Findings
from helpers.study.naming import values_line
from helpers.study.readers.raw import RawTable
from helpers.study.sameness import written
from helpers.study.value_labels import code_text, is_said, short, yes_no_meanings
from helpers.study.values import as_yes_no

__all__ = ["check_bare_codes"]

SHOWN = 4  # codes that a message lists


def check_bare_codes(
    raw: RawTable,
    name: str,
    table: Table,
    codebook: Codebook,
    kept: frozenset[str],
    findings: Findings,
) -> None:
    """Tell of codes that stand among answers in words because their file does not label them.

    ``kept`` are codes that the client's own declarations speak of. A code that another file of
    the table labels is an error where the column has a use: the same answer would be two groups.
    One that no file labels is a warning where most answers have a label.
    """
    declared = table.column(name)
    if declared is not None and declared.kind == "yes_no":
        _check_yes_no(raw, name, table, kept, findings)
        return
    if not is_said(name, table, codebook):
        return
    for file in range(len(raw.files)):
        own = raw.frame[name][raw.file_of == file].dropna().map(code_text)
        labels = _by_text(raw.labels[file].get(name, {}))
        bare = own[~own.isin(labels) & ~own.isin(kept)]
        others = _of_others(raw, file, name)
        if bare.isin(others).any():
            told = {code: others[code] for code in sorted(set(bare) & set(others))}
            used = declared is not None or codebook.get(name) is not None
            tell = findings.error if used else findings.warn
            tell(raw.files[file], *_by_others(name, table, told), column=name)
        elif len(bare) and 2 * len(bare) < len(own):
            findings.warn(raw.files[file], *_bare(name, table, bare, len(own)), column=name)


def _by_text(labels: Mapping[object, str]) -> dict[str, str]:
    return {code_text(code): label.strip() for code, label in labels.items() if label.strip()}


def _of_others(raw: RawTable, file: int, name: str) -> dict[str, tuple[str, str]]:
    """What the other files say of each code, and which of them does."""
    return {
        code: (label, raw.files[other])
        for other, of_file in enumerate(raw.labels)
        if other != file
        for code, label in _by_text(of_file.get(name, {})).items()
    }


def _by_others(name: str, table: Table, told: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """What is wrong with codes that another file labels, and what to do."""
    shown = list(told.items())[:SHOWN]
    pairs = ", ".join(f"{code} ({short(label)!r} in {other})" for code, (label, other) in shown)
    pairs += f" and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
    meant = ", ".join(f"{written(label)}: {written(code)}" for code, (label, _) in told.items())
    line = values_line(table.name, name, meant)
    return (
        f"has codes without a label that another file labels: {pairs}",
        f"Label them in this file too, or, where they mean the same, say so: {line} in client.yml.",
    )


def _bare(name: str, table: Table, bare: pd.Series, answers: int) -> tuple[str, str]:
    """Which codes have no label, of how many answers, and what to do."""
    codes = sorted(set(bare))
    shown = ", ".join(codes[:SHOWN]) + (" and others" if len(codes) > SHOWN else "")
    line = values_line(table.name, name, f"…: {written(codes[0])}")
    return (
        f"has a code without a label ({shown}), shown as it is, in {len(bare):,} of "
        f"{answers:,} answers",
        f"Label it, or say what it is: {line} in client.yml, or declare it under `missing`.",
    )


def _check_yes_no(
    raw: RawTable, name: str, table: Table, kept: frozenset[str], findings: Findings
) -> None:
    """A code without a label that would be read as what another code is labelled."""
    for file, of_file in enumerate(raw.labels):
        labels = of_file.get(name)
        if not labels:
            continue
        meanings = yes_no_meanings(labels)
        own = raw.frame[name][raw.file_of == file].dropna()
        bare = [c for c in own.unique() if c not in labels and code_text(c) not in kept]
        read, _ = as_yes_no(pd.Series(bare, dtype=object))
        for code, meant in zip(bare, read, strict=True):
            said = None if pd.isna(meant) else "yes" if meant else "no"
            twin = next((c for c, meaning in meanings.items() if meaning == said), None)
            if twin is None:
                continue
            problem = (
                f"has the code {code_text(code)} without a label, which would be read as {said}, "
                f"and code {code_text(twin)} is labelled {short(labels[twin])!r}"
            )
            line = values_line(table.name, name, "yes: …, no: …")
            advice = f"Say which code is which: {line} in client.yml."
            findings.error(raw.files[file], problem, advice, column=name)

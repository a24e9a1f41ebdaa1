"""Names of groups as people read them: trimmed, and those that look alike told of once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.study.codebook import Codebook
from helpers.study.columns import Table
from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.readers.raw import RawTable
from helpers.study.sameness import readings, told_apart, written
from helpers.study.trials import as_line
from helpers.study.wave_names import wave_meant

__all__ = ["trimmed", "warn_alike"]

FREE = {  # texts that are no names of groups
    "name", "text", "words", "label", "what", "audience", "requires", "excludes", "source", "scale",
    "end_reason", "exclusion_reason", "root_cause", "currency", "unit_of_measure",
}  # fmt: skip
GROUPING = ("responses", "accounts", "contacts", "invitations", "population")
LISTS = ("accounts", "contacts")
OF_LISTS = ("segment", "tier", "industry", "region", "role", "function")  # groups of our own
NONE = frozenset(  # what programs write where there is nothing
    (
        "null", "(null)", "<null>", "none", "nan", "nat", "<na>", "n/a", "n.a.", "#n/a", "#nv",
        "(blank)", "(leer)", "(vide)", "(en blanco)", "(vuoto)", "-", "--", "---", "?", "undefined",
    )
)  # fmt: skip
MOST = 1_000  # distinct values; more are no groups
SHOWN = 6


def _names_groups(name: str, table: Table, codebook: Codebook) -> bool:
    """Whether a column's texts are names of groups: ours, a segment, or one nobody declared."""
    question = codebook.get(name) if table.name in ("responses", "accounts") else None
    if table.name == "accounts" and question is not None and not question.measured:
        question = None
    declared = table.column(name)
    if declared is not None:
        return (declared.kind == "text" and name not in FREE) or name == "wave"
    if question is not None and question.measured:
        return False
    if question is not None:
        return not question.scaled and question.role == "segment"
    return table.name in GROUPING and table.name != "responses"


def trimmed(
    values: pd.Series, name: str, table: Table, codebook: Codebook, findings: Findings
) -> pd.Series:
    """A column of names without the spaces around them; a name of spaces alone is missing."""
    if name == "wave" or not _names_groups(name, table, codebook):
        return values
    distinct = values.dropna().unique()
    spaced = {text: text.strip() or None for text in distinct if text != text.strip()}
    if not spaced:
        return values
    there = values.isin(list(spaced))
    findings.note(table.name, f"{name}: spaces around names removed", int(there.sum()))
    return values.mask(there, values.map(spaced)).astype("str")


def warn_alike(
    frame: pd.DataFrame,
    raw: RawTable,
    table: Table,
    codebook: Codebook,
    config: Config,
    findings: Findings,
) -> None:
    """One warning for each column that has a name in several spellings, with what joins them."""
    for name in frame.columns:
        if not _names_groups(str(name), table, codebook):
            continue
        counts = frame[name].value_counts()
        if 1 < len(counts) <= MOST:
            if table.name in LISTS and name in (*config.segments, *OF_LISTS):
                _warn_of_gaps(frame[name], raw, findings)
            _warn_of_none(frame[name], raw, table, findings)
            groups = _alike(counts, config if name == "wave" else None)
            if groups:
                _warn(str(name), groups, counts, raw, config, findings)


def _warn_of_gaps(values: pd.Series, raw: RawTable, findings: Findings) -> None:
    """A group that stands in the first of its rows alone, as sheets are laid out to be read."""
    there = values.dropna()
    gaps = len(values) - len(there)
    if pd.isna(values.iloc[0]) or not there.is_unique or gaps < len(there):
        return
    problem = f"holds each name once and is empty in {gaps:,} of {len(values):,} rows"
    advice = "If a name holds for the rows below it as well, write it in each of them."
    findings.warn(raw.file, problem, advice, column=str(values.name))


def _warn_of_none(values: pd.Series, raw: RawTable, table: Table, findings: Findings) -> None:
    """Words by which programs write that there is nothing, which would be a group of their own."""
    said = [one for one in values.dropna().unique() if str(one).strip().casefold() in NONE]
    if not said:
        return
    found = values.isin(said)
    place = int(np.flatnonzero(found)[0])
    file, row = raw.where(place)
    count = int(found.sum())
    problem = f"counts as a name like others, in {count:,} row{'s' if count > 1 else ''}"
    line = as_line(table.name, {"missing": {str(values.name): tuple(map(str, said))}})
    advice = f"If it stands for no name, declare {line}."
    findings.warn(file, problem, advice, row=row, column=str(values.name), found=str(said[0]))


def _alike(counts: pd.Series, waves: Config | None) -> dict[str, list[str]]:
    """Spellings of one name by the one that is written most often; of a wave, by the one declared.

    ``waves`` is given where the names are those of waves.
    """
    first = [] if waves is None else [waves.wave, waves.previous_wave, *waves.waves]
    names = [name for name in first if name in counts.index]
    owners: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for text in dict.fromkeys([*names, *counts.index]):  # the most frequent first
        read = readings(text) if waves is None else (wave_meant(text),)
        owner = next((owners[r] for r in read if r in owners), text)
        owners |= {r: owner for r in read if r not in owners}
        found.setdefault(owner, []).append(text)
    return {name: texts[1:] for name, texts in found.items() if len(texts) > 1}


def _warn(
    name: str,
    groups: Mapping[str, list[str]],
    counts: pd.Series,
    raw: RawTable,
    config: Config,
    findings: Findings,
) -> None:
    told = [
        " and ".join(f"{told_apart(text)} ({counts[text]:,})" for text in (first, *others))
        for first, others in list(groups.items())[:SHOWN]
    ]
    more = f"; and {len(groups) - SHOWN} more" if len(groups) > SHOWN else ""
    joined = {new: list(olds) for new, olds in config.collapse.get(name, {}).items()}
    for first, others in groups.items():
        joined[first] = [*joined.get(first, []), *others]
    pairs = ", ".join(
        f"{written(new)}: [{', '.join(written(old) for old in olds)}]"
        for new, olds in joined.items()
    )
    problem = f"has names that read alike and count as several: {'; '.join(told)}{more}"
    advice = f"If they are the same, declare `collapse: {{{name}: {{{pairs}}}}}` in client.yml."
    findings.warn(raw.file, problem, advice, column=name)

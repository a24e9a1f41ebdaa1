"""The columns of a file by our names, and what to declare where one of ours is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from helpers.study.codebook import Codebook
from helpers.study.columns import Table
from helpers.study.config import Config, Format
from helpers.study.findings import Findings
from helpers.study.listing import listed
from helpers.study.nearest import nearest
from helpers.study.readers.qualtrics import METADATA
from helpers.study.readers.raw import RawTable
from helpers.study.sameness import written
from helpers.study.translations import holder_by_name

__all__ = [
    "check_columns",
    "check_keys_sent",
    "declaration",
    "in_yaml",
    "renamed",
    "unknown_columns",
    "values_line",
]

SHOWN = 10
ALIKE = 0.85  # from this likeness on, one name is taken for a misspelling of the other
SENT = {("responses", name) for name in ("account_id", "contact_id", "wave")}  # see check_keys_sent
WAVE_WORDS = re.compile(r"(?i)(wave|welle|vague|ola|round|runde|erhebung)([ _-].*|\d*)?")
SMALL = re.compile(r"(0|[1-9]\d{0,3})(\.0*)?")  # an age, a code, a count
MONTHS = re.compile(
    r"(?:19|20)\d\d[-/. ]?(?:0[1-9]|1[0-2])(?:[-/.]\d\d)?(?: 00:00:00)?"
    r"|(?:0?[1-9]|1[0-2])[-/. ](?:19|20)\d\d|\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d"
    r"|[^\W\d_]{3,9}\.?[-/. ]?(?:(?:19|20)?\d\d)"
)
FEWEST_MONTHS = 3
NOTHING = "'', '0', 'no', 'n', 'false', '-'"  # what stands where an account does not own it
LONGEST_QUERY = 1_200  # characters: a longer one is described
PLAIN = re.compile(r"[^\W\d][\w.-]*( [\w.-]+)*")


def declaration(table: str, ours: str, theirs: str) -> str:
    """The line of ``client.yml`` that gives a column our name.

    Examples
    --------
    >>> declaration("responses", "account_id", "Kunde")
    '`formats: {responses: {columns: {account_id: Kunde}}}` in client.yml'
    >>> declaration("responses", "account_id", "Kunde, Nr.")
    '`formats: {responses: {columns: {account_id: "Kunde, Nr."}}}` in client.yml'
    """
    return f"`formats: {{{table}: {{columns: {{{ours}: {in_yaml(theirs)}}}}}}}` in client.yml"


def values_line(table: str, column: str, pairs: str) -> str:
    """The line of ``client.yml`` that says what a column's values mean, ``pairs`` in its braces.

    Examples
    --------
    >>> values_line("contacts", "active", "yes: J, no: N")
    '`formats: {contacts: {values: {active: {yes: J, no: N}}}}`'
    >>> values_line("responses", "Q1: care", '"1": good')
    '`formats: {responses: {values: {"Q1: care": {"1": good}}}}`'
    """
    return f"`formats: {{{table}: {{values: {{{in_yaml(column)}: {{{pairs}}}}}}}}}`"


def in_yaml(text: str) -> str:
    """A text as it may stand inside the braces of YAML: in quotes where it must be.

    Examples
    --------
    >>> in_yaml("Customer No"), in_yaml("Kunde: Nr")
    ('Customer No', '"Kunde: Nr"')
    """
    if PLAIN.fullmatch(text) and text.casefold() not in ("null", "true", "false"):
        return text
    return written(text)


def renamed(raw: RawTable, table: Table, form: Format, findings: Findings) -> RawTable:
    """The table with its columns named as ``columns`` under ``formats`` declares."""
    for ours, theirs in form.columns.items():
        if theirs not in raw.frame.columns:
            meant = nearest(theirs, raw.frame.columns)
            advice = f"Did you mean {meant!r}?" if meant else f"Found: {_listed(raw.frame)}."
            column = f"formats.{table.name}.columns.{ours}"
            problem = f"is not a column of {raw.file}"
            findings.error("client.yml", problem, advice, column=column, found=theirs)
    names = _without_repeats(raw, table, form, findings)
    labels = tuple(
        {names.get(column, column): said for column, said in of_file.items()}
        for of_file in raw.labels
    )
    currencies = tuple(
        {names.get(column, column): signs for column, signs in of_file.items()}
        for of_file in raw.currencies
    )
    frame = raw.frame.rename(columns=names)
    return replace(raw, frame=frame, labels=labels, currencies=currencies)


def _without_repeats(
    raw: RawTable, table: Table, form: Format, findings: Findings
) -> dict[str, str]:
    """Our name of each column renamed; two columns of one name, or two names of one, are faults."""
    names: dict[str, str] = {}
    kept = {name for name in raw.frame.columns if name not in form.columns.values()}
    for ours, theirs in form.columns.items():
        column = f"formats.{table.name}.columns.{ours}"
        if theirs in names:
            problem = f"is declared twice, as {names[theirs]} and as {ours}"
            advice = "Keep one; a query can give a column two names."
            findings.error("client.yml", problem, advice, column=column, found=theirs)
        elif ours in kept and theirs in raw.frame.columns:
            problem = f"is to be {ours}, which is another column of {raw.file}"
            advice = f"Give that one a name of its own: {declaration(table.name, '…', ours)}."
            findings.error("client.yml", problem, advice, column=column, found=theirs)
        else:
            names[theirs] = ours
    return names


def unknown_columns(columns: Sequence[str], table: Table, codebook: Codebook) -> list[str]:
    """Columns that neither the handbook nor, for responses, the codebook knows."""
    asked = codebook.questions if table.name == "responses" else codebook.of("metric")
    known = {q.variable for q in asked} if table.name in ("responses", "accounts") else set()
    return [name for name in columns if table.column(name) is None and name not in known]


def check_columns(raw: RawTable, table: Table, codebook: Codebook, findings: Findings) -> None:
    """Report needed columns that are missing and those under other names; note the rest."""
    there = list(raw.frame.columns)
    extra = unknown_columns(there, table, codebook)
    free = [name for name in extra if table.name != "responses" or name not in METADATA]
    absent = [name for name in table.required if name not in there]
    likely = _likely(absent, raw, table, free)
    free = [name for name in free if name not in likely.values()]
    across = _laid_across(raw, table, absent, free)
    for name in absent:
        if across:
            findings.error(raw.file, "is missing", across, column=name)
            across = f"See {absent[0]}."
            continue
        advice = _missing_advice(name, likely.get(name), free, raw, table)
        findings.error(raw.file, "is missing", advice, column=name)
    optional = [
        column.name
        for column in table.columns
        if column.name not in (*there, *absent) and (table.name, column.name) not in SENT
    ]
    _warn_of_other_names(raw, table, _likely(optional, raw, table, free), findings)
    if extra and table.name != "population":
        ours = [] if table.name == "responses" else [n for n in optional if "*" not in n]
        unfilled = f"; of ours not filled: {_listed(ours)}" if ours else ""
        what = f"columns kept but not declared: {_listed(extra)}{unfilled}"
        findings.note(table.name, what, len(extra))


def _laid_across(raw: RawTable, table: Table, absent: Sequence[str], free: Sequence[str]) -> str:
    """What makes rows of columns, where months or products stand beside each other; else ""."""
    months = [name for name in free if MONTHS.fullmatch(name.strip())]
    if absent and absent[0] == "period" and len(months) >= FEWEST_MONTHS:
        keys, ours, what = months, ("period", "revenue"), "month"
    elif list(absent) == ["product_id"] and len(free) > 1:
        keys, ours, what = list(free), ("product_id", "held"), "product"
    else:
        return ""
    said = (
        f"The columns {listed(keys, 3)} seem to be one for each {what}: a row of {table.name} is "
    )
    said += f"{table.row}. "
    if raw.file.lower().endswith((".csv", ".tsv")):
        named = ", ".join('"' + name.replace('"', '""') + '"' for name in keys)
        got, where = f"account_id, {ours[0]}, {ours[1]}", ""
        if what == "product":
            got, where = f"account_id, {ours[0]}", f" WHERE lower({ours[1]}) NOT IN ({NOTHING})"
        line = (
            f"SELECT {got} FROM (UNPIVOT (FROM read_csv('{raw.file}', "
            f"all_varchar = true)) ON {named} INTO NAME {ours[0]} VALUE {ours[1]}){where}"
        )
        if len(line) <= LONGEST_QUERY:
            return f"{said}Make rows of them in {table.name}.sql: {line}."
    return f"{said}Make rows of them, in a query ({table.name}.sql) or in the spreadsheet."


def _likely(names: list[str], raw: RawTable, table: Table, among: Sequence[str]) -> dict[str, str]:
    """For each of our names the column of the file that is probably it, each told once."""
    found: dict[str, str] = {}
    for name in names:
        left = [other for other in among if other not in found.values()]
        holder = holder_by_name(name, table, raw.frame, left, likeness=ALIKE)
        if holder is not None:
            found[name] = holder
    return found


def _missing_advice(
    name: str, likely: str | None, free: list[str], raw: RawTable, table: Table
) -> str:
    meant = nearest(name, free if likely is None else [likely])
    if meant:
        line = declaration(table.name, name, meant)
        return f"Rename {meant!r} to {name!r}, or declare it under {line}."
    if likely is not None:
        return f"If {likely} is it, declare {declaration(table.name, name, likely)}."
    if not free:
        return f"Found: {_listed(raw.frame)}. Add it: a row of {table.name} is {table.row}."
    line = declaration(table.name, name, "…")
    return (
        f"Columns that are nothing else: {_listed(free)}. If one of them is it, put its name for "
        f"the dots of {line}; if none is, add it: a row of {table.name} is {table.row}."
    )


def _warn_of_other_names(
    raw: RawTable, table: Table, likely: Mapping[str, str], findings: Findings
) -> None:
    """One line for all columns that seem to be optional ones of ours, to be copied."""
    if not likely:
        return
    pairs = ", ".join(f"{ours}: {in_yaml(theirs)}" for ours, theirs in likely.items())
    line = f"`formats: {{{table.name}: {{columns: {{{pairs}}}}}}}` in client.yml"
    if len(likely) == 1:
        ((ours, theirs),) = likely.items()
        advice = f"If {ours!r} is meant, declare {line}."
        findings.warn(raw.file, "is not a column the handbook knows", advice, column=theirs)
        return
    problem = f"has {len(likely)} columns that seem to be ours under other names"
    advice = f"Declare those that are: {line}."
    findings.warn(raw.file, problem, advice)


def _listed(names: pd.DataFrame | Sequence[str]) -> str:
    return listed(map(str, names), SHOWN)


def check_keys_sent(
    raw: RawTable,
    others: Mapping[str, pd.DataFrame],
    table: Table,
    codebook: Codebook,
    config: Config,
    findings: Findings,
) -> None:
    """Warn where responses lack the ids or the wave, and a column of theirs may hold them.

    ``raw`` and ``table`` are those of the responses, ``others`` the other tables sent.
    """
    columns = [str(name) for name in raw.frame.columns]
    extra = [n for n in unknown_columns(columns, table, codebook) if n not in METADATA]
    if not extra or not codebook.questions:
        return
    for key in ("account_id", "contact_id", "wave"):
        declared = key in config.format(table.name).columns
        misspelled = any(nearest(name, [key], likeness=ALIKE) for name in extra)
        if key in columns or declared or misspelled:
            continue
        if key == "wave":
            _check_wave(raw, extra, others, table, config, findings)
        elif key == "contact_id" or not _by_contact(columns, others):
            _check_id(raw, extra, key, others, table, findings)


def _by_contact(columns: list[str], others: Mapping[str, pd.DataFrame]) -> bool:
    contacts = others.get("contacts", pd.DataFrame())
    return "contact_id" in columns and {"contact_id", "account_id"} <= set(contacts.columns)


def _check_id(
    raw: RawTable,
    extra: list[str],
    key: str,
    others: Mapping[str, pd.DataFrame],
    table: Table,
    findings: Findings,
) -> None:
    sent = [name for name, frame in others.items() if key in frame]
    called = holder_by_name(key, table, raw.frame, extra, likeness=ALIKE)
    if not sent:
        if called is not None:
            problem = f"is missing, so that answers are not known to be of one {key[:-3]}"
            _warn_key(raw, key, problem, extra, called, table, findings, sure=False)
        return
    ids = {_bare(value) for name in sent for value in others[name][key].dropna().unique()}
    holder = _holder(raw.frame, _telling(raw.frame, extra, ids), ids)
    column = holder or called or nearest(key, extra)
    problem = f"is missing, although {_and(sent)} were sent to be joined by it"
    if len(sent) == 1:
        problem = f"is missing, although {sent[0]} was sent to be joined by it"
    _warn_key(raw, key, problem, extra, column, table, findings, sure=holder is not None)


def _check_wave(
    raw: RawTable,
    extra: list[str],
    others: Mapping[str, pd.DataFrame],
    table: Table,
    config: Config,
    findings: Findings,
) -> None:
    waves = {config.wave, config.previous_wave, *config.waves} - {None, ""}
    holder = _holder(raw.frame, extra, {_bare(wave) for wave in waves})
    named = next((name for name in extra if WAVE_WORDS.fullmatch(name)), None)
    sent = [frame["wave"].dropna().unique() for frame in others.values() if "wave" in frame]
    several = len(waves) > 1 or len({wave for part in sent for wave in part}) > 1
    if holder or named or several:
        problem = f"is missing, so that every row counts as {config.wave}"
        column = holder or named
        _warn_key(raw, "wave", problem, extra, column, table, findings, sure=holder is not None)


def _warn_key(
    raw: RawTable,
    key: str,
    problem: str,
    extra: list[str],
    column: str | None,
    table: Table,
    findings: Findings,
    *,
    sure: bool,
) -> None:
    problem += f"; neither in the codebook nor ours: {_listed(extra)}"
    if column is None:
        advice = (
            f"If one of them is it, put its name for the dots: {declaration(table.name, key, '…')}."
        )
        findings.warn(raw.file, problem, advice, column=key)
        return
    why = f"{column} seems to hold it" if sure else f"If it is {column}"
    line = declaration(table.name, key, column)
    advice = f"{why}: declare {line}." if sure else f"{why}, declare {line}."
    findings.warn(raw.file, problem, advice, column=key)


def _holder(frame: pd.DataFrame, columns: list[str], wanted: set[str]) -> str | None:
    """The column of which more than half the distinct values are wanted ones."""
    shares: dict[str, float] = {}
    for name in columns:
        values = {_bare(value) for value in frame[name].dropna().unique()}
        shares[name] = len(values & wanted) / len(values) if values else 0.0
    best = max(shares, key=lambda name: shares[name], default=None)
    return best if best is not None and shares[best] > 0.5 else None


def _telling(frame: pd.DataFrame, columns: list[str], ids: set[str]) -> list[str]:
    """Columns whose values say more than that they are small numbers: an age is no account."""
    telling = []
    for name in columns:
        found = [str(value) for value in frame[name].dropna().unique() if _bare(value) in ids]
        small = sum(bool(SMALL.fullmatch(text)) for text in found)
        if small * 2 < len(found):
            telling.append(name)
    return telling


def _bare(value: object) -> str:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return text.strip().casefold().lstrip("0") or "0"


def _and(names: list[str]) -> str:
    return ", ".join(names[:-1]) + f" and {names[-1]}"

"""Opening a client folder: read everything, report everything, or give the study."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.errors import Fault, InputFaults
from helpers.project import project_folder
from helpers.study import (
    advised,
    asking,
    checks,
    filtering,
    joining,
    plan_checks,
    question_checks,
    stored,
    survey_checks,
    table_checks,
    turning,
)
from helpers.study.advised import Attempt
from helpers.study.client_names import ADVICE, client_path, name_problem, printable
from helpers.study.codebook import Codebook, read_codebook
from helpers.study.config import Config, read_config
from helpers.study.findings import Findings
from helpers.study.in_place import reading
from helpers.study.in_place.wanted import Wanted, wanted
from helpers.study.intake import Typed
from helpers.study.letters import check_letters
from helpers.study.listing import listed
from helpers.study.logo import check_logo
from helpers.study.naming import unknown_columns
from helpers.study.nearest import advice_for
from helpers.study.readers import RawTable, confined, find_sources, read_sources
from helpers.study.stray_files import check_stray_files
from helpers.study.study import Study
from helpers.study.tables import TABLES
from helpers.study.totals import take_in_records, total_rows

__all__ = ["check_client", "client_folder", "open_study"]

SHOWN = 10  # names that a message lists


def open_study(client: str | Path) -> Study:
    """Open a client: a name under ``data/`` or the path of a folder.

    Raises
    ------
    InputFaults
        Where anything is wrong with what the client sent; all of it is listed.

    Examples
    --------
    >>> open_study("data/no-such-client")
    Traceback (most recent call last):
        ...
    helpers.errors.InputFaults: no-such-client: is not a client folder. ...
    """
    findings = Findings()
    folder = client_folder(client, findings)
    key = "" if folder is None else stored.content_key(folder)
    study = None if folder is None else stored.kept(folder, key)
    if study is not None:
        return study
    study = _opened(folder, findings)
    if findings.errors or study is None:
        raise InputFaults(findings.faults)
    study = stored.keep(study, key) or study  # as it is kept, its numbers lie in a file
    stored.give_back()
    return study


def check_client(client: str | Path) -> tuple[Fault, ...]:
    """Everything that is wrong or odd in a client folder, errors before warnings."""
    findings = Findings()
    _opened(client_folder(client, findings), findings)
    return (*findings.errors, *findings.warnings)


def client_folder(client: str | Path, findings: Findings) -> Path | None:
    """The folder of a client, or ``None`` with the fault added."""
    data = (project_folder() or Path.cwd()) / "data"
    folder = client_path(client, data)
    name = folder.name if str(client) else ""
    if problem := name_problem(name):
        shown = printable(name)
        why = f"is not a name for a client: it {problem}"
        findings.error(shown or "the client", why, ADVICE, found=shown)
        return None
    if not folder.exists():
        folder = Path(client)  # not under data/: perhaps a folder that lies here
    if folder.is_dir():
        return folder.parent.resolve() / folder.name
    there = sorted(path.parent.name for path in data.glob("*/client.yml"))
    there = [name for name in there if not name_problem(name)]
    advice = advice_for(folder.name, there) if there else "Give the folder that holds client.yml."
    findings.error(folder.name, "is not a client folder", advice)
    return None


@dataclass
class _Intake:
    folder: Path
    config: Config
    codebook: Codebook
    raw: dict[str, RawTable]
    typed: dict[str, Typed]


def _opened(folder: Path | None, findings: Findings) -> Study | None:
    if folder is None:
        return None
    try:
        return _read(folder, findings)
    finally:
        confined.close()  # the process that read the files holds memory until it ends


def _read(folder: Path, findings: Findings) -> Study | None:
    config = read_config(folder, findings)
    if config is None:
        return None
    check_stray_files(folder, config, findings)
    check_logo(folder, config, findings)
    check_letters(folder, findings)
    codebook = _codebook(folder, config, findings)
    intake = _Intake(folder, config, codebook, {}, {})
    unreadable: set[str] = set()
    for name in TABLES:
        before = len(findings.errors)
        if not _take_in(name, intake, findings) and len(findings.errors) > before:
            unreadable.add(name)
    if "responses" not in intake.typed:
        if "responses" not in unreadable:
            advice = "Send responses.csv, or name its file under `tables:` in client.yml."
            if "accounts" in intake.typed:
                advice += (
                    " Without a survey, write responses.sql, one row an account: see `Accounts "
                    "without any survey` in book/client_folder.md."
                )
            findings.error("responses", "is missing", advice)
        return None
    return _assembled(intake, unreadable, findings)


def _take_in(name: str, intake: _Intake, findings: Findings) -> bool:
    """Read a table into the intake; whether there is one that can be read."""
    found = Findings()
    need = partial(_wanted, intake)
    raw, typed = _typed(name, intake.folder, intake.config, intake.codebook, need, found)
    again = partial(_again, name, intake.folder, intake.codebook, need)
    if raw is not None and raw.partial:  # what is wrong with a large table is told of these rows
        if typed is not None:
            checks.check_order(typed, intake.config, found)
        findings.faults += found.faults
        return False
    if any(advised.LINE.search(fault.advice) for fault in found.faults):
        now = _attempt(raw, typed, intake.codebook, found)
        found.faults[:] = advised.tried(found.faults, name, intake.config, now, again)
    if found.errors and typed is not None and (rows := _rows_of_totals(typed, intake.config)):
        found.faults[:] = advised.left_out(found.faults, name, intake.config, rows, again)
    findings.faults += found.faults
    findings.notes += found.notes
    if raw is None or typed is None:
        return False
    intake.raw[name], intake.typed[name] = raw, typed
    return True


def _rows_of_totals(typed: Typed, config: Config) -> set[tuple[str, int]]:
    """Where rows stand that seem to be totals, if nothing is declared of them."""
    if config.format(typed.table.name).totals is not None:
        return set()
    return {typed.raw.where(int(place)) for place in np.flatnonzero(total_rows(typed))}


def _wanted(intake: _Intake) -> Wanted:
    """What a large table is asked for: by the survey's tables, which are read before it."""
    return wanted({name: typed.frame for name, typed in intake.typed.items()}, intake.config)


def _typed(
    name: str,
    folder: Path,
    config: Config,
    codebook: Codebook,
    need: Callable[[], Wanted],
    findings: Findings,
) -> tuple[RawTable | None, Typed | None]:
    asked = {q.variable for q in codebook.questions} if name == "responses" else set()
    raw = _raw(name, folder, config, findings, {*asked, *config.segments}, need)
    if raw is None:
        return None, None
    return raw, take_in_records(raw, TABLES[name], codebook, config, findings)


def _again(
    name: str, folder: Path, codebook: Codebook, need: Callable[[], Wanted], config: Config
) -> Attempt:
    found = Findings()
    return _attempt(*_typed(name, folder, config, codebook, need, found), codebook, found)


def _attempt(
    raw: RawTable | None, typed: Typed | None, codebook: Codebook, found: Findings
) -> Attempt:
    if raw is None or typed is None:
        return Attempt(tuple(found.faults), None)
    places = pd.MultiIndex.from_arrays([typed.raw.file_of, typed.raw.record])
    strange = unknown_columns([str(name) for name in typed.frame], typed.table, codebook)
    known = len(typed.frame.columns) - len(strange)
    return Attempt(tuple(found.faults), typed.frame, places, known)


def _raw(
    name: str,
    folder: Path,
    config: Config,
    findings: Findings,
    spoken: Set[str] = frozenset(),
    need: Callable[[], Wanted] | None = None,
) -> RawTable | None:
    sources = find_sources(name, folder, config, findings)
    if not sources:
        return None
    if need is not None and reading.stays(sources, name):
        return reading.read_in_place(sources, name, folder, config, need, findings)
    if any(source.address is not None for source in sources):
        advice = "Put it into the client folder."
        column = f"tables.{name}"
        findings.error("client.yml", "cannot lie in a database", advice, column=column)
        return None
    return read_sources(sources, name, folder, config.format(name), findings, spoken)


def _codebook(folder: Path, config: Config, findings: Findings) -> Codebook:
    found = Findings()
    raw = _raw("codebook", folder, config, found)
    if any(advised.LINE.search(fault.advice) for fault in found.faults):
        now = _described(raw, found)
        found.faults[:] = advised.tried(
            found.faults, "codebook", config, now, partial(_described_again, folder)
        )
    findings.faults += found.faults
    findings.notes += found.notes
    if raw is None:
        if not found.errors:
            advice = "List the questions in it: see data/README.md."
            findings.error("codebook.csv", "is not in the folder", advice)
        return Codebook(())
    return read_codebook(raw.frame, raw.file, findings, raw.record)


def _described_again(folder: Path, config: Config) -> Attempt:
    found = Findings()
    return _described(_raw("codebook", folder, config, found), found)


def _described(raw: RawTable | None, found: Findings) -> Attempt:
    if raw is None:
        return Attempt(tuple(found.faults), None)
    known = len({"variable", "role", "text", "label"} & set(map(str, raw.frame)))
    return Attempt(tuple(found.faults), raw.frame, known=known)


def _assembled(intake: _Intake, unreadable: set[str], findings: Findings) -> Study:
    config, codebook, typed = intake.config, intake.codebook, intake.typed
    sent = typed.get("benchmarks")
    table_checks.check_tables(typed, codebook, config, findings)
    one = turning.one_way(
        typed["responses"].frame, None if sent is None else sent.frame, codebook, config, findings
    )
    typed["responses"] = replace(typed["responses"], frame=one.answers)
    metrics = tuple(q.variable for q in codebook.of("metric"))
    joined = joining.join_responses(typed, config, findings, metrics)
    heard = asking.who_was_asked(joined, one.as_given, codebook, findings)
    filtering.warn_of_filters(heard, typed["responses"], codebook, findings)
    joined = heard.answers
    later = _unchecked(joined, unreadable, config, codebook, findings)
    told = [name for name in config.segments if name not in later]
    declared = config.model_copy(update={"segments": tuple(told)})
    segments = joining.segments(joined, typed, codebook, declared, findings)
    question_checks.check_questions(typed, [*joined.columns, *later], codebook, findings)
    question_checks.check_declared(typed["responses"], joined, segments, codebook, config, findings)
    if not unreadable & {"accounts", "contacts"}:
        survey_checks.check_population(typed, joined, config, findings)
    plan_checks.check_plan(typed, joined, one.codebook, config, findings)
    dates = joining.wave_dates(typed["responses"].frame, config)
    checks.check_outcomes(typed.get("outcomes"), dates, findings)
    question_checks.check_later_answers(typed["responses"], dates, config, findings)
    tables = {name: table.frame for name, table in typed.items()}
    return Study(
        folder=intake.folder,
        config=one.config,
        codebook=one.codebook,
        tables=tables if one.benchmarks is None else {**tables, "benchmarks": one.benchmarks},
        waves=tuple(dates),
        wave_dates=dates,
        counts=_counts(intake),
        notes=tuple(findings.notes),
        warnings=findings.warnings,
        segments=segments,
        joined=joined,
        unturned=one.as_given,
        asking=heard.asked,
    )


def _unchecked(
    joined: pd.DataFrame,
    unreadable: set[str],
    config: Config,
    codebook: Codebook,
    findings: Findings,
) -> list[str]:
    """Names that a table which cannot be read may hold: told once, and no fault of their own."""
    lists = sorted(unreadable & {"accounts", "contacts"})
    asked = [*config.segments, *(q.variable for q in codebook.of("segment"))] if lists else []
    spoken = [q.variable for q in codebook.of("comment")] if "comments" in unreadable else []
    names = [name for name in dict.fromkeys([*asked, *spoken]) if name not in joined]
    if names:
        holders = " and ".join([*lists, *(["comments"] if spoken else [])])
        problem = f"could not be looked for until {holders} can be read"
        shown = listed(names, SHOWN)
        findings.warn("client.yml", problem, "Mend that first.", column="segments", found=shown)
    return names


def _counts(intake: _Intake) -> pd.DataFrame:
    rows = [
        {
            "table": name,
            "file": ", ".join(raw.files),
            "rows_in": raw.rows_in,
            "rows_out": len(intake.typed[name].frame),
            "columns": len(intake.typed[name].frame.columns),
            "sha256": " ".join(raw.hashes),
        }
        for name, raw in intake.raw.items()
    ]
    return pd.DataFrame(rows)

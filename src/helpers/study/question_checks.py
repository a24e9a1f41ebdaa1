"""Faults between the codebook, the answers, the waves and what is declared about scores."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from helpers.study.codebook import Codebook, Question
from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.listing import listed
from helpers.study.nearest import nearest
from helpers.study.readers.qualtrics import METADATA
from helpers.study.values import as_text
from helpers.study.wave_names import period_end, wave_meant

__all__ = [
    "check_declared",
    "check_declared_ends",
    "check_later_answers",
    "check_questions",
    "check_segments",
    "check_targets",
]

SHOWN = 10  # names that a message lists
MOST_GROUPS = 12  # more are hard to read, and each holds few
EARLY_DAYS = 400  # before the end of the period that a wave is named after: no day of that wave
LATE_DAYS = 120  # after the declared day of a wave, answers are likely those of another
ENDS = {"nps": (-100.0, 100.0), "satisfaction_top": (0.0, 1.0), "loyalty_index": (0.0, 100.0),
        "attitude": (0.0, 100.0), "behaviour": (0.0, 100.0)}  # fmt: skip
POINTS = 100.0  # the upper end of scores that are told in points
OF_ROLE = {"recommend_mean": "recommend", "satisfaction_mean": "satisfaction",
           "effort_mean": "effort"}  # fmt: skip


def check_questions(
    tables: Mapping[str, Typed],
    joined: Iterable[str],
    codebook: Codebook,
    findings: Findings,
    file: str = "codebook.csv",
) -> None:
    """Questions of the codebook that no response holds, each with what is probably meant.

    ``joined`` are the columns of the responses with those of their accounts and contacts. A
    comment may stand in the table of comments instead; what is marked ``optional`` may be absent.
    """
    responses = tables["responses"]
    there = {str(name) for name in joined} | _commented(tables)
    described = {q.variable for q in codebook.questions}
    free = [
        str(name)
        for name in responses.frame.columns
        if name not in described and responses.table.column(name) is None and name not in METADATA
    ]
    for question in codebook.of("recommend"):
        known = question.low is not None and question.high is not None
        if question.variable in there and known and (question.low, question.high) != (0, 10):
            ends = f"{question.low:g} to {question.high:g}"
            what = (
                f"{question.variable}: asked from {ends} and not from 0 to 10, so no net promoter "
                "score is made, its mean is shown"
            )
            findings.note("codebook", what, 1)
    absent = [q for q in codebook.questions if q.variable not in there]
    optional = [q.variable for q in absent if q.optional]
    what = f"optional questions that no response holds: {_listed(optional)}"
    findings.note("codebook", what, len(optional))
    for question in absent:
        if not question.optional:
            problem = f"is not a column of {responses.raw.file}"
            advice = _absent_advice(question, free, tables)
            findings.error(
                file, problem, advice, row=question.row, column="variable", found=question.variable
            )


def _commented(tables: Mapping[str, Typed]) -> set[str]:
    comments = tables.get("comments")
    if comments is None or "question" not in comments.frame:
        return set()
    return {str(name) for name in comments.frame["question"].dropna().unique()}


def _absent_advice(question: Question, free: list[str], tables: Mapping[str, Typed]) -> str:
    meant = nearest(question.variable, free)
    if meant:
        return (
            f"Did you mean {meant!r}? If the question was not asked, take its line out, or write "
            "yes under optional."
        )
    holder = next(
        (
            n
            for n in ("accounts", "contacts")
            if n in tables and question.variable in tables[n].frame
        ),
        None,
    )
    if question.role == "segment" and holder:
        return f"It is a column of {holder}: name it under `segments:` in client.yml instead."
    found = f"Columns that are nothing else: {_listed(free)}. " if free else ""
    return (
        f"{found}Correct the name; if the question was not asked, take its line out, or write yes "
        "under optional."
    )


def _listed(names: Collection[str]) -> str:
    return listed(names, SHOWN)


def check_segments(
    joined: pd.DataFrame, names: Iterable[str], config: Config, findings: Findings
) -> None:
    """Segments with as many groups as an age has, or a group a respondent."""
    here = joined[joined["wave"] == config.wave] if "wave" in joined else joined
    for name in names:
        groups = here[name].dropna()
        if (count := int(groups.nunique())) <= MOST_GROUPS:
            continue
        problem = f"has {count:,} groups among {len(groups):,} answers of wave {config.wave}"
        first = ", ".join(str(value) for value in sorted(groups.astype(str).unique())[:2])
        advice = (
            "Few answers are left for each. Join them into bands by "
            f"`collapse: {{{name}: {{… : [{first}, …]}}}}` in client.yml, or leave it out."
        )
        declared = name in config.segments
        findings.warn(
            "client.yml" if declared else "codebook.csv", problem, advice,
            column="segments" if declared else "variable", found=name,
        )  # fmt: skip


def check_later_answers(
    responses: Typed, dates: Mapping[str, pd.Timestamp], config: Config, findings: Findings
) -> None:
    """Answers that are newer than the wave to be reported: of a later wave, or of a later day."""
    frame, file = responses.frame, responses.raw.file
    if config.wave not in dates:
        return
    for wave in (name for name in dates if _is_later(name, config.wave, dates)):
        if wave_meant(wave) == wave_meant(config.wave):
            continue  # the same wave in another spelling, which was told
        count = int((frame["wave"] == wave).sum())
        problem = f"has {count:,} answers of {wave}, which is later than wave {config.wave}"
        advice = f"They are no part of this report; to report them, write `wave: {wave}`."
        findings.warn(file, problem, advice, column="wave", found=wave)
    if "completed_at" not in frame:
        return
    if "wave" not in responses.raw.frame:
        _check_days(responses, config, findings)
    _check_far_days(responses, config, findings)


def _is_later(name: str, wave: str, dates: Mapping[str, pd.Timestamp]) -> bool:
    if pd.notna(dates[name]) and pd.notna(dates[wave]):
        return bool(dates[name] > dates[wave])
    return _by_number(name) > _by_number(wave)


def _by_number(name: str) -> list[tuple[int, str]]:
    """A name as it is counted: W10 after W9."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name)]


def _check_days(responses: Typed, config: Config, findings: Findings) -> None:
    """Responses that do not say their wave, of a day after the one wave that is declared."""
    end = _last_day(config)
    if end is None:
        return
    days = responses.frame["completed_at"]
    after = (days >= end + pd.Timedelta(days=1)).to_numpy()
    if not after.any():
        return
    first = int(after.argmax())
    problem = (
        f"is after {end:%Y-%m-%d}, the end of wave {config.wave}, in {int(after.sum()):,} of "
        f"{len(after):,} rows"
    )
    advice = (
        f"There is no column wave, so they count as {config.wave}. If they are of another wave, "
        "say so in a column wave."
    )
    file, row = responses.raw.where(first)
    found = f"{days.iloc[first]:%Y-%m-%d}"
    findings.warn(file, problem, advice, row=row, column="completed_at", found=found)


def _check_far_days(responses: Typed, config: Config, findings: Findings) -> None:
    """Days long before or after the period of their wave, as 1980-01-01 where none is recorded."""
    end = period_end(config.wave)
    if end is None:
        return
    frame = responses.frame
    days, here = frame["completed_at"], frame["wave"] == config.wave
    far = {"before": days < end - pd.Timedelta(days=EARLY_DAYS)}
    if "wave" in responses.raw.frame:
        told = pd.Timestamp(config.waves.get(config.wave, end))
        far["after"] = days > max(end, told) + pd.Timedelta(days=LATE_DAYS)
    for side, rows in far.items():
        away = (rows & here).to_numpy()
        if not away.any():
            continue
        first = int(away.argmax())
        file, row = responses.raw.where(first)
        problem = f"is long {side} wave {config.wave}, in {int(away.sum()):,} of its answers"
        advice = (
            "The wave is dated by these days: mend them, or say when it was, as "
            f"`waves: {{{config.wave}: {end if side == 'before' else days[away].max():%Y-%m-%d}}}` "
            "in client.yml."
        )
        if config.wave in config.waves:
            advice = "Mend them, if they are no days on which anybody answered."
        if side == "after":
            advice = f"If they are of a later wave, name it in the column wave. {advice}"
        found = f"{days.iloc[first]:%Y-%m-%d}"
        findings.warn(file, problem, advice, row=row, column="completed_at", found=found)


def _last_day(config: Config) -> pd.Timestamp | None:
    """The last day of a wave that is named after its period, else well after its declared day."""
    found = period_end(config.wave)
    declared = config.waves.get(config.wave)
    if found is None and declared is not None:
        return pd.Timestamp(declared) + pd.Timedelta(days=LATE_DAYS)
    return found


def check_declared(
    responses: Typed,
    joined: pd.DataFrame,
    segments: Iterable[str],
    codebook: Codebook,
    config: Config,
    findings: Findings,
) -> None:
    """Segments, targets and codes of missing answers, as declared: do they fit what was sent?"""
    check_segments(joined, segments, config, findings)
    check_targets(codebook, config, findings)
    check_declared_ends(responses, codebook, findings)


def check_targets(codebook: Codebook, config: Config, findings: Findings) -> None:
    """Targets of scores that lie outside the scale of their score, as it was asked."""
    for name, target in config.targets.scores.items():
        ends = ENDS.get(name) or _scale_of(OF_ROLE.get(name, ""), codebook)
        if ends is not None and ends[1] == POINTS and 0 < abs(target) < 1:
            problem = f"is read as {target:g} of {POINTS:g} points"
            advice = f"If a share is meant, write {100 * target:g}; if not, a whole number."
            findings.error(
                "client.yml", problem, advice, column=f"targets.scores.{name}", found=f"{target:g}"
            )
            continue
        if ends is None or ends[0] <= target <= ends[1]:
            continue
        problem = f"lies outside the scale of this score, {ends[0]:g} to {ends[1]:g}"
        advice = "Write a target in the unit of its score, a share of 60 % as 0.6."
        findings.error(
            "client.yml", problem, advice, column=f"targets.scores.{name}", found=f"{target:g}"
        )


def check_declared_ends(
    responses: Typed, codebook: Codebook, findings: Findings, file: str = "codebook.csv"
) -> None:
    """A code declared as missing that is an end of its own scale: is it the best mark?"""
    for question in codebook.questions:
        if question.low is None or question.high is None:
            continue
        if not question.scaled or question.variable not in responses.raw.frame:
            continue
        ends = {f"{question.low:g}", f"{question.high:g}"}
        for code in ends & set(question.missing_codes):
            cells = as_text(responses.raw.frame[question.variable]).str.strip()
            count = int(cells.isin([code, f"{code}.0"]).sum())
            if not count:
                continue
            problem = (
                f"is an end of the scale, {question.low:g} to {question.high:g}, of "
                f"{question.variable}: {count:,} answers are left out"
            )
            advice = (
                "If it is a mark, take it out of missing_codes; if it is none, end the scale at "
                "the last mark."
            )
            findings.warn(
                file, problem, advice, row=question.row, column="missing_codes", found=code
            )


def _scale_of(role: str, codebook: Codebook) -> tuple[float, float] | None:
    asked = next((q for q in codebook.of(role) if q.scaled), None)
    if asked is None or asked.low is None or asked.high is None:
        return None
    return asked.low, asked.high

"""Faults of the survey itself: waves, questions, reversed scales, the population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpers.study import margins
from helpers.study.codebook import Codebook
from helpers.study.config import Config
from helpers.study.directions import ENOUGH, check_directions
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.naming import declaration
from helpers.study.nearest import nearest
from helpers.study.sameness import folded, written
from helpers.study.shorter_scales import check_shorter_scales
from helpers.study.values import as_text
from helpers.study.wave_names import wave_meant

__all__ = ["check_answers", "check_population", "check_waves"]

SHOWN = 5  # values that a message names
WHOLES = (1, 100)  # what shares and per cents sum to
TOLERANCE = 0.005  # margins may differ by half a per cent: rounding of published counts


def check_answers(responses: Typed, codebook: Codebook, findings: Findings) -> None:
    """Questions nobody answered, that never vary, or that run against the others."""
    for question in codebook.questions:
        if question.variable not in responses.frame:
            continue
        answers = responses.frame[question.variable].dropna()
        name = question.variable
        if answers.empty:
            _warn_of_none(responses, name, findings)
        elif question.scaled and len(answers) >= ENOUGH and answers.eq(answers.iloc[0]).all():
            problem = f"is {answers.iloc[0]:g} in all {len(answers):,} answers"
            advice = "Nothing can be estimated from it."
            findings.warn(responses.raw.file, problem, advice, column=name)
    check_directions(responses, codebook, findings)
    check_shorter_scales(responses, codebook, findings)
    _check_nobody(responses, codebook, findings)


def _check_nobody(responses: Typed, codebook: Codebook, findings: Findings) -> None:
    """Rows that hold neither an id nor an answer, as a sheet leaves them where others were."""
    asked = {q.variable for q in codebook.questions}
    sent = responses.raw.frame
    names = [n for n in sent if n in asked or str(n).endswith("_id")]
    answered = [n for n in names if n in asked]
    ids = [n for n in names if n not in answered]
    if not answered:
        return
    empty = sent[ids].isna().all(axis=1).to_numpy() & np.array(bool(ids))
    empty = empty & responses.frame[answered].isna().all(axis=1).to_numpy()
    if empty.any():
        file, row = responses.raw.where(int(np.flatnonzero(empty)[0]))
        problem = f"holds neither an id nor an answer; {int(empty.sum()):,} such rows in all"
        advice = "Each counts as a respondent: take them out if nobody stands behind them."
        findings.warn(file, problem, advice, row=row)


def _warn_of_none(responses: Typed, name: str, findings: Findings) -> None:
    """No answers at all: nobody gave any, or none of what is there counts as one."""
    file, cells = responses.raw.file, responses.raw.frame.get(name, pd.Series(dtype=object))
    cells = as_text(cells.dropna()).str.strip()
    cells = cells[cells.ne("")]
    if cells.empty:
        findings.warn(file, "has no answers at all", "It is left out.", column=name)
    elif not any(fault.column == name for fault in findings.errors):  # told already, with advice
        found = ", ".join(cells.value_counts().index[:SHOWN])
        problem = f"has no answers but those declared as missing: {found}"
        advice = "It is left out; check missing_codes in codebook.csv, and `missing` in client.yml."
        findings.warn(file, problem, advice, column=name)


def check_waves(responses: Typed, config: Config, findings: Findings) -> None:
    """The waves that ``client.yml`` names must be among the responses."""
    if not config.wave or "wave" not in responses.frame:
        return
    there = sorted(responses.frame["wave"].dropna().unique())
    advice = f"They have: {', '.join(there)}."
    for key in ("wave", "previous_wave"):
        wave = getattr(config, key)
        if wave is not None and wave not in there:
            problem = f"has no responses in {responses.raw.file}"
            same = [name for name in there if wave_meant(name) == wave_meant(wave)]
            line = f"`collapse: {{wave: {{{written(wave)}: [{', '.join(map(written, same))}]}}}}`"
            also = f" If {same[0]} is it, declare {line} in client.yml." if same else ""
            findings.error("client.yml", problem, advice + also, column=key, found=wave)
    for wave in config.waves:
        if wave not in there:
            problem = f"has no responses in {responses.raw.file}"
            column = f"waves.{wave}"
            findings.warn("client.yml", problem, advice, column=column, found=wave)


def check_population(
    tables: Mapping[str, Typed], joined: pd.DataFrame, config: Config, findings: Findings
) -> None:
    """Margins that do not agree on the total, and categories absent on one side."""
    typed = tables.get("population")
    if typed is None or "size" not in typed.frame:
        return
    file, frame = typed.raw.file, typed.frame
    lost = any(tables[name].raw.lost for name in ("responses", "accounts") if name in tables)
    _check_grouping(typed, joined, findings)
    waves = [config.wave] if "wave" not in frame else sorted(frame["wave"].dropna().unique())
    for wave in waves:
        rows = margins.of_wave(frame, wave)
        names = [n for n in margins.grouping_columns(frame) if rows[n].notna().any()]
        sizes = {name: margins.one_margin(rows, name) for name in names}
        if _sums_agree(sizes, file, wave, findings):
            here = joined[joined["wave"] == wave] if "wave" in joined else joined
            _check_categories(sizes, here, file, wave, config, findings, lost=lost)
            _check_sizes(sizes, here, file, wave, findings)


def _check_sizes(
    sizes: Mapping[str, pd.Series], here: pd.DataFrame, file: str, wave: str, findings: Findings
) -> None:
    """Shares in the place of numbers of people, and fewer people than answered."""
    for name, margin in sizes.items():
        if name not in here:
            continue
        heard = here[name].dropna().astype(str).value_counts()
        people = margin.set_axis(margin.index.astype(str)).reindex(heard.index)
        short = people[(people > 0) & (people < heard)]
        total = float(margin.sum())
        whole = next((whole for whole in WHOLES if abs(total - whole) <= whole / 100), None)
        if short.empty:
            continue
        if whole is not None and len(margin) > 1:
            problem = f"sums to {total:g} over {name} in wave {wave}, as shares do"
            advice = "Send how many people each category has, not its share."
            findings.error(file, problem, advice, column="size")
            continue
        first, number = str(short.index[0]), int(heard[short.index[0]])
        problem = (
            f"is {short.iloc[0]:g} for {first} ({name}), of whom {number:,} answered in {wave}"
        )
        advice = "Send how many people each category has: all of them, not those who were asked."
        findings.warn(file, problem, advice, column="size")


def _check_grouping(typed: Typed, joined: pd.DataFrame, findings: Findings) -> None:
    """Columns that are meant to divide the population, and divide no responses."""
    known = [str(name) for name in joined.columns if not str(name).endswith("_id")]
    sent = margins.grouping_columns(typed.frame)
    idle = not set(sent) & set(known)
    for name in sent:
        if name in known:
            continue
        problem = "is not a column of responses, accounts or contacts"
        meant = nearest(name, [other for other in known if other not in typed.frame])
        if meant:
            line = declaration("population", meant, name)
            advice = f"Did you mean {meant}? Rename it, or declare {line}."
            findings.error(typed.raw.file, problem, advice, column=name)
        elif idle:
            advice = "Send sizes by a column that they have, under its name there."
            problem += ", nor is any other of this table: nothing is weighted by it"
            findings.warn(typed.raw.file, problem, advice, column=name)
        else:
            findings.note("population", f"{name} {problem}: nothing is weighted by it", 1)


def _sums_agree(sizes: Mapping[str, pd.Series], file: str, wave: str, findings: Findings) -> bool:
    sums = {name: float(margin.sum()) for name, margin in sizes.items()}
    if not sums or max(sums.values()) - min(sums.values()) <= TOLERANCE * max(sums.values()):
        return True
    told = ", ".join(f"{name} {total:,.0f}" for name, total in sums.items())
    problem = f"has margins that do not sum to the same population in wave {wave}: {told}"
    findings.error(file, problem, "Send margins of one population.", column="size")
    return False


def _check_categories(
    sizes: Mapping[str, pd.Series],
    here: pd.DataFrame,
    file: str,
    wave: str,
    config: Config,
    findings: Findings,
    *,
    lost: bool,
) -> None:
    """``lost``: records could not be read, so that a category may only seem silent."""
    for name, margin in sizes.items():
        if name not in here or here.empty:
            continue
        there = set(here[name].dropna().astype(str))
        listed = set(margin[margin > 0].index.astype(str))
        answered, silent = sorted(there - listed), sorted(listed - there)
        if answered:
            problem = f"has no size for {', '.join(answered)}, which responses of {wave} have"
            advice = _joining_advice(name, answered, silent or sorted(listed), config)
            findings.error(file, problem, advice, column=name)
        elif silent and not lost:
            problem = f"has sizes for {', '.join(silent)}, of which wave {wave} has no response"
            findings.error(file, problem, _joining_advice(name, silent, (), config), column=name)


def _joining_advice(column: str, odd: Sequence[str], others: Sequence[str], config: Config) -> str:
    """Names that are spelled in two ways are joined in a line to copy; others are to be chosen."""
    alike = {folded(other): other for other in others}
    meant = {name: alike.get(folded(name)) or nearest(name, others, likeness=0.75) for name in odd}
    told = {new: list(olds) for new, olds in config.collapse.get(column, {}).items()}
    if not all(meant.values()):
        return f"Use the same names, or join categories: `collapse: {{{column}: …}}` in client.yml."
    for name, other in meant.items():
        told[str(other)] = [*told.get(str(other), []), name]
    pairs = ", ".join(f"{written(n)}: [{', '.join(map(written, o))}]" for n, o in told.items())
    line = f"`collapse: {{{column}: {{{pairs}}}}}` in client.yml"
    return f"Did you mean {next(iter(meant.values()))}? Use the same names, or declare {line}."

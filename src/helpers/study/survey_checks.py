"""Faults of the survey itself: waves, questions, reversed scales, the population."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.study import margins
from helpers.study.codebook import SCALED, Codebook
from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.scores import ratings
from helpers.study.turning import turned_answers

__all__ = ["check_answers", "check_population", "check_waves"]

ENOUGH = 30  # answers, before a pattern in them is called odd
SAMPLED = 20_000  # responses looked at for this, evenly spread over the file
REVERSED = -0.2  # a correlation with the other items below this is suspicious
TOLERANCE = 0.005  # margins may differ by half a per cent: rounding of published counts


def check_answers(responses: Typed, codebook: Codebook, findings: Findings) -> None:
    """Questions nobody answered, that never vary, or that run against the others."""
    for question in codebook.questions:
        if question.variable not in responses.frame:
            continue
        answers = responses.frame[question.variable].dropna()
        name = question.variable
        if answers.empty:
            advice = "It is left out."
            findings.warn(responses.raw.file, "has no answers at all", advice, column=name)
        elif question.scaled and len(answers) >= ENOUGH and answers.eq(answers.iloc[0]).all():
            problem = f"is {answers.iloc[0]:g} in all {len(answers):,} answers"
            advice = "Nothing can be estimated from it."
            findings.warn(responses.raw.file, problem, advice, column=name)
    _check_reversed(responses, codebook, findings)


def _check_reversed(responses: Typed, codebook: Codebook, findings: Findings) -> None:
    step = max(1, len(responses.frame) // SAMPLED)
    looked_at = turned_answers(responses.frame.iloc[::step], codebook)
    parts = [ratings(looked_at, codebook, role) for role in SCALED if role != "effort"]
    answers = pd.concat(parts, axis=1)
    if len(answers.columns) < 3 or len(answers) < ENOUGH:
        return
    spread = answers.std()
    standard = (answers - answers.mean()) / spread.where(spread > 0)
    total, count = standard.sum(axis=1), standard.notna().sum(axis=1)
    for name in standard.columns:
        others = (total - standard[name].fillna(0)) / (count - standard[name].notna()).replace(
            0, np.nan
        )
        both = standard[name].notna() & others.notna()
        if both.sum() < ENOUGH:
            continue
        likeness = float(standard.loc[both, name].corr(others[both]))
        if likeness < REVERSED:
            problem = f"runs against the other questions (correlation {likeness:.2f})"
            advice = "If its scale is reversed, write yes under reverse in codebook.csv."
            findings.warn(responses.raw.file, problem, advice, column=str(name))


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
            findings.error("client.yml", problem, advice, column=key, found=wave)
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
    waves = [config.wave] if "wave" not in frame else sorted(frame["wave"].dropna().unique())
    for wave in waves:
        rows = margins.of_wave(frame, wave)
        names = [n for n in margins.grouping_columns(frame) if rows[n].notna().any()]
        sizes = {name: margins.one_margin(rows, name) for name in names}
        if _sums_agree(sizes, file, wave, findings):
            here = joined[joined["wave"] == wave] if "wave" in joined else joined
            _check_categories(sizes, here, file, wave, findings, lost=lost)


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
            findings.error(file, problem, _collapse_advice(name, answered[0]), column=name)
        elif silent and not lost:
            problem = f"has sizes for {', '.join(silent)}, of which wave {wave} has no response"
            findings.error(file, problem, _collapse_advice(name, silent[0]), column=name)


def _collapse_advice(column: str, category: str) -> str:
    joined = f"collapse: {{{column}: {{joined: [{category}, …]}}}}"
    return f"Use the same names, or join categories: `{joined}` in client.yml."

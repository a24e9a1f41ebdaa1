"""Files and waves in which a question seems to have had a shorter scale than in the others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.study.codebook import Codebook, Question
from helpers.study.findings import Findings
from helpers.study.intake import Typed

__all__ = ["check_shorter_scales"]

ENOUGH = 30  # answers of a file or a wave, before their highest one says anything
OFTEN = 0.3  # of the other answers lie above it: then chance leaves none in 30 once in 40,000
LONG = 9  # from 0 or 1 up to 10
HALF = 0.55  # of a scale: up to 5 of 0 to 10, or 3 of 1 to 5


def check_shorter_scales(responses: Typed, codebook: Codebook, findings: Findings) -> None:
    """Warn where answers of one file or wave keep to the lower half that others often exceed."""
    raw, frame = responses.raw, responses.frame
    if raw.partial:
        return
    groups = [pd.Series(np.array(raw.files, dtype=object)[raw.file_of], index=frame.index)]
    groups += [frame["wave"]] if "wave" in frame else []
    groups = [one for one in groups if len(one.dropna().unique()) > 1]
    for question in codebook.of("recommend"):
        if question.scaled and question.variable in frame:
            _warn_of_groups(raw.file, question, frame[question.variable], findings)
    for question in codebook.questions:
        if not question.scaled or question.variable not in frame or question.low is None:
            continue
        found = (_shortest(frame[question.variable], one, question) for one in groups)
        told = next((one for one in found if one is not None), None)
        if told is not None:
            _warn(raw.file, question, *told, findings)


def _warn_of_groups(file: str, question: Question, answers: pd.Series, findings: Findings) -> None:
    """Answers to the recommend question that all keep to its lowest marks."""
    low, high = question.low or 0.0, question.high or 0.0
    there = answers.dropna()
    if len(there) < ENOUGH or high - low < LONG or there.max() > low + HALF * (high - low):
        return
    found = sorted(float(mark) for mark in there.unique())
    marks = ", ".join(f"{mark:g}" for mark in found)
    problem = (
        f"has no mark above {found[-1]:g} in {len(there):,} answers, of a scale up to {high:g}"
    )
    advice = (
        f"If {marks} are groups, such as detractors, passives and promoters, or a shorter scale, "
        "send the marks themselves."
    )
    findings.warn(file, problem, advice, column=question.variable)


def _warn(file: str, question: Question, where: str, highest: float, findings: Findings) -> None:
    problem = f"has no answer above {highest:g} in {where}, as {OFTEN:.0%} or more elsewhere are"
    advice = (
        "If it was asked there on a shorter scale, bring its answers to "
        f"{question.low:g} to {question.high:g} in a query."
    )
    findings.warn(file, problem, advice, column=question.variable)


def _shortest(
    answers: pd.Series, groups: pd.Series, question: Question
) -> tuple[str, float] | None:
    """The first group that keeps to the lower half of the scale, with its highest answer."""
    if question.low is None or question.high is None or answers.count() < 2 * ENOUGH:
        return None
    middle = question.low + HALF * (question.high - question.low)
    by_group = answers.groupby(groups, sort=True)
    highest, enough = by_group.max(), by_group.count() >= ENOUGH
    for where, most in highest[enough & (highest <= middle)].items():
        others = answers[groups.ne(str(where)) & answers.notna() & groups.notna()]
        if len(others) >= ENOUGH and (others > most).mean() >= OFTEN:
            return str(where), float(most)
    return None

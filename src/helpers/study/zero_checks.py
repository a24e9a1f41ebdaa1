"""Zeros in the place of blanks: answers of 0 that nobody gave, as some exports write them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.study.codebook import Codebook, Question
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.listing import listed
from helpers.study.trials import as_line
from helpers.study.values import as_text

__all__ = ["check_zeros"]

SHOWN = 5
STEPS = 4  # of a scale that begins at 0: fewer are a yes or no, or a frequency
FEWEST = 5  # zeros of a question, before they are held against its other marks
FEWEST_OF = 0.01  # and of its answers
TIMES = 3.0  # as many as there are ones and twos, of people who are content elsewhere
ALONE = 10.0  # the same where no other question tells how its respondents feel
CONTENT = 0.5  # of the scale: who answers above it elsewhere gave no 0 here
MOSTLY = 0.5  # of the zeros
FEWEST_ROWS = 3  # with 0 throughout
FEWEST_ASKED = 3  # questions that they answer
LOWEST = 2.0
BLANK = 0.05  # of the rows of one wave without an answer, before the other's zeros are asked about


def check_zeros(responses: Typed, codebook: Codebook, findings: Findings) -> None:
    """Warn of rows that are 0 throughout, and of questions whose zeros do not fit the others."""
    asked = [q for q in codebook.questions if _from_nought(q) and q.variable in responses.frame]
    asked = [q for q in asked if "0" not in q.missing_codes]
    if not asked or not len(responses.frame):
        return
    names = [q.variable for q in asked]
    answers = responses.frame[names].astype(float)
    nothing = _throughout(answers)
    if nothing.any():
        _warn_of_rows(responses, nothing, names, findings)
        answers = answers[~nothing]
    often = [q for q in asked if _often(answers[q.variable])]
    shares = _shares(responses.frame.loc[answers.index], codebook) if often else pd.DataFrame()
    told = [q for q in often if _too_many(answers[q.variable], shares.drop(columns=q.variable))]
    for question in told:
        _warn_of_question(responses, question, answers[question.variable], findings)
    for question in asked:
        if question not in told:
            _check_waves(responses, question, answers[question.variable], findings)


def _from_nought(question: Question) -> bool:
    ends = question.low is not None and question.high is not None
    return question.scaled and ends and question.low == 0 and (question.high or 0) >= STEPS


def _throughout(answers: pd.DataFrame) -> pd.Series:
    """Rows of 0 alone, where they are no last step of rows that are nearly so."""
    many = answers.notna().sum(axis=1) >= FEWEST_ASKED
    nothing = many & answers.eq(0).sum(axis=1).eq(answers.notna().sum(axis=1))
    low = many & ~nothing & (answers.max(axis=1) <= LOWEST)
    enough = nothing.sum() >= FEWEST_ROWS and nothing.sum() > 2 * low.sum()
    return nothing if enough else nothing & False


def _warn_of_rows(
    responses: Typed, rows: pd.Series, names: Sequence[str], findings: Findings
) -> None:
    places = np.flatnonzero(rows.to_numpy())
    file, row = responses.raw.where(int(places[0]))
    others = ", ".join(str(responses.raw.where(int(place))[1]) for place in places[1:SHOWN])
    more = f" and {len(places) - SHOWN:,} more" if len(places) > SHOWN else ""
    problem = (
        f"answers 0 to every question whose scale begins at 0; rows {others}{more} alike, "
        f"{len(places):,} in all, and hardly anybody is nearly as low"
    )
    advice = (
        "If 0 stands for no answer, write 0 under missing_codes of "
        f"{listed(list(names), SHOWN)} in codebook.csv."
    )
    findings.warn(file, problem, advice, row=row)


def _shares(frame: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Ratings as shares of their scale, so that 1 is best; those of 0 may be none."""
    columns = {}
    for q in codebook.questions:
        if not q.scaled or q.variable not in frame or q.low is None or q.high is None:
            continue
        answers = frame[q.variable].astype(float)
        share = (answers.where(answers.ne(0)) - q.low) / (q.high - q.low)
        columns[q.variable] = 1 - share if q.reverse else share
    return pd.DataFrame(columns, index=frame.index)


def _often(answers: pd.Series) -> bool:
    """Whether 0 is commoner than 1 and 2, and not rare."""
    zero, low = int(answers.eq(0).sum()), int(answers.between(1, LOWEST).sum())
    return zero >= max(FEWEST, FEWEST_OF * answers.notna().sum()) and zero > low


def _too_many(answers: pd.Series, others: pd.DataFrame) -> bool:
    """Whether 0 is far commoner than 1 and 2 among people who are content elsewhere."""
    zero, low = answers.eq(0), answers.between(1, LOWEST)
    elsewhere = others.mean(axis=1)
    if elsewhere[zero].notna().sum() < FEWEST:
        return bool(zero.sum() > ALONE * max(int(low.sum()), 1))
    content = elsewhere > CONTENT
    mostly = content[zero & elsewhere.notna()].mean() >= MOSTLY
    return bool(mostly and (zero & content).sum() > TIMES * (low & content).sum())


def _warn_of_question(
    responses: Typed, question: Question, answers: pd.Series, findings: Findings
) -> None:
    counts = [int(answers.eq(mark).sum()) for mark in (0, 1, 2)]
    place = int(np.flatnonzero(responses.frame[question.variable].eq(0))[0])
    file, row = responses.raw.where(place)
    problem = (
        f"stands in {counts[0]:,} answers, beside {counts[1]:,} of 1 and {counts[2]:,} of 2, and "
        "most who gave it are content elsewhere"
    )
    advice = _declared(responses, question.variable)
    findings.warn(file, problem, advice, row=row, column=question.variable, found="0")


def _declared(responses: Typed, name: str) -> str:
    cells = as_text(responses.raw.frame[name][responses.frame[name].eq(0).to_numpy()])
    line = as_line("responses", {"missing": {name: tuple(cells.dropna().str.strip().unique())}})
    return (
        f"If it stands for no answer, write 0 under missing_codes of {name} in codebook.csv, or "
        f"declare {line}."
    )


def _check_waves(
    responses: Typed, question: Question, answers: pd.Series, findings: Findings
) -> None:
    """A wave that has zeros and no blanks, where the others have blanks and no zeros."""
    if "wave" not in responses.frame or answers.eq(0).sum() < FEWEST:
        return
    waves, marks = responses.frame["wave"].loc[answers.index], answers.to_numpy(float)
    known = waves.notna().to_numpy(bool)
    for wave in waves.dropna().unique():
        of_wave = known & waves.eq(wave).to_numpy(bool)
        here, there = marks[of_wave], marks[known & ~of_wave]
        zero, low = int((here == 0).sum()), int(((here >= 1) & (here <= LOWEST)).sum())
        if np.isnan(here).any() or zero < FEWEST or zero <= 2 * low:
            continue
        blank = int(np.isnan(there).sum())
        if (there == 0).any() or blank < BLANK * len(there):
            continue
        problem = (
            f"stands in {zero:,} answers of {wave}, where nothing is blank; in the other waves "
            f"{blank:,} are blank and none is 0"
        )
        first = answers.index[waves.eq(wave) & answers.eq(0)][:1]
        file, row = responses.raw.where(int(responses.frame.index.get_indexer(first)[0]))
        advice = _declared(responses, question.variable)
        findings.warn(file, problem, advice, row=row, column=question.variable, found="0")
        return

"""What a survey tool records beside the answers: seconds, weights, marks of web pages in texts."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from helpers.study.codebook import Codebook
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.row_faults import report_rows
from helpers.study.signs import holding

__all__ = ["check_sessions"]

FEWEST = 10
FEWEST_ANSWERS = 5
PER_ANSWER = 1.0  # seconds: nobody reads and answers as fast as that
DAY = 86_400.0
MOST_WEIGHT = 0.2  # of all weight on one of many answers
TIMES = 20.0
ANSWERED = ("complete", "partial")
MARKUP = re.compile(r"</?(?:p|br|div|span|b|i|li|ul|strong|em|a)\b[^>]*>|&(?:amp|nbsp|quot|#\d+);")


def check_sessions(tables: Mapping[str, Typed], codebook: Codebook, findings: Findings) -> None:
    """Warn of durations in another unit, of one weight above all, of texts with marks of pages."""
    responses = tables["responses"]
    _check_seconds(responses, codebook, findings)
    _check_weights(responses, findings)
    if "invitations" in tables:
        _check_chances(tables["invitations"], findings)
    for question in codebook.of("comment"):
        _check_markup(responses, question.variable, findings)
    if "comments" in tables:
        _check_markup(tables["comments"], "text", findings)


def _check_seconds(typed: Typed, codebook: Codebook, findings: Findings) -> None:
    frame = typed.frame
    if "duration_s" not in frame or frame["duration_s"].dtype.kind != "f":
        return
    asked = [q.variable for q in codebook.questions if q.scaled and q.variable in frame]
    answered = float(frame[asked].notna().sum(axis=1).median()) if asked else 0.0
    known = frame["duration_s"].dropna()
    if len(known) < FEWEST or answered < FEWEST_ANSWERS:
        return
    typical = float(known.median())
    unit = "minutes" if 0 < typical < PER_ANSWER * answered else ""
    unit = "milliseconds" if typical > DAY else unit
    if unit:
        problem = f"is {typical:,.6g} in the middle row, too "
        problem += f"{'few' if unit == 'minutes' else 'many'} seconds for {answered:g} answers"
        advice = f"If {unit} are meant, make them seconds in a query, or leave the column out."
        findings.warn(typed.raw.file, problem, advice, column="duration_s")


def _check_weights(typed: Typed, findings: Findings) -> None:
    """One answer that weighs as much as a fifth of all, where the others weigh alike."""
    frame = typed.frame
    if "weight" not in frame or frame["weight"].dtype.kind != "f" or "completes" in frame:
        return
    if len(frame) >= FEWEST:
        problem = "is more than a fifth of the weight of its wave"
        advice = "Correct it, or trim weights before they are sent: one answer decides the scores."
        heavy = _heavy(frame["weight"], frame)
        report_rows(typed, heavy, "weight", problem, advice, findings, warn=True)


def _check_chances(typed: Typed, findings: Findings) -> None:
    """One who was invited with next to no chance stands for nearly all that were not."""
    chances = typed.frame.get("inclusion_probability")
    if chances is None or chances.dtype.kind != "f" or "disposition" not in typed.frame:
        return
    answered = typed.frame[typed.frame["disposition"].isin(ANSWERED) & (chances > 0)]
    if len(answered) >= FEWEST:
        heavy = _heavy(1 / chances[answered.index], answered).reindex(typed.frame.index)
        problem = "is so small a chance that one answer weighs as much as a fifth of its wave"
        advice = "Correct it: a share above 0 and up to 1, as 0.3 for 30 per cent."
        column = "inclusion_probability"
        report_rows(typed, heavy.eq(True), column, problem, advice, findings, warn=True)


def _heavy(weights: pd.Series, frame: pd.DataFrame) -> pd.Series:
    total = weights.groupby(frame["wave"]).transform("sum") if "wave" in frame else weights.sum()
    return (weights > MOST_WEIGHT * total) & (weights > TIMES * weights.median())


def _check_markup(typed: Typed, column: str, findings: Findings) -> None:
    if column not in typed.frame or not pd.api.types.is_string_dtype(typed.frame[column].dtype):
        return
    texts = typed.frame[column].dropna()
    likely = holding(texts, "[<&]")
    if not likely.any():
        return
    texts = texts[likely]
    marked = texts[texts.map(lambda text: MARKUP.search(text) is not None).astype(bool)]
    if marked.empty:
        return
    file, row = typed.raw.where(int(typed.frame.index.get_indexer(marked.index[:1])[0]))
    found = MARKUP.search(marked.iloc[0])
    problem = f"and {len(marked) - 1:,} more texts hold marks of a web page"
    advice = "Export them as plain text: the marks count as words, and quotes show them."
    told = found[0] if found else None
    findings.warn(file, problem, advice, row=row, column=column, found=told)

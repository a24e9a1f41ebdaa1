"""The staff's survey and what functions are paid on, against the survey of the customers."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from helpers.study.codebook import Codebook
from helpers.study.copies import copied_rows
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.nearest import advice_for, nearest
from helpers.study.row_faults import report_rows
from helpers.study.trials import as_line

__all__ = ["check_staff"]

RATED = ("generation_", "dissemination_", "responsiveness_", "belief", "line_of_sight")
GUESS = "guess_"
SCALES = (5, 7, 10)  # ends of scales that begin at 1
RARE = 0.1  # of the answers to a question: others than marks
FEWEST = 20
HALF = 0.55  # of a scale
WAYS = frozenset(
    (
        "up", "higher", "high", "more", "increase", "maximise", "maximize", "+",
        "down", "lower", "low", "less", "decrease", "reduce", "minimise", "minimize", "-",
    )
)  # fmt: skip
SUMS = (1.0, 100.0)  # weights of a function, at most: shares, per cents


def check_staff(tables: Mapping[str, Typed], codebook: Codebook, findings: Findings) -> None:
    """Marks on no scale, guesses of nothing that customers rate, rows twice; odd weights."""
    staff = tables.get("employee_survey")
    if staff is not None and len(staff.frame):
        _check_marks(staff, findings)
        _check_guesses(staff, codebook, findings)
        _check_copies(staff, findings)
    if "function_metrics" in tables:
        _check_paid(tables["function_metrics"], codebook, findings)
        if staff is not None:
            _check_functions(tables["function_metrics"], staff.frame, findings)


def _check_marks(typed: Typed, findings: Findings) -> None:
    """Answers beyond the scale that nearly all other answers of these questions keep to."""
    frame = typed.frame
    names = [n for n in map(str, frame) if n.startswith(RATED) and frame[n].dtype.kind == "f"]
    ends = pd.Series([_end(frame[name]) for name in names], dtype=float).dropna()
    end = None if ends.empty else int(ends.mode().iloc[0])
    for name in names:
        own = frame[name].dropna()
        if end is not None and len(own) >= FEWEST and not own.between(1, end).mean() > HALF:
            problem = f"runs from {own.min():g} to {own.max():g}, and the others from 1 to {end}"
            advice = "Send all of these questions on one scale."
            findings.warn(typed.raw.file, problem, advice, column=name)
            continue
        if end is None:
            continue
        odd = frame[name].notna() & ~frame[name].between(1, end)
        texts = tuple(typed.raw.frame[name][odd.to_numpy()].astype(str).str.strip().unique())
        line = as_line("employee_survey", {"missing": {name: texts}})
        problem = f"is no mark of the scale from 1 to {end} of these questions"
        advice = f"If it stands for no answer, declare {line}; if not, correct it."
        report_rows(typed, odd, name, problem, advice, findings, warn=True)


def _end(answers: pd.Series) -> int | None:
    """The end of the shortest scale from 1 that nearly all answers to a question keep to."""
    known = answers.dropna()
    if len(known) < FEWEST:
        return None
    return next((end for end in SCALES if known.between(1, end).mean() >= 1 - RARE), None)


def _check_guesses(typed: Typed, codebook: Codebook, findings: Findings) -> None:
    rated = {q.variable: q for q in codebook.of("driver") if q.high is not None}
    frame, short = typed.frame, []
    for name in (str(n) for n in frame if str(n).startswith(GUESS)):
        question = rated.get(name.removeprefix(GUESS))
        if question is None:
            problem = "is a guess of no driver that customers rate: it is left out"
            advice = advice_for(name.removeprefix(GUESS), rated)
            findings.warn(typed.raw.file, problem, advice, column=name)
            continue
        if frame[name].dtype.kind != "f" or question.high is None or question.low is None:
            continue
        beyond = frame[name].notna() & ~frame[name].between(question.low, question.high)
        ends = f"{question.low:g} to {question.high:g}"
        problem = f"lies outside the scale of its driver, {ends}"
        advice = "Staff guess on the scale on which customers rate: correct it, or leave it empty."
        report_rows(typed, beyond, name, problem, advice, findings, warn=True)
        most = question.low + HALF * (question.high - question.low)
        if frame[name].count() >= FEWEST and frame[name].max() <= most:
            short.append((name, frame[name].max(), ends))
    if len(short) > 1:
        name, most, ends = short[0]
        problem = f"and {len(short) - 1} more guesses have no answer above {most:g}, and customers "
        problem += f"rate from {ends}"
        advice = "If staff were asked on a shorter scale, bring it to that one in a query."
        findings.warn(typed.raw.file, problem, advice, column=name)


def _check_copies(typed: Typed, findings: Findings) -> None:
    asked = [str(n) for n in typed.frame if typed.frame[n].dtype.kind == "f"]
    if len(asked) < 5 or len(typed.frame) < FEWEST:
        return
    again = copied_rows(typed.frame[asked]) >= 0
    problem = "repeats the answers of an earlier row, in a block of such rows"
    advice = "If they were pasted in twice, take the later rows out: each counts as an employee."
    places = again.to_numpy().nonzero()[0]
    if len(places):
        file, row = typed.raw.where(int(places[0]))
        findings.warn(file, f"{problem}; {len(places):,} rows in all", advice, row=row)


def _check_paid(typed: Typed, codebook: Codebook, findings: Findings) -> None:
    frame = typed.frame
    if "direction" in frame:
        said = frame["direction"].astype("object").map(lambda t: str(t).strip().casefold())
        odd = frame["direction"].notna() & ~said.isin(WAYS)
        words = {str(w) for w in frame["direction"][odd]}
        pairs = ", ".join(f"… : [{word}]" for word in sorted(words)[:2])
        problem = "is neither up nor down, so that what it pays for is not known"
        advice = "Write up or down, or declare `formats: {function_metrics: {values: {direction: "
        advice += f"{{{pairs}}}}}}}}}` in client.yml, with up and down for the dots."
        report_rows(typed, odd, "direction", problem, advice, findings, warn=True)
    if "driver" in frame:
        rated = [q.variable for q in codebook.of("driver")]
        called = {_plain(name) for q in codebook.of("driver") for name in (q.variable, q.label)}
        names = frame["driver"].astype("object")
        for name in (str(n) for n in names.dropna().unique() if _plain(str(n)) not in called):
            problem = "is no driver of codebook.csv"
            report_rows(typed, names.eq(name), "driver", problem, advice_for(str(name), rated),
                        findings, warn=True)  # fmt: skip
    if {"function", "pay_weight"} <= set(frame) and frame["pay_weight"].dtype.kind == "f":
        _check_weights(typed, findings)


def _plain(name: str) -> str:
    return " ".join(re.split(r"[\W_]+", name.casefold())).strip()


def _check_weights(typed: Typed, findings: Findings) -> None:
    """Functions whose weights sum to more than a whole, or to per cents beside shares."""
    frame = typed.frame
    sums = frame.groupby("function")["pay_weight"].sum()
    whole = SUMS[0] if (sums <= 1.005).mean() >= 0.5 else SUMS[1]
    for function, total in sums[sums > 1.005 * whole].items():
        rows = frame["function"].eq(str(function))
        problem = f"is one of weights of {function} that sum to {total:g}, and all of pay is "
        problem += f"{whole:g} for most functions"
        advice = "Send each weight as a share of variable pay, in one unit."
        report_rows(typed, rows, "pay_weight", problem, advice, findings, warn=True)


def _check_functions(typed: Typed, staff: pd.DataFrame, findings: Findings) -> None:
    """Functions that are paid and of which nobody answered, nearly called as one that did."""
    if "function" not in typed.frame or "function" not in staff:
        return
    there = sorted({str(name) for name in staff["function"].dropna()})
    names = typed.frame["function"].astype("object")
    for name in (str(one) for one in names.dropna().unique() if one not in there):
        if meant := nearest(name, there):
            problem = f"is no function of the staff's survey, which has {meant}"
            advice = "Use one name in both, or join them under `collapse:` in client.yml."
            report_rows(typed, names.eq(name), "function", problem, advice, findings, warn=True)

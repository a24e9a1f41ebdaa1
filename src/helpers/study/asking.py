"""Filter questions: who was asked what, as ``asked_if`` in the codebook declares it.

Whoever was not asked has no answer that could be missing. So the answers of a question are
looked at among those who were asked it, and nothing is ever filled in for the others.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.study.codebook import Codebook, Question
from helpers.study.findings import Findings
from helpers.study.nearest import advice_for
from helpers.study.sameness import folded

__all__ = ["FORM", "Asked", "Clause", "clauses", "who_was_asked"]

FORM = "Write it as `complained = 1`; several answers as `1;2`, several conditions with `and`."
SIGNS = {"=": "=", "==": "=", ":": "=", "is": "=", "in": "=", "!=": "!=", "≠": "!=", "<>": "!=",
         "is not": "!=", "not in": "!=", "<": "<", "<=": "<=", "≤": "<=", ">": ">", ">=": ">=",
         "≥": ">="}  # fmt: skip
SIGN = re.compile(r"\s*(is not\b|not in\b|is\b|in\b|==|!=|<>|<=|>=|[=:<>≠≤≥])\s*(.*)", re.I | re.S)
AND = re.compile(r"\s+(?:and|&&?)\s+", re.I)
MOST_WRONG = 0.05  # of the answers may come from people who were not asked; beyond, it is a fault
SHOWN = 8  # answers that a message names


@dataclass(frozen=True)
class Clause:
    """One condition: a variable, a sign and answers; without a sign, that it was answered."""

    variable: str
    sign: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Asked:
    """Who was asked each filtered question, and the answers without those of the others."""

    answers: pd.DataFrame  # the responses, joined
    asked: pd.DataFrame  # a column for each filtered question, yes or no by response


class Unreadable(ValueError):
    """A condition that cannot be read; the message says what is wrong, ``advice`` what to do."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(problem)
        self.advice = advice


def clauses(text: str, known: Collection[str]) -> tuple[Clause, ...]:
    """The conditions of an ``asked_if``, all of which have to hold.

    Parameters
    ----------
    known
        Columns that may be named.

    Examples
    --------
    >>> clauses("complained = 1", ["complained"])
    (Clause(variable='complained', sign='=', values=('1',)),)
    >>> clauses("{visits: 2;3} and role is user", ["visits", "role"])[1]
    Clause(variable='role', sign='=', values=('user',))
    """
    parts: list[str] = []
    for part in AND.split(text.strip().strip("{}").strip()):
        if parts and _named(part.strip("{} "), known) is None and not SIGN.search(part):
            parts[-1] += f" and {part}"  # a value with an "and" in it
        else:
            parts.append(part.strip("{} "))
    return tuple(_clause(part, known) for part in parts)


def _named(part: str, known: Collection[str]) -> str | None:
    """The longest known column that a condition begins with."""
    fits = [n for n in known if part.startswith(n) and (part == n or SIGN.match(part[len(n) :]))]
    return max(fits, key=len, default=None)


def _clause(part: str, known: Collection[str]) -> Clause:
    name = _named(part, known)
    if name is None:
        sign = SIGN.search(part)
        name = (part[: sign.start()] if sign else part).strip().strip("'\"`")
        if name not in known:
            raise Unreadable(f"names {name!r}, which no response has", advice_for(name, known))
        rest = part[sign.start() :] if sign else ""
    else:
        rest = part[len(name) :]
    found = SIGN.match(rest)
    if found is None:
        return Clause(name)
    values = tuple(_bare(v) for v in found[2].strip().strip("[]()").split(";") if _bare(v))
    if not values:
        raise Unreadable("names no answer", FORM)
    return Clause(name, SIGNS[" ".join(found[1].lower().split())], values)


def _bare(value: str) -> str:
    return value.strip().strip("'\"`").strip()


def who_was_asked(
    joined: pd.DataFrame,
    as_given: pd.DataFrame,
    codebook: Codebook,
    findings: Findings,
    file: str = "codebook.csv",
) -> Asked:
    """Read every ``asked_if``; answers of people who were not asked are left out, counted.

    Parameters
    ----------
    joined
        Responses with what is known of their account and contact.
    as_given
        Answers to questions asked the other way round, as they were given.

    Examples
    --------
    >>> said = pd.DataFrame({"complained": [1.0, 0, 0], "handled": [4.0, None, None]})
    >>> asked = Question("handled", "driver", "", "Handled", 1, 5, asked_if="complained = 1")
    >>> who_was_asked(said, said[[]], Codebook((asked,)), Findings()).asked["handled"].tolist()
    [True, False, False]
    """
    answers, asked = joined, {}
    for question in codebook.questions:
        if not question.asked_if or question.variable not in joined:
            continue
        try:
            met, known = _met(question, joined, as_given, codebook)
        except Unreadable as refusal:
            findings.error(file, str(refusal), refusal.advice, row=question.row,
                           column="asked_if", found=question.asked_if)  # fmt: skip
            continue
        given = joined[question.variable].notna()
        wrong = given & known & ~met
        if _contradicted(question, wrong, given, met, file, findings):
            continue
        asked[question.variable] = (met & known) | (given & ~known)
        if wrong.any():
            answers = answers.assign(**{question.variable: answers[question.variable].mask(wrong)})
    return Asked(answers, pd.DataFrame(asked, index=joined.index, dtype=bool))


def _met(
    question: Question,
    joined: pd.DataFrame,
    as_given: pd.DataFrame,
    codebook: Codebook,
) -> tuple[pd.Series, pd.Series]:
    """Whether the conditions hold, and whether that is known, by response."""
    every = pd.Series(True, index=joined.index)
    fails = ~every
    for clause in clauses(question.asked_if, [str(name) for name in joined]):
        if clause.variable == question.variable:
            raise Unreadable("names the question itself", "Name the one that was asked before it.")
        answers = as_given.get(clause.variable, joined[clause.variable])
        holds = _holds(clause, answers, codebook.get(clause.variable))
        fails |= ~holds & (answers.notna() if clause.sign else True)
        every &= holds
    return every, every | fails


def _holds(clause: Clause, answers: pd.Series, asked: Question | None) -> pd.Series:
    if not clause.sign:
        return answers.notna()
    if clause.sign in ("=", "!="):
        alike = answers.isin(_meant(clause, answers, asked))
        return alike if clause.sign == "=" else answers.notna() & ~alike
    bound = _number(clause.values[0])
    numbers = answers if answers.dtype.kind in "fiu" else pd.to_numeric(answers, errors="coerce")
    if bound is None or len(clause.values) > 1 or not numbers.notna().any():
        problem = f"compares {clause.variable} with {clause.values[0]!r}, which is no number"
        raise Unreadable(problem, "Compare numbers, or list the answers after `=`, as `1;2`.")
    compared = {"<": numbers < bound, "<=": numbers <= bound, ">": numbers > bound}
    return compared.get(clause.sign, numbers >= bound).fillna(False).astype(bool)


def _meant(clause: Clause, answers: pd.Series, asked: Question | None) -> list[object]:
    """The answers that a condition names, as the column holds them."""
    distinct = list(pd.unique(answers.dropna()))
    if not distinct:
        return []  # nobody answered it, which is told elsewhere
    found: list[object] = []
    for value in clause.values:
        pieces = [value] if _like(value, distinct) else re.split(r"\s*(?:,|\||\bor\b)\s*", value)
        for piece in map(_bare, pieces):
            alike = _like(piece, distinct)
            if not alike and not _may_be(piece, distinct, asked):
                problem = f"names {piece!r}, which is no answer to {clause.variable}"
                raise Unreadable(problem, f"Its answers are: {_listed(distinct)}.")
            found += alike
    return found


def _like(value: str, distinct: Iterable[object]) -> list[object]:
    """Answers that read as a value does: equal numbers, or equal texts but for their case."""
    number, plain = _number(value), folded(value)
    same = [d for d in distinct if number is not None and _number(d) == number]
    return same or [d for d in distinct if folded(str(d)) == plain]


def _may_be(value: str, distinct: list[object], asked: Question | None) -> bool:
    """Whether a number that nobody answered is on the scale, or among those that were."""
    number, numbers = _number(value), [n for n in map(_number, distinct) if n is not None]
    if asked is not None and asked.scaled and asked.low is not None and asked.high is not None:
        numbers += [asked.low, asked.high]
    return number is not None and bool(numbers) and min(numbers) <= number <= max(numbers)


def _number(value: object) -> float | None:
    try:
        found = float(str(value).strip())
    except ValueError:
        return None
    return found if np.isfinite(found) else None


def _listed(distinct: list[object]) -> str:
    numbers = [n for d in distinct if (n := _number(d)) is not None]
    sure = len(numbers) == len(distinct)
    order = np.argsort(numbers) if sure else np.argsort([str(d) for d in distinct])
    told = [f"{distinct[k]:g}" if isinstance(distinct[k], float) else str(distinct[k])
            for k in order[:SHOWN]]  # fmt: skip
    return ", ".join(told) + (f" and {len(distinct) - SHOWN} more" if len(distinct) > SHOWN else "")


def _contradicted(
    question: Question,
    wrong: pd.Series,
    given: pd.Series,
    met: pd.Series,
    file: str,
    findings: Findings,
) -> bool:
    """Whether too many answers come from people who were not asked; a few are noted."""
    count, name = int(wrong.sum()), question.variable
    if count > MOST_WRONG * int(given.sum()):
        problem = (
            f"does not hold for {count:,} of the {int(given.sum()):,} who answered {name}"
            f" (first: response {wrong.idxmax()})"
        )
        advice = "Correct the condition, or leave the cell empty if everybody was asked."
        findings.error(file, problem, advice, row=question.row, column="asked_if",
                       found=question.asked_if)  # fmt: skip
        return True
    what = f"{name}: answers of people who were not asked ({question.asked_if}) left out"
    findings.note("responses", what, count)
    if not met.any():
        problem = f"holds for nobody: no one was asked {name}"
        findings.warn(file, problem, "Correct the condition if that is not so.", row=question.row,
                      column="asked_if", found=question.asked_if)  # fmt: skip
    return False

"""``codebook.csv``: what each question is, its scale, and which answers are none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.measured import METRIC, measured_in
from helpers.study.nearest import advice_for, nearest
from helpers.study.values import as_numbers, as_text, yes_or_no

__all__ = ["ROLES", "Codebook", "Question", "read_codebook"]

FILE = "codebook.csv"
ROLES = (
    "recommend",
    "satisfaction",
    "effort",
    "attitude",
    "behaviour",
    "driver",
    "stated",
    "asked",
    "acted",
    "told",
    "interest",
    "metric",
    "segment",
    "comment",
)
IN_WORDS = ("segment", "comment")
SCALED = ("recommend", "satisfaction", "effort", "attitude", "behaviour", "driver")
COLUMNS = (
    "variable",
    "text",
    "role",
    "label",
    "scale_min",
    "scale_max",
    "reverse",
    "missing_codes",
    "function",
    "decision",
    "follow_up_owner",
    "optional",
    "group",
    "direction",
    "unit",
    "asked_if",
)
NO_COLUMN = (  # of the table of questions
    "missing_codes", "follow_up_owner", "optional", "group", "direction", "unit", "asked_if",
)  # fmt: skip
MARK = "?"  # behind what a draft is not sure of
MARKED = (
    "role", "scale_min", "scale_max", "reverse", "missing_codes", "group", "direction", "unit",
    "asked_if",
)  # fmt: skip
UNUSED = "unused"  # the role of a column that is listed and is no question
SHOWN = 8  # questions that one line names
NEEDED = ("variable", "role")


@dataclass(frozen=True, slots=True)
class Question:
    """One row of the codebook. ``low`` and ``high`` are the ends of its scale."""

    variable: str
    role: str
    text: str
    label: str
    low: float | None = None
    high: float | None = None
    reverse: bool = False
    missing_codes: tuple[str, ...] = ()
    function: str = ""
    decision: str = ""
    follow_up_owner: str = ""
    optional: bool = False  # responses need not hold it
    row: int | None = None  # of the codebook
    group: str = ""  # the construct that a driver belongs to
    direction: str = ""  # of a metric: whether ``higher`` or ``lower`` is better
    unit: str = ""  # of a metric: days, count, a currency, or another word
    asked_if: str = ""  # who was asked, as ``complained = 1``; everybody where empty

    @property
    def scaled(self) -> bool:
        """Whether its answers are numbers between two ends; groups and comments never are."""
        ends = self.low is not None and self.high is not None
        return ends and self.role not in (*IN_WORDS, METRIC)

    @property
    def measured(self) -> bool:
        """Whether it is a metric: a number that was recorded, and no rating of anybody."""
        return self.role == METRIC

    @property
    def numeric(self) -> bool:
        """Whether what the responses hold of it is read as numbers: ratings and metrics."""
        return self.scaled or self.measured

    @property
    def turns(self) -> bool:
        """Whether its best answer is at the low end, so that answers are turned round."""
        return self.reverse and self.scaled


@dataclass(frozen=True)
class Codebook:
    """The questions, in the order of the file."""

    questions: tuple[Question, ...]

    @property
    def table(self) -> pd.DataFrame:
        """One row a question: variable, text, role, label, scale_min, scale_max, …"""
        rows = [
            (q.variable, q.text, q.role, q.label, q.low, q.high, q.reverse, q.function, q.decision)
            for q in self.questions
        ]
        names = [n for n in COLUMNS if n not in NO_COLUMN]
        return pd.DataFrame(rows, columns=pd.Index(names))

    def of(self, role: str) -> tuple[Question, ...]:
        """The questions of one role."""
        return tuple(q for q in self.questions if q.role == role)

    def get(self, variable: str) -> Question | None:
        """The question behind a variable, or ``None``."""
        return next((q for q in self.questions if q.variable == variable), None)


def read_codebook(
    raw: pd.DataFrame, file: str, findings: Findings, records: Iterable[int] | None = None
) -> Codebook:
    """Turn the codebook's text into questions; what is wrong goes to ``findings``.

    Parameters
    ----------
    records
        The record of the file that each row was, where some were left out.

    Examples
    --------
    >>> raw = pd.DataFrame({"variable": ["nps"], "role": ["recommend"],
    ...                     "scale_min": ["0"], "scale_max": ["10"]})
    >>> read_codebook(raw, "codebook.csv", Findings()).get("nps").high
    10.0
    """
    for name in NEEDED:
        if name not in raw.columns:
            findings.error(file, "is missing", _header_advice(name, raw), column=name)
    if not set(NEEDED) <= set(raw.columns):
        return Codebook(())
    extra = [c for c in raw.columns if c not in (*COLUMNS, "reason")]
    findings.note("codebook", f"columns kept but not used: {', '.join(extra)}", len(extra))
    cells = _confirmed(_cells(raw), raw, file, findings)
    questions: dict[str, Question] = {}
    rows = range(1, len(raw) + 1) if records is None else records
    for row, cell in zip(map(int, rows), cells.to_dict("records"), strict=True):
        question = _question({str(k): v for k, v in cell.items()}, row, file, findings)
        if question is None:
            continue
        if question.variable in questions:
            advice = "Give each question one row."
            _fault(findings, file, row, "variable", question.variable, "is described twice", advice)
            continue
        questions[question.variable] = question
    return Codebook(tuple(questions.values()))


def _header_advice(name: str, raw: pd.DataFrame) -> str:
    meant = nearest(name, raw.columns)
    return f"Rename {meant!r} to {name!r}." if meant else f"Add a column {name!r}."


def _cells(raw: pd.DataFrame) -> pd.DataFrame:
    blank = pd.Series("", index=raw.index, dtype="str")
    return pd.DataFrame(
        {n: as_text(raw[n]).fillna("").str.strip() if n in raw else blank for n in COLUMNS}
    )


def _question(cell: dict[str, Any], row: int, file: str, findings: Findings) -> Question | None:
    variable, role = cell["variable"], cell["role"]
    if not variable:
        findings.error(file, "is empty", "Name the question's column.", row=row, column="variable")
        return None
    if role == UNUSED or (not role and cell["marked"]):
        return None  # listed only, or a fault told already
    if role not in ROLES:
        advice = advice_for(role, ROLES)
        problem = "is not a role"
        findings.error(file, problem, advice, row=row, column="role", found=role)
        return None
    low, high = _scale(cell, role, row, file, findings)
    direction, unit = measured_in(cell, row, file, findings)
    return Question(
        variable,
        role,
        cell["text"],
        cell["label"] or cell["text"] or variable,
        low,
        high,
        _reverse(cell, row, file, findings),
        tuple(code.strip() for code in cell["missing_codes"].split(";") if code.strip()),
        cell["function"],
        cell["decision"],
        cell["follow_up_owner"],
        _yes(cell, "optional", row, file, findings),
        row,
        cell["group"],
        direction,
        unit,
        cell["asked_if"],
    )


def _reverse(cell: dict[str, str], row: int, file: str, findings: Findings) -> bool:
    """Whether the answers are to be turned round, which takes a scale."""
    turned, role = _yes(cell, "reverse", row, file, findings), cell["role"]
    told = cell["scale_min"] or cell["scale_max"] or role in SCALED  # else its scale is the fault
    if turned and (role in (*IN_WORDS, METRIC) or not told):
        problem = f"is declared, but {cell['variable']} has no scale to be turned round"
        advice = "Give scale_min and scale_max, or write no."
        advice = "Write no: its answers are groups or words." if role in IN_WORDS else advice
        advice = "Write no, and lower under direction." if role == METRIC else advice
        _fault(findings, file, row, "reverse", cell["reverse"], problem, advice)
    return turned


def _yes(cell: dict[str, str], name: str, row: int, file: str, findings: Findings) -> bool:
    said = yes_or_no(cell[name]) if cell[name] else False
    if said is None:
        problem, advice = "is neither yes nor no", "Write yes or no."
        _fault(findings, file, row, name, cell[name], problem, advice)
    return bool(said)


def _confirmed(
    cells: pd.DataFrame, raw: pd.DataFrame, file: str, findings: Findings
) -> pd.DataFrame:
    """The cells without the marks of a draft, each row that still has one reported."""
    if not any(text.endswith(MARK) for name in MARKED for text in cells[name].tolist()):
        return cells.assign(marked=False)
    marked = cells[list(MARKED)].apply(lambda column: column.str.endswith(MARK))
    marked["missing_codes"] &= ~cells["missing_codes"].str.fullmatch(r"(.*;)?\s*\?")  # a code
    if not marked.any(axis=None):
        return cells.assign(marked=False)
    told = (
        cells[list(MARKED)]
        .where(marked, "")
        .apply(lambda row: ", ".join(f"{name} {row[name]}" for name in MARKED if row[name]), axis=1)
    )
    reasons = as_text(raw["reason"]).fillna("") if "reason" in raw else told.map(lambda _: "")
    rows = np.arange(1, len(cells) + 1)
    alike = pd.Series(rows, index=cells.index)[marked.any(axis=1)].groupby([told, reasons])
    for (what, why), found in sorted(alike, key=lambda group: group[1].iloc[0]):
        names = list(cells.loc[found.index, "variable"])
        _report_guess(names, int(found.iloc[0]), str(what), str(why), file, findings)
    bare = cells[list(MARKED)].apply(lambda column: column.str.removesuffix(MARK))
    return cells.assign(**bare.where(marked, cells[list(MARKED)]), marked=marked.any(axis=1))


def _report_guess(
    names: list[str], row: int, what: str, why: str, file: str, findings: Findings
) -> None:
    """One line for all questions that have the same guess for the same reason."""
    listed = ", ".join(names[:SHOWN])
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    problem = f"is still a guess for {listed}{more}: {what}" + (f" ({why})" if why else "")
    advice = f"Correct what is wrong, then take each {MARK} away."
    findings.error(file, problem, advice, row=row, column=what.split(" ", 1)[0])


def _fault(
    findings: Findings, file: str, row: int, column: str, found: str, problem: str, advice: str
) -> None:
    findings.error(file, problem, advice, row=row, column=column, found=found)


def _scale(
    cell: dict[str, Any], role: str, row: int, file: str, findings: Findings
) -> tuple[float | None, float | None]:
    ends = pd.Series([cell["scale_min"] or None, cell["scale_max"] or None], dtype=object)
    numbers, odd = as_numbers(ends, Format())
    for name, wrong in zip(("scale_min", "scale_max"), odd, strict=True):
        if wrong:
            problem, advice = "is not a number", "Write the scale's end, as 10."
            _fault(findings, file, row, name, cell[name], problem, advice)
    if odd.any() or (ends.isna().any() and cell["marked"]):
        return None, None
    low, high = (None if np.isnan(n) else float(n) for n in numbers)
    if role == METRIC and (low is None) != (high is None):
        return low, high  # a count may have a least and no most
    if (low is None) != (high is None) or (low is None and role in SCALED):
        column = "scale_min" if low is None else "scale_max"
        advice = f"Give both ends of the scale of a {role} question, as 0 and 10."
        findings.error(file, f"is empty for {cell['variable']}", advice, row=row, column=column)
        return None, None
    if low is not None and high is not None and low >= high:
        problem = f"is not below scale_max {high:g}"
        advice = "Write the lower end first; a reversed question has `yes` under reverse."
        _fault(findings, file, row, "scale_min", f"{low:g}", problem, advice)
        return None, None
    return low, high

"""Metrics: numbers that were recorded and that nobody rated, as days, counts and amounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from helpers.study.findings import Findings

__all__ = ["AMOUNT", "METRIC", "Metric", "measured_in", "metrics_of", "recorded"]

METRIC = "metric"
AMOUNT = "amount"  # in the currency of client.yml
BETTER = {
    "higher": {"higher", "higher is better", "high", "more", "more is better", "up"},
    "lower": {"lower", "lower is better", "low", "less", "less is better", "fewer", "down"},
}
UNITS = {
    "days": {"day", "days"},
    "count": {"count", "counts", "number", "times"},
    AMOUNT: {"amount", "amounts", "money", "currency"},
}  # other units stay as they were written: hours, calls, %
CURRENCY = re.compile(r"[A-Z]{3}")


class Described(Protocol):
    """A row of the codebook, as far as it tells of a metric."""

    @property
    def variable(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def direction(self) -> str: ...
    @property
    def unit(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Metric:
    """What a metric counts, and which way is better.

    A metric has no ends: it cannot be read as a share of a scale, and is never turned round.
    An effect of one more unit is good news where it is positive and ``higher`` is better, or
    negative and ``lower`` is; ``sign`` times the effect says it either way.

    Examples
    --------
    >>> waiting = Metric("wait", "Waiting time", "lower", "days")
    >>> waiting.sign, waiting.written, waiting.money
    (-1, 'Waiting time (days)', False)
    """

    variable: str
    label: str
    direction: str  # ``higher`` or ``lower`` is better
    unit: str  # days, count, a currency such as USD, or another word
    money: bool = False

    @property
    def sign(self) -> int:
        """1 where higher is better, -1 where lower is."""
        return 1 if self.direction == "higher" else -1

    @property
    def written(self) -> str:
        """Its label with the unit behind it, as charts and tables call it."""
        told = {"count": "number"}.get(self.unit, self.unit)
        return f"{self.label} ({told})" if told else self.label


def measured_in(
    cell: Mapping[str, str], row: int, file: str, findings: Findings
) -> tuple[str, str]:
    """Direction and unit of a row of the codebook; both empty for what is no metric.

    Examples
    --------
    >>> cell = {"variable": "wait", "role": "metric", "direction": "Lower", "unit": "Days"}
    >>> measured_in(cell, 1, "codebook.csv", Findings())
    ('lower', 'days')
    """
    name, said = cell["variable"], cell["direction"]
    direction = next((way for way, words in BETTER.items() if said.casefold() in words), "")
    if cell["role"] != METRIC:
        if direction == "lower":
            problem = f"is for metrics, and {name} is a {cell['role']} question"
            advice = "Where the lowest answer is the best, write yes under reverse."
            findings.warn(file, problem, advice, row=row, column="direction", found=said)
        return "", ""
    if not direction:
        problem = "is neither higher nor lower" if said else f"is empty for {name}"
        advice = "Write lower where less of it is better, as of days of waiting, else higher."
        findings.error(file, problem, advice, row=row, column="direction", found=said or None)
    return direction, _unit(cell, row, file, findings)


def _unit(cell: Mapping[str, str], row: int, file: str, findings: Findings) -> str:
    said = cell["unit"]
    if not said:
        advice = "Write what it is counted in: days, count, a currency as USD, or another word."
        findings.error(file, f"is empty for {cell['variable']}", advice, row=row, column="unit")
    if CURRENCY.fullmatch(said):
        return said
    return next((unit for unit, words in UNITS.items() if said.casefold() in words), said)


def metrics_of(questions: Iterable[Described], currency: str) -> dict[str, Metric]:
    """Metrics among the rows of a codebook, amounts in the client's currency."""
    found = {}
    for q in questions:
        if q.role == METRIC:
            unit = currency if q.unit == AMOUNT else q.unit
            money = bool(currency) and unit == currency
            found[q.variable] = Metric(q.variable, q.label, q.direction, unit, money)
    return found


def recorded(responses: pd.DataFrame, metrics: Mapping[str, Metric]) -> pd.DataFrame:
    """The values of metrics as they were recorded, missing ones NaN."""
    columns = {name: responses[name].astype(float) for name in metrics}
    return pd.DataFrame(columns, index=responses.index, dtype=float)

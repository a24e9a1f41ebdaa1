"""Faults of metrics: a currency of their own, codes for no value, thousands read as points."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.study.codebook import Codebook, Question
from helpers.study.config import Config
from helpers.study.currency_signs import KNOWN
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.measured import AMOUNT
from helpers.study.number_checks import warn_of_thousands
from helpers.study.trials import as_line

__all__ = ["check_metrics"]

NINES = (99, 999, 9_999, 99_999, 999_999)
FEWEST_CODES = 2  # rows with the same number of nines, before it looks like a code
APART = 2.0  # times the next value below
HOLDERS = ("responses", "accounts")


def check_metrics(
    tables: Mapping[str, Typed],
    codebook: Codebook,
    config: Config,
    findings: Findings,
    file: str = "codebook.csv",
) -> None:
    """What is declared of metrics against ``client.yml``, and their values against sense."""
    for question in codebook.of("metric"):
        _check_currency(question, config, file, findings)
        holder = next((n for n in HOLDERS if _holds(tables, n, question.variable)), None)
        if holder is not None:
            _warn_of_nines(tables[holder], question, findings)
            form = config.format(holder)
            warn_of_thousands(tables[holder], form, findings, only=question.variable)
    if "ops_metrics" in tables:
        _check_measures(tables["ops_metrics"], findings)


def _check_measures(typed: Typed, findings: Findings) -> None:
    """Codes for no value among the values of each internal measure."""
    if not {"metric", "value"} <= set(typed.frame):
        return
    for metric, values in typed.frame.groupby("metric")["value"]:
        place = _nines(values)
        if place is not None:
            top = f"{values.loc[place]:g}"
            problem = (
                f"stands in {int(values.eq(values.loc[place]).sum()):,} rows of {metric}, far "
            )
            problem += "above all others of it"
            line = as_line(typed.table.name, {"missing": {"value": (top,)}})
            rows = typed.frame["metric"].eq(metric) & typed.frame["value"].eq(values.iloc[place])
            file, row = typed.raw.where(int(np.flatnonzero(rows.to_numpy())[0]))
            advice = f"If it means no value, declare {line}."
            findings.warn(file, problem, advice, row=row, column="value", found=top)


def _holds(tables: Mapping[str, Typed], name: str, variable: str) -> bool:
    return name in tables and variable in tables[name].frame


def _check_currency(question: Question, config: Config, file: str, findings: Findings) -> None:
    unit, row = question.unit, question.row
    if unit == AMOUNT and not config.currency:
        advice = "Write `currency:` and its three letters in client.yml, as `currency: USD`."
        problem = f"is an amount for {question.variable}, and client.yml declares no currency"
        findings.error(file, problem, advice, row=row, column="unit", found=unit)
    if unit in KNOWN and unit != config.currency:
        told = f", which has {config.currency}" if config.currency else ", which has none"
        problem = f"is not the currency of client.yml{told}"
        advice = f"Convert the amounts of {question.variable}, or write `currency: {unit}` there."
        findings.error(file, problem, advice, row=row, column="unit", found=unit)


def _warn_of_nines(typed: Typed, question: Question, findings: Findings) -> None:
    """A number of nines alone above all others is likely a code for no value."""
    values = typed.frame[question.variable]
    place = _nines(values)
    if place is None:
        return
    top = values.iloc[place]
    rows = values.eq(top)
    file, row = typed.raw.where(int(np.flatnonzero(rows.to_numpy())[0]))
    problem = f"stands in {int(rows.sum()):,} rows, far above all other values"
    advice = f"If it means no value, declare {top:g} under missing_codes in codebook.csv."
    findings.warn(file, problem, advice, row=row, column=question.variable, found=f"{top:g}")


def _nines(values: pd.Series) -> int | None:
    """The place of the first number of nines far above all others, where there is one."""
    if values.dtype.kind != "f":
        return None
    there = values.dropna()
    top = there.max()
    rows = values.eq(top)
    if top not in NINES or rows.sum() < FEWEST_CODES:
        return None
    below: pd.Series = there[there < top]
    if len(below) and below.max() * APART > top:
        return None
    return int(np.flatnonzero(rows.to_numpy())[0])

"""Internal metrics whose values and targets do not stand beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.row_faults import report_rows

__all__ = ["check_measures"]

FEWEST = 20
STEPS = (
    60.0,
    100.0,
    1_000.0,
    1_000_000.0,
)  # between units, as minutes and hours
NEAR = 0.25  # powers of ten around a step
STEADY = 0.4  # powers of ten within which half of the values lie
FEW = 0.5  # of the values: more are how the metric is
ZEROS = 0.02
PERCENT = ("%", "percent", "per cent", "pct")


def check_measures(tables: Mapping[str, Typed], findings: Findings) -> None:
    """Warn of values in another unit than the others of their metric, or beyond a per cent."""
    typed = tables.get("ops_metrics")
    if typed is None or not {"metric", "value"} <= set(typed.frame):
        return
    if typed.frame["value"].dtype.kind != "f":
        return
    for metric, rows in typed.frame.groupby("metric"):
        for told in (*_values(str(metric), rows), *_targets(str(metric), rows)):
            column, odd, problem, advice = told
            marks = pd.Series(typed.frame.index.isin(odd), index=typed.frame.index)
            report_rows(typed, marks, column, problem, advice, findings, warn=True)


Told = tuple[str, pd.Index, str, str]


def _values(metric: str, rows: pd.DataFrame) -> Iterator[Told]:
    values = rows["value"].dropna()
    positive = values[values > 0]
    power = pd.Series(np.log10(positive), index=positive.index)
    if len(power) < FEWEST or (power - power.median()).abs().median() > STEADY:
        return
    off = power - power.median()
    odd = off.index[off.abs().map(_is_step) & (off.abs() > np.log10(STEPS[0]) - NEAR)]
    plain = (off.abs() <= 2 * STEADY).mean()
    if len(odd) and len(odd) < FEW * len(power) and plain + len(odd) / len(power) > 0.98:
        usual = f"{10 ** power.median():.3g}"
        problem = f"stands beside {usual} in the middle row of {metric}"
        yield "value", odd, problem, "If it is in another unit, send all of the metric in one."
    zero = values.index[values.eq(0)]
    low = (positive < positive.median() / 10).sum()
    if ZEROS * len(values) < len(zero) < FEW * len(values) and len(zero) > 5 * (low + 1):
        problem = f"stands in {len(zero):,} rows of {metric}, and hardly any other is below "
        problem += f"{positive.quantile(0.01):.3g}"
        advice = "If 0 stands for no value, leave such cells empty, in a query (ops_metrics.sql)."
        yield "value", zero, problem, advice
    units = rows.get("unit_of_measure", pd.Series(dtype=str)).astype(str).str.strip()
    if len(units) and units.str.casefold().isin(PERCENT).all():
        beyond = values.index[(values > 100) | (values < 0)]
        if 0 < len(beyond) < len(values) / 4:
            yield "value", beyond, f"is no per cent of {metric}", "Correct it, or its unit."


def _is_step(power: float) -> bool:
    return any(abs(power - np.log10(step)) <= NEAR for step in STEPS)


def _targets(metric: str, rows: pd.DataFrame) -> Iterator[Told]:
    if "target" not in rows or rows["target"].dtype.kind != "f":
        return
    target, usual = rows["target"], float(rows["value"].median())
    known = target[target > 0]
    if known.empty or usual <= 0:
        return
    power = abs(float(np.log10(known.median() / usual)))
    if _is_step(power) and power > np.log10(STEPS[1]) - NEAR:
        problem = f"is the target of {metric}, whose middle value is {usual:.3g}"
        yield "target", known.index, problem, "Send target and value in one unit."

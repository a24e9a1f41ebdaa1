"""Days that stand for none, as systems write that must write one, and days that lie ahead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.row_faults import report_rows
from helpers.study.trials import as_line

__all__ = ["check_days"]

NONE = ("1899-12-30", "1899-12-31", "1900-01-01", "1900-01-02", "1901-01-01", "1970-01-01",
        "1753-01-01", "2099-12-31", "2100-01-01")  # fmt: skip
BEGUN = (("accounts", "start_date"), ("holdings", "since"), ("communications", "promised_at"))
FEWEST = 10
ONE_MOMENT = 0.95  # of the answers of a wave that say when they were given


def check_days(tables: Mapping[str, Typed], as_of: date, findings: Findings) -> None:
    """Warn of placeholders, of beginnings that lie ahead, and of answers all of one moment."""
    for name, typed in tables.items():
        for column in typed.table.columns:
            if column.kind == "date" and column.name in typed.frame:
                _check_none(typed, column.name, findings)
        for table, column_name in BEGUN:
            if table == name and column_name in typed.frame and as_of.year < 9999:
                ahead = typed.frame[column_name] >= pd.Timestamp(as_of) + pd.Timedelta(days=1)
                problem = f"lies after as_of ({as_of})"
                advice = "Correct it, or move as_of in client.yml."
                report_rows(typed, ahead, column_name, problem, advice, findings, warn=True)
    _check_moment(tables["responses"], findings)


def _check_none(typed: Typed, column: str, findings: Findings) -> None:
    days = typed.frame[column]
    told = any(f.file in typed.raw.files and f.column == column for f in findings.errors)
    if told or days.dtype.kind != "M" or days.isna().all():
        return
    odd = days.dt.normalize().isin([pd.Timestamp(day) for day in NONE])
    if not odd.any():
        return
    texts = tuple(typed.raw.frame[column][odd.to_numpy()].astype(str).str.strip().unique())
    line = as_line(typed.table.name, {"missing": {column: texts[:3]}})
    problem = "is a day that systems write where they have none"
    advice = f"If it stands for no date, declare {line}."
    report_rows(typed, odd, column, problem, advice, findings, warn=True)


def _check_moment(responses: Typed, findings: Findings) -> None:
    """Waves whose answers were all given at one time of one day: the time of an export."""
    frame = responses.frame
    if not {"wave", "completed_at"} <= set(frame) or frame["completed_at"].dtype.kind != "M":
        return
    for wave, times in frame.groupby("wave")["completed_at"]:
        known = times.dropna()
        first = known.mode()
        if len(known) < FEWEST or first.empty:
            continue
        same = known.eq(first.iloc[0])
        if same.mean() < ONE_MOMENT or first.iloc[0] == first.iloc[0].normalize():
            continue
        place = int(np.flatnonzero(frame.index == same.idxmax())[0])
        file, row = responses.raw.where(place)
        problem = f"is the same moment in {int(same.sum()):,} answers of {wave}, as that of an "
        problem += "export is"
        advice = "Send when each answer was given, or leave the column out."
        found = f"{first.iloc[0]:%Y-%m-%d %H:%M}"
        findings.warn(file, problem, advice, row=row, column="completed_at", found=found)

"""Numbers that a workbook shows in per cent, and stores as shares."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.study.codebook import Codebook
from helpers.study.findings import Findings
from helpers.study.intake import Typed

__all__ = ["check_percent_cells"]

SIGN = "%"
LARGEST = 10.0  # as a share: what is stored above it was no share, whatever its format


def check_percent_cells(
    tables: Mapping[str, Typed], codebook: Codebook, findings: Findings
) -> None:
    """Per cents and answers that are a hundredth of what the workbook shows are errors."""
    for name, typed in tables.items():
        for place, of_file in enumerate(typed.raw.currencies):
            for column in (one for one, signs in of_file.items() if SIGN in signs):
                most = _most(column, name, typed, codebook)
                values = _numbers(typed, column, place)
                if most is None or values.empty or values.abs().max() > most:
                    continue
                first = float(values[values != 0].iloc[0]) if (values != 0).any() else 0.0
                problem = f"is shown in per cent: {first:.0%} is stored as {first:g}"
                advice = (
                    f"Send it as {100 * first:g}: 100 times as much, in a format without the sign."
                )
                if name == "responses":
                    advice = "Bring the answers to the scale of the question, in a query."
                file = typed.raw.files[place]
                findings.error(file, problem, advice, column=column)


def _most(column: str, name: str, typed: Typed, codebook: Codebook) -> float | None:
    """Up to where a stored number is a share of what is meant; none where shares are meant."""
    if typed.table.column(column) is not None and column.endswith("_pct"):
        return LARGEST
    question = codebook.get(column) if name == "responses" else None
    scaled = question is not None and question.scaled and question.high is not None
    return 1.0 if scaled and question is not None and (question.high or 0) > 1 else None


def _numbers(typed: Typed, column: str, place: int) -> pd.Series:
    """The column's numbers in one of the table's files; none where it holds no numbers."""
    if column not in typed.frame or typed.frame[column].dtype.kind not in "fi":
        return pd.Series(dtype=float)
    return typed.frame.loc[typed.raw.file_of == place, column].dropna().astype(float)

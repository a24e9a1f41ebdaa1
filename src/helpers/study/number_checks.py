"""Numbers that were read, and may yet mean something else, or cannot be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpers.study.codebook import Codebook
from helpers.study.config import Config, Format
from helpers.study.currencies import check_currency
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.row_faults import report_rows
from helpers.study.signs import whole
from helpers.study.values import ALIKE, as_numbers

__all__ = ["check_numbers", "check_whole_answers", "warn_of_thousands"]

THREE = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
POINT = re.compile(r"[+-]?\d*\.\d+")
ROUNDED = r"[+-]?\d(?:[.,]\d{1,4})?[eE]\+?0*[3-9]\d?"
MOSTLY = 0.9  # of the values with a point have three digits behind it
FEWEST = 2  # different values, before their digits say anything
WHOLE = (0.0, 10.0)  # the scale of the recommend question, whose answers are counted in groups
WEIGHED = (("responses", "weight"), ("responses", "completes"), ("population", "size"))


def warn_of_thousands(
    typed: Typed, form: Format, findings: Findings, *, only: str | None = None
) -> None:
    """``1.234`` may be one and a bit or a thousand: told of where nearly all are so.

    ``only`` names a column that the table does not declare, as a metric of the codebook.
    """
    if form.decimal or form.thousands or typed.raw.stored_types:
        return
    for column in typed.frame.columns if only is None else [only]:
        declared = typed.table.column(str(column))
        if (declared is None) == (only is None):
            continue
        if declared is not None and (declared.kind != "number" or declared.high is not None):
            continue
        cells = typed.raw.frame[column].dropna().drop_duplicates()
        texts = [c.translate(ALIKE).strip() for c in cells if isinstance(c, str)]
        pointed = [text for text in texts if POINT.search(text)]
        three = [text for text in pointed if THREE.fullmatch(text)]
        if len(three) >= FEWEST and len(three) >= MOSTLY * len(pointed):
            _warn_of_thousands(typed, str(column), three, form, findings)


def _warn_of_thousands(
    typed: Typed, column: str, three: Sequence[str], form: Format, findings: Findings
) -> None:
    cells = typed.raw.frame[column]
    place = next(i for i, c in enumerate(cells) if isinstance(c, str) and three[0] in c)
    file, row = typed.raw.where(place)
    keys = {"decimal": ",", "thousands": "."}
    reads_all = not as_numbers(cells, form.model_copy(update=keys))[1].any()
    whole = three[0].replace(".", "")
    line = f'`formats: {{{typed.table.name}: {{decimal: ",", thousands: "."}}}}`'
    plain = f'`formats: {{{typed.table.name}: {{decimal: "."}}}}`'
    european = form.delimiter == ";"
    why = ", in a file with semicolons," if european else ""
    problem = f"and {len(three) - 1:,} more{why} have three digits after the point: read as "
    problem += f"{float(three[0]):g}, not {whole}"
    advice = f"If {whole} is meant, declare {line}; if not, {plain} in client.yml."
    if not reads_all:
        advice = f"If {whole} is meant, write it so in all rows; if not, declare {plain}."
    findings.warn(file, problem, advice, row=row, column=column, found=three[0])


def check_numbers(tables: Mapping[str, Typed], config: Config, findings: Findings) -> None:
    """Weights, chances and sizes that nothing can be counted with; currencies that contradict."""
    for name, typed in tables.items():
        warn_of_thousands(typed, config.format(name), findings)
        check_currency(typed, config, findings)
        _warn_of_rounding(typed, findings)
        _warn_of_shares(typed, findings)
    if "invitations" in tables:
        sent = tables["invitations"]
        never = sent.frame.get("inclusion_probability", pd.Series(dtype=float)) == 0
        advice = "Whoever was invited had a chance above 0: send it, or leave the cell empty."
        report_rows(sent, never, "inclusion_probability", "is 0", advice, findings)
    for name, column in WEIGHED:
        if name in tables and column in tables[name].raw.frame:
            _check_some(tables[name], column, findings)


def _warn_of_shares(typed: Typed, findings: Findings) -> None:
    """Per cents that all lie between -1 and 1 may be shares."""
    for column in (str(name) for name in typed.frame if str(name).endswith("_pct")):
        values = typed.frame[column]
        if typed.table.column(column) is None or values.dtype.kind not in "fi":
            continue
        there = values[values.notna() & (values != 0)]
        if there.nunique() < FEWEST or (there.abs() > 1).any() or (there % 1 == 0).any():
            continue
        file, row = typed.raw.where(int(np.flatnonzero(values.eq(there.iloc[0]))[0]))
        first = float(there.iloc[0])
        problem = f"and all others lie between -1 and 1: read as {first:.10g} per cent"
        advice = f"If {100 * first:.10g} per cent is meant, send it so: 100 times as much."
        found = f"{first:.10g}"
        findings.warn(file, problem, advice, row=row, column=column, found=found)


def _warn_of_rounding(typed: Typed, findings: Findings) -> None:
    """Amounts in scientific notation, of which a spreadsheet has kept a few digits."""
    if typed.raw.stored_types:
        return
    for column in typed.frame.columns:
        declared = typed.table.column(str(column))
        if declared is None or declared.kind != "number":
            continue
        texts = typed.raw.frame[column].astype("str").str.strip()
        short = whole(texts, ROUNDED)
        if short.sum() < FEWEST or texts[short].nunique() < FEWEST:
            continue
        place = int(np.flatnonzero(short)[0])
        file, row = typed.raw.where(place)
        found = texts.iloc[place]
        problem = f"and {int(short.sum()) - 1:,} more are in scientific notation: the digits that "
        problem += "it does not show are lost"
        advice = "Format the column as a number with all its digits, and export it again."
        findings.warn(file, problem, advice, row=row, column=str(column), found=found)


def _check_some(typed: Typed, column: str, findings: Findings) -> None:
    """A column to weigh by has a number above 0 somewhere."""
    values = typed.frame[column]
    if len(values) == 0:
        return
    if (values > 0).any():
        _check_waves(typed, column, findings)
        return
    empty = typed.raw.frame[column].isna().all()
    if values.isna().all() and not empty:
        return  # none of it was read, which was told
    problem = "is empty in all rows" if empty else "is 0 in all rows"
    advice = f"Send {column} above 0, or leave the column out."
    findings.error(typed.raw.file, problem, advice, row=typed.raw.where(0)[1], column=column)


def _check_waves(typed: Typed, column: str, findings: Findings) -> None:
    """A wave weighs something, and all of it: a weight that some lack is used for none."""
    if typed.table.name != "responses" or "wave" not in typed.frame:
        return
    for wave, values in typed.frame[column].groupby(typed.frame["wave"], sort=False):
        lacking, none = values.isna(), not (values > 0).any()
        if none and not lacking.all():
            advice = f"Send {column} above 0 for this wave, or leave its cells empty."
            rows = typed.frame.index.isin(values.index[~lacking])
            problem = f"is 0 in all rows of {wave}"
            report_rows(typed, pd.Series(rows), column, problem, advice, findings)
        elif lacking.any() and not none:
            rows = typed.frame.index.isin(values.index[lacking])
            problem = f"is empty for some of {wave}, so that nobody of it is weighted by it"
            advice = f"Send {column} for each answer; 0 for one that is not to count."
            report_rows(typed, pd.Series(rows), column, problem, advice, findings, warn=True)


def check_whole_answers(responses: Typed, codebook: Codebook, findings: Findings) -> None:
    """Answers between two points of the recommend scale are in none of its groups."""
    for question in codebook.of("recommend"):
        if question.variable in responses.frame and (question.low, question.high) == WHOLE:
            answers = responses.frame[question.variable]
            between = answers.notna() & (answers % 1 != 0)
            advice = "Promoters and detractors are counted from whole answers, 0 to 10: send those."
            problem = "is not a whole number"
            report_rows(responses, between, question.variable, problem, advice, findings)

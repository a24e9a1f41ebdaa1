"""Words for values that do not fit their column: how many, the first one, what to type."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pandas as pd

from helpers.study.findings import Findings
from helpers.study.readers.raw import RawTable

__all__ = ["misfit_advice", "report_misfits"]

KINDS = {
    "number": "a number",
    "date": "a date written as 2026-06-30",
    "period": "a month written as 2026-06-01",
    "yes_no": "yes or no",
}
CLOCK = re.compile(
    r"(?P<gap>,? +|T)\d{1,2}:\d{2}(?P<seconds>:\d{2})?(?P<half>(?P<space> ?)[AaPp][Mm])?$"
)
DAY_FIRST = re.compile(rf"\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{4}}({CLOCK.pattern})?")
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
SHORT_YEAR = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2}")
SERIAL = re.compile(r"[34]\d{4}(\.\d+)?")
MARKED = re.compile(r"\(?[^\d\s()+-]{0,4}\s*-?\d{1,3}([.,' ’]\d{3})*([.,]\d+)?\s*[^\d\s()]{0,4}\)?")


def report_misfits(
    raw: RawTable, misfits: pd.Series, name: str, kind: str, advice: str, findings: Findings
) -> None:
    """Report all misfits of a column as one fault that names the first."""
    positions = np.flatnonzero(misfits.to_numpy())
    file, row = raw.where(positions[0])
    value = raw.frame[name].iloc[positions[0]]
    found = None if value is None or value is pd.NA or value != value else _shown(value)
    what = KINDS.get(kind, kind)
    if len(positions) == 1:
        problem = f"is not {what}"
    else:
        problem = f"and {len(positions) - 1:,} more are not {what}"
        if found is None:
            problem = f"is not {what} in {len(positions):,} rows"
    findings.error(file, problem, advice, row=row, column=name, found=found)


def _shown(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def misfit_advice(values: pd.Series, kind: str, table: str) -> str:
    """What to type so that values like these can be read.

    Examples
    --------
    >>> misfit_advice(pd.Series(["31/12/2026"]), "date", "financials")
    'Declare their format: `formats: {financials: {date: "%d/%m/%Y"}}` in client.yml.'
    """
    texts = [str(value).strip() for value in values.head(1000)]
    if kind in ("date", "period"):
        return _date_advice(texts, table)
    if kind == "yes_no":
        return "Write yes or no (true and false, 1 and 0 do as well)."
    if kind == "answer" and not any(MARKED.fullmatch(text) for text in texts):
        return "Send codes instead of labels, or declare the text under missing_codes."
    marks = _marks(texts)
    if marks:
        return f"Declare how they are written: `formats: {{{table}: {{{marks}}}}}` in client.yml."
    first = texts[0]
    return f'Correct them, or declare `formats: {{{table}: {{missing: ["{first}"]}}}}`.'


def _date_advice(texts: list[str], table: str) -> str:
    first = texts[0]
    declared = _clock_form(texts)
    if SERIAL.fullmatch(first):
        return "They look like Excel serial numbers: format the column as a date, export again."
    if SHORT_YEAR.fullmatch(first):
        return "Two-digit years are not read: export them as 2026-06-30."
    if DAY_FIRST.fullmatch(first):
        mark = next(c for c in first if not c.isdigit())
        parts = [re.split(r"[./-]", text)[:2] for text in texts if DAY_FIRST.fullmatch(text)]
        month_first = any(int(second) > 12 for _, second in parts)
        order = ["%m", "%d"] if month_first else ["%d", "%m"]
        form = mark.join([*order, "%Y"]) + declared
        return f'Declare their format: `formats: {{{table}: {{date: "{form}"}}}}` in client.yml.'
    if ISO_DAY.match(first) and not _is_no_day(first):
        return f"Write all dates of {table} one way: `date` under `formats` declares another."
    return "Write them as 2026-06-30, or declare their format: `date` under `formats`."


def _clock_form(texts: list[str]) -> str:
    """The format of the time behind a date, the most exact one found; "" without any."""
    clocks = [match for text in texts if (match := CLOCK.search(text))]
    if not clocks:
        return ""
    first = clocks[0]
    half = next((match for match in clocks if match["half"]), None)
    seconds = ":%S" if any(match["seconds"] for match in clocks) else ""
    end = half["space"] + "%p" if half else ""
    return first["gap"] + ("%I" if half else "%H") + ":%M" + seconds + end


def _is_no_day(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return True
    return False


def _marks(texts: list[str]) -> str:
    """The declaration that numbers written like these would need."""
    marked = [text for text in texts if MARKED.fullmatch(text) and any(c.isdigit() for c in text)]
    if not marked:
        return ""
    keys: list[str] = []
    comma = any(re.search(r",\d{1,2}\D*$", t) or re.search(r"\.\d{3},", t) for t in marked)
    if comma:
        keys.append('decimal: ","')
    thousands = next((m for t in marked for m in re.findall(r"\d([.,' ’])\d{3}", t)), None)
    if thousands and not (comma and thousands == ","):
        keys.append(f'thousands: "{thousands}"')
    symbols = sorted({s for t in marked for s in re.findall(r"[^\d\s.,'’()+%-]+", t)})
    if symbols:
        keys.append(f'currency: "{symbols[0]}"')
    if any("%" in text for text in marked):
        keys.append("percent: true")
    if any(text.startswith("(") for text in marked):
        keys.append("parentheses: true")
    return ", ".join(keys)

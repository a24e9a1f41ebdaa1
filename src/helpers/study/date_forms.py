"""Forms of dates tried on a whole column before one is advised."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers.study.config import Format
from helpers.study.trials import as_line, missing_keys
from helpers.study.values import as_dates, as_periods

__all__ = ["date_advice"]

CLOCK = re.compile(
    r"(?P<gap>,? +|T)\d{1,2}:\d{2}(?P<seconds>:\d{2})?(?P<half>(?P<space> ?)[AaPp][Mm])?$"
)
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LONGER = re.compile(  # 2026-Q1, Q1/26, 2026 H2, 2026-W07, KW 7 2026
    r"(?:\d{2,4}[-/. ]?)?(?:[QTHS][1-4]|[1-4]Q|(?:W|KW|WEEK) ?\d\d?)(?:[-/. ]?\d{2,4})?", re.I
)
SHORT_YEAR = re.compile(
    r"\d{1,2}(?:[./-]\d{1,2}[./-]|[ ./-]?[^\W\d_]{3,9}[ ./-]{1,2})'?\d{2}(?:[ T]\d+:.*)?"
)
SERIAL = re.compile(r"[34]\d{4}(\.\d+)?")
YEAR = re.compile(r"(?:FY ?)?(?:19|20)\d\d(?:/\d\d(?:\d\d)?)?", re.I)
EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
ZONE = re.compile(r"\d:\d\d.* (?P<zone>\(?[A-Z]{3,5}\)?)$")
LETTERS = re.compile(r"[^\W\d_]{3}")
NO_DAY = re.compile(
    r"\D*|0+|0{4}-00-00.*|00[./]00[./]0{4}.*|1900-01-00.*"
)  # what is there for none
NAMED = (
    "%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%d. %B %Y", "%b %d, %Y", "%B %d, %Y", "%d/%b/%Y",
    "%A, %d %B %Y", "%A, %B %d, %Y", "%a, %d %b %Y",
)  # fmt: skip
MONTHS = (
    "%m/%Y", "%m.%Y", "%m-%Y", "%Y/%m", "%Y.%m", "%b %Y", "%B %Y", "%b-%Y", "%Y-%b", "%Y %b",
    "%b-%y", "%b %y", "%B %y", "%b/%y", "%y-%b",
)  # fmt: skip
MOST_WORDS = 12  # words for no date that one line declares
SHOWN = 3


@dataclass(frozen=True)
class _Form:
    text: str
    values: pd.Series


def date_advice(
    cells: pd.Series, kind: str, table: str, form: Format, others: Sequence[tuple[pd.Series, str]]
) -> str:
    """What to type so that dates like these can be read: tried on all of the column.

    ``others`` are the file's other columns of dates and months with their kind: one form
    holds for all of a file.

    Examples
    --------
    >>> date_advice(pd.Series(["31/12/2026"]), "date", "contracts", Format(), ())
    'Declare their format: `formats: {contracts: {date: "%d/%m/%Y"}}` in client.yml.'
    """
    cells = cells.dropna().drop_duplicates()
    unread = cells[_read(cells, kind, form)[1]]
    texts = [str(value).strip() for value in unread]
    words = [text for text in dict.fromkeys(texts) if NO_DAY.fullmatch(text)]
    if words and len(words) <= MOST_WORDS:
        return _beside_words(cells, words, kind, table, form, others)
    if SERIAL.fullmatch(texts[0]):
        return "They look like Excel serial numbers: format the column as a date, export again."
    if EPOCH.fullmatch(texts[0]):
        unit = "seconds" if len(texts[0]) == 10 else "thousandths of a second"
        return f"They look like {unit} since 1970: write them as dates, in a query ({table}.sql)."
    if kind == "period" and (LONGER.fullmatch(texts[0]) or YEAR.fullmatch(texts[0])):
        return (
            f"A row of {table} is a month: divide {_periods(texts[0])} among their months in a "
            f"query ({table}.sql)."
        )
    if SHORT_YEAR.fullmatch(texts[0]):
        return "Two-digit years are not read: export them as 2026-06-30."
    forms = _candidates(texts, kind)
    fitting = [found for name in forms if (found := _fits(cells, kind, form, name)) is not None]
    sparing = [found for found in fitting if _spares(found.text, form, others)]
    if sparing:
        return _told(cells, _distinct(sparing), table)
    if fitting:
        return f"Dates of {table} are written in several ways: write all of them one way."
    return _mixed(cells, unread, kind, form, forms, table)


def _periods(text: str) -> str:
    return "years" if YEAR.fullmatch(text) else "quarters, halves and weeks"


def _beside_words(
    cells: pd.Series,
    words: Sequence[str],
    kind: str,
    table: str,
    form: Format,
    others: Sequence[tuple[pd.Series, str]],
) -> str:
    """Words for no date among dates: declared as missing, the rest by a form where it needs one."""
    rest = cells[~cells.map(lambda value: str(value).strip()).isin(list(words))]
    gone = missing_keys(form, {str(cells.name): words})
    said = " and ".join(repr(word) for word in words[:SHOWN])
    said += f" and {len(words) - SHOWN} more" if len(words) > SHOWN else ""
    stand = "stands" if len(words) == 1 else "stand"
    if rest.empty or not _read(rest, kind, form)[1].any():
        read = f"The others are read as {form.date}, as declared. " if form.date else ""
        row = f" A row that is no record is left out by a query ({table}.sql)." if form.date else ""
        return f"{read}If {said} {stand} for no date, declare {as_line(table, gone)}.{row}"
    forms = _candidates([str(v).strip() for v in rest[_read(rest, kind, form)[1]]], kind)
    fitting = [found for name in forms if (found := _fits(rest, kind, form, name)) is not None]
    if not fitting:
        advice = date_advice(rest, kind, table, form, others)
        return f"{advice} Besides, {said} {stand} among them: leave the cell empty for no date."
    lines = [as_line(table, {"date": one.text, **gone}) for one in _distinct(fitting)[:2]]
    return f"If {said} {stand} for no date, declare {' or '.join(lines)}."


def _read(cells: pd.Series, kind: str, form: Format) -> tuple[pd.Series, pd.Series]:
    if kind == "period":
        values, misfits, _ = as_periods(cells, form)
        return values, misfits
    return as_dates(cells, form)


def _candidates(texts: Sequence[str], kind: str) -> list[str]:
    clock = _clock_form(texts)
    numeric = [
        form
        for mark in "./-"
        if any(mark in text for text in texts)
        for form in (f"%d{mark}%m{mark}%Y", f"%m{mark}%d{mark}%Y", f"%Y{mark}%m{mark}%d")
    ]
    named = list(NAMED) if any(re.search(r"[^\W\d]{3}", text) for text in texts) else []
    compact = ["%Y%m%d"] if all(re.fullmatch(r"\d{8}", text) for text in texts) else []
    months = []
    if kind == "period":
        months = [*MONTHS, *(["%Y%m"] if all(re.fullmatch(r"\d{6}", t) for t in texts) else [])]
    return [form + clock for form in (*numeric, *named, *compact)] + months


def _fits(cells: pd.Series, kind: str, form: Format, name: str) -> _Form | None:
    now, unread = _read(cells, kind, form)
    values, misfits = _read(cells, kind, form.model_copy(update={"date": name}))
    kept = unread | (now == values) | (now.isna() & values.isna())
    return None if misfits.any() or not kept.all() else _Form(name, values)


def _spares(name: str, form: Format, others: Sequence[tuple[pd.Series, str]]) -> bool:
    """Whether no other column of dates loses a value, or changes one."""
    for column, kind in others:
        cells = column.dropna().drop_duplicates()
        cells = cells[~cells.map(lambda value: NO_DAY.fullmatch(str(value).strip()) is not None)]
        now, before = _read(cells, kind, form)
        values, after = _read(cells, kind, form.model_copy(update={"date": name}))
        if (after & ~before).any() or (now.notna() & values.notna() & (now != values)).any():
            return False
        if (before & after).any():
            return False
    return True


def _distinct(forms: Sequence[_Form]) -> list[_Form]:
    """One form for each reading, the first of those that read alike; two orders always."""
    found: list[_Form] = []
    for form in forms:
        same = [f for f in found if np.array_equal(f.values.to_numpy(), form.values.to_numpy())]
        if not same or _order(form.text) != _order(same[0].text):
            found.append(form)
    return found


def _order(form: str) -> str:
    return "".join(letter for letter in form if letter in "dmY").lower()


def _told(cells: pd.Series, forms: Sequence[_Form], table: str) -> str:
    lines = [f'`formats: {{{table}: {{date: "{form.text}"}}}}`' for form in forms]
    if len(forms) == 1:
        short = str(cells.iloc[0]).strip() if "%y" in forms[0].text else ""
        read = f" {short} is then {forms[0].values.iloc[0]:%B %Y}." if short else ""
        return f"Declare their format: {lines[0]} in client.yml.{read}"
    first, second = forms[:2]
    differing = np.flatnonzero((first.values != second.values).to_numpy())
    if not len(differing):
        either = " or ".join(lines[:2])
        return f"Both forms fit: declare {either} in client.yml, as other dates of yours are."
    place = int(differing[0])
    shown = str(cells.iloc[place]).strip()
    days = [f"{shown} is {_written(form.values.iloc[place])}" for form in (first, second)]
    return (
        f"Two forms fit: declare {lines[0]} in client.yml if {days[0]}, or {lines[1]} if {days[1]}."
    )


def _written(day: pd.Timestamp) -> str:
    return f"{day.day} {date(2000, day.month, 1):%B} {day.year}"


def _mixed(
    cells: pd.Series,
    unread: pd.Series,
    kind: str,
    form: Format,
    forms: Sequence[str],
    table: str,
) -> str:
    """Values that no one form reads: those that stand out are named."""
    first = str(unread.iloc[0]).strip()
    if ISO_DAY.match(first) and not _is_no_day(first) and not ZONE.search(first):
        return f"Write all dates of {table} one way: `date` under `formats` declares another."
    odd: pd.Series | None = None
    readings: list[_Form] = []  # of those that leave fewest
    for name in forms:
        values, misfits = _read(cells, kind, form.model_copy(update={"date": name}))
        if misfits.all() or (odd is not None and len(cells[misfits]) > len(odd)):
            continue
        same = odd is not None and len(cells[misfits]) == len(odd)
        odd = odd if same else cells[misfits]
        readings = [*(readings if same else []), _Form(name, values)]
    if odd is None and form.date and len(unread) < len(cells):
        return (
            f"The others are read as {form.date}, as declared. Correct it; a row that is no "
            f"record, such as a line of totals, is left out by a query ({table}.sql)."
        )
    if odd is None and (zone := ZONE.search(first)):
        return f"Write the zone as +02:00 or Z: {zone['zone'].strip('()')} may mean several."
    if odd is None and LETTERS.search(first):
        return "Names of months are read in English alone: write them as 2026-06-30."
    if odd is None:
        return "Write them as 2026-06-30, or declare their format: `date` under `formats`."
    some = ", ".join(repr(str(value)) for value in odd.head(SHOWN))
    more = f" and {len(odd) - SHOWN:,} more" if len(odd) > SHOWN else ""
    said = f"They are written in several ways ({some}{more} unlike the others)"
    if any(LETTERS.search(str(value)) for value in odd):
        said += ", and names of months are read in English alone"
    return f"{said}: write all one way{_either(cells, readings)}."


def _either(cells: pd.Series, readings: Sequence[_Form]) -> str:
    """One of the dates read both ways, where two forms read as many of them."""
    orders = {_order(form.text): form for form in reversed(readings)}
    if len(orders) < 2:
        return ""
    first, second = list(orders.values())[-1], list(orders.values())[-2]
    there = first.values.notna() & second.values.notna() & (first.values != second.values)
    if not there.any():
        return ""
    place = int(np.flatnonzero(there.to_numpy())[0])
    days = [_written(form.values.iloc[place]) for form in (first, second)]
    shown = str(cells.iloc[place]).strip()
    told = f"{days[0]} by {first.text}, {days[1]} by {second.text}"
    return f", and see which is meant: {shown} is {told}"


def _clock_form(texts: Sequence[str]) -> str:
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

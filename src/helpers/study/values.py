"""From text to typed columns: only formats that were declared, every misfit reported."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from helpers.study.config import Format

__all__ = [
    "Misfits", "as_dates", "as_numbers", "as_periods", "as_text", "as_yes_no", "is_number",
    "yes_or_no",
]  # fmt: skip

ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})"
    r"(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
ALIKE = str.maketrans(  # signs that are written in several ways and mean the same in a number
    {
        **dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d", "-"),  # minus signs
        **dict.fromkeys("\u00a0\u202f\u2007\u2009", " "),  # spaces that do not break, or thin ones
        **dict.fromkeys("\u200b\u200e\u200f\u2060\ufeff", ""),  # nothing that can be seen
        "\uff05": "%",
        "\u2019": "'",
    }
)
CLOCK = re.compile(r"(,? +|T)%[HI].*$")  # the time at the end of a format
YES = {"yes", "y", "true", "t", "1", "1.0"}
NO = {"no", "n", "false", "f", "0", "0.0"}

Misfits = pd.Series  # bool: where a value was there but could not be read


def _read_each(
    raw: pd.Series, read: Callable[[Any], object], missing: object, dtype: str = "object"
) -> tuple[pd.Series, Misfits]:
    """Read every distinct value once; ``read`` returns None for what it cannot read."""
    mixed = pd.api.types.is_object_dtype(raw.dtype) or pd.api.types.is_bool_dtype(raw.dtype)
    codes, distinct = pd.factorize(_told_apart(raw) if mixed else raw, use_na_sentinel=True)
    values = [read(value[0] if isinstance(value, tuple) else value) for value in distinct]
    bad = np.array([value is None for value in values] + [False], dtype=bool)
    filled = np.empty(len(values) + 1, dtype="object" if dtype == "str" else dtype)
    filled[:-1] = [missing if value is None else value for value in values]
    filled[-1] = missing
    taken = pd.array(filled, dtype="str").take(codes) if dtype == "str" else filled[codes]
    return (
        pd.Series(taken, index=raw.index, name=raw.name),
        pd.Series(bad[codes], index=raw.index),
    )


def _told_apart(raw: pd.Series) -> pd.Series:
    """Cells among which ``True`` is not 1, nor ``False`` 0, as they are to Python."""
    cells = raw.astype(object)
    truths = [isinstance(cell, bool) for cell in cells]
    if not any(truths):
        return cells
    kept = [(cell,) if truth else cell for cell, truth in zip(cells, truths, strict=True)]
    return pd.Series(kept, index=raw.index, dtype=object)


def as_text(raw: pd.Series) -> pd.Series:
    """Text exactly as it stands; a number stored as a number is written without ``.0``.

    Examples
    --------
    >>> as_text(pd.Series(["007", 7.0, "NA"], dtype=object)).to_list()
    ['007', '7', 'NA']
    """
    if isinstance(raw.dtype, pd.StringDtype):
        return raw.astype("str")
    return _read_each(raw, _text, None, "str")[0]


def _text(value: object) -> str:
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    return str(value)


def as_numbers(raw: pd.Series, form: Format, *, share: bool = False) -> tuple[pd.Series, Misfits]:
    """Numbers in the declared way of writing them; misfits come back as missing.

    A minus sign of any width is one. ``40%`` is 40 where ``percent`` is declared, and 0.4 in
    a column of shares (``share``).

    Examples
    --------
    >>> values, misfits = as_numbers(pd.Series(["1.234,50", "x"]),
    ...                              Format(decimal=",", thousands="."))
    >>> values.to_list(), misfits.to_list()
    ([1234.5, nan], [False, True])
    """
    if pd.api.types.is_numeric_dtype(raw.dtype) and not pd.api.types.is_bool_dtype(raw.dtype):
        values = raw.astype(float)
        endless = values.abs().eq(np.inf)
        return values.mask(endless), endless
    return _read_each(raw, _number_reader(form, share=share), np.nan, "float64")


def _number_reader(form: Format, *, share: bool = False) -> Callable[[object], float | None]:
    point = re.escape(form.decimal or ".")
    thousands = (form.thousands or "").translate(ALIKE)
    mark = re.escape(thousands) if thousands else None
    whole = rf"\d{{1,3}}(?:{mark}\d{{3}})+|\d+" if mark else r"\d+"
    grouped = re.compile(rf"[+-]?(?:(?:{whole})(?:{point}\d*)?|{point}\d+)(?:[eE][+-]?\d+)?")

    def read(value: object) -> float | None:
        if isinstance(value, bool | date):
            return None
        if not isinstance(value, str):
            return _finite(value)
        text, unit = _stripped(value, form, share=share)
        if not grouped.fullmatch(text):
            return None
        if thousands:
            text = text.replace(thousands, "")
        number = _finite(text.replace(form.decimal or ".", "."))
        return None if number is None else number / unit

    return read


def _finite(value: object) -> float | None:
    """A value as a number; ``None`` where it is none, or one without end such as 1e999."""
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _stripped(value: str, form: Format, *, share: bool) -> tuple[str, float]:
    """A number without its marks, and what to divide it by: -1 where they make it negative."""
    text, unit = value.translate(ALIKE).strip(), 1.0
    if form.parentheses and text.startswith("(") and text.endswith(")"):
        text, unit = text[1:-1].strip(), -1.0
    if form.percent and text.endswith("%"):
        text = text[:-1].rstrip()
        unit *= 100 if share else 1
    for symbol in form.currency:
        text = text.replace(symbol.translate(ALIKE), "", 1)
    text = text.strip()
    if form.trailing_minus and text.endswith("-") and not text.startswith(("-", "+")):
        text, unit = text[:-1].rstrip(), -unit
    if text.startswith(("-", "+")):
        text = text[0] + text[1:].lstrip()
    return text, unit


def as_yes_no(raw: pd.Series) -> tuple[pd.Series, Misfits]:
    """Yes or no, written yes/no, true/false or 1/0, as nullable booleans.

    Examples
    --------
    >>> as_yes_no(pd.Series(["yes", "0", "perhaps"]))[0].to_list()
    [True, False, <NA>]
    """
    read, misfits = _read_each(raw, yes_or_no, pd.NA)
    return read.astype("boolean"), misfits


def yes_or_no(value: object) -> bool | None:
    """One cell as yes or no; ``None`` where it is neither.

    Examples
    --------
    >>> yes_or_no(" Yes"), yes_or_no(0), yes_or_no("perhaps")
    (True, False, None)
    """
    text = str(value).strip().casefold()
    if text in YES:
        return True
    return False if text in NO else None


def as_dates(raw: pd.Series, form: Format) -> tuple[pd.Series, Misfits]:
    """Dates and times: ISO, or the one declared format; a time zone is turned to UTC.

    Of a declared format the time, or its seconds, may be absent: one table's format
    holds for its dates and for its times.

    Examples
    --------
    >>> as_dates(pd.Series(["2026-05-04", "04/05/2026"]), Format())[1].to_list()
    [False, True]
    """
    if pd.api.types.is_datetime64_any_dtype(raw.dtype):
        return _without_zone(raw), pd.Series(False, index=raw.index)
    missing = np.datetime64("NaT", "us")
    return _read_each(raw, lambda value: _date(value, form.date), missing, "datetime64[us]")


def _without_zone(raw: pd.Series) -> pd.Series:
    local = raw.dt.tz_convert("UTC").dt.tz_localize(None) if raw.dt.tz is not None else raw
    return local.astype("datetime64[us]")


def _date(value: object, form: str | None) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None) if value.tzinfo is None else _utc(value)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if form is None:
        found = _read_time(datetime.fromisoformat, _iso(text)) if ISO.fullmatch(text) else None
    else:
        shorter = dict.fromkeys((form, form.replace(":%S", ""), CLOCK.sub("", form)))
        read = (_read_time(datetime.strptime, text, one) for one in shorter)
        found = next((time for time in read if time is not None), None)
    return found if found is None or found.tzinfo is None else _utc(found)


def _read_time(read: Callable[..., datetime], *texts: str) -> datetime | None:
    try:
        return read(*texts)
    except ValueError:
        return None


def _iso(text: str) -> str:
    return re.sub(r"\s*(UTC|Z)$", "+00:00", text)


def _utc(value: datetime) -> datetime:
    offset = value.utcoffset()
    plain = value.replace(tzinfo=None)
    return plain if offset is None else plain - offset


def _is_iso(value: object) -> bool:
    return isinstance(value, str) and ISO.fullmatch(value.strip()) is not None


def as_periods(raw: pd.Series, form: Format) -> tuple[pd.Series, Misfits, int]:
    """Months as their first day (``2026-05`` is enough), with how many days were moved.

    Examples
    --------
    >>> months, misfits, moved = as_periods(pd.Series(["2026-05", "2026-06-30"]), Format())
    >>> months.dt.strftime("%Y-%m-%d").to_list(), moved
    (['2026-05-01', '2026-06-01'], 1)
    """
    if not pd.api.types.is_datetime64_any_dtype(raw.dtype):
        month = re.compile(r"\d{4}-\d{2}")
        raw = raw.map(
            lambda v: f"{v.strip()}-01" if isinstance(v, str) and month.fullmatch(v.strip()) else v,
            na_action="ignore",
        )
        if not form.date or raw.map(_is_iso).all():
            form = Format()
    days, misfits = as_dates(raw, form)
    months = days.to_numpy().astype("datetime64[M]").astype("datetime64[us]")
    first = pd.Series(months, index=days.index, name=days.name)
    moved = int((days.dt.day.ne(1) & days.notna()).sum())
    return first, misfits, moved


def is_number(text: str) -> bool:
    """Whether a text is a number as programs write one.

    >>> is_number("-1.5"), is_number("1,5")
    (True, False)
    """
    try:
        float(text)
    except ValueError:
        return False
    return True

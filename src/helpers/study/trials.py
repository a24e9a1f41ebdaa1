"""Declarations tried on a whole column before they are advised: numbers in other notations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from helpers.study.config import Format
from helpers.study.naming import in_yaml
from helpers.study.sameness import written
from helpers.study.values import ALIKE, as_numbers, as_text

__all__ = [
    "Reading",
    "alike",
    "as_line",
    "is_currency",
    "missing_keys",
    "number_readings",
    "other_notation",
    "words_among",
]

CODES = (
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HRK HUF IDR ILS INR ISK JPY "
    "KRW KWD MAD MXN MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD "
    "UAH USD UYU VND ZAR"
)
SHORT_NAMES = "euro euros fr. sfr sfr. kr kr. zł kč ft lei tl rs rs. rm rp"
MARKS = re.compile(r"[^\d\s.,'()+%-]+\.?")
GROUPED = re.compile(r"[+-]?\d{1,3}([.,' ]\d{3})+")


@dataclass(frozen=True)
class Reading:
    """One way of writing that reads all of a column: what to declare and what it gives."""

    keys: Mapping[str, Any]
    values: pd.Series

    @property
    def yaml(self) -> str:
        """The keys as they stand in ``client.yml``, between the braces."""
        return ", ".join(f"{name}: {_value(value)}" for name, value in self.keys.items())


def _value(value: object) -> str:
    if value is True:
        return "true"
    if value in ("drop", "keep"):
        return str(value)
    if isinstance(value, Mapping):
        lists = {in_yaml(str(key)): ", ".join(map(written, texts)) for key, texts in value.items()}
        return f"{{{', '.join(f'{key}: [{texts}]' for key, texts in lists.items())}}}"
    texts = [written(str(text)) for text in (value if isinstance(value, tuple) else (value,))]
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"


def missing_keys(form: Format, texts: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What is to be declared so that texts of columns are no values; the rest stays as it is.

    Examples
    --------
    >>> missing_keys(Format(missing="n/a"), {"revenue": ["-"]})
    {'missing': {'*': ('n/a',), 'revenue': ('-',)}}
    """
    own = {name: (*form.missing.get(name, ()), *said) for name, said in texts.items()}
    return {"missing": {**form.missing, **{n: tuple(dict.fromkeys(t)) for n, t in own.items()}}}


def as_line(table: str, keys: Mapping[str, Any]) -> str:
    """Keys of a table as they are typed in ``client.yml``.

    Examples
    --------
    >>> as_line("accounts", {"missing": {"revenue": ("-", "n/a")}, "percent": True})
    '`formats: {accounts: {missing: {revenue: ["-", "n/a"]}, percent: true}}` in client.yml'
    """
    told = ", ".join(f"{name}: {_value(value)}" for name, value in keys.items())
    return f"`formats: {{{table}: {{{told}}}}}` in client.yml"


def words_among(texts: Sequence[str]) -> list[str]:
    """Texts without any digit: words for "no value", perhaps.

    Examples
    --------
    >>> words_among(["n/a", "1,5", "-", "n/a"])
    ['n/a', '-']
    """
    return [text for text in dict.fromkeys(texts) if not re.search(r"\d", text)]


def other_notation(text: str) -> bool:
    """Whether a text is a number in some notation that can be declared.

    Examples
    --------
    >>> [other_notation(text) for text in ("1.234,50 €", "100-", "(5)", "3k", "n/a")]
    [True, True, True, False, False]
    """
    return next(number_readings(pd.Series([text], dtype=object), Format(), ()), None) is not None


def number_readings(
    cells: pd.Series, form: Format, others: Sequence[pd.Series], *, share: bool = False
) -> Iterator[Reading]:
    """Ways of writing that read every cell of a column and spoil no other column of the file.

    What is read already keeps its value, unless its mark turns out to be one between
    thousands, as in ``1.234`` beside ``1.234,50``.
    """
    cells = cells.dropna().drop_duplicates()
    now, unread = as_numbers(cells, form, share=share)
    texts = [text.translate(ALIKE).strip() for text in as_text(cells[unread])]
    for keys in _declarations(texts, form):
        tried = form.model_copy(update=keys)
        values, misfits = as_numbers(cells, tried, share=share)
        if misfits.any() or not _keeps(cells, now, values):
            continue
        if all(_spares(column, form, tried) for column in others):
            yield Reading(keys, values)


def _declarations(texts: Sequence[str], form: Format) -> Iterator[dict[str, Any]]:
    """What could be declared for texts like these, the fewest keys first."""
    flags: dict[str, Any] = {}
    symbols = sorted({mark for text in texts for mark in MARKS.findall(text) if is_currency(mark)})
    if symbols:
        flags["currency"] = (*form.currency, *(s for s in symbols if s not in form.currency))
    if any("%" in text for text in texts):
        flags["percent"] = True
    if any(text.startswith("(") for text in texts):
        flags["parentheses"] = True
    if any(re.search(r"\d\s*-\W*$|\d\s*-\s*[^\d\s]+$", text) for text in texts):
        flags["trailing_minus"] = True
    between = {mark for text in texts for mark in re.findall(r"(?<=\d)[., '](?=\d{3}(?!\d))", text)}
    wanted = {mark for mark in ".," if any(mark in text for text in texts)}
    wanted |= {"," if mark == "." else "." for mark in between & {".", ","}}  # 1.234.567 has none
    points = [None, *sorted(wanted, reverse=True)]
    pairs = [
        (point, mark)
        for point, mark in product(points, (None, *sorted(between)))
        if mark is None or mark != (point or form.decimal or ".")
    ]
    for point, mark in sorted(pairs, key=lambda pair: sum(part is not None for part in pair)):
        keys = {"decimal": point, "thousands": mark}
        yield {**{name: value for name, value in keys.items() if value}, **flags}


def is_currency(mark: str) -> bool:
    """Whether a mark beside a number is the sign, the code or the short name of a currency.

    Examples
    --------
    >>> [is_currency(mark) for mark in ("€", "CHF", "Kč", "k", "Mio", "−")]
    [True, True, True, False, False, False]
    """
    signs = [unicodedata.category(letter) == "Sc" for letter in mark]
    letters = "".join(letter for letter in mark if unicodedata.category(letter) != "Sc")
    if any(signs):
        return sum(signs) == 1 and letters.casefold() in ("", "us", "a", "c", "r", "hk", "nz", "s")
    return mark.upper() in CODES.split() or mark.casefold() in SHORT_NAMES.split()


def _keeps(cells: pd.Series, now: pd.Series, values: pd.Series) -> bool:
    changed = now.notna() & (now != values)
    return all(
        isinstance(cell, str) and GROUPED.fullmatch(cell.translate(ALIKE).strip())
        for cell in cells[changed]
    )


def _spares(column: pd.Series, form: Format, tried: Format) -> bool:
    """Whether another column of the file is read as before, or its marks are of thousands too."""
    column = column.dropna().drop_duplicates()
    now, before = as_numbers(column, form)
    values, after = as_numbers(column, tried)
    return not (after & ~before).any() and _keeps(column, now, values)


def alike(first: Reading, second: Reading) -> bool:
    """Whether two readings give the same numbers."""
    return bool(np.array_equal(first.values.to_numpy(), second.values.to_numpy(), equal_nan=True))

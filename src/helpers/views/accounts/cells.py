"""How the facts of an account are written, in the list and on its page alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from typing import Any

import pandas as pd

from helpers.views.rendering.numerals import count, decimal, money

__all__ = [
    "LATER",
    "address",
    "bar",
    "day",
    "number_of",
    "segment_word",
    "span_of",
    "told",
    "worth",
]

PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
RESERVED = re.compile(
    r"(?i)con|prn|aux|nul|com\d|lpt\d|account_list|index"
)  # names of systems, ours
LATER = "by turn, not within a year"  # of an action for which nobody has time
Row = Mapping[str, Any]


def address(account: str) -> str:
    """The file of an account's page: its id in small letters, or a hash where that is no name.

    >>> address("A0001"), address("../etc")
    ('a0001-2b34.html', 'x-f7f9121fdb53.html')
    """
    digest = sha256(account.encode("utf-8", "replace")).hexdigest()
    if PLAIN_ID.fullmatch(account) and not RESERVED.fullmatch(account):
        return f"{account.lower()}-{digest[:4]}.html"  # ids may differ in case alone
    return f"x-{digest[:12]}.html"


def told(value: object) -> str:
    """A text, escaped; nothing where there is none."""
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return ""
    return escape(str(value).encode("utf-8", "replace").decode("utf-8"))


def day(value: object) -> str:
    """A day that sorts and that every reader knows: 2026-07-31."""
    return "" if pd.isna(value) else f"{pd.Timestamp(value):%Y-%m-%d}"  # type: ignore[call-overload,arg-type]


def worth(value: object, currency: str) -> str:
    """Money as everywhere in the report; nothing where it is not known."""
    return "" if pd.isna(value) else money(float(value), currency)  # type: ignore[call-overload,arg-type]


def number_of(number: float, one: str, many: str = "") -> str:
    """A count with its noun.

    >>> number_of(1, "ticket"), number_of(3, "ticket")
    ('1 ticket', '3 tickets')
    """
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def bar(
    value: object, low: object, high: object, *, top: float = 100.0, peer: object = None
) -> str:
    """An interval as a small bar, with the words for those who do not see it; nothing if unknown.

    >>> bar(None, None, None)
    ''
    """
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return ""
    known = value if low is None or pd.isna(low) else low, value if pd.isna(high) else high  # type: ignore[call-overload]
    at, start, stop = (_place(end, top) for end in (value, *known))
    other = "" if peer is None or pd.isna(peer) else _peer(float(peer), top)  # type: ignore[call-overload,arg-type]
    return (
        f'<span class="bar" aria-hidden="true" style="--at:{at:.1f}%;--low:{start:.1f}%;'
        f'--high:{stop:.1f}%"><i></i><b></b>{other}</span>'
    )


def _place(value: object, top: float) -> float:
    """Where a value stands on its scale, in per cent of the bar."""
    return max(0.0, min(100.0, 100 * float(value) / top))  # type: ignore[arg-type]


def _peer(value: float, top: float) -> str:
    return f'<u style="--peer:{_place(value, top):.1f}%"></u>'


def span_of(low: object, high: object, decimals: int = 0) -> str:
    """Both ends of an interval; nothing where there is none."""
    if pd.isna(low) or pd.isna(high):  # type: ignore[call-overload]
        return ""
    return f"{decimal(float(low), decimals)} to {decimal(float(high), decimals)}"  # type: ignore[arg-type]


def segment_word(row: Row) -> str:
    """What the loyalty chapter calls an account that it singles out."""
    return f"likely {row['singled_out']}" if row["singled_out"] else ""

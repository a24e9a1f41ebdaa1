"""Numbers as a reader sees them: one way to write each unit, everywhere.

Shares are written as per cent, money with two significant digits, a true minus
sign before negatives, and an en dash where there is no number.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd

from helpers.results import significant

__all__ = [
    "MISSING",
    "count",
    "decimal",
    "formatter",
    "growth",
    "money",
    "moved_unit",
    "p_value",
    "percent",
    "span",
]

MISSING = "–"
MINUS = "−"
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "BRL": "R$"}
SCALES = ((1e9, "bn"), (1e6, "M"), (1e3, "k"))


def decimal(value: float, decimals: int = 1, *, signed: bool = False) -> str:
    """Write a number with a fixed count of decimals.

    Parameters
    ----------
    value
        The number; a missing one is written as an en dash.
    decimals
        Digits after the point.
    signed
        Write a plus sign before a positive number, as for a change.

    Examples
    --------
    >>> decimal(-0.04, 1), decimal(1234.56, 1), decimal(2.0, 1, signed=True)
    ('0.0', '1,234.6', '+2.0')
    >>> decimal(65.15), decimal(65.15 - 1e-13)
    ('65.2', '65.2')
    """
    if _absent(value):
        return MISSING
    value = significant(float(value))
    text = f"{abs(value):,.{decimals}f}"
    if not any(digit in text for digit in "123456789"):
        return text
    return f"{MINUS if value < 0 else '+' if signed else ''}{text}"


def percent(share: float, decimals: int = 0, *, signed: bool = False) -> str:
    """Write a share (0 to 1) as per cent.

    A share above nothing never reads 0%, and one below everything never 100%.

    Examples
    --------
    >>> percent(0.214), percent(0.002), percent(0.998), percent(1)
    ('21%', '<1%', '>99%', '100%')
    """
    if _absent(share):
        return MISSING
    share = significant(float(share))
    least = 10.0**-decimals
    if not signed and 0 < share * 100 < least / 2:
        return f"<{least:.{decimals}f}%"
    if not signed and 100 - least / 2 <= share * 100 < 100 - 1e-9:
        return f">{100 - least:.{decimals}f}%"
    return f"{decimal(share * 100, decimals, signed=signed)}%"


def growth(log_ratio: float) -> str:
    """Write the logarithm of a ratio as the growth that it is, in per cent.

    >>> growth(0.0953), growth(-0.2231), growth(0.0)
    ('+10.0%', '−20.0%', '0.0%')
    """
    return MISSING if _absent(log_ratio) else percent(math.expm1(log_ratio), 1, signed=True)


def money(amount: float, currency: str = "USD") -> str:
    """Write money with two significant digits.

    Parameters
    ----------
    amount
        In whole units of the currency.
    currency
        ISO code; codes without a well-known sign are written before the amount.

    Examples
    --------
    >>> money(1_234_567), money(-45_600, "EUR"), money(999_600, "CHF"), money(87)
    ('$1.2M', '−€46k', 'CHF 1.0M', '$87')
    """
    if _absent(amount):
        return MISSING
    size = float(f"{abs(significant(float(amount))):.2g}")
    scale, suffix = next(((s, x) for s, x in SCALES if size >= s), (1.0, ""))
    shown = size / scale
    digits = f"{shown:.1f}" if scale > 1 and shown < 10 else f"{shown:,.0f}"
    sign = SYMBOLS.get(currency.upper(), f"{currency.upper()} " if currency else "")
    return f"{MINUS if amount < 0 and digits != '0' else ''}{sign}{digits}{suffix}"


def count(value: float) -> str:
    """Write a count with thousands marks.

    >>> count(12345.0)
    '12,345'
    """
    return decimal(value, 0)


def p_value(value: float) -> str:
    """Write a p value: three decimals, never a bare zero.

    >>> p_value(0.0004), p_value(0.0312)
    ('<0.001', '0.031')
    """
    if _absent(value):
        return MISSING
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def formatter(unit: str) -> Callable[[float], str]:
    """Choose how numbers of a unit are written.

    Parameters
    ----------
    unit
        ``count``, ``share`` (0 to 1), ``share1`` (one decimal), ``points``, ``index``,
        ``scale``, ``ratio``, ``correlation``, ``months``, ``change`` (signed, one
        decimal), ``growth`` (a log ratio, as per cent), ``decimal0`` to ``decimal4``, ``p``,
        ``money`` or ``money:EUR``.

    Raises
    ------
    ValueError
        If the unit is none of these.

    Examples
    --------
    >>> formatter("share")(0.5), formatter("money:GBP")(2e6), formatter("decimal2")(0.125)
    ('50%', '£2.0M', '0.12')
    """
    kind, _, currency = unit.partition(":")
    if kind == "money":
        return lambda value: money(value, currency or "USD")
    if kind.startswith("decimal") and kind[7:] in {"0", "1", "2", "3", "4"}:
        return lambda value: decimal(value, int(kind[7:]))
    if kind not in UNITS:
        known = ", ".join([*UNITS, "money:USD", "decimal0 to decimal4"])
        raise ValueError(f"no number format is called {unit!r}: use one of {known}")
    return UNITS[kind]


UNITS: dict[str, Callable[[float], str]] = {
    "count": count,
    "share": percent,
    "share1": lambda value: percent(value, 1),
    "points": lambda value: decimal(value, 1),
    "index": lambda value: decimal(value, 1),
    "scale": lambda value: decimal(value, 2),
    "ratio": lambda value: decimal(value, 2),
    "correlation": lambda value: decimal(value, 2),
    "months": lambda value: decimal(value, 1),
    "change": lambda value: decimal(value, 1, signed=True),
    "growth": growth,
    "p": p_value,
}


def moved_unit(unit: str) -> str:
    """The unit in which a movement of a score is written: signed points, or two decimals.

    >>> moved_unit("points"), moved_unit("scale")
    ('change', 'decimal2')
    """
    return "change" if unit in ("points", "index") else "decimal2"


def span(low: float, high: float, unit: str) -> str:
    """Write both ends of an interval, or an en dash when there is none.

    >>> span(0.171, 0.249, "share"), span(float("nan"), 1.0, "share")
    ('17% to 25%', '–')
    """
    if _absent(low) or _absent(high):
        return MISSING
    written = formatter(unit)
    return f"{written(low)} to {written(high)}"


def _absent(value: object) -> bool:
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return True
    return math.isinf(float(value))  # type: ignore[arg-type]

"""Which currencies a sign or a code may mean."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["contradicts", "one_currency"]

SIGNS = {  # the currencies that each may mean
    "€": "EUR", "euro": "EUR", "euros": "EUR", "₹": "INR", "₽": "RUB", "₩": "KRW", "₺": "TRY",
    "₴": "UAH", "zł": "PLN", "kč": "CZK", "£": "GBP EGP LBP SDG SYP FKP GIP SHP SSP",
    "¥": "JPY CNY", "us$": "USD", "r$": "BRL", "fr": "CHF", "sfr": "CHF", "fr.": "CHF",
    "kr": "SEK NOK DKK ISK",
    "$": "USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP UYU BSD BBD BZD BMD BND DOP FJD GYD JMD KYD "
    "LRD NAD SBD SRD TTD XCD CVE CUP MOP NIO TOP WST ZWL",
}  # fmt: skip
OTHERS = "CHF HUF RON BGN THB IDR MYR PHP VND ZAR AED SAR ILS QAR KWD MAD"
KNOWN = {code for codes in (OTHERS, *SIGNS.values()) for code in codes.split()}
CODE = re.compile("[A-Za-z]{3}")


def contradicts(text: object, currency: str, *, sure: bool = False) -> bool:
    """Whether a sign or a code can only mean other currencies; ``sure`` of codes that are known.

    Examples
    --------
    >>> [contradicts(text, "EUR") for text in ("$", "usd", "€", "EUR", "?")]
    [True, True, False, False, False]
    """
    plain = str(text).strip()
    codes = SIGNS.get(plain.casefold(), plain.upper() if CODE.fullmatch(plain) else "")
    if sure and codes == plain.upper() and codes not in KNOWN:
        return False  # such as Mio
    return bool(codes) and currency not in codes.split()


def one_currency(signs: Iterable[str]) -> bool:
    """Whether signs and codes can all mean one and the same currency; other words say nothing.

    Examples
    --------
    >>> one_currency(["$", "USD"]), one_currency(["$", "CAD", "Mio"]), one_currency(["$", "€"])
    (True, True, False)
    """
    meant = [codes for sign in signs if (codes := _codes(sign))]
    return not meant or bool(set.intersection(*meant))


def _codes(sign: str) -> set[str]:
    plain = sign.strip()
    told = SIGNS.get(plain.casefold(), plain.upper() if CODE.fullmatch(plain) else "").split()
    return {code for code in told if code in KNOWN}

"""Days and amounts of money stay whole: no line of a page ends inside one.

A browser may end a line at the hyphens of 2026-07-01, at the spaces of 30 June 2026 and
CHF 1.0M, and between the minus and the sign of the currency of an amount below nought.
"""

from __future__ import annotations

import re
from calendar import month_name
from pathlib import Path

__all__ = ["as_written", "unbroken", "unbroken_book"]

CLOSED = "head|script|style|svg|pre|code|textarea|option"  # elements whose words stay as they are
MARKUP = re.compile(
    rf"(<({CLOSED})\b.*?</\2>|<(?:\"[^\"]*\"|'[^']*'|[^'\">])*>)", re.DOTALL | re.IGNORECASE
)
MONTHS = "|".join(month_name[1:])
NUMBER = r"\d+(?:[.,]\d+)*\w*"
SIGN, MONEY = "[−+±]", r"[A-Z]?[^\w\s.,:;()]"  # the second is any sign of a currency
WHOLE = re.compile(
    rf"\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b\d{{1,2}} (?:{MONTHS}) \d{{4}}\b"
    rf"|{SIGN}{MONEY}{NUMBER}|{SIGN}?\b[A-Z]{{3}} {NUMBER}"
)
SHORTEST = 3  # −$5
KEPT = re.compile(r'<span class="unbroken">([^<]*)</span>')


def unbroken(page: str) -> str:
    """A page of HTML whose days and amounts cannot be torn at the end of a line.

    Only words are touched: tags, alternative texts, scripts and drawings stay as they are.

    Examples
    --------
    >>> unbroken("<p>Ann, by 2026-07-01</p>")
    '<p>Ann, by <span class="unbroken">2026-07-01</span></p>'
    """
    parts = MARKUP.split(page)  # words, then a piece of markup and the name of a closed element
    for at in range(0, len(parts), 3):
        if len(parts[at]) >= SHORTEST:
            parts[at] = WHOLE.sub(r'<span class="unbroken">\g<0></span>', parts[at])
    return "".join(part for at, part in enumerate(parts) if at % 3 != 2)


def as_written(page: str) -> str:
    """The page before its days and amounts were kept whole: as it is read and checked.

    >>> as_written(unbroken("<b>−$250k</b> by 2026-07-01"))
    '<b>−$250k</b> by 2026-07-01'
    """
    return KEPT.sub(r"\1", page)


def unbroken_book(folder: Path) -> None:
    """Keep days and amounts whole on every page of a built book."""
    for path in sorted(folder.rglob("*.html")):
        page = path.read_text(encoding="utf-8")
        path.write_text(unbroken(page), encoding="utf-8")

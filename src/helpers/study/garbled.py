"""Text that was written in one encoding and read in another: MÃ¼ller for Müller, lost letters."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.readers.raw import RawTable
from helpers.study.signs import holding

__all__ = ["mended", "warn_of_garbled"]

# Letters that begin a character of UTF-8 when it is read as a code page, and those that follow
BEHIND = "[-¿ŒœŠšŸŽžƒˆ˜–-›€™]"
LIKELY = f"(?:[Â-Å]{BEHIND}|â{BEHIND}{BEHIND})"
PART = re.compile(LIKELY)
LOST = "\ufffd"


def warn_of_garbled(raw: RawTable, table: str, form: Format, findings: Findings) -> None:
    """Names and texts that a wrong encoding has spoilt: how many cells, and what was meant."""
    spoilt = _found(raw, LIKELY, lambda text: mended(text) is not None)
    if spoilt:
        column, place, many = spoilt
        text = str(raw.frame[column].iloc[place])
        problem = f"is garbled by a wrong encoding, {_meant(text)}{_more(many)}"
        _warn(raw, column, place, problem, _remedy(raw, table, form), findings)
    lost = _found(raw, LOST, lambda text: True)
    if lost and not _reported(raw.where(lost[1])[0], findings):
        column, place, many = lost
        problem = f"holds letters that were lost in a conversion{_more(many)}"
        _warn(raw, column, place, problem, "Export it again, as UTF-8.", findings)


def _reported(file: str, findings: Findings) -> bool:
    """Whether bytes that do not fit were named: such letters stand in their place."""
    return any(f.file == file and (f.found or "").startswith("byte 0x") for f in findings.faults)


def mended(text: str) -> str | None:
    """What a garbled text was, where it is UTF-8 read as a code page; ``None`` where it is not.

    Examples
    --------
    >>> mended("M\u00c3\u00bcller"), mended("M\u00fcller"), mended("\u00c2ge d\u2019or")
    ('M\u00fcller', None, None)
    """
    meant = PART.sub(_read_again, text)
    return meant if meant != text else None


def _read_again(part: re.Match[str]) -> str:
    try:
        return b"".join(_byte(letter) for letter in part[0]).decode("utf-8")
    except UnicodeError:
        return part[0]


def _byte(letter: str) -> bytes:
    """The byte of a letter; what Windows' page lacks is kept by its programs as it is."""
    return letter.encode("latin-1" if "\x80" <= letter <= "\xff" else "cp1252")


def _meant(text: str) -> str:
    return f"and seems to be {(mended(text) or '')[:60]!r}"


def _more(many: int) -> str:
    return f", as are {many - 1:,} more cells" if many > 1 else ""


def _remedy(raw: RawTable, table: str, form: Format) -> str:
    if form.encoding and form.encoding.lower().replace("_", "-") not in ("utf-8", "utf8"):
        return f"Declare `formats: {{{table}: {{encoding: utf-8}}}}` in client.yml."
    return "Export it again: it was UTF-8 already when it was converted once more."


def _found(raw: RawTable, sign: str, holds: Callable[[str], bool]) -> tuple[str, int, int] | None:
    """The first cell with a sign, by column and row, and how many there are."""
    first, many = None, 0
    for name in raw.frame:
        cells = raw.frame[name]
        if cells.dtype != object and not isinstance(cells.dtype, pd.StringDtype):
            continue
        texts = cells if isinstance(cells.dtype, pd.StringDtype) else _texts(cells)
        likely = np.flatnonzero(holding(texts, sign))
        places = [place for place in likely.tolist() if holds(str(texts.iloc[place]))]
        many += len(places)
        if places and (first is None or places[0] < first[1]):
            first = (str(name), places[0])
    return None if first is None else (*first, many)


def _texts(cells: pd.Series) -> pd.Series:
    """The texts among cells of several kinds."""
    return cells.where(cells.map(lambda cell: isinstance(cell, str))).astype("str")


def _warn(
    raw: RawTable, column: str, place: int, problem: str, advice: str, findings: Findings
) -> None:
    file, row = raw.where(place)
    found = str(raw.frame[column].iloc[place])[:60]
    findings.warn(file, problem, advice, row=row, column=column, found=found)

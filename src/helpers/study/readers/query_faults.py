"""Why a query failed, and what to do: limits, and texts that are not UTF-8."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from helpers.study.readers import confined
from helpers.study.readers.arrow_cells import MEMORY

__all__ = ["NOT_UTF_8", "explained", "other_alphabet"]

NOT_UTF_8 = re.compile("(?i)invalid unicode|not utf-?8|byte sequence mismatch|invalid utf-?8")
OUT_OF_MEMORY = re.compile("(?i)out of memory|more memory|memory allocation|breaks the program")
TEXT = re.compile(r"(?i)\.(csv|tsv|txt)$")
LOOKED_AT = 4_000_000  # bytes of a file, in which letters beyond ASCII show
UNPRINTED = re.compile(rb"[\x80-\x9f]")  # letters of Windows: in latin-1 signs that nobody sees
WORD = re.compile(r"[^\W\d_]*[^\x00-\x7f]+[^\W\d_]*")


def explained(told: str, table: str) -> tuple[str, str]:
    """What went wrong with a query, in our words where it met a limit, and what to type.

    Examples
    --------
    >>> explained("it takes longer than 60 seconds to read", "accounts")[0]
    'takes longer than the 60 seconds of the processor that a query may take'
    """
    less = (
        "Let it give less: keep only the rows that are needed (WHERE), sum them up (GROUP BY), "
        "select fewer columns, and join on keys; or run it elsewhere, write its result to "
        f"{table}.parquet (COPY … TO), and put that into the folder instead of the query."
    )
    if "longer than" in told:
        limit = f"{confined.SECONDS:g} seconds of the processor"
        return f"takes longer than the {limit} that a query may take", less
    if OUT_OF_MEMORY.search(told):
        return f"needs more than the {MEMORY.replace('GB', ' GB')} of memory it may take", less
    if "not one SELECT" in told:
        return f"failed: {told}", "Write one SELECT; make other steps WITH clauses."
    return f"failed: {told}", "Mend the query."


def other_alphabet(sql: str, home: Path, table: str) -> tuple[str, str] | None:
    """A text file of a query that is not UTF-8: its encoding, tried; ``None`` where none reads."""
    for text in dict.fromkeys(re.findall(r"'((?:[^']|'')+)'", sql)):
        path = home / text
        if not TEXT.search(text) or not path.is_file():
            continue
        encoding = _encoding(path)
        if encoding is None:
            continue
        problem = f"reads {text}, which is not UTF-8{_shown(path, encoding)}"
        if not encoding:
            return problem, "Save that file as UTF-8."
        declared = f"`formats: {{{table}: {{encoding: {encoding}}}}}` in client.yml"
        within = f"read_csv('{text}', encoding='{encoding}')"
        if encoding in ("latin-1", "utf-16") and _reads(_with_encoding(sql, text, encoding), home):
            return problem, f"Read it with `{within}` in the query, or declare {declared}."
        return problem, f"Save it as UTF-8, or declare {declared}."
    return None


def _encoding(path: Path) -> str | None:
    """What a text that is not UTF-8 is probably written in; "" where none that is common fits."""
    with path.open("rb") as stream:
        data = stream.read(LOOKED_AT)
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return "latin-1" if not UNPRINTED.search(data) else "cp1252" if _is_cp1252(data) else ""
    return None


def _is_cp1252(data: bytes) -> bool:
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return True


def _shown(path: Path, encoding: str) -> str:
    """The first word beyond ASCII, as it would be read: whoever knows the file sees whether so."""
    if not encoding:
        return ""
    with path.open("rb") as stream:
        text = stream.read(LOOKED_AT).decode(encoding, errors="replace")
    word = WORD.search(text.lstrip("\ufeff"))
    return f": read as {encoding}, it holds {word[0][:30]!r}" if word else ""


def _with_encoding(sql: str, text: str, encoding: str) -> str:
    """The query with an encoding for one file, whether it names a reader for it or not."""
    named, said = re.escape(f"'{text}'"), f"'{text}', encoding = '{encoding}'"
    inside = rf"(read_csv(?:_auto)?\s*\(\s*){named}"
    if re.search(inside, sql, re.IGNORECASE):
        return re.sub(inside, lambda found: found[1] + said, sql, flags=re.IGNORECASE)
    return sql.replace(f"'{text}'", f"read_csv({said})")


def _reads(sql: str, home: Path) -> bool:
    try:
        with confined.reading("arrow_cells", home, sql=sql):
            return True
    except confined.Unreadable:
        return False

"""Names and ids as people read them: what looks alike, and what tells it apart."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["folded", "readings", "told_apart", "written"]

DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
QUOTES = dict.fromkeys("\u2018\u2019\u201b\u02bc\u0060\u00b4", "'")
SAME = str.maketrans({**DASHES, **QUOTES, "\u201c": '"', "\u201d": '"', "\u201e": '"'})
ONE_I = str.maketrans({"\u0130": "i", "\u0131": "i"})  # those of Turkish, which English has not
BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d_])[\s._'-]+(?=[^\W\d_])")
AROUND_SIGNS = re.compile(r"\s*([&+/])\s*")
WHOLE_NUMBER = re.compile(r"(\d+)\.0+")
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})
JOINERS = "\u200d\u200c"  # part of emoji and of some scripts, and invisible between other letters


def folded(text: str) -> str:
    """A text without what readers do not see: case, width, form, spaces, dashes, invisible signs.

    Examples
    --------
    >>> folded("  NORTH\u00a0\u00a0West "), folded("No\u200brth West")
    ('north west', 'north west')
    >>> folded("\uff21\uff10\uff11") == folded("a01"), folded("Zu\u0308rich") == folded("Zürich")
    (True, True)
    >>> {folded(text) for text in ("İzmir", "IZMIR", "ızmir", "I\u0307zmir")}
    {'izmir'}
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    seen = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    plain = unicodedata.normalize("NFKC", seen).translate(ONE_I).casefold().translate(SAME)
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def readings(text: str) -> tuple[str, ...]:
    """What a name is to readers who overlook accents, full stops, and spaces or hyphens in words.

    Two names with a reading in common may be the same. Signs that carry meaning stay: a plus, a
    hyphen at the end (A-), whatever stands between digits.

    Examples
    --------
    >>> readings("Key-Account.") == readings("key  account"), readings("R & D") == readings("R&D")
    (True, True)
    >>> readings("Zürich"), readings("A-"), readings("1.0")
    (('zurich', 'zuerich'), ('a-',), ('1',))
    """
    plain = folded(text).strip(" .,;:'\"")
    if whole := WHOLE_NUMBER.fullmatch(plain):
        return (whole[1],)
    plain = AROUND_SIGNS.sub(r"\1", BETWEEN_LETTERS.sub("", plain))
    if plain.isascii():
        return (plain,)
    bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return tuple(dict.fromkeys((bare, plain.translate(UMLAUTS))))


def told_apart(text: str) -> str:
    r"""A text in quotes, followed by what in it cannot be seen or is easily mistaken.

    Examples
    --------
    >>> told_apart("A01"), told_apart("A\u200b01")
    ("'A01'", "'A01' (with zero width space)")
    >>> told_apart("A01 "), told_apart("a\u0308")[5:]
    ("'A01 ' (with space at its end)", '(with letters in two pieces)')
    """
    odd = [c for c in dict.fromkeys(text) if _unseen(c)]
    marks = [unicodedata.name(c, f"character {ord(c)}").lower() for c in odd]
    if unicodedata.normalize("NFC", text) != text:
        marks.append("letters in two pieces")
    if text != text.lstrip():
        marks.append("space at its start")
    if text != text.rstrip():
        marks.append("space at its end")
    if "  " in text:
        marks.append("two spaces")
    if any("\uff01" <= c <= "\uff5e" for c in text):
        marks.append("wide letters")
    shown = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc"))
    return f"'{shown}'" + (f" (with {', '.join(marks)})" if marks else "")


def _unseen(letter: str) -> bool:
    kind = unicodedata.category(letter)
    return kind in ("Cf", "Cc") or (kind == "Zs" and letter != " ") or letter in DASHES


def written(text: str) -> str:
    r"""A text in the quotes of YAML, with what cannot be seen written out.

    Examples
    --------
    >>> print(written("North"), written('a "b"'), written("No\u200brth"))
    "North" "a \"b\"" "No\u200Brth"
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    shown = re.sub(r"[^\x20-\x7e]", _escape, escaped)
    return f'"{shown}"'


def _escape(found: re.Match[str]) -> str:
    letter = found.group()
    kind = unicodedata.category(letter)
    if kind[0] not in "CZM" and letter not in DASHES:
        return letter
    return f"\\u{ord(letter):04X}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08X}"

"""Names that the client lists, ready to be searched for in what people wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from helpers.methods.comments.forms import COMPANY, MARKS, NAME
from helpers.methods.comments.ordinary import LEGAL, PARTICLES
from helpers.replies import folded, visible

__all__ = ["NameList", "Token", "cased", "name_list", "spellings", "tokens_of"]

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
MARK_OR_WORD = re.compile("|".join([*map(re.escape, MARKS), WORD.pattern]))
# Letters of other alphabets that look like Latin ones.
ALIKE = str.maketrans("авеікмнорстухуьѕјԁԛɡαβεικνορτυχγ", "abeikmhopctyxybsjdqgabeiknoptuxy")
SPELLED = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"}


class Token(NamedTuple):
    """A word of a text, where it stands, and its form without capitals and accents."""

    text: str
    start: int
    end: int
    plain: str


@dataclass(frozen=True)
class NameList:
    """Listed names, ready to be searched for.

    ``phrases`` are whole names, ``parts`` the words in them but for legal forms and particles
    ("de", "van"), and whole names run together, each with the mark that stands for it.
    """

    phrases: dict[tuple[str, ...], str]
    parts: dict[str, str]
    glued: dict[str, str] = field(default_factory=dict)  # names in scripts without capitals
    base: int = 0  # names listed


def name_list(people: Iterable[str] = (), companies: Iterable[str] = ()) -> NameList:
    """Make listed names ready to be searched for.

    Parameters
    ----------
    people
        Names of contacts, owners, sponsors and staff.
    companies
        Names of accounts. However many of them share a word ("Siemens AG", "Siemens
        Energy GmbH"), it is searched for; only legal forms are not.

    Examples
    --------
    >>> found = name_list(["Tom Eriksen"], ["Redmarsh Power S.A."])
    >>> sorted(found.parts)
    ['eriksen', 'power', 'redmarsh', 'redmarshpower', 'tom', 'tomeriksen']
    """
    phrases: dict[tuple[str, ...], str] = {}
    parts: dict[str, str] = {}
    glued: dict[str, str] = {}
    listed = set()
    for names, mark in ((companies, COMPANY), (people, NAME)):
        for name, kept in _kept(names, mark):
            listed.add(name)
            if cased(kept[0]):
                phrases[kept] = mark
                told = [word for word in (*kept, "".join(kept)) if len(word) > 1]
                parts |= dict.fromkeys(set(told) - PARTICLES, mark)
            else:
                whole = {"".join(kept), " ".join(kept)}
                glued |= dict.fromkeys([*whole, *(word for word in kept if len(word) > 1)], mark)
    return NameList(phrases, parts, glued, len(listed))


def _kept(names: Iterable[str], mark: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each name with its words in every spelling, those of a company without its legal form."""
    for name in names:
        for spelled in _ways(name) if isinstance(name, str) else ():
            kept = tuple(w for w in spelled if mark == NAME or w not in LEGAL)
            if kept:
                yield name, kept


def tokens_of(text: str) -> list[Token]:
    """Words of a text, those inside marks left out.

    >>> [token.plain for token in tokens_of("Müller told [name] so")]
    ['muller', 'told', 'so']
    """
    return [
        Token(m.group(), m.start(), m.end(), folded(m.group()))
        for m in MARK_OR_WORD.finditer(text)
        if m.group() not in MARKS
    ]


def spellings(token: Token) -> list[str]:
    """Forms under which a listed name may stand in a word: as it is, less a possessive, an
    article run together with it, or letters of another alphabet that look like its own.

    >>> spellings(Token("O’Neil’s", 0, 8, "o'neil's"))
    ["o'neil's", "o'neil", 'neil']
    >>> spellings(Token("Каren", 0, 5, "каren"))
    ['каren', 'karen']
    """
    found = [token.plain]
    if "'" in token.plain:
        found.append(re.sub(r"'\w{1,2}$", "", token.plain))
        found += [part for part in token.plain.split("'") if len(part) > 2]
    if not token.plain.isascii():
        found += [word.translate(ALIKE) for word in found]
    return list(dict.fromkeys(found))


def cased(word: str) -> bool:
    """Whether a word's script has capitals.

    >>> cased("Kim"), cased("佐藤")
    (True, False)
    """
    return word.upper() != word.lower()


def _ways(name: str) -> list[tuple[str, ...]]:
    """A name as it is spelled, and with two letters for one (Müller, Mueller)."""
    plain = re.sub(r"(?<=\w)\.(?=\w)", "", visible(name))  # S.A. is one word
    long = "".join(SPELLED.get(letter, letter) for letter in plain.lower())
    ways = (tuple(folded(m.group()) for m in WORD.finditer(way)) for way in (plain, long))
    return list(dict.fromkeys(ways))

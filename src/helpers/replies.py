"""Whether a reply says anything: one form for each letter, and the words that say nothing."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

__all__ = [
    "EMPTY_REPLIES", "folded", "is_empty_reply", "normalised", "says_something", "visible",
]  # fmt: skip

# Marks that show nothing, or turn the direction of what follows: never part of a word.
INVISIBLE = re.compile("[\u00ad\u180e\u200b\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u2069]")
APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'"})
# Letters that Unicode does not take apart into a plain one and its accent.
UNACCENTED = {ord(a): b for a, b in zip("øłđæœ", ("o", "l", "d", "ae", "oe"), strict=True)}
EMOJI = ("So", "Sk")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)  # what an editor leaves behind
# Whole replies that say only that there is nothing to say, without their stops and spaces.
EMPTY_REPLIES = (
    "n/a", "none", "nothing", "nil", "no", "no comment", "no comments", "no answer",
    "nothing to add", "not applicable", "k.A.", "keine", "keine Angabe", "keine Angaben",
    "keine Anmerkung", "keine Anmerkungen", "kein Kommentar", "keine Kommentare", "nichts", "nein",
    "entfällt", "rien", "aucun", "aucune", "aucun commentaire", "sans commentaire", "néant", "s.o.",
    "nada", "ninguno", "ninguna", "sin comentarios", "niente", "nulla", "nessuno",
    "nessun commento", "geen", "niets", "geen opmerkingen", "n.v.t.", "nenhum", "sem comentários",
    "null", "nan", "undefined", "なし", "特になし", "無し", "无", "没有", "無", "沒有",
    "없음", "없습니다",
)  # fmt: skip


def visible(text: str) -> str:
    """The text without characters that show nothing or turn the direction of what follows.

    >>> visible("Ka\\u200bren\\u202e said")
    'Karen said'
    """
    return INVISIBLE.sub("", text)


def normalised(text: str) -> str:
    """One form for each letter: Unicode's NFKC, small letters, straight apostrophes.

    Spaces and line breaks of any kind and number become one space.

    >>> normalised("Ｌate\\n  AGAIN, don’t")
    "late again, don't"
    """
    plain = unicodedata.normalize("NFKC", visible(text)).translate(APOSTROPHES)
    return " ".join(plain.casefold().split())


@lru_cache(maxsize=1 << 14)  # people write the same words again and again
def folded(word: str) -> str:
    """A word without capitals and accents, so that Müller and muller are one.

    >>> folded("Müller"), folded("Østmark")
    ('muller', 'ostmark')
    """
    parts = unicodedata.normalize("NFKD", normalised(word))
    plain = "".join(c for c in parts if not unicodedata.combining(c))
    return plain.translate(UNACCENTED)


def says_something(text: object) -> bool:
    """Whether there is a letter or an emoji in it, and more than an empty reply.

    A number alone says nothing: survey tools write -99 where a question was seen and left
    open. Nor do the marks of a web page alone, as ``<br>`` or ``&nbsp;``.

    >>> [says_something(x) for x in ("ok", "👍", "配送遅い", " - ", "k.A.", "-99", "<br>", None)]
    [True, True, True, False, False, False, False, False]
    """
    if not isinstance(text, str) or is_empty_reply(text):
        return False
    return any(c.isalpha() or _is_emoji(c) for c in visible(_without_tags(text)))


def _without_tags(text: str) -> str:
    """The text as a web page would show it."""
    if "<" not in text and "&" not in text:
        return text
    return TAG.sub(" ", html.unescape(TAG.sub(" ", text)))


def is_empty_reply(text: object) -> bool:
    """Whether the whole text only says that there is nothing to say, in any spelling.

    >>> [is_empty_reply(x) for x in ("K. A.", "N/A", "none!", "None of them calls back", "-")]
    [True, True, True, False, False]
    """
    return isinstance(text, str) and _bare(_without_tags(text)) in _EMPTY


def _bare(text: str) -> str:
    """Letters, digits and emoji of a text alone, without capitals and accents."""
    return "".join(c for c in folded(text) if c.isalnum() or _is_emoji(c))


def _is_emoji(letter: str) -> bool:
    return unicodedata.category(letter) in EMOJI


_EMPTY = frozenset(_bare(reply) for reply in EMPTY_REPLIES)

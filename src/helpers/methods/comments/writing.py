"""What people wrote, made comparable: one form for each letter, and words in any script."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["folded", "is_unspaced", "normalised", "says_something", "visible", "words"]

# Marks that show nothing, or turn the direction of what follows: never part of a word.
INVISIBLE = re.compile("[\u00ad\u180e\u200b\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u2069]")
APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'"})
# Scripts that write without spaces: Thai, Lao, Khmer, kana, Chinese characters.
UNSPACED = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
RUN = re.compile(
    f"[{UNSPACED}]+|(?:(?![{UNSPACED}])[^\\W\\d_])+(?:'(?:(?![{UNSPACED}])[^\\W\\d_])+)*"
)
# Letters that Unicode does not take apart into a plain one and its accent.
UNACCENTED = {ord(a): b for a, b in zip("øłđæœ", ("o", "l", "d", "ae", "oe"), strict=True)}
EMOJI = ("So", "Sk")


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


def folded(word: str) -> str:
    """A word without capitals and accents, so that Müller and muller are one.

    >>> folded("Müller"), folded("Østmark")
    ('muller', 'ostmark')
    """
    parts = unicodedata.normalize("NFKD", normalised(word))
    plain = "".join(c for c in parts if not unicodedata.combining(c))
    return plain.translate(UNACCENTED)


def says_something(text: object) -> bool:
    """Whether there is a letter, a digit or an emoji in it.

    >>> [says_something(x) for x in ("ok", "👍", " - ", "", None)]
    [True, True, False, False, False]
    """
    if not isinstance(text, str):
        return False
    return any(c.isalnum() or unicodedata.category(c) in EMOJI for c in visible(text))


def is_unspaced(letter: str) -> bool:
    """Whether a letter's script writes without spaces between words.

    >>> is_unspaced("配"), is_unspaced("a")
    (True, False)
    """
    return re.fullmatch(f"[{UNSPACED}]", letter) is not None


def words(text: str) -> list[str]:
    """The words of a text, in order, without numbers; in unspaced scripts, pairs of characters.

    >>> words("Late again, 3 weeks!"), words("配送遅い")
    (['late', 'again', 'weeks'], ['配送', '送遅', '遅い'])
    """
    found: list[str] = []
    for run in RUN.findall(normalised(text)):
        if is_unspaced(run[0]) and len(run) > 1:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            found.append(run)
    return found

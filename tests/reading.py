"""How easily a text is read."""

from __future__ import annotations

import re

__all__ = ["grade", "syllables"]

WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
NUMBER = re.compile(r"[−–-]?[^\s\w]*\d[\w.,%/:]*(?<![.,:])")
END = re.compile(r"[.!?](?=[\"”)]*(?:\s+[A-Z]|\s*$))")
VOWELS = re.compile(r"(?:[aeiou]|y(?![aeiou]))+")
SILENT = re.compile(r"(?<![td])ed$|(?<![sxz])es$|(?<![^aeiouy]l)e$")


def syllables(word: str) -> int:
    """About as many syllables as an English word has: its groups of vowels, less a silent e.

    >>> [syllables(word) for word in ("loyalty", "scale", "table", "reviewed", "customer")]
    [3, 1, 2, 2, 3]
    """
    plain = word.lower().strip("'’-")
    found = len(VOWELS.findall(plain))
    return max(1, found - bool(SILENT.search(plain)))


def grade(text: str) -> float:
    """School grade of a text by Flesch and Kincaid (1975); numbers are read as one short word.

    A line that ends without a stop, such as a heading, is a sentence.

    Kincaid, Fishburne, Rogers and Chissom (1975), Research Branch Report 8-75.

    >>> round(grade("The cat sat on the mat. The dog ran to it."), 1)
    -1.6
    """
    told = NUMBER.sub("Ten", text)
    words = WORD.findall(told)
    lines = filter(WORD.search, told.splitlines())
    parts = sum(max(len(END.findall(line)), 1) for line in lines)
    spoken = sum(map(syllables, words))
    return 0.39 * len(words) / parts + 11.8 * spoken / len(words) - 15.59

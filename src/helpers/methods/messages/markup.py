"""The little Markdown of a letter: a title, headings, items and paragraphs, and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

__all__ = [
    "CONTROL", "REFERENCE", "Block", "blocks", "escaped", "parted", "plain", "to_fill_in",
]  # fmt: skip

REFERENCE = re.compile(r"(?<!\\)\[([A-Z]{1,3}-?\d[A-Za-z0-9-]{0,23})\]")  # [C05]: a record
PLACE = re.compile(r"(?<!\\)\[([a-z][^\[\]]{0,59})\](?!\()")  # [name]: to be filled in by hand
MARKS = re.compile(r"([\\`*_\[\]<>{}#&|~])")
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
ADDRESS = re.compile(r"(?i)(https?|ftp|www|mailto)([:.])")  # would become a link by itself
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]+")
OPENINGS = (("# ", "title"), ("## ", "heading"), ("- ", "item"), ("* ", "item"))


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a letter: its kind, its text as it was written, and the line it begins in."""

    kind: str  # title, heading, item, paragraph
    text: str
    line: int


@lru_cache(maxsize=4_096)
def escaped(text: str) -> str:
    r"""A client's own words as Markdown shows them, whatever they hold: one line, no markup.

    Examples
    --------
    >>> print(escaped("<b>[Free](http://x)</b>\n# now"))
    \<b\>\[Free\](http\://x)\</b\> \# now
    """
    line = " ".join(CONTROL.sub(" ", text).split())
    safe = ADDRESS.sub(r"\1\\\2", MARKS.sub(r"\\\1", line))
    return f"\\{safe}" if safe[:1] in ("-", "+", "=") else safe  # no item, no line under a title


def plain(text: str) -> str:
    r"""A block's text as a reader of Word sees it: without references and marks.

    Examples
    --------
    >>> plain(r"It was done on 2 May 2026 [C05]. \[x\]")
    'It was done on 2 May 2026. [x]'
    """
    bare = re.sub(r"\s*" + REFERENCE.pattern, "", text)
    return " ".join(ESCAPED.sub(r"\1", CONTROL.sub(" ", bare)).split())


def blocks(text: str) -> list[Block]:
    """The parts of a letter in order; lines that follow each other are one paragraph.

    Examples
    --------
    >>> [(part.kind, part.text, part.line) for part in blocks("# Hello\\n\\nOne\\ntwo.\\n- three")]
    [('title', 'Hello', 1), ('paragraph', 'One two.', 3), ('item', 'three', 5)]
    """
    found: list[Block] = []
    after_gap = True
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.strip()
        if not words:
            after_gap = True
            continue
        opening = next(((mark, kind) for mark, kind in OPENINGS if words.startswith(mark)), None)
        if opening:
            found.append(Block(opening[1], words.removeprefix(opening[0]).strip(), number))
        elif after_gap or found[-1].kind in ("title", "heading"):
            found.append(Block("paragraph", words, number))
        else:
            last = found.pop()
            found.append(Block(last.kind, f"{last.text} {words}", last.line))
        after_gap = False
    return found


def to_fill_in(text: str) -> list[str]:
    r"""What stands in brackets to be filled in by hand, each once.

    Examples
    --------
    >>> to_fill_in(r"Dear [name], see [C05] and \[not this\].")
    ['name']
    """
    return list(dict.fromkeys(PLACE.findall(text)))


def parted(text: str) -> list[tuple[str, bool]]:
    r"""A block's text in parts, plain, each with whether it is to be filled in by hand.

    Examples
    --------
    >>> parted(r"Dear [name], see \[this\] [C05].")
    [('Dear ', False), ('name', True), (', see [this].', False)]
    """
    parts = enumerate(PLACE.split(text))
    return [(_spaced(part), bool(place % 2)) for place, part in parts if part]


def _spaced(part: str) -> str:
    """A part as plain text that keeps a space at either end."""
    begin, end = (" " * bool(one) for one in (part[:1].isspace(), part[-1:].isspace()))
    return f"{begin}{plain(part)}{end}" if part.strip() else " "

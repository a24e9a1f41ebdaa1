"""Comments without what would tell who wrote them: names, companies, numbers, addresses.

What is listed is taken out in any case and in any spelling near it; what is not listed is
taken out where its form or its place gives it away. Where in doubt a word goes: a quote may
lose an innocent word, but should not name anybody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pandas as pd

from helpers.methods.comments.forms import (
    MARKS,
    NAME,
    TITLED,
    TITLES,
    initialled,
    without_forms,
)  # fmt: skip
from helpers.methods.comments.naming import (
    NameList,
    Token,
    cased,
    name_list,
    spellings,
    tokens_of,
)  # fmt: skip
from helpers.methods.comments.ordinary import (
    ASKING,
    CLOSING,
    GIVEN_NAMES,
    GIVEN_TOO,
    ORDINARY,
    SOMETIMES,
    stem,
)  # fmt: skip
from helpers.methods.comments.usage import Usage, opens_sentence
from helpers.replies import folded, visible

__all__ = ["MARKS", "NameList", "legible", "name_list", "redacted"]

CAPITALISING = ("de", "lb", "gsw")  # languages that write every noun with a capital
READABLE = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN")  # scripts whose capitals give names away
SUFFIX = 3  # letters that may follow a name in another case or as a possessive
STEM = 4  # letters of a name before an ending may follow it
NEAR = 6  # letters of a name before one mistyped letter is forgiven
LAST = 3  # words, at most, of a signature


def redacted(
    texts: pd.Series,
    listed: NameList,
    *,
    clusters: pd.Series | None = None,
    languages: pd.Series | None = None,
    keep: Sequence[str] = (),
    ordinary: Iterable[str] = (),
) -> pd.Series:
    """Take out of comments what would tell who wrote them, or of whom.

    Listed names go wherever they stand, in any case, with endings, without accents, with a
    letter mistyped or borrowed from another alphabet; a listed word that is an ordinary one
    too ("Will", "Power") goes where it has a capital. Unlisted names go after a title, in a
    signature, after "ask" or "told", where they are common given names, and where a word has
    a capital that hardly anybody else writes without one.

    Parameters
    ----------
    texts
        Every comment, of all waves: what is ordinary is learned from them.
    listed
        As :func:`name_list` returns it.
    clusters, languages
        Account and language of each comment.
    keep
        Words that stay, such as the client's own name, unless a listed person bears them.
    ordinary
        Texts without names, such as the questionnaire: their words in small letters count as
        ordinary.

    Examples
    --------
    >>> texts = pd.Series(["As I told Karen, Eriksens team called 555-0123 about SN-44X.",
    ...                    "Mail tom@acme.com: 3 days late, $5,000 lost"])
    >>> redacted(texts, name_list(["Tom Eriksen"])).tolist()
    ['As I told [name], [name] team called [phone] about [code].', 'Mail [e-mail]: [number] days late, [number] lost']
    """  # noqa: E501 - one list, as it is printed
    groups = pd.Series(texts.index, index=texts.index) if clusters is None else clusters
    spoken = pd.Series("", index=texts.index) if languages is None else languages
    nouns = spoken.isin(CAPITALISING).tolist()
    shown = [without_forms(visible(text)) for text in texts]
    read = [tokens_of(text) for text in shown]
    known = {t.plain for text in ordinary for t in tokens_of(str(text)) if t.text[:1].islower()}
    usage = Usage.of(shown, read, list(groups), nouns, ORDINARY | ASKING | CLOSING | TITLES | known)
    finder = _Finder(listed, usage, frozenset(folded(w) for w in keep))
    cleaned = [finder.clean(text, own) for text, own in zip(shown, nouns, strict=True)]
    return pd.Series(cleaned, index=texts.index, dtype=object)


def legible(texts: pd.Series) -> pd.Series:
    """Whether every letter is of a script in which capitals give names away.

    Names that no list holds cannot be told from other words in the others.

    Examples
    --------
    >>> legible(pd.Series(["Lieferung zu spät", "ask 佐藤さん", "السعر", "👍 1"])).tolist()
    [True, False, False, True]
    """
    return texts.map(lambda text: all(_readable(c) for c in set(str(text)) if c.isalpha()))


def _readable(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith((*READABLE, "FULLWIDTH"))


@dataclass(frozen=True)
class _Finder:
    listed: NameList
    usage: Usage
    keep: frozenset[str]
    near: dict[str, str] = field(init=False)
    first: frozenset[str] = field(init=False)  # words with which a whole listed name begins

    def __post_init__(self) -> None:
        near = {
            shorter: mark
            for name, mark in self.listed.parts.items()
            if len(name) >= NEAR and not self.usage.ordinary(name)
            for shorter in _shortened(name)
        }
        object.__setattr__(self, "near", near)
        object.__setattr__(self, "first", frozenset(name[0] for name in self.listed.phrases))

    def clean(self, text: str, nouns: bool) -> str:
        """The text with a mark in place of every name."""
        for name, its_mark in self.listed.glued.items():
            text = text.replace(name, its_mark)
        text = TITLED.sub(lambda m: m.group(0)[: m.start(1) - m.start(0)] + NAME, text)
        tokens = tokens_of(text)
        marks: list[str | None] = [None] * len(tokens)
        for place in range(len(tokens)):
            length, mark = self._phrase(tokens, place)
            marks[place : place + length] = [mark] * length
        for place, token in enumerate(tokens):
            if marks[place] is None:
                marks[place] = self._word(token, opens_sentence(text, token), nouns)
        for place in {*_signed(text, tokens), *_asked(text, tokens)}:
            if marks[place] is None and self._unusual(tokens[place]):
                marks[place] = NAME
        self._join(text, tokens, marks)
        return initialled(_written(text, tokens, marks))

    def _phrase(self, tokens: Sequence[Token], place: int) -> tuple[int, str | None]:
        """A whole listed name that begins here: its length in words, and its mark."""
        if spellings(tokens[place])[-1] not in self.first:
            return 0, None
        words = [spellings(token) for token in tokens[place : place + 8]]
        for length in range(len(words), 1, -1):
            for last in words[length - 1]:
                found = (*(spelled[-1] for spelled in words[: length - 1]), last)
                if found in self.listed.phrases:
                    return length, self.listed.phrases[found]
        return 0, None

    def _word(self, token: Token, opens: bool, nouns: bool) -> str | None:
        """The mark for one word: listed, like a listed one, or written like a name."""
        for word in spellings(token):
            if word in self.keep and self.listed.parts.get(word) != NAME:
                return None
            mark = self.listed.parts.get(word)
            if mark is not None:
                capital = token.text[:1].isupper() and (mark == NAME or not opens)
                return mark if capital or not self.usage.ordinary(word) else None
            if word in GIVEN_NAMES:
                return NAME
        if _mixed(token.text):
            return NAME
        if self.usage.common(token.plain):
            return None
        mark = self._inflected(token) or self._mistyped(token)
        return NAME if mark is None and self.usage.a_name(token, opens, nouns) else mark

    def _inflected(self, token: Token) -> str | None:
        """A listed name with an ending of up to three letters."""
        for word in spellings(token):
            for cut in range(1, SUFFIX + 1):
                name = word[:-cut]
                least = STEM - 1 if word.endswith("s") and cut == 1 else STEM
                mark = self.listed.parts.get(name) if len(name) >= least else None
                if mark is not None and not self.usage.ordinary(name):
                    return mark
        return None

    def _mistyped(self, token: Token) -> str | None:
        """A listed name with one letter wrong, missing, too many, or two changed places."""
        for word in spellings(token):
            if len(word) >= NEAR - 1:
                found = next((self.near[s] for s in _shortened(word) if s in self.near), None)
                if found is not None:
                    return found
        return None

    def _unusual(self, token: Token) -> bool:
        """Whether a word is no ordinary one, nor another form of one, where a name may stand."""
        usual = self.usage.common(token.plain) or token.plain in self.keep
        return (
            not usual
            and cased(token.plain)
            and len(token.plain) > 1
            and stem(token.plain) not in _ORDINARY_STEMS
        )

    def _join(self, text: str, tokens: Sequence[Token], marks: list[str | None]) -> None:
        """Take the other part of a name with it: the word beside one that was found.

        After a name any capitalised or unusual word goes; before it, one that opens a
        sentence and is a given name besides being a word ("Mark Vogel").
        """
        for place, (first, second) in enumerate(pairwise(tokens)):
            if text[first.end : second.start] not in (" ", "-"):
                continue
            if marks[place] == NAME and marks[place + 1] is None and self._surname(first, second):
                marks[place + 1] = NAME
        for place, (first, second) in enumerate(pairwise(tokens)):
            named = marks[place + 1] == NAME and second.text[:1].isupper()
            beside = text[first.end : second.start] in (" ", "-")
            if named and beside and marks[place] is None and self._first_name(text, first):
                marks[place] = NAME

    def _surname(self, first: Token, second: Token) -> bool:
        if second.plain in self.keep or first.plain.endswith("'s") or len(second.plain) < 2:
            return False
        if second.text[:1].isupper() and not second.text.isupper():
            return True
        given = first.plain in GIVEN_NAMES or first.plain in self.listed.parts
        return given and self._unusual(second)

    def _first_name(self, text: str, token: Token) -> bool:
        """A capitalised word before a surname, unless it is a word like "please" or "ask"."""
        word = token.plain
        if not token.text[:1].isupper() or word in self.keep or not opens_sentence(text, token):
            return False
        return word in GIVEN_TOO or not (self.usage.common(word) or self.usage.small[word])


_ORDINARY_STEMS = frozenset(map(stem, ORDINARY | SOMETIMES))


def _mixed(word: str) -> bool:
    """Whether letters of two alphabets stand in one word, as in look-alike spellings."""
    if word.isascii():
        return False
    scripts = {unicodedata.name(c, "").split(" ")[0] for c in word if c.isalpha()}
    return len(scripts & set(READABLE)) > 1


def _signed(text: str, tokens: Sequence[Token]) -> range:
    """The last words of a text that stand like a signature: after a greeting, a dash, a break."""
    last = range(0)
    for length in range(1, min(LAST, len(tokens) - 1) + 1):
        first = tokens[-length]
        before = text[tokens[-length - 1].end : first.start]
        apart = "\n" in before or re.search(r"\s[-–—]+\s*$", before)
        if apart or tokens[-length - 1].plain in CLOSING:
            last = range(len(tokens) - length, len(tokens))
    return last


def _asked(text: str, tokens: Sequence[Token]) -> list[int]:
    """Words right after "ask", "told" and the like."""
    pairs = enumerate(pairwise(tokens))
    return [
        place + 1
        for place, (first, second) in pairs
        if first.plain in ASKING and text[first.end : second.start] == " "
    ]


def _written(text: str, tokens: Sequence[Token], marks: Sequence[str | None]) -> str:
    """The text with its marks; neighbours with the same mark become one."""
    parts: list[str] = []
    at = 0
    last: str | None = None
    for token, mark in zip(tokens, marks, strict=True):
        gap = text[at : token.start]
        joined = mark is not None and mark == last and not gap.strip(" .&-'’") and len(gap) <= 3
        if not joined:
            parts += [gap, mark or token.text]
        at, last = token.end, mark
    return "".join([*parts, text[at:]])


def _shortened(word: str) -> set[str]:
    """The word, and the word less each of its letters."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}

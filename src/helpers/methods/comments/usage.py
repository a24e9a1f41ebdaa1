"""How customers themselves write a word, from which it shows whether it is a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helpers.methods.comments.naming import Token
from helpers.methods.comments.ordinary import GIVEN_NAMES, SOMETIMES, stem

__all__ = ["Usage", "opens_sentence"]

COMMON = 3  # accounts that write a word in small letters before it counts as common
SURE = 10  # accounts that do, before a listed name counts as an ordinary word too
TIMES = 4  # as many accounts, at least, as write it with a capital inside a sentence


@dataclass(frozen=True)
class Usage:
    """How many accounts write a word: small, with a capital inside a sentence, at all."""

    small: Counter[str]
    inner: Counter[str]  # of languages that do not write every noun so
    any: Counter[str]
    known: frozenset[str]  # ordinary words, whoever writes them
    stems: frozenset[str]  # of ordinary words and of all that are written in small letters

    @classmethod
    def of(
        cls, texts: Sequence[str], read: Sequence[Sequence[Token]], groups: Sequence[object],
        nouns: Sequence[bool], known: Iterable[str],
    ) -> Usage:  # fmt: skip
        """Count over accounts; ``known`` words are ordinary, whoever writes them."""
        small, inner, every = (set[tuple[object, str]]() for _ in range(3))
        for text, tokens, group, own in zip(texts, read, groups, nouns, strict=True):
            for token in tokens:
                pair = (group, token.plain)
                every.add(pair)
                if token.text[:1].islower():
                    small.add(pair)
                elif not own and token.text[:1].isupper() and not opens_sentence(text, token):
                    inner.add(pair)
        lower, upper, whole = (Counter(w for _, w in pairs) for pairs in (small, inner, every))
        stems = frozenset(map(stem, {*lower, *known, *SOMETIMES}))
        return cls(lower, upper, whole, frozenset(known), stems)

    def common(self, word: str) -> bool:
        """Whether enough accounts write it in small letters, and more than with a capital."""
        often = self.small[word] >= COMMON and self.small[word] > self.inner[word]
        return word in self.known or word in SOMETIMES or often

    def ordinary(self, word: str) -> bool:
        """Whether a listed name is surely an ordinary word besides."""
        least = COMMON if word in SOMETIMES else max(SURE, TIMES * self.inner[word])
        often = self.small[word] >= least and word not in GIVEN_NAMES
        return word in self.known or often

    def a_name(self, token: Token, opens: bool, nouns: bool) -> bool:
        """Whether an unlisted word is written as only names are."""
        word, capital = token.plain, token.text[:1].isupper()
        rare = self.small[word] == 0 or self.small[word] < min(COMMON, self.inner[word] + 1)
        if not capital:
            return self.inner[word] > 0 and rare
        if nouns:
            return self.any[word] < COMMON and len(word) > 1
        related = opens and self.inner[word] == 0 and stem(word) in self.stems
        return rare and len(word) > 1 and not related


def opens_sentence(text: str, token: Token) -> bool:
    """Whether a word begins the text, a line or a sentence."""
    before = text[: token.start].rstrip(" \t\"'“”«»„([*_–—-")
    return not before or before[-1] in ".!?:;…\n\r。！？•"

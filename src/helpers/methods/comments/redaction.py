"""Comments without what would tell who wrote them: names, companies, numbers, addresses.

What is listed is taken out in any spelling near it; what is not listed is taken out
where its form gives it away. Where in doubt a word goes: a quote may lose an innocent
word, but should not name anybody.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from helpers.methods.comments.writing import folded, visible

__all__ = ["MARKS", "NameList", "name_list", "redacted"]

NAME, COMPANY, NUMBER, MAIL = "[name]", "[company]", "[number]", "[e-mail]"
PHONE, LINK, CODE = "[phone]", "[link]", "[code]"
MARKS = (NAME, COMPANY, NUMBER, MAIL, PHONE, LINK, CODE)

AT = r"\s?(?:@|＠|(?i:\(at\)|\[at\]|\{at\}))\s?"
DOT = r"(?:\.|\s?(?i:\(dot\)|\[dot\])\s?)"
ENDS = "com|net|org|info|biz|eu|io|co|de|uk|us|fr|es|it|nl|be|ch|at|se|no|dk|fi|pl|cz|jp|cn|in|br"
MAILBOX = rf"(?<![\w.+'-])[\w.+'-]{{1,250}}{AT}[\w-]{{1,63}}(?:{DOT}[\w-]{{1,63}}){{1,8}}"
DOMAIN = rf"(?<![\w@])(?:[\w-]{{1,63}}\.){{1,20}}(?:{ENDS})(?!\w|\.\w)(?:/\S*)?"
FORMS = (  # tried in order; every repetition is bounded, so that no text can make them slow
    (re.compile(MAILBOX), MAIL),
    (re.compile(r"\b(?:[a-z][a-z0-9+.-]{0,20}://|www\.)\S+", re.I), LINK),
    (re.compile(DOMAIN, re.I), LINK),
    (re.compile(r"(?<!\w)@\w[\w.]*"), NAME),
    (re.compile(r"(?<![\w+])\+?\(?\d(?:[\s().\-/]{0,2}\d){6,}(?!\w)"), PHONE),
    (re.compile(r"(?<!\w)\d{3,}-\d{3,}(?:-\d+)*(?!\w)"), PHONE),
    (re.compile(r"(?<!\w)(?=[\w/.-]{0,60}\d)(?=[\w/.-]{0,60}[^\W\d_])\w+(?:[-/.]\w+)*"), CODE),
    (re.compile(r"#\w+"), CODE),
    (re.compile(r"(?:[$€£¥₹]\s?)?\d+(?:[.,:'’/-]\d+)*(?:\s?%)?"), NUMBER),
)  # fmt: skip
TITLES = "mr|mrs|dr|prof|herr|frau|monsieur|madame|mme|mlle|señor|señora|signor|signora|dhr|mevr"
WORDS_TOO = "Ms|Miss|Mx|Sir|Madam|Hr|Fr|M|Sr|Sra|Don|Doña|Sig|Pan|Pani"  # only before a capital
TITLED = re.compile(
    rf"(?<!\w)(?:(?i:{TITLES})(?:\.\s?|\s)(?=[^\W\d_])|(?:{WORDS_TOO})(?:\.\s?|\s)(?=[^\W\d_a-zß-öø-ÿ]))"
    r"(\w[\w'’-]*)"
)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
MARK_OR_WORD = re.compile("|".join([*map(re.escape, MARKS), WORD.pattern]))
CAPITALISING = ("de", "lb", "gsw")  # languages that write every noun with a capital
LEGAL = (
    "sa", "ag", "se", "nv", "bv", "ab", "as", "oy", "oyj", "aps", "kg", "gmbh", "co", "inc", "corp",
    "ltd", "llc", "plc", "pte", "pty", "sarl", "srl", "spa", "sas", "kk", "de", "cv", "the", "and",
    "company", "limited", "group", "holding",
)  # fmt: skip
COMMON = 3  # accounts that write a word in small letters before it counts as common
SUFFIX = 3  # letters that may follow a name in another case or as a possessive
STEM = 4  # letters of a name before an ending may follow it
NEAR = 6  # letters of a name before one mistyped letter is forgiven


class Token(NamedTuple):
    """A word of a text, where it stands, and its form without capitals and accents."""

    text: str
    start: int
    end: int
    plain: str


@dataclass(frozen=True)
class NameList:
    """Listed names, ready to be searched for.

    ``phrases`` are whole names, ``parts`` the words in them that are not generic, each
    with the mark that stands for it.
    """

    phrases: dict[tuple[str, ...], str]
    parts: dict[str, str]
    glued: dict[str, str] = field(default_factory=dict)  # names in scripts without capitals

    @property
    def base(self) -> int:
        """How many names are listed."""
        return len(self.phrases) + len(self.glued)


def name_list(people: Iterable[str] = (), companies: Iterable[str] = ()) -> NameList:
    """Make listed names ready to be searched for.

    Parameters
    ----------
    people
        Names of contacts, owners, sponsors and staff.
    companies
        Names of accounts. Words that three or more of them share ("Power") are generic
        and taken out only as part of the whole name.

    Examples
    --------
    >>> found = name_list(["Tom Eriksen"], ["Redmarsh Power S.A."])
    >>> sorted(found.parts)
    ['eriksen', 'power', 'redmarsh', 'tom']
    """
    phrases: dict[tuple[str, ...], str] = {}
    parts: dict[str, str] = {}
    glued: dict[str, str] = {}
    for names, mark in ((companies, COMPANY), (people, NAME)):
        spelled = [_spelled(name) for name in names if isinstance(name, str)]
        shared = Counter(word for own in spelled for word in set(own))
        for own in spelled:
            kept = tuple(w for w in own if w not in LEGAL) if mark == COMPANY else own
            if not kept:
                continue
            if not _cased(kept[0]):
                glued[" ".join(kept)] = mark
                continue
            phrases[kept] = mark
            generic = COMMON if mark == COMPANY else len(spelled) + 1
            parts |= {w: mark for w in kept if len(w) > 1 and shared[w] < generic}
    return NameList(phrases, parts, glued)


def redacted(
    texts: pd.Series,
    listed: NameList,
    *,
    clusters: pd.Series | None = None,
    languages: pd.Series | None = None,
    keep: Sequence[str] = (),
) -> pd.Series:
    """Take out of comments what would tell who wrote them, or of whom.

    Names are found by list (with endings, without accents, with a letter mistyped) and,
    unlisted, by their form: after a title, or with a capital inside a sentence when
    nobody writes the word without. In languages that capitalise every noun, a word is
    kept if three accounts use it. Words that three accounts write in small letters are
    common, and only go where they are written like a name.

    Parameters
    ----------
    texts
        Every comment, of all waves: what is common is learned from them.
    listed
        As :func:`name_list` returns it.
    clusters, languages
        Account and language of each comment.
    keep
        Words that stay, such as the client's own name, unless a listed person bears them.

    Examples
    --------
    >>> texts = pd.Series(["As I told Karen, Eriksens team called 555-0123 about SN-44X.",
    ...                    "Mail tom@acme.com: 3 days late, $5,000 lost"])
    >>> redacted(texts, name_list(["Tom Eriksen"])).tolist()
    ['As I told [name], [name] team called [phone] about [code].', 'Mail [e-mail]: [number] days late, [number] lost']
    """  # noqa: E501 - one list, as it is printed
    groups = pd.Series(texts.index, index=texts.index) if clusters is None else clusters
    spoken = pd.Series("", index=texts.index) if languages is None else languages
    shown = [_without_forms(visible(text)) for text in texts]
    usage = _usage(shown, list(groups))
    finder = _Finder(listed, usage, frozenset(folded(w) for w in keep))
    nouns = spoken.isin(CAPITALISING).tolist()
    unlisted = {kind: finder.unlisted(shown, nouns, kind) for kind in (True, False)}
    cleaned = [finder.clean(text, unlisted[n]) for text, n in zip(shown, nouns, strict=True)]
    return pd.Series(cleaned, index=texts.index, dtype=object)


def _without_forms(text: str) -> str:
    for form, mark in FORMS:
        text = form.sub(mark, text)
    return text


@dataclass(frozen=True)
class _Usage:
    """How many accounts write a word, in small letters and at all."""

    small: Counter[str]
    any: Counter[str]


def _usage(texts: Sequence[str], groups: Sequence[object]) -> _Usage:
    small: set[tuple[object, str]] = set()
    every: set[tuple[object, str]] = set()
    for text, group in zip(texts, groups, strict=True):
        for token in _tokens(text):
            every.add((group, token.plain))
            if token.text[:1].islower():
                small.add((group, token.plain))
    return _Usage(Counter(w for _, w in small), Counter(w for _, w in every))


@dataclass(frozen=True)
class _Finder:
    listed: NameList
    usage: _Usage
    keep: frozenset[str]
    near: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        near = {
            shorter: mark
            for name, mark in self.listed.parts.items()
            if len(name) >= NEAR
            for shorter in _shortened(name)
        }
        object.__setattr__(self, "near", near)

    def clean(self, text: str, unlisted: frozenset[str]) -> str:
        """The text with a mark in place of every name."""
        for name, its_mark in self.listed.glued.items():
            text = text.replace(name, its_mark)
        text = TITLED.sub(lambda m: m.group(0)[: m.start(1) - m.start(0)] + NAME, text)
        tokens = _tokens(text)
        marks: list[str | None] = [None] * len(tokens)
        for place in range(len(tokens)):
            length, mark = self._phrase(tokens, place)
            marks[place : place + length] = [mark] * length
        for place, token in enumerate(tokens):
            if marks[place] is None:
                marks[place] = self._word(token, unlisted, _opens(text, token))
        return _written(text, tokens, _with_neighbours(text, tokens, marks, self.keep))

    def _phrase(self, tokens: Sequence[Token], place: int) -> tuple[int, str | None]:
        """A whole listed name that begins here: its length in words, and its mark."""
        for length in range(min(8, len(tokens) - place), 1, -1):
            found = tuple(t.plain for t in tokens[place : place + length])
            if found in self.listed.phrases:
                return length, self.listed.phrases[found]
        return 0, None

    def _word(self, token: Token, unlisted: frozenset[str], opens: bool) -> str | None:
        """The mark for one word: listed, like a listed one, or written like a name."""
        plain, capital = token.plain, token.text[:1].isupper()
        if plain in self.keep and self.listed.parts.get(plain) != NAME:
            return None
        common = self.usage.small[plain] >= COMMON
        if plain in self.listed.parts and (capital or not common):
            return self.listed.parts[plain]
        if common:
            return None
        mark = self._inflected(plain) or self._mistyped(plain)
        if mark is None and plain in unlisted and capital:
            return NAME
        return mark

    def _inflected(self, plain: str) -> str | None:
        """A listed name with an ending of up to three letters, or a possessive."""
        bare = plain.split("'")[0]
        if bare in self.listed.parts:
            return self.listed.parts[bare]
        for cut in range(1, SUFFIX + 1):
            if len(bare) - cut >= STEM and bare[:-cut] in self.listed.parts:
                return self.listed.parts[bare[:-cut]]
        return None

    def _mistyped(self, plain: str) -> str | None:
        """A listed name with one letter wrong, missing, too many, or two changed places."""
        bare = plain.split("'")[0]
        if len(bare) < NEAR - 1:
            return None
        return next((self.near[s] for s in _shortened(bare) if s in self.near), None)

    def unlisted(self, texts: Sequence[str], nouns: Sequence[bool], kind: bool) -> frozenset[str]:
        """Words with a capital inside a sentence that nobody writes without one.

        ``kind`` chooses the texts: of languages that write nouns with a capital, where a
        word must be rare besides, or of the others.
        """
        known, least = (self.usage.any, COMMON) if kind else (self.usage.small, 1)
        return frozenset(
            token.plain
            for text, own in zip(texts, nouns, strict=True)
            if own == kind
            for token in _tokens(text)
            if token.text[:1].isupper()
            and len(token.text) > 1
            and known[token.plain] < least
            and token.plain not in self.keep
            and not _opens(text, token)
        )


def _with_neighbours(
    text: str, tokens: Sequence[Token], marks: list[str | None], keep: frozenset[str]
) -> list[str | None]:
    """A capitalised word that opens a sentence right before a name is its first part."""
    done = list(marks)
    for place in range(len(tokens) - 1):
        after = tokens[place + 1]
        gap = text[tokens[place].end : after.start]
        word = tokens[place]
        first = word.text[:1].isupper() and len(word.text) > 1 and _opens(text, word)
        named = marks[place + 1] == NAME and after.text[:1].isupper()
        if done[place] is None and gap in (" ", "-") and first and named and word.plain not in keep:
            done[place] = NAME if _rare(word, tokens) else None
    return done


def _rare(word: Token, tokens: Sequence[Token]) -> bool:
    """Whether the text never has the word in small letters."""
    return not any(t.plain == word.plain and t.text[:1].islower() for t in tokens)


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


def _tokens(text: str) -> list[Token]:
    """Words of a text, those inside marks left out."""
    return [
        Token(m.group(), m.start(), m.end(), folded(m.group()))
        for m in MARK_OR_WORD.finditer(text)
        if m.group() not in MARKS
    ]


def _opens(text: str, token: Token) -> bool:
    """Whether a word begins the text, a line or a sentence."""
    before = text[: token.start].rstrip(" \t\"'“”«»„([*_–—-")
    return not before or before[-1] in ".!?:;…\n\r。！？•"


def _spelled(name: str) -> tuple[str, ...]:
    plain = re.sub(r"(?<=\w)\.(?=\w)", "", visible(name))  # S.A. is one word
    return tuple(folded(m.group()) for m in WORD.finditer(plain))


def _cased(word: str) -> bool:
    return word.upper() != word.lower()


def _shortened(word: str) -> set[str]:
    """The word, and the word less each of its letters."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}

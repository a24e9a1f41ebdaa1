"""The themes that comments are sorted into, and the words that stand for each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from helpers.methods.comments.writing import is_unspaced, words
from helpers.replies import normalised

__all__ = ["Frame", "chosen_frame", "pattern", "starting_frame", "theme_frame"]

COLUMNS = ("theme", "label", "words", "driver", "language")
WILDCARDS = 2  # of one word of a rule, so that no text can make a search slow
REACH = 40  # letters that a wildcard stands for, at most
SHORTEST = 4  # letters of a stem in a starting frame
ENDINGS = ("ing", "ies", "es", "y", "s")
SEPARATOR = re.compile(r"[;\n]")


@dataclass(frozen=True)
class Frame:
    """The client's themes with their rules.

    ``table`` has a row for each theme and language: theme, label, words (a tuple of
    patterns), driver (empty where none is tied), language (empty: every language).
    """

    table: pd.DataFrame
    source: str  # "client", "questions" or "codes"

    def __post_init__(self) -> None:
        repeated = self.table.duplicated(["theme", "language"])
        if repeated.any():
            raise ValueError(
                f"theme {self.table.loc[repeated, 'theme'].iloc[0]!r} has two rows for one "
                "language; put all its words into one row, or give each row its language"
            )

    @property
    def base(self) -> int:
        """How many themes there are."""
        return len(self.themes)

    @cached_property
    def themes(self) -> tuple[str, ...]:
        """Names of the themes, in the order of the frame."""
        return tuple(dict.fromkeys(self.table["theme"]))

    @cached_property
    def labels(self) -> dict[str, str]:
        """What to call each theme."""
        return dict(zip(self.table["theme"], self.table["label"], strict=True))

    @cached_property
    def drivers(self) -> dict[str, str]:
        """The driver each theme is tied to; themes tied to none are not in it."""
        tied = self.table[self.table["driver"] != ""]
        return dict(zip(tied["theme"], tied["driver"], strict=True))

    @cached_property
    def languages(self) -> frozenset[str]:
        """Languages with rules of their own; empty where rules hold for every language."""
        return frozenset() if (self.table["language"] == "").any() else frozenset(
            self.table["language"]
        )  # fmt: skip

    def covers(self, language: str) -> bool:
        """Whether the rules speak a language; a text of unknown language is read with all."""
        return not self.languages or not language or language in self.languages

    def rules(self, theme: str, language: str) -> tuple[str, ...]:
        """The words of a theme that count in a language."""
        spoken = self.table["language"].isin(["", language] if language else [*self.languages, ""])
        rows = self.table.loc[(self.table["theme"] == theme) & spoken, "words"]
        return tuple(word for row in rows for word in row)

    def with_themes(self, names: Sequence[str]) -> Frame:
        """The frame with further themes that somebody coded by hand, which have no rules.

        Examples
        --------
        >>> frame = theme_frame(pd.DataFrame({"theme": ["late"], "words": ["late"]}))
        >>> frame.with_themes(["late", "too_dear"]).labels
        {'late': 'Late', 'too_dear': 'Too dear'}
        """
        new = [name for name in names if name not in self.themes]
        rows = [(name, _spoken(name), (), "", "") for name in new]
        extra = pd.DataFrame(rows, columns=list(COLUMNS))
        return Frame(pd.concat([self.table, extra], ignore_index=True), self.source)


def theme_frame(table: pd.DataFrame) -> Frame:
    """Read the client's own frame.

    Parameters
    ----------
    table
        ``theme`` and ``words``; ``label``, ``driver`` and ``language`` where there are any.
        Words and phrases stand apart by semicolons; ``*`` stands for further letters.

    Raises
    ------
    ValueError
        For a pattern that nothing or almost everything would match.

    Examples
    --------
    >>> table = pd.DataFrame({"theme": ["late"], "words": ["late*; lead time"]})
    >>> theme_frame(table).table.loc[0, "words"]
    ('late*', 'lead time')
    """
    rows = table.reset_index(drop=True)
    made = pd.DataFrame({"theme": rows["theme"].astype(str)})
    given = rows["label"] if "label" in rows else pd.Series(None, index=rows.index, dtype=object)
    named = made["theme"].map(_spoken)
    made["label"] = given.fillna(named).replace("", None).fillna(named).astype(str)
    made["words"] = [_patterns(x) for x in rows["words"]]
    for name in ("driver", "language"):
        texts = rows[name] if name in rows else pd.Series("", index=rows.index)
        made[name] = texts.fillna("").astype(str).str.strip()
    made["language"] = made["language"].map(tongue)
    for words_of in made["words"]:
        for one in words_of:
            pattern(one)  # refuses what cannot be searched for
    return Frame(made, "client")


def chosen_frame(
    table: pd.DataFrame | None, labels: Mapping[str, str], texts: Mapping[str, str]
) -> Frame:
    """The client's own frame, or a first one from its drivers where it sent none.

    Examples
    --------
    >>> chosen_frame(None, {"price": "Prices"}, {}).source
    'questions'
    """
    sent = table is not None and len(table) > 0
    return theme_frame(table) if sent else starting_frame(labels, texts)  # type: ignore[arg-type]


def starting_frame(labels: Mapping[str, str], texts: Mapping[str, str]) -> Frame:
    """A first frame where the client sent none: a theme for each driver.

    Its words are those that only this driver's label or question uses, without their
    ending. It finds a theme only where people use the questionnaire's words.

    Parameters
    ----------
    labels, texts
        Driver to its short name, and to its question as asked.

    Examples
    --------
    >>> frame = starting_frame({"delivery": "Delivery", "pricing": "Pricing"},
    ...                        {"delivery": "Delivery on the date agreed", "pricing": "Prices"})
    >>> frame.table["words"].tolist()
    [('deliver*', 'date*', 'agreed*'), ('pric*',)]
    """
    stems = {
        name: tuple(dict.fromkeys(_stem(w) for w in words(f"{label} {texts.get(name, '')}")))
        for name, label in labels.items()
    }
    used = Counter(stem for own in stems.values() for stem in own)
    rows = [
        (name, label, tuple(s for s in stems[name] if s and used[s] == 1), name, "")
        for name, label in labels.items()
    ]
    return Frame(pd.DataFrame(rows, columns=list(COLUMNS)), "questions")


def tongue(language: object) -> str:
    """A language without its country: ``en-GB`` is ``en``.

    >>> tongue("EN_gb"), tongue(None)
    ('en', '')
    """
    if not isinstance(language, str):
        return ""
    return re.split(r"[-_]", language.strip().casefold())[0]


def pattern(rule: str) -> str:
    """The regular expression of a word or phrase of the frame.

    A word is found whole; ``*`` stands for up to 40 further letters. In scripts without
    spaces a word is found anywhere.

    Raises
    ------
    ValueError
        If a word has more than two wildcards, or nothing beside them.

    Examples
    --------
    >>> bool(re.search(pattern("late*"), "lateness")), bool(re.search(pattern("late"), "plate"))
    (True, False)
    """
    parts = [_one(word, rule) for word in normalised(rule).split()]
    if not parts:
        raise ValueError(f"the rule {rule!r} holds no word; leave it out")
    return r"\s".join(parts)


def _one(word: str, rule: str) -> str:
    plain = word.replace("*", "")
    if not plain or word.count("*") > WILDCARDS:
        raise ValueError(
            f"the rule {rule!r} cannot be searched for: give each word at least a letter and at "
            f"most {WILDCARDS} wildcards (*)"
        )
    inside = rf"\w{{0,{REACH}}}".join(re.escape(piece) for piece in word.split("*"))
    before = "" if word[0] != "*" and _joins(word[0]) else r"(?<!\w)"
    after = "" if word[-1] != "*" and _joins(word[-1]) else r"(?!\w)"
    return f"{before}{inside}{after}"


def _joins(letter: str) -> bool:
    """Whether more may follow a letter directly without making another word."""
    return is_unspaced(letter) or not (letter.isalnum() or letter == "_")


def _patterns(cell: object) -> tuple[str, ...]:
    if not isinstance(cell, str):
        return ()
    return tuple(dict.fromkeys(w.strip() for w in SEPARATOR.split(cell) if w.strip()))


def _stem(word: str) -> str:
    """A word without its ending and open to others; empty for short words."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            return f"{word[: -len(ending)]}*"
    return f"{word}*" if len(word) >= SHORTEST else ""


def _spoken(name: object) -> str:
    text = str(name).replace("_", " ").strip()
    return text[:1].upper() + text[1:]

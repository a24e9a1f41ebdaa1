"""What may be set in a chapter: a default, a meaning, and which values it takes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from helpers.study.nearest import advice_for

__all__ = ["Parameter", "limits_in_words"]

KINDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "numbers by name",
}
NUMERIC = ("number", "above", "from", "below", "to")
ENDS = {"above": "above", "from": "from", "below": "below", "to": "at most"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One line of a notebook's ``parameters`` cell.

    ``allowed`` is what the notebook's metadata say of its values: ``number``, with ``above`` or
    ``from`` and ``below`` or ``to`` as its ends, ``choices``, ``day``, ``text`` (most letters of
    a line), ``length`` (of a list), ``none`` (it may be left open) and ``names`` (what of the
    client's it names). Ends and names hold for each entry of a list.
    """

    name: str
    default: Any
    meaning: str  # the comment: unit and meaning
    allowed: Mapping[str, Any] = field(default_factory=dict)

    def accepts(self, value: object) -> bool:
        """Whether a value is of the kind that the notebook's default is.

        >>> Parameter("confidence", 0.95, "share").accepts(0.9)
        True
        >>> Parameter("replicates", 2000, "draws").accepts("many")
        False
        """
        if value is None:
            return self.default is None or bool(self.allowed.get("none"))
        if self.default is None:
            return _is_number(value) or not self._numeric
        if isinstance(self.default, bool) or isinstance(value, bool):
            return isinstance(self.default, bool) and isinstance(value, bool)
        if isinstance(self.default, float):
            return _is_number(value)
        if isinstance(self.default, list):
            return isinstance(value, list) and all(self._accepts_entry(one) for one in value)
        if isinstance(self.default, dict):
            return isinstance(value, dict) and all(map(_is_number, value.values()))
        return isinstance(value, type(self.default))

    @property
    def _numeric(self) -> bool:
        return any(name in self.allowed for name in NUMERIC)

    def _accepts_entry(self, value: object) -> bool:
        """Whether one entry of a list is a number, or a text, as those of the default are."""
        return _is_number(value) if self._numeric else isinstance(value, str)

    @property
    def kind(self) -> str:
        """What a value must be, in words.

        >>> Parameter("seed", 1, "").kind, Parameter("steps", [0.1], "", {"from": 0}).kind
        ('a whole number', 'a list of numbers')
        """
        if isinstance(self.default, list):
            return "a list of numbers" if self._numeric else "a list of names"
        kind = float if self.default is None else type(self.default)
        return KINDS.get(kind, kind.__name__)

    def wrong(self, value: object) -> tuple[object, str, str] | None:
        """What of a value of the right kind is not allowed, as (found, problem, advice).

        >>> Parameter("confidence", 0.95, "share", {"above": 0, "below": 1}).wrong(95)
        (95, 'is not above 0 and below 1', 'Write 0.95 for 95 per cent.')
        >>> Parameter("model", "linear", "", {"choices": ["linear", "logit"]}).wrong("logot")
        ('logot', 'is not one of linear, logit', 'Did you mean logit?')
        >>> Parameter("signed_by", "", "", {"text": 4}).wrong("Ann Lee")
        ('Ann Lee', 'is not one line of at most 4 letters', 'Shorten it.')
        """
        if value is None:
            return None
        length = self.allowed.get("length")
        if isinstance(value, list) and length is not None and len(value) != length:
            advice = f"Give {length} entries, as {self.default!r}."
            return value, f"has {len(value)} entries", advice
        entries = [value]
        if isinstance(value, list | dict):
            entries = list(value.values() if isinstance(value, dict) else value)
        return next((found for one in entries if (found := self._wrong_entry(one))), None)

    def _wrong_entry(self, value: object) -> tuple[object, str, str] | None:
        choices = self.allowed.get("choices")
        if choices is not None and value not in choices:
            return value, f"is not one of {', '.join(choices)}", advice_for(str(value), choices)
        if self.allowed.get("day") and value and not _is_day(str(value)):
            return value, "is not a day", "Write it as 2026-11-02."
        longest = self.allowed.get("text")
        if longest and (len(str(value)) > longest or not str(value).isprintable()):
            return value, f"is not one line of at most {longest} letters", "Shorten it."
        if isinstance(value, int | float) and not _within(float(value), self.allowed):
            return value, f"is not {limits_in_words(self.allowed)}", self._meant(float(value))
        return None

    def _meant(self, value: float) -> str:
        most = self.allowed.get("below", self.allowed.get("to"))
        if most == 1 and 1 < value <= 100:
            return f"Write {value / 100:g} for {value:g} per cent."
        return f"It is: {self.meaning}." if self.meaning else "Correct it."


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _within(value: float, allowed: Mapping[str, Any]) -> bool:
    above, least = allowed.get("above", -math.inf), allowed.get("from", -math.inf)
    below, most = allowed.get("below", math.inf), allowed.get("to", math.inf)
    return math.isfinite(value) and above < value < below and least <= value <= most


def limits_in_words(allowed: Mapping[str, Any]) -> str:
    """The ends or choices of a parameter.

    >>> limits_in_words({"from": 0, "to": 100}), limits_in_words({"above": 0})
    ('from 0 to 100', 'above 0')
    >>> limits_in_words({}), limits_in_words({"choices": ["a", "b"]})
    ('a finite number', 'a or b')
    """
    if choices := allowed.get("choices"):
        return _or(choices)
    if {"from", "to"} <= set(allowed):
        return f"from {allowed['from']:g} to {allowed['to']:g}"
    ends = [f"{word} {allowed[name]:g}" for name, word in ENDS.items() if name in allowed]
    if len(ends) == 1 and "from" in allowed:
        return f"{allowed['from']:g} or more"
    return " and ".join(ends) or "a finite number"


def _or(choices: Sequence[str]) -> str:
    return " or ".join([", ".join(choices[:-1]), choices[-1]]) if len(choices) > 1 else choices[0]

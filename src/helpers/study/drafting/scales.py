"""The scale of a question: its ends, its direction, and which answers are none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from helpers.study.drafting.export import Item
from helpers.study.drafting.guess import NOTHING, Guess
from helpers.study.drafting.ladders import in_numbers
from helpers.study.drafting.wordings import COUNTED, NEGATIVE, NO_ANSWER, POSITIVE
from helpers.study.intake import NO_ANSWER as CODES
from helpers.study.values import is_number

__all__ = ["Scale", "find_scale", "from_values", "in_words", "of_hundred", "scale_in_text"]

FEW_POINTS = 10  # different values, before they are points of 100
ENOUGH = 100  # answers, before their range says what the scale is
CERTAIN = {(0, 10), (1, 5), (1, 7)}  # ends that all occur leave no doubt about these
USUAL = (*sorted(CERTAIN), (1, 10), (1, 4), (1, 6), (1, 9), (0, 4), (0, 5), (0, 6), (0, 100))
COMMON = ((1, 5), (1, 7), (1, 10), (0, 10), (0, 100))  # to which a shorter range may belong
WIDEST = 11  # codes of a scale that is answered by ticking one of them
RANGE = re.compile(
    r"(?<![\d.,/-])(-?[0135])\s*(?:-|–|—|\bto\b|\bbis\b|\bà\b|\ba\b|\bthrough\b|\bund\b|\band\b)"
    r"\s*(3|4|5|6|7|8|9|10|11|100)(?![\d/]|[.,-]\d|\s*(?:times|years|days|hours|minutes|employees|%))"
)
FIRST = re.compile(r"(\d{1,2})(?![\d.,]|\s*[-–/+]\s*\d)")  # of a label, not one of a range
NAMED = re.compile(
    r"(?<![\d.,])(\d{1,3})\s*(?:=|:|\bis\b|\bmeans\b|\bbeing\b|\bist\b)\s*['\"“]?([^\W\d][^\d,;)]*)"
    r"|(?<![\d.,])(\d{1,3})\s*[(]\s*([^\W\d][^)]*)[)]"
)


@dataclass(frozen=True, slots=True)
class Scale:
    """Ends, direction, codes for "no answer", and numbers for answers given in words."""

    low: Guess = NOTHING
    high: Guess = NOTHING
    reverse: Guess = NOTHING
    missing: Guess = NOTHING
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def ends(self) -> tuple[float, float] | None:
        """The two ends as numbers, or ``None``."""
        return (float(self.low.value), float(self.high.value)) if self.low.value else None

    @property
    def sure(self) -> bool:
        """Whether both ends are told beyond doubt."""
        return self.ends is not None and self.low.sure and self.high.sure


def find_scale(item: Item) -> Scale | None:
    """The scale of one question by itself; ``None`` where its answers are no rating.

    Labels of codes say it best, then the question, then answers in words, then the
    range of the answers.
    """
    scale = _from_labels(item) or _from_text(item) or _from_words(item) or from_values(item)
    if scale is None or not item.silent:
        return scale
    return with_silent(item, scale)


def with_silent(item: Item, scale: Scale) -> Scale:
    """The scale with the texts that say there is no answer among its missing codes."""
    codes = [code for code in (*scale.missing.value.split(";"), *item.silent) if code]
    texts = ";".join(dict.fromkeys(codes))
    return (
        replace(scale, missing=Guess(texts, scale.missing.sure, "it says so")) if texts else scale
    )


def of_hundred(item: Item) -> Scale | None:
    """Points of 100, where other questions of the file have them; marked."""
    core = item.numbers
    if not item.numeric or len(core) < FEW_POINTS or core.index.min() < 0 or core.index.max() > 100:
        return None
    if core.index.max() < 50 or COUNTED.search(item.said):
        return None
    why = f"answers from {core.index.min():g} to {core.index.max():g}, as others that are of 100"
    return with_silent(item, _scale(0, 100, False, why))


def _scale(low: float, high: float, sure: bool, why: str) -> Scale:
    return Scale(Guess(f"{low:g}", sure, why), Guess(f"{high:g}", sure, why))


def _from_labels(item: Item) -> Scale | None:
    codes = {float(code): text for code, text in item.labels.items() if is_number(code)}
    codes = {code: text for code, text in codes.items() if code.is_integer()}
    gone = {code for code in codes if _no_answer(code, codes)}
    left = {code: text for code, text in sorted(codes.items()) if code not in gone}
    if len(left) < 2:
        found = from_values(item, without=gone) if gone else None  # else the question may say more
        return _with_missing(found, gone, "its label says so") if found else None
    texts = list(left.values())
    if moved := _moved(left):
        return moved
    if not _rated(texts):
        return None
    shifted = {c: t for c, t in left.items() if is_number(t) and float(t) != c}
    if len(shifted) == len(left):
        low, high = (float(texts[0]), float(texts[-1]))
        why = (
            f"the code {min(left):g} is labelled {texts[0]}, {max(left):g} is labelled {texts[-1]}"
        )
        return _scale(min(low, high), max(low, high), False, why)
    low, high = min(left), max(left)
    why = f"labelled {low:g} {texts[0]} … {high:g} {texts[-1]}"
    outside = [v for v in item.numbers.index if not low <= v <= high and v not in gone]
    codes_out = [v for v in outside if v in CODES]
    scale = _scale(low, high, len(outside) == len(codes_out), why)
    scale = replace(scale, reverse=_direction(texts[0], texts[-1]))
    return _with_missing(scale, gone, "its label says so", codes_out)


def _moved(labels: Mapping[float, str]) -> Scale | None:
    """Codes whose labels all begin with another number: the labels' numbers, and their codes."""
    said = {code: float(m[1]) for code, text in labels.items() if (m := FIRST.match(text))}
    if len(said) < len(labels) or any(code == number for code, number in said.items()):
        return None
    if len(set(said.values())) < len(said) or all(is_number(text) for text in labels.values()):
        return None
    low, high = min(labels), max(labels)
    why = f"the code {low:g} is labelled {labels[low]}, {high:g} is labelled {labels[high]}"
    scale = _scale(min(said.values()), max(said.values()), False, why)
    return replace(scale, values={f"{n:g}": (f"{code:g}",) for code, n in said.items()})


def _no_answer(code: float, codes: Mapping[float, str]) -> bool:
    """Whether a code says that there is no answer: all that are answers lie on one side of it."""
    answers = [c for c, text in codes.items() if not NO_ANSWER.match(text)]
    return not answers or code < min(answers) or code > max(answers)


def _rated(texts: list[str]) -> bool:
    """Whether labels are steps of a rating, not names of categories."""
    if all(is_number(text) for text in texts if text):
        return True
    first, last = texts[0], texts[-1]
    opposed = (POSITIVE.search(first) and NEGATIVE.search(last)) or (
        NEGATIVE.search(first) and POSITIVE.search(last)
    )
    return bool(opposed) and (len(texts) != 2 or not _yes_or_no(texts))


def _yes_or_no(texts: list[str]) -> bool:
    return {text.strip().casefold()[:3].strip(",. ") for text in texts} <= {
        "yes", "no", "not", "ja", "nei", "oui", "non", "sí", "si",
    }  # fmt: skip


def _direction(first: str, last: str) -> Guess:
    """Whether the low end is the good one."""
    if POSITIVE.match(first) and NEGATIVE.match(last):
        return Guess("yes", True, f"the lowest code is {first}")
    return NOTHING


def _with_missing(scale: Scale, gone: set[float], why: str, more: Iterable[float] = ()) -> Scale:
    codes = [f"{code:g}" for code in sorted({*gone, *more})]
    if not codes:
        return scale
    why = why if gone else "answers far outside the scale"
    return replace(scale, missing=Guess(";".join(codes), True, why))


def scale_in_text(text: str) -> tuple[float, float] | None:
    """The ends that a question names, such as "0-10" or "on a scale of 1 to 5".

    Examples
    --------
    >>> scale_in_text("On a scale from 0 to 10, how likely …?")
    (0.0, 10.0)
    >>> scale_in_text("Please rate us (1 = very poor, 5 = excellent)")
    (1.0, 5.0)
    >>> scale_in_text("Visits in 2010-2018") is None
    True
    """
    named = [float(a or b) for a, _, b, _ in NAMED.findall(text)]
    if len(named) > 1 and min(named) in (0, 1) and 3 <= max(named) <= 100:
        return min(named), max(named)
    found = RANGE.search(text)
    return (float(found[1]), float(found[2])) if found else None


def _from_text(item: Item) -> Scale | None:
    asked = item.text or item.name
    ends = scale_in_text(asked)
    if ends is None or not item.numeric:
        return None
    low, high = ends
    outside = [float(v) for v in item.numbers.index if not low <= v <= high]
    codes = [v for v in outside if v in CODES]
    sure = len(codes) == len(outside)
    said = "the question says" if item.text else "its name says"
    why = f"{said} {low:g} to {high:g}" + (
        "" if sure else f", yet there are answers such as {outside[0]:g}"
    )
    named = {float(a or b): (x or y).strip() for a, x, b, y in NAMED.findall(asked)}
    scale = _scale(low, high, sure, why)
    if len(named) > 1:
        scale = replace(scale, reverse=_direction(named[min(named)], named[max(named)]))
    far = [code for code in codes if code not in (low - 1, high + 1)]
    near = [code for code in codes if code not in far]
    scale = _with_missing(scale, set(), "", far)
    return _doubtful(scale, near) if near else scale


def _doubtful(scale: Scale, codes: list[float]) -> Scale:
    have = [code for code in scale.missing.value.split(";") if code]
    every = sorted({*(float(code) for code in have), *codes})
    why = "answers just outside the scale: do they mean no answer?"
    return replace(scale, missing=Guess(";".join(f"{c:g}" for c in every), False, why))


def _from_words(item: Item) -> Scale | None:
    """A scale answered in words that are known, or in numbers with words behind."""
    return in_words(list(map(str, item.counts.index)))


def in_words(answers: list[str]) -> Scale | None:
    """The scale of which answers in words are the steps, with the number of each."""
    found = in_numbers(answers)
    if found is None:
        return None
    why = "the answers are the steps of a scale"
    if not found.sure:
        why += f", read as {found.low:g} to {found.high:g}; nobody may have chosen others"
    scale = replace(_scale(found.low, found.high, found.sure, why), values=found.values)
    none = ";".join(found.none)
    return replace(scale, missing=Guess(none, True, "it says so")) if none else scale


def from_values(item: Item, *, without: Iterable[float] = ()) -> Scale | None:
    """A scale by the range of the answers alone."""
    if not item.numeric:
        return None
    values = item.numbers.drop(index=list(without), errors="ignore")
    far = _far_codes(values)
    core = values.drop(index=far)
    if len(core) < 3:
        return None
    scale = _of_range(core)
    if scale is not None and scale.ends == (0, 100) and COUNTED.search(item.said):
        return None
    return _with_missing(scale, set(), "", far) if scale else None


def _far_codes(values: pd.Series) -> list[float]:
    """Codes such as 99 that stand far beyond all other answers."""
    codes = [float(v) for v in values.index if v in CODES]
    rest = [float(v) for v in values.index if v not in CODES]
    if not rest or max(rest) > WIDEST:
        return []
    return [code for code in codes if code > 5 * max(rest) or (code < 0 <= min(rest))]


def _of_range(core: pd.Series) -> Scale | None:
    low, high, answers = float(core.index.min()), float(core.index.max()), int(core.sum())
    whole = bool((core.index.to_numpy() % 1 == 0).all())
    ends = (low, high)
    if whole and ends in CERTAIN and len(core) == high - low + 1 and answers >= ENOUGH:
        why = f"every code from {low:g} to {high:g} occurs in {answers:,} answers, and no other"
        return _scale(low, high, True, why)
    if ends in USUAL and (ends != (0, 100) or _of_hundred(core, whole)):
        return _scale(low, high, False, f"answers from {low:g} to {high:g}")
    wider = [(a, b) for a, b in COMMON if a <= low and high <= b]
    if not wider:
        return None
    fits = min(wider, key=lambda pair: pair[1] - pair[0])
    if fits[1] == 100 and not _of_hundred(core, whole):
        return None
    if whole and answers >= ENOUGH and fits[1] < 100 and 2 * len(core) <= fits[1] - fits[0]:
        return None  # so few codes are categories rather than steps
    return _scale(*fits, False, f"answers from {low:g} to {high:g}, the next usual scale")


def _of_hundred(core: pd.Series, whole: bool) -> bool:
    """Whether numbers are points of 100: many different ones, or rounded by people."""
    if len(core) < 15 or core.index.max() < 50:
        return False
    round_ones = core[core.index.to_numpy() % 5 == 0].sum() / core.sum()
    return not whole or bool(round_ones > 0.4)

"""Answers in words: the number that each step of a known scale stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpers.study.drafting.wordings import LADDERS, NO_ANSWER

__all__ = ["Worded", "in_numbers"]

LED = re.compile(r"(-?\d{1,3})\s*(?:[-–—:.=)(]|\s)\s*\D.*|\D*\((-?\d{1,3})\)")
CODE = re.compile(r"(?:A|AO|L|R)0?(\d{1,2})")  # as LimeSurvey numbers the answers to choose from
ENDED = re.compile(r"[^\d-]*[^\W\d_]\s*(?:[-–—:=]|\s)\s*(\d{1,2})")  # Extremely likely - 10
OF_TEN = {"0", "10"}  # the ends of a 0-to-10 question, where nobody may have chosen one
MOST = 30  # different answers: more are no scale
MOST_STEPS = 11  # of a scale that is answered in codes
LEAST = 3  # different steps, before words are taken for a scale
UNLIKELY = 2  # steps that nobody chose: a scale with so many more is not the one


@dataclass(frozen=True)
class Worded:
    """The ends of a scale, the answers for each number, those that are none, and how sure."""

    low: float
    high: float
    values: Mapping[str, tuple[str, ...]]
    none: tuple[str, ...] = ()
    sure: bool = True


def in_numbers(answers: Sequence[str]) -> Worded | None:
    """The scale whose steps the answers are; ``None`` where they are not all of one.

    It is not sure where two known scales would give an answer different numbers.

    Examples
    --------
    >>> found = in_numbers(["Poor", "Fair", "Good", "Very good", "Excellent", "Don't know"])
    >>> found.high, found.values["4"], found.none, found.sure
    (5, ('Very good',), ("Don't know",), True)
    >>> in_numbers(["10 - Extremely likely", "9", "0 - Not at all likely"]).values
    {'10': ('10 - Extremely likely',), '0': ('0 - Not at all likely',)}
    """
    if not 2 <= len(answers) <= MOST:
        return None
    return _on_a_ladder(answers) or _led_by_numbers(answers) or _in_codes(answers)


def _on_a_ladder(answers: Sequence[str]) -> Worded | None:
    """The known scale that leaves fewest steps unused; of equals the shortest."""
    fits = [found for ladder in LADDERS if (found := _placed(answers, ladder))]
    if not fits:
        return None
    fits.sort(key=lambda found: (_unused(found), found.high))
    best = fits[0]
    apart = len(best.values)  # a scale that joins what another tells apart is none
    rivals = [f for f in fits if f.values != best.values and len(f.values) >= apart]
    if not _unused(best):
        rivals = [found for found in rivals if _unused(found) < UNLIKELY]
    if rivals and _unused(best):
        best = min(fits, key=lambda found: abs(found.high - 5))  # five steps are the commonest
    return Worded(best.low, best.high, best.values, best.none, not rivals)


def _placed(answers: Sequence[str], ladder: Sequence[str]) -> Worded | None:
    steps = {word: i for i, step in enumerate(ladder, start=1) for word in step.split("|")}
    none = tuple(a for a in answers if _plain(a) not in steps and NO_ANSWER.match(a))
    told = [answer for answer in answers if answer not in none]
    places = [steps.get(_plain(answer), 0) for answer in told]
    if 0 in places or len(set(places)) < min(LEAST, len(ladder)):
        return None
    values: dict[str, tuple[str, ...]] = {}
    for answer, place in sorted(zip(told, places, strict=True), key=lambda pair: pair[1]):
        values[str(place)] = (*values.get(str(place), ()), answer)
    return Worded(1, len(ladder), values, none)


def _unused(found: Worded) -> int:
    return int(found.high) - len(found.values)


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").rstrip(".").split())


def _in_codes(answers: Sequence[str]) -> Worded | None:
    """Codes that count the answers, as A1 to A5; never sure, for their order is not told.

    >>> _in_codes(["A1", "A3", "A2", "A4", "A5"]).high
    5.0
    """
    found = {answer: CODE.fullmatch(answer.strip()) for answer in answers}
    none = tuple(answer for answer in answers if NO_ANSWER.match(answer))
    numbers = {a: int(code[1]) for a, code in found.items() if code is not None}
    steps = sorted(numbers.values())
    if len(numbers) + len(none) < len(answers) or len(steps) < LEAST:
        return None
    if steps[0] not in (0, 1) or steps[-1] > MOST_STEPS or steps != list(range(*_ends(steps))):
        return None
    values = {str(n): (a,) for a, n in sorted(numbers.items(), key=lambda pair: pair[1])}
    return Worded(float(steps[0]), float(steps[-1]), values, none, sure=False)


def _ends(steps: Sequence[int]) -> tuple[int, int]:
    return steps[0], steps[-1] + 1


def _led_by_numbers(answers: Sequence[str]) -> Worded | None:
    """Numbers, of which some have words beside, as at the ends of a 0-to-10 question."""
    bare = [answer for answer in answers if answer.strip().lstrip("-").isdigit()]
    numbers = {answer: int(answer) for answer in bare}
    worded: dict[str, tuple[str, ...]] = {}
    none = []
    for answer in answers:
        code = _code_beside_words(answer.strip(), between=len(bare) >= LEAST)
        if answer in numbers:
            continue
        if code:
            numbers[answer] = int(code)
            worded[code] = (*worded.get(code, ()), answer)
        elif NO_ANSWER.match(answer):
            none.append(answer)
        else:
            return None
    steps = sorted(set(numbers.values()))
    if not worded or len(steps) < LEAST or steps[-1] > 10:
        return None
    at_the_ends = {str(steps[0]), str(steps[-1])} <= set(worded)
    every = steps == list(range(steps[0], steps[-1] + 1))
    if at_the_ends and (every or bare):
        return Worded(float(steps[0]), float(steps[-1]), worded, tuple(none))
    if set(worded) <= OF_TEN and steps[0] >= 0 and len(bare) >= LEAST:
        return Worded(0.0, 10.0, worded, tuple(none), sure=False)
    return None


def _code_beside_words(answer: str, *, between: bool) -> str:
    """The number before or behind an answer's words; behind only where bare ones are between."""
    led = LED.fullmatch(answer)
    if led:
        return led[1] or led[2]
    ended = ENDED.fullmatch(answer) if between else None
    return ended[1] if ended else ""

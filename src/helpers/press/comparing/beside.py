"""Which changes between waves may be set beside the intervals of both, and which are clear.

Two intervals alone answer only for a figure that each run estimated from its own wave: a level
of a fixed thing. A change against the wave before shares a wave with its own predecessor, with
the other sign, so its interval would be too narrow; predictions, and what is estimated over
several waves, have intervals of another kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from helpers.methods.multiplicity import holm
from helpers.methods.survey.independent import Ends, independent_difference, independent_p
from helpers.press.comparing.causes import names_wave
from helpers.press.comparing.runs import Run
from helpers.results import Figure

__all__ = [
    "HIGHER", "LOWER", "UNCLEAR", "Pair", "SetBeside", "labels", "may_stand_beside", "set_beside",
]  # fmt: skip

LEVELS = {  # figures by chapter that are estimated from one wave, whatever it brings
    "loyalty": re.compile(
        r"loyalty_index|main|attitude|behaviour|nps|satisfied|loyal_of_satisfied|\w+_(mean|top)"
        r"|(truly_loyal|accessible|trapped|high_risk)(_accounts|_revenue)?"
    ),
    "sampling": re.compile(
        r"(loyalty_index|main|nps|\w+_(mean|top))(_unweighted)?|main_by_(accounts|revenue)"
        r"|response_rate|account_response_rate"
    ),
}
NEVER = re.compile(r"change|predicted|likely|forecast|before")
POOLED = re.compile(r"\bof [\d,]+ waves\b")  # in what a base counts
OWN_WAVE = "each run's wave"
HIGHER = "higher, clear on these two intervals"
LOWER = "lower, clear on these two intervals"
UNCLEAR = "not clear on these two intervals"


@dataclass(frozen=True)
class Pair:
    """One figure of both runs, as two estimates, with the chance that they differ so by chance."""

    ends: tuple[Ends, Ends]
    bases: tuple[int | None, int | None]
    label: str
    p: float
    level: float  # one less the confidence of the intervals


@dataclass(frozen=True)
class SetBeside:
    """What was set beside, by chapter and figure, and how much of it chance alone would give.

    ``told`` has the statement of each; ``different`` counts quantities, those that several
    figures repeat once; ``clear`` counts those that are clear, corrected for their number
    (Holm); ``by_chance`` is how many would seem so uncorrected, were nothing different.
    """

    told: Mapping[tuple[str, str], str]
    different: int
    clear: int
    by_chance: float


def labels(old: Figure, new: Figure, waves: tuple[str, str]) -> tuple[str, str]:
    """What a figure is called in both runs, the same where it is about each run's own wave.

    >>> one, other = (Figure("x", 1.0, label=f"loyalty in {wave}") for wave in ("W1", "W2"))
    >>> labels(one, other, ("W1", "W2"))[1], labels(one, other, ("W2", "W3"))[1]
    ("loyalty in each run's wave", 'loyalty in W2')
    """
    told = old.label or _spaced(old.name), new.label or _spaced(new.name)
    bare = _unnamed(told[0], waves[0]), _unnamed(told[1], waves[1])
    return bare if told[0] != told[1] and bare[0] == bare[1] else told


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _unnamed(label: str, wave: str) -> str:
    """A label without the name of the run's own wave, which its heading tells."""
    return re.sub(rf"(?<!\w){re.escape(wave)}(?!\w)", OWN_WAVE, label) if wave else label


def may_stand_beside(chapter: str, name: str, base_unit: str) -> bool:
    """Whether a figure is a level that each run estimates from its own wave alone.

    >>> [may_stand_beside("loyalty", name, "respondents") for name in ("nps", "nps_change")]
    [True, False]
    >>> may_stand_beside("loyalty", "nps", "respondents of 4 waves")
    False
    """
    levels = LEVELS.get(chapter)
    return (
        levels is not None
        and levels.fullmatch(name) is not None
        and NEVER.search(name) is None
        and POOLED.search(base_unit) is None
    )


def set_beside(before: Run, now: Run) -> SetBeside:
    """Set beside what may be, of two runs of one client about different waves."""
    one_client = before.client == now.client
    pairs = dict(_pairs(before, now)) if one_client and names_wave(before, now) else {}
    distinct = {_key(pair): pair for pair in pairs.values()}
    corrected = _corrected(distinct.values())
    told = {at: _statement(pair, corrected[_key(pair)]) for at, pair in pairs.items()}
    clear = sum(p <= distinct[key].level for key, p in corrected.items())
    return SetBeside(told, len(distinct), clear, sum(pair.level for pair in distinct.values()))


def _key(pair: Pair) -> tuple[object, ...]:
    return (*chain(*pair.ends), *pair.bases, pair.label, pair.level)


def _corrected(pairs: Iterable[Pair]) -> dict[tuple[object, ...], float]:
    known = list(pairs)
    corrected = holm([pair.p for pair in known]) if known else ()
    return {_key(pair): float(p) for pair, p in zip(known, corrected, strict=True)}


def _statement(pair: Pair, p: float) -> str:
    if p > pair.level:
        return UNCLEAR
    return HIGHER if independent_difference(*pair.ends).value > 0 else LOWER


def _pairs(before: Run, now: Run) -> Iterator[tuple[tuple[str, str], Pair]]:
    for chapter in sorted(LEVELS.keys() & before.results.keys() & now.results.keys()):
        confidence = {run.parameter(chapter, "confidence") for run in (before, now)}
        known = confidence.pop()
        if confidence or not isinstance(known, float):
            continue  # two confidences, or one that is not on record
        one, other = before.results[chapter].figures, now.results[chapter].figures
        for name in sorted(one.keys() & other.keys()):
            called = labels(one[name], other[name], (before.wave, now.wave))
            if made := _pair(chapter, one[name], other[name], called, known):
                yield (chapter, name), made


def _pair(
    chapter: str, old: Figure, new: Figure, called: tuple[str, str], confidence: float
) -> Pair | None:
    """Both as estimates; ``None`` where two intervals do not answer for them."""
    one, other = _ends(old), _ends(new)
    alike = (old.unit, old.base_unit) == (new.unit, new.base_unit) and called[0] == called[1]
    level = may_stand_beside(chapter, new.name, new.base_unit)
    if one is None or other is None or one == other or not alike or not level:
        return None
    p = independent_p(one, other, confidence)
    return Pair((one, other), (old.base, new.base), called[0], p, 1 - confidence)


def _ends(figure: Figure) -> Ends | None:
    """An estimate with an interval that has a width; ``None`` for others."""
    if not isinstance(figure.value, int | float) or figure.low is None or figure.high is None:
        return None
    if figure.low == figure.high:
        return None
    value = min(max(figure.value, figure.low), figure.high)  # rounding may put it a digit outside
    return Ends(float(value), figure.low, figure.high)

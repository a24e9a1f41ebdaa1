"""What the questions of one block have in common: one scale, and codes that are no step of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.study.drafting.export import Item
from helpers.study.drafting.guess import Guess
from helpers.study.drafting.scales import Scale, from_values, in_words, of_hundred, with_silent

__all__ = ["outcome_of", "points_alike", "shared_by_all", "shared_scales"]

PLAIN = ((1, 5), (1, 7), (0, 10), (1, 10), (1, 4))  # scales that odd codes are added to
MANY = 1000  # answers of a block, before an end that nobody gave is no end
LEAST = 30  # answers with a code, before it is compared with its neighbour
RELATED = 0.15  # a correlation that ratings of one survey have with each other, at least
ALIKE = 3  # questions of a block, before one of them can be the verdict on the others
NEARLY = 0.9  # of the answers to the question that most answered
LEADS = 0.03  # by how much that one must go better with the others than any other does


def shared_scales(
    items: Sequence[Item], found: Mapping[str, Scale], rest: pd.Series | None = None
) -> dict[str, Scale]:
    """The scales of a block of ratings, each question's own where it is sure.

    Where a code at the end is no step (those who gave it rate the rest no better than
    their neighbours on the scale), it is drafted as a missing code, with a mark.

    ``rest`` is the mean rating of another block, row by row, for blocks of one or two.
    """
    rated = [item for item in items if item.name in found]
    if any(found[item.name].values for item in rated):
        return _worded_alike([item for item in rated if found[item.name].values], found)
    if not rated or any(found[item.name].sure for item in rated):
        return _from_the_sure(rated, found)
    pooled = _pooled(rated)
    core = pooled.numbers
    odd = _odd_codes(rated, core, rest if len(rated) < ALIKE else None)
    scale = from_values(pooled, without=set(odd))
    if scale is None or (len(rated) < 2 and not odd):
        return {}
    if len(rated) < ALIKE and odd and not _goes_with(rated, scale, rest):
        return {}
    if odd:
        codes = ";".join(f"{code:g}" for code in odd)
        given = " or ".join(f"{code:g}" for code in odd)
        why = f"{given} seems no step: who gave it does not rate the rest accordingly"
        scale = _doubted(replace(scale, missing=Guess(codes, False, why)), why)
    elif _no_other_end(core, scale):
        why = f"no other code in {int(core.sum()):,} answers to {len(rated)} questions alike"
        low, high = Guess(scale.low.value, True, why), Guess(scale.high.value, True, why)
        scale = replace(scale, low=low, high=high)
    return {item.name: with_silent(item, scale) if item.silent else scale for item in rated}


def _worded_alike(items: Sequence[Item], found: Mapping[str, Scale]) -> dict[str, Scale]:
    """One scale for a block answered in words, told by the words of all its questions."""
    words = dict.fromkeys(str(answer) for item in items for answer in item.counts.index)
    scale = in_words(list(words))
    if scale is None:
        return {}
    given = {}
    for item in items:
        own = {n: tuple(w for w in told if w in item.counts) for n, told in scale.values.items()}
        values = {number: told for number, told in own.items() if told}
        given[item.name] = replace(scale, values=values, missing=found[item.name].missing)
    return given


def shared_by_all(items: Sequence[Item], found: Mapping[str, Scale]) -> dict[str, Scale]:
    """Scales that are sure because so many questions of the file have the same two ends."""
    given = {}
    for ends in PLAIN:
        same = [i for i in items if i.name in found and found[i.name].ends == ends]
        unsure = [i for i in same if not found[i.name].sure and not found[i.name].missing.value]
        if len(unsure) < ALIKE:
            continue
        core = _pooled(unsure).numbers
        why = f"no other code in {int(core.sum()):,} answers to {len(unsure)} questions alike"
        for item in unsure:
            scale = found[item.name]
            if _no_other_end(core, scale):
                low, high = Guess(scale.low.value, True, why), Guess(scale.high.value, True, why)
                given[item.name] = replace(scale, low=low, high=high)
    return given


def points_alike(items: Sequence[Item], found: Mapping[str, Scale]) -> dict[str, Scale]:
    """Points of 100: columns of many numbers up to 100 that go with each other, as ratings do."""
    scales = {i.name: of_hundred(i) for i in items if _mostly_filled(i)}
    points = {name: scale for name, scale in scales.items() if scale is not None}
    points = {n: s for n, s in points.items() if n not in found or found[n].ends == s.ends}
    if len(points) < ALIKE:
        return {}
    answers = pd.DataFrame({i.name: i.as_numbers() for i in items if i.name in points})
    related = answers.corr()
    with_others = (related.sum() - 1) / (len(related) - 1)
    kept = [str(name) for name in with_others.index if with_others[name] >= RELATED]
    return {name: points[name] for name in kept} if len(kept) >= ALIKE else {}


def _mostly_filled(item: Item) -> bool:
    return 2 * int(item.numbers.sum()) > len(item.cells)


def _from_the_sure(rated: Sequence[Item], found: Mapping[str, Scale]) -> dict[str, Scale]:
    """Where one question's scale is told, the block's others have it, if their answers fit."""
    sure = [found[item.name] for item in rated if found[item.name].sure]
    if not sure or any(scale.ends != sure[0].ends for scale in sure):
        return {}
    low, high = sure[0].ends or (0.0, 0.0)
    given = {}
    for item in rated:
        own = found[item.name]
        gone = {float(code) for code in own.missing.value.split(";") if _number(code)}
        inside = all(low <= v <= high for v in item.numbers.index if v not in gone)
        if not own.sure and inside and not own.values:
            why = "the scale of the other questions of its block"
            ends = [Guess(f"{end:g}", True, why) for end in (low, high)]
            given[item.name] = replace(own, low=ends[0], high=ends[1], reverse=sure[0].reverse)
    return given


def _number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()


def _pooled(items: Sequence[Item]) -> Item:
    cells = pd.concat([item.cells for item in items], ignore_index=True)
    return Item("the block", "", {}, cells)


def _doubted(scale: Scale, why: str) -> Scale:
    return replace(scale, low=scale.low.doubted(why), high=scale.high.doubted(why))


def _no_other_end(core: pd.Series, scale: Scale) -> bool:
    ends = scale.ends
    every = ends is not None and len(core) == ends[1] - ends[0] + 1
    return bool(every and ends in PLAIN and int(core.sum()) >= MANY)


def _odd_codes(items: Sequence[Item], core: pd.Series, rest: pd.Series | None) -> list[float]:
    """Codes just beyond a usual scale, each of which is out of order there."""
    values = [float(v) for v in core.index]
    if not values or any(not value.is_integer() for value in values):
        return []
    for low, high in PLAIN:
        beyond = [v for v in values if not low <= v <= high]
        if beyond and set(beyond) <= {low - 1, high + 1} and {low, high} <= set(values):
            answers = pd.DataFrame({item.name: item.as_numbers() for item in items})
            means = _rest(answers.where(answers.ge(low) & answers.le(high)), rest)
            out = [_out_of_order(answers, means, v, low if v < low else high) for v in beyond]
            return sorted(beyond) if all(out) else []
    return []


def _goes_with(items: Sequence[Item], scale: Scale, rest: pd.Series | None) -> bool:
    """Whether answers on the scale go with the ratings of the rest, as ratings do."""
    if rest is None or scale.ends is None:
        return False
    answers = [item.as_numbers() for item in items]
    inside = [values.where(values.between(*scale.ends)) for values in answers]
    return all(float(values.corr(rest)) >= RELATED for values in inside)


def _rest(inner: pd.DataFrame, rest: pd.Series | None) -> pd.DataFrame:
    """For each question the mean of all others, row by row."""
    if rest is not None:
        return pd.DataFrame(dict.fromkeys(inner.columns, rest))
    total, count = inner.sum(axis=1), inner.notna().sum(axis=1)
    return pd.DataFrame(
        {
            name: (total - inner[name].fillna(0)) / (count - inner[name].notna()).replace(0, np.nan)
            for name in inner.columns
        }
    )


def _out_of_order(answers: pd.DataFrame, means: pd.DataFrame, code: float, end: float) -> bool:
    """Whether those who gave ``code`` rate the rest on the wrong side of those who gave ``end``."""
    odd = means.where(answers.eq(code)).melt()["value"].dropna()
    usual = means.where(answers.eq(end)).melt()["value"].dropna()
    if len(odd) < LEAST or len(usual) < LEAST:
        return len(odd) < LEAST
    return bool(odd.mean() < usual.mean()) if code > end else bool(odd.mean() > usual.mean())


def outcome_of(items: Sequence[Item], scale: Scale) -> str | None:
    """The question of a block that may be the verdict on the whole: its last or its first.

    Among those that nearly everybody answered it goes with all others best.
    """
    if len(items) < ALIKE + 1 or scale.ends is None:
        return None
    low, high = scale.ends
    answers = pd.DataFrame({item.name: item.as_numbers() for item in items})
    answers = answers.where(answers.ge(low) & answers.le(high))
    spread = (answers - answers.mean()) / answers.std()
    fits = pd.Series({n: spread[n].corr(spread.drop(columns=n).mean(axis=1)) for n in spread})
    given = answers.notna().sum()
    fits = fits[given >= NEARLY * given.max()]
    ends = (items[-1].name, items[0].name)
    leads = (n for n in ends if n in fits and fits[n] - fits.drop(n).max() >= LEADS)
    return next(leads, None)

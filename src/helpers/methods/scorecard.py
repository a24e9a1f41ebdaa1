"""The same few scores under each way of weighting, and wave by wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.methods import survey
from helpers.methods.measure import FEWEST, Measure
from helpers.methods.survey import Estimate, SurveyDesign, disclosure

__all__ = [
    "Scorecard",
    "by_wave",
    "change",
    "comparable",
    "scorecard",
    "shown_waves",
    "withheld_waves",
]

NUMBERS = ("value", "low", "high", "base", "effective_base")


@dataclass(frozen=True)
class Scorecard:
    """Scores under several weightings; ``table`` has a row for each measure and weighting."""

    # measure, label, unit, weighting, phrase, from, to, value, low, high, base, effective_base,
    # sample: the value of those who answered, each counted once
    table: pd.DataFrame
    estimates: Mapping[tuple[str, str], Estimate]
    base: int


def scorecard(
    chosen: Sequence[Measure],
    designs: Mapping[str, SurveyDesign | None],
    *,
    confidence: float = 0.95,
) -> Scorecard:
    """Estimate each measure under each weighting.

    Parameters
    ----------
    chosen
        What to estimate.
    designs
        By weighting, the design of the respondents with those weights.

    Raises
    ------
    ValueError
        If a measure has fewer than two answers.
    """
    found = {
        (measure.name, name): measure.estimate(measure.values, design, confidence=confidence)
        for measure in chosen
        for name, design in designs.items()
    }
    named = {measure.name: measure for measure in chosen}
    rows = [
        _row(named[m], way, estimate) | {"sample": _sample(named[m], designs[way], estimate)}
        for (m, way), estimate in found.items()
    ]
    return Scorecard(pd.DataFrame(rows), found, max((e.base for e in found.values()), default=0))


def _sample(measure: Measure, design: SurveyDesign | None, estimate: Estimate) -> float:
    """The score of those who answered, each counted once."""
    if design is None or design.weights is None:
        return estimate.value
    return measure.estimate(measure.values, design.without("weights")).value


def _row(measure: Measure, weighting: str, estimate: Estimate) -> dict[str, object]:
    numbers = estimate.table.iloc[0]
    return {
        "measure": measure.name,
        "label": measure.label,
        "unit": measure.unit,
        "weighting": weighting,
        "phrase": measure.phrase,
        "from": measure.ends[0],
        "to": measure.ends[1],
        **{name: numbers[name] for name in NUMBERS},
    }


def by_wave(
    chosen: Sequence[Measure],
    waves: pd.Series,
    design: SurveyDesign | None = None,
    *,
    order: Sequence[str],
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate each measure in each wave, each wave by its own design.

    Parameters
    ----------
    design
        That of all waves, as `SurveyDesign.over` makes it; everybody alike if not given.

    Returns
    -------
    DataFrame
        measure, label, unit, wave, weighted, value, low, high, base; a wave that did not ask
        the question has no row.
    """
    parts = []
    for measure in chosen:
        asked = waves[measure.values.reindex(waves.index).notna()]
        for wave in order:
            if (asked == wave).sum() < FEWEST:
                continue
            table = _of_wave(measure, waves, wave, design, confidence)
            parts.append(table.assign(measure=measure.name, label=measure.label, unit=measure.unit))
    return pd.concat(parts, ignore_index=True)


def withheld_waves(
    measure: Measure,
    waves: pd.Series,
    *,
    order: Sequence[str],
    people: pd.Series | None = None,
    smallest: int,
) -> frozenset[str]:
    """The waves whose score may not be shown.

    Two waves give an answer away where they hold the same answers of the same people but for
    a few, as two exports of one survey do; the earlier wave is then withheld.

    Parameters
    ----------
    waves
        The wave of each response.
    order
        The waves, the earliest first.
    people
        The person of each response; without one, no two responses are the same.
    smallest
        Fewest answers that a score, or a difference of two scores, may tell of.
    """
    answered = measure.values.reindex(waves.index).dropna()
    here = waves[answered.index]
    latest_first = {name: here.where(here == name) for name in reversed(order)}
    safe = disclosure.protect(
        pd.DataFrame(latest_first, index=answered.index),
        smallest,
        units=_answers_of(answered, people),
        whole=False,
    )
    return frozenset(name for name in order if safe.withheld(str(name)))


def shown_waves(
    table: pd.DataFrame,
    chosen: Sequence[Measure],
    waves: pd.Series,
    *,
    order: Sequence[str],
    people: pd.Series | None = None,
    smallest: int,
) -> pd.DataFrame:
    """The scores of `by_wave` that may be shown; see `withheld_waves`."""
    away = {
        measure.name: withheld_waves(measure, waves, order=order, people=people, smallest=smallest)
        for measure in chosen
    }
    pairs = zip(table["measure"], table["wave"], strict=True)
    hidden = np.array([wave in away[name] for name, wave in pairs], dtype=bool)
    return disclosure.withhold(table, hidden, ["value", "low", "high"])


def comparable(
    chosen: Sequence[Measure],
    waves: pd.Series,
    *,
    order: Sequence[str],
    people: pd.Series | None = None,
    smallest: int,
) -> list[Measure]:
    """The measures without the answers of waves that may not be shown, for changes between waves.

    A change from a wave that is withheld would tell its score.
    """
    found = []
    for measure in chosen:
        away = withheld_waves(measure, waves, order=order, people=people, smallest=smallest)
        kept = ~waves.reindex(measure.values.index).isin(away)
        found.append(replace(measure, values=measure.values.where(kept)))
    return found


def _answers_of(answered: pd.Series, people: pd.Series | None) -> pd.Series:
    """What tells the same answer of the same person from others; a row of its own if unknown."""
    alone = pd.Series([f"row {place}" for place in range(len(answered))], answered.index)
    if people is None:
        return alone
    named = people.reindex(answered.index)
    same = named.astype(str) + "\n" + answered.astype(str)
    return same.where(named.notna(), alone)


def _of_wave(
    measure: Measure,
    waves: pd.Series,
    wave: str,
    design: SurveyDesign | None,
    confidence: float,
) -> pd.DataFrame:
    """One row: a measure in a wave, or its base alone where there are too few units."""
    values = measure.values.reindex(waves.index)
    table = survey.by_group(
        measure.estimate, values, waves, design, order=[wave], confidence=confidence
    )
    kept = table.rename(columns={"group": "wave"})[["wave", "value", "low", "high", "base"]]
    return kept.assign(weighted=design is not None and wave in design.weighted_waves)


def change(
    measure: Measure,
    answers: pd.DataFrame,
    *,
    before: str,
    now: str,
    smallest: int = 2,
    confidence: float = 0.95,
) -> Estimate | None:
    """Change of a score between two waves that may share accounts, as answered.

    ``None`` where either wave has fewer than ``smallest`` answers to the question.

    Parameters
    ----------
    measure
        A net promoter score or a mean of one question.
    answers
        All waves: ``wave``, the question, and ``account_id`` where known.
    before, now
        The two waves.
    """
    rows = [answers[answers["wave"] == wave] for wave in (before, now)]
    points = [measure.points(part) for part in rows]
    if min(part.notna().sum() for part in points) < max(smallest, FEWEST):
        return None
    known = "account_id" in answers and answers["account_id"].notna().all()
    first, second = (SurveyDesign(clusters=part["account_id"] if known else None) for part in rows)
    return survey.difference(points[0], points[1], (first, second), confidence=confidence)

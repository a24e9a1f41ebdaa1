"""Which numbers a ledger follows: the scores of a questionnaire and the mean of each driver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.methods import scorecard, survey
from helpers.methods.measure import Measure

__all__ = ["Tracked", "tracked"]

SAID_AGAIN = ("share",)  # units of scores that say again what a mean says
SIDES = ("attitude", "behaviour")  # what the loyalty index is made of
ALSO = {"loyalty": "loyalty_index", "effort": "effort_mean"}  # shorter names of scores


@dataclass(frozen=True)
class Tracked:
    """Numbers that are followed from wave to wave.

    ``each`` has a column a metric, one number a respondent whose mean is the metric. ``known``
    holds every name by which one may be called, in small letters, with the metric.
    """

    each: pd.DataFrame
    labels: Mapping[str, str]
    units: Mapping[str, str]
    ends: Mapping[str, tuple[float, float]]
    known: Mapping[str, str]
    drivers: tuple[str, ...]

    def __post_init__(self) -> None:
        if set(self.each) != set(self.labels):
            raise ValueError("each metric needs a label, and each label a metric")


def tracked(
    measures: Sequence[Measure],
    ratings: pd.DataFrame,
    labels: Mapping[str, str],
    scales: Mapping[str, tuple[float, float]],
    waves: pd.Series,
    *,
    order: Sequence[str],
    people: pd.Series | None = None,
    smallest: int = 2,
) -> Tracked:
    """Choose the scores and drivers to follow; waves that may not be shown are left out.

    Parameters
    ----------
    measures
        Scores over all waves; shares of best answers and the two sides of loyalty, which say
        again what others say, are left out.
    ratings
        A column a driver, all waves.
    smallest
        Fewest answers that a score, or a difference of two, may tell of.

    Examples
    --------
    >>> ratings = pd.DataFrame({"ease": [5.0, 6, 7]})
    >>> found = tracked((), ratings, {"ease": "Ease"}, {"ease": (0, 10)},
    ...                 pd.Series(["w1"] * 3), order=["w1"])
    >>> found.known, found.units
    ({'ease': 'ease'}, {'ease': 'scale'})
    """
    scores = [m for m in measures if m.unit not in SAID_AGAIN and m.name not in SIDES]
    rated = [_driver(ratings[name], labels, scales) for name in ratings]
    asked = [*scores, *(one for one in rated if one.values.notna().any())]
    shown = scorecard.comparable(asked, waves, order=order, people=people, smallest=smallest)
    names = {str(m.name): m for m in asked}
    return Tracked(
        pd.DataFrame({m.name: m.each for m in shown}, index=waves.index),
        {name: m.label for name, m in names.items()},
        {name: m.unit for name, m in names.items()},
        {name: m.ends for name, m in names.items()},
        _known(asked, {str(name) for name in ratings}),
        tuple(str(m.name) for m in rated if str(m.name) in names),
    )


def _driver(
    given: pd.Series, labels: Mapping[str, str], scales: Mapping[str, tuple[float, float]]
) -> Measure:
    name = str(given.name)
    label, ends = labels.get(name, name), scales[name]
    return Measure(name, label, "scale", given, survey.mean, label, ends, asked=ends)


def _known(measures: Sequence[Measure], drivers: set[str]) -> dict[str, str]:
    """Every name of a metric: its own, that of its question, its label, shorter ones."""
    found: dict[str, str] = {}
    for measure in reversed(measures):
        question = str(measure.values.name or "")
        means_question = measure.name in drivers or measure.unit == "scale"
        named = [measure.label, *([question] if question and means_question else [])]
        found |= {" ".join(name.split()).casefold(): measure.name for name in named}
    found |= {short: name for short, name in ALSO.items() if name in {m.name for m in measures}}
    return found | {m.name.casefold(): m.name for m in measures}

"""The same few scores under each way of weighting, and wave by wave."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import pandas as pd

from helpers.methods import loyalty, stats
from helpers.methods.estimates import Estimate

__all__ = ["Measure", "Scorecard", "by_wave", "change", "measures", "scorecard"]

TOP_POINTS = 2  # the two best answers
LONGEST_SCALE = 10  # steps; a longer one is a mean of many answers, not an answer


class Index(Protocol):
    """A loyalty index: the questions that make it, and its values."""

    items: tuple[str, ...]
    values: pd.Series


@dataclass(frozen=True)
class Measure:
    """One score: which answers, and how they become a number."""

    name: str
    label: str
    unit: str
    values: pd.Series
    estimate: Callable[..., Estimate]
    phrase: str  # what a sentence calls it
    ends: tuple[float, float]  # of its scale

    def points(self, answers: pd.DataFrame) -> pd.Series:
        """One number a respondent whose mean is the score, for other rows of the same question."""
        values = answers[self.values.name]
        return loyalty.promoter_points(values) if self.name == "nps" else values.astype(float)


def measures(
    answers: pd.DataFrame,
    roles: Mapping[str, Sequence[str]],
    scales: Mapping[str, tuple[float, float]],
    labels: Mapping[str, str],
    index: Index | None = None,
) -> tuple[Measure, ...]:
    """The scores that a questionnaire supports.

    Recommendation gives a net promoter score where it is asked from 0 to 10;
    satisfaction gives a mean and the share of the two best answers.

    Parameters
    ----------
    answers
        One column a question, one row a respondent.
    roles
        Questions of the roles ``recommend`` and ``satisfaction``, the first of each used.
    scales
        Lowest and highest answer of each question.
    labels
        What to call a question.
    index
        The loyalty index, 0 to 100; left out where a single question makes it.
    """
    found: list[Measure] = []
    for item in roles.get("recommend", ())[:1]:
        if scales[item] == (0, 10):
            found.append(
                Measure("nps", "Net promoter score", "points", answers[item],
                        loyalty.net_promoter, "net promoter score", (-100, 100))
            )  # fmt: skip
        else:
            found.append(Measure("recommend_mean", _mean_of(labels[item], scales[item]), "scale",
                                 answers[item], stats.mean, _asked(labels[item]), scales[item]))  # fmt: skip
    for item in roles.get("satisfaction", ())[:1]:
        top = scales[item][1] - (TOP_POINTS - 1)
        found.append(
            Measure("satisfaction_mean", _mean_of(labels[item], scales[item]), "scale",
                    answers[item], stats.mean, _asked(labels[item]), scales[item])
        )  # fmt: skip
        if scales[item][1] - scales[item][0] <= LONGEST_SCALE:
            found.append(
                Measure("satisfaction_top", f"{labels[item]}, two best answers", "share",
                        answers[item], partial(loyalty.top_share, top=top),
                        f"share of the two best answers to “{labels[item]}”", (0, 1))
            )  # fmt: skip
    if index is not None and len(index.items) > 1:
        found.append(Measure("loyalty_index", "Loyalty index", "index", index.values, stats.mean,
                             "loyalty index", (0, 100)))  # fmt: skip
    return tuple(found)


def _asked(label: str) -> str:
    return f"mean answer to “{label}”"


def _mean_of(label: str, scale: tuple[float, float]) -> str:
    return f"{label}, mean ({scale[0]:g} to {scale[1]:g})"


@dataclass(frozen=True)
class Scorecard:
    """Scores under several weightings; ``table`` has a row for each measure and weighting."""

    table: pd.DataFrame  # measure, label, unit, weighting, phrase, value, low, high, base, effective_base
    estimates: Mapping[tuple[str, str], Estimate]
    base: int


def scorecard(
    chosen: Sequence[Measure],
    weightings: Mapping[str, pd.Series | None],
    *,
    clusters: pd.Series | None = None,
    confidence: float = 0.95,
) -> Scorecard:
    """Estimate each measure under each weighting, intervals clustered by account.

    Parameters
    ----------
    chosen
        What to estimate.
    weightings
        Name to weights by respondent; ``None`` where everyone counts alike.
    clusters
        The account of each respondent.

    Raises
    ------
    ValueError
        If a measure has fewer than two answers.
    """
    found = {
        (measure.name, name): measure.estimate(
            measure.values, weights=weights, clusters=clusters, confidence=confidence
        )
        for measure in chosen
        for name, weights in weightings.items()
    }
    named = {measure.name: measure for measure in chosen}
    rows = [
        {"measure": m, "label": named[m].label, "unit": named[m].unit, "weighting": w,
         "phrase": named[m].phrase, "from": named[m].ends[0], "to": named[m].ends[1], **e.table.iloc[0][["value", "low", "high", "base", "effective_base"]]}
        for (m, w), e in found.items()
    ]  # fmt: skip
    return Scorecard(pd.DataFrame(rows), found, max((e.base for e in found.values()), default=0))


def by_wave(
    chosen: Sequence[Measure],
    waves: pd.Series,
    *,
    order: Sequence[str],
    clusters: pd.Series | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate each measure in each wave, as answered.

    Returns
    -------
    DataFrame
        measure, label, unit, wave, value, low, high, base; a wave that did not ask the
        question has no row.
    """
    parts = []
    for measure in chosen:
        asked = waves[measure.values.reindex(waves.index).notna()]
        shown = [wave for wave in order if (asked == wave).sum() > 1]
        if not shown:
            continue
        table = stats.by_group(
            measure.estimate, measure.values, waves, order=shown, clusters=clusters,
            confidence=confidence,
        )  # fmt: skip
        table = table.rename(columns={"group": "wave"})[["wave", "value", "low", "high", "base"]]
        parts.append(table.assign(measure=measure.name, label=measure.label, unit=measure.unit))
    return pd.concat(parts, ignore_index=True)


def change(measure: Measure, answers: pd.DataFrame, *, before: str, now: str) -> Estimate | None:
    """Change of a score between two waves that may share accounts, as answered.

    ``None`` where either wave did not ask the question of at least two people.

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
    if min(part.notna().sum() for part in points) < 2:
        return None
    known = "account_id" in answers and answers["account_id"].notna().all()
    clusters = (rows[0]["account_id"], rows[1]["account_id"]) if known else None
    return stats.difference(points[0], points[1], clusters=clusters)

"""What each wave says of each metric, and how each metric moved from wave to wave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.survey import SurveyDesign

__all__ = ["Levels", "levels"]

Z = 2  # answers of a wave that a spread needs
LEVEL = ["metric", "wave", "value", "low", "high", "standard_error", "base", "spread",
         "degrees_of_freedom"]  # fmt: skip
STEP = ["metric", "before", "wave", "value", "standard_error", "freedom", "spread", "base"]


@dataclass(frozen=True)
class Levels:
    """Means by wave, and steps between waves that follow each other.

    ``table`` has a row a metric and wave: value, low, high, standard_error, base (answers),
    spread (standard deviation of people) and degrees_of_freedom. ``steps`` has a row a metric
    and pair of waves.
    """

    table: pd.DataFrame
    steps: pd.DataFrame
    waves: tuple[str, ...]
    confidence: float

    def __post_init__(self) -> None:
        if self.table.duplicated(["metric", "wave"]).any():
            raise ValueError("a metric has two levels in one wave")

    def of(self, metric: str, wave: str) -> pd.Series | None:
        """The level of a metric in a wave; ``None`` where it was not measured."""
        rows = self.table[(self.table["metric"] == metric) & (self.table["wave"] == wave)]
        return None if rows.empty else rows.iloc[0]

    def after(self, wave: str) -> str | None:
        """The wave that follows another; ``None`` where there is none, or it is not known."""
        known = wave in self.waves and wave != self.waves[-1]
        return self.waves[self.waves.index(wave) + 1] if known else None


def levels(
    each: pd.DataFrame,
    waves: pd.Series,
    design: SurveyDesign,
    current: SurveyDesign,
    *,
    order: Sequence[str],
    smallest: int = 2,
    confidence: float = 0.95,
) -> Levels:
    """Estimate each metric in each wave, and its steps between waves.

    Parameters
    ----------
    each
        A column a metric: one number a respondent whose mean is the metric.
    waves
        The wave of each respondent.
    design
        Of all waves; accounts that return count as one.
    current
        Of the last wave in ``order``, as every other page estimates it.
    smallest
        Fewest answers of a wave that is told.

    Raises
    ------
    NotEstimable
        Where no metric has so many answers in the last wave.

    Examples
    --------
    >>> each = pd.DataFrame({"ease": [5.0, 7, 6, 8, 9, 8]})
    >>> waves = pd.Series(["w1"] * 3 + ["w2"] * 3)
    >>> now = SurveyDesign().of(each.index[3:])
    >>> found = levels(each, waves, SurveyDesign().of(each.index), now, order=["w1", "w2"])
    >>> found.table["value"].round(2).tolist(), found.steps["value"].round(2).tolist()
    ([6.0, 8.33], [2.33])
    """
    rows, steps = [], []
    for metric in map(str, each):
        answered = waves[each[metric].reindex(waves.index).notna()].value_counts()
        told = [wave for wave in order if answered.get(wave, 0) >= max(smallest, Z)]
        for wave in told:
            used = current if wave == order[-1] else design
            rows.append(_level(each[metric], waves, (metric, wave), used, confidence))
        steps += [_step(each[metric], waves, (metric, *pair), design) for pair in pairwise(told)]
    table = pd.DataFrame([row for row in rows if row], columns=LEVEL)
    if not (table["wave"] == order[-1]).any():
        raise NotEstimable(f"no score has {max(smallest, Z)} answers in this wave")
    kept = pd.DataFrame([step for step in steps if step], columns=STEP)
    return Levels(table, kept, tuple(order), confidence)


def _level(
    values: pd.Series, waves: pd.Series, which: tuple[str, str], design: SurveyDesign,
    confidence: float,
) -> dict[str, object] | None:  # fmt: skip
    metric, wave = which
    here = values.reindex(waves.index).where(waves == wave)
    try:
        found = survey.mean(here.reindex(_rows(design, here)), design, confidence=confidence)
    except NotEstimable:
        return None
    return {
        "metric": metric, "wave": wave, "value": found.value, "low": found.low,
        "high": found.high, "standard_error": found.standard_error, "base": found.base,
        "spread": float(here.std()), "degrees_of_freedom": found.degrees_of_freedom,
    }  # fmt: skip


def _rows(design: SurveyDesign, values: pd.Series) -> pd.Index:
    return values.index if design.index is None else design.index


def _step(
    values: pd.Series, waves: pd.Series, which: tuple[str, str, str], design: SurveyDesign
) -> dict[str, object] | None:
    """A change of weighted means where both waves have weights; accounts in both as one."""
    metric, before, wave = which
    weighted = design.parts is None or {before, wave} <= set(design.weighted_waves)
    used = design if weighted else design.without("weights")
    first, second = (values.reindex(waves.index).where(waves == one) for one in (before, wave))
    try:
        found = survey.difference(first, second, used)
    except NotEstimable:
        return None
    spread = float(np.sqrt(np.nanmean([side.var() for side in (first, second)])))
    return {
        "metric": metric, "before": before, "wave": wave, "value": found.value,
        "standard_error": found.standard_error, "freedom": found.degrees_of_freedom,
        "spread": spread, "base": found.base,
    }  # fmt: skip

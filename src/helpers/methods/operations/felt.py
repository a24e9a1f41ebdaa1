"""A metric against what customers feel: where it says fine and they say bad."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.operations.exposure import Exposures
from helpers.methods.operations.metrics import Metrics
from helpers.methods.survey import SurveyDesign

__all__ = ["felt"]

COLUMNS = ["metric", "rating", "target", "on_target", "on_low", "on_high", "on_base", "off_target",
           "off_low", "off_high", "off_base"]  # fmt: skip


def felt(
    ratings: pd.DataFrame,
    lived: Exposures,
    sent: Metrics,
    design: SurveyDesign,
    scales: Mapping[str, tuple[float, float]],
    *,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Share that rates badly where the metric is on target, and where it is not.

    Badly is at or below the middle of the rating's scale. Shares are estimated by the design of
    all waves.

    Returns
    -------
    DataFrame
        A row a metric and rating with a target and a known direction: ``on_target`` and
        ``off_target`` (shares that rate badly) with intervals and bases.
    """
    rows = []
    latest = sent.table.dropna(subset=["target"]).groupby("metric")["target"].median()
    for metric in map(str, lived.values):
        values, better = lived.values[metric], int(sent.of(metric)["better"])
        if metric not in latest.index or better == 0:
            continue
        for rating in sent.matched.get(metric, ()):
            known = values.notna() & ratings[rating].notna()
            bad = (ratings[rating] <= sum(scales[rating]) / 2).astype(float).where(known)
            on = known & ((values - latest[metric]) * better >= 0)
            try:
                line = _line(bad, on, design, confidence)
            except NotEstimable:
                continue
            rows.append((metric, rating, latest[metric], *line))
    return pd.DataFrame(rows, columns=COLUMNS)


def _line(
    bad: pd.Series, on: pd.Series, design: SurveyDesign, confidence: float
) -> tuple[float, ...]:
    sides = [
        survey.proportion(bad.where(side), design, confidence=confidence) for side in (on, ~on)
    ]
    return tuple(x for side in sides for x in (side.value, side.low, side.high, side.base))

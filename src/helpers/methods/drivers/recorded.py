"""Metrics as drivers: days, counts and amounts beside ratings, each in its own unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.drivers.importance import relative_importance
from helpers.methods.drivers.scores import performance
from helpers.methods.drivers.screening import Missing
from helpers.methods.survey import SurveyDesign

__all__ = ["MetricEffects", "metric_effects"]

ENDS = ("", "_low", "_high")


@dataclass(frozen=True, eq=False)
class MetricEffects:
    """What goes with more of each metric, ratings and the other metrics held constant.

    ``table`` has a row for each metric, that with the largest effect of a usual difference
    first: ``driver``, ``mean`` with ``mean_low`` and ``mean_high``, ``spread`` (standard
    deviation), ``effect`` of one unit more with ``effect_low`` and ``effect_high``, ``usual`` (the
    effect of one standard deviation more) with ``usual_low`` and ``usual_high``, ``p`` and
    ``base``. What cannot be told is missing; ``dropped`` says why a metric has no row.
    """

    table: pd.DataFrame
    base: int
    confidence: float
    dropped: dict[str, str]


def metric_effects(
    ratings: pd.DataFrame,
    metrics: pd.DataFrame,
    outcome: pd.Series,
    design: SurveyDesign | None = None,
    *,
    missing: Missing = "imputed",
    always: Sequence[str] = (),
    confidence: float = 0.95,
) -> MetricEffects:
    """Estimate what one unit more of each metric goes with, in one model with all ratings.

    A metric has no scale, so no rating of it is low and no target is set; a step of it is one
    unit, or one standard deviation, as far as two accounts usually differ.

    Parameters
    ----------
    ratings, outcome, design, missing, always
        As in :func:`relative_importance`.
    metrics
        One column a metric, as it was recorded.

    Raises
    ------
    NotEstimable
        As :func:`relative_importance`; where every metric had to be dropped.

    Examples
    --------
    >>> ease, days = np.array([1, 2, 3, 4, 5, 6] * 8), np.array([2, 9, 4, 7] * 12)
    >>> told = pd.DataFrame({"days": days})
    >>> outcome = pd.Series(3 * ease - 0.5 * days)
    >>> found = metric_effects(pd.DataFrame({"ease": ease}), told, outcome)
    >>> found.table[["driver", "effect", "mean"]].round(3).values.tolist()
    [['days', -0.5, 5.5]]
    """
    told = metrics.drop(columns=[str(outcome.name)], errors="ignore")
    told = told[[name for name in told if name not in ratings]]
    together = pd.concat([ratings, told], axis=1)
    found = relative_importance(
        together,
        outcome,
        design,
        missing=missing,
        always=always,
        confidence=confidence,
        shrink=True,
    )
    own = found.table[found.table["driver"].isin(list(map(str, told)))].set_index("driver")
    if own.empty:
        why = "; ".join(f"{n}: {r}" for n, r in found.dropped.items() if n in told)
        raise NotEstimable(f"no metric can be analysed ({why})")
    rated = performance(told.reindex(found.rows), design, confidence=confidence)
    table = rated.table.set_index("driver").loc[own.index]
    table = table.rename(columns={"low": "mean_low", "high": "mean_high"})
    table = table.rename(columns={"standard_deviation": "spread"}).drop(columns="top_share")
    for end in ENDS:
        table[f"effect{end}"] = own[f"effect{end}"]
        table[f"usual{end}"] = own[f"effect{end}"] * table["spread"]
    table["p"] = own["effect_p"]
    order = np.argsort(-table["usual"].abs().fillna(-1).to_numpy(), kind="stable")
    dropped = {name: why for name, why in found.dropped.items() if name in told}
    return MetricEffects(table.iloc[order].reset_index(), found.base, confidence, dropped)

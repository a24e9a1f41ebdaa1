"""The same estimate in each group of respondents."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd
from numpy.typing import ArrayLike

from helpers.methods.survey.answers import needs_all
from helpers.methods.survey.calibration import Calibrated, WeightsLike
from helpers.methods.survey.columns import aligned, column
from helpers.methods.survey.estimates import Estimate

__all__ = ["by_group"]

COLUMNS = ("value", "low", "high", "standard_error", "base", "effective_base")


def by_group(
    estimator: Callable[..., Estimate],
    values: ArrayLike,
    groups: ArrayLike,
    *,
    order: Sequence[Hashable] | None = None,
    confidence: float = 0.95,
    **design: WeightsLike | None,
) -> pd.DataFrame:
    """Repeat an estimate in each group, as one tidy table.

    Parameters
    ----------
    estimator
        `stats.mean`, `stats.share` or any function that takes values and returns an `Estimate`.
    groups
        The group of each respondent; rows without one are left out.
    order
        The groups to show, in order; all of them, sorted, if not given.
    design
        ``weights``, ``strata``, ``clusters`` of the respondents.

    Returns
    -------
    DataFrame
        group, value, low, high, standard_error, base, effective_base; a group too
        small for an interval has its base and nothing else.

    Examples
    --------
    >>> from helpers.methods.survey.stats import mean
    >>> by_group(mean, [8, 9, 4, 6, 7], ["x", "x", "y", "y", "z"])[["group", "value", "base"]]
      group  value  base
    0     x    8.5     2
    1     y    5.0     2
    2     z    NaN     1
    """
    answers = column(values)
    group = aligned(groups, answers, "groups")
    parts = {k: _matched(v, answers, k) for k, v in design.items() if v is not None}
    shown = sorted(group.dropna().unique(), key=str) if order is None else list(order)
    rows = [_row(estimator, name, answers, group == name, parts, confidence) for name in shown]
    return pd.DataFrame(rows, columns=["group", *COLUMNS])


def _matched(
    part: WeightsLike | pd.DataFrame, answers: pd.Series, name: str
) -> pd.Series | pd.DataFrame | Calibrated:
    if isinstance(part, Calibrated):
        whole = part.calibration is not None
        return part if whole else aligned(part.values, answers, name)
    if isinstance(part, pd.DataFrame):
        return pd.DataFrame({key: aligned(part[key], answers, name) for key in part})
    return aligned(part, answers, name)


def _row(
    estimator: Callable[..., Estimate],
    name: Hashable,
    answers: pd.Series,
    here: pd.Series,
    parts: Mapping[str, Any],
    confidence: float,
) -> dict[str, object]:
    given = here & answers.notna()
    if _units(parts, given) <= (parts["strata"][given].nunique() if "strata" in parts else 1):
        return {"group": name, "base": int(given.sum())}
    if needs_all(parts.get("weights"), parts.get("clusters")):
        found = estimator(answers.where(here), confidence=confidence, **parts)
    else:
        kept = {key: part[here] for key, part in parts.items()}
        found = estimator(answers[here], confidence=confidence, **kept)
    record = asdict(found)
    return {"group": name} | {key: record[key] for key in COLUMNS}


def _units(parts: Mapping[str, Any], given: pd.Series) -> int:
    if "clusters" not in parts:
        return int(given.sum())
    clusters = parts["clusters"]
    first = clusters.iloc[:, 0] if isinstance(clusters, pd.DataFrame) else clusters
    return int(first[given].nunique())

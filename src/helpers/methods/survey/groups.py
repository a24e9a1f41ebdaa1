"""The same estimate in each group of respondents."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import NotEstimable
from helpers.methods.survey.columns import aligned
from helpers.methods.survey.design import SurveyDesign
from helpers.methods.survey.estimates import Estimate

__all__ = ["by_group"]

COLUMNS = ("value", "low", "high", "standard_error", "base", "effective_base")


def by_group(
    estimator: Callable[..., Estimate],
    values: ArrayLike,
    groups: ArrayLike,
    design: SurveyDesign | None = None,
    *,
    order: Sequence[Hashable] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Repeat an estimate in each group, as one tidy table.

    Parameters
    ----------
    estimator
        `survey.mean`, `survey.proportion` or any function that takes values and a design and
        returns an `Estimate`.
    groups
        The group of each respondent; rows without one are left out.
    design
        How the respondents came to be in the sample; each group is a domain of it.
    order
        The groups to show, in order; all of them, sorted, if not given.

    Returns
    -------
    DataFrame
        group, value, low, high, standard_error, base, effective_base; a group too
        small for an interval has its base and nothing else.

    Examples
    --------
    >>> from helpers.methods.survey.means import mean
    >>> by_group(mean, [8, 9, 4, 6, 7], ["x", "x", "y", "y", "z"])[["group", "value", "base"]]
      group  value  base
    0     x    8.5     2
    1     y    5.0     2
    2     z    NaN     1
    """
    whole = SurveyDesign() if design is None else design
    given = values if isinstance(values, pd.Series) else pd.Series(np.asarray(values))
    group = aligned(groups, given, "groups")
    shown = sorted(group.dropna().unique(), key=str) if order is None else list(order)
    labels = group if isinstance(values, pd.Series) else group.to_numpy()
    of_each = whole.column(labels, "groups")
    rows = [_row(estimator, name, values, whole.where(of_each == name), confidence)
            for name in shown]  # fmt: skip
    return pd.DataFrame(rows, columns=["group", *COLUMNS])


def _row(
    estimator: Callable[..., Estimate],
    name: Hashable,
    values: ArrayLike,
    design: SurveyDesign,
    confidence: float,
) -> dict[str, object]:
    try:
        found = estimator(values, design, confidence=confidence)
    except NotEstimable:
        return {"group": name, "base": int(design.answers(values).notna().sum())}
    record = asdict(found)
    return {"group": name} | {key: record[key] for key in COLUMNS}

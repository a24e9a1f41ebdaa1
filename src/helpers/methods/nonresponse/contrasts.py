"""One group set against the rest, outcome by outcome, with a correction for asking often."""

from __future__ import annotations

import numpy as np
import pandas as pd
import statsmodels.api as sm
from numpy.typing import ArrayLike
from scipy.stats import t as student

from helpers.errors import NotEstimable
from helpers.methods import stats
from helpers.methods.nonresponse.profiles import design_matrix, factors
from helpers.methods.variance import aligned, column, weight_column

__all__ = ["contrast", "holm"]

FEWEST = 5  # answers in each group: below this no difference is worth printing
COLUMNS = [
    "outcome", "group_mean", "rest_mean", "difference", "low", "high", "p",
    "group_base", "rest_base", "like_for_like", "like_low", "like_high", "like_p",
]  # fmt: skip


def contrast(
    outcomes: pd.DataFrame,
    group: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    adjust: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Difference of means between a group and the rest, for each outcome.

    Parameters
    ----------
    outcomes
        A column for each outcome, numbers or yes and no as 1 and 0; missing is left out.
    group
        True for the rows of the group, False for the rest.
    weights, clusters
        Of the rows, as for `stats.mean`.
    adjust
        What the list knows of the rows, as for `response_propensity`. The difference is
        then also given between rows alike in all of it (least squares, no interactions).
    confidence
        Of the intervals: t, clustered.

    Returns
    -------
    DataFrame
        ``outcome, group_mean, rest_mean, difference`` (group less rest), ``low, high, p,
        group_base, rest_base``; with ``adjust`` also ``like_for_like, like_low,
        like_high, like_p``; and ``p_holm``, Holm's p over the outcomes (of the
        like-for-like difference where there is one). What too few answers, or answers
        that are all the same, cannot give is missing.

    Raises
    ------
    NotEstimable
        If everybody is in the group or nobody is.

    Examples
    --------
    >>> kept = pd.DataFrame({"retained": [1, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0]})
    >>> found = contrast(kept, [True] * 6 + [False] * 6)
    >>> found[["group_mean", "rest_mean", "difference"]].round(2).values.tolist()
    [[0.83, 0.17, 0.67]]
    """
    rows = pd.Series(np.zeros(len(outcomes)), index=outcomes.index)
    here = _flag(group, rows)
    parts = _parts(rows, weights, clusters)
    found = [_row(str(n), column(outcomes[n], str(n)), here, parts, confidence) for n in outcomes]
    if adjust is not None:
        known = aligned_frame(adjust, rows)
        for row, name in zip(found, outcomes, strict=True):
            row |= _like_for_like(column(outcomes[name]), here, known, parts, confidence)
    table = pd.DataFrame(found).reindex(columns=COLUMNS if adjust is not None else COLUMNS[:9])
    table["p_holm"] = holm(table["like_p" if adjust is not None else "p"])
    return table


def holm(p: pd.Series) -> pd.Series:
    """Holm's p: what each would be if the chance of any false alarm were kept.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6.

    Examples
    --------
    >>> holm(pd.Series([0.01, 0.04, None, 0.03])).tolist()
    [0.03, 0.06, nan, 0.06]
    """
    known = p.astype(float).dropna().sort_values(kind="stable")
    steps = known * np.arange(len(known), 0, -1)
    return steps.cummax().clip(upper=1.0).reindex(p.index)


def aligned_frame(frame: pd.DataFrame, rows: pd.Series) -> pd.DataFrame:
    """Bring each column of a frame into the row order of ``rows``."""
    return pd.DataFrame({name: aligned(frame[name], rows, str(name)) for name in frame})


def _flag(group: ArrayLike, rows: pd.Series) -> pd.Series:
    found = aligned(group, rows, "group")
    if found.isna().any() or not found.isin([0, 1]).all():
        raise ValueError("the group is True or False (1 or 0) for each row")
    here = found.astype(bool)
    if here.all() or not here.any():
        raise NotEstimable(
            f"{'all' if here.all() else 'none'} of the {len(here)} are in the group: "
            "there is nobody to compare with"
        )
    return here


def _parts(
    rows: pd.Series, weights: ArrayLike | None, clusters: ArrayLike | None
) -> dict[str, pd.Series]:
    parts = {}
    if weights is not None:
        parts["weights"] = weight_column(weights, rows)
    if clusters is not None:
        parts["clusters"] = aligned(clusters, rows, "clusters")
    return parts


def _row(
    name: str, values: pd.Series, here: pd.Series, parts: dict[str, pd.Series], confidence: float
) -> dict[str, object]:
    known = values.notna()
    weights = parts.get("weights", pd.Series(1.0, index=values.index))
    sides = {"group": here & known, "rest": ~here & known}
    row: dict[str, object] = {"outcome": name}
    for label, chosen in sides.items():
        row[f"{label}_base"] = int(chosen.sum())
        if chosen.any():
            row[f"{label}_mean"] = float(np.average(values[chosen], weights=weights[chosen]))
    if min(chosen.sum() for chosen in sides.values()) < FEWEST:
        return row
    pairs = {key: (part[~here], part[here]) for key, part in parts.items()}
    found = stats.difference(values[~here], values[here], confidence=confidence, **pairs)
    row["difference"] = found.value
    if found.standard_error > 0:
        p = 2 * student.sf(abs(found.value) / found.standard_error, found.degrees_of_freedom)
        row |= {"low": found.low, "high": found.high, "p": float(p)}
    return row


def _like_for_like(
    values: pd.Series,
    here: pd.Series,
    known: pd.DataFrame,
    parts: dict[str, pd.Series],
    confidence: float,
) -> dict[str, float]:
    """Coefficient of the group in a regression on it and on what the list knows."""
    rows = values.notna()
    if min((here & rows).sum(), (~here & rows).sum()) < FEWEST or values[rows].nunique() < 2:
        return {}
    try:
        read, _ = factors(known[rows])
    except NotEstimable:  # nothing varies, so everybody is alike as it is
        read = []
    profiles, place = design_matrix(read) if read else (np.ones((1, 1)), np.zeros(rows.sum(), int))
    x = np.column_stack([here[rows].astype(float), profiles[place]])
    weights = parts["weights"][rows] if "weights" in parts else np.ones(len(x))
    groups = parts["clusters"][rows] if "clusters" in parts else pd.Series(range(len(x)))
    codes, accounts = pd.factorize(groups)
    if len(accounts) <= x.shape[1] or np.linalg.matrix_rank(x) == np.linalg.matrix_rank(x[:, 1:]):
        return {}
    fit = sm.WLS(values[rows].to_numpy(), x, weights=weights).fit(
        cov_type="cluster", cov_kwds={"groups": codes}, use_t=True
    )
    low, high = fit.conf_int(1 - confidence)[0]
    return {
        "like_for_like": float(fit.params[0]),
        "like_low": float(low),
        "like_high": float(high),
        "like_p": float(fit.pvalues[0]),
    }

"""Differences by least squares with whole accounts left out in turn: what designs are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t

__all__ = ["Fit", "columns_of", "interval", "least_squares"]

Floats = NDArray[np.float64]
ROWS_A_COLUMN = 8  # of a fit: with fewer it follows single cases


@dataclass(frozen=True, eq=False)
class Fit:
    """Coefficients, one column an outcome, and the same with each account left out."""

    whole: Floats  # column, outcome
    without: Floats  # account, column, outcome

    def error(self, values: Floats) -> float:
        """Standard error of a number that was made from every row of ``without``."""
        kept = values[np.isfinite(values)]
        count = len(kept)
        return float(np.sqrt((count - 1) / count * ((kept - kept.mean()) ** 2).sum()))


def least_squares(x: Floats, y: Floats, accounts: pd.Series) -> Fit:
    """Fit several outcomes on the same columns, then again without each account.

    The jackknife over accounts (CR3) errs, where it errs, on the side of wide intervals.

    References
    ----------
    Bell and McCaffrey (2002), Survey Methodology 28.

    Examples
    --------
    >>> x = np.column_stack([np.ones(4), [0, 0, 1, 1]])
    >>> fit = least_squares(x, np.array([[1.0], [3.0], [5.0], [7.0]]), pd.Series(list("abcd")))
    >>> fit.whole[1].round(6).tolist(), fit.without[:, 1, 0].round(6).tolist()
    ([4.0], [3.0, 5.0, 5.0, 3.0])
    """
    inverse = np.linalg.pinv(x.T @ x)
    whole = inverse @ x.T @ y
    off = y - x @ whole
    groups = pd.Series(np.arange(len(x))).groupby(pd.factorize(accounts)[0]).indices.values()
    without = np.empty((len(groups), *whole.shape))
    for place, rows in enumerate(groups):
        own = x[rows]
        lever = np.eye(len(rows)) - own @ inverse @ own.T
        without[place] = whole - inverse @ own.T @ np.linalg.pinv(lever) @ off[rows]
    return Fit(whole, without)


def interval(
    value: float, error: float, freedom: float, confidence: float
) -> tuple[float, float, float]:
    """A value with both ends of its interval."""
    reach = float(t.ppf((1 + confidence) / 2, max(freedom, 1.0))) * error
    return value, value - reach, value + reach


def columns_of(rows: pd.DataFrame, numbers: Sequence[str], facts: Sequence[str]) -> Floats:
    """Columns to hold constant: numbers first, then facts as long as there are rows enough.

    A fact of categories takes a column for each but its commonest; one that would leave fewer
    than eight rows a column is left out, and so are all after it.

    Examples
    --------
    >>> rows = pd.DataFrame({"before": range(40), "tier": ["A", "B"] * 20})
    >>> columns_of(rows, ["before"], ["tier"]).shape
    (40, 2)
    """
    parts = [(rows[name] - rows[name].mean()).to_numpy(float)[:, None] for name in numbers]
    room = len(rows) // ROWS_A_COLUMN - len(parts) - 2
    for name in facts:
        kinds = rows[name].astype(object).fillna("not known")
        made = pd.get_dummies(kinds).drop(columns=kinds.mode().iloc[:1]).to_numpy(float)
        if made.shape[1] > room:
            break
        room -= made.shape[1]
        parts.append(made - made.mean(axis=0))
    return np.hstack(parts) if parts else np.empty((len(rows), 0))

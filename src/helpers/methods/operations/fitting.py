"""Least squares on weighted rows in clusters: what was held equal taken out first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from helpers.errors import NotEstimable

__all__ = ["Fit", "Rows", "fitted", "rows_for"]

Floats = NDArray[np.float64]
FEWEST_ROWS = 30
FEWEST_CLUSTERS = 10  # below this no t interval of clustered rows holds what it says
DOMINATES = 0.5  # share of a regressor's variation in one cluster, above which it is that one's
NOTHING = 1e-10  # of a metric's own size left beside what is held equal: it differs in nothing


@dataclass(frozen=True)
class Rows:
    """Weighted rows of one rating and one metric, controls already taken out of both.

    Every column is multiplied by the root of the weights, so least squares is plain.
    """

    outcome: Floats
    metric: Floats  # as measured, not adjusted
    controls: Floats
    root: Floats
    clusters: NDArray[np.intp]
    kept: NDArray[np.bool_]  # of all respondents, those who are in it

    @property
    def base(self) -> int:
        """Answers."""
        return len(self.outcome)

    @property
    def groups(self) -> int:
        """Accounts, or units."""
        return int(self.clusters.max()) + 1

    def adjusted(self, columns: Floats) -> Floats:
        """Columns without what the controls tell of them."""
        weighted = columns * (self.root if columns.ndim == 1 else self.root[:, None])
        return weighted - self.controls @ np.linalg.lstsq(self.controls, weighted, rcond=None)[0]


@dataclass(frozen=True)
class Fit:
    """Coefficients with their covariance, clusters left out one at a time."""

    coefficients: Floats
    covariance: Floats
    freedom: int

    def linear(self, combination: Floats, confidence: float) -> tuple[float, float, float, float]:
        """Value, low, high and p of a combination of coefficients."""
        value = float(combination @ self.coefficients)
        error = float(np.sqrt(combination @ self.covariance @ combination))
        reach = float(student.ppf((1 + confidence) / 2, self.freedom)) * error
        p = float(2 * student.sf(abs(value) / error, self.freedom)) if error > 0 else 1.0
        return value, value - reach, value + reach, p


def rows_for(
    outcome: pd.Series, metric: pd.Series, keys: pd.Series, weights: pd.Series, held: pd.DataFrame
) -> Rows:
    """Rows that have a rating, a metric and a weight, with what is held equal as columns.

    Raises
    ------
    NotEstimable
        Where they are too few, of too few accounts, or the metric is the same for all.
    """
    kept = (outcome.notna() & metric.notna() & keys.notna() & (weights > 0)).to_numpy()
    codes = pd.factorize(keys[kept])[0]
    many = int(codes.max()) + 1 if len(codes) else 0
    if many < FEWEST_CLUSTERS:
        raise NotEstimable(
            f"only {many} accounts or units can be compared; at least {FEWEST_CLUSTERS} are needed"
        )
    if len(codes) < FEWEST_ROWS:
        raise NotEstimable(f"only {len(codes)} answers; at least {FEWEST_ROWS} are needed")
    root = np.sqrt((weights[kept] / weights[kept].mean()).to_numpy(float))
    controls = _columns(held[kept]) * root[:, None]
    made = Rows(
        outcome[kept].to_numpy(float), metric[kept].to_numpy(float), controls, root, codes, kept,
    )  # fmt: skip
    left = made.adjusted(made.metric)
    if float(left @ left) < NOTHING * float(made.metric @ made.metric):
        raise NotEstimable("it does not differ among comparable accounts")
    return made


def _columns(held: pd.DataFrame) -> Floats:
    """An intercept, numbers as they are, and a column for each category."""
    numbers = held.select_dtypes("number").astype(float)
    texts = held.drop(columns=numbers.columns).astype(object).fillna("not known").astype(str)
    dummies = pd.get_dummies(texts, drop_first=True).astype(float)
    return np.column_stack([np.ones(len(held)), numbers, dummies])


def fitted(rows: Rows, columns: Floats, outcome: Floats | None = None) -> Fit:
    """Least squares of a rating on columns, errors from leaving out one cluster at a time (CR3).

    MacKinnon, Nielsen and Webb, Journal of Applied Econometrics, 2023; Bell and McCaffrey,
    Survey Methodology, 2002. What is held equal is taken out before, and stays out.

    Raises
    ------
    NotEstimable
        Where one cluster holds most of a column's variation.
    """
    x = rows.adjusted(columns)
    y = rows.adjusted(rows.outcome) if outcome is None else outcome
    size = x.shape[1]
    squares, products = np.zeros((rows.groups, size, size)), np.zeros((rows.groups, size))
    np.add.at(squares, rows.clusters, x[:, :, None] * x[:, None, :])
    np.add.at(products, rows.clusters, x * y[:, None])
    whole = squares.sum(axis=0)
    largest = squares.max(axis=0).diagonal() / np.maximum(whole.diagonal(), 1e-300)
    if largest.max() > DOMINATES:
        raise NotEstimable("one account or unit holds most of its variation")
    coefficients = np.linalg.solve(whole, products.sum(axis=0))
    without = np.linalg.solve(whole - squares, (products.sum(axis=0) - products)[:, :, None])
    apart = without[:, :, 0] - coefficients
    covariance = (rows.groups - 1) / rows.groups * apart.T @ apart
    return Fit(coefficients, covariance, rows.groups - 1)

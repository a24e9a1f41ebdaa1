"""One fitted model: its coefficients, how sure they are, and the effect they imply."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from math import inf
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import expit
from statsmodels.discrete.discrete_model import Logit
from statsmodels.regression.linear_model import OLS
from statsmodels.tools.sm_exceptions import PerfectSeparationError

from helpers.errors import NotEstimable
from helpers.methods.linkage.logit import firth, separating_direction, splits_wholly
from helpers.methods.solving import inverse

__all__ = ["Fit", "Kind", "fit_model", "leaving_one_out", "marginal_effect"]

Kind = Literal["logit", "linear"]
CERTAIN = 1e-9  # a fitted probability this close to 0 or 1 calls for a look at separation


@dataclass(frozen=True)
class Fit:
    """Coefficients of one model with their covariance."""

    coefficients: np.ndarray
    covariance: np.ndarray
    degrees_of_freedom: float  # of t; infinite for the normal
    notes: tuple[str, ...] = ()


def fit_model(
    matrix: np.ndarray,
    outcome: np.ndarray,
    groups: pd.Series | None,
    kind: Kind,
    columns: tuple[str, ...],
) -> Fit:
    """Fit least squares or logit, errors clustered by ``groups`` where they hold many rows.

    The second column is the score. Where the outcome can be told without exception from
    the other columns the logit is fitted under Firth's penalty, with a note.

    Raises
    ------
    ValueError
        If the score alone, or all columns together, split the outcome without exception.
    """
    codes = _codes(groups, len(outcome))
    options = _covariance_options(codes, kind)
    freedom = _freedom(codes, matrix, kind)
    if kind == "linear":
        found = OLS(outcome, matrix).fit(**options)
        return Fit(np.asarray(found.params), np.asarray(found.cov_params()), freedom)
    direction = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            model = Logit(outcome, matrix, check_rank=False)
            found = model.fit(disp=0, maxiter=100, callback=_unseen, **options)
            sure = found.predict()
            settled = bool(found.mle_retvals["converged"])
        except (PerfectSeparationError, np.linalg.LinAlgError):
            settled, sure = False, np.zeros(1)
    if not settled or min(sure.min(), 1 - sure.max()) < CERTAIN:
        direction = separating_direction(matrix, outcome)
    if direction is None and settled:
        return Fit(np.asarray(found.params), np.asarray(found.cov_params()), freedom)
    note = _separation_note(matrix, outcome, direction, columns)
    coefficients = firth(matrix, outcome)
    covariance = _penalised_covariance(matrix, outcome, coefficients, codes)
    return Fit(coefficients, covariance, freedom, note)


def _unseen(_: np.ndarray) -> None:
    """Nothing is looked at between steps: separation is looked for at the end."""


def _codes(groups: pd.Series | None, base: int) -> np.ndarray | None:
    if groups is None or groups.nunique() == base:
        return None
    return pd.factorize(groups)[0]


def _covariance_options(codes: np.ndarray | None, kind: Kind) -> dict[str, object]:
    if codes is not None:
        return {"cov_type": "cluster", "cov_kwds": {"groups": codes}}
    return {"cov_type": "HC3"} if kind == "linear" else {}


def _freedom(codes: np.ndarray | None, matrix: np.ndarray, kind: Kind) -> float:
    if codes is not None:
        return float(codes.max())
    return float(matrix.shape[0] - matrix.shape[1]) if kind == "linear" else inf


def _separation_note(
    matrix: np.ndarray,
    outcome: np.ndarray,
    direction: np.ndarray | None,
    columns: tuple[str, ...],
) -> tuple[str, ...]:
    if separating_direction(matrix[:, :2], outcome) is not None:
        raise NotEstimable(
            f"{columns[1]} alone splits the outcome without exception, so the size of its effect "
            "cannot be estimated: show the outcome by score band instead, or add waves"
        )
    if direction is None:
        return ("the usual fit did not settle: estimated under Firth's penalty",)
    if splits_wholly(matrix, outcome):
        raise NotEstimable(
            f"{', '.join(columns[1:])} together tell every outcome exactly: too few cases of the "
            "rarer outcome for so many columns. Adjust for fewer"
        )
    blamed = [c for c, part in zip(columns[1:], direction[1:], strict=True) if abs(part) > CERTAIN]
    return (
        f"the outcome never varies for some values of {', '.join(blamed)}: estimated under "
        "Firth's penalty, which keeps such effects finite",
    )


def _penalised_covariance(
    matrix: np.ndarray, outcome: np.ndarray, coefficients: np.ndarray, codes: np.ndarray | None
) -> np.ndarray:
    likely = expit(matrix @ coefficients)
    spread = likely * (1 - likely)
    bread = inverse(matrix.T @ (matrix * spread[:, None]))
    if codes is None:
        return bread
    leverage = spread * np.einsum("ij,jk,ik->i", matrix, bread, matrix)
    scores = matrix * (outcome - likely + leverage * (0.5 - likely))[:, None]
    sums = pd.DataFrame(scores).groupby(codes).sum().to_numpy()
    count, rows, size = len(sums), *matrix.shape
    factor = count / (count - 1) * (rows - 1) / (rows - size)
    return np.asarray(factor * bread @ (sums.T @ sums) @ bread)


def leaving_one_out(
    fit: Fit, matrix: np.ndarray, outcome: np.ndarray, codes: np.ndarray, kind: Kind
) -> np.ndarray:
    """Covariance of the coefficients from leaving out one cluster at a time (CR3).

    One Newton step from the whole fit for logit, exact for least squares: Bell and McCaffrey,
    Survey Methodology, 2002. Where few rows carry the slope it is wider than the sandwich.
    """
    likely = expit(matrix @ fit.coefficients) if kind == "logit" else matrix @ fit.coefficients
    spread = likely * (1 - likely) if kind == "logit" else np.ones(len(matrix))
    count, size = int(codes.max()) + 1, matrix.shape[1]
    scores, squares = np.zeros((count, size)), np.zeros((count, size, size))
    np.add.at(scores, codes, matrix * (outcome - likely)[:, None])
    np.add.at(squares, codes, (matrix * spread[:, None])[:, :, None] * matrix[:, None, :])
    steps = np.linalg.solve(squares.sum(axis=0) - squares, scores[:, :, None])[:, :, 0]
    return np.asarray((count - 1) / count * steps.T @ steps)


def marginal_effect(
    fit: Fit, matrix: np.ndarray, kind: Kind, flatter: np.ndarray | float = 1.0
) -> tuple[float, float]:
    """Average change of the outcome for one unit of the second column, and its error.

    For logit the mean of p(1−p)·b over the rows, its error by the delta method; rows
    of ``matrix`` that were divided by something say by what in ``flatter``.
    """
    slope = fit.coefficients[1]
    if kind == "linear":
        return float(slope), float(np.sqrt(fit.covariance[1, 1]))
    likely = expit(matrix @ fit.coefficients)
    spread = likely * (1 - likely) / flatter
    gradient = slope * ((spread * (1 - 2 * likely)) @ matrix) / len(matrix)
    gradient[1] += spread.mean()
    error = np.sqrt(gradient @ fit.covariance @ gradient)
    return float(spread.mean() * slope), float(error)

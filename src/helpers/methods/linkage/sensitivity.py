"""How strong an unseen cause would have to be to explain a link away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import t as student

from helpers.errors import NotEstimable
from helpers.methods.linkage.models import Link

__all__ = ["Unseen", "e_value", "robustness_value", "unseen"]

RARE = 0.15  # share up to which odds are near enough to risks (VanderWeele & Ding, 2017)
STANDARDISED = 0.91  # log risk ratio for one standard deviation of a number (the same)


def e_value(ratio: float, *, of: Literal["risk", "odds"] = "risk") -> float:
    """Strength of an unseen cause that would explain a ratio away (its E-value).

    VanderWeele & Ding, Annals of Internal Medicine, 2017. A common outcome's odds
    ratio is first turned into a risk ratio by its square root.

    Parameters
    ----------
    ratio
        A ratio of risks or odds, above 0. For the E-value of an interval give the
        limit nearer to 1; if the interval holds 1 the E-value is 1.
    of
        What ``ratio`` is a ratio of; ``odds`` for an outcome of more than 15 in 100.

    Raises
    ------
    ValueError
        If ``ratio`` is not above 0.

    Examples
    --------
    >>> round(e_value(3.9), 9)
    7.263034344
    """
    if not ratio > 0:
        raise ValueError(f"a ratio is above 0, found {ratio}: give the ratio, not its logarithm")
    risk = sqrt(ratio) if of == "odds" else ratio
    above = max(risk, 1 / risk)
    return above + sqrt(above * (above - 1))


def robustness_value(
    statistic: float, degrees_of_freedom: float, *, confidence: float | None = None
) -> float:
    """Share of variance an unseen cause must explain, of score and outcome, to undo a link.

    Cinelli & Hazlett, Journal of the Royal Statistical Society B, 2020: with
    f = |t| / √df, RV = ½(√(f⁴ + 4f²) − f²). With ``confidence`` it is the share that
    would make the interval reach 0.

    Parameters
    ----------
    statistic
        The coefficient's t value in a linear model.
    degrees_of_freedom
        Residual degrees of freedom.
    confidence
        For example 0.95; ``None`` asks about the estimate itself.

    Raises
    ------
    ValueError
        If there are no degrees of freedom.

    Examples
    --------
    >>> round(robustness_value(4.18445, 783), 4)
    0.1388
    """
    if not degrees_of_freedom > 1:
        raise ValueError(f"{degrees_of_freedom} degrees of freedom: more rows are needed")
    f = abs(statistic) / sqrt(degrees_of_freedom)
    if confidence is not None:
        critical = student.ppf((1 + confidence) / 2, degrees_of_freedom - 1)
        f = max(0.0, f - critical / sqrt(degrees_of_freedom - 1))
    return 0.5 * (sqrt(f**4 + 4 * f**2) - f**2)


@dataclass(frozen=True)
class Unseen:
    """What a cause that nobody measured would have to be to explain a link away."""

    robustness: float  # share of both score and outcome it must explain
    robustness_limit: float  # the same, to make the link unclear
    e_value: float  # factor of risk it must go with on both sides
    e_limit: float
    strongest: str  # of the columns adjusted for; empty where there is none
    strongest_share: float  # what that one explains of both, the lesser of the two
    base: int


def unseen(link: Link, panel: pd.DataFrame) -> Unseen:
    """How strong an unseen cause must be, and how strong the strongest is that was seen.

    The robustness value is that of a straight line through the same rows, its limit by the
    link's own clustered error. The E-value is of the rarer outcome's risk ratio for ``per``
    points (of a number: of its standardised effect). The strongest column seen is the one that
    explains most of both, given all others: the lesser of its two partial R squared.

    Raises
    ------
    NotEstimable
        If the link is not clear: there is nothing to explain away.
    """
    if link.verdict == "not clear":
        raise NotEstimable("no link is clear, so there is none to be explained away")
    rows = panel.dropna(subset=[link.outcome, *link.design.needs])
    matrix, outcome = link.design.matrix(rows), rows[link.outcome].to_numpy(float)
    freedom = float(len(rows) - matrix.shape[1])
    f = _t(matrix, 1, outcome) / sqrt(freedom)
    error = link.main.standard_error
    reach = (link.high - link.low) / 2 / error if error else 0.0
    limit = f * max(0.0, 1 - reach * error / abs(link.effect))
    names = list(link.design.columns)
    shares = {name: _share(matrix, names.index(name), outcome, freedom) for name in names[2:]}
    strongest = max(shares, key=lambda name: shares[name]) if shares else ""
    value, end = (e_value(ratio, of=of) for ratio, of in _ratios(link, outcome))
    return Unseen(
        robustness_value(f * sqrt(freedom), freedom),
        robustness_value(limit * sqrt(freedom), freedom),
        value, end, strongest.split(" = ")[0],
        shares.get(strongest, 0.0), len(rows),
    )  # fmt: skip


def _t(matrix: np.ndarray, column: int, outcome: np.ndarray) -> float:
    """The t of one column in ordinary least squares, without sign."""
    others = np.delete(matrix, column, axis=1)
    own = matrix[:, column] - others @ np.linalg.lstsq(others, matrix[:, column], rcond=None)[0]
    rest = outcome - others @ np.linalg.lstsq(others, outcome, rcond=None)[0]
    slope = float(own @ rest / (own @ own))
    left = rest - slope * own
    variance = float(left @ left) / (len(outcome) - matrix.shape[1])
    return abs(slope) * sqrt(float(own @ own) / variance) if variance > 0 else np.inf


def _share(matrix: np.ndarray, column: int, outcome: np.ndarray, freedom: float) -> float:
    """What a column explains of both the outcome and the score, the lesser of the two."""
    of_outcome = _t(matrix, column, outcome) ** 2
    others = np.delete(matrix, 1, axis=1)
    of_score = _t(others, column - 1, matrix[:, 1]) ** 2
    return float(min(of_outcome / (of_outcome + freedom), of_score / (of_score + freedom)))


def _ratios(link: Link, outcome: np.ndarray) -> Sequence[tuple[float, Literal["risk", "odds"]]]:
    """The ratio, and its interval's end nearer to 1."""
    if link.kind == "logit":
        slope, error = link.main.coefficient * link.per, link.main.coefficient_error * link.per
        of: Literal["risk", "odds"] = (
            "risk" if min(outcome.mean(), 1 - outcome.mean()) <= RARE else "odds"
        )
        wide = (link.high - link.low) / 2 / link.main.standard_error
        near = max(0.0, abs(slope) - wide * error)
        return [(exp(abs(slope)), of), (exp(near), of)]
    spread = float(outcome.std(ddof=1))
    nearer = min(abs(link.low), abs(link.high))
    return [(exp(STANDARDISED * abs(size) / spread), "risk") for size in (link.effect, nearer)]

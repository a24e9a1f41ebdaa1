"""How strong an unseen cause would have to be to explain a link away."""

from __future__ import annotations

from math import sqrt
from typing import Literal

from scipy.stats import t as student

__all__ = ["e_value", "robustness_value"]


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

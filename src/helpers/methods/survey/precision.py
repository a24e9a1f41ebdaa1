"""How sure a score is, by what its interval allows for: from nothing to the whole design."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.methods.survey.design import SurveyDesign
from helpers.methods.survey.estimates import Estimate, normal_quantile

__all__ = ["Precision", "precision"]

SIMPLE = "chance alone, as if each answer had been drawn singly"
STEPS = {
    "weights": "that weights are unequal",
    "clusters": "that colleagues of one account answer alike",
    "strata": "that people were drawn stratum by stratum",
    "calibration": "that weights were fitted to a list, which explains part of the answers",
    "population": "that part of the list answered and is known",
}
ALIKE = 0.05  # of a margin: margins that lie nearer to each other read as one
FINITE = "instead, that only the people on the list count, and silence is chance"


@dataclass(frozen=True)
class Precision:
    """One score with the interval of each step, the first allowing for the least.

    The interval used takes colleagues as alike. The last row, where the size of the list is
    known, takes people as if they were drawn one by one from so many.

    ``table`` has a row for each step that this sample has: ``allows_for``,
    ``standard_error``, ``low``, ``high``, ``margin``, ``effective_base`` and ``used``
    (true for the interval that pages quote). The value is the same throughout.
    """

    table: pd.DataFrame
    value: float
    base: int
    confidence: float

    def __post_init__(self) -> None:
        if int(self.table["used"].sum()) != 1:
            raise ValueError("exactly one interval is the one that pages quote")

    @property
    def understated(self) -> float:
        """The margin of the interval used, in times that of the simplest."""
        used = self.table.loc[self.table["used"], "margin"].iloc[0]
        return float(used / self.table["margin"].iloc[0])

    @property
    def verdict(self) -> str:
        """The interval used beside the simplest: ``wider``, ``narrower``, or ``alike``."""
        if abs(self.understated - 1) < ALIKE:
            return "alike"
        return "wider" if self.understated > 1 else "narrower"


def precision(
    estimate: Callable[..., Estimate],
    values: pd.Series,
    design: SurveyDesign | None = None,
    *,
    confidence: float = 0.95,
) -> Precision:
    """Give the interval of one score under each thing that it may allow for.

    Parameters
    ----------
    estimate
        `survey.mean`, `survey.net_promoter` or alike.
    values
        One answer for each respondent.
    design, confidence
        As for `survey.mean`; steps for which the design has nothing are left out.

    References
    ----------
    Kish (1965), Survey Sampling, 8.2 and 11.7; Deville and Särndal (1992), JASA 87;
    Cochran (1977), Sampling Techniques, 2.6, for the finite list.

    Examples
    --------
    >>> from helpers.methods.survey.means import mean
    >>> scores = pd.Series([9, 9, 8, 4, 5, 4, 7, 7])
    >>> found = precision(mean, scores, SurveyDesign(clusters=list("aaabbbcc")))
    >>> found.table[["allows_for", "margin"]].round(2).values.tolist()[-1]
    ['that colleagues of one account answer alike', 6.91]
    >>> round(found.understated, 1)
    4.8
    """
    whole = SurveyDesign() if design is None else design
    found = {
        STEPS[step]: estimate(values, so_far, confidence=confidence)
        for step, so_far in _steps(whole).items()
    }
    used = estimate(values, whole, confidence=confidence)
    endless = estimate(values, whole.without("population"), confidence=confidence)
    rows = [_simple(endless, confidence), *(_row(name, one) for name, one in found.items())]
    rows[-1]["used"] = True
    if whole.people is not None and len(values) < whole.people < np.inf:
        people = whole.without("strata", "clusters").with_population(whole.people)
        listed = estimate(values, people, confidence=confidence)
        rows.append(_row(FINITE, listed) | {"effective_base": np.nan})
    return Precision(pd.DataFrame(rows), used.value, used.base, confidence)


def _steps(whole: SurveyDesign) -> dict[str, SurveyDesign]:
    """The design with one part more at each step, as far as it has them."""
    has = {
        "weights": whole.weights is not None,
        "clusters": _alike(whole.clusters),
        "strata": whole.strata is not None,
        "calibration": whole.calibration is not None,
        "population": whole.population is not None,
    }
    named = [step for step, there in has.items() if there]
    absent = [step for step, there in has.items() if not there]
    return {
        step: whole.without(*absent, *(later for later in named[place + 1 :]))
        for place, step in enumerate(named)
    }


def _alike(clusters: pd.Series | pd.DataFrame | None) -> bool:
    """Whether any two respondents share a cluster."""
    first = clusters.iloc[:, 0] if isinstance(clusters, pd.DataFrame) else clusters
    return first is not None and bool(first.duplicated().any())


def _simple(used: Estimate, confidence: float) -> dict[str, Any]:
    """The textbook interval: the answers' variance over their number, and the normal quantile."""
    error = used.standard_error / used.design_effect**0.5 if used.design_effect > 0 else 0.0
    margin = normal_quantile(confidence) * error
    return {
        "allows_for": SIMPLE,
        "standard_error": error,
        "low": used.value - margin,
        "high": used.value + margin,
        "margin": margin,
        "effective_base": float(used.base),
        "used": False,
    }


def _row(name: str, one: Estimate) -> dict[str, Any]:
    return {
        "allows_for": name,
        "standard_error": one.standard_error,
        "low": one.low,
        "high": one.high,
        "margin": one.margin,
        "effective_base": one.effective_base,
        "used": False,
    }

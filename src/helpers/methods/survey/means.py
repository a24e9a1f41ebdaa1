"""Means, proportions, totals, ratios and net promoter scores, each with its design's interval.

Weights, strata and clusters (accounts) all count, and so do the totals that weights were
fitted to where they come as ``weighting.Weights``: plain numbers are taken as given.
Intervals use Student's t with clusters less strata degrees of freedom, which is wider
than the normal interval of R's ``confint``. Where fewer than fifty effective accounts carry
an estimate, each is left out in turn, weights fitted again without it (``jackknife``).
Missing answers are left out of the base, and so is whoever has the weight 0.
"""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
from numpy.typing import ArrayLike

from helpers.methods.survey.answers import read
from helpers.methods.survey.averages import weighted_mean
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.columns import aligned, column
from helpers.methods.survey.design import SurveyDesign
from helpers.methods.survey.estimates import (
    Estimate,
    estimate,
    kish_base,
    share_interval,
    share_p,
)
from helpers.methods.survey.jackknife import Side
from helpers.methods.survey.promoters import promoter_points
from helpers.methods.survey.resolved import ResolvedDesign

__all__ = ["mean", "net_promoter", "proportion", "proportion_p", "ratio", "total"]


def mean(
    values: ArrayLike, design: SurveyDesign | None = None, *, confidence: float = 0.95
) -> Estimate:
    """Mean of the answers given, in their own unit.

    Parameters
    ----------
    values
        One number for each respondent; missing answers are left out.
    design
        How the respondents came to be in the sample; everybody alike if not given.
    confidence
        Chance that the interval covers the truth, 0 to 1.

    Raises
    ------
    ValueError
        If fewer than two answers or clusters are left, or the design contradicts itself.

    References
    ----------
    Lumley (2010), Complex Surveys, chapter 2.

    Examples
    --------
    >>> accounts = SurveyDesign(clusters=["a", "a", "b", "b", "c", "c"])
    >>> found = mean([8, 9, 7, 10, 6, 9], accounts)
    >>> round(found.value, 2), round(found.standard_error, 2), found.degrees_of_freedom
    (8.17, 0.33, 2.0)
    """
    answers, resolved = read(values, design)
    return _mean(answers, resolved, confidence)


def total(
    values: ArrayLike, design: SurveyDesign | None = None, *, confidence: float = 0.95
) -> Estimate:
    """Total over the population, for weights that gross the sample up to it.

    Parameters are those of `mean`; the scale of the weights matters here. Those of
    ``weighting`` are brought to the size of the population they were fitted to.

    Raises
    ------
    ValueError
        Also where nothing says how large the population is.

    Examples
    --------
    >>> found = total([3, 5, 4, 4], SurveyDesign(population=100))
    >>> found.value, round(found.standard_error, 2)
    (400.0, 40.0)
    """
    if design is None or not design.grosses_up:
        raise ValueError("a total needs weights that gross up, or the population they would reach")
    answers, resolved = read(values, design)
    size = resolved.weights.sum()
    simple = resolved.simple_variance(answers) * size**2
    value = float(resolved.weights @ answers)
    sides = [Side(resolved.weights * answers, None)]
    return estimate(value, sides, resolved, simple, confidence)


def proportion(
    values: ArrayLike, design: SurveyDesign | None = None, *, confidence: float = 0.95
) -> Estimate:
    """Share of respondents for whom something is so, 0 to 1.

    The interval is Wilson's for a simple random sample, else a t interval on the logit
    scale (R's ``svyciprop``). Where all or none say so, it is Wilson's on the number of
    clusters, since the linearised variance would be nothing.

    Parameters
    ----------
    values
        True or 1 where it is so, False or 0 where not. The rest is as for `mean`.

    References
    ----------
    Wilson (1927), JASA 22; Korn and Graubard (1999), Analysis of Health Surveys, 2.6.

    Examples
    --------
    >>> found = proportion([True] * 10 + [False] * 40)
    >>> found.value, round(found.low, 4), round(found.high, 4)
    (0.2, 0.1124, 0.3304)
    """
    answers, resolved = _yes_or_no(values, design)
    found = _mean(answers, resolved, confidence)
    kish = kish_base(resolved.weights)
    low, high = share_interval(found, resolved.plain, kish, resolved.alike)
    return Estimate(**{**asdict(found), "low": low, "high": high})


def proportion_p(values: ArrayLike, design: SurveyDesign | None = None, *, against: float) -> float:
    """Two-sided p that a proportion is ``against``: below 5 % where its 95 % interval ends first.

    The other parameters are those of `proportion`.

    Examples
    --------
    >>> round(proportion_p([True] * 10 + [False] * 40, against=0.3304), 3)
    0.05
    """
    answers, resolved = _yes_or_no(values, design)
    found = _mean(answers, resolved, 0.95)
    return share_p(found, against, resolved.plain, kish_base(resolved.weights), resolved.alike)


def _yes_or_no(values: ArrayLike, design: SurveyDesign | None) -> tuple[Floats, ResolvedDesign]:
    answers, resolved = read(values, design)
    strange = answers[~np.isin(answers, (0, 1))]
    if len(strange):
        raise ValueError(
            f"a proportion takes True and False (or 1 and 0), found {strange[0]:g}; "
            "compare the answers with a cut-off first"
        )
    return answers, resolved


def net_promoter(
    ratings: ArrayLike, design: SurveyDesign | None = None, *, confidence: float = 0.95
) -> Estimate:
    """Net promoter score, -100 to 100: promoters less detractors, in points.

    Parameters are those of `mean`; ``ratings`` are answers on 0-10.

    Examples
    --------
    >>> found = net_promoter([10, 9, 9, 8, 7, 3, 10, 6, 9, 10])
    >>> found.value, found.base
    (40.0, 10)
    """
    return mean(promoter_points(ratings), design, confidence=confidence).clipped(-100, 100)


def ratio(
    numerator: ArrayLike,
    denominator: ArrayLike,
    design: SurveyDesign | None = None,
    *,
    confidence: float = 0.95,
) -> Estimate:
    """Ratio of two totals, such as margin to revenue; rows missing either are left out.

    Parameters are those of `mean`.

    Raises
    ------
    ValueError
        If the denominator adds up to nothing.

    Examples
    --------
    >>> round(ratio([1, 2, 3], [2, 4, 7]).value, 4)
    0.4615
    """
    survey = SurveyDesign() if design is None else design
    top = column(survey.column(numerator, "numerator"), "numerator")
    below = column(aligned(survey.column(denominator, "denominator"), top, "denominator"),
                   "denominator")  # fmt: skip
    rows, places = survey.in_rows(), range(len(top))
    both = top.where(below.notna()).set_axis(places)
    answers, resolved = read(both, rows)
    kept, _ = rows.resolve(both)
    divisor = below.where(top.notna()).set_axis(places).reindex(kept.index).fillna(0.0).to_numpy()
    divisor = np.where(resolved.weights > 0, divisor, 0.0)
    whole = float(resolved.weights @ divisor)
    if whole == 0:
        raise ValueError("the denominator adds up to 0, so there is no ratio; check its column")
    value = float(resolved.weights @ answers) / whole
    residual = answers - value * divisor
    simple = resolved.simple_variance(residual) * (resolved.weights.sum() / whole) ** 2
    sides = [Side(resolved.weights * residual / whole, resolved.weights * divisor)]
    return estimate(value, sides, resolved, simple, confidence)


def _mean(answers: Floats, resolved: ResolvedDesign, confidence: float) -> Estimate:
    share_of = resolved.weights / resolved.weights.sum()
    value = float(weighted_mean(answers, resolved.weights))
    simple = resolved.simple_variance(answers)
    return estimate(value, share_of * (answers - value), resolved, simple, confidence)

"""Means, shares, totals, ratios and differences, each with the interval its design allows.

Weights, strata and clusters (accounts) all count, and so do the totals that weights were
fitted to where they come as ``weighting.Weights``: plain numbers are taken as given.
Intervals use Student's t with clusters less strata degrees of freedom, which is wider
than the normal interval of R's ``confint`` and right where there are few accounts.
Missing answers are left out of the base.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.methods.survey.answers import in_design, read
from helpers.methods.survey.averages import weighted_mean
from helpers.methods.survey.calibration import Calibrated, Floats, WeightsLike
from helpers.methods.survey.columns import aligned, column
from helpers.methods.survey.design import Design, Population
from helpers.methods.survey.estimates import (
    ROUNDING,
    Estimate,
    effective_base,
    estimate,
    kish_base,
    kish_design_effect,
    share_interval,
    wilson,
)
from helpers.methods.survey.groups import by_group

__all__ = [
    "Estimate",
    "by_group",
    "difference",
    "effective_base",
    "kish_design_effect",
    "mean",
    "ratio",
    "share",
    "total",
    "wilson",
]

Pair = tuple[ArrayLike, ArrayLike]
WeightsPair = tuple[WeightsLike, WeightsLike]


def mean(
    values: ArrayLike,
    *,
    weights: WeightsLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    population: Population | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Mean of the answers given, in their own unit.

    Parameters
    ----------
    values
        One number for each respondent; missing answers are left out.
    weights
        One for each respondent, above 0; only their proportions matter. As
        ``weighting.Weights`` they bring the totals they were fitted to, which narrow the
        interval by what those explain of the answers (Deville and Särndal 1992); plain
        numbers are taken as if they were fixed before the sample.
    strata, clusters
        Groups sampled separately; groups sampled as one (accounts). A frame of clusters
        has a column for each stage of drawing: accounts, then people in them.
    population
        Units (clusters where there are any, else people) in the population: a number,
        one for each stratum by name, or a column; a frame with a column for each stage
        of clusters. It narrows the interval. Without ``weights`` each unit then counts
        by what it stands for, as in R's ``svydesign``.
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
    >>> found = mean([8, 9, 7, 10, 6, 9], clusters=["a", "a", "b", "b", "c", "c"])
    >>> round(found.value, 2), round(found.standard_error, 2), found.degrees_of_freedom
    (8.17, 0.33, 2)
    """
    answers, design = read(values, weights, strata, clusters, population)
    return _mean(answers, design, confidence)


def total(
    values: ArrayLike,
    *,
    weights: WeightsLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    population: Population | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Total over the population, for weights that gross the sample up to it.

    Parameters are those of `mean`; the scale of ``weights`` matters here. Those of
    ``weighting`` are brought to the size of the population they were fitted to.

    Raises
    ------
    ValueError
        Also where nothing says how large the population is.

    Examples
    --------
    >>> found = total([3, 5, 4, 4], population=100)
    >>> found.value, round(found.standard_error, 2)
    (400.0, 40.0)
    """
    if weights is None and population is None:
        raise ValueError("a total needs weights that gross up, or the population they would reach")
    if isinstance(weights, Calibrated):
        _ = weights.grossed  # refuses where the size is not known
    answers, design = read(values, weights, strata, clusters, population)
    size = design.weights.sum()
    simple = design.simple_variance(answers) * size**2
    value = float(design.weights @ answers)
    return estimate(value, design.weights * answers, design, simple, confidence)


def share(
    values: ArrayLike,
    *,
    weights: WeightsLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    population: Population | None = None,
    confidence: float = 0.95,
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
    >>> found = share([True] * 10 + [False] * 40)
    >>> found.value, round(found.low, 4), round(found.high, 4)
    (0.2, 0.1124, 0.3304)
    """
    answers, design = read(values, weights, strata, clusters, population)
    strange = answers[~np.isin(answers, (0, 1))]
    if len(strange):
        raise ValueError(
            f"a share takes True and False (or 1 and 0), found {strange[0]:g}; "
            "compare the answers with a cut-off first"
        )
    found = _mean(answers, design, confidence)
    plain = all(part is None for part in (weights, strata, clusters, population))
    low, high = share_interval(found, plain, kish_base(design.weights))
    return Estimate(**{**asdict(found), "low": low, "high": high})


def ratio(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    weights: WeightsLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    population: Population | None = None,
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
    top = column(numerator, "numerator")
    below = column(aligned(denominator, top, "denominator"), "denominator")
    both = top.where(below.notna())
    answers, design = read(both, weights, strata, clusters, population)
    divisor = in_design(below.where(both.notna()), design)
    whole = float(design.weights @ divisor)
    if whole == 0:
        raise ValueError("the denominator adds up to 0, so there is no ratio; check its column")
    value = float(design.weights @ answers) / whole
    residual = answers - value * divisor
    simple = design.simple_variance(residual) * (design.weights.sum() / whole) ** 2
    return estimate(value, design.weights * residual / whole, design, simple, confidence)


def difference(
    before: ArrayLike,
    after: ArrayLike,
    *,
    weights: WeightsPair | None = None,
    strata: Pair | None = None,
    clusters: Pair | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Mean after less mean before, for two waves (or groups) that may share accounts.

    An account that answers twice is one cluster, so what the waves have in common
    cancels, as it does in a paired test. Without clusters the two are independent. A
    difference within the rounding of the two means is none.

    Parameters
    ----------
    before, after
        One number for each respondent of a wave; missing answers are left out.
    weights, strata, clusters
        A pair each, (before, after), as for `mean`. The base counts both waves.

    References
    ----------
    Kish (1965), Survey Sampling, 12.4; influences as in Lumley (2010), chapter 2.

    Examples
    --------
    >>> accounts = ["a", "b", "c", "d"]
    >>> found = difference([5, 7, 6, 8], [6, 8, 7, 10], clusters=(accounts, accounts))
    >>> found.value, round(found.standard_error, 2)
    (1.25, 0.25)
    """
    waves = [
        _influence(values, None if weights is None else weights[i], name)
        for i, (values, name) in enumerate(((before, "before"), (after, "after")))
    ]
    influence = np.concatenate([-waves[0].influence, waves[1].influence])
    given = np.concatenate([wave.answered for wave in waves])
    design = Design.of(
        pd.Series(influence).where(given),
        clusters=None if clusters is None else _stack(clusters, waves, "clusters"),
        strata=_wave_strata(strata, waves, apart=clusters is None),
    )
    value = _beyond_rounding(waves[1].mean - waves[0].mean, waves)
    simple = sum(wave.simple_variance for wave in waves)
    return estimate(value, influence, design, simple, confidence)


@dataclass(frozen=True, slots=True)
class _Wave:
    mean: float
    influence: Floats
    simple_variance: float
    rows: pd.Series  # respondents that count: all, where weights were fitted to totals
    answered: NDArray[np.bool_]  # of those


def _beyond_rounding(value: float, waves: Sequence[_Wave]) -> float:
    """A difference of two means; nothing where it is no more than the rounding of either."""
    size = max(1.0, *(abs(wave.mean) for wave in waves))
    return value if value**2 > ROUNDING * size**2 else 0.0


def _mean(answers: Floats, design: Design, confidence: float) -> Estimate:
    share_of = design.weights / design.weights.sum()
    value = float(weighted_mean(answers, design.weights))
    simple = design.simple_variance(answers)
    return estimate(value, share_of * (answers - value), design, simple, confidence)


def _influence(values: ArrayLike, weights: WeightsLike | None, name: str) -> _Wave:
    answers, design = read(values, weights, None, None, None, name)
    numbers = column(values, name)
    share_of = design.weights / design.weights.sum()
    centre = float(weighted_mean(answers, design.weights))
    influence = design.counted(share_of * (answers - centre))
    every = len(answers) == len(numbers)
    rows = pd.Series(True, index=numbers.index) if every else numbers.notna()
    simple = design.simple_variance(answers)
    return _Wave(centre, influence, simple, rows, design.weights > 0)


def _stack(pair: Pair, waves: Sequence[_Wave], name: str) -> np.ndarray:
    parts = [
        aligned(part, wave.rows, name)[wave.rows] for part, wave in zip(pair, waves, strict=True)
    ]
    return np.concatenate([part.to_numpy(dtype=object) for part in parts])


def _wave_strata(strata: Pair | None, waves: Sequence[_Wave], *, apart: bool) -> np.ndarray | None:
    """Strata of both waves; each wave has its own where no account is in both."""
    wave_of = np.repeat(["before", "after"], [len(wave.influence) for wave in waves])
    if strata is None:
        return wave_of if apart else None
    found = _stack(strata, waves, "strata")
    if not apart:
        return found
    return pd.MultiIndex.from_arrays([wave_of, found]).to_numpy()

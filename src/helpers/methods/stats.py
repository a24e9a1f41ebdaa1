"""Means, shares, totals, ratios and differences, each with the interval its design allows.

Weights, strata and clusters (accounts) all count. Intervals use Student's t with
clusters less strata degrees of freedom, which is wider than the normal interval of
R's ``confint`` and right where there are few accounts. Missing answers are left out
of the base.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import NotEstimable
from helpers.methods.estimates import (
    Estimate,
    effective_base,
    estimate,
    kish_base,
    kish_design_effect,
    share_interval,
    wilson,
)
from helpers.methods.variance import Design, Floats, Population, aligned, column

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


def mean(
    values: ArrayLike,
    *,
    weights: ArrayLike | None = None,
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
        One for each respondent, above 0; only their proportions matter.
    strata, clusters
        Groups sampled separately; groups sampled as one (accounts).
    population
        Units (clusters where there are any, else people) in the population: a number,
        one for each stratum by name, or a column. It narrows the interval. Without
        ``weights`` each stratum then counts by its size, as in R's ``svydesign``.
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
    answers, design = _read(values, weights, strata, clusters, population)
    share_of = design.weights / design.weights.sum()
    value = float(share_of @ answers)
    simple = design.simple_variance(answers)
    return estimate(value, share_of * (answers - value), design, simple, confidence)


def total(
    values: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    population: Population | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Total over the population, for weights that gross the sample up to it.

    Parameters are those of `mean`; the scale of ``weights`` matters here.

    Examples
    --------
    >>> found = total([3, 5, 4, 4], population=100)
    >>> found.value, round(found.standard_error, 2)
    (400.0, 40.0)
    """
    if weights is None and population is None:
        raise ValueError("a total needs weights that gross up, or the population they would reach")
    answers, design = _read(values, weights, strata, clusters, population)
    size = design.weights.sum()
    simple = design.simple_variance(answers) * size**2
    value = float(design.weights @ answers)
    return estimate(value, design.weights * answers, design, simple, confidence)


def share(
    values: ArrayLike,
    *,
    weights: ArrayLike | None = None,
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
    answers, design = _read(values, weights, strata, clusters, population)
    strange = answers[~np.isin(answers, (0, 1))]
    if len(strange):
        raise ValueError(
            f"a share takes True and False (or 1 and 0), found {strange[0]:g}; "
            "compare the answers with a cut-off first"
        )
    found = mean(
        answers,
        weights=design.weights,
        strata=design.strata,
        clusters=design.clusters,
        population=_as_codes(design),
        confidence=confidence,
    )
    plain = all(part is None for part in (weights, strata, clusters, population))
    low, high = share_interval(found, plain, kish_base(design.weights))
    return Estimate(**{**asdict(found), "low": low, "high": high})


def ratio(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    weights: ArrayLike | None = None,
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
    answers, design = _read(both, weights, strata, clusters, population)
    divisor = below[both.notna()].to_numpy()
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
    weights: Pair | None = None,
    strata: Pair | None = None,
    clusters: Pair | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Mean after less mean before, for two waves (or groups) that may share accounts.

    An account that answers twice is one cluster, so what the waves have in common
    cancels, as it does in a paired test. Without clusters the two are independent.

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
    stacked = pd.Series(influence)
    design = Design.of(
        stacked,
        clusters=None if clusters is None else _stack(clusters, waves, "clusters"),
        strata=_wave_strata(strata, waves, apart=clusters is None),
    )
    value = waves[1].mean - waves[0].mean
    simple = sum(wave.simple_variance for wave in waves)
    return estimate(value, influence, design, simple, confidence)


def by_group(
    estimator: Callable[..., Estimate],
    values: ArrayLike,
    groups: ArrayLike,
    *,
    order: Sequence[Hashable] | None = None,
    confidence: float = 0.95,
    **design: ArrayLike | None,
) -> pd.DataFrame:
    """Repeat an estimate in each group, as one tidy table.

    Parameters
    ----------
    estimator
        `mean`, `share` or any function that takes values and returns an `Estimate`.
    groups
        The group of each respondent; rows without one are left out.
    order
        The groups to show, in order; all of them, sorted, if not given.
    design
        ``weights``, ``strata``, ``clusters`` of the respondents.

    Returns
    -------
    DataFrame
        group, value, low, high, standard_error, base, effective_base; a group too
        small for an interval has its base and nothing else.

    Examples
    --------
    >>> by_group(mean, [8, 9, 4, 6, 7], ["x", "x", "y", "y", "z"])[["group", "value", "base"]]
      group  value  base
    0     x    8.5     2
    1     y    5.0     2
    2     z    NaN     1
    """
    answers = column(values)
    group = aligned(groups, answers, "groups")
    parts = {k: aligned(v, answers, k) for k, v in design.items() if v is not None}
    shown = sorted(group.dropna().unique(), key=str) if order is None else list(order)
    rows = []
    for name in shown:
        rows.append(_group_row(estimator, name, answers, group == name, parts, confidence))
    return pd.DataFrame(rows, columns=["group", *GROUP_COLUMNS])


GROUP_COLUMNS = ("value", "low", "high", "standard_error", "base", "effective_base")


@dataclass(frozen=True, slots=True)
class _Wave:
    mean: float
    influence: Floats
    simple_variance: float
    answered: pd.Series


def _read(
    values: ArrayLike,
    weights: ArrayLike | None,
    strata: ArrayLike | None,
    clusters: ArrayLike | None,
    population: Population | None,
) -> tuple[Floats, Design]:
    numbers = column(values)
    given = numbers.notna()
    if given.sum() < 2:
        raise NotEstimable(
            f"the base is too small: {int(given.sum())} answers; an interval needs at least 2"
        )
    parts = {"weights": weights, "strata": strata, "clusters": clusters}
    kept = {
        name: None if part is None else aligned(part, numbers, name)[given]
        for name, part in parts.items()
    }
    rows = isinstance(population, pd.Series) and population.index.equals(numbers.index)
    if rows:
        population = population[given]  # type: ignore[index, call-overload]
    design = Design.of(numbers[given], population=population, **kept)
    return numbers[given].to_numpy(), design


def _as_codes(design: Design) -> dict[Hashable, float] | None:
    if not design.sampled.any():
        return None
    units = np.bincount(design.stratum_of_cluster)
    return dict(enumerate(units / design.sampled))


def _influence(values: ArrayLike, weights: ArrayLike | None, name: str) -> _Wave:
    numbers = column(values, name)
    given = numbers.notna()
    if given.sum() < 2:
        raise NotEstimable(
            f"the base is too small: {int(given.sum())} answers {name}; it needs at least 2"
        )
    answers = numbers[given]
    found = None if weights is None else aligned(weights, numbers, "weights")[given]
    design = Design.of(answers, weights=found)
    of_each = design.weights / design.weights.sum()
    centre = float(of_each @ answers)
    residual = answers.to_numpy() - centre
    return _Wave(centre, of_each * residual, design.simple_variance(answers.to_numpy()), given)


def _stack(pair: Pair, waves: Sequence[_Wave], name: str) -> np.ndarray:
    parts = [
        aligned(part, wave.answered, name)[wave.answered]
        for part, wave in zip(pair, waves, strict=True)
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


def _group_row(
    estimator: Callable[..., Estimate],
    name: Hashable,
    answers: pd.Series,
    rows: pd.Series,
    parts: dict[str, pd.Series],
    confidence: float,
) -> dict[str, object]:
    here = {key: part[rows] for key, part in parts.items()}
    given = rows & answers.notna()
    units = parts["clusters"][given].nunique() if "clusters" in parts else int(given.sum())
    strata = parts["strata"][given].nunique() if "strata" in parts else 1
    if units <= strata:
        return {"group": name, "base": int(given.sum())}
    found = asdict(estimator(answers[rows], confidence=confidence, **here))
    return {"group": name} | {key: found[key] for key in GROUP_COLUMNS}

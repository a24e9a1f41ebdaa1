"""How many give one and the same answer throughout in good faith: where questions hang together."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm

from helpers.methods.quality.correlations import pairwise_correlations
from helpers.methods.survey.columns import column

__all__ = ["alike_by_chance"]

Array = NDArray[np.float64]

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(61)
HIGHEST = 0.995  # correlation of what is behind the answers
FEWEST_ROWS = 30  # that answered, before anything is expected of them


def alike_by_chance(answers: pd.DataFrame, *, least: int) -> float:
    """Expected rows with one answer throughout, were each question answered for itself.

    One opinion behind all answers, and steps of each question that are used as often as they
    were: the share of the opinion is set so that questions correlate as they do on average. As
    straight lines themselves make questions correlate, the number is rather too high.

    Parameters
    ----------
    answers
        Questions of one scale, as they were answered.
    least
        Answers that a row needs to be counted.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> mood = rng.normal(size=(4_000, 1))
    >>> said = pd.DataFrame(np.clip(np.round(3 + mood + rng.normal(size=(4_000, 5))), 1, 5))
    >>> flat = (said.max(axis=1) == said.min(axis=1)).sum()
    >>> bool(abs(alike_by_chance(said, least=5) - flat) < 4 * flat**0.5)
    True
    """
    numbers = answers.apply(column)
    numbers = numbers.loc[:, numbers.notna().sum() >= FEWEST_ROWS]
    if numbers.shape[1] < 2 or not (numbers.std() > 0).all():
        return float("nan")
    steps = np.sort(pd.unique(numbers.to_numpy().ravel()))
    steps = steps[np.isfinite(steps)]
    bounds = _bounds(numbers, steps)
    seen = pairwise_correlations(numbers.to_numpy(), fewest=FEWEST_ROWS)
    wanted = float(np.nanmean(seen[np.triu_indices(len(seen), 1)]))
    chances = _chances(bounds, _common(bounds, steps, wanted))
    patterns, counts = _patterns(numbers.notna().to_numpy())
    expected = 0.0
    for pattern, count in zip(patterns, counts, strict=True):
        if pattern.sum() >= least:
            flat = chances[:, pattern].prod(axis=1)  # nodes, steps
            expected += count * float(WEIGHTS @ flat.sum(axis=1)) / float(WEIGHTS.sum())
    return expected


def _patterns(given: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Distinct rows, and how many there are of each; rows are compared eight cells at a time."""
    words = pd.DataFrame(np.packbits(given, axis=1))
    codes = words.groupby(list(words), sort=False).ngroup().to_numpy()
    counts = np.bincount(codes)
    first = np.empty(len(counts), dtype=np.intp)
    first[codes[::-1]] = np.arange(len(codes))[::-1]  # of several the last that is set stays
    return given[first], counts


def _bounds(numbers: pd.DataFrame, steps: Array) -> Array:
    """Where the opinion behind each question passes from step to step: questions, steps + 1."""
    rows = []
    for name in numbers:
        there = numbers[name].dropna().to_numpy()
        below = np.array([np.count_nonzero(there <= step) for step in steps]) / len(there)
        rows.append(np.concatenate([[-np.inf], norm.ppf(below)]))
    return np.array(rows)


def _chances(bounds: Array, common: float) -> Array:
    """Of each step of each question given the opinion: nodes, questions, steps."""
    rest = (1 - common) ** 0.5
    cut = norm.cdf((bounds[None] - common**0.5 * NODES[:, None, None]) / rest)
    return np.asarray(np.diff(cut, axis=2))


def _common(bounds: Array, steps: Array, wanted: float) -> float:
    """The share of the opinion under which answers correlate as they do on average."""

    def off(common: float) -> float:
        means = _chances(bounds, common) @ steps  # nodes, questions
        share = WEIGHTS / WEIGHTS.sum()
        centre = share @ means
        together = (means - centre).T @ ((means - centre) * share[:, None])
        whole = np.diff(norm.cdf(bounds), axis=1)
        spread = np.sqrt(whole @ steps**2 - (whole @ steps) ** 2)
        r = together / np.outer(spread, spread)
        return float(r[np.triu_indices(len(r), 1)].mean()) - wanted

    if wanted <= 0:
        return 0.0
    return HIGHEST if off(HIGHEST) <= 0 else float(brentq(off, 0.0, HIGHEST, xtol=1e-4))

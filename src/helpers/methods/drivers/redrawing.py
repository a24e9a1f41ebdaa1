"""Whole accounts drawn again, for every analysis that has more than correlations to compute.

The rows of an analysis are chosen once; what it needs is summed within accounts;
a replicate is then how often each account was drawn, times those sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.methods.drivers.moments import COUNTS_AT_ONCE, MOST_UNITS, pooled
from helpers.methods.drivers.screening import (
    Answers,
    Missing,
    aligned,
    design_weights,
    numbers,
    screened,
)

__all__ = [
    "FEWEST_REPLICATES",
    "analysed",
    "check_draws",
    "counts_of",
    "held",
    "moments_way",
    "unit_sums",
]

Array = NDArray[np.float64]

FEWEST_REPLICATES = 20


def analysed(
    ratings: pd.DataFrame,
    outcome: pd.Series,
    weights: ArrayLike | None,
    clusters: ArrayLike | None,
    missing: Missing,
) -> tuple[Answers, pd.Index]:
    """The answers that can be used, as :func:`screened` keeps them, and whose they are.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"ease": [*range(12), None], "speed": [5] * 13})
    >>> answers, rows = analysed(ratings, pd.Series(range(13)), None, None, "listwise")
    >>> answers.drivers, answers.base, rows[-1]
    (('ease',), 12, 11)
    """
    found = screened(ratings, outcome, weights, clusters, missing)
    named = ratings.set_axis([str(name) for name in ratings], axis=1)
    answered = named[list(found.drivers)].notna().to_numpy()
    there = answered.all(axis=1) if missing == "listwise" else answered.any(axis=1)
    y = numbers(aligned(outcome, ratings.index, "outcome"), "outcome")
    used = np.isfinite(y) & (design_weights(weights, ratings.index) > 0) & there
    return found, ratings.index[used]


def moments_way(missing: Missing) -> Missing:
    """How the analyses of one rating at a time meet missing answers: with all that were given."""
    return "listwise" if missing == "listwise" else "pairwise"


def unit_sums(columns: Iterable[Array], answers: Answers) -> Array:
    """Weighted sums of columns within the units of :func:`sample_moments`, ``(units, columns)``."""
    codes, units = pooled(answers.codes, answers.units, MOST_UNITS)
    sums = [np.bincount(codes, answers.weights * column, minlength=units) for column in columns]
    return np.column_stack(sums)


def counts_of(units: int, replicates: int, rng: np.random.Generator) -> Iterator[Array]:
    """How often each unit is drawn, in batches ``(replicates, units)``; the sample itself first.

    Examples
    --------
    >>> import numpy as np
    >>> batches = list(counts_of(4, 25, np.random.default_rng(0)))
    >>> batches[0].tolist(), sum(len(batch) for batch in batches)
    ([[1.0, 1.0, 1.0, 1.0]], 26)
    """
    yield np.ones((1, units))
    step = max(1, COUNTS_AT_ONCE // units)
    for start in range(0, replicates, step):
        size = min(step, replicates - start)
        drawn = rng.integers(0, units, size=(size, units))
        drawn += units * np.arange(size)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=size * units)
        yield counts.reshape(size, units).astype(float)


def held(answers: Answers, driver: int) -> Array:
    """The other drivers, each with a bend at its own median.

    Held as straight lines, a floor among them would bend the driver in question, with
    which it moves together.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"ease": range(11), "speed": [3, 9, 1, 4, 5, 5, 6, 2, 8, 7, 0]})
    >>> answers, _ = analysed(ratings, pd.Series(range(11)), None, None, "listwise")
    >>> held(answers, 1)[4:8].tolist()
    [[4.0, 0.0], [5.0, 0.0], [6.0, 1.0], [7.0, 2.0]]
    """
    others = np.delete(answers.ratings, driver, axis=1)
    if not others.shape[1]:
        return others
    middle = np.nanmedian(others, axis=0)
    bends = np.where(np.isfinite(others), np.maximum(others - middle, 0.0), np.nan)
    bent = (np.nanmin(others, axis=0) < middle) & (np.nanmax(others, axis=0) > middle)
    return np.column_stack([others, bends[:, bent]])


def check_draws(replicates: int, confidence: float = 0.95) -> None:
    """Refuse a confidence that is no share, and too few replicates for an interval."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a share: write 95 % as 0.95, not {confidence}")
    if replicates < FEWEST_REPLICATES:
        raise ValueError(
            f"replicates is at least {FEWEST_REPLICATES}, not {replicates}: "
            "everything here is judged over replicates"
        )

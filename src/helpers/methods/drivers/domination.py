"""Dominance analysis: which drivers beat which, in every subset, at each size, on average."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import permutations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.methods.drivers import lattice
from helpers.methods.drivers.division import check_size
from helpers.methods.drivers.moments import sample_moments
from helpers.methods.drivers.screening import Missing, screened

__all__ = ["Dominance", "dominance", "dominance_table"]

Array = NDArray[np.float64]

TIE = 1e-12  # gains in R² that differ by less are equal


@dataclass(frozen=True, slots=True)
class Dominance:
    """Which drivers add more than which.

    ``table``: ``driver``, ``general`` (mean gain in R² over all orders, the LMG part),
    ``share``, ``alone`` (R² by itself), ``last`` (gain when all others are in);
    largest first. ``conditional``: ``driver``, ``others`` (how many others are in),
    ``r_squared`` (mean gain then). ``pairs``: ``driver``, ``other`` and whether the
    first beats the second in every subset (``complete``), on average at every
    number of others (``conditional``), on average (``general``).
    """

    table: pd.DataFrame
    conditional: pd.DataFrame
    pairs: pd.DataFrame
    r_squared: float
    base: int
    dropped: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        parts = float(self.table["general"].sum())
        if not np.isclose(parts, self.r_squared, rtol=1e-9, atol=1e-9):
            raise ValueError(f"parts sum to {parts:.6f}, R² is {self.r_squared:.6f}")

    @property
    def completely(self) -> tuple[tuple[str, str], ...]:
        """Pairs (driver, other) in which the first adds more in every subset."""
        found = self.pairs.loc[self.pairs["complete"], ["driver", "other"]]
        return tuple(found.itertuples(index=False, name=None))


def dominance(
    ratings: pd.DataFrame,
    outcome: pd.Series,
    *,
    weights: ArrayLike | None = None,
    missing: Missing = "listwise",
) -> Dominance:
    """Compare drivers in every subset of the others.

    Source: Budescu (1993); Azen & Budescu (2003). General dominance equals the
    parts of :func:`relative_importance`.

    Parameters
    ----------
    ratings, outcome, weights, missing
        As in :func:`relative_importance`.

    Raises
    ------
    ValueError
        As :func:`relative_importance`, and for more than 20 drivers.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"ease": [1, 2, 3, 4, 5, 6] * 4, "speed": [2, 9, 4, 7] * 6})
    >>> dominance(ratings, 3 * ratings["ease"] + ratings["speed"]).completely
    (('ease', 'speed'),)
    """
    answers = screened(ratings, outcome, weights, None, missing)
    moments = sample_moments(answers, missing, by_unit=False)
    correlations = moments.correlations()[0][0]
    notes = (*answers.notes, *moments.notes())
    return dominance_table(correlations, answers.drivers, answers.base, answers.dropped, notes)


def dominance_table(
    correlations: Array,
    drivers: tuple[str, ...],
    base: int,
    dropped: Mapping[str, str] | None = None,
    notes: tuple[str, ...] = (),
) -> Dominance:
    """Dominance from one correlation matrix, the outcome last."""
    check_size("lmg", len(drivers), 0, sampled=False)
    r_squared = lattice.subset_r_squared(correlations[None])
    gains = lattice.conditional_gains(r_squared[:, 0])
    table = pd.DataFrame({"driver": drivers, "general": lattice.shapley(r_squared)[0]})
    table["share"] = table["general"] / table["general"].sum()
    table["alone"], table["last"] = gains[:, 0], gains[:, -1]
    table = table.sort_values(["general", "driver"], ascending=[False, True], ignore_index=True)
    full = float(r_squared[-1, 0])
    long, pairs = _conditional(gains, drivers), _pairs(r_squared[:, 0], gains, drivers)
    return Dominance(table, long, pairs, full, base, dropped or {}, notes)


def _conditional(gains: Array, drivers: tuple[str, ...]) -> pd.DataFrame:
    number = len(drivers)
    return pd.DataFrame(
        {
            "driver": np.repeat(drivers, number),
            "others": np.tile(np.arange(number), number),
            "r_squared": gains.ravel(),
        }
    )


def _pairs(r_squared: Array, gains: Array, drivers: tuple[str, ...]) -> pd.DataFrame:
    number = len(drivers)
    cube = r_squared.reshape((2,) * number)  # axis number−1−k says whether driver k is in
    rows = []
    for one, other in permutations(range(number), 2):
        ahead = _with_only(cube, one, other) - _with_only(cube, other, one)
        rows.append(
            {
                "driver": drivers[one],
                "other": drivers[other],
                "complete": _beats(ahead),
                "conditional": _beats(gains[one] - gains[other]),
                "general": _beats(np.mean(gains[one] - gains[other])),
            }
        )
    return pd.DataFrame(rows, columns=["driver", "other", "complete", "conditional", "general"])


def _with_only(cube: Array, present: int, absent: int) -> Array:
    """R² of the subsets that hold one driver and not the other, in one fixed order."""
    where: list[slice | int] = [slice(None)] * cube.ndim
    where[cube.ndim - 1 - present], where[cube.ndim - 1 - absent] = 1, 0
    return cube[tuple(where)]


def _beats(ahead: ArrayLike) -> bool:
    """Never behind, and ahead at least once."""
    return bool(np.min(ahead) >= -TIE and np.max(ahead) > TIE)

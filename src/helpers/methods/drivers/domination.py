"""Dominance analysis: which drivers beat which, in every subset, at each size, on average."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.methods.drivers import categorical, lattice
from helpers.methods.drivers.categorical import Model
from helpers.methods.drivers.division import QUICK_LEAVES, check_size, check_subsets
from helpers.methods.drivers.importance import check_options
from helpers.methods.drivers.moments import Moments, sample_moments
from helpers.methods.drivers.one_core import one_core
from helpers.methods.drivers.players import Players, players_of
from helpers.methods.drivers.screening import Missing, screened
from helpers.methods.survey import SurveyDesign

__all__ = ["Dominance", "dominance", "dominance_table"]

Array = NDArray[np.float64]

TIE = 1e-12  # gains in R² that differ by less are equal
AT_ONCE = 2**20  # subsets × replicates worked on together: 8 MB
LEVELS = ("complete", "conditional", "general")


@dataclass(frozen=True, slots=True)
class Dominance:
    """Which drivers add more than which.

    ``table``: ``driver``, ``general`` (mean gain in R² over all orders, the LMG part),
    ``share``, ``alone`` (R² by itself), ``last`` (gain when all others are in);
    largest first. Drivers always in are in every subset: gains are what comes on top of
    them, and add up to ``r_squared``. ``conditional``: ``driver``, ``others`` (how many
    others are in), ``r_squared`` (mean gain then). ``pairs``: ``driver``, ``other`` and whether the
    first beats the second in every subset (``complete``), on average at every
    number of others (``conditional``), on average (``general``); ``complete_often``
    and so on say in which part of the replicates it does (the reproducibility of
    Azen & Budescu 2003), NaN without any.
    """

    table: pd.DataFrame
    conditional: pd.DataFrame
    pairs: pd.DataFrame
    r_squared: float
    base: int
    dropped: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    replicates: int = 0
    model: Model = "linear"
    always: tuple[str, ...] = ()
    always_r_squared: float = 0.0  # of the drivers always in, not among the gains

    def __post_init__(self) -> None:
        parts = float(self.table["general"].sum())
        if not np.isclose(parts, self.r_squared, rtol=1e-9, atol=1e-9):
            raise ValueError(f"parts sum to {parts:.6f}, R² is {self.r_squared:.6f}")

    @property
    def completely(self) -> tuple[tuple[str, str], ...]:
        """Pairs (driver, other) in which the first adds more in every subset."""
        found = self.pairs.loc[self.pairs["complete"], ["driver", "other"]]
        return tuple(found.itertuples(index=False, name=None))


@one_core
def dominance(
    ratings: pd.DataFrame,
    outcome: pd.Series,
    design: SurveyDesign | None = None,
    *,
    replicates: int = 0,
    rng: np.random.Generator | None = None,
    always: Sequence[str] = (),
    missing: Missing = "listwise",
    model: Model = "linear",
) -> Dominance:
    """Compare drivers in every subset of the others.

    Source: Budescu (1993); Azen & Budescu (2003); with McFadden's R² for outcomes in
    categories, Azen & Traxel (2009). General dominance equals the parts of
    :func:`relative_importance`.

    Parameters
    ----------
    ratings, outcome, design, rng, always, missing, model
        As in :func:`relative_importance`.
    replicates
        Bootstrap samples in which to look again; 0 for none. For the linear model.

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
    check_options(0.95, replicates, model, "lmg", missing)
    if model != "linear" and replicates:
        raise ValueError(f"replicates are for model='linear': use 0 with {model!r}")
    answers = screened(ratings, outcome, design, missing)
    players = players_of(answers.drivers, None, always, answers.dropped)
    check_size("lmg", len(players.names), replicates, most=QUICK_LEAVES)
    moments = sample_moments(answers, missing, by_unit=replicates > 0)
    if model == "linear":
        r_squared = _on_top(moments.correlations()[0], players)[:, 0]
    else:
        r_squared = categorical.pseudo_r_squared(answers, players, model)
    notes = (*answers.notes, *moments.notes())
    often = _often(moments, players, replicates, rng)
    found = _dominance(r_squared - r_squared[0], players.names, often)
    return Dominance(
        *found, answers.base, answers.dropped, notes, replicates, model,
        players.fixed, float(r_squared[0]),
    )  # fmt: skip


def _on_top(correlations: Array, players: Players) -> Array:
    """R² of every subset together with the drivers always in: ``(subsets, matrices)``."""
    arranged = players.arranged(correlations)
    left = lattice.conditioned_on(arranged, players.always)
    fixed = 1 - left[:, -1, -1] / arranged[:, -1, -1]
    return np.asarray(fixed + (1 - fixed) * lattice.subset_r_squared(left))


def dominance_table(correlations: Array, drivers: tuple[str, ...], base: int) -> Dominance:
    """Dominance from one correlation matrix, the outcome last."""
    check_subsets(len(drivers))
    r_squared = lattice.subset_r_squared(correlations[None])[:, 0]
    pairs = len(drivers) * (len(drivers) - 1)
    return Dominance(*_dominance(r_squared, drivers, np.full((pairs, 3), np.nan)), base)


def _dominance(
    r_squared: Array, drivers: tuple[str, ...], often: Array
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, float]:
    gains = lattice.conditional_gains(r_squared[:, None])
    table = pd.DataFrame({"driver": drivers, "general": gains[:, :, 0].mean(axis=1)})
    table["share"] = table["general"] / table["general"].sum()
    table["alone"], table["last"] = gains[:, 0, 0], gains[:, -1, 0]
    table = table.sort_values(["general", "driver"], ascending=[False, True], ignore_index=True)
    pairs = pd.DataFrame(permutations(drivers, 2), columns=["driver", "other"])
    pairs[list(LEVELS)] = _beaten(r_squared[:, None], gains)[:, :, 0]
    pairs[[f"{level}_often" for level in LEVELS]] = often
    return table, _conditional(gains[:, :, 0], drivers), pairs, float(r_squared[-1])


def _conditional(gains: Array, drivers: tuple[str, ...]) -> pd.DataFrame:
    number = len(drivers)
    return pd.DataFrame(
        {
            "driver": np.repeat(drivers, number),
            "others": np.tile(np.arange(number), number),
            "r_squared": gains.ravel(),
        }
    )


def _often(
    moments: Moments, players: Players, replicates: int, rng: np.random.Generator | None
) -> Array:
    """In which part of the replicates each pair's first driver beats the second, by level."""
    drivers = len(players.names)
    if replicates == 0:
        return np.full((drivers * (drivers - 1), 3), np.nan)
    rng = np.random.default_rng(0) if rng is None else rng
    step, beaten = max(1, AT_ONCE >> drivers), np.zeros((drivers * (drivers - 1), 3))
    for correlations, _ in moments.replicates(replicates, rng):
        for start in range(0, len(correlations), step):
            r_squared = _on_top(correlations[start : start + step], players)
            beaten += _beaten(r_squared, lattice.conditional_gains(r_squared)).sum(axis=2)
    return beaten / replicates


def _beaten(r_squared: Array, gains: Array) -> NDArray[np.bool_]:
    """Whether each pair's first driver beats the second: ``(pairs, levels, matrices)``."""
    number = len(gains)
    cube = r_squared.reshape(*(2,) * number, -1)  # axis number−1−k says whether driver k is in
    rows = []
    for one, other in permutations(range(number), 2):
        ahead = _with_only(cube, one, other) - _with_only(cube, other, one)
        by_size = gains[one] - gains[other]
        complete = _beats(ahead.reshape(-1, ahead.shape[-1]))
        rows.append((complete, _beats(by_size), _beats(by_size.mean(axis=0, keepdims=True))))
    shape = (number * (number - 1), len(LEVELS), r_squared.shape[1])
    return np.array(rows, dtype=np.bool_).reshape(shape)


def _with_only(cube: Array, present: int, absent: int) -> Array:
    """R² of the subsets that hold one driver and not the other, in one fixed order."""
    players = cube.ndim - 1
    where: list[slice | int] = [slice(None)] * cube.ndim
    where[players - 1 - present], where[players - 1 - absent] = 1, 0
    return cube[tuple(where)]


def _beats(ahead: Array) -> NDArray[np.bool_]:
    """Never behind, and ahead at least once, by matrix."""
    return np.asarray((ahead.min(axis=0) >= -TIE) & (ahead.max(axis=0) > TIE))

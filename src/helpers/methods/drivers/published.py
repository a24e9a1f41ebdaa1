"""Importance and dominance where only a table of correlations was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.methods.drivers.division import Method, check_method, divided
from helpers.methods.drivers.domination import Dominance, dominance_table
from helpers.methods.drivers.importance import (
    Importance,
    halo_of,
    importance_table,
    notes_on,
)
from helpers.methods.drivers.players import Players, players_of
from helpers.methods.drivers.resampling import no_draws
from helpers.methods.drivers.slopes import Slopes, entangled, slopes_of_replicates

__all__ = ["dominance_of_correlations", "importance_of_correlations"]

Array = NDArray[np.float64]

CONFIDENCE = 0.95


def importance_of_correlations(
    correlations: pd.DataFrame,
    outcome: str,
    *,
    base: int = 0,
    method: Method = "lmg",
    groups: Mapping[str, Sequence[str]] | None = None,
    always: Sequence[str] = (),
) -> Importance:
    """Divide R² where only a correlation (or covariance) table was published.

    Parameters
    ----------
    correlations
        Square table with the same names down and across, the outcome among them.
    outcome
        Name of the outcome.
    base
        Respondents behind the table, where known.
    method, groups, always
        As in :func:`relative_importance`.

    Examples
    --------
    >>> import pandas as pd
    >>> names = ["ease", "speed", "loyalty"]
    >>> table = pd.DataFrame([[1, 0, .6], [0, 1, .3], [.6, .3, 1]], names, names)
    >>> importance_of_correlations(table, "loyalty").table["r_squared"].round(2).tolist()
    [0.36, 0.09]
    """
    matrix, drivers = _correlation_table(correlations, outcome)
    players = players_of(drivers, groups, always)
    check_method(method)
    slopes, tangled = _plain_slopes(matrix, players)
    scaled = _scaled(matrix)[None]
    parts, fixed = divided(scaled, players, method)
    return Importance(
        importance_table(players, parts[0], no_draws(players), slopes, CONFIDENCE),
        r_squared=float(parts.sum() + fixed[0]),
        base=base,
        clusters=None,
        halo=halo_of(scaled[0, :-1, :-1]),
        confidence=CONFIDENCE,
        replicates=0,
        method=method,
        always=players.fixed,
        always_r_squared=float(fixed[0]),
        notes=notes_on(tangled, players, 0, no_draws(players)),
    )


def _plain_slopes(matrix: Array, players: Players) -> tuple[Slopes, NDArray[np.bool_]]:
    """Slopes without intervals, which a table of correlations cannot give."""
    spread = np.sqrt(np.diagonal(matrix))
    value = slopes_of_replicates(_scaled(matrix)[None], spread[None], players.combine)[0]
    tangled = entangled(_scaled(matrix)[:-1, :-1])
    value[(players.combine[:, tangled] != 0).any(axis=1)] = np.nan
    unknown = np.full_like(value, np.nan)
    return Slopes(value, unknown, unknown, unknown), tangled


def dominance_of_correlations(
    correlations: pd.DataFrame, outcome: str, *, base: int = 0
) -> Dominance:
    """General, conditional and complete dominance from a correlation table.

    Examples
    --------
    >>> import pandas as pd
    >>> names = ["ease", "speed", "loyalty"]
    >>> table = pd.DataFrame([[1, 0, .6], [0, 1, .3], [.6, .3, 1]], names, names)
    >>> dominance_of_correlations(table, "loyalty").completely
    (('ease', 'speed'),)
    """
    matrix, drivers = _correlation_table(correlations, outcome)
    return dominance_table(_scaled(matrix), tuple(drivers), base)


def _correlation_table(correlations: pd.DataFrame, outcome: str) -> tuple[Array, list[str]]:
    """A checked table with the outcome last, and the drivers' names."""
    names = [str(name) for name in correlations.columns]
    if names != [str(name) for name in correlations.index] or len(set(names)) < len(names):
        raise ValueError("correlations: give the same distinct names down and across")
    if outcome not in names:
        raise ValueError(f"no variable named {outcome!r}: the table has {', '.join(names)}")
    order = [*(k for k, name in enumerate(names) if name != outcome), names.index(outcome)]
    matrix = correlations.to_numpy(dtype=float)[np.ix_(order, order)]
    if not np.isfinite(matrix).all() or not np.allclose(matrix, matrix.T):
        raise ValueError("correlations: the table has gaps, or its two halves differ")
    if np.linalg.eigvalsh(_scaled(matrix)).min() < -1e-8:
        raise ValueError("correlations: no data can have this table (a negative eigenvalue)")
    return matrix, [names[k] for k in order[:-1]]


def _scaled(matrix: Array) -> Array:
    spread = np.sqrt(np.diagonal(matrix))
    scaled: Array = matrix / np.outer(spread, spread)
    return scaled

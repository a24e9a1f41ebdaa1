"""Effects of all drivers as they are likely to be: what later chapters reckon with."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.errors import NotEstimable
from helpers.methods.drivers.deciding import posterior
from helpers.methods.drivers.importance import Importance

__all__ = ["likely_effects"]

Array = NDArray[np.float64]

FINE = 6  # digits of a draw beyond its spread
DRAWS = 1024  # the first of Sobol's points: evenly spread wherever they are cut at a power of two


def likely_effects(
    importance: Importance, steps: dict[str, float] | None = None, *, draws: int = DRAWS
) -> pd.DataFrame:
    """Draws of the effects of one point on every driver, a row a draw.

    Effects are drawn together, as they vary together, and towards their mean, as
    :func:`helpers.methods.drivers.deciding.posterior` does: whoever then picks the best of
    them is not led by the luckiest.

    Parameters
    ----------
    steps
        Points of each scale that effects are compared for; one where none is given.

    Raises
    ------
    NotEstimable
        Where nothing tells how sure effects are.

    Examples
    --------
    >>> from helpers.methods.drivers import relative_importance
    >>> ratings = pd.DataFrame({"ease": [1, 2, 3, 4, 5, 6] * 4, "speed": [2, 9, 4, 7] * 6})
    >>> outcome = 3 * ratings["ease"] + ratings["speed"]
    >>> likely_effects(relative_importance(ratings, outcome)).mean().round(1).to_dict()
    {'ease': 3.0, 'speed': 1.0}
    """
    known = importance.table[importance.table["effect"].notna()]
    names = list(known["driver"])
    if importance.covariance is None or importance.freedom is None or not names:
        raise NotEstimable("nothing tells how sure the effects of drivers are")
    step: Array = np.array([(steps or {}).get(name, 1.0) for name in names], dtype=np.float64)
    covariance = np.asarray(importance.covariance.loc[names, names], dtype=np.float64)
    effects = np.asarray(known["effect"], dtype=np.float64)
    found = posterior(
        names, effects * step, covariance * np.outer(step, step),
        float(importance.freedom[names].min()),
    )  # fmt: skip
    return pd.DataFrame(_written(found.draws[:draws] / step), columns=names)


def _written(draws: Array) -> Array:
    """Draws to a millionth of their spread: what is finer differs by processor.

    What later chapters make of them would carry the last bits on, through differences and
    ranks, into digits that are stored.
    """
    spread = np.std(draws, axis=0)
    fine: Array = 10.0 ** np.floor(np.log10(np.where(spread > 0, spread, 1.0)) - FINE)
    whole: Array = np.round(draws / fine) * fine
    return whole

"""Improvement potential: what lifting every low rating would go with, driver by driver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.methods.drivers.joint import Joint
from helpers.methods.drivers.resampling import quantiles

__all__ = ["Potential", "improvement_potential"]


@dataclass(frozen=True, slots=True)
class Potential:
    """Points of the outcome that go with lifting everybody below the target up to it.

    ``table``, largest first: ``driver``, ``target`` (point of the scale), ``effect`` of a
    point, ``reach`` (share of customers below the target), ``headroom`` (mean points
    that they are short of it), ``potential`` = effect × reach × headroom, in points of
    the outcome over all customers, with ``low`` and ``high``; ``base`` (ratings given);
    ``first``: how often it was the largest in the replicates.
    """

    table: pd.DataFrame
    base: int
    clusters: int | None
    confidence: float
    replicates: int

    def __post_init__(self) -> None:
        product = self.table["effect"] * self.table["reach"] * self.table["headroom"]
        apart = ~np.isclose(product, self.table["potential"], equal_nan=True)
        if apart.any():
            name = self.table.loc[apart, "driver"].iloc[0]
            raise ValueError(f"{name}: potential is not effect × reach × headroom")


def improvement_potential(found: Joint, *, confidence: float = 0.95) -> Potential:
    """Multiply effect, reachable customers and headroom, with the interval of the product.

    Effect and headroom are drawn together, so that the interval carries the
    uncertainty of both and how they vary together. The effect is taken as constant
    along the scale: for floors and delighters see :func:`response_curves`.

    Parameters
    ----------
    found
        As :func:`joint` returns it; its ``target`` says from where a rating is good enough.

    Examples
    --------
    >>> import pandas as pd
    >>> from helpers.methods.drivers.joint import joint
    >>> ratings = pd.DataFrame({"ease": [1, 2, 3, 4, 5, 6] * 4, "speed": [2, 9, 4, 7] * 6})
    >>> scale = {"ease": (0, 10), "speed": (0, 10)}
    >>> found = joint(ratings, 3 * ratings["ease"] + ratings["speed"], scale=scale, replicates=50)
    >>> table = improvement_potential(found).table
    >>> table[["driver", "reach", "headroom", "potential"]].round(2).values.tolist()
    [['ease', 1.0, 4.5, 13.5], ['speed', 0.75, 3.67, 2.75]]
    """
    draws = found.effect * found.short
    low, high = quantiles(draws[1:], confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        headroom = np.where(found.below[0] > 0, found.short[0] / found.below[0], 0.0)
    lead = np.where(np.isnan(draws[1:]), -np.inf, draws[1:]).argmax(axis=1)
    table = pd.DataFrame(
        {
            "driver": found.drivers,
            "target": list(found.target.values()),
            "effect": found.effect[0],
            "reach": found.below[0],
            "headroom": headroom,
            "potential": draws[0],
            "low": low,
            "high": high,
            "base": found.answers,
            "first": np.bincount(lead, minlength=len(found.drivers)) / found.replicates,
        }
    ).sort_values(["potential", "driver"], ascending=[False, True], ignore_index=True)
    return Potential(table, found.base, found.clusters, confidence, found.replicates)

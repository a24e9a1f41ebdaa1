"""Improvement potential: what lifting every low rating would go with, driver by driver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from helpers.methods.drivers.curves import Curves
from helpers.methods.drivers.joint import Joint

__all__ = ["Potential", "improvement_potential"]


@dataclass(frozen=True, slots=True)
class Potential:
    """Points of the outcome that go with lifting everybody below the target up to it.

    ``table``, largest first: ``driver``, ``target`` (point of the scale), ``effect`` of a
    point, ``reach`` (share of customers below the target), ``headroom`` (mean points
    that they are short of it), ``potential`` = effect × reach × headroom, in points of
    the outcome over all customers, with ``low`` and ``high``; ``base`` (ratings given);
    ``first``: how often it was the largest in the replicates; ``bent``: whether the effect
    is that along a curve that bends, on the way of those below up to the target.
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
        outside = (self.table["potential"] < self.table["low"]) | (
            self.table["potential"] > self.table["high"]
        )
        if outside.any():
            name = self.table.loc[outside, "driver"].iloc[0]
            raise ValueError(f"{name}: potential lies outside its interval")


def improvement_potential(
    found: Joint, *, curves: Curves | None = None, confidence: float = 0.95
) -> Potential:
    """Multiply effect, reachable customers and headroom, with the interval of the product.

    The interval is made as that of the effect is: Student's t, the error from leaving
    accounts out one at a time, which carries the uncertainty of effect and headroom and how
    they vary together. The effect is taken as constant along the scale, except for a
    driver whose curve bends: there it is what a point goes with on the way from each
    rating below the target up to it, and the error is that of the redrawn curves.

    Parameters
    ----------
    found
        As :func:`joint` returns it; its ``target`` says from where a rating is good enough.
    curves
        Of the same answers, as :func:`response_curves` returns them; without, every driver
        counts as a straight line.

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
    draws, error, freedom = (
        found.effect * found.short,
        found.lift_error.copy(),
        found.freedom.copy(),
    )
    bends = {} if curves is None else curves.bends
    for k, name in enumerate(found.drivers):
        if name in bends:
            along = bends[name].lift(found.target[name])
            error[k], freedom[k] = bends[name].errors(along[:, None])[0], bends[name].freedom
            draws[1:, k] = np.resize(along[1:], len(draws) - 1)  # redraws of their own
            draws[0, k] = along[0]
    half = stdtrit(freedom, (1 + confidence) / 2) * error
    short = found.short[0]
    effect = np.divide(draws[0], short, out=found.effect[0].copy(), where=short > 0)
    table = pd.DataFrame(
        {
            "driver": found.drivers,
            "target": list(found.target.values()),
            "effect": effect,
            "reach": found.below[0],
            "headroom": np.divide(short, found.below[0], out=np.zeros_like(short), where=short > 0),
            "potential": draws[0],
            "low": draws[0] - half,
            "high": draws[0] + half,
            "base": found.answers,
            "first": _first(draws[1:]),
            "bent": [name in bends for name in found.drivers],
        }
    ).sort_values(["potential", "driver"], ascending=[False, True], ignore_index=True)
    return Potential(table, found.base, found.clusters, confidence, found.replicates)


def _first(draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """How often each potential is the largest; one that cannot be told never is."""
    lead = np.where(np.isnan(draws), -np.inf, draws).argmax(axis=1)
    return np.asarray(np.bincount(lead, minlength=draws.shape[1]) / len(draws))

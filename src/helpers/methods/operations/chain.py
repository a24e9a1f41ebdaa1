"""The chain from an internal metric to a rating, from it to loyalty, and from that to staying."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from helpers.methods.operations.effects import Effects

__all__ = ["Link", "interval", "staircase"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain from another chapter: a change with its interval and base.

    ``per`` is the change of the cause that ``value`` is of: 1 rating point, 10 points of loyalty.
    """

    value: float
    low: float
    high: float
    base: int
    per: float = 1.0

    def draws(self, count: int, rng: np.random.Generator, confidence: float) -> Floats:
        """Values that the link may have, for one unit of its cause; each side by its own width."""
        z = rng.standard_normal(count)
        reach = norm.ppf((1 + confidence) / 2)
        width = np.where(z < 0, self.value - self.low, self.high - self.value) / reach
        return np.asarray((self.value + z * width) / self.per)

    @property
    def clear(self) -> bool:
        """Whether its interval leaves no doubt of its sign."""
        return self.low * self.high > 0


def interval(value: float, drawn: Floats, confidence: float) -> tuple[float, float]:
    """The ends between which draws lie, the value itself never outside them."""
    low, high = np.quantile(drawn, ((1 - confidence) / 2, (1 + confidence) / 2))
    return min(float(low), value), max(float(high), value)


def staircase(
    found: Effects,
    *,
    loyalty: Mapping[str, Link],
    staying: Link | None,
    draws: int = 4000,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Which number of people who never meet a customer moves which rating, and what that moves.

    Every linked metric from its worse quartile to its better: the rating (``gain``), then
    ``loyalty``, then ``staying`` (a share), each with ``_low`` and ``_high``, all errors before it
    drawn along; missing where a link is not known. ``base`` counts the answers behind the first
    link, ``loyalty_base`` and ``staying_base`` those behind the next. ``verdict`` is ``clear``
    where the last link has a sign beyond doubt, ``not clear`` where not, ``not known`` without it.
    """
    ends = {name: link.draws(draws, rng, found.confidence) for name, link in loyalty.items()}
    stays = None if staying is None else staying.draws(draws, rng, found.confidence)
    rows = []
    for _, pair in found.clear.iterrows():
        row = {**pair[["metric", "rating", "gain", "gain_low", "gain_high", "base"]],
               "verdict": "not known"}  # fmt: skip
        step = pair["better_end"] - pair["worse"]
        drawn = (pair["slope"] + pair["error"] * rng.standard_t(pair["freedom"], draws)) * step
        link = loyalty.get(str(pair["rating"]))
        if link is not None:
            value, drawn = pair["gain"] * link.value / link.per, drawn * ends[str(pair["rating"])]
            row |= _part("loyalty", value, drawn, link.base, found.confidence)
            if staying is not None and stays is not None:
                value, drawn = value * staying.value / staying.per, drawn * stays
                row |= _part("staying", value, drawn, staying.base, found.confidence)
                sure = row["staying_low"] * row["staying_high"] > 0
                row["verdict"] = "clear" if sure else "not clear"
        rows.append(row)
    columns = ["metric", "rating", "gain", "gain_low", "gain_high", "base"]
    columns += [f"{n}{e}" for n in ("loyalty", "staying") for e in ("", "_low", "_high", "_base")]
    return pd.DataFrame(rows).reindex(columns=[*columns, "verdict"])


def _part(
    name: str, value: float, drawn: Floats, base: int, confidence: float
) -> dict[str, float | int]:
    low, high = interval(value, drawn, confidence)
    return {name: value, f"{name}_low": low, f"{name}_high": high, f"{name}_base": base}

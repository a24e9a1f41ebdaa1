"""Priorities: what improving each driver is linked to, beside what raw scores would pick."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.methods.drivers.best import may_be_best
from helpers.methods.drivers.importance import Importance
from helpers.methods.drivers.scores import Performance

__all__ = ["Priorities", "priorities", "steps"]

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

STEP = 1.0  # the improvement compared: one point, where all scales are equally long
PART = 0.1  # of its scale's length, where they are not


@dataclass(frozen=True, slots=True)
class Priorities:
    """Drivers by what a reachable improvement is linked to, largest first.

    ``table``: ``driver``, ``share``, ``effect``, ``mean``, ``headroom`` (points from
    the mean to the top of the scale), ``step`` (the points compared: one, or a tenth of
    the scale where scales differ in length), ``potential`` with ``potential_low`` and
    ``potential_high`` (in points of the outcome, of the step or of the headroom where that
    is less), ``clear`` (the interval of the effect lies above zero, and the effect stands
    after correcting for the number of drivers), ``leaning`` (the interval lies above zero,
    but the effect does not stand so), ``may_lead`` (no other driver's potential is clearly
    larger), ``rank_potential``, ``rank_raw`` (1 is the lowest mean, as a share of its scale).

    Whatever a page says of a clear driver is to come from ``clear``: the rule of its text, its
    charts and its priorities is one.
    """

    table: pd.DataFrame
    first: str | None  # clear driver with the largest potential; None where none is clear
    raw_first: str  # driver with the lowest mean: where raw scores would have sent us
    base: int
    by_scale: bool = False  # steps are tenths of scales that differ, not points

    @property
    def agree(self) -> bool:
        """Whether raw scores pick the same driver."""
        return self.first == self.raw_first

    @property
    def clear(self) -> tuple[str, ...]:
        """Drivers whose effect is clearly above zero, largest potential first."""
        return tuple(self.table.loc[self.table["clear"], "driver"])

    @property
    def steps(self) -> dict[str, float]:
        """The improvement compared, in points of each driver's scale."""
        return dict(zip(self.table["driver"], self.table["step"], strict=True))

    @property
    def alike(self) -> tuple[str, ...]:
        """Clear drivers that cannot be told from the best, largest potential first."""
        return tuple(self.table.loc[self.table["clear"] & self.table["may_lead"], "driver"])

    @property
    def unsettled(self) -> tuple[str, ...]:
        """Drivers that are not clear and yet cannot be told from the best."""
        return tuple(self.table.loc[~self.table["clear"] & self.table["may_lead"], "driver"])

    @property
    def verdict(self) -> str:
        """Which driver comes first: one, some that are alike, none; or the only one asked about."""
        if len(self.table) == 1:
            return "only, not clear" if self.first is None else "only"
        if self.first is None:
            return "leaning" if self.leaning else "none"
        if len(self.alike) > 1:
            return "alike"
        return "single" if self.unsettled else "first"

    @property
    def leaning(self) -> tuple[str, ...]:
        """Drivers whose interval lies above zero only before the correction."""
        return tuple(self.table.loc[self.table["leaning"], "driver"])


def priorities(
    importance: Importance,
    performance: Performance,
    *,
    scale: Mapping[str, tuple[float, float]],
) -> Priorities:
    """Rank drivers by effect times the improvement within reach.

    Potential is the effect per point times one point, or times what is left to the
    top of the scale where that is less. Where scales differ in length the step is a tenth
    of each. Its interval is that of the effect; the mean's own, much smaller, error is not
    added. A driver is ``clear`` when the interval of its effect lies above zero and its
    p-value passes Holm's correction over all drivers. Who may lead comes of comparing every
    potential with all others at once (:func:`helpers.methods.drivers.best.may_be_best`).

    Parameters
    ----------
    importance, performance
        Of the same drivers, from :func:`relative_importance` and :func:`performance`.
    scale
        Lowest and highest point of each driver's scale.

    Raises
    ------
    ValueError
        When no driver is in both, or a scale is missing or does not hold the mean.

    Examples
    --------
    >>> import pandas as pd
    >>> from helpers.methods.drivers.importance import relative_importance
    >>> from helpers.methods.drivers.scores import performance
    >>> ratings = pd.DataFrame({"ease": [1, 2, 3, 4, 5, 6] * 4, "speed": [2, 9, 4, 7] * 6})
    >>> found = relative_importance(ratings, 3 * ratings["speed"] + ratings["ease"])
    >>> ranked = priorities(found, performance(ratings), scale={"ease": (0, 10), "speed": (0, 10)})
    >>> ranked.first, ranked.raw_first, ranked.agree
    ('speed', 'ease', False)
    """
    table = importance.table.merge(performance.table, on="driver", suffixes=("", "_mean"))
    if table.empty:
        raise ValueError(
            "importance and performance have no driver in common: use the same ratings"
        )
    table["headroom"] = [
        _headroom(d, m, scale) for d, m in zip(table["driver"], table["mean"], strict=True)
    ]
    step = steps(tuple(table["driver"]), scale)
    table["step"] = table["driver"].map(step)
    reach = table[["headroom", "step"]].min(axis=1)
    table["potential"] = table["effect"] * reach
    table["potential_low"] = table["effect_low"] * reach
    table["potential_high"] = table["effect_high"] * reach
    above = table["effect_low"] > 0
    table["clear"] = above & _kept(table, importance.confidence)
    table["leaning"] = above & ~table["clear"]
    table["may_lead"] = _may_lead(table, reach.to_numpy(), importance)
    table["rank_potential"] = _rank(table["potential"], largest_first=True)
    table["rank_raw"] = _rank(_share_of_scale(table, scale), largest_first=False)
    table = table.sort_values(["rank_potential", "driver"], ignore_index=True)
    clear = table.loc[table["clear"], "driver"]
    lowest = table.sort_values(["rank_raw", "driver"])["driver"].iloc[0]
    return Priorities(
        table[_COLUMNS], clear.iloc[0] if len(clear) else None, lowest, importance.base,
        by_scale=len(set(_lengths(table["driver"], scale))) > 1,
    )  # fmt: skip


_COLUMNS = [
    "driver",
    "share",
    "effect",
    "mean",
    "headroom",
    "step",
    "potential",
    "potential_low",
    "potential_high",
    "clear",
    "leaning",
    "may_lead",
    "rank_potential",
    "rank_raw",
]


def steps(drivers: Sequence[str], scale: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """The improvement that drivers are compared by, in points of each one's own scale.

    >>> steps(["ease", "speed"], {"ease": (0, 10), "speed": (1, 11)})
    {'ease': 1.0, 'speed': 1.0}
    >>> steps(["ease", "speed"], {"ease": (0, 10), "speed": (1, 5)})
    {'ease': 1.0, 'speed': 0.4}
    """
    lengths = _lengths(drivers, scale)
    alike = len(set(lengths)) == 1
    return {d: STEP if alike else PART * x for d, x in zip(drivers, lengths, strict=True)}


def _lengths(drivers: Iterable[str], scale: Mapping[str, tuple[float, float]]) -> list[float]:
    return [float(scale[driver][1] - scale[driver][0]) for driver in drivers]


def _share_of_scale(table: pd.DataFrame, scale: Mapping[str, tuple[float, float]]) -> pd.Series:
    lowest = table["driver"].map(lambda driver: scale[driver][0])
    return (table["mean"] - lowest) / _lengths(table["driver"], scale)


def _may_lead(table: pd.DataFrame, reach: Array, importance: Importance) -> Bools:
    """Drivers whose potential no other's is surely above; all, where nothing tells how sure."""
    known = table["effect"].notna().to_numpy()
    if importance.covariance is None or importance.freedom is None:
        return known
    names = table.loc[known, "driver"]
    spread = (
        importance.covariance.loc[names, names].to_numpy()
        * np.outer(reach, reach)[np.ix_(known, known)]
    )
    found = np.zeros(len(table), dtype=np.bool_)
    if known.any() and np.isfinite(spread).all():
        found[known] = may_be_best(
            table.loc[known, "potential"].to_numpy(), spread,
            float(importance.freedom[names].min()), confidence=importance.confidence,
        )  # fmt: skip
    return found


def _headroom(driver: str, mean: float, scale: Mapping[str, tuple[float, float]]) -> float:
    if driver not in scale:
        raise ValueError(f"scale has no entry for {driver!r}: give its lowest and highest point")
    low, high = scale[driver]
    if not low <= mean <= high:
        raise ValueError(
            f"{driver!r} has a mean of {mean:.2f}, outside its scale {low:g} to {high:g}"
        )
    return high - mean


def _kept(table: pd.DataFrame, confidence: float) -> pd.Series:
    """Effects that Holm's step-down test keeps (Holm 1979).

    Written out because statsmodels' ``multipletests`` collects garbage on each call,
    0.1 s: too slow for simulations.
    """
    p = table["effect_p"].dropna().sort_values(kind="stable")
    passed = p * np.arange(len(p), 0, -1) <= 1 - confidence
    return passed.cummin().reindex(table.index, fill_value=False).astype(bool)


def _rank(values: pd.Series, *, largest_first: bool) -> pd.Series:
    ranks = values.rank(method="min", ascending=not largest_first, na_option="bottom")
    return ranks.astype(np.int64)

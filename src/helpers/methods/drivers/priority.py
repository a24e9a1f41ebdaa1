"""Priorities: what improving each driver is linked to, beside what raw scores would pick."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from helpers.methods.claims import least
from helpers.methods.drivers.best import may_be_best
from helpers.methods.drivers.deciding import Decision, Posterior, decision, posterior
from helpers.methods.drivers.importance import Importance
from helpers.methods.drivers.scores import Performance
from helpers.methods.drivers.simultaneous import adjusted_p
from helpers.methods.multiplicity import holm

__all__ = ["Lifts", "Priorities", "priorities", "steps"]

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

STEP = 1.0  # the improvement compared: one point, where all scales are equally long
PART = 0.1  # of its scale's length, where they are not


@dataclass(frozen=True, slots=True)
class Lifts:
    """What lifting low ratings of each driver is linked to, as estimated and as is likely."""

    names: tuple[str, ...]
    values: Array
    covariance: Array
    freedom: float
    likely: Posterior

    def of_groups(self, groups: Mapping[str, Sequence[str]]) -> Lifts:
        """The same of groups: each lifts all its drivers; those with one that is unknown go."""
        known = {g: those for g, those in groups.items() if set(those) <= set(self.names)}
        matrix = np.array(
            [[float(name in those) for name in self.names] for those in known.values()]
        )
        return Lifts(
            tuple(known), matrix @ self.values, matrix @ self.covariance @ matrix.T, self.freedom,
            self.likely.summed(tuple(known), matrix),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Priorities:
    """Drivers by what a reachable improvement is linked to, largest first.

    ``table``: ``driver``, ``share``, ``effect``, ``mean``, ``headroom`` (points from
    the mean to the top of the scale), ``step`` (the points that effects are told for: one, or
    a tenth of the scale where scales differ in length), ``reach`` (points that customers are
    short of the target on average), ``potential`` with ``potential_low`` and
    ``potential_high`` (effect times reach, in points of the outcome), ``p_family`` (of the
    effect, corrected for the number of drivers), ``clear`` (the interval of the effect lies above
    zero, and the effect stands after that correction), ``leaning`` (the interval lies above
    zero, but the effect does not stand so), ``may_lead`` (no other
    driver's potential is clearly larger), ``rank_potential``, ``rank_raw`` (1 is the lowest mean,
    as a share of its scale).

    Whatever a page says of a clear driver is to come from ``clear``: the rule of its text, its
    charts and its priorities is one.
    """

    table: pd.DataFrame
    first: str | None  # clear driver that loses least when chosen; None where none is clear
    raw_first: str  # driver with the lowest mean: where raw scores would have sent us
    base: int
    by_scale: bool = False  # steps are tenths of scales that differ, not points
    lifts: Lifts | None = None  # None where nothing tells how sure
    chosen: Decision | None = None  # the driver to begin with
    p: float | None = None  # the smallest corrected one of an effect above zero

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
        """Clear drivers that cannot be told from the best: the first, then by potential."""
        found = self.table.loc[self.table["clear"] & self.table["may_lead"], "driver"]
        return tuple(sorted(found, key=lambda driver: driver != self.first))

    @property
    def unsettled(self) -> tuple[str, ...]:
        """Drivers that are not clear and yet cannot be told from the best."""
        return tuple(self.table.loc[~self.table["clear"] & self.table["may_lead"], "driver"])

    @property
    def begin(self) -> str | None:
        """The first, or, where none is clear, the one that loses least when tried."""
        return self.first or (self.chosen.first if self.chosen else None)

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
    lifts: Lifts | None = None,
) -> Priorities:
    """Rank drivers by effect times the improvement within reach.

    Potential is the effect per point times the points that customers are short of the target
    on average: what lifting every low rating to it goes with. Where ``performance`` knows no
    target, it is one point, or what is left to the top of the scale where that is less; where
    scales differ in length, a tenth of each. Its interval is that of the effect; the much
    smaller error of the points lacking is not added. A driver is ``clear`` when the interval
    of its effect lies above zero and its p-value stands after correction for looking at all
    drivers, which takes how they vary together
    (:func:`helpers.methods.drivers.simultaneous.adjusted_p`). Who may lead comes of
    comparing every potential with all others at once
    (:func:`helpers.methods.drivers.best.may_be_best`), whom to begin with of what choosing
    each would lose (:func:`helpers.methods.drivers.deciding.decision`).

    Parameters
    ----------
    importance, performance
        Of the same drivers, from :func:`relative_importance` and :func:`performance`.
    scale
        Lowest and highest point of each driver's scale.
    lifts
        Of groups of drivers, what lifting those of each is linked to.

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
    table["reach"] = _reach(table)
    for end in ("", "_low", "_high"):
        table[f"potential{end}"] = table[f"effect{end}"] * table["reach"]
    above = table["effect_low"] > 0
    corrected = _corrected(table, importance)
    table["p_family"] = corrected
    table["clear"] = above & (corrected <= 1 - importance.confidence)
    p = least(corrected, table["effect"] > 0)
    table["leaning"] = above & ~table["clear"]
    lifts = _lifts(table, importance) if lifts is None else _lifted(table, lifts, importance)
    table["may_lead"] = _may_lead(table, lifts, importance.confidence)
    table["rank_potential"] = _rank(table["potential"], largest_first=True)
    table["rank_raw"] = _rank(_share_of_scale(table, scale), largest_first=False)
    table = table.sort_values(["rank_potential", "driver"], ignore_index=True)
    lowest = table.sort_values(["rank_raw", "driver"])["driver"].iloc[0]
    chosen = None if lifts is None else _chosen(lifts.likely, table, importance)
    clear = tuple(table.loc[table["clear"], "driver"])
    return Priorities(
        table[_COLUMNS],
        chosen.first if chosen and chosen.first in clear else next(iter(clear), None),
        lowest,
        importance.base,
        by_scale=set(step.values()) != {STEP},
        lifts=lifts,
        chosen=chosen,
        p=p,
    )


def _chosen(likely: Posterior, table: pd.DataFrame, importance: Importance) -> Decision:
    """Whom to begin with: among the clear ones, where there are any."""
    return decision(
        likely,
        among=tuple(table.loc[table["clear"], "driver"]),
        tied=tuple(table.loc[table["may_lead"], "driver"]),
        confidence=importance.confidence,
        base=importance.base,
    )


_COLUMNS = [
    "driver",
    "share",
    "effect",
    "mean",
    "headroom",
    "step",
    "reach",
    "potential",
    "potential_low",
    "potential_high",
    "p_family",
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
    >>> steps(["ease", "speed"], {"ease": (0, 1), "speed": (0, 1)})
    {'ease': 0.1, 'speed': 0.1}
    """
    lengths = _lengths(drivers, scale)
    alike = len(set(lengths)) == 1 and lengths[0] > STEP  # a point of 0/1 is all there is
    return {d: STEP if alike else PART * x for d, x in zip(drivers, lengths, strict=True)}


def _lengths(drivers: Iterable[str], scale: Mapping[str, tuple[float, float]]) -> list[float]:
    return [float(scale[driver][1] - scale[driver][0]) for driver in drivers]


def _share_of_scale(table: pd.DataFrame, scale: Mapping[str, tuple[float, float]]) -> pd.Series:
    lowest = table["driver"].map(lambda driver: scale[driver][0])
    return (table["mean"] - lowest) / _lengths(table["driver"], scale)


def _lifts(table: pd.DataFrame, importance: Importance) -> Lifts | None:
    """Of single drivers: effects of a step, drawn towards their mean, times the steps lacking."""
    known = table[table["effect"].notna()]
    if importance.covariance is None or importance.freedom is None or known.empty:
        return None
    names, step = list(known["driver"]), known["step"].to_numpy()
    spread = importance.covariance.loc[names, names].to_numpy() * np.outer(step, step)
    if not np.isfinite(spread).all():
        return None
    freedom, short = float(importance.freedom[names].min()), np.diag(known["reach"] / step)
    effects = (known["effect"] * step).to_numpy()
    likely = posterior(names, effects, spread, freedom).summed(names, short)
    return Lifts(tuple(names), short @ effects, short @ spread @ short, freedom, likely)


def _lifted(table: pd.DataFrame, lifts: Lifts, importance: Importance) -> Lifts:
    """Of groups: their potentials, in the table, are those of their drivers together."""
    half = stdtrit(lifts.freedom, (1 + importance.confidence) / 2) * np.sqrt(
        np.diagonal(lifts.covariance)
    )
    for name, value, margin in zip(lifts.names, lifts.values, half, strict=True):
        ends = [value, value - margin, value + margin]
        own = table["driver"] == name
        table.loc[own, ["potential", "potential_low", "potential_high"]] = ends
    return lifts


def _may_lead(table: pd.DataFrame, lifts: Lifts | None, confidence: float) -> Bools:
    """Drivers whose potential no other's is surely above; all, where nothing tells how sure."""
    if lifts is None:
        return table["effect"].notna().to_numpy()
    found = may_be_best(lifts.values, lifts.covariance, lifts.freedom, confidence=confidence)
    return table["driver"].isin(np.array(lifts.names)[found]).to_numpy()


def _reach(table: pd.DataFrame) -> pd.Series:
    """Points that customers lack to the target; a step within the scale, where none is known."""
    short = table.get("short", pd.Series(np.nan, table.index))
    told = short.notna().all() and (short > 0).any()
    return short if told else table[["headroom", "step"]].min(axis=1)


def _headroom(driver: str, mean: float, scale: Mapping[str, tuple[float, float]]) -> float:
    if driver not in scale:
        raise ValueError(f"scale has no entry for {driver!r}: give its lowest and highest point")
    low, high = scale[driver]
    if not low <= mean <= high:
        raise ValueError(
            f"{driver!r} has a mean of {mean:.2f}, outside its scale {low:g} to {high:g}"
        )
    return high - mean


def _corrected(table: pd.DataFrame, importance: Importance) -> Array:
    """The p value of each effect, corrected for looking at all of them."""
    alone, names = table["effect_p"].to_numpy(dtype=float), list(table["driver"])
    if importance.covariance is None:
        return holm(alone)  # each as if apart from the others
    return adjusted_p(alone, importance.covariance.loc[names, names].to_numpy())


def _rank(values: pd.Series, *, largest_first: bool) -> pd.Series:
    ranks = values.rank(method="min", ascending=not largest_first, na_option="bottom")
    return ranks.astype(np.int64)

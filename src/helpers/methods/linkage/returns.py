"""Return on loyalty: what better scores would be worth over years, if the link holds.

An account that is likelier to stay goes on paying. Its chance of staying a stretch of
``lag_months`` comes from the link without noise; over the horizon the chances multiply, and
money that comes later counts for less. Nothing but retention is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from helpers.methods.claims import p_of_interval
from helpers.methods.linkage.forecasts import (
    Forecast,
    Past,
    check_current,
    expected_scores,
    refitted,
    scored_accounts,
)
from helpers.methods.linkage.levels import LossLevels
from helpers.methods.linkage.models import Link
from helpers.methods.linkage.risk import ends

__all__ = [
    "ReturnOnLoyalty", "margin_share", "present_value", "return_on_loyalty", "returns_over",
]  # fmt: skip

Floats = np.ndarray


@dataclass(frozen=True)
class ReturnOnLoyalty:
    """What it is worth to raise the scores of groups of accounts, retention alone.

    ``table`` has a row a group: ``group``, ``accounts``, ``revenue`` (a year), ``gain`` (money
    over the horizon, present value, costs deducted) with ``low`` and ``high``, ``each`` (of
    one account on average) and ``positive`` (share of refits with a gain above 0).
    ``draws`` holds the gains behind it: a row a refit, a column a group.
    """

    table: pd.DataFrame
    draws: pd.DataFrame
    by_account: pd.DataFrame  # account_id, gain
    points: float
    horizon_years: float
    discount_rate: float
    grade: str
    base: int
    confidence: float
    notes: tuple[str, ...]
    p_link: float  # of the link itself, 1 where it runs the other way: unless clear nothing pays

    @property
    def linked(self) -> bool:
        """Whether the link itself is clear."""
        return self.p_link < 1 - self.confidence

    def p(self, group: str) -> float:
        """Chance of so clear a gain or loss were there none; of a gain the link has to be clear."""
        row = self.table[self.table["group"] == group].iloc[0]
        gain, low, high = (float(row[name]) for name in ("gain", "low", "high"))
        p = p_of_interval(gain, low, high, confidence=self.confidence)
        return max(self.p_link, p) if gain > 0 else p

    def verdict(self, group: str) -> Literal["pays", "not clear", "loses"]:
        """Whether raising a group pays beyond doubt."""
        row = self.table.set_index("group").loc[group]
        if row["low"] > 0:
            return "pays" if self.linked else "not clear"
        return "loses" if row["high"] < 0 else "not clear"


def present_value(
    staying: Floats, *, months: float, horizon_years: float, discount_rate: float
) -> Floats:
    """Years of revenue that an account is expected to bring, in today's money.

    Parameters
    ----------
    staying
        Chance, 0 to 1, of staying for ``months``, the same in every such stretch.
    months
        Length of a stretch; the revenue of a stretch is counted if the account is there at
        its end.
    horizon_years
        How far is looked ahead.
    discount_rate
        A year, such as 0.08.

    Examples
    --------
    >>> present_value(np.array([1.0, 0.5]), months=12, horizon_years=2, discount_rate=0).tolist()
    [2.0, 0.75]
    >>> round(float(present_value(np.array([1.0]), months=6, horizon_years=1,
    ...                           discount_rate=0.21)[0]), 4)  # half a year at 1.1, half at 1.21
    0.8678
    """
    step = staying * (1 + discount_rate) ** (-months / 12)
    whole, rest = divmod(horizon_years * 12 / months, 1)
    value = sum(step**number for number in range(1, int(whole) + 1))
    if rest:
        value = value + rest * step ** (whole + 1)
    return np.asarray(months / 12 * value)


def return_on_loyalty(
    link: Link,
    current: pd.DataFrame,
    *,
    panel: pd.DataFrame,
    groups: Mapping[str, Floats],
    points: float,
    lag_months: float,
    most: float = 100.0,
    margin: float | Floats = 1.0,
    horizon_years: float = 2.0,
    discount_rate: float = 0.08,
    cost_an_account: float = 0.0,
    levels: LossLevels | None = None,
    replicates: int = 500,
    confidence: float = 0.95,
    rng: np.random.Generator,
) -> ReturnOnLoyalty:
    """Value what raising accounts by ``points`` of the score would keep.

    Parameters
    ----------
    link, current, panel
        As for ``revenue_at_risk``: a link with an outcome of 0 and 1, today's accounts, the
        rows that the link was estimated on.
    groups
        By name, whether each row of ``current`` belongs to the group that is raised.
    points
        Points of the score that true scores are raised by, at most to ``most``.
    margin
        Share of revenue that counts: 1 values revenue; an array holds one for each row of
        ``current``.
    horizon_years, discount_rate
        How far is looked ahead, and what a year's waiting takes off.
    cost_an_account
        Money that raising one account costs, deducted.
    levels
        How many left after each past wave: the intervals then allow for those of the years
        ahead to differ from their average as far as these say that waves differ.
    replicates
        Refits on accounts drawn with replacement, each with its own reliability, coefficients
        and true scores.

    Raises
    ------
    ValueError
        For a horizon, rate or group that cannot be.

    Notes
    -----
    G-computation on the retention model; intervals are bias-corrected percentiles of the whole
    pipeline. The effect is of the grade of the link: what is gained if the link is all there
    is to it.

    Examples
    --------
    >>> from helpers.methods.linkage.models import link
    >>> from scipy.special import expit
    >>> rng = np.random.default_rng(2)
    >>> past = pd.DataFrame({"account_id": range(400), "score": rng.normal(60, 15, 400)})
    >>> past["retained"] = (rng.random(400) < expit(past["score"] / 15 - 2)).astype(float)
    >>> made = return_on_loyalty(
    ...     link(past, "retained"), past.assign(revenue=1000.0), panel=past, points=10,
    ...     groups={"all": np.ones(400, dtype=bool)}, lag_months=12, replicates=200, rng=rng)
    >>> made.verdict("all"), bool(50 < made.table["each"][0] < 250)
    ('pays', True)
    """
    _check(horizon_years, discount_rate, points, cost_an_account)
    check_current(link, current, replicates, rng)
    members = pd.DataFrame({name: np.asarray(rows, dtype=bool) for name, rows in groups.items()})
    members.index = current.index
    accounts, notes = scored_accounts(link, current)
    members = members.loc[accounts.index]
    counted = pd.Series(np.broadcast_to(margin, len(current)), index=current.index, dtype=float)
    spread = link.design.spread[link.score]
    lift = _Lift(
        Forecast.of(link, accounts, kept=1), points / spread,
        (most - link.design.centre[link.score]) / spread, lag_months, horizon_years,
        discount_rate, counted.loc[accounts.index].to_numpy(),
    )  # fmt: skip
    past = Past.of(link, panel)
    gains = lift.gains(*expected_scores(lift.world, past))[0]
    inside = members.to_numpy(float)
    cost = cost_an_account * inside.sum(axis=0)
    draws, steady = (each @ inside - cost for each in _drawn(lift, past, levels, replicates, rng))
    table = _table(members, lift.world.revenue, gains @ inside - cost, draws, steady, confidence)
    by_account = pd.DataFrame({"account_id": accounts["account_id"].to_numpy(), "gain": gains})
    return ReturnOnLoyalty(
        table, pd.DataFrame(draws, columns=list(members)), by_account, points, horizon_years,
        discount_rate, link.grade, len(accounts), confidence, notes, link.p_of("higher"),
    )  # fmt: skip


def returns_over(
    link: Link,
    current: pd.DataFrame,
    horizons: Sequence[float],
    *,
    seed: int,
    **options: Any,  # noqa: ANN401 - those of return_on_loyalty
) -> dict[float, ReturnOnLoyalty]:
    """The same over each number of years, on the same draws."""
    return {
        years: return_on_loyalty(
            link, current, horizon_years=years, rng=np.random.default_rng(seed), **options
        )
        for years in sorted(horizons)
    }


def margin_share(current: pd.DataFrame, margin: pd.Series | None) -> tuple[str, Floats | float]:
    """What counts of revenue, in words and as a share of each account's: its margin where known.

    An account whose margin is not known has that of all together; none counts below nothing.

    Examples
    --------
    >>> now = pd.DataFrame({"account_id": ["a", "b"], "revenue": [100.0, 300.0]})
    >>> margin_share(now, pd.Series({"a": 40.0}))
    ('margin', array([0.4, 0.4]))
    >>> margin_share(now, None)
    ('revenue', 1.0)
    """
    if margin is None:
        return "revenue", 1.0
    earned = current["account_id"].map(margin).astype(float)
    revenue = current["revenue"].where(current["revenue"] > 0)
    known = earned.notna() & revenue.notna()
    if not known.any():
        return "revenue", 1.0
    whole = earned[known].sum() / revenue[known].sum()
    return "margin", (earned / revenue).fillna(whole).clip(0, 1).to_numpy(float)


def _check(horizon_years: float, discount_rate: float, points: float, cost: float) -> None:
    if not horizon_years > 0:
        raise ValueError(f"a horizon of {horizon_years} years is none: give one above 0")
    if not -1 < discount_rate < 1:
        raise ValueError(f"a discount rate is a share a year such as 0.08, not {discount_rate}")
    if not points > 0 or cost < 0:
        raise ValueError("points are above 0 and a cost is 0 or more")


@dataclass(frozen=True)
class _Lift:
    """What raised scores bring each account, in money over the horizon."""

    world: Forecast
    points: float  # as the design scales the score
    most: float
    months: float
    years: float
    rate: float
    margin: Floats

    @property
    def stretches(self) -> int:
        """How many times as long as the link's outcome is looked ahead."""
        return max(1, round(12 * self.years / self.months))

    def gains(self, coefficients: Floats, true: Floats) -> Floats:
        """Gain by refit and account, averaged over values of each true score."""
        values = true.reshape(len(true), true.shape[1], -1)
        raised = np.maximum(values, np.minimum(values + self.points, self.most))
        now, then = (
            present_value(
                1 - self.world.lost_at(coefficients, scores),
                months=self.months, horizon_years=self.years, discount_rate=self.rate,
            )
            for scores in (values, raised)
        )  # fmt: skip
        return np.asarray((then - now).mean(axis=2) * self.world.revenue * self.margin)


def _drawn(
    lift: _Lift,
    past: Past,
    levels: LossLevels | None,
    replicates: int,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Gains by refit and account, at levels that may come, and at the steady one."""
    none = np.empty((0, len(lift.world.revenue)))
    moved, steady = [none], [none]
    for coefficients, true in refitted(lift.world, past, replicates, rng):
        steady.append(lift.gains(coefficients, true))
        if levels is not None:
            shifts = levels.drawn(len(coefficients), rng, waves=lift.stretches)
            moved.append(lift.gains(lift.world.with_level(coefficients, shifts), true))
    still = np.concatenate(steady)
    return still if levels is None else np.concatenate(moved), still


def _table(
    members: pd.DataFrame,
    revenue: Floats,
    gain: Floats,
    draws: Floats,
    steady: Floats,
    confidence: float,
) -> pd.DataFrame:
    count = members.sum().to_numpy()
    reach = [
        ends(pd.Series(column), value, confidence, about=pd.Series(still))
        for column, value, still in zip(draws.T, gain, steady.T, strict=True)
    ]
    return pd.DataFrame(
        {
            "group": list(members),
            "accounts": count,
            "revenue": revenue @ members.to_numpy(float),
            "gain": gain,
            "low": [low for low, _ in reach],
            "high": [high for _, high in reach],
            "each": gain / np.maximum(count, 1),
            "positive": (draws > 0).mean(axis=0) if len(draws) else np.nan,
        }
    )

"""What loyalty does to money: who leaves, who grows, contracts and monthly figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.simulate.frame import Frame
from helpers.simulate.latent import Latent
from helpers.simulate.settings import (
    AS_OF,
    FIRST_MONTH,
    MONTHS,
    PERIODS,
    Settings,
    stream,
    wave_date,
)

__all__ = ["Money", "contracts", "financials", "leaving", "money"]

REASONS = ("competitor", "price", "plant closed", "merger", "insourced")


@dataclass(frozen=True)
class Money:
    """When accounts leave and what they spend."""

    probability: np.ndarray  # account, period: of leaving within six months after the wave
    end: pd.Series  # date an account ended, NaT while it stays
    growth: np.ndarray  # account, period: lasting change of log revenue after the wave
    revenue: np.ndarray  # account, month: 0 where there was none
    margin: np.ndarray
    cost: np.ndarray

    def active(self, who: Frame, day: pd.Timestamp) -> np.ndarray:
        """Which accounts had started and not yet ended on a day."""
        started = who.accounts["start"] <= day
        return (started & ~(self.end <= day)).to_numpy()

    def year(self) -> np.ndarray:
        """Revenue of the last twelve months."""
        return np.asarray(self.revenue[:, -12:].sum(axis=1))


def leaving(world: Settings, who: Frame, state: Latent) -> np.ndarray:
    """Probability that an account leaves within six months after each wave."""
    tenure = np.stack([who.tenure_z(p) for p in range(len(PERIODS))], axis=1)
    logit = (
        world.churn_intercept
        + world.churn_slope * state.account_z
        + world.churn_tenure * np.clip(tenure, -1.5, 3.0)
        + world.churn_size * who.accounts["size_z"].to_numpy()[:, None]
    )
    return np.asarray(1 / (1 + np.exp(-logit)))


def money(world: Settings, who: Frame, state: Latent) -> Money:
    """Draw who leaves, then revenue, margin and cost to serve month by month."""
    probability = leaving(world, who, state)
    end = _ends(world, who, probability)
    growth = 0.008 + world.growth_effect * state.mood
    noise = stream(world, "growth").normal(0, 0.05, growth.shape)
    growth = np.where(np.isfinite(growth), growth + noise, 0.0)
    revenue = _revenue(world, who, growth, end)
    margin, cost = _costs(world, who, revenue)
    return Money(probability, end, growth, revenue, margin, cost)


def _ends(world: Settings, who: Frame, probability: np.ndarray) -> pd.Series:
    """An account that leaves does so at a month's end within six months of the wave."""
    rng = stream(world, "leaving")
    end = pd.Series(pd.NaT, index=who.accounts.index, dtype="datetime64[ns]")
    for p, period in enumerate(PERIODS):
        t0 = wave_date(period)
        goes = rng.random(len(end)) < probability[:, p]
        ahead = pd.DatetimeIndex([t0 + pd.offsets.MonthEnd(month) for month in range(1, 7)])
        days = pd.Series(ahead[rng.integers(0, 6, len(end))], index=end.index)
        due = goes & end.isna() & (who.accounts["start"] <= t0) & (days <= AS_OF)
        end = end.where(~due, days)
    return end


def _revenue(world: Settings, who: Frame, growth: np.ndarray, end: pd.Series) -> np.ndarray:
    rng, n = stream(world, "revenue"), len(who.accounts)
    months = pd.date_range(FIRST_MONTH, periods=MONTHS, freq="MS")
    level = np.log(who.accounts["revenue"].to_numpy() / 12)[:, None] + np.zeros((n, MONTHS))
    for p, period in enumerate(PERIODS):
        level += np.where(months > wave_date(period), growth[:, [p]], 0.0)
    season = 0.06 * np.sin(2 * np.pi * (months.month.to_numpy() - 2) / 12)
    bumps = rng.normal(0, 0.16, (n, MONTHS))
    revenue = np.rint(np.exp(level + season + bumps))
    begins = who.accounts["start"].dt.to_period("M").dt.to_timestamp()
    lives = (months.to_numpy() >= begins.to_numpy()[:, None]) & ~(
        months.to_numpy() > end.to_numpy()[:, None]
    )
    return np.asarray(np.where(lives, revenue, 0.0)).astype(int)


def _costs(world: Settings, who: Frame, revenue: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gross margin and cost to serve; about one account in ten costs more than it brings."""
    rng, n = stream(world, "costs"), len(who.accounts)
    rate = np.clip(rng.normal(0.33, 0.07, n), 0.08, 0.6)
    margin = np.rint(revenue * (rate[:, None] + rng.normal(0, 0.015, revenue.shape)))
    burden = np.exp(np.log(0.14) - 0.10 * who.accounts["size_z"] + rng.normal(0, 0.62, n))
    usual = revenue.sum(axis=1) / np.maximum((revenue > 0).sum(axis=1), 1)
    cost = np.rint(
        burden.to_numpy()[:, None] * usual[:, None] * np.exp(rng.normal(0, 0.1, revenue.shape))
    )
    return margin.astype(int), np.where(revenue > 0, cost, 0).astype(int)


def financials(who: Frame, cash: Money) -> pd.DataFrame:
    """One row an account and month with revenue, gross margin and cost to serve, in money."""
    months = pd.date_range(FIRST_MONTH, periods=MONTHS, freq="MS").strftime("%Y-%m-%d")
    row, column = np.nonzero(cash.revenue > 0)
    return pd.DataFrame(
        {
            "account_id": who.accounts["account_id"].to_numpy()[row],
            "period": months.to_numpy()[column],
            "revenue": cash.revenue[row, column],
            "margin": cash.margin[row, column],
            "cost_to_serve": cash.cost[row, column],
        }
    )


def contracts(world: Settings, who: Frame, cash: Money) -> pd.DataFrame:
    """Consecutive contracts of each account; the last of an account that left is not renewed."""
    rng = stream(world, "contracts")
    rows = []
    listed = zip(who.accounts["account_id"], who.accounts["start"], strict=True)
    for i, (account_id, begins) in enumerate(listed):
        if rng.random() < 0.9:
            term = int(rng.choice([6, 12, 24], p=[0.15, 0.65, 0.20]))
            rows += _terms(rng, i, account_id, term, begins, cash)
    table = pd.DataFrame(rows).sort_values(["account_id", "start"], ignore_index=True)
    table.insert(0, "contract_id", [f"K{i:05d}" for i in range(1, len(table) + 1)])
    return table


def _terms(
    rng: np.random.Generator, i: int, account_id: str, term: int, begins: pd.Timestamp, cash: Money
) -> list[dict[str, object]]:
    """Count contracts backwards from the last end, six to twenty-four months each."""
    ended = cash.end.iloc[i]
    gone = not pd.isna(ended)
    end = ended if gone else AS_OF + pd.offsets.MonthEnd(int(rng.integers(1, term + 1)))
    monthly = cash.revenue[i][cash.revenue[i] > 0]
    value = float(monthly.mean() if len(monthly) else 0) * term
    found: list[dict[str, object]] = []
    while end > FIRST_MONTH and len(monthly):
        start = max(end - pd.DateOffset(months=term) + pd.offsets.MonthEnd(0), begins)
        if start >= end:
            break
        worth = int(round(value * float(np.exp(rng.normal(0, 0.08))), -2))
        renewed = "" if end > AS_OF else ("no" if gone and not found else "yes")
        later = found[-1]["value"] if renewed == "yes" and found else ""
        found.append(
            {
                "account_id": account_id,
                "start": start.strftime("%Y-%m-%d"),
                "end": end.strftime("%Y-%m-%d"),
                "value": worth,
                "renewed": renewed,
                "renewed_value": later,
            }
        )
        end = start
    return found

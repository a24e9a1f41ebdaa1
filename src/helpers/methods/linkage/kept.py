"""What a point of the score keeps of yearly money: what later chapters reckon with."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.methods.accounts import recent_revenue
from helpers.methods.linkage.levels import LossLevels
from helpers.methods.linkage.models import Link
from helpers.methods.linkage.returns import return_on_loyalty

__all__ = ["ALL", "YEARS", "money_kept", "yearly_money"]

YEARS, DISCOUNT = 2.0, 0.08  # over which money counts; what a year's waiting takes off it
ALL = -1  # the part that stands for every account


def yearly_money(
    accounts: pd.DataFrame, financials: pd.DataFrame | None, *, until: pd.Timestamp
) -> pd.Series:
    """What each account leaves in twelve months: its margin where margins were sent, else revenue.

    The name of the series says which. ``accounts`` has ``account_id`` and ``revenue``; without
    it nothing is known, and nothing is what counts.

    Examples
    --------
    >>> months = pd.DataFrame({"account_id": ["a"], "period": pd.to_datetime(["2026-06-01"]),
    ...                        "revenue": [9.0], "margin": [3.0]})
    >>> yearly_money(pd.DataFrame({"account_id": ["a"], "revenue": [9.0]}), months,
    ...              until=pd.Timestamp("2026-06-30")).to_dict()
    {'a': 3.0}
    """
    ids = accounts["account_id"]
    if financials is None or "margin" not in financials or financials["margin"].isna().all():
        known = accounts.get("revenue", pd.Series(0.0, accounts.index, name="revenue"))
        return known.fillna(0.0).clip(lower=0).set_axis(ids)
    margins = recent_revenue(financials.assign(revenue=financials["margin"]), until=until)
    return ids.map(margins).fillna(0.0).clip(lower=0).rename("margin").set_axis(ids)


def money_kept(
    link: Link,
    current: pd.DataFrame,
    *,
    panel: pd.DataFrame,
    parts: pd.Series | None,
    smallest: int,
    points: float,
    lag_months: float,
    most: float,
    horizon_years: float = YEARS,
    discount_rate: float = DISCOUNT,
    levels: LossLevels | None = None,
    replicates: int = 500,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Draw what one point of the score keeps of each unit of yearly money, by part.

    Parameters
    ----------
    link, current, panel, lag_months, most, horizon_years, discount_rate, levels, replicates
        As for :func:`helpers.methods.linkage.return_on_loyalty`; ``revenue`` of ``current`` is
        the yearly money that counts.
    parts
        The part of each row of ``current``; all are one where it is ``None``.
    smallest
        Accounts that a part needs to be told by itself; every other is told with all.
    points
        The rise that is drawn; what is told is for one point of it.

    Returns
    -------
    DataFrame
        ``draw``, ``part`` (``ALL`` for every account), ``rate``.
    """
    counts = pd.Series(dtype=int) if parts is None else parts.value_counts()
    told = sorted(int(part) for part in counts.index[counts >= smallest])
    groups = {str(ALL): np.ones(len(current), dtype=bool)} | {
        str(part): (parts == part).to_numpy() for part in told if parts is not None
    }
    found = return_on_loyalty(
        link, current, panel=panel, groups=groups, points=points, lag_months=lag_months, most=most,
        horizon_years=horizon_years, discount_rate=discount_rate, levels=levels,
        replicates=replicates, rng=rng,
    )  # fmt: skip
    money = found.table.set_index("group")["revenue"]
    rates = found.draws / money.where(money > 0) / points
    long = rates.rename_axis("draw").reset_index().melt("draw", var_name="part", value_name="rate")
    return long.assign(part=long["part"].astype(int)).dropna(ignore_index=True)

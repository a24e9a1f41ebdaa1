"""What an account does after a wave besides staying: what it buys, from whom, on whose word.

Everything is counted of accounts that stayed, so that an account lost is not counted again as
products not bought. Only what a customer left for is asked of all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

__all__ = ["OFFERS", "share_by_rank", "with_sales"]

OFFERS = ("competitor", "price")  # reasons for leaving that are another's offer
YEAR = 12


def with_sales(
    rows: pd.DataFrame,
    *,
    accounts: pd.DataFrame | None = None,
    holdings: pd.DataFrame | None = None,
    opportunities: pd.DataFrame | None = None,
    lag_months: int,
    offers: Sequence[str] = OFFERS,
) -> pd.DataFrame:
    """Add to rows of account and wave what sales records tell of the months after.

    Parameters
    ----------
    rows
        ``account_id``, ``t0``, ``observed``, ``at_risk`` and, where known, ``retained``,
        ``revenue_before`` and ``growth_after``.
    accounts
        ``end_date`` with ``end_reason``, and ``total_spend`` (what the account spends a year
        with all its suppliers, in money), where known.
    holdings
        ``account_id`` and ``since``, a row a product owned.
    opportunities
        ``account_id``, ``closed``, ``won`` and, where known, ``referred_by`` (the account on
        whose word the offer came about) with ``created``.
    lag_months
        Months after the wave.
    offers
        Words of an ``end_reason`` that mean another supplier's offer.

    Returns
    -------
    pandas.DataFrame
        ``rows`` with those of ``products_before``, ``products_added``, ``offers_won``,
        ``referred``, ``wallet_before``, ``wallet_after`` and ``kept_from_offers`` (1 stayed, 0
        left for an offer; missing for who left for another reason) that the tables can tell.

    Examples
    --------
    >>> rows = pd.DataFrame({"account_id": ["a"], "t0": pd.to_datetime(["2025-01-15"]),
    ...                      "observed": True, "at_risk": True})
    >>> owned = pd.DataFrame({"account_id": ["a", "a"],
    ...                       "since": pd.to_datetime(["2024-01-01", "2025-03-01"])})
    >>> with_sales(rows, holdings=owned, lag_months=6)[["products_before", "products_added"]]
       products_before  products_added
    0              1.0             1.0
    """
    rows = rows.copy()
    stayed = rows["observed"] & rows["at_risk"]
    if "retained" in rows:
        stayed &= rows["retained"].eq(1)
    if holdings is not None and "since" in holdings:
        since = holdings[["account_id", "since"]]
        rows["products_before"] = _counted(rows, since, None, 0)
        rows["products_added"] = _counted(rows, since, 0, lag_months).where(stayed)
    if opportunities is not None:
        rows = _offers(rows, opportunities, lag_months, stayed)
    if accounts is not None:
        rows = _wallet(rows, accounts)
        rows = _kept(rows, accounts, offers)
    return rows


def _counted(rows: pd.DataFrame, events: pd.DataFrame, first: int | None, last: int) -> pd.Series:
    """Events of each row's account after ``first`` and up to ``last`` months from its wave.

    An event without a date counts as one before.
    """
    account, day = events.columns
    of, ids = pd.factorize(events[account])
    when, place = pd.to_datetime(events[day]), ids.get_indexer(pd.Index(rows["account_id"]))
    counts = np.zeros(len(rows))
    for t0 in rows["t0"].unique():
        inside = ~(when > t0 + pd.DateOffset(months=last)) & (of >= 0)
        if first is not None:
            inside &= when > t0 + pd.DateOffset(months=first)
        here = (rows["t0"] == t0).to_numpy() & (place >= 0)
        counts[here] = np.bincount(of[inside], minlength=len(ids))[place[here]]
    return pd.Series(counts, index=rows.index)


def _offers(
    rows: pd.DataFrame, opportunities: pd.DataFrame, lag_months: int, stayed: pd.Series
) -> pd.DataFrame:
    if {"closed", "won"} <= set(opportunities.columns):
        won = opportunities[opportunities["won"].isin([True, "yes"])]
        won = won.loc[won["closed"].notna(), ["account_id", "closed"]]
        rows["offers_won"] = _counted(rows, won, 0, lag_months).where(stayed)
    if "referred_by" in opportunities and opportunities["referred_by"].notna().any():
        brought = opportunities.loc[
            opportunities["referred_by"].notna(), ["referred_by", "created"]
        ]
        rows["referred"] = _counted(rows, brought, 0, lag_months).where(stayed)
    return rows


def _wallet(rows: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Our share of what the account says it spends with everybody, before and after."""
    if "total_spend" not in accounts or not {"revenue_before", "growth_after"} <= set(rows):
        return rows
    declared = rows["account_id"].map(accounts.set_index("account_id")["total_spend"])
    declared = declared.astype(float).where(declared > 0)
    before = rows["revenue_before"] / declared
    rows["wallet_before"] = before.clip(0, 1)
    rows["wallet_after"] = (before * np.exp(rows["growth_after"])).clip(0, 1)
    return rows


def _kept(rows: pd.DataFrame, accounts: pd.DataFrame, offers: Sequence[str]) -> pd.DataFrame:
    if "end_reason" not in accounts or "retained" not in rows or not len(offers):
        return rows
    reasons = accounts.set_index("account_id")["end_reason"].astype("string").str.casefold()
    words = [word.casefold() for word in offers]
    lost = reasons.map(lambda reason: pd.notna(reason) and any(word in reason for word in words))
    to_offer = rows["account_id"].map(lost).eq(True)
    rows["kept_from_offers"] = rows["retained"].where(rows["retained"].ne(0) | to_offer)
    return rows


def share_by_rank(rank: pd.Series, suppliers: pd.Series) -> pd.Series:
    """Share of wallet that a supplier's rank among all that a customer uses implies.

    The Wallet Allocation Rule: (1 − rank / (n + 1)) · (2 / n) for the rank among n suppliers,
    where those ranked alike share the mean of their ranks. Keiningham, Aksoy, Buoye & Cooil,
    Harvard Business Review, 2011.

    Parameters
    ----------
    rank
        1 for the supplier liked best.
    suppliers
        How many the customer uses.

    Raises
    ------
    ValueError
        If a rank does not lie between 1 and the number of suppliers.

    Examples
    --------
    >>> share_by_rank(pd.Series([1, 2, 3]), pd.Series([3, 3, 3])).round(4).tolist()
    [0.5, 0.3333, 0.1667]
    """
    place, count = rank.astype(float), suppliers.astype(float)
    wrong = (place < 1) | (place > count)
    if wrong.any():
        raise ValueError(
            f"a rank of {place[wrong].iloc[0]:g} among {count[wrong].iloc[0]:g} suppliers: a rank "
            "runs from 1, the best, to how many there are"
        )
    return (1 - place / (count + 1)) * (2 / count)

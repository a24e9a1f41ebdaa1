"""What today's customers are worth: their margin of the coming years, less what leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.board.retention import Retention
from helpers.methods.linkage import present_value

__all__ = ["CustomerAsset", "customer_asset"]


@dataclass(frozen=True)
class CustomerAsset:
    """The margin that today's customers are expected to bring, in today's money."""

    value: float
    low: float
    high: float
    base: int  # accounts
    margin: float  # of the last year
    per_point: float  # what one percentage point more of revenue kept a year would add
    years: float
    discount_rate: float

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.value} lies outside {self.low} to {self.high}")


def customer_asset(
    margin: pd.Series | None,
    kept: Retention | None,
    *,
    years: float = 5,
    discount_rate: float = 0.08,
) -> CustomerAsset:
    """Customer equity: last year's margin, kept at the gross retention of the past, discounted.

    Each coming year brings the margin of the year before times the share of revenue that the
    past year kept, growth not counted. The horizon is finite, so nothing rests on years that
    nobody foresees. The interval is that of the retention, the one thing here that was estimated;
    the margin is read from the books.

    Parameters
    ----------
    margin
        Of each of today's accounts in the last twelve months, in the client's currency; ``None``
        where it is not known.
    kept
        Retention over a year, whose gross part counts; ``None`` where it could not be told.
    years
        How far is looked ahead.
    discount_rate
        A year, such as 0.08.

    Raises
    ------
    NotEstimable
        Where no margin or no retention is known, or all together bring no margin.

    References
    ----------
    Gupta, Lehmann and Stuart (2004), Valuing customers, Journal of Marketing Research 41, 7-18:
    their lifetime value at a constant retention, with a horizon.

    Examples
    --------
    >>> from helpers.methods.board import retention
    >>> month = pd.date_range("2024-01-01", periods=24, freq="MS")
    >>> books = pd.DataFrame({"account_id": np.repeat(["a", "b"], 24), "period": np.tile(month, 2),
    ...                       "revenue": [10.0] * 12 + [5.0] * 24 + [2.5] * 12})
    >>> kept = retention(books, None, until=pd.Timestamp("2025-12-31"))  # half is kept
    >>> customer_asset(pd.Series([60.0, 40.0]), kept, years=2, discount_rate=0.0).value
    75.0
    """
    if margin is None or margin.dropna().empty:
        raise NotEstimable("no margin of accounts was sent: the customer asset is made of margin")
    if kept is None:
        raise NotEstimable("what is kept over a year is not known, so no year ahead can be told")
    known, gross = margin.dropna(), kept.estimates["gross"]
    total = float(known.sum())
    if total <= 0:
        raise NotEstimable("today's accounts together bring no margin, so there is nothing to keep")
    shares = np.array([gross.value, gross.low, gross.high, min(gross.value + 0.01, 1.0)])
    worth = total * present_value(
        shares, months=12, horizon_years=years, discount_rate=discount_rate
    )
    value, low, high, more = (float(w) for w in worth)
    return CustomerAsset(value, low, high, len(known), total, more - value, years, discount_rate)

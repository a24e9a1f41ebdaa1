"""Revenue and accounts kept over a year, by the client's own books."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.survey import Estimate
from helpers.methods.survey.estimates import kish_base, wilson

__all__ = ["MEASURES", "Retention", "retention"]

MEASURES = ("net", "gross", "logos")
QUARTER = 3  # months in which an account without a date of its start shows that it was there


@dataclass(frozen=True)
class Retention:
    """What customers of a year ago brought since, at the end of several months."""

    table: pd.DataFrame  # at (last day), measure, value, low, high, base; oldest first
    left_out: int  # accounts that were not yet customers when the earlier year began
    months: int
    confidence: float
    estimates: dict[str, Estimate]  # of the newest year, by measure

    def __post_init__(self) -> None:
        wide = self.table.pivot(index="at", columns="measure", values="value")
        if (wide["gross"] > wide["net"] + 1e-9).any():
            raise ValueError("revenue kept without growth exceeds revenue kept with it")

    @property
    def verdict(self) -> str:
        """Whether those who were customers bring more than before: grows, shrinks, not clear."""
        net = self.estimates["net"]
        if net.low == net.high:
            return "not clear"  # all alike: nothing tells how far it would vary
        return "grows" if net.low > 1 else "shrinks" if net.high < 1 else "not clear"


def retention(
    financials: pd.DataFrame,
    accounts: pd.DataFrame | None,
    *,
    until: pd.Timestamp,
    months: int = 12,
    every: int = 3,
    confidence: float = 0.95,
) -> Retention:
    """Net and gross revenue retention and logo retention, year on year.

    Counted are accounts that were customers when the earlier year began. *Net* is what they
    brought in the later year over what they brought in the earlier; *gross* the same with no
    account counted for more than it brought before. Who leaves within a year brings a part of it,
    in the earlier year as in the later, so that a steady loss of a fifth a year is four fifths
    kept. *Logos* is the share of those still there when the later year began that are there at
    its end. Credits after an account has left count as nothing. The books are complete, so the
    interval is no sampling error: it tells how far the figure rests on which accounts these
    happen to be, each drawn from accounts like it. That of gross is never narrower than Wilson's
    at the number of accounts of equal revenue (Kish) that would tell as much: losses are few, and
    those of the largest accounts may not have come yet.

    Parameters
    ----------
    financials
        ``account_id``, ``period`` (first day of the month), ``revenue`` in the client's currency.
    accounts
        ``account_id`` and, where known, ``start_date`` and ``end_date``. Without end dates an
        account counts as lost that brought nothing in the later year; without start dates it
        was there where it brought revenue in the earlier year's first quarter.
    until
        The last day that counts; the month it lies in counts when it is over.
    months
        Length of each of the two years.
    every
        Months between two such comparisons, back to the first that the books allow.

    Raises
    ------
    NotEstimable
        Where the books are shorter than both years, or fewer than two accounts count.

    References
    ----------
    Farris, Bendle, Pfeifer and Reibstein (2010), Marketing Metrics, 2nd edition,
    chapter 5 (customer profitability).

    Examples
    --------
    >>> month = pd.date_range("2024-01-01", periods=24, freq="MS")
    >>> books = pd.DataFrame({"account_id": np.repeat(["a", "b", "c"], 24),
    ...     "period": np.tile(month, 3), "revenue": [10.0] * 24 + [10.0] * 12 + [5.0] * 12
    ...     + [10.0] * 12 + [12.0] * 12})
    >>> found = retention(books, None, until=pd.Timestamp("2025-12-31"))
    >>> {name: round(e.value, 3) for name, e in found.estimates.items()}
    {'net': 0.9, 'gross': 0.833, 'logos': 1.0}
    """
    books = _by_month(financials, until)
    first = 2 * months
    if books.shape[1] < first:
        raise NotEstimable(
            f"the books hold {books.shape[1]} months: retention over a year compares two years"
        )
    ends = range(books.shape[1], first - 1, -every)
    years = [_Year.of(books, accounts, end, months) for end in reversed(ends)]
    found = [(year, year.estimates(confidence)) for year in years if year.base > 1]
    if not found or found[-1][0] is not years[-1]:
        raise NotEstimable("fewer than two accounts were customers when the earlier year began")
    rows = [
        {"at": year.at, "measure": name, "value": e.value, "low": e.low, "high": e.high,
         "base": e.base}
        for year, told in found
        for name, e in told.items()
    ]  # fmt: skip
    last, told = found[-1]
    return Retention(pd.DataFrame(rows), last.left_out, months, confidence, told)


def _by_month(financials: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """Revenue by account and month, every month from the first to the last full one."""
    period = pd.to_datetime(financials["period"]).dt.to_period("M")
    last = (until + pd.DateOffset(days=1)).to_period("M") - 1
    rows = financials.assign(period=period)[period <= last]
    wide = rows.pivot_table(index="account_id", columns="period", values="revenue", aggfunc="sum")
    if wide.empty:
        raise NotEstimable("the books hold no month that is over")
    every = pd.period_range(wide.columns.min(), last, freq="M")
    return wide.reindex(columns=every).fillna(0.0).set_axis(every.to_timestamp(), axis="columns")


@dataclass(frozen=True)
class _Year:
    """Two years of the accounts that were customers when the first began."""

    at: pd.Timestamp
    before: np.ndarray
    after: np.ndarray
    there: np.ndarray
    left_out: int

    @classmethod
    def of(cls, books: pd.DataFrame, accounts: pd.DataFrame | None, end: int, months: int) -> _Year:
        earlier = books.iloc[:, end - 2 * months : end - months]
        later = books.iloc[:, end - months : end]
        first_days = pd.DatetimeIndex(books.columns)
        begin, turn = first_days[end - 2 * months], first_days[end - months] - pd.Timedelta(days=1)
        at = first_days[end - 1] + pd.offsets.MonthEnd(1)
        before, after = earlier.sum(axis=1), later.sum(axis=1)
        started = _dates(accounts, "start_date", books.index)
        ended = _dates(accounts, "end_date", books.index)
        silent = ~(earlier.iloc[:, :QUARTER] > 0).any(axis=1)
        new = (started > begin).where(started.notna(), silent)
        customers = before > 0
        rows = customers & ~new
        known = ended.notna().any()
        stayed = (~(ended <= turn) & rows) if known else rows
        there = ~(ended <= at) if known else after > 0
        return cls(
            at, before[rows].to_numpy(float), after[rows].clip(lower=0).to_numpy(float),
            there[stayed].to_numpy(float), int((customers & new).sum()),
        )  # fmt: skip

    @property
    def base(self) -> int:
        return len(self.before)

    def estimates(self, confidence: float) -> dict[str, Estimate]:
        """Net, gross and logo retention, each over the accounts of the earlier year."""
        capped = np.minimum(self.after, self.before)
        net = survey.ratio(self.after, self.before, confidence=confidence)
        gross = survey.ratio(capped, self.before, confidence=confidence)
        logos = survey.proportion(self.there, confidence=confidence)
        equal = self._equal(capped, gross.value)
        few = wilson(gross.value * equal, equal, confidence=confidence)
        return {"net": net, "gross": _widened(gross.clipped(0, 1), *few), "logos": logos}

    def _equal(self, capped: np.ndarray, share: float) -> float:
        """Accounts that keep all or nothing and would tell as much, size not telling who loses.

        Shares kept of all accounts alike make a steadier variance than those of a few large ones.
        """
        equal, spread = kish_base(self.before), float(np.var(capped / self.before))
        return equal * share * (1 - share) / spread if spread > 0 and 0 < share < 1 else equal


def _widened(found: Estimate, low: float, high: float) -> Estimate:
    """An estimate whose interval reaches at least so far."""
    ends = {"low": min(found.low, low), "high": max(found.high, high)}
    return Estimate(**{**asdict(found), **ends})


def _dates(accounts: pd.DataFrame | None, name: str, ids: pd.Index) -> pd.Series:
    """A date of each account; missing where the list does not say it."""
    if accounts is None or name not in accounts:
        return pd.Series(pd.NaT, index=ids, dtype="datetime64[ns]")
    return pd.to_datetime(accounts.set_index("account_id")[name]).reindex(ids)

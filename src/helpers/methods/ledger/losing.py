"""Money and accounts that will be lost: what is predicted, and what then was."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from scipy.stats import betabinom

from helpers.errors import NotEstimable
from helpers.methods import accounts

__all__ = ["KEPT", "LOST", "lost_since", "months_of", "share_kept"]

LOST = "revenue lost in {months} months"
KEPT = "share of accounts kept in {months} months"
_MONTHS = re.compile(r"(revenue lost|share of accounts kept) in (\d+) months")


def months_of(metric: str) -> tuple[str, int] | None:
    """Which of the two claims a metric is, and over how many months.

    >>> months_of("revenue lost in 6 months"), months_of("nps")
    (('revenue lost', 6), None)
    """
    found = _MONTHS.fullmatch(metric)
    return None if found is None else (found[1], int(found[2]))


def share_kept(
    left: float, base: int, accounts_now: int, *, confidence: float = 0.95
) -> tuple[float, float, float]:
    """The share of accounts that will be kept: middle and ends, the luck of few included.

    What left of ``base`` before is a beta share (Jeffreys); of so many accounts now as many
    leave as a beta-binomial has it. Both ends are shares that so many accounts can have.

    Parameters
    ----------
    left
        Share that left in such a time before.

    Raises
    ------
    NotEstimable
        Where there is no account now, or there was none before.

    Examples
    --------
    >>> [round(end, 3) for end in share_kept(0.1, 1000, 200)]
    [0.9, 0.85, 0.94]
    >>> [round(end, 3) for end in share_kept(0.02, 1000, 30)]  # all may stay
    [0.98, 0.9, 1.0]
    """
    if min(base, accounts_now) < 1:
        raise NotEstimable("no account could leave")
    gone = left * base + 0.5
    stayed = (1 - left) * base + 0.5
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    fewest, most = betabinom.ppf(tails, accounts_now, gone, stayed)
    middle = left * accounts_now  # between two counts that can be
    fewest, most = min(fewest, np.floor(middle + 1e-9)), max(most, np.ceil(middle - 1e-9))
    return 1 - left, 1 - float(most) / accounts_now, 1 - float(fewest) / accounts_now


def lost_since(
    wave: str,
    start: pd.Timestamp,
    months: int,
    *,
    answered: pd.DataFrame,
    listed: pd.DataFrame,
    financials: pd.DataFrame | None,
) -> dict[str, float]:
    """What was lost of the accounts that answered a wave, in the months after a day.

    Parameters
    ----------
    answered
        account_id and wave of each respondent with a score.
    listed
        The client's accounts: account_id, end_date.

    Returns
    -------
    dict
        ``revenue lost`` (yearly revenue, up to the start, of those that ended), ``share of
        accounts kept`` and ``accounts``; revenue is missing where no money was sent.

    Examples
    --------
    >>> listed = pd.DataFrame({"account_id": ["a", "b"], "revenue": [5.0, 9.0],
    ...                        "end_date": [pd.Timestamp("2026-09-01"), pd.NaT]})
    >>> found = lost_since("w1", pd.Timestamp("2026-06-30"), 6, listed=listed, financials=None,
    ...                    answered=pd.DataFrame({"account_id": ["a", "b"], "wave": "w1"}))
    >>> found["revenue lost"], found["share of accounts kept"]
    (5.0, 0.5)
    """
    scored = answered.loc[answered["wave"] == wave, "account_id"].dropna().unique()
    there = listed[listed["account_id"].isin(scored)]
    there = accounts.with_revenue(accounts.live(there, on=start), financials, until=start)
    ended = there["end_date"]
    gone = (ended > start) & (ended <= start + pd.DateOffset(months=months))
    money = float(there.loc[gone, "revenue"].sum()) if "revenue" in there else np.nan
    kept = 1 - float(gone.mean()) if len(there) else np.nan
    return {"revenue lost": money, "share of accounts kept": kept, "accounts": float(len(there))}

"""How much of the customer base, and of its revenue, the survey reached."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.methods.survey import disclosure

__all__ = ["Coverage", "coverage"]


@dataclass(frozen=True)
class Coverage:
    """How much of the customer base was asked, answered, and answered by a decider.

    ``table`` has a row for each measure (``eligible``, ``invited``, ``answered``,
    ``deciders``); ``curve`` a row for each account, largest revenue first, with running
    shares, those of accounts that answered missing where their revenue is withheld. Revenue is
    missing throughout where the list has none. ``unlisted`` names accounts that answered or
    were asked but are not in the list, ``without_revenue`` counts listed accounts with none,
    taken as 0.
    """

    table: pd.DataFrame  # measure, accounts, account_share, revenue, revenue_share
    curve: pd.DataFrame  # account_rank, account_share, revenue_share, covered, covered_share
    base: int  # accounts in the list
    unlisted: tuple[str, ...] = ()
    without_revenue: int = 0


def coverage(
    accounts: pd.DataFrame,
    *,
    answered: Iterable[Hashable],
    invited: Iterable[Hashable] | None = None,
    deciders: Iterable[Hashable] | None = None,
    smallest: int = 0,
) -> Coverage:
    """Share of accounts, and of their revenue, that the survey reached.

    Parameters
    ----------
    accounts
        The eligible accounts: ``account_id``, and ``revenue`` where known (12 months).
    answered, invited, deciders
        Accounts with an answer, an invitation, an answer from a decision maker;
        repeats count once.
    smallest
        The fewest accounts whose revenue may be told, and the fewest by which two of these
        may differ; the revenue of others is missing.

    Raises
    ------
    ValueError
        If the list is empty, repeats an account or has negative revenue.

    Examples
    --------
    >>> listed = pd.DataFrame({"account_id": list("abcd"), "revenue": [60, 20, 15, 5]})
    >>> found = coverage(listed, invited=list("abc"), answered=["a", "c", "a"], deciders=["c"])
    >>> found.table[["measure", "accounts", "revenue_share"]]
        measure  accounts  revenue_share
    0  eligible         4           1.00
    1   invited         3           0.95
    2  answered         2           0.75
    3  deciders         1           0.15
    """
    revenue = _revenue(accounts)
    groups = {"invited": invited, "answered": answered, "deciders": deciders}
    reached = {
        name: pd.Index(list(ids)).unique() for name, ids in groups.items() if ids is not None
    }
    listed = accounts["account_id"]
    rows = [_reached("eligible", revenue, np.ones(len(listed), dtype=bool))]
    rows += [_reached(name, revenue, listed.isin(ids).to_numpy()) for name, ids in reached.items()]
    table = _shown(pd.DataFrame(rows), listed, reached, smallest)
    known = set(listed)
    unlisted = {str(i) for ids in reached.values() for i in ids.dropna() if i not in known}
    curve = _curve(revenue, listed.isin(reached["answered"]).to_numpy())
    if table.loc[table["measure"] == "answered", "withheld"].any():
        curve[["covered", "covered_share"]] = np.nan
    return Coverage(
        table=table,
        curve=curve,
        base=len(listed),
        unlisted=tuple(sorted(unlisted)),
        without_revenue=int(accounts["revenue"].isna().sum()) if "revenue" in accounts else 0,
    )


def _shown(
    table: pd.DataFrame, listed: pd.Series, reached: Mapping[str, pd.Index], smallest: int
) -> pd.DataFrame:
    """The rows, the revenue of too few accounts withheld; who was asked matters least."""
    order = sorted(reached, key=["answered", "deciders", "invited"].index)
    inside = {name: listed.isin(reached[name]).map({True: "yes"}) for name in order}
    safe = disclosure.protect(pd.DataFrame(inside), smallest)
    hidden = safe.hides(table["measure"], ["yes"] * len(table))
    return disclosure.withhold(table, hidden, ["revenue", "revenue_share"])


def _revenue(accounts: pd.DataFrame) -> np.ndarray:
    ids = accounts["account_id"]
    if len(ids) == 0:
        raise ValueError("the list of accounts is empty; there is nothing to cover")
    if ids.duplicated().any():
        raise ValueError(
            f"account {ids[ids.duplicated()].iloc[0]!r} is in the list more than once; "
            "give one row for each account"
        )
    if "revenue" not in accounts or accounts["revenue"].isna().all():
        return np.full(len(ids), np.nan)
    revenue = accounts["revenue"].astype(float)
    if (revenue < 0).any():
        raise ValueError(
            f"{int((revenue < 0).sum())} accounts have negative revenue "
            f"(first: {ids[revenue < 0].iloc[0]!r}, {revenue[revenue < 0].iloc[0]:g}); "
            "take a longer period, or set them to 0"
        )
    return revenue.fillna(0).to_numpy()


def _reached(measure: str, revenue: np.ndarray, rows: np.ndarray) -> dict[str, object]:
    whole = revenue.sum()
    return {
        "measure": measure,
        "accounts": int(rows.sum()),
        "account_share": float(rows.mean()),
        "revenue": float(revenue[rows].sum()) if not np.isnan(whole) else np.nan,
        "revenue_share": float(revenue[rows].sum() / whole) if whole > 0 else np.nan,
    }


def _curve(revenue: np.ndarray, covered: np.ndarray) -> pd.DataFrame:
    order = np.argsort(-revenue, kind="stable")
    whole = revenue.sum() if revenue.sum() > 0 else np.nan
    ranks = np.arange(1, len(order) + 1)
    return pd.DataFrame(
        {
            "account_rank": ranks,
            "account_share": ranks / len(order),
            "revenue_share": revenue[order].cumsum() / whole,
            "covered": covered[order],
            "covered_share": np.where(covered, revenue, 0.0)[order].cumsum() / whole,
        }
    )

"""What each account is worth: payoff, potential and partnership, the three Ps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

__all__ = ["PARTS", "ThreePs", "reweighted", "three_ps"]

PARTS = ("payoff", "potential", "partnership")


@dataclass(frozen=True)
class ThreePs:
    """Strategic value of each account, 0 to 100, and the parts it is made of.

    A part is the account's percentile among all accounts; ``value`` weighs the parts an
    account has by ``weights``.
    """

    table: pd.DataFrame
    weights: dict[str, float]  # of the parts that could be formed, summing to 1
    available: tuple[str, ...]  # what each part was formed from, such as "payoff: revenue"
    base: int
    notes: tuple[str, ...]

    def __post_init__(self) -> None:
        if not np.isclose(sum(self.weights.values()), 1):
            raise ValueError(f"weights sum to {sum(self.weights.values()):.4f}, not 1")
        value = self.table["value"]
        if ((value < 0) | (value > 100)).any():
            raise ValueError(f"value runs from {value.min():.1f} to {value.max():.1f}, not 0-100")


def three_ps(
    accounts: pd.DataFrame | None,
    financials: pd.DataFrame | None,
    *,
    as_of: pd.Timestamp,
    weights: Sequence[float] = (0.5, 0.3, 0.2),
    months: int = 12,
    margin_is: Literal["money", "share"] = "money",
) -> ThreePs:
    """Score each account's payoff, potential and partnership as percentiles, then its value.

    Payoff is contribution (margin less cost to serve) or, where margins were not sent,
    revenue. Potential averages the percentiles of the account's own growth, its spend that
    goes elsewhere and its units not yet served. Partnership averages ``partnership_*``.
    A part that cannot be formed gives its weight to the others, for the client or for the
    one account, and ``notes`` says so.

    Parameters
    ----------
    accounts
        ``account_id`` and, where known, ``growth_pct``, ``total_spend`` (a year, money),
        ``units_total``, ``units_served``, ``partnership_*`` (0-10), ``end_date``, and
        ``revenue`` of the last twelve months, which counts where no financials were sent.
    financials
        ``account_id``, ``period``, ``revenue`` and, where known, ``margin``
        (``margin_is`` says in which unit) and ``cost_to_serve`` (money).
    as_of
        Money is summed over the ``months`` months up to this day; accounts that ended by
        then are left out.
    weights
        Of payoff, potential and partnership.
    margin_is
        Money, as in a study's tables, or a share of the month's revenue.

    Returns
    -------
    ThreePs
        ``table``: account_id, payoff, potential, partnership, value (0-100), revenue,
        margin, cost_to_serve, contribution (money); highest value first.

    Raises
    ------
    ValueError
        For missing columns, repeated accounts, weights that are no weights, or no revenue
        in the months asked for.

    Examples
    --------
    >>> money = pd.DataFrame({"account_id": ["a", "b"], "period": pd.Timestamp("2026-05-01"),
    ...                       "revenue": [10.0, 90.0]})
    >>> found = three_ps(None, money, as_of=pd.Timestamp("2026-06-30"))
    >>> found.table[["account_id", "payoff", "value"]]
      account_id  payoff  value
    0          b    75.0   75.0
    1          a    25.0   25.0
    """
    asked = _weights(weights)
    if financials is None:
        money, notes = _listed_money(accounts)
    else:
        money, notes = _money(financials, as_of, months, margin_is)
    table, more = _listed(accounts, money, as_of)
    payoff, payoff_from = _payoff(table)
    potential, potential_from = _potential(table)
    partnership, partnership_from = _partnership(table)
    parts = pd.DataFrame(dict(zip(PARTS, (payoff, potential, partnership), strict=True)))
    formed = [name for name in PARTS if parts[name].notna().any()]
    used = {name: asked[name] for name in formed}
    total = sum(used.values())
    if total <= 0:
        raise ValueError(f"only {', '.join(formed) or 'nothing'} could be formed and its weight "
                         "is 0: give it a weight")  # fmt: skip
    used = {name: weight / total for name, weight in used.items()}
    columns = ["account_id", *PARTS, "value", "revenue", "margin", "cost_to_serve", "contribution"]
    table = table.assign(**{name: parts[name] for name in PARTS}, value=_value(parts, used))
    table = table.reindex(columns=columns).sort_values(
        ["value", "account_id"], ascending=[False, True], ignore_index=True
    )
    sources = (payoff_from, potential_from, partnership_from)
    return ThreePs(
        table=table,
        weights=used,
        available=tuple(f"{p}: {s}" for p, s in zip(PARTS, sources, strict=True) if s),
        base=len(table),
        notes=(*notes, *more, *_part_notes(parts, used)),
    )


def reweighted(found: ThreePs, weights: Mapping[str, float]) -> ThreePs:
    """The same accounts and parts, their value by other weights.

    Parameters
    ----------
    weights
        Of the parts that could be formed, summing to 1.

    Examples
    --------
    >>> money = pd.DataFrame({"account_id": ["a", "b"], "period": pd.Timestamp("2026-05-01"),
    ...                       "revenue": [10.0, 90.0]})
    >>> found = three_ps(None, money, as_of=pd.Timestamp("2026-06-30"))
    >>> reweighted(found, {"payoff": 1.0}).table["value"].tolist()
    [75.0, 25.0]
    """
    value = _value(found.table[list(PARTS)], dict(weights))
    table = found.table.assign(value=value).sort_values(
        ["value", "account_id"], ascending=[False, True], ignore_index=True
    )
    return replace(found, table=table, weights=dict(weights))


def _weights(weights: Sequence[float]) -> dict[str, float]:
    if len(weights) != len(PARTS) or min(weights) < 0 or sum(weights) <= 0:
        raise ValueError(f"weights {tuple(weights)} must be three, for payoff, potential and "
                         "partnership, none below 0 and not all 0")  # fmt: skip
    return dict(zip(PARTS, (w / sum(weights) for w in weights), strict=True))


def _money(
    financials: pd.DataFrame, as_of: pd.Timestamp, months: int, margin_is: str
) -> tuple[pd.DataFrame, list[str]]:
    for column in ("account_id", "period", "revenue"):
        if column not in financials.columns:
            raise ValueError(f"financials has no column {column!r}")
    until = pd.Timestamp(as_of)
    period = pd.to_datetime(financials["period"])
    start = (until + pd.DateOffset(days=1)).to_period("M").to_timestamp()
    start = start - pd.DateOffset(months=months)
    year = financials[(period >= start) & (period <= until)].copy()
    if year.empty:
        raise ValueError(f"financials has no row from {start:%Y-%m} to {until:%Y-%m-%d}: "
                         f"they run from {period.min():%Y-%m} to {period.max():%Y-%m}")  # fmt: skip
    notes = []
    seen = pd.to_datetime(year["period"]).dt.to_period("M").nunique()
    if seen < months:
        notes.append(f"months of money that were sent, of {months}: {seen}")
    if "margin" in year and margin_is == "share":
        year["margin"] = year["margin"] * year["revenue"]
        notes.append("margin is a share of revenue, turned into money month by month")
    kinds = [c for c in ("revenue", "margin", "cost_to_serve") if c in year]
    return year.groupby("account_id")[kinds].sum(min_count=1).reset_index(), notes


def _listed_money(accounts: pd.DataFrame | None) -> tuple[pd.DataFrame, list[str]]:
    """The revenue that the list of accounts holds itself; what is below nought counts as nought."""
    if accounts is None or "revenue" not in accounts or accounts["revenue"].isna().all():
        raise ValueError("no account has revenue: send financials, or revenue in accounts")
    known = accounts.loc[accounts["revenue"].notna(), ["account_id", "revenue"]]
    money = known.assign(revenue=known["revenue"].astype(float).clip(lower=0))
    return money, ["revenue is that of the list of accounts, not of months"]


def _listed(
    accounts: pd.DataFrame | None, money: pd.DataFrame, as_of: pd.Timestamp
) -> tuple[pd.DataFrame, list[str]]:
    notes = []
    if accounts is None:
        table = money
    else:
        repeated = accounts.loc[accounts["account_id"].duplicated(), "account_id"]
        if len(repeated):
            raise ValueError(f"accounts has {repeated.iloc[0]} twice: send one row an account")
        live = accounts
        if "end_date" in accounts:
            live = accounts[~(pd.to_datetime(accounts["end_date"]) <= pd.Timestamp(as_of))]
            if len(live) < len(accounts):
                notes.append(f"accounts that had ended, left out: {len(accounts) - len(live)}")
        unlisted = (~money["account_id"].isin(accounts["account_id"])).sum()
        if unlisted:
            notes.append(f"accounts with money that are not in the list, left out: {unlisted}")
        shared = [c for c in live.columns if c not in money.columns or c == "account_id"]
        table = live[shared].merge(money, on="account_id", how="left")
        unknown = int(table["revenue"].isna().sum())
        if unknown:
            notes.append(f"accounts without revenue in the period: {unknown}")
    margin = table["margin"] if "margin" in table else pd.Series(np.nan, index=table.index)
    cost = table["cost_to_serve"].fillna(0) if "cost_to_serve" in table else 0.0
    return table.assign(contribution=margin - cost), notes


def _percentile(values: pd.Series) -> pd.Series:
    """Middle of each value's place among the known ones, 0 to 100; ties share theirs."""
    known = values.notna().sum()
    return (values.rank(method="average") - 0.5) / max(int(known), 1) * 100


def _payoff(table: pd.DataFrame) -> tuple[pd.Series, str]:
    if table["contribution"].notna().any():
        less = " less cost to serve" if "cost_to_serve" in table else ""
        return _percentile(table["contribution"]), f"margin{less}"
    return _percentile(table["revenue"]), "revenue"


def _potential(table: pd.DataFrame) -> tuple[pd.Series, str]:
    found: dict[str, pd.Series] = {}
    if "growth_pct" in table:
        found["the account's growth"] = table["growth_pct"].astype(float)
    if "total_spend" in table:
        elsewhere = table["total_spend"].astype(float) - table["revenue"].fillna(0)
        found["spend that goes elsewhere"] = elsewhere.clip(lower=0)
    if {"units_total", "units_served"} <= set(table.columns):
        left = table["units_total"].astype(float) - table["units_served"].astype(float)
        found["units not yet served"] = left.clip(lower=0)
    return _average(found, table)


def _partnership(table: pd.DataFrame) -> tuple[pd.Series, str]:
    names = [c for c in table.columns if str(c).startswith("partnership_")]
    ratings = table[names].astype(float).mean(axis=1) if names else None
    if ratings is None or ratings.isna().all():
        return pd.Series(np.nan, index=table.index), ""
    plain = ", ".join(str(n).removeprefix("partnership_").replace("_", " ") for n in names)
    return _percentile(ratings), plain


def _average(found: dict[str, pd.Series], table: pd.DataFrame) -> tuple[pd.Series, str]:
    known = {name: values for name, values in found.items() if values.notna().any()}
    if not known:
        return pd.Series(np.nan, index=table.index), ""
    ranks = pd.DataFrame({name: _percentile(values) for name, values in known.items()})
    return ranks.mean(axis=1), ", ".join(known)


def _value(parts: pd.DataFrame, weights: dict[str, float]) -> pd.Series:
    known = parts[list(weights)]
    share = known.notna().mul(pd.Series(weights), axis=1)
    return (known * share).sum(axis=1, min_count=1) / share.sum(axis=1).replace(0, np.nan)


def _part_notes(parts: pd.DataFrame, used: dict[str, float]) -> list[str]:
    absent = [name for name in PARTS if name not in used]
    shares = ", ".join(f"{name} {weight:.0%}" for name, weight in used.items())
    notes = [f"no data for {' and '.join(absent)}: value is {shares}"] if absent else []
    for name in used:
        empty = int(parts[name].isna().sum())
        if empty:
            notes.append(f"accounts without {name}, valued by their other parts: {empty}")
    return notes

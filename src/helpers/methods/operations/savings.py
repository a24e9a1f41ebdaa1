"""What meeting targets saves in operations, and the account of what is counted where."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from helpers.methods.operations.metrics import Metrics
from helpers.methods.operations.worth import Worth

__all__ = ["LINES", "Claim", "Savings", "beyond", "claims", "reconciled", "savings"]

Line = Literal["retention", "growth", "leads", "efficiency"]
LINES: tuple[Line, ...] = ("retention", "growth", "leads", "efficiency")
OF_REVENUE = ("retention", "growth")  # of what accounts bring now; no more than all of it
YEAR = 12
FEWEST_MONTHS = 6  # sent, from which the best and the worst of them say how far a saving varies


@dataclass(frozen=True)
class Savings:
    """Cost that would be avoided were targets met, a row a metric.

    ``table``: ``metric``, ``unit``, ``months`` (sent, of the last twelve), ``units`` avoided in
    them, ``month`` (cost avoided in a mean month), ``saving`` (at that rate in a year) and what
    it would be at the rate of the ``least`` and the ``most`` of these months, missing where fewer
    than six were sent; ``counted``.
    """

    table: pd.DataFrame

    @property
    def total(self) -> float:
        """Of all metrics that count, in a year."""
        return float(self.table.loc[self.table["counted"], "saving"].sum())


def savings(
    sent: Metrics,
    *,
    until: pd.Timestamp,
    against: Sequence[str] = (),
    ended: Collection[object] = (),
) -> Savings:
    """Units by which targets were missed, times what a unit cost, at the rate of a year.

    Those of metrics whose target works ``against`` customers are told and not ``counted``.
    Only metrics whose better direction is known, in months with a target and a cost. The months
    that were sent stand for those of the year that were not. Accounts that have ``ended`` are left
    out: nobody will miss a target for them again.

    Examples
    --------
    >>> from helpers.methods.operations.metrics import metrics
    >>> table = pd.DataFrame({"account_id": ["a", "b"], "period": pd.Timestamp("2026-04-01"),
    ...     "metric": "wait", "value": [3.0, 5.0], "unit_of_measure": "hours", "target": 4.0,
    ...     "cost_per_unit": 10.0})
    >>> read = metrics(table, drivers=[], lower=["wait"])
    >>> savings(read, until=pd.Timestamp("2026-06-30")).table[["months", "units", "saving"]]
       months  units  saving
    0       1    1.0   120.0
    """
    better = sent.table["metric"].map(sent.summary.set_index("metric")["better"])
    recent = sent.table["period"] > until - pd.DateOffset(months=YEAR)
    there = ~sent.table["key"].isin(list(ended))
    usable = recent & (sent.table["period"] <= until) & (better != 0) & there
    rows = sent.table[usable].dropna(subset=["target", "cost"])
    units = ((rows["target"] - rows["value"]) * better[rows.index]).clip(lower=0)
    by_month = (
        rows.assign(units=units, cost=units * rows["cost"])
        .groupby(["metric", "period"], as_index=False)[["units", "cost"]].sum()
    )  # fmt: skip
    table = by_month.groupby("metric", as_index=False).agg(
        months=("period", "size"), units=("units", "sum"), month=("cost", "mean"),
        least=("cost", "min"), most=("cost", "max"),
    )  # fmt: skip
    enough = table["months"] >= FEWEST_MONTHS
    table = table.assign(saving=table["month"] * YEAR,
                         least=(table["least"] * YEAR).where(enough),
                         most=(table["most"] * YEAR).where(enough))  # fmt: skip
    table["counted"] = ~table["metric"].isin(list(against))
    return Savings(table.merge(sent.summary[["metric", "unit"]], on="metric"))


@dataclass(frozen=True)
class Claim:
    """Money that a chapter says is to be had, in one line, by account.

    ``part_of`` names the claim that already holds it: it is then told and not counted.
    """

    name: str
    line: Line
    amount: float
    accounts: pd.Series | None = None  # by account; None where it is known in total alone
    part_of: str = ""


def claims(
    met: Worth | None,
    saved: Savings,
    revenue: pd.Series | None,
    *,
    at_risk: float | None = None,
    leads: pd.Series | None = None,
) -> list[Claim]:
    """What this chapter claims, beside revenue at risk and the money of leads.

    Staying longer because targets are met is a part of the revenue at risk that is linked to low
    scores (``at_risk``), and no more than all of it. Growth is of those who stay, and with what is
    kept of an account no more than its revenue. ``leads`` is what they are expected to bring by
    account: money that is not there yet, so that growth counts only what an account would spend
    beyond its leads. Savings are cost. All are lines of their own.
    """
    made = [] if at_risk is None else [Claim("revenue at risk", "retention", at_risk)]
    total = None if met is None else met.total
    if met is not None and total is not None and revenue is not None:
        by_account = met.of_accounts(revenue)
        amount = float(by_account.sum()) if at_risk is None else min(by_account.sum(), at_risk)
        whole = "" if at_risk is None else "revenue at risk"
        made.append(Claim("targets met", "retention", amount, by_account, whole))
        grown = beyond(met.growth_of_accounts(revenue), leads)
        if grown.sum() > 0:
            made.append(Claim("spend more", "growth", float(grown.sum()), grown))
    if leads is not None and leads.sum() > 0:
        made.append(Claim("leads", "leads", float(leads.sum()), leads))
    if saved.table["counted"].any():
        made.append(Claim("cost avoided", "efficiency", saved.total))
    return made


def beyond(growth: pd.Series, leads: pd.Series | None) -> pd.Series:
    """Growth of each account that its leads do not hold already.

    >>> beyond(pd.Series({"a": 5.0, "b": 2.0}), pd.Series({"a": 3.0, "c": 9.0})).to_dict()
    {'a': 2.0, 'b': 2.0}
    """
    if leads is None:
        return growth
    return (growth - leads.reindex(growth.index).fillna(0.0)).clip(lower=0.0)


def reconciled(claims: Sequence[Claim], revenue: pd.Series | None = None) -> pd.DataFrame:
    """The account of all claims: what counts, what is part of another, and each line's total.

    Parameters
    ----------
    claims
        All that the report claims.
    revenue
        Yearly revenue by account, which no claims of revenue together may exceed.

    Returns
    -------
    DataFrame
        ``line``, ``name``, ``amount``, ``part_of``, ``counted`` (the amount that its line counts);
        lines without a claim stand there with nothing.

    Raises
    ------
    ValueError
        Where money would count twice: two claims of one line hold the same account and neither is
        part of the other, a part is more than its whole, or accounts are claimed beyond their
        revenue.

    Examples
    --------
    >>> whole = Claim("revenue at risk", "retention", 50.0)
    >>> part = Claim("targets met", "retention", 20.0, part_of="revenue at risk")
    >>> reconciled([whole, part])[["line", "amount", "counted"]].head(2)
            line  amount  counted
    0  retention    50.0     50.0
    1  retention    20.0      0.0
    """
    named = {claim.name: claim for claim in claims}
    _refuse_parts_without_whole(claims, named)
    _refuse_twice([claim for claim in claims if not claim.part_of])
    if revenue is not None:
        _refuse_beyond(claims, revenue)
    rows = [
        (line, claim.name, claim.amount, claim.part_of, 0.0 if claim.part_of else claim.amount)
        for line in LINES
        for claim in [c for c in claims if c.line == line] or [Claim("", line, 0.0)]
    ]
    return pd.DataFrame(rows, columns=["line", "name", "amount", "part_of", "counted"])


def _refuse_parts_without_whole(claims: Sequence[Claim], named: Mapping[str, Claim]) -> None:
    if len(named) < len(claims):
        raise ValueError("two claims have one name: money would count twice")
    for claim in claims:
        whole = named.get(claim.part_of)
        if not claim.part_of:
            continue
        if whole is None or whole.line != claim.line:
            raise ValueError(f"{claim.name} is part of {claim.part_of!r}, which is not claimed in "
                             f"{claim.line}")  # fmt: skip
        if claim.amount > whole.amount * (1 + 1e-9):
            raise ValueError(f"{claim.name} is more than {claim.part_of}, which it is part of")


def _refuse_twice(counted: Sequence[Claim]) -> None:
    for place, one in enumerate(counted):
        for other in counted[place + 1 :]:
            if one.line != other.line:
                continue
            if one.accounts is None or other.accounts is None:
                raise ValueError(f"{one.name} and {other.name} both count in {one.line}, and it "
                                 "is not known of which accounts")  # fmt: skip
            both = one.accounts.index[one.accounts.ne(0)].intersection(
                other.accounts.index[other.accounts.ne(0)])  # fmt: skip
            if len(both):
                raise ValueError(f"{one.name} and {other.name} both count account {both[0]} in "
                                 f"{one.line}")  # fmt: skip


def _refuse_beyond(claims: Sequence[Claim], revenue: pd.Series) -> None:
    """Efficiency is cost, and leads are purchases to come: neither is revenue that is there."""
    known = [c.accounts for c in claims if c.accounts is not None and c.line in OF_REVENUE]
    if not known:
        return
    total = pd.concat([part[part > 0] for part in known]).groupby(level=0).sum()
    beyond = total[total > revenue.reindex(total.index).fillna(0.0) * (1 + 1e-9)]
    if len(beyond):
        raise ValueError(f"account {beyond.index[0]} is claimed beyond its revenue")

"""How accounts and their revenue divide among the segments, and how far rules matter to it."""

from __future__ import annotations

import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.loyalty.membership import Membership
from helpers.methods.loyalty.segments import SEGMENTS
from helpers.methods.survey.estimands import estimands
from helpers.methods.survey.estimates import Estimate, share_interval

__all__ = ["PLAIN", "segment_shares"]

PLAIN = "account_mean"  # the rule that leads where accounts have no chances
COLUMNS = ["counted", "segment", "way", "value", "low", "high", "lowest", "highest", "base"]


def segment_shares(
    table: pd.DataFrame,
    shares: pd.DataFrame,
    placed: Membership | None,
    money: pd.Series,
    *,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Each segment's share of accounts and of their revenue, and the range over the rules.

    Parameters
    ----------
    table
        A row for each account, with ``segment_account_mean``.
    shares
        By rule, as `rule_shares` gives them.
    placed
        Chances of the accounts, with their revenue; by these accounts are divided where
        there are any. The interval is of these accounts alone.
    money
        Revenue of each account, as ``table`` has them.

    Returns
    -------
    pd.DataFrame
        A row for each way of counting (``counted``: ``accounts``, ``revenue``) and segment:
        ``way`` (``chances``, or ``account_mean`` as observed), ``value``, ``low``, ``high``,
        ``lowest`` and ``highest`` over the rules, ``base`` (accounts).

    Examples
    --------
    >>> table = pd.DataFrame({"account_id": list("abc"),
    ...                       "segment_account_mean": ["Trapped", "Trapped", "High Risk"]})
    >>> rows = [("count_all", s, 0, 0.25, 0.25) for s in SEGMENTS]
    >>> shares = pd.DataFrame(rows, columns=["rule", "segment", "accounts", "value", "revenue"])
    >>> found = segment_shares(table, shares, None, pd.Series([1.0, 1.0, 2.0]))
    >>> found.loc[found["segment"] == "Trapped", ["counted", "value", "lowest"]].round(2).values.tolist()
    [['accounts', 0.67, 0.25], ['revenue', 0.5, 0.25]]
    """  # noqa: E501 - one line, as it is printed
    ways = {"accounts": "value"} | ({"revenue": "revenue"} if money.sum() > 0 else {})
    rows = []
    for counted, column in ways.items():
        for segment in SEGMENTS:
            found = _share(table, placed, money, counted, segment, confidence)
            if found is None:
                continue
            rules = shares.loc[shares["segment"] == segment, column]
            ends = {"lowest": float(rules.min()), "highest": float(rules.max())}
            way = PLAIN if placed is None else "chances"
            rows.append({"counted": counted, "segment": segment, "way": way, **found, **ends,
                         "base": len(table)})  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def _share(
    table: pd.DataFrame,
    placed: Membership | None,
    money: pd.Series,
    counted: str,
    segment: str,
    confidence: float,
) -> dict[str, float] | None:
    """Share of accounts or revenue; nothing where too few accounts have revenue."""
    if placed is not None:
        row = placed.share(segment)
        names = ("value", "low", "high")
        if counted == "revenue":
            names = ("revenue", "revenue_low", "revenue_high")
        ends = zip(("value", "low", "high"), names, strict=True)
        return {end: float(row[name]) for end, name in ends}
    inside = (table["segment_account_mean"] == segment).astype(float)
    try:
        found = _observed(inside, table, money if counted == "revenue" else None, confidence)
    except NotEstimable:
        return None
    return {"value": found.value, "low": found.low, "high": found.high}


def _observed(
    inside: pd.Series, table: pd.DataFrame, money: pd.Series | None, confidence: float
) -> Estimate:
    if money is None:
        return survey.proportion(inside, confidence=confidence)
    sizes = pd.Series(money.to_numpy(), index=table["account_id"])
    found = estimands(inside, table["account_id"], sizes, confidence=confidence)
    one = found.estimates["revenue"]
    low, high = share_interval(one, False, float(one.clusters))
    return Estimate(
        one.value, min(low, one.value), max(high, one.value), one.standard_error, one.base,
        one.effective_base, one.design_effect, one.degrees_of_freedom, confidence, one.clusters,
    )  # fmt: skip

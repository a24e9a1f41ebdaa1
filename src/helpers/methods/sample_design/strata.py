"""Strata of accounts: their names, the largest apart, and how many people each gives."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.accounts import recent_revenue
from helpers.methods.sample_design.allocation import (
    TAKE_ALL,
    Allocation,
    Method,
    TakeAll,
    allocate,
    take_all,
)

__all__ = [
    "allocated",
    "fewest",
    "largest",
    "latest_revenue",
    "spread_by_stratum",
    "stratum_names",
    "stratum_table",
]

EVERYONE = "everyone"
UNKNOWN = "not known"
FEW = 10  # answers; fewer do not tell how far a stratum's own vary


def stratum_names(accounts: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """The stratum of each account, by account_id: the values of the columns together.

    Raises
    ------
    ValueError
        For a column that accounts do not have, or a value that is our own name.

    Examples
    --------
    >>> listed = pd.DataFrame({"account_id": ["a", "b"], "tier": ["Key", None],
    ...                        "region": ["North", "South"]})
    >>> stratum_names(listed, ["tier", "region"]).tolist()
    ['Key, North', 'not known, South']
    """
    absent = [name for name in columns if name not in accounts]
    if absent:
        near = get_close_matches(absent[0], list(accounts.columns), n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(accounts.columns)}"
        raise ValueError(f"the list of accounts has no column {absent[0]!r}; {hint}")
    names = pd.Series(EVERYONE, index=accounts.index, dtype=object)
    for place, column in enumerate(columns):
        text = accounts[column].astype(object).where(accounts[column].notna(), UNKNOWN).astype(str)
        names = names + ", " + text if place else text
    if (names == TAKE_ALL).any():
        raise ValueError(f"a stratum is called {TAKE_ALL!r}, which is ours; rename it")
    return names.set_axis(accounts["account_id"]).rename("stratum")


def latest_revenue(financials: pd.DataFrame, on: pd.Timestamp) -> pd.Series:
    """Revenue of each account over the last 12 months there are, up to a day.

    Examples
    --------
    >>> money = pd.DataFrame({"account_id": ["a"], "revenue": [5.0],
    ...                       "period": pd.to_datetime(["2025-01-01"])})
    >>> latest_revenue(money, pd.Timestamp("2026-11-02")).to_dict()
    {'a': 5.0}
    """
    period = pd.to_datetime(financials["period"])
    before = period[period <= on]
    if before.empty:
        return pd.Series(dtype=float, name="revenue")
    return recent_revenue(financials, until=min(on, before.max() + pd.offsets.MonthEnd(0)))


def fewest(people: pd.DataFrame, minimum: int) -> int:
    """The fewest people who can be drawn so that each stratum gives its minimum.

    >>> people = pd.DataFrame({"stratum": list("xxxy"), "shortlisted": True})
    >>> fewest(people, 2)
    3
    """
    return int(people.groupby("stratum")["shortlisted"].sum().clip(upper=minimum).sum())


def largest(people: pd.DataFrame, share: float, total: int, minimum: int = 0) -> TakeAll | None:
    """The accounts taken for certain: at most half of all who are invited; ``None`` for none.

    They never take what the strata of the others need for their minimum.

    Parameters
    ----------
    people
        account_id, revenue, shortlisted and, for a minimum, stratum of all eligible people.
    share
        Share of revenue, as for `take_all`.
    total
        People to be invited.
    minimum
        Drawn at least in each stratum of the others.

    Examples
    --------
    >>> people = pd.DataFrame({"account_id": list("aabb"), "revenue": [9.0, 9.0, 1.0, 1.0],
    ...                        "shortlisted": True})
    >>> sorted(largest(people, 0.5, 4).certain), largest(people, 0.5, 3)
    (['a'], None)
    """
    if "revenue" not in people or share == 0 or not (people["revenue"] > 0).any():
        return None
    by_account = people.groupby("account_id", sort=True).agg(
        revenue=("revenue", "first"), contacts=("shortlisted", "sum")
    ).reset_index()  # fmt: skip
    found = take_all(
        by_account["account_id"],
        by_account["revenue"],
        share=share,
        contacts=by_account["contacts"],
        at_most=min(total / 2, total - fewest(people, minimum) if minimum else total),
    )
    return found if found.accounts else None


def allocated(
    people: pd.DataFrame,
    total: int,
    *,
    method: Method,
    minimum: int,
    power: float,
    answers: pd.DataFrame | None,
) -> Allocation:
    """Divide a sample of people among their strata.

    Parameters
    ----------
    people
        account_id, stratum, shortlisted and, where known, revenue of those who are not
        taken for certain.
    total
        How many of them are drawn.
    method, minimum, power
        As for `allocate`.
    answers
        account_id and score of earlier answers, for how far they vary in each stratum.

    Examples
    --------
    >>> people = pd.DataFrame({"account_id": list("abcdef"), "stratum": list("xxxxyy"),
    ...                        "shortlisted": True})
    >>> allocated(people, 4, method="equal", minimum=2, power=0.5, answers=None).selected
    {'x': 2, 'y': 2}
    """
    groups = people.groupby("stratum", sort=True)
    sizes, most = groups.size(), groups["shortlisted"].sum()
    of_account = people.drop_duplicates("account_id").set_index("account_id")
    spread = spread_by_stratum(answers, of_account["stratum"])
    if method == "neyman" and spread is None:
        raise NotEstimable(
            "neyman needs earlier answers, to know how far they vary; allocate proportionally"
        )
    importance = None
    if method == "power" and "revenue" in people:
        money = of_account["revenue"].fillna(0.0).clip(lower=0)
        importance = money.groupby(of_account["stratum"]).sum()
    return allocate(
        sizes,
        total,
        method=method,
        deviations=spread,
        importance=importance,
        variation=spread,
        power=power,
        minimum=minimum,
        most=most,
    )


def spread_by_stratum(answers: pd.DataFrame | None, strata: pd.Series) -> pd.Series | None:
    """Standard deviation of the earlier answers in each stratum, in the units of the score.

    A stratum with fewer than ten answers is taken to vary as the strata do on average
    (pooled within them): few answers may agree by chance, and a stratum that seems not to
    vary would hardly be asked. ``None`` where no answers tell how far they vary.

    Parameters
    ----------
    answers
        account_id and score of earlier answers.
    strata
        The stratum of each account, by account_id.

    Examples
    --------
    >>> answers = pd.DataFrame({"account_id": ["a"] * 10 + ["b"] * 2, "score": [*range(10), 5, 5]})
    >>> spread_by_stratum(answers, pd.Series({"a": "x", "b": "y"})).round(2).to_dict()
    {'x': 3.03, 'y': 2.87}
    """
    if answers is None:
        return None
    found = answers["score"].groupby(answers["account_id"].map(strata)).agg(["count", "var"])
    several = found[found["count"] > 1]
    freedom = several["count"] - 1
    if not (several["var"] * freedom).sum() > 0:
        return None
    pooled = float((several["var"] * freedom).sum() / freedom.sum()) ** 0.5
    own = (found["var"] ** 0.5).where(found["count"] >= FEW)
    return own.reindex(strata.unique()).fillna(pooled).rename("deviation").rename_axis("stratum")


def stratum_table(frame: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """What each stratum has and gives.

    Parameters
    ----------
    frame
        account_id, stratum and eligible of everyone on the list.
    people
        stratum, shortlisted and selected of the eligible.

    Returns
    -------
    DataFrame
        stratum, accounts (with someone eligible), population, eligible, shortlisted,
        selected, rate (selected of the eligible; 0 where nobody is).
    """
    groups = people.groupby("stratum")
    found = pd.DataFrame({"population": frame.groupby("stratum", sort=True).size()})
    found.insert(0, "accounts", groups["account_id"].nunique())
    found["eligible"] = groups.size()
    found["shortlisted"] = groups["shortlisted"].sum()
    found["selected"] = groups["selected"].sum()
    found = found.fillna(0).astype(int)
    found["rate"] = (found["selected"] / found["eligible"].where(found["eligible"] > 0)).fillna(0.0)
    return found.reset_index()

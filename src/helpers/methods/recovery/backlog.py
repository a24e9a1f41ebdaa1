"""What is open now: how old, with whom, at how much revenue; what came back, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.recovery.clocks import Cases
from helpers.methods.survey import Estimate, SurveyDesign, proportion, wilson

__all__ = [
    "OTHER", "Causes", "ageing", "causes", "owner_load", "reopened", "under_alert",
]  # fmt: skip

AGES = ((2.0, "up to 2 days"), (7.0, "3 to 7 days"), (30.0, "8 to 30 days"),
        (90.0, "31 to 90 days"), (np.inf, "over 90 days"))  # fmt: skip
OTHER = "other"
NOBODY = "to be named"
FEWEST = 10  # closed cases, for a share of them


def under_alert(accounts: pd.Series, revenue: pd.Series | None) -> float:
    """Revenue of twelve months of the accounts with an open case, each counted once.

    Examples
    --------
    >>> under_alert(pd.Series(["a", "a", "x"]), pd.Series({"a": 5.0, "b": 3.0}))
    5.0
    """
    if revenue is None:
        return float("nan")
    return float(revenue.reindex(accounts.dropna().unique()).sum())


def ageing(found: Cases, revenue: pd.Series | None = None) -> pd.DataFrame:
    """Open cases by how old they are, with the revenue of their accounts.

    An account with several cases counts in each age that one of them has.

    Examples
    --------
    >>> from helpers.methods.recovery import cases
    >>> sent = pd.DataFrame({"ticket_id": ["t"], "account_id": ["a"],
    ...                      "created_at": pd.to_datetime(["2026-01-05"])})
    >>> ageing(cases(sent, as_of=pd.Timestamp("2026-01-10")))["cases"].tolist()
    [0, 1, 0, 0, 0]
    """
    waiting = found.open
    age = (found.as_of - waiting["created"].dt.normalize()).dt.days.clip(lower=0)
    edges = [-np.inf, *(end for end, _ in AGES)]
    band = pd.cut(age, edges, labels=[name for _, name in AGES])
    rows = [
        {"age": name, "cases": int((band == name).sum()),
         "accounts": int(waiting.loc[band == name, "account_id"].nunique()),
         "revenue": under_alert(waiting.loc[band == name, "account_id"], revenue)}
        for _, name in AGES
    ]  # fmt: skip
    return pd.DataFrame(rows)


def owner_load(
    found: Cases, contact: pd.DataFrame, promise: float, *, since: pd.Timestamp
) -> pd.DataFrame:
    """What each owner carries, and how his or her cases of late were answered.

    Parameters
    ----------
    contact
        The clock of the first contact, as `clocks` gives it.
    promise
        Days promised for it; missing where none were.
    since
        Cases that came after this day tell how fast an owner is.

    Returns
    -------
    DataFrame
        owner, open, oldest (days), cases, in_time (of cases whose promise is over; missing of
        fewer than ten); most open first.
    """
    table = found.table.assign(owner=found.table["owner"].fillna(NOBODY).astype(str))
    waiting, late = table[table["closed"].isna()], table[table["created"] > since]
    own = waiting.groupby("owner")["created"]
    age = (found.as_of - own.min().dt.normalize()).dt.days
    due = contact[contact["ticket_id"].isin(late["ticket_id"])]
    due = due[due["done"] | (due["days"] >= promise)]
    kept = (due["done"] & (due["days"] <= promise)).astype(float)
    by = kept.groupby(due["owner"].fillna(NOBODY).astype(str))
    kept = by.mean().where(by.size() >= FEWEST)  # a share of few marks nobody
    made = pd.DataFrame({"open": own.size(), "oldest": age,
                         "cases": late.groupby("owner").size()})  # fmt: skip
    made = made.assign(in_time=kept if not np.isnan(promise) else np.nan)
    made[["open", "cases"]] = made[["open", "cases"]].fillna(0).astype(int)
    made = made.rename_axis("owner").reset_index()
    return made.sort_values(["open", "owner"], ascending=[False, True], ignore_index=True)


def reopened(found: Cases, *, confidence: float = 0.95) -> Estimate:
    """Share of closed cases that were opened again, cases of one account as alike as they are.

    Raises
    ------
    NotEstimable
        Where too few closed cases say whether they were.
    """
    closed = found.table[found.table["closed"].notna() & found.table["reopened"].notna()]
    if len(closed) < FEWEST:
        raise NotEstimable(
            f"{len(closed)} closed cases say whether they were opened again; a share of them "
            f"needs {FEWEST}: send reopened"
        )
    design = SurveyDesign(clusters=closed["account_id"])
    return proportion(closed["reopened"].astype(bool), design, confidence=confidence)


@dataclass(frozen=True)
class Causes:
    """Why cases come, the commonest first.

    ``table``: cause, cases, share, low, high, running, open and, where revenue is known, revenue:
    of twelve months, of the accounts with an open case of that cause. An account with open cases
    of several causes counts in each: these are never to be added.
    """

    table: pd.DataFrame
    base: int
    untold: int  # cases without a cause

    def __post_init__(self) -> None:
        if self.table["cases"].sum() != self.base:
            raise ValueError(f"causes hold {self.table['cases'].sum()} cases, not {self.base}")


def causes(
    found: Cases,
    *,
    revenue: pd.Series | None = None,
    smallest: int = 0,
    confidence: float = 0.95,
) -> Causes:
    """Count cases by root cause: the few that bring most of them.

    Parameters
    ----------
    revenue
        Of twelve months, by account.
    smallest
        Causes with fewer cases are counted together as other ones.

    Raises
    ------
    NotEstimable
        Where no case has a cause.

    Examples
    --------
    >>> from helpers.methods.recovery import cases
    >>> sent = pd.DataFrame({"ticket_id": list("tuv"), "account_id": list("abc"),
    ...     "created_at": pd.Timestamp("2026-01-05"), "root_cause": ["late", "late", "bill"]})
    >>> causes(cases(sent, as_of=pd.Timestamp("2026-01-10"))).table["running"].round(2).tolist()
    [0.67, 1.0]
    """
    known = found.table.dropna(subset=["root_cause"])
    known = known[known["root_cause"].astype(str).str.strip() != ""]
    if known.empty:
        raise NotEstimable("no case says what caused it: send root_cause")
    size = known["root_cause"].value_counts()
    few = known["root_cause"].map(size) < smallest
    named = known["root_cause"].astype(str).mask(few, OTHER)
    grouped = known.assign(cause=named, open=known["closed"].isna()).groupby("cause")
    table = grouped.agg(cases=("ticket_id", "size"), open=("open", "sum")).reset_index()
    table = table.assign(last=table["cause"] == OTHER).sort_values(
        ["last", "cases", "cause"], ascending=[True, False, True], ignore_index=True
    )
    ends = [wilson(int(n), len(known), confidence=confidence) for n in table["cases"]]
    table = table.drop(columns="last").assign(
        share=table["cases"] / len(known), low=[low for low, _ in ends],
        high=[high for _, high in ends], running=table["cases"].cumsum() / len(known),
    )  # fmt: skip
    if revenue is not None:
        waiting = known.assign(cause=named)[known["closed"].isna()].groupby("cause")["account_id"]
        under = {cause: under_alert(ids, revenue) for cause, ids in waiting}
        table = table.assign(revenue=table["cause"].map(under).fillna(0.0))
    return Causes(table, len(known), found.base - len(known))

"""Whether the causes of customers' cases have an action against them, and one that is funded."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from helpers.methods.recovery import OTHER

__all__ = ["against_causes"]


def against_causes(
    causes: pd.DataFrame,
    effects: pd.DataFrame,
    *,
    names: Mapping[str, str],
    funded: Collection[str],
) -> pd.DataFrame:
    """Set each cause of cases beside the listed actions that work on it, and those of the plan.

    An action works on a cause where it is stated to raise the rating of that name. What cases
    put at stake is told and never added to a plan: what an action keeps, its effect on ratings
    says already.

    Parameters
    ----------
    causes
        As the recovery chapter hands them on: ``cause``, ``cases``, ``open`` and, where known,
        ``revenue`` (a year, of accounts with an open case of that cause).
    effects
        ``action_id``, ``driver``, ``change_mid``.
    names
        What each action is called, by id.
    funded
        Ids of the actions in the plan.

    Returns
    -------
    DataFrame
        The causes, but for rare ones counted together, with ``listed`` and ``funded`` (how many
        actions) and ``first`` (the funded one with the largest stated change, else the listed
        one; empty where there is none); the commonest cause first.

    Examples
    --------
    >>> cases = pd.DataFrame({"cause": ["delivery", "billing"], "cases": [9, 5], "open": [2, 1]})
    >>> moved = pd.DataFrame({"action_id": ["A", "B"], "driver": "delivery",
    ...                       "change_mid": [0.5, 0.2]})
    >>> found = against_causes(cases, moved, names={"A": "Desk", "B": "Vans"}, funded=["B"])
    >>> found[["cause", "listed", "funded", "first"]].values.tolist()
    [['delivery', 2, 1, 'Vans'], ['billing', 0, 0, '']]
    """
    moved = effects[pd.to_numeric(effects["change_mid"]) > 0]
    moved = moved.assign(
        action_id=moved["action_id"].astype(str), cause=moved["driver"].astype(str)
    ).drop_duplicates(["action_id", "cause"])
    moved = moved.assign(funded=moved["action_id"].isin(list(funded)))
    order = moved.sort_values(["funded", "change_mid"], ascending=False, kind="stable")
    first = order.drop_duplicates("cause").set_index("cause")["action_id"]
    told = causes[causes["cause"] != OTHER].reset_index(drop=True)
    by = moved.groupby("cause")["funded"]
    return told.assign(
        listed=told["cause"].map(by.size()).fillna(0).astype(int),
        funded=told["cause"].map(by.sum()).fillna(0).astype(int),
        first=told["cause"].map(first).map(names).fillna(""),
    )

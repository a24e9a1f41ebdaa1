"""The chance of each account and person to be drawn, and the draw itself."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd

from helpers.methods.sample_design.allocation import TAKE_ALL
from helpers.methods.sample_design.selection import (
    How,
    Selection,
    account_chance,
    by_account,
    pps_systematic,
    proportional_chances,
    simple_random,
    systematic,
)

__all__ = ["drawn", "inclusion", "per_role_targets", "shortlist"]

UNKNOWN = "not known"


def per_role_targets(people: pd.DataFrame, per_role: int | Mapping[str, int] | None) -> pd.Series:
    """How many of each person's role are asked at their account, and no more.

    Parameters
    ----------
    people
        ``account_id`` and, where known, ``role``.
    per_role
        One number for every role, a number for each, or ``None`` for no limit.

    Raises
    ------
    ValueError
        For a number below 1.

    Examples
    --------
    >>> people = pd.DataFrame({"account_id": ["x"] * 3, "role": ["user", "user", "admin"]})
    >>> per_role_targets(people, {"user": 1, "admin": 3}).tolist()
    [1, 1, 1]
    """
    roles = people.get("role", pd.Series(pd.NA, index=people.index, dtype=object))
    roles = roles.astype(object).where(roles.notna(), UNKNOWN)
    there = roles.groupby([people["account_id"], roles]).transform("size").astype(int)
    if per_role is None:
        return there
    wanted = dict(per_role) if isinstance(per_role, Mapping) else {}
    low = min(wanted.values(), default=1) if wanted else per_role
    if isinstance(low, int) and low < 1:
        raise ValueError(f"contacts asked per role are at least 1, not {low}; leave a role out")
    most = roles.map(wanted).fillna(0).astype(int) if wanted else pd.Series(per_role, people.index)
    return there.clip(upper=most).astype(int)


def shortlist(
    people: pd.DataFrame, targets: pd.Series, *, rng: np.random.Generator
) -> pd.DataFrame:
    """Choose, at each account, the people of each role who may be drawn.

    Returns
    -------
    DataFrame
        contact_probability (of being chosen here), shortlisted; on the index of ``people``.

    Examples
    --------
    >>> people = pd.DataFrame({"account_id": ["x"] * 3, "role": ["user"] * 3})
    >>> found = shortlist(people, pd.Series([1, 1, 1]), rng=np.random.default_rng(1))
    >>> int(found["shortlisted"].sum()), found["contact_probability"].round(3).tolist()
    (1, [0.333, 0.333, 0.333])
    """
    roles = people.get("role", pd.Series(pd.NA, index=people.index, dtype=object))
    groups = [people["account_id"], roles.astype(object).where(roles.notna(), UNKNOWN)]
    lots = pd.Series(rng.random(len(people)), index=people.index)
    return pd.DataFrame(
        {
            "contact_probability": targets / lots.groupby(groups).transform("size"),
            "shortlisted": lots.groupby(groups).rank(method="first") <= targets,
        }
    )


def inclusion(people: pd.DataFrame, selected: Mapping[Hashable, int], how: How) -> pd.Series:
    """The chance of each person to be drawn, which does not depend on any draw.

    Parameters
    ----------
    people, selected, how
        As for `drawn`.

    Examples
    --------
    >>> people = pd.DataFrame({"account_id": list("xxyz"), "stratum": list("aabb"),
    ...                        "contact_probability": [0.5, 0.5, 1, 1],
    ...                        "shortlisted": [True, False, True, True]})
    >>> inclusion(people, {"a": 1, "b": 1}, "accounts").tolist()
    [0.5, 0.5, 0.5, 0.5]
    """
    strata = people["stratum"]
    there = people["shortlisted"].groupby(strata).transform("sum")
    chances = strata.map({name: int(number) for name, number in selected.items()}) / there
    if how == "pps":
        for name, members in people[strata != TAKE_ALL].groupby("stratum"):
            chances[members.index] = _by_size(members, int(selected[name]))
    return (chances * people["contact_probability"]).rename("inclusion_probability")


def _by_size(members: pd.DataFrame, number: int) -> pd.Series:
    """The chance of each account's people, in proportion to its revenue."""
    listed = members[members["shortlisted"]]
    chances = proportional_chances(_sizes(listed), number)
    return members["account_id"].map(chances.groupby(listed["account_id"]).first())


def _sizes(listed: pd.DataFrame) -> pd.Series:
    """The revenue of an account, as much of it for each of its people."""
    return listed["revenue"] / listed.groupby("account_id")["account_id"].transform("size")


def drawn(
    people: pd.DataFrame,
    selected: Mapping[Hashable, int],
    *,
    how: How,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Draw from each stratum of the shortlisted people, and work out everyone's chances.

    Parameters
    ----------
    people
        account_id, stratum, contact_probability and shortlisted of all eligible people;
        for ``pps`` also revenue (of the account). The stratum `TAKE_ALL` is taken whole.
    selected
        How many are drawn from each stratum.
    how
        ``accounts`` (whole accounts), ``random``, ``systematic`` or ``pps``.

    Returns
    -------
    DataFrame
        account_probability, contact_probability (if the account is in),
        inclusion_probability (their product) and selected, on the index of ``people``.
    """
    parts = [
        _stratum(members, int(selected[name]), "random" if name == TAKE_ALL else how, rng)
        for name, members in people.groupby("stratum", sort=True)
    ]
    return pd.concat(parts).reindex(people.index)


def _stratum(
    members: pd.DataFrame, number: int, how: How, rng: np.random.Generator
) -> pd.DataFrame:
    """Chances are worked out on the shortlist, and hold for all of an account alike."""
    listed = members[members["shortlisted"]].sort_values(_order(members), kind="stable")
    accounts = listed["account_id"]
    found = _selected(listed, number, how, rng).table.set_index("unit").loc[listed.index]
    chances = found["inclusion_probability"]
    account = account_chance(chances, accounts, number, how)
    by_id = pd.DataFrame({"account": accounts, "person": chances, "any": account})
    by_id = by_id.drop_duplicates("account").set_index("account")
    here = members["account_id"]
    inclusion = here.map(by_id["person"]) * members["contact_probability"]
    return pd.DataFrame(
        {
            "account_probability": here.map(by_id["any"]),
            "contact_probability": inclusion / here.map(by_id["any"]),
            "inclusion_probability": inclusion,
            "selected": found["selected"].reindex(members.index, fill_value=False).astype(bool),
        }
    )


def _order(people: pd.DataFrame) -> list[str]:
    """What a list is sorted by, so that a systematic sample spreads over it."""
    return [name for name in ("revenue", "account_id", "role") if name in people]


def _selected(listed: pd.DataFrame, number: int, how: How, rng: np.random.Generator) -> Selection:
    if how == "accounts":
        return by_account(listed["account_id"], number, rng=rng)
    if how == "random":
        return simple_random(listed.index, number, rng=rng)
    if how == "systematic":
        return systematic(listed.index, number, rng=rng)
    if how == "pps":
        return pps_systematic(_sizes(listed), number, rng=rng)
    raise ValueError(f"{how!r} is no way to draw; use accounts, random, systematic or pps")

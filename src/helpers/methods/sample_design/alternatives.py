"""Other plans for the same people: what they would let one expect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.sample_design.allocation import Method
from helpers.methods.sample_design.drawing import divide
from helpers.methods.sample_design.plan import SamplePlan
from helpers.methods.sample_design.prospects import Grouping, Groups, Outlook, groupings

__all__ = ["alternatives", "divisions", "size_ladder"]

WAYS: tuple[Method, ...] = ("proportional", "neyman", "power", "equal")
SAME = 6  # decimals of a margin; plans that agree to so many are the same

RUNGS = 9  # sizes that a curve is drawn through


def alternatives(
    plan: SamplePlan,
    others: Sequence[Mapping[str, Any]],
    *,
    groups: Groups | None = None,
    response_rates: Mapping[tuple[str, str], float] | None = None,
    smallest: int = 2,
) -> pd.DataFrame:
    """What other plans for the same people would let one expect, a row each.

    Chances do not depend on the draw, so nobody is drawn here.

    Parameters
    ----------
    plan
        Whose people, earlier answers and options hold for all of them.
    others
        What is different in each: ``size``, or any of `Options` but strata and per_role.
    groups, response_rates, smallest
        As for `prospects`.

    Returns
    -------
    DataFrame
        The options of each, invited, answers, margin (of everyone), worst (of a group) and
        why (empty, or why there is no such plan; its numbers are then missing).

    Raises
    ------
    NotEstimable
        If none of the plans can be made.

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": [f"c{i}" for i in range(400)],
    ...                        "account_id": [f"a{i}" for i in range(400)]})
    >>> before = pd.DataFrame({"account_id": people["account_id"], "score": [40.0, 60.0] * 200})
    >>> from helpers.methods.sample_design.ground import Lists
    >>> from helpers.methods.sample_design.plan import Target, plan_sample
    >>> plan = plan_sample(Lists(people, answers=before), Target(size=50),
    ...                    on=pd.Timestamp("2026-11-02"), rng=np.random.default_rng(1))
    >>> found = alternatives(plan, [{"size": 50}, {"size": 500}])
    >>> found[["size", "margin"]].round(2).to_numpy().tolist()
    [[50.0, 2.6], [500.0, nan]]
    """
    people, answers, kinds = _numbered(plan, groups or {})
    outlook = Outlook(plan.expected, plan.confidence, response_rates or {}, smallest)
    rows: list[dict[str, Any]] = []
    for other in others:
        told = {"size": plan.base, **other}
        size, options = told.pop("size"), replace(plan.options, **told)
        try:
            division = divide(people, size, options, answers)
            found = outlook.prospects(division.people, answers, kinds)
        except NotEstimable as error:
            rows.append({**other, "why": str(error)})
            continue
        numbers = {"answers": found.answers, "margin": found.margin, "worst": found.worst}
        rows.append({**other, "invited": size, **numbers, "why": ""})
    if not any(row["why"] == "" for row in rows):
        raise NotEstimable(str(rows[0]["why"]) if rows else "no other plans are given")
    return pd.DataFrame(rows)


def _numbered(
    plan: SamplePlan, groups: Groups
) -> tuple[pd.DataFrame, pd.DataFrame | None, list[Grouping]]:
    """Those who may be asked, their answers and groups; accounts as numbers, which sort fast."""
    people, answers = plan.ground.people, plan.ground.answers
    codes, accounts = pd.factorize(people["account_id"], sort=True)
    if answers is not None:
        answers = answers.assign(account_id=accounts.get_indexer(pd.Index(answers["account_id"])))
    columns = [c for c in people if c not in ("contact_id", "role")]
    return (
        people[columns].assign(account_id=codes),
        answers,
        groupings(people["contact_id"], groups),
    )


def size_ladder(plan: SamplePlan, *others: int) -> list[dict[str, Any]]:
    """Sizes from a tenth of those who can be asked to all of them, with the plan's own.

    Returns
    -------
    list
        What differs, for `alternatives`; sizes that cannot be are left out.

    Examples
    --------
    >>> from helpers.methods.sample_design.ground import Lists
    >>> from helpers.methods.sample_design.plan import Target, plan_sample
    >>> people = pd.DataFrame({"contact_id": list("abcdefgh"), "account_id": list("abcdefgh")})
    >>> plan = plan_sample(Lists(people), Target(size=3), on=pd.Timestamp("2026-11-02"),
    ...                    rng=np.random.default_rng(1))
    >>> [step["size"] for step in size_ladder(plan, 9)]
    [1, 2, 3, 4, 6, 8]
    """
    there = int(plan.strata["shortlisted"].sum())
    steps = np.geomspace(there / 10, there, RUNGS).round().astype(int).tolist()
    sizes = {size for size in (*steps, plan.base, *others) if 1 <= size <= there}
    return [{"size": size} for size in sorted(sizes)]


def divisions(
    plan: SamplePlan,
    *,
    groups: Groups | None = None,
    response_rates: Mapping[tuple[str, str], float] | None = None,
    smallest: int = 2,
) -> pd.DataFrame:
    """The same number of invitations divided in other ways, and with no account for certain.

    By revenue only where it is known, or where the plan does so. Parameters and what comes
    back as for `alternatives`.

    Raises
    ------
    NotEstimable
        Where everyone is invited, so that there is nothing to divide, or all ways give the
        same margins.
    """
    if plan.everyone:
        raise NotEstimable("everyone who may be asked is invited, so there is nothing to divide")
    revenue = "revenue" in plan.ground.people or plan.options.allocation == "power"
    others: list[dict[str, Any]] = [
        {"allocation": way} for way in WAYS if revenue or way != "power"
    ]
    if plan.take_all is not None:
        others.append({"allocation": "proportional", "take_all_share": 0.0})
    found = alternatives(
        plan, others, groups=groups, response_rates=response_rates, smallest=smallest
    )
    made = found.loc[found["why"] == "", ["margin", "worst"]]
    if len(made.round(SAME).drop_duplicates()) < 2:
        raise NotEstimable("every way to divide the invitations gives the same margins")
    return found

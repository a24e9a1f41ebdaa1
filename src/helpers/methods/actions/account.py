"""The account of what a plan claims: whose money, in which line, and none of it twice."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.errors import NotEstimable
from helpers.methods.actions.evidence import Considered, Reach
from helpers.methods.operations import Claim, reconciled

__all__ = ["AVOIDED", "SAVED_COST", "STAYING", "accounted"]

Floats = NDArray[np.float64]
STAYING, SAVED_COST, AVOIDED = "the plan", "the plan saves", "cost avoided"
NO_MONEY = "gains are not told in money, so there is none to be counted twice"


def accounted(found: Considered, avoided: float = 0.0) -> pd.DataFrame:
    """Where the gains of the plan are counted, before its costs, over its horizon.

    What accounts that stay leave is retention, held account by account: each has its part's gain
    by its money, and no more than all that it leaves. Savings are efficiency. Cost that another
    chapter says is avoided may be the same cost: of both the smaller is a part of the larger.

    Parameters
    ----------
    avoided
        Cost of a year that meeting targets would avoid, as the operations chapter tells it.

    Returns
    -------
    DataFrame
        As :func:`helpers.methods.operations.reconciled` gives it.

    Raises
    ------
    NotEstimable
        Where gains are points and no money.
    ValueError
        Where money would count twice, or the lines do not add up to the gain of the plan.
    """
    if not found.evidence.in_money:
        raise NotEstimable(NO_MONEY)
    worth, plan, years = found.decision.worth, found.decision.plan, found.evidence.years
    staying = _by_account(worth.of_groups(plan.share), found.evidence.reach)
    saved = float(worth.saved(np.full(worth.draws, 1 / worth.draws)) @ plan.share)
    if not np.isclose(staying.sum() + saved - plan.cost, plan.net.mean(), rtol=1e-6, atol=1e-3):
        raise ValueError("staying, savings and costs do not add up to the gain of the plan")
    claims = [Claim(STAYING, "retention", float(staying.sum()), staying)] if plan.starts else []
    return reconciled(
        [*claims, *_efficiency(saved, avoided * years)],
        found.evidence.reach.counts * years,
    )


def _by_account(of_parts: Floats, reach: Reach) -> pd.Series:
    """What each account is expected to leave more, its part's gain by its own money."""
    money = reach.counts.clip(lower=0)
    share = money / money.groupby(reach.parts).transform("sum").where(lambda total: total > 0)
    return share.fillna(0.0) * of_parts[reach.parts.to_numpy(int)]


def _efficiency(saved: float, avoided: float) -> list[Claim]:
    less = SAVED_COST if saved <= avoided else AVOIDED
    both = {SAVED_COST: saved, AVOIDED: avoided}
    named = {name: amount for name, amount in both.items() if amount > 0}
    return [
        Claim(name, "efficiency", amount,
              part_of=next(iter(set(named) - {name})) if name == less and len(named) > 1 else "")
        for name, amount in named.items()
    ]  # fmt: skip

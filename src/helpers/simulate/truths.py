"""What is true in a simulated world, computed from what only the simulation knows."""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd

from helpers.simulate.answers import ATTITUDE, BEHAVIOUR, expected_index, index_of
from helpers.simulate.catalogue import rows
from helpers.simulate.consequences import consequences
from helpers.simulate.fieldwork import Fieldwork
from helpers.simulate.frame import Frame
from helpers.simulate.latent import Latent
from helpers.simulate.money import Money
from helpers.simulate.settings import AS_OF, WAVES, Settings
from helpers.simulate.wanted import lead_chances
from helpers.simulate.worth import action_gains

__all__ = ["intraclass", "truths"]

LAST = len(WAVES) - 1
ZONES = ("share_truly_loyal", "share_accessible", "share_trapped", "share_high_risk")


def truths(
    world: Settings, who: Frame, state: Latent, cash: Money, field: Fieldwork
) -> dict[str, object]:
    """Everything the handbook should find, with the note that says what it is.

    Returns
    -------
    dict
        ``scenario``, ``seed``, ``truths`` (rows of name, chapter, figure, truth, note) and
        ``accounts`` (account_id → true loyalty index and probability of leaving within six
        months, for accounts still active).
    """
    index = expected_index(world, state.account, float(np.sqrt(state.within)))
    values = {
        **_asking(world, who, field),
        **_loyalty(who, state, field),
        **_drivers(world, state, field),
        **consequences(world, who, state, cash, field, index),
        **lead_chances(world, who, state, cash, field, index),
        **action_gains(world, who, state, cash),
    }
    live = cash.active(who, AS_OF)
    accounts = {
        str(name): [round(float(index[i, -1]), 2), round(float(cash.probability[i, -1]), 4)]
        for i, name in enumerate(who.accounts["account_id"])
        if live[i]
    }
    return {
        "scenario": world.scenario,
        "seed": world.seed,
        "truths": rows(values),
        "accounts": accounts,
    }


def _points(scores: np.ndarray) -> np.ndarray:
    return 100.0 * ((scores >= 9).astype(float) - (scores <= 6))


def _asking(world: Settings, who: Frame, field: Fieldwork) -> dict[str, object]:
    found: dict[str, object] = {}
    for w, wave in enumerate(WAVES):
        points = _points(field.would[w]["recommend"])
        whole = points[field.eligible[:, w]].mean()
        bias = np.average(points, weights=field.chance[:, w]) - whole
        end = "" if w == LAST else f"_{wave}"
        found |= {f"nps{end}": whole, f"nps_bias{end}": bias}
    there = field.eligible[:, LAST]
    return found | {
        "nps_bias_weighted": _bias_left(who, field),
        "satisfaction_mean": field.would[LAST]["satisfaction"][there].mean(),
        "eligible_contacts": int(there.sum()),
        "response_on_loyalty": world.response_loyalty,
    }


def _bias_left(who: Frame, field: Fieldwork) -> float:
    """Bias that stays when those who answer stand for everybody of their tier, region and role."""
    there, chance = field.eligible[:, LAST], field.chance[:, LAST]
    points = _points(field.would[LAST]["recommend"])
    listed = who.accounts[["tier", "region"]].iloc[who.of_contact].reset_index(drop=True)
    cells = listed.assign(
        role=who.contacts["role"], there=there, heard=chance, told=chance * points
    )
    sums = cells[there].groupby(["tier", "region", "role"])[["there", "heard", "told"]].sum()
    weighted = (sums["there"] * sums["told"] / sums["heard"]).sum() / sums["there"].sum()
    return float(weighted - points[there].mean())


def _loyalty(who: Frame, state: Latent, field: Fieldwork) -> dict[str, object]:
    now, before = field.eligible[:, LAST], field.eligible[:, LAST - 1]
    here, there = field.would[LAST], field.would[LAST - 1]
    index = index_of(here)[now]
    score = _points(here["recommend"])[now].mean()
    axes = [np.mean([here[n] for n in names], axis=0)[now] >= 4 for names in (ATTITUDE, BEHAVIOUR)]
    attitude, behaviour = axes
    zones = (attitude & behaviour, attitude & ~behaviour, ~attitude & behaviour,
             ~attitude & ~behaviour)  # fmt: skip
    return {
        "loyalty_mean": index.mean(),
        "loyalty_change": index.mean() - index_of(there)[before].mean(),
        "nps_change": score - _points(there["recommend"])[before].mean(),
        "account_share": state.account.var() / (state.account.var() + state.within),
        "icc": intraclass(index, who.of_contact[now]),
        **{name: zone.mean() for name, zone in zip(ZONES, zones, strict=True)},
    }


def intraclass(values: np.ndarray, groups: np.ndarray) -> float:
    """Share of variance between groups, from the analysis of variance of unequal groups.

    Searle, Casella & McCulloch, Variance Components, 1992, chapter 3.

    >>> round(intraclass(np.array([1.0, 1.2, 5.0, 5.2]), np.array([0, 0, 1, 1])), 3)
    0.998
    """
    group = pd.Series(values).groupby(groups)
    size, mean = group.size().to_numpy(), group.mean().to_numpy()
    n, k = size.sum(), len(size)
    between = (size * (mean - values.mean()) ** 2).sum() / (k - 1)
    within = ((values - group.transform("mean").to_numpy()) ** 2).sum() / (n - k)
    typical = (n - (size**2).sum() / n) / (k - 1)
    return float((between - within) / (between + (typical - 1) * within))


def _drivers(world: Settings, state: Latent, field: Fieldwork) -> dict[str, object]:
    """Effects and shares among all who could be asked, beside those that the world's rule brings.

    The two differ. Those put right after a poor rating feel better than it says, unhappy
    accounts have left, and some 3,000 people have feelings of their own: a survey that reached
    everybody would find the first of the two.
    """
    there = field.eligible[:, LAST]
    ratings = state.ratings[there, -1]
    felt = state.loyalty[there, -1] + field.boost[there, LAST]
    index = expected_index(world, felt, 0.0)
    brought = expected_index(world, state.from_drivers[there, -1], state.own_spread)
    slopes, caused = _slopes(ratings, index), _slopes(ratings, brought)
    shares, means = _shares(ratings, index), ratings.mean(axis=0)
    found: dict[str, object] = {}
    for k, driver in enumerate(world.drivers):
        found |= {
            f"effect_{driver.name}": slopes[k],
            f"caused_{driver.name}": caused[k],
            f"share_{driver.name}": shares[k],
            f"planted_{driver.name}": driver.effect,
            f"mean_{driver.name}": means[k],
        }
    r = np.corrcoef(ratings.T)
    found["halo"] = (r.sum() - len(r)) / (len(r) * (len(r) - 1))
    return found | _named_drivers(world, shares, means)


def _slopes(ratings: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Adjusted effect of each rating on an index: least squares."""
    design = np.column_stack([np.ones(len(ratings)), ratings])
    return np.asarray(np.linalg.lstsq(design, index, rcond=None)[0][1:])


def _named_drivers(world: Settings, shares: np.ndarray, means: np.ndarray) -> dict[str, object]:
    names = [d.name for d in world.drivers]
    moving = [d for d in world.drivers if d.effect]
    return {
        "strongest": names[int(shares.argmax())] if moving else None,
        "lowest_rated": names[int(means.argmin())],
        "without_effect": [d.name for d in world.drivers if not d.effect],
        "floors": [d.name for d in moving if d.shape == "floor"],
        "delighters": [d.name for d in moving if d.shape == "delighter"],
    }


def _shares(ratings: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Average gain in explained variance of each driver over all orders of entry."""
    p = ratings.shape[1]
    if outcome.std() < 1e-9:
        return np.full(p, 1 / p)
    r = np.corrcoef(np.column_stack([ratings, outcome]).T)
    explained: dict[tuple[int, ...], float] = {(): 0.0}
    for size in range(1, p + 1):
        for chosen in combinations(range(p), size):
            outer = r[list(chosen), -1]
            explained[chosen] = float(outer @ np.linalg.solve(r[np.ix_(chosen, chosen)], outer))
    parts = np.zeros(p)
    for chosen, value in explained.items():
        m = len(chosen)
        inside = factorial(m - 1) * factorial(p - m) if m else 0
        outside = factorial(m) * factorial(p - m - 1) if m < p else 0
        for k in range(p):
            parts[k] += (inside if k in chosen else -outside) * value
    return parts / parts.sum()

"""What candidate actions are linked to for their cost: effect × change × reach ÷ cost."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.errors import NotEstimable
from helpers.methods.drivers.deciding import as_drawn
from helpers.methods.drivers.priority import Priorities

__all__ = ["Costed", "for_their_cost"]

Array = NDArray[np.float64]

SEED = 20260630
YEARS = 1.0  # of running cost that are counted


@dataclass(frozen=True, slots=True)
class Costed:
    """Candidate actions by what they are linked to for their cost, most first.

    ``table``: ``action_id``, ``name``, ``driver`` (that it moves most), ``cost`` (once and for
    the first year), ``gain`` (points of the outcome over all customers) with ``low`` and
    ``high``, ``positive`` (chance that it is above zero), ``for_cost`` (gain for ``money``
    spent), ``sound`` (its driver's effect is clear).
    """

    table: pd.DataFrame
    money: float  # that ``for_cost`` is told for
    base: int
    left_out: Mapping[str, str]  # action: why

    def best(self, among: Collection[str] | None = None) -> pd.Series | None:
        """The action that gains most for its cost: of all on clear drivers, or of some of these."""
        found = self.table[self.table["sound"]]
        found = found if among is None else found[found["driver"].isin(among)]
        return None if found.empty else found.iloc[0]


def for_their_cost(
    chosen: Priorities,
    actions: pd.DataFrame,
    effects: pd.DataFrame,
    reached: Mapping[str, float],
    *,
    money: float = 100_000,
    confidence: float = 0.95,
) -> Costed:
    """What each action is linked to, in points of the outcome, and for the money it costs.

    An action adds points to drivers of those it reaches and who take it up. Its gain is the
    effect of a point times the change, times adoption, times the share of customers reached;
    no more is added than customers lack to the target on average. Effects are drawn as in
    :func:`helpers.methods.drivers.deciding.posterior`, changes and adoption from triangles.

    Parameters
    ----------
    chosen
        Priorities of single drivers.
    actions
        ``action_id``, ``name``, ``cost_once``, ``cost_year``, and ``adoption_low``, ``_mid``
        and ``_high``; with ``requires``, those that need another action first are left out.
    effects
        ``action_id``, ``driver``, ``change_low``, ``change_mid``, ``change_high``.
    reached
        Share of customers that each action reaches.
    money
        The amount that gains are told for.

    Raises
    ------
    NotEstimable
        Where nothing tells how sure effects are, or no action has a cost and moves a driver.

    Examples
    --------
    >>> from helpers.methods.drivers import performance, priorities, relative_importance
    >>> ratings = pd.DataFrame({"ease": [1, 2, 3, 4, 5, 6] * 4, "speed": [2, 9, 4, 7] * 6})
    >>> scale = {"ease": (0, 10), "speed": (0, 10)}
    >>> found = relative_importance(ratings, 3 * ratings["ease"] + ratings["speed"])
    >>> ranked = priorities(found, performance(ratings), scale=scale)
    >>> action = {"action_id": "A", "name": "Training", "cost_once": 50_000, "cost_year": 0}
    >>> taken = dict.fromkeys(("adoption_low", "adoption_mid", "adoption_high"), 0.5)
    >>> change = dict.fromkeys(("change_low", "change_mid", "change_high"), 0.8)
    >>> moved = pd.DataFrame([{"action_id": "A", "driver": "ease", **change}])
    >>> for_their_cost(ranked, pd.DataFrame([action | taken]), moved, {"A": 1.0}).table[
    ...     ["name", "gain", "for_cost"]].round(2).values.tolist()
    [['Training', 1.2, 2.4]]
    """
    if chosen.lifts is None:
        raise NotEstimable("nothing tells how sure the effects are that actions would use")
    rng, rows, left_out = np.random.default_rng(SEED), [], {}
    for action in actions.to_dict("records"):
        own, cost = str(action["action_id"]), _cost(action)
        moved = effects[effects["action_id"] == own]
        moved = moved[moved["driver"].isin(chosen.lifts.names)]
        if reason := _unfit(action, moved, cost, reached.get(own)):
            left_out[own] = reason
            continue
        parts = _gains(chosen, action, moved, reached[own], rng)
        total = sum(parts.values())
        driver = max(parts, key=lambda name: float(parts[name].mean()))
        ends = np.quantile(total, [(1 - confidence) / 2, (1 + confidence) / 2])
        gain, low, high = as_drawn([np.mean(total), *ends]).tolist()
        rows.append(
            {
                "action_id": own, "name": str(action.get("name") or own), "driver": driver,
                "cost": cost, "gain": gain, "low": low, "high": high,
                "positive": float(np.mean(np.asarray(total) > 0)),
                "for_cost": gain / cost * money, "sound": driver in chosen.clear,
            }
        )  # fmt: skip
    if not rows:
        raise NotEstimable("no listed action has a cost and moves a driver that was rated")
    table = pd.DataFrame(rows).sort_values(["for_cost", "action_id"], ascending=[False, True])
    return Costed(table.reset_index(drop=True), money, chosen.base, left_out)


def _cost(action: Mapping[Hashable, Any]) -> float:
    """Once, and for the first year."""
    once, year = (float(str(action.get(name))) for name in ("cost_once", "cost_year"))
    return once + YEARS * year


def _unfit(
    action: Mapping[Hashable, Any], moved: pd.DataFrame, cost: float, reached: float | None
) -> str:
    """Why nothing can be said of an action for its cost; empty where something can."""
    if str(action.get("requires") or "nan") not in ("nan", "None", "<NA>"):
        return "needs another action first"
    if not cost > 0:
        return "no cost is given"
    if reached is None or not reached > 0:
        return "whom it reaches is not known, or nobody"
    return "moves no driver that was rated" if moved.empty else ""


def _gains(
    chosen: Priorities, action: Mapping[Hashable, Any], moved: pd.DataFrame, reached: float,
    rng: np.random.Generator,
) -> dict[str, Array]:  # fmt: skip
    """Draws of what an action is linked to, by driver."""
    likely = chosen.lifts.likely if chosen.lifts else None
    short = chosen.table.set_index("driver")["reach"]
    found: dict[str, Array] = {}
    for effect in moved.to_dict("records"):
        name = str(effect["driver"])
        lacking = float(short[name])
        if likely is None or not lacking > 0:
            continue
        draws = likely.draws[:, likely.names.index(name)] / lacking
        size = len(draws)
        change = _triangle([effect[f"change_{end}"] for end in ("low", "mid", "high")], size, rng)
        taken = _triangle([action[f"adoption_{end}"] for end in ("low", "mid", "high")], size, rng)
        found[name] = found.get(name, 0.0) + draws * np.minimum(change, lacking) * taken * reached
    return found or {str(moved["driver"].iloc[0]): np.zeros(1)}


def _triangle(ends: list[object], size: int, rng: np.random.Generator) -> Array:
    """Draws between a low and a high value, most near the middle one; 1 where none is given."""
    given = sorted(x for x in (float(str(end)) for end in ends) if np.isfinite(x))
    if not given:
        return np.ones(size)
    low, middle, high = given[0], given[len(given) // 2], given[-1]
    return np.full(size, low) if low == high else rng.triangular(low, middle, high, size)

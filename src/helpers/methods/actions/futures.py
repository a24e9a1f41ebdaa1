"""How often each action belongs to the best plan, over the futures that are possible."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from helpers.methods.actions.gains import Worth
from helpers.methods.actions.limits import Limits
from helpers.methods.actions.portfolio import best_portfolio

__all__ = ["chosen_in"]

Floats = NDArray[np.float64]
ROUGHLY = 1e-3  # of the worth: a future is one draw, and nobody acts on its last dollar


def chosen_in(
    worth: Worth, limits: Limits, rng: np.random.Generator, *, futures: int = 100
) -> Floats:
    """Share of futures in which each action is part of the plan that is best in it alone.

    Nobody will know the future before choosing: an action of a high share is right whatever
    comes, one of a low share only on average.

    Returns
    -------
    array
        A share 0 to 1 for each action; its error is about ``sqrt(share (1 - share) / futures)``.
    """
    draws = rng.choice(worth.draws, size=min(futures, worth.draws), replace=False)
    counts = np.zeros(len(worth.options.candidates))
    for draw in np.sort(draws):
        plan = best_portfolio(worth.only(int(draw)), limits, gap=ROUGHLY)
        counts[list(plan.starts)] += 1
    return counts / len(draws)

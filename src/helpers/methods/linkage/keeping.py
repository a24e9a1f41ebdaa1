"""What better scores keep of today's revenue: the share that an improvement elsewhere is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.methods.linkage.forecasts import (
    Forecast,
    Past,
    check_current,
    expected_scores,
    refitted,
    scored_accounts,
)
from helpers.methods.linkage.models import Link
from helpers.methods.linkage.risk import ends

__all__ = ["RevenueKept", "revenue_kept"]

Floats = np.ndarray


@dataclass(frozen=True)
class RevenueKept:
    """Share of today's revenue that stays, and else would leave, where scores are raised.

    ``table`` has a row an account: ``account_id``, ``revenue`` (a year, money), ``staying`` and
    ``raised`` (chance of staying as things are, and with the raised score), ``kept`` (money).
    What is kept counts in no other line: growth is of what stays as things are.
    """

    table: pd.DataFrame
    share: float  # of revenue, for ``points`` more of every true score
    low: float
    high: float
    points: float
    base: int
    confidence: float
    notes: tuple[str, ...]

    def __post_init__(self) -> None:
        whole = float(self.table["revenue"].sum())
        if not np.isclose(self.table["kept"].sum(), self.share * whole):
            raise ValueError("what accounts keep is not the share of their revenue")
        room = self.table["revenue"] * (1 - self.table["staying"])
        if (self.table["kept"] > room + 1e-6 * self.table["revenue"]).any():
            raise ValueError("an account keeps more than it would lose")


def revenue_kept(
    link: Link,
    current: pd.DataFrame,
    *,
    panel: pd.DataFrame,
    points: float,
    most: float = 100.0,
    replicates: int = 500,
    confidence: float = 0.95,
    rng: np.random.Generator,
) -> RevenueKept:
    """Value a small rise of every true score as a share of today's revenue.

    Parameters
    ----------
    link, current, panel
        As for ``revenue_at_risk``: a link with an outcome of 1 for those who stayed.
    points
        Points of the score that true scores are raised by, at most to ``most``. What is worth a
        part of them is taken as that part, so give a small step.
    replicates
        Refits on accounts drawn with replacement.

    Notes
    -----
    Each account's chance of staying with the raised score, less that without, times its own
    revenue. The average change of staying over accounts is another thing: where large accounts
    leave less often they have less to keep, and money weighs them by their size. G-computation on
    the link of true scores; the interval is a bias-corrected percentile of refits.

    Examples
    --------
    >>> from helpers.methods.linkage.models import link
    >>> from scipy.special import expit
    >>> rng = np.random.default_rng(2)
    >>> past = pd.DataFrame({"account_id": range(400), "score": rng.normal(60, 15, 400)})
    >>> past["retained"] = (rng.random(400) < expit(past["score"] / 15 - 2)).astype(float)
    >>> found = revenue_kept(link(past, "retained"), past.assign(revenue=1000.0), panel=past,
    ...                      points=1, replicates=100, rng=rng)
    >>> bool(0 < found.low < found.share < found.high < 0.05)
    True
    """
    check_current(link, current, replicates, rng)
    if not points > 0:
        raise ValueError(f"points are above 0, not {points}: a rise is what is valued")
    accounts, notes = scored_accounts(link, current)
    world, past = Forecast.of(link, accounts, 1), Past.of(link, panel)
    spread = link.design.spread[link.score]
    rise = (points / spread, (most - link.design.centre[link.score]) / spread)
    now, raised = (1 - lost[0] for lost in _lost(world, *rise, *expected_scores(world, past)))
    weight = world.revenue / world.revenue.sum()
    share = float((raised - now) @ weight)
    shares: list[float] = []
    for refits in refitted(world, past, replicates, rng):
        as_it_is, then = _lost(world, *rise, *refits)
        shares += list((as_it_is - then) @ weight)
    low, high = ends(pd.Series(shares, dtype=float), share, confidence)
    table = pd.DataFrame({
        "account_id": accounts["account_id"].to_numpy(), "revenue": world.revenue,
        "staying": now, "raised": raised, "kept": world.revenue * (raised - now),
    })  # fmt: skip
    return RevenueKept(table, share, low, high, points, len(table), confidence, notes)


def _lost(
    world: Forecast, step: float, most: float, coefficients: Floats, true: Floats
) -> tuple[Floats, Floats]:
    """Chance of leaving as things are, and with true scores raised: refit, account."""
    values = true.reshape(len(true), true.shape[1], -1)
    raised = np.maximum(values, np.minimum(values + step, most))
    as_it_is, then = (world.lost_at(coefficients, scores) for scores in (values, raised))
    return as_it_is.mean(axis=2), then.mean(axis=2)

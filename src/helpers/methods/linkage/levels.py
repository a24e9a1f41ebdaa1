"""Whether as many leave after each wave as after the others, and what of the total hangs on it.

A link says who is likelier to leave; how many leave in all may differ from one half-year to the
next, with prices, rivals or the economy. A forecast from several waves takes their average: where
waves differ by more than chance, the next one will differ as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit

from helpers.errors import NotEstimable
from helpers.methods.linkage.forecasts import (
    Forecast,
    Past,
    check_current,
    expected_scores,
    learned_from,
    scored_accounts,
)
from helpers.methods.linkage.models import Link

__all__ = ["LossLevels", "loss_levels", "spreads_of_levels"]

Floats = np.ndarray
WORLDS = 2000  # drawn to say what chance does
AT_ONCE = 100  # of them, which leaves what is worked on near the processor
FURTHEST = 12.0  # log odds that a level may lie off the others
PRIOR = 0.5  # half-normal scale of how far levels lie apart, in log odds
GRID = np.linspace(0, 2.5, 251)  # of that spread


@dataclass(frozen=True)
class LossLevels:
    """How many left after each past wave beside what the link expects, and today's loss at each.

    ``table`` has a row a wave, first to last: ``wave``, ``base``, ``left``, ``expected`` (by the
    link, all waves together), ``lost`` and ``lost_expected`` (revenue, missing where it is not
    known), ``shift`` (log odds of leaving beside the link's) with its ``error``, and ``loss``:
    what today's accounts would be expected to lose, a year's money, were they to leave as often
    as after that wave.
    """

    table: pd.DataFrame
    p_accounts: float
    p_revenue: float  # missing where revenue at the waves is not known
    base: int  # accounts today
    confidence: float

    @property
    def p(self) -> float:
        """Of both tests together (Bonferroni)."""
        known = [p for p in (self.p_accounts, self.p_revenue) if not np.isnan(p)]
        return min(1.0, len(known) * min(known))

    @property
    def verdict(self) -> Literal["differ", "alike"]:
        """Whether waves differ by more than chance in how many, or how much revenue, left."""
        return "differ" if self.p < 1 - self.confidence else "alike"

    @property
    def last(self) -> float:
        """Today's loss at the level of the last wave whose outcomes are known."""
        return float(self.table["loss"].iloc[-1])

    @property
    def least(self) -> float:
        """Today's loss at the level of the wave after which fewest left."""
        return float(self.table["loss"].min())

    @property
    def most(self) -> float:
        """Today's loss at the level of the wave after which most left."""
        return float(self.table["loss"].max())

    def drawn(self, count: int, rng: np.random.Generator, *, waves: int = 1) -> Floats:
        """Log odds by which the next wave may lie off the average of those that are known.

        How far levels lie apart is drawn from what so few waves leave likely; their average is
        off by its own part of it. It is not asked first whether they differ: an interval that
        allows for it only where a test found it holds too seldom. With ``waves`` it is what so
        many that come do to what is kept over all of them: a level counts in its own stretch
        and in each later one, so that of n the first weighs n times as much as the last.
        """
        known = spreads_of_levels(self.table["shift"].to_numpy(), self.table["error"].to_numpy())
        spread = rng.choice(GRID, size=count, p=known)
        coming = 2 * (2 * waves + 1) / (3 * waves * (waves + 1))
        off = np.sqrt(coming + 1 / len(self.table))
        return np.asarray(spread * off * rng.standard_normal(count))


def loss_levels(
    link: Link,
    current: pd.DataFrame,
    *,
    panel: pd.DataFrame,
    revenue: str = "revenue_before",
    confidence: float = 0.95,
    rng: np.random.Generator,
) -> LossLevels:
    """Test whether past waves differ in how many left, and value today's loss at each one's level.

    Parameters
    ----------
    link, current, panel
        As for ``revenue_at_risk``: a link with an outcome of 1 for those who stayed and 0 for
        those who left. ``panel`` has the ``wave`` of each row.
    revenue
        Column of ``panel`` with revenue at the wave, for the test on revenue.
    confidence
        One less this share is the chance of a difference found where there is none.

    Raises
    ------
    NotEstimable
        Where outcomes of one wave alone are known, or the outcome is a share.

    Notes
    -----
    Each wave's accounts that left (and the revenue they had brought) are compared with what the
    link expects of them by its score and columns. The sum of squared differences, each over its
    variance, is set against draws of who left with the link's chances, the coefficients refitted
    to first order in each. Where windows of waves overlap, losses are in common and differences
    smaller than drawn, so the test errs on the side of *alike*.

    Examples
    --------
    >>> from helpers.methods.linkage.models import link
    >>> rng = np.random.default_rng(3)
    >>> past = pd.DataFrame({"account_id": range(600), "score": rng.normal(60, 15, 600),
    ...                      "wave": np.repeat(["W1", "W2", "W3"], 200)})
    >>> chance = np.repeat([0.7, 0.9, 0.95], 200)
    >>> past["retained"] = (rng.random(600) < chance).astype(float)
    >>> now = past.tail(200).assign(revenue=1.0)
    >>> found = loss_levels(link(past, "retained"), now, panel=past, rng=rng)
    >>> found.verdict, 5 < found.last < 15 < found.most < 80
    ('differ', True)
    """
    check_current(link, current, 0, None)
    rows = learned_from(link, panel)
    if link.kind != "logit":
        raise NotEstimable("levels of loss need an outcome of 0 and 1 for each account")
    if "wave" not in rows or rows["wave"].nunique() < 2:
        raise NotEstimable("what happened after one wave alone is known: levels of waves cannot be "
                           "compared yet")  # fmt: skip
    accounts, _ = scored_accounts(link, current)
    past, codes, names = Past.of(link, panel), *_in_time(rows)
    chance, gone = 1 - expit(past.matrix @ link.coefficients.to_numpy()), 1 - past.outcome
    money = rows[revenue].clip(lower=0).to_numpy(float) if revenue in rows else None
    counts = [np.ones(len(gone))] + ([] if money is None else [np.nan_to_num(money)])
    p_accounts, *p_revenue = _p(past.matrix, gone - chance, chance, codes, counts, rng)
    table = _by_wave(codes, names, chance, gone, money)
    loss = _at_levels(Forecast.of(link, accounts, 1), past, table["shift"].to_numpy())
    return LossLevels(
        table.assign(loss=loss),
        p_accounts,
        p_revenue[0] if p_revenue else np.nan,
        len(accounts),
        confidence,
    )


def _in_time(rows: pd.DataFrame) -> tuple[np.ndarray, list[str]]:
    """Which wave each row is of, and the waves, first to last."""
    first = rows.groupby("wave")["t0"].min() if "t0" in rows else None
    order = sorted(rows["wave"].unique()) if first is None else list(first.sort_values().index)
    return pd.Categorical(rows["wave"], categories=order).codes, [str(wave) for wave in order]


def _p(
    matrix: Floats, off: Floats, chance: Floats, codes: np.ndarray, counts: list[Floats],
    rng: np.random.Generator,
) -> list[float]:  # fmt: skip
    """Shares of drawn worlds whose waves differ at least as much, by each way that accounts count.

    Who left differs from the link's chances, to which it is refitted in each world. Only sums of
    waves are made of that, not the differences of all accounts.
    """
    spread = chance * (1 - chance)
    square = np.linalg.pinv(matrix.T @ (spread[:, None] * matrix))
    number, found = codes.max() + 1, []
    waves = np.hstack([np.eye(number)[codes] * count[:, None] for count in counts])
    left = waves - matrix @ (square @ (matrix.T @ (spread[:, None] * waves)))
    noise = np.vstack([
        ((rng.random((min(AT_ONCE, WORLDS - first), len(chance))) < chance) - chance) @ left
        for first in range(0, WORLDS, AT_ONCE)
    ])  # fmt: skip
    ratios = np.vstack([off @ waves, noise]) ** 2 / np.maximum(spread @ waves**2, 1e-300)
    for part in np.split(ratios, len(counts), axis=1):
        seen, *worlds = part.sum(axis=1)
        found.append(float((1 + (np.array(worlds) >= seen).sum()) / (1 + WORLDS)))
    return found


def _by_wave(
    codes: np.ndarray, names: list[str], chance: Floats, gone: Floats, money: Floats | None
) -> pd.DataFrame:
    lines = []
    for code, name in enumerate(names):
        here = codes == code
        shift = _shift(chance[here], gone[here].sum())
        spread = expit(_log_odds(chance[here]) + shift)
        lost = (np.nan, np.nan) if money is None else (
            float(np.nansum(money[here] * gone[here])), float(np.nansum(money[here] * chance[here]))
        )  # fmt: skip
        lines.append((name, int(here.sum()), int(gone[here].sum()), float(chance[here].sum()),
                      *lost, shift, 1 / np.sqrt((spread * (1 - spread)).sum())))  # fmt: skip
    columns = ["wave", "base", "left", "expected", "lost", "lost_expected", "shift", "error"]
    return pd.DataFrame(lines, columns=columns)


def _log_odds(chance: Floats) -> Floats:
    inside = np.clip(chance, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(inside / (1 - inside)))


def _shift(chance: Floats, left: float) -> float:
    """Log odds by which all chances are moved to expect as many as left.

    Half an account stands in where none left, or all did.

    >>> round(_shift(np.full(100, 0.2), 10), 3)
    -0.811
    """
    aim = float(np.clip(left, 0.5, len(chance) - 0.5))
    line = _log_odds(chance)
    return float(brentq(lambda by: expit(line + by).sum() - aim, -2 * FURTHEST, 2 * FURTHEST))


def _at_levels(world: Forecast, past: Past, shifts: Floats) -> Floats:
    """Today's expected loss with the log odds of leaving moved by each shift."""
    coefficients, true = expected_scores(world, past)
    moved = world.with_level(np.repeat(coefficients, len(shifts), axis=0), shifts)
    lost, _, _ = world.at_true_scores(moved, np.repeat(true, len(shifts), axis=0))
    return np.asarray(lost @ world.revenue)


def spreads_of_levels(shifts: Floats, errors: Floats) -> Floats:
    """How likely each spread of ``GRID`` is, in log odds, given waves' levels and their errors.

    Normal levels about a mean of which nothing is known, and a half-normal prior for their
    spread, on a grid: the normal-normal model that R's package bayesmeta computes. Three waves
    alone say next to nothing against spreads that nobody has seen. The prior's scale, 0.5, is one
    that is usual for log odds (Röver and others, Research Synthesis Methods, 2021): there, two
    waves in three lie within two thirds of their average.

    Examples
    --------
    >>> likely = spreads_of_levels(np.array([0.6, -0.3, -0.3]), np.full(3, 0.2))
    >>> bool(likely.sum().round(9) == 1), bool(0.2 < GRID @ likely < 0.6)
    (True, True)
    """
    variance = errors[None] ** 2 + GRID[:, None] ** 2
    weight = 1 / variance
    mean = (weight * shifts).sum(axis=1) / weight.sum(axis=1)
    fit = (weight * (shifts[None] - mean[:, None]) ** 2).sum(axis=1)
    log = -0.5 * (np.log(variance).sum(axis=1) + np.log(weight.sum(axis=1)) + fit)
    log = log - 0.5 * (GRID / PRIOR) ** 2
    likely = np.exp(log - log.max())
    return np.asarray(likely / likely.sum())

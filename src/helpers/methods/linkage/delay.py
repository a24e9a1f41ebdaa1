"""After how many months the link with spend begins to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.linalg import solve_triangular

from helpers.errors import NotEstimable
from helpers.methods.claims import level
from helpers.methods.linkage.design import design_for, usable_columns
from helpers.methods.linkage.samples import FEWEST_ACCOUNTS
from helpers.methods.linkage.windows import MONTHS_BEFORE, revenue_by_month
from helpers.methods.solving import inverse

__all__ = ["Delay", "delay"]

DRAWS, SEED = 2_000, 19_930  # the same for everybody: the same data give the same page
SAME = 1e-9  # a direction this much shorter than the longest does not vary
DROP = 3.84  # of the fit, within which a month may as well be the one (chi-squared, 95 %)


@dataclass(frozen=True)
class Delay:
    """The month after the wave from which spend goes with the score, if it does."""

    table: pd.DataFrame  # month, effect (log ratio for per points), low, high, fitted
    month: int
    earliest: int
    latest: int
    step: float  # log ratio for per points, from that month on
    p: float  # of no step in any month
    base: int
    accounts: int

    @property
    def verdict(self) -> Literal["higher", "lower", "not clear"]:
        """Whether spend steps up or down with the score, beyond doubt."""
        if self.p >= level(0.95):
            return "not clear"
        return "higher" if self.step > 0 else "lower"


def delay(
    panel: pd.DataFrame,
    financials: pd.DataFrame,
    *,
    months: int = 12,
    score: str = "score",
    adjust: Sequence[str] = (),
    per: float = 10.0,
) -> Delay:
    """Find the month from which the spend of later months goes with the score.

    Spend of each month after the wave, over that of the year before it (log ratio), is regressed
    on the score. A step from 0 is fitted to the slopes by generalised least squares, once for
    each month that it may begin in; the best is reported, with the months that fit about as
    well. Whether there is a step at all is told by the largest of all steps' z, against the
    largest that chance makes.

    Parameters
    ----------
    panel
        Rows of account and wave with ``t0``.
    financials
        ``account_id``, ``period``, ``revenue``.
    months
        Months after the wave that are looked at; rows that lack one are left out.

    Raises
    ------
    NotEstimable
        If too few accounts have spend in every one of these months.
    """
    ratios = _ratios(panel, financials, months)
    kept, _ = usable_columns(panel, adjust)
    rows = panel[[score, "account_id", *kept]].join(ratios).dropna()
    accounts = rows["account_id"].nunique()
    if accounts < max(FEWEST_ACCOUNTS, 2 * months):
        raise NotEstimable(
            f"{accounts} accounts have revenue in each of the {months} months after a wave, and at "
            f"least {max(FEWEST_ACCOUNTS, 2 * months)} are needed to see when spend responds"
        )
    design, matrix = design_for(rows, score, kept)
    slopes, covariance, freedom = _slopes(rows, matrix, months)
    if freedom < 2 * months or _flat(covariance):
        raise NotEstimable("a few accounts alone carry the link with spend: no month can be told")
    scale = per / design.spread[score]
    return _stepped(slopes * scale, covariance * scale**2, freedom, (len(rows), accounts))


def _ratios(panel: pd.DataFrame, financials: pd.DataFrame, months: int) -> pd.DataFrame:
    before = revenue_by_month(panel, financials, -MONTHS_BEFORE, -1).mean(axis=1)
    after = revenue_by_month(panel, financials, 1, months)
    good = after.where(after > 0).div(before.where(before > 0), axis=0)
    return good.map(np.log).add_prefix("month ")


def _slopes(
    rows: pd.DataFrame, matrix: np.ndarray, months: int
) -> tuple[np.ndarray, np.ndarray, float]:
    """Slope of each month on the score, how the slopes vary together, and how well that is known.

    The last is how many accounts of equal pull would tell as much of it: few that score far from
    the middle make most of the sum.
    """
    outcomes = rows[[f"month {m}" for m in range(1, months + 1)]].to_numpy()
    bread = inverse(matrix.T @ matrix)
    coefficients = bread @ (matrix.T @ outcomes)
    pull = matrix @ bread[:, 1]
    moves = pull[:, None] * (outcomes - matrix @ coefficients)
    codes = pd.factorize(rows["account_id"])[0]
    sums = pd.DataFrame(moves).groupby(codes).sum().to_numpy()
    count, pulls = len(sums), np.bincount(codes, weights=pull**2)
    freedom = float(pulls.sum() ** 2 / (pulls**2).sum())
    return coefficients[1], count / (count - 1) * (sums.T @ sums), freedom


def _stepped(
    slopes: np.ndarray, covariance: np.ndarray, freedom: float, counts: tuple[int, int]
) -> Delay:
    months = len(slopes)
    steps = np.tril(np.ones((months, months)))  # column k: 1 from month k + 1 on
    weight = inverse(covariance)
    precision = np.einsum("ik,ij,jk->k", steps, weight, steps)
    size = (steps.T @ weight @ slopes) / precision
    z = size * np.sqrt(precision)
    best = int(np.argmax(np.abs(z)))
    near = np.flatnonzero(z[best] ** 2 - z**2 <= DROP)
    chance = _by_chance(covariance, steps, freedom)
    error = 1.96 * np.sqrt(np.diagonal(covariance))
    table = pd.DataFrame(
        {
            "month": np.arange(1, months + 1), "effect": slopes, "low": slopes - error,
            "high": slopes + error, "fitted": steps[:, best] * size[best],
        }
    )  # fmt: skip
    return Delay(
        table, best + 1, int(near[0]) + 1, int(near[-1]) + 1, float(size[best]),
        float((1 + (chance >= abs(z[best])).sum()) / (1 + DRAWS)), *counts,
    )  # fmt: skip


def _flat(covariance: np.ndarray) -> bool:
    """Whether some mix of months does not vary at all, as where months are copies of others."""
    lengths = np.linalg.eigvalsh(covariance)
    return bool(lengths[0] <= SAME * lengths[-1])


def _by_chance(covariance: np.ndarray, steps: np.ndarray, freedom: float) -> np.ndarray:
    """The largest z of all steps where there is none, its covariance estimated as it was here.

    The inverse of an estimated covariance is too sure of itself, so that is drawn as well, by
    Bartlett's decomposition (Anderson, Multivariate Statistical Analysis, 2003, 7.2).
    """
    rng, months = np.random.default_rng(SEED), len(covariance)
    plain = solve_triangular(np.linalg.cholesky(covariance), steps, lower=True)
    lower = np.tril(rng.standard_normal((DRAWS, months, months)), -1)
    places = np.arange(months)
    lower[:, places, places] = np.sqrt(rng.chisquare(freedom - places, (DRAWS, months)))
    sides = np.concatenate([np.broadcast_to(plain, (DRAWS, *plain.shape)),
                            rng.standard_normal((DRAWS, months, 1))], axis=2)  # fmt: skip
    solved = np.linalg.solve(lower, sides) * np.sqrt(freedom)
    found = np.einsum("dik,di->dk", solved[:, :, :-1], solved[:, :, -1])
    return np.asarray(np.abs(found / np.linalg.norm(solved[:, :, :-1], axis=1)).max(axis=1))

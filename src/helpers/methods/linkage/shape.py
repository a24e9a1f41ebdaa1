"""How much of the outcome comes with each level of the score, and whether there is a threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.optimize import isotonic_regression

from helpers.errors import NotEstimable
from helpers.methods.linkage.samples import FEWEST_ACCOUNTS, Question

__all__ = ["Response", "response"]

KNOTS = np.linspace(0.15, 0.85, 15)  # quantiles of the score at which a threshold is looked for
GRID = np.linspace(0.05, 0.95, 19)  # at which the curve is read
FEWEST = 100  # rows: below this a curve shows only where accounts happen to lie
ALPHA = 0.05
REDRAWN = 100  # times accounts are drawn for the place of a threshold


@dataclass(frozen=True)
class Response:
    """The outcome over the score, never turning back, and where its slope changes."""

    table: pd.DataFrame  # score, expected, low, high
    threshold: float
    threshold_low: float  # missing where no threshold is clear
    threshold_high: float
    p: float  # of a straight line
    below: float  # slope for per points, straight up to the threshold
    above: float
    base: int
    accounts: int

    @property
    def verdict(self) -> Literal["levels off", "begins", "no threshold"]:
        """Whether the slope changes beyond doubt, and how."""
        if self.p >= ALPHA:
            return "no threshold"
        return "levels off" if abs(self.above) < abs(self.below) else "begins"


def response(
    panel: pd.DataFrame,
    outcome: str,
    *,
    score: str = "score",
    adjust: Sequence[str] = (),
    per: float = 10.0,
    confidence: float = 0.95,
    replicates: int = 200,
    rng: np.random.Generator,
) -> Response:
    """Fit the outcome as a curve of the score that only rises, or only falls.

    What other columns explain is taken out first (least squares, the score in bands). The curve
    is isotonic regression (Barlow et al., 1972), in the direction of the straight line, its band
    from accounts drawn again. A threshold is looked for at fifteen quantiles of the score: the
    largest change of slope against the largest that chance makes, residuals of accounts changing
    sign (a score test with multipliers; Hansen, Econometrica, 1996). The place of one that is
    clear has an interval from accounts drawn again.

    Raises
    ------
    NotEstimable
        With fewer than a hundred rows.

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> frame = pd.DataFrame({"account_id": range(600), "score": rng.uniform(0, 100, 600)})
    >>> frame["spend"] = np.minimum(frame["score"], 50) / 50 + rng.normal(0, 0.1, 600)
    >>> found = response(frame, "spend", replicates=50, rng=rng)
    >>> found.verdict, 45 < found.threshold < 55
    ('levels off', True)
    """
    ask = Question(outcome, score, "linear", "account_id", per, confidence, 0.0)
    sample = ask.sample(panel, adjust, None)
    if len(sample.rows) < FEWEST or sample.accounts < FEWEST_ACCOUNTS:
        raise NotEstimable(
            f"{len(sample.rows)} account surveys have the outcome, and a curve needs {FEWEST}"
        )
    scores = sample.rows[score].to_numpy(float)
    others = np.delete(sample.matrix, 1, axis=1)
    codes = pd.factorize(sample.rows["account_id"])[0]
    curve = _curve(scores, sample.target, others, codes, replicates, confidence, rng)
    knots = np.unique(np.quantile(scores, KNOTS))
    knots = knots[(knots > scores.min()) & (knots < scores.max())]
    p = _bent_by_chance(scores, sample.target, others, codes, knots, rng)
    knot = _best(scores, sample.target, others, knots, np.ones(len(scores)))
    low = high = np.nan
    if p < ALPHA:
        low, high = _place(scores, sample.target, others, codes, knots, confidence, rng)
        low, high = min(low, knot), max(high, knot)
    below, change = _hinged(scores, sample.target, others, knot)
    return Response(
        curve, knot, low, high, p, below * per, (below + change) * per,
        len(scores), sample.accounts,
    )  # fmt: skip


def _curve(
    scores: np.ndarray, outcome: np.ndarray, others: np.ndarray, codes: np.ndarray,
    replicates: int, confidence: float, rng: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    plain = _plain(scores, outcome, others)
    rises = np.cov(scores, plain)[0, 1] > 0
    at = np.unique(np.quantile(scores, GRID))
    order = np.argsort(scores, kind="stable")
    x, y = scores[order], plain[order]
    whole = _read(x, y, np.ones(len(x)), at, rises=rises)
    count = int(codes.max()) + 1
    drawn = [
        _read(
            x, y, rng.multinomial(count, np.full(count, 1 / count))[codes[order]], at, rises=rises
        )
        for _ in range(replicates)
    ]
    tails = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    return pd.DataFrame({
        "score": at, "expected": whole, "low": np.minimum(tails[0], whole),
        "high": np.maximum(tails[1], whole),
    })  # fmt: skip


def _plain(scores: np.ndarray, outcome: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The outcome with what the other columns explain of it taken out."""
    edges = np.unique(np.quantile(scores, np.linspace(0, 1, 9)))[1:-1]
    bands = np.searchsorted(edges, scores, side="right")
    steps = (bands[:, None] == np.arange(len(edges) + 1)).astype(float)
    rest = others[:, 1:] - others[:, 1:].mean(axis=0)  # the first is the intercept
    fit = np.linalg.lstsq(np.column_stack([steps, rest]), outcome, rcond=None)[0]
    return np.asarray(outcome - rest @ fit[steps.shape[1] :])


def _read(
    x: np.ndarray, y: np.ndarray, weights: np.ndarray, at: np.ndarray, *, rises: bool
) -> np.ndarray:
    used = weights > 0
    fit = isotonic_regression(y[used], weights=weights[used].astype(float), increasing=bool(rises))
    return np.interp(at, x[used], fit.x)


def _bent_by_chance(
    scores: np.ndarray, outcome: np.ndarray, others: np.ndarray, codes: np.ndarray,
    knots: np.ndarray, rng: np.random.Generator,
) -> float:  # fmt: skip
    """The chance that a straight line seems to bend as much at any of the knots."""
    line = np.column_stack([others, scores])
    bends = np.maximum(scores[:, None] - knots, 0.0)
    bends = bends - line @ np.linalg.lstsq(line, bends, rcond=None)[0]
    rest = outcome - line @ np.linalg.lstsq(line, outcome, rcond=None)[0]
    sums = pd.DataFrame(bends * rest[:, None]).groupby(codes).sum().to_numpy()
    spread = np.sqrt((sums**2).sum(axis=0))
    found = (np.abs(sums.sum(axis=0)) / spread).max()
    signs = rng.choice([-1.0, 1.0], (999, len(sums)))
    chance = (np.abs(signs @ sums) / spread).max(axis=1)
    return float((1 + (chance >= found).sum()) / 1000)


def _place(
    scores: np.ndarray, outcome: np.ndarray, others: np.ndarray, codes: np.ndarray,
    knots: np.ndarray, confidence: float, rng: np.random.Generator,
) -> tuple[float, float]:  # fmt: skip
    """Where the best knot lies as accounts are drawn again."""
    count = int(codes.max()) + 1
    places = [
        _best(
            scores, outcome, others, knots,
            rng.multinomial(count, np.full(count, 1 / count))[codes],
        )
        for _ in range(REDRAWN)
    ]  # fmt: skip
    low, high = np.quantile(places, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def _best(
    scores: np.ndarray, outcome: np.ndarray, others: np.ndarray, knots: np.ndarray,
    weights: np.ndarray,
) -> float:  # fmt: skip
    """The knot that leaves least unexplained."""
    root = np.sqrt(weights)[:, None]
    line = np.column_stack([others, scores]) * root
    bends = np.maximum(scores[:, None] - knots, 0.0) * root
    bends = bends - line @ np.linalg.lstsq(line, bends, rcond=None)[0]
    saved = (bends.T @ (outcome * root[:, 0])) ** 2 / (bends**2).sum(axis=0)
    return float(knots[int(np.argmax(saved))])


def _hinged(
    scores: np.ndarray, outcome: np.ndarray, others: np.ndarray, knot: float
) -> tuple[float, float]:
    matrix = np.column_stack([others, scores, np.maximum(scores - knot, 0.0)])
    fit = np.linalg.lstsq(matrix, outcome, rcond=None)[0]
    return float(fit[-2]), float(fit[-1])

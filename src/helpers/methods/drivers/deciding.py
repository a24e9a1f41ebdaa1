"""Which driver to begin with: chances of being the best, and what choosing one would lose.

A test says what cannot be told apart, and leaves the choice open. A choice has to be made all
the same, and the one that loses least on average is known (expected opportunity loss: Raiffa &
Schlaifer 1961). The largest of several estimates is too large, by luck, and the more so the
less the true values differ; so estimates are first drawn towards their mean, by as much as
their own spread says (Rubin 1981), their errors varying together as accounts left out say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from helpers.methods.drivers.simultaneous import normal_points, root

__all__ = ["Decision", "Posterior", "as_drawn", "decision", "posterior"]

Array = NDArray[np.float64]

SPREADS = 60  # values of the spread of true values that are gone through
WIDEST = 3.0  # times the estimates' own spread and error: the widest gone through
FEW = 4.0  # degrees of freedom below which a variance of Student's t is that of this many
CLEAR = 0.95  # chance of being above zero from which a first driver counts as one
DIGITS = 6  # of what is told from draws: a hundred times as many as their number holds
LEAST = 1e-5  # of the error: true values that are spread less are alike, and none is always first


@dataclass(frozen=True, slots=True)
class Posterior:
    """Likely true values: ``draws`` of all together, evenly spread and equally likely."""

    names: tuple[str, ...]
    draws: Array  # (draws, names)
    covariance: Array  # of the estimates
    spread: float  # mean spread of the true values

    def summed(self, names: Sequence[str], matrix: Array) -> Posterior:
        """Sums of them, by what each counts for in each sum, ``(sums, names)``."""
        own = matrix @ self.covariance @ matrix.T
        return replace(self, names=tuple(names), draws=self.draws @ matrix.T, covariance=own)

    def only(self, names: Sequence[str]) -> Posterior:
        """The same of some of them."""
        at = [self.names.index(name) for name in names]
        own = self.covariance[np.ix_(at, at)]
        return replace(self, names=tuple(names), draws=self.draws[:, at], covariance=own)


@dataclass(frozen=True, slots=True)
class Decision:
    """Drivers by what choosing them would lose, least first.

    ``table``: ``driver``, ``expected`` (its effect times its reach, the effect drawn towards
    the mean, in points of the outcome) with ``low`` and ``high``, ``best`` (chance that no
    other driver's is larger), ``positive`` (chance that it goes with anything), ``regret``
    (expected loss: the best driver's true value less its own).
    """

    table: pd.DataFrame
    first: str
    best: float  # chance that the first is the best
    positive: float  # chance that it goes with anything
    regret: float  # points that choosing it loses on average, against knowing the best
    second: str | None  # which comes next; None where there is one driver
    instead: float  # part of the first's cost below which the second would come first
    moved: float  # chance that as many answers again would put another first
    by_lot: float  # points that a choice by lot among those not told from the best would lose
    base: int

    def __post_init__(self) -> None:
        total = float(self.table["best"].sum())
        if not np.isclose(total, 1):
            raise ValueError(f"chances of being the best sum to {total:.4f}, not to 1")
        if not (self.table["regret"] >= 0).all():
            raise ValueError("a driver loses less than nothing against the best")

    @property
    def sound(self) -> bool:
        """Whether it is likely enough that the first goes with anything to begin there."""
        return self.positive >= CLEAR


def posterior(names: Sequence[str], values: Array, covariance: Array, freedom: float) -> Posterior:
    """What is likely to be true of several values, given their estimates.

    True values are taken as normal around a common mean, of which nothing is known before,
    with a spread of which any is as likely beforehand (Gelman 2006). Estimates vary around
    them as the covariance says; for its degrees of freedom it is made wider, as Student's t
    is wider than the normal.

    Parameters
    ----------
    names, values, covariance
        Estimates, and how they vary together.
    freedom
        Degrees of freedom of the covariance.

    Examples
    --------
    >>> import numpy as np
    >>> found = posterior(["a", "b", "c"], np.array([3.0, 1, 1]), np.eye(3), 200)
    >>> found.draws.mean(axis=0).round(1).tolist()
    [2.4, 1.3, 1.3]
    """
    wide = covariance * freedom / (freedom - 2) if freedom > FEW else 2.0 * covariance
    error = float(np.diagonal(wide).mean())
    around = float(np.var(values)) if len(values) > 1 else 0.0
    spreads = np.linspace(0, WIDEST * np.sqrt(around + error), SPREADS)
    means, covariances, logs = _given(values, wide, spreads)
    likely = np.exp(logs - logs.max())
    points = normal_points(2 * len(values) + 1)  # the last are for a next wave
    chosen = np.searchsorted(likely.cumsum() / likely.sum(), ndtr(points[:, 0])).clip(
        max=SPREADS - 1
    )
    draws = np.empty((len(points), len(values)))
    order = np.argsort(chosen.astype(np.int8), kind="stable")
    parts = np.split(order, np.bincount(chosen).cumsum()[:-1])
    for mean, spread, rows in zip(means, covariances, parts, strict=False):
        if rows.size:
            draws[rows] = mean + points[rows, 1 : len(values) + 1] @ root(spread).T
    return Posterior(tuple(names), draws, wide, float(likely @ spreads / likely.sum()))


def _given(values: Array, covariance: Array, taus: Array) -> tuple[Array, Array, Array]:
    """Mean and covariance of the true values for each spread of them, and its log likelihood."""
    ones = np.ones((len(values), 1))
    wide = np.maximum(taus, LEAST * np.sqrt(covariance.max())) ** 2
    whole = covariance + wide[:, None, None] * np.eye(len(values))
    inverse = np.linalg.pinv(whole, hermitian=True)
    across = ones.T @ inverse
    weight = (across @ ones)[:, 0, 0]
    off = values[:, None] - across @ values[:, None] / weight[:, None, None]
    gain = covariance @ inverse
    pulled = gain @ ones
    left = covariance - gain @ covariance + pulled @ pulled.swapaxes(1, 2) / weight[:, None, None]
    told = (off.swapaxes(1, 2) @ inverse @ off)[:, 0, 0]
    likelihood = -0.5 * (np.linalg.slogdet(whole)[1] + np.log(weight) + told)
    return values - (gain @ off)[:, :, 0], (left + left.swapaxes(1, 2)) / 2, likelihood


def decision(
    found: Posterior,
    *,
    among: Sequence[str] = (),
    tied: Sequence[str] = (),
    confidence: float = 0.95,
    base: int = 0,
) -> Decision:
    """Choose the driver that loses least on average, and say what would change the choice.

    The loss of a driver is how far its effect times its reach falls short of that of the best,
    in points of the outcome. Least is lost, on average, with the one that is expected to go
    with most; it is not always the one most often the best.

    Parameters
    ----------
    found
        As :func:`posterior` returns it, of effects times reach.
    among
        Those that may be chosen, such as those with a clear effect; all, where none is named.
    tied
        Those that tests do not tell from the best: what a choice by lot among them loses.

    Examples
    --------
    >>> import numpy as np
    >>> likely = posterior(["ease", "speed"], np.array([2.0, 1.0]), 0.1 * np.eye(2), 200)
    >>> chosen = decision(likely)
    >>> chosen.first, round(chosen.best, 2), round(chosen.regret, 2)
    ('ease', 0.96, 0.0)
    """
    draws = np.ascontiguousarray(found.draws.T)  # a row a driver
    lost = draws.max(axis=0) - draws
    low, high = np.quantile(draws, [(1 - confidence) / 2, (1 + confidence) / 2], axis=1)
    best = np.bincount(found.draws.argmax(axis=1), minlength=len(draws)) / len(found.draws)
    table = pd.DataFrame(
        {
            "driver": found.names,
            "expected": as_drawn(draws.mean(axis=1)),
            "low": as_drawn(low),
            "high": as_drawn(high),
            "best": best,
            "positive": (draws > 0).mean(axis=1),
            "regret": as_drawn(lost.mean(axis=1)),
        }
    ).sort_values(["regret", "driver"], ignore_index=True)
    open_to = table[table["driver"].isin(among)]
    open_to = table if open_to.empty else open_to
    first = open_to.iloc[0]
    others = table[table["driver"] != first["driver"]]
    second = others.iloc[0] if len(others) else None
    by_lot = table["driver"].isin(tied) if len(tied) else slice(None)
    return Decision(
        table,
        str(first["driver"]),
        float(first["best"]),
        float(first["positive"]),
        float(first["regret"]),
        None if second is None else str(second["driver"]),
        _instead(first, second),
        _moved(found, found.names.index(str(first["driver"]))),
        float(table.loc[by_lot, "regret"].mean()),
        base,
    )


def as_drawn(values: ArrayLike) -> Array:
    """Means and quantiles of draws, to the digits that are told of them.

    The last digits of a draw are those of the processor, and the error of their number is a
    thousand times larger than the last digit that is left.

    >>> as_drawn([2 / 3, 1234.56789, 0.0]).tolist()
    [0.666667, 1234.57, 0.0]
    """
    told = [float(f"{value:.{DIGITS}g}") for value in np.atleast_1d(values)]
    return np.array(told)


def _instead(first: pd.Series, second: pd.Series | None) -> float:
    """The part of the first's cost below which the second gives more for its money."""
    if second is None or not first["expected"] > 0 or not second["expected"] > 0:
        return float("nan")
    return float(second["expected"] / first["expected"])


def _moved(found: Posterior, first: int) -> float:
    """How often as many answers again would put another first (preposterior analysis)."""
    draws, own = found.draws, found.covariance
    mean, spread = draws.mean(axis=0), np.cov(draws.T).reshape(own.shape)
    noise = normal_points(2 * len(mean) + 1)[:, len(mean) + 1 :] @ root(own).T
    gain = spread @ np.linalg.pinv(spread + own, hermitian=True)
    later = mean + (draws + noise - mean) @ gain.T
    return float((later.argmax(axis=1) != first).mean())

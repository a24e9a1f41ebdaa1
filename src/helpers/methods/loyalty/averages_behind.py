"""How far accounts differ where each row is an average already, told by how many are behind it.

Published figures have one score an account and the number of completed surveys behind it. No
answers within an account are known, so what is chance is read from the accounts themselves:
those with few answers scatter more, by the variance of a single answer over their number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from helpers.methods.survey.calibration import Floats

__all__ = ["NOTE", "Spread", "shrunk_averages", "spread_by_size"]

FEWEST = 10  # accounts beyond one a wave, before their scatter is read
VARIED = 2.0  # times as many answers behind the largest as behind the smallest
GRID = np.linspace(0.005, 0.995, 100)  # reliabilities of an account with the middle number
NOTE = (
    "Scores are averages of the answers behind them: how much of their scatter is chance is read "
    "from how much more those with few answers scatter."
)


@dataclass(frozen=True, eq=False)
class Spread:
    """Pairs of variances between accounts and of a single answer, and how likely each pair is."""

    between: Floats
    within: Floats
    weight: Floats  # adding up to 1

    @property
    def best(self) -> tuple[float, float]:
        """The likeliest pair."""
        place = int(self.weight.argmax())
        return float(self.between[place]), float(self.within[place])


def spread_by_size(table: pd.DataFrame) -> Spread | None:
    """Variances by restricted likelihood, over all reliabilities alike; ``None`` if untold.

    Parameters
    ----------
    table
        ``score``, ``effective`` (answers behind it) and ``by`` (the wave) of each account.

    References
    ----------
    Searle, Casella and McCulloch (1992), Variance Components, 6.6.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> size = rng.integers(1, 60, 900)
    >>> score = 70 + 5 * rng.normal(size=900) + 20 * rng.normal(size=900) / size**0.5
    >>> found = spread_by_size(pd.DataFrame({"score": score, "effective": size, "by": "all"}))
    >>> [bool(0.8 < part**0.5 / true < 1.2) for part, true in zip(found.best, (5, 20))]
    [True, True]
    """
    size = table["effective"].to_numpy(float)
    waves = pd.factorize(table["by"])[0]
    freedom = len(table) - (int(waves.max(initial=-1)) + 1)
    if freedom < FEWEST or size.max() < VARIED * size.min():
        return None
    score = table["score"].to_numpy(float)
    if np.ptp(score) == 0:
        return None
    ratio = GRID / (1 - GRID) / np.median(size)  # between over within
    noise = ratio[:, None] + 1 / size
    squares, heights = _around(score, noise, waves)
    likely = -0.5 * (freedom * np.log(squares) + np.log(noise).sum(axis=1) + heights)
    weight = np.exp(likely - likely.max())
    within = squares / freedom
    return Spread(ratio * within, within, weight / weight.sum())


def _around(score: Floats, noise: Floats, waves: np.ndarray) -> tuple[Floats, Floats]:
    """Weighted squares round the mean of each wave, and the logarithms of the weights' sums."""
    squares, heights = np.zeros(len(noise)), np.zeros(len(noise))
    for wave in np.unique(waves):
        inside = waves == wave
        precision = 1 / noise[:, inside]
        total = precision.sum(axis=1)
        mean = precision @ score[inside] / total
        squares += (precision * (score[inside] - mean[:, None]) ** 2).sum(axis=1)
        heights += np.log(total)
    return squares, heights


def shrunk_averages(table: pd.DataFrame, spread: Spread, confidence: float) -> pd.DataFrame:
    """Scores drawn toward their wave's mean, over all pairs of variances by how likely they are.

    Examples
    --------
    >>> told = pd.DataFrame({"score": [90.0, 60.0, 70.0], "effective": [1, 100, 100], "by": "w"})
    >>> one = Spread(np.array([25.0]), np.array([400.0]), np.array([1.0]))
    >>> shrunk_averages(told, one, 0.95)["shrunk"].round(1).tolist()
    [67.2, 60.8, 69.4]
    """
    size, score = table["effective"].to_numpy(float), table["score"].to_numpy(float)
    waves = pd.factorize(table["by"])[0]
    place, doubt, trust = (np.zeros((len(spread.weight), len(table))) for _ in range(3))
    for k, (between, within) in enumerate(zip(spread.between, spread.within, strict=True)):
        precision = 1 / (between + within / size)
        summed = np.bincount(waves, precision)[waves]
        centre = np.bincount(waves, precision * score)[waves] / summed
        share = between * precision
        place[k] = centre + share * (score - centre)
        doubt[k] = between * (1 - share) + (1 - share) ** 2 / summed
        trust[k] = share
    shrunk = spread.weight @ place
    variance = spread.weight @ (doubt + (place - shrunk) ** 2)
    freedom = max(len(table) - int(waves.max(initial=0)) - 1, 1)
    reach = stdtrit(freedom, (1 + confidence) / 2) * variance**0.5
    return table.assign(
        shrunk=shrunk, low=shrunk - reach, high=shrunk + reach, reliability=spread.weight @ trust
    )

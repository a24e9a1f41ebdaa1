"""Whether drivers' effects are alike in all waves; where they are not, this wave's effect.

The effect of this wave is then drawn towards those of the others, as far as the waves
differ by more than chance (a random-effects model: DerSimonian & Laird 1986).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.methods.drivers.by_part import ByPart
from helpers.methods.drivers.clustered import freedom, moves
from helpers.methods.drivers.players import Players
from helpers.methods.drivers.sampled import covariance as by_design
from helpers.methods.drivers.sampled import freedom_within
from helpers.methods.drivers.screening import Answers
from helpers.methods.drivers.segments import holm
from helpers.methods.drivers.slopes import Slopes, with_interval
from helpers.methods.solving import inverse

__all__ = ["Agreement", "agreement", "drawn_together", "this_wave"]

Array = NDArray[np.float64]

CHANCE = 0.05  # corrected p below which effects are said to differ between waves
GRID = 201  # of spreads between waves that are weighed
WIDEST = 5.0  # of those: times the waves' own spread and error


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether drivers have the same effect in every wave.

    ``table``, one row a driver: ``driver``, ``statistic``, ``df``, ``p`` that its effect is
    the same in all waves, ``p_holm``, corrected for the tests of all drivers and the one of
    all together, and ``differs``. ``together``: p of that one; NaN with too few accounts.
    """

    table: pd.DataFrame
    together: float
    together_holm: float
    waves: int

    @property
    def p(self) -> float:
        """The smallest corrected p value: that no effect differs between waves."""
        return float(np.nanmin([self.together_holm, *self.table["p_holm"]]))

    @property
    def differing(self) -> tuple[str, ...]:
        """Drivers whose effect is this wave's: those that differ, or all, where all together do."""
        named = tuple(self.table.loc[self.table["differs"], "driver"])
        if named or not self.together_holm < CHANCE:
            return named
        return tuple(self.table["driver"])

    @property
    def verdict(self) -> str:
        """Whether waves agree, some drivers differ, or only all of them together do."""
        if self.table["differs"].any():
            return "some differ"
        return "together" if self.together_holm < CHANCE else "agree"


def agreement(answers: Answers, names: Sequence[str]) -> Agreement:
    """Test that each of some drivers has one effect in all waves, and that all of them do.

    Score tests that are robust to likeness within accounts, also of the same account in
    several waves, each wave with a level of its own
    (:func:`helpers.methods.drivers.segments.compare_segments`). Ratings are complete, or
    :func:`helpers.methods.drivers.redrawing.filled`.

    Examples
    --------
    >>> from helpers.methods.drivers.redrawing import analysed
    >>> from helpers.methods.survey import SurveyDesign
    >>> rng = np.random.default_rng(1)
    >>> design = SurveyDesign.over({
    ...     w: SurveyDesign(clusters=pd.Series(range(200), index=[f"{w}{k}" for k in range(200)]))
    ...     for w in ("v", "w")})
    >>> ratings = pd.DataFrame(rng.normal(size=(400, 2)), design.index, ["ease", "speed"])
    >>> loyalty = ratings["speed"] + ratings["ease"] * (design.waves == "w") + rng.normal(size=400)
    >>> found = agreement(analysed(ratings, loyalty, design, "listwise")[0], ["ease", "speed"])
    >>> found.verdict, found.differing
    ('some differ', ('ease',))
    """
    if answers.waves is None:
        raise ValueError("all answers are of one wave: nothing can differ between waves")
    labels = pd.Series(answers.waves).astype(str)
    parts = ByPart(answers, labels, sorted(set(labels), key=int))
    places = [answers.drivers.index(name) for name in names]
    rows = [parts.test(k) for k in places]
    together = parts.together(places) if len(places) > 1 else float("nan")
    table = pd.DataFrame(rows)[["driver", "statistic", "df", "p"]]
    corrected = holm([together, *table["p"]])
    table = table.assign(p_holm=corrected[1:], differs=corrected[1:] < CHANCE)
    return Agreement(table, together, float(corrected[0]), len(parts.kept))


def this_wave(
    answers: Answers, found: Agreement, slopes: Slopes, players: Players, confidence: float
) -> Slopes:
    """The effects of all waves, but this wave's, drawn to the others', where they differ.

    The correlations between effects stay those of all waves.
    """
    differing = [k for k, name in enumerate(players.names) if name in found.differing]
    if not differing or slopes.covariance is None or slopes.freedom is None:
        return slopes
    by_wave, covariance, df = _by_wave(answers)
    value, error = slopes.value.copy(), np.sqrt(np.diagonal(slopes.covariance)).copy()
    free, before = slopes.freedom.copy(), error.copy()
    for k in differing:
        place = answers.drivers.index(players.names[k])
        own = covariance[place :: len(answers.drivers), place :: len(answers.drivers)]
        value[k], error[k] = drawn_together(by_wave[:, place], own)
        free[k] = min(free[k], df[place])
    scale = np.divide(error, before, out=np.ones_like(error), where=before > 0)
    covariance = slopes.covariance * np.outer(scale, scale)
    again = with_interval(value, covariance, free, confidence)
    return replace(again, joint_p=slopes.joint_p)


def _by_wave(answers: Answers) -> tuple[Array, Array, Array]:
    """Slopes of each wave, their covariance over waves, and degrees of freedom of the last.

    An account that answered in several waves moves the slopes of all of them.
    """
    codes = np.asarray(answers.waves)
    waves, width = np.unique(codes), len(answers.drivers)
    each, found = np.zeros((answers.base, len(waves) * width)), []
    for number, wave in enumerate(waves):
        part = answers.among(codes == wave)
        x, w = part.centred(part.ratings), part.weights
        y = part.centred(part.outcome[:, None])[:, 0]
        slopes = inverse((x * w[:, None]).T @ x) @ (x.T @ (w * y))
        moved = moves(x, y - x @ slopes, w, part.codes, np.eye(width))
        each[codes == wave, number * width : (number + 1) * width] = moved
        found.append(slopes)
    free = freedom_within(part.sample, freedom(x, w, part.codes, np.eye(width)))
    if answers.sample is not None:
        return np.array(found), by_design(answers.sample, each, answers.units), free
    sums = np.column_stack([np.bincount(answers.codes, column) for column in each.T])
    return np.array(found), (len(sums) - 1) / len(sums) * sums.T @ sums, free


def drawn_together(values: Array, covariance: Array) -> tuple[float, float]:
    """The last of several values drawn towards the others, and its standard error.

    Values differ by a normal spread of unknown size, on which the prior is flat (Gelman 2006,
    section 5), and by their errors. What is returned are mean and standard deviation of the
    last one's own value, over all sizes that the spread may have: where the values hardly
    differ, those of their weighted mean; where they differ much, the last value's own.

    Examples
    --------
    >>> round(drawn_together(np.array([1.0, 1.0, 1.0, 4.0]), 0.01 * np.eye(4))[0], 1)
    4.0
    """
    ones, number = np.ones(len(values)), len(values)
    most = WIDEST * float(np.sqrt(np.var(values) + np.diagonal(covariance).max()))
    means, variances, heights = [], [], []
    for spread in np.linspace(0.0, most, GRID):
        within = covariance + spread**2 * np.eye(number)
        precision = inverse(within)
        mass = float(ones @ precision @ ones)
        away = values - (ones @ precision @ values) / mass
        pull = spread**2 * precision[-1]
        means.append(values[-1] - away[-1] + pull @ away)
        left = 1 - pull @ ones
        variances.append(spread**2 - spread**2 * pull[-1] + left**2 / mass)
        volume = float(np.linalg.slogdet(within)[1])
        heights.append(-0.5 * (volume + np.log(mass) + away @ precision @ away))
    shares = np.exp(np.array(heights) - max(heights))
    shares /= shares.sum()
    mean = float(shares @ means)
    return mean, float(np.sqrt(shares @ (np.array(variances) + (np.array(means) - mean) ** 2)))

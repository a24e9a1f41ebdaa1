"""Whether drivers' effects are alike in all waves, and this wave's effect, drawn to the others'.

A test that finds no change does not show that there was none. So effects are those of this
wave, drawn to the other waves' as far as these differ by no more than chance (a random-effects
model: DerSimonian & Laird 1986): nearly to the mean of all where waves are alike, and less so
the more they differ.
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
from helpers.methods.drivers.slopes import Slopes, with_interval
from helpers.methods.multiplicity import holm
from helpers.methods.solving import inverse

__all__ = ["Agreement", "agreement", "drawn_together", "this_wave"]

Array = NDArray[np.float64]

CHANCE = 0.05  # corrected p below which effects are said to differ between waves
ALIKE = 0.5  # chance, before the answers, that effects do not vary between waves at all
NEARLY = 1e-9  # of a variance: keeps waves that are the same answers again apart
GRID = 101  # of spreads between waves that are weighed
WIDEST = 4.0  # of those: times the waves' own spread and error


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
        """Drivers whose effect is said to have changed."""
        return tuple(self.table.loc[self.table["differs"], "driver"])

    @property
    def apart(self) -> tuple[str, ...]:
        """Drivers that may have changed more than others: p below 5 % before the correction."""
        return tuple(self.table.loc[self.table["p"] < CHANCE, "driver"])

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
    """The effects of this wave, drawn to the other waves' as far as effects vary between them.

    How much they vary, in standard deviations of drivers, is taken from all drivers together
    that are not said to have changed; for one that may have changed more, from itself. The
    correlations between effects, and the joint test, stay those of all waves together.
    """
    if slopes.covariance is None or slopes.freedom is None:
        return slopes
    shown = [k for k, name in enumerate(players.names) if name in set(found.table["driver"])]
    places = [answers.drivers.index(players.names[k]) for k in shown]
    by_wave, covariance, df = _by_wave(answers)
    width = len(answers.drivers)
    spread = answers.centred(answers.ratings).std(axis=0)
    each = [_Drawn.of(by_wave[:, place] * spread[place],
                      covariance[place::width, place::width] * spread[place] ** 2)
            for place in places]  # fmt: skip
    same = [j for j, name in enumerate(answers.drivers) if name not in found.differing]
    judges = _apart(by_wave * spread, covariance * np.outer(*[np.tile(spread, len(by_wave))] * 2),
                    same)  # fmt: skip
    value, free = slopes.value.copy(), slopes.freedom.copy()
    before = np.sqrt(np.diagonal(slopes.covariance))
    error = before.copy()
    for k, place, drawn in zip(shown, places, each, strict=True):
        alone = players.names[k] in {*found.apart, *found.differing}
        mean, own = drawn.weighed([drawn] if alone else judges)
        value[k], error[k] = mean / spread[place], own / spread[place]
        free[k] = min(free[k], df[place])
    untold = np.isnan(slopes.value)
    value[untold], error[untold] = np.nan, np.nan
    scale = np.divide(error, before, out=np.ones_like(error), where=before > 0)
    again = with_interval(value, slopes.covariance * np.outer(scale, scale), free, confidence)
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


def _apart(by_wave: Array, covariance: Array, same: list[int]) -> list[_Drawn]:
    """Combinations of some slopes that err apart from one another: what they tell adds up."""
    waves, width = by_wave.shape
    blocks = covariance.reshape(waves, width, waves, width)[:, same][:, :, :, same]
    by_wave = by_wave[:, same]
    within = np.mean([blocks[wave, :, wave] for wave in range(waves)], axis=0)
    turned = np.linalg.eigh(within)[1]
    own = np.einsum("wivj,ik,jk->kwv", blocks, turned, turned)
    return [_Drawn.of(by_wave @ turned[:, k], own[k]) for k in range(len(same))]


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
    drawn = _Drawn.of(values, covariance)
    return drawn.weighed([drawn])


@dataclass(frozen=True)
class _Drawn:
    """A driver's effect in several waves, of which the last is wanted."""

    values: Array
    covariance: Array
    widest: float  # spread between waves that is weighed

    @classmethod
    def of(cls, values: Array, covariance: Array) -> _Drawn:
        largest = float(np.diagonal(covariance).max())
        most = WIDEST * float(np.sqrt(np.var(values) + largest))
        return cls(values, covariance + NEARLY * largest * np.eye(len(values)), most)

    def weighed(self, judges: Sequence[_Drawn]) -> tuple[float, float]:
        """Mean and standard deviation over spreads, weighed by what ``judges`` tell of them."""
        spreads = np.linspace(0.0, max(judge.widest for judge in judges), GRID)
        heights = np.sum([judge.at(spreads)[2] for judge in judges], axis=0)
        shares = np.exp(heights - heights.max())
        shares[0] *= ALIKE / (1 - ALIKE) * (GRID - 1)
        shares /= shares.sum()
        means, variances, _ = self.at(spreads)
        mean = float(shares @ means)
        return mean, float(np.sqrt(shares @ (variances + (means - mean) ** 2)))

    def at(self, spreads: Array) -> tuple[Array, Array, Array]:
        """The last value drawn to the others at each spread, its variance, the likelihood's log."""
        number = len(self.values)
        within = self.covariance + spreads[:, None, None] ** 2 * np.eye(number)
        precision = inverse(within)
        mass = precision.sum(axis=(1, 2))
        middle = (precision.sum(axis=1) @ self.values) / mass
        away = self.values - middle[:, None]
        pull = spreads[:, None] ** 2 * precision[:, -1]
        means = middle + (pull * away).sum(axis=1)
        left = 1 - pull.sum(axis=1)
        variances = spreads**2 - spreads**2 * pull[:, -1] + left**2 / mass
        told = np.einsum("si,sij,sj->s", away, precision, away)
        volume = np.linalg.slogdet(within)[1]
        return means, variances, -0.5 * (volume + np.log(mass) + told)

"""Importance, effect, performance and stated importance of the same accounts, drawn together.

What is read across two axes is uncertain on both at once. Each replicate therefore
computes everything from the same accounts, so that an ellipse, a quadrant or a
product of two figures carries how they vary together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2

from helpers.methods.drivers.clustered import freedom
from helpers.methods.drivers.division import divided
from helpers.methods.drivers.importance import Importance
from helpers.methods.drivers.moments import MOST_LEFT_OUT, Moments, pooled, sample_moments
from helpers.methods.drivers.players import Players, players_of
from helpers.methods.drivers.redrawing import (
    analysed,
    check_draws,
    counts_of,
    unit_sums,
)
from helpers.methods.drivers.scores import TARGET, target_of
from helpers.methods.drivers.screening import Answers, Missing, numbers
from helpers.methods.drivers.slopes import entangled, slopes_of_replicates
from helpers.methods.survey import SurveyDesign

__all__ = ["TARGET", "Ellipse", "Joint", "joint"]

Array = NDArray[np.float64]

FEWEST_STATED = 2  # importances that somebody has to state, to say which is larger


@dataclass(frozen=True)
class Ellipse:
    """Where two figures of one driver lie together, at the confidence asked for."""

    centre: tuple[float, float]
    half_axes: tuple[float, float]  # along the directions of most and of least spread
    angle: float  # degrees, from the first figure's axis to the direction of most spread


@dataclass(frozen=True)
class Joint:
    """Figures of every driver: row 0 of each array is the sample, the others replicates.

    ``share`` of what is explained, ``effect`` of a point, ``mean`` rating, ``below``:
    share of customers rating under the target, ``short``: mean points that all
    customers together are short of it, ``stated``: importance as customers state it,
    as a difference from what the same person says of the average driver.

    ``lift_error`` and ``freedom``: standard error of effect times ``short`` with accounts
    left out one at a time, as that of the effect itself in :func:`relative_importance`,
    and its degrees of freedom.
    """

    drivers: tuple[str, ...]
    share: Array  # (1 + replicates, drivers), as the others
    effect: Array
    mean: Array
    below: Array
    short: Array
    stated: Array | None
    target: Mapping[str, float]  # point of the scale from which a rating is good enough
    lift_error: Array  # (drivers,), as the next
    freedom: Array
    answers: tuple[int, ...]  # ratings given, by driver
    base: int
    clusters: int | None
    stated_base: int = 0
    dropped: Mapping[str, str] = field(default_factory=dict)
    scale: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # ends, by driver

    def __post_init__(self) -> None:
        totals = self.share.sum(axis=1)
        if not np.allclose(totals, 1):
            raise ValueError(f"shares sum to {totals.min():.4f} to {totals.max():.4f}, not to 1")

    @property
    def replicates(self) -> int:
        """Replicates behind every interval and chance."""
        return len(self.share) - 1

    @property
    def by_scale(self) -> bool:
        """Whether ratings have scales that differ, so that levels are shares of the way up."""
        return len({self.scale[name] for name in self.drivers if name in self.scale}) > 1

    @property
    def level(self) -> Array:
        """Mean ratings on one scale: as they are, or as shares of the way up each driver's own."""
        return self._up(self.mean)

    @property
    def aim(self) -> Mapping[str, float]:
        """Targets likewise."""
        aims = self._up(np.array([self.target[name] for name in self.drivers]))
        return dict(zip(self.drivers, aims.tolist(), strict=True))

    def _up(self, points: Array) -> Array:
        if not self.by_scale:
            return points
        low, high = np.array([self.scale[name] for name in self.drivers], dtype=float).T
        return np.asarray((points - low) / (high - low))

    def ellipses(self, confidence: float = 0.95) -> dict[str, Ellipse]:
        """The joint region of mean rating and importance share, driver by driver.

        Where scales differ, of the mean as a share of the way up.

        The region of a bivariate normal with the replicates' covariance (Johnson &
        Wichern 2007, section 5.4), around the sample's own figures.
        """
        found, level = {}, self.level
        for k, name in enumerate(self.drivers):
            spread = np.cov(level[1:, k], self.share[1:, k])
            values, vectors = np.linalg.eigh(spread)
            half = np.sqrt(np.maximum(values[::-1], 0) * chi2.ppf(confidence, 2))
            x, y = vectors[:, 1]
            angle = float(np.degrees(np.arctan2(y, x)))
            centre = (float(level[0, k]), float(self.share[0, k]))
            found[name] = Ellipse(centre, (float(half[0]), float(half[1])), angle)
        return found


def joint(
    ratings: pd.DataFrame,
    outcome: pd.Series,
    design: SurveyDesign | None = None,
    *,
    scale: Mapping[str, tuple[float, float]],
    stated: pd.DataFrame | None = None,
    always: Sequence[str] = (),
    target: float = TARGET,
    replicates: int = 1000,
    rng: np.random.Generator | None = None,
    missing: Missing = "listwise",
    effects: Importance | None = None,
) -> Joint:
    """Draw accounts again and compute shares, effects, ratings and stated importance together.

    Parameters
    ----------
    ratings, outcome, design, always, missing
        As in :func:`relative_importance`.
    scale
        Lowest and highest point of each driver's scale.
    stated
        Importance as customers state it: one column a driver, named as in ``ratings``;
        drivers that nobody was asked about may be absent. Who stated one importance only
        is left out: it is compared with nothing.
    effects
        Of the same answers, from :func:`relative_importance`: where it draws effects to those
        of other waves or to zero, those here are the same and as sure.
    target
        From how far up its scale a rating is good enough, a share of the scale's length;
        the point below is taken, so 0.8 of 0-10 is 8 and of 1-5 is 4.

    Raises
    ------
    ValueError
        As :func:`relative_importance`; for a scale that is missing or a target outside 0-1.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"ease": [1, 2, 3, 4, 5, 6] * 4, "speed": [2, 9, 4, 7] * 6})
    >>> scale = {"ease": (0, 10), "speed": (0, 10)}
    >>> found = joint(ratings, 3 * ratings["ease"] + ratings["speed"], scale=scale, replicates=50)
    >>> found.mean[0].tolist(), found.below[0].tolist()
    ([3.5, 5.5], [1.0, 0.75])
    """
    check_draws(replicates)
    answers, rows = analysed(ratings, outcome, design, missing)
    players = players_of(answers.drivers, None, always, answers.dropped)
    targets = {name: target_of(name, scale, target) for name in players.names}
    columns = [answers.drivers.index(name) for name in players.names]
    rated = np.where(answers.current[:, None], answers.ratings[:, columns], np.nan)
    said = _relative(stated, rows, players.names)
    sums = [*_rated(rated, tuple(targets.values())), *([] if said is None else _said(said))]
    rng = np.random.default_rng(0) if rng is None else rng
    moments, within = sample_moments(answers, missing), unit_sums(sums, answers)
    draws = _draws(moments, players, within, replicates, rng)
    lift_error = _lift_error(moments, players, within, draws[1][0] * draws[4][0])
    if effects is not None:
        draws[1], times = _as_in(effects, draws[1], players.names)
        lift_error *= times
    return Joint(
        players.names,
        draws[0],
        draws[1],
        draws[2],
        draws[3],
        draws[4],
        None if said is None else draws[5],
        targets,
        lift_error,
        _freedom(answers, players),
        tuple(np.isfinite(rated).sum(axis=0).tolist()),
        answers.base,
        answers.clusters,
        0 if said is None else int(np.isfinite(said).any(axis=1).sum()),
        answers.dropped,
        {name: scale[name] for name in players.names},
    )


def _as_in(effects: Importance, draws: Array, names: tuple[str, ...]) -> tuple[Array, Array]:
    """Replicates of effects laid around those of ``effects`` and spread by their errors.

    Also how many times as far they are spread, by driver.
    """
    found, times = draws.copy(), np.ones(len(names))
    if effects.covariance is None or not effects.drawn:
        return found, times
    table = effects.table.set_index("driver").loc[list(names)]
    errors = np.sqrt(np.diagonal(effects.covariance.loc[list(names), list(names)].to_numpy()))
    for k, name in enumerate(names):
        before = draws[1:, k].std()
        if name in effects.drawn and before > 0:
            times[k] = errors[k] / before
            found[:, k] = table["effect"].iloc[k] + (draws[:, k] - draws[0, k]) * times[k]
    return found, times


def _draws(
    moments: Moments, players: Players, sums: Array, replicates: int, rng: np.random.Generator
) -> list[Array]:
    """Shares, effects, means, shares below target, points short of it, stated: by replicate."""
    drivers = len(players.names)
    found: list[Array] = []
    for counts in counts_of(len(moments.sums), replicates, rng):
        correlations, spread = moments.correlations(counts)
        parts = divided(correlations, players, "lmg", replicates if found else 0)[0]
        slopes = slopes_of_replicates(correlations, spread, players.combine)
        if not found:
            tangled = players.combine @ entangled(correlations[0, :-1, :-1]) > 0
        slopes[:, tangled] = np.nan
        total = parts.sum(axis=1, keepdims=True)
        shares = np.divide(parts, total, out=np.full_like(parts, np.nan), where=total > 0)
        blocks = (counts @ sums).reshape(len(counts), -1, drivers)
        found.append(np.stack([shares, slopes, *_means(blocks)], axis=0))
    whole = np.concatenate(found, axis=1)
    return list(whole[:, np.isfinite(whole[0]).all(axis=1)])


def _lift_error(moments: Moments, players: Players, sums: Array, lift: Array) -> Array:
    """Error of effect times points short of the target, accounts left out one at a time."""
    groups, number = pooled(np.arange(len(sums)), len(sums), MOST_LEFT_OUT)
    own = np.zeros((number, sums.shape[1]))
    np.add.at(own, groups, sums)
    short = _means((sums.sum(axis=0) - own).reshape(number, -1, len(players.names)))[2]
    moved = slopes_of_replicates(*moments.without_each(), players.combine) * short - lift
    return np.asarray(np.sqrt((number - 1) / number * (moved**2).sum(axis=0)))


def _freedom(answers: Answers, players: Players) -> Array:
    """Degrees of freedom of effects, ratings that were not given lying at the mean."""
    w, x = answers.weights, np.nan_to_num(answers.centred(answers.ratings))
    found = freedom(x / np.sqrt(w @ x**2 / w.sum()), w, answers.codes, players.combine)
    return np.minimum(found, min(answers.units, MOST_LEFT_OUT) - 1)


def _rated(ratings: Array, targets: tuple[float, ...]) -> list[Array]:
    """Who answered, the rating, whether it is under the target and by how much; by driver."""
    answered = np.isfinite(ratings)
    known = np.where(answered, ratings, 0.0)
    short = np.where(answered, np.maximum(np.asarray(targets) - ratings, 0.0), 0.0)
    blocks = (answered.astype(float), known, (short > 0).astype(float), short)
    return [column for block in blocks for column in block.T]


def _said(stated: Array) -> list[Array]:
    answered = np.isfinite(stated)
    return [*answered.astype(float).T, *np.where(answered, stated, 0.0).T]


def _means(blocks: Array) -> list[Array]:
    """Means of each block of sums, by the block that counts who answered."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = [blocks[:, k] / blocks[:, 0] for k in (1, 2, 3)]
        if blocks.shape[1] > 4:
            found.append(blocks[:, 5] / blocks[:, 4])
    return found


def _relative(
    stated: pd.DataFrame | None, rows: pd.Index, drivers: tuple[str, ...]
) -> Array | None:
    """What each person says of a driver, less what the person says of the average one.

    Somebody who was asked about one driver alone compares it with nothing, and is left out.
    """
    if stated is None or not len(stated.columns):
        return None
    asked = [name for name in drivers if name in stated]
    if not asked:
        raise ValueError(
            f"stated has no column named as a driver ({', '.join(drivers)}): it has "
            f"{', '.join(map(str, stated))}"
        )
    said = np.full((len(rows), len(drivers)), np.nan)
    for name in asked:
        said[:, drivers.index(name)] = numbers(stated[name].reindex(rows), f"stated {name!r}")
    answered = np.isfinite(said)
    said[answered.sum(axis=1) < FEWEST_STATED] = np.nan
    own = np.where(answered, said, 0.0).sum(axis=1) / np.maximum(answered.sum(axis=1), 1)
    return np.asarray(said - own[:, None])

"""Floors and delighters: what low ratings cost against what high ratings bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from helpers.errors import NotEstimable
from helpers.methods.drivers.curves import Curves
from helpers.methods.drivers.redrawing import (
    LeftOver,
    Summed,
    analysed,
    bent,
    check_draws,
    filled,
    left_over,
    one_left_out,
)
from helpers.methods.drivers.resampling import quantiles
from helpers.methods.drivers.screening import Answers, Missing
from helpers.methods.drivers.slopes import COLLINEAR
from helpers.methods.multiplicity import holm
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.averages import weighted_mean

__all__ = ["CLASSES", "Asymmetry", "asymmetry"]

Array = NDArray[np.float64]
Coefficients = Literal["per_point", "unstandardised", "standardised"]
Cutoffs = Mapping[str, tuple[float, float]] | float
Others = Literal["bent", "dummies"]

OUTER = 0.2  # share of ratings at each end that is taken for low and for high
SMALLEST_GROUP = 10  # ratings that each of low, middle and high has to hold
MARGIN = 0.1  # of the index, within which a driver counts as even
PROBABILITY = 0.92  # of the replicates that have to agree; a straight line is misread in 1 of 10
PARTS = ("low", "middle", "high")
CLASSES = ("floor", "even", "delighter")
BENDS = {"floor": "levels off", "delighter": "takes off"}  # what the curve of each does


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """What low ratings of a driver cost and high ones bring, the other drivers held equal.

    ``table``: ``driver``; ``low_to`` and ``high_from``: a rating is low up to the one
    and high from the other; ``penalty`` and ``reward``: coefficients of the two
    groups against the middle, with ``…_low`` and ``…_high``; ``index`` =
    (reward − |penalty|) / (reward + |penalty|) from −1 (penalty only) to 1 (reward
    only); chances ``floor``, ``even``, ``delighter``; ``class``, what it looks like: one of
    these, or ``"unclear"``, or ``"no clear effect"`` where neither the interval of the penalty
    lies below zero nor that of the reward above; ``contrast``, how much more a point among
    high ratings goes with than one among low ratings, with ``contrast_low``,
    ``contrast_high``, its ``p`` and ``p_holm``, corrected for the number of drivers;
    ``sure``: whether that test, and the driver's curve where there is one, bear out a floor
    or a delighter; bases ``n_low``, ``n_middle``, ``n_high``. Largest difference between high
    and low first.
    """

    table: pd.DataFrame
    base: int
    clusters: int | None
    confidence: float
    probability: float
    margin: float
    coefficients: Coefficients
    replicates: int
    dropped: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        reward = self.table["reward"].clip(lower=0)
        penalty = (-self.table["penalty"]).clip(lower=0)
        index = (reward - penalty) / (reward + penalty)
        if not np.allclose(index, self.table["index"], equal_nan=True):
            raise ValueError("index is not (reward − |penalty|) / (reward + |penalty|)")
        sure = self.table[self.table["sure"]]
        if not (sure["class"].isin(BENDS) & (sure["p_holm"] <= 1 - self.confidence)).all():
            raise ValueError("a driver is called surely a floor or delighter without its test")


def asymmetry(
    ratings: pd.DataFrame,
    outcome: pd.Series,
    design: SurveyDesign | None = None,
    *,
    always: Sequence[str] = (),
    cutoffs: Cutoffs = OUTER,
    others: Others = "bent",
    coefficients: Coefficients = "per_point",
    margin: float = MARGIN,
    probability: float = PROBABILITY,
    smallest: int = SMALLEST_GROUP,
    curves: Curves | None = None,
    replicates: int = 1000,
    confidence: float = 0.95,
    rng: np.random.Generator | None = None,
    missing: Missing = "listwise",
) -> Asymmetry:
    """Contrast the penalty of low ratings with the reward of high ones (PRCA).

    A least-squares model with all drivers holds two dummies, low and high, of the driver
    in question (Brandt 1987; Mittal, Ross & Baldasare 1998). There is no consensus on cut-offs,
    on standardising or on the rule for classes (Albayrak & Caber 2013), so all three
    are parameters. A coefficient of the wrong sign counts as zero in the index.
    Accounts are drawn whole, and a class is given only where the replicates agree.

    A class is what a driver looks like. Over several drivers some straight line will look
    like a floor by chance, so that it is *sure* only where a test says so: a point among
    low ratings and one among high ratings go with the same (penalty plus reward, each per
    point, is zero) is tested with accounts left out one at a time (CR3 and degrees of
    freedom: Bell & McCaffrey 2002), corrected for the number of drivers (Holm 1979).

    Parameters
    ----------
    ratings, outcome, design, always, missing
        As in :func:`relative_importance`; drivers in ``always`` enter as they are. Unless
        ``"listwise"``, a driver is judged by all who rated it; ratings of the others that
        they did not give are taken from those they did (:func:`filled`).
    cutoffs
        The share of ratings at each end that is low and high, to the nearest point of the
        scale; or for each driver the highest low and the lowest high rating, ``(5, 9)``.
    others
        How the other drivers are held. ``"dummies"``: by their own two, all in one model,
        as published; what the dummies leave of a driver then shows in those that move with
        it. ``"bent"``: as lines with a bend at their median, one model a driver.
    coefficients
        ``"unstandardised"``: points of the outcome. ``"standardised"``: in standard
        deviations of outcome and dummy, so that a larger group counts more.
        ``"per_point"``: points of the outcome for each point that the group's mean rating
        lies from the middle group's. Only then has a driver with a straight line an
        index of 0: low ratings scatter further from the middle than high ones do where
        most customers are content, which the others take for a penalty.
    margin
        Indices from ``-margin`` to ``margin`` count as even.
    probability
        Share of the replicates that have to agree on a class, from 0.5.
    smallest
        Ratings that each of low, middle and high has to hold.
    curves
        Of the same answers, as :func:`response_curves` returns them. With them a floor is
        sure only where the driver's curve levels off, a delighter where it takes off.

    Raises
    ------
    NotEstimable
        Where no driver has enough low, middle and high ratings.
    ValueError
        As :func:`relative_importance`, and for options out of range.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"ease": [2, 5, 6, 9] * 30, "speed": [3, 7, 9, 5, 9] * 24})
    >>> loyalty = ratings["ease"].clip(upper=6) + ratings["speed"].clip(lower=7)
    >>> found = asymmetry(ratings, loyalty, replicates=100,
    ...                   cutoffs={"ease": (2, 9), "speed": (3, 9)})
    >>> found.table[["driver", "index", "class"]].round(3).values.tolist()
    [['ease', -0.75, 'floor'], ['speed', 1.0, 'delighter']]
    """
    check_draws(replicates, confidence)
    _check(margin, probability, coefficients, others)
    answers, _ = analysed(ratings, outcome, design, missing)
    groups, dropped = _groups(answers, always, cutoffs, smallest)
    seed = int((np.random.default_rng(0) if rng is None else rng).integers(2**32))
    whole = filled(answers).ratings
    coded = _coded(answers, whole, groups) if others == "dummies" else None
    slopes, contrasts = [], []
    for name, ends in groups.items():
        k = answers.drivers.index(name)
        held = bent(np.delete(whole, k, axis=1)) if coded is None else coded[name]
        own = _dummies(answers.ratings[:, k], ends)
        summed = Summed.of(answers, held, own)
        left, spread = left_over(summed, replicates, seed)
        without = one_left_out(summed)
        sides = _slopes(left, spread, standardised=coefficients == "standardised")
        wide = without.stretch(np.eye(2), [0, 1])
        slopes.append([s[0] + (s - s[0]) * w for s, w in zip(sides, wide, strict=True)])
        contrasts.append(_contrast(without, ends))
    penalty, reward = (np.column_stack(side) for side in zip(*slopes, strict=True))
    if coefficients == "per_point":
        penalty = penalty / np.array([ends.down for ends in groups.values()])
        reward = reward / np.array([ends.up for ends in groups.values()])
    table = _table(groups, penalty, reward, margin, probability, confidence)
    table = _tested(table, np.array(contrasts), confidence, curves)
    order = np.lexsort((table["driver"], -(table["reward"] - table["penalty"]).fillna(-np.inf)))
    return Asymmetry(
        table.iloc[order].reset_index(drop=True), answers.base, answers.clusters, confidence,
        probability, margin, coefficients, replicates, {**answers.dropped, **dropped},
        answers.notes,
    )  # fmt: skip


@dataclass(frozen=True)
class _Ends:
    """Where a driver's low ratings end and its high ratings begin."""

    low: float
    high: float
    sizes: tuple[int, int, int]  # ratings low, middle, high
    down: float  # points from the middle group's mean down to the low group's
    up: float


def _check(margin: float, probability: float, coefficients: str, others: str) -> None:
    if not 0 <= margin < 1:
        raise ValueError(f"margin is a distance on the index, from 0 to below 1, not {margin}")
    if not 0.5 <= probability <= 1:
        raise ValueError(f"probability is a share from 0.5 to 1, not {probability}")
    if coefficients not in ("per_point", "unstandardised", "standardised"):
        raise ValueError(
            f"coefficients is 'per_point', 'unstandardised' or 'standardised', not {coefficients!r}"
        )
    if others not in ("bent", "dummies"):
        raise ValueError(f"others is 'bent' or 'dummies', not {others!r}")


def _groups(
    answers: Answers, always: Sequence[str], cutoffs: Cutoffs, smallest: int
) -> tuple[dict[str, _Ends], dict[str, str]]:
    """Ends by driver, and why others have none."""
    groups, dropped = {}, {}
    for k, name in enumerate(answers.drivers):
        if name in always:
            continue
        known = np.isfinite(answers.ratings[:, k])
        x, w = answers.ratings[known, k], answers.weights[known]
        low, high = _ends(name, x, w, cutoffs)
        parts = (x <= low, (x > low) & (x < high), x >= high)
        sizes = (int(parts[0].sum()), int(parts[1].sum()), int(parts[2].sum()))
        if min(sizes) < smallest:
            few = [part for part, n in zip(PARTS, sizes, strict=True) if n < smallest]
            dropped[name] = f"fewer than {smallest} {' and '.join(few)} ratings: no shape to judge"
        else:
            bottom, middle, top = (float(weighted_mean(x[part], w[part])) for part in parts)
            groups[name] = _Ends(low, high, sizes, middle - bottom, top - middle)
    if not groups:
        why = "; ".join(f"{name}: {reason}" for name, reason in dropped.items())
        raise NotEstimable(
            "no driver has enough low, middle and high ratings to tell floors from "
            f"delighters ({why}): widen the cut-offs"
        )
    return groups, dropped


def _ends(name: str, x: Array, w: Array, cutoffs: Cutoffs) -> tuple[float, float]:
    if isinstance(cutoffs, Mapping):
        if name not in cutoffs:
            raise ValueError(f"cutoffs has no entry for {name!r}: give (highest low, lowest high)")
        low, high = cutoffs[name]
        if not low < high:
            raise ValueError(f"cutoffs of {name!r}: {low:g} is not below {high:g}")
        return float(low), float(high)
    if not 0 < cutoffs < 0.5:
        raise ValueError(f"cutoffs is the share of ratings at each end, below 0.5, not {cutoffs}")
    levels, place = np.unique(x, return_inverse=True)
    shares = np.bincount(place, w) / w.sum()
    below = np.cumsum(shares)
    first = int(np.abs(below - cutoffs).argmin())
    above = np.cumsum(shares[::-1])[::-1]
    beyond = np.abs(above - cutoffs)
    beyond[: first + 2] = np.inf  # at least one point of the scale stays in the middle
    last = int(beyond.argmin())
    return float(levels[first]), float(levels[last]) if np.isfinite(beyond[last]) else np.inf


def _dummies(x: Array, ends: _Ends) -> Array:
    """Whether each rating is low, and whether it is high; missing where it is."""
    sides = np.column_stack([x <= ends.low, x >= ends.high])
    return np.where(np.isfinite(x)[:, None], sides, np.nan)


def _coded(answers: Answers, whole: Array, groups: Mapping[str, _Ends]) -> dict[str, Array]:
    """For each driver the dummies of all others; those without groups stay as they are."""
    columns = {
        name: _dummies(x, groups[name]) if name in groups else x[:, None]
        for name, x in zip(answers.drivers, whole.T, strict=True)
    }
    nothing = np.empty((len(whole), 0))
    return {
        name: np.column_stack([nothing, *(c for other, c in columns.items() if other != name)])
        for name in groups
    }


def _slopes(left: Array, spread: Array, *, standardised: bool) -> tuple[Array, Array]:
    """Penalty and reward in the sample and each replicate: least squares in two unknowns."""
    a, b, c = left[:, 0, 0], left[:, 1, 1], left[:, 0, 1]
    p, r = left[:, 0, 2], left[:, 1, 2]
    determinant = a * b - c**2
    sound = determinant > COLLINEAR * (spread[:, 0] * spread[:, 1]) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        penalty = np.where(sound, (p * b - r * c) / determinant, np.nan)
        reward = np.where(sound, (r * a - p * c) / determinant, np.nan)
        if standardised:
            penalty = penalty * spread[:, 0] / spread[:, 2]
            reward = reward * spread[:, 1] / spread[:, 2]
    return penalty, reward


def _table(
    groups: Mapping[str, _Ends], penalty: Array, reward: Array,
    margin: float, probability: float, confidence: float,
) -> pd.DataFrame:  # fmt: skip
    index = _index(penalty, reward)
    chances = np.column_stack(
        [
            (cell[1:]).mean(axis=0)
            for cell in (index < -margin, np.abs(index) <= margin, index > margin)
        ]
    )
    limits = {
        "penalty": quantiles(penalty[1:], confidence),
        "reward": quantiles(reward[1:], confidence),
    }
    certain = (limits["penalty"][1] < 0) | (limits["reward"][0] > 0)
    best, sure = chances.argmax(axis=1), chances.max(axis=1) >= probability
    named = [
        "no clear effect" if not c else CLASSES[k] if s else "unclear"
        for c, k, s in zip(certain, best, sure, strict=True)
    ]
    ends = {
        f"{what}_{side}": end
        for what, both in limits.items()
        for side, end in zip(("low", "high"), both, strict=True)
    }
    return pd.DataFrame(
        {
            "driver": list(groups),
            "low_to": [e.low for e in groups.values()],
            "high_from": [e.high for e in groups.values()],
            "penalty": penalty[0],
            "reward": reward[0],
            **ends,
            "index": index[0],
            **dict(zip(CLASSES, chances.T, strict=True)),
            "class": named,
            **{f"n_{side}": [e.sizes[k] for e in groups.values()]
               for k, side in enumerate(PARTS)},
        }
    )  # fmt: skip


def _contrast(left: LeftOver, ends: _Ends) -> tuple[float, float, float]:
    """Penalty plus reward, each per point; its error and degrees of freedom (CR3)."""
    penalty, reward = _slopes(left.covariances, np.zeros((1, 3)), standardised=False)
    figures = penalty / ends.down + reward / ends.up
    wanted = [[1 / ends.down, 1 / ends.up]]
    error = left.errors(figures[:, None]) * left.stretch(wanted, [0, 1])
    freedom = left.freedom(wanted, [0, 1])
    return float(figures[0]), float(error[0]), float(freedom[0])


def _tested(
    table: pd.DataFrame, contrasts: Array, confidence: float, curves: Curves | None
) -> pd.DataFrame:
    """The contrast of each driver with its interval and test, and which class is sure."""
    value, error, freedom = contrasts.T
    half = stdtrit(freedom, (1 + confidence) / 2) * error
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * stdtr(freedom, -np.abs(value) / error)
    table = table.assign(
        contrast=value, contrast_low=value - half, contrast_high=value + half, p=p, p_holm=holm(p)
    )
    wanted = table["class"].map(BENDS)
    up = np.where(table["class"] == "delighter", table["contrast"] > 0, table["contrast"] < 0)
    sure = wanted.notna() & (table["p_holm"] <= 1 - confidence) & up
    if curves is not None:
        shape = table["driver"].map(curves.table.set_index("driver")["shape"])
        sure &= shape == wanted
    return table.assign(sure=sure.astype(bool))


def _index(penalty: Array, reward: Array) -> Array:
    """(r − |p|) / (r + |p|), coefficients of the wrong sign counted as zero.

    >>> _index(np.array([-3.0, 1.0]), np.array([1.0, 2.0])).tolist()
    [-0.5, 1.0]
    """
    cost, gain = np.maximum(-penalty, 0), np.maximum(reward, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        index: Array = (gain - cost) / (gain + cost)
    return index

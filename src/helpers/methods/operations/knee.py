"""The knee of a metric: the value beyond which more of it stops paying, where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from helpers.methods.multiplicity import holm
from helpers.methods.operations.effects import Effects, Pair
from helpers.methods.operations.fitting import Rows

__all__ = ["Knees", "bend_p", "knees", "places_of", "tenths"]

Floats = NDArray[np.float64]
Verdict = Literal["stops above", "stops below", "bends", "not clear"]
ENDS = (0.1, 0.9)  # of the metric's values: a bend outside them rests on too few
PLACES = 40  # at which a bend is looked for
FEWEST_VALUES = 8  # different values of a metric, below which there is no line to bend
DRAWS, REFITS = 4000, 400
NOTHING = 1e-8  # of the line's own length left to its bend: there is none to tell
COLUMNS = [
    "metric", "rating", "better", "knee", "knee_low", "knee_high", "below", "below_low",
    "below_high", "above", "above_low", "above_high", "p", "base", "keys",
]  # fmt: skip


@dataclass(frozen=True)
class Knees:
    """Where the line of each pair bends; one family of tests.

    ``table`` has a row a pair: ``knee`` with its interval, the slope ``below`` and ``above`` it
    with theirs, ``p`` (that there is a bend, the search for its place allowed for), ``p_family``
    (Holm), ``verdict``.
    """

    table: pd.DataFrame
    draws: dict[tuple[str, str], Floats]  # of the slope below, its change, and the knee
    confidence: float

    @property
    def clear(self) -> pd.DataFrame:
        """Pairs that bend beyond doubt, those that stop paying first."""
        rows = self.table[self.table["verdict"] != "not clear"]
        return rows.sort_values(["verdict", "p"], ascending=[False, True], kind="stable")

    def of(self, metric: str, rating: str) -> pd.Series | None:
        """The clear bend of a pair, or ``None``."""
        rows = self.clear[(self.clear["metric"] == metric) & (self.clear["rating"] == rating)]
        return None if rows.empty else rows.iloc[0]


def knees(pairs: Sequence[Pair], *, rng: np.random.Generator, confidence: float = 0.95) -> Knees:
    """Look for a bend in the line of every pair; give it the pairs that are linked at all.

    The test is the largest score statistic over all places where the line may bend, against its
    distribution when it does not: clusters' scores with random signs (Hansen, Econometrica, 1996).
    The place and the slopes beside it come from least squares, their intervals from the wild
    bootstrap of clusters, the place found anew each time (Hansen, Journal of Business and Economic
    Statistics, 2017).
    """
    rows, draws = [], {}
    for pair in pairs:
        places = places_of(pair.rows.metric)
        if not len(places):
            continue
        p = bend_p(pair.rows, places, rng)
        if p == 1:
            continue  # no place where a bend could be told
        found, drawn = _bent(pair.rows, places, rng, confidence)
        rows.append((pair.metric, pair.rating, pair.better, *found, p, pair.rows.base,
                     pair.rows.groups))  # fmt: skip
        draws[pair.metric, pair.rating] = drawn
    table = pd.DataFrame(rows, columns=COLUMNS)
    family = holm(table["p"])
    judged = table.assign(p_family=family)
    verdicts = [_verdict(row, 1 - confidence) for _, row in judged.iterrows()]
    return Knees(judged.assign(verdict=verdicts), draws, confidence)


def places_of(metric: Floats) -> Floats:
    """Where a line may bend: between the first and the last tenth of a metric's values."""
    if len(np.unique(metric)) < FEWEST_VALUES:
        return np.empty(0)
    places = np.unique(np.quantile(metric, np.linspace(*ENDS, PLACES)))
    return places[(places > metric.min()) & (places < metric.max())]


def bend_p(rows: Rows, places: Floats, rng: np.random.Generator) -> float:
    """Chance of a bend as marked as the most marked here, anywhere, on a line without one."""
    x, y = rows.adjusted(rows.metric), rows.adjusted(rows.outcome)
    left = y - x * (x @ y) / (x @ x)
    bends = rows.adjusted(np.maximum(rows.metric[:, None] - places, 0))
    bends = bends - np.outer(x, x @ bends / (x @ x))
    scores = np.zeros((rows.groups, len(places)))
    np.add.at(scores, rows.clusters, bends * left[:, None])
    spread = np.sqrt((scores**2).sum(axis=0))
    usable = spread > 1e-12 * max(spread.max(), 1e-300)
    scores, spread = scores[:, usable], spread[usable]
    if not usable.any():
        return 1.0
    seen = np.abs(scores.sum(axis=0) / spread).max()
    signs = rng.choice(np.array([-1.0, 1.0]), size=(DRAWS, rows.groups))
    chance = np.abs(signs @ scores / spread).max(axis=1)
    return float((1 + (chance >= seen).sum()) / (DRAWS + 1))


def _bent(
    rows: Rows, places: Floats, rng: np.random.Generator, confidence: float
) -> tuple[tuple[float, ...], Floats]:
    """Place and slopes that fit best with their intervals, and draws of what they may be.

    Draws give clusters' residuals random signs and fit again, place included. The interval of the
    place holds those that fit little worse than the best, by what they do in the draws.
    """
    y = rows.adjusted(rows.outcome)
    made = [np.linalg.qr(rows.adjusted(_hinge(rows.metric, place))) for place in places]
    apart = np.array([abs(r[1, 1]) > NOTHING * abs(r[0, 0]) for _, r in made])
    places, bases = places[apart], [base for base, told in zip(made, apart, strict=True) if told]
    fits = np.array([((q.T @ y) ** 2).sum() for q, _ in bases])
    best = int(fits.argmax())
    fit = bases[best][0] @ (bases[best][0].T @ y)
    signs = rng.choice(np.array([-1.0, 1.0]), size=(REFITS, rows.groups))[:, rows.clusters]
    drawn = _projected(rows, fit[:, None] + (signs * (y - fit)).T)
    parts = np.stack([q.T @ drawn for q, _ in bases])  # place, column, draw
    explained = (parts**2).sum(axis=1)
    at = explained.argmax(axis=0)
    worse = np.quantile(explained.max(axis=0) - explained[best], confidence)
    near = places[fits.max() - fits <= worse]
    slopes = np.stack([np.linalg.solve(bases[k][1], parts[k, :, j]) for j, k in enumerate(at)])
    estimate = np.linalg.solve(bases[best][1], bases[best][0].T @ y)
    sides = np.array([[1.0, 0.0], [1.0, 1.0]])
    reach = student.ppf((1 + confidence) / 2, rows.groups - 1) * (slopes @ sides.T).std(axis=0)
    beside = [end for value, half in zip(sides @ estimate, reach, strict=True)
              for end in (value, value - half, value + half)]  # fmt: skip
    return (
        (float(places[best]), float(near.min()), float(near.max()), *map(float, beside)),
        np.column_stack([slopes, places[at]]),
    )


def _projected(rows: Rows, columns: Floats) -> Floats:
    """Columns, weights in them already, without what the controls tell of them."""
    return columns - rows.controls @ np.linalg.lstsq(rows.controls, columns, rcond=None)[0]


def _hinge(metric: Floats, place: float) -> Floats:
    return np.column_stack([metric, np.maximum(metric - place, 0)])


def _verdict(row: pd.Series, level: float) -> Verdict:
    """A bend that is clear; it stops paying where only the worse side has a slope to speak of."""
    if row["p_family"] >= level:
        return "not clear"
    better, worse = ("above", "below") if row["better"] > 0 else ("below", "above")
    if row["better"] == 0:
        return "bends"
    sign = row["better"]
    still = sign * row[worse] > 0 and row[f"{worse}_low"] * row[f"{worse}_high"] > 0
    goes_on = row[f"{better}_low"] * row[f"{better}_high"] > 0 and sign * row[better] > 0
    return f"stops {better}" if still and not goes_on else "bends"  # type: ignore[return-value]


def tenths(found: Effects, bends: Knees) -> pd.DataFrame:
    """The rating along the metric of the clearest bend, in tenths of its answers, adjusted.

    Returns
    -------
    DataFrame
        ``metric``, ``rating``, ``value`` (mean of the metric), ``mean`` of the rating with ``low``
        and ``high``, ``fitted`` (the bent line), ``at_knee`` (where it bends) and ``base``; no row
        where no bend is clear.
    """
    columns = ["value", "mean", "low", "high", "fitted", "base"]
    if bends.clear.empty:
        return pd.DataFrame(columns=["metric", "rating", *columns, "at_knee"])
    bend = bends.clear.iloc[0]
    pair = found.pair(bend["metric"], bend["rating"])
    confidence = bends.confidence
    rows, root = pair.rows, pair.rows.root
    hinge = rows.adjusted(_hinge(rows.metric, float(bend["knee"])))
    slopes = np.array([bend["below"], bend["above"] - bend["below"]])
    left = (rows.adjusted(rows.outcome) - hinge @ slopes) / root
    weights = root**2
    line = _hinge(rows.metric, float(bend["knee"])) @ slopes
    middle = np.average(rows.outcome, weights=weights) - np.average(line, weights=weights)
    tenth = pd.qcut(pd.Series(rows.metric), 10, labels=False, duplicates="drop").to_numpy()
    parts = []
    for part in np.unique(tenth):
        here = tenth == part
        share = weights[here] / weights[here].sum()
        off = float(share @ left[here])
        scores = np.bincount(rows.clusters[here], share * (left[here] - off), rows.groups)
        reach = student.ppf((1 + confidence) / 2, rows.groups - 1) * np.sqrt((scores**2).sum())
        fitted = middle + float(share @ line[here])
        parts.append((float(share @ rows.metric[here]), fitted + off, fitted + off - reach,
                      fitted + off + reach, fitted, int(here.sum())))  # fmt: skip
    at_knee = middle + float(bend["below"]) * float(bend["knee"])
    made = pd.DataFrame(parts, columns=columns).assign(at_knee=at_knee)
    return made.assign(metric=pair.metric, rating=pair.rating)

"""Which internal metric is linked to which rating: within accounts and between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import t as student

from helpers.errors import NotEstimable
from helpers.methods.claims import level
from helpers.methods.multiplicity import holm
from helpers.methods.operations.exposure import Exposures
from helpers.methods.operations.fitting import Fit, Rows, fitted, rows_for
from helpers.methods.operations.metrics import Metrics
from helpers.methods.survey import SurveyDesign

__all__ = ["Effects", "Pair", "effects"]

Verdict = Literal["pays", "works against", "linked", "not clear"]
FEWEST_RETURNING = 10  # accounts of several waves, below which within and between aren't parted
QUARTILES = (0.25, 0.75)
NUMBERS = [
    "slope", "low", "high", "p", "error", "freedom",
    "within", "within_low", "within_high", "between", "between_low", "between_high", "differ_p",
    "worse", "better_end", "gain", "gain_low", "gain_high",
]  # fmt: skip
COLUMNS = ["metric", "rating", "better", *NUMBERS, "used", "base", "keys"]
APART = 0.01  # p of the two slopes below which they differ: rare enough to leave tests their level
OTHER = "metric "  # before the name of another metric that is held equal


@dataclass(frozen=True)
class Pair:
    """One metric and one rating, with the rows that both have."""

    metric: str
    rating: str
    better: int
    rows: Rows = field(repr=False)
    within: np.ndarray = field(repr=False)  # of each row, what is not its account's usual
    returning: int


@dataclass(frozen=True)
class Effects:
    """The link of each metric with the ratings it is to move; one family of tests.

    Attributes
    ----------
    table
        One row a pair: ``metric``, ``rating``, ``better``, ``slope`` with ``low`` and ``high``
        (rating points for one unit more of the metric), ``p``, ``p_family`` (Holm), the same
        ``within`` accounts and ``between`` them, ``differ_p``, ``used`` (pooled or within),
        ``worse`` and ``better_end`` (quartiles of the metric), ``gain`` (rating points from the
        worse quartile to the better), ``base``, ``keys``, ``verdict``.
    why
        Why a metric has no row, by metric.
    """

    table: pd.DataFrame
    pairs: tuple[Pair, ...] = field(repr=False)
    why: Mapping[str, str]
    confidence: float
    adjusted: bool
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        outside = (self.table["slope"] < self.table["low"]) | (
            self.table["slope"] > self.table["high"]
        )
        if outside.any():
            raise ValueError("a slope lies outside its own interval")

    @property
    def clear(self) -> pd.DataFrame:
        """Pairs with a link, the largest gain first."""
        rows = self.table[self.table["verdict"] != "not clear"]
        return rows.sort_values("gain", key=lambda x: -x.abs(), kind="stable")

    @property
    def grade(self) -> Literal["B", "C"]:
        """B where the months came first and comparable accounts are compared."""
        return "B" if self.adjusted or (self.table["used"] == "within").any() else "C"

    @property
    def against(self) -> list[str]:
        """Metrics that work against customers where they are nearer to their target."""
        return list(self.table.loc[self.table["verdict"] == "works against", "metric"].unique())

    @property
    def top(self) -> pd.Series | None:
        """The pair whose target pays most; where none does, the clearest other."""
        ranked = self.clear.assign(pays=lambda t: t["verdict"] == "pays")
        ranked = ranked.sort_values("pays", ascending=False, kind="stable")
        return None if ranked.empty else ranked.iloc[0]

    @property
    def linked(self) -> tuple[Pair, ...]:
        """The pairs with a link: only of these it is asked whether the line bends."""
        named = set(zip(self.clear["metric"], self.clear["rating"], strict=True))
        return tuple(p for p in self.pairs if (p.metric, p.rating) in named)

    def pair(self, metric: str, rating: str) -> Pair:
        """The rows of one pair."""
        return next(p for p in self.pairs if (p.metric, p.rating) == (metric, rating))


def effects(
    ratings: pd.DataFrame,
    lived: Exposures,
    sent: Metrics,
    design: SurveyDesign,
    *,
    adjust: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> Effects:
    """Estimate how each rating differs with the metrics that are to move it.

    All waves together, the level of each wave taken out; errors clustered by account, or by the
    unit that a metric is of. A metric that is not said to move a rating is set against all. Other
    metrics of the same rating are held equal. Where the slope within accounts over time differs
    from that between accounts, something that lasts differs between accounts as well: the slope
    within counts.

    Parameters
    ----------
    ratings
        Driver ratings of all waves, a column each, indexed by response_id.
    lived
        As `exposures` gives it, for the same respondents.
    design
        Of all waves; its weights count.
    adjust
        Columns of respondents (segments) that are held equal.
    """
    answers, resolved = design.resolve(pd.Series(1.0, index=ratings.index))
    weights = pd.Series(resolved.weights, index=answers.index).reindex(ratings.index).fillna(0.0)
    data = _Data(ratings, lived, sent, weights, adjust)
    measured = [str(name) for name in lived.values]
    every = tuple(str(name) for name in ratings)
    why: dict[str, str] = {}
    pairs: list[Pair] = []
    rows = []
    for metric, rating in [(m, r) for m in measured for r in sent.matched.get(m, every)]:
        try:
            pair = data.pair(metric, rating)
            rows.append(_estimates(pair, confidence))
            pairs.append(pair)
        except NotEstimable as refusal:
            why.setdefault(metric, str(refusal))
    known = {pair.metric for pair in pairs}
    table = _judged(pd.DataFrame(rows, columns=COLUMNS), confidence)
    unsaid = [m.replace("_", " ") for m in measured if m in known and m not in sent.matched]
    notes = [
        f"no rating is named (driver in function_metrics) for {', '.join(unsaid)}: all were tried"
    ] * bool(unsaid)
    left = {metric: text for metric, text in why.items() if metric not in known}
    refused = {**left, **lived.why}
    adjusted = adjust is not None and bool(len(adjust.columns))
    return Effects(table, tuple(pairs), refused, confidence, adjusted, tuple(notes))


@dataclass(frozen=True)
class _Data:
    """What effects are estimated from."""

    ratings: pd.DataFrame
    lived: Exposures
    sent: Metrics
    weights: pd.Series
    adjust: pd.DataFrame | None

    def held(self, metric: str, rating: str) -> pd.DataFrame:
        """Wave, segments, and the other metrics of the same rating, each less its wave's mean."""
        waves, level = self.lived.waves, self.sent.of(metric)["level"]
        held = pd.DataFrame({"wave": waves.astype(str)})
        if self.adjust is not None:
            own = {self.lived.unit_column} if level == "unit" else set()
            held = held.join(self.adjust[[c for c in self.adjust if c not in {"wave", *own}]])
        for other in map(str, self.lived.values):
            alike = self.sent.of(other)["level"] == level
            if other != metric and alike and rating in self.sent.matched.get(other, ()):
                values = self.lived.values[other]
                centred = values - values.groupby(waves).transform("mean")
                held[f"{OTHER}{other}"] = centred.fillna(0.0)
        return held

    def pair(self, metric: str, rating: str) -> Pair:
        """One metric beside one rating."""
        held, better = self.held(metric, rating), int(self.sent.of(metric)["better"])
        asked = (self.ratings[rating], self.lived.values[metric], self.lived.keys[metric],
                 self.weights)  # fmt: skip
        try:
            rows = rows_for(*asked, held)
        except NotEstimable:  # where two metrics run together, neither is held equal
            rows = rows_for(*asked, held[[c for c in held if not str(c).startswith(OTHER)]])
        waves, keys = self.lived.waves[rows.kept], self.lived.keys.loc[rows.kept, metric]
        of = self.lived.by_key[self.lived.by_key["metric"] == metric]
        means = of.groupby("wave")["value"].mean()
        usual = (of["value"] - of["wave"].map(means)).groupby(of["key"]).mean()
        level = waves.map(means).astype(float) + keys.map(usual).astype(float)
        several = pd.Series(waves.to_numpy()).groupby(rows.clusters).agg("nunique") > 1
        within = rows.metric - level.to_numpy(float)
        return Pair(metric, rating, better, rows, within, int(several.sum()))


def _estimates(pair: Pair, confidence: float) -> tuple[object, ...]:
    """The pooled slope, that within accounts and that between; which of them counts."""
    rows = pair.rows
    pooled = fitted(rows, rows.metric[:, None])
    slope = (*pooled.linear(np.ones(1), confidence), pooled.freedom)
    parted = _parted(pair, confidence)
    used = "within" if parted[6] < APART else "pooled"
    if used == "within":
        both = _both(pair)
        slope = (*both.linear(np.array([1.0, 0.0]), confidence), both.freedom)
    value, low, high, p, freedom = slope
    error = _error(value, low, confidence, freedom)
    low_end, high_end = np.quantile(rows.metric, QUARTILES)
    worse, better_end = (low_end, high_end) if pair.better >= 0 else (high_end, low_end)
    step = better_end - worse
    ends = sorted((low * step, high * step))
    return (
        pair.metric, pair.rating, pair.better, value, low, high, p, error, freedom, *parted,
        worse, better_end, value * step, *ends, used, rows.base, rows.groups,
    )  # fmt: skip


def _error(value: float, low: float, confidence: float, freedom: int) -> float:
    return float((value - low) / student.ppf((1 + confidence) / 2, freedom))


def _both(pair: Pair) -> Fit:
    return fitted(pair.rows, np.column_stack([pair.within, pair.rows.metric - pair.within]))


def _parted(pair: Pair, confidence: float) -> tuple[float, ...]:
    """Slopes within and between accounts, each with its interval, and p of their difference.

    Mundlak, Econometrica, 1978: an account's usual level beside what is not usual.
    """
    unknown = (np.nan,) * 7
    if pair.returning < FEWEST_RETURNING or np.ptp(pair.within) == 0:
        return unknown
    try:
        both = _both(pair)
    except (NotEstimable, np.linalg.LinAlgError):
        return unknown
    inside = both.linear(np.array([1.0, 0.0]), confidence)
    across = both.linear(np.array([0.0, 1.0]), confidence)
    apart = both.linear(np.array([1.0, -1.0]), confidence)
    return (*inside[:3], *across[:3], apart[3])


def _judged(table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """The table with p values of the whole family, and what each link is."""
    if table.empty:
        return table.assign(p_family=[], verdict=[])
    family = holm(table["p"])
    return table.assign(p_family=family, verdict=list(_verdicts(table, family, level(confidence))))


def _verdicts(table: pd.DataFrame, family: np.ndarray, alpha: float) -> Iterator[Verdict]:
    for slope, better, p in zip(table["slope"], table["better"], family, strict=True):
        if p >= alpha:
            yield "not clear"
        elif better == 0:
            yield "linked"
        else:
            yield "pays" if slope * better > 0 else "works against"

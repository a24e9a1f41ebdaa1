"""Drivers that only some were asked about, each among those who were.

Whoever was not asked about a thing had no experience of it to rate, so there is no answer that
could be imputed: an answer made up for everybody would carry the effect of a few to all. Nor is
it enough to hold constant who was asked: that somebody complained, say, follows from the other
drivers, and to hold it constant would take from them what they do by way of it. So a driver
with a filter has a model of its own, of those who were asked, with the drivers that everybody
rated beside it. Its effect, its share of what is explained, its mean and its segments are
theirs. Over all customers its potential counts by the share of customers who were asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.claims import least
from helpers.methods.drivers.importance import relative_importance
from helpers.methods.drivers.joint import TARGET, joint
from helpers.methods.drivers.potential import improvement_potential
from helpers.methods.drivers.scores import performance
from helpers.methods.drivers.screening import Missing
from helpers.methods.drivers.segments import compare_segments
from helpers.methods.multiplicity import holm
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.estimates import normal_quantile

__all__ = ["AmongAsked", "Parted", "among_asked", "part_by_filters"]

NEARLY_ALL = 0.9  # of customers were asked: analysed with the drivers that everybody rated
COVERED = 0.99  # of those asked one driver were asked another: it stands beside it
FEWEST = 30  # asked, before a model of their own is tried
DRAWS = 200  # behind shares and what is drawn together


@dataclass(frozen=True, eq=False)
class Parted:
    """Drivers that can be analysed together, and those that only some were asked about.

    ``ratings`` holds the first; whoever was not asked about one of them is left out of it, all
    ratings missing. ``apart`` names the others.
    """

    ratings: pd.DataFrame
    apart: tuple[str, ...]
    not_asked: int  # left out of ``ratings``
    note: str = ""


@dataclass(frozen=True, eq=False)
class AmongAsked:
    """Drivers with a filter, each among those who were asked about it.

    ``table``, largest potential first: ``driver``; ``asked`` (respondents) and ``asked_share`` of
    all; ``base`` (ratings given); ``mean`` with ``mean_low``, ``mean_high``; ``effect`` of a point
    with ``effect_low``, ``effect_high`` and its ``effect_p``; ``share`` of what is explained among
    those asked, with ``low`` and ``high``, beside ``drivers`` of them in all; ``target``, ``reach``
    (share of all customers who were asked and rate under it), ``headroom``, and ``potential`` over
    all customers, with ``potential_low`` and ``potential_high``. ``segments`` are effects by
    segment with their bases among those asked; ``dropped`` says why a driver has no row.
    """

    table: pd.DataFrame
    base: int  # respondents, asked or not
    confidence: float
    segments: pd.DataFrame = field(default_factory=pd.DataFrame)
    dropped: Mapping[str, str] = field(default_factory=dict)

    @property
    def p(self) -> float | None:
        """That the first driver has no effect, corrected for how many there are (Holm)."""
        return least(holm(self.table["effect_p"])[:1])

    @property
    def verdict(self) -> str:
        """Whether that effect is ``clear`` above zero, ``lower`` than it, or ``not clear``."""
        if self.p is None or self.p > 1 - self.confidence:
            return "not clear"
        return "clear" if self.table["effect"].iloc[0] > 0 else "lower"

    def __post_init__(self) -> None:
        product = self.table["effect"] * self.table["reach"] * self.table["headroom"]
        if not np.allclose(product, self.table["potential"], equal_nan=True):
            raise ValueError("a potential is not effect × reach × headroom")
        if (self.table["base"] > self.table["asked"]).any():
            raise ValueError("more people answered than were asked")


def part_by_filters(
    ratings: pd.DataFrame, asked: pd.DataFrame, outcome: pd.Series | None = None
) -> Parted:
    """Part the drivers that nearly everybody was asked about from those with a filter.

    Parameters
    ----------
    ratings
        One column a driver, one row a respondent.
    asked
        Whether each respondent was asked, a column for each driver that not everybody was.
    outcome
        What is to be explained: whoever has none is no customer that a driver could reach.

    Examples
    --------
    >>> ratings = pd.DataFrame({"ease": [5, 4, 3, 2], "complaint": [1, None, None, None]})
    >>> asked = pd.DataFrame({"complaint": [True, False, False, False]})
    >>> found = part_by_filters(ratings, asked)
    >>> list(found.ratings), found.apart
    (['ease'], ('complaint',))
    """
    masks = _masks(ratings, asked)
    there = masks.any(axis=1)
    if outcome is not None:
        there &= outcome.reindex(ratings.index).notna()
    shares = masks[there].mean()
    names = [str(name) for name in ratings]
    together = [name for name in names if shares[name] >= NEARLY_ALL]
    if not together and len(shares) and shares.max() > 0:
        first = shares.idxmax()
        own = masks[there & masks[first]].mean()
        together = [name for name in names if own[name] >= COVERED]
    inside = masks[together].all(axis=1)
    left_out = int((there & ~inside).sum())
    note = f"{left_out:,} were not asked about every driver that is compared, and are left out"
    apart = tuple(name for name in names if name not in together)
    return Parted(ratings[together].where(inside), apart, left_out, note if left_out else "")


def _masks(ratings: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Who was asked each driver; everybody where nothing is declared."""
    every = pd.Series(True, index=ratings.index)
    told = asked.reindex(ratings.index)
    return pd.DataFrame(
        {n: told[n].fillna(False).astype(bool) if n in told else every for n in ratings},
        index=ratings.index,
    )


def among_asked(
    ratings: pd.DataFrame,
    asked: pd.DataFrame,
    outcome: pd.Series,
    design: SurveyDesign | None = None,
    *,
    scale: Mapping[str, tuple[float, float]],
    always: Sequence[str] = (),
    target: float = TARGET,
    missing: Missing = "imputed",
    segments: pd.DataFrame | None = None,
    smallest: int = FEWEST,
    apart: int = 0,
    confidence: float = 0.95,
    rng: np.random.Generator | None = None,
) -> AmongAsked:
    """Analyse each driver with a filter among those who were asked about it.

    Parameters
    ----------
    ratings, outcome, design, always, missing
        As in :func:`relative_importance`, all drivers of the codebook.
    asked
        As in :func:`part_by_filters`.
    scale, target
        As in :func:`joint`.
    segments, smallest, apart
        As in :func:`compare_segments`.

    Raises
    ------
    NotEstimable
        Where no driver has a filter, or none was asked of enough.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> ease, complaint = rng.integers(1, 11, (2, 400)).astype(float)
    >>> asked = pd.DataFrame({"complaint": np.arange(400) < 100})
    >>> felt = np.where(asked["complaint"], complaint, 5.0)
    >>> outcome = pd.Series(ease + felt + rng.normal(size=400))
    >>> ratings = pd.DataFrame({"ease": ease, "complaint": complaint}).where(
    ...     asked.reindex(columns=["ease", "complaint"], fill_value=True))
    >>> scale = {"ease": (1, 10), "complaint": (1, 10)}
    >>> found = among_asked(ratings, asked, outcome, scale=scale).table.iloc[0]
    >>> int(found["asked"]), bool(found["effect_low"] < 1 < found["effect_high"])
    (100, True)
    """
    parted = part_by_filters(ratings, asked, outcome)
    if not parted.apart:
        raise NotEstimable("every driver was asked of nearly everybody")
    masks = _masks(ratings, asked)
    whole = (design or SurveyDesign()).of(ratings.index)
    there = outcome.reindex(ratings.index).notna() & (whole.weights_for(outcome) > 0)
    rng = np.random.default_rng(0) if rng is None else rng
    rows, told, dropped = [], [], {}
    for name in parted.apart:
        inside = masks[name] & there
        covered = masks[inside].mean()
        beside = [str(n) for n in ratings if n != name and covered[str(n)] >= COVERED]
        options = {"missing": missing, "always": [n for n in always if n in beside]}
        answers = (ratings[[*beside, name]].where(inside), outcome.where(inside), whole)
        try:
            _refuse_few(int(inside.sum()), smallest)
            found = _row(name, answers, scale, target, confidence, rng, options)
        except NotEstimable as refusal:
            dropped[name] = str(refusal)
            continue
        rows.append(_over_all(found, masks[name].where(there), whole, confidence))
        told.append(_by_segment(name, answers, segments, smallest, apart, confidence, options))
    if not rows:
        why = "; ".join(f"{name}: {reason}" for name, reason in dropped.items())
        raise NotEstimable(f"no driver was asked of enough ({why})")
    table = pd.DataFrame(rows).sort_values("potential", ascending=False, ignore_index=True)
    return AmongAsked(table, int(there.sum()), confidence, pd.concat(told), dropped)


def _refuse_few(count: int, smallest: int) -> None:
    if count < smallest:
        raise NotEstimable(f"{count} were asked; a model of their own needs {smallest}")


def _row(
    name: str,
    answers: tuple[pd.DataFrame, pd.Series, SurveyDesign],
    scale: Mapping[str, tuple[float, float]],
    target: float,
    confidence: float,
    rng: np.random.Generator,
    options: Mapping[str, Any],
) -> dict[str, Any]:
    """One driver's figures among those who were asked about it."""
    ratings, outcome, design = answers
    draws = {"replicates": DRAWS, "rng": rng, **options}
    shares = relative_importance(
        ratings, outcome, design, confidence=confidence, shrink=True, **draws
    )
    if name not in set(shares.table["driver"]):
        raise NotEstimable(str(shares.dropped.get(name, "it is held constant")))
    together = joint(ratings, outcome, design, scale=scale, target=target, **draws)
    lifts = improvement_potential(together, confidence=confidence).table
    rated = performance(ratings[[name]], design, confidence=confidence, scale=scale).table
    share, lift, mean = (t[t["driver"] == name].iloc[0] for t in (shares.table, lifts, rated))
    return {
        "driver": name, "asked": int(outcome.notna().sum()), "base": int(mean["base"]),
        "mean": mean["mean"], "mean_low": mean["low"], "mean_high": mean["high"],
        **{key: share[key] for key in ("effect", "effect_low", "effect_high", "effect_p")},
        **{key: share[key] for key in ("share", "low", "high")}, "drivers": len(shares.table),
        **{key: lift[key] for key in ("target", "reach", "headroom", "potential")},
        "potential_low": lift["low"], "potential_high": lift["high"],
    }  # fmt: skip


def _over_all(
    row: dict[str, Any], asked: pd.Series, design: SurveyDesign, confidence: float
) -> dict[str, Any]:
    """Reach and potential over all customers: those among the asked, times who was asked."""
    share = survey.proportion(asked.astype(float), design, confidence=confidence)
    z = normal_quantile(confidence)
    ends = (row["potential_low"], row["potential_high"])
    half = (ends[1] - ends[0]) / 2
    spread = row["potential"] * (share.high - share.low) / 2
    wide = float(np.hypot(share.value * half / z, spread / z) * z)
    value = share.value * row["potential"]
    return row | {
        "asked_share": share.value, "reach": share.value * row["reach"], "potential": value,
        "potential_low": value - wide, "potential_high": value + wide,
    }  # fmt: skip


def _by_segment(
    name: str,
    answers: tuple[pd.DataFrame, pd.Series, SurveyDesign],
    segments: pd.DataFrame | None,
    smallest: int,
    apart: int,
    confidence: float,
    options: Mapping[str, Any],
) -> pd.DataFrame:
    """Effects by segment among those asked; none where no two segments are large enough."""
    ratings, outcome, design = answers
    if segments is None or not len(segments.columns):
        return pd.DataFrame()
    try:
        found = compare_segments(
            ratings, outcome, segments, design, smallest=smallest, apart=apart,
            confidence=confidence, **options,
        )  # fmt: skip
    except NotEstimable:
        return pd.DataFrame()
    own = found.table[found.table["driver"] == name]
    tests = found.tests.loc[found.tests["driver"] == name, ["by", "p_holm", "differs"]]
    return own.merge(tests, on="by", how="left")

"""Who changed segment between two waves, against what no true change would have produced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import t

from helpers.errors import NotEstimable
from helpers.methods.loyalty.answering import AnswerModel, answer_model
from helpers.methods.loyalty.axes import axis_scores
from helpers.methods.loyalty.replication import groups_of, jackknife, unit_codes
from helpers.methods.loyalty.segments import CUTS, SEGMENTS, segments
from helpers.methods.multiplicity import holm
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.columns import aligned

__all__ = ["Transitions", "by_person", "moves", "transitions"]

GROUPS = 15  # of accounts, left out one by one
FEWEST = 30  # people placed twice
FEWEST_MOVES = 5  # expected in a field, for an interval
RARE = 20  # expected in a field: below it chance is at least that of a count
ROUNDING = 1e-12  # of a share; less is none
Wave = tuple[pd.DataFrame, pd.DataFrame]  # attitude, behaviour: a column a question


@dataclass(frozen=True)
class Transitions:
    """Moves between segments: seen, expected without any true change, and the excess.

    ``table`` has a row for each pair: ``before``, ``now``, ``people``, ``observed`` (share of
    all, 0-1), ``expected``, ``excess`` with ``low`` and ``high`` (simultaneous over the fields
    compared; missing where fewer than five people are expected, for then no interval
    holds), ``p_adjusted`` (Holm) and ``sure`` (whether a field differs, all compared together).
    ``summary`` has one row a measure: ``moved`` (changed segment), ``expected`` and ``excess``,
    each with ``value``, ``low``, ``high``.
    """

    table: pd.DataFrame
    summary: pd.DataFrame
    base: int  # people who could be placed in both waves
    accounts: int
    seen: int  # people who answered both waves
    complete: int  # of those placed, people who answered every question both times
    excess_p: float = float("nan")  # two-sided, that no more and no fewer moved than expected

    def __post_init__(self) -> None:
        for name in ("observed", "expected"):
            if not np.isclose(self.table[name].sum(), 1):
                raise ValueError(f"{name} shares add up to {self.table[name].sum():.4f}, not 1")
        if not self.seen >= self.base >= self.complete:
            raise ValueError(
                f"{self.complete} answered all, {self.base} were placed, {self.seen} answered both"
            )

    def measure(self, name: str) -> pd.Series:
        """One row of the summary."""
        return self.summary[self.summary["measure"] == name].iloc[0]


def transitions(
    before: Wave,
    now: Wave,
    *,
    accounts: ArrayLike | None = None,
    cuts: tuple[float, float] = CUTS,
    confidence: float = 0.95,
) -> Transitions:
    """Compare who changed segment with what answers alone would bring if nobody had changed.

    Answers scatter, so people near a cut-off cross it without having changed. How many do
    is worked out from `answer_model`, fitted to the answers of both waves: the same true
    standing, asked twice, each time by the questions that the person did answer. The excess
    is what was seen beyond that; intervals come from leaving out groups of accounts, the
    model fitted anew each time. Everyone counts alike.

    Parameters
    ----------
    before, now
        Attitude and behaviour of each wave: one column a question (0-100), rows indexed by
        person. People are compared who can be placed in both: who answered half of the
        questions of each side.
    accounts
        The account of each person, indexed as they are.
    cuts
        As for `matrix`.

    Raises
    ------
    NotEstimable
        If fewer than 30 people can be placed both times, or the questions carry no model.
    ValueError
        If a person has two rows in a wave.

    References
    ----------
    Samejima (1969), Psychometrika Monograph 17; Wolter (2007), 4.3 (groups left out); Holm
    (1979), Scandinavian Journal of Statistics 6.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> feel = rng.normal(size=(600, 1))
    >>> asked = lambda: pd.DataFrame(
    ...     np.clip(np.rint(4 + feel + 0.7 * rng.normal(size=(600, 3))), 1, 5) * 25 - 25)
    >>> found = transitions((asked(), asked()), (asked(), asked()))
    >>> found.measure("moved").value > 0.2, found.measure("excess").low < 0
    (np.True_, np.True_)
    """
    first, second, seen = _placed_twice(before, now)
    split = before[0].shape[1]
    known = None if accounts is None else aligned(accounts, first.iloc[:, 0], "accounts")
    units = unit_codes(known, first.iloc[:, 0])
    tables = [_segments(part, split, cuts) for part in (first, second)]
    asked = np.hstack([first.notna().to_numpy(), second.notna().to_numpy()])
    model = _fitted(first, second, split)
    whole = np.stack([_counted(*tables), _expected(model, cuts, asked)])
    without = []
    for group in groups_of(units, GROUPS):
        keep = ~group
        if keep.any() and group.any():
            again = _fitted(first[keep], second[keep], split, model)
            kept = [part[keep] for part in tables]
            without.append(np.stack([_counted(*kept), _expected(again, cuts, asked[keep])]))
    people = {"base": len(first), "accounts": int(units.max()) + 1, "seen": seen,
              "complete": int(asked.all(axis=1).sum())}  # fmt: skip
    left_out = np.array(without)
    return Transitions(
        _fields(whole, left_out, len(first), confidence), _summary(whole, left_out, confidence),
        excess_p=_excess_p(whole, left_out), **people,
    )  # fmt: skip


def moves(
    sides: Mapping[str, pd.DataFrame],
    responses: pd.DataFrame,
    waves: tuple[str | None, str],
    *,
    cuts: tuple[float, float] = CUTS,
    confidence: float = 0.95,
) -> Transitions:
    """`transitions` between two waves, of responses that name their person.

    Parameters
    ----------
    sides
        Attitude and behaviour: one column a question (0-100), one row a response.
    responses
        The same responses: ``wave``, ``contact_id``, and ``account_id`` where it is known.
    waves
        The wave before, and now.
    """
    here = [responses["wave"] == wave for wave in waves]
    before, now = (
        by_person([side[rows] for side in sides.values()], responses.loc[rows, "contact_id"])
        for rows in here
    )
    people = responses[here[1]].drop_duplicates("contact_id", keep="last").set_index("contact_id")
    return transitions(
        before, now, accounts=people.get("account_id"), cuts=cuts, confidence=confidence
    )


def by_person(parts: Iterable[pd.DataFrame], people: pd.Series) -> Wave:
    """One wave's answers with rows named by person; of two answers of one, the later stays.

    Parameters
    ----------
    parts
        Attitude and behaviour: one column a question, one row a response.
    people
        The person of each response; responses without one are left out.

    Examples
    --------
    >>> answers = pd.DataFrame({"trust": [25.0, 50.0, 75.0]})
    >>> by_person([answers, answers], pd.Series(["p", None, "p"]))[0]["trust"].to_dict()
    {'p': 75.0}
    """
    known = people.notna() & ~people.duplicated(keep="last")
    attitude, behaviour = (
        part[known.to_numpy()].set_axis(pd.Index(people[known]), axis=0) for part in parts
    )
    return attitude, behaviour


def _placed_twice(before: Wave, now: Wave) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Answers of those who can be placed in both waves, and how many answered both."""
    for wave in (before, now):
        if not wave[0].index.is_unique:
            twice = wave[0].index[wave[0].index.duplicated()][0]
            raise ValueError(f"person {twice!r} has two rows in a wave; give one a person")
    placed = [axis_scores(side).notna() for wave in (before, now) for side in wave]
    there = before[0].index.intersection(now[0].index)
    both = there[np.all([side.reindex(there).to_numpy(bool) for side in placed], axis=0)]
    if len(both) < FEWEST:
        raise NotEstimable(
            f"the base is too small: {len(both)} people answered enough questions of both sides in "
            f"both waves; moves are compared from {FEWEST}"
        )
    first, second = (pd.concat(wave, axis=1).loc[both] for wave in (before, now))
    return first, second, len(there)


def _segments(wave: pd.DataFrame, split: int, cuts: tuple[float, float]) -> np.ndarray:
    named = segments(
        wave.iloc[:, :split].mean(axis=1), wave.iloc[:, split:].mean(axis=1), cuts=cuts
    )
    return np.asarray(pd.Categorical(named, categories=list(SEGMENTS)).codes)


def _fitted(
    first: pd.DataFrame, second: pd.DataFrame, split: int, start: AnswerModel | None = None
) -> AnswerModel:
    both = pd.DataFrame(np.vstack([first.to_numpy(), second.to_numpy()]), columns=first.columns)
    return answer_model(both.iloc[:, :split], both.iloc[:, split:], start=start)


def _counted(before: np.ndarray, now: np.ndarray) -> Floats:
    found = np.zeros((4, 4))
    np.add.at(found, (before, now), 1.0)
    return found / len(before)


def _expected(model: AnswerModel, cuts: tuple[float, float], asked: np.ndarray) -> Floats:
    """Share of people in each pair of segments when the same standing is asked twice.

    ``asked`` has a row a person: which questions were answered, in both waves one after the
    other. People who answered the same ones are worked out together.
    """
    patterns, counts = np.unique(asked, axis=0, return_counts=True)
    prior, sides = model.prior, _Sides(model, cuts)
    found = np.zeros((4, 4))
    for pattern, count in zip(patterns, counts, strict=True):
        (likes, stays), (likes_now, stays_now) = (sides.of(part) for part in np.split(pattern, 2))
        across = (likes[:, None] * likes_now[None]).reshape(16, -1) @ prior
        down = (stays[:, None] * stays_now[None]).reshape(16, -1)
        found += count * (across * down).sum(axis=1).reshape(4, 4)
    return found / counts.sum()


class _Sides:
    """Chances of each segment's side of both cut-offs, by which questions were answered."""

    def __init__(self, model: AnswerModel, cuts: tuple[float, float]) -> None:
        self.model, self.cuts = model, cuts
        self.known: dict[bytes, tuple[Floats, Floats]] = {}

    def of(self, answered: np.ndarray) -> tuple[Floats, Floats]:
        """Attitude and behaviour of the four segments at each standing: segments by nodes."""
        key = answered.tobytes()
        if key not in self.known:
            split = len(self.model.attitude.answers)
            parts = np.flatnonzero(answered[:split]), np.flatnonzero(answered[split:])
            axes = self.model.attitude, self.model.behaviour
            likes, stays = (
                axis.seen_above(cut, part.tolist())
                for axis, cut, part in zip(axes, self.cuts, parts, strict=True)
            )
            self.known[key] = (
                np.stack([likes, likes, 1 - likes, 1 - likes]),
                np.stack([stays, 1 - stays, stays, 1 - stays]),
            )
        return self.known[key]


def _fields(whole: Floats, without: Floats, base: int, confidence: float) -> pd.DataFrame:
    """Every pair of segments, those with enough people compared as one family."""
    seen, expected = whole
    excess = seen - expected
    enough = expected * base >= FEWEST_MOVES
    error, *_, freedom = jackknife(excess, without[:, 0] - without[:, 1])
    by_count = np.sqrt(expected * (1 - expected) / base)
    rare = expected * base < RARE  # few seen would make their own error small
    error = np.where(rare, np.maximum(error, by_count), error)
    level = 1 - (1 - confidence) / max(int(enough.sum()), 1)
    reach = np.where(enough, float(t.ppf((1 + level) / 2, freedom)) * error, np.nan)
    adjusted = np.full((4, 4), np.nan)
    if enough.any():
        adjusted[enough] = _holm(excess[enough], error[enough], freedom)
    rows = [
        {"before": SEGMENTS[i], "now": SEGMENTS[j], "people": round(seen[i, j] * base),
         "observed": seen[i, j], "expected": expected[i, j], "excess": excess[i, j],
         "low": excess[i, j] - reach[i, j], "high": excess[i, j] + reach[i, j],
         "p_adjusted": adjusted[i, j], "sure": bool(adjusted[i, j] < 1 - confidence)}
        for i in range(4) for j in range(4)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _holm(excess: Floats, error: Floats, freedom: int) -> Floats:
    """Holm's p values of fields."""
    return holm(_alone(excess, error, freedom))


def _alone(excess: Floats, error: Floats, freedom: int) -> Floats:
    """P values of each excess; one within rounding of nothing is nothing."""
    away = np.where(np.abs(excess) > ROUNDING, np.abs(excess), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(away > 0, 2 * t.sf(away / error, freedom), 1.0))


def _summary(whole: Floats, without: Floats, confidence: float) -> pd.DataFrame:
    """How many moved, how many would have, and the excess, kept within what can be."""
    moved, again = _moved(whole), _moved(without)
    _, low, high, _ = jackknife(moved, again, confidence=confidence)
    bounds = np.array([[0, 1], [0, 1], [-1, 1]])
    return pd.DataFrame(
        {"measure": ["moved", "expected", "excess"], "value": moved,
         "low": np.maximum(low, bounds[:, 0]), "high": np.minimum(high, bounds[:, 1])}
    )  # fmt: skip


def _moved(tables: Floats) -> Floats:
    """Share that moved, that would have, and the excess, along the last axis."""
    found = 1 - np.trace(tables, axis1=-2, axis2=-1)
    return np.concatenate([found, found[..., :1] - found[..., 1:]], axis=-1)


def _excess_p(whole: Floats, without: Floats) -> float:
    """The p of the interval of the excess."""
    excess = _moved(whole)[2:]
    error, *_, freedom = jackknife(excess, _moved(without)[:, 2:])
    return float(_alone(excess, error, freedom)[0])

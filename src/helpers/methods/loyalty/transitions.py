"""Who changed segment between two waves, against what no true change would have produced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import NotEstimable
from helpers.methods.calibration import Floats
from helpers.methods.columns import aligned
from helpers.methods.loyalty.answering import AnswerModel, answer_model
from helpers.methods.loyalty.replication import groups_of, jackknife, unit_codes
from helpers.methods.loyalty.segments import CUTS, SEGMENTS, segments

__all__ = ["Transitions", "by_person", "transitions"]

GROUPS = 15  # of accounts, left out one by one
FEWEST = 30  # people seen twice
FEWEST_MOVES = 5  # expected in a field, for an interval
Wave = tuple[pd.DataFrame, pd.DataFrame]  # attitude, behaviour: a column a question


@dataclass(frozen=True)
class Transitions:
    """Moves between segments: seen, expected without any true change, and the excess.

    ``table`` has a row for each pair: ``before``, ``now``, ``people``, ``observed`` (share of
    all, 0-1), ``expected``, ``excess`` with ``low`` and ``high`` (missing where fewer than five
    people are expected, for then no interval holds). ``summary`` has one row a
    measure: ``moved`` (changed segment), ``expected`` and ``excess``, each with ``value``,
    ``low``, ``high``.
    """

    table: pd.DataFrame
    summary: pd.DataFrame
    base: int  # people seen in both waves
    accounts: int

    def __post_init__(self) -> None:
        for name in ("observed", "expected"):
            if not np.isclose(self.table[name].sum(), 1):
                raise ValueError(f"{name} shares add up to {self.table[name].sum():.4f}, not 1")

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
    standing, asked twice. The excess is what was seen beyond that; intervals come from
    leaving out groups of accounts, the model fitted anew each time.

    Parameters
    ----------
    before, now
        Attitude and behaviour of each wave: one column a question (0-100), rows indexed by
        person. People who answered every question in both waves are compared.
    accounts
        The account of each person, indexed as they are.
    cuts
        As for `matrix`.

    Raises
    ------
    NotEstimable
        If fewer than 30 people answered both times, or the questions cannot carry a model.
    ValueError
        If a person has two rows in a wave.

    References
    ----------
    Samejima (1969), Psychometrika Monograph 17; Wolter (2007), 4.3 (groups left out).

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
    first, second = _seen_twice(before, now)
    split = before[0].shape[1]
    known = None if accounts is None else aligned(accounts, first.iloc[:, 0], "accounts")
    units = unit_codes(known, first.iloc[:, 0])
    tables = [_segments(part, split, cuts) for part in (first, second)]
    model = _fitted(first, second, split)
    whole = np.stack([_counted(*tables), _expected(model, cuts)])
    without = []
    for group in groups_of(units, GROUPS):
        keep = ~group
        if keep.any() and group.any():
            again = _fitted(first[keep], second[keep], split, model)
            kept = [part[keep] for part in tables]
            without.append(np.stack([_counted(*kept), _expected(again, cuts)]))
    return _result(whole, np.array(without), len(first), int(units.max()) + 1, confidence)


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


def _seen_twice(before: Wave, now: Wave) -> tuple[pd.DataFrame, pd.DataFrame]:
    waves = [pd.concat(wave, axis=1).dropna() for wave in (before, now)]
    for wave in waves:
        if not wave.index.is_unique:
            twice = wave.index[wave.index.duplicated()][0]
            raise ValueError(f"person {twice!r} has two rows in a wave; give one a person")
    both = waves[0].index.intersection(waves[1].index)
    if len(both) < FEWEST:
        raise NotEstimable(
            f"the base is too small: {len(both)} people answered every question of both axes in "
            f"both waves; moves are compared from {FEWEST}"
        )
    return waves[0].loc[both], waves[1].loc[both]


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


def _expected(model: AnswerModel, cuts: tuple[float, float]) -> Floats:
    """Share of people in each pair of segments when the same standing is asked twice."""
    likes = model.attitude.seen_above(cuts[0])
    stays = model.behaviour.seen_above(cuts[1])
    sides = [(likes, stays), (likes, 1 - stays), (1 - likes, stays), (1 - likes, 1 - stays)]
    chances = np.stack([np.outer(one, other) for one, other in sides])
    return np.einsum("aij,bij,ij->ab", chances, chances, model.prior, optimize=True)


def _result(
    whole: Floats, without: Floats, base: int, accounts: int, confidence: float
) -> Transitions:
    seen, expected = whole
    excess = seen - expected
    _, low, high, _ = jackknife(excess, without[:, 0] - without[:, 1], confidence=confidence)
    few = expected * base < FEWEST_MOVES
    low, high = np.where(few, np.nan, low), np.where(few, np.nan, high)
    rows = [
        {"before": SEGMENTS[i], "now": SEGMENTS[j], "people": round(seen[i, j] * base),
         "observed": seen[i, j], "expected": expected[i, j], "excess": excess[i, j],
         "low": low[i, j], "high": high[i, j]}
        for i in range(4) for j in range(4)
    ]  # fmt: skip
    moved = np.array([1 - np.trace(seen), 1 - np.trace(expected), 0.0])
    moved[2] = moved[0] - moved[1]
    again = 1 - np.trace(without, axis1=2, axis2=3)
    again = np.column_stack([again, again[:, 0] - again[:, 1]])
    _, least, most, _ = jackknife(moved, again, confidence=confidence)
    bounds = np.array([[0, 1], [0, 1], [-1, 1]])
    summary = pd.DataFrame(
        {"measure": ["moved", "expected", "excess"], "value": moved,
         "low": np.maximum(least, bounds[:, 0]), "high": np.minimum(most, bounds[:, 1])}
    )  # fmt: skip
    return Transitions(pd.DataFrame(rows), summary, base, accounts)

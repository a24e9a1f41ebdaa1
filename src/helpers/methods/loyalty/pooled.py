"""A group against the rest over several waves: each wave about itself, then together.

What one wave of answers tells of a group is little, and groups change slowly. In each wave the
group is set against the rest of that wave, so that levels that rise or fall for everybody play no
part, and the differences are joined by how precise each is. An account that answered in several
waves is one. Where the waves tell different things of a group, this wave's difference stands,
drawn towards the others as far as chance explains what parts them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd
from scipy.stats import f as fisher
from scipy.stats import t

from helpers.methods import survey
from helpers.methods.drivers.agreement import drawn_together
from helpers.methods.solving import inverse
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.estimates import Estimate, estimate
from helpers.methods.survey.jackknife import ALL_BUT, Side
from helpers.methods.survey.resolved import ResolvedDesign

__all__ = ["Against", "EarlierWaves", "against_rest"]


@dataclass(frozen=True)
class EarlierWaves:
    """Answers of all waves, the last one last: points, groups and design, on the same rows."""

    points: pd.Series
    columns: pd.DataFrame
    design: SurveyDesign | None  # over waves; none where it is not known: then one wave speaks

    @property
    def order(self) -> tuple[str, ...]:
        """The waves in order of time."""
        return () if self.design is None else tuple(self.design.parts or {})


@dataclass(frozen=True, eq=False)
class Against:
    """A group less the rest: the estimate at any confidence, and how it was made.

    ``waves`` speak in it, the last one last; ``p_waves`` is the chance of differences between
    them as large, were they one (missing for one wave); ``influence`` is what each respondent
    adds, ``leaving`` what leaving out their account takes away, respondent by respondent;
    ``apart`` is the last wave's own, drawn towards the others, to be used where they differ.
    """

    at: Callable[[float], Estimate]
    influence: pd.Series
    leaving: pd.Series
    waves: tuple[str, ...]
    p_waves: float = float("nan")
    apart: Callable[[], Against] | None = None


def against_rest(
    answers: pd.Series,
    inside: pd.Series,
    design: SurveyDesign,
    *,
    order: Sequence[str] = (),
    smallest: int = 2,
) -> Against:
    """Set a group against the rest in each wave, and join the waves.

    Parameters
    ----------
    answers
        One number a respondent whose mean is the score, of all waves.
    inside
        Who is in the group; the others of a wave are its rest.
    design
        Over waves, or of the one wave that there is.
    order
        The waves, the last one last; without them there is one.
    smallest
        Answers of group and of rest that a wave needs to have a say. The last one always has.

    Examples
    --------
    >>> names = {w: pd.Index([f"{w}{k}" for k in range(40)]) for w in ("v", "w")}
    >>> design = SurveyDesign.over(
    ...     {w: SurveyDesign(clusters=pd.Series(range(40), index=at)) for w, at in names.items()})
    >>> group = pd.Series(np.tile([True, False], 40), index=design.index)
    >>> level = np.repeat([60.0, 70.0], 40) + 5 * group + np.tile([0, 0, 1, 1, 2, 2, 2, 2], 10)
    >>> found = against_rest(level, group, design, order=("v", "w"))
    >>> found.at(0.95).value, found.waves
    (5.0, ('v', 'w'))
    """
    waves = _speaking(answers, inside, design, order, smallest)
    if len(waves) < 2:
        return _of_one(answers, inside, design, waves)
    of = design.waves
    rows, resolved = design.resolve(answers.where(of.isin(waves)))  # type: ignore[union-attr]
    parts = _Waves.of(rows, resolved, inside.reindex(rows.index), of, waves)  # type: ignore[arg-type]
    return parts.joined()


def _speaking(
    answers: pd.Series,
    inside: pd.Series,
    design: SurveyDesign,
    order: Sequence[str],
    smallest: int,
) -> tuple[str, ...]:
    """The waves with enough answers on both sides that are weighted as the last one is."""
    if design.waves is None or len(order) < 2:
        return tuple(order[-1:])
    given, last = answers.notna(), order[-1]
    weighted = set(design.weighted_waves)
    found = []
    for wave in order:
        here = given & (design.waves == wave)
        enough = min((here & inside).sum(), (here & ~inside).sum()) >= max(smallest, 2)
        alike = (wave in weighted) == (last in weighted)
        if wave == last or (enough and alike):
            found.append(wave)
    return tuple(found)


def _of_one(
    answers: pd.Series, inside: pd.Series, design: SurveyDesign, waves: tuple[str, ...]
) -> Against:
    """Of the last wave alone; colleagues on both sides count as one account."""
    here = answers if not waves or design.waves is None else answers.where(design.waves == waves[0])
    one = design if not waves or design.parts is None else design.parts[waves[0]]
    here = here.reindex(one.index) if one.index is not None and one.labelled else here
    side = inside.reindex(here.index).fillna(False).astype(bool)

    @cache
    def at(confidence: float) -> Estimate:
        return survey.difference(here.where(~side), here.where(side), one, confidence=confidence)

    rows, resolved = one.labelled_by(here).resolve(here)
    marked = side.reindex(rows.index).fillna(False).to_numpy(bool)
    own = _Difference.of(rows, resolved, marked, np.ones(len(rows), dtype=bool))
    return Against(at, _counted(resolved, own.pull, rows),
                   _counted(resolved, own.leaving(resolved), rows), waves)  # fmt: skip


def _counted(resolved: ResolvedDesign, pull: Floats, rows: pd.Series) -> pd.Series:
    return pd.Series(resolved.counted(pull), index=rows.index)


@dataclass(frozen=True, eq=False)
class _Difference:
    """Group less rest among some rows: what each respondent adds, and holds of their side."""

    value: float
    pulls: tuple[Floats, Floats]
    shares: tuple[Floats, Floats]

    @classmethod
    def of(
        cls, rows: pd.Series, resolved: ResolvedDesign, inside: np.ndarray, here: np.ndarray
    ) -> _Difference:
        answers, value = np.nan_to_num(rows.to_numpy()), 0.0
        pulls, shares = [], []
        for sign, side in ((1, inside), (-1, ~inside)):
            mass = np.where(here & side & rows.notna().to_numpy(), resolved.weights, 0.0)
            share = mass / mass.sum()
            mean = float(share @ answers)
            value += sign * mean
            pulls.append(sign * share * (answers - mean))
            shares.append(share)
        return cls(value, (pulls[0], pulls[1]), (shares[0], shares[1]))

    @property
    def pull(self) -> Floats:
        """What each respondent adds to the difference."""
        return np.asarray(self.pulls[0] + self.pulls[1])

    def leaving(self, resolved: ResolvedDesign) -> Floats:
        """The pull as a side moves that loses an account: an account draws its mean to itself."""
        unit, moved = resolved.stages[0].unit, np.zeros(len(self.pull))
        for pull, share in zip(self.pulls, self.shares, strict=True):
            held = np.bincount(unit, share)
            moved += pull / np.maximum(1 - held, ALL_BUT)[unit]
        return np.asarray(moved)

    @property
    def precision(self) -> float:
        """As it were, were everybody's answer as uncertain and nobody's like another's."""
        return float(1 / sum(share @ share for share in self.shares))


@dataclass(frozen=True, eq=False)
class _Waves:
    """The differences of several waves, the last one last."""

    rows: pd.Series
    resolved: ResolvedDesign
    names: tuple[str, ...]
    each: tuple[_Difference, ...]

    @classmethod
    def of(
        cls,
        rows: pd.Series,
        resolved: ResolvedDesign,
        inside: pd.Series,
        waves: pd.Series,
        names: tuple[str, ...],
    ) -> _Waves:
        marked = inside.fillna(False).to_numpy(bool)
        of = waves.reindex(rows.index).to_numpy()
        each = tuple(_Difference.of(rows, resolved, marked, of == name) for name in names)
        return cls(rows, resolved, names, each)

    @property
    def values(self) -> Floats:
        return np.array([one.value for one in self.each])

    @property
    def pulls(self) -> Floats:
        """Respondent, wave."""
        return np.column_stack([one.pull for one in self.each])

    def joined(self) -> Against:
        """All waves together, and the last one drawn towards the others."""
        share = np.array([one.precision for one in self.each])
        share /= share.sum()
        pull, value, resolved = self.pulls @ share, float(share @ self.values), self.resolved
        sides = [Side(*(sum(part * getattr(one, name)[side]
                            for part, one in zip(share, self.each, strict=True))
                        for name in ("pulls", "shares"))) for side in (0, 1)]  # fmt: skip
        simple = resolved.variance(pull)

        def at(confidence: float) -> Estimate:
            return estimate(value, sides, resolved, simple, confidence)

        covariance = resolved.covariance(self.pulls)
        leaving = np.column_stack([one.leaving(resolved) for one in self.each]) @ share
        return Against(at, self._counted(pull), self._counted(leaving), self.names,
                       self._differ(covariance), lambda: self._apart(covariance))  # fmt: skip

    def _counted(self, pull: Floats) -> pd.Series:
        return _counted(self.resolved, pull, self.rows)

    def _differ(self, covariance: Floats) -> float:
        """Chance of differences this unlike, were they one: Wald's test with F's quantiles."""
        count, freedom = len(self.names) - 1, self.resolved.freedom
        left = freedom - count + 1
        if left < 1:
            return float("nan")
        off = np.column_stack([np.eye(count), -np.ones(count)])
        away = off @ self.values
        square = float(away @ inverse(off @ covariance @ off.T) @ away)
        return float(fisher.sf(square * left / (freedom * count), count, left))

    def _apart(self, covariance: Floats) -> Against:
        """The last wave's own difference, drawn towards the others as far as chance goes."""
        value, error = drawn_together(self.values, covariance)
        if not np.isfinite([value, error]).all():  # waves that are copies of one another
            value, error = self.values[-1], covariance[-1, -1] ** 0.5
        last = self.each[-1]
        sides = [Side(*both) for both in zip(last.pulls, last.shares, strict=True)]
        whole = estimate(value, sides, self.resolved, 1.0, 0.95)

        def at(confidence: float) -> Estimate:
            reach = float(t.ppf((1 + confidence) / 2, whole.degrees_of_freedom)) * error
            return replace(whole, low=value - reach, high=value + reach, standard_error=error,
                           confidence=confidence, lean=0.0)  # fmt: skip

        leaving = self._counted(last.leaving(self.resolved))
        return Against(at, self._counted(last.pull), leaving, self.names)

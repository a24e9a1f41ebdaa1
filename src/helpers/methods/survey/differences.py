"""A difference of two means, of waves or of groups that may share accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import NotEstimable
from helpers.methods.survey.answers import enough, read
from helpers.methods.survey.averages import weighted_mean
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.columns import column, given_in
from helpers.methods.survey.design import SurveyDesign
from helpers.methods.survey.estimates import ROUNDING, Estimate, estimate
from helpers.methods.survey.jackknife import Side
from helpers.methods.survey.resolved import ResolvedDesign

__all__ = ["difference", "over_both"]

NAMES = ("before", "after")
Designs = SurveyDesign | tuple[SurveyDesign | None, SurveyDesign | None]


def difference(
    before: ArrayLike,
    after: ArrayLike,
    design: Designs | None = None,
    *,
    confidence: float = 0.95,
) -> Estimate:
    """Mean after less mean before, for two waves (or groups) that may share accounts.

    An account that answers twice is one cluster, so what the waves have in common
    cancels, as it does in a paired test. Without clusters the two are independent. A
    difference within the rounding of the two means is none.

    Parameters
    ----------
    before, after
        One number for each respondent; missing answers are left out.
    design
        One design: both are columns over its respondents, missing where somebody is not in
        that wave or group. A pair of designs: one for each. The base counts both.

    References
    ----------
    Kish (1965), Survey Sampling, 12.4; influences as in Lumley (2010), chapter 2.

    Examples
    --------
    >>> accounts = SurveyDesign(clusters=["a", "b", "c", "d"])
    >>> found = difference([5, 7, 6, 8], [6, 8, 7, 10], (accounts, accounts))
    >>> found.value, round(found.standard_error, 2)
    (1.25, 0.25)
    """
    if isinstance(design, SurveyDesign):
        survey, columns = _over_one(before, after, design)
    else:
        survey, columns = over_both((before, after), design or (None, None))
    for one, name in zip(columns, NAMES, strict=True):
        enough(int(given_in(survey.answers(one)).sum()), name)
    rows, resolved = survey.resolve(columns[0].where(given_in(columns[0]), columns[1]))
    answers = [one.reindex(rows.index).to_numpy() for one in columns]
    sides = [
        _side(one, survey, name) if _of_known_size(survey) else _Side.of(given, resolved)
        for one, given, name in zip(columns, answers, NAMES, strict=True)
    ]
    parts = [side.part(sign, given, resolved)
             for sign, given, side in zip((-1, 1), answers, sides, strict=True)]  # fmt: skip
    value = _beyond_rounding(sides[1].mean - sides[0].mean, sides)
    return estimate(value, parts, resolved, sum(side.simple for side in sides), confidence)


@dataclass(frozen=True, slots=True)
class _Side:
    mean: float
    simple: float  # the variance from a simple random sample of the same size

    @classmethod
    def of(cls, answers: Floats, resolved: ResolvedDesign) -> _Side:
        """Of a sample from an endless population: by the rows of both sides."""
        counts = ~np.isnan(answers) & (resolved.weights > 0)
        given, weights, base = answers[counts], resolved.weights[counts], int(counts.sum())
        mean = float(weighted_mean(given, weights))
        spread = weights / weights.sum() @ (given - mean) ** 2
        return cls(mean, float(spread / (base - 1)))

    def part(self, sign: int, answers: Floats, resolved: ResolvedDesign) -> Side:
        """What each respondent adds to the mean of this side, and the side's own weights."""
        counts = ~np.isnan(answers) & (resolved.weights > 0)
        weights = np.where(counts, resolved.weights, 0.0)
        of_unit = resolved.stages[0].unit[counts]
        if len(of_unit) == 0 or (of_unit == of_unit[0]).all():
            raise NotEstimable(
                "one side of the difference comes from a single account; its spread is not known"
            )
        off = np.nan_to_num(answers) - self.mean
        return Side(sign * weights / weights.sum() * off, weights)


def _of_known_size(survey: SurveyDesign) -> bool:
    designs = [survey, *(survey.parts or {}).values()]
    return any(design.population is not None for design in designs)


def _side(values: pd.Series, survey: SurveyDesign, name: str) -> _Side:
    answers, resolved = read(values, survey, name)
    return _Side(float(weighted_mean(answers, resolved.weights)), resolved.simple_variance(answers))


def _over_one(
    before: ArrayLike, after: ArrayLike, design: SurveyDesign
) -> tuple[SurveyDesign, list[pd.Series]]:
    """Both columns over the respondents of one design, numbered from 0.

    Groups of people who were drawn singly are samples of their own.
    """
    found = [column(design.column(one, name), name)
             for one, name in zip((before, after), NAMES, strict=True)]  # fmt: skip
    if len(found[0]) != len(found[1]):
        raise ValueError(
            f"there are {len(found[0])} values before and {len(found[1])} after; with one design "
            "both are columns over its respondents, or give a pair of designs"
        )
    if design.drawn_singly and not (found[0].notna() & found[1].notna()).any():
        return over_both((found[0], found[1]), (design, design))
    return design.in_rows(), [one.set_axis(range(len(one))) for one in found]


def over_both(
    values: tuple[ArrayLike, ArrayLike], designs: Sequence[SurveyDesign | None]
) -> tuple[SurveyDesign, list[pd.Series]]:
    """The two designs as one over both waves, and each wave's column over it."""
    parts, found, ends = {}, [], [0]
    for name, one, given in zip(NAMES, values, designs, strict=True):
        design = SurveyDesign() if given is None else given
        found.append(column(design.column(one, name), name).to_numpy())
        ends.append(ends[-1] + len(found[-1]))
        parts[name] = design.numbered(pd.RangeIndex(ends[-2], ends[-1]))
    both = np.full((2, ends[-1]), np.nan)
    for side, numbers, start in zip(both, found, ends[:-1], strict=True):
        side[start : start + len(numbers)] = numbers
    return SurveyDesign.over(parts), [pd.Series(side) for side in both]


def _beyond_rounding(value: float, sides: Sequence[_Side]) -> float:
    """A difference of two means; nothing where it is no more than the rounding of either."""
    size = max(1.0, *(abs(side.mean) for side in sides))
    return value if value**2 > ROUNDING * size**2 else 0.0

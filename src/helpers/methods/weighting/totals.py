"""Calibration: weights that meet totals of numbers as well as sizes of categories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.methods.survey.calibration import Cells, Floats
from helpers.methods.survey.columns import column
from helpers.methods.weighting.distances import DISTANCES, Fitted, solve
from helpers.methods.weighting.margins import (
    SUM_TOLERANCE,
    Margin,
    Sample,
    agree,
    read_margin,
    read_sample,
)
from helpers.methods.weighting.raking import (
    check_limits,
    margin_table,
    starting_weights,
    thin_notes,
)
from helpers.methods.weighting.reach import least_factor
from helpers.methods.weighting.weights import Weights, weights_of

__all__ = ["calibrate"]

EXAMPLE_LOWEST = 0.2  # lower bound that the advice proposes


def calibrate(
    sample: pd.DataFrame,
    totals: Mapping[str, pd.Series | float],
    *,
    base: ArrayLike | None = None,
    method: str = "linear",
    bounds: tuple[float, float] | None = None,
    population: float | None = None,
) -> Weights:
    """Weight a sample so that totals of its columns are those of the population.

    ``linear`` is the generalised regression estimator: the weights nearest to the base
    weights in squares, which may fall below 0 and are then refused. ``raking`` and
    ``logit`` keep them above 0, ``logit`` and bounded forms within bounds.

    Parameters
    ----------
    sample
        One row for each respondent, with a column for each total.
    totals
        For a column of categories, their sizes: counts or shares. For a column of
        numbers, its total over the population (or its mean, where sizes are shares).
    base
        Weights to start from (`base_weights`); equal if not given.
    method
        The distance to the base weights: ``"linear"``, ``"raking"`` or ``"logit"``.
    bounds
        Smallest and largest factor by which a base weight may change, such as (0.3, 3).
        ``logit`` needs them.
    population
        People in it, where no column of categories tells.

    Raises
    ------
    ValueError
        For what `rake` refuses; numbers that are missing; weights that would not be
        above 0; totals that cannot be met, or not within the bounds.

    References
    ----------
    Deville and Särndal (1992), Calibration estimators in survey sampling, JASA 87.

    Examples
    --------
    >>> people = pd.DataFrame({"tier": list("AAAB"), "seats": [4, 6, 5, 9]})
    >>> found = calibrate(people, {"tier": pd.Series({"A": 50, "B": 50}), "seats": 720})
    >>> found.values.round(3).tolist()
    [0.267, 1.067, 0.667, 2.0]
    """
    _check(totals, method, bounds)
    start = starting_weights(base, sample)
    problem = _problem(sample, totals, start, population)
    distance = DISTANCES[method](bounds)
    factor, steps, met = solve(problem.columns, problem.mass, problem.target, distance)
    if not met:
        raise ValueError(_unmet(problem, bounds))
    if factor.min() <= 0:
        raise ValueError(_negative(problem, factor))
    cells = Cells(problem.columns, problem.mass, problem.cells.row)
    return weights_of(
        start * factor[cells.row], sample.index, problem.table(factor), iterations=steps,
        converged=True, calibration=Fitted(start, cells, problem.target, distance),
        population=problem.population,
        notes=thin_notes(problem.margins, problem.cells.counts, problem.mass, factor),
    )  # fmt: skip


@dataclass(frozen=True)
class _Problem:
    """What is added up over the distinct rows of a sample, and what it should come to."""

    cells: Sample
    margins: list[Margin]
    numbers: dict[str, Floats]  # of each distinct row
    means: dict[str, float]  # of the population
    mass: Floats
    population: float

    @property
    def scale(self) -> Floats:
        """Size of each number, so that all columns are alike to the solver."""
        sizes = [
            max(abs(self.means[name]), float(self.mass @ np.abs(numbers)))
            for name, numbers in self.numbers.items()
        ]
        return np.array(sizes)

    @property
    def columns(self) -> Floats:
        """Categories as 0 and 1 (or the constant 1), then numbers."""
        dummies = [np.eye(len(margin.target))[margin.codes] for margin in self.margins]
        first = dummies or [np.ones((len(self.mass), 1))]
        numbers = [v[:, None] / s for v, s in zip(self.numbers.values(), self.scale, strict=True)]
        return np.hstack([*first, *numbers])

    @property
    def target(self) -> Floats:
        """Shares and means to meet, on the scale of ``columns``."""
        shares = [margin.target for margin in self.margins] or [np.ones(1)]
        return np.concatenate([*shares, np.array(list(self.means.values())) / self.scale])

    def table(self, factor: Floats) -> pd.DataFrame:
        """Each category's share, and each number's mean, before and after."""
        after = self.mass * factor
        numbers = pd.DataFrame(
            {
                "margin": list(self.numbers),
                "category": None,
                "target_share": list(self.means.values()),
                "before_share": [self.mass @ v for v in self.numbers.values()],
                "after_share": [after @ v for v in self.numbers.values()],
                "respondents": int(self.cells.counts.sum()),
            }
        )
        if not self.margins:
            return numbers
        shares = margin_table(self.margins, self.cells.counts, self.mass, factor)
        return pd.concat([shares, numbers], ignore_index=True) if self.numbers else shares


def _problem(
    sample: pd.DataFrame,
    totals: Mapping[str, pd.Series | float],
    start: Floats,
    population: float | None,
) -> _Problem:
    sizes = {name: part for name, part in totals.items() if not np.isscalar(part)}
    numbers = {name: _numbers(sample, name) for name, part in totals.items() if np.isscalar(part)}
    apart = None
    if numbers:
        _, apart = np.unique(np.column_stack(list(numbers.values())), axis=0, return_inverse=True)
        apart = apart.ravel()
    known = {name: pd.Series(part).index for name, part in sizes.items()}
    cells = read_sample(sample, known, apart)
    margins = [read_margin(cells, name, pd.Series(part)) for name, part in sizes.items()]
    whole, people = _whole(sizes, population)
    first = np.empty(len(cells.counts), dtype=np.intp)
    first[cells.row] = np.arange(len(cells.row))
    return _Problem(
        cells,
        margins,
        {name: found[first] for name, found in numbers.items()},
        {name: float(totals[name]) / whole for name in numbers},  # type: ignore[arg-type]
        np.bincount(cells.row, start) / start.sum(),
        people,
    )


def _whole(sizes: Mapping[str, object], population: float | None) -> tuple[float, float]:
    """What totals are divided by to be means, and the people in the population."""
    if not sizes:
        if population is None:
            raise ValueError(
                "totals of numbers alone do not say how many people they are of; give "
                "population=, or the sizes of a column's categories as well"
            )
        return float(population), float(population)
    margins = {name: pd.Series(part, dtype=float) for name, part in sizes.items()}
    people = agree(margins)
    if population is None:
        return float(next(iter(margins.values())).sum()), people
    if np.isfinite(people) and abs(people - population) > SUM_TOLERANCE * people:
        raise ValueError(
            f"the categories add up to {people:g} people and population is {population:g}; "
            "take both from one list"
        )
    return float(population), float(population)


def _check(
    totals: Mapping[str, pd.Series | float], method: str, bounds: tuple[float, float] | None
) -> None:
    if not totals:
        raise ValueError("there is nothing to calibrate to; give at least one total")
    if method not in DISTANCES:
        raise ValueError(f"method is one of {', '.join(DISTANCES)}, not {method!r}")
    check_limits(bounds)
    if method == "logit" and bounds is None:
        raise ValueError("logit keeps factors within bounds; give them, such as (0.3, 3)")
    if bounds is not None and bounds[0] == 0 and method != "logit":
        raise ValueError("a lower bound of 0 would weight people away; give one such as 0.3")
    bad = [name for name, part in totals.items() if np.isscalar(part) and not np.isfinite(part)]
    if bad:
        raise ValueError(
            f"the total of {bad[0]} is {totals[bad[0]]}; give a number, or leave it out"
        )


def _numbers(sample: pd.DataFrame, name: str) -> Floats:
    if name not in sample.columns:
        raise ValueError(
            f"the sample has no column {name!r}; it has {', '.join(map(str, sample.columns))}"
        )
    found = column(sample[name], name)
    if found.isna().any():
        raise ValueError(
            f"{name} is missing for {int(found.isna().sum())} of {len(found)} respondents; "
            "fill it from the list, or leave those respondents out of the weighting"
        )
    if not found.any():
        raise ValueError(f"{name} is 0 for every respondent, so no weights give it a total")
    return found.to_numpy()


def _unmet(problem: _Problem, bounds: tuple[float, float] | None) -> str:
    lowest = 0.0 if bounds is None else bounds[0]
    needed = least_factor(problem.columns, problem.mass, problem.target, lowest)
    within = "" if bounds is None else f" with factors between {bounds[0]:g} and {bounds[1]:g}"
    if np.isfinite(needed) and bounds is not None:
        advice = (
            f"widen the bounds (with the lower one as it is, the upper one has to be above "
            f"{needed:.2f})"
        )
    else:
        advice = "check that the totals are of the same people as the sample"
    return (
        f"the totals cannot be met{within}; {advice}, merge small categories, or use fewer totals"
    )


def _negative(problem: _Problem, factor: Floats) -> str:
    people = int(problem.cells.counts[factor <= 0].sum())
    needed = least_factor(problem.columns, problem.mass, problem.target, EXAMPLE_LOWEST)
    bounds = (
        f"bounds=({EXAMPLE_LOWEST:g}, {np.ceil(needed * 11) / 10:g})"
        if np.isfinite(needed)
        else "fewer totals"
    )
    return (
        f"linear calibration would give {people} of {int(problem.cells.counts.sum())} respondents "
        f"weights of 0 or below (lowest: {factor.min():.2f} times the base weight); "
        f'use method="raking", or {bounds}'
    )

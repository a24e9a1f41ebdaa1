"""The answers that an estimate rests on, read together with their design."""

from __future__ import annotations

import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import NotEstimable
from helpers.methods.survey.calibration import Calibrated, Floats, WeightsLike
from helpers.methods.survey.columns import aligned, column
from helpers.methods.survey.design import Design, Population

__all__ = ["in_design", "needs_all", "read"]


def read(
    values: ArrayLike,
    weights: WeightsLike | None,
    strata: ArrayLike | None,
    clusters: ArrayLike | None,
    population: Population | None,
    name: str = "",
) -> tuple[Floats, Design]:
    """Answers and their design; 0 for a respondent who counts without an answer.

    Those without an answer are left out, unless they still tell something of the
    variance: where weights were fitted to totals, or units were drawn in strata or stages.

    Raises
    ------
    NotEstimable
        If fewer than two answers are left.

    Examples
    --------
    >>> answers, design = read([8, None, 6], None, None, None, None)
    >>> answers.tolist(), design.base
    ([8.0, 6.0], 2)
    """
    numbers = column(values, name or "values")
    given = numbers.notna()
    if given.sum() < 2:
        raise NotEstimable(
            f"the base is too small: {int(given.sum())} answers{name and ' '}{name}; "
            "an interval needs at least 2"
        )
    if needs_all(weights, clusters, strata):
        design = Design.of(numbers, weights=weights, strata=strata, clusters=clusters,
                           population=population)  # fmt: skip
        return numbers.fillna(0.0).to_numpy(), design
    plain = weights.values if isinstance(weights, Calibrated) else weights
    parts = {"weights": plain, "strata": strata, "clusters": clusters}
    kept = {
        name: None if part is None else aligned(part, numbers, name)[given]
        for name, part in parts.items()
    }
    if isinstance(population, pd.Series) and population.index.equals(numbers.index):
        population = population[given]
    design = Design.of(numbers[given], population=population, **kept)
    return numbers[given].to_numpy(), design


def needs_all(
    weights: WeightsLike | None, clusters: ArrayLike | None, strata: ArrayLike | None = None
) -> bool:
    """Whether respondents without an answer still tell something of the variance.

    Strata keep theirs, as R's ``subset`` of a design does: a stratum in which one account
    skipped a question has not lost that account.

    >>> needs_all([1, 2], None)
    False
    """
    fitted = isinstance(weights, Calibrated) and weights.calibration is not None
    return fitted or isinstance(clusters, pd.DataFrame) or strata is not None


def in_design(values: pd.Series, design: Design) -> Floats:
    """Another column in the rows of a design, 0 where it is missing.

    >>> in_design(pd.Series([1.0, None]), Design.of(pd.Series([4.0, None]))).tolist()
    [1.0, 0.0]
    """
    if len(design.weights) == len(values):
        return values.fillna(0.0).to_numpy()
    return values.dropna().to_numpy()

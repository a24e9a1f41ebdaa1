"""Columns of a design as they are given, brought into one order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.methods.survey.columns import aligned

__all__ = ["columns_of", "in_line", "joined", "respondents_of", "sizes_of", "some"]


def respondents_of(*parts: object) -> tuple[pd.Series | None, bool]:
    """A column of zeros over the respondents, and whether they have labels."""
    *columns, sizes = parts
    given = [part for part in columns if part is not None]
    if not given and not (sizes is None or np.isscalar(sizes) or isinstance(sizes, Mapping)):
        given.append(sizes)
    labelled = [part for part in given if isinstance(part, pd.Series | pd.DataFrame)]
    if labelled:
        return pd.Series(0.0, index=labelled[0].index), True
    if not given:
        return None, False
    return pd.Series(0.0, index=range(len(np.asarray(given[0])))), False


def columns_of(parts: Any, rows: pd.Series | None, name: str) -> Any:  # noqa: ANN401
    """A column, or a frame of columns, in the order of the respondents."""
    if parts is None or rows is None:
        return None
    if isinstance(parts, pd.DataFrame):
        return pd.DataFrame({key: aligned(parts[key], rows, name) for key in parts})
    return aligned(parts, rows, name)


def sizes_of(population: Any, rows: pd.Series | None, strata: pd.Series | None) -> Any:  # noqa: ANN401
    """Sizes of the population: one number, or in the order of the respondents."""
    if population is None or np.isscalar(population) or rows is None:
        return population
    if isinstance(population, pd.DataFrame):
        return columns_of(population, rows, "population")
    series = isinstance(population, pd.Series)
    by_row = not isinstance(population, Mapping) and len(np.asarray(population)) == len(rows)
    if by_row and not (series and strata is not None and not population.index.equals(rows.index)
                       and set(strata) <= set(population.index)):  # fmt: skip
        return aligned(population, rows, "population")
    if strata is None:
        raise ValueError("population is named by stratum and there are no strata; give them")
    known = pd.Series(population)
    absent = strata[~strata.isin(known.index)]
    if len(absent):
        raise ValueError(
            f"population has no size for stratum {absent.iloc[0]!r}; add it, or merge the stratum"
        )
    return strata.map(known).astype(float)


def some(part: Any, kept: NDArray[np.bool_]) -> Any:  # noqa: ANN401
    """The rows of a column that are kept; a number as it is."""
    whole = part is None or np.isscalar(part) or isinstance(part, Mapping) or kept.all()
    return part if whole else part[kept]


def in_line(labels: list[pd.Index]) -> pd.Index:
    """The labels of waves one after another."""
    if all(isinstance(one, pd.RangeIndex) for one in labels):
        return labels[0].append(labels[1:])
    return pd.Index([label for one in labels for label in one])


def joined(parts: list[Any], index: pd.Index) -> pd.Series | None:
    """Columns of waves one after another, of frames the first; ``None`` unless all have one."""
    if any(part is None for part in parts):
        return None
    firsts = [part.iloc[:, 0] if isinstance(part, pd.DataFrame) else part for part in parts]
    return pd.Series(np.concatenate([one.to_numpy() for one in firsts]), index=index)

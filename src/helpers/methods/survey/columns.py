"""Columns as methods take them: read, brought into one order, refused if unusable."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.methods.survey.calibration import Calibrated, WeightsLike

__all__ = ["aligned", "column", "listed_in", "weight_column"]


def column(values: ArrayLike, name: str = "values") -> pd.Series:
    """Read numbers as a float column; what is missing stays missing.

    Raises
    ------
    ValueError
        If an entry is not a number.

    Examples
    --------
    >>> column([1, None, "3"]).tolist()
    [1.0, nan, 3.0]
    """
    series = values if isinstance(values, pd.Series) else pd.Series(np.asarray(values))
    numbers = pd.to_numeric(series, errors="coerce")
    bad = numbers.isna() & series.notna()
    if bad.any():
        raise ValueError(
            f"{name} has {int(bad.sum())} entries that are not numbers "
            f"(first: {series[bad].iloc[0]!r}); recode them or set them to missing"
        )
    numbers = pd.Series(numbers.to_numpy(dtype=float, na_value=np.nan), index=series.index)
    if np.isinf(numbers).any():
        raise ValueError(f"{name} has infinite entries; set them to missing")
    return numbers


def aligned(other: ArrayLike, values: pd.Series, name: str) -> pd.Series:
    """Bring another column into the row order of ``values``.

    A series is matched by its labels, anything else by position.

    Examples
    --------
    >>> scores = pd.Series([9, 7], index=["r1", "r2"])
    >>> aligned(pd.Series(["B", "A"], index=["r2", "r1"]), scores, "clusters").tolist()
    ['A', 'B']
    """
    if isinstance(other, pd.Series) and not other.index.equals(values.index):
        absent = values.index.difference(other.index)
        if len(absent) or not other.index.is_unique:
            found = f"none for {absent[0]!r}" if len(absent) else "labels that repeat"
            raise ValueError(
                f"{name} cannot be matched to the {len(values)} values: {found}; "
                "give it the same row labels as the values"
            )
        return other.reindex(values.index)
    if len(np.asarray(other)) != len(values):
        raise ValueError(
            f"{name} has {len(np.asarray(other))} entries for {len(values)} values; "
            "give one for each value"
        )
    return pd.Series(np.asarray(other), index=values.index)


def weight_column(weights: WeightsLike, values: pd.Series, name: str = "weights") -> pd.Series:
    """Bring weights into the row order of ``values`` and refuse any that cannot be used.

    Examples
    --------
    >>> weight_column([1, 0], pd.Series([9, 7]))
    Traceback (most recent call last):
    ValueError: weights has 1 entries that are zero or negative (first: 0); ...
    """
    given = weights.values if isinstance(weights, Calibrated) else weights
    found = column(aligned(given, values, name), name)
    if found.isna().any():
        raise ValueError(
            f"{name} has {int(found.isna().sum())} missing entries; "
            "give each row a weight, or leave those rows out"
        )
    bad = found <= 0
    if bad.any():
        raise ValueError(
            f"{name} has {int(bad.sum())} entries that are zero or negative "
            f"(first: {found[bad].iloc[0]:g}); give each row a weight above 0, "
            "or leave those rows out"
        )
    return found


def listed_in(ids: pd.Series, known: Iterable[object]) -> pd.Series:
    """Which ids are among those known; one that is missing is none of them.

    Examples
    --------
    >>> listed_in(pd.Series(["a", "b", None]), ["a", None]).tolist()
    [True, False, False]
    """
    return ids.isin(set(known)) & ids.notna()

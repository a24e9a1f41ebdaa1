"""Columns as methods take them: read, brought into one order, refused if unusable."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.methods.survey.calibration import Calibrated, WeightsLike

__all__ = ["aligned", "column", "given_in", "listed_in", "numbers", "weight_column"]

NAMED = 3  # rows that a message names by label
TEXT = pd.Series([""]).dtype  # what a column of texts is read as


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
    found = numbers(values, name)
    if np.isinf(found.to_numpy()).any():
        raise ValueError(f"{name} is infinite for {_rows(np.isinf(found))}; set them to missing")
    return found


def numbers(values: ArrayLike, name: str = "values") -> pd.Series:
    """Read a column as `column` does, infinite entries too.

    >>> numbers(["1", None, "inf"]).tolist()
    [1.0, nan, inf]
    """
    series = values if isinstance(values, pd.Series) else pd.Series(np.asarray(values))
    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "biuf":
        return pd.Series(series.to_numpy(dtype=float), index=series.index)
    found = pd.to_numeric(series, errors="coerce")
    bad = found.isna() & series.notna()
    if bad.any():
        raise ValueError(
            f"{name} has {int(bad.sum())} entries that are not numbers "
            f"(first: {series[bad].iloc[0]!r}, {_rows(bad)}); recode them or set them to missing"
        )
    return pd.Series(found.to_numpy(dtype=float, na_value=np.nan), index=series.index)


def given_in(values: pd.Series) -> NDArray[np.bool_]:
    """Which rows of a column are not missing.

    >>> given_in(pd.Series([1.0, None])).tolist()
    [True, False]
    """
    if isinstance(values.dtype, np.dtype) and values.dtype.kind == "f":
        return np.asarray(~np.isnan(values.to_numpy()))  # in a tenth of the time
    return values.notna().to_numpy()


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
    if isinstance(other, pd.Series) and other.dtype == TEXT:
        return other.rename(None)
    cells = other.to_numpy() if isinstance(other, pd.Series) else np.asarray(other)
    if len(cells) != len(values):
        raise ValueError(
            f"{name} has {len(cells)} entries for {len(values)} values; give one for each value"
        )
    return pd.Series(cells, index=values.index)


def weight_column(
    weights: WeightsLike, values: pd.Series, name: str = "weights", *, zero: bool = True
) -> pd.Series:
    """Bring weights into the row order of ``values`` and refuse any that cannot be used.

    A weight of 0 leaves its row out; where ``zero`` is false, such as for weights to start a
    calibration from, it is refused.

    Raises
    ------
    ValueError
        If weights are missing, infinite or negative: which rows, the first by label.

    Examples
    --------
    >>> weight_column([1, -1], pd.Series([9, 7], index=["r1", "r2"]))
    Traceback (most recent call last):
    ValueError: weights is negative for row 'r2'; ...
    """
    given = weights.values if isinstance(weights, Calibrated) else weights
    found = numbers(aligned(given, values, name), name)
    known = found.to_numpy()
    if np.isfinite(known).all() and (known > 0).all():
        return found
    _refuse(found.isna(), name, "missing", "give each row a weight; 0 leaves a row out")
    _refuse(np.isinf(found), name, "infinite", "give each row a finite weight; 0 leaves a row out")
    _refuse(found < 0, name, "negative", "a weight is above 0; 0 leaves a row out")
    if not zero:
        _refuse(found == 0, name, "zero", "give each row a weight above 0, or leave those rows out")
    return found


def _refuse(bad: pd.Series, name: str, what: str, advice: str) -> None:
    if bad.any():
        raise ValueError(f"{name} is {what} for {_rows(bad)}; {advice}")


def _rows(bad: pd.Series) -> str:
    """Which rows are meant, the first few by label."""
    labels = [repr(label) for label in bad.index[bad.to_numpy()]]
    more = f" and {len(labels) - NAMED} more" if len(labels) > NAMED else ""
    return f"row{'' if len(labels) == 1 else 's'} {', '.join(labels[:NAMED])}{more}"


def listed_in(ids: pd.Series, known: Iterable[object]) -> pd.Series:
    """Which ids are among those known; one that is missing is none of them.

    Examples
    --------
    >>> listed_in(pd.Series(["a", "b", None]), ["a", None]).tolist()
    [True, False, False]
    """
    return ids.isin(set(known)) & ids.notna()

"""Margins of a population, read beside the sample that is to agree with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from helpers.methods.survey.calibration import Floats

__all__ = ["Margin", "Sample", "agree", "is_shares", "read_margin", "read_sample"]

SUM_TOLERANCE = 1e-6  # by which totals of two margins may differ, relative
ROUNDED_TOLERANCE = 0.006  # the same for rounded shares or percentages
LARGEST_TABLE = 4_000_000  # combinations of categories that are counted without sorting
SMALL_RANGE = 1_000  # of whole numbers that serve as their own codes
Codes = NDArray[np.intp]


@dataclass(frozen=True)
class Sample:
    """The distinct combinations of categories in a sample, and the one of each respondent."""

    labels: Mapping[str, pd.Index]  # of each column, in the order of its codes
    codes: Mapping[str, Codes]  # of each distinct combination
    row: Codes  # combination of each respondent
    counts: Floats  # respondents of each combination


@dataclass(frozen=True)
class Margin:
    """The categories of one column with their share of the population."""

    name: str
    categories: list[object]
    target: Floats  # shares
    codes: Codes  # category of each distinct combination


def read_sample(
    sample: pd.DataFrame, known: Mapping[str, pd.Index], apart: NDArray[np.generic] | None = None
) -> Sample:
    """Find the distinct combinations of some columns, without sorting where there are few.

    Parameters
    ----------
    sample
        One row for each respondent.
    known
        The columns that tell respondents apart, with the categories that are expected.
    apart
        A further number that does, such as the weight they start from.

    Raises
    ------
    ValueError
        If a column is absent, or missing for a respondent.

    Examples
    --------
    >>> people = pd.DataFrame({"tier": ["A", "B", "A"], "role": [1, 1, 1]})
    >>> read_sample(people, {"tier": pd.Index(["A", "B"]), "role": pd.Index([1])}).row.tolist()
    [0, 1, 0]
    """
    if len(sample) == 0:
        raise ValueError("the sample is empty; there is nobody to weight")
    read = [_factored(sample, name, labels) for name, labels in known.items()]
    parts = [codes for codes, _ in read]
    sizes = [len(labels) for _, labels in read]
    if apart is not None:
        kinds, kind = np.unique(apart, return_inverse=True)
        parts, sizes = [*parts, kind], [*sizes, len(kinds)]
    codes, row, counts = _distinct(parts, sizes)
    labels = dict(zip(known, (labels for _, labels in read), strict=True))
    return Sample(labels, dict(zip(known, codes, strict=False)), row, counts)


def _distinct(parts: list[Any], sizes: list[int]) -> tuple[list[Codes], Codes, Floats]:
    """Codes of each distinct row of some columns of codes, the one of each row, how many."""
    table = float(np.prod(np.asarray(sizes, dtype=float)))
    if table <= LARGEST_TABLE:
        kind = np.dtype(np.int16 if table < 2**15 else np.int32)
        small: NDArray[Any] = np.zeros(len(parts[0]), dtype=kind)
        for codes, size in zip(parts, sizes, strict=True):
            small *= size
            small += codes
        flat = small.astype(np.intp)
        counts = np.bincount(flat, minlength=int(table))
        keys = np.flatnonzero(counts)
        row = flat if len(keys) == len(counts) else (np.cumsum(counts > 0) - 1)[flat]
        found = [np.asarray(code) for code in np.unravel_index(keys, sizes)]
        return found, row, counts[keys].astype(float)
    row = np.zeros(len(parts[0]), dtype=np.intp)
    for codes, size in zip(parts, sizes, strict=True):
        row = np.unique(row * size + codes, return_inverse=True)[1]
    first = np.unique(row, return_index=True)[1]
    codes_of = [np.asarray(codes)[first].astype(np.intp) for codes in parts]
    return codes_of, row, np.bincount(row).astype(float)


def _factored(
    sample: pd.DataFrame, name: str, known: pd.Index
) -> tuple[NDArray[np.integer[Any]], pd.Index]:
    """Whole numbers for the categories of a column, by the quickest way its type allows."""
    found = _present(sample, name)
    if isinstance(found.dtype, pd.CategoricalDtype):
        codes, labels = found.cat.codes.to_numpy(), found.cat.categories
    elif _is_small_range(found):
        lowest = int(found.min())
        codes = found.to_numpy().astype(np.int32) - lowest
        labels = pd.RangeIndex(lowest, int(found.max()) + 1)
    elif (looked_up := _looked_up(found, known)) is not None:
        codes, labels = looked_up, known
    else:
        codes, labels = pd.factorize(found)
    if codes.min() < 0:
        raise ValueError(
            f"{name} is missing for {int((codes < 0).sum())} of {len(found)} respondents; "
            "fill it from the list, or leave those respondents out of the weighting"
        )
    return codes, pd.Index(labels)


def _present(sample: pd.DataFrame, name: str) -> pd.Series:
    if name in sample.columns:
        return sample[name]
    near = get_close_matches(name, [str(c) for c in sample.columns], n=1)
    there = ", ".join(map(str, sample.columns))
    hint = f"did you mean {near[0]!r}?" if near else f"it has {there}"
    raise ValueError(f"the sample has no column {name!r}; {hint}")


def _looked_up(found: pd.Series, known: pd.Index) -> NDArray[np.integer[Any]] | None:
    """The place of each text among those expected; nothing where one is not, or is no text."""
    is_arrow = isinstance(found.dtype, pd.StringDtype) and found.dtype.storage == "pyarrow"
    if not is_arrow or pd.api.types.infer_dtype(known) != "string":
        return None
    texts = pa.array(found.array)
    places = pc.index_in(texts, value_set=pa.array(list(known), type=texts.type))
    return None if places.null_count else places.to_numpy()


def _is_small_range(found: pd.Series) -> bool:
    whole = isinstance(found.dtype, np.dtype) and found.dtype.kind in "iu"
    return whole and int(found.max()) - int(found.min()) < SMALL_RANGE


def read_margin(sample: Sample, name: str, sizes: pd.Series) -> Margin:
    """Read the sizes of a column's categories and match the sample to them.

    Raises
    ------
    ValueError
        For sizes that are no sizes, and categories absent on either side.
    """
    sizes = pd.Series(sizes, dtype=float)
    _check_sizes(name, sizes)
    if not sizes.to_numpy().all():
        sizes = sizes[sizes > 0]
    known = sizes.index.get_indexer(sample.labels[name])
    codes = known[sample.codes[name]]
    _check_present(sample, name, sizes, codes)
    target = sizes.to_numpy() / sizes.to_numpy().sum()
    return Margin(name, list(sizes.index), target, np.asarray(codes, dtype=np.intp))


def _check_sizes(name: str, sizes: pd.Series) -> None:
    if not sizes.index.is_unique:
        twice = sizes.index[sizes.index.duplicated()][0]
        raise ValueError(f"margin {name} gives {twice!r} twice; add the two sizes up")
    found = sizes.to_numpy()
    bad = ~(found >= 0) | np.isinf(found)
    if bad.any():
        first = bad.argmax()
        raise ValueError(
            f"margin {name} gives {sizes.index[first]!r} the size {found[first]:g}; "
            "sizes are counts or shares of at least 0"
        )
    if not found.sum() > 0:
        raise ValueError(f"margin {name} adds up to 0; give the size of each category")


def _check_present(sample: Sample, name: str, sizes: pd.Series, codes: Codes) -> None:
    unknown = codes < 0
    if unknown.any():
        label = sample.labels[name][sample.codes[name][unknown.argmax()]]
        raise ValueError(
            f"{int(sample.counts[unknown].sum())} respondents are in {name} {label!r}, which the "
            f"margin does not have (it has {', '.join(map(str, sizes.index))}); add its size, or "
            "recode it"
        )
    empty = np.flatnonzero(np.bincount(codes, minlength=len(sizes)) == 0)
    if len(empty):
        label, size = sizes.index[empty[0]], sizes.iloc[empty[0]]
        raise ValueError(
            f"nobody in the sample is in {name} {label!r}, which is {size / sizes.sum():.1%} of "
            "the population; merge it with a like category in both, or leave it out and say so"
        )


def is_shares(total: float) -> bool:
    """Whether sizes that add up to this are shares or percentages, which may be rounded.

    >>> is_shares(0.999), is_shares(100.2), is_shares(6194)
    (True, True, False)
    """
    return any(abs(total - whole) < 0.01 * whole for whole in (1, 100))


def agree(margins: Mapping[str, pd.Series]) -> float:
    """Check that margins describe one population, and say how large: missing for shares.

    Raises
    ------
    ValueError
        If their totals differ by more than rounding.

    Examples
    --------
    >>> agree({"tier": pd.Series({"A": 30, "B": 70.0}), "role": pd.Series({"user": 100})})
    nan
    """
    totals = {name: float(pd.Series(sizes, dtype=float).sum()) for name, sizes in margins.items()}
    smallest, largest = min(totals, key=totals.__getitem__), max(totals, key=totals.__getitem__)
    shares = all(map(is_shares, totals.values()))
    allowed = ROUNDED_TOLERANCE if shares else SUM_TOLERANCE
    if totals[largest] - totals[smallest] > allowed * totals[largest]:
        raise ValueError(
            f"margins do not add up to the same population: {smallest} sums to "
            f"{totals[smallest]:g}, {largest} to {totals[largest]:g}; take both from one list, "
            "and name what is unknown as a category of its own"
        )
    return float("nan") if shares else totals[largest]

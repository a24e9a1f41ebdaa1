"""Weights that make a sample agree with what is known of its population."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.methods.estimates import effective_base, kish_design_effect
from helpers.methods.variance import Floats, weight_column

__all__ = ["Weights", "post_stratify", "rake"]

TOLERANCE = 1e-11  # of a category's share: far below what any margin is known to
SUM_TOLERANCE = 1e-6  # by which totals of two margins may differ, relative
ROUNDED_TOLERANCE = 0.006  # the same for rounded shares or percentages
ROUNDS = 5_000


@dataclass(frozen=True)
class Weights:
    """Weights of mean 1, what they changed, and what they cost.

    ``table`` has a row for each category: ``margin``, ``category``, ``target_share`` (of
    the population), ``before_share`` and ``after_share`` (of the sample, by base weight
    and by these weights) and ``respondents``.
    """

    values: pd.Series
    design_effect: float
    effective_base: float
    table: pd.DataFrame
    iterations: int
    converged: bool

    def __post_init__(self) -> None:
        if not np.isclose(self.values.mean(), 1):
            raise ValueError(f"weights should have mean 1, they have {self.values.mean():.6f}")

    @property
    def base(self) -> int:
        """Respondents."""
        return len(self.values)

    @property
    def largest_gap(self) -> float:
        """Largest distance, as a share, between a category's target and what was reached."""
        return float((self.table["after_share"] - self.table["target_share"]).abs().max())


@dataclass(frozen=True)
class _Margin:
    name: str
    categories: list[object]
    target: Floats  # shares
    codes: NDArray[np.intp]


def rake(
    sample: pd.DataFrame,
    margins: Mapping[str, pd.Series],
    *,
    base: ArrayLike | None = None,
    bounds: tuple[float, float] | None = None,
    trim: float | None = None,
) -> Weights:
    """Weight a sample so that each margin's categories have their share of the population.

    Iterative proportional fitting over the distinct cells of the sample; with limits, the
    weights nearest to the base weights that keep within them (truncated raking).

    Parameters
    ----------
    sample
        One row for each respondent, with a column for each margin.
    margins
        For each column the size of its categories: counts or shares.
    base
        Weights to start from (1 / inclusion probability); equal if not given.
    bounds
        Smallest and largest factor by which a base weight may change, such as (0.3, 3).
        Refused where the margins cannot be met within them.
    trim
        Largest weight, in multiples of the mean weight. The margins are then met as
        nearly as that allows: ``converged`` says whether, ``table`` shows the rest.

    Raises
    ------
    ValueError
        For an absent or empty category, margins that do not add up to the same total,
        base weights that are not above 0, missing categories, or bounds out of reach.

    References
    ----------
    Deming and Stephan (1940), Annals of Mathematical Statistics 11; Deville, Särndal and
    Sautory (1993), JASA 88, for the truncated form.

    Examples
    --------
    >>> people = pd.DataFrame({"tier": ["A", "A", "A", "B"]})
    >>> found = rake(people, {"tier": pd.Series({"A": 50, "B": 50})})
    >>> found.values.round(3).tolist(), round(found.effective_base, 2)
    ([0.667, 0.667, 0.667, 2.0], 3.0)
    """
    if not margins:
        raise ValueError("there is nothing to rake to; give at least one margin")
    start = _start(base, sample)
    read = [_margin(sample, name, sizes) for name, sizes in margins.items()]
    _agree(margins)
    found, rounds, converged = _solved(read, start, bounds, trim)
    return Weights(
        values=pd.Series(found, index=sample.index, name="weight"),
        design_effect=kish_design_effect(found),
        effective_base=effective_base(found),
        table=_table(read, start, found),
        iterations=rounds,
        converged=converged,
    )


def post_stratify(
    sample: pd.Series | pd.DataFrame,
    population: pd.Series,
    *,
    base: ArrayLike | None = None,
) -> Weights:
    """Weight each cell of a sample to its share of the population.

    Parameters
    ----------
    sample
        The cell of each respondent, or the columns that together make it.
    population
        The size of each cell, by its name; by a row of names where there are several
        columns, in the same order (or named alike).
    base
        Weights to start from; equal if not given.

    Raises
    ------
    ValueError
        As for `rake`.

    References
    ----------
    Holt and Smith (1979), JRSS A 142.

    Examples
    --------
    >>> found = post_stratify(pd.Series(["A", "A", "A", "B"]), pd.Series({"A": 60, "B": 40}))
    >>> found.values.round(2).tolist()
    [0.8, 0.8, 0.8, 1.6]
    """
    cells, sizes, name = _cells(sample, population)
    frame = pd.DataFrame({name: cells})
    return rake(frame, {name: sizes}, base=base)


def _cells(
    sample: pd.Series | pd.DataFrame, population: pd.Series
) -> tuple[pd.Series, pd.Series, str]:
    if isinstance(sample, pd.Series):
        return sample, population, str(sample.name or population.index.name or "cell")
    if sample.shape[1] == 1:
        return sample.iloc[:, 0], population, str(sample.columns[0])
    names = [str(name) for name in sample.columns]
    sizes = population
    if set(population.index.names) == set(names):
        sizes = population.reorder_levels(names)  # type: ignore[arg-type]
    if sizes.index.nlevels != len(names):
        raise ValueError(
            f"population has {sizes.index.nlevels} keys a cell, the sample {len(names)} "
            f"({', '.join(names)}); give a size for each combination"
        )
    missing = sample.isna().any(axis=1)
    joined = pd.Series(list(zip(*(sample[c] for c in sample), strict=True)), index=sample.index)
    cells = joined.map(_cell_name).mask(missing)
    return cells, sizes.set_axis(sizes.index.map(_cell_name)), " × ".join(names)


def _cell_name(parts: tuple[object, ...]) -> str:
    return " / ".join(map(str, parts))


def _start(base: ArrayLike | None, sample: pd.DataFrame) -> Floats:
    if len(sample) == 0:
        raise ValueError("the sample is empty; there is nobody to weight")
    if base is None:
        return np.ones(len(sample))
    rows = pd.Series(np.zeros(len(sample)), index=sample.index)
    weights = weight_column(base, rows, "base weights").to_numpy()
    return weights / weights.mean()


def _margin(sample: pd.DataFrame, name: str, sizes: pd.Series) -> _Margin:
    if name not in sample.columns:
        near = get_close_matches(name, [str(c) for c in sample.columns], n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(sample.columns)}"
        raise ValueError(f"the sample has no column {name!r}; {hint}")
    found = sample[name]
    if found.isna().any():
        raise ValueError(
            f"{name} is missing for {int(found.isna().sum())} of {len(found)} respondents; "
            "fill it from the list, or leave those respondents out of the weighting"
        )
    sizes = pd.Series(sizes, dtype=float)
    _check_sizes(name, sizes)
    sizes = sizes[sizes > 0]
    codes = sizes.index.get_indexer(pd.Index(found))
    _check_present(name, found, sizes, codes)
    target = (sizes / sizes.sum()).to_numpy()
    return _Margin(name, list(sizes.index), target, codes)


def _check_sizes(name: str, sizes: pd.Series) -> None:
    if not sizes.index.is_unique:
        twice = sizes.index[sizes.index.duplicated()][0]
        raise ValueError(f"margin {name} gives {twice!r} twice; add the two sizes up")
    bad = sizes[~(sizes >= 0) | np.isinf(sizes)]
    if len(bad):
        raise ValueError(
            f"margin {name} gives {bad.index[0]!r} the size {bad.iloc[0]:g}; "
            "sizes are counts or shares of at least 0"
        )
    if not sizes.sum() > 0:
        raise ValueError(f"margin {name} adds up to 0; give the size of each category")


def _check_present(name: str, found: pd.Series, sizes: pd.Series, codes: NDArray[np.intp]) -> None:
    unknown = found[codes < 0]
    if len(unknown):
        raise ValueError(
            f"{len(unknown)} respondents are in {name} {unknown.iloc[0]!r}, which the margin "
            f"does not have (it has {', '.join(map(str, sizes.index))}); add its size, or "
            "recode it"
        )
    empty = np.flatnonzero(np.bincount(codes, minlength=len(sizes)) == 0)
    if len(empty):
        label, size = sizes.index[empty[0]], sizes.iloc[empty[0]]
        raise ValueError(
            f"nobody in the sample is in {name} {label!r}, which is {size / sizes.sum():.1%} of "
            "the population; merge it with a like category in both, or leave it out and say so"
        )


def _agree(margins: Mapping[str, pd.Series]) -> None:
    totals = {name: float(pd.Series(sizes).sum()) for name, sizes in margins.items()}
    smallest, largest = min(totals, key=totals.__getitem__), max(totals, key=totals.__getitem__)
    shares = any(
        all(abs(total - whole) < 0.01 * whole for total in totals.values()) for whole in (1, 100)
    )
    allowed = ROUNDED_TOLERANCE if shares else SUM_TOLERANCE
    if totals[largest] - totals[smallest] > allowed * totals[largest]:
        raise ValueError(
            f"margins do not add up to the same population: {smallest} sums to "
            f"{totals[smallest]:g}, {largest} to {totals[largest]:g}; take both from one list, "
            "and name what is unknown as a category of its own"
        )


@dataclass(frozen=True)
class _Cells:
    """The distinct rows of a sample: those alike in every margin and in their limits."""

    codes: list[NDArray[np.intp]]  # category of each cell, margin by margin
    mass: Floats  # share of the base weight
    lowest: Floats  # factors allowed
    highest: Floats
    row: NDArray[np.intp]  # cell of each respondent


def _distinct(
    margins: list[_Margin], start: Floats, bounds: tuple[float, float], trim: float | None
) -> _Cells:
    flat = np.ravel_multi_index([m.codes for m in margins], [len(m.target) for m in margins])
    if trim is None:
        keys, first, row = np.unique(flat, return_index=True, return_inverse=True)
    else:  # how far a weight may grow depends on where it started
        kinds, kind = np.unique(start, return_inverse=True)
        keys, first, row = np.unique(
            flat * len(kinds) + kind, return_index=True, return_inverse=True
        )
    cap = np.full(len(keys), bounds[1])
    if trim is not None:
        cap = np.minimum(cap, trim / start[first])
    mass = np.bincount(row, start) / start.sum()
    return _Cells(
        [margin.codes[first] for margin in margins], mass, np.minimum(bounds[0], cap), cap, row
    )


def _fitted(margins: list[_Margin], cells: _Cells) -> tuple[Floats, int, bool]:
    """Factor of each cell: proportional fitting, with Dykstra's corrections for limits.

    Dykstra (1985), Annals of Probability 13, in the multiplicative form of Bauschke and
    Lewis (2000), Optimization 48: the limit of the alternating projections is the one
    nearest to the start, which is what truncated raking asks for.
    """
    factor = np.ones(len(cells.mass))
    carried = np.ones(len(cells.mass))
    for rounds in range(1, ROUNDS + 1):
        gap = 0.0
        for margin, code in zip(margins, cells.codes, strict=True):
            now = np.bincount(code, cells.mass * factor, minlength=len(margin.target))
            if not now.all():  # a category has vanished: its cells are wanted empty elsewhere
                return _capped(factor, cells), rounds, False
            step = margin.target / now
            gap = max(gap, float(np.abs(step - 1).max()))
            factor = factor * step[code]
        free = np.maximum(factor * carried, 1e-300)  # a factor may fade away, never to 0
        factor = np.clip(free, cells.lowest, cells.highest)
        carried = free / factor
        if gap < TOLERANCE:
            return factor, rounds, True
        if not 1e-100 < carried.min() <= carried.max() < 1e100:  # margins and limits part for good
            break
    return _capped(factor, cells), rounds, False


def _capped(factor: Floats, cells: _Cells) -> Floats:
    """Bring the mean back to 1 without passing the limits, where margins are out of reach."""
    factor = np.clip(factor, cells.lowest, cells.highest)
    for _ in range(ROUNDS):
        whole = float(cells.mass @ factor)
        if abs(whole - 1) < TOLERANCE:
            break
        factor = np.clip(factor / whole, cells.lowest, cells.highest)
    return factor


def _solved(
    margins: list[_Margin], start: Floats, bounds: tuple[float, float] | None, trim: float | None
) -> tuple[Floats, int, bool]:
    """Weights of mean 1 from base weights of mean 1."""
    limits = bounds or (0.0, np.inf)
    if not 0 <= limits[0] < 1 < limits[1]:
        raise ValueError(f"bounds are factors on either side of 1, such as (0.3, 3), not {bounds}")
    if trim is not None and not trim > 1:
        raise ValueError(f"trim is a multiple of the mean weight above 1, such as 5, not {trim}")
    cells = _distinct(margins, start, limits, trim)
    factor, rounds, converged = _fitted(margins, cells)
    if not converged and bounds is not None:
        raise ValueError(
            f"the margins cannot be met with factors between {limits[0]:g} and {limits[1]:g}; "
            "widen the bounds, merge small categories, or use fewer margins"
        )
    if not converged and trim is None:
        raise ValueError(
            f"raking did not settle in {ROUNDS} rounds: combinations of "
            f"{', '.join(margin.name for margin in margins)} are empty in the sample, so the "
            "margins cannot be met together; merge small categories, or use fewer margins"
        )
    return start * factor[cells.row], rounds, converged


def _table(margins: list[_Margin], before: Floats, after: Floats) -> pd.DataFrame:
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "margin": margin.name,
                    "category": margin.categories,
                    "target_share": margin.target,
                    "before_share": np.bincount(margin.codes, before) / before.sum(),
                    "after_share": np.bincount(margin.codes, after) / after.sum(),
                    "respondents": np.bincount(margin.codes),
                }
            )
            for margin in margins
        ],
        ignore_index=True,
    )

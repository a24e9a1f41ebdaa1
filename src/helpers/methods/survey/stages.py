"""The stages by which a sample was drawn: units within groups, and what share of them it holds."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.columns import aligned

__all__ = ["Codes", "Population", "Stage", "chance", "stages_of"]

Codes = NDArray[np.intp]
Population = float | Mapping[Hashable, float] | ArrayLike


@dataclass(frozen=True)
class Stage:
    """One stage of drawing: units, drawn within groups.

    At the first stage the groups are strata; at the next, the units of the one before.
    ``sampled`` is the share of each group's units that the sample holds (0 where the
    population is taken as endless).
    """

    unit: Codes  # of each respondent
    group_of_unit: Codes
    sampled: Floats
    seen: Floats | None = None  # of each unit instead, of units that several waves share

    @property
    def left(self) -> Floats:
        """What the part of the population that was seen leaves of each unit's variance."""
        return 1 - (self.sampled[self.group_of_unit] if self.seen is None else self.seen)

    def spread(self, influence: Floats) -> Floats:
        """Variance that each group adds."""
        groups = len(self.sampled)
        totals = np.bincount(self.unit, influence, minlength=len(self.group_of_unit))
        units = np.bincount(self.group_of_unit, minlength=groups)
        means = np.bincount(self.group_of_unit, totals, minlength=groups) / units
        off = self.left * (totals - means[self.group_of_unit]) ** 2
        squares = np.bincount(self.group_of_unit, off, minlength=groups)
        correction = np.where(units > 1, units / np.maximum(units - 1, 1), 0.0)
        return np.asarray(correction * squares)

    def products(self, influences: Floats, carried: Floats) -> Floats:
        """Variances and covariances that all groups add, each group times ``carried``."""
        units = np.bincount(self.group_of_unit, minlength=len(self.sampled))
        totals = np.zeros((len(self.group_of_unit), influences.shape[1]))
        np.add.at(totals, self.unit, influences)
        sums = np.zeros((len(self.sampled), influences.shape[1]))
        np.add.at(sums, self.group_of_unit, totals)
        off = totals - (sums / units[:, None])[self.group_of_unit]
        correction = np.where(units > 1, units / np.maximum(units - 1, 1), 0.0)
        each = (carried * correction)[self.group_of_unit] * self.left
        return np.asarray(off.T @ (off * each[:, None]))


def chance(stages: tuple[Stage, ...]) -> Floats:
    """Chance of each respondent to be drawn, stage by stage."""
    return np.asarray(
        np.prod([stage.sampled[stage.group_of_unit[stage.unit]] for stage in stages], axis=0)
    )


def stages_of(
    values: pd.Series,
    strata: ArrayLike | None,
    clusters: ArrayLike | None,
    population: Population | None,
) -> tuple[tuple[Stage, ...], Floats | None]:
    """The stages of drawing, and the size of each stratum where it is known."""
    columns = _columns(clusters)
    sizes_of = _columns(population) if population is not None else [None] * len(columns)
    if len(sizes_of) != len(columns):
        raise ValueError(
            f"population has {len(sizes_of)} columns for {len(columns)} stages of clusters; "
            "give the size of the groups at each stage"
        )
    group, names = _codes(strata, values, "strata")
    kind = "strata" if strata is not None else ""
    found, first_sizes = [], None
    for place, (labels, sizes) in enumerate(zip(columns, sizes_of, strict=True)):
        unit, ids = _units(labels, group, values, place)
        group_of_unit = _nested(unit, group, ids)
        counts = np.bincount(group_of_unit, minlength=len(names))
        known = _sizes(sizes, values, group, names)
        sampled = _sampled(counts, known, names)
        if place == 0 or known is not None:
            _refuse_single_units(counts, sampled, names, kind)
        first_sizes = known if place == 0 else first_sizes
        found.append(Stage(unit, group_of_unit, sampled))
        group, names, kind = unit, ids, "clusters"
    return tuple(found), first_sizes


def _columns(parts: object) -> list[Any]:
    """A column for each stage of drawing."""
    if isinstance(parts, pd.DataFrame):
        return [parts[name] for name in parts]
    return [parts]


def _units(
    labels: ArrayLike | None, group: Codes, values: pd.Series, place: int
) -> tuple[Codes, pd.Index]:
    """The unit of each respondent; after the first stage, a label counts within its group."""
    if labels is None:
        return np.arange(len(values)), pd.Index(values.index)
    unit, ids = _codes(labels, values, "clusters")
    if place == 0:
        return unit, ids
    together, codes = np.unique(group * len(ids) + unit, return_inverse=True)
    return codes, pd.Index(ids[together % len(ids)])


def _codes(labels: ArrayLike | None, values: pd.Series, name: str) -> tuple[Codes, pd.Index]:
    if labels is None:
        return np.zeros(len(values), dtype=np.intp), pd.Index([name], dtype=object)
    found = aligned(labels, values, name)
    if isinstance(found.dtype, np.dtype) and found.dtype.kind in "iub":  # none can be missing
        return pd.factorize(found)
    if found.isna().any():
        raise ValueError(
            f"{name} is missing for {int(found.isna().sum())} of {len(found)} values; "
            "give each respondent one (their own response_id if nothing else is known)"
        )
    codes, names = pd.factorize(found, sort=False)
    return codes, pd.Index(names)


def _nested(cluster: Codes, stratum: Codes, ids: pd.Index) -> Codes:
    owner = np.zeros(len(ids), dtype=np.intp)
    owner[cluster] = stratum
    split = np.flatnonzero(owner[cluster] != stratum)
    if len(split):
        raise ValueError(
            f"cluster {ids[cluster[split[0]]]!r} lies in more than one stratum; "
            "stratify by something that is the same for a whole cluster"
        )
    return owner


def _sizes(
    population: Population | None,
    values: pd.Series,
    stratum: Codes,
    names: pd.Index,
) -> Floats | None:
    if population is None:
        return None
    if np.isscalar(population):
        if len(names) > 1:
            raise ValueError(
                f"population is one number for {len(names)} strata; give a size for each stratum"
            )
        return np.array([float(population)])  # type: ignore[arg-type]
    by_row = not isinstance(population, Mapping) and len(np.asarray(population)) == len(values)
    named = isinstance(population, pd.Series) and not population.index.equals(values.index)
    if by_row and not (named and set(names) <= set(pd.Series(population).index)):
        sizes = np.zeros(len(names))
        sizes[stratum] = aligned(population, values, "population")  # type: ignore[arg-type]
        return sizes
    known = pd.Series(population)
    absent = [name for name in names if name not in known.index]
    if absent:
        raise ValueError(
            f"population has no size for stratum {absent[0]!r}; add it, or merge the stratum"
        )
    return np.asarray(known.loc[list(names)], dtype=float)


def _sampled(units: Codes, sizes: Floats | None, names: pd.Index) -> Floats:
    if sizes is None:
        return np.zeros(len(names))
    for have, size, name in zip(units, sizes, names, strict=True):
        if not size >= have:
            where = "the population" if len(names) == 1 else f"the population of stratum {name!r}"
            raise ValueError(
                f"{where} is {size:g}, smaller than the sample of {have}; "
                "check the size, or leave it out"
            )
    return np.asarray(units / sizes, dtype=float)


def _refuse_single_units(units: Codes, sampled: Floats, names: pd.Index, strata: str) -> None:
    single = (units == 1) & (sampled < 1)
    if strata and single.any():
        raise ValueError(
            f"{int(single.sum())} {strata} hold a single unit (first: {names[single.argmax()]!r}), "
            "so their variance is unknown; merge each with a neighbour"
        )

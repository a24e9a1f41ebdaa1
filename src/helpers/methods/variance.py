"""How a sample was drawn, and the variance that follows from it (Taylor linearisation).

A statistic is first written as a sum of influences, one for each respondent. Its
variance is then that of a sum over accounts, stratum by stratum, less the part of
the population that was seen: Wolter, Introduction to Variance Estimation (2007),
chapter 6; Lumley, Complex Surveys (2010), chapter 2. The results equal those of
R's ``survey`` package.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

__all__ = ["Design", "Floats", "aligned", "column", "weight_column"]

Floats = NDArray[np.float64]
Population = float | Mapping[Hashable, float] | ArrayLike


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


def weight_column(weights: ArrayLike, values: pd.Series, name: str = "weights") -> pd.Series:
    """Bring weights into the row order of ``values`` and refuse any that cannot be used.

    Examples
    --------
    >>> weight_column([1, 0], pd.Series([9, 7]))
    Traceback (most recent call last):
    ValueError: weights has 1 entries that are zero or negative (first: 0); ...
    """
    found = column(aligned(weights, values, name), name)
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


@dataclass(frozen=True)
class Design:
    """How the respondents came to be in the sample.

    ``clusters`` and ``strata`` are codes from 0, one for each respondent; a cluster
    lies in one stratum. ``sampled`` is the share of each stratum's units that the
    sample holds (0 where the population is taken as endless).
    """

    weights: Floats
    strata: NDArray[np.intp]
    clusters: NDArray[np.intp]
    stratum_of_cluster: NDArray[np.intp]
    sampled: Floats
    population_size: float  # people; not finite where unknown

    @classmethod
    def of(
        cls,
        values: pd.Series,
        *,
        weights: ArrayLike | None = None,
        strata: ArrayLike | None = None,
        clusters: ArrayLike | None = None,
        population: Population | None = None,
    ) -> Design:
        """Read a design from columns; ``population`` counts clusters where there are any.

        Examples
        --------
        >>> Design.of(pd.Series([1, 2, 3]), clusters=["a", "a", "b"]).degrees_of_freedom
        1
        """
        stratum, names = _codes(strata, values, "strata")
        cluster, ids = _codes(clusters, values, "clusters")
        if clusters is None:
            cluster, ids = np.arange(len(values)), pd.Index(values.index)
        stratum_of_cluster = _nested(cluster, stratum, ids)
        units = np.bincount(stratum_of_cluster, minlength=len(names))
        sizes = _sizes(population, values, stratum, names)
        sampled = _sampled(units, sizes, names)
        _refuse_single_units(units, sampled, names, "strata" if strata is not None else "")
        if weights is not None:
            weight = weight_column(weights, values).to_numpy()
        else:
            weight = np.ones(len(values)) if sizes is None else (1 / sampled)[stratum]
        size = np.inf if sizes is None else float(weight.sum())
        if sizes is not None and clusters is None:
            size = float(sizes.sum())
        return cls(weight, stratum, cluster, stratum_of_cluster, sampled, size)

    @property
    def base(self) -> int:
        """Respondents."""
        return len(self.weights)

    @property
    def units(self) -> int:
        """Clusters, or respondents where nothing is clustered."""
        return len(self.stratum_of_cluster)

    @property
    def degrees_of_freedom(self) -> int:
        """Clusters less strata."""
        return self.units - len(self.sampled)

    def variance(self, influence: Floats) -> float:
        """Variance of a statistic from its influences (weights already in them).

        Examples
        --------
        >>> scores = pd.Series([1.0, 2.0, 3.0])
        >>> round(Design.of(scores).variance((scores - 2).to_numpy() / 3), 4)
        0.3333
        """
        totals = np.bincount(self.clusters, influence, minlength=self.units)
        units = np.bincount(self.stratum_of_cluster, minlength=len(self.sampled))
        means = np.bincount(self.stratum_of_cluster, totals, minlength=len(units)) / units
        squares = np.bincount(
            self.stratum_of_cluster,
            (totals - means[self.stratum_of_cluster]) ** 2,
            minlength=len(units),
        )
        correction = np.where(units > 1, units / np.maximum(units - 1, 1), 0.0)
        return float(((1 - self.sampled) * correction * squares).sum())

    def simple_variance(self, values: Floats) -> float:
        """Variance a mean would have from a simple random sample of the same size."""
        share = self.weights / self.weights.sum()
        mean = share @ values
        spread = share @ (values - mean) ** 2 * self.base / (self.base - 1)
        finite = 1 - self.base / self.population_size if self.population_size > self.base else 1.0
        return float(spread / self.base * finite)


def _codes(
    labels: ArrayLike | None, values: pd.Series, name: str
) -> tuple[NDArray[np.intp], pd.Index]:
    if labels is None:
        return np.zeros(len(values), dtype=np.intp), pd.Index([name])
    found = aligned(labels, values, name)
    if found.isna().any():
        raise ValueError(
            f"{name} is missing for {int(found.isna().sum())} of {len(found)} values; "
            "give each respondent one (their own response_id if nothing else is known)"
        )
    codes, names = pd.factorize(found, sort=False)
    return codes, pd.Index(names)


def _nested(
    cluster: NDArray[np.intp], stratum: NDArray[np.intp], ids: pd.Index
) -> NDArray[np.intp]:
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
    stratum: NDArray[np.intp],
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
    if by_row and not (isinstance(population, pd.Series) and set(names) <= set(population.index)):
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


def _sampled(units: NDArray[np.intp], sizes: Floats | None, names: pd.Index) -> Floats:
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


def _refuse_single_units(
    units: NDArray[np.intp], sampled: Floats, names: pd.Index, strata: str
) -> None:
    single = (units == 1) & (sampled < 1)
    if strata and single.any():
        raise ValueError(
            f"{int(single.sum())} strata hold a single unit (first: {names[single.argmax()]!r}), "
            "so their variance is unknown; merge each with a neighbour"
        )

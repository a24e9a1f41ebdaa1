"""The variance that follows from a design, for one set of answers (Taylor linearisation).

A statistic is first written as a sum of influences, one for each respondent. Its
variance is then that of a sum over accounts, stratum by stratum, less the part of
the population that was seen: Wolter, Introduction to Variance Estimation (2007),
chapter 6; Lumley, Complex Surveys (2010), chapter 2. Where accounts and then people in
them were drawn from known numbers, each stage adds its part (Särndal, Swensson and
Wretman 1992, 4.3). The results equal those of R's ``survey`` package.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.methods.survey.averages import weighted_mean
from helpers.methods.survey.calibration import Calibration, Floats
from helpers.methods.survey.columns import aligned, weight_column
from helpers.methods.survey.jackknife import FEW, Leaving, Side, Spread, alike

__all__ = ["Population", "ResolvedDesign", "Stage"]

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


@dataclass(frozen=True)
class ResolvedDesign:
    """A design brought to the rows of given answers; `SurveyDesign.resolve` makes it.

    ``weights`` is 0 for a respondent who is in the sample and did not answer: what was
    known of them still counts where weights were fitted to totals.
    """

    weights: Floats
    stages: tuple[Stage, ...]
    population_size: float  # people; not finite where unknown
    whole: Floats  # weights of all, those who did not answer too
    calibration: Calibration | None = None
    plain: bool = False  # a simple random sample of an endless population
    linear: bool = False  # linearised however few clusters there are, as R's svydesign does

    @classmethod
    def of(
        cls,
        values: pd.Series,
        *,
        weights: ArrayLike | None = None,
        strata: ArrayLike | None = None,
        clusters: ArrayLike | None = None,
        population: Population | None = None,
        calibration: Calibration | None = None,
        linear: bool = False,
    ) -> ResolvedDesign:
        """Read a design from columns; missing values count as not answered.

        ``clusters`` may be a frame with a column for each stage of drawing (accounts,
        then people in them), and ``population`` then has as many columns.

        Examples
        --------
        >>> ResolvedDesign.of(pd.Series([1, 2, 3]), clusters=["a", "a", "b"]).degrees_of_freedom
        1
        """
        stages, sizes = _stages(values, strata, clusters, population)
        if weights is not None:
            whole = weight_column(weights, values).to_numpy()
        else:
            whole = np.ones(len(values)) if sizes is None else 1 / _chance(stages)
        answered = np.where(values.notna(), whole, 0.0)
        size = np.inf if sizes is None else float(answered.sum())
        if sizes is not None and clusters is None:
            size = float(sizes.sum())
        parts = (weights, strata, clusters, population, calibration)
        plain = all(part is None for part in parts)
        return cls(answered, stages, size, whole, calibration, plain, linear)

    @property
    def base(self) -> int:
        """Respondents who answered."""
        return int(np.count_nonzero(self.weights))

    @property
    def sampled(self) -> Floats:
        """Share of each stratum's units that the sample holds."""
        return self.stages[0].sampled

    @property
    def units(self) -> int:
        """Clusters with an answer, or respondents where nothing is clustered."""
        return len(np.unique(self.stages[0].unit[self.weights > 0]))

    @property
    def strata(self) -> int:
        """Strata with an answer."""
        first = self.stages[0]
        return len(np.unique(first.group_of_unit[first.unit[self.weights > 0]]))

    @property
    def degrees_of_freedom(self) -> int:
        """Clusters less strata, before it is asked whether they count alike."""
        return self.units - self.strata

    @property
    def freedom(self) -> float:
        """Degrees of freedom of an interval: clusters less strata, fewer where few count."""
        return self.freedom_of([self.weights])

    def freedom_of(self, masses: Sequence[Floats]) -> float:
        """The same of an estimate with several sides, by the weights of each."""
        effective = self.effective(masses)
        return effective if self.few(effective) else float(self.degrees_of_freedom)

    @property
    def alike(self) -> float:
        """As many equal clusters as would weigh alike, less strata, where few count."""
        if not self.few(self.effective([self.weights])):
            return float(self.degrees_of_freedom)
        held = np.bincount(self.stages[0].unit, self.weights)
        return max(1.0, float(held.sum() ** 2 / (held @ held)) - self.strata)

    def effective(self, masses: Sequence[Floats]) -> float:
        """Degrees of freedom that clusters as unequal as these leave an estimate."""
        found = alike(self.stages[0], masses)
        return min(max(1.0, round(found, 9)), max(1.0, float(self.degrees_of_freedom)))

    def few(self, effective: float) -> bool:
        """Whether so few clusters count that each is left out, instead of linearisation.

        Where people of the accounts were drawn from known numbers too, linearisation stays.
        """
        return not self.linear and len(self.stages) == 1 and effective < FEW

    def spread(self, *sides: Side) -> Spread:
        """Variance of an estimate, how sure it is and how skewed, from its sides.

        Below fifty effective clusters each is left out in turn and weights are fitted again;
        else the variance is linearised.

        Examples
        --------
        >>> scores = pd.Series([1.0, 2.0, 3.0])
        >>> rows = ResolvedDesign.of(scores)
        >>> found = rows.spread(Side((scores - 2).to_numpy() / 3, rows.weights))
        >>> round(found.variance, 4), round(found.freedom, 4)
        (0.3333, 2.0)
        """
        masses = [self.weights if side.mass is None else side.mass for side in sides]
        effective = self.effective(masses)
        if self.few(effective):
            leaving = Leaving(self.stages[0], self.whole, self.calibration)
            return leaving.spread(sides, effective, textbook=self.plain)
        influence = np.sum([side.influence for side in sides], axis=0)
        return Spread(self._linearised(influence), float(self.degrees_of_freedom))

    def counted(self, influence: Floats) -> Floats:
        """Influences less what the totals that weights were fitted to explain of them."""
        if self.calibration is None:
            return influence
        each = np.divide(influence, self.whole, out=np.zeros(len(influence)), where=self.whole > 0)
        return self.whole * self.calibration.left_over(each)

    def variance(self, influence: Floats) -> float:
        """Variance of a statistic from its influences (weights already in them).

        Where few clusters count, influences are moved as those of a mean over all who
        answered (`spread`).

        Examples
        --------
        >>> scores = pd.Series([1.0, 2.0, 3.0])
        >>> round(ResolvedDesign.of(scores).variance((scores - 2).to_numpy() / 3), 4)
        0.3333
        """
        return self.spread(Side(influence, self.weights)).variance

    def _linearised(self, influence: Floats) -> float:
        influence = self.counted(influence)
        carried = np.ones(len(self.sampled))
        found = 0.0
        for stage in self.stages:
            found += float(carried @ stage.spread(influence))
            carried = (carried * stage.sampled)[stage.group_of_unit]
        return found

    def covariance(self, influences: Floats, *, left_out: bool = False) -> Floats:
        """Covariance matrix of several statistics, a column of influences for each.

        ``left_out`` says that they are those of leaving each cluster out already.

        Examples
        --------
        >>> scores = pd.Series([1.0, 2.0, 3.0])
        >>> both = np.column_stack([scores - 2, 2 - scores]) / 3
        >>> ResolvedDesign.of(scores).covariance(both).round(4).tolist()
        [[0.3333, -0.3333], [-0.3333, 0.3333]]
        """
        if not left_out and self.few(self.effective([self.weights])):
            leaving = Leaving(self.stages[0], self.whole, self.calibration)
            off = np.column_stack(
                [leaving.scaled(leaving.moves(one, self.weights)) for one in influences.T]
            )
            return np.asarray(off.T @ off)
        left = np.column_stack([self.counted(one) for one in influences.T])
        carried = np.ones(len(self.sampled))
        found = np.zeros((left.shape[1], left.shape[1]))
        for stage in self.stages:
            found += stage.products(left, carried)
            carried = (carried * stage.sampled)[stage.group_of_unit]
        return found

    def simple_variance(self, values: Floats) -> float:
        """Variance a mean would have from a simple random sample of the same size."""
        share = self.weights / self.weights.sum()
        mean = weighted_mean(values, self.weights)
        spread = share @ (values - mean) ** 2 * self.base / (self.base - 1)
        finite = 1 - self.base / self.population_size if self.population_size > self.base else 1.0
        return float(spread / self.base * finite)


def _chance(stages: tuple[Stage, ...]) -> Floats:
    """Chance of each respondent to be drawn, stage by stage."""
    return np.asarray(
        np.prod([stage.sampled[stage.group_of_unit[stage.unit]] for stage in stages], axis=0)
    )


def _stages(
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
        return np.zeros(len(values), dtype=np.intp), pd.Index([name])
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

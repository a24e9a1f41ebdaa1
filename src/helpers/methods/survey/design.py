"""How the respondents came to be in the sample: said once, and given to every estimate."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.methods.survey.calibration import (
    Calibrated,
    Calibration,
    WeightsLike,
    refuse_unknown_size,
)
from helpers.methods.survey.columns import aligned, column, weight_column
from helpers.methods.survey.resolved import Population, ResolvedDesign
from helpers.methods.survey.stacking import Piece, stack
from helpers.methods.survey.storing import parts_of, table_of

__all__ = ["SurveyDesign"]

Columns = pd.Series | pd.DataFrame


@dataclass(frozen=True, eq=False, init=False)
class SurveyDesign:
    """Weights, strata, clusters, finite population and calibration of the respondents.

    Give it to every estimate: ``survey.mean(values, design)``. Columns that are series are
    matched by their labels (response_id), anything else by position.

    Parameters
    ----------
    weights
        One for each respondent; only their proportions matter, but for a total. 0 leaves a
        respondent out. As `weighting.Weights` they bring the totals they were fitted to,
        which narrow intervals by what those explain of the answers (Deville and Särndal
        1992); plain numbers are taken as if they were fixed before the sample.
    strata, clusters
        Groups sampled separately; groups sampled as one (accounts). A frame of clusters has a
        column for each stage of drawing: accounts, then people in them.
    population
        Units (clusters where there are any, else people) in the population: a number, one for
        each stratum by name, or a column; a frame with a column for each stage of clusters.
        It narrows intervals. Without ``weights`` each unit then counts by what it stands for,
        as in R's ``svydesign``.
    calibration
        What weights were fitted to, where they are plain numbers.

    Raises
    ------
    ValueError
        For weights that are negative, missing or infinite, naming the rows.

    References
    ----------
    Lumley (2010), Complex Surveys, chapter 2.

    Examples
    --------
    >>> from helpers.methods import survey
    >>> design = SurveyDesign(weights=[1, 1, 2, 0], clusters=["a", "a", "b", "c"])
    >>> survey.mean([8, 6, 9, 1], design).value
    8.0
    >>> survey.mean([8, 6, 9, 1], design.where([True, False, True, True])).base
    2
    """

    weights: pd.Series | None
    strata: pd.Series | None
    clusters: Columns | None
    population: float | Columns | None
    calibration: Calibration | None
    people: float | None  # that fitted weights stand for: missing where only shares were known
    index: pd.Index | None  # of the respondents; None where there are no columns
    labelled: bool
    inside: pd.Series | None  # of a domain: who is in it
    parts: Mapping[str, SurveyDesign] | None  # of a design over waves: each wave's own

    def __init__(
        self,
        weights: WeightsLike | None = None,
        strata: ArrayLike | None = None,
        clusters: ArrayLike | pd.DataFrame | None = None,
        population: Population | pd.DataFrame | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        plain = weights.values if isinstance(weights, Calibrated) else weights
        rows, labelled = _respondents(plain, strata, clusters, population)
        fitted = calibration
        if isinstance(weights, Calibrated):
            fitted = _in_order(weights.calibration, weights.values.index, rows)
        mass = weight_column(plain, rows) if rows is not None and plain is not None else None
        groups = _columns(strata, rows, "strata")
        self._set(
            weights=mass,
            strata=groups,
            clusters=_columns(clusters, rows, "clusters"),
            population=_sizes(population, rows, groups),
            calibration=fitted,
            people=weights.population if isinstance(weights, Calibrated) else None,
            index=rows.index if rows is not None else None,
            labelled=labelled,
            inside=None,
            parts=None,
        )

    def _set(self, **values: Any) -> None:  # noqa: ANN401
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def _with(self, **values: Any) -> SurveyDesign:  # noqa: ANN401
        """The same with other fields."""
        made = copy(self)
        made._set(**values)
        return made

    def __len__(self) -> int:
        return 0 if self.index is None else len(self.index)

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SurveyDesign):
            return NotImplemented
        return self.to_frame().equals(other.to_frame())

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def over(
        cls, designs: Mapping[str, SurveyDesign], *, clusters: pd.Series | None = None
    ) -> SurveyDesign:
        """The designs of several waves as one, over all of their respondents.

        An estimate within one wave is by that wave's own design. A difference of waves also
        allows for what they share: an account that answered twice is one cluster. It counts
        in the stratum of the latest of these waves that has it; the finite population counts
        within waves only.

        Parameters
        ----------
        designs
            By wave, the earliest first.
        clusters
            What is one and the same in all waves, where that is not what clusters in a wave.

        Examples
        --------
        >>> waves = {w: SurveyDesign(clusters=pd.Series(["a", "b"], index=[w + "1", w + "2"]))
        ...          for w in ("v", "w")}
        >>> SurveyDesign.over(waves).index.tolist()
        ['v1', 'v2', 'w1', 'w2']
        """
        parts = dict(designs)
        if clusters is not None:
            parts = {wave: part.clustered_by(clusters[clusters.index.isin(part._rows().index)])
                     for wave, part in parts.items()}  # fmt: skip
        made = cls()
        index = pd.Index([label for part in parts.values() for label in part._rows().index])
        columns = {name: _joined([getattr(part, name) for part in parts.values()], index)
                   for name in ("strata", "clusters")}  # fmt: skip
        weights = np.concatenate([part.weights_of() for part in parts.values()])
        made._set(
            **columns,
            weights=pd.Series(weights, index=index),
            index=index,
            labelled=all(part.labelled for part in parts.values()),
            parts=parts,
        )
        return made

    @property
    def waves(self) -> pd.Series | None:
        """The wave of each respondent, of a design over waves."""
        if self.parts is None:
            return None
        names = [wave for wave, part in self.parts.items() for _ in range(len(part))]
        return pd.Series(names, index=self.index)

    @property
    def weighted_waves(self) -> tuple[str, ...]:
        """The waves with weights, of a design over waves."""
        return tuple(w for w, part in (self.parts or {}).items() if part.weights is not None)

    def pair_of_weights(self, before: str | None, now: str) -> tuple[pd.Series, pd.Series] | None:
        """Weights of two waves of a design over waves; ``None`` unless both have them."""
        if not {before, now} <= set(self.weighted_waves):
            return None
        parts = self.parts or {}
        first, second = parts[str(before)].weights, parts[now].weights
        return None if first is None or second is None else (first, second)

    def where(self, rows: ArrayLike) -> SurveyDesign:
        """The same design for a domain: those of whom ``rows`` is true.

        The others leave the base and stay in the design, as in R's ``subset``.

        Examples
        --------
        >>> whole = SurveyDesign(strata=["x", "x", "y", "y"])
        >>> whole.where([True, True, False, True]).inside.tolist()
        [True, True, False, True]
        """
        every = self._rows(rows)
        chosen = aligned(rows, every, "rows").astype("boolean").fillna(False).astype(bool)
        inside = chosen if self.inside is None else chosen & self.inside
        made = self if self.index is not None else SurveyDesign(weights=every + 1.0)
        return made._with(inside=inside)

    def of(self, index: pd.Index) -> SurveyDesign:
        """The same respondents in the order of ``index``, so that arrays in its order match.

        A design without columns is then that of these respondents, all alike.

        Raises
        ------
        ValueError
            If these are not the design's respondents; for some of them use `where`.

        Examples
        --------
        >>> design = SurveyDesign(weights=pd.Series([1.0, 2.0], index=["r1", "r2"]))
        >>> design.of(pd.Index(["r2", "r1"])).weights.tolist()
        [2.0, 1.0]
        """
        if self.index is None:
            return self._with(index=index, labelled=True)
        if index.equals(self.index):
            return self
        if len(index) != len(self.index) or not index.isin(self.index).all():
            raise ValueError(
                f"the design has {len(self.index)} respondents, and these {len(index)} are others; "
                "choose a part of them with where()"
            )
        if self.parts is not None:
            raise ValueError("the respondents of a design over waves keep their order")
        kept = {name: part.reindex(index) for name, part in self._by_row().items()}
        fitted = _in_order(self.calibration, self.index, pd.Series(0.0, index=index))
        return self._with(**kept, calibration=fitted, index=index)

    def _by_row(self) -> dict[str, Any]:
        """The parts that have a row for each respondent."""
        names = ("weights", "strata", "clusters", "population", "inside")
        parts = {name: getattr(self, name) for name in names}
        return {n: part for n, part in parts.items() if isinstance(part, pd.Series | pd.DataFrame)}

    def in_rows(self) -> SurveyDesign:
        """The same design with respondents numbered from 0, for columns given by position."""
        if self.index is None:
            return self
        return self.numbered(pd.RangeIndex(len(self.index)))

    def numbered(self, index: pd.Index) -> SurveyDesign:
        """The same design with other labels for its respondents, who may have had none."""
        fields: dict[str, Any] = {"index": index, "labelled": True}
        fields |= {name: part.set_axis(index, axis=0) for name, part in self._by_row().items()}
        if self.parts is not None:
            ends = np.cumsum([len(part) for part in self.parts.values()])
            placed = zip(self.parts.items(), ends, strict=True)
            fields["parts"] = {
                wave: part.numbered(index[end - len(part) : end]) for (wave, part), end in placed
            }
        return self._with(**fields)

    @property
    def drawn_singly(self) -> bool:
        """Whether nothing but weights sets it apart from a simple random sample."""
        parts = (self.strata, self.clusters, self.population, self.calibration, self.parts)
        return all(part is None for part in parts)

    @property
    def grosses_up(self) -> bool:
        """Whether weights or sizes say how large the population is; refuses fitted shares."""
        if self.people is not None and self.weights is not None:
            refuse_unknown_size(self.people, len(self))
        return self.weights is not None or self.population is not None

    def weights_of(self) -> NDArray[np.float64]:
        """The weight of each respondent: 1 where there are none."""
        return np.ones(len(self)) if self.weights is None else self.weights.to_numpy()

    def labelled_by(self, rows: pd.Series) -> SurveyDesign:
        """The design with the labels of ``rows`` for respondents who have none of their own.

        >>> SurveyDesign([1, 2]).labelled_by(pd.Series([9, 8], index=["r1", "r2"])).index.tolist()
        ['r1', 'r2']
        """
        if self.index is None:
            return self.of(rows.index)
        self.column(rows)  # refuses other respondents
        return self if self.labelled else self.numbered(rows.index)

    def without(self, *parts: str) -> SurveyDesign:
        """The design without some of its parts: ``weights``, ``strata``, ``clusters``, …

        Without weights there is no calibration either.

        >>> SurveyDesign([1, 2], strata=["x", "y"]).without("strata").strata is None
        True
        """
        gone = dict.fromkeys(parts)
        if "weights" in parts:
            gone |= {"calibration": None}
        if "calibration" in gone:
            gone |= {"people": None}
        if self.parts is not None:
            gone["parts"] = {wave: part.without(*parts) for wave, part in self.parts.items()}
        return self._with(**gone)

    def clustered_by(self, clusters: ArrayLike | pd.DataFrame) -> SurveyDesign:
        """The design with other clusters.

        >>> SurveyDesign([1, 2]).clustered_by(["a", "a"]).clusters.tolist()
        ['a', 'a']
        """
        if self.parts is not None:
            raise ValueError("clusters of a design over waves are given where it is made")
        rows = self._rows(clusters)
        labelled = self.labelled or isinstance(clusters, pd.Series | pd.DataFrame)
        named = _columns(clusters, rows, "clusters")
        return self._with(clusters=named, index=rows.index, labelled=labelled)

    def weighted_by(self, weights: WeightsLike) -> SurveyDesign:
        """The design with other weights.

        >>> SurveyDesign(strata=["x", "x"]).weighted_by([1, 3]).weights.tolist()
        [1.0, 3.0]
        """
        made = SurveyDesign(weights)
        ours = made if self.index is None else made.of(self.index)
        fields = ("weights", "calibration", "people", "index", "labelled")
        return self._with(**{name: getattr(ours, name) for name in fields})

    def with_population(self, population: Population | pd.DataFrame) -> SurveyDesign:
        """The design of a sample from a population of known size.

        >>> SurveyDesign([1, 2]).with_population(80).population
        80
        """
        rows = None if self.index is None else self._rows()
        return self._with(population=_sizes(population, rows, self.strata))

    def column(self, values: ArrayLike, name: str = "values") -> pd.Series:
        """A column in the order of the respondents, missing for those of whom it has nothing.

        Raises
        ------
        ValueError
            If it speaks of respondents who are not in the design.

        Examples
        --------
        >>> design = SurveyDesign(weights=pd.Series([1.0, 2.0], index=["r1", "r2"]))
        >>> design.column(pd.Series([7], index=["r2"])).tolist()
        [nan, 7.0]
        """
        given = values if isinstance(values, pd.Series) else pd.Series(np.asarray(values))
        if self.index is None or given.index.equals(self.index):
            return given
        by_label = isinstance(values, pd.Series) and self.labelled
        if not by_label:
            return pd.Series(aligned(given.to_numpy(), self._rows(), name), index=self.index)
        absent = given.index.difference(self.index)
        if len(absent) or not given.index.is_unique or not self.index.is_unique:
            found = f"none for {absent[0]!r}" if len(absent) else "labels that repeat"
            raise ValueError(
                f"the design cannot be matched to the {len(given)} {name}: {found}; "
                "give it the same row labels as the values"
            )
        return given.reindex(self.index)

    def weights_for(self, values: pd.Series) -> pd.Series:
        """The weight of each row of ``values``: 1 where there are none, 0 for who is left out.

        Examples
        --------
        >>> design = SurveyDesign(weights=pd.Series([1.0, 2.0], index=["r1", "r2"]))
        >>> design.weights_for(pd.Series([9], index=["r2"])).tolist()
        [2.0]
        """
        if self.index is None:
            return pd.Series(1.0, index=values.index)
        weights = pd.Series(self.weights_of(), index=self.index)
        if self.inside is not None:
            weights = weights.where(self.inside, 0.0)
        return self._given(weights, values)

    def clusters_for(self, values: pd.Series) -> pd.Series | None:
        """The first-stage cluster of each row of ``values``; ``None`` where there are none.

        >>> SurveyDesign(clusters=["a", "b"]).clusters_for(pd.Series([9, 8])).tolist()
        ['a', 'b']
        """
        staged = isinstance(self.clusters, pd.DataFrame)
        first = self.clusters.iloc[:, 0] if staged else self.clusters
        return None if first is None else self._given(first, values)

    def _given(self, part: pd.Series, values: pd.Series) -> pd.Series:
        """A part in the rows of ``values``, some or all of the respondents."""
        self.column(values)  # refuses other respondents
        if self.labelled and not values.index.equals(part.index):
            return part.reindex(values.index)
        return pd.Series(part.to_numpy(), index=values.index)

    def resolve(self, values: ArrayLike, name: str = "values") -> tuple[pd.Series, ResolvedDesign]:
        """Answers in rows of the design, and the design for those rows.

        Those without an answer are left out, unless they still tell something of the
        variance: where weights were fitted to totals, or units were drawn in strata or
        stages. They then have a missing answer and the weight 0.

        Examples
        --------
        >>> answers, resolved = SurveyDesign(weights=[1, 1, 2]).resolve([8, None, 6])
        >>> answers.tolist(), resolved.weights.tolist()
        ([8.0, 6.0], [1.0, 2.0])
        """
        return self.resolved(self.answers(values, name))

    def answers(self, values: ArrayLike, name: str = "values") -> pd.Series:
        """Numbers in the order of the respondents, missing for those who are left out.

        >>> SurveyDesign(weights=[1, 0]).answers([" 8 ", 6]).tolist()
        [8.0, nan]
        """
        numbers = column(self.column(values, name), name)
        if self.inside is not None:
            numbers = numbers.where(self.inside.to_numpy())
        if self.weights is not None:
            numbers = numbers.where((self.weights > 0).to_numpy())
        return numbers

    def resolved(self, answers: pd.Series) -> tuple[pd.Series, ResolvedDesign]:
        """As `resolve`, for what `answers` gave."""
        if self.parts is None:
            piece = self.piece(answers)
            return piece.answers, piece.resolved()
        waves = np.repeat(list(self.parts), [len(part) for part in self.parts.values()])
        answered = set(waves[answers.notna().to_numpy()])
        pieces = [part.piece(answers[waves == wave])
                  for wave, part in self.parts.items() if wave in answered]  # fmt: skip
        if len(pieces) == 1:
            return pieces[0].answers, pieces[0].resolved()
        return stack(pieces)

    def piece(self, answers: pd.Series) -> Piece:
        """The columns of those who count towards the variance of these answers."""
        kept = self._kept(answers)
        return Piece(
            answers[kept],
            weights=_some(self._grossed(), kept),
            strata=_some(self.strata, kept),
            clusters=_some(self.clusters, kept),
            population=_some(self.population, kept),
            calibration=self.calibration,
        )

    def _kept(self, numbers: pd.Series) -> NDArray[np.bool_]:
        """Rows that count towards the variance."""
        if self.calibration is not None:
            return np.ones(len(numbers), dtype=bool)
        given = numbers.notna().to_numpy()
        if isinstance(self.clusters, pd.DataFrame) or self.strata is not None:
            given = np.ones(len(numbers), dtype=bool)
        if self.weights is not None:
            given = given & (self.weights > 0).to_numpy()
        return given

    def _grossed(self) -> pd.Series | None:
        """Weights on the scale of the population they were fitted to, where that is known."""
        if self.weights is None or self.people is None or not self.people >= len(self):
            return self.weights
        return self.weights * (self.people / len(self))

    def _rows(self, values: ArrayLike = ()) -> pd.Series:
        """A column of zeros over the respondents, or over ``values`` where there are no columns."""
        if self.index is not None:
            return pd.Series(0.0, index=self.index)
        index = values.index if isinstance(values, pd.Series) else None
        return pd.Series(0.0, index=index if index is not None else range(len(np.asarray(values))))

    def to_frame(self) -> pd.DataFrame:
        """The design as one table, a row for each respondent, to be stored.

        Examples
        --------
        >>> design = SurveyDesign(weights=[1.0, 2.0], strata=["x", "y"])
        >>> SurveyDesign.from_frame(design.to_frame()) == design
        True
        """
        return table_of(self)

    @classmethod
    def from_frame(cls, table: pd.DataFrame) -> SurveyDesign:
        """A design that was stored, as `to_frame` made it."""
        found = {wave: cls()._with(**parts) for wave, parts in parts_of(table).items()}
        return cls.over(found) if "wave" in table else found[""]


def _respondents(*parts: object) -> tuple[pd.Series | None, bool]:
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


def _columns(parts: Any, rows: pd.Series | None, name: str) -> Any:  # noqa: ANN401
    """A column, or a frame of columns, in the order of the respondents."""
    if parts is None or rows is None:
        return None
    if isinstance(parts, pd.DataFrame):
        return pd.DataFrame({key: aligned(parts[key], rows, name) for key in parts})
    return aligned(parts, rows, name)


def _sizes(population: Any, rows: pd.Series | None, strata: pd.Series | None) -> Any:  # noqa: ANN401
    """Sizes of the population: one number, or in the order of the respondents."""
    if population is None or np.isscalar(population) or rows is None:
        return population
    if isinstance(population, pd.DataFrame):
        return _columns(population, rows, "population")
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


def _in_order(
    fitted: Calibration | None, index: pd.Index, rows: pd.Series | None
) -> Calibration | None:
    """A calibration with its respondents in the order of ``rows``."""
    if fitted is None or rows is None or index.equals(rows.index) or not index.is_unique:
        return fitted
    return fitted.reordered(index.get_indexer(rows.index))


def _some(part: Any, kept: NDArray[np.bool_]) -> Any:  # noqa: ANN401
    """The rows of a column that are kept; a number as it is."""
    return part if part is None or np.isscalar(part) or isinstance(part, Mapping) else part[kept]


def _joined(parts: list[Any], index: pd.Index) -> pd.Series | None:
    """Columns of waves one after another, of frames the first; ``None`` unless all have one."""
    if any(part is None for part in parts):
        return None
    firsts = [part.iloc[:, 0] if isinstance(part, pd.DataFrame) else part for part in parts]
    return pd.Series(np.concatenate([one.to_numpy() for one in firsts]), index=index)

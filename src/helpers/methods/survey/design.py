"""How the respondents came to be in the sample: said once, and given to every estimate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.methods.survey.calibration import (
    Calibrated,
    Calibration,
    WeightsLike,
    refuse_unknown_size,
)
from helpers.methods.survey.columns import aligned, given_in, weight_column
from helpers.methods.survey.parts import (
    columns_of,
    in_line,
    joined,
    respondents_of,
    sizes_of,
    some,
)
from helpers.methods.survey.resolved import ResolvedDesign
from helpers.methods.survey.respondents import Respondents, in_order
from helpers.methods.survey.stacking import Piece, stack
from helpers.methods.survey.stages import Population
from helpers.methods.survey.storing import parts_of, table_of

__all__ = ["SurveyDesign"]


@dataclass(frozen=True, eq=False, init=False)
class SurveyDesign(Respondents):
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

    def __init__(
        self,
        weights: WeightsLike | None = None,
        strata: ArrayLike | None = None,
        clusters: ArrayLike | pd.DataFrame | None = None,
        population: Population | pd.DataFrame | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        plain = weights.values if isinstance(weights, Calibrated) else weights
        rows, labelled = respondents_of(plain, strata, clusters, population)
        fitted = calibration
        if isinstance(weights, Calibrated):
            fitted = in_order(weights.calibration, weights.values.index, rows)
        mass = weight_column(plain, rows) if rows is not None and plain is not None else None
        groups = columns_of(strata, rows, "strata")
        self._set(
            weights=mass,
            strata=groups,
            clusters=columns_of(clusters, rows, "clusters"),
            population=sizes_of(population, rows, groups),
            calibration=fitted,
            people=weights.population if isinstance(weights, Calibrated) else None,
            index=rows.index if rows is not None else None,
            labelled=labelled,
            inside=None,
            parts=None,
            linear=False,
        )

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
        within a wave, and in a change of two waves by what accounts in both tell.

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
        index = in_line([part._rows().index for part in parts.values()])
        columns = {name: joined([getattr(part, name) for part in parts.values()], index)
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

    def pair(self, before: str | None, now: str) -> tuple[SurveyDesign, SurveyDesign] | None:
        """The designs of two waves of a design over waves, weighted where both are.

        >>> waves = {w: SurveyDesign([1, 2]) for w in ("v", "w")}
        >>> SurveyDesign.over(waves).pair("v", "w")[1].weights.tolist()
        [1.0, 2.0]
        """
        if self.parts is None or before is None or not {before, now} <= set(self.parts):
            return None
        first, second = self.parts[before], self.parts[now]
        if {before, now} <= set(self.weighted_waves):
            return first, second
        return first.without("weights"), second.without("weights")

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

    @property
    def grosses_up(self) -> bool:
        """Whether weights or sizes say how large the population is; refuses fitted shares."""
        if self.people is not None and self.weights is not None:
            refuse_unknown_size(self.people, len(self))
        return self.weights is not None or self.population is not None

    def without(self, *parts: str) -> SurveyDesign:
        """The design without some of its parts: ``weights``, ``strata``, ``clusters``, …

        Without weights there is no calibration either, and no finite population by which
        respondents would count instead; none without the strata or clusters it is the number of.

        >>> SurveyDesign([1, 2], strata=["x", "y"]).without("strata").strata is None
        True
        """
        gone = dict.fromkeys(parts)
        if "weights" in parts:
            gone |= {"calibration": None}
        counted = ("weights", "strata", "clusters")
        if any(getattr(self, name) is not None for name in counted if name in parts):
            gone |= {"population": None}
        if "calibration" in gone:
            gone |= {"people": None}
        if self.parts is not None:
            gone["parts"] = {wave: part.without(*parts) for wave, part in self.parts.items()}
        return self._with(**gone)

    def linearised(self) -> SurveyDesign:
        """The design with Taylor's linearised errors however few clusters there are.

        What R's ``svydesign`` gives; without it, few accounts are each left out in turn.

        >>> SurveyDesign([1, 2]).linearised().linear
        True
        """
        parts = self.parts and {wave: part.linearised() for wave, part in self.parts.items()}
        return self._with(linear=True, parts=parts)

    def clustered_by(self, clusters: ArrayLike | pd.DataFrame) -> SurveyDesign:
        """The design with other clusters.

        >>> SurveyDesign([1, 2]).clustered_by(["a", "a"]).clusters.tolist()
        ['a', 'a']
        """
        if self.parts is not None:
            raise ValueError("clusters of a design over waves are given where it is made")
        rows = self._rows(clusters)
        labelled = self.labelled or isinstance(clusters, pd.Series | pd.DataFrame)
        named = columns_of(clusters, rows, "clusters")
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
        return self._with(population=sizes_of(population, rows, self.strata))

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

    def resolved(self, answers: pd.Series) -> tuple[pd.Series, ResolvedDesign]:
        """As `resolve`, for what `answers` gave."""
        if self.parts is None:
            piece = self.piece(answers)
            return piece.answers, piece.resolved()
        ends = np.cumsum([len(part) for part in self.parts.values()])
        waves = [answers.iloc[end - len(part) : end]
                 for part, end in zip(self.parts.values(), ends, strict=True)]  # fmt: skip
        pieces = [part.piece(wave)
                  for part, wave in zip(self.parts.values(), waves, strict=True)
                  if given_in(wave).any()]  # fmt: skip
        if len(pieces) == 1:
            return pieces[0].answers, pieces[0].resolved()
        return stack(pieces)

    def piece(self, answers: pd.Series) -> Piece:
        """The columns of those who count towards the variance of these answers."""
        kept = self._kept(answers)
        return Piece(
            some(answers, kept),
            weights=some(self._grossed(), kept),
            strata=some(self.strata, kept),
            clusters=some(self.clusters, kept),
            population=some(self.population, kept),
            calibration=self.calibration,
            linear=self.linear,
        )

    def _kept(self, numbers: pd.Series) -> NDArray[np.bool_]:
        """Rows that count towards the variance."""
        if self.calibration is not None:
            return np.ones(len(numbers), dtype=bool)
        staged = isinstance(self.clusters, pd.DataFrame) or self.strata is not None
        given = np.ones(len(numbers), dtype=bool) if staged else given_in(numbers)
        if self.weights is not None:
            given = given & (self.weights.to_numpy() > 0)
        return given

    def _grossed(self) -> pd.Series | None:
        """Weights on the scale of the population they were fitted to, where that is known."""
        if self.weights is None or self.people is None or not self.people >= len(self):
            return self.weights
        return self.weights * (self.people / len(self))

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

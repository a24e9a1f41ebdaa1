"""The respondents of a design: its columns, and how others are matched to them."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.methods.survey.calibration import Calibration
from helpers.methods.survey.columns import aligned, column

__all__ = ["Respondents", "in_order"]

Columns = pd.Series | pd.DataFrame


@dataclass(frozen=True, eq=False, init=False)
class Respondents:
    """Columns over the respondents; answers are matched by label, or else by position."""

    weights: pd.Series | None
    strata: pd.Series | None
    clusters: Columns | None
    population: float | Columns | None
    calibration: Calibration | None
    people: float | None  # that fitted weights stand for: missing where only shares were known
    index: pd.Index | None  # of the respondents; None where there are no columns
    labelled: bool
    inside: pd.Series | None  # of a domain: who is in it
    parts: Mapping[str, Any] | None  # of a design over waves: each wave's own
    linear: bool  # errors are linearised however few clusters there are

    def _set(self, **values: Any) -> None:  # noqa: ANN401
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def _with(self, **values: Any) -> Self:  # noqa: ANN401
        """The same with other fields."""
        made = copy(self)
        made._set(**values)
        return made

    def __len__(self) -> int:
        return 0 if self.index is None else len(self.index)

    def __bool__(self) -> bool:
        return True

    def of(self, index: pd.Index) -> Self:
        """The same respondents in the order of ``index``, so that arrays in its order match.

        A design without columns is then that of these respondents, all alike.

        Raises
        ------
        ValueError
            If these are not the design's respondents; for some of them use `where`.

        Examples
        --------
        >>> from helpers.methods.survey import SurveyDesign
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
        fitted = in_order(self.calibration, self.index, pd.Series(0.0, index=index))
        return self._with(**kept, calibration=fitted, index=index)

    def _by_row(self) -> dict[str, Any]:
        """The parts that have a row for each respondent."""
        names = ("weights", "strata", "clusters", "population", "inside")
        parts = {name: getattr(self, name) for name in names}
        return {n: part for n, part in parts.items() if isinstance(part, pd.Series | pd.DataFrame)}

    def in_rows(self) -> Self:
        """The same design with respondents numbered from 0, for columns given by position."""
        if self.index is None:
            return self
        return self.numbered(pd.RangeIndex(len(self.index)))

    def numbered(self, index: pd.Index) -> Self:
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

    def labelled_by(self, rows: pd.Series) -> Self:
        """The design with the labels of ``rows`` for respondents who have none of their own.

        >>> from helpers.methods.survey import SurveyDesign
        >>> SurveyDesign([1, 2]).labelled_by(pd.Series([9, 8], index=["r1", "r2"])).index.tolist()
        ['r1', 'r2']
        """
        if self.index is None:
            return self.of(rows.index)
        self.column(rows)  # refuses other respondents
        return self if self.labelled else self.numbered(rows.index)

    def weights_of(self) -> NDArray[np.float64]:
        """The weight of each respondent: 1 where there are none."""
        return np.ones(len(self)) if self.weights is None else self.weights.to_numpy()

    @property
    def drawn_singly(self) -> bool:
        """Whether nothing but weights sets it apart from a simple random sample."""
        parts = (self.strata, self.clusters, self.population, self.calibration, self.parts)
        return all(part is None for part in parts)

    def weights_for(self, values: pd.Series) -> pd.Series:
        """The weight of each row of ``values``: 1 where there are none, 0 for who is left out.

        Examples
        --------
        >>> from helpers.methods.survey import SurveyDesign
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

        >>> from helpers.methods.survey import SurveyDesign
        >>> SurveyDesign(clusters=["a", "b"]).clusters_for(pd.Series([9, 8])).tolist()
        ['a', 'b']
        """
        staged = self.clusters
        first = staged.iloc[:, 0] if isinstance(staged, pd.DataFrame) else staged
        return None if first is None else self._given(first, values)

    def strata_for(self, values: pd.Series) -> pd.Series | None:
        """The stratum of each row of ``values``; ``None`` where there are none.

        >>> from helpers.methods.survey import SurveyDesign
        >>> SurveyDesign(strata=["a", "b"]).strata_for(pd.Series([9, 8])).tolist()
        ['a', 'b']
        """
        return None if self.strata is None else self._given(self.strata, values)

    def _given(self, part: pd.Series, values: pd.Series) -> pd.Series:
        """A part in the rows of ``values``, some or all of the respondents."""
        self.column(values)  # refuses other respondents
        if self.labelled and not values.index.equals(part.index):
            return part.reindex(values.index)
        return pd.Series(part.to_numpy(), index=values.index)

    def column(self, values: ArrayLike, name: str = "values") -> pd.Series:
        """A column in the order of the respondents, missing for those of whom it has nothing.

        Raises
        ------
        ValueError
            If it speaks of respondents who are not in the design.

        Examples
        --------
        >>> from helpers.methods.survey import SurveyDesign
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

    def answers(self, values: ArrayLike, name: str = "values") -> pd.Series:
        """Numbers in the order of the respondents, missing for those who are left out.

        >>> from helpers.methods.survey import SurveyDesign
        >>> SurveyDesign(weights=[1, 0]).answers([" 8 ", 6]).tolist()
        [8.0, nan]
        """
        numbers = column(self.column(values, name), name)
        if self.inside is not None:
            numbers = numbers.where(self.inside.to_numpy())
        if self.weights is None or (counts := self.weights.to_numpy() > 0).all():
            return numbers
        return numbers.where(counts)

    def _rows(self, values: ArrayLike = ()) -> pd.Series:
        """A column of zeros over the respondents, or over ``values`` where there are no columns."""
        if self.index is not None:
            return pd.Series(0.0, index=self.index)
        index = values.index if isinstance(values, pd.Series) else None
        return pd.Series(0.0, index=index if index is not None else range(len(np.asarray(values))))


def in_order(
    fitted: Calibration | None, index: pd.Index, rows: pd.Series | None
) -> Calibration | None:
    """A calibration with its respondents in the order of ``rows``."""
    if fitted is None or rows is None or index.equals(rows.index) or not index.is_unique:
        return fitted
    return fitted.reordered(index.get_indexer(rows.index))

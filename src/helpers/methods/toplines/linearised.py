"""All rows of a table in all of its columns at once: what each account adds to each cell.

A cell is a mean over the people of a column, so it is a sum of influences (Lumley, Complex
Surveys, 2010, chapter 2). For all cells of a question they are one array, which is calibrated
and added up by account in a few products. Squares and products of what accounts add are then
the variances and covariances, those between columns that hold the same accounts too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.calibration import Calibration, Cells, Floats
from helpers.methods.survey.jackknife import ALL_BUT, alike
from helpers.methods.survey.resolved import ResolvedDesign
from helpers.methods.survey.stages import Stage

__all__ = ["Means", "Sample", "kish"]

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Means:
    """Means of statistics in columns: ``(columns, statistics)`` each.

    ``linear`` and ``left_out`` are what each account adds, ``(accounts, columns, statistics)``,
    squares of which add up to the variance: linearised, and as each account is left out in turn.
    """

    value: Floats
    mass: Floats  # of each person in each column: (people, columns)
    linear: Floats
    leave_out: Callable[[], Floats] = field(repr=False)  # only where few accounts ask for it

    @cached_property
    def left_out(self) -> Floats:
        """What each account adds as it is left out."""
        return self.leave_out()

    def variance(self, few: Flags) -> Floats:
        """Of each cell, with accounts left out in turn in the columns that are ``few``."""
        found = np.asarray((self.linear**2).sum(axis=0))
        if few.any():
            found[few] = (self.left_out[:, few] ** 2).sum(axis=0)
        return found

    def part(self, columns: slice) -> Means:
        """Those of some columns."""
        return Means(
            self.value[columns], self.mass[:, columns], self.linear[:, columns],
            lambda: self.left_out[:, columns],
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Sample:
    """A design brought to all of its respondents, once for all questions."""

    resolved: ResolvedDesign
    all_count: bool  # whether those without an answer tell of the variance too

    @classmethod
    def of(cls, design: SurveyDesign, index: pd.Index) -> Sample:
        """The respondents of ``index``, in its order.

        >>> sample = Sample.of(SurveyDesign([1, 2, 1]), pd.RangeIndex(3))
        >>> sample.resolved.weights.tolist(), sample.all_count
        ([1.0, 2.0, 1.0], False)
        """
        whole = design.of(index)
        everyone = whole.answers(pd.Series(1.0, index=index)).fillna(1.0)
        parts = [whole] if whole.parts is None else list(whole.parts.values())
        counts = any(
            part.calibration is not None or part.strata is not None
            or isinstance(part.clusters, pd.DataFrame)
            for part in parts
        )  # fmt: skip
        answers, resolved = whole.resolved(everyone)
        if len(answers) != len(index):
            raise ValueError(
                "some respondents have no weight; leave them out of design and answers"
            )
        return cls(resolved, counts)

    @property
    def weights(self) -> Floats:
        """Of each respondent."""
        return self.resolved.whole

    @cached_property
    def degrees_of_freedom(self) -> float:
        """Accounts less strata."""
        return float(self.resolved.degrees_of_freedom)

    def effective(self, *masses: Floats) -> float:
        """`ResolvedDesign.effective`, whose accounts are counted once for all."""
        found = round(alike(self.resolved.stages[0], masses), 9)
        return min(max(1.0, found), max(1.0, self.degrees_of_freedom))

    def accounts(self, inside: Flags) -> NDArray[np.intp]:
        """Accounts (or people where nothing is clustered) in each column."""
        there = self._units[0] @ (inside * (self.weights > 0)[:, None]).astype(float) > 0
        return np.asarray(there.sum(axis=0))

    @cached_property
    def _units(self) -> list[csr_array]:
        """For each stage, which unit each respondent is in."""
        return [_members(stage.unit, len(stage.group_of_unit)) for stage in self.resolved.stages]

    def means(self, statistics: Floats, inside: Flags) -> Means:
        """Every statistic in every column.

        Parameters
        ----------
        statistics
            ``(people, statistics)``: what each person adds.
        inside
            ``(people, columns)``: who is in a column and answered.

        Examples
        --------
        >>> sample = Sample.of(SurveyDesign(), pd.RangeIndex(4))
        >>> found = sample.means(np.array([[1.0], [0], [1], [1]]), np.ones((4, 1), bool))
        >>> found.value.tolist(), found.variance(np.array([False])).round(4).tolist()
        ([[0.75]], [[0.0625]])
        """
        mass = self.weights[:, None] * inside
        size = mass.sum(axis=0)
        share = mass / np.where(size > 0, size, 1.0)
        value = _within(share.T @ statistics, statistics, inside)
        influence = share[:, :, None] * (statistics[:, None, :] - value[None])
        flat = self._counted(influence.reshape(len(mass), -1))
        shape = (-1, *value.shape)
        linear = np.concatenate([part.reshape(shape) for part in self._linear(flat, inside)])
        return Means(
            value, mass, linear, lambda: self._left_out(flat, share, inside).reshape(shape)
        )

    def _counted(self, influences: Floats) -> Floats:
        """Influences less what fitted totals explain of them."""
        fitted = self.resolved.calibration
        if fitted is None:
            return influences
        whole = self.weights[:, None]
        each = np.divide(influences, whole, out=np.zeros_like(influences), where=whole > 0)
        found = np.concatenate([
            each[rows] if part is None else _left_over(part, each[rows])
            for rows, part in fitted.pieces
        ])  # fmt: skip
        return np.asarray(whole * found)

    def _linear(self, flat: Floats, inside: Flags) -> list[Floats]:
        """What the units of each stage add, so scaled that squares add up to the variance."""
        carried, parts = np.ones(len(self.resolved.sampled)), []
        for stage, members in zip(self.resolved.stages, self._units, strict=True):
            totals = members @ flat
            scale = np.sqrt(carried[stage.group_of_unit] * stage.left)[:, None]
            scale = scale * np.sqrt(self._correction(stage, inside, flat.shape[1]))
            parts.append(_centred(totals, stage) * scale)
            carried = (carried * stage.sampled)[stage.group_of_unit]
        return parts

    def _correction(self, stage: Stage, inside: Flags, width: int) -> Floats:
        """Units over units less one, of each unit's group or, where that counts, of the column."""
        if self.all_count:
            size = np.bincount(stage.group_of_unit)
            factor = np.divide(size, size - 1, out=np.zeros(len(size)), where=size > 1)
            return np.asarray(factor[stage.group_of_unit][:, None])
        there = (self._units[0] @ inside.astype(float) > 0).sum(axis=0)
        factor = np.divide(there, there - 1, out=np.zeros(len(there)), where=there > 1)
        return np.repeat(factor, width // inside.shape[1])[None, :]

    def _left_out(self, flat: Floats, share: Floats, inside: Flags) -> Floats:
        """The same where each unit is left out in turn, the others of its stratum for it.

        Weights are not fitted again: what their totals explain has been taken out already.
        """
        stage, repeat = self.resolved.stages[0], flat.shape[1] // inside.shape[1]
        lift = self._correction(stage, inside, flat.shape[1])
        held = np.repeat(_centred(self._units[0] @ share, stage), repeat, axis=1)
        if not self.all_count:
            held = np.repeat(self._units[0] @ share, repeat, axis=1) - (1 - 1 / np.maximum(lift, 1))
        left = 1 - lift * held
        totals = lift * _centred(self._units[0] @ flat, stage)
        moved = np.divide(totals, left, out=np.zeros_like(totals), where=left > ALL_BUT)
        spread = np.divide(1, lift, out=np.zeros_like(lift), where=lift > 0)
        moved = _centred(moved, stage) if self.all_count else self._centred_inside(moved, inside)
        return np.asarray(moved * np.sqrt(spread * stage.left[:, None]))

    def _centred_inside(self, moved: Floats, inside: Flags) -> Floats:
        """Moves less their mean over the units that the column holds."""
        there = self._units[0] @ inside.astype(float) > 0
        there = np.repeat(there, moved.shape[1] // inside.shape[1], axis=1)
        means = (moved * there).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
        return np.where(there, moved - means, 0.0)


def _within(means: Floats, statistics: Floats, inside: Flags) -> Floats:
    """Means between the lowest and the highest of what they are of, however sums round."""
    kept = means.copy()
    for column, rows in enumerate(inside.T):
        if rows.any():
            found = statistics[rows]
            kept[column] = np.clip(means[column], found.min(axis=0), found.max(axis=0))
    return kept


def _members(unit: NDArray[np.intp], count: int) -> csr_array:
    """A row a unit, with a one for each of its respondents."""
    people = np.arange(len(unit))
    return csr_array((np.ones(len(unit)), (unit, people)), shape=(count, len(unit)))


def _centred(totals: Floats, stage: Stage) -> Floats:
    """Totals of units less the mean of their group."""
    groups = _members(stage.group_of_unit, len(stage.sampled))
    means = (groups @ totals) / np.bincount(stage.group_of_unit)[:, None]
    return np.asarray(totals - means[stage.group_of_unit])


def _left_over(fitted: Calibration, values: Floats) -> Floats:
    """`Calibration.left_over` of many columns at once."""
    cells: Cells = fitted.cells
    count, base = len(cells.mass), fitted.base
    members = _members(cells.row, count)
    weight = members @ base
    sums = members @ (base[:, None] * values)
    if cells.columns is None:
        means = np.divide(sums, weight[:, None], out=np.zeros_like(sums), where=weight[:, None] > 0)
        return np.asarray(values - means[cells.row])
    root = np.sqrt(weight)[:, None]
    seen = np.divide(sums, root, out=np.zeros_like(sums), where=root > 0)
    slopes = np.linalg.lstsq(cells.columns * root, seen, rcond=1e-10)[0]
    return np.asarray(values - (cells.columns @ slopes)[cells.row])


def kish(mass: Floats) -> Floats:
    """Kish's effective base of each column of weights.

    >>> kish(np.array([[1.0, 2.0], [1.0, 0.0]])).tolist()
    [2.0, 1.0]
    """
    squares = (mass**2).sum(axis=0)
    return np.asarray(
        np.divide(mass.sum(axis=0) ** 2, squares, out=np.zeros(len(squares)), where=squares > 0)
    )

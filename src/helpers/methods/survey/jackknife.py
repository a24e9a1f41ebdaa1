"""Errors where few accounts carry an estimate: each account left out, and the rest weighted anew.

The linearised variance takes the residuals of an account as they are. An account that holds
much of the weight draws the mean to itself and makes its own residual small, so with few or
unequal accounts the variance is too small, and it varies so much by itself that an interval
with accounts less strata degrees of freedom is too short. Here every account is left out in
turn (JK1 and JKn: Wolter 2007, 4.5; Lumley 2010, 2.3), weights are fitted to their totals
again without it, degrees of freedom are Satterthwaite's for accounts as unequal as these
(Bell and McCaffrey 2002, Survey Methodology 28), and the interval leans to the side to
which what the accounts add is skewed (Johnson 1978, JASA 73).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from helpers.methods.survey.calibration import Calibration, Floats

if TYPE_CHECKING:
    from helpers.methods.survey.stages import Stage

__all__ = ["FEW", "Leaving", "Side", "Spread", "alike", "evenness", "leaning", "satterthwaite"]

FEW = 50.0  # effective accounts: from here on linearised variances serve
ALL_BUT = 1e-9  # of the weight: less than this is nothing left
ROUNDED = 1e-12  # of a square: what is smaller is the rounding of nothing
EVEN = 1.5  # an account with a third of the squared weight still tells of skewness
MOST_LEANING = 0.35  # one side of an interval is then twice as long as the other


@dataclass(frozen=True, eq=False)
class Side:
    """A mean or a ratio within an estimate: what each respondent adds to it.

    ``influence`` adds up to how the estimate moves, ``mass`` to what it is divided by (the
    weights, for a mean). Without ``mass`` it is a total, divided by nothing.
    """

    influence: Floats
    mass: Floats | None


@dataclass(frozen=True, slots=True)
class Spread:
    """Variance of an estimate, and the shape of the interval that goes with it."""

    variance: float
    freedom: float
    lean: float = 0.0


def alike(stage: Stage, masses: Sequence[Floats]) -> float:
    """Degrees of freedom of a jackknife variance: Satterthwaite's, respondents equally uncertain.

    ``masses`` are the weights of each side of the estimate. Of equal accounts that is their
    number less strata.

    Examples
    --------
    >>> from helpers.methods.survey.stages import Stage
    >>> one = np.zeros(310, dtype=np.intp)
    >>> singly = Stage(np.arange(310), one, np.zeros(1))
    >>> group = np.arange(310) < 12
    >>> round(alike(singly, [group.astype(float), (~group).astype(float)]), 1)
    11.8
    """
    unit, units, parts = stage.unit, len(stage.group_of_unit), []
    for mass in masses:
        share = mass / mass.sum()
        held: Floats = np.bincount(unit, share, units).astype(float)
        parts.append((held, np.bincount(unit, share**2, units).astype(float)))
    return satterthwaite(parts, stage.group_of_unit)


def satterthwaite(
    parts: Sequence[tuple[Floats, Floats]], strata: NDArray[np.intp] | None = None
) -> float:
    """As `alike`, from the share of each side that an account holds and its sum of squares.

    How far the estimate moves without account g is a combination of all errors; with ``M``
    their covariances over accounts, centred within strata, the variance has (tr M)² / tr M²
    degrees. ``M`` is a diagonal and, for each side, a matrix of rank two, so no square of
    accounts is made. Accounts that hold nothing of any side add nothing, and are left out.

    >>> round(satterthwaite([(np.full(12, 1 / 12), np.full(12, 1 / 144))]), 6)
    11.0
    """
    there = np.flatnonzero(np.sum([own for _, own in parts], axis=0))
    diagonal, sides, inner = np.zeros(len(there)), [], np.zeros((2 * len(parts), 2 * len(parts)))
    for place, part in enumerate(parts):
        held, own = (values[there] for values in part)
        lift = 1 / np.maximum(1 - held, ALL_BUT)
        diagonal += lift**2 * own
        sides += [lift * held, lift * own]
        here = slice(2 * place, 2 * place + 2)
        inner[here, here] = [[own.sum(), -1.0], [-1.0, 0.0]]
    low = np.column_stack(sides)
    bent, among = low @ inner, inner @ (low.T @ low)
    trace = diagonal.sum() + np.trace(among)
    squares = (
        (diagonal**2).sum() + 2 * diagonal @ (bent * low).sum(axis=1) + np.sum(among * among.T)
    )
    stratum = np.zeros(len(parts[0][0]), dtype=np.intp) if strata is None else strata
    sizes = np.bincount(stratum)
    centres = np.eye(len(sizes))[stratum[there]] / np.sqrt(sizes)
    along = diagonal[:, None] * centres + bent @ (low.T @ centres)
    between = centres.T @ along
    trace -= np.trace(between)
    squares += (between**2).sum() - 2 * (along**2).sum()
    return float(trace**2 / squares) if squares > trace**2 * ROUNDED else 0.0


def leaning(off: Floats, freedom: float) -> float:
    """By how much an interval has to reach farther above than below, as a logarithm.

    ``off`` is what each account adds to the estimate. A sum of few skewed parts is skewed,
    and what is divided by its own error the other way round: an interval of the second order
    lies shifted by (1 + 2 t²) / 6 of the skewness (Johnson 1978, JASA 73). It is done here by
    stretching one side and shortening the other, so that a test and its interval agree and
    neither side vanishes, and as far as the skewness is more than that of its largest parts.

    >>> round(leaning(np.array([1.0, -1.0, 1.0, -1.0]), 3), 3)
    0.0
    >>> round(leaning(np.r_[np.ones(10), -np.ones(2) * 5], 11), 3)
    -0.337
    """
    third, size = float((off**3).sum()), float(off @ off)
    if size == 0 or third == 0:
        return 0.0
    reliable = third**2 / (third**2 + float((off**6).sum()))
    t = float(stdtrit(freedom, 0.975))
    found = third / size**1.5 * (1 + 2 * t**2) / (6 * t) * reliable**0.5
    return float(np.clip(found, -MOST_LEANING, MOST_LEANING))


def evenness(held: Sequence[Floats]) -> float:
    """How far skewness can be told, from what each account holds of each side, 0 to 1.

    Where an account gives 16 of 100 answers, its own error would bend the interval to the
    wrong side: it then covers 91 %.

    >>> evenness([np.ones(25)]), round(evenness([np.r_[16.0, np.ones(84)]]), 2)
    (1.0, 0.37)
    """
    largest = max(float((one**2).max() / (one**2).sum()) for one in held)
    return min(1.0, EVEN * (1 - largest))


@dataclass(frozen=True, eq=False)
class Leaving:
    """Leaves each account of a sample out in turn."""

    stage: Stage
    whole: Floats  # weights of all respondents
    calibration: Calibration | None

    def spread(self, sides: Sequence[Side], freedom: float, *, textbook: bool = False) -> Spread:
        """Variance and lean of an estimate that is the sum of its sides.

        ``textbook`` leaves the interval of a simple random sample as every textbook has it.
        """
        moved = sum((self.moves(side.influence, side.mass) for side in sides), np.zeros(self.units))
        off = self.scaled(moved)
        if textbook:
            return Spread(float(off @ off), freedom)
        held = [
            np.bincount(self.stage.unit, self.whole if side.mass is None else side.mass).astype(
                float
            )
            for side in sides
        ]
        return Spread(float(off @ off), freedom, evenness(held) * leaning(-off, freedom))

    @property
    def units(self) -> int:
        """Accounts."""
        return len(self.stage.group_of_unit)

    def scaled(self, moved: Floats) -> Floats:
        """Moves less those of their stratum, so scaled that squares add up to the variance."""
        group, size = self.stage.group_of_unit, np.bincount(self.stage.group_of_unit)
        means = np.bincount(group, moved) / size
        scale = self.stage.left * ((size - 1) / size)[group]
        return np.asarray((moved - means[group]) * np.sqrt(scale))

    def moves(self, influence: Floats, mass: Floats | None) -> Floats:
        """How far a mean, ratio or total moves when each account is left out."""
        whole = float(influence.sum())
        totals = self._without(influence)
        if mass is None:
            return np.asarray(totals - whole)
        left = self._without(mass) / mass.sum()
        alone = left <= ALL_BUT  # nobody else: it cannot be said how far
        return np.where(alone, 0.0, totals / np.where(alone, 1.0, left) - whole)

    def _without(self, values: Floats) -> Floats:
        """A total without each account in turn, the others of its stratum standing in for it."""
        found = np.zeros(self.units)
        for (rows, fitted), factors in zip(self._parts, self._fitted, strict=True):
            found += (factors * self._within(values[rows], rows, fitted)).sum(axis=0)
        return found

    @cached_property
    def _fitted(self) -> list[Floats]:
        """Factors of the weights of each part: they are the same for all that is estimated."""
        return [self._factors(rows, fitted) for rows, fitted in self._parts]

    @property
    def _parts(self) -> Sequence[tuple[slice, Calibration | None]]:
        """Respondents whose weights were fitted together, and to what."""
        if self.calibration is None:
            return [(slice(None), None)]
        return self.calibration.pieces

    def _within(self, values: Floats, rows: slice, fitted: Calibration | None) -> Floats:
        """Cell totals without each account, ``(cells, accounts)``."""
        count = 1 if fitted is None else len(fitted.cells.mass)
        cell = 0 if fitted is None else fitted.cells.row
        place = cell * self.units + self.stage.unit[rows]
        own = np.bincount(place, values, minlength=count * self.units).reshape(count, self.units)
        group = self.stage.group_of_unit
        size = np.bincount(group)
        strata = own @ np.eye(len(size))[group]
        factor = np.divide(size, size - 1, out=np.ones(len(size)), where=size > 1)[group]
        others = strata.sum(axis=1)[:, None] - strata[:, group]
        return np.asarray(others + factor * (strata[:, group] - own))

    def _factors(self, rows: slice, fitted: Calibration | None) -> Floats:
        """By which the weights of each cell change as they are fitted again without an account."""
        if fitted is None:
            return np.ones((1, self.units))
        weights = self.whole[rows]
        count = len(fitted.cells.mass)
        now = np.bincount(fitted.cells.row, weights, minlength=count).astype(float)
        return fitted.cells.refitted(self._within(weights, rows, fitted), now)

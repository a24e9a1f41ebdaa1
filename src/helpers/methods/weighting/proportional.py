"""Iterative proportional fitting over the distinct cells of a sample, for one or many samples.

Deming and Stephan (1940), Annals of Mathematical Statistics 11. Within limits, each round
ends with Dykstra's correction (1985, Annals of Probability 13) in the multiplicative form
of Bauschke and Lewis (2000), Optimization 48: the limit of the alternating projections
is the one nearest to the start, which is what truncated raking asks for.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from helpers.methods.survey.calibration import Calibration, Floats

__all__ = ["Limits", "Raked", "Target", "fitted"]

TOLERANCE = 1e-11  # of a category's share: far below what any margin is known to
REPLICATE_TOLERANCE = 1e-8  # the same where a spread is all that is asked
ROUNDS = 5_000
REPLICATE_ROUNDS = 500
BATCH = 256  # replicates that are fitted together, so that they stay near the processor


@dataclass(frozen=True)
class Limits:
    """Smallest and largest factor of each cell."""

    lowest: Floats
    highest: Floats

    @property
    def any(self) -> bool:
        """Whether they can bind."""
        return bool(self.lowest.any() or np.isfinite(self.highest).any())


@dataclass(frozen=True)
class Target:
    """One margin: the category of each cell, and each category's share."""

    codes: NDArray[np.intp]
    shares: Floats

    @property
    def sums(self) -> csr_array:
        """Matrix that adds cells up to categories."""
        cells = np.arange(len(self.codes))
        return csr_array(
            (np.ones(len(cells)), (self.codes, cells)), shape=(len(self.shares), len(cells))
        )


@dataclass(frozen=True, eq=False)
class Raked(Calibration):
    """A calibration by raking: its margins and limits, and the factors that were found."""

    targets: tuple[Target, ...] = ()
    limits: Limits = field(default_factory=lambda: Limits(np.zeros(0), np.zeros(0)), repr=False)
    start: Floats = field(default_factory=lambda: np.ones(0), repr=False)

    def factors(self, mass: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """Rake other base weights to the same margins, from the factors found before."""
        found = np.empty_like(mass)
        converged = np.zeros(mass.shape[1], dtype=bool)
        for begin in range(0, mass.shape[1], BATCH):
            part = slice(begin, begin + BATCH)
            start = None if self.limits.any else self.start
            found[:, part], _, converged[part] = fitted(
                self.targets, mass[:, part] / mass[:, part].sum(axis=0), self.limits,
                start=start, tolerance=REPLICATE_TOLERANCE, most=REPLICATE_ROUNDS,
            )  # fmt: skip
        return found, converged


def fitted(
    targets: tuple[Target, ...],
    mass: Floats,
    limits: Limits,
    *,
    start: Floats | None = None,
    tolerance: float = TOLERANCE,
    most: int = ROUNDS,
) -> tuple[Floats, int, NDArray[np.bool_]]:
    """Factor of each cell that makes its margins agree, for each column of ``mass``.

    Parameters
    ----------
    targets
        The margins.
    mass
        Base weight of each cell as a share, a column for each sample.
    limits
        Of the factors.
    start
        Factors to begin at: those of a sample raked to the same margins.
    tolerance
        Largest relative distance from a category's share at which it ends.
    most
        Rounds after which what has not settled is given up.

    Returns
    -------
    tuple
        Factors, rounds, and whether each column settled.
    """
    state = _State.of(mass, start)
    sums = [target.sums for target in targets]
    rounds = 0
    while rounds < most and state.columns.size:
        rounds += 1
        gap = np.zeros(state.factor.shape[1])
        for target, adds in zip(targets, sums, strict=True):
            now = adds @ (state.mass * state.factor)
            there = now > 0  # a category may vanish: its cells are wanted empty elsewhere
            step = np.divide(target.shares[:, None], now, out=np.ones_like(now), where=there)
            gap = np.maximum(gap, np.where(there, np.abs(step - 1), np.inf).max(axis=0))
            state.factor *= step[target.codes]
        if limits.any:
            state.limit(limits)
        state.leave(gap < tolerance, gap == np.inf)
    state.found[:, state.columns] = state.factor
    return state.found, rounds, state.converged


@dataclass
class _State:
    """Columns still being fitted, and what was found for the others."""

    mass: Floats
    factor: Floats
    carried: Floats
    columns: NDArray[np.intp]  # of ``found``
    found: Floats
    converged: NDArray[np.bool_]

    @classmethod
    def of(cls, mass: Floats, start: Floats | None) -> _State:
        factor = (
            np.ones_like(mass) if start is None else np.repeat(start[:, None], mass.shape[1], 1)
        )
        every = np.arange(mass.shape[1])
        found = np.ones_like(mass)
        return cls(mass, factor, np.ones_like(mass), every, found, np.zeros(len(every), dtype=bool))

    def limit(self, limits: Limits) -> None:
        free = np.maximum(self.factor * self.carried, 1e-300)  # it may fade, never to 0
        self.factor = np.clip(free, limits.lowest[:, None], limits.highest[:, None])
        self.carried = free / self.factor

    def leave(self, settled: NDArray[np.bool_], lost: NDArray[np.bool_]) -> None:
        """Put away the columns that have settled, and those that never will."""
        carried = self.carried
        lost = lost | (carried.min(axis=0) < 1e-100) | (carried.max(axis=0) > 1e100)
        done = settled | lost
        if not done.any():
            return
        self.found[:, self.columns[done]] = self.factor[:, done]
        self.converged[self.columns[done]] = settled[done]
        kept = ~done
        self.columns = self.columns[kept]
        self.mass, self.factor = self.mass[:, kept], self.factor[:, kept]
        self.carried = self.carried[:, kept]

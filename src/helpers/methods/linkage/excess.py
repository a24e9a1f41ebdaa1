"""What low loyalty costs: losses as expected from true scores, against a better score.

The measured score holds noise, which flattens its link and widens its spread. Both are
taken out here: the link is fitted on the best guess of each true score, and each account's
true score lies somewhere about its own guess (Carroll, Ruppert, Stefanski and Crainiceanu,
Measurement Error in Nonlinear Models, 2006, chapter 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm

from helpers.methods.linkage.logit import GUARD, SETTLED, STEEPEST, damped
from helpers.methods.linkage.noise import LEAST, flattening, parted

__all__ = ["Calibration", "TrueScores", "WithoutNoise"]

POINTS = norm.ppf((np.arange(41) + 0.5) / 41)  # of a true score about its guess, alike likely
ROUNDS = 25
CELLS = 400_000  # replicates x rows x columns worked on at once


@dataclass(frozen=True)
class TrueScores:
    """Normal distributions of true scores, a row a replicate and a column an account."""

    guess: np.ndarray
    doubt: np.ndarray  # variance

    @property
    def points(self) -> np.ndarray:
        """Values alike likely for each account: replicate, account, value."""
        return np.asarray(self.guess[..., None] + np.sqrt(self.doubt)[..., None] * POINTS)

    def drawn(self, rng: np.random.Generator) -> np.ndarray:
        """One possible true score an account and replicate."""
        return self.guess + np.sqrt(self.doubt) * rng.standard_normal(self.guess.shape)


@dataclass(frozen=True)
class WithoutNoise:
    """The link of true scores and an outcome, for many weightings of the past rows.

    ``matrix`` has the intercept first and the measured score second, as the link's design
    makes it; ``reliability`` is the share of each score's variance that is true.
    """

    matrix: np.ndarray
    outcome: np.ndarray
    reliability: np.ndarray
    start: np.ndarray  # coefficients to begin from
    logit: bool

    def fitted(self, weights: np.ndarray, shift: np.ndarray) -> tuple[np.ndarray, Calibration]:
        """Coefficients of the true score and the other columns, and how scores are calibrated.

        ``weights`` is replicates x rows; ``shift`` moves the log odds of all reliabilities
        of a replicate, as far as the likeness of colleagues is not known.
        """
        size = max(1, CELLS // self.matrix.size)
        coefficients = np.empty((len(weights), self.matrix.shape[1]))
        parts = []
        for first in range(0, len(weights), size):
            some = slice(first, first + size)
            calibration = Calibration.of(self.matrix, self.reliability, weights[some], shift[some])
            coefficients[some] = self._refitted(weights[some], calibration)
            parts.append(calibration)
        return coefficients, Calibration.joined(parts)

    def _refitted(self, weights: np.ndarray, calibration: Calibration) -> np.ndarray:
        true = calibration.true_scores(self.matrix, self.reliability)
        found = np.tile(self.start, (len(weights), 1))
        for _ in range(ROUNDS if self.logit else 1):
            flat = flattening(found[:, 1:2], true.doubt) if self.logit else np.ones(weights.shape)
            step = self._step(true.guess, flat, weights, found)
            found = found + damped(step)
            if np.abs(step).max() < SETTLED:
                break
        return found

    def _step(
        self, guess: np.ndarray, flat: np.ndarray, weights: np.ndarray, found: np.ndarray
    ) -> np.ndarray:
        """A Newton step of each replicate, its rows divided by how flat they look.

        Replicates share all columns but the score's, so the sums of the others are one matrix
        product of their weights with the products of the columns.
        """
        line = found @ self._others.T
        line += found[:, 1:2] * guess
        line /= flat
        if self.logit:
            expit(np.clip(line, -STEEPEST, STEEPEST, out=line), out=line)
        counted = weights / flat
        off = self.outcome - line
        off *= counted
        slope = off @ self._others
        slope[:, 1] = np.vecdot(off, guess)
        counted /= flat
        if self.logit:
            counted *= np.multiply(line, np.subtract(1, line, out=off), out=off)
        square = self._square(counted, guess) + GUARD * np.eye(self.matrix.shape[1])
        slope = slope - GUARD * (found - self.start)
        return np.asarray(np.linalg.solve(square, slope[:, :, None])[:, :, 0])

    def _square(self, counted: np.ndarray, guess: np.ndarray) -> np.ndarray:
        """Sums of the products of all columns, the guessed score the second, for each replicate."""
        size = self.matrix.shape[1]
        square = (counted @ self._products).reshape(-1, size, size)
        scored = counted * guess
        square[:, 1] = square[:, :, 1] = scored @ self._others
        square[:, 1, 1] = np.vecdot(scored, guess)
        return square

    @cached_property
    def _others(self) -> np.ndarray:
        """The columns with nothing in the place of the score."""
        others = self.matrix.copy()
        others[:, 1] = 0.0
        return others

    @cached_property
    def _products(self) -> np.ndarray:
        """Each product of two of these columns, a column."""
        return np.asarray(np.einsum("ni,nj->nij", self._others, self._others)).reshape(
            len(self.matrix), -1
        )


@dataclass(frozen=True)
class Calibration:
    """How a measured score becomes the best guess of a true one, a row a replicate."""

    expects: np.ndarray  # of the score from the other columns
    true_variance: np.ndarray
    spare: np.ndarray  # the part of it that the other columns do not explain
    shift: np.ndarray  # of the log odds of reliabilities

    @classmethod
    def of(
        cls, matrix: np.ndarray, reliability: np.ndarray, weights: np.ndarray, shift: np.ndarray
    ) -> Calibration:
        """Calibrate on past rows, weighted."""
        scores, others = matrix[:, 1], np.delete(matrix, 1, axis=1)
        share = weights / weights.sum(axis=1, keepdims=True)
        square = np.einsum("rn,ni,nj->rij", share, others, others, optimize=True)
        square = square + 1e-10 * np.eye(others.shape[1])
        side = (share * scores) @ others
        expects = np.linalg.solve(square, side[:, :, None])[:, :, 0]
        total = (share * scores**2).sum(axis=1) - (share @ scores) ** 2
        left = (share * (scores - expects @ others.T) ** 2).sum(axis=1)
        spreads = np.column_stack([total, left])
        true_variance, _, spare = parted(spreads, _odds(reliability, shift), share)
        return cls(expects, true_variance, np.maximum(spare, LEAST * true_variance), shift)

    @classmethod
    def joined(cls, parts: list[Calibration]) -> Calibration:
        """Several runs of replicates, one after the other."""
        names = ("expects", "true_variance", "spare", "shift")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def true_scores(self, matrix: np.ndarray, reliability: np.ndarray) -> TrueScores:
        """Where each row's true score lies."""
        scores, others = matrix[:, 1], np.delete(matrix, 1, axis=1)
        expected = self.expects @ others.T
        noise = self.true_variance[:, None] * _odds(reliability, self.shift)
        trusted = self.spare[:, None] / (self.spare[:, None] + noise)
        return TrueScores(expected + trusted * (scores - expected), trusted * noise)


def _odds(reliability: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Variance of the noise over that of what is true: replicates x rows.

    Worked out once for all rows of as many people.
    """
    values, place = np.unique(reliability, return_inverse=True)
    with np.errstate(divide="ignore"):
        moved = expit(logit(values)[None] + shift[:, None])
    return np.take((1 - moved) / moved, place, axis=1)

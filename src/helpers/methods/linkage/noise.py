"""Taking the noise of a measured score out of its link with an outcome."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["LEAST", "MeasuredScore", "flattening", "parted"]

NOTHING = 1e-10  # a direction this much shorter than the longest holds nothing of its own
LOGISTIC = 1.7  # a logistic curve is a normal one with this standard deviation
LEAST = 0.05  # share of the true variance that other columns must leave unexplained


@dataclass(frozen=True)
class MeasuredScore:
    """Measured scores, how far they can be trusted, and the model's other columns.

    Regression calibration: the best guess of a true score is what the other columns expect
    of it plus the part of the surprise that is not noise. A reliability may differ from row
    to row, as an account with three respondents is better known than one with a single one.
    Carroll, Ruppert, Stefanski & Crainiceanu (2006), Measurement Error in Nonlinear Models,
    chapter 4.

    Raises
    ------
    ValueError
        If a reliability is not above 0 and up to 1.

    Examples
    --------
    >>> measured = MeasuredScore(np.array([40.0, 60.0, 80.0]), np.ones((3, 1)), np.full(3, 0.5))
    >>> guess, doubt = measured.calibrated(measured.spreads)
    >>> guess.round(6).tolist(), doubt.round(3).tolist()
    ([50.0, 60.0, 70.0], [66.667, 66.667, 66.667])
    """

    scores: np.ndarray
    others: np.ndarray  # the intercept included
    reliability: np.ndarray  # share of each score's variance that is true

    def __post_init__(self) -> None:
        fine = (self.reliability > 0) & (self.reliability <= 1)
        if not fine.all():
            found = self.reliability[~fine][0]
            raise ValueError(f"a reliability is a share above 0 and up to 1, found {found:g}")

    @property
    def expected(self) -> np.ndarray:
        """What the other columns expect of each score."""
        fit = np.linalg.lstsq(self.others, self.scores, rcond=NOTHING)[0]
        return np.asarray(self.others @ fit)

    @property
    def _squares(self) -> np.ndarray:
        total = self.scores - self.scores.mean()
        return np.column_stack([total, self.scores - self.expected]) ** 2

    @property
    def spreads(self) -> np.ndarray:
        """Variance of the scores, and the part of it that other columns do not explain."""
        return np.asarray(self._squares.mean(axis=0))

    def spread_covariance(self, codes: np.ndarray) -> np.ndarray:
        """Sampling covariance of ``spreads``, rows of one code belonging together."""
        off = self._squares - self.spreads
        sums = np.column_stack([np.bincount(codes, weights=part) for part in off.T])
        count = len(sums)
        return np.asarray(count / (count - 1) * (sums.T @ sums) / len(self.scores) ** 2)

    def calibrated(self, spreads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Best guess of each true score, and the variance of the true score around it.

        Raises
        ------
        ValueError
            If the other columns explain more than the reliability leaves to explain.
        """
        odds = (1 - self.reliability) / self.reliability
        alike = np.full(len(odds), 1 / len(odds))
        true_variance, noise, spare = parted(spreads, odds, alike)
        if spare <= LEAST * true_variance:
            raise ValueError(
                f"at a mean reliability of {self.reliability.mean():.2f} the columns adjusted for "
                "explain all that is true in the score: check the reliability, or adjust for fewer "
                "columns"
            )
        trusted = spare / (spare + noise)
        return self.expected + trusted * (self.scores - self.expected), trusted * noise


def parted(
    spreads: np.ndarray, odds: np.ndarray, share: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Variance of the true score, of each row's noise, and what is left of the first.

    ``spreads`` ends in the variance of the scores and the part that other columns do not
    explain; ``odds`` are noise over truth, ``share`` the share of all weight, of each row. What
    is left is the part of the true variance that the other columns do not explain. Any leading
    axes are kept, one of them for replicates.

    Examples
    --------
    >>> even = np.full(2, 0.5)
    >>> [part.tolist() for part in parted(np.array([8.0, 6.0]), np.ones(2), even)]
    [4.0, [4.0, 4.0], 2.0]
    """
    true_variance = spreads[..., 0] / (share * (1 + odds)).sum(axis=-1)
    noise = true_variance[..., None] * odds
    return true_variance, noise, spreads[..., 1] - (share * noise).sum(axis=-1)


def flattening(slope: float | np.ndarray, doubt: np.ndarray) -> np.ndarray:
    """How much flatter a logistic curve looks where its score is only guessed.

    The mean of a logistic curve over a normal doubt is close to the same curve with its
    line divided by this: √(1 + (slope · √doubt / 1.7)²). Carroll et al. (2006), section 4.8.

    Examples
    --------
    >>> flattening(1.7, np.array([0.0, 1.0])).round(4).tolist()
    [1.0, 1.4142]
    """
    return np.sqrt(1 + (slope / LOGISTIC) ** 2 * doubt)

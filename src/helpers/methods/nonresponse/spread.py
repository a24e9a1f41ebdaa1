"""The spread of response propensities: its estimate, the bias in that and its variance.

Estimated propensities vary even where the true ones do not, so the plain R-indicator
looks worse than the response is, the more so the fewer people were asked.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from helpers.methods.nonresponse.profiles import Asked, Codes, Factor, design_matrix
from helpers.methods.survey.calibration import Floats

__all__ = ["Spread", "response_spread"]

ROUNDS = 50
MOST = 0.25  # variance of chances of which half are 0 and half are 1
SMALLEST_PIVOT = 1e-10


@dataclass(frozen=True)
class Spread:
    """Variance of the chances of answering: as found, the bias in it, its own variance."""

    chance: Floats  # of each person
    square: float
    bias: float
    variance: float
    freedom: int

    @property
    def plain(self) -> float:
        """Standard deviation of the estimated chances as they are."""
        return self.square**0.5

    @property
    def adjusted(self) -> float:
        """Standard deviation without what estimating the chances adds to it."""
        return max(self.square - self.bias, 0.0) ** 0.5

    @property
    def standard_error(self) -> float:
        """Of the standard deviation; missing where that is 0."""
        return self.variance**0.5 / (2 * self.adjusted) if self.adjusted > 0 else float("nan")

    def bounds(self, confidence: float) -> tuple[float, float]:
        """Interval of the standard deviation, from a t interval of its square."""
        reach = float(student.ppf((1 + confidence) / 2, self.freedom)) * self.variance**0.5
        low, high = self.square - self.bias - reach, self.square - self.bias + reach
        return max(low, 0.0) ** 0.5, min(max(high, 0.0), MOST) ** 0.5


def response_spread(asked: Asked, read: list[Factor]) -> Spread:
    """Fit the chance of answering to categories, and measure how far chances lie apart.

    S² is estimated by that of the fitted chances. With B the covariance of their
    gradients, A that of gradients with chances, and Σ the clustered covariance of the
    coefficients, its bias is tr(BΣ) and its variance 4 A'ΣA + 2 tr(BΣBΣ), plus that of
    S² over the sample of people asked: Shlomo, Skinner and Schouten (2012), sections 3
    and 4, as in the RISQ programs, there with the covariance of independent people and
    with gradients that are not centred.

    Examples
    --------
    >>> import pandas as pd
    >>> people = Asked.of(pd.Series(np.repeat([1.0, 0.0, 1.0, 0.0], [60, 40, 20, 80])))
    >>> tier = Factor("tier", ("A", "B"), np.repeat([0, 1], 100))
    >>> found = response_spread(people, [tier])
    >>> round(found.plain, 3), round(found.adjusted, 3)
    (0.2, 0.197)
    """
    x, row = design_matrix(read)
    mass = np.bincount(row, asked.mass, len(x)).astype(float)
    yes = np.bincount(row, asked.mass * asked.came, len(x)).astype(float)
    chance = _chances(x, yes, mass)
    slope = x * (chance * (1 - chance))[:, None]
    covariance = _covariance(asked, x, row, slope * mass[:, None], chance)
    far = chance - mass @ chance
    tilt = slope - mass @ slope
    along = tilt.T @ (mass * far)
    product = (tilt * mass[:, None]).T @ tilt @ covariance
    square = float(mass @ far**2)
    sampling = asked.variance(asked.mass * ((far**2)[row] - square))
    variance = 4 * along @ covariance @ along + 2 * np.trace(product @ product) + sampling
    return Spread(chance[row], square, float(np.trace(product)), float(variance), asked.freedom)


def _chances(x: Floats, yes: Floats, mass: Floats) -> Floats:
    """Fitted chance of each profile; where all or none answered it comes near 1 or 0.

    A model with a term for each profile fits the shares of the profiles exactly, which
    statsmodels warns of as it would of a perfect prediction of people: no fault here.
    """
    model = GLM(np.column_stack([yes, mass - yes]), x, family=families.Binomial())
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        return np.asarray(model.fit(maxiter=ROUNDS).fittedvalues, dtype=float)


def _covariance(asked: Asked, x: Floats, row: Codes, weighted: Floats, chance: Floats) -> Floats:
    """Covariance of the coefficients, clustered; ``weighted`` are gradients times mass."""
    residual = asked.mass * (asked.came - chance[row])
    information = x.T @ weighted
    scale = 1 / np.sqrt(np.maximum(np.diag(information), 1e-300))
    scaled = information * np.outer(scale, scale)
    inverse = np.linalg.pinv(scaled, rcond=SMALLEST_PIVOT, hermitian=True) * np.outer(scale, scale)
    middle = asked.rows.covariance(residual[:, None] * x[row])
    return np.asarray(inverse @ middle @ inverse, dtype=float)

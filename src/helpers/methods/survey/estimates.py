"""An estimate with its interval, and the few formulas that intervals are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri, stdtr, stdtrit
from scipy.stats import binomtest

from helpers.errors import NotEstimable
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.columns import weight_column
from helpers.methods.survey.jackknife import Side, Spread
from helpers.methods.survey.resolved import ResolvedDesign

__all__ = [
    "Estimate",
    "clopper_pearson",
    "effective_base",
    "estimate",
    "kish_base",
    "kish_design_effect",
    "normal_quantile",
    "refuse_confidence",
    "share_interval",
    "share_p",
    "wilson",
    "with_variance",
]


class Bounded(Protocol):
    """A value with its interval and its base, wherever it was computed."""

    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def base(self) -> int: ...


ROUNDING = 1e-20  # of a squared value: a variance below it is rounding


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number from a sample, with what is needed to trust it.

    ``design_effect`` is the variance over that of a simple random sample of the same
    size, and ``effective_base`` the simple random sample that would be as precise.
    """

    value: float
    low: float
    high: float
    standard_error: float
    base: int
    effective_base: float
    design_effect: float
    degrees_of_freedom: float
    confidence: float
    clusters: int
    lean: float = (
        0.0  # how much farther the interval reaches above (logarithm), where few accounts count
    )

    def __post_init__(self) -> None:
        slack = 1e-9 * max(1.0, abs(self.value))
        if not self.low - slack <= self.value <= self.high + slack:
            raise ValueError(f"{self.value} lies outside its interval {self.low} to {self.high}")

    @property
    def margin(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2

    @property
    def p_value(self) -> float:
        """Two-sided, that the truth is 0: below 5 % just where a 95 % interval leaves 0 out.

        1 where the estimate is 0, whatever its error. Intervals on a scale of their own (of
        shares) are no part of it.

        >>> Estimate(3, 1, 5, 1, 99, 99, 1, 98, 0.95, 99).p_value < 0.05
        True
        """
        if self.value == 0 or self.standard_error == 0:
            return 1.0 if self.value == 0 else 0.0
        toward = np.exp(-np.sign(self.value) * self.lean)  # the side on which 0 lies
        statistic = abs(self.value) / (self.standard_error * toward)
        return float(2 * stdtr(self.degrees_of_freedom, -statistic))

    @property
    def table(self) -> pd.DataFrame:
        """The estimate as one tidy row."""
        return pd.DataFrame([asdict(self)])

    def widened(self, times: float) -> Estimate:
        """The estimate with its error so many times as large.

        >>> Estimate(8, 4, 12, 1.5, 9, 9, 1, 8, 0.95, 9).widened(0.5).low
        6.0
        """
        record = asdict(self)
        record["standard_error"] = self.standard_error * times
        record["low"] = self.value - (self.value - self.low) * times
        record["high"] = self.value + (self.high - self.value) * times
        return Estimate(**record)

    def clipped(self, lowest: float, highest: float) -> Estimate:
        """Keep the interval within what the scale allows.

        >>> wide = Estimate(8, 4, 12, 1.5, 9, 9, 1, 8, 0.95, 9)
        >>> wide.clipped(0, 10).high
        10.0
        """
        record = asdict(self)
        record["low"] = float(min(max(self.low, lowest), self.value))
        record["high"] = float(max(min(self.high, highest), self.value))
        return Estimate(**record)


def wilson(count: float, base: float, *, confidence: float = 0.95) -> tuple[float, float]:
    """Bound a share by Wilson's score interval.

    Examples
    --------
    >>> low, high = wilson(10, 50)
    >>> round(low, 10), round(high, 10)
    (0.1124375002, 0.3303710593)
    """
    if not 0 <= count <= base or base <= 0:
        raise ValueError(f"{count:g} of {base:g} is not a share; count at most the base")
    z = normal_quantile(confidence)
    middle = count + z**2 / 2
    half = z * np.sqrt(count * (base - count) / base + z**2 / 4)
    low, high = (middle - half) / (base + z**2), (middle + half) / (base + z**2)
    return (0.0 if count == 0 else float(low)), (1.0 if count == base else float(high))


def clopper_pearson(count: int, base: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Bound a share by the exact binomial interval, for those who are asked for one.

    It covers at least as often as it says, and so is wider than needed; pages quote
    Wilson's (Brown, Cai and DasGupta 2001).

    References
    ----------
    Clopper and Pearson (1934), Biometrika 26; Brown, Cai and DasGupta (2001), Statistical
    Science 16(2).

    Examples
    --------
    >>> low, high = clopper_pearson(10, 50)
    >>> round(low, 10), round(high, 10)
    (0.1003022375, 0.3371831084)
    """
    if not 0 <= count <= base or base <= 0:
        raise ValueError(f"{count} of {base} is not a share; count at most the base")
    found = binomtest(count, base).proportion_ci(confidence, method="exact")
    return float(found.low), float(found.high)


def kish_design_effect(weights: ArrayLike) -> float:
    """Loss of precision through unequal weights alone: 1 + their squared variation.

    References
    ----------
    Kish (1965), Survey Sampling, 11.7.

    Examples
    --------
    >>> round(kish_design_effect(range(1, 11)), 9)
    1.272727273
    """
    found = _counting(weights)
    return len(found) / kish_base(found)


def effective_base(weights: ArrayLike) -> float:
    """Respondents that an equally weighted sample would need for the same precision.

    Examples
    --------
    >>> round(effective_base([1, 1, 4]), 2)
    2.0
    """
    return kish_base(_counting(weights))


def _counting(weights: ArrayLike) -> Floats:
    """The weights of those who count: a weight of 0 leaves its row out."""
    rows = pd.Series(0.0, index=range(len(np.asarray(weights))))
    found = weight_column(np.asarray(weights), rows).to_numpy()
    return found[found > 0]


def estimate(
    value: float,
    sides: Floats | Sequence[Side],
    design: ResolvedDesign,
    simple: float,
    confidence: float,
) -> Estimate:
    """Put a t interval round a value whose influences and design are known.

    ``sides`` are the means or ratios it is a sum of; influences alone are those of one mean
    over all who answered. ``simple`` is the variance from a simple random sample of the same
    size.

    Raises
    ------
    ValueError
        If there are no more clusters than strata.

    Examples
    --------
    >>> scores = pd.Series([1.0, 2.0, 3.0])
    >>> rows = ResolvedDesign.of(scores)
    >>> found = estimate(2.0, ((scores - 2) / 3).to_numpy(), rows, 1 / 3, 0.95)
    >>> round(found.standard_error, 3), round(found.design_effect, 3)
    (0.577, 1.0)
    """
    _refuse_small(design)
    given = (Side(sides, design.weights),) if isinstance(sides, np.ndarray) else sides
    return _interval(value, design.spread(*given), design, simple, confidence)


def with_variance(
    value: float, variance: float, design: ResolvedDesign, simple: float, confidence: float
) -> Estimate:
    """Put a t interval round a value whose variance is known, from a formula or a bootstrap.

    Examples
    --------
    >>> rows = ResolvedDesign.of(pd.Series([1.0, 2.0, 3.0]))
    >>> found = with_variance(2.0, 1 / 3, rows, 1 / 3, 0.95)
    >>> round(found.standard_error, 3), round(found.degrees_of_freedom, 6)
    (0.577, 2.0)
    """
    _refuse_small(design)
    return _interval(value, Spread(variance, design.freedom), design, simple, confidence)


def _refuse_small(design: ResolvedDesign) -> None:
    if design.degrees_of_freedom < 1:
        raise NotEstimable(
            f"the base is too small: {design.base} answers from {design.units} clusters in "
            f"{design.strata} strata; an interval needs more clusters than strata"
        )


def _interval(
    value: float, spread: Spread, design: ResolvedDesign, simple: float, confidence: float
) -> Estimate:
    refuse_confidence(confidence)
    kish = kish_base(design.weights)
    least = ROUNDING * max(1.0, value**2)
    variance = spread.variance if spread.variance > least else 0.0  # every answer is the same
    effect = variance / simple if simple > least else design.base / kish
    effective = design.base / effect if effect > 0 else float(design.base)
    reach = float(stdtrit(spread.freedom, (1 + confidence) / 2))
    error, lean = variance**0.5, spread.lean if variance > 0 else 0.0
    low, high = value - reach * np.exp(-lean) * error, value + reach * np.exp(lean) * error
    return Estimate(
        value, float(low), float(high), error, design.base, float(effective), float(effect),
        spread.freedom, confidence, design.units, lean,
    )  # fmt: skip


def share_interval(
    found: Estimate, plain: bool, kish: float, freedom: float | None = None
) -> tuple[float, float]:
    """Bound an estimated share: Wilson's interval if ``plain``, else t on the logit scale.

    ``kish`` is the effective base by weights, which serves where all or none say so;
    ``freedom`` is that of the logit, if not the estimate's. The logit takes off most of the
    skewness, so accounts count there by how much they weigh (``ResolvedDesign.alike``).

    Examples
    --------
    >>> tight = Estimate(0.5, 0.3, 0.7, 0.1, 25, 25, 1, 24, 0.95, 25)
    >>> low, high = share_interval(tight, False, 25)
    >>> round(low, 3), round(high, 3)
    (0.305, 0.695)
    """
    p, confidence = found.value, found.confidence
    if plain:
        return wilson(round(p * found.base), found.base, confidence=confidence)
    if not 0 < p < 1:
        base = min(kish, found.clusters)
        return wilson(round(p) * base, base, confidence=confidence)
    centre = np.log(p / (1 - p))
    error = found.standard_error / (p * (1 - p))
    degrees = found.degrees_of_freedom if freedom is None else freedom
    reach = float(stdtrit(degrees, (1 + confidence) / 2)) * error
    return float(1 / (1 + np.exp(reach - centre))), float(1 / (1 + np.exp(-reach - centre)))


def share_p(
    found: Estimate, against: float, plain: bool, kish: float, freedom: float | None = None
) -> float:
    """The two-sided p that an estimated share is another one: it inverts :func:`share_interval`.

    Examples
    --------
    >>> tight = Estimate(0.5, 0.3, 0.7, 0.1, 25, 25, 1, 24, 0.95, 25)
    >>> round(share_p(tight, 0.305, False, 25), 2)
    0.05
    """
    if not 0 < against < 1:
        raise ValueError(f"a share is set against one above 0 and below 1, not {against:g}")
    p = found.value
    if plain or not 0 < p < 1:
        base = found.base if plain else min(kish, found.clusters)
        return float(2 * ndtr(-abs(p - against) / (against * (1 - against) / base) ** 0.5))
    if p == against or found.standard_error == 0:
        return float(p == against)
    away = np.log(p / (1 - p)) - np.log(against / (1 - against))
    degrees = found.degrees_of_freedom if freedom is None else freedom
    return float(2 * stdtr(degrees, -abs(away) * p * (1 - p) / found.standard_error))


def kish_base(weights: Floats) -> float:
    """Effective base of weights already known to be above 0.

    Examples
    --------
    >>> kish_base(np.array([1.0, 1.0]))
    2.0
    """
    alike = weights / weights.max()  # so that squares of tiny weights are not lost
    return float(alike.sum() ** 2 / np.einsum("i,i->", alike, alike))


def normal_quantile(confidence: float) -> float:
    """Standard errors on either side of a normal estimate that ``confidence`` takes.

    Examples
    --------
    >>> round(normal_quantile(0.95), 2)
    1.96
    """
    refuse_confidence(confidence)
    return float(ndtri((1 + confidence) / 2))


def refuse_confidence(confidence: float) -> None:
    """Refuse what is not a confidence.

    >>> refuse_confidence(0.95)
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a share: write 95 % as 0.95, not {confidence}")

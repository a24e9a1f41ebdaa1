"""How many to ask so that a change shows: sizes for two groups or two waves.

Two waves that share people tell more of a change than two groups, by as much as the
same person's two answers go together. The population is taken as without end: what is
asked is whether loyalty moved, not whether the same list would answer alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, sqrt

import pandas as pd
from scipy.optimize import brentq
from scipy.stats import nct, norm, t

from helpers.errors import NotEstimable
from helpers.methods.sample_design.sizes import SampleSize, response_steps
from helpers.methods.survey.estimates import Estimate, normal_quantile

__all__ = ["SinceWave", "change_since", "detectable_change", "size_for_change"]

HIGHEST = 0.95  # of what two waves are taken to have in common
LARGE = 1e5  # above it the t distribution is the normal one to all shown digits


def size_for_change(
    change: float,
    *,
    share: float | None = None,
    standard_deviation: float | None = None,
    power: float = 0.8,
    confidence: float = 0.95,
    overlap: float = 0.0,
    correlation: float = 0.0,
    design_effect: float = 1.0,
    response_rate: float = 1.0,
) -> SampleSize:
    """Size of each of two groups or waves that shows a change, should it be there.

    Parameters
    ----------
    change
        The smallest change worth finding: as a share (5 points is 0.05) with ``share``,
        in the units of the answer with ``standard_deviation``. Its sign counts for shares.
    share
        The share before, where the change is one of shares.
    standard_deviation
        Of the answers, where the change is one of means.
    power
        Probability that a change so large is found.
    confidence
        Of the two-sided test.
    overlap
        Share of a wave's people who are in both waves: 0 for two groups.
    correlation
        Of the two answers of those who are in both.
    design_effect, response_rate
        As for `size_for_margin`.

    Raises
    ------
    ValueError
        If not exactly one of ``share`` and ``standard_deviation`` is given, or for a
        number outside its range.

    References
    ----------
    Means: the noncentral t test, as R's ``power.t.test``. Shares: Fleiss (1981),
    Statistical Methods for Rates and Proportions, 3.2, as R's ``power.prop.test``.
    Overlap: Kish (1965), 12.4: the variance falls by the share overlap x correlation.

    Examples
    --------
    >>> round(size_for_change(0.5, standard_deviation=1).simple, 5)
    63.76576
    >>> size_for_change(0.05, share=0.30).answers
    1377
    >>> size_for_change(0.05, share=0.30, overlap=0.6, correlation=0.5).answers
    964
    """
    _refuse(power, overlap, correlation)
    left = 1 - overlap * correlation
    if standard_deviation is not None and share is None:
        _refuse_mean(change, standard_deviation)
        steps = abs(change) / standard_deviation
        simple = _of_means(steps, left, overlap, power, confidence)
    elif share is not None and standard_deviation is None:
        simple = _of_shares(share, change, overlap * correlation, power, confidence)
    else:
        raise ValueError(
            "give either share (a change of shares) or standard_deviation (a change of means)"
        )
    return response_steps(simple, design_effect, None, response_rate)


def detectable_change(
    n: float,
    *,
    share: float | None = None,
    standard_deviation: float | None = None,
    power: float = 0.8,
    confidence: float = 0.95,
    overlap: float = 0.0,
    correlation: float = 0.0,
    design_effect: float = 1.0,
) -> float:
    """The smallest change that so many answers in each group or wave would show.

    The counterpart of `size_for_change`; for shares it is the smallest rise.

    Raises
    ------
    ValueError
        If no change can be shown, or as for `size_for_change`.

    Examples
    --------
    >>> round(detectable_change(1376.298868, share=0.30), 6)
    0.05
    """
    if not n > 1:
        raise ValueError(f"n counts answers of a group, above 1, not {n}")
    largest = 1 - share if share is not None else 1e3 * (standard_deviation or 0.0)

    def surplus(change: float) -> float:
        needed = size_for_change(
            change, share=share, standard_deviation=standard_deviation, power=power,
            confidence=confidence, overlap=overlap, correlation=correlation,
            design_effect=design_effect,
        )  # fmt: skip
        return needed.designed / n - 1

    low, high = largest * 1e-6, largest * (1 - 1e-9)
    if surplus(high) > 0:
        raise ValueError(f"{n:g} answers a group are too few to show any change; ask more")
    if surplus(low) < 0:
        return low
    return float(brentq(surplus, low, high, xtol=1e-12, rtol=1e-12))


@dataclass(frozen=True, slots=True)
class SinceWave:
    """The smallest change since the last wave that the next one is likely to show.

    ``shared`` is the share of the two waves' variance that accounts (or people) in both
    of them take out of the change, measured between the last two waves: Kish's overlap
    times correlation, accounts and their people counted in one. ``each`` is the answers
    of a wave, were both alike, drawn at random (the harmonic mean of the two).
    """

    smallest: float  # in the units of the score
    shared: float
    each: float
    standard_deviation: float
    power: float
    base: int  # answers of the last wave

    def __post_init__(self) -> None:
        if not 0 <= self.shared <= HIGHEST or not self.smallest > 0:
            raise ValueError(f"a change of {self.smallest} with {self.shared} in common")

    @property
    def table(self) -> pd.DataFrame:
        """quantity, value."""
        return pd.DataFrame(
            [
                ("smallest change", self.smallest),
                ("share of variance in common", self.shared),
                ("answers of each wave, drawn at random", self.each),
                ("standard deviation", self.standard_deviation),
                ("power", self.power),
            ],
            columns=["quantity", "value"],
        )


def change_since(
    last: Estimate,
    answers: float,
    *,
    standard_deviation: float,
    design_effect: float = 1.0,
    before: Estimate | None = None,
    moved: Estimate | None = None,
    power: float = 0.8,
    confidence: float = 0.95,
) -> SinceWave:
    """The smallest change since the last wave that so many answers are likely to show.

    Parameters
    ----------
    last
        The score of the last wave, its clusters counted in.
    answers
        Expected of the next wave.
    standard_deviation
        Of the answers, in the units of the score.
    design_effect
        Expected of the next wave, clusters and weights together.
    before, moved
        The score of the wave before the last, and the change between the two: what they
        have in common. Not given, waves are taken to have nothing in common.
    power, confidence
        As for `size_for_change`.

    Raises
    ------
    NotEstimable
        If a wave is worth fewer than two answers, or no change can be shown.

    References
    ----------
    Kish (1965), Survey Sampling, 12.4; Cochran (1977), 12.11, for waves that overlap.

    Examples
    --------
    >>> wave = Estimate(30, 26, 34, 2.0, 400, 400, 1.0, 399, 0.95, 400)
    >>> found = change_since(wave, 400, standard_deviation=40.0)
    >>> round(found.smallest, 2)  # 2.8 times 40 times the root of 2/400
    7.94
    """
    shared = 0.0
    if before is not None and moved is not None:
        apart = last.standard_error**2 + before.standard_error**2
        shared = 1 - moved.standard_error**2 / apart if apart > 0 else 0.0
        shared = min(max(shared, 0.0), HIGHEST)
    each = 2 / (1 / max(last.effective_base, 1e-9) + design_effect / max(answers, 1e-9))
    if not each >= 2 or not standard_deviation > 0:
        raise NotEstimable(
            f"a wave worth {each:.1f} answers drawn at random shows no change; ask more people"
        )
    smallest = detectable_change(
        each, standard_deviation=standard_deviation, power=power, confidence=confidence,
        overlap=1.0, correlation=shared,
    )  # fmt: skip
    return SinceWave(smallest, shared, each, standard_deviation, power, last.base)


def _of_means(steps: float, left: float, overlap: float, power: float, confidence: float) -> float:
    """The group's size at which the noncentral t test has this power.

    Degrees of freedom are (2 - overlap)(n - 1): 2n - 2 for two groups, n - 1 for pairs.
    """
    z = normal_quantile(confidence) + float(norm.ppf(power))
    normal = 2 * left * (z / steps) ** 2
    if normal > LARGE:
        return normal

    def short(n: float) -> float:
        freedom = (2 - overlap) * (n - 1)
        critical = t.ppf((1 + confidence) / 2, freedom)
        return float(nct.sf(critical, freedom, steps * sqrt(n / (2 * left)))) - power

    low, high = max(normal, 1 + 1e-6), max(normal, 2.0) + 2
    if short(low) >= 0:
        return max(low, 2.0)
    while short(high) < 0:
        high += 5
    return float(brentq(short, low, high, xtol=1e-12, rtol=1e-14))


def _of_shares(
    share: float, change: float, shared: float, power: float, confidence: float
) -> float:
    after = share + change
    if not (0 < share < 1 and 0 < after < 1) or change == 0:
        raise ValueError(
            f"a change from {share:g} by {change:g} does not lead from one share to another; "
            "write 5 points as 0.05 and keep both shares between 0 and 1"
        )
    middle = (share + after) / 2
    apart = share * (1 - share) + after * (1 - after)
    together = sqrt(share * (1 - share) * after * (1 - after))
    none = sqrt(2 * middle * (1 - middle) * (1 - shared))
    some = sqrt(apart - 2 * shared * together)
    reach = normal_quantile(confidence) * none + float(norm.ppf(power)) * some
    return (reach / change) ** 2


def _refuse(power: float, overlap: float, correlation: float) -> None:
    if not 0.5 <= power < 1:
        raise ValueError(f"power is a probability from 0.5 to below 1, as 0.8, not {power}")
    if not 0 <= overlap <= 1:
        raise ValueError(f"overlap is the share of people in both waves, 0 to 1, not {overlap}")
    if not 0 <= correlation < 1:
        raise ValueError(f"correlation of the two answers is from 0 to below 1, not {correlation}")


def _refuse_mean(change: float, standard_deviation: float) -> None:
    if not (isfinite(change) and change != 0):
        raise ValueError(f"change is a number other than 0, not {change}")
    if not (isfinite(standard_deviation) and standard_deviation > 0):
        raise ValueError(
            f"standard_deviation is above 0 in the units of the answer, not {standard_deviation}"
        )

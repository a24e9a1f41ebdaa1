"""Intervals by leaving out accounts: for what is a smooth function of sums over accounts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri, stdtrit
from scipy.stats import t

from helpers.errors import NotEstimable
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.columns import aligned
from helpers.methods.survey.estimates import refuse_confidence

__all__ = [
    "accelerated",
    "bounded_jackknife",
    "groups_of",
    "jackknife",
    "left_out",
    "standing_alone",
    "unit_codes",
]

Codes = np.ndarray

DRAWS = 999  # of whole groups, behind an accelerated interval
MOST = 1_000  # groups drawn; more are put together
SEED = 1


def unit_codes(accounts: ArrayLike | None, people: pd.Series) -> Codes:
    """The account of each person as 0, 1, …; a person without one stands alone.

    Examples
    --------
    >>> unit_codes(["b", None, "b"], pd.Series([1, 2, 3])).tolist()
    [0, 1, 0]
    """
    if accounts is None:
        return np.arange(len(people))
    named = aligned(accounts, people, "accounts").astype(object).reset_index(drop=True)
    alone = named.isna()
    named[alone] = pd.Series([("alone", i) for i in range(len(named))], dtype=object)[alone]
    return pd.factorize(named)[0]


def standing_alone(accounts: ArrayLike | None, people: pd.Series) -> pd.Series | None:
    """Accounts, each person without one standing alone; none where none are given.

    Examples
    --------
    >>> standing_alone(["b", None], pd.Series([1, 2])).tolist()
    ['b', ('alone', 1)]
    """
    if accounts is None:
        return None
    named = aligned(accounts, people, "accounts").astype(object)
    alone = pd.Series([("alone", i) for i in range(len(named))], index=named.index, dtype=object)
    return named.where(named.notna(), alone)


def groups_of(units: Codes, most: int) -> list[np.ndarray]:
    """Rows of at most so many groups of whole accounts, in turn of their first appearance.

    Examples
    --------
    >>> [rows.tolist() for rows in groups_of(np.array([0, 1, 1, 2]), 2)]
    [[True, False, False, True], [False, True, True, False]]
    """
    count = min(most, int(units.max()) + 1)
    return [units % count == group for group in range(count)]


def left_out(sums: Floats, statistic: Callable[[Floats], Floats]) -> tuple[Floats, Floats]:
    """A statistic of summed rows, and what it is without each row in turn.

    Parameters
    ----------
    sums
        One row an account: what it adds to each sum.
    statistic
        Takes sums along the last axis (any leading axes) and gives numbers along the last.

    Examples
    --------
    >>> whole, without = left_out(np.array([[1.0, 2.0], [1.0, 4.0]]), lambda s: s[..., 1:] / s[..., :1])
    >>> whole.tolist(), without.tolist()
    ([3.0], [[4.0], [2.0]])
    """  # noqa: E501 - one call, as it is typed
    total = sums.sum(axis=0)
    return statistic(total), statistic(total - sums)


def jackknife(
    whole: Floats, without: Floats, *, confidence: float = 0.95
) -> tuple[Floats, Floats, Floats, int]:
    """Standard error and interval of statistics from what they are without each group.

    Parameters
    ----------
    whole
        The statistics, any shape.
    without
        The same, with one leading axis more: without the first group, the second, …

    Returns
    -------
    tuple
        Standard errors, lower and upper ends, degrees of freedom (groups less one).

    Raises
    ------
    NotEstimable
        If there are fewer than two groups.

    Deviations are taken from the whole, the more cautious of the two usual forms.

    References
    ----------
    Wolter (2007), Introduction to Variance Estimation, 4.2; for groups of accounts, 4.3.

    Examples
    --------
    >>> error, low, high, freedom = jackknife(np.array([2.0]), np.array([[2.5], [1.5]]))
    >>> error.tolist(), freedom
    ([0.5], 1)
    """
    refuse_confidence(confidence)
    groups = len(without)
    if groups < 2:
        raise NotEstimable(
            f"the base is too small: {groups} account or person to leave out; "
            "an interval needs at least two"
        )
    away = without - whole
    error = np.sqrt((groups - 1) / groups * (away**2).sum(axis=0))
    reach = float(t.ppf((1 + confidence) / 2, groups - 1)) * error
    return error, whole - reach, whole + reach, groups - 1


def bounded_jackknife(
    whole: Floats, without: Floats, *, ratios: int = 0, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Interval of correlations and reliabilities, which end at 1, from leaving groups out.

    It is symmetric on Fisher's scale, artanh r, and so shorter toward the end that a
    correlation lies near. The last so many are ``ratios`` of correlations, which have no end
    at 1: theirs is symmetric (`accelerated` has a better one), and so is that of what is
    outside the scale without a group.

    References
    ----------
    Fisher (1921), Metron 1; for groups left out Wolter (2007), 4.2.

    Examples
    --------
    >>> left = np.array([[0.85], [0.93], [0.88], [0.92]])
    >>> low, high = bounded_jackknife(np.array([0.9]), left)
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([0.52], [0.98])
    """
    _, low, high, _ = jackknife(whole, without, confidence=confidence)
    every = np.vstack([whole, without])
    these = (np.abs(every) < 1).all(axis=0) & (np.arange(len(whole)) < len(whole) - ratios)
    moved = np.arctanh(every[:, these])
    _, below, above, _ = jackknife(moved[0], moved[1:], confidence=confidence)
    low[these], high[these] = np.tanh(below), np.tanh(above)
    return low, high


def accelerated(
    sums: Floats, statistic: Callable[[Floats], Floats], *, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Interval of skewed statistics of summed rows, such as ratios of correlations.

    Rows (accounts) are drawn again whole; the percentiles are moved by how far the draws lie to
    one side of the statistic and by its skewness, which leaving rows out tells (BCa), with
    Student's t in place of the normal. A symmetric interval of such a ratio misses the truth
    nearly always on one side.

    Parameters
    ----------
    sums, statistic
        As for `left_out`.

    References
    ----------
    Efron (1987), Journal of the American Statistical Association 82, 171-185.

    Examples
    --------
    >>> rows = np.column_stack([np.ones(50), np.arange(50.0) ** 2])
    >>> low, high = accelerated(rows, lambda s: s[..., 1:] / s[..., :1])
    >>> [round(float(end[0])) for end in (low, high)]  # the mean is 808
    [618, 1032]
    """
    place = np.arange(len(sums)) % MOST
    rows = np.zeros((min(len(sums), MOST), sums.shape[1]))
    np.add.at(rows, place, sums)
    whole, without = left_out(rows, statistic)
    groups = len(rows)
    counts = np.random.default_rng(SEED).multinomial(groups, np.full(groups, 1 / groups), DRAWS)
    drawn = statistic(counts @ rows)
    off = without.mean(axis=0) - without
    with np.errstate(invalid="ignore", divide="ignore"):
        skewed = (off**3).sum(axis=0) / 6 / (off**2).sum(axis=0) ** 1.5
    below = np.clip((drawn < whole).mean(axis=0), 1 / DRAWS, 1 - 1 / DRAWS)
    side, reach = ndtri(below), float(stdtrit(groups - 1, (1 + confidence) / 2))
    ends = []
    for z in (side - reach, side + reach):
        levels = np.nan_to_num(ndtr(side + z / (1 - skewed * z)), nan=0.5)
        ends.append([np.nanquantile(one, level) if np.isfinite(one).any() else np.nan
                     for one, level in zip(drawn.T, levels, strict=True)])  # fmt: skip
    low, high = np.array(ends)
    return np.minimum(low, whole), np.maximum(high, whole)

"""Signs that an answer was not given with care, or not recorded the way it was meant."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from helpers.methods.quality.correlations import pairwise_correlations
from helpers.methods.survey.columns import aligned, column

__all__ = [
    "FEWEST_ITEMS", "HASTE", "recorded_as", "repeats", "reversed_items", "speeders",
    "straight_liners",
]  # fmt: skip

HASTE = 1 / 3  # of the median duration
# Answers in a battery before it can be a straight line: of four on a five-point scale one
# honest respondent in five of the simulated client gives the same answer to all. How many of
# longer ones may be honest is told beside what is found.
ALIKE = 1e-12  # a spread of the others' mean that is rounding alone
NOTHING = 1e-9  # an item's part in what goes together, below which it has no side
FEWEST_ITEMS = 5
FEWEST_ANSWERS = 30  # to an item before its correlation is judged
DETRACTOR_TO_PROMOTER = {-100.0, 0.0, 100.0}


def repeats(person: pd.Series) -> pd.Series:
    """Flag each later row of a person who is there already; missing where it is not known who.

    Examples
    --------
    >>> repeats(pd.Series(["a", "b", "a", None])).tolist()
    [False, False, True, <NA>]
    """
    return person.duplicated().astype("boolean").mask(person.isna())


def speeders(seconds: ArrayLike, *, share: float = HASTE, by: ArrayLike | None = None) -> pd.Series:
    """Flag answers that took less than a share of the median time; missing where no time is.

    Parameters
    ----------
    seconds
        Time taken, in any unit.
    share
        Of the median, 0 to 1.
    by
        Groups with a median of their own, such as web and phone.

    Raises
    ------
    ValueError
        For a share out of range, or a negative time.

    Examples
    --------
    >>> speeders([90, 300, 320, 280]).tolist()
    [True, False, False, False]
    """
    if not 0 < share < 1:
        raise ValueError(f"share is a part of the median such as 0.33, not {share}")
    taken = column(seconds, "seconds")
    if (taken < 0).any():
        raise ValueError(
            f"{int((taken < 0).sum())} durations are negative; set them to missing, or mend the "
            "clock they come from"
        )
    groups = pd.Series("all", index=taken.index) if by is None else aligned(by, taken, "by")
    median = taken.groupby(groups.fillna("not known")).transform("median")
    return (taken < share * median).astype("boolean").mask(taken.isna())


def straight_liners(answers: pd.DataFrame, *, least: int = FEWEST_ITEMS) -> pd.Series:
    """Flag rows with one and the same answer throughout; missing where too few were given.

    Parameters
    ----------
    answers
        Questions of one battery and scale, as answered.
    least
        Answers a row needs to be judged.

    Examples
    --------
    >>> said = pd.DataFrame({"a": [3, 3, 3], "b": [3, 4, 3], "c": [3, 3, None]})
    >>> straight_liners(said, least=3).tolist()
    [True, False, <NA>]
    """
    numbers = answers.apply(column)
    given = numbers.notna().sum(axis=1)
    flat = numbers.max(axis=1) == numbers.min(axis=1)
    return flat.astype("boolean").mask(given < least)


def reversed_items(answers: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Suspect questions whose answers run against the rest of their battery.

    Parameters
    ----------
    answers
        Questions of one role, turned as the codebook says.

    Returns
    -------
    DataFrame
        item, correlation (with the mean of the other items, each standardised and turned
        the way most of them run), low and high (Fisher's z), base, and suspect: the whole
        interval below 0. An item with fewer than 30 answers, or whose answers are all the
        same, is not judged. Where half of the items run against the other half, either
        half may be the one that is turned.

    References
    ----------
    Nunnally and Bernstein (1994), Psychometric Theory, chapter 8, for the corrected
    item-total correlation.

    Examples
    --------
    >>> good = np.tile([1, 2, 3, 4, 5], 8)
    >>> said = pd.DataFrame({"a": good, "b": good, "c": good, "d": 6 - good})
    >>> found = reversed_items(said)
    >>> found.loc[found["suspect"], "item"].tolist()
    ['d']
    """
    if answers.shape[1] < 2:
        raise ValueError("one question has no others to run against; give at least two")
    numbers = answers.apply(column)
    standard = ((numbers - numbers.mean()) / numbers.std().replace(0, np.nan)).to_numpy()
    there = np.isfinite(standard)
    with_lead = np.where(there, standard * _leading(standard), 0.0)
    total, given = with_lead.sum(axis=1), there.sum(axis=1)
    rows = []
    for place, item in enumerate(numbers):
        known = there[:, place] & (given > 1)
        others = (total - with_lead[:, place])[known] / (given[known] - 1)
        found = _against_rest(standard[known, place], others, confidence)
        rows.append({"item": str(item), **found})
    return pd.DataFrame(rows, columns=["item", "correlation", "low", "high", "base", "suspect"])


def _against_rest(
    own: NDArray[np.float64], rest: NDArray[np.float64], confidence: float
) -> dict[str, object]:
    base = len(own)
    if base < FEWEST_ANSWERS or not (own.std() > 0 and rest.std() > ALIKE):
        return {"base": base, "suspect": False}
    r = float(np.clip(np.corrcoef(own, rest)[0, 1], -0.999999, 0.999999))
    half = float(norm.ppf((1 + confidence) / 2)) / (base - 3) ** 0.5
    low, high = np.tanh([np.arctanh(r) - half, np.arctanh(r) + half])
    return {"correlation": r, "low": low, "high": high, "base": base, "suspect": bool(high < 0)}


def _leading(standard: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 for items that run with most of the others, -1 for those against them.

    So that a turned item does not pull the mean of the rest about: signs of the first
    principal component, with those of the larger side positive.
    """
    together = np.nan_to_num(pairwise_correlations(standard))
    np.fill_diagonal(together, 1.0)
    leading = np.linalg.eigh(together)[1][:, -1]
    signs = np.where(np.abs(leading) > NOTHING, np.sign(leading), 1.0)
    if signs.sum() < 0 or (signs.sum() == 0 and signs[0] < 0):
        signs = -signs
    return np.asarray(signs)


def recorded_as(scores: ArrayLike) -> str:
    """Tell how a 0-10 question on recommending was recorded.

    Returns
    -------
    str
        ``scale`` (0 to 10), ``index`` (only -100, 0 and 100: a mean of it is the net
        promoter score, top shares cannot be had), ``signs`` (only -1, 0 and 1, with some
        -1), ``outside`` (other values) or ``nothing``.

    Examples
    --------
    >>> recorded_as([9, 10, 3]), recorded_as([100, 0, -100, 100])
    ('scale', 'index')
    """
    found = set(column(scores).dropna())
    if not found:
        return "nothing"
    if found <= DETRACTOR_TO_PROMOTER and found != {0.0}:
        return "index"
    if found <= {-1.0, 0.0, 1.0} and -1.0 in found:
        return "signs"
    return "scale" if min(found) >= 0 and max(found) <= 10 else "outside"

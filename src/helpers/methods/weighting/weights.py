"""What weighting returns, and the weights it may start from."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.methods.survey.calibration import Calibrated, Calibration, Floats, WeightsLike
from helpers.methods.survey.columns import column, weight_column
from helpers.methods.survey.design import SurveyDesign
from helpers.methods.survey.estimates import kish_base

__all__ = ["Weights", "base_weights", "trim", "weights_of"]

ROUNDS = 1_000
SLACK = 1e-9  # by which a weight may pass its limit through rounding
COLUMNS = ("margin", "category", "target_share", "before_share", "after_share", "respondents")


@dataclass(frozen=True)
class Weights(Calibrated):
    """Weights of mean 1, what they changed, and what they cost.

    ``table`` has a row for each category: ``margin``, ``category``, ``target_share`` (of
    the population), ``before_share`` and ``after_share`` (of the sample, by base weight
    and by these weights) and ``respondents``. A total of a number, not of a category,
    has its mean there instead of a share, and no category.

    As weights of a `SurveyDesign` they bring what they were
    fitted to, and the interval is that of calibrated weights. ``calibration`` is absent
    where margins were not met (a tight ``trim``): such weights are taken as fixed.
    """

    values: pd.Series
    design_effect: float
    effective_base: float
    table: pd.DataFrame
    iterations: int
    converged: bool
    calibration: Calibration | None = field(default=None, repr=False)
    population: float = np.nan  # people; missing where only shares were known
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not np.isclose(self.values.mean(), 1):
            raise ValueError(f"weights should have mean 1, they have {self.values.mean():.6f}")

    @property
    def design(self) -> SurveyDesign:
        """A design with these weights, for `survey.mean` and its like."""
        return SurveyDesign(self)

    @property
    def base(self) -> int:
        """Respondents."""
        return len(self.values)

    @property
    def largest_gap(self) -> float:
        """Largest distance, as a share, between a category's target and what was reached."""
        shares = self.table[self.table["category"].notna()]
        return float((shares["after_share"] - shares["target_share"]).abs().max())


def weights_of(values: Floats, index: pd.Index, table: pd.DataFrame, **more: object) -> Weights:
    """Weights with the precision they cost (Kish 1965, 11.2)."""
    effective = kish_base(values)
    return Weights(
        values=pd.Series(values, index=index, name="weight"),
        design_effect=len(values) / effective,
        effective_base=effective,
        table=table,
        **more,  # type: ignore[arg-type]
    )


def base_weights(chances: ArrayLike | pd.DataFrame) -> pd.Series:
    """Turn chances of being drawn into the weights to start from: 1 / chance.

    Parameters
    ----------
    chances
        Inclusion probability of each respondent, above 0 and at most 1; a frame has a
        column for each stage (the account, then the person in it), which multiply.

    Returns
    -------
    Series
        People that each respondent stands for, before answering is allowed for.

    Raises
    ------
    ValueError
        For a chance that is missing, 0 or less, or above 1.

    References
    ----------
    Horvitz and Thompson (1952), JASA 47.

    Examples
    --------
    >>> base_weights(pd.DataFrame({"account": [1.0, 0.25], "person": [0.5, 0.5]})).tolist()
    [2.0, 8.0]
    """
    stages = chances if isinstance(chances, pd.DataFrame) else pd.DataFrame({"chances": chances})
    product = np.ones(len(stages))
    for name in stages:
        product = product * _chances(stages[name], str(name))
    return pd.Series(1 / product, index=stages.index, name="base_weight")


def _chances(found: pd.Series, name: str) -> Floats:
    numbers = column(found, name)
    bad = numbers[~((numbers > 0) & (numbers <= 1))]
    if len(bad):
        advice = (
            "someone who could not be drawn cannot be weighted to; leave them out"
            if not (numbers > 1).any()
            else "write 20 % as 0.2"
        )
        raise ValueError(
            f"{name} has {len(bad)} chances that are not above 0 and at most 1 "
            f"(first: {bad.iloc[0]:g}); {advice}"
        )
    return numbers.to_numpy()


def trim(weights: WeightsLike, largest: float, *, within: ArrayLike | None = None) -> Weights:
    """Cut weights at a multiple of their mean and give what was cut to the others.

    The excess goes to the uncut weights in proportion, again where that lifts one of
    them above the limit, so the total stays. For margins that should still be met,
    ``rake(…, trim=…)`` finds the nearest weights under the limit instead.

    Parameters
    ----------
    weights
        Above 0, one for each respondent.
    largest
        Largest weight, in multiples of the mean weight; above 1.
    within
        Groups whose totals should stay (a stratum); the whole sample if not given.

    Returns
    -------
    Weights
        Of mean 1, taken as fixed where anything was cut. ``notes`` says how many were.

    Raises
    ------
    ValueError
        If a group's mean weight is itself above the limit, so that there is no room.

    References
    ----------
    Potter (1990), A study of procedures to identify and trim extreme sampling weights,
    Proceedings of the ASA section on survey research methods.

    Examples
    --------
    >>> trim([1, 1, 1, 7], 2.2).values.round(3).tolist()
    [0.6, 0.6, 0.6, 2.2]
    """
    if not largest > 1:
        raise ValueError(
            f"largest is a multiple of the mean weight above 1, such as 5, not {largest}"
        )
    given = weights.values if isinstance(weights, Calibrated) else weights
    series = column(given, "weights")
    start = weight_column(series, series, zero=False).to_numpy()
    start = start / start.mean()
    group = np.zeros(len(start), dtype=np.intp)
    if within is not None:
        group, _ = pd.factorize(pd.Series(np.asarray(within)), use_na_sentinel=False)
    found, rounds = _cut(start, largest, group)
    cut = int((start > largest + SLACK).sum())
    if not cut and isinstance(weights, Weights):
        return weights
    notes = (
        (f"{cut} of {len(start)} weights were cut to {largest:g} times the mean.",) if cut else ()
    )
    empty = pd.DataFrame(columns=list(COLUMNS))
    return weights_of(found, series.index, empty, iterations=rounds, converged=True, notes=notes)


def _cut(start: Floats, largest: float, group: np.ndarray) -> tuple[Floats, int]:
    whole = np.bincount(group, start)
    room = np.bincount(group) * largest
    if (whole > room * (1 + SLACK)).any():
        raise ValueError(
            f"the mean weight of a group is above {largest:g} times that of the sample, so its "
            "weights cannot be cut and its total kept; raise the limit, or join groups"
        )
    found, rounds = start, 0
    while rounds < ROUNDS and (rounds == 0 or found.max() > largest + SLACK):
        rounds += 1
        over = found >= largest
        capped = np.where(over, largest, 0.0)
        left = whole - np.bincount(group, capped)
        free = np.bincount(group, np.where(over, 0.0, found))
        lift = np.divide(left, free, out=np.ones(len(free)), where=free > 0)
        found = np.where(over, largest, found * lift[group])
    return found, rounds

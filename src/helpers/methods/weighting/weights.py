"""What weighting returns, and the weights it may start from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.methods.survey.calibration import (
    Calibrated,
    Calibration,
    Cells,
    Floats,
    WeightsLike,
)
from helpers.methods.survey.columns import column, weight_column
from helpers.methods.survey.design import SurveyDesign
from helpers.methods.survey.estimates import kish_base
from helpers.methods.weighting.proportional import Limits, Raked, Target, fitted

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


def trim(
    weights: WeightsLike,
    largest: float,
    *,
    smallest: float = 0.0,
    within: ArrayLike | None = None,
) -> Weights:
    """Bring weights between a smallest and a largest multiple of their mean.

    Weights that were raked or post-stratified are raked once more to the same margins, nearest
    to where they were within the limits, so that margins are still met and intervals still
    allow for them. Where the margins cannot be met within the limits, and of all other
    weights, what is cut goes to those in between in proportion (and what is lifted is taken
    from them), again where that carries one of them past a limit, so the total stays.

    Parameters
    ----------
    weights
        Above 0, one for each respondent.
    largest
        Largest weight, in multiples of the mean weight; above 1.
    smallest
        Smallest weight, in multiples of the mean weight; below 1.
    within
        Groups whose totals should stay (a stratum) instead of margins; the whole sample if
        not given.

    Returns
    -------
    Weights
        Of mean 1. ``notes`` says how many were trimmed; ``calibration`` is absent, and weights
        are taken as fixed, where margins could not be met.

    Raises
    ------
    ValueError
        If a group's mean weight is itself outside the limits, so that there is no room.

    References
    ----------
    Potter (1990), A study of procedures to identify and trim extreme sampling weights,
    Proceedings of the ASA section on survey research methods; Deville, Särndal and Sautory
    (1993), JASA 88, for margins that are met within limits.

    Examples
    --------
    >>> trim([1, 1, 1, 7], 2.2).values.round(3).tolist()
    [0.6, 0.6, 0.6, 2.2]
    >>> trim([0.1, 2, 2, 2], 3, smallest=0.4).values.round(3).tolist()
    [0.4, 1.2, 1.2, 1.2]
    """
    if not largest > 1:
        raise ValueError(
            f"largest is a multiple of the mean weight above 1, such as 5, not {largest}"
        )
    if not 0 <= smallest < 1:
        raise ValueError(
            f"smallest is a multiple of the mean weight below 1, such as 0.2, not {smallest}"
        )
    given = weights.values if isinstance(weights, Calibrated) else weights
    series = column(given, "weights")
    start = weight_column(series, series, zero=False).to_numpy()
    start = start / start.mean()
    low, high = int((start < smallest - SLACK).sum()), int((start > largest + SLACK).sum())
    if not low + high and isinstance(weights, Weights):
        return weights
    notes = _trimmed(low, high, len(start), smallest, largest)
    if isinstance(weights, Weights) and isinstance(weights.calibration, Raked) and within is None:
        found = _raked_within(weights, weights.calibration, smallest, largest)
        if found is not None:
            return replace(found, notes=(*weights.notes, *notes))
    group = np.zeros(len(start), dtype=np.intp)
    if within is not None:
        group, _ = pd.factorize(pd.Series(np.asarray(within)), use_na_sentinel=False)
    values, rounds = _cut(start, smallest, largest, group)
    empty = pd.DataFrame(columns=list(COLUMNS))
    return weights_of(values, series.index, empty, iterations=rounds, converged=True, notes=notes)


def _trimmed(low: int, high: int, count: int, smallest: float, largest: float) -> tuple[str, ...]:
    notes = []
    if high:
        notes.append(f"{high} of {count} weights were cut to {largest:g} times the mean.")
    if low:
        notes.append(f"{low} of {count} weights were lifted to {smallest:g} times the mean.")
    return tuple(notes)


def _raked_within(weights: Weights, fit: Raked, smallest: float, largest: float) -> Weights | None:
    """The weights raked again to their margins within limits; nothing where they cannot be."""
    pairs = np.column_stack([fit.cells.row, fit.base])
    _, first, row = np.unique(pairs, axis=0, return_index=True, return_inverse=True)
    cell, base = fit.cells.row[first], fit.base[first] / fit.base.mean()
    row = np.asarray(row).ravel()
    mass = np.bincount(row, fit.base)
    mass = mass / mass.sum()
    limits = Limits(smallest / base, largest / base)
    targets = tuple(replace(target, codes=target.codes[cell]) for target in fit.targets)
    factors, rounds, settled = fitted(targets, mass[:, None], limits)
    if not settled[0]:
        return None
    columns = None if fit.cells.columns is None else fit.cells.columns[cell]
    if columns is None:
        columns = np.eye(len(fit.cells.mass))[cell]
    factor = factors[:, 0]
    kept = Raked(fit.base, Cells(columns, mass, row), targets, limits, factor)
    values = fit.base / fit.base.mean() * factor[row]
    return weights_of(
        values / values.mean(), weights.values.index, _reached(weights, targets, mass * factor),
        iterations=rounds, converged=True, calibration=kept, population=weights.population,
    )  # fmt: skip


def _reached(weights: Weights, targets: tuple[Target, ...], mass: Floats) -> pd.DataFrame:
    """The table of the weights, with what each category comes to now."""
    after = [np.bincount(one.codes, mass, len(one.shares)) for one in targets]
    return weights.table.assign(after_share=np.concatenate(after) / mass.sum())


def _cut(start: Floats, smallest: float, largest: float, group: np.ndarray) -> tuple[Floats, int]:
    """Weights in proportion to ``start`` between the limits, each group with its total."""
    whole, count = np.bincount(group, start), np.bincount(group)
    for limit, beyond, way in (
        (largest, whole > count * largest * (1 + SLACK), "above"),
        (smallest, whole < count * smallest * (1 - SLACK), "below"),
    ):
        if beyond.any():
            raise ValueError(
                f"the mean weight of a group is {way} {limit:g} times that of the sample, so its "
                "weights cannot be cut and its total kept; "
                f"{'raise' if limit > 1 else 'lower'} the limit, or join groups"
            )
    lift, rounds, found = np.ones(len(whole)), 0, start
    least, most = np.zeros(len(whole)), np.full(len(whole), largest / start.min())
    while rounds < ROUNDS:
        rounds += 1
        found = np.clip(start * lift[group], smallest, largest)
        gap = whole - np.bincount(group, found)
        if (np.abs(gap) <= SLACK**1.5 * whole).all():
            break
        least, most = np.where(gap > 0, lift, least), np.where(gap < 0, lift, most)
        free = (found > smallest) & (found < largest)
        between = np.bincount(group, start * free, len(whole))
        step = lift + np.divide(gap, between, out=np.zeros(len(whole)), where=between > 0)
        inside = (step > least) & (step < most) & (between > 0)
        lift = np.where(gap == 0, lift, np.where(inside, step, (least + most) / 2))
    return found, rounds

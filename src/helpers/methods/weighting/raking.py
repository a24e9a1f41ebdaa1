"""Raking and post-stratification: weights that meet the sizes of categories."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from helpers.methods.survey.calibration import Cells, Floats
from helpers.methods.survey.columns import weight_column
from helpers.methods.weighting.margins import Margin, Sample, agree, read_margin, read_sample
from helpers.methods.weighting.proportional import (
    ROUNDS,
    Limits,
    Raked,
    Target,
    fitted,
)
from helpers.methods.weighting.reach import bounds_advice, parting_advice
from helpers.methods.weighting.weights import Weights, weights_of

__all__ = ["margin_table", "post_stratify", "rake", "starting_weights", "thin_notes"]

NOTHING = 1e-3  # of the mean weight: below it a respondent counts for nothing


def rake(
    sample: pd.DataFrame,
    margins: Mapping[str, pd.Series],
    *,
    base: ArrayLike | None = None,
    bounds: tuple[float, float] | None = None,
    trim: float | None = None,
    rounds: int | None = None,
) -> Weights:
    """Weight a sample so that each margin's categories have their share of the population.

    Iterative proportional fitting over the distinct cells of the sample; with limits, the
    weights nearest to the base weights that keep within them (truncated raking).

    Parameters
    ----------
    sample
        One row for each respondent, with a column for each margin.
    margins
        For each column the size of its categories: counts or shares.
    base
        Weights to start from (`base_weights`); equal if not given.
    bounds
        Smallest and largest factor by which a base weight may change, such as (0.3, 3).
        Refused where the margins cannot be met within them.
    trim
        Largest weight, in multiples of the mean weight. The margins are then met as
        nearly as that allows: ``converged`` says whether, ``table`` shows the rest.
    rounds
        Ends after so many rounds over the margins, met or not, to agree with a program that
        stops early (R's ``rake`` where the counts move by less than 1); to convergence if not
        given.

    Raises
    ------
    ValueError
        For an absent or empty category, margins that do not add up to the same total,
        base weights that are not above 0, missing categories, or bounds out of reach.

    References
    ----------
    Deming and Stephan (1940), Annals of Mathematical Statistics 11; Deville, Särndal and
    Sautory (1993), JASA 88, for the truncated form.

    Examples
    --------
    >>> people = pd.DataFrame({"tier": ["A", "A", "A", "B"]})
    >>> found = rake(people, {"tier": pd.Series({"A": 50, "B": 50})})
    >>> found.values.round(3).tolist(), round(found.effective_base, 2)
    ([0.667, 0.667, 0.667, 2.0], 3.0)
    """
    if not margins:
        raise ValueError("there is nothing to rake to; give at least one margin")
    check_limits(bounds, trim)
    check_rounds(rounds)
    start = starting_weights(base, sample)
    apart = start if trim is not None and base is not None else None
    known = {name: pd.Series(sizes).index for name, sizes in margins.items()}
    cells = read_sample(sample, known, apart)
    read = [read_margin(cells, name, sizes) for name, sizes in margins.items()]
    population = agree(margins)
    mass = np.bincount(cells.row, start) / start.sum() if base is not None else cells.counts
    mass = mass / mass.sum()
    limits = _limits(cells, start, bounds, trim)
    factor, done, converged = _solved(read, mass, limits, bounds, trim, rounds)
    values = start * factor[cells.row] if base is not None else factor[cells.row]
    targets = tuple(Target(margin.codes, margin.target) for margin in read)
    kept = Raked(start, Cells(_dummies(read), mass, cells.row), targets, limits, factor)
    return weights_of(
        values, sample.index, margin_table(read, cells.counts, mass, factor),
        iterations=done, converged=converged,
        calibration=kept if converged or rounds is not None else None,
        population=population, notes=thin_notes(read, cells.counts, mass, factor),
    )  # fmt: skip


def post_stratify(
    sample: pd.Series | pd.DataFrame,
    population: pd.Series,
    *,
    base: ArrayLike | None = None,
) -> Weights:
    """Weight each cell of a sample to its share of the population.

    Parameters
    ----------
    sample
        The cell of each respondent, or the columns that together make it.
    population
        The size of each cell, by its name; by a row of names where there are several
        columns, in the same order (or named alike).
    base
        Weights to start from; equal if not given.

    Raises
    ------
    ValueError
        As for `rake`.

    References
    ----------
    Holt and Smith (1979), JRSS A 142.

    Examples
    --------
    >>> found = post_stratify(pd.Series(["A", "A", "A", "B"]), pd.Series({"A": 60, "B": 40}))
    >>> found.values.round(2).tolist()
    [0.8, 0.8, 0.8, 1.6]
    """
    cells, sizes, name = _cells(sample, population)
    frame = pd.DataFrame({name: cells})
    return rake(frame, {name: sizes}, base=base)


def _cells(
    sample: pd.Series | pd.DataFrame, population: pd.Series
) -> tuple[pd.Series, pd.Series, str]:
    if isinstance(sample, pd.Series):
        return sample, population, str(sample.name or population.index.name or "cell")
    if sample.shape[1] == 1:
        return sample.iloc[:, 0], population, str(sample.columns[0])
    names = [str(name) for name in sample.columns]
    sizes = population
    if set(population.index.names) == set(names):
        sizes = population.reorder_levels(names)  # type: ignore[arg-type]
    if sizes.index.nlevels != len(names):
        raise ValueError(
            f"population has {sizes.index.nlevels} keys a cell, the sample {len(names)} "
            f"({', '.join(names)}); give a size for each combination"
        )
    missing = sample.isna().any(axis=1)
    joined = pd.Series(list(zip(*(sample[c] for c in sample), strict=True)), index=sample.index)
    cells = joined.map(_cell_name).mask(missing)
    return cells, sizes.set_axis(sizes.index.map(_cell_name)), " × ".join(names)


def _cell_name(parts: tuple[object, ...]) -> str:
    return " / ".join(map(str, parts))


def starting_weights(base: ArrayLike | None, sample: pd.DataFrame) -> Floats:
    """Base weights of mean 1; equal ones where none are given.

    >>> starting_weights([1, 3], pd.DataFrame(index=["a", "b"])).tolist()
    [0.5, 1.5]
    """
    if base is None or len(sample) == 0:
        return np.broadcast_to(1.0, len(sample))
    rows = pd.Series(np.zeros(len(sample)), index=sample.index)
    weights = weight_column(base, rows, "base weights", zero=False).to_numpy()
    return np.asarray(weights / weights.mean())


def check_limits(bounds: tuple[float, float] | None, trim: float | None = None) -> None:
    """Refuse limits that leave a base weight no room to stay as it is.

    >>> check_limits((0.3, 3))
    """
    if bounds is not None and not 0 <= bounds[0] < 1 < bounds[1]:
        raise ValueError(f"bounds are factors on either side of 1, such as (0.3, 3), not {bounds}")
    if trim is not None and not trim > 1:
        raise ValueError(f"trim is a multiple of the mean weight above 1, such as 5, not {trim}")


def check_rounds(rounds: int | None) -> None:
    """Refuse a number of rounds that is none.

    >>> check_rounds(4)
    """
    if rounds is not None and not rounds >= 1:
        raise ValueError(f"rounds is how often all margins are gone through, from 1, not {rounds}")


def _limits(
    cells: Sample, start: Floats, bounds: tuple[float, float] | None, trim: float | None
) -> Limits:
    """How far each cell's weight may change: with ``trim`` that depends on where it started."""
    lowest, highest = bounds or (0.0, np.inf)
    cap = np.full(len(cells.counts), highest)
    if trim is not None:
        mean_start = np.bincount(cells.row, start) / cells.counts
        cap = np.minimum(cap, trim / mean_start)
    return Limits(np.minimum(lowest, cap), cap)


def _dummies(margins: list[Margin]) -> Floats | None:
    """A column of 0 and 1 for each category; nothing where cells are the categories."""
    first = margins[0]
    if len(margins) == 1 and len(first.codes) == len(first.target):
        return None
    return np.hstack([np.eye(len(margin.target))[margin.codes] for margin in margins])


def _solved(
    margins: list[Margin],
    mass: Floats,
    limits: Limits,
    bounds: tuple[float, float] | None,
    trim: float | None,
    most: int | None,
) -> tuple[Floats, int, bool]:
    targets = tuple(Target(margin.codes, margin.target) for margin in margins)
    factors, rounds, settled = fitted(targets, mass[:, None], limits, most=most or ROUNDS)
    factor, converged = factors[:, 0], bool(settled[0])
    if converged or most is not None:
        return factor, rounds, converged
    if bounds is not None:
        raise ValueError(
            f"the margins cannot be met with factors between {bounds[0]:g} and {bounds[1]:g}; "
            + bounds_advice(margins, mass, bounds[0])
        )
    if trim is None:
        raise ValueError(
            f"raking did not settle in {ROUNDS} rounds: {parting_advice(margins, mass)}"
        )
    return _capped(factor, mass, limits), rounds, False


def _capped(factor: Floats, mass: Floats, limits: Limits) -> Floats:
    """Bring the mean back to 1 without passing the limits, where margins are out of reach."""
    start = np.log(np.clip(factor, limits.lowest, limits.highest))

    def scaled(lift: float) -> Floats:
        return np.clip(np.exp(np.minimum(start + lift, 700)), limits.lowest, limits.highest)

    found = scaled(brentq(lambda lift: mass @ scaled(lift) - 1, -700, 1400, xtol=1e-12))
    return found / (mass @ found)


def margin_table(
    margins: list[Margin], counts: Floats, mass: Floats, factor: Floats
) -> pd.DataFrame:
    """Each category's share of the population, and of the sample before and after."""
    after = mass * factor / (mass @ factor)

    def summed(values: Floats) -> Floats:
        return np.concatenate([np.bincount(margin.codes, values) for margin in margins])

    return pd.DataFrame(
        {
            "margin": [margin.name for margin in margins for _ in margin.categories],
            "category": [category for margin in margins for category in margin.categories],
            "target_share": np.concatenate([margin.target for margin in margins]),
            "before_share": summed(mass),
            "after_share": summed(after),
            "respondents": summed(counts).astype(int),
        }
    )


def thin_notes(
    margins: list[Margin], counts: Floats, mass: Floats, factor: Floats
) -> tuple[str, ...]:
    """Whom the margins weight away, and each category that a single respondent stands for."""
    people = counts.sum()
    nothing = factor * people * mass < NOTHING * counts
    found = [
        f"Respondents with next to no weight: {counts[nothing].sum():.0f}. The margins can only be "
        "met without them; merge small categories, or use fewer margins."
    ] if nothing.any() else []  # fmt: skip
    for margin in margins:
        alone = np.flatnonzero(np.bincount(margin.codes, counts) == 1)
        for code in alone:
            weight = float((mass * factor)[margin.codes == code].sum() * people)
            found.append(
                f"A single respondent stands for {margin.name} {margin.categories[code]!r}, "
                f"with {weight:.1f} times the mean weight."
            )
    return tuple(found)

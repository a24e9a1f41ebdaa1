"""Which answers a driver analysis can use, and why others are left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.errors import NotEstimable
from helpers.methods.drivers.sampled import waves_in, weights_in
from helpers.methods.drivers.unusable import (
    SMALLEST_BASE,
    constant,
    empty,
    repeated,
    seldom_together,
)
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.placing import Placed, sampled

__all__ = ["Answers", "Missing", "aligned", "beside", "numbers", "screened",
           "screened_rows", "unit_codes", "weighted"]  # fmt: skip

Array = NDArray[np.float64]
Missing = Literal["listwise", "pairwise", "imputed"]

FEW_CLUSTERS = 20  # below this, cluster-robust intervals are known to be too short


@dataclass(frozen=True)
class Together:
    """Complete answers less their weighted means, and the weighted sums of their products."""

    columns: Array  # respondents × (levels of waves, ratings, outcome)
    centre: Array
    products: Array


@dataclass(frozen=True)
class Answers:
    """Answers fit for analysis: one row a respondent, missing ones unless listwise."""

    ratings: Array  # respondents × drivers, on the drivers' own scales
    outcome: Array
    weights: Array  # positive
    codes: NDArray[np.intp]  # the independent unit of each respondent, 0…units−1
    drivers: tuple[str, ...]
    clusters: int | None  # None: every respondent stands alone
    dropped: Mapping[str, str]
    notes: tuple[str, ...]
    sample: Placed | None = None  # where strata, calibration or a finite population count
    waves: NDArray[np.intp] | None = None  # the wave of each, the last the highest; None: one wave

    @property
    def base(self) -> int:
        """Respondents used."""
        return int(self.outcome.size)

    @cached_property
    def together(self) -> Together:
        """What moments and slopes of complete answers are both made of."""
        columns = beside(self.levels, self.ratings, self.outcome)
        centre = self.weights @ columns / self.weights.sum()
        columns -= centre
        return Together(columns, centre, weighted(columns, self.weights).T @ columns)

    @cached_property
    def unanswered(self) -> float:
        """Share of the ratings that are missing."""
        return float(np.count_nonzero(np.isnan(self.ratings)) / self.ratings.size)

    @property
    def levels(self) -> Array:
        """A column for each wave but one: held constant, they take levels of waves out."""
        if self.waves is None:
            return np.empty((self.base, 0))
        return (self.waves[:, None] == np.unique(self.waves)[1:]).astype(float)

    @property
    def current(self) -> NDArray[np.bool_]:
        """Who answered in the last wave: how good things are now is read from them."""
        if self.waves is None:
            return np.ones(self.base, dtype=np.bool_)
        return np.asarray(self.waves == self.waves.max())

    def centred(self, columns: Array) -> Array:
        """Columns less their weighted means within waves; answers that are missing stay so."""
        if self.waves is None:
            return np.asarray(columns - _means(columns, self.weights))
        found = np.empty_like(columns, dtype=float)
        for wave in np.unique(self.waves):
            there = self.waves == wave
            found[there] = columns[there] - _means(columns[there], self.weights[there])
        return found

    def among(self, there: NDArray[np.bool_]) -> Answers:
        """Some of the respondents, their accounts counted anew."""
        units, codes = np.unique(self.codes[there], return_inverse=True)
        return replace(
            self, ratings=self.ratings[there], outcome=self.outcome[there],
            weights=self.weights[there], codes=codes.astype(np.intp),
            clusters=None if self.clusters is None else len(units),
            sample=None if self.sample is None else self.sample.among(there),
            waves=None if self.waves is None else self.waves[there],
        )  # fmt: skip

    @property
    def units(self) -> int:
        """Units drawn together by the bootstrap: accounts, or respondents."""
        return self.base if self.clusters is None else self.clusters


def screened(
    ratings: pd.DataFrame,
    outcome: pd.Series,
    design: SurveyDesign | None,
    missing: Missing,
) -> Answers:
    """Check answers and keep what can be analysed.

    Drivers without any answer, with one answer only, or with exactly the answers
    of another driver are dropped with the reason, and, unless listwise, those that too few
    answered together with some other. Respondents with no outcome or
    no weight in the sample (a weight of 0) are left out.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"ease": range(12), "speed": [5] * 12})
    >>> screened(ratings, pd.Series(range(12)), None, "listwise").dropped
    {'speed': 'every answer is 5: nothing to compare'}
    """
    return screened_rows(ratings, outcome, design, missing)[0]


def screened_rows(
    ratings: pd.DataFrame,
    outcome: pd.Series,
    design: SurveyDesign | None,
    missing: Missing,
) -> tuple[Answers, NDArray[np.bool_]]:
    """As :func:`screened`, and which respondents they are.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"ease": [*range(12), None]})
    >>> screened_rows(ratings, pd.Series(range(13)), None, "listwise")[1].sum()
    np.int64(12)
    """
    x, names = _drivers(ratings), tuple(str(name) for name in ratings.columns)
    y = numbers(aligned(outcome, ratings.index, "outcome"), "outcome")
    survey = SurveyDesign() if design is None else design
    everyone = pd.Series(0.0, index=ratings.index)
    w = weights_in(survey, ratings.index)
    labels = _labels(survey.clusters_for(everyone))
    usable = np.isfinite(y) & (w > 0)
    keep, rows, dropped = _estimable(x, usable, names, missing)
    why = _left_out(y, w, usable & ~rows, missing)
    keep = sorted(keep, key=lambda k: names[k])  # so that the order given changes no bit
    drivers = tuple(names[k] for k in keep)
    _require(drivers, int(rows.sum()), y[rows], dropped, incomplete=bool((usable & ~rows).any()))
    codes, units = unit_codes(None if labels is None else labels[rows], int(rows.sum()))
    notes = _notes(why, len(usable), int(rows.sum()), len(drivers), units)
    kept = np.asfortranarray(_part(x, rows, keep))  # laid out alike whatever the order given
    sample = sampled(survey, ratings.index, rows)
    waves = waves_in(survey, ratings.index[rows])
    found = Answers(
        kept, y[rows], _alike(w[rows], waves), codes, drivers, units, dropped, notes, sample, waves
    )
    return found, rows


def _means(columns: Array, weights: Array) -> Array:
    """Weighted means of the answers there are, by column; 0 where there are none."""
    there = np.isfinite(columns)
    mass = weights @ there
    total = weights @ np.where(there, columns, 0.0)
    return np.divide(total, mass, out=np.zeros_like(total), where=mass > 0)


def _alike(weights: Array, waves: NDArray[np.intp] | None) -> Array:
    """Weights of which each wave has as many as respondents: none counts for its own scale."""
    if waves is None:
        return weights
    sizes = np.bincount(waves)
    return np.asarray(weights * (sizes / np.bincount(waves, weights).clip(1e-300))[waves])


def _drivers(ratings: pd.DataFrame) -> Array:
    if not isinstance(ratings, pd.DataFrame):
        raise ValueError("ratings: give a DataFrame with one column a driver")
    twice = ratings.columns[ratings.columns.duplicated()].unique()
    if len(twice):
        raise ValueError(f"ratings has two columns named {twice[0]!r}: rename or remove one")
    if ratings.shape[1] == 0:
        raise ValueError("ratings has no columns: give at least one driver")
    if all(dtype.kind in "fiu" for dtype in ratings.dtypes if isinstance(dtype, np.dtype)):
        whole = _as_numbers(ratings)
        if whole is not None and not np.isinf(whole).any():
            return whole
    return np.column_stack([numbers(ratings[name], f"driver {name!r}") for name in ratings])


def _as_numbers(values: pd.Series | pd.DataFrame) -> Array | None:
    try:
        return values.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        return None


def numbers(values: pd.Series, what: str) -> Array:
    """A column as floats, missing as NaN; text and infinite values are refused."""
    column = _as_numbers(values)
    if column is None:
        raise ValueError(f"{what} holds text: give numbers, and missing answers as NaN")
    if np.isinf(column).any():
        raise ValueError(f"{what} holds infinite values: recode them as missing")
    return column


def aligned(values: ArrayLike, index: pd.Index, what: str) -> pd.Series:
    """A series in the order of ``index``; an array must have as many values."""
    if isinstance(values, pd.Series):
        if values.index.equals(index):
            return values
        if index.is_unique and values.index.is_unique and index.isin(values.index).all():
            return values.reindex(index)
        raise ValueError(f"{what} is not indexed as the ratings are: give both the same index")
    column = np.asarray(values)
    if column.shape != (len(index),):
        raise ValueError(f"{what} has {column.size} values for {len(index)} respondents")
    return pd.Series(column, index=index)


def _labels(labels: pd.Series | None) -> pd.Series | None:
    if labels is not None and labels.isna().any():
        raise ValueError(
            f"clusters: {int(labels.isna().sum())} respondents have no account; "
            "give each an account, or a label of its own"
        )
    return labels


def unit_codes(labels: pd.Series | None, base: int) -> tuple[NDArray[np.intp], int | None]:
    """Numbers of the independent units and how many there are (None: respondents)."""
    if labels is None:
        return np.arange(base), None
    codes, names = pd.factorize(labels, sort=True)
    if len(names) < 2:
        raise NotEstimable(
            f"all {base} answers come from one account ({names[0]}): no interval can be given; "
            "leave clusters out only if respondents may stand for themselves"
        )
    return codes.astype(np.intp), len(names)


def _estimable(
    x: Array, usable: NDArray[np.bool_], names: tuple[str, ...], missing: Missing
) -> tuple[list[int], NDArray[np.bool_], dict[str, str]]:
    """Leave out drivers that say nothing, until the rest can be used together."""
    if missing not in ("listwise", "pairwise", "imputed"):
        raise ValueError(f"missing is 'listwise', 'pairwise' or 'imputed', not {missing!r}")
    dropped: dict[str, str] = {}
    keep = list(range(len(names)))
    rows = usable
    for reasons in (empty, constant, constant, repeated):
        rows = _complete(x[:, keep], usable, missing if reasons is not empty else "pairwise")
        found = reasons(_part(x, rows, keep), tuple(names[k] for k in keep))
        dropped |= found
        keep = [k for k in keep if names[k] not in found]
    if missing != "listwise":
        rows = _complete(x[:, keep], usable, missing)
        found = seldom_together(_part(x, rows, keep), tuple(names[k] for k in keep))
        dropped |= found
        keep = [k for k in keep if names[k] not in found]
    return keep, _complete(x[:, keep], usable, missing), dropped


def _part(x: Array, rows: NDArray[np.bool_], keep: list[int]) -> Array:
    """Rows and columns of answers; the answers themselves where all of them are meant."""
    there = x if rows.all() else x[rows]
    return there if keep == list(range(x.shape[1])) else there.T[keep].T


def _complete(x: Array, usable: NDArray[np.bool_], missing: Missing) -> NDArray[np.bool_]:
    answered = np.isfinite(x)
    return usable & (answered.all(axis=1) if missing == "listwise" else answered.any(axis=1))


def beside(*columns: Array) -> Array:
    """Columns side by side; those alone that are not empty, as they are.

    >>> import numpy as np
    >>> beside(np.empty((2, 0)), np.ones((2, 1)), np.zeros(2)).tolist()
    [[1.0, 0.0], [1.0, 0.0]]
    """
    told = [part for part in columns if part.ndim == 1 or part.shape[1]]
    return told[0] if len(told) == 1 else np.vstack([part.T for part in told]).T


def weighted(columns: Array, weights: Array) -> Array:
    """Each row times its weight; the rows themselves where every weight is 1.

    >>> import numpy as np
    >>> weighted(np.ones((2, 1)), np.array([1.0, 3.0])).tolist()
    [[1.0], [3.0]]
    """
    return columns if (weights == 1).all() else columns * weights[:, None]


def _require(
    drivers: tuple[str, ...],
    base: int,
    outcome: Array,
    dropped: Mapping[str, str],
    *,
    incomplete: bool,
) -> None:
    if not drivers:
        why = "; ".join(f"{name}: {reason}" for name, reason in dropped.items())
        raise NotEstimable(f"no driver can be analysed ({why})")
    needed = max(SMALLEST_BASE, len(drivers) + 2)
    if base < needed:
        way_out = "use missing='imputed', or fewer drivers" if incomplete else "ask more customers"
        raise NotEstimable(
            f"base too small: {base} usable respondents for {len(drivers)} drivers, at least "
            f"{needed} needed; {way_out}"
        )
    if np.ptp(outcome) == 0:
        raise NotEstimable(f"every outcome is {outcome[0]:g}: there is nothing to explain")


def _left_out(
    outcome: Array, weights: Array, unrated: NDArray[np.bool_], missing: Missing
) -> tuple[str, ...]:
    """Why some are not used, counted."""
    weighed = weights > 0
    rated = "did not rate every driver" if missing == "listwise" else "rated no driver"
    counted = (
        (int((weighed & ~np.isfinite(outcome)).sum()), "did not answer what is explained"),
        (int(unrated.sum()), rated),
        (int((~weighed).sum()), "have no weight"),
    )
    return tuple(f"{count} {reason}" for count, reason in counted if count)


def _notes(
    why: tuple[str, ...], sent: int, base: int, drivers: int, clusters: int | None
) -> tuple[str, ...]:
    notes = []
    if base < sent:
        notes.append(f"{base} of {sent} used: {', '.join(why)}")
    if base < 5 * (drivers + 1):
        notes.append(f"{base} answers for {drivers} drivers: R² flatters and shares are rough")
    if clusters is not None and clusters < FEW_CLUSTERS:
        notes.append(f"only {clusters} accounts: intervals of shares are likely too short")
    return tuple(notes)

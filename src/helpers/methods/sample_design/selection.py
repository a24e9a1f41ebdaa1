"""Drawing a sample so that everyone's chance to be in it is known exactly."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import hypergeom

from helpers.methods.survey.calibration import Floats

__all__ = [
    "How",
    "Selection",
    "account_chance",
    "by_account",
    "pps_systematic",
    "proportional_chances",
    "simple_random",
    "stratified",
    "systematic",
]

How = Literal["accounts", "random", "systematic", "pps"]
LARGEST_ERROR = 1e-9


@dataclass(frozen=True)
class Selection:
    """Who was drawn, and the chance that everyone on the list had.

    ``table`` has a row for every unit of the list: unit, stratum, inclusion_probability,
    selected.
    """

    table: pd.DataFrame
    base: int  # units drawn

    def __post_init__(self) -> None:
        chances = self.table["inclusion_probability"]
        if int(self.table["selected"].sum()) != self.base:
            raise ValueError(f"{self.table['selected'].sum()} were drawn instead of {self.base}")
        if abs(chances.sum() - self.base) > LARGEST_ERROR * max(len(chances), 1):
            raise ValueError(f"chances sum to {chances.sum()}, and {self.base} were drawn")

    @property
    def units(self) -> list[Hashable]:
        """The units drawn, in the order of the list."""
        return self.table.loc[self.table["selected"], "unit"].tolist()

    @property
    def weights(self) -> pd.Series:
        """Base weight of each unit drawn: one over its chance."""
        drawn = self.table[self.table["selected"]].set_index("unit")
        return (1 / drawn["inclusion_probability"]).rename("weight")


def simple_random(units: pd.Index, number: int, *, rng: np.random.Generator) -> Selection:
    """Draw a number of units, every set of so many as likely as any other.

    Examples
    --------
    >>> found = simple_random(pd.Index(list("abcd")), 2, rng=np.random.default_rng(1))
    >>> found.base, found.table["inclusion_probability"].tolist()
    (2, [0.5, 0.5, 0.5, 0.5])
    """
    _refuse(units, number)
    drawn = np.zeros(len(units), dtype=bool)
    drawn[rng.choice(len(units), size=number, replace=False)] = True
    return _selection(units, drawn, np.full(len(units), number / len(units)))


def stratified(
    strata: pd.Series, selected: Mapping[Hashable, int], *, rng: np.random.Generator
) -> Selection:
    """Draw a simple random sample from each stratum.

    Parameters
    ----------
    strata
        Stratum of each unit; the index names the units.
    selected
        How many are drawn from each stratum, as `Allocation.selected` gives.

    Raises
    ------
    ValueError
        For a stratum without a number, with fewer units than are to be drawn, or of
        which a single unit of several is to be drawn: one shows no variation.

    Examples
    --------
    >>> strata = pd.Series(["x", "x", "x", "x", "y", "y"], index=list("abcdef"))
    >>> found = stratified(strata, {"x": 2, "y": 2}, rng=np.random.default_rng(1))
    >>> found.table["inclusion_probability"].tolist()
    [0.5, 0.5, 0.5, 0.5, 1.0, 1.0]
    """
    if strata.isna().any():
        raise ValueError(f"{int(strata.isna().sum())} units have no stratum; give each one")
    _refuse(strata.index, 1)
    drawn, chances = np.zeros(len(strata), dtype=bool), np.zeros(len(strata))
    codes, names = pd.factorize(strata)
    for code, name in enumerate(names):
        places = np.flatnonzero(codes == code)
        number = _number(name, selected, len(places))
        drawn[rng.choice(places, size=number, replace=False)] = True
        chances[places] = number / len(places)
    found = _selection(strata.index, drawn, chances)
    return Selection(found.table.assign(stratum=strata.to_numpy()), found.base)


def _number(stratum: Hashable, selected: Mapping[Hashable, int], there: int) -> int:
    """How many are drawn from a stratum, if so many can be."""
    if stratum not in selected:
        raise ValueError(f"no number to draw from stratum {stratum!r}; give one for each")
    number = selected[stratum]
    if number > there or number < 1:
        raise ValueError(
            f"stratum {stratum!r}: {number:,} are to be drawn from {there:,}; draw at least 1 "
            "and at most all of it, or merge it with one like it"
        )
    if number == 1 and there > 1:
        raise ValueError(
            f"1 of {there:,} is to be drawn from stratum {stratum!r}, and one unit shows no "
            "variation; draw at least 2, or merge the stratum with one like it"
        )
    return number


def systematic(units: pd.Index, number: int, *, rng: np.random.Generator) -> Selection:
    """Draw every k-th unit of the list from a random start; the order of the list spreads it.

    The interval need not be whole. Sort the list by what the sample shall be spread over.

    References
    ----------
    Cochran (1977), Sampling Techniques, 8; Madow (1949) for intervals that are not whole.

    Examples
    --------
    >>> found = systematic(pd.RangeIndex(10), 5, rng=np.random.default_rng(1))
    >>> found.units
    [1, 3, 5, 7, 9]
    """
    _refuse(units, number)
    chances = np.full(len(units), number / len(units))
    return _selection(units, _passed(chances, number, rng), chances)


def pps_systematic(sizes: pd.Series, number: int, *, rng: np.random.Generator) -> Selection:
    """Draw units with chances proportional to their size, systematically down the list.

    Units so large that their chance would be above 1 are taken for certain, and the rest
    is drawn in proportion among the others.

    Parameters
    ----------
    sizes
        Size of each unit, above 0, as revenue; the index names the units.

    Raises
    ------
    ValueError
        For sizes that are zero, negative or missing: such a unit could never be drawn, and
        no weight makes up for that.

    References
    ----------
    Madow (1949); Särndal, Swensson & Wretman (1992), 3.6.2.

    Examples
    --------
    >>> sizes = pd.Series([50.0, 1.0, 1.0, 2.0], index=list("abcd"))
    >>> found = pps_systematic(sizes, 2, rng=np.random.default_rng(1))
    >>> found.table["inclusion_probability"].tolist()
    [1.0, 0.25, 0.25, 0.5]
    """
    chances = proportional_chances(sizes, number).to_numpy()
    drawn = chances >= 1
    rest = number - int(drawn.sum())
    if rest:
        drawn[~drawn] = _passed(chances[~drawn], rest, rng)
    return _selection(sizes.index, drawn, chances)


def proportional_chances(sizes: pd.Series, number: int) -> pd.Series:
    """Chances in proportion to size, those of the largest units 1, that sum to a number.

    Parameters and refusals as for `pps_systematic`.

    Examples
    --------
    >>> proportional_chances(pd.Series([50.0, 1.0, 1.0, 2.0]), 2).tolist()
    [1.0, 0.25, 0.25, 0.5]
    """
    _refuse(sizes.index, number)
    measure = sizes.to_numpy(dtype=float)
    bad = ~(np.isfinite(measure) & (measure > 0))
    if bad.any():
        raise ValueError(
            f"{int(bad.sum())} units have no size above 0 (first: {sizes.index[bad][0]!r}); "
            "give them a small one, or put them into a stratum that is drawn otherwise"
        )
    return pd.Series(_proportional(measure, number), index=sizes.index)


def _proportional(measure: Floats, number: int) -> Floats:
    """Chances proportional to size that sum to the number, those above 1 set to 1."""
    certain = np.zeros(len(measure), dtype=bool)
    while True:
        rest = number - int(certain.sum())
        chances = np.where(certain, 1.0, rest * measure / max(measure[~certain].sum(), 1e-300))
        above = ~certain & (chances >= 1 - 1e-12)
        if not above.any():
            return chances
        certain |= above


def by_account(accounts: pd.Series, number: int, *, rng: np.random.Generator) -> Selection:
    """Draw whole accounts, one after the other at random, until the number of people is met.

    The accounts are laid out in random order round a circle, the people of an account
    side by side in random order, and so many neighbours are taken from a random start on.
    Every person has the same chance, exactly; only the first and the last account may be
    taken in part. With one person an account it is a simple random sample.

    Parameters
    ----------
    accounts
        Account of each person; the index names the people.

    Examples
    --------
    >>> accounts = pd.Series(["x", "x", "x", "y", "y", "z"], index=list("abcdef"))
    >>> found = by_account(accounts, 3, rng=np.random.default_rng(1))
    >>> found.base, found.table["inclusion_probability"].tolist()
    (3, [0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
    """
    _refuse(accounts.index, number)
    codes = pd.factorize(accounts)[0]
    places = rng.permutation(codes.max() + 1)[codes]
    order = np.lexsort((rng.random(len(codes)), places))
    start = int(rng.integers(len(codes)))
    drawn = np.zeros(len(codes), dtype=bool)
    drawn[order[(start + np.arange(number)) % len(codes)]] = True
    return _selection(accounts.index, drawn, np.full(len(codes), number / len(codes)))


def account_chance(chances: pd.Series, accounts: pd.Series, number: int, how: How) -> pd.Series:
    """The chance that anyone at all of a person's account is drawn.

    The chance of a person is this, times the person's chance if the account is in.

    Parameters
    ----------
    chances
        Inclusion probability of each person of the list.
    accounts
        Account of each of them, on the same index.
    number
        People drawn from the list.
    how
        ``accounts`` (`by_account`), ``random`` (`simple_random`), or ``systematic`` or
        ``pps`` over a list on which the people of an account stand together.

    Examples
    --------
    >>> accounts = pd.Series(["x", "x", "y", "y"])
    >>> account_chance(pd.Series(0.5, accounts.index), accounts, 2, "accounts").tolist()
    [0.75, 0.75, 0.75, 0.75]
    >>> account_chance(pd.Series(0.5, accounts.index), accounts, 2, "systematic").tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    people = accounts.groupby(accounts).transform("size").to_numpy()
    if how == "accounts":
        found = (number + people - 1) / len(accounts)
    elif how == "random":
        found = 1 - hypergeom.pmf(0, len(accounts), people, number)
    else:
        found = chances.groupby(accounts).transform("sum").to_numpy()
    found = np.where(np.abs(found - 1) < LARGEST_ERROR, 1.0, found)
    found = np.maximum(np.minimum(found, 1.0), chances.to_numpy())
    return pd.Series(found, index=accounts.index, name="account_probability")


def _passed(chances: Floats, number: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which units a step of 1 meets, from a random start, along their chances end to end."""
    ends = np.cumsum(chances)
    ends *= number / ends[-1]
    met = np.searchsorted(ends, rng.random() + np.arange(number), side="right")
    drawn = np.zeros(len(chances), dtype=bool)
    drawn[np.minimum(met, len(chances) - 1)] = True
    return drawn


def _selection(units: pd.Index, drawn: NDArray[np.bool_], chances: Floats) -> Selection:
    table = pd.DataFrame(
        {"unit": units, "stratum": "all", "inclusion_probability": chances, "selected": drawn}
    )
    return Selection(table, int(drawn.sum()))


def _refuse(units: pd.Index, number: int) -> None:
    if not units.is_unique:
        raise ValueError(f"{units[units.duplicated()][0]!r} is on the list twice; list each once")
    if number != int(number) or number < 1:
        raise ValueError(f"the number to draw counts units, at least 1, not {number}")
    if number > len(units):
        raise ValueError(
            f"{number:,} are to be drawn from {len(units):,}; ask for fewer, or widen the list"
        )

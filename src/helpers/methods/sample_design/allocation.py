"""How a sample divides among strata, in whole people that add up."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.sample_design.bounds import scaled_between, whole_numbers
from helpers.methods.survey.calibration import Floats

__all__ = [
    "TAKE_ALL",
    "Allocation",
    "Method",
    "TakeAll",
    "allocate",
    "take_all",
    "variance_of_total",
]

TAKE_ALL = "taken for certain"
Method = Literal["proportional", "neyman", "power", "equal"]
PerStratum = Mapping[Hashable, float] | pd.Series


@dataclass(frozen=True)
class Allocation:
    """How many of each stratum are drawn.

    ``table``: stratum, population, most (that can be drawn), exact (unrounded), selected,
    rate (selected over population).
    """

    table: pd.DataFrame
    method: Method
    base: int  # drawn in all strata together

    def __post_init__(self) -> None:
        drawn = self.table["selected"]
        if int(drawn.sum()) != self.base or not (drawn <= self.table["most"]).all():
            raise ValueError(f"{drawn.sum()} are allocated where {self.base} were to be")

    @property
    def selected(self) -> dict[Hashable, int]:
        """How many of each stratum are drawn, by stratum."""
        return {
            k: int(n) for k, n in zip(self.table["stratum"], self.table["selected"], strict=True)
        }


def allocate(
    sizes: PerStratum,
    total: int,
    *,
    method: Method = "proportional",
    deviations: PerStratum | None = None,
    importance: PerStratum | None = None,
    variation: PerStratum | None = None,
    power: float = 0.5,
    minimum: int = 2,
    most: PerStratum | None = None,
) -> Allocation:
    """Divide a sample among strata.

    No stratum gives more than it has; what it cannot give, the others do, which is the
    best that is left (Gabler, Ganninger & Münnich 2012). Whole numbers are by largest
    remainder.

    Parameters
    ----------
    sizes
        People of each stratum, above 0.
    total
        How many are to be drawn.
    method
        ``proportional`` to size; ``neyman``, to size times standard deviation, which
        is the most precise for the whole; ``power``, to importance to a power, times
        variation, between the best for the whole (1) and for each stratum (0);
        ``equal`` in each.
    deviations
        Standard deviation of the answers in each stratum, for ``neyman``.
    importance
        What a stratum counts, as its revenue, for ``power``; its size if not given.
    variation
        Of the answers in each stratum, for ``power``: their standard deviation over their
        mean, or the deviation alone for a score whose nought is arbitrary; alike if not given.
    power
        From 0 to 1, for ``power``.
    minimum
        Drawn at least in each stratum, or all of a smaller one. Two are needed to know
        how sure a stratum's figure is.
    most
        How many of a stratum can be drawn, where that is less than its size.

    Raises
    ------
    ValueError
        For an empty stratum, deviations that are missing or negative, or a total that is
        more than there are.
    NotEstimable
        If deviations, importance or variation are zero everywhere, or the total is less
        than the minima need.

    References
    ----------
    Neyman (1934); Cochran (1977), Sampling Techniques, 5.5; Bankier (1988), Power
    allocations, The American Statistician 42.

    Examples
    --------
    >>> found = allocate({"large": 16, "small": 48}, 24, method="neyman",
    ...                  deviations={"large": 53843**0.5, "small": 5581**0.5})
    >>> found.table[["stratum", "exact", "selected"]].round(4).to_numpy().tolist()
    [['large', 12.2084, 12], ['small', 11.7916, 12]]
    """
    people = _numbers(sizes, "sizes")
    if not (people > 0).all():
        empty = people.index[~(people > 0)][0]
        raise ValueError(f"stratum {empty!r} is empty; merge it with another, or leave it out")
    highest = people if most is None else _like(most, people, "most").clip(upper=people)
    lowest = highest.clip(upper=minimum)
    _refuse_total(total, lowest, highest, minimum)
    pull = _pull(people, method, deviations, importance, variation, power)
    exact = scaled_between(pull.to_numpy(), total, lowest.to_numpy(), highest.to_numpy())
    selected = whole_numbers(exact, total)
    table = pd.DataFrame(
        {
            "stratum": people.index,
            "population": people.to_numpy(),
            "most": highest.to_numpy(),
            "exact": exact,
            "selected": selected,
            "rate": selected / people.to_numpy(),
        }
    )
    return Allocation(table, method, total)


def _pull(
    people: pd.Series,
    method: Method,
    deviations: PerStratum | None,
    importance: PerStratum | None,
    variation: PerStratum | None,
    power: float,
) -> pd.Series:
    """What the strata's parts are proportional to."""
    if method == "proportional":
        return people
    if method == "equal":
        return pd.Series(1.0, index=people.index)
    if method == "neyman":
        if deviations is None:
            raise ValueError("neyman needs deviations: the answers' standard deviation by stratum")
        return _some(people * _spread(deviations, people, "deviations"), "deviations")
    if method == "power":
        if not 0 <= power <= 1:
            raise ValueError(f"power is from 0 to 1, not {power}")
        counts = people if importance is None else _spread(importance, people, "importance")
        varies = 1.0 if variation is None else _spread(variation, people, "variation")
        return _some(_some(counts, "importance") ** power * varies, "variation")
    raise ValueError(f"{method!r} is no allocation; use proportional, neyman, power or equal")


def _numbers(given: PerStratum, name: str) -> pd.Series:
    found = pd.Series(given, dtype=float)
    if found.empty or not found.index.is_unique:
        raise ValueError(f"{name} has no strata, or one twice; give one number a stratum")
    return found


def _like(given: PerStratum, people: pd.Series, name: str) -> pd.Series:
    found = _numbers(given, name)
    absent = people.index.difference(found.index, sort=False)
    if len(absent):
        raise ValueError(f"{name} has no number for stratum {absent[0]!r}; give one for each")
    return found.reindex(people.index)


def _spread(given: PerStratum, people: pd.Series, name: str) -> pd.Series:
    found = _like(given, people, name)
    bad = ~(np.isfinite(found) & (found >= 0))
    if bad.any():
        raise ValueError(
            f"{name} of stratum {found.index[bad][0]!r} is {found[bad].iloc[0]}; one answer or "
            "none shows no variation: merge the stratum with one like it, or allocate "
            "proportionally"
        )
    return found


def _some(pull: pd.Series, name: str) -> pd.Series:
    if not pull.sum() > 0:
        raise NotEstimable(f"{name} is 0 in every stratum; allocate proportionally instead")
    return pull


def _refuse_total(total: int, lowest: pd.Series, highest: pd.Series, minimum: int) -> None:
    if minimum < 0 or total != int(total) or total < 1:
        raise ValueError(f"total counts people, at least 1, and minimum is not negative: {total}")
    if total > highest.sum():
        raise ValueError(
            f"{total:,} are to be drawn and only {int(highest.sum()):,} can be; ask for fewer, "
            "or widen the list"
        )
    if total < lowest.sum():
        raise NotEstimable(
            f"{len(lowest)} strata of at least {minimum} need {int(lowest.sum()):,}, and "
            f"{total:,} are to be drawn; ask for more, or for fewer strata"
        )


@dataclass(frozen=True)
class TakeAll:
    """The accounts too important to be left to chance.

    ``table``: account_id, revenue, contacts (who can be asked there), certain; largest
    first.
    """

    table: pd.DataFrame
    accounts: int  # taken for certain
    contacts: int
    revenue_share: float  # of all revenue
    base: int  # accounts in all

    @property
    def certain(self) -> frozenset[str]:
        """The accounts taken for certain."""
        return frozenset(self.table.loc[self.table["certain"], "account_id"])


def take_all(
    accounts: pd.Series,
    revenue: pd.Series,
    *,
    share: float = 0.5,
    contacts: pd.Series | None = None,
    at_most: float | None = None,
) -> TakeAll:
    """The largest accounts that together make a share of revenue; all of them are asked.

    Parameters
    ----------
    accounts
        account_id of each account.
    revenue
        Its revenue, in the same rows; missing or negative counts as none.
    share
        Of all revenue that the accounts taken for certain shall make, 0 to 1. The account
        that carries the sum over it is still taken.
    contacts
        Who can be asked at each account, in the same rows.
    at_most
        Contacts that the accounts taken for certain may have in all: the list of the
        largest ends before the account that would go over it.

    Raises
    ------
    ValueError
        If no account has revenue, or for a share that is none.

    Examples
    --------
    >>> ids, money = pd.Series(["a", "b", "c"]), pd.Series([10.0, 80.0, 10.0])
    >>> sorted(take_all(ids, money, share=0.5).certain)
    ['b']
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share of revenue is from 0 to 1, not {share}")
    people = pd.Series(0, index=accounts.index) if contacts is None else contacts
    listed = pd.DataFrame(
        {
            "account_id": accounts.to_numpy(),
            "revenue": pd.Series(revenue).fillna(0.0).clip(lower=0).to_numpy(dtype=float),
            "contacts": people.to_numpy(),
        }
    ).sort_values(["revenue", "account_id"], ascending=[False, True], ignore_index=True)
    whole = float(listed["revenue"].sum())
    if not whole > 0:
        raise ValueError("no account has revenue, so none is the largest; leave take_all out")
    before = listed["revenue"].cumsum() - listed["revenue"]
    certain = (before < share * whole * (1 - 1e-12)) & (listed["revenue"] > 0)
    if at_most is not None:
        certain &= listed["contacts"].cumsum() <= at_most
    taken = listed[certain]
    return TakeAll(
        listed.assign(certain=certain),
        len(taken),
        int(taken["contacts"].sum()),
        float(taken["revenue"].sum()) / whole,
        len(listed),
    )


def variance_of_total(sizes: PerStratum, deviations: PerStratum, selected: PerStratum) -> float:
    """Variance of an estimated total from a stratified random sample.

    Raises
    ------
    ValueError
        For a stratum from which nobody is drawn, or more than it has.

    References
    ----------
    Cochran (1977), Sampling Techniques, 5.3 and example 5.9.

    Examples
    --------
    >>> round(variance_of_total({"a": 16, "b": 48}, {"a": 53843**0.5, "b": 5581**0.5},
    ...                         {"a": 6, "b": 18}), 3)
    1882293.333
    """
    people = _numbers(sizes, "sizes")
    drawn = _like(selected, people, "selected")
    if not ((drawn > 0) & (drawn <= people)).all():
        raise ValueError("each stratum needs at least 1 drawn, and at most all of it")
    spread: Floats = _spread(deviations, people, "deviations").to_numpy(dtype=float)
    n, size = drawn.to_numpy(dtype=float), people.to_numpy(dtype=float)
    return float((size**2 * (1 - n / size) * spread**2 / n).sum())

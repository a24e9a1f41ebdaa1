"""One draw by the options of a plan: the largest apart, the others by stratum."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.sample_design.allocation import TAKE_ALL, Allocation, Method, TakeAll
from helpers.methods.sample_design.chances import (
    drawn,
    inclusion,
    per_role_targets,
    shortlist,
)
from helpers.methods.sample_design.selection import How
from helpers.methods.sample_design.strata import allocated, largest

__all__ = ["Drawing", "Options", "divide", "draw", "set_apart", "shortlisted"]


@dataclass(frozen=True, slots=True)
class Options:
    """How a sample is to be divided and drawn.

    Parameters
    ----------
    strata
        Columns of accounts; a stratum is a combination of their values.
    take_all_share
        Share of revenue, 0 to 1; 0 takes no account for certain.
    allocation
        ``proportional``, ``neyman`` (needs earlier answers), ``power`` (by revenue, or by
        people where no money was sent) or ``equal``.
    selection
        ``accounts`` draws whole accounts (`by_account`), ``random`` draws people
        (`simple_random`), ``systematic`` and ``pps`` go down the list by revenue.
    per_role
        People asked per role at an account: one number, a number by role (other roles are
        not asked), or ``None`` for all.
    minimum, power
        As for `allocate`.
    """

    strata: Sequence[str] = ()
    take_all_share: float = 0.5
    allocation: Method = "proportional"
    selection: How = "accounts"
    per_role: int | Mapping[str, int] | None = None
    minimum: int = 2
    power: float = 0.5


@dataclass(frozen=True)
class Drawing:
    """The eligible with their chances, how their number is divided and, of a draw, who is in."""

    people: pd.DataFrame
    certain: TakeAll | None
    allocation: Allocation
    base: int  # people drawn
    selected: Mapping[Hashable, int]  # how many of each stratum

    @property
    def design_effect(self) -> float:
        """Kish's design effect of the base weights, as the chances let one expect it."""
        chances = self.people["inclusion_probability"].to_numpy()
        return float(self.base * (1 / chances).sum() / len(chances) ** 2)


def shortlisted(
    people: pd.DataFrame, options: Options, *, rng: np.random.Generator
) -> pd.DataFrame:
    """The eligible people with the chance to be among those asked at their account.

    Examples
    --------
    >>> people = pd.DataFrame({"account_id": ["x"] * 4, "role": ["user"] * 4})
    >>> found = shortlisted(people, Options(per_role=2), rng=np.random.default_rng(1))
    >>> int(found["shortlisted"].sum())
    2
    """
    return people.join(shortlist(people, per_role_targets(people, options.per_role), rng=rng))


def divide(
    people: pd.DataFrame, total: int, options: Options, answers: pd.DataFrame | None
) -> Drawing:
    """Divide a number of people among the strata: the chance of each, before anyone is drawn.

    Parameters
    ----------
    people
        contact_id, account_id, stratum, role and, where known, revenue, with what
        `shortlisted` adds.
    total
        People to be drawn.
    options
        How.
    answers
        Earlier ones: account_id and score.

    Raises
    ------
    NotEstimable
        If fewer can be asked.

    Examples
    --------
    >>> people = pd.DataFrame({"account_id": list("xxyy"), "stratum": "everyone"})
    >>> people = shortlisted(people, Options(), rng=np.random.default_rng(1))
    >>> divide(people, 2, Options(), None).people["inclusion_probability"].tolist()
    [0.5, 0.5, 0.5, 0.5]
    """
    there = int(people["shortlisted"].sum())
    if total > there:
        raise NotEstimable(
            f"{total:,} invitations are wanted and {there:,} people can be asked with the rules "
            "as they are; ask for fewer, ask more per role, or shorten the quarantine"
        )
    certain = largest(people, options.take_all_share, total, options.minimum)
    people = set_apart(people, certain)
    selected: dict[Hashable, int] = {TAKE_ALL: certain.contacts} if certain else {}
    allocation = allocated(
        people[people["stratum"] != TAKE_ALL],
        total - sum(selected.values()),
        method=options.allocation,
        minimum=options.minimum,
        power=options.power,
        answers=answers,
    )
    selected |= allocation.selected
    chances = inclusion(people, selected, options.selection)
    people = people.assign(inclusion_probability=chances)
    return Drawing(people, certain, allocation, total, selected)


def draw(division: Drawing, options: Options, *, rng: np.random.Generator) -> Drawing:
    """Draw the people of a division.

    Examples
    --------
    >>> people = pd.DataFrame({"account_id": list("xxyy"), "stratum": "everyone"})
    >>> people = shortlisted(people, Options(), rng=np.random.default_rng(1))
    >>> division = divide(people, 2, Options(), None)
    >>> int(draw(division, Options(), rng=np.random.default_rng(1)).people["selected"].sum())
    2
    """
    people = division.people
    chances = drawn(people, division.selected, how=options.selection, rng=rng)
    people = people.drop(columns=["contact_probability", "inclusion_probability"]).join(chances)
    people["base_weight"] = 1 / people["inclusion_probability"]
    return replace(division, people=people)


def set_apart(people: pd.DataFrame, certain: TakeAll | None) -> pd.DataFrame:
    """The people, those of accounts taken for certain in a stratum of their own.

    >>> set_apart(pd.DataFrame({"stratum": ["x"]}), None)["stratum"].tolist()
    ['x']
    """
    if certain is None:
        return people
    apart = people["account_id"].isin(certain.certain)
    return people.assign(stratum=people["stratum"].mask(apart, TAKE_ALL))

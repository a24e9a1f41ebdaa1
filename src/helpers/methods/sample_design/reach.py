"""How many must be invited so that a plan reaches a margin, its own unequal weights counted."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.sample_design.drawing import Options, divide
from helpers.methods.sample_design.expectations import Expected
from helpers.methods.sample_design.sizes import SampleSize, margin_of, size_for_margin
from helpers.methods.sample_design.strata import fewest

__all__ = ["size_for_plan"]


def size_for_plan(
    margin: float,
    people: pd.DataFrame,
    options: Options,
    hoped: Expected,
    answers: pd.DataFrame | None,
    confidence: float,
) -> SampleSize:
    """The fewest invitations with which a plan reaches a margin for a share of 50 %.

    Where some people are more likely to be drawn than others, their weights differ, and
    that costs precision; how much depends on how many are drawn. So the number is
    searched for which is enough for the weights that it brings.

    Parameters
    ----------
    margin
        Half the width of the interval, as a share.
    people
        As for `divide`.
    hoped
        Response rate and design effect to expect.

    Raises
    ------
    NotEstimable
        If inviting everyone who can be asked is not enough; says what that would reach.

    Examples
    --------
    >>> people = pd.DataFrame({"account_id": range(1_000), "stratum": "everyone",
    ...                        "shortlisted": True, "contact_probability": 1.0})
    >>> hoped = Expected(0.5, 1.0, "as given", "as given", 0, 0)
    >>> size_for_plan(0.05, people, Options(), hoped, None, 0.95).invitations
    556
    """
    there = int(people["shortlisted"].sum())

    def needed(total: int) -> SampleSize | None:
        effect = divide(people, total, options, answers).design_effect
        return _size(margin, hoped, effect, len(people), confidence)

    least = _size(margin, hoped, 1.0, len(people), confidence)
    whole = needed(there) if least and least.invitations <= there else None
    if least is None or whole is None or whole.invitations > there:
        raise NotEstimable(_too_few(margin, there, len(people), hoped, confidence))
    low, high = max(least.invitations, fewest(people, options.minimum)), there
    while low < high:
        middle = (low + high) // 2
        found = needed(middle)
        if found is not None and found.invitations <= middle:
            high = middle
        else:
            low = middle + 1
    # one fewer would weigh people less evenly and miss it, even where the formula asks for that
    return replace(needed(high) or whole, invitations=high)


def _size(
    margin: float, hoped: Expected, effect: float, population: int, confidence: float
) -> SampleSize | None:
    try:
        return size_for_margin(
            margin,
            confidence=confidence,
            design_effect=hoped.design_effect * effect,
            population=population,
            response_rate=hoped.response_rate,
        )
    except NotEstimable:
        return None


def _too_few(margin: float, there: int, population: int, hoped: Expected, confidence: float) -> str:
    best = margin_of(
        there * hoped.response_rate,
        confidence=confidence,
        design_effect=hoped.design_effect,
        population=population,
    )
    return (
        f"a margin of {100 * margin:g} points cannot be reached: {there:,} people can be asked, "
        f"and all of them, at a response rate of {hoped.response_rate:.1%}, give "
        f"{100 * best:.1f} points; accept a wider margin, ask more per role, shorten the "
        "quarantine, or raise the response rate"
    )

"""The words of the drivers chapter: what to improve first, said with caution."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.words.rules import first_that_fits

__all__ = ["answer", "ask", "doubts", "halo", "so_what"]

STRONG_HALO = 0.5  # mean correlation from which shares are visibly flattened


def answer(figures: Mapping[str, Figure]) -> str:
    """The driver that a reachable improvement of would go with most loyalty."""
    if "top_driver" not in figures:
        return (
            "No single driver stands out: with {respondents:value} respondents, none of the "
            "{drivers:value} has an effect that is surely above zero once the others are "
            "held still."
        )
    if "rival" in figures:
        return (
            "{top_driver} and {rival} matter most and cannot be told apart: those who rate either "
            "one point higher are {top_effect} and {rival_effect} points higher on "
            "{outcome_label}, the other drivers being equal. {top_driver} comes first by a hair."
        )
    return (
        "{top_driver} first. Those who rate it one point higher are {top_effect} points higher on "
        "{outcome_label}, the other drivers being equal."
    )


def so_what(figures: Mapping[str, Figure]) -> str:
    """Where raw scores alone would have led."""
    return first_that_fits(
        figures,
        "Raw scores alone would have sent you to {raw_without_effect}, the lowest rated at "
        "{raw_mean}. A point there goes with {raw_effect}, which may be nothing, against "
        "{top_effect} for {top_driver}.",
        "The lowest rated is {raw_driver} at {raw_mean}. A point there goes with {raw_effect}, "
        "against {top_effect} for {top_driver}: not worthless, but not surely first.",
        "The lowest score points the same way: {top_driver} is also the lowest rated.",
        "Raw scores would send you to {raw_driver}, the lowest rated at {raw_mean}, but nothing "
        "here shows that improving it would go with more loyalty.",
    )


def halo(figures: Mapping[str, Figure]) -> str:
    """The warning that importance shares are flattened when drivers move together."""
    if float(figures["halo_correlation"].value or 0) < STRONG_HALO:
        return (
            "Ratings move together ({halo_correlation:value} on average between two drivers), "
            "which draws importance shares somewhat towards an equal split of {equal_share:value}. "
            "The effect beside each share is the firmer guide. Ratings and loyalty come from one "
            "questionnaire, so part of what they share is the mood of the day."
        )
    return (
        "Customers who like one thing tend to like the rest: the ratings correlate at "
        "{halo_correlation:value} on average. That draws the shares towards an equal split of "
        "{equal_share:value} each, so a driver without any effect still gets a share. Read the "
        "effect beside it, and do not tell a story from the order of near-equal shares."
    )


def ask(figures: Mapping[str, Figure], owner: str, due: str) -> dict[str, str]:
    """The call for action."""
    what = first_that_fits(
        figures,
        "Choose the two or three actions that would raise {top_driver} by a point, cost them, "
        "and put the cheapest into the plan of the next quarter.",
    )
    return {"what": what, "owner": owner or "to be named", "due": due} if what else {}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    found = []
    if "raw_without_effect" in figures and "top_driver" in figures:
        found.append(
            "The lowest score ({raw_without_effect}, {raw_mean}) is not where better ratings go "
            "with more loyalty."
        )
    share = figures.get("top_importance")
    equal = figures.get("equal_share")
    if share and equal and share.low is not None and share.low < float(equal.value or 0):
        found.append(
            "{top_driver}'s share of what is explained, {top_importance}, may be no more than an "
            "equal split."
        )
    return tuple(found)

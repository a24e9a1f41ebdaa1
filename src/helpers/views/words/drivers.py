"""The words of the drivers chapter: what to improve first, said with caution."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.words.rules import first_that_fits

__all__ = [
    "answer",
    "ask",
    "bends",
    "doubts",
    "halo",
    "lifted",
    "model",
    "placed",
    "said",
    "segments",
    "shapes",
    "so_what",
]

STRONG_HALO = 0.5  # mean correlation from which shares are visibly flattened


def answer(figures: Mapping[str, Figure]) -> str:
    """The driver that a reachable improvement of would go with most loyalty."""
    if "top_driver" not in figures:
        return first_that_fits(
            figures,
            "No driver stands out for sure: with {respondents:value} respondents, intervals lie "
            "above zero for {leaning_drivers:value} of {drivers:value} drivers ({leaning}), but "
            "none stands after correction for looking at {drivers:value} drivers.",
            "No single driver stands out: with {respondents:value} respondents, none of the "
            "{drivers:value} has an effect that is surely above zero once the others are "
            "held still.",
        )
    chance = first_that_fits(
        figures,
        " With accounts drawn again, its effect is the largest {top_first:value} of the time.",
    )
    if "rival" in figures:
        return (
            "{top_driver} and {rival} matter most and cannot be told apart: those who rate either "
            "one point higher are {top_effect} and {rival_effect} points higher on "
            "{outcome_label}, the other drivers being equal. {top_driver} comes first by a hair."
            + chance
        )
    return (
        "{top_driver} first. Those who rate it one point higher are {top_effect} points higher on "
        "{outcome_label}, the other drivers being equal." + chance
    )


def so_what(figures: Mapping[str, Figure]) -> str:
    """Where raw scores alone would have led."""
    return first_that_fits(
        figures,
        "{raw_rival} is also the lowest rated, at {raw_mean}: of the two, it is where more is left "
        "to improve.",
        "Raw scores alone would have sent you to {raw_against}, the lowest rated at {raw_mean}. "
        "With the other drivers equal, a point there goes with {raw_effect}, so not with more; "
        "for {top_driver} it is {top_effect}.",
        "Raw scores alone would have sent you to {raw_without_effect}, the lowest rated at "
        "{raw_mean}. A point there goes with {raw_effect}, which may be nothing, against "
        "{top_effect} for {top_driver}.",
        "The lowest rated is {raw_leaning} at {raw_mean}. A point there goes with {raw_effect}, "
        "which does not stand after correction for looking at {drivers:value} drivers; for "
        "{top_driver} it is {top_effect}, which does.",
        "The lowest rated is {raw_driver} at {raw_mean}. A point there goes with {raw_effect}, "
        "against {top_effect} for {top_driver}: not worthless, but not surely first.",
        "The lowest score points the same way: {top_driver} is also the lowest rated.",
        "Raw scores would send you to {raw_leaning}, the lowest rated at {raw_mean}. A point there "
        "goes with {raw_effect}, but that does not stand after correction for looking at "
        "{drivers:value} drivers.",
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
    """The call for action: a driver to raise, or, where none is clear, whom to ask what."""
    what = first_that_fits(
        figures,
        "Choose the two or three actions that would raise {top_driver} or {rival} by a point, cost "
        "them, and put the cheapest into the plan of the next quarter.",
        "Choose the two or three actions that would raise {top_driver} by a point, cost them, "
        "and put the cheapest into the plan of the next quarter.",
        "Choose no driver on these answers. Ask ten customers about {leaning}, where an effect is "
        "likeliest, and collect more answers in the next wave than the {respondents:value} of "
        "this one.",
        "Choose no driver on these answers. Ask ten customers about {lead_driver} and "
        "{next_driver}, which lead most often when accounts are drawn again "
        "({lead_first:value} and {next_first:value} of the time), and collect more answers in the "
        "next wave than the {respondents:value} of this one.",
        "Choose no driver on these answers: collect more of them in the next wave than the "
        "{respondents:value} of this one.",
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


def shapes(figures: Mapping[str, Figure]) -> str:
    """Which drivers are missed when bad, and which please when good."""
    floors = (
        "Surely a floor: {floors}. A point among low ratings goes with more on {outcome_label} "
        "than a point among high ones."
    )
    delighters = (
        "Surely a delighter: {delighters}. A point among high ratings goes with more on "
        "{outcome_label} than a point among low ones."
    )
    return first_that_fits(
        figures,
        f"{floors} {delighters}",
        f"{floors} See to the low ratings first.",
        f"{delighters} Being better than usual counts there.",
        "None of the {shapes_judged:value} drivers is surely a floor or a delighter: with these "
        "answers, low and high ratings do not differ firmly in what a point goes with.",
    )


def bends(figures: Mapping[str, Figure]) -> str:
    """Where a curve levels off or takes off."""
    return first_that_fits(
        figures,
        "{levels_off} levels off: up to a rating of {bend_at}, each point goes with {bend_below} "
        "points on {outcome_label}; beyond it, with {bend_above}.",
        "{takes_off} takes off: below a rating of {bend_at}, each point goes with {bend_below} "
        "points on {outcome_label}; beyond it, with {bend_above}.",
        "No threshold is supported: for each of {curves:value} drivers a straight line does as "
        "well as a bent one.",
    )


def placed(figures: Mapping[str, Figure]) -> str:
    """How far quadrants can be trusted."""
    return first_that_fits(
        figures,
        "Important and rated low wherever the lines are drawn: {improve}. "
        "{placed_firm:value} of {placed_of:value} drivers keep their place under every line "
        "tried; read the others' places as a matter of where one draws it.",
        "{placed_firm:value} of {placed_of:value} drivers keep their place wherever the lines are "
        "drawn; none of them is surely one to improve. Read the others' places as a matter of "
        "where one draws the line.",
    )


def said(figures: Mapping[str, Figure]) -> str:
    """Where what customers say and what goes with their loyalty part ways."""
    parts = [
        first_that_fits(figures, template)
        for template in (
            "Hidden, going with loyalty more than customers say: {hidden}.",
            "Said only: {entry}. Called important, but better ratings go with no more loyalty than "
            "elsewhere: often a price of entry, missed when absent.",
            "Both said and seen: {agreed}.",
            "Neither: {neither}.",
        )
    ]
    return " ".join(filter(None, parts)) or first_that_fits(
        figures,
        "None of {unplaced:value} drivers can be placed firmly: stated or derived importance lies "
        "too near the average.",
    )


def lifted(figures: Mapping[str, Figure]) -> str:
    """What lifting all low ratings of one driver would be worth, if the link holds."""
    opening = "Largest potential that is surely above zero:"
    if "lift_unsure" in figures:
        opening = (
            "Largest potential, though not surely above zero once corrected for looking at "
            "{drivers:value} drivers:"
        )
    worth = (
        "{lift_driver}. {lift_reach:value} rate it below {lift_target:value}, by "
        "{lift_headroom:value} points on average. Lifting them all to {lift_target:value} would "
        "be worth {lift} points on {outcome_label} over the whole base, if the link holds. It "
        "comes first {lift_first:value} of the time when accounts are drawn again."
    )
    return first_that_fits(
        figures,
        f"{opening} {worth}",
        "For none of {lifts_tried:value} drivers is the potential surely above zero over all the "
        "customers it would reach.",
    )


def model(name: str) -> str:
    """What is computed by another model than a straight line, and what is not; else nothing."""
    if name == "linear":
        return ""
    called = {"logit": "a logit model", "proportional_odds": "a proportional-odds model"}[name]
    return (
        f"Shares and effects are those of {called}, the effect being the mean change of the "
        "expected outcome a point. Everything else on this page stays linear: the chance of having "
        "the largest effect, places, shapes, curves, stated importance, potential, segments and "
        "dominance"
    )


def segments(figures: Mapping[str, Figure]) -> str:
    """Whether drivers matter alike to all customers."""
    return first_that_fits(
        figures,
        "{segment_driver} does not matter alike by {segment_by}: a point goes with "
        "{segment_most_effect} for {segment_most} and with {segment_least_effect} for "
        "{segment_least}. Tests that find a difference, once corrected for their number: "
        "{segment_differences:value} of {segment_tests:value}.",
        "None of {segment_tests:value} tests finds a driver that matters more to one segment than "
        "to another, once corrected for their number: one list of priorities serves all. A "
        "difference may be too small for this base to show.",
    )

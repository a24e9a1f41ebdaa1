"""The words of the drivers chapter on shapes, places, potential and segments."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import all_that_fit, first_that_fits
from helpers.views.rendering.verdicts import by_verdict

FLOORS = (
    "Clearly a floor: {floors}. A point among low ratings has a larger effect on {outcome_label} "
    "than a point among high ones."
)
DELIGHTERS = (
    "Clearly a delighter: {delighters}. A point among high ratings has a larger effect on "
    "{outcome_label} than a point among low ones."
)
NO_SHAPE = (
    "None of the {shapes_judged:value} drivers is clearly a floor or a delighter: with these "
    "answers, low and high ratings do not differ firmly in the effect of a point."
)
SHAPES = by_verdict(
    "shapes_judged",
    {
        "both": f"{FLOORS} {DELIGHTERS}",
        "floors": f"{FLOORS} See to the low ratings first.",
        "delighters": f"{DELIGHTERS} Being better than usual counts there.",
        "none": (
            f"{NO_SHAPE} The curves below look at every rating and find a bend in {{bend_beside}}.",
            NO_SHAPE,
        ),
    },
)
SIDES = (
    "at a rating of {bend_where}. Below it, the effect of a point is {bend_below} points on "
    "{outcome_label}; above it, {bend_above}."
)
SEVERAL = "The table below gives the effect of a point on either side."
BENDS = by_verdict(
    "bends",
    {
        "none": "No bend is clear, once corrected for looking at {curves:value} drivers, and "
        "straight lines are drawn. A bend too slight for this many answers would be missed.",
        "levels off": f"{{bend_driver}} levels off {SIDES}",
        "takes off": f"{{bend_driver}} takes off {SIDES}",
        "several": (
            f"Levelling off: {{levelling}}. Taking off: {{taking}}. {SEVERAL}",
            f"Levelling off: {{levelling}}. {SEVERAL}",
            f"Taking off: {{taking}}. {SEVERAL}",
        ),
    },
)
FIRM = (
    "{placed_firm:value} of {placed_of:value} drivers keep their place firmly under every line "
    "tried; the others' places depend on the line, or on chance."
)
PLACED = by_verdict(
    "placed_firm",
    {
        "clear": f"Important and rated low wherever the lines are drawn: {{improve}}. {FIRM}",
        "in part": "Important and rated low wherever the lines are drawn: {improve}. So is "
        f"{{improve_not_clear}}, but without an effect that is clearly above zero. {FIRM}",
        "not clear": "A large share and a low rating wherever the lines are drawn: "
        "{improve_not_clear}. No effect there is clearly above zero, so this is no ground for a "
        f"choice. {FIRM}",
        "none": "{placed_firm:value} of {placed_of:value} drivers keep their place firmly "
        "wherever the lines are drawn; none of them is clearly one to improve. The others' places "
        "depend on the line, or on chance.",
    },
)
STATED = (
    "Hidden, mattering more to loyalty than customers say: {hidden}.",
    "Said only: {entry}. Called important, but better ratings are not seen to be linked to more "
    "loyalty: often a price of entry, missed when absent.",
    "Both said and seen: {agreed}.",
    "Neither: {neither}.",
)
UNPLACED = (
    "{unplaced:if none placed}None of {unplaced:value} drivers can be placed firmly: stated or "
    "derived importance lies too near the average."
)
WORTH = (
    "{lift_driver}. {lift_reach:value} of its ratings are below {lift_target:value}, by "
    "{lift_headroom:value} points on average. Lifting them all to {lift_target:value} would be "
    "worth {lift} {points} on {outcome_label} over the whole base, if the link is one of cause. "
    "This potential is the largest in {lift_first:value} of bootstrap samples."
)
LIFTED = by_verdict(
    "lifts_tried",
    {
        "clear": f"Largest potential that is clearly above zero: {WORTH}",
        "not clear": "Largest potential, though not clearly above zero once corrected for looking "
        f"at {{lifts_tried:value}} drivers: {WORTH}",
        "none": "For none of {lifts_tried:value} drivers is the potential clearly above zero over "
        "all that it would reach.",
    },
)
UNSEEN = (
    "No difference between segments is shown by {segment_tests:value} tests, corrected for their "
    "number. That does not show that there is none:"
)
FOUND = (
    "Tests that find a difference, once corrected for their number: {segment_differences:value} of "
    "{segment_tests:value}."
)
SEGMENTS = by_verdict(
    "segment_differences",
    {
        "differ": (
            "{segment_driver} does not matter alike by {segment_by}: the effect of a point is "
            "{segment_most_effect} for {segment_most} and {segment_least_effect} for "
            f"{{segment_least}}. {FOUND}",
            FOUND,
        ),
        "none shown": (
            f"{UNSEEN} a typical test finds effects of a point that differ by "
            "{segment_seen:value} {points} of {outcome_label} four times in five or more, and "
            "often misses smaller differences.",
            f"{UNSEEN} with so few in some segments, hardly any difference would be found.",
        ),
    },
)


def shapes(figures: Mapping[str, Figure]) -> str:
    """Which drivers are missed when bad, and which please when good."""
    return SHAPES(figures)


def bends(figures: Mapping[str, Figure]) -> str:
    """Where curves level off or take off."""
    return BENDS(figures)


def placed(figures: Mapping[str, Figure]) -> str:
    """How far quadrants can be trusted."""
    return PLACED(figures)


def said(figures: Mapping[str, Figure]) -> str:
    """Where what customers say and what their loyalty depends on part ways."""
    return all_that_fit(figures, *STATED) or first_that_fits(figures, UNPLACED)


def lifted(figures: Mapping[str, Figure]) -> str:
    """What lifting all low ratings of one driver would be worth, if the link is one of cause."""
    return LIFTED(figures)


def segments(figures: Mapping[str, Figure]) -> str:
    """Whether drivers matter alike to all customers."""
    return SEGMENTS(figures)

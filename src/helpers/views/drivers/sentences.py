"""The words of the drivers chapter: what to improve first, said with caution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helpers.results import Figure
from helpers.views.rendering.rules import all_that_fit, first_that_fits, listed

__all__ = [
    "answer",
    "ask",
    "bends",
    "counts",
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

WEAK_HALO = 0.2  # below it, shares are hardly drawn together
STRONG_HALO = 0.5  # mean correlation from which shares are visibly flattened


def answer(figures: Mapping[str, Figure]) -> str:
    """The drivers that a reachable improvement of would go with most loyalty."""
    found = _without(figures) if "top_driver" not in figures else _first(figures)
    more = all_that_fit(
        figures,
        "What {tangled} go with cannot be told, as they follow from one another.",
        "One account gives {dominant_held:value} of the answers: shares are known no better than "
        "from about {dominant_alike:value} equal accounts.",
    )
    return " ".join(filter(None, (found, more)))


def _without(figures: Mapping[str, Figure]) -> str:
    found = first_that_fits(
        figures,
        "{only_driver} is the only driver asked about; with {respondents:base}, its effect is not "
        "surely above zero.",
        "No driver stands out for sure: with {respondents:base}, intervals lie above zero for "
        "{leaning_drivers:value} of {drivers:value} drivers ({leaning}), but none stands after "
        "correction for looking at {drivers:value} drivers.",
        "No single driver stands out: with {respondents:base}, none of the {drivers:value} has an "
        "effect that is surely above zero once the others are held still.",
    )
    chance = first_that_fits(
        figures,
        " Together they explain no more than chance could (joint test, p = {joint_p:value}): their "
        "shares say nothing.",
    )
    return found + chance


def _first(figures: Mapping[str, Figure]) -> str:
    """One driver only where it beats every other; else all that cannot be told apart."""
    if "only_driver" in figures:
        return (
            "{only_driver} is the only driver asked about. Where it is rated {step} higher, "
            "{outcome_label} is {top_effect} {points} higher."
        )
    among = (
        "Where one of them is rated {step} higher, {outcome_label} is higher by {least_effect} "
        "{points} for {least_driver}, up to {top_effect} for {top_driver}, the other drivers being "
        "equal."
    )
    rated = (
        "Where it is rated {step} higher, {outcome_label} is {top_effect} {points} higher, the "
        "other drivers being equal."
    )
    found = first_that_fits(
        figures,
        f"{{alone}} first. {rated}",
        "{single} is the one driver with an effect surely above zero, but not surely the first: "
        f"{{unsettled}} cannot be told from it. {rated}",
        f"{{alike}} matter most and cannot be told apart. {among}",
        "{alike_drivers:value} of {drivers:value} drivers matter most and cannot be told apart, "
        f"{{alike_more}} among them. {among}",
    )
    if "least_driver" in figures:
        more = "That {unsettled} matters as much cannot be ruled out."
    else:
        more = (
            "In {top_first:value} of redrawn samples, a step within reach goes with most on "
            "{top_driver}."
        )
    return " ".join(filter(None, (found, first_that_fits(figures, more))))


def so_what(figures: Mapping[str, Figure]) -> str:
    """Where raw scores alone would have led."""
    if "only_driver" in figures:
        return "One driver has nothing to be set against: ask about more in the next wave."
    return first_that_fits(
        figures,
        "{raw_rival}, one of them, is also the lowest rated, at {raw_mean}: there most is left to "
        "improve.",
        "Raw scores alone would have sent you to {raw_against}, the lowest rated at {raw_mean}. "
        "With the other drivers equal, {step} more there goes with {raw_effect}, so not with more; "
        "for {top_driver} it is {top_effect}.",
        "Raw scores alone would have sent you to {raw_without_effect}, the lowest rated at "
        "{raw_mean}. There, {step} more goes with {raw_effect}, which may be nothing, against "
        "{top_effect} for {top_driver}.",
        "The lowest rated is {raw_leaning} at {raw_mean}. There, {step} more goes with "
        "{raw_effect}, which does not stand after correction for looking at {drivers:value} "
        "drivers; for {top_driver} it is {top_effect}, which does.",
        "The lowest rated is {raw_driver} at {raw_mean}. There, {step} more goes with "
        "{raw_effect}, against {top_effect} for {top_driver}: not worthless, but not surely first.",
        "The lowest score points the same way: {top_driver} is also the lowest rated.",
        "Raw scores would send you to {raw_leaning}, the lowest rated at {raw_mean}. There, {step} "
        "more goes with {raw_effect}, but that does not stand after correction for looking at "
        "{drivers:value} drivers.",
        "Raw scores would send you to {raw_driver}, the lowest rated at {raw_mean}, but nothing "
        "here shows that improving it would go with more loyalty.",
    )


def halo(figures: Mapping[str, Figure]) -> str:
    """How far importance shares are flattened because drivers move together."""
    together = figures.get("halo_correlation")
    if together is None or together.value is None:
        return ""
    if float(together.value) < WEAK_HALO:
        return (
            "Ratings hardly move together ({halo_correlation:value} on average between two "
            "drivers), so shares are not drawn towards an equal split. Ratings and outcome come "
            "from one questionnaire, so part of what they share is the mood of the day."
        )
    if float(together.value) < STRONG_HALO:
        return (
            "Ratings move together ({halo_correlation:value} on average between two drivers), "
            "which draws importance shares somewhat towards an equal split of {equal_share:value}. "
            "The effect beside each share is the firmer guide. Ratings and loyalty come from one "
            "questionnaire, so part of what they share is the mood of the day."
        )
    return (
        "Where one thing is rated high, the rest tends to be: the ratings correlate at "
        "{halo_correlation:value} on average. That draws the shares towards an equal split of "
        "{equal_share:value} each, so a driver without any effect still gets a share. Read the "
        "effect beside it, and do not tell a story from the order of near-equal shares."
    )


def counts(counted: str, held: Sequence[str] = (), *, weighted: bool = True) -> str:
    """How answers count, and which ratings are held equal, for the line under the answer.

    >>> counts("respondents", ["Expectations"])
    'answers weighted as in the sampling chapter; held equal: Expectations'
    """
    how = "weighted as in the sampling chapter" if weighted else "all counted alike"
    each = f"answers {how}"
    if counted != "respondents":
        each = (
            f"the {counted} {how}, not by how many answers are behind each; a link between "
            f"{counted} is not one between the people in them"
        )
    return f"{each}; held equal: {listed(list(held))}" if held else each


def ask(figures: Mapping[str, Figure], owner: str, due: str) -> dict[str, str]:
    """The call for action: drivers to raise, or, where none is clear, whom to ask what."""
    what = first_that_fits(
        figures,
        "Find an action or two that would raise {alike_any} by {step}, and cost them. As these "
        "drivers cannot be told apart, choose by cost: put the cheapest into the plan of the next "
        "quarter.",
        "Choose the two or three actions that would raise {top_driver} by {step}, cost them, "
        "and put the cheapest into the plan of the next quarter.",
        "Choose no driver on these answers. Ask ten people about {leaning}, where an effect is "
        "likeliest, and collect more answers in the next wave than this one's {respondents:base}.",
        "Choose no driver on these answers. Ask ten people about {lead_driver} and "
        "{next_driver}, which go with most in {lead_first:value} and {next_first:value} of "
        "redrawn samples, and collect more answers in the next wave than this one's "
        "{respondents:base}.",
        "Choose no driver on these answers: collect more of them in the next wave than this one's "
        "{respondents:base}.",
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
    if "dominant_first" in figures:
        found.append(
            "Without the largest account, {dominant_first} has {dominant_without:value} of what is "
            "explained instead of {dominant_with:value}."
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
    none = (
        "None of the {shapes_judged:value} drivers is surely a floor or a delighter: with these "
        "answers, low and high ratings do not differ firmly in what a point goes with."
    )
    return first_that_fits(
        figures,
        f"{floors} {delighters}",
        f"{floors} See to the low ratings first.",
        f"{delighters} Being better than usual counts there.",
        f"{none} The curves below look at every rating, and find a bend in {{bend_beside}}.",
        none,
    )


def bends(figures: Mapping[str, Figure]) -> str:
    """Where curves level off or take off."""
    sides = (
        "at a rating of {bend_where}. Below it, each point goes with {bend_below} points on "
        "{outcome_label}; above it, with {bend_above}."
    )
    several = "The table below gives what a point goes with on either side."
    return first_that_fits(
        figures,
        f"{{levels_off}} levels off {sides}",
        f"{{takes_off}} takes off {sides}",
        f"Levelling off: {{levelling}}. Taking off: {{taking}}. {several}",
        f"Levelling off: {{levelling}}. {several}",
        f"Taking off: {{taking}}. {several}",
        "No bend is sure, once corrected for looking at {curves:value} drivers, and straight lines "
        "are drawn. A bend too slight for this many answers would be missed.",
    )


def placed(figures: Mapping[str, Figure]) -> str:
    """How far quadrants can be trusted."""
    firm = (
        "{placed_firm:value} of {placed_of:value} drivers keep their place firmly under every line "
        "tried; the others' places hang on the line, or on chance."
    )
    return first_that_fits(
        figures,
        "Important and rated low wherever the lines are drawn: {improve}. So is "
        f"{{improve_unsure}}, but without an effect that is surely above zero. {firm}",
        f"Important and rated low wherever the lines are drawn: {{improve}}. {firm}",
        "A large share and a low rating wherever the lines are drawn: {improve_unsure}. No effect "
        f"there is surely above zero, so this is no ground for a choice. {firm}",
        "{placed_firm:value} of {placed_of:value} drivers keep their place firmly wherever the "
        "lines are drawn; none of them is surely one to improve. The others' places hang on the "
        "line, or on chance.",
    )


def said(figures: Mapping[str, Figure]) -> str:
    """Where what customers say and what goes with their loyalty part ways."""
    parts = [
        first_that_fits(figures, template)
        for template in (
            "Hidden, going with loyalty more than customers say: {hidden}.",
            "Said only: {entry}. Called important, but better ratings are not seen to go with more "
            "loyalty: often a price of entry, missed when absent.",
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
        "{lift_driver}. {lift_reach:value} of its ratings are below {lift_target:value}, by "
        "{lift_headroom:value} points on average. Lifting them all to {lift_target:value} would "
        "be worth {lift} {points} on {outcome_label} over the whole base, if the link holds. This "
        "potential is the largest {lift_first:value} of the time when accounts are drawn again."
    )
    return first_that_fits(
        figures,
        f"{opening} {worth}",
        "For none of {lifts_tried:value} drivers is the potential surely above zero over all "
        "that it would reach.",
    )


def model(name: str) -> str:
    """What is computed by another model than a straight line, and what is not; else nothing."""
    if name == "linear":
        return ""
    called = {"logit": "a logit model", "proportional_odds": "a proportional-odds model"}[name]
    return (
        f"The shares and effects above are those of {called}, the effect being the mean change of "
        "the expected outcome a point. From here on this page is linear (the chance of having the "
        "largest step, places, shapes, curves, stated importance, potential, segments and "
        "dominance), so the same driver's effect can differ a little. McFadden's R² is smaller "
        "than a linear R² of the same answers and not to be set beside it"
    )


def segments(figures: Mapping[str, Figure]) -> str:
    """Whether drivers matter alike to all customers."""
    unseen = (
        "No difference between segments is shown by {segment_tests:value} tests, corrected for "
        "their number. That does not show that there is none:"
    )
    return first_that_fits(
        figures,
        "{segment_driver} does not matter alike by {segment_by}: a point goes with "
        "{segment_most_effect} for {segment_most} and with {segment_least_effect} for "
        "{segment_least}. Tests that find a difference, once corrected for their number: "
        "{segment_differences:value} of {segment_tests:value}.",
        f"{unseen} a typical test finds effects of a point that differ by {{segment_seen:value}} "
        "{points} four times in five or more, and often misses smaller differences.",
        f"{unseen} with so few in some segments, hardly any difference would be found.",
    )

"""The words on customer focus: asked and not seen to act, promised and not told."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import first_that_fits, paragraph, shown
from helpers.views.rendering.verdicts import by_verdict

BOTH = (
    "asking stands at {solicit_recorded} of a hundred on record, acting as customers see it at "
    "{acted_perceived}"
)
PLACE = by_verdict(
    "quadrant",
    {
        "customer-focused": f"Customer-focused: {BOTH}.",
        "lip service": f"Customers see lip service: {BOTH}. They are asked, and do not see it "
        "acted on.",
        "acts unasked": f"Acts without asking: {BOTH}.",
        "neither": f"Customers are neither asked nor served by what they say: {BOTH}.",
        "not clear": f"Which quadrant it is cannot be told: {BOTH}. Most likely it is "
        "“{quadrant}”, with a chance of {quadrant_chance:value}.",
    },
    untold="Whether customers see lip service cannot be told: that takes invitations, and answers "
    "to a question on whether what they say is acted on.",
)
SAME = "Any cut from {cut_from:value} to {cut_to:value} gives the same quadrant"
STEADY = by_verdict(
    "weighting",
    {
        "same": f"{SAME}, and so does any weighting of coverage, cadence and response.",
        "other": f"{SAME}. If {{one_measure}} alone counted as asking, it would be another one.",
    },
)
TITLE = by_verdict(
    "quadrant",
    {
        "customer-focused": "Asks, and is seen to act",
        "lip service": "Asks, and is not seen to act: lip service",
        "acts unasked": "Acts, and hardly asks",
        "neither": "Hardly asks, and is not seen to act",
        "not clear": "Asking against acting: which quadrant it is cannot be told",
    },
)
GAP = by_verdict(
    "act_gap",
    {
        "more on record": "On record acting stands at {act_recorded}, {act_gap} points above what "
        "customers see: the record stands higher than the rating.",
        "more seen": "On record acting stands at {act_recorded}; customers see more, by "
        "{act_gap} points (record less perception).",
        "not clear": "On record acting stands at {act_recorded}; the gap to what customers see, "
        "{act_gap} points, is not clear.",
    },
)
PARTS_TITLE = by_verdict(
    "act_gap",
    {
        "more on record": "Acting: {act_recorded:value} on record, {acted_perceived:value} as "
        "customers see it",
        "more seen": "Acting: {act_recorded:value} on record, {acted_perceived:value} as "
        "customers see it",
        "not clear": "What records say and what customers see",
    },
    untold="What records say and what customers see",
)
WHOLE = "The index of all four parts is {focus_index}."
CHANGE = by_verdict(
    "acted_change",
    {
        "rose": "Since the wave before, acting as customers see it rose by {acted_change} points.",
        "fell": "Since the wave before, acting as customers see it changed by {acted_change} "
        "points: it fell.",
        "none": "Since the wave before, acting as customers see it shows no reliable change: "
        "{acted_change} points.",
    },
    untold="How this changed since the wave before cannot be told: the question was not asked "
    "then, or too few answered it.",
)
TOLD = by_verdict(
    "told_effect",
    {
        "more": "Those who say they were told rate acting {told_effect} points higher; a good mood "
        "may lift both answers.",
        "less": "Those who say they were told rate acting lower, by {told_effect} points.",
        "not clear": "Those who say they were told do not rate acting clearly higher: "
        "{told_effect} points. Who was told on record is not known by person.",
    },
)
PROMISES = (
    "Of {promises_due:value} promises to customers due by now, {promises_kept} were delivered; "
    "of those delivered, customers were told of {promises_told}.",
    "Of {promises_due:value} promises to customers due by now, {promises_kept} were delivered.",
    "No promise to customers is on record: send communications, with what was promised, "
    "delivered and told, and the page says whom to tell what.",
)
UNTOLD = by_verdict(
    "untold_promises",
    {
        "some": ("{untold_promises:value} delivered promises wait to be told, “{first_untold}” "
                 "longest. The letter tells customers by {letter_by}.",
                 "{untold_promises:value} delivered promises wait to be told. {first_teller} "
                 "begins with “{first_untold}”.",
                 "{untold_promises:value} delivered promises wait to be told. Name who tells "
                 "customers of “{first_untold}”, which waits longest."),
        "one": ("One delivered promise waits to be told: the letter tells customers of "
                "“{first_untold}”, by {letter_by}.",
                "One delivered promise waits to be told: {first_teller} tells customers of "
                "“{first_untold}”.",
                "One delivered promise waits to be told: name who tells customers of "
                "“{first_untold}”."),
        "none": "No delivered promise waits to be told.",
    },
)  # fmt: skip
FEEDS = by_verdict(
    "feeds_nothing",
    {
        "some": "{feeds_nothing:value} of {questions:value} questions feed nothing: no decision "
        "is named and no page uses them. If you cannot commit, do not ask: remove them.",
        "one": "One of {questions:value} questions feeds nothing: no decision is named and no "
        "page uses it. If you cannot commit, do not ask: remove it.",
        "none": "Every question is used on some page or feeds a decision.",
    },
)
UNDECIDED = (
    "Used here, with no decision named: {undecided:value} of {questions:value}. With a decision "
    "and no owner: {ownerless:value}. Name both before the next wave, or do not ask."
)
PRINCIPLES = by_verdict(
    "principles_shown",
    {
        "all": "Evidence is on record for all {principles:value} principles.",
        "some": "Evidence is on record for {principles_shown:value} of {principles:value} "
        "principles; the others say what would be evidence.",
        "none": "No principle has evidence on record; each says what would be evidence.",
    },
)
LIP_SERVICE = "{quadrant:if lip service}Customers see lip service: asking " \
    "{solicit_recorded:value} of a hundred, acting {acted_perceived:value}"  # fmt: skip
ANSWER = by_verdict(
    "quadrant",
    {
        "customer-focused": "",
        "lip service": (
            f"{LIP_SERVICE}. Next, {{letter_by:if asked}}the letter tells them of "
            "“{first_untold}”, delivered and never told.",
            f"{LIP_SERVICE}. Next, {{first_teller}} tells them of “{{first_untold}}”, "
            "delivered and never told.",
            f"{LIP_SERVICE}. Name now who tells them of “{{first_untold}}”.",
            f"{LIP_SERVICE}. Agree now what will be done, by when, and say so.",
        ),
        "acts unasked": "",
        "neither": "",
        "not clear": "",
    },
)
ASK = by_verdict(
    "untold_promises",
    {
        "some": (
            "{letter_by:if asked}Tell customers in the letter what was delivered and not told: "
            "{untold_promises:value} promises.",
            "Tell customers what was delivered and not told: {untold_promises:value} promises, "
            "“{first_untold}” first.",
        ),
        "one": (
            "{letter_by:if asked}Tell customers in the letter of “{first_untold}”, which was "
            "delivered and not told.",
            "Tell customers of “{first_untold}”, which was delivered and not told.",
        ),
        "none": "",
    },
)


def place(figures: Mapping[str, Figure]) -> str:
    """The quadrant, and what it hangs on."""
    known = shown(figures)
    return paragraph(PLACE(known), STEADY(known))


def place_title(figures: Mapping[str, Figure]) -> str:
    """The quadrant, as a title."""
    return TITLE(shown(figures))


def gap(figures: Mapping[str, Figure]) -> str:
    """What is on record against what customers see."""
    known = shown(figures)
    return paragraph(GAP(known), first_that_fits(known, WHOLE))


def parts_title(figures: Mapping[str, Figure]) -> str:
    """The same as a title."""
    return PARTS_TITLE(shown(figures))


def seen(figures: Mapping[str, Figure]) -> str:
    """How it changed, and whether telling goes with it."""
    known = shown(figures)
    if "acted_perceived" not in known:
        return ""
    return paragraph(CHANGE(known), TOLD(known))


def promises(figures: Mapping[str, Figure]) -> str:
    """What became of promises, and whom to tell."""
    known = shown(figures)
    return paragraph(first_that_fits(known, *PROMISES), UNTOLD(known))


def register(figures: Mapping[str, Figure]) -> str:
    """Which questions feed nothing."""
    known = shown(figures)
    return paragraph(FEEDS(known), first_that_fits(known, UNDECIDED))


def principles(figures: Mapping[str, Figure]) -> str:
    """How many principles have evidence."""
    return PRINCIPLES(shown(figures))


def answer(figures: Mapping[str, Figure]) -> str:
    """The answer where customers clearly see lip service; else nothing."""
    return ANSWER(shown(figures))


def tell(figures: Mapping[str, Figure]) -> str:
    """What waits to be told, and who tells it; empty where nothing waits."""
    known = shown(figures)
    return UNTOLD(known) if "first_untold" in known else ""


def ask(figures: Mapping[str, Figure]) -> str:
    """What to tell customers this week; empty where nothing waits."""
    return ASK(shown(figures))

"""The words of the chapter on messages: what to send, by when, and what not to say."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import first_that_fits, paragraph, shown
from helpers.views.rendering.verdicts import by_verdict

SENDS = "The chief executive sends it by {send_by}."
ANSWER = by_verdict(
    "promised",
    {
        "some": (
            "{held:if some}Send one letter that says what is done ({done:value}), late "
            "({late:value}) and due ({open:value}); hold back what the plan leaves out "
            f"({{held:value}}). Say nothing of plans, money or other customers. {SENDS}",
            "Send one letter that says what is done ({done:value}), late ({late:value}) and "
            f"due ({{open:value}}). Say nothing of plans, money or other customers. {SENDS}",
        ),
        "none": "Send one letter that thanks and says what we heard. No promise to all customers "
        f"is on record, so promise nothing. {SENDS}",
    },
)
OPEN = (
    "The next day that the letter names is {next_due}.",
    "{held:if none}No promise to all customers has a day to come: record one before you write of "
    "the future.",
)
HELD = (
    "{held:if some}Held back, not in the plan: {held_names}. Have it funded or withdrawn before a "
    "letter repeats its day."
)
LATE = by_verdict(
    "late",
    {
        "some": "Past their day, of {promised:value} promises to all customers on record: "
        "{late:value}. The letter says so; give each a new row "
        "with a new day among the promises, and it names that day too.",
        "none": "No promise to all customers is past its day.",
    },
    untold="",
)
ASKED = by_verdict(
    "asked",
    {
        "comments": "Customers wrote most about {asked}.",
        "ratings": "No theme of the comments stands out. Better ratings are linked to most "
        "loyalty for {asked}; these cannot be told apart.",
        "nothing": "Nothing that customers ask for stands out, and the letter says so.",
    },
    untold="",
)
VALUED = by_verdict(
    "valued",
    {
        "one": "They rate {valued} best.",
        "several": "They rate {valued} best, about alike.",
        "none": "",
    },
    untold="",
)
SCORE = by_verdict(
    "score_change",
    {
        "rose": "The letter gives one number: the {score_label}, {score_now:value} after "
        "{score_before:value}, and calls it a clear rise.",
        "fell": "The letter gives one number: the {score_label}, {score_now:value} after "
        "{score_before:value}, and calls it a clear fall.",
        "beyond": "The letter gives one number: the {score_label}, {score_now:value} after "
        "{score_before:value}, and calls the difference perhaps too little to matter.",
        "little": "The letter gives one number: the {score_label}, {score_now:value} after "
        "{score_before:value}, and calls the difference too little to matter.",
        "none": "The letter gives one number: the {score_label}, {score_now:value} after "
        "{score_before:value}, and says that this is no clear change.",
        "apart": "The letter gives one number: the {score_label}, {score_now:value} after "
        "{score_before:value}, and says that this is no clear change.",
    },
    untold="No earlier wave can be set beside this one, so the letter gives no number.",
)
NOTES = by_verdict(
    "notes",
    {
        "some": "{notes:value} functions get a note: what customers say of their work, what they "
        "were promised, and what is proposed for funding.",
        "none": "No function gets a note: name who owns each driver.",
    },
    untold="",
)
STAFF = by_verdict(
    "staff",
    {
        "some": "",
        "none": "No employee survey was sent, so the notes thank nobody for answering.",
    },
    untold="",
)
WRITTEN = by_verdict(
    "written",
    {
        "some": "{written:value} of {customers:value} accounts get a message of their own, to one "
        "person who agreed to be written to. It repeats what that person said only with consent.",
        "nobody": "No account gets a message of its own: nobody is known to have agreed to be "
        "written to (consent_followup in the list of contacts).",
        "nothing": "No account gets a message of its own: there is nothing to tell those who "
        "agreed.",
    },
    untold="",
)
FILL = by_verdict(
    "fill",
    {
        "some": "All of these are drafts, not yet sent: what is underlined in the letter is filled "
        "in by hand.",
        "none": "All of these are drafts, not yet sent; nothing is left to be filled in.",
    },
    untold="",
)
EDITED = by_verdict(
    "edited",
    {
        "some": "{edited:value} of the letters are as you sent them back; each sentence of theirs "
        "stands on its record.",
        "none": "",
    },
    untold="",
)
ASK = by_verdict(
    "promised",
    {
        "some": (
            "{held:if some}Have what is held back funded or withdrawn. Fill in what is left open, "
            "sign the letter and send it; then record the day on which customers were told, for "
            "each promise.",
            "Fill in what is left open, sign the letter and send it; then record the day on which "
            "customers were told, for each promise.",
        ),
        "none": "Fill in what is left open, sign the letter and send it; then record each "
        "promise to customers, with its day.",
    },
)
UNTOLD = (
    "A letter is checked sentence by sentence against the records, not against what happened: a "
    "promise recorded as delivered is said to be done."
)


def answer(figures: Mapping[str, Figure]) -> str:
    """What to send, by when, and what not to say."""
    return ANSWER(shown(figures))


def letter(figures: Mapping[str, Figure]) -> str:
    """What the letter rests on."""
    known = shown(figures)
    return paragraph(ASKED(known), VALUED(known), SCORE(known))


def records(figures: Mapping[str, Figure]) -> str:
    """The next day that it names, and what it does not repeat."""
    known = shown(figures)
    return paragraph(first_that_fits(known, *OPEN), first_that_fits(known, HELD))


def notes(figures: Mapping[str, Figure]) -> str:
    """Who gets a note."""
    known = shown(figures)
    return paragraph(NOTES(known), STAFF(known))


def accounts(figures: Mapping[str, Figure]) -> str:
    """Which accounts get a message."""
    return WRITTEN(shown(figures))


def by_hand(figures: Mapping[str, Figure]) -> str:
    """What is to be filled in, and how to change a letter."""
    known = shown(figures)
    return paragraph(FILL(known), EDITED(known))


def so_what(figures: Mapping[str, Figure]) -> str:
    """What is late."""
    return LATE(shown(figures))


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action."""
    what = ASK(shown(figures))
    return {"what": what, "owner": "Chief executive", "due": due} if what else {}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What the check cannot know."""
    return (UNTOLD,) if "promised" in shown(figures) else ()

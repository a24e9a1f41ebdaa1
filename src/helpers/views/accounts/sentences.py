"""The words of the account list: whom to call this week, and what it is worth."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import paragraph, shown
from helpers.views.rendering.verdicts import by_verdict

CALL = "Take the next step at {this_week:value} accounts this week"
THREE = "Begin with {first}, {second} and {third}."
ANSWER = by_verdict(
    "this_week",
    {
        "some": (
            f"{CALL}: they bring {{this_week_revenue:value}} a year. {THREE}",
            f"{CALL}. {THREE}",
            f"{CALL}: they bring {{this_week_revenue:value}} a year. Begin with {{first}}.",
            f"{CALL}. Begin with {{first}}.",
        ),
        "none": "No step is due this week at any of the {listed:value} accounts; the list says "
        "what comes next at each.",
    },
)
LATE = by_verdict(
    "late_tickets",
    {
        "some": "{late_tickets:value} accounts have a ticket past its promised day: "
        "these are due first.",
        "none": "No ticket is past its promised day.",
    },
)
WAITING = by_verdict(
    "waiting",
    {
        "some": "Nobody has more than {per_week:value} calls a week: those with most money at "
        "stake come first, and {waiting:value} accounts are dated a week or more later than their "
        "rule asks.",
        "none": "",
    },
)
CONFLICTS = by_verdict(
    "conflicts",
    {
        "some": "For {conflicts:value} accounts two chapters recommend different things. "
        "The rules below settle each case once, for the whole report.",
        "none": "No two chapters recommend different things for one account.",
    },
)
UNOWNED = by_verdict(
    "unowned",
    {
        "some": "{unowned:value} accounts have no owner in the client's list: name one for each.",
        "none": "",
    },
)
ASK = by_verdict(
    "this_week",
    {
        "some": "Have the person named with each next action take this week's step, a call or "
        "another, and tell the account's owner what was agreed: {this_week:value} accounts on the "
        "list.",
        "none": "",
    },
)
UNHEARD = (
    "{unheard:value} of {listed:value} accounts have no answer that may be shown: nobody answered, "
    "or nobody agreed to be named. They are listed with their facts alone."
)


def answer(figures: Mapping[str, Figure]) -> str:
    """Where a step is due this week."""
    return ANSWER(shown(figures))


def so_what(figures: Mapping[str, Figure]) -> str:
    """What comes first, and what waits."""
    known = shown(figures)
    return paragraph(LATE(known), WAITING(known))


def conflicts(figures: Mapping[str, Figure]) -> str:
    """Whether chapters disagree on an account."""
    return CONFLICTS(shown(figures))


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action."""
    what = ASK(shown(figures))
    return {"what": what, "owner": "Head of sales", "due": due} if what else {}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What the list does not know."""
    known = shown(figures)
    heard = not known["unheard"].value
    return tuple(filter(None, ("" if heard else UNHEARD, UNOWNED(known))))

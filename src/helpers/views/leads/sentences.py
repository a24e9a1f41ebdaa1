"""The words of the leads chapter: whom to call, about what, and how far to believe it."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import first_that_fits, paragraph, shown
from helpers.views.rendering.verdicts import by_verdict

CALL = "By {by} call {first} about {first_product}"
WORTH = "worth {monday}, if they buy as often as such accounts did"
ANSWER = by_verdict(
    "sent",
    {
        "priced": (
            f"{CALL}, then {{others:value}} more: {WORTH}.",
            f"{CALL}: {WORTH}.",
        ),
        "unpriced": (
            f"{CALL}, then {{others:value}} more. What the {{sent:value}} leads are worth "
            "cannot be told yet.",
            f"{CALL}. What it is worth cannot be told yet.",
        ),
        "none": "There is nothing to call about: no lead at an account where somebody agreed to "
        "offers and nothing is to be put right first.",
        "nobody": "Call nobody: no contact is known to have agreed to offers, so no lead may be "
        "named.",
    },
    untold="No lead can be named: nothing is known of products.",
)
TITLE = by_verdict(
    "space",
    {
        "group": "{space:value} loyal accounts in {space_group} could be offered {space_product}",
        "all": "{space:value} loyal accounts could be offered {space_product}",
    },
    untold="What loyal accounts own",
)
OWNED = (
    "can be called about {space_product}: they do not own it, and {space_share:value} of loyal "
    "accounts like them do."
)
IN_GROUP = f"{{space:value}} loyal accounts in {{space_group}} {OWNED}"
IN_ALL = f"{{space:value}} loyal accounts {OWNED}"
BRINGS, AGREED = "Expected: {space_money}.", "At each of them somebody agreed to offers."
SPACE = by_verdict(
    "space",
    {
        "group": (f"{IN_GROUP} {BRINGS} {AGREED}", f"{IN_GROUP} {AGREED}"),
        "all": (f"{IN_ALL} {BRINGS} {AGREED}", f"{IN_ALL} {AGREED}"),
    },
    untold="No white space can be shown: there are too few loyal accounts, or nothing is known of "
    "what they own.",
)
COME_TRUE = "Of {sent:value} leads, {hits} are expected to come true within {months:value} months"
AS_SO_FAR = (
    "Such accounts bought that often so far, called or not: what a call adds is not known before "
    "calls are recorded."
)
HITS = (f"{COME_TRUE}, worth {{money}}. {AS_SO_FAR}", f"{COME_TRUE}. {AS_SO_FAR}")
STATED = (
    "At {tested_wave} the same rules would have named {tested_leads:value} leads and stated that "
    "{forecast:interval} come true."
)
TESTED = by_verdict(
    "tested",
    {
        "inside": f"{STATED} {{tested:value}} did, inside that range.",
        "fewer": f"{STATED} Only {{tested:value}} did: expect less than is stated here.",
        "more": f"{STATED} {{tested:value}} did, more than stated.",
    },
    untold="No earlier wave could be tried: it takes two earlier waves with a day, and the days "
    "on which products were bought (`since` in holdings, or `closed` and `won` in opportunities).",
)
RATES = (
    "White space came true in {white_rate} of cases, an interest ticked in the survey in "
    "{interest_rate}.",
    "White space came true in {white_rate} of cases.",
    "An interest ticked in the survey came true in {interest_rate} of cases.",
)
HELD = by_verdict(
    "held",
    {
        "some": "{held:value} more leads wait at {held_accounts:value} accounts that are unhappy, "
        "have an open ticket or wait for a promise. Put things right there first; these leads are "
        "not in the files.",
        "one": "More leads wait at an account that is unhappy, has an open ticket or waits for a "
        "promise. Put things right there first; they are not in the files.",
        "none": "No lead waits: none is at an account where something is to be put right first.",
    },
)
WITHHELD = by_verdict(
    "withheld",
    {
        "some": "{withheld:value} further leads are of people or accounts where nobody agreed to "
        "offers. They are counted here and named nowhere.",
        "few": "{withheld} further leads are of people or accounts where nobody agreed to offers; "
        "they are named nowhere.",
        "none": "",
    },
)
ASK = by_verdict(
    "sent",
    {
        "priced": "Have the owners make the first {calls:value} calls and load the file into the "
        "sales system, so that the next wave can count what came of them.",
        "unpriced": "Have the owners make the first {calls:value} calls, and record when each "
        "product is bought, so that leads can be priced at the next wave.",
        "none": "",
        "nobody": "Ask customers whether they agree to offers, apart from the survey, and record "
        "it for each contact.",
    },
)
UNCALLED = (
    "{sent:if priced}Chances are how often such accounts bought so far, called or not. What a call "
    "adds is not known before calls are recorded."
)
UNPRICED = "{unpriced:value} of {sent:value} leads have no price, so their money is not counted."


def answer(figures: Mapping[str, Figure]) -> str:
    """Whom to call first, about what, by when, worth how much."""
    return ANSWER(shown(figures))


def hits(figures: Mapping[str, Figure]) -> str:
    """How many leads are expected to come true."""
    return first_that_fits(shown(figures), *HITS)


def space(figures: Mapping[str, Figure]) -> str:
    """Where the white space is largest."""
    return SPACE(shown(figures))


def space_title(figures: Mapping[str, Figure]) -> str:
    """The same as a title."""
    return TITLE(shown(figures))


def tested(figures: Mapping[str, Figure]) -> str:
    """Whether what was stated at the wave before came true."""
    return TESTED(shown(figures))


def waiting(figures: Mapping[str, Figure]) -> str:
    """What waits, and what may not be named."""
    known = shown(figures)
    return paragraph(HELD(known), WITHHELD(known))


def so_what(figures: Mapping[str, Figure]) -> str:
    """Which leads came true most often."""
    return first_that_fits(shown(figures), *RATES)


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action."""
    what = ASK(shown(figures))
    return {"what": what, "owner": "Head of sales", "due": due} if what else {}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What is not known."""
    known = shown(figures)
    some = known["unpriced"].value if "unpriced" in known else 0
    return tuple(filter(None, (first_that_fits(known, UNCALLED), UNPRICED if some else "")))

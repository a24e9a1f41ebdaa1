"""The words for other outcomes, lags, groups, and how far to trust a link."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import first_that_fits, paragraph
from helpers.views.rendering.verdicts import by_verdict

FOR = "for {per:value} points more"
SPEND = by_verdict(
    "spend_more",
    {
        "here": (
            f"Loyal customers spend more here: {{spend_more}} {FOR}, of those who stayed; "
            "{spend_corrected} corrected for measurement error, which is what better loyalty would "
            "be worth.",
            f"Loyal customers spend more here: {{spend_more}} {FOR}, of those who stayed.",
        ),
        "not here": f"That loyal customers spend more is not shown here ({{spend_more}} {FOR}).",
        "reverse": f"Loyal customers spend less here: {{spend_more}} {FOR}.",
    },
    untold="Whether they spend more cannot be told: months of revenue after a survey are needed.",
)
WIDER = by_verdict(
    "buy_wider",
    {
        "here": f"They buy more widely: {{buy_wider}} more products taken up {FOR}.",
        "not here": f"That they buy more widely is not shown here ({{buy_wider}} {FOR}).",
        "reverse": f"They buy less widely: {{buy_wider}} products taken up {FOR}.",
    },
    untold="Whether they buy more widely cannot be told: products with the date since when they "
    "are held (table holdings) are needed.",
)
KEPT = "the share not lost to another supplier is {resist_offers} percentage points"
OFFERS = by_verdict(
    "resist_offers",
    {
        "here": f"They resist offers: {KEPT} higher {FOR}.",
        "not here": f"That they resist others' offers is not shown here: {KEPT} higher {FOR}.",
        "reverse": f"They give in to others' offers: {KEPT} of change {FOR}.",
    },
    untold="Whether they resist offers cannot be told: the reasons for which accounts left "
    "(end_reason in the table accounts), in enough cases, are needed.",
)
SAME_TIME = (
    "Revenue of the survey's own months is never set against the score: good business makes good "
    "scores, so such a link would run both ways."
)
FROM = "From month {delay:value} after the survey on"
NEAR = "(months {delay_earliest} to {delay_latest} fit about as well)"
DELAY = by_verdict(
    "delay",
    {
        "higher": (
            f"{FROM} {NEAR}, spend is higher where scores are higher.",
            f"{FROM}, spend is higher where scores are higher.",
        ),
        "lower": (
            f"{FROM} {NEAR}, spend is lower where scores are higher.",
            f"{FROM}, spend is lower where scores are higher.",
        ),
        "not clear": "From which month on spend responds, if it does, is not clear.",
    },
)
SHAPE = by_verdict(
    "threshold",
    {
        "levels off": "Beyond a score of {threshold}, higher scores are linked to little more.",
        "begins": "Only beyond a score of {threshold} are higher scores linked to much more.",
        "no threshold": "No threshold shows: a point counts about the same wherever it starts.",
    },
)
STRENGTH = (
    "Could something nobody measured explain the link away? It would have to explain {robustness} "
    "of what is left of the score and of the outcome alike ({robustness_limit} to make the link "
    "unclear)"
)
RISKS = (
    "In other words, it would have to change the chance of the outcome {e_value}-fold and be "
    "{e_value} times as common where scores are {per:value} points lower; {e_limit} of both would "
    "make the link unclear."
)
UNSEEN = (
    f"{STRENGTH}; the strongest factor that was measured, {{strongest}}, explains "
    f"{{strongest_share}}. {RISKS}",
    f"{STRENGTH}. {RISKS}",
)
CHOICES = "Of {choices} defensible ways to estimate it, {choices_same} give the same sign and"
AGREE = by_verdict(
    "choices_clear",
    {
        "most": f"The link does not hang on one choice. {CHOICES} {{choices_clear}} are clear.",
        "some": f"How clear the link is depends on choices. {CHOICES} {{choices_clear}} are clear.",
    },
)
OWN = "Comparing each account with itself, {per:value} points more are linked to {within}"
LASTING = "what never changes about an account cannot be the reason."
NOISE = "which may as well be none; noise hides most in such a comparison."
THEMSELVES = by_verdict(
    "within",
    {
        "higher": (
            f"{OWN} {{within_unit}} of {{within_label}} more: {LASTING}",
            f"{OWN} more {{within_label}}: {LASTING}",
        ),
        "lower": (
            f"{OWN} {{within_unit}} of {{within_label}}: {LASTING}",
            f"{OWN} of {{within_label}}: {LASTING}",
        ),
        "not clear": (
            f"{OWN} {{within_unit}} of {{within_label}}, {NOISE}",
            f"{OWN} of {{within_label}}, {NOISE}",
        ),
    },
)
STAYING = (
    "{survival_low:value} of the lowest third are still customers after {survival_months:value} "
    "months, {survival_high:value} of the highest"
)
COMPLAINTS = by_verdict(
    "complained_left",
    {
        "leave more": "Of accounts that had complained in the year before, {complained_left} left "
        "within {left_months:value} months; of the others, {others_left}.",
        "leave less": "Accounts that had complained left less: {complained_left} within "
        "{left_months:value} months, the others {others_left}.",
        "not clear": "Accounts that had complained in the year before left about as often "
        "({complained_left} within {left_months:value} months) as the others ({others_left}).",
    },
)
OVERALL = (
    "Of all listed accounts, whether they answered or not, {left_all} left within "
    "{left_months:value} months of a survey."
)
GROUPS = by_verdict(
    "groups_clear",
    {
        "some": "Of {groups_told:value} groups compared, {groups_clear:value} differ clearly from "
        "the rest.",
        "none": "None of {groups_told:value} groups compared differs clearly from the rest.",
    },
)
TOP = "A tenth of the accounts brings {top_tenth} of revenue."
CHART_OF_CHOICES = (
    "{choices_same:value} of {choices:value} ways to estimate it give the same sign, "
    "{choices_clear:value} are clear"
)
CHART_OF_OUTCOMES = (
    "{per:value} points more of {score_label} are linked to clear changes in "
    "{outcomes_clear:value} of {outcomes_told:value} outcomes"
)
UNTOLD = (
    "Whether loyal customers spend more, buy more widely or resist offers cannot be told: it takes "
    "months of revenue, products with the date since when they are held, or reasons for leaving."
)
CLAIMS = ("spend_more", "buy_wider", "resist_offers")
CHART_OF_STAYING = f"Still there: {STAYING}"


def claims(figures: Mapping[str, Figure]) -> str:
    """Whether loyal customers spend more, buy wider and resist offers here."""
    if not set(CLAIMS) & set(figures):
        return UNTOLD
    return paragraph(SPEND(figures), WIDER(figures), OFFERS(figures))


def lags(figures: Mapping[str, Figure]) -> str:
    """When spend responds, and why no month of the survey itself counts."""
    return paragraph(DELAY(figures), SAME_TIME)


def trust(figures: Mapping[str, Figure]) -> str:
    """How far the link is to be trusted."""
    return paragraph(AGREE(figures), THEMSELVES(figures), SHAPE(figures))


def unseen(figures: Mapping[str, Figure]) -> str:
    """How strong a cause that nobody measured would have to be."""
    return first_that_fits(figures, *UNSEEN)


def outcomes_title(figures: Mapping[str, Figure]) -> str:
    """What the chart of outcomes shows."""
    return first_that_fits(figures, CHART_OF_OUTCOMES)


def choices_title(figures: Mapping[str, Figure]) -> str:
    """What the chart of choices shows."""
    return first_that_fits(figures, CHART_OF_CHOICES)


def leavers(figures: Mapping[str, Figure]) -> str:
    """Who leaves, and how far revenue rests on a few."""
    return paragraph(
        first_that_fits(figures, OVERALL),
        COMPLAINTS(figures),
        GROUPS(figures),
        first_that_fits(figures, TOP),
    )


def staying_title(figures: Mapping[str, Figure]) -> str:
    """What the chart of who is still there shows."""
    return first_that_fits(figures, CHART_OF_STAYING)

"""The words of the operations chapter: which internal measure to move, and what it is worth."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import first_that_fits, paragraph, shown
from helpers.views.rendering.verdicts import by_verdict

START = (
    "Start with {top_metric}: customers at its better quartile rate {top_rating} {top_gain:value} "
    "(± {top_gain:margin}) points higher than those at its worse."
)
ANSWER = by_verdict(
    "top_gain",
    {
        "pays": (
            f"{{worth:if gain}}{START} Meeting its target would be worth {{worth}} over "
            "{horizon:value} months, if each link holds.",
            START,
        ),
        "works against": "No measure is shown to help customers. Nearer its target, {top_metric} "
        "is linked to {top_rating} rated {top_gain:value} points lower.",
        "linked": "{top_rating} is linked to {top_metric}: {top_gain:value} points from its lower "
        "quartile to its upper. Which way is better was not declared.",
    },
    untold=(
        "None of {tested:value} internal measures is reliably linked to the rating it should move.",
        "No internal measure could be set against a rating.",
    ),
)
MISSING = (
    "{missing:value} of {missing:base} ({missing_share:value}) miss the target of {target} for "
    "{top_metric}"
)
MISSED = (
    f"{MISSING}. Were it met there, one would expect {{top_rating}} to change by {{rating_change}} "
    "points and the loyalty index by {loyalty_change} points.",
    f"{MISSING}. Were it met there, one would expect {{top_rating}} to change by {{rating_change}} "
    "points.",
)
TARGET = by_verdict("top_gain", {"pays": (*MISSED, ""), "works against": "", "linked": ""})
MONEY = by_verdict(
    "worth",
    {
        "gain": "The money is revenue kept, a part of the revenue at risk on the page “Does "
        "loyalty pay here?”: do not add the two.",
        "loss": "",
        "not clear": "What that is worth in money cannot be told reliably.",
    },
)
GROWTH = by_verdict(
    "growth",
    {
        "gain": "Those who stay would spend {growth} more a year: growth, a line of its own.",
        "loss": "",
        "not clear": "",
    },
)
KNEE = by_verdict(
    "knee",
    {
        "stops above": "For {knee_metric}, no further gain in {knee_rating} can be seen above "
        "about {knee} {knee_unit}.",
        "stops below": "For {knee_metric}, no further gain in {knee_rating} can be seen below "
        "about {knee} {knee_unit}.",
        "bends": "The link of {knee_metric} with {knee_rating} changes its slope at about {knee} "
        "{knee_unit}.",
    },
    untold="No measure shows a clear knee, beyond which more would stop paying.",
)
AGAINST = by_verdict(
    "against",
    {
        "works against": "Where {against_metric} is nearer its target, {against_rating} is rated "
        "{against} points lower: that target works against customers."
    },
)
AVOIDED = (
    "Meeting every target that does not work against customers would avoid {savings:value} of "
    "cost a year"
)
COST = "That is cost, not revenue: a line of its own."
SAVED = (
    f"{AVOIDED} ({{savings_least:value}} to {{savings_most:value}} at the rate of single months, "
    f"{{savings_months:value}} or more a measure). {COST}",
    f"{AVOIDED}, taken from as few as {{savings_months:value}} months of some measures: too few to "
    f"say how far it varies. {COST}",
)
LASTING = (
    "For {confounded}, accounts that differ for good tell another story than one account over "
    "time, so only changes within accounts count.",
)
FELT = (
    "Where {fine_metric} is on target, {fine_bad} still rate {fine_rating} at or below the middle "
    "of the scale; where it is not, {off_bad}.",
)
BRING = (
    "Bring {top_metric} to its target of {target}, first at those of the {missing:value} that miss "
    "it most, and report every month which ones still do"
)
STOP = "take the target of {against_metric} off one team until its effect is understood"
PAID = (
    "{against_paid} is paid on {against_metric}: what to do about that target, who does it and by "
    "when is in the chapter on alignment"
)
ASK = by_verdict(
    "top_gain",
    {
        "pays": (
            f"{BRING}. {PAID}.",
            f"{BRING}. {{against_owner}}: {STOP}.",
            f"{BRING}; {STOP}.",
            f"{BRING}.",
            "Set a target for {top_metric} and report every month which accounts miss it.",
        ),
        "works against": "Review the target of {top_metric}: stop steering by it until it is "
        "understood why customers rate {top_rating} lower where it is met.",
        "linked": "Declare which way {top_metric} is better, and set its target.",
    },
    untold="Ask ten customers which of our internal numbers they would notice, and measure those: "
    "none that is tracked can be linked to their ratings yet.",
)
TITLE = by_verdict(
    "top_gain",
    {
        "pays": "{top_rating} is rated {top_gain:value} points higher where {top_metric} is good",
        "works against": "{top_rating} is rated {top_gain:value} points lower where {top_metric} "
        "is nearer its target",
        "linked": "{top_rating} differs by {top_gain:value} points with {top_metric}",
    },
)
KNEE_TITLE = by_verdict(
    "knee",
    {
        "stops above": "No further gain in {knee_rating} above about {knee:value} {knee_unit}",
        "stops below": "No further gain in {knee_rating} below about {knee:value} {knee_unit}",
        "bends": "{knee_rating} changes its slope at about {knee:value} {knee_unit}",
    },
)


def answer(figures: Mapping[str, Figure]) -> str:
    """Which measure to move, and what its target is worth."""
    return ANSWER(figures)


def so_what(figures: Mapping[str, Figure]) -> str:
    """What meeting the target would change, what stops paying, what is saved."""
    return paragraph(
        TARGET(figures), MONEY(figures), GROWTH(figures), AGAINST(figures), saved(figures)
    )


def knee(figures: Mapping[str, Figure]) -> str:
    """Where more stops paying, or that no such place is clear."""
    return KNEE(figures)


def felt(figures: Mapping[str, Figure]) -> str:
    """Where the metric says fine and customers say bad."""
    return first_that_fits(shown(figures), *FELT)


def saved(figures: Mapping[str, Figure]) -> str:
    """The cost that meeting targets would avoid."""
    return first_that_fits(shown(figures), *SAVED)


def lasting(figures: Mapping[str, Figure]) -> str:
    """Where accounts that differ for good would mislead."""
    return first_that_fits(figures, *LASTING)


def title(figures: Mapping[str, Figure]) -> str:
    """What the chart of measures shows."""
    return TITLE(figures)


def knee_title(figures: Mapping[str, Figure]) -> str:
    """What the chart of the knee shows."""
    return KNEE_TITLE(figures)


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action, of who owns the measure."""
    owner = figures.get("owner")
    return {
        "what": ASK(shown(figures)),
        "owner": "Head of operations" if owner is None else str(owner.value),
        "due": due,
    }


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    return tuple(filter(None, (AGAINST(figures), lasting(figures))))

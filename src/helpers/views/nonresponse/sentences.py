"""The words of the page on those who did not answer: how even, and what it could change."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import (
    all_that_fit,
    alone_clear,
    first_that_fits,
    paragraph,
    shown,
)
from helpers.views.rendering.verdicts import by_verdict

COMPLETED = "{response_rate:value} of {asked:base} completed the survey"
LEAST = by_verdict(
    "least_rate",
    {
        "below": f"{COMPLETED}; fewest where {{least_variable}} is {{least_group}}: "
        "{least_rate}.",
        "not clear": f"{COMPLETED}. No group answers clearly less than the others.",
    },
    untold=(f"{COMPLETED}.", "{answering:value} of those drawn answered."),
)
REACH = by_verdict(
    "turning",
    {
        "reachable": (
            "{threshold:if below}The {main_label} of {main:value} would fall to "
            "{threshold:value} only if non-respondents scored {turning:value} points lower than "
            "similar people who answered.",
            "{threshold:if above}The {main_label} of {main:value} would rise to "
            "{threshold:value} only if non-respondents scored {turning:value} points higher than "
            "similar people who answered.",
        ),
        "out of reach": (
            "{threshold:if below}No answers of non-respondents could bring the {main_label} of "
            "{main:value} down to {threshold:value}, {threshold_is}.",
            "{threshold:if above}No answers of non-respondents could bring the {main_label} of "
            "{main:value} up to {threshold:value}, {threshold_is}.",
        ),
        "not clear": "The {main_label} of {main} is not statistically distinguishable from "
        "{threshold:value}, {threshold_is}, even if non-respondents think as the others do.",
    },
)
DRAWN = (
    "{answering:value} of those drawn answered. People who were kept out count as drawn here, and "
    "each person by the chance of being asked."
)
limits = by_verdict(
    "turning",
    {
        "reachable": (
            f"{DRAWN} Everybody’s score falls to {{threshold:value}}, {{threshold_is}}, if "
            "non-respondents score {turning:value} points lower than similar people who "
            "answered; {threshold:if below}the lower end of its interval gets there at "
            "{turning_interval:value}.",
            f"{DRAWN} Everybody’s score rises to {{threshold:value}}, {{threshold_is}}, if "
            "non-respondents score {turning:value} points higher than similar people who "
            "answered; {threshold:if above}the upper end of its interval gets there at "
            "{turning_interval:value}.",
        ),
        "out of reach": DRAWN,
        "not clear": DRAWN,
    },
)
EVEN = (
    "The R-indicator is {r_indicator}; one means that all kinds of customers answer alike. Uneven "
    "response alone could bias an unweighted mean by {worst_bias:value} standard deviations of the "
    "answers, at most by {worst_bias_high:value}. Weighting to the list removes what the list can "
    "see, and nothing else."
)
NEAREST = (
    "People who answered more than {late_after:value} days after the invitation are often taken as "
    "nearest to those who never did."
)
EARLY = by_verdict(
    "late_difference",
    {
        "higher": f"{NEAREST} Their {{main_label}} is higher than that of early respondents: the "
        "difference is {late_difference}.",
        "lower": f"{NEAREST} Their {{main_label}} is lower than that of early respondents: the "
        "difference is {late_difference}.",
        "not clear": f"{NEAREST} Their {{main_label}} "
        "is not clearly apart from that of early respondents: the difference is "
        "{late_difference}.",
    },
)
afterwards = by_verdict(
    "apart",
    {
        "differ": "On {apart:value} of the records below, accounts without an answer differ "
        "clearly from comparable accounts with one ({followed:base}).",
        "not clear": "On none of the records below do accounts without an answer differ clearly "
        "from comparable accounts with one ({followed:base}).",
    },
)
WENT_ON = by_verdict(
    "apart",
    {
        "differ": "Accounts without an answer fared differently afterwards, also beside comparable "
        "accounts: on “{apart_outcome}”, {apart_unanswered:value} against {apart_answered:value} "
        "of those with an answer. Weights to the list do not mend that.",
        "not clear": "What became of {followed_accounts:base} ({followed:base}) does not set "
        "those without an answer clearly apart; that is no proof that they are alike.",
    },
    untold="No record shows what became of those without an answer, so only the list speaks of "
    "them.",
)
KEPT = (
    "Account teams kept {kept_out:value} of {kept_out:base} out of the survey "
    "({kept_out_share:value}) in waves whose months are over."
)
excluded = by_verdict(
    "flattering",
    {
        "flatters": f"{KEPT} Their accounts did worse on “{{flattering_outcome}}”: leaving them "
        "out flatters.",
        "all worse": f"{KEPT} On all {{judged:value}} records their accounts did worse, but too "
        "few people were kept out for any difference to be clear.",
        "not clear": f"{KEPT} No record sets their accounts clearly below the others.",
    },
)
ASKS = (
    "{flattering:if flatters}Let nobody but the research lead take people off the list, and ask "
    "those kept out.",
    "{least_rate:if below}Ask people whose {least_variable} is {least_group} through a second "
    "channel: {least_rate:value} of them answer.",
    "Call ten people who did not answer and ask the leading question: nothing else shows what they "
    "think.",
)
DOUBT_APART = by_verdict(
    "apart",
    {
        "differ": "Accounts without an answer differ afterwards on “{apart_outcome}”: the scores "
        "speak for those who answered.",
        "not clear": "",
    },
)
DOUBT_KEPT_OUT = by_verdict(
    "flattering",
    {
        "flatters": "People kept out of the survey belong to accounts that did worse on "
        "“{flattering_outcome}”.",
        "all worse": "",
        "not clear": "",
    },
)
RANGE = (
    "The {main_label} is {main:value} if non-respondents think alike, {farthest_score:value} if "
    "they score {farthest:value} lower"
)


def answer(figures: Mapping[str, Figure]) -> str:
    """Who answers least, and how far non-respondents could move the score."""
    said = f"{LEAST(figures)} {REACH(figures)}".strip()
    return said or "Who did not answer cannot be told from these data."


def range_title(figures: Mapping[str, Figure]) -> str:
    """What the chart of the score over how far non-respondents may lie shows."""
    return first_that_fits(shown(figures), RANGE)


def so_what(figures: Mapping[str, Figure]) -> str:
    """Whether nonresponse may flatter the score."""
    return f"{WENT_ON(figures)} No answer can show what people who gave none think.".strip()


def early(figures: Mapping[str, Figure]) -> str:
    """Whether late answers differ from early ones; why not, where only many comparisons deny it."""
    return paragraph(EARLY(figures), alone_clear(figures.get("late_difference")))


def even(figures: Mapping[str, Figure]) -> str:
    """How even the response is, in one number and what it could do."""
    return all_that_fit(figures, EVEN)


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action."""
    return {"what": first_that_fits(shown(figures), *ASKS), "owner": "Research lead", "due": due}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    return tuple(filter(None, (DOUBT_APART(figures), DOUBT_KEPT_OUT(figures))))

"""What the sections of the loyalty chapter say: how certain placings are, accounts, groups."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.loyalty.sentences import MONEY, RESEARCH, TOO_FEW, WITHIN
from helpers.views.rendering.rules import all_that_fit, first_that_fits, paragraph, shown
from helpers.views.rendering.verdicts import by_verdict

FEW_LARGE = 0.4  # of the accounts, in equal ones: below it a few large ones speak for all
GOOD_RELIABILITY = 0.7  # from which groups may be compared
SMALL_SEGMENT = 0.1  # share: below it a segment has no numbers by group
NO_CHANCES = (
    "They do not tell customers apart, so no chances are given; read the segments as groups of "
    "answers, not of customers, and ask better questions next time."
)
ALPHAS = (
    "{alpha_attitude:value} for attitude and {alpha_behaviour:value} for behaviour, of one at most."
)
CORRECTED = "Corrected for measurement error the two sides correlate at {axes_disattenuated}: "
SIDES = by_verdict(
    "sides",
    {
        "two": f"{CORRECTED}they are two things.",
        "perhaps one": f"{CORRECTED}they may be one thing.",
        "one": f"{CORRECTED}they are one thing.",
        "weak": "The questions on {weak_axis} do not hang together: their reliability is "
        f"{{weak_alpha}}, of one at most. {NO_CHANCES}",
        "against": (
            "The questions on {weak_axis} do not hang together: their reliability is {weak_alpha}, "
            f"of one at most. {NO_CHANCES}",
            "The questions on {weak_axis} do not rise and fall together; check which of them are "
            f"reversed. {NO_CHANCES}",
        ),
        "unjudged": "These answers do not tell how certain each placing is: {sides}. Read the "
        "segments as groups of answers, not of customers.",
        "too few": TOO_FEW,
    },
)
PLACED = (
    "{firm:value} of people sit in their segment with a chance of at least four in five; the "
    "others lie near a cut-off.",
    "Corrected for that, {truly_loyal_true} are truly loyal, {accessible_true} Accessible, "
    "{trapped_true} Trapped and {high_risk_true} at High Risk.",
)


def measured(figures: Mapping[str, Figure]) -> str:
    """How far the two sides can be trusted, and whether they are two."""
    known = shown(figures)
    if "sides" in known and known["sides"].verdict in RESEARCH:
        return SIDES(known)
    found = paragraph(_together(known), SIDES(known), all_that_fit(known, *PLACED))
    return found or "These answers do not tell how certain each placing is."


def _together(known: Mapping[str, Figure]) -> str:
    """How well the questions of both sides hang together."""
    alphas = [known[n].value for n in ("alpha_attitude", "alpha_behaviour") if n in known]
    good = all(float(alpha or 0) >= GOOD_RELIABILITY for alpha in alphas)
    how = "well enough to compare customers" if good else "only loosely"
    return first_that_fits(known, f"The questions hang together {how}: reliability {ALPHAS}")


GAP_WITHIN = by_verdict(
    "decider_gap",
    {
        "lower": f"{WITHIN} are less loyal than their own colleagues, a difference of "
        "{decider_gap} points on the loyalty index; the table of groups compares all decision "
        "makers with everybody else, in any account.",
        "higher": f"{WITHIN} are more loyal than their own colleagues, a difference of "
        "{decider_gap} points on the loyalty index; the table of groups compares all decision "
        "makers with everybody else, in any account.",
        "not clear": f"{WITHIN} and their colleagues are not statistically distinguishable "
        "({decider_gap} points on the loyalty index).",
    },
)
APART = (
    "Clearly below the mean of all accounts: {accounts_below:value}; clearly above: "
    "{accounts_above:value}; not distinguishable from it: {accounts_alike:value}"
)
RULES = (
    "Of the {several_accounts:value} accounts with two or more respondents, the segment of "
    "{rule_changes:value} changes with the rule.",
    "These {rule_changes:value} bring {rule_revenue:value} of the revenue of the accounts on this "
    "page.",
    "The share of {largest_group} in that revenue, {largest_revenue:value} "
    "({largest_revenue_how}), is {largest_revenue_lowest:value} to {largest_revenue_highest:value} "
    "by other rules.",
    "The two rules that agree least rank accounts alike at {rank_lowest}.",
    "{single_voice:value} of accounts have one respondent, and an account's score has a "
    "reliability of {account_reliability:value}: read single accounts with care.",
    "Accounts with a decision maker at High Risk while their mean looks better: "
    "{decider_low:value}.",
)


def accounts_title(figures: Mapping[str, Figure]) -> str:
    """How many accounts lie clearly below and above the mean of all."""
    return first_that_fits(shown(figures), APART)


def rolled(figures: Mapping[str, Figure]) -> str:
    """What depends on the rule that turns people into accounts."""
    known = shown(figures)
    return paragraph(all_that_fit(known, *MONEY, *RULES), GAP_WITHIN(known))


IN_KIND = (
    "people differ in how loyal they are, not in kind, and Trapped or Accessible is little more "
    "than a stray answer."
)
AT = "in these answers: corrected for measurement error they correlate at {axes_disattenuated}"
CHANCE = (
    "The questions on {weak_axis} do not hang together: who is in which segment is largely chance."
)
CARE = by_verdict(
    "sides",
    {
        "two": "",
        "perhaps one": f"The two sides may be one thing {AT}, of one at most. "
        f"If they are one, {IN_KIND}",
        "one": f"The two sides are one thing {AT}, of one at most: {IN_KIND}",
        "weak": CHANCE,
        "against": CHANCE,
        "unjudged": "",
        "too few": "On so few answers no customer and no account is placed on this page.",
    },
)
FEW_ACCOUNTS = (
    "Counted by revenue, few large accounts are most of the answer: it carries as much as "
    "{revenue_effective:value} accounts of equal size."
)
SMALL = (
    "Accessible customers are {accessible_true} of all, too few to report by group.",
    "Accessible customers are {accessible} of all (observed), too few to report by group.",
)
OWN = (
    "Segments follow declared questions and cut-offs, so compare them with our own earlier waves "
    "and with nobody else's."
)


def care(figures: Mapping[str, Figure]) -> str:
    """Where the matrix rests on little: one thing, few large accounts, a small segment."""
    known = shown(figures)
    if "sides" in known and known["sides"].verdict == "too few":
        return CARE(known)
    revenue, alike = known.get("revenue_answered"), known.get("revenue_effective")
    few = revenue and alike and float(alike.value or 0) < FEW_LARGE * float(revenue.base or 0)
    small = "accessible" in known and float(known["accessible"].value or 0) < SMALL_SEGMENT
    return paragraph(
        CARE(known),
        first_that_fits(known, FEW_ACCOUNTS) if few else "",
        first_that_fits(known, *SMALL) if small else "",
        OWN,
    )


INNER = by_verdict(
    "best_group_score",
    {
        "above": "{best_group} scores highest, {best_group_score}, above the rest by more than "
        "chance: "
        "the benchmark at home. What is done there that is not done elsewhere?",
        "not clear": "{best_group} scores highest, {best_group_score}, but is not statistically "
        "distinguishable from the rest.",
    },
)


KINDS = by_verdict(
    "kinds_apart",
    {
        "some": "All groups of a kind taken together, scores differ by {kinds_apart}, "
        "more than chance explains.",
        "none": "",
    },
)


def inner(figures: Mapping[str, Figure]) -> str:
    """The best group at home, as a benchmark, and what kinds of group differ."""
    known = shown(figures)
    return paragraph(INNER(known), KINDS(known))
